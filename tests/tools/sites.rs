//! Tools that make folders out of folders: pages and projects.

use crate::compare::Work;

const CONF: &str = "import sys\nsys.path.insert(0, '.')\nproject = 'Things'\nauthor = copyright = 'Somebody'\n\
    extensions = ['sphinx.ext.autodoc', 'sphinx.ext.viewcode', 'sphinx.ext.mathjax', 'sphinx.ext.graphviz']\n";

const INDEX: &str = "Things\n======\n\n.. toctree::\n\n   more\n\n\
    Text with ``code``, a :ref:`link <there>` and :py:func:`things.double`.\n\n\
    .. code-block:: python\n\n   def f(x): return x + 1\n\n.. automodule:: things\n   :members:\n";

const MORE: &str = ".. _there:\n\nMore\n====\n\n.. list-table::\n\n   * - a\n     - b\n\n.. math:: a^2\n\n\
    .. glossary::\n\n   ü\n     A letter.\n\n\
    :term:`ü` and :term:`nothing`\n";

const THINGS: &str =
    "\"\"\"Things to *double*.\"\"\"\n\n\ndef double(x):\n    \"\"\"Returns twice `x`.\"\"\"\n    return 2 * x\n";

#[test]
fn sphinx() {
    Work {
        tool: "sphinx",
        files: &[("conf.py", CONF), ("index.rst", INDEX), ("more.rst", MORE), ("things.py", THINGS)],
        lines: &[
            (0, "term not in glossary: 'nothing'", &["sphinx-build", "-b", "html", ".", "html"]),
            (0, "build succeeded", &["sphinx-build", "-b", "text", "-d", "html/.doctrees", ".", "text"]),
        ],
        not_compared: &[("environment.pickle", "it has the times at which files were read")],
        ..Work::default()
    }
    .check();
}

#[test]
fn mkdocs() {
    Work {
        tool: "mkdocs",
        files: &[
            (
                "mkdocs.yml",
                "site_name: Things\nnav: [{Home: index.md}, {More: more.md}]\nmarkdown_extensions: [toc, admonition]\n",
            ),
            (
                "docs/index.md",
                "# Hello\n\n| a | b |\n|---|---|\n| 1 | ü |\n\n[more](more.md) and [nothing](nothing.md)\n",
            ),
            ("docs/more.md", "# More\n\n!!! note\n    A note.\n\n```python\nx = 1\n```\n"),
        ],
        lines: &[
            (0, "contains a link 'nothing.md'", &["mkdocs", "build"]),
            (1, "Aborted with 1 warnings in strict mode!", &["mkdocs", "build", "--strict", "--site-dir", "strict"]),
            (0, "", &["mkdocs", "new", "--quiet", "another"]),
        ],
        not_compared: &[(
            "sitemap.xml.gz",
            "an archive of gzip has the time at which it was made; sitemap.xml has the contents",
        )],
        before_times: &["INFO    -  Documentation built in "],
        ..Work::default()
    }
    .check();
}

#[test]
fn cookiecutter() {
    const SETTINGS: &str = "{\"name\": \"A Thing\", \"kind\": [\"app\", \"library\"], \
        \"module\": \"{{ cookiecutter.name | slugify }}\"}";
    const MODULE: &str = "print('{{ cookiecutter.name | upper }}', '{{ cookiecutter.kind }}')\n";
    const MAIN: &str = "{{ cookiecutter.module }}\n";
    Work {
        tool: "cookiecutter",
        files: &[
            ("template/cookiecutter.json", SETTINGS),
            ("template/{{cookiecutter.module}}/{{cookiecutter.module}}.py", MODULE),
            ("template/{{cookiecutter.module}}/{% if cookiecutter.kind == 'app' %}main.txt{% endif %}", MAIN),
            ("template/{{cookiecutter.module}}/copied.bin", "\0{{ raw }}"),
        ],
        lines: &[
            (0, "", &["cookiecutter", "--no-input", "template", "name=Ünother thing"]),
            (0, "", &["cookiecutter", "--no-input", "-o", "out", "template", "kind=library"]),
            (1, "\"out/a-thing\" directory already exists", &["cookiecutter", "--no-input", "-o", "out", "template"]),
        ],
        ..Work::default()
    }
    .check();
}
