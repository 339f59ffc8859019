//! What runs out: the recursion limit, memory.

use std::sync::Mutex;

use crate::executables::{CONFINED_MEMORY_BYTES, Flavor, Variant, python};
use crate::process::{run, run_code};

crate::for_each_flavor! {
    recursion_in_python_code_is_an_exception,
    recursion_in_c_code_is_an_exception,
    recursion_limit_can_be_raised,
    two_gibibytes_of_memory,
    memory_error_past_the_limit,
    absurd_allocation_is_a_memory_error,
}

fn recursion_in_python_code_is_an_exception(flavor: Flavor) {
    let program = "import sys\n\
                   def descend(depth):\n    global deepest\n    deepest = depth\n    return descend(depth + 1)\n\
                   for attempt in range(3):\n\
                   \x20   try:\n        descend(1)\n\
                   \x20   except RecursionError as error: print(error)\n\
                   print(sys.getrecursionlimit() - deepest < 10)\n\
                   descend(1)\n";
    let outcome = run_code(&python(flavor, Variant::Default), program);
    assert_eq!(outcome.stdout_text(), "maximum recursion depth exceeded\n".repeat(3) + "True\n");
    assert_eq!(outcome.last_error_line(), "RecursionError: maximum recursion depth exceeded");
    assert_eq!(outcome.code(), Some(1));
}

fn recursion_in_c_code_is_an_exception(flavor: Flavor) {
    let program = "import copy, json, pickle, re\n\
                   nested = []\n\
                   for depth in range(100_000):\n\
                   \x20   nested = [nested]\n\
                   \x20   if depth == 20_000: part = nested\n\
                   for name, recursive in {\n\
                   \x20   'repr': lambda: repr(part),\n\
                   \x20   'compare': lambda: nested == copy.copy(nested[0]),\n\
                   \x20   'deepcopy': lambda: copy.deepcopy(nested),\n\
                   \x20   'pickle': lambda: pickle.dumps(nested),\n\
                   \x20   'json': lambda: json.loads('[' * 100_000),\n\
                   \x20   'compile': lambda: compile('+'.join(['1'] * 5000), '', 'eval'),\n\
                   \x20   'parse': lambda: compile('-' * 100_000 + '1', '', 'eval'),\n\
                   }.items():\n\
                   \x20   try: recursive(); print(name, 'ends')\n\
                   \x20   except (RecursionError, MemoryError) as error: print(name, 'stops')\n\
                   \x20   except json.JSONDecodeError: print(name, 'ends')\n\
                   print('re', re.match('(a|b)*c', 'ab' * 100_000))\n";
    // 3.14 does not count calls of C. It looks at how much of its stack is used, and these use none of that: WebAssembly keeps
    // their variables elsewhere, where there is room for all of these calls.
    let expected = if flavor == Flavor::Python314 {
        "repr ends\ncompare ends\ndeepcopy stops\npickle stops\njson ends\ncompile ends\nparse stops\nre None\n"
    } else {
        "repr stops\ncompare stops\ndeepcopy stops\npickle stops\njson stops\ncompile stops\nparse stops\nre None\n"
    };
    assert_eq!(run_code(&python(flavor, Variant::Default), program).success(), expected);
}

fn recursion_limit_can_be_raised(flavor: Flavor) {
    // Python calling Python takes no native stack since 3.11, so this depth only needs memory.
    let program = "import sys\n\
                   sys.setrecursionlimit(200_000)\n\
                   def depth(n): return 0 if n == 0 else 1 + depth(n - 1)\n\
                   print(depth(100_000))";
    assert_eq!(run_code(&python(flavor, Variant::Default), program).success(), "100000\n");
}

/// Held by tests that need much memory, so that they do not need it at the same time.
static MUCH_MEMORY: Mutex<()> = Mutex::new(());

fn two_gibibytes_of_memory(flavor: Flavor) {
    let _alone = MUCH_MEMORY.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let program = "blocks = []\n\
                   for number in range(31):\n\
                   \x20   block = bytearray(64 << 20)\n\
                   \x20   block[0] = block[-1] = number\n\
                   \x20   blocks.append(block)\n\
                   print(sum(map(len, blocks)) >> 20, all(b[0] == b[-1] == n for n, b in enumerate(blocks)))\n\
                   print(blocks[7].count(0) == (64 << 20) - 2)\n\
                   del blocks, block\n\
                   print(len(bytes(1 << 30)))";
    let outcome = run_code(&python(flavor, Variant::Default), program);
    assert_eq!(outcome.success(), "1984 True\nTrue\n1073741824\n");
}

fn memory_error_past_the_limit(flavor: Flavor) {
    let directory = tempfile::tempdir().expect("the system's temporary folder is writable");
    for folder in ["writable", "fixed"] {
        std::fs::create_dir(directory.path().join(folder)).expect("the folder is ours");
    }
    let program = "blocks = []\n\
                   try:\n    while True: blocks.append(bytearray(1 << 20))\n\
                   except MemoryError: print(len(blocks))\n\
                   blocks.clear()\n\
                   print(len([str(number) for number in range(100_000)]))\n\
                   blocks = [bytearray(100 << 20)]\n\
                   while True: blocks.append(bytearray(100 << 20))\n";
    let outcome = run(&python(flavor, Variant::Confined), directory.path(), ["-c", program]);
    assert_eq!(outcome.last_error_line(), "MemoryError", "{outcome:?}");
    assert_eq!(outcome.code(), Some(1));
    let printed = outcome.stdout_text();
    let (blocks, rest) = printed.split_once('\n').expect("it prints two lines");
    assert_eq!(rest, "100000\n");
    let limit = CONFINED_MEMORY_BYTES >> 20;
    let blocks: u64 = blocks.parse().expect("it prints a number");
    // Python itself and the gaps between blocks take some of it.
    assert!((limit / 2..limit).contains(&blocks), "{blocks} of {limit} MiB could be had");
}

fn absurd_allocation_is_a_memory_error(flavor: Flavor) {
    let program = "import sys\n\
                   for make in lambda: bytearray(sys.maxsize), lambda: '€' * sys.maxsize, lambda: [0] * sys.maxsize:\n\
                   \x20   try: make()\n\
                   \x20   except MemoryError: print('refused')\n\
                   print(sum(range(10)))";
    let outcome = run_code(&python(flavor, Variant::Default), program);
    assert_eq!(outcome.success(), "refused\n".repeat(3) + "45\n");
}
