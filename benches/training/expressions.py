"""Regular expressions: a tokenizer and what is made of it, a log that is searched, substitutions, many small patterns."""

import re

TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<operator>[-+*/()=,<>]))")


def tokens(text):
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(text[at:])
        at = match.end()
        yield match.lastgroup, match.group(match.lastgroup)


class Parser:
    def __init__(self, text, names):
        self.tokens = list(tokens(text))
        self.at = 0
        self.names = names

    def take(self, *wanted):
        if self.at < len(self.tokens) and self.tokens[self.at][1] in wanted:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def sum(self):
        value = self.product()
        while operator := self.take("+", "-"):
            value = value + self.product() if operator == "+" else value - self.product()
        return value

    def product(self):
        value = self.factor()
        while operator := self.take("*", "/"):
            value = value * self.factor() if operator == "*" else value / self.factor()
        return value

    def factor(self):
        if self.take("-"):
            return -self.factor()
        if self.take("("):
            value = self.sum()
            self.take(")")
            return value
        kind, text = self.tokens[self.at]
        self.at += 1
        return float(text) if kind == "number" else self.names[text]


total = 0.0
for at in range(1500):
    total += Parser(f"(a + {at}) * 3.5 - b / ({at} + 1) * -(c - 2) + a * {at % 13}", {"a": 1.5, "b": 7.0, "c": at}).sum()
print("%.3f" % total)

LOG = "\n".join(
    f"2021-{at % 12 + 1:02}-{at % 28 + 1:02} 12:{at % 60:02}:{at * 7 % 60:02} "
    f"{('INFO', 'WARNING', 'ERROR')[at % 3]} [module{at % 9}] user=u{at % 50} took {at * 13 % 997}ms"
    + (f" at 10.0.{at % 255}.{at % 7}" if at % 4 == 0 else "")
    for at in range(6000)
)
slow = re.findall(r"^(\S+) \S+ ERROR \[(module[0-5])\] user=(\w+) took ([5-9]\d\d)ms", LOG, re.MULTILINE)
print(len(slow), slow[0], slow[-1])
print(len(re.findall(r"\b(?:\d{1,3}\.){3}\d{1,3}\b", LOG)), len(re.split(r"[\s\[\]=:-]+", LOG)))
hidden = re.sub(r"user=(\w+)", lambda match: "user=" + match.group(1)[::-1], LOG)
print(hash(hidden) == hash(LOG), len(re.sub(r"(\d+)-(\d+)-(\d+)", r"\3.\2.\1", hidden)), hidden[:60])
found = 0
for at in range(200):
    pattern = re.compile(f"(?i)(?:x{at}|[a-{chr(97 + at % 26)}]{{2,}}?)(?=.*{at % 10})(?!zz)\\w*")
    found += len(pattern.findall(LOG[at * 40 : at * 40 + 400]))
    re.purge()
print(found, bool(re.fullmatch(r"(a|b)*c", "ab" * 500 + "c")), re.search(r"(?s)<(\w+)>.*?</\1>", "<i>" + "x" * 2000 + "</i>").end())
