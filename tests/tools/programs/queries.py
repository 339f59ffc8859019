"""Queries that SQLite rewrites, and searches of texts."""

import sqlite3

connection = sqlite3.connect(":memory:")
connection.execute("create table items (id integer primary key, name text, cost real, tags text)")
rows = [(1, "apple", 2.5, None), (2, "pear", 3.25, None), (3, None, 1.0, None), (4, "fig", 10.0, "['a']")]
connection.executemany("insert into items values (?, ?, ?, ?)", rows)
connection.execute("create table wanted (id integer primary key)")
connection.executemany("insert into wanted values (?)", [(2,), (4,)])
connection.execute("create virtual table words using fts5 (name, tokenize='porter', content=[items])")
connection.execute("insert into words (rowid, name) select rowid, name from items")
for query in (
    "select i.* from (select rowid, * from items) i join wanted on i.rowid = wanted.id",
    "with i as (select rowid, * from items) select i.* from i join words on i.rowid = words.rowid where words match 'pears'",
    "select count(*), sum(cost) from (select cost from items where id in (select id from wanted))",
    "with recursive n (x) as (select 1 union all select x + 1 from n where x < 5) select group_concat(x) from n",
    "select name, rank() over (order by cost desc) from items where exists (select 1 from wanted w where w.id = items.id)",
):
    print(connection.execute(query).fetchall())
