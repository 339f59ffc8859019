//! The command lines that are compared.

use super::case::{Case, code, input, python, script};
use super::settings::settings;

/// Prints what there is to be seen.
pub const PROBE: &str = include_str!("probe.py");

/// All of them.
pub fn cases() -> Vec<Case> {
    let cold = falling_back();
    [probes(), arguments(), programs(), endings(), errors(), streams(), environments(), places(), cold, settings()]
        .concat()
}

/// What a program sees of itself, started in every way.
fn probes() -> Vec<Case> {
    let module = || python(["-m", "probe", "a", "--b"]).file("probe.py", PROBE);
    vec![
        code(PROBE),
        python(["-c", PROBE, "-c", "a b", "", "--", "-x", "ä\u{1f40d}"]),
        python([b"-c".as_slice(), PROBE.as_bytes(), b"not \xff\xfe UTF-8 \xed\xa0\x80"]),
        python([&format!("-c{PROBE}")]),
        python(["-u", "-c", PROBE]),
        python([&format!("-uc{PROBE}"), "x"]),
        script(PROBE),
        python(["script.py", "-c", "-", "--help"]).file("script.py", PROBE),
        python(["--", "-odd.py", "x"]).file("-odd.py", PROBE),
        python(["-u", "./below/script.py"]).file("below/script.py", PROBE),
        python(["../script.py"]).file("script.py", PROBE).file("below/x", "").inside("below"),
        python([".//below/../script.py"]).file("script.py", PROBE).file("below/x", ""),
        python(["-u", "link.py"]).file("script.py", PROBE).link("link.py", "script.py"),
        python(["link.py"]).file("below/script.py", PROBE).link("link.py", "below/script.py"),
        python(["down/link.py"]).file("down/x", "").file("up/script.py", PROBE).link("down/link.py", "../up/script.py"),
        python(["folder/script.py"]).file("real/script.py", PROBE).link("folder", "real"),
        python(["link.py"]).file("script.py", PROBE).link("link.py", "next.py").link("next.py", "./script.py"),
        input(PROBE),
        python(["-", "a", "-m"]).input(PROBE),
        python(["-u", "-"]).input(PROBE),
        python(["--"]).input(PROBE),
        python(["-u", "--", "-", "b"]).input(PROBE),
        module(),
        python(["-mprobe"]).file("probe.py", PROBE),
        python(["-um", "package", "x"]).file("package/__init__.py", "").file("package/__main__.py", PROBE),
        python(["-m", "package.part"]).file("package/__init__.py", "VALUE = 1").file("package/part.py", PROBE),
        module().file("below/x", "").variable("PYTHONUNBUFFERED", "1"),
        script(PROBE).file("sitecustomize.py", "print('not on the path yet')"),
    ]
}

/// Arguments that mean something to python, or do not.
fn arguments() -> Vec<Case> {
    let arguments: &[&[&str]] = &[
        &["-c", "import sys; print(sys.argv)", "-c", "pass"],
        &["-c", ""],
        &["-c", " \n\t"],
        &["-c", "# -*- coding: latin-1 -*-\nprint('\u{e4}')"],
        &["-c", "print('a')\r\nprint('b')\rprint('c')"],
        &["-cu", "x"],
        &["-u", "-u", "-c", "print(1)"],
        &["-c"],
        &["-m"],
        &["-m", ""],
        &["-m", "."],
        &["-m", ".relative"],
        &["-m", "no_such_module"],
        &["-m", "json"],
        &["-m", "json.no_such_module"],
        &["-m", "json.tool", "--help"],
        &["-m", "sys"],
        &["-m", "__main__"],
        &["-m", "this"],
        &["no/such/script.py"],
        &[""],
        &["."],
        &["/"],
        &["/dev/null"],
        &["-h"],
        &["--help"],
        &["-V"],
        &["--version"],
        &["-VV"],
        &["-?"],
        &["--no-such-option"],
        &["-Z"],
        &["---"],
        &["-uZ"],
        &["-W"],
    ];
    arguments.iter().map(|arguments| python(arguments.iter())).collect()
}

