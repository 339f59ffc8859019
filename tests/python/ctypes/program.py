# Calls of functions in C, and of functions in Python by C.
import ctypes
import gc
import sys
from ctypes import *

libc = CDLL(None)
libc.qsort.restype = None
Compare = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))


def equal(found, wanted):
    assert found == wanted, (found, wanted)


def sorted_by(function, numbers):
    array = (c_int * len(numbers))(*numbers)
    libc.qsort(array, len(array), sizeof(c_int), Compare(function))
    return list(array)


def python_api():
    pythonapi.Py_GetVersion.restype = c_char_p
    equal(pythonapi.Py_GetVersion().decode(), sys.version)
    pythonapi.PyLong_FromLong.restype = py_object
    equal(pythonapi.PyLong_FromLong(1234), 1234)
    equal(c_int.in_dll(pythonapi, "Py_OptimizeFlag").value, sys.flags.optimize)
    address = lambda library: cast(library.PyLong_FromLong, c_void_p).value
    equal(address(pythonapi), address(PyDLL(None)))
    try:
        pythonapi.PyLong_FromString(b"zz", None, 10)
    except ValueError as error:
        assert "invalid literal" in str(error)
    else:
        raise AssertionError("an error of C is none of Python")
    for name in ["no_such_function", "%s%n", "x" * 10000, ""]:
        try:
            getattr(libc, name)
        except AttributeError:
            continue
        raise AssertionError(name)


def types():
    values = [
        (c_byte, -5), (c_ubyte, 250), (c_short, -3000), (c_ushort, 60000), (c_int, -7), (c_uint, 4000000000),
        (c_long, -9), (c_longlong, -(1 << 40)), (c_ulonglong, (1 << 63) + 5), (c_float, 0.5), (c_double, 1 / 3),
        (c_longdouble, 1.25), (c_char, b"x"), (c_wchar, "\u00e9"), (c_bool, True), (c_char_p, b"text"),
    ]
    for ty, value in values:
        equal(CFUNCTYPE(ty, c_byte, ty)(lambda first, second: second)(-3, value), value)
    many = [c_int, c_double, c_longlong, c_float] * 12
    equal(CFUNCTYPE(c_double, *many)(lambda *arguments: sum(arguments))(*range(48)), sum(range(48)))


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_double), ("z", c_short)]


class Quotient(Structure):
    _fields_ = [("quotient", c_int), ("rest", c_int)]


class Single(Structure):
    _fields_ = [("value", c_double)]


def structures():
    seen = []

    def look(point, pointer, single):
        seen.append((point.x, point.y, point.z, pointer[0].x, single.value))
        point.x = 99
        pointer[0].z = 7
        return 5

    point, other = Point(1, 2.5, 3), Point(4, 0, 0)
    equal(CFUNCTYPE(c_int, Point, POINTER(Point), Single)(look)(point, byref(other), Single(7.5)), 5)
    equal((seen, point.x, other.z), ([(1, 2.5, 3, 4, 7.5)], 1, 7))
    libc.div.restype = Quotient
    divided = libc.div(17, 5)
    equal((divided.quotient, divided.rest), (3, 2))


def c_library():
    numbers = [(number * 7919) % 1000 for number in range(1000)]
    equal(sorted_by(lambda a, b: a[0] - b[0], numbers), sorted(numbers))
    libc.bsearch.restype = c_void_p
    array = (c_int * 5)(2, 3, 5, 7, 11)
    found = libc.bsearch(byref(c_int(7)), array, 5, 4, Compare(lambda a, b: a[0] - b[0]))
    equal((found - addressof(array)) // 4, 3)
    text = create_string_buffer(200)
    libc.snprintf.argtypes = [c_char_p, c_size_t, c_char_p]
    values = [42, b"hi", c_double(2.5), c_longlong(1 << 40), 65, c_double(1e100), 7]
    libc.snprintf(text, 200, b"%d %s %.3f %lld %c %g %d", *values)
    equal(text.value, b"42 hi 2.500 1099511627776 A 1e+100 7")
    libc.sqrt.restype, libc.sqrt.argtypes = c_double, [c_double]
    equal(libc.sqrt(2.0), 2**0.5)
    # As natively, where nobody looks at how many arguments there are, and what comes back from nothing.
    equal(libc.toupper(ord("a"), 5, 6), ord("A"))
    libc.srand(1)


def errors_and_recursion():
    errors = []
    sys.unraisablehook = lambda error: errors.append(error.exc_value)

    def fail(a, b):
        raise ValueError("in a callback")

    sorted_by(fail, [2, 1])
    sys.unraisablehook = sys.__unraisablehook__
    equal([str(error) for error in errors], ["in a callback"])
    depth = 0

    def recurse(a, b):
        nonlocal depth
        if depth < 50:
            depth += 1
            equal(sorted_by(recurse, [2, 1]), [1, 2])
        return a[0] - b[0]

    equal((sorted_by(recurse, [2, 1]), depth), ([1, 2], 50))


def lives():
    One = CFUNCTYPE(c_int, c_int)
    first = [One(lambda x, y=y: x + y) for y in range(2000)]
    del first[::2]
    gc.collect()
    second = [One(lambda x, y=y: x * y) for y in range(1500)]
    equal([function(1) for function in first], list(range(2, 2002, 2)))
    equal([function(2) for function in second], list(range(0, 3000, 2)))
    try:
        while True:
            second.append(One(abs))
    except MemoryError:
        pass
    assert len(second) > 60000, len(second)
    del second[100:]
    gc.collect()
    equal(One(lambda x: x + 17)(1), 18)


python_api()
types()
structures()
c_library()
errors_and_recursion()
lives()
print("all of it")
