//! Random scripts for a [`super::guest`]: calls, and the memory that they point into.

use std::fmt::Write;

use adder_compiler::abi::value::ValueType;

use super::guest::{CALL_BYTES, Callee, END, MEMORY_BYTES, SCRIPT};
use crate::numbers::Numbers;

/// The most calls of a script.
const CALLS_MAX: usize = 24;
/// Where the things are that pointers point to, and how many there are, of so many bytes each.
const THINGS: u32 = 8192;
const THING_BYTES: u32 = 64;
const THINGS_COUNT: u32 = 128;

/// Functions that end the program: few scripts have any.
const ENDS: [&str; 6] = ["exit", "proc_exit", "abort", "_abort_js", "__assert_fail", "emscripten_force_exit"];

/// Functions after which the program may be ended by a signal.
const SIGNALS: [&str; 4] = ["raise", "alarm", "_setitimer_js", "proc_raise"];

/// Signals that the guest may send itself: not those by which a defect would be told.
const SENT: [u64; 10] = [0, 1, 2, 10, 12, 14, 15, 17, 28, 65];

/// A script.
pub struct Script {
    /// What the guest reads.
    pub bytes: Vec<u8>,
    /// What it calls, for people.
    pub text: String,
    /// Whether the program may end with any status.
    pub ends: bool,
    /// Whether a signal may end it.
    pub signals: bool,
}

impl Script {
    /// Adds a call with these arguments, but for those of the mask, which are what the last call has returned.
    fn call(&mut self, number: usize, callee: &Callee, mask: u32, values: &[u64]) {
        let end = self.bytes.len() + CALL_BYTES;
        self.bytes.extend((number as u32).to_le_bytes());
        self.bytes.extend(mask.to_le_bytes());
        values.iter().for_each(|value| self.bytes.extend(value.to_le_bytes()));
        self.bytes.resize(end, 0);
        let shown: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(index, value)| if mask >> index & 1 == 1 { "last".to_owned() } else { format!("{value:#x}") })
            .collect();
        writeln!(self.text, "{}({})", callee.name, shown.join(", ")).expect("a String takes everything");
    }
}

/// A call that gives the guest a descriptor.
fn opening(numbers: &mut Numbers) -> (&'static str, Vec<u64>) {
    const HERE: u64 = -100_i32 as u32 as u64;
    match numbers.below(4) {
        0 | 1 => {
            // To be read and written, and made; to be read; a directory.
            let flags = *numbers.pick(&[0x42, 0, 0x1_0000]);
            ("__syscall_openat", vec![HERE, pointer(numbers).into(), flags, 0])
        }
        2 => ("__syscall_pipe", vec![pointer(numbers).into()]),
        _ => {
            let family = *numbers.pick(&[1, 2, 10]);
            let kind = *numbers.pick(&[1, 2, 0x801, 0x802]);
            ("__syscall_socket", vec![family, kind, 0, 0, 0, 0])
        }
    }
}

