//! Values of scripts and how programs built for scripts read and write them: one slot of 8 bytes each (a vector has two,
//! the lower one first), narrow values zero-extended, a null reference as 0, the external reference `n` as `n + 1`, a function reference as anything else.

use wast::core::{NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};
use wast::{WastArg, WastRet};

/// What an assertion says about a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// Exactly this slot.
    Slot(u64),
    /// A NaN of 32 bits whose payload is only its highest bit, of either sign.
    CanonicalNanF32,
    /// A NaN of 32 bits that is quiet.
    ArithmeticNanF32,
    /// A NaN of 64 bits whose payload is only its highest bit, of either sign.
    CanonicalNanF64,
    /// A NaN of 64 bits that is quiet.
    ArithmeticNanF64,
    /// Any reference but null.
    Reference,
    /// A vector with these lanes.
    Vector(Vec<Expected>),
    /// One of these.
    Either(Vec<Expected>),
}

/// The slots of an argument; an error names a kind of value that belongs to an unsupported proposal.
pub fn argument(argument: &WastArg) -> Result<Vec<u64>, String> {
    let slot = match argument {
        WastArg::Core(WastArgCore::I32(value)) => u64::from(*value as u32),
        WastArg::Core(WastArgCore::I64(value)) => *value as u64,
        WastArg::Core(WastArgCore::F32(value)) => u64::from(value.bits),
        WastArg::Core(WastArgCore::F64(value)) => value.bits,
        WastArg::Core(WastArgCore::V128(value)) => {
            let vector = u128::from_le_bytes(value.to_le_bytes());
            return Ok(vec![vector as u64, (vector >> 64) as u64]);
        }
        WastArg::Core(WastArgCore::RefNull(_)) => 0,
        WastArg::Core(WastArgCore::RefExtern(number)) => u64::from(*number) + 1,
        other => return Err(format!("an argument {other:?}")),
    };
    Ok(vec![slot])
}

/// What a result is expected to be; an error names a kind of value that belongs to an unsupported proposal.
pub fn expected(result: &WastRet) -> Result<Expected, String> {
    match result {
        WastRet::Core(core) => expected_core(core),
        #[allow(unreachable_patterns)]
        other => Err(format!("a result {other:?}")),
    }
}

fn expected_core(result: &WastRetCore) -> Result<Expected, String> {
    Ok(match result {
        WastRetCore::I32(value) => Expected::Slot(u64::from(*value as u32)),
        WastRetCore::I64(value) => Expected::Slot(*value as u64),
        WastRetCore::F32(pattern) => expected_f32(pattern),
        WastRetCore::F64(pattern) => expected_f64(pattern),
        WastRetCore::V128(pattern) => Expected::Vector(match pattern {
            V128Pattern::I8x16(lanes) => lanes.iter().map(|lane| Expected::Slot(u64::from(*lane as u8))).collect(),
            V128Pattern::I16x8(lanes) => lanes.iter().map(|lane| Expected::Slot(u64::from(*lane as u16))).collect(),
            V128Pattern::I32x4(lanes) => lanes.iter().map(|lane| Expected::Slot(u64::from(*lane as u32))).collect(),
            V128Pattern::I64x2(lanes) => lanes.iter().map(|lane| Expected::Slot(*lane as u64)).collect(),
            V128Pattern::F32x4(lanes) => lanes.iter().map(expected_f32).collect(),
            V128Pattern::F64x2(lanes) => lanes.iter().map(expected_f64).collect(),
        }),
        WastRetCore::RefNull(_) => Expected::Slot(0),
        WastRetCore::RefExtern(Some(number)) => Expected::Slot(u64::from(*number) + 1),
        WastRetCore::RefExtern(None) | WastRetCore::RefFunc(_) => Expected::Reference,
        WastRetCore::Either(choices) => {
            Expected::Either(choices.iter().map(expected_core).collect::<Result<Vec<_>, _>>()?)
        }
        other => return Err(format!("a result {other:?}")),
    })
}

fn expected_f32(pattern: &NanPattern<F32>) -> Expected {
    match pattern {
        NanPattern::Value(value) => Expected::Slot(u64::from(value.bits)),
        NanPattern::CanonicalNan => Expected::CanonicalNanF32,
        NanPattern::ArithmeticNan => Expected::ArithmeticNanF32,
    }
}

fn expected_f64(pattern: &NanPattern<F64>) -> Expected {
    match pattern {
        NanPattern::Value(value) => Expected::Slot(value.bits),
        NanPattern::CanonicalNan => Expected::CanonicalNanF64,
        NanPattern::ArithmeticNan => Expected::ArithmeticNanF64,
    }
}

