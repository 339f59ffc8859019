"""Dictionaries and sets: counting, an index, groups, a cache, joins of tables."""

from collections import Counter, OrderedDict, defaultdict


def words(count):
    state = 1
    roots = ["ka", "lo", "mi", "ne", "ra", "so", "tu", "ve", "wi", "xo"]
    for _ in range(count):
        state = (state * 69069 + 1) & 0xFFFFFFFF
        yield roots[state >> 28 & 7] + roots[(state >> 20) % 10] + roots[(state >> 12) % 10]


text = list(words(60_000))

counts = {}
for word in text:
    counts[word] = counts.get(word, 0) + 1
assert Counter(text) == counts

index = defaultdict(list)
for at, word in enumerate(text):
    index[word].append(at)
pairs = defaultdict(set)
for one, other in zip(text, text[1:]):
    pairs[one].add(other)

groups = {}
for word, count in counts.items():
    groups.setdefault(len(word) * 1000 + count // 20, []).append(word)


class Cache:
    def __init__(self, room):
        self.room = room
        self.entries = OrderedDict()
        self.hits = 0

    def get(self, key, make):
        if key in self.entries:
            self.hits += 1
            self.entries.move_to_end(key)
            return self.entries[key]
        value = self.entries[key] = make(key)
        if len(self.entries) > self.room:
            self.entries.popitem(last=False)
        return value


cache = Cache(300)
total = sum(cache.get(word, len) for word in text)

orders = [{"number": at, "customer": at * 7 % 500, "sum": at % 97} for at in range(20_000)]
customers = {number: {"name": f"c{number}", "town": number % 20} for number in range(500)}
towns = defaultdict(int)
for order in orders:
    customer = customers[order["customer"]]
    towns[customer["town"]] += order["sum"]
    order.update(customer)

numbers = {at * at % 10_007 for at in range(20_000)}
others = {at * 3 % 10_007 for at in range(5_000)}
print(len(counts), max(counts.values()), sum(map(len, index.values())), sum(len(after) for after in pairs.values()))
print(len(groups), cache.hits, total, sorted(towns.items())[:3])
print(len(numbers & others), len(numbers | others), len(numbers - others), len(numbers ^ others))
del orders[::2]
print(sum(order["sum"] for order in orders), "name" in orders[0], {**orders[1], "sum": 1}["town"])