/// A random script of calls of these functions.
pub fn script(callees: &[Callee], numbers: &mut Numbers) -> Script {
    let may_end = numbers.one_in(20);
    let mut script = Script { bytes: Vec::new(), text: String::new(), ends: false, signals: false };
    // Often the same few, one after the other: a file is opened before it is read.
    let favourites: Vec<usize> = (0..6).map(|_| numbers.below(callees.len())).collect();
    if !numbers.one_in(3) {
        for _ in 0..=numbers.below(4) {
            let (name, values) = opening(numbers);
            if let Some(number) = callees.iter().position(|callee| callee.name == name) {
                script.call(number, &callees[number], 0, &values);
            }
        }
    }
    for _ in 0..=numbers.below(CALLS_MAX) {
        let number = if numbers.one_in(3) { *numbers.pick(&favourites) } else { numbers.below(callees.len()) };
        let callee = &callees[number];
        let ends = ENDS.contains(&callee.name);
        if ends && !may_end {
            continue;
        }
        script.ends |= ends;
        script.signals |= SIGNALS.contains(&callee.name);
        let is_raise = callee.name.ends_with("raise");
        let mut mask = 0_u32;
        let mut values = Vec::new();
        for (index, ty) in callee.parameters.iter().enumerate() {
            values.push(match ty {
                _ if is_raise => *numbers.pick(&SENT),
                ValueType::I32 => integer(numbers),
                _ => numbers.edge(),
            });
            if numbers.one_in(6) && !is_raise {
                mask |= 1 << index;
            }
        }
        script.call(number, callee, mask, &values);
    }
    script.bytes.extend(END.to_le_bytes());
    let fill = numbers.pick(&[0_u8, 0xff, 1]);
    script.bytes.resize((THINGS - SCRIPT) as usize, *fill);
    for _ in 0..THINGS_COUNT {
        let mut bytes = thing(numbers);
        bytes.resize(THING_BYTES as usize, *fill);
        script.bytes.extend(bytes);
    }
    script.bytes.resize((MEMORY_BYTES - SCRIPT) as usize, *fill);
    script
}

/// The address of a thing.
fn pointer(numbers: &mut Numbers) -> u32 {
    THINGS + THING_BYTES * numbers.below(THINGS_COUNT as usize) as u32
}

/// An integer of 32 bits: a pointer, a descriptor, a length, a flag, or what is none of them.
fn integer(numbers: &mut Numbers) -> u64 {
    let value = match numbers.below(8) {
        0..=2 => pointer(numbers),
        // Descriptors and small numbers.
        3 => numbers.below(9) as u32,
        4 => numbers.below(300) as u32,
        // The working directory; and the end of memory.
        5 => *numbers.pick(&[-100_i32 as u32, MEMORY_BYTES - 1, MEMORY_BYTES - 4, MEMORY_BYTES, MEMORY_BYTES - 64]),
        // Flags.
        6 => 1 << numbers.below(32) | 1 << numbers.below(32),
        _ => numbers.edge() as u32,
    };
    // Now and then at an odd place.
    u64::from(if numbers.one_in(16) { value.wrapping_add(1) } else { value })
}

/// Paths, in and out of what is granted.
#[rustfmt::skip]
const PATHS: [&str; 20] = [
    "a", "b", "d", "d/a", "d/b", "/", ".", "..", "/a", "/d/../a", "../outside", "/../outside", "link/outside", "link",
    "d/../../outside", "/tmp/outside", "/etc/passwd", "/proc/self/mem", "/dev/null", "",
];

/// Something to point to.
fn thing(numbers: &mut Numbers) -> Vec<u8> {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    match numbers.below(8) {
        0..=2 => {
            let mut path = numbers.pick(&PATHS).as_bytes().to_vec();
            path.push(0);
            path
        }
        // Vectors of buffers, messages: pointers and lengths.
        3 => {
            let mut pairs = Vec::new();
            for _ in 0..4 {
                pairs.push(pointer(numbers));
                pairs.push(if numbers.one_in(4) { numbers.edge() as u32 } else { numbers.below(200) as u32 });
            }
            words(&pairs)
        }
        // Addresses of sockets.
        4 => {
            let mut address = numbers.pick(&[1_u16, 2, 10, 0, 3]).to_le_bytes().to_vec();
            address.extend(numbers.pick(&[0_u16, 80, 0xffff]).to_be_bytes());
            address.extend(*numbers.pick(&[[127, 0, 0, 1], [0, 0, 0, 0], *b"a\0\0\0", *b"\0abs"]));
            address
        }
        // What `poll` waits for, and times.
        5 => words(&[numbers.below(8) as u32, numbers.below(64) as u32, numbers.below(5) as u32, 1, 0, 1]),
        6 => (0..8).flat_map(|_| numbers.edge().to_le_bytes()).collect(),
        _ => numbers.bytes(THING_BYTES as usize),
    }
}
