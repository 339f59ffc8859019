//! Shuffles of every form that the compiler knows a shortcut for, and of none, against their definition.

use adder_compiler::{CpuLevel, Input, Optimization, Options};
use adder_tests::program::{answers, invoke};
use adder_tests::text::assemble;

type Chosen = [u8; 16];

/// Pseudo-random numbers; the same ones in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0xbf58476d1ce4e5b9);
        mixed ^ (mixed >> 32)
    }
}

fn of_lanes<const LANES: usize>(lanes: [u8; LANES]) -> Chosen {
    let bytes = 16 / LANES;
    std::array::from_fn(|place| lanes[place / bytes] * bytes as u8 + (place % bytes) as u8)
}

/// Numbers of bytes for every shuffle that is tried.
fn cases() -> Vec<Chosen> {
    let mut random = Random(4);
    let mut below = |limit: u8| random.next() as u8 % limit;
    let mut cases: Vec<Chosen> = Vec::new();
    for start in 0..32 {
        cases.push(std::array::from_fn(|place| (start + place as u8) % 32));
        cases.push(std::array::from_fn(|place| (start + place as u8) % 16));
        cases.push([start; 16]);
    }
    for half in [0, 8] {
        cases.push(std::array::from_fn(|place| half + place as u8 / 2 + place as u8 % 2 * 16));
        cases.push(std::array::from_fn(|place| half + place as u8 / 2 + (place as u8 + 1) % 2 * 16));
        cases.push(std::array::from_fn(|place| half + place as u8 / 2));
    }
    for modulus in [16, 32] {
        for odd in [0, 1] {
            cases.push(std::array::from_fn(|place| (place as u8 * 2 + odd) % modulus));
            cases.push(std::array::from_fn(|place| (place as u8 / 2 * 4 + place as u8 % 2 + odd * 2) % modulus));
        }
    }
    for _ in 0..60 {
        cases.push(std::array::from_fn(|place| place as u8 + below(2) * 16));
        cases.push(of_lanes::<2>(std::array::from_fn(|_| below(4))));
        cases.push(of_lanes::<4>(std::array::from_fn(|_| below(8))));
        cases.push(of_lanes::<4>(std::array::from_fn(|_| below(4))));
        cases.push(of_lanes::<8>(std::array::from_fn(|_| below(16))));
        // Words that stay in their half, of one vector or of both; and with the other half in place.
        let one = below(2) * 8;
        cases.push(of_lanes::<8>(std::array::from_fn(|place| one + place as u8 / 4 * 4 + below(4))));
        cases.push(of_lanes::<8>(std::array::from_fn(|place| below(2) * 8 + place as u8 / 4 * 4 + below(4))));
        let moved = usize::from(below(2));
        cases.push(of_lanes::<8>(std::array::from_fn(|place| {
            one + if place / 4 == moved { place as u8 / 4 * 4 + below(4) } else { place as u8 }
        })));
        cases.push(std::array::from_fn(|_| below(32)));
        cases.push(std::array::from_fn(|_| below(16)));
    }
    cases
}

#[test]
fn shuffles_choose_the_bytes_that_they_name() {
    let cases = cases();
    let mut text = String::from("(module\n");
    for (number, chosen) in cases.iter().enumerate() {
        let lanes: String = chosen.iter().map(|byte| format!(" {byte}")).collect();
        for (name, second) in [("two", 1), ("one", 0)] {
            text += &format!(
                "(func (export \"{name} {number}\") (param v128 v128) (result v128)
                   (i8x16.shuffle{lanes} (local.get 0) (local.get {second})))\n"
            );
        }
    }
    let module = assemble(&(text + ")"));
    let mut random = Random(5);
    let (mut commands, mut wanted) = (String::new(), Vec::new());
    for (number, chosen) in cases.iter().enumerate() {
        for name in ["two", "one"] {
            let slots = [(); 4].map(|()| random.next());
            commands += &invoke(&format!("{name} {number}"), &slots);
            let second = if name == "two" { 2 } else { 0 };
            let from: Vec<u8> = [slots[0], slots[1], slots[second], slots[second + 1]]
                .iter()
                .flat_map(|slot| slot.to_le_bytes())
                .collect();
            let result = u128::from_le_bytes(chosen.map(|byte| from[usize::from(byte)]));
            wanted.push(format!("ok {:016x} {:016x}", result as u64, (result >> 64) as u64));
        }
    }
    for cpu in [CpuLevel::V1, CpuLevel::V2] {
        for optimization in [Optimization::None, Optimization::Fast] {
            let options = Options { cpu, optimization, ..Options::default() };
            let answers = answers(&[Input { name: "shuffles", bytes: &module }], &options, &commands);
            assert_eq!(answers.len(), wanted.len());
            for (number, (answer, wanted)) in answers.iter().zip(&wanted).enumerate() {
                assert_eq!(answer, wanted, "{cpu:?}, {optimization:?}: {:?}, {number}", cases[number / 2]);
            }
        }
    }
}
