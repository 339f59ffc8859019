"""A program that talks: logging, templates, dates, arguments, paths, a configuration, markup that is written and read."""

import argparse
import configparser
import html
import io
import logging
import string
import xml.etree.ElementTree as ElementTree
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import PurePosixPath

stream = io.StringIO()
logger = logging.getLogger("training")
logger.propagate = False
logger.setLevel(logging.INFO)
handler = logging.StreamHandler(stream)
handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(funcName)s:%(message)s"))
logger.addHandler(handler)


class Odd(logging.Filter):
    def filter(self, record):
        return record.args == () or record.args[0] % 2 == 1


handler.addFilter(Odd())


def work(at):
    logger.debug("never seen %s", at)
    logger.info("step %d of %s", at, "many")
    if at % 50 == 0:
        try:
            1 / 0
        except ZeroDivisionError:
            logger.exception("it failed")
    logger.getChild("part").warning("half %.1f" % (at / 2))


for at in range(2500):
    work(at)
print(stream.getvalue().count("\n"), stream.getvalue()[:40])

template = string.Template("$name owes ${sum} since $day ($$)")
start = date(2020, 2, 28)
letters = [template.substitute(name=f"n{at}", sum=at * 3, day=start + timedelta(days=at)) for at in range(4000)]
print(letters[2], sum(map(len, letters)))
days = [datetime(2021, 1, 1) + timedelta(hours=at * 7) for at in range(4000)]
print(sum(day.weekday() for day in days), days[-1].isoformat(), sum(day.strftime("%A") == "Monday" for day in days))

for at in range(40):
    parser = argparse.ArgumentParser(prog="p")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--level", type=int, default=1)
    parser.add_argument("-v", action="store_true")
    found = parser.parse_args(["a", "b", "--level", str(at), "-v"])
print(found.level, found.files, found.v)
paths = [PurePosixPath("/a") / f"b{at}" / ".." / f"c{at % 7}.tar.gz" for at in range(2500)]
print(len({path.suffix for path in paths}), paths[3].with_name("x").as_posix(), sum(len(path.parts) for path in paths))
config = configparser.ConfigParser()
config.read_string("\n".join(f"[part {at}]\nname = n{at}\nsize: %(name)s/{at}\n" for at in range(300)))
print(sum(len(config[section]["size"]) for section in config.sections()))


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found.append(dict(attributes).get("href"))


page = "".join(f"<p class=x>text {html.escape('<&>')} <a href='/{at}'>{at}</a><br/></p>\n" for at in range(1200))
links = Links()
links.feed(page)
print(len(links.found), links.found[-1])
root = ElementTree.Element("list")
for at in range(2500):
    item = ElementTree.SubElement(root, "item", number=str(at), kind="ab"[at % 2])
    item.text = f"text & {at}"
again = ElementTree.fromstring(ElementTree.tostring(root))
print(len(again.findall("item[@kind='a']")), again[7].text, sum(int(item.get("number")) for item in again.iter("item")))
