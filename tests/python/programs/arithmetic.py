"""Integers of any size, floats to the last bit, and what is built on them."""

import cmath
import decimal
import fractions
import math
import random
import statistics
import struct

print(2**200, 3**100 // 7**20, -(10**30) % 997, pow(3, 10**6, 10**9 + 7), math.isqrt(10**40), math.gcd(2**70, 6**40))
number = math.factorial(500)
print(number % (10**9 + 7), len(str(number)), hash(str(number)) == hash(str(number)), int(str(number)) == number)
print((1 << 3000) >> 2990, (-5) >> 1, ~7, 12345678901234567890 & 0xFFFF_FFFF_FFFF, (2**64).bit_length(), bin(-10))
print((2**100).to_bytes(16, "little"), int.from_bytes(b"\xff\xfe", "big", signed=True), int("zz", 36), f"{2**70:,} {255:#x}")

# Exact by definition: the same bits everywhere.
for value in 0.1 + 0.2, 1e308 * 10, -0.0, 5e-324, 1 / 3, 2.5, 1e16 + 1, 1e22, 123456789.123456789, float("nan"):
    print(repr(value), f"{value:.3f}", f"{value:e}", f"{value:g}", value.hex())
print(round(2.5), round(3.5), round(-2.675, 2), math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5), 7 // -2, 7 % -2, -7.5 % 2)
print(math.sqrt(2), math.fmod(-7, 3), math.frexp(10.0), math.ldexp(0.5, 5), math.fsum([0.1] * 10), math.copysign(1, -0.0))
print(math.nextafter(1, 2), math.ulp(1.0), (0.1).as_integer_ratio(), float.fromhex("0x1.8p3"), float("1e400"), float("  -1_0.5 "))
print(struct.pack("<dfq", 1.1, 1.1, -2), struct.unpack(">f", b"\x40\x49\x0f\xdb"), struct.pack("<e", 65504.0))
print(int(1e18), int(-1.9), [int(2.0**power) for power in (31, 32, 53, 63, 64)], float(2**53 + 1))

# Not exact: libraries differ in the last digits.
for function in math.sin, math.cos, math.tan, math.exp, math.log, math.atan, math.erf, math.gamma, math.cosh, math.cbrt:
    print(function.__name__, *(f"{function(value):.12g}" for value in (0.1, 1.0, 2.7, 10.0)))
print(f"{cmath.exp(1j * math.pi):.6f}", abs(3 + 4j), (1 + 2j) * (3 - 1j), f"{math.pow(2, 0.5):.12f}", f"{math.hypot(1, 2, 3):.12f}")
for wrong in lambda: 1 / 0, lambda: 1.0 // 0, lambda: math.sqrt(-1), lambda: 10.0**400, lambda: int(float("inf")), lambda: 5 % 0:
    try:
        print(wrong())
    except OverflowError:
        # Its text has the number of an error, which differs between systems.
        print("overflow")
    except ZeroDivisionError as error:
        # 3.14 does not say of what.
        print(type(error).__name__, "division" in str(error) or "modulo" in str(error))
    except ValueError as error:
        # 3.14 says which argument it was.
        print(type(error).__name__, str(error) in ("math domain error", "expected a nonnegative input, got -1.0"))

decimal.getcontext().prec = 50
print(decimal.Decimal(2).sqrt(), decimal.Decimal("1.10") + decimal.Decimal("2.205"), decimal.Decimal(1) / 7)
print(decimal.Decimal("2.675").quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP), decimal.Decimal(10) ** -5)
print(fractions.Fraction(1, 3) + fractions.Fraction(1, 6), fractions.Fraction("0.125"), fractions.Fraction(0.1).limit_denominator(100))
random.seed(12345)
print(random.random(), random.randint(1, 10**12), random.sample(range(1000), 5), random.choices("abc", k=10), random.getrandbits(100))
values = list(range(20))
random.shuffle(values)
print(values, f"{random.gauss(0, 1):.12g}")
print(statistics.mean([1, 2, 3, 4]), statistics.median([5, 1, 3]), f"{statistics.stdev([1, 2, 3, 4]):.12g}")
