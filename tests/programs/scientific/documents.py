"""lxml, sqlite3, and other libraries in C: regex, yaml, zip and xz, a workbook."""

import io
import json
import lzma
import sqlite3
import zipfile

import openpyxl
import regex
import yaml
from lxml import etree, html

root = etree.fromstring("<shop><item n='1'>pen</item><item n='2'>ink &amp; paper</item></shop>")
print(root.xpath("//item[@n > 1]/text()"), etree.tostring(root, encoding="unicode"))
style = etree.XSLT(
    etree.XML(
        """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
        <xsl:output method="text"/>
        <xsl:template match="/"><xsl:for-each select="//item"><xsl:sort select="." order="descending"/>
        <xsl:value-of select="concat(@n, ':', .)"/>;</xsl:for-each></xsl:template></xsl:stylesheet>"""
    )
)
print(str(style(root)))
print(html.fromstring("<p>unclosed <b>bold").xpath("string()"))
schema = etree.RelaxNG(etree.XML('<element name="a" xmlns="http://relaxng.org/ns/structure/1.0"><text/></element>'))
print(schema.validate(etree.XML("<a>1</a>")), schema.validate(etree.XML("<b/>")))
try:
    etree.fromstring("<open><close></open>")
except etree.XMLSyntaxError as error:
    print("XMLSyntaxError:", error)

database = sqlite3.connect(":memory:")
database.execute("create table tree (id integer primary key, parent integer, name text)")
rows = [(1, None, "root"), (2, 1, "ast"), (3, 2, "blatt"), (4, 1, "zweig")]
database.executemany("insert into tree values (?, ?, ?)", rows)
query = """with recursive path(id, text) as (select id, name from tree where parent is null
    union all select tree.id, path.text || '/' || name from tree join path on parent = path.id)
    select text, length(text), sum(length(text)) over (order by id) from path order by id"""
print(database.execute(query).fetchall())
database.create_function("twice", 1, lambda value: value * 2)
print(database.execute("select twice(id), upper(name) from tree where name glob '*a*' order by 1").fetchall())
try:
    database.execute("insert into tree values (1, null, 'again')")
except sqlite3.IntegrityError as error:
    print("IntegrityError:", error)
print(sqlite3.sqlite_version)

print(regex.findall(r"\b(?<word>\p{L}++)\W+\g<word>\b(?<!x)", "ein ein größer größer Ünicode"))
print(yaml.safe_load("a: [1, 2.5, {b: null}]\ntext: |\n  zwei\n  Zeilen\n"))
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("data.json", json.dumps({"numbers": list(range(1000))}))
with zipfile.ZipFile(packed) as archive:
    print(archive.testzip(), len(json.loads(archive.read("data.json"))["numbers"]))
print(len(lzma.compress(b"abc" * 10_000)), lzma.decompress(lzma.compress(b"xyz")))
book = openpyxl.Workbook()
book.active.append(["a", 1, 2.5])
book.active["D1"] = "=SUM(B1:C1)"
saved = io.BytesIO()
book.save(saved)
print([cell.value for cell in openpyxl.load_workbook(saved).active[1]])
