//! The command lines with options and variables that say how python is to start.

use super::case::{Case, code, python, script};
use super::cases::PROBE;

/// Does what options and variables have a say in.
const BEHAVIOUR: &str = include_str!("behaviour.py");

/// Options that are applied to a process that goes on from the checkpoint.
pub const APPLIED_OPTIONS: [&[&str]; 22] = [
    &["-B"],
    &["-b"],
    &["-bb"],
    &["-E"],
    &["-I"],
    &["-O"],
    &["-OO"],
    &["-P"],
    &["-q"],
    &["-R"],
    &["-s"],
    &["-t"],
    &["-Werror"],
    &["-W", "ignore::UserWarning", "-Wnonsense"],
    &["-Wdefault:d"],
    &["-X", "utf8"],
    &["-Xutf8=0"],
    &["-Xunheard_of=5", "-X", "unheard_of"],
    &["-Xint_max_str_digits=700"],
    &["-Xwarn_default_encoding"],
    &["-IBOObbq", "-u"],
    &["-sP", "-W", "always", "-O", "-Xutf8"],
];

/// Variables that are.
pub const APPLIED_VARIABLES: [(&str, &str); 30] = [
    ("PYTHONDONTWRITEBYTECODE", "1"),
    ("PYTHONDONTWRITEBYTECODE", "0"),
    ("PYTHONDONTWRITEBYTECODE", "yes"),
    ("PYTHONPATH", "below:/no/such/folder"),
    ("PYTHONPATH", "below:.:./below:"),
    ("PYTHONIOENCODING", "latin-1"),
    ("PYTHONIOENCODING", "ascii:replace"),
    ("PYTHONIOENCODING", ":backslashreplace"),
    ("PYTHONIOENCODING", "UTF8"),
    ("PYTHONWARNINGS", "error"),
    ("PYTHONWARNINGS", "ignore,,always::DeprecationWarning,ignore"),
    ("PYTHONWARNINGS", "nonsense"),
    ("PYTHONUTF8", "1"),
    ("PYTHONUTF8", "0"),
    ("PYTHONOPTIMIZE", "1"),
    ("PYTHONOPTIMIZE", "x"),
    ("PYTHONOPTIMIZE", "2"),
    ("PYTHONNOUSERSITE", "1"),
    ("PYTHONSAFEPATH", "1"),
    ("PYTHONINTMAXSTRDIGITS", "1000"),
    ("PYTHONINTMAXSTRDIGITS", "0"),
    ("PYTHONWARNDEFAULTENCODING", "1"),
    ("PYTHONUNBUFFERED", "0"),
    ("PYTHONUNBUFFERED", "x"),
    ("PYTHONSTARTUP", "script.py"),
    ("LANG", "C"),
    ("LANG", "POSIX"),
    ("LC_ALL", "C"),
    ("LC_ALL", "POSIX"),
    ("LC_CTYPE", "C"),
];

/// What is wrong, or cannot be applied.
const OTHERS: [(&str, &str); 14] = [
    ("PYTHONPATH", "package"),
    ("PYTHONPATH", "custom"),
    ("PYTHONPATH", "script.py"),
    ("PYTHONIOENCODING", "no-such-encoding"),
    ("PYTHONIOENCODING", "utf-8:no-such-treatment"),
    ("PYTHONWARNINGS", "error::package.Warning"),
    ("PYTHONUTF8", "2"),
    ("PYTHONOPTIMIZE", "3"),
    ("PYTHONINTMAXSTRDIGITS", "5"),
    ("PYTHONINTMAXSTRDIGITS", "many"),
    ("PYTHONCOERCECLOCALE", "0"),
    ("PYTHONUSERBASE", "below"),
    ("PYTHONHOME", "/usr/local"),
    ("PYTHONFAULTHANDLER", "1"),
];

/// With the files that the programs and variables mean.
fn surrounded(case: Case) -> Case {
    case.file("helper.py", "'described'\nassert not 'asserted'\n")
        .file("below/other.py", "print('other')")
        .file("package/encodings/__init__.py", "print('hides the real one')")
        .file("custom/sitecustomize.py", "print('customised')")
        .file("text", "t\u{e4}xt")
}

/// All of them.
pub fn settings() -> Vec<Case> {
    let mut all = Vec::new();
    for options in APPLIED_OPTIONS {
        let with = |rest: &[&str]| python([options, rest].concat());
        // The modules that are loaded for a text in a warning's filter are in another order.
        if !options.contains(&"-Wdefault:d") {
            all.push(with(&["-c", PROBE]));
            all.push(with(&["-m", "probe", "x"]).file("probe.py", PROBE));
        }
        all.push(surrounded(with(&["-c", BEHAVIOUR])));
        all.push(surrounded(with(&["script.py"]).file("script.py", BEHAVIOUR)));
        all.push(surrounded(with(&["-"]).input(BEHAVIOUR)));
    }
    for (name, value) in APPLIED_VARIABLES.into_iter().chain(OTHERS) {
        let with = |case: Case| surrounded(case).variable(name, value);
        all.push(with(code(PROBE)));
        all.push(with(python(["-m", "probe"]).file("probe.py", PROBE)));
        all.push(with(code(BEHAVIOUR)));
        all.push(with(script(BEHAVIOUR)));
        all.push(with(python(["-E", "-c", PROBE])));
    }
    // What is wrong with an option is said once, whoever finds what is wrong with the program.
    for program in ["1 +", "1 is 1", "1 is 1; x ="] {
        all.push(python(["-Wnonsense", "-c", program]));
        all.push(python(["-Wnonsense", "script.py"]).file("script.py", program));
        all.push(python(["-Wnonsense", "-"]).input(program));
    }
    for (options, variables) in [
        (&["-Xutf8=0"][..], &[("LANG", "C")][..]),
        (&["-Xutf8=0"], &[("LC_ALL", "C")]),
        (&[], &[("LANG", "C"), ("PYTHONCOERCECLOCALE", "0")]),
        (&["-E"], &[("LANG", "C"), ("PYTHONCOERCECLOCALE", "0")]),
        (&[], &[("LC_CTYPE", "C"), ("LC_TIME", "de_DE.UTF-8")]),
        (&[], &[("LC_ALL", "C"), ("PYTHONIOENCODING", "latin-1"), ("PYTHONDONTWRITEBYTECODE", "1")]),
        (&["-O"], &[("PYTHONOPTIMIZE", "2"), ("PYTHONPATH", "below")]),
        (&["-Wignore"], &[("PYTHONWARNINGS", "error,ignore")]),
        (&["-bb", "-Wdefault::BytesWarning"], &[]),
        (&["-Xutf8=2"], &[]),
        (&["-Xint_max_str_digits"], &[]),
        (&["-Xint_max_str_digits=700"], &[("PYTHONINTMAXSTRDIGITS", "800")]),
        (&["-Xint_max_str_digits=700"], &[("PYTHONINTMAXSTRDIGITS", "5")]),
        (&["-E"], &[("PYTHONBREAKPOINT", "print"), ("PYTHONINSPECT", "1"), ("PYTHONHASHSEED", "0")]),
    ] {
        for program in [PROBE, BEHAVIOUR] {
            let case = surrounded(python([options, &["-c", program][..]].concat()));
            all.push(variables.iter().fold(case, |case, (name, value)| case.variable(name, value)));
        }
    }
    all
}
