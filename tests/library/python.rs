//! Libraries in Python, by the module that lies beside them.

use std::process::Command;

use adder_tests::{target, workspace};

use crate::{Workshop, printed};

fn python(workshop: &Workshop, script: &str) -> Option<String> {
    if target::is_beyond_emulator("there is no native Python for the emulated machine") {
        return None;
    }
    workshop.write("script.py", script);
    Some(printed(Command::new("python3").args(["-B", "script.py"]).current_dir(workshop.path())))
}

#[test]
fn python_calls_a_library() {
    let workshop = Workshop::new();
    let module = r#"(module
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (func (export "line") (param f64 f64 f64) (result f64)
            (f64.add (f64.mul (local.get 0) (local.get 1)) (local.get 2)))
        (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
        (func $deep (export "deep") (call $deep) (call $deep))
        (func (export "class") (param i32 i64 f32 v128 externref) (result externref v128 f32 i64 i32)
            (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0))
        (func (export "exit") (call $exit (i32.const 5)))
        (func (export "odd name") (result i32) (i32.const 9))
        (global (export "count") (mut i64) (i64.const -5))
        (memory (export "memory") 1)
        (func (export "grow") (result i32) (memory.grow (i32.const 1)))
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))"#;
    workshop.text("line", module, &[]);
    let script = r#"
import faulthandler
faulthandler.enable()
import threading
import line

print(line.line(2, 3, 4), line.divide(-7, 2))
for call, arguments in (line.divide, (1, 0)), (line.deep, ()), (line.load, (1 << 20,)), (line.exit, ()):
    try:
        call(*arguments)
    except line.Exit as error:
        print("exit", error.status, error.code, error)
    except line.Trap as error:
        print(error.code, str(error).splitlines()[:2])
print(line.class_(-1, -(1 << 63), 1.5, bytes(range(16)), 1 << 63))
try:
    line.class_(1, 2, 3, b"short", 4)
except ValueError:
    print("ValueError")
line.set_count(line.get_count() * 2)
print(line.get_count(), line.exports["odd name"]())
view = line.memory()
view[:4] = b"abcd"
print(hex(line.load(0)), len(view), line.grow(), len(line.memory()), bytes(line.memory()[:4]))

wrong = []
def work():
    for _ in range(20):
        try:
            line.deep()
        except line.Trap as error:
            if error.code != 10:
                wrong.append(error)
        if line.line(1, 2, 3) != 5:
            wrong.append("line")
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(wrong)
"#;
    let wanted = "10.0 -3\n\
                  8 ['integer divide by zero', '   0: divide']\n\
                  10 ['call stack exhausted', '   0: deep']\n\
                  2 ['out of bounds memory access', '   0: load']\n\
                  exit 5 14 exited with status 5\n\
                  (9223372036854775808, b'\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t\\n\\x0b\\x0c\\r\\x0e\\x0f', 1.5, -9223372036854775808, -1)\n\
                  ValueError\n\
                  -10 9\n\
                  0x64636261 65536 1 131072 b'abcd'\n\
                  []\n";
    if let Some(output) = python(&workshop, script) {
        assert_eq!(output, wanted);
    }
}

/// The module is one that Python reads whatever the names in it are.
#[test]
fn names_do_not_change_the_meaning_of_the_module() {
    let workshop = Workshop::new();
    let module = r#"(module
        (func (export "import") (result i32) (i32.const 1))
        (func (export "_raise") (result i32) (i32.const 2))
        (func (export "\"\"\"\\\0a'") (result i32) (i32.const 3))
        (func (export "exports") (result i32) (i32.const 4))
        (func (export "2") (result i32) (i32.const 5))
        (func (export "type") (result i32) (i32.const 6))
        (func (export "bytes") (result i32) (i32.const 7))
        (func (export "memoryview") (result i32) (i32.const 8))
        (func (export "RuntimeError") (result i32) (i32.const 9))
        (func (export "import_") (result i32) (i32.const 10))
        (func (export "vector") (result v128) (v128.const i64x2 0 0))
        (func (export "trap") unreachable)
        (memory (export "memory") 1))"#;
    workshop.text("names", module, &[]);
    let script = r#"
import names
print(names.import_(), names.export_raise(), names.exports["\"\"\"\\\n'"](), names.exports_(), names.export_2())
print(names.type(), names.bytes(), names.memoryview(), names.RuntimeError(), names.exports["import_"](), names.import__2())
print(names.vector() == bytes(16), len(names.memory()))
try:
    names.trap()
except names.Trap as error:
    print(error.code)
"#;
    if let Some(output) = python(&workshop, script) {
        assert_eq!(output, "1 2 3 4 5\n6 7 8 9 10 10\nTrue 65536\n1\n");
    }
}

/// For who installs both: the file may have another name, and lie anywhere.
#[test]
fn the_module_finds_its_library_beside_it() {
    let workshop = Workshop::new();
    workshop.write("f.wasm", adder_tests::text::assemble(r#"(module (func (export "f") (result i32) (i32.const 7)))"#));
    std::fs::create_dir(workshop.path().join("package")).expect("a folder");
    workshop.build(&["build", "thing=f.wasm", "--emit", "lib", "-o", "package/native part.so"]);
    if let Some(output) = python(&workshop, "import package.thing\nprint(package.thing.f())\n") {
        assert_eq!(output, "7\n");
    }
    workspace::run(Command::new("ls").arg(workshop.path().join("package/thing.h")));
}
