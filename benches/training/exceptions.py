"""A small language with exceptions in it, and in its interpreter: raised, caught, chained, cleaned up after."""

import traceback


class Problem(Exception):
    def __init__(self, code, *details):
        super().__init__(code, *details)
        self.code = code


class Missing(Problem):
    pass


class Leave(Exception):
    pass


class Scope:
    depth = 0

    def __init__(self, names, swallow=False):
        self.names = names
        self.swallow = swallow

    def __enter__(self):
        Scope.depth += 1
        return self.names

    def __exit__(self, kind, value, trace):
        Scope.depth -= 1
        return self.swallow and kind is not None and issubclass(kind, Problem)


def lookup(names, name):
    try:
        return names[name]
    except KeyError as error:
        raise Missing(404, name) from error


def evaluate(tree, names):
    match tree:
        case int() | float():
            return tree
        case str():
            return lookup(names, tree)
        case ("+", one, other):
            return evaluate(one, names) + evaluate(other, names)
        case ("/", one, other):
            return evaluate(one, names) / evaluate(other, names)
        case ("raise", code):
            raise Problem(evaluate(code, names))
        case ("leave",):
            raise Leave
        case ("try", body, handler, last):
            try:
                return evaluate(body, names)
            except Missing as missing:
                return evaluate(handler, {**names, "error": missing.code})
            except (Problem, ZeroDivisionError) as problem:
                return evaluate(handler, {**names, "error": getattr(problem, "code", -1)})
            finally:
                names["tries"] = names.get("tries", 0) + 1
                evaluate(last, names)
        case ("loop", times, body):
            result = 0
            try:
                for at in range(times):
                    result += evaluate(body, {**names, "at": at})
            except Leave:
                result = -result
            return result
        case _:
            raise TypeError(tree)


PROGRAMS = [
    ("try", ("/", "a", "b"), ("+", "error", 1), 0),
    ("try", ("+", "a", "nobody"), ("+", "error", "a"), ("+", 1, 1)),
    ("loop", 30, ("try", ("raise", "at"), "error", 0)),
    ("loop", 20, ("+", "at", ("try", ("/", 1, ("+", "at", -3)), ("leave",), 0))),
]
total = 0.0
for at in range(900):
    for program in PROGRAMS:
        names = {"a": at, "b": at % 3}
        with Scope(names):
            total += evaluate(program, names)
print("%.4f" % total, Scope.depth)


def deep(depth):
    try:
        if depth == 0:
            return [].pop()
        return deep(depth - 1)
    except IndexError:
        if depth % 7 == 0:
            raise Problem(depth)
        raise
    except Problem as problem:
        if problem.code < depth - 3:
            raise ValueError(problem.code, depth) from None
        raise


kinds = {}
for at in range(2500):
    try:
        deep(at % 40)
    except Exception as error:
        kind = type(error).__name__
        kinds[kind] = kinds.get(kind, 0) + 1
        if at % 100 == 0:
            kinds["lines"] = kinds.get("lines", 0) + len(traceback.format_exception(error))
print(sorted(kinds.items()))

swallowed = 0
for at in range(8000):
    with Scope({}, swallow=True):
        swallowed += 1
        if at % 2:
            raise Missing(at)
        swallowed += 1
print(swallowed, Scope.depth)

found = 0
for at in range(20_000):
    try:
        found += int("12x"[: 1 + at % 3])
    except ValueError:
        found -= 1
    else:
        found += 2
    try:
        found += [1, 2, 3][at % 5]
    except IndexError:
        continue
print(found)
try:
    raise ExceptionGroup("several", [ValueError(1), Missing(2), OSError(3)])
except* Problem as group:
    print("problems", [error.code for error in group.exceptions])
except* (ValueError, OSError) as group:
    print("others", len(group.exceptions))
