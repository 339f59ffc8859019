//! Profiles from end to end: instrumented executables write them, `adder profile merge` sums them up, builds use them.

mod common;

use adder::target::{TARGETS, Target};
use common::{Outcome, Workshop, wrote};
use std::fs;
use std::process::Command;

/// Sums up what `f` gives for the numbers below 1000, by a table whose first function is nearly always called, and ends
/// as `end` says.
fn program(end: &str) -> String {
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environment (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (type $f (func (param i32) (result i32)))
            (table 2 2 funcref)
            (elem (i32.const 0) $usual $rare)
            (func $small (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func $usual (type $f) (call $small (i32.mul (local.get 0) (i32.const 3))))
            (func $rare (type $f) (if (i32.eqz (local.get 0)) (then (return (i32.const 77)))) (i32.const 5))
            (func $sum (result i32) (local $i i32) (local $sum i32)
                (loop $again
                    (local.set $sum (i32.add (local.get $sum)
                        (call_indirect (type $f) (local.get $i) (i32.eqz (i32.rem_u (local.get $i) (i32.const 100))))))
                    (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
                (local.get $sum))
            (func (export "_start") (local $sum i32)
                (local.set $sum (call $sum))
                (drop (call $environment (i32.const 0) (i32.const 4)))
                {end}))"#
    )
}

/// Ends with a status that shows the sum, 1485632 in all, and the number of variables of the environment.
const EXIT: &str = "(call $exit (i32.add (i32.rem_u (local.get $sum) (i32.const 97)) (i32.load (i32.const 0))))";

/// What [`EXIT`] ends with in an empty environment.
const STATUS: i32 = expected() % 97;

const fn expected() -> i32 {
    let (mut sum, mut number) = (77 + 9 * 5, 0);
    while number < 1000 {
        if number % 100 != 0 {
            sum += number * 3 + 1;
        }
        number += 1;
    }
    sum
}

fn adder(workshop: &Workshop, arguments: &str) -> Outcome {
    workshop.adder(&arguments.split(' ').collect::<Vec<_>>())
}

fn build(workshop: &Workshop, arguments: &str) {
    let outcome = adder(workshop, arguments);
    assert_eq!(outcome.status, 0, "{arguments}: {}", outcome.stderr);
    assert!(!outcome.stderr.contains("warning"), "{arguments}: {}", outcome.stderr);
}

fn run(workshop: &Workshop, program: &str, profile: Option<&str>) -> Outcome {
    let mut command = Command::new(workshop.work().join(program));
    command.current_dir(workshop.work()).env_clear();
    command.envs(profile.map(|path| ("ADDER_PROFILE", path)));
    let outcome = Outcome::from(command.output().expect("the program can be started"));
    assert_eq!(outcome.stdout, "", "the program prints nothing");
    outcome
}

#[test]
fn a_profile_goes_where_it_should_and_builds_by_it_do_the_same() {
    let workshop = Workshop::new();
    workshop.module("program.wasm", &program(EXIT));
    build(&workshop, "build program.wasm -o counts --inherit-env --instrument=by-default.profile");
    assert_eq!(run(&workshop, "counts", None).status, STATUS);
    // The guest does not see the variable, so the status is the same.
    assert_eq!(run(&workshop, "counts", Some("of-%p.profile")).status, STATUS);
    let of_process = workshop.names().into_iter().find(|name| name.starts_with("of-")).expect("a profile");
    assert!(of_process["of-".len()..].trim_end_matches(".profile").parse::<u32>().is_ok(), "{of_process}");
    let written = fs::read(workshop.work().join("by-default.profile")).expect("a profile");
    let other = fs::read(workshop.work().join(&of_process)).expect("a profile");
    assert!(written == other, "runs that do the same count the same");

    build(&workshop, &format!("profile merge -o sum.profile by-default.profile {of_process}"));
    let sum = fs::metadata(workshop.work().join("sum.profile")).expect("the sum").len();
    assert!(sum < written.len() as u64, "{sum} bytes");
    // The default comes last.
    for level in [0, 1] {
        build(&workshop, &format!("build program.wasm -o fast -O {level} --inherit-env --profile sum.profile"));
        assert_eq!(run(&workshop, "fast", None).status, STATUS, "-O {level}");
    }
    let first = fs::read(workshop.work().join("fast")).expect("an executable");
    build(&workshop, "build program.wasm -o fast --inherit-env --profile sum.profile");
    let is_first = || fs::read(workshop.work().join("fast")).expect("an executable") == first;
    assert!(is_first(), "the same input, the same bytes");
    // The same counts, twice: how often is not what matters.
    let from_two =
        format!("build program.wasm -o fast --inherit-env --profile by-default.profile --profile {of_process}");
    build(&workshop, &from_two);
    assert!(is_first(), "two profiles that say the same");
    // Only instrumented executables have anything of it.
    assert_eq!(run(&workshop, "fast", Some("never.profile")).status, STATUS + 1, "to others it is any variable");
    assert!(!workshop.names().contains(&"never.profile".to_owned()));
}

/// The code of the function with the loop.
fn code_of_sum(workshop: &Workshop, name: &str) -> String {
    let text = fs::read_to_string(workshop.work().join(name)).expect("text");
    let start = text.find(": sum\n").expect("the function $sum");
    text[start..].split("\n; function").next().expect("a function").to_owned()
}

/// What is counted is the module's, and so is what is made of it.
#[test]
fn a_profile_is_for_every_target_whichever_counted() {
    let workshop = Workshop::new();
    workshop.module("program.wasm", &program(EXIT));
    let run = |target: &Target, executable: &str| {
        let path = format!("./{executable}");
        match target.is_host() {
            true => workshop.run(&path, &[]),
            false => workshop.run(target.emulator, &[&path]),
        }
    };
    let names = TARGETS.each_ref().map(|target| target.name);
    for target in &TARGETS {
        let name = target.name;
        let counts = format!("counts-{name}");
        build(&workshop, &format!("build program.wasm -o {counts} --target {name} --instrument={name}.profile"));
        assert_eq!(run(target, &counts).status, STATUS, "{name}");
        // Executables name functions by where their code is; a merged profile has numbers instead.
        build(&workshop, &format!("profile merge -o {name}.merged {name}.profile"));
    }
    let [one, other] = names.map(|name| fs::read(workshop.work().join(format!("{name}.merged"))).expect("a profile"));
    assert!(one == other, "executables for different targets count differently");
    for target in &TARGETS {
        let made = names.map(|by| {
            let executable = format!("{}-by-{by}", target.name);
            let options = format!("--target {} --profile {by}.profile", target.name);
            build(&workshop, &format!("build program.wasm -o {executable} {options}"));
            assert_eq!(run(target, &executable).status, STATUS, "{executable}");
            build(&workshop, &format!("build program.wasm -o {executable}.clif --emit clif {options}"));
            let fast = code_of_sum(&workshop, &format!("{executable}.clif"));
            assert!(fast.contains("imul"), "the profile is not used:\n{fast}");
            fs::read(workshop.work().join(executable)).expect("an executable")
        });
        assert!(made[0] == made[1], "for {} it matters which target counted", target.name);
    }
}

#[test]
fn calls_become_direct_and_bodies_take_their_place() {
    let workshop = Workshop::new();
    workshop.module("program.wasm", &program(EXIT));
    build(&workshop, "build program.wasm -o counts --instrument");
    assert_eq!(run(&workshop, "counts", None).status, STATUS);
    build(&workshop, "build program.wasm -o plain.clif --emit clif");
    build(&workshop, "build program.wasm -o fast.clif --emit clif --profile adder.profile");
    assert!(!code_of_sum(&workshop, "plain.clif").contains("imul"), "the body of $usual is elsewhere");
    let fast = code_of_sum(&workshop, "fast.clif");
    assert!(fast.contains("imul") && fast.contains("call_indirect"), "{fast}");
    assert!(!fast.contains(" call fn"), "what $usual calls is there too:\n{fast}");
}

#[test]
fn a_profile_is_written_after_a_trap_too() {
    let workshop = Workshop::new();
    workshop.module("program.wasm", &program("(unreachable)"));
    build(&workshop, "build program.wasm -o counts --instrument");
    let outcome = run(&workshop, "counts", None);
    assert_eq!(outcome.status, 134);
    assert!(outcome.stderr.starts_with("adder: trap: unreachable\n"), "{}", outcome.stderr);
    build(&workshop, "build program.wasm -o fast --profile adder.profile");
    assert_eq!(run(&workshop, "fast", None).stderr, outcome.stderr, "message and backtrace stay");
}

#[test]
fn a_profile_that_cannot_be_written_changes_no_status() {
    let workshop = Workshop::new();
    workshop.module("program.wasm", &program(EXIT));
    build(&workshop, "build program.wasm -o counts --instrument=no-such-folder/profile");
    let inspected = adder(&workshop, "inspect counts").stdout;
    let line = "instrumented: writes a profile to no-such-folder/profile when it ends\n";
    assert!(inspected.contains(line), "{inspected}");
    let outcome = run(&workshop, "counts", None);
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (STATUS, "adder: cannot write the profile no-such-folder/profile: error 2\n")
    );
}

#[test]
fn profiles_of_other_programs_and_other_files_are_told_apart() {
    let workshop = Workshop::new();
    workshop.module("program.wasm", &program(EXIT));
    workshop.module("other.wasm", r#"(module (func (export "_start") (local i64) (local.set 0 (i64.const 1))))"#);
    build(&workshop, "build program.wasm -o counts --instrument");
    run(&workshop, "counts", None);
    let outcome = adder(&workshop, "build other.wasm -o other --profile adder.profile");
    let warning = "warning: the profile has none of the program's functions: it is of another program\n";
    let said = format!("{warning}{}", wrote(&workshop.work().join("other")));
    assert_eq!((outcome.status, outcome.stderr), (0, said));

    // A module whose functions have moved: all of them are recognised.
    let moved = program(EXIT).replace("(func $small", "(func $new (param i64)) (func $small");
    workshop.module("moved.wasm", &moved);
    let outcome = adder(&workshop, "build moved.wasm -o moved -v --profile adder.profile");
    assert!(outcome.stderr.contains("profile: 5 of its 5 functions are the program's\n"), "{}", outcome.stderr);
    assert_eq!(run(&workshop, "moved", None).status, STATUS);

    let profile = fs::read(workshop.work().join("adder.profile")).expect("a profile");
    let mut of_later_version = profile.clone();
    of_later_version[8] = 99;
    for (name, bytes, message) in [
        ("empty", &[][..], "not a profile: it does not start with the bytes \"adderprf\""),
        ("module", b"\0asm\x01\0\0\0", "not a profile: it does not start with the bytes \"adderprf\""),
        (
            "cut",
            &profile[..profile.len() - 1],
            "the profile is damaged: it is cut off, or its numbers do not fit each other",
        ),
        ("later", &of_later_version, "the profile has version 99 of the format, this adder reads version 1"),
    ] {
        fs::write(workshop.work().join(name), bytes).expect("the folder is writable");
        for command in ["build program.wasm -o fast --profile", "profile merge -o sum"] {
            let outcome = adder(&workshop, &format!("{command} {name}"));
            assert_eq!(outcome.status, 1);
            assert!(outcome.stderr.starts_with(&format!("error: {name}: {message}\nhint: ")), "{}", outcome.stderr);
        }
    }
    let outcome = adder(&workshop, "build program.wasm -o fast --profile absent");
    assert_eq!(outcome.status, 3, "{}", outcome.stderr);
}
