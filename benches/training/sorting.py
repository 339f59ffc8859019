"""Lists: sorted by the library and by hand, searched, heaps, queues, matrices, slices."""

import bisect
import heapq
from collections import deque
from functools import cmp_to_key
from operator import attrgetter, itemgetter


def numbers(count, seed=7):
    state = seed
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        yield state >> 8


def quick(items, low, high):
    while low < high:
        pivot, left, right = items[(low + high) // 2], low, high
        while left <= right:
            while items[left] < pivot:
                left += 1
            while pivot < items[right]:
                right -= 1
            if left <= right:
                items[left], items[right] = items[right], items[left]
                left += 1
                right -= 1
        quick(items, low, right)
        low = left


def merge(items):
    if len(items) < 2:
        return items
    one, other = merge(items[: len(items) // 2]), merge(items[len(items) // 2 :])
    merged, left, right = [], 0, 0
    while left < len(one) and right < len(other):
        if one[left] <= other[right]:
            merged.append(one[left])
            left += 1
        else:
            merged.append(other[right])
            right += 1
    return merged + one[left:] + other[right:]


def insertion(items):
    for at in range(1, len(items)):
        value, place = items[at], at
        while place and items[place - 1] > value:
            items[place] = items[place - 1]
            place -= 1
        items[place] = value


class Item:
    def __init__(self, weight, name):
        self.weight = weight
        self.name = name

    def __lt__(self, other):
        return (self.weight, self.name) < (other.weight, other.name)


def matrix(size):
    one = [[(row * column) % 7 for column in range(size)] for row in range(size)]
    columns = list(zip(*one))
    return [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in one]


data = list(numbers(30_000))
expected = sorted(data)
by_hand = data[:]
quick(by_hand, 0, len(by_hand) - 1)
assert by_hand == expected and merge(data) == expected
few = data[:700]
insertion(few)
assert few == sorted(data[:700])
heap = []
for value in data:
    heapq.heappush(heap, (value % 1000, value))
print(sum(heapq.heappop(heap)[0] * at % 10 for at in range(len(heap))), heapq.nsmallest(3, data))

texts = [str(value) for value in data]
items = [Item(value % 50, text) for value, text in zip(data, texts)]
print(sorted(items)[100].name, sorted(items, key=attrgetter("name"), reverse=True)[100].weight)
print(sorted(zip(data, texts), key=itemgetter(1))[5], sorted(texts, key=len)[-1], sorted(texts, key=str.__len__)[0])
print(sorted(data[:3000], key=cmp_to_key(lambda one, other: other % 100 - one % 100))[0] % 100)
print(sum(bisect.bisect_left(expected, value << 8) for value in range(20_000)))
queue = deque(range(100), maxlen=150)
for at in range(60_000):
    queue.append(queue.popleft() + at)
    if at % 3 == 0:
        queue.rotate(2)
print(sum(queue), sum(map(sum, matrix(70))))
removed = data[:]
removed[10:20000:3] = removed[11:20001:3]
removed.reverse()
del removed[::5]
removed.insert(3, 1)
print(len(removed), removed.index(removed[-1]), removed[5:9], any(value == 3 for value in removed), all(removed))
