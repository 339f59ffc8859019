"""Characters of all kinds, in and out."""

import codecs
import os
import sys
import unicodedata

print(sys.stdout.encoding.lower(), sys.getfilesystemencoding())
print("ä ß € 名前 👩‍🚀 עברית é", "\u00e9" == unicodedata.normalize("NFC", "e\u0301"), unicodedata.name("€"))
print(ascii("ä€👩"), "straße".upper(), "İ".lower(), "ǆ".title(), "ὈΔΥΣΣΕΎΣ".lower(), "ﬁ".casefold())
for encoding in "utf-8", "utf-16", "utf-32", "latin-1", "cp1252", "ascii", "utf-7", "punycode", "idna":
    try:
        data = "grüße".encode(encoding)
        print(encoding, data, data.decode(encoding))
    except UnicodeError as error:
        print(encoding, error)
print("€".encode("latin-1", "replace"), "€".encode("ascii", "xmlcharrefreplace"), b"\xff".decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape"))
try:
    b"ok \xff".decode()
except UnicodeDecodeError as error:
    print(error)
with open("utf16", "w", encoding="utf-16-le") as file:
    file.write("ä\n")
print(open("utf16", "rb").read(), codecs.encode("hello", "rot13"), codecs.decode(b"aGk=", "base64"))
for text in "shift_jis", "gb18030", "euc_kr", "big5", "koi8-r":
    print(text, "Ж".encode(text, "replace"))
os.mkdir("名前")
open("名前/ä", "w", encoding="utf-8").write("ü")
print(os.listdir("名前"), os.fsencode("ä"), open("名前/ä", encoding="utf-8").read())
print("line\u2028sep".splitlines(), "\x1c".isspace(), "٣".isdigit(), int("٣"))
