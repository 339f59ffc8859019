"""A million objects, for the memory that they take: instances with two attributes, each in a list."""


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


points = [Point(i, i + 0.5) for i in range(1_000_000)]
print(len(points), points[-1].x, points[-1].y)