/// Programs that work, and what of them is easily gone wrong with.
fn programs() -> Vec<Case> {
    let closure = "x = 3\ndef f(): return x + y\nclass A: z = x\ny = 4\nprint(f(), A.z, [x for _ in 'ab'], locals() is globals())\n\
                   value: int = 5\nprint(__annotations__)\nglobal w\nw = 1\nprint(w, sorted(n for n in globals() if n[0] != '_'))";
    let frames =
        "import sys, traceback\ndef f():\n    traceback.print_stack()\n    print(sys._getframe(1).f_back)\nf()";
    let pickled = "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))), A.__module__)";
    let reading = "import sys\nprint(sys.stdin.readline())\nprint(sys.stdin.read())";
    let inspected = "import inspect\ndef f(): 'a'\nprint(inspect.getsourcefile(f) if '__file__' in globals() else 0)\n\
                     try: print(inspect.getsource(f))\nexcept OSError as error: print(error)";
    let mut all: Vec<Case> = [closure, frames, pickled, inspected].into_iter().flat_map(every_way).collect();
    all.extend([
        code("print(input('question? '), input())").input("first\nsecond\n"),
        code("input()"),
        code(reading).input("one\ntwo\nthree"),
        script(reading).input("one\ntwo\nthree"),
        input("import sys\nprint(repr(sys.stdin.read()))\nprint('after')\n"),
        input("print('no line end')"),
        input(""),
        input("\u{feff}print('mark')"),
        script("\u{feff}print('mark')"),
        script("#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\nprint('\u{e4}', __doc__)"),
        script(b"# coding: latin-1\nprint('\xe4')".as_slice()),
        script("'a docstring'\nfrom __future__ import annotations\nprint(__doc__)\r\nif 1:\r\n\tprint(2)\r\n"),
        script("import helper").file("helper.py", "print(__file__, __name__)\nimport __main__\nprint(__main__.__file__)"),
        script("import types\nprint(types.__file__)").file("types.py", "print('mine')"),
        python(["-m", "program"]).file("program.py", "import types\nprint(types.__file__)").file("types.py", "print('mine')"),
        python(["-m", "program"]).file("program.py", "import warnings\nprint(warnings.mine)").file("warnings/__init__.py", "mine = 1"),
        code("import types\nprint(types.__file__)").file("types.py", "print('mine')"),
        code("import re, json, asyncio, argparse, dataclasses\nasync def f(): return 7\nprint(asyncio.run(f()))"),
        code("import random, uuid, tempfile, secrets, logging, zoneinfo\nrandom.seed(1)\nprint(random.random(), logging.root.level)"),
        code("import sysconfig, platform; print(sysconfig.get_config_vars(), platform.architecture(), platform.node())"),
        code("import threading; print(threading.current_thread(), threading.main_thread().ident == threading.get_ident())"),
        code("import os\nos.environ['A'] = 'b'\nos.putenv('C', 'd')\ndel os.environ['HOME']\nprint(os.environ, os.environb)"),
        code("import os\nos.chdir('/')\nprint(os.getcwd())\nimport json\nprint(json.__file__)"),
        code("import sys; sys.setrecursionlimit(120)\ndef f(): f()\nf()").redirect("2>/dev/null"),
        code("import warnings; warnings.warn('w'); warnings.warn('d', DeprecationWarning)"),
        code("print(1 is 1); '\\d'"),
        script("print(1 is 1)\nassert (1, 'always')\n'\\d'\n"),
        input("print(1 is 1)\nassert (1, 'always')\n'\\d'\n"),
        code("import __main__, sys; print(__main__ is sys.modules['__main__'], dir(__main__))"),
        code("import runpy; print(runpy.run_module('json.tool', {'x': 1}, 'other')['x'])"),
        code("print(sorted(vars(type('A', (), {}))), type(lambda: 0).__code__)"),
        code("import sys; print('x' * 100000); print('y', file=sys.stderr)"),
        // 3.14 takes away what all lines begin with, and keeps them for tracebacks.
        code("\n    def f():\n\t \n        return 1 / 0\n\n    f()\n  "),
        code("  # only\n  # comments\nimport linecache; print(linecache.cache, linecache.__file__)"),
        code(" \n\t\n"),
        code("  import sys\n \tprint(sys)"),
        code("def f(): raise ValueError\nf()").file("linecache.py", "print('mine')"),
        code("import linecache; print(linecache.__file__)").variable("PYTHONPATH", "x").file("x/linecache.py", ""),
    ]);
    all
}

/// The same program by every way that there is.
fn every_way(program: &str) -> [Case; 4] {
    [code(program), script(program), input(program), python(["-m", "program"]).file("program.py", program)]
}

