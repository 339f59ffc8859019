"""Making, listing, walking and removing directories; what shutil, pathlib, glob and tempfile build on them."""

import errno
import glob
import os
import pathlib
import shutil
import tempfile


def attempt(what, *arguments):
    try:
        print("worked:", what(*arguments))
    except OSError as error:
        print(type(error).__name__, errno.errorcode[error.errno])


os.mkdir("one")
os.makedirs("one/two/three", exist_ok=True)
os.makedirs("one/two/three", exist_ok=True)
attempt(os.mkdir, "one")
attempt(os.mkdir, "absent/below")
attempt(os.rmdir, "one")
attempt(os.rmdir, "absent")
attempt(os.remove, "one")
for name in "one/a", "one/two/b", "one/two/three/c.txt", "one/two/three/d.txt":
    pathlib.Path(name).write_text(name)
os.symlink("two/three", "one/link")

for folder, folders, files in os.walk("one"):
    folders.sort()
    print(folder, folders, sorted(files))
for folder, folders, files in os.walk("one", topdown=False):
    print(folder, sorted(folders), sorted(files))
with os.scandir("one") as entries:
    for entry in sorted(entries, key=lambda entry: entry.name):
        print(entry.name, entry.path, entry.is_dir(), entry.is_file(), entry.is_symlink(), entry.is_dir(follow_symlinks=False))

print(sorted(glob.glob("one/**/*.txt", recursive=True)))
print(sorted(map(str, pathlib.Path("one").rglob("*"))))
print(pathlib.Path("one/two/../a").exists(), pathlib.Path("one/a").read_text(), pathlib.Path("one/link/c.txt").read_bytes())

# More entries than fit into one read of a directory.
os.mkdir("many")
names = [f"file-{number:04}-{'x' * (number % 90)}" for number in range(1500)]
for name in names:
    open(os.path.join("many", name), "w").close()
print(sorted(os.listdir("many")) == sorted(names), len(list(os.scandir("many"))))
# Removing while listing must not skip what is still there.
for entry in os.scandir("many"):
    os.remove(entry.path)
print(len(os.listdir("many")))
os.rmdir("many")

shutil.copytree("one", "copy", symlinks=True)
print(sorted(os.listdir("copy")), os.readlink("copy/link"), open("copy/two/b").read())
shutil.move("copy/two", "moved")
print(sorted(os.listdir("copy")), sorted(os.listdir("moved")))
shutil.rmtree("copy")
print(os.path.exists("copy"), sorted(os.listdir()))

# A directory takes the place of an empty one, but of nothing else.
os.mkdir("empty")
os.rename("moved", "empty")
print(sorted(os.listdir("empty")))
attempt(os.rename, "one/two", "empty")
attempt(os.rename, "one", "one/two/inside itself")
attempt(os.rename, "one/a", "empty")

with tempfile.TemporaryDirectory(dir=".") as folder:
    with tempfile.NamedTemporaryFile("w+", dir=folder) as file:
        file.write("temporary")
        file.flush()
        print(open(file.name).read(), len(os.listdir(folder)))
    print(os.listdir(folder))
with tempfile.TemporaryFile(dir=".") as file:
    file.write(b"no name")
    file.seek(0)
    print(file.read())
print(sorted(os.listdir()))
