//! What of the host's files an executable can reach: everything by default, nothing with `--sandbox`, and with
//! `--dir` the folders that were named.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use crate::executables::{Flavor, Variant, native, python};
use crate::process::{command, finish, run};

crate::for_each_flavor! {
    default_grant_follows_symlinks_anywhere,
    sandbox_reaches_no_file,
    sandbox_does_not_tell_where_it_is,
    sandbox_still_computes,
    folder_grants_work,
    folder_grants_refuse_to_be_left,
    read_only_grant_refuses_changes,
}

fn default_grant_follows_symlinks_anywhere(flavor: Flavor) {
    let work = tempfile::tempdir().expect("the system's temporary folder is writable");
    let elsewhere = tempfile::tempdir().expect("the system's temporary folder is writable");
    fs::write(elsewhere.path().join("target"), "far away").expect("the folder is ours");
    symlink(elsewhere.path().join("target"), work.path().join("absolute")).expect("the folder is ours");
    symlink(elsewhere.path(), work.path().join("folder")).expect("the folder is ours");
    symlink("nowhere", work.path().join("dangling")).expect("the folder is ours");
    symlink("loop", work.path().join("loop")).expect("the folder is ours");
    fs::create_dir(work.path().join("inner")).expect("the folder is ours");
    symlink("../absolute", work.path().join("inner/chain")).expect("the folder is ours");
    let program = "import os, stat\n\
                   print(open('absolute').read(), open('folder/target').read(), open('inner/chain').read())\n\
                   print(os.listdir('folder'), os.readlink('inner/chain'), os.path.islink('absolute'))\n\
                   print(os.path.realpath('inner/chain') == os.path.realpath('absolute'))\n\
                   print(os.path.exists('dangling'), os.path.lexists('dangling'))\n\
                   print(stat.S_ISLNK(os.lstat('absolute').st_mode), stat.S_ISREG(os.stat('absolute').st_mode))\n\
                   open('folder/written', 'w').write('through the link')\n\
                   os.symlink('inner', 'made'); print(os.listdir('made'))\n\
                   os.remove('absolute'); print(os.path.exists('folder/target'))\n\
                   for name in 'dangling', 'loop', 'loop/x':\n\
                   \x20   try: open(name)\n\
                   \x20   except OSError as error: print(type(error).__name__)\n\
                   os.chdir('folder'); print(os.path.exists('target'), os.path.exists('../loop'))\n\
                   print(os.path.samefile('/', '/..'), 'etc' in os.listdir('/'))\n";
    let actual = run(&python(flavor, Variant::Default), work.path(), ["-c", program]).success();
    assert_eq!(fs::read(elsewhere.path().join("written")).expect("it was written"), b"through the link");
    fs::remove_file(elsewhere.path().join("written")).expect("it was written");
    fs::remove_file(work.path().join("made")).expect("the program made it");
    symlink(elsewhere.path().join("target"), work.path().join("absolute")).expect("the program removed it");
    let expected = run(native(), work.path(), ["-c", program]).success();
    assert_eq!(actual, expected);
}

fn sandbox_reaches_no_file(flavor: Flavor) {
    let work = tempfile::tempdir().expect("the system's temporary folder is writable");
    fs::write(work.path().join("here"), "in the working directory").expect("the folder is ours");
    let program = format!(
        "import os\n\
         def refused(what):\n\
         \x20   try: result = what()\n\
         \x20   except OSError: return True\n\
         \x20   print('not refused:', result)\n\
         \x20   return False\n\
         here = {here:?}\n\
         names = 'here', './here', here, '/etc/passwd', '../etc/passwd', '/proc/self/environ', '/dev/null', '//etc/passwd',\n\
         print(all(refused(lambda: open(name).read()) for name in names))\n\
         print(all(refused(lambda: open(name, 'w')) for name in ('new', '/tmp/new', here)))\n\
         print(all(refused(lambda: os.listdir(name)) for name in ('/etc', '/home', '/tmp', os.path.dirname(here))))\n\
         print(all(refused(lambda: os.remove(name)) for name in ('here', here)))\n\
         print(all(refused(lambda: os.mkdir(name)) for name in ('new', '/new', '/tmp/new')))\n\
         print(refused(lambda: os.rename('here', 'there')), refused(lambda: os.symlink('/etc', '/link')))\n",
        here = work.path().join("here")
    );
    let outcome = run(&python(flavor, Variant::Sandbox), work.path(), ["-c", &program]);
    assert_eq!(outcome.success(), "True\n".repeat(5) + "True True\n");
    let names: Vec<_> =
        fs::read_dir(work.path()).expect("the folder is ours").flatten().map(|e| e.file_name()).collect();
    assert_eq!(names, ["here"]);
}