/// Whether slots are what was expected.
pub fn all_match(expected: &[Expected], slots: &[u64]) -> bool {
    let mut rest = slots;
    for value in expected {
        let Some((slots, further)) = rest.split_at_checked(value.slots()) else { return false };
        if !value.matches(slots) {
            return false;
        }
        rest = further;
    }
    rest.is_empty()
}

impl Expected {
    /// How many slots it is about.
    fn slots(&self) -> usize {
        match self {
            Expected::Vector(_) => 2,
            Expected::Either(choices) => choices.first().map_or(1, Expected::slots),
            _ => 1,
        }
    }

    fn matches(&self, slots: &[u64]) -> bool {
        match (self, slots) {
            (Expected::Either(choices), _) => choices.iter().any(|choice| choice.matches(slots)),
            (Expected::Vector(lanes), [low, high]) => {
                let vector = u128::from(*high) << 64 | u128::from(*low);
                let bits = 128 / lanes.len();
                let lane = |number: usize| (vector >> (number * bits)) as u64 & (u64::MAX >> (64 - bits));
                lanes.iter().enumerate().all(|(number, expected)| expected.matches_slot(lane(number)))
            }
            (_, [slot]) => self.matches_slot(*slot),
            _ => false,
        }
    }

    /// Whether one slot, or one lane, is what was expected.
    fn matches_slot(&self, slot: u64) -> bool {
        const QUIET_F32: u64 = 0x7fc0_0000;
        const SIGN_F32: u64 = 0x8000_0000;
        const QUIET_F64: u64 = 0x7ff8_0000_0000_0000;
        const SIGN_F64: u64 = 0x8000_0000_0000_0000;
        match self {
            Expected::Slot(value) => slot == *value,
            Expected::CanonicalNanF32 => slot & !SIGN_F32 == QUIET_F32,
            Expected::ArithmeticNanF32 => slot >> 32 == 0 && slot & QUIET_F32 == QUIET_F32,
            Expected::CanonicalNanF64 => slot & !SIGN_F64 == QUIET_F64,
            Expected::ArithmeticNanF64 => slot & QUIET_F64 == QUIET_F64,
            Expected::Reference => slot != 0,
            Expected::Vector(_) | Expected::Either(_) => false,
        }
    }
}

#[test]
fn nan_patterns_accept_what_the_specification_says() {
    assert!(Expected::CanonicalNanF32.matches_slot(0x7fc0_0000));
    assert!(Expected::CanonicalNanF32.matches_slot(0xffc0_0000));
    assert!(!Expected::CanonicalNanF32.matches_slot(0x7fc0_0001));
    assert!(!Expected::CanonicalNanF32.matches_slot(0x1_7fc0_0000), "a slot that is not zero-extended");
    assert!(Expected::ArithmeticNanF32.matches_slot(0xffc0_0001));
    assert!(!Expected::ArithmeticNanF32.matches_slot(0x7fa0_0000), "a signalling NaN");
    assert!(Expected::CanonicalNanF64.matches_slot(0xfff8_0000_0000_0000));
    assert!(!Expected::CanonicalNanF64.matches_slot(0x7ff8_0000_0000_0001));
    assert!(Expected::ArithmeticNanF64.matches_slot(0x7ff8_0000_0000_0001));
    assert!(!Expected::ArithmeticNanF64.matches_slot(0x7ff4_0000_0000_0000), "a signalling NaN");
}

#[test]
fn vectors_are_compared_lane_by_lane() {
    let one_nan = Expected::Vector(vec![
        Expected::Slot(1),
        Expected::CanonicalNanF32,
        Expected::ArithmeticNanF32,
        Expected::Slot(0xffff_ffff),
    ]);
    assert!(one_nan.matches(&[0x7fc0_0000_0000_0001, 0xffff_ffff_7fc0_1234]));
    assert!(!one_nan.matches(&[0x7fc0_0001_0000_0001, 0xffff_ffff_7fc0_1234]), "the second lane has a payload");
    assert!(!one_nan.matches(&[0x7fc0_0000_0000_0001, 0x7fff_ffff_7fc0_1234]), "the last lane differs");
    let bytes = Expected::Vector((0..16).map(Expected::Slot).collect());
    assert!(bytes.matches(&[0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908]));
    assert!(!bytes.matches(&[0x0706_0504_0302_0100, 0x0e0f_0d0c_0b0a_0908]));
    let either = Expected::Either(vec![bytes.clone(), one_nan]);
    let all = [Expected::Slot(7), either, Expected::Slot(8)];
    assert!(all_match(&all, &[7, 0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908, 8]));
    assert!(!all_match(&all, &[7, 0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908]), "a slot is missing");
    assert!(!all_match(&all[..2], &[7, 0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908, 8]), "a slot too many");
}
