"""JSON: documents made, written in several ways, read, walked, changed; CSV besides."""

import csv
import io
import json


def document(at, depth=3):
    leaf = {
        "id": at,
        "name": f"näme {at}\n\"quoted\"",
        "ratio": at / 7,
        "tags": [f"t{at % 5}", None, True, at % 2 == 0],
    }
    if depth:
        leaf["children"] = [document(at * 3 + child, depth - 1) for child in range(3)]
    return leaf


def walk(value):
    if isinstance(value, dict):
        return sum(walk(part) + len(key) for key, part in value.items())
    if isinstance(value, list):
        return sum(map(walk, value))
    if isinstance(value, str):
        return len(value)
    return 1


documents = [document(at) for at in range(60)]
size = 0
for _ in range(2):
    compact = json.dumps(documents, separators=(",", ":"))
    again = json.loads(compact)
    assert again == documents
    size += len(compact)
# With an indent, and without ASCII, other code of the library is used: that in Python.
pretty = json.dumps(documents[:20], indent=2, ensure_ascii=False, sort_keys=True)
print(size, len(pretty), walk(again), json.loads(pretty) == documents[:20])


class Encoder(json.JSONEncoder):
    def default(self, value):
        return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


parts = "".join(Encoder(indent=1).iterencode({"set": {3, 1, 2}, "complex": 1j, "list": list(range(2000))}))
print(len(parts), json.loads(parts, parse_int=lambda text: int(text) + 1)["list"][-1])
hooked = json.loads(compact, object_hook=lambda found: (found["id"], len(found)))
print(hooked[5], hooked[-1])
small = [json.loads(json.dumps({"a": at, "b": [at, str(at)]}))["b"][1] for at in range(6000)]
print(len("".join(small)))

out = io.StringIO()
writer = csv.DictWriter(out, ["id", "name", "ratio"], extrasaction="ignore")
writer.writeheader()
for _ in range(20):
    writer.writerows(documents)
rows = list(csv.DictReader(io.StringIO(out.getvalue())))
print(len(rows), rows[7]["name"] == documents[7]["name"], "%.6f" % sum(float(row["ratio"]) for row in rows))
