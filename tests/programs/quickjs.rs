//! QuickJS, by npm's quickjs-wasi: a module for JavaScript hosts, which `drivers/quickjs.wat` turns into a command that
//! evaluates its arguments. What the host would have supplied is left missing.

use std::path::PathBuf;
use std::sync::OnceLock;

use adder::fetch::{Package, PackageFile, Registry};

use crate::built::{driver, executable, fetched};
use adder_tests::outcome::run;

const PACKAGE: Package = Package {
    registry: Registry::Npm,
    name: "quickjs-wasi",
    version: "3.6.2",
    sha256: "f1f4349f19a2d849e33ea0ae9bec2e7062b8839f4eceb17c9051ddbaa2720982",
    folder: "test-programs/quickjs-wasi-3.6.2",
    archive: None,
};

const MODULE: PackageFile = PackageFile {
    path: "package/quickjs.wasm",
    bytes: 637_405,
    sha256: "d4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9",
    cached_as: "quickjs.wasm",
};

fn quickjs() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let (main, library) = (driver("quickjs"), fetched(&PACKAGE, &MODULE));
        let named = format!("quickjs={}", library.display());
        let arguments = ["build", &main.display().to_string(), &named, "--allow-missing"];
        executable("quickjs", &arguments, &[&main, &library])
    };
    BUILT.get_or_init(build).clone()
}

#[test]
fn scripts_have_values() {
    for (script, value) in [
        ("1 + 2", "3"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("(2n ** 100n).toString()", "1267650600228229401496703205376"),
        ("[...'añ😀'].length", "3"),
        ("JSON.stringify({x: [3, 1, 2].sort().map(n => n ** 2), s: `t${1 + 1}`})", r#"{"x":[1,4,9],"s":"t2"}"#),
        ("'2024-02-29'.replace(/(?<y>\\d+)-(\\d+)-(\\d+)/u, '$3.$2.$<y>')", "29.02.2024"),
        ("class A { #p = 1; get p() { return this.#p } }; new A().p", "1"),
        ("function* g() { yield* [1, 2] }; [...g()].join('+')", "1+2"),
        ("let {a, ...rest} = {a: 1, b: 2, c: 3}; JSON.stringify(rest)", r#"{"b":2,"c":3}"#),
        ("try { null.x } catch (e) { e instanceof TypeError }", "true"),
        ("new Date(0).toISOString()", "1970-01-01T00:00:00.000Z"),
        ("new Float64Array([1.5, -0]).map(Math.fround).join()", "1.5,0"),
        (
            "let primes = []; for (let n = 2; primes.length < 1000; n++) if (primes.every(p => n % p)) primes.push(n); \
          primes.at(-1)",
            "7919",
        ),
    ] {
        let outcome = run(&quickjs(), &[script]);
        assert_eq!((outcome.printed(), outcome.stderr.as_str()), (format!("{value}\n").as_str(), ""), "{script}");
    }
}

#[test]
fn jobs_run_between_scripts() {
    let script = "var log = []; (async () => { log.push(1); await null; log.push(3) })(); log.push(2); undefined";
    assert_eq!(run(&quickjs(), &[script, "log.join()"]).printed(), "1,2,3\n");
}

#[test]
fn exceptions_end_the_program() {
    for (script, message) in [
        ("throw new TypeError('not so')", "TypeError: not so\n"),
        ("}", "SyntaxError: unexpected token in expression: '}'\n"),
        ("undefined_name", "ReferenceError: undefined_name is not defined\n"),
    ] {
        let outcome = run(&quickjs(), &["'before'", script, "'after'"]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(1), "before\n"), "{outcome:#?}");
        assert_eq!(outcome.stderr, message);
    }
}

#[test]
fn what_only_a_host_knows_traps_by_name() {
    let outcome = run(&quickjs(), &["new Date(2020, 0, 1).getHours()"]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(134), ""), "{outcome:#?}");
    let trap = "adder: trap: call of a missing import: env.host_get_timezone_offset\n";
    assert!(outcome.stderr.starts_with(trap), "{outcome:#?}");
}
