//! The programs of pyperformance: which are run, how often, and why others are not.

/// A program and the benchmarks that it has.
#[derive(Debug)]
pub struct Program {
    /// Its folder is `bm_` and this.
    pub folder: &'static str,
    /// What pyperformance starts it with.
    pub options: &'static [&'static str],
    pub benchmarks: &'static [Benchmark],
}

/// A benchmark of a program.
#[derive(Debug)]
pub struct Benchmark {
    /// What the program calls it.
    pub name: &'static str,
    /// How often it is run between two looks at the clock, by every Python: for a tenth to a third of a second of native
    /// Python, or once.
    pub loops: u32,
    /// Whether it takes so long that `--quick` leaves it out.
    pub long: bool,
}

impl Program {
    /// The benchmarks of a run, quick or not.
    pub fn chosen(&self, quick: bool) -> impl Iterator<Item = &'static Benchmark> {
        self.benchmarks.iter().filter(move |benchmark| !(quick && benchmark.long))
    }

    /// What it is started with, after the name of its file.
    pub fn arguments(&self, quick: bool, values: usize) -> Vec<String> {
        let loops: Vec<String> =
            self.chosen(quick).map(|benchmark| format!("{}={}", benchmark.name, benchmark.loops)).collect();
        let mut arguments = vec!["--loops".to_owned(), loops.join(","), "--values".to_owned(), values.to_string()];
        arguments.extend(self.options.iter().map(ToString::to_string));
        arguments
    }
}

