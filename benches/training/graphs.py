"""Searches: shortest paths, a maze, a puzzle by backtracking, a tree that is kept in balance, components, a game."""

import heapq
from collections import deque


def numbers(seed):
    while True:
        seed = (seed * 48271) % 2147483647
        yield seed


class Graph:
    def __init__(self, size, degree):
        chance = numbers(11)
        self.edges = {node: [(next(chance) % size, 1 + next(chance) % 50) for _ in range(degree)] for node in range(size)}

    def distances(self, start):
        best, queue = {start: 0}, [(0, start)]
        while queue:
            far, node = heapq.heappop(queue)
            if far > best[node]:
                continue
            for other, length in self.edges[node]:
                if far + length < best.get(other, 1 << 30):
                    best[other] = far + length
                    heapq.heappush(queue, (far + length, other))
        return best


def maze(width, height):
    chance = numbers(5)
    walls = {(x, y) for x in range(width) for y in range(height) if next(chance) % 100 < 28} - {(0, 0)}
    queue, seen = deque([((0, 0), 0)]), {(0, 0)}
    while queue:
        (x, y), steps = queue.popleft()
        for place in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= place[0] < width and 0 <= place[1] < height and place not in walls and place not in seen:
                seen.add(place)
                queue.append((place, steps + 1))
    return len(seen), steps


def knight(size, x, y):
    """Moves to where there are the fewest ways on."""
    moves = [(1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1), (-2, 1), (-1, 2)]
    board = [[0] * size for _ in range(size)]

    def free(x, y):
        for dx, dy in moves:
            if 0 <= x + dx < size and 0 <= y + dy < size and not board[y + dy][x + dx]:
                yield x + dx, y + dy

    for step in range(1, size * size + 1):
        board[y][x] = step
        ways = sorted((len(list(free(*place))), place) for place in free(x, y))
        if not ways:
            break
        x, y = ways[0][1]
    return step


class Treap:
    """A tree by key that is a heap by chance."""

    def __init__(self, key, weight):
        self.key, self.weight = key, weight
        self.left = self.right = None

    @staticmethod
    def insert(node, key, weight):
        if node is None:
            return Treap(key, weight)
        if key < node.key:
            node.left = Treap.insert(node.left, key, weight)
            if node.left.weight > node.weight:
                top, node.left = node.left, node.left.right
                top.right = node
                return top
        elif key > node.key:
            node.right = Treap.insert(node.right, key, weight)
            if node.right.weight > node.weight:
                top, node.right = node.right, node.right.left
                top.left = node
                return top
        return node

    def depth(self):
        return 1 + max(self.left.depth() if self.left else 0, self.right.depth() if self.right else 0)

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.key
        if self.right:
            yield from self.right


def components(size, pairs):
    parent = list(range(size))

    def find(node):
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        parent[find(one)] = find(other)
    return len({find(node) for node in range(size)})


WINS = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]


def play(board, player, known):
    """The best result of noughts and crosses for whose turn it is."""
    if (result := known.get(board)) is not None:
        return result
    if any(board[a] == board[b] == board[c] != "." for a, b, c in WINS):
        best = -1
    elif "." not in board:
        best = 0
    else:
        other = "o" if player == "x" else "x"
        free = [at for at, sign in enumerate(board) if sign == "."]
        best = max(-play(board[:at] + player + board[at + 1 :], other, known) for at in free)
    known[board] = best
    return best


graph = Graph(4000, 4)
print([sum(graph.distances(start).values()) for start in (0, 5)])
print(maze(160, 120), knight(30, 0, 0))
chance = numbers(3)
tree = None
for _ in range(7000):
    tree = Treap.insert(tree, next(chance) % 100_000, next(chance))
keys = list(tree)
print(len(keys), keys == sorted(set(keys)), tree.depth() < 60)
print(components(20_000, [(next(chance) % 20_000, next(chance) % 20_000) for _ in range(15_000)]))
known = {}
print(play("." * 9, "x", known), len(known))
