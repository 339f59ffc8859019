"""Ten parts of pure Python, each about a tenth of the whole and done twice: `NAME SECONDS RESULTS`, one a line.

The results are the same everywhere and are compared, so that a wrong fast answer does not count.
"""

import json
import re
import time


def recursion():
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    def ackermann(m, n):
        if m == 0:
            return n + 1
        return ackermann(m - 1, 1) if n == 0 else ackermann(m - 1, ackermann(m, n - 1))

    return fibonacci(26) + ackermann(2, 180)


def floats():
    # Planets around a heavy sun, by small steps.
    bodies = [[float(i), i * 0.5, 0.1 * i, 0.02 * i, -0.01 * i, 0.03, 1.0 / (i + 1)] for i in range(5)]
    for _ in range(6000):
        for i, one in enumerate(bodies):
            for other in bodies[i + 1 :]:
                dx, dy, dz = one[0] - other[0], one[1] - other[1], one[2] - other[2]
                force = 0.001 / ((dx * dx + dy * dy + dz * dz + 0.1) ** 1.5)
                one[3] -= dx * other[6] * force
                one[4] -= dy * other[6] * force
                one[5] -= dz * other[6] * force
                other[3] += dx * one[6] * force
                other[4] += dy * one[6] * force
                other[5] += dz * one[6] * force
        for body in bodies:
            body[0] += 0.001 * body[3]
            body[1] += 0.001 * body[4]
            body[2] += 0.001 * body[5]
    return f"{sum(body[0] for body in bodies):.6f}"


def dictionaries():
    counts = {}
    for n in range(150_000):
        key = (n * 7919) % 1009
        counts[key] = counts.get(key, 0) + 1
    index = {f"key {n}": n for n in range(30_000)}
    found = sum(index[f"key {n}"] for n in range(0, 30_000, 2))
    groups = {}
    for key, count in counts.items():
        groups.setdefault(count % 7, set()).add(key)
    return found + len(groups) + sum(len(group) for group in groups.values())


def strings():
    words = [f"word{n % 997}" for n in range(75_000)]
    text = " ".join(words)
    total = 0
    for part in text.split(" "):
        if part.startswith("word1") and part.endswith("7"):
            total += len(part.upper().replace("WORD", "w"))
    letters = []
    for character in text[:240_000]:
        letters.append(chr((ord(character) + 1) % 128))
    return total + len("".join(letters).encode()) + text.count("word99") + text.find("word996")


def sorting():
    state, values = 42, []
    for _ in range(20_000):
        state = (state * 1103515245 + 12345) % 2147483648
        values.append(state)
    by_digits = sorted(values, key=str)
    pairs = sorted((value % 100, -value) for value in values)
    values.sort(reverse=True)
    return values[100] + int(by_digits[7]) + pairs[50][1]


class Shape:
    sides = 0

    def __init__(self, size):
        self.size = size

    def area(self):
        raise NotImplementedError

    @property
    def weight(self):
        return self.area() * self.sides


class Square(Shape):
    sides = 4

    def area(self):
        return self.size * self.size


class Triangle(Shape):
    sides = 3

    def area(self):
        return self.size * self.size // 2


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y


def objects():
    total = 0
    for n in range(40_000):
        shape = Square(n) if n & 1 else Triangle(n)
        total += shape.weight & 1023
    position, step = Vector(0, 0), Vector(1, 2)
    for _ in range(60_000):
        position = position + step
    return total + position.x + (position == step)


def generators():
    def primes():
        known = []
        candidate = 2
        while True:
            if all(candidate % prime for prime in known if prime * prime <= candidate):
                known.append(candidate)
                yield candidate
            candidate += 1

    def flatten(tree):
        for item in tree:
            if isinstance(item, list):
                yield from flatten(item)
            else:
                yield item

    def pairs(values):
        previous = None
        for value in values:
            yield previous, value
            previous = value

    source = primes()
    total = sum(next(source) for _ in range(300))
    tree = [[n, [n + 1, [n + 2]]] for n in range(12_000)]
    total += sum(flatten(tree))
    return total + sum(1 for before, after in pairs(range(120_000)) if before is not None and after - before == 1)


def expressions():
    lines = [f"2024-01-{n % 28 + 1:02} {n % 24:02}:15 INFO user{n}@host{n % 13}.example id={n * 31:x}" for n in range(8000)]
    pattern = re.compile(r"(\d{4})-(\d\d)-(\d\d)\s+(\d\d):(\d\d)\s+(\w+)\s+(\S+@[\w.]+)\s+id=([0-9a-f]+)$")
    total = sum(int(match[8], 16) % 97 for match in map(pattern.match, lines) if match)
    text = "\n".join(lines)
    total += len(re.findall(r"host(?:3|7|11)\b", text)) + len(re.sub(r"[aeiou]+", "*", text))
    return total + len(re.split(r"[\s:@=]+", text))


def documents():
    data = {"items": [{"id": n, "name": f"item {n}", "tags": ["a", "b\n", "ä"], "price": n * 1.25, "ok": None} for n in range(3600)]}
    total = 0
    for _ in range(3):
        text = json.dumps(data)
        total += len(text) + len(json.loads(text)["items"])
    # The encoder in Python, which an indent asks for.
    return total + len(json.dumps(data["items"][:700], indent=1, sort_keys=True))


def integers():
    a, b = 0, 1
    for _ in range(50_000):
        a, b = b, a + b
    total = a % 1_000_007 + pow(3, 10**600, 2**2203 - 1) % 1_000_003
    product = 1
    for n in range(1, 4000):
        product *= n
    # Digits of pi, by Machin's formula.
    unit = 10**2400

    def arctangent(x):
        term = result = unit // x
        square, divisor, sign = x * x, 3, -1
        while term:
            term //= square
            result += sign * (term // divisor)
            divisor, sign = divisor + 2, -sign
        return result

    pi = 4 * (4 * arctangent(5) - arctangent(239))
    return total + product.bit_length() + len(str(product >> (product.bit_length() - 14_000))) + pi % 10**9


PARTS = recursion, floats, dictionaries, strings, sorting, objects, generators, expressions, documents, integers

for part in PARTS:
    start = time.perf_counter()
    result = part(), part()
    print(part.__name__, f"{time.perf_counter() - start:.6f}", result)
