"""Comprehensions, unpacking, closures, arguments of all kinds, decorators, and built-in functions over what they make."""

from functools import lru_cache, partial, reduce, wraps


def life(cells, width, height):
    return {
        (x, y)
        for x in range(width)
        for y in range(height)
        for around in [sum(((x + dx) % width, (y + dy) % height) in cells for dx in (-1, 0, 1) for dy in (-1, 0, 1))]
        if around == 3 or (around == 4 and (x, y) in cells)
    }


def counted(function):
    @wraps(function)
    def call(*args, **kwargs):
        call.count += 1
        return function(*args, **kwargs)

    call.count = 0
    return call


@counted
def shape(first, *rest, scale=1, offset=0, **names):
    return first * scale + offset + sum(rest) + len(names)


@lru_cache(maxsize=None)
def ways(sum, coins):
    if sum == 0:
        return 1
    return 0 if sum < 0 or not coins else ways(sum - coins[0], coins) + ways(sum, coins[1:])


def adders(count):
    total = 0

    def add(by):
        nonlocal total
        total += by
        return total

    return [lambda value, by=by: add(value * by) for by in range(count)]


cells = {(x, y) for x in range(24) for y in range(18) if (x * x * 7 + y * y * 13 + x * y) % 11 < 4}
for _ in range(14):
    cells = life(cells, 24, 18)
print(len(cells), sum(x * y for x, y in cells))

table = [[row * column for column in range(120)] for row in range(120)]
turned = [list(row) for row in zip(*table)]
chosen = {row: [value for value in values if value % 3 == 1] for row, values in enumerate(table) if row % 2}
print(turned == table, sum(len(values) for values in chosen.values()), sum(map(max, turned)), min(map(sum, table[1:])))
print(len({value % 100 for row in table for value in row}), sum(value for row in table for value in row if value & 1))

total = 0
for at in range(15_000):
    first, *middle, last = range(at % 5 + 2)
    a, (b, c) = at, (first, last)
    total += shape(a, b, c, *middle, scale=2, **{"x": 1, "y": 2}) + shape(a, offset=b)
print(total, shape.count)

print(ways(400, (50, 20, 10, 5, 2, 1)), ways.cache_info().hits > 100)
for _ in range(400):
    added = [add(value) for value, add in enumerate(adders(40))]
print(added[-1], reduce(lambda one, other: (one * 31 + other) % 1_000_003, range(60_000)))
powers = [partial(pow, base) for base in range(1, 40)]
print(sum(power(at) % 97 for at in range(40) for power in powers))
pairs = sorted((key, value) for key, value in {str(at): at * at % 101 for at in range(8000)}.items() if value > 50)
print(len(pairs), pairs[:2], any(value > 100 for _, value in pairs), sum(1 for _ in filter(None, (value - 60 for _, value in pairs))))
matrix = [[at + row for at in range(50)] for row in range(50)]
flat = [*(value for row in matrix for value in row)]
print(sum(flat[at] if flat[at] % 2 else -flat[at] for at in range(len(flat))), [*map(str, flat[:3])], f"{flat[7]:>5}")
