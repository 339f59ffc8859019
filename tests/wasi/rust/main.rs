//! The guest of the WASI tests: one program, whose first argument says what to do. What it finds wrong is a panic.

mod directories;
mod escapes;
mod files;
mod links;
mod matrix;
mod polls;
mod process;
mod raw;
mod sockets;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let rest = &arguments[2..];
    match arguments[1].as_str() {
        "arguments" => process::arguments(),
        "environment" => process::environment(),
        "clocks" => process::clocks(rest[0].parse().expect("seconds")),
        "random" => process::random(),
        "exit" => raw::proc_exit(rest[0].parse().expect("a status")),
        "return" => {}
        "trap" => process::trap(),
        "echo" => process::echo(),
        "write-until-error" => process::write_until_error(),
        "closed" => process::closed(),
        "files" => files::files(),
        "positions" => files::positions(),
        "sizes-and-times" => files::sizes_and_times(),
        "descriptors" => files::descriptors(),
        "read-only" => files::read_only(),
        "directories" => directories::directories(),
        "cookies" => directories::cookies(),
        "rename" => links::rename(),
        "hard-links" => links::hard_links(),
        "symbolic-links" => links::symbolic_links(),
        "call" => matrix::call(&rest[0], &rest[1]),
        "unreadable" => matrix::unreadable(),
        "own-flags" => matrix::own_flags(),
        "flags-of-others" => matrix::flags_of_others(),
        "poll" => polls::poll(),
        "poll-input" => polls::poll_input(),
        "socket" => sockets::stream(),
        "service" => sockets::service(),
        "accept" => sockets::accept(),
        "accept-nothing" => sockets::accept_nothing(),
        "escape" => escapes::escape(),
        "race" => escapes::race(rest[0].parse().expect("a number of rounds")),
        other => panic!("the guest cannot do {other}"),
    }
}
