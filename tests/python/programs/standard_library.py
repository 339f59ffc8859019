"""A walk through the standard library: what programs import first, and what stands on C code."""

import array
import argparse
import ast
import base64
import bisect
import calendar
import collections
import configparser
import contextlib
import csv
import dataclasses
import datetime
import difflib
import enum
import functools
import hashlib
import heapq
import hmac
import html
import io
import ipaddress
import itertools
import json
import logging
import operator
import pickle
import pprint
import re
import secrets
import shlex
import string
import sys
import textwrap
import traceback
import typing
import unittest
import urllib.parse
import uuid
import xml.etree.ElementTree
import zlib

print(json.dumps({"b": [1, 2.5, None, True], "a": "ä\n\u2028"}, sort_keys=True), json.loads('{"x": [1e3, -0.5, "\\ud83d\\ude00"]}'))
print(re.findall(r"(?P<word>\w+)=(\d+)", "a=1, bc=22"), re.sub(r"(?<=a)b+", lambda match: match[0].upper(), "abbb cab"), re.split(r"[,;]\s*", "a, b;c"))
print(re.fullmatch(r"(\d{3})-(\d{4})", "555-1234").groups(), re.compile("ä+", re.I).search("xÄÄ").span())
for name in "md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s":
    print(name, hashlib.new(name, b"abc" * 1000).hexdigest()[:32])
print(hmac.new(b"key", b"message", "sha256").hexdigest())
print(zlib.crc32(b"hello"), zlib.adler32(b"hello"), zlib.decompress(zlib.compress(b"x" * 10_000)) == b"x" * 10_000)
print(base64.b64encode(bytes(range(10))), base64.b85encode(b"hello"), base64.b32decode("MFRGG==="))
print(datetime.date(2024, 2, 29) + datetime.timedelta(days=366), datetime.datetime(2024, 3, 10, 1, 2, 3).isoformat(), datetime.datetime.fromisoformat("2024-01-01T00:00:00+02:00").utctimetuple()[:5])
print(datetime.datetime.strptime("3 Mar 2021", "%d %b %Y"), calendar.month(2024, 2))


@dataclasses.dataclass(order=True, frozen=True)
class Point:
    x: int
    y: int = 0
    tags: list = dataclasses.field(default_factory=list, compare=False)


class Colour(enum.Flag):
    RED = enum.auto()
    GREEN = enum.auto()


print(sorted([Point(2), Point(1, 5), Point(1)]), dataclasses.asdict(Point(3, 4, [1])), Colour.RED | Colour.GREEN, Colour(2).name)
print(pickle.loads(pickle.dumps({"point": Point(1, 2, ["t"]), "set": {1}, "colour": Colour.RED, "long": 2**100})))
print(collections.Counter("mississippi").most_common(2), collections.deque(range(5), maxlen=3), list(collections.OrderedDict(a=1).items()), collections.ChainMap({"a": 1}, {"b": 2})["b"])
print(list(itertools.permutations("abc", 2))[:3], list(itertools.accumulate([1, 2, 3])), [key for key, _ in itertools.groupby("aabbc")], list(itertools.islice(itertools.count(5, 5), 3)))
print(functools.reduce(operator.mul, range(1, 10)), functools.lru_cache(lambda value: value + 1)(1), heapq.nsmallest(2, [3, 1, 2]), bisect.bisect([1, 3, 5], 3), array.array("d", [1.5, 2.5]).tobytes())
table = io.StringIO()
csv.writer(table).writerows([["a", "b,c"], ['quote"', "line\nbreak"]])
print(repr(table.getvalue()), list(csv.DictReader(io.StringIO("x,y\n1,2\n"))))
settings = configparser.ConfigParser()
settings.read_string("[part]\nkey = value\nnumber = 3\n")
print(settings["part"]["key"], settings.getint("part", "number"))
tree = xml.etree.ElementTree.fromstring("<a x='1'><b>text &amp; more</b><b/></a>")
print([element.text for element in tree.iter("b")], xml.etree.ElementTree.tostring(tree))
print(html.escape("<a & 'b'>"), urllib.parse.urlsplit("https://user@host:80/path?q=1#f"), urllib.parse.quote("ä /"), urllib.parse.parse_qs("a=1&a=2"))
print(ipaddress.ip_network("10.0.0.0/30").num_addresses, uuid.uuid5(uuid.NAMESPACE_DNS, "example"), shlex.split("a 'b c' \"d\""), string.Template("$x!").substitute(x=1))
print(textwrap.fill("word " * 20, 30), list(difflib.unified_diff(["a", "b"], ["a", "c"], lineterm="")))
print(ast.unparse(ast.parse("x = [i ** 2 for i in range(3) if i]")), ast.literal_eval("{'a': (1, 2)}"), typing.get_type_hints(Point)["x"])
pprint.pprint({"key": list(range(30)), "other": {"nested": "x" * 40}}, width=60)
parser = argparse.ArgumentParser(prog="tool", description="Does things.")
parser.add_argument("name")
parser.add_argument("-n", "--number", type=int, default=3)
print(parser.parse_args(["thing", "-n", "5"]), parser.format_usage())
logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s", level=logging.INFO)
logging.info("logged %d", 1)
print(len({secrets.token_hex(16) for _ in range(100)}), len(secrets.token_bytes(7)))
with contextlib.redirect_stdout(io.StringIO()) as captured, contextlib.suppress(KeyError):
    print("captured")
    {}["absent"]
print(repr(captured.getvalue()))
try:
    int("x")
except ValueError:
    print(traceback.format_exc().splitlines()[-1])


class Case(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(1 + 1, 2)

    def test_fails(self):
        self.assertTrue(False)


result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
print(result.testsRun, len(result.failures), len(result.errors))
