"""A shop with tills: instances, inheritance, properties, methods that call methods, dataclasses and operators."""

import heapq
from dataclasses import dataclass, field


class Random:
    """Numbers that are the same in every Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % limit


@dataclass(order=True)
class Event:
    time: int
    number: int
    action: object = field(compare=False)


class Customer:
    __slots__ = ("name", "goods", "arrived", "patience")

    def __init__(self, name, goods, arrived):
        self.name = name
        self.goods = goods
        self.arrived = arrived
        self.patience = 40 + goods

    def waits(self, now):
        return now - self.arrived < self.patience


class Hurried(Customer):
    __slots__ = ()

    def __init__(self, name, goods, arrived):
        super().__init__(name, goods, arrived)
        self.patience //= 3


class Till:
    speed = 2

    def __init__(self, shop):
        self.shop = shop
        self.queue = []
        self.busy = False

    @property
    def length(self):
        return len(self.queue) + self.busy

    def join(self, customer):
        self.queue.append(customer)
        if not self.busy:
            self.serve_next()

    def serve_next(self):
        while self.queue:
            customer = self.queue.pop(0)
            if customer.waits(self.shop.now):
                self.busy = True
                self.shop.later(self.duration(customer), lambda: self.done(customer))
                return
            self.shop.lost += 1
        self.busy = False

    def duration(self, customer):
        return 3 + customer.goods * self.speed

    def done(self, customer):
        self.shop.served(customer)
        self.serve_next()


class FastTill(Till):
    speed = 1

    def duration(self, customer):
        return super().duration(customer) - 1


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __mul__(self, factor):
        return Money(self.cents * factor)

    def __lt__(self, other):
        return self.cents < other.cents

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __repr__(self):
        return f"{self.cents // 100}.{self.cents % 100:02}"


class Shop:
    def __init__(self, seed):
        self.random = Random(seed)
        self.now = 0
        self.events = []
        self.count = 0
        self.lost = 0
        self.income = Money(0)
        self.best = Money(0)
        self.waited = {}
        self.tills = [Till(self), Till(self), FastTill(self)]

    def later(self, delay, action):
        self.count += 1
        heapq.heappush(self.events, Event(self.now + delay, self.count, action))

    def arrive(self):
        kind = Hurried if self.random.below(4) == 0 else Customer
        customer = kind(f"customer {self.count}", 1 + self.random.below(20), self.now)
        min(self.tills, key=lambda till: till.length).join(customer)
        self.later(1 + self.random.below(18), self.arrive)

    def served(self, customer):
        paid = Money(199) * customer.goods
        self.income = self.income + paid
        if self.best < paid:
            self.best = paid
        waited = self.now - customer.arrived
        self.waited[waited // 10] = self.waited.get(waited // 10, 0) + 1

    def run(self, end):
        self.later(0, self.arrive)
        while self.events and self.now < end:
            event = heapq.heappop(self.events)
            self.now = event.time
            event.action()


for seed in range(6):
    shop = Shop(seed)
    shop.run(60_000)
    print(seed, shop.income, shop.best, shop.lost, sorted(shop.waited.items())[:4])
