//! Tools that read source code.

use crate::compare::Work;

const SHAPES: &str = r#"import os, sys
from typing import *
class  Shape( object ):
    def area(self,a,b = 3,*args,**kw): return {  "a":1,'b':[x for x in range(10) if x%2==0 and x>3 and some_long(x) and other] }
    async def wait( self ):
        async with self.lock , other as l : await l
match os.getcwd():
    case { "a":1 , **rest } if rest: pass
    case [ int( ) , *_ ] | None:pass
try:
    print(f'{os.getcwd()!r:>{10}}' , end = "")
except (ValueError,TypeError) as error : del error
else : lambda x,/,y=1,*,z : (yield)
assert ( x := 1 ), 'it is' ''' one'''
def typed(a : int|None=None)->Dict[str,int] : ...  # a comment
"#;

const TIDY: &str = "def double(x):\n    return 2 * x\n";

#[test]
fn black() {
    Work {
        tool: "black",
        files: &[("shapes.py", SHAPES), ("package/tidy.py", TIDY), ("package/more.py", "a = [1,\n2,]\n")],
        lines: &[
            (1, "would reformat shapes.py", &["black", "--check", "shapes.py"]),
            (0, "-    async def wait( self ):", &["black", "--diff", "shapes.py"]),
            (1, "1 file would be reformatted, 1 file would be left unchanged", &["black", "--check", "package"]),
            (0, "2 files reformatted, 1 file left unchanged", &["black", "."]),
            (0, "3 files would be left unchanged", &["black", "-v", "--check", "."]),
            (0, "x = {\"a\": 1}", &["black", "-c", "x = {  'a':1 }"]),
        ],
        before_times: &["+++ shapes.py\t", "--- shapes.py\t"],
        ..Work::default()
    }
    .check();
}

#[test]
fn flake8() {
    Work {
        tool: "flake8",
        files: &[
            ("shapes.py", SHAPES),
            ("package/tidy.py", TIDY),
            ("package/unused.py", "import os\ndef f():\n  x=1\n"),
        ],
        lines: &[
            (1, "F401 'os' imported but unused", &["flake8", "."]),
            (1, "F841 local variable 'x' is assigned to but never used", &["flake8", "-j1", "--statistics", "package"]),
            (1, "C901 'f' is too complex (1)", &["flake8", "--max-complexity=0", "--select=C", "package/unused.py"]),
            (0, "", &["flake8", "package/tidy.py"]),
        ],
        ..Work::default()
    }
    .check();
}

#[test]
fn bandit() {
    const BAD: &str = "import pickle, subprocess\nsubprocess.call('ls ' + x, shell=True)\npickle.loads(b)\npassword = 'secret'\n\
        assert x\nexec(x)\nimport hashlib; hashlib.md5(b'')\n";
    Work {
        tool: "bandit",
        files: &[("bad.py", BAD), ("tidy.py", TIDY)],
        lines: &[
            (1, "B602:subprocess_popen_with_shell_equals_true", &["bandit", "-q", "-r", "."]),
            (1, "bad.py,hardcoded_password_string,B105", &["bandit", "-q", "-f", "csv", "bad.py"]),
            (1, "B324", &["bandit", "-q", "-ll", "-f", "custom", "--msg-template", "{line}: {test_id}", "bad.py"]),
            (0, "", &["bandit", "-q", "tidy.py"]),
        ],
        before_times: &["Run started:"],
        ..Work::default()
    }
    .check();
}

#[test]
fn pygments() {
    Work {
        tool: "pygments",
        files: &[
            ("shapes.py", SHAPES),
            ("page.html", "<p class=a>x<script>let a = 1;</script>"),
            ("main.rs", "fn main() {}\n"),
        ],
        lines: &[
            (0, "<span class=\"k\">class</span>", &["pygmentize", "-f", "html", "-O", "full,linenos=1", "shapes.py"]),
            (0, "\u{1b}[", &["pygmentize", "-f", "terminal256", "-O", "style=monokai", "shapes.py"]),
            (0, "", &["pygmentize", "-f", "svg", "-o", "page.svg", "page.html"]),
            (0, "fn", &["pygmentize", "-f", "raw", "main.rs"]),
            (0, "rust", &["pygmentize", "-N", "main.rs"]),
            (1, "no lexer for alias 'nothing' found", &["pygmentize", "-l", "nothing", "main.rs"]),
        ],
        ..Work::default()
    }
    .check();
}