/// The ends that a program can come to.
fn endings() -> Vec<Case> {
    let quit = [
        "import sys; sys.exit()",
        "import sys; sys.exit(None)",
        "import sys; sys.exit(3)",
        "import sys; sys.exit(256)",
        "import sys; sys.exit(-1)",
        "import sys; sys.exit(True)",
        "import sys; sys.exit(2**70)",
        "import sys; print('out'); sys.exit('a message \\udcff')",
        "import sys; sys.exit((1, 2))",
        "raise SystemExit",
        "class E(SystemExit): code = 7\nraise E",
        "quit(4)",
        "import os; print('lost', end=''); os._exit(9)",
        "raise KeyboardInterrupt",
        "raise KeyboardInterrupt('with a text')",
        "raise StopIteration(5)",
        "raise GeneratorExit",
        "raise ValueError('v') from KeyError('k')",
        "raise ExceptionGroup('several', [ValueError(1), TypeError('two')])",
        "def f(n): return f(n - 1) if n else 1 / 0\nf(5)",
        "import sys\nsys.excepthook = lambda *args: print('hook', args, '__file__' in globals())\n1 / 0",
        "import sys\nsys.excepthook = 5\n1 / 0",
        "import sys\nprint('out')\nprint('error', file=sys.stderr)\n1 / 0",
    ];
    let after = [
        "import atexit, sys\natexit.register(lambda: print('at exit', '__file__' in globals(), sys._getframe(1) if sys._getframe().f_back else 0))",
        "import atexit\natexit.register(print, 'last')\natexit.register(lambda: 1 / 0)\natexit.register(print, 'first')",
        "import atexit, sys\natexit.register(print, 'at exit')\nsys.exit(5)",
        "import atexit, os\natexit.register(os._exit, 8)",
        "import atexit, sys\natexit.register(sys.exit, 8)",
        "import atexit\ndef f():\n    global a\n    class A:\n        def __del__(self): print('del')\n    a = A()\natexit.register(f)",
        "import atexit, traceback\natexit.register(traceback.print_stack)",
        "class A:\n    def __del__(self): print('del', self.x)\na = A()\na.x = 1\na.a = a",
        "class A:\n    __slots__ = ()\n    def __del__(self): print('del')\na = {'a': A()}",
        "class A(list):\n    def __del__(self): print('del')\nclass B(A): pass\nb = B()",
        "class M(type):\n    def __del__(self): print('class gone')\nclass A(metaclass=M): pass",
        "def g():\n    try: yield 1\n    finally: print('finally')\nx = g()\nnext(x)",
        "async def f(): pass\nx = f()",
        "async def g():\n    try: yield 1\n    finally: print('finally')\nx = g().asend(None)\ntry: x.send(None)\nexcept StopIteration: pass",
        "import weakref\nclass A: pass\na = A()\nr = weakref.ref(a, lambda r: print('gone'))",
        "import weakref\nclass A: pass\na = A()\nr = weakref.ref(a, print)",
        "import weakref\nclass A: pass\na = A()\nweakref.finalize(a, print, 'finalized')",
        "import weakref\nclass A: pass\na = A()\nd = weakref.WeakValueDictionary(a=a)\ns = weakref.WeakSet([a])",
        "f = open('written', 'w')\nf.write('unflushed')",
        "import io\nf = io.BufferedWriter(io.FileIO('written', 'w'))\nf.write(b'unflushed')",
        "f = open('written', 'wb', 0)\nf.write(b'direct')",
        "import warnings\nwarnings.simplefilter('always')\nf = open('written', 'w')",
        "import warnings, os\nwarnings.simplefilter('always')\nf = os.scandir('/')\nnext(f)",
        "import tempfile\nf = tempfile.NamedTemporaryFile(dir='.', delete=True)\nf.write(b'x')",
        "import tempfile\nd = tempfile.TemporaryDirectory(dir='.')",
        "import zipfile\nz = zipfile.ZipFile('z.zip', 'w')\nz.writestr(zipfile.ZipInfo('a'), 'b')\nprint(1)",
        "import asyncio\nloop = asyncio.new_event_loop()\nasync def f(): await asyncio.sleep(9)\nt = loop.create_task(f())",
        "import sys, io\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer)\nprint('wrapped')",
        "import sys\nclass W:\n    def write(self, text): pass\n    def flush(self): print('flushed', file=sys.__stdout__)\nsys.stdout = W()",
        "import sys\nsys.stdout.write('no line end')",
        "import sys\nsys.stdout.close()",
        "import sys\nsys.stdout = None",
        "import sys\ndel sys.stdout",
        "import sys\nsys.stdout.detach()",
        "import sys\nsys.setprofile(lambda *args: None)",
        "import gc\ngc.callbacks.append(lambda *args: print(args[0]))",
        "import gc\ngc.set_debug(gc.DEBUG_UNCOLLECTABLE)",
        "import threading\nthreading._register_atexit(print, 'threads')",
        "import concurrent.futures\nconcurrent.futures.ThreadPoolExecutor()",
        "import logging\nlogging.basicConfig()\nlogging.warning('logged')",
        "import os\nos.environ['PYTHONINSPECT'] = '1'",
        "import sys\nclass A:\n    def __del__(self): print(sys.is_finalizing(), sys.modules is None)\nsys.a = A()",
        "import sys\nclass A:\n    def __del__(self): 1 / 0\na = A()",
        "import builtins\nclass A:\n    def __del__(self): print('del')\nbuiltins.open = A()",
        "x = [[]] * 20000\ny = [[] for _ in x]\nclass A:\n    def __del__(self): print('del')\na = A()",
        "def f():\n    x = 5\n    return lambda: x\ng = f()\nclass A: b = g\na = A()\nl = [a, (1,), {2}, {'k': a}]",
        "import re, json, datetime, decimal, collections, functools\nx = [re.compile('a'), collections.deque(), functools.lru_cache(f := lambda: 1)]",
    ];
    quit.into_iter()
        .chain(after)
        .chain(ODD_OBJECTS)
        .flat_map(|program| [code(program), script(program).redirect("2>&1")])
        .collect()
}

