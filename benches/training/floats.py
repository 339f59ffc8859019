"""Floating point: linear equations, a pendulum, a fractal, integrals, statistics."""

import math


def solve(matrix, right):
    """Gauss, with the largest pivot."""
    size = len(matrix)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            for at in range(column, size + 1):
                rows[row][at] -= factor * rows[column][at]
    solution = [0.0] * size
    for row in range(size - 1, -1, -1):
        known = sum(rows[row][at] * solution[at] for at in range(row + 1, size))
        solution[row] = (rows[row][size] - known) / rows[row][row]
    return solution


def pendulum(steps):
    angle, speed, step = 1.2, 0.0, 0.001
    for _ in range(steps):
        half = speed - math.sin(angle) * step / 2
        angle += half * step
        speed = half - math.sin(angle) * step / 2
    return angle, speed


def fractal(width, height, limit):
    inside = 0
    for row in range(height):
        y = 2.4 * row / height - 1.2
        for column in range(width):
            point, start = 0j, complex(3.2 * column / width - 2.2, y)
            for _ in range(limit):
                point = point * point + start
                if abs(point) > 2.0:
                    break
            else:
                inside += 1
    return inside


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def scaled(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def length(self):
        return math.sqrt(self.x * self.x + self.y * self.y + self.z * self.z)


def walk(steps):
    place, step = Vector(0.0, 0.0, 0.0), Vector(1.0, 0.5, 0.25)
    for at in range(steps):
        place = place + step.scaled(1.0 / (1 + at % 7))
        step = Vector(-step.y, step.z, step.x)
    return place.length()


def simpson(function, start, end, parts):
    width = (end - start) / parts
    total = function(start) + function(end)
    for at in range(1, parts):
        total += function(start + at * width) * (4.0 if at % 2 else 2.0)
    return total * width / 3.0


size = 60
matrix = [[1.0 / (1 + abs(row - column)) + (2.0 if row == column else 0.0) for column in range(size)] for row in range(size)]
print("%.9f" % sum(solve(matrix, [float(row % 5) for row in range(size)])))
print("%.6f %.6f" % pendulum(150_000))
print(fractal(120, 80, 60))
print("%.9f" % walk(60_000))
print("%.9f" % simpson(lambda x: math.exp(-x * x) * math.cos(x), -3.0, 3.0, 60_000))
