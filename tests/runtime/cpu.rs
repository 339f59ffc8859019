//! CPUs that lack what an executable was built for, or have only the baseline: emulated by qemu.

use adder_tests::target::is_beyond_emulator;
use std::process::Command;

use adder_compiler::{Architecture, CpuLevel};

use crate::program::{Program, Settings};
use adder_tests::outcome::Outcome;

/// Products, sums, shuffles, rounding and counts of bits: each becomes other instructions on each level.
const VECTORS: &str = r#"(module
    (func (export "f") (param v128 v128) (result v128 v128 v128 v128 i32)
        (i32x4.mul (local.get 0) (local.get 1))
        (i8x16.shuffle 0 16 3 19 5 21 7 23 9 25 11 27 13 29 15 31 (local.get 0) (local.get 1))
        (i8x16.swizzle (local.get 0) (local.get 1))
        (f32x4.floor (f32x4.mul (f32x4.convert_i32x4_s (local.get 1)) (f32x4.splat (f32.const 0x1p-20))))
        (i32.popcnt (i32x4.extract_lane 1 (local.get 0)))))"#;

const ARGUMENTS: [&str; 2] = ["i32x4 1 -2 3 0x40000000", "i8x16 3 0 255 0 1 14 13 12 11 10 9 8 7 6 5 0"];

fn program(cpu: CpuLevel) -> Program {
    Program::with(VECTORS, "f", &Settings { cpu, ..Settings::default() })
}

/// Runs it on a CPU that qemu knows.
fn run_on(cpu: &str, program: &Program) -> Outcome {
    let output = Command::new("qemu-x86_64").args(["-cpu", cpu]).arg(program.path()).args(ARGUMENTS).output();
    Outcome::of(output.unwrap_or_else(|error| panic!("cannot run qemu-x86_64: {error}\nhint: apt install qemu-user")))
}

#[test]
fn vectors_are_the_same_on_every_level_and_cpu() {
    if is_beyond_emulator("it is about another architecture") {
        return;
    }
    let expected = Outcome::success(
        "i32x4 0x00ff0003 0xe7e5e3fe 0x181b1e21 0xc0000000\n\
         i32x4 0x00000301 0x0cff0eff 0x08000a00 0x00400600\n\
         i32x4 0x01000100 0x00000000 0x03000000 0x01ffffff\n\
         i32x4 0x41700000 0x43400000 0x43000000 0x00000000\n\
         31\n",
    );
    for &level in Architecture::X86_64.levels() {
        assert_eq!(program(level).run(&ARGUMENTS), expected, "{level:?}");
    }
}

#[test]
fn the_baseline_needs_nothing_more_than_sse2() {
    if is_beyond_emulator("it is about another architecture") {
        return;
    }
    let baseline = program(CpuLevel::V1);
    // The first of its kind, and what qemu takes for the least: neither has SSSE3.
    for cpu in ["qemu64", "Opteron_G1"] {
        assert_eq!(run_on(cpu, &baseline), baseline.run(&ARGUMENTS), "{cpu}");
    }
}

#[test]
fn a_cpu_that_lacks_something_is_told_so() {
    if is_beyond_emulator("it is about another architecture") {
        return;
    }
    let refused = |stderr: &str| Outcome { status: Some(71), stdout: String::new(), stderr: stderr.to_owned() };
    let hint = "hint: build it with `--cpu x86-64`, for any CPU";
    let lacks = "adder: this executable needs a CPU of level";
    let second = program(CpuLevel::V2);
    let message = format!("{lacks} x86-64-v2; this one lacks SSSE3, SSE4.1, SSE4.2, POPCNT\n{hint}\n");
    assert_eq!(run_on("qemu64", &second), refused(&message));
    let message = format!("{lacks} x86-64-v2; this one lacks SSE4.2\n{hint}\n");
    assert_eq!(run_on("Nehalem,-sse4.2", &second), refused(&message));
    assert_eq!(run_on("Nehalem", &second), second.run(&ARGUMENTS));
    let third = program(CpuLevel::V3);
    let message = format!("{lacks} x86-64-v3; this one lacks AVX, FMA, AVX2, BMI1, BMI2, LZCNT\n{hint}\n");
    assert_eq!(run_on("Nehalem", &third), refused(&message));
    assert_eq!(run_on("max", &third), third.run(&ARGUMENTS));
}
