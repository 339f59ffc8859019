"""Integers, most of them large: primes, digits of e, a cipher, roots, fractions, bits."""

from decimal import Decimal, getcontext
from fractions import Fraction
from math import gcd, isqrt


def is_prime(number):
    """Miller and Rabin's test, with bases that are enough for numbers of this size."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if number % base == 0:
            return number == base
        value = pow(base, odd, number)
        if value in (1, number - 1):
            continue
        for _ in range(twos - 1):
            value = value * value % number
            if value == number - 1:
                break
        else:
            return False
    return True


def next_prime(number):
    number |= 1
    while not is_prime(number):
        number += 2
    return number


def digits_of_e(count):
    total, term, at = 0, 10 ** (count + 10), 1
    while term:
        total += term
        term //= at
        at += 1
    return str(total // 10**10)


def fibonacci(number):
    one, other = 0, 1
    for bit in bin(number)[2:]:
        one, other = one * (2 * other - one), one * one + other * other
        if bit == "1":
            one, other = other, one + other
    return one


def collatz(limit):
    longest = (0, 0)
    known = {1: 1}
    for start in range(1, limit):
        number, steps = start, 0
        while number not in known:
            number = number // 2 if number % 2 == 0 else 3 * number + 1
            steps += 1
        known[start] = steps + known[number]
        longest = max(longest, (known[start], start))
    return longest


def bits(count):
    total = 0
    for number in range(count):
        mixed = (number * 0x9E3779B1) & 0xFFFFFFFF
        mixed ^= mixed >> 15
        total += mixed.bit_count() + (mixed & -mixed).bit_length()
    return total


p, q = next_prime(10**40), next_prime(3 * 10**40)
e, modulus = 65537, p * q
d = pow(e, -1, (p - 1) * (q - 1))
message = int.from_bytes(b"a message of no importance", "big")
print(p, pow(pow(message, e, modulus), d, modulus) == message)
text = digits_of_e(4000)
print(text[:20], sum(map(int, text)))
print(fibonacci(30_000) % 10**30, isqrt(7 * 10**400) % 10**20, gcd(fibonacci(600), fibonacci(900)))
print(collatz(40_000), bits(60_000))
total = Fraction(0)
for at in range(1, 300):
    total += Fraction(1, at * (at + 1))
print(total)
factorial = 1
for at in range(1, 2500):
    factorial *= at
print(sum(int(digit) for digit in str(factorial % 10**4000)), factorial.bit_length())
getcontext().prec = 60
value = Decimal(1)
for at in range(2000):
    value = (value + 2 / value) / 2 + Decimal(at) / 10**9
print(value)
number, steps = 3**700, 0
while number > 1:
    number = number >> 3 if steps % 3 else number // 7 + 1
    steps += 1
    if steps > 2000:
        break
print(steps)
