//! Tools that work on data.

use crate::compare::Work;

const ITEMS: &str =
    "id,name,price,bought\n1,apple,2.5,2024-01-02\n2,pear,3.25,2024-02-03\n3,,1,2023-05-06\n4,fig,10,2022-12-31\n";

const KINDS: &str = "name,kind\napple,round\nfig,\"small, sweet\"\n";

#[test]
fn csvkit() {
    const QUERY: &str = "select kind, sum(price) as total from items join kinds using (name) group by kind order by 1";
    Work {
        tool: "csvkit",
        files: &[("items.csv", ITEMS), ("kinds.csv", KINDS)],
        lines: &[
            (0, "Largest value:         10", &["csvstat", "items.csv"]),
            (0, "4,fig,10,2022-12-31\n2,pear", &["csvsort", "-c", "price", "-r", "items.csv"]),
            (0, "\"small, sweet\",10", &["csvsql", "--query", QUERY, "items.csv", "kinds.csv"]),
            (0, "bought DATE NOT NULL", &["csvsql", "-i", "postgresql", "items.csv"]),
            (0, "", &["csvsql", "--db", "sqlite:///all.db", "--insert", "items.csv"]),
            (
                0,
                "pear,3.25,2024-02-03",
                &["sql2csv", "--db", "sqlite:///all.db", "--query", "select * from items where id = 2"],
            ),
            (0, "| pear", &["csvlook", "items.csv"]),
            (0, "\"kind\": \"round\"", &["csvjson", "-i", "1", "kinds.csv"]),
            (0, "4,fig,10,2022-12-31,\"small, sweet\"", &["csvjoin", "-c", "name", "items.csv", "kinds.csv"]),
        ],
        not_compared: &[(
            "all.db",
            "an SQLite database says which version of SQLite wrote it; sql2csv shows what is in it",
        )],
        ..Work::default()
    }
    .check();
}

#[test]
fn sqlite_utils() {
    Work {
        tool: "sqlite-utils",
        files: &[
            ("items.csv", ITEMS),
            ("more.json", "[{\"id\": 5, \"name\": \"plum\", \"price\": 4, \"tags\": [\"a\"]}]"),
        ],
        lines: &[
            (0, "", &["sqlite-utils", "insert", "all.db", "items", "items.csv", "--csv", "--pk", "id", "--silent"]),
            (0, "", &["sqlite-utils", "insert", "all.db", "items", "more.json", "--pk", "id", "--alter"]),
            (
                0,
                "\"price\": 10",
                &["sqlite-utils", "query", "all.db", "select * from items where name = :name", "-p", "name", "fig"],
            ),
            (0, "", &["sqlite-utils", "transform", "all.db", "items", "--rename", "price", "cost", "--drop", "bought"]),
            (0, "\"cost\" REAL", &["sqlite-utils", "schema", "all.db"]),
            (0, "", &["sqlite-utils", "enable-fts", "all.db", "items", "name", "--tokenize", "porter"]),
            (0, "pear", &["sqlite-utils", "search", "all.db", "items", "pears", "--table"]),
            (0, "", &["sqlite-utils", "convert", "all.db", "items", "name", "value.upper()", "--silent"]),
            (0, "PLUM", &["sqlite-utils", "rows", "all.db", "items", "--csv"]),
            (0, "CREATE TABLE", &["sqlite-utils", "dump", "all.db"]),
            (1, "Error: no such table: missing", &["sqlite-utils", "query", "all.db", "select * from missing"]),
        ],
        not_compared: &[(
            "all.db",
            "an SQLite database says which version of SQLite wrote it; dump shows what is in it",
        )],
        ..Work::default()
    }
    .check();
}
