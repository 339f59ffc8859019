"""Relative names, os.getcwd, os.chdir: as a process of the host sees them."""

import os
import sys

start = os.getcwd()
print(start, os.path.isabs(start), os.path.basename(start))
print(os.path.abspath("x"), os.path.realpath(".") == os.path.realpath(start))

os.makedirs("a/b")
open("a/file", "w").write("in a")
open("top", "w").write("at the top")
print(open("a/file").read(), open(start + "/a/file").read(), open("./a/../a//file").read())

os.chdir("a")
print(os.getcwd() == start + "/a", os.listdir("."), sorted(os.listdir()), sorted(os.listdir("..")))
print(open("file").read(), open("../top").read(), os.path.abspath("file") == start + "/a/file")
os.chdir("b")
print(os.getcwd() == start + "/a/b", os.listdir(), open("../../top").read())
open("made here", "w").write("deep")
os.chdir("../..")
# Not the text of os.getcwd(): wasi-libc keeps the `..` of what it was given in it.
print(os.path.samefile(os.getcwd(), start), os.path.normpath(os.getcwd()) == start, open("a/b/made here").read())

os.chdir(start + "/a/b")
os.rename("made here", start + "/renamed")
os.chdir("/")
print(os.getcwd(), "etc" in os.listdir(), os.path.exists("etc/passwd"), open(start + "/renamed").read())
print(os.path.relpath(start) == start[1:], open(start[1:] + "/top").read())
os.chdir(start)

for name in "absent", "top", "a/absent":
    try:
        os.chdir(name)
        print("worked")
    except OSError as error:
        print(type(error).__name__)
print(os.getcwd() == start)

# What is imported is found from the new directory, too.
open("a/neighbour.py", "w").write("VALUE = __name__")
sys.path.insert(0, "")
sys.dont_write_bytecode = True
os.chdir("a")
import neighbour

print(neighbour.VALUE, os.path.abspath(neighbour.__file__) == start + "/a/neighbour.py")