const fn program(folder: &'static str, options: &'static [&'static str], benchmarks: &'static [Benchmark]) -> Program {
    Program { folder, options, benchmarks }
}

const fn short(name: &'static str, loops: u32) -> Benchmark {
    Benchmark { name, loops, long: false }
}

const fn long(name: &'static str) -> Benchmark {
    Benchmark { name, loops: 1, long: true }
}

/// In the order of the folders. Loops were counted by processor time of Debian's Python, once.
pub const PROGRAMS: &[Program] = &[
    program("argparse", &["many_optionals"], &[short("many_optionals", 107)]),
    program("argparse", &["subparsers"], &[short("subparsers", 2)]),
    program("async_generators", &[], &[short("async_generators", 1)]),
    program("async_tree", &["none"], &[long("async_tree_none")]),
    program("async_tree", &["none", "--task-groups"], &[long("async_tree_none_tg")]),
    program("async_tree", &["memoization"], &[long("async_tree_memoization")]),
    program("async_tree", &["cpu_io_mixed"], &[long("async_tree_cpu_io_mixed")]),
    program("barnes_hut", &[], &[long("quadtree_nbody")]),
    program(
        "base64",
        &[],
        &[
            short("base64_small", 283),
            short("base64_large", 11),
            short("urlsafe_base64_small", 165),
            short("base32_small", 11),
            long("base32_large"),
            short("base16_small", 106),
            short("base16_large", 3),
            short("ascii85_small", 5),
            long("ascii85_large"),
            short("base85_small", 14),
            long("base85_large"),
        ],
    ),
    program("bpe_tokeniser", &[], &[long("bpe_tokeniser")]),
    program("chameleon", &[], &[short("chameleon", 7)]),
    program("chaos", &[], &[short("chaos", 2)]),
    program("comprehensions", &[], &[short("comprehensions", 3736)]),
    program("coroutines", &[], &[short("coroutines", 4)]),
    program("decimal_factorial", &[], &[short("decimal_factorial", 2)]),
    program("decimal_pi", &[], &[short("decimal_pi", 2)]),
    program("deepcopy", &[], &[short("deepcopy", 247), short("deepcopy_reduce", 27988), short("deepcopy_memo", 2500)]),
    program("deltablue", &[], &[short("deltablue", 22)]),
    program("docutils", &[], &[long("docutils")]),
    program("fannkuch", &[], &[short("fannkuch", 2)]),
    program("float", &[], &[short("float", 2)]),
    program("gc_collect", &[], &[short("create_gc_cycles", 29)]),
    program("gc_traversal", &[], &[short("gc_traversal", 18)]),
    program("generators", &[], &[short("generators", 2)]),
    program("genshi", &[], &[short("genshi_text", 5), short("genshi_xml", 2)]),
    program("go", &[], &[short("go", 2)]),
    program("hexiom", &[], &[short("hexiom", 13)]),
    program("html5lib", &[], &[short("html5lib", 2)]),
    program("json_dumps", &[], &[short("json_dumps", 9)]),
    program("json_loads", &[], &[short("json_loads", 204)]),
    program(
        "logging",
        &[],
        &[short("logging_format", 1703), short("logging_silent", 109976), short("logging_simple", 1533)],
    ),
    program("mako", &[], &[short("mako", 10)]),
    program("mdp", &[], &[long("mdp")]),
    program("meteor_contest", &[], &[short("meteor_contest", 2)]),
    program("nbody", &[], &[short("nbody", 2)]),
    program("nqueens", &[], &[short("nqueens", 2)]),
    program("pathlib", &[], &[short("pathlib", 4)]),
    program("pickle", &["pickle"], &[short("pickle", 436)]),
    program("pickle", &["pickle_dict"], &[short("pickle_dict", 813)]),
    program("pickle", &["pickle_list"], &[short("pickle_list", 2830)]),
    program("pickle", &["--pure-python", "pickle"], &[short("pickle_pure_python", 302)]),
    program("pickle", &["unpickle"], &[short("unpickle", 313)]),
    program("pickle", &["unpickle_list"], &[short("unpickle_list", 2939)]),
    program("pickle", &["--pure-python", "unpickle"], &[short("unpickle_pure_python", 407)]),
    program("pidigits", &[], &[short("pidigits", 2)]),
    program("pprint", &[], &[long("pprint_safe_repr"), long("pprint_pformat")]),
    program("pyflate", &[], &[short("pyflate", 1)]),
    program("raytrace", &[], &[short("raytrace", 2)]),
    program("regex_compile", &[], &[short("regex_compile", 2)]),
    program("regex_dna", &[], &[short("regex_dna", 2)]),
    program("regex_effbot", &[], &[short("regex_effbot", 3)]),
    program("regex_v8", &[], &[short("regex_v8", 4)]),
    program("richards", &[], &[short("richards", 2)]),
    program("richards_super", &[], &[short("richards_super", 2)]),
    program(
        "scimark",
        &[],
        &[
            short("scimark_fft", 1),
            short("scimark_lu", 2),
            short("scimark_monte_carlo", 2),
            short("scimark_sor", 2),
            short("scimark_sparse_mat_mult", 29),
        ],
    ),
    program("spectral_norm", &[], &[short("spectral_norm", 2)]),
    program("sqlglot_v2", &["normalize"], &[short("sqlglot_v2_normalize", 2)]),
    program("sqlglot_v2", &["optimize"], &[short("sqlglot_v2_optimize", 2)]),
    program("sqlglot_v2", &["parse"], &[short("sqlglot_v2_parse", 62)]),
    program("sqlglot_v2", &["transpile"], &[short("sqlglot_v2_transpile", 46)]),
    program("sympy", &[], &[long("sympy_expand"), long("sympy_integrate"), long("sympy_sum"), long("sympy_str")]),
    program("telco", &[], &[short("telco", 13)]),
    program("tomli_loads", &[], &[long("tomli_loads")]),
    program("typing_runtime_protocols", &[], &[short("typing_runtime_protocols", 251)]),
    program("unpack_sequence", &[], &[short("unpack_sequence", 6683)]),
    program(
        "xml_etree",
        &[],
        &[
            short("xml_etree_parse", 2),
            short("xml_etree_iterparse", 2),
            short("xml_etree_generate", 2),
            short("xml_etree_process", 2),
        ],
    ),
];

/// What pyperformance has besides, and why it is not run.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("2to3, hg_startup, python_startup, python_startup_no_site", "they start processes"),
    ("asyncio_tcp, asyncio_tcp_ssl, asyncio_websockets, fastapi, tornado_http", "they need sockets"),
    ("concurrent_imap, dask", "they start processes and threads"),
    ("async_tree_eager and its kin", "they need Python 3.12"),
    ("async_tree_io, and the other kinds of async_tree with task groups", "they wait for timers or repeat what is run"),
    ("sqlalchemy_declarative, sqlalchemy_imperative, sqlite_synth", "the WASI build has no sqlite3"),
    ("coverage, dulwich_log, yaml", "PyPI has their libraries with code in C only"),
    ("django_template", "the native build has no zlib"),
    ("crypto_pyaes", "PyPI has its library as a source archive only, which pip would have to run"),
    ("networkx and its kin", "reading their graph takes half a minute before they begin"),
    ("sphinx, xdsl", "their many libraries are not fetched"),
];
