//! zlib's own programs, from Debian's source package (which the recipe for CPython fetches too), compiled by Debian's clang
//! with wasi-libc: its self-test, and `minigzip` beside the machine's own gzip.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use adder::cache;
use adder::note::sha256;
use adder_tests::workspace;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::built::{executable, folder};
use adder_tests::outcome::{finish, run};

const ARCHIVE: &str = "zlib_1.2.13.dfsg.orig.tar.bz2";

/// The folder of zlib's sources.
fn sources() -> PathBuf {
    static UNPACKED: OnceLock<PathBuf> = OnceLock::new();
    let unpack = || {
        workspace::run(&mut Command::new(workspace::root().join("recipes/python-3.11/build.sh")));
        let archive = cache::folder().expect("there is a home").join("sources").join(ARCHIVE);
        let pinned = fs::read_to_string(workspace::root().join("recipes/python-3.11/sources.sha256"));
        let pinned = pinned.expect("it is in the repository");
        let expected = pinned.lines().find_map(|line| line.strip_suffix(ARCHIVE)).expect("the recipe pins it").trim();
        let contents = fs::read(&archive).unwrap_or_else(|error| {
            panic!("{}: {error}\nhint: the recipe fetches it when it has to build", archive.display())
        });
        assert_eq!(sha256(&contents), expected, "{}", archive.display());
        let target = folder().join("zlib");
        let _ = fs::remove_dir_all(&target);
        fs::create_dir_all(&target).expect("the cache is writable");
        workspace::run(
            Command::new("tar").args(["-x", "--strip-components=1", "-C"]).arg(&target).arg("-f").arg(archive),
        );
        target
    };
    UNPACKED.get_or_init(unpack).clone()
}

/// The executable of one of zlib's test programs.
fn program(name: &str) -> PathBuf {
    built(name, "-O2", &[])
}

/// The same, compiled by clang at this level and by adder with these options.
fn built(name: &str, level: &str, options: &[&str]) -> PathBuf {
    let sources = sources();
    let module = folder().join(format!("{name}{level}.wasm"));
    let mut clang = Command::new("clang");
    // Its declarations are of a time before prototypes, which clang has much to say about.
    clang.args(["--target=wasm32-wasi", level, "-w", "-DHAVE_UNISTD_H", "-I"]).arg(&sources);
    let library =
        ["adler32", "compress", "crc32", "deflate", "gzclose", "gzlib", "gzread", "gzwrite", "infback", "inffast"];
    for file in library.iter().chain(&["inflate", "inftrees", "trees", "uncompr", "zutil"]) {
        clang.arg(sources.join(format!("{file}.c")));
    }
    workspace::run(clang.arg(sources.join(format!("test/{name}.c"))).arg("-o").arg(&module));
    let input = module.display().to_string();
    let arguments = [&["build", &input, "--dir", "/"], options].concat();
    executable(&format!("{name}{level}{}", options.concat()), &arguments, &[&module])
}

#[test]
fn zlib_tests_itself() {
    assert_tests_itself(&program("example"));
    // Where clang does not optimise, every variable is in the shadow stack.
    assert_tests_itself(&built("example", "-O0", &[]));
    assert_tests_itself(&built("example", "-O0", &["--assume", "c-abi"]));
    assert_tests_itself(&built("example", "-O2", &["--assume", "c-abi"]));
}

fn assert_tests_itself(program: &Path) {
    let file = tempfile::NamedTempFile::new().expect("the temporary folder is writable");
    let outcome = run(program, &[file.path().to_str().expect("text")]);
    let (version, rest) = outcome.printed().split_once('\n').expect("several lines");
    assert!(version.starts_with("zlib version 1.2.13 = 0x12d0, compile flags = 0x"), "{version}");
    let expected = "uncompress(): hello, hello!\n\
                    gzread(): hello, hello!\n\
                    gzgets() after gzseek:  hello!\n\
                    inflate(): hello, hello!\n\
                    large_inflate(): OK\n\
                    after inflateSync(): hello, hello!\n\
                    inflate with dictionary: hello, hello!\n";
    assert_eq!(rest, expected);
}

#[test]
fn minigzip_and_gzip_understand_each_other() {
    for minigzip in [program("minigzip"), built("minigzip", "-O0", &["--assume", "c-abi"])] {
        assert_understands_gzip(&minigzip);
    }
}

fn assert_understands_gzip(minigzip: &Path) {
    // Compressible and not, and longer than any window.
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let mut data = b"some text that repeats itself; ".repeat(20_000);
    data.extend((0..300_000).map(|_| noise()));

    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let path = folder.path().join("data");
    fs::write(&path, &data).expect("the folder is ours");
    let command = |arguments: &[&str]| {
        let mut command = Command::new(minigzip);
        command.args(arguments).arg(&path);
        finish(&mut command, b"")
    };
    assert_eq!(command(&["-9"]).printed(), "");
    let packed = fs::read(folder.path().join("data.gz")).expect("minigzip made it");
    assert!(!path.exists(), "minigzip replaces the file");
    assert!((300_000..310_000).contains(&packed.len()), "{}", packed.len());
    let mut unpacked = Vec::new();
    GzDecoder::new(&*packed).read_to_end(&mut unpacked).expect("it is a gzip file");
    assert!(unpacked == data);

    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&data).expect("memory takes everything");
    fs::write(folder.path().join("data.gz"), encoder.finish().expect("memory takes everything"))
        .expect("the folder is ours");
    assert_eq!(command(&["-d"]).printed(), "");
    assert!(fs::read(&path).expect("minigzip made it") == data);

    fs::write(folder.path().join("data.gz"), &packed[..packed.len() / 2]).expect("the folder is ours");
    let outcome = command(&["-d"]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (Some(1), ""), "{outcome:#?}");
}
