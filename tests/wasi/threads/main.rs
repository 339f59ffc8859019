//! The guest of the tests of threads: a program that uses the threads of Rust's standard library, for the target
//! wasm32-wasip1-threads. Its first argument says what to do; what it finds wrong is a panic, which ends the process.

mod files;
mod library;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments[1].as_str() {
        "library" => library::library(),
        "input" => library::input(),
        "exit" => library::exit(),
        "panic" => library::panic(),
        "many" => library::many(),
        "own-files" => files::own_files(),
        "one-directory" => files::one_directory(&arguments[2]),
        "one-file" => files::one_file(&arguments[2]),
        "descriptors" => files::descriptors(),
        "append" => files::append(),
        other => panic!("the guest cannot do {other}"),
    }
}
