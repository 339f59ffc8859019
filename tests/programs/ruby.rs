//! Ruby 3.4, by npm's @ruby/3.4-wasm-wasi: a reactor for JavaScript hosts, whose standard library is inside the module and
//! whose exceptions, fibers and garbage collector go through Asyncify. `drivers/ruby.wat` turns it into a command;
//! what is about JavaScript is left missing.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use adder::fetch::{Package, PackageFile, Registry};

use crate::built::{driver, executable, fetched};
use adder_tests::outcome::{finish, run, run_with};

const PACKAGE: Package = Package {
    registry: Registry::Npm,
    name: "@ruby/3.4-wasm-wasi",
    version: "2.10.1",
    sha256: "2e709bd9eddefe1c5d63e9fc0391a35cce4754e936d8a2f24b8582f6d5c2ea88",
    folder: "test-programs/ruby-3.4-wasm-wasi-2.10.1",
    archive: None,
};

const MODULE: PackageFile = PackageFile {
    path: "package/dist/ruby+stdlib.wasm",
    bytes: 30_635_497,
    sha256: "4b814fc9d13505ea5b4c1f3bd3a7cc7ccca137f551196b9b21f0a7caf9cc5878",
    cached_as: "ruby+stdlib.wasm",
};

fn ruby() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let (main, library, resources) = (driver("ruby"), fetched(&PACKAGE, &MODULE), driver("resources"));
        let library_named = format!("ruby={}", library.display());
        let resources_named = format!("canonical_abi={}", resources.display());
        let main_path = main.display().to_string();
        let arguments = ["build", &main_path, &library_named, &resources_named, "--allow-missing", "--dir", "/"];
        executable("ruby", &arguments, &[&main, &library, &resources])
    };
    BUILT.get_or_init(build).clone()
}

/// Runs a script with `-e`.
fn evaluate(script: &str) -> String {
    let outcome = run(&ruby(), &["-e", script]);
    assert_eq!(outcome.stderr, "", "{script}");
    outcome.printed().to_owned()
}

#[test]
fn scripts() {
    for (script, printed) in [
        ("puts RUBY_VERSION, RUBY_PLATFORM", "3.4.1\nwasm32-wasi\n"),
        ("puts (1..10).select(&:even?).map { _1 ** 2 }.sum", "220\n"),
        ("puts 'héllo'.upcase, 2**100, '%.3f' % Math::PI", "HÉLLO\n1267650600228229401496703205376\n3.142\n"),
        ("def fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)\nputs fib(22)", "17711\n"),
        ("puts 'abc'.gsub(/(?<middle>b)/) { $~[:middle].upcase }", "aBc\n"),
        ("p({b: 1, a: [nil, 1.5r]}.sort.to_h)", "{a: [nil, (3/2)], b: 1}\n"),
        ("case {name: 'x', at: [1, 2]}; in {name: String => name, at: [_, y]} then p [name, y] end", "[\"x\", 2]\n"),
        ("p ObjectSpace.garbage_collect, Array.new(100_000) { it.to_s }.sum(&:size)", "nil\n488890\n"),
        ("p [0.1 + 0.2, 1e300 * 1e10, -7 / 2, 7.fdiv(2)]", "[0.30000000000000004, Infinity, -4, 3.5]\n"),
    ] {
        assert_eq!(evaluate(script), printed, "{script}");
    }
}

#[test]
fn control_flow_leaves_frames_behind() {
    for (script, printed) in [
        (
            "begin; raise ArgumentError, 'bad'; rescue => e; puts \"#{e.class}: #{e.message}\"; ensure; puts 'ensured'; end",
            "ArgumentError: bad\nensured\n",
        ),
        ("puts catch(:done) { 10.times { |i| throw :done, i if i == 3 }; 'never' }", "3\n"),
        (
            "fiber = Fiber.new { 3.times { Fiber.yield it }; :done }\np 4.times.map { fiber.resume }",
            "[0, 1, 2, :done]\n",
        ),
        ("e = [1, 2].each; p e.next, e.next; begin; e.next; rescue StopIteration; p :stop; end", "1\n2\n:stop\n"),
        ("p [3, 1, 2].each_with_index.sort_by { |x, i| break [x, i] if i == 1; -x }", "[1, 1]\n"),
        (
            "require 'timeout'; begin; Integer('x'); rescue ArgumentError, TypeError; p $!.message; end",
            "\"invalid value for Integer(): \\\"x\\\"\"\n",
        ),
        (
            "def deep(n) = n.zero? ? raise('far below') : deep(n - 1)\nbegin; deep(500); rescue => e; p e.backtrace.size; end",
            "505\n",
        ),
    ] {
        assert_eq!(evaluate(script), printed, "{script}");
    }
}