/// Programs that would notice if their objects were looked at the usual way, or that hide what their end depends on.
const ODD_OBJECTS: [&str; 31] = [
    "import gc\nf = open('written', 'w')\ngc.collect()\ngc.freeze()\nf.write('x')",
    "import gc\nf = open('written', 'w')\ngc.freeze()\ngc.unfreeze()\nf.write('x')",
    "import gc\nf = open('written', 'w')\nf.write('x')\ngc.unfreeze()",
    "class M(type):\n    def __eq__(self, other): return self is other\nclass A(metaclass=M): pass\na = A()\nf = open('written', 'w')\nf.write('x')",
    "class M(type):\n    def __hash__(self): return print('hash') or 1\n    def __eq__(self, other): return print('equal') or True\nclass A(metaclass=M):\n    def __del__(self): print('del')\na = A()",
    "class M(type):\n    __mro__ = property(lambda self: print('looked at') or ())\nclass A(metaclass=M): pass\na = A()",
    "class M(type):\n    def __getattribute__(self, name): return print(name)\nclass A(metaclass=M): pass\na = A()",
    "class M(type):\n    def mro(self): return print('order') or super().mro()\nclass A(metaclass=M): pass\na = A()",
    "class A: __module__ = []\na = A()",
    "class A:\n    __module__ = 'posix'\n    def __del__(self): print('del')\na = A()",
    "class A:\n    @property\n    def __class__(self): return print('class') or int\na = A()",
    "class S(str):\n    __hash__ = str.__hash__\n    def __eq__(self, other): return bool(made and print('equal'))\nmade = False\nA = type('A', (), {S('__del__'): 1})\na = A()\nmade = True",
    "class A: pass\na = A()\nA.__del__ = lambda self: print('del')",
    "import os\nos._Environ.__del__ = lambda self: print('del')",
    "import os\nos.environ = None",
    "import os\nos._exit = lambda status: print('exit')",
    "import gc, atexit\ngc.get_objects = gc.unfreeze = atexit._ncallbacks = lambda *args: print('called')",
    "import sys, types\nsys.modules['threading'] = types.SimpleNamespace(_threading_atexits=(), _shutdown=lambda: print('shutdown'))",
    "import sys\nclass H:\n    def __eq__(self, other): return print('equal') or True\n    def __call__(self, *args): pass\nsys.unraisablehook = H()",
    "import warnings, os\nwarnings.filters = [('always', None, Warning, None, 0)]\nf = os.scandir('/')\nnext(f)",
    "import sys\nsys.stdout.flush = lambda: print('flushed', file=sys.stderr)\nprint('lost')",
    "import sys\nsys.stdin = sys.__stdin__ = open('written', 'w')\nsys.stdin.write('x')",
    "import io\nclass R(io.RawIOBase):\n    closed = property(lambda self: print('looked at'))\n    def readable(self): return True\nf = io.BufferedReader(R())",
    "import weakref\nclass R(weakref.ref): __callback__ = None\nclass A: pass\na = A()\nr = R(a, lambda r: print('gone'))",
    "import weakref, logging\nlogging.basicConfig(format='logged')\nclass A: pass\na = A()\nr = weakref.ref(a, logging.warning)",
    "import weakref\nclass A:\n    def f(self): pass\na = A()\nr = weakref.WeakMethod(a.f, lambda r: print('gone'))",
    "import weakref\nclass A: pass\na = A()\ndef gone(r): print('gone')\ngone.__module__ = 'weakref'\nr = weakref.ref(a, gone)",
    "import sys\nfor limit in range(1, 9):\n    try: sys.setrecursionlimit(limit)\n    except RecursionError: continue\n    break",
    "import atexit\ndef f():\n    global a\n    class M(type):\n        def __eq__(self, other): return self is other\n    class A(metaclass=M): pass\n    a = A()\natexit.register(f)\ng = open('written', 'w')\ng.write('x')",
    "import atexit\ndef f():\n    global g\n    g = open('written', 'w')\n    g.write('x')\natexit.register(f)",
    "import sys\nclass D:\n    def __getattr__(self, name): return print(name)\nsys.modules['warnings'] = D()",
];

