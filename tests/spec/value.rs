//! Values of scripts and how programs built for scripts read and write them: one slot of 8 bytes each, narrow values
//! zero-extended, a null reference as 0, the external reference `n` as `n + 1`, a function reference as anything else.

use wast::core::{NanPattern, WastArgCore, WastRetCore};
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
    /// One of these.
    Either(Vec<Expected>),
}

/// The slot of an argument; an error names a kind of value that belongs to an unsupported proposal.
pub fn argument(argument: &WastArg) -> Result<u64, String> {
    match argument {
        WastArg::Core(WastArgCore::I32(value)) => Ok(u64::from(*value as u32)),
        WastArg::Core(WastArgCore::I64(value)) => Ok(*value as u64),
        WastArg::Core(WastArgCore::F32(value)) => Ok(u64::from(value.bits)),
        WastArg::Core(WastArgCore::F64(value)) => Ok(value.bits),
        WastArg::Core(WastArgCore::RefNull(_)) => Ok(0),
        WastArg::Core(WastArgCore::RefExtern(number)) => Ok(u64::from(*number) + 1),
        other => Err(format!("an argument {other:?}")),
    }
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
        WastRetCore::F32(NanPattern::Value(value)) => Expected::Slot(u64::from(value.bits)),
        WastRetCore::F32(NanPattern::CanonicalNan) => Expected::CanonicalNanF32,
        WastRetCore::F32(NanPattern::ArithmeticNan) => Expected::ArithmeticNanF32,
        WastRetCore::F64(NanPattern::Value(value)) => Expected::Slot(value.bits),
        WastRetCore::F64(NanPattern::CanonicalNan) => Expected::CanonicalNanF64,
        WastRetCore::F64(NanPattern::ArithmeticNan) => Expected::ArithmeticNanF64,
        WastRetCore::RefNull(_) => Expected::Slot(0),
        WastRetCore::RefExtern(Some(number)) => Expected::Slot(u64::from(*number) + 1),
        WastRetCore::RefExtern(None) | WastRetCore::RefFunc(_) => Expected::Reference,
        WastRetCore::Either(choices) => {
            Expected::Either(choices.iter().map(expected_core).collect::<Result<Vec<_>, _>>()?)
        }
        other => return Err(format!("a result {other:?}")),
    })
}

impl Expected {
    /// Whether a slot is what was expected.
    pub fn matches(&self, slot: u64) -> bool {
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
            Expected::Either(choices) => choices.iter().any(|choice| choice.matches(slot)),
        }
    }
}

#[test]
fn nan_patterns_accept_what_the_specification_says() {
    assert!(Expected::CanonicalNanF32.matches(0x7fc0_0000));
    assert!(Expected::CanonicalNanF32.matches(0xffc0_0000));
    assert!(!Expected::CanonicalNanF32.matches(0x7fc0_0001));
    assert!(!Expected::CanonicalNanF32.matches(0x1_7fc0_0000), "a slot that is not zero-extended");
    assert!(Expected::ArithmeticNanF32.matches(0xffc0_0001));
    assert!(!Expected::ArithmeticNanF32.matches(0x7fa0_0000), "a signalling NaN");
    assert!(Expected::CanonicalNanF64.matches(0xfff8_0000_0000_0000));
    assert!(!Expected::CanonicalNanF64.matches(0x7ff8_0000_0000_0001));
    assert!(Expected::ArithmeticNanF64.matches(0x7ff8_0000_0000_0001));
    assert!(!Expected::ArithmeticNanF64.matches(0x7ff4_0000_0000_0000), "a signalling NaN");
}
