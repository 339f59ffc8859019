"""Offsets and sizes beyond 4 GiB, in a sparse file."""

import os

FAR = 6 * 2**30 + 123

with open("sparse", "w+b") as file:
    print(file.seek(FAR), file.write(b"far away"), file.tell())
    print(file.seek(0, os.SEEK_END), os.fstat(file.fileno()).st_size)
    print(file.seek(FAR + 4), file.read())
    print(file.seek(2**32 + 5), file.read(3), file.seek(2**31 - 1), file.read(2))
    print(file.truncate(2**32 + 1), os.path.getsize("sparse"))
print(os.stat("sparse").st_size)
os.truncate("sparse", FAR)
print(os.path.getsize("sparse"))
try:
    open("sparse").seek(-1)
except (OSError, ValueError) as error:
    print("refused")
os.remove("sparse")