/// What python objects to before anything runs.
fn errors() -> Vec<Case> {
    let programs: &[&[u8]] = &[
        b"if True print(1)",
        b"x = (1,",
        b"def f():\nreturn 1",
        b"'unterminated",
        b"'''unterminated\nlines",
        b"  indented",
        b"if 1:\n\tx\n        y",
        b"if 1:\n  x\n y",
        b"\xc3\xa4 = = 1",
        b"\xc3\xa4\xc3\xa4 = 'x' +\n",
        b"x = 1\nx = \\\n",
        b"return 5",
        b"yield 5",
        b"break",
        b"print 5",
        b"f(a=1, a=2)",
        b"def f(a, a): pass",
        b"x = 0777",
        b"x = 1_",
        b"x = 5 $ 6",
        b"x = \xe2\x82\xac",
        b"x = \xc2\xa0 5",
        b"from __future__ import nothing",
        b"x = 1\nfrom __future__ import annotations",
        b"nonlocal x",
        b"def f():\n    global x\n    x = 1\n    nonlocal x",
        b"f'{a b}'",
        b"f'{'",
        b"'\\N{no such character}'",
        b"'\\x5'",
        b"b'\xc3\xa4'",
        b"match x:\n  case a: 1\n  case b: 2",
        b"(a, b) += 1",
        b"x == 1 = 2",
        b"import a.b as c.d",
        b"\x0c\nprint('form feed')",
        b"class A:\n  def f(self):\n    x = [1, 2\n    y = 3\n",
        b"print('before')\n1 is 1\nx = (",
        b"# coding: no-such-coding\nprint(1)",
        b"# coding: latin-1\nx = '\xe4' +",
        b"print('bad \xff')",
        b"# bad \xff\nprint('comment')",
        b"print('zero \0')",
        b"x = ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((",
    ];
    let mut all = Vec::new();
    for program in programs {
        all.push(script(program));
        all.push(input(program));
        // A command line has no zeros.
        if !program.contains(&0) {
            all.push(python([b"-c".as_slice(), program]));
        }
    }
    all
}

/// Standard streams that are closed, full, or something else than pipes.
fn streams() -> Vec<Case> {
    let both = "import sys\nprint('out', flush=False)\nprint('error', file=sys.stderr)";
    let large = "print('x' * 5000)";
    let mut all = Vec::new();
    for redirection in [
        "<&-",
        ">&-",
        "2>&-",
        "<&- >&- 2>&-",
        ">/dev/full",
        "2>/dev/full",
        ">/dev/full 2>&1",
        "2>&1",
        "</dev/null",
        ">/dev/null",
        "<script.py",
        "</",
        ">output",
        ">>output 2>&1",
    ] {
        for case in [
            code(PROBE),
            code(both),
            code(large),
            python(["-u", "-c", both]),
            script(both),
            code("1 / 0"),
            code("import sys; print(5); sys.exit(3)"),
        ] {
            all.push(case.file("script.py", "print('from a file')\n").redirect(redirection));
        }
        all.push(python(["-"]).file("script.py", PROBE).redirect(redirection));
    }
    all.push(python(["-"]).file("script.py", "x = (").redirect("<script.py"));
    all.push(python(["-"]).file("script.py", "1 is 1\nx = (").redirect("<script.py"));
    all.push(
        python(["-", "a"])
            .file("script.py", "import os\nprint(os.lseek(0, 0, 1), os.read(0, 9))")
            .redirect("<script.py"),
    );
    all
}

