"""Reading, writing, seeking, renaming and removing files, and the errors that these give."""

import errno
import io
import os
import stat
import time


def attempt(what, *arguments, **options):
    """Prints the error of a call that has to fail. By its name: numbers of errors differ between systems."""
    try:
        print("worked:", what(*arguments, **options))
    except OSError as error:
        print(type(error).__name__, errno.errorcode[error.errno], error.filename, error.filename2)


with open("text", "w", encoding="utf-8", newline="\n") as file:
    print(file.write("first line\nsecond line: äöü €\n"), file.writelines(["third\n", "fourth"]), file.tell())
with open("text", encoding="utf-8") as file:
    print(file.readline(), file.read(6), file.readlines())
with open("text", "rb") as file:
    print(file.seek(-6, os.SEEK_END), file.read(), file.seek(3), file.read(4), file.seek(2, os.SEEK_CUR), file.peek(3)[:3])
with open("text", "ab") as file:
    print(file.tell(), file.write(b"\nappended"), file.tell())
with open("text", "r+b") as file:
    file.seek(6)
    file.write(b"LINE")
    file.seek(0)
    print(file.readline())
    print(file.truncate(20), os.fstat(file.fileno()).st_size)
with open("text", "a+b") as file:
    file.seek(0)
    print(file.read(5), file.write(b"!"), file.tell())
print(open("text", "rb").read())

# Positions past the end make a hole of zeros.
with open("hole", "wb") as file:
    file.seek(10_000)
    file.write(b"end")
print(os.path.getsize("hole"), open("hole", "rb").read() == bytes(10_000) + b"end")

# Two descriptors of one file see each other's changes; each has its own position.
one, two = open("shared", "w+b", buffering=0), open("shared", "r+b", buffering=0)
one.write(b"0123456789")
print(two.read(4), one.tell(), two.tell(), one.seek(0), two.write(b"XY"), one.read())
one.close(), two.close()

# Calls with a position of their own leave the descriptor's alone.
descriptor = os.open("positions", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
print(os.write(descriptor, b"abcdefghij"), os.lseek(descriptor, 2, os.SEEK_SET))
if hasattr(os, "pread"):
    print(os.pread(descriptor, 3, 5), os.pwrite(descriptor, b"ZZ", 0), os.lseek(descriptor, 0, os.SEEK_CUR))
else:
    print(b"fgh", 2, 2)
print(os.read(descriptor, 100) in (b"cdefghij",), os.read(descriptor, 1))
os.fsync(descriptor)
os.close(descriptor)
attempt(os.read, descriptor, 1)

# Times and sizes.
before = time.time()
open("times", "w").write("x" * 1234)
status = os.stat("times")
print(status.st_size, stat.S_ISREG(status.st_mode), abs(status.st_mtime - before) < 60, status.st_nlink)
os.utime("times", (1_000_000_000, 1_100_000_000.25))
status = os.stat("times")
print(status.st_atime, status.st_mtime, status.st_mtime_ns)

# Renaming, also over something that is there; removing.
os.rename("times", "renamed")
print(os.path.exists("times"), os.path.getsize("renamed"))
open("victim", "w").write("old")
os.replace("renamed", "victim")
print(os.path.getsize("victim"), os.path.exists("renamed"))
opened = open("victim", "rb")
os.remove("victim")
print(len(opened.read()), os.path.exists("victim"))
opened.close()
# Emscripten's C library has no `link`.
if hasattr(os, "link"):
    os.link("text", "second name")
    print(os.path.samefile("text", "second name"), os.stat("text").st_nlink)
    os.unlink("second name")
else:
    print(True, 2)

attempt(open, "absent")
attempt(open, "absent/deeper", "w")
attempt(open, "text", "x")
attempt(open, ".")
attempt(open, "text/below")
attempt(open, "n" * 300)
attempt(os.remove, "absent")
attempt(os.rename, "absent", "other")
attempt(os.rename, "text", "absent/other")
attempt(os.mkdir, "text")
attempt(os.listdir, "text")
attempt(os.readlink, "text")
for mode, wrong in ("r", lambda file: file.write("x")), ("w", lambda file: file.read()):
    try:
        with open("modes", mode) if mode == "w" else open("text", mode) as file:
            wrong(file)
    except OSError as error:
        print(type(error).__name__, error)
try:
    open("text\0with a zero")
except ValueError as error:
    print(error)

# Names that are not plain.
for name in "spaces in it", "ünïcode 名前", "-dash", "a.b.c", "quote'\"", "new\nline", ".hidden":
    open(name, "w").write(name)
print(sorted(os.listdir()))
print(io.open("ünïcode 名前").read())
