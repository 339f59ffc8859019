"""Texts: cut, joined, formatted, searched, translated, compared, and bytes."""

import string
import textwrap

LINES = [f"{at:05d};{'abc'[at % 3]}-{at * 37 % 1000};  value {at / 8:.3f} ;{'x' * (at % 11)}" for at in range(6000)]


def table(lines):
    rows = []
    for line in lines:
        number, kind, value, tail = line.split(";")
        rows.append((int(number), kind.partition("-")[0].upper(), float(value.strip().removeprefix("value ")), len(tail)))
    return rows


def distance(one, other):
    """Levenshtein's."""
    before = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        now = [row]
        for column, right in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (left != right)))
        before = now
    return before[-1]


def caesar(text, by):
    letters = string.ascii_lowercase
    return text.translate(str.maketrans(letters, letters[by:] + letters[:by]))


def palindromes(text):
    found = 0
    for middle in range(len(text)):
        for right in (middle, middle + 1):
            left = middle
            while left >= 0 and right < len(text) and text[left] == text[right]:
                found += 1
                left -= 1
                right += 1
    return found


rows = table(LINES)
report = "\n".join(f"{number:>8} {kind!r:<5} {value:+10.2f} {tail:03x}" for number, kind, value, tail in rows)
print(len(report), report.count("'A'"), report.find("+100.00"), sum(map(len, report.splitlines())))
print(sum(distance(LINES[at], LINES[at + 1]) for at in range(0, 60)))
print(caesar(" ".join(LINES[:5]), 3)[:60], palindromes("abcbabcbacab" * 60))
wrapped = textwrap.wrap(" ".join(LINES[:400]), 72)
print(len(wrapped), "|".join(line[:3] for line in wrapped[:8]))
text = "Grüße, 世界! " * 300
data = text.encode()
print(len(data), data.decode() == text, data[:30].hex(), text.casefold().title()[:12], text.isascii())
checksum = 0
for byte in data * 8:
    checksum = (checksum * 31 + byte) & 0xFFFFFF
print(checksum, "%s-%d-%5.1f-%r" % ("a", 3, 2.5, [1]), "{:,}".format(10**9), "{0[1]}{x.__class__}".format("ab", x=1))
lower = [line.lower().replace("value", "v").strip("; x").split() for line in LINES]
print(sum(len("".join(parts)) for parts in lower), "abc".center(9, "*").zfill(12), sorted("hello")[::-1])