/// Environments that python looks at.
fn environments() -> Vec<Case> {
    let mut all = Vec::new();
    for (name, value) in [
        ("LANG", "C.UTF-8"),
        ("LANG", ""),
        ("LANG", "de_DE.ISO-8859-1"),
        ("LANG", "nonsense"),
        ("LC_ALL", "C.UTF-8"),
        ("LC_ALL", "en_GB.UTF-8"),
        ("LC_CTYPE", "UTF-8"),
        ("LC_TIME", "C"),
        ("TZ", "Europe/Berlin"),
        ("PYTHONUNBUFFERED", "1"),
        ("PYTHONUNBUFFERED", ""),
        ("PYTHONUTF8", "nonsense"),
        ("PYTHONDONTWRITEBYTECODE", ""),
        ("PYTHONINSPECT", "1"),
        ("PYTHONPYCACHEPREFIX", "cache"),
        ("PYTHONCOERCECLOCALE", "0"),
        ("PYTHONNODEBUGRANGES", "1"),
        ("PYTHONDEVMODE", "1"),
        ("PYTHONBREAKPOINT", "0"),
        ("PYTHON_VERSION", "3.11"),
        ("PYTHONSOMETHING", "else"),
        ("EMPTY", ""),
        ("ODD", "ä=\u{1f40d}\n\"\\\t/"),
        ("ADDER_FAST_EXIT", "0"),
    ] {
        all.push(code(PROBE).variable(name, value));
        all.push(script(PROBE).variable(name, value));
    }
    all.push(code("print('\\udc80')").without("LANG"));
    all.push(code("print('\\udc80')"));
    all.push(code(PROBE).without("LANG").without("PATH").without("HOME"));
    all.push(code("breakpoint()").variable("PYTHONBREAKPOINT", "0"));
    all.push(code("import sys; sys.stdin.read()").input(b"\xff".as_slice()));
    all.push(code("import sys; print(ascii(sys.stdin.read()))").input(b"\xff".as_slice()).variable("LANG", "C.UTF-8"));
    all
}

/// Working directories, and what lies around.
fn places() -> Vec<Case> {
    vec![
        code(PROBE).file("pyvenv.cfg", "home = /usr/bin"),
        code(PROBE).file("lib/python3.11/os.py", "print('wrong')").file("lib/python3.12/os.py", "print('wrong')"),
        code(PROBE).file("ordner mit ä/x", "").inside("ordner mit ä"),
        script(PROBE).file("runpy.py", "print('mine')").file("sitecustomize.py", "print('mine')"),
        python(["-m", "probe"]).file("probe.py", PROBE).file("runpy.py", "print('mine')"),
        python(["a/b/../../script.py"]).file("a/b/x", "").file("script.py", PROBE),
    ]
}

/// What a cold start is for.
fn falling_back() -> Vec<Case> {
    // The end of an archive, and nothing before it.
    let zip: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let mut all: Vec<Case> = [
        "-d",
        "-i",
        "-S",
        "-v",
        "-x",
        "-OOO",
        "-Xdev",
        "-Xno_debug_ranges",
        "-Xfrozen_modules=off",
        "-Xfaulthandler",
        "-Xpycache_prefix=/no/such/folder",
    ]
    .into_iter()
    .map(|option| python([option, "-c", PROBE]))
    .collect();
    all.extend([
        python(["-i", "-c", "print(1)"]).input("print(2)\n"),
        python(["-x", "script.py"]).file("script.py", "@@@\nprint(1)"),
        python(["-W", "error", "-c", "import warnings; warnings.warn('loud')"]),
        python(["--check-hash-based-pycs", "always", "-c", "print(1)"]),
        python(["application"]).file("application/__main__.py", PROBE),
        python(["empty"]).file("empty/x", ""),
        python(["script.py"]).file("script.py", [b"print('a script with an archive')\n".as_slice(), zip].concat()),
        python(["empty.zip"]).file("empty.zip", zip),
        python(["script.pyc"]).file("script.pyc", "print('no bytecode')"),
        python(["/dev/stdin"]).input("print('through a device')\n"),
    ]);
    all
}
