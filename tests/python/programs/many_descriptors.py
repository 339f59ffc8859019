"""Hundreds of open files at a time; a closed one's number is used again."""

import os

files = [open(f"file {number}", "w+") for number in range(300)]
for number, file in enumerate(files):
    file.write(f"contents {number}")
numbers = [file.fileno() for file in files]
print(len(set(numbers)), min(numbers) > 2)
for file in reversed(files):
    file.seek(0)
print([file.read() for file in files] == [f"contents {number}" for number in range(300)])
for file in files[::2]:
    file.close()
again = [open(f"file {number}") for number in range(0, 300, 2)]
print(max(file.fileno() for file in again) < 1000)
print(again[-1].read(), files[1].tell() > 0)
for file in files + again:
    file.close()
    os.remove(file.name) if os.path.exists(file.name) else None

# Through many more than can be open at once, one after the other.
for number in range(3000):
    with open("one", "w") as file:
        file.write(str(number))
print(open("one").read())
