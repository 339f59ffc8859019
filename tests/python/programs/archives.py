"""Compressed files and archives, written and read back."""

import bz2
import gzip
import io
import os
import sys
import tarfile
import zipfile

data = bytes(range(256)) * 2000 + b"end"
with gzip.open("data.gz", "wb") as file:
    file.write(data)
print(gzip.open("data.gz").read() == data, os.path.getsize("data.gz") < len(data))
with bz2.open("data.bz2", "wb") as file:
    file.write(data)
print(bz2.open("data.bz2").read() == data)
os.remove("data.gz")
os.remove("data.bz2")

os.makedirs("tree/inner")
open("tree/a", "w").write("contents of a")
open("tree/inner/b", "w").write("contents of b\n" * 1000)
memory = io.BytesIO()
with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
    for name in "tree/a", "tree/inner/b":
        archive.write(name)
    archive.writestr("made/up.txt", "never a file")
with zipfile.ZipFile(memory) as archive:
    print(archive.namelist(), archive.testzip(), archive.read("made/up.txt"))
    archive.extractall("unzipped")
print(open("unzipped/tree/inner/b").read() == "contents of b\n" * 1000)

memory = io.BytesIO()
with tarfile.open(fileobj=memory, mode="w:gz") as archive:
    archive.add("tree")
memory.seek(0)
with tarfile.open(fileobj=memory) as archive:
    print(sorted(archive.getnames()), archive.getmember("tree/a").size)
    print(archive.extractfile("tree/inner/b").read(13))

with zipfile.ZipFile("modules.zip", "w") as archive:
    archive.writestr("packed/__init__.py", "VALUE = 'from a zip file'")
sys.path.insert(0, "modules.zip")
import packed

print(packed.VALUE, packed.__file__.replace(os.sep, "/").endswith("modules.zip/packed/__init__.py"))
os.remove("modules.zip")
try:
    zipfile.ZipFile(io.BytesIO(b"not an archive"))
except zipfile.BadZipFile as error:
    print(error)