#[test]
fn standard_library() {
    for (script, printed) in [
        (
            "require 'json'; puts JSON.generate({'a' => [1, 2.5, nil]}), JSON.parse('{\"x\": [true]}')",
            "{\"a\":[1,2.5,null]}\n{\"x\" => [true]}\n",
        ),
        ("require 'set'; p Set[3, 1, 2].sort", "[1, 2, 3]\n"),
        ("require 'date'; puts Date.new(2024, 2, 29).next_year, Date.parse('3 Mar 2021').cwday", "2025-02-28\n3\n"),
        (
            "require 'digest'; puts Digest::SHA256.hexdigest('abc')",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
        ),
        ("require 'erb'; puts ERB.new('<% 3.times do |i| %><%= i %>,<% end %>').result", "0,1,2,\n"),
        (
            "require 'strscan'; s = StringScanner.new('key=1'); p s.scan(/\\w+/), s.skip(/=/), s.rest",
            "\"key\"\n1\n\"1\"\n",
        ),
        (
            "require 'optparse'; o = {}; OptionParser.new { |p| p.on('-nN', Integer) { o[:n] = it } }.parse(%w[-n 5]); p o",
            "{n: 5}\n",
        ),
        (
            "require 'zlib'; p Zlib::Inflate.inflate(Zlib::Deflate.deflate('text' * 100)).size, Zlib.crc32('abc')",
            "400\n891568578\n",
        ),
        (
            "require 'pp'; pp((1..3).to_h { [it, 'x' * 30] })",
            "{1 => \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\n 2 => \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\n 3 => \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}\n",
        ),
    ] {
        assert_eq!(evaluate(script), printed, "{script}");
    }
}

#[test]
fn statuses_and_errors() {
    for (script, status, message) in [
        ("exit", 0, ""),
        ("exit 3", 3, ""),
        ("exit!(4)", 4, ""),
        ("abort 'no further'", 1, "no further\n"),
        ("raise SystemExit.new(7)", 7, ""),
        ("raise 'uncaught'", 1, "-e:1:in '<main>': uncaught (RuntimeError)\n"),
        ("def broken(", 1, "SyntaxError"),
        ("nobody", 1, "undefined local variable or method 'nobody' for main (NameError)"),
        ("def f = f()\nf", 1, "stack level too deep (SystemStackError)"),
    ] {
        let outcome = run(&ruby(), &["-e", script]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(status), ""), "{script}: {outcome:#?}");
        assert!(outcome.stderr.contains(message), "{script}: {outcome:#?}");
        assert!(!message.is_empty() || outcome.stderr.is_empty(), "{script}: {outcome:#?}");
    }
}

#[test]
fn files_arguments_and_streams() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let script = folder.path().join("script.rb");
    let text = "require_relative 'helper'\nwarn 'warned'\nputs Helper.greet(ARGV, $stdin.read)\n\
                File.write(File.join(__dir__, 'out'), $0 == __FILE__)\nexit Dir.children(__dir__).size\n";
    std::fs::write(&script, text).expect("the folder is ours");
    let helper = "module Helper\n  def self.greet(names, text) = \"#{names.inspect} #{text.strip.reverse}\"\nend\n";
    std::fs::write(folder.path().join("helper.rb"), helper).expect("the folder is ours");
    let outcome = run_with(&ruby(), &[script.to_str().expect("text"), "a b", "-x"], "öl 1\n".as_bytes());
    assert_eq!(outcome.stdout, "[\"a b\", \"-x\"] 1 lö\n", "{outcome:#?}");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(3), "warned\n"));
    assert_eq!(std::fs::read_to_string(folder.path().join("out")).expect("the script wrote it"), "true");

    // Nothing of the environment was granted.
    let mut command = Command::new(ruby());
    let outcome = finish(command.args(["-e", "p ENV.to_h"]).env("SECRET", "1"), b"");
    assert_eq!(outcome.printed(), "{}\n");
}

#[test]
fn javascript_is_missing_by_name() {
    let outcome = run(&ruby(), &["-e", "require 'js'; puts 'before'; $stdout.flush; JS.global"]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(134), "before\n"), "{outcome:#?}");
    let trap = "adder: trap: call of a missing import: rb-js-abi-host.global-this: func() -> handle<js-abi-value>\n";
    assert!(outcome.stderr.starts_with(trap), "{outcome:#?}");
}