fn sandbox_does_not_tell_where_it_is(flavor: Flavor) {
    use std::os::unix::process::CommandExt;

    let mut command = command(&python(flavor, Variant::Sandbox));
    command
        .arg0("tool")
        .env("ADDER_EXPLAIN", "start")
        .args(["-c", "import sys; print([sys.executable], sys.orig_argv[0])"]);
    let outcome = crate::process::finish(&mut command);
    assert_eq!(outcome.stdout_text(), "[''] tool\n", "{outcome:?}");
    assert!(String::from_utf8_lossy(&outcome.stderr).contains("went on from the checkpoint"), "{outcome:?}");
}

fn sandbox_still_computes(flavor: Flavor) {
    let program = "import sys, json, re, decimal, zlib, random\n\
                   data = json.loads(sys.stdin.read())\n\
                   print(sum(data), re.sub('a+', 'b', 'caaat'), decimal.Decimal(1) / 3, zlib.crc32(b'x'))\n\
                   sys.exit(3)";
    let mut command = command(&python(flavor, Variant::Sandbox));
    let outcome = crate::process::finish_with_input(command.args(["-c", program]), b"[1, 2, 3]".to_vec());
    assert_eq!(outcome.stdout_text(), "6 cbt 0.3333333333333333333333333333 2363233923\n", "{outcome:?}");
    assert_eq!(outcome.code(), Some(3));
}

/// A working directory with the two folders that [`Variant::Confined`] was granted, and things outside them.
fn confined_directory() -> TempDir {
    let work = tempfile::tempdir().expect("the system's temporary folder is writable");
    let root = work.path();
    for folder in ["writable", "writable/inner", "fixed", "fixed/inner", "outside"] {
        fs::create_dir(root.join(folder)).expect("the folder is ours");
    }
    fs::write(root.join("outside/secret"), "secret").expect("the folder is ours");
    fs::write(root.join("writable/file"), "writable").expect("the folder is ours");
    fs::write(root.join("fixed/file"), "fixed").expect("the folder is ours");
    symlink("../outside/secret", root.join("writable/relative")).expect("the folder is ours");
    symlink(root.join("outside"), root.join("writable/absolute")).expect("the folder is ours");
    symlink(root.join("outside/secret"), root.join("writable/inner/deep")).expect("the folder is ours");
    symlink("inner/../file", root.join("writable/inside")).expect("the folder is ours");
    symlink("/file", root.join("writable/pretended")).expect("the folder is ours");
    work
}

fn confined(flavor: Flavor, work: &Path, program: &str) -> String {
    finish(command(&python(flavor, Variant::Confined)).current_dir(work).args(["-c", program])).success()
}

fn folder_grants_work(flavor: Flavor) {
    let work = confined_directory();
    let program = "import os\n\
                   print(open('/writable/file').read(), open('/fixed/file').read(), open('/writable/inside').read())\n\
                   print(sorted(os.listdir('/writable')), sorted(os.listdir('/fixed')))\n\
                   os.chdir('/writable'); print(os.getcwd(), open('file').read())\n\
                   os.chdir('inner'); print(os.getcwd(), open('../file').read())\n\
                   open('new', 'w').write('made'); os.rename('new', '../moved'); os.remove('/writable/file')\n\
                   print(os.readlink('/writable/relative'))\n";
    assert_eq!(
        confined(flavor, work.path(), program),
        "writable fixed writable\n\
         ['absolute', 'file', 'inner', 'inside', 'pretended', 'relative'] ['file', 'inner']\n\
         /writable writable\n\
         /writable/inner writable\n\
         ../outside/secret\n"
    );
    assert_eq!(fs::read(work.path().join("writable/moved")).expect("the program made it"), b"made");
    assert!(!work.path().join("writable/file").exists());
}

