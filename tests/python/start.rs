//! The file itself, and starting it: needs nothing of the machine, and works every time.

use std::fs;
use std::process::{Command, Stdio};

use adder_compiler::host;
use adder_tests::target::architecture;
use object::Endianness;
use object::elf::{self, FileHeader64};
use object::read::elf::{Dyn, FileHeader, ProgramHeader};

use crate::executables::{Flavor, Variant, display_name, python};
use crate::process::{command, finish};

crate::for_each_flavor! {
    executable_is_static,
    thousand_starts_in_a_row,
    starts_in_an_empty_environment,
    starts_under_another_name,
}

fn executable_is_static(flavor: Flavor) {
    let executable = python(flavor, Variant::Default);
    let data = fs::read(&executable).expect("it was built");
    let header = FileHeader64::<Endianness>::parse(&*data).expect("an ELF file");
    let endian = header.endian().expect("an ELF file of this machine's order");
    for segment in header.program_headers(endian, &*data).expect("the program headers are in the file") {
        assert_ne!(segment.p_type(endian), elf::PT_INTERP, "it asks for a dynamic linker");
        let both = elf::PF_W | elf::PF_X;
        assert_ne!(segment.p_flags(endian) & both, both, "a segment is writable and executable");
        for entry in segment.dynamic(endian, &*data).expect("the dynamic table is in the file").unwrap_or_default() {
            assert_ne!(entry.d_tag(endian), elf::DT_NEEDED, "it asks for a shared library");
        }
    }
    // What a person would ask, where the tool is installed; the checks above do not depend on it.
    if let Ok(output) = Command::new("file").arg("--brief").arg(&executable).output() {
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_static = answer.contains("static-pie linked") || answer.contains("statically linked");
        assert!(is_static, "`file {}` says {answer}", display_name(&executable));
    }
}

fn thousand_starts_in_a_row(flavor: Flavor) {
    // Addresses are random at every start, and some of them are wanted for guest memory: a clash that happens once
    // in a few hundred starts shows here. Emulated, the addresses are qemu's, and a start takes a hundred times as long.
    let executable = python(flavor, Variant::Default);
    let starts = if architecture() == host() { 1000 } else { 20 };
    for start in 0..starts {
        let output = command(&executable)
            .args(["-c", "print('started')"])
            .stdin(Stdio::null())
            .output()
            .expect("the executable was built");
        assert!(output.status.success() && output.stdout == b"started\n", "start {start}: {output:?}");
    }
}

fn starts_in_an_empty_environment(flavor: Flavor) {
    let mut command = Command::new(python(flavor, Variant::Default));
    command
        .env_clear()
        .current_dir("/")
        .args(["-c", "import os; print([name for name in os.environ if not name.startswith('PYTHON')])"]);
    assert_eq!(finish(&mut command).success(), "[]\n");
}

fn starts_under_another_name(flavor: Flavor) {
    let folder = tempfile::tempdir().expect("the system's temporary folder is writable");
    let name = folder.path().join("a näme");
    std::os::unix::fs::symlink(python(flavor, Variant::Default), &name).expect("the folder is ours");
    let outcome = finish(command(&name).current_dir(folder.path()).args(["-c", "import json; print(json.dumps([1]))"]));
    assert_eq!(outcome.success(), "[1]\n");
}
