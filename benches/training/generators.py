"""Generators: pipelines, recursion, permutations by hand and by itertools, coroutines that are sent to, async functions."""

import itertools
from contextlib import contextmanager


def primes():
    found = []
    for number in itertools.count(2):
        for prime in found:
            if prime * prime > number:
                found.append(number)
                yield number
                break
            if number % prime == 0:
                break
        else:
            found.append(number)
            yield number


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for rest in permutations(items[1:]):
        for at in range(len(items)):
            yield rest[:at] + items[:1] + rest[at:]


def flatten(tree):
    for part in tree:
        if isinstance(part, list):
            yield from flatten(part)
        else:
            yield part


def nest(depth):
    return [depth, nest(depth - 1), [depth, nest(depth - 1)]] if depth else [0]


def averages():
    total = count = 0
    value = yield None
    while value is not None:
        total += value
        count += 1
        value = yield total / count
    return total


def summed(results):
    while True:
        results.append((yield from averages()))


class Countdown:
    def __init__(self, start):
        self.left = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return self.left


@contextmanager
def noted(notes, name):
    notes.append(name)
    try:
        yield name
    finally:
        notes.append(-name)


class Turn:
    def __await__(self):
        yield self


async def worker(name, turns, done):
    for at in range(turns):
        await Turn()
        if at % 10 == 0:
            done.append(await helper(name, at))
    return name


async def helper(name, at):
    await Turn()
    return name * at


def schedule(tasks):
    """Lets tasks take turns until all have ended."""
    ended = 0
    while tasks:
        task = tasks.pop(0)
        try:
            task.send(None)
            tasks.append(task)
        except StopIteration as stop:
            ended += stop.value
    return ended


pipeline = (number * number for number in primes() if number % 4 == 1)
print(sum(itertools.islice(pipeline, 3000)))
print(sum(1 for order in permutations(list(range(8))) if order[0] < order[-1]))
print(sum(flatten(nest(10))), sum(Countdown(80_000)))
results = []
consumer = summed(results)
next(consumer)
last = [consumer.send(value) for value in itertools.chain(range(20_000), [None], range(500), [None])][-2]
print(last, results)
notes = []
for at in range(8000):
    with noted(notes, at) as name:
        pass
print(len(notes), sum(notes))
done = []
print(schedule([worker(name, 150 + name, done) for name in range(60)]), sum(done))
triples = ((a, b, c) for a, b, c in itertools.combinations(range(1, 60), 3) if a * a + b * b == c * c)
print(len(list(triples)), sum(len(list(group)) for _, group in itertools.groupby(sorted(str(at) for at in range(9000)), lambda text: text[0])))