/// What makes a link to a file. Emscripten's C library has no `link`, and so CPython 3.14 has none.
const LINK: &str = "getattr(os, 'link', os.symlink)";

fn folder_grants_refuse_to_be_left(flavor: Flavor) {
    let work = confined_directory();
    let program = format!(
        "import os\n\
         names = ['/writable/relative', '/writable/absolute/secret', '/writable/inner/deep', '/writable/pretended',\n\
         \x20        '/writable/../outside/secret', '/writable/inner/../../outside/secret', '/outside/secret',\n\
         \x20        'outside/secret', '../outside/secret', '/etc/passwd', {secret:?}]\n\
         for name in names:\n\
         \x20   for reach in open, os.listdir, os.stat, lambda name: open(name, 'a'), os.rmdir:\n\
         \x20       try: print('reached', name, reach(name))\n\
         \x20       except OSError: pass\n\
         def attempt(what):\n\
         \x20   try: what()\n\
         \x20   except OSError: return\n\
         \x20   print('not refused')\n\
         attempt(lambda: os.rename('/writable/file', '/writable/absolute/stolen'))\n\
         attempt(lambda: os.rename('/writable/file', '/writable/../outside/stolen'))\n\
         attempt(lambda: os.mkdir('/writable/absolute/made'))\n\
         attempt(lambda: os.remove('/writable/absolute/secret'))\n\
         attempt(lambda: {LINK}('/writable/absolute/secret', '/writable/copy'))\n\
         attempt(lambda: os.chdir('/writable/absolute') or open('secret'))\n\
         print('end')",
        secret = work.path().join("outside/secret")
    );
    assert_eq!(confined(flavor, work.path(), &program), "end\n");
    let names: Vec<_> = fs::read_dir(work.path().join("outside"))
        .expect("it is there")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(names, ["secret"]);
    assert_eq!(fs::read(work.path().join("outside/secret")).expect("it is there"), b"secret");
}

fn read_only_grant_refuses_changes(flavor: Flavor) {
    let work = confined_directory();
    let program = &"import os\n\
                   changes = {\n\
                   \x20   'write': lambda: open('/fixed/file', 'w'), 'append': lambda: open('/fixed/file', 'a'),\n\
                   \x20   'update': lambda: open('/fixed/file', 'r+'), 'create': lambda: open('/fixed/new', 'x'),\n\
                   \x20   'remove': lambda: os.remove('/fixed/file'), 'mkdir': lambda: os.mkdir('/fixed/new'),\n\
                   \x20   'rmdir': lambda: os.rmdir('/fixed/inner'), 'symlink': lambda: os.symlink('x', '/fixed/new'),\n\
                   \x20   'out': lambda: os.rename('/fixed/file', '/writable/taken'),\n\
                   \x20   'in': lambda: os.rename('/writable/file', '/fixed/new'),\n\
                   \x20   'link': lambda: LINK('/writable/file', '/fixed/new'),\n\
                   \x20   'times': lambda: os.utime('/fixed/file', (0, 0)),\n\
                   \x20   'truncate': lambda: os.truncate('/fixed/file', 0),\n\
                   }\n\
                   for name, change in changes.items():\n\
                   \x20   try: change()\n\
                   \x20   except OSError: continue\n\
                   \x20   print('not refused:', name)\n\
                   print(open('/fixed/file').read())"
        .replace("LINK", LINK);
    let before = fs::metadata(work.path().join("fixed/file")).and_then(|file| file.modified()).expect("it is there");
    assert_eq!(confined(flavor, work.path(), program), "fixed\n");
    let after = fs::metadata(work.path().join("fixed/file")).and_then(|file| file.modified()).expect("it is there");
    assert_eq!(before, after);
    assert_eq!(fs::read_dir(work.path().join("fixed")).expect("it is there").count(), 2);
}
