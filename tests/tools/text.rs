//! Tools that read and write text.

use crate::compare::Work;

const PAGE: &str = "# A *page*\n\n| a | b |\n|---|--:|\n| 1 | ü |\n\n1. [link](https://example.org \"title\")\n\
    - `code` ~~gone~~\n\n> quoted\n\n```python\ndef f(): return 1\n```\n\n<b>html</b> &amp; &copy; \\*\n";

const TABLE: &str = "name,count,share\napple,12,0.5\nパン,3,0.125\n,,\n";

#[test]
fn yamllint() {
    const BAD: &str = "a: [1,2]\nb:   3\nb: 4 \n\
        long: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\nc: yes";
    Work {
        tool: "yamllint",
        files: &[
            ("bad.yaml", BAD),
            ("broken.yaml", "---\na: [1\nb: }\n"),
            ("good.yaml", "---\na: [1, 2]\nb: {c: d}\n"),
        ],
        lines: &[
            (1, "duplication of key \"b\" in mapping", &["yamllint", "bad.yaml"]),
            (1, "broken.yaml:3:2: [error] syntax error", &["yamllint", "-f", "parsable", "."]),
            (0, "", &["yamllint", "--strict", "good.yaml"]),
            (0, "too many spaces after colon", &["yamllint", "-d", "{rules: {colons: {level: warning}}}", "bad.yaml"]),
        ],
        ..Work::default()
    }
    .check();
}

#[test]
fn markdown_it() {
    Work {
        tool: "markdown-it-py",
        files: &[("page.md", PAGE), ("other.md", "Setext\n===\n\n* a\n* b\n\n![x](y.png)\n")],
        lines: &[
            (0, "<h1>A <em>page</em></h1>", &["markdown-it", "page.md"]),
            (0, "<img src=\"y.png\" alt=\"x\" />", &["markdown-it", "page.md", "other.md"]),
        ],
        ..Work::default()
    }
    .check();
}

#[test]
fn tabulate() {
    Work {
        tool: "tabulate",
        files: &[("table.csv", TABLE)],
        lines: &[
            (0, "| apple  |      12 |   0.5   |", &["tabulate", "-s", ",", "-1", "-f", "grid", "table.csv"]),
            (0, "<table>", &["tabulate", "-s", ",", "-1", "-f", "html", "-F", ".2f", "table.csv"]),
            (0, "", &["tabulate", "-s", ",", "-f", "latex", "-o", "table.tex", "table.csv"]),
        ],
        ..Work::default()
    }
    .check();
}

#[test]
fn rich() {
    Work {
        tool: "rich-cli",
        files: &[
            ("page.md", PAGE),
            ("table.csv", TABLE),
            ("a.py", "def f(x: int):\n    return [x] * 3\n"),
            ("a.json", "{\"a\":[1,null]}"),
        ],
        lines: &[
            (0, "apple", &["rich", "--width=60", "table.csv"]),
            (0, "page", &["rich", "--width=60", "--force-terminal", "page.md"]),
            (0, "return", &["rich", "--width=60", "--line-numbers", "--guides", "a.py"]),
            (0, "null", &["rich", "--width=60", "--json", "a.json"]),
            (0, "a bold text", &["rich", "--width=60", "--print", "--panel=double", "a [b]bold[/b] text"]),
            (0, "", &["rich", "--width=60", "--export-html=page.html", "page.md"]),
        ],
        ..Work::default()
    }
    .check();
}

#[test]
fn jinja2() {
    const TEMPLATE: &str = "{% macro item(x) %}<{{ x | upper }}>{% endmacro %}\
        {% for x in names if x != 'b' %}{{ loop.index }}{{ item(x) }}{% endfor %}\
        {{ nested.a | default('none') }} {{ '<&>' | e }} {% set y = names | join('-') %}{{ y }}\n";
    Work {
        tool: "jinja2-cli",
        files: &[
            ("page.j2", TEMPLATE),
            ("data.yaml", "names: [a, b, ü]\nnested: &n {a: 2024-01-02}\nother: *n\n"),
            ("data.json", "{\"names\": [\"x\"], \"nested\": {}}"),
            ("data.toml", "names = [\"t\"]\n[nested]\na = 1.5\n"),
        ],
        lines: &[
            (0, "1<A>2<Ü>2024-01-02 &lt;&amp;&gt; a-b-ü", &["jinja2", "page.j2", "data.yaml"]),
            (0, "1<X>none &lt;&amp;&gt; x", &["jinja2", "page.j2", "data.json"]),
            (0, "1<T>1.5", &["jinja2", "page.j2", "data.toml", "-o", "/dev/stdout"]),
            (1, "'nested' is undefined", &["jinja2", "--strict", "-D", "names=ab", "page.j2"]),
        ],
        ..Work::default()
    }
    .check();
}
