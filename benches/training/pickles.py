"""Pickles and copies of graphs of objects, by the C and by the Python code of the library; struct and base64 besides."""

import base64
import copy
import io
import pickle
import struct
from collections import namedtuple

Point = namedtuple("Point", "x y")


class Node:
    def __init__(self, number, parent=None):
        self.number = number
        self.parent = parent
        self.children = []
        self.place = Point(number, number / 3)
        self.names = {"text": f"node {number}", b"bytes": bytes([number % 256]) * 3, "none": None}


class Shy:
    def __init__(self, value):
        self.value = value
        self.secret = "not kept"

    def __getstate__(self):
        return {"value": self.value}

    def __setstate__(self, state):
        self.value = state["value"]
        self.secret = "made again"

    def __reduce_ex__(self, protocol):
        return object.__reduce_ex__(self, protocol)


def tree(depth, number=1, parent=None):
    node = Node(number, parent)
    if depth:
        node.children = [tree(depth - 1, number * 2 + child, node) for child in range(2)]
    return node


def count(node):
    return node.number + sum(map(count, node.children))


root = tree(8)
sizes = []
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    data = pickle.dumps(root, protocol)
    sizes.append(len(data))
    again = pickle.loads(data)
    assert count(again) == count(root) and again.children[0].parent is again
print(sizes, count(root))

out = io.BytesIO()
pickle._Pickler(out, 4).dump(tree(6))
print(len(out.getvalue()), count(pickle._Unpickler(io.BytesIO(out.getvalue())).load()))

copied = copy.deepcopy(tree(6))
print(count(copied), copied.children[1].parent is copied, copy.copy(copied).children is copied.children)
shy = pickle.loads(pickle.dumps([Shy(at) for at in range(2000)]))
print(sum(each.value for each in shy), shy[0].secret)
plain = {"list": list(range(3000)), "floats": [at / 7 for at in range(3000)], "texts": [str(at) for at in range(3000)]}
for _ in range(10):
    plain = pickle.loads(pickle.dumps(plain))
print(sum(plain["list"]), "%.6f" % sum(plain["floats"]), len("".join(plain["texts"])))
packed = b"".join(struct.pack("<IhdB", at, at % 100 - 50, at / 3, at % 256) for at in range(8000))
print(len(packed), sum(short for _, short, _, _ in struct.iter_unpack("<IhdB", packed)), len(base64.b85encode(packed[:3000])))
