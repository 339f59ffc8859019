"""The language itself: what the compiler and the evaluation loop have to get right."""

import asyncio
import gc
import sys
import weakref


def generator(limit):
    received = 0
    while received < limit:
        try:
            received += (yield received) or 1
        except ValueError as error:
            yield f"caught {error}"
        finally:
            pass
    return "done"


def delegating():
    result = yield from generator(3)
    yield result


print(list(delegating()))
running = generator(10)
print(next(running), running.send(4), running.throw(ValueError("thrown")), running.close())


class Meta(type):
    def __new__(cls, name, bases, namespace, **options):
        namespace["options"] = options
        return super().__new__(cls, name, bases, namespace)

    def __instancecheck__(cls, instance):
        return instance == "special"


class Base:
    def __init_subclass__(cls, /, tag=None, **rest):
        super().__init_subclass__(**rest)
        cls.tag = tag

    def who(self):
        return ["Base"]


class Left(Base, tag="left"):
    def who(self):
        return ["Left"] + super().who()


class Right(Base):
    def who(self):
        return ["Right"] + super().who()


class Both(Left, Right):
    __slots__ = ("value",)

    def who(self):
        return ["Both"] + super().who()

    @property
    def doubled(self):
        return self.value * 2


class Strange(metaclass=Meta, option=1):
    pass


both = Both()
both.value = 21
print(both.who(), [cls.__name__ for cls in Both.__mro__], both.doubled, Left.tag, Strange.options, isinstance("special", Strange))


def match(subject):
    match subject:
        case {"kind": "circle", "radius": (int() | float()) as radius} if radius > 0:
            return f"circle {radius}"
        case [first, *rest, last]:
            return f"sequence {first} {rest} {last}"
        case Both(value=value):
            return f"both {value}"
        case str() | bytes():
            return "text"
        case _:
            return "other"


print([match(subject) for subject in ({"kind": "circle", "radius": 2}, [1, 2, 3, 4], both, b"", {"kind": "circle", "radius": -1})])


def arguments(a, /, b, *c, d=4, **e):
    return a, b, c, d, e


print(arguments(1, 2, 3, d=5, x=6), arguments(*[1, 2], **{"y": 3}))
for wrong in (lambda: arguments(), lambda: arguments(1, b=2, a=3, d=1) and arguments(a=1), lambda: [].absent, lambda: {}[0], lambda: [1][5], lambda: next(iter(())), lambda: "a" + 1, lambda: undefined):
    try:
        print(wrong())
    except Exception as error:
        print(type(error).__name__, error)

print([x + y for x in range(3) if x for y in range(x)], {k: v for k, v in zip("ab", (1, 2))}, sorted({x % 3 for x in range(10)}), f"{3.14159:.2f} {'x'!r:>5} {sys.maxsize > 0=}")
first, *middle, last = range(5)
print(first, middle, last, (walrus := 5) + walrus, "a" < "b" < "c", not [], [] or "default", 1 if () else 2)


class Context:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self

    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind.__name__ if kind else None)
        return self.swallow


with Context("outer", swallow=True), Context("inner"):
    raise KeyError("inside")


def finally_order():
    for attempt in range(3):
        try:
            if attempt == 1:
                continue
            if attempt == 2:
                return "returned"
        finally:
            print("finally", attempt)


print(finally_order())
try:
    raise ExceptionGroup("group", [ValueError(1), TypeError(2), ValueError(3)])
except* ValueError as group:
    print("values", [error.args for error in group.exceptions])
except* TypeError as group:
    print("types", len(group.exceptions))


async def worker(name, delay, results):
    await asyncio.sleep(delay)
    results.append(name)
    return name


class Cycle:
    pass


cycle = Cycle()
cycle.itself = cycle
reference = weakref.ref(cycle)
del cycle
gc.collect()
print(reference() is None, sys.getsizeof([]) > 0, sys.intern("x") is sys.intern("x"))


def counter():
    count = 0

    def increment():
        nonlocal count
        count += 1
        return count

    return increment


increment = counter()
print(increment(), increment(), increment.__closure__[0].cell_contents)
code = compile("result = sum(n * n for n in range(1000))", "<made>", "exec")
namespace = {}
exec(code, namespace)
print(namespace["result"], eval("result + 1", namespace))
print(sorted(["b", "A", "c"], key=str.lower), sorted([(2, "x"), (1, "y")], reverse=True), "%s %05.1f %x" % ("text", 3.14159, 255), "{:>8}|{:^8}|{:<8}".format(1, 2, 3))
data = bytearray(b"abcdef")
view = memoryview(data)[1:5:2]
data[1] = 66
print(bytes(view), view.shape, view.strides, bytes(data))
text = "".join(chr(32 + n % 90) for n in range(100_000))
print(len(text), text.count("A"), text.find("zzz"), text[::-9999], hash((1, 2)) == hash((1, 2)), len(set(text)))
