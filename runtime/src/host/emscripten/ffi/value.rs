//! Values on their way between functions of different types, as JavaScript converts them (`ToWebAssemblyValue` of the
//! WebAssembly JavaScript Interface).

use adder_abi::trap::TrapCode;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A number without a fraction that is exact as a `double`.
    Integer(i64),
    /// A `float`.
    Float(f32),
    /// A `double`.
    Double(f64),
    /// 64 bits: never another number.
    Long(u64),
}

/// Numbers from here on are multiples of 2 to the 32, as they have 53 bits.
const MULTIPLES_FROM: f64 = (1_u128 << 84) as f64;

impl Value {
    /// The value in a slot, by its type.
    pub fn from_slot(ty: u8, slot: u64) -> Option<Value> {
        match ty {
            b'i' => Some(Value::Integer(i64::from(slot as i32))),
            b'f' => Some(Value::Float(f32::from_bits(slot as u32))),
            b'd' => Some(Value::Double(f64::from_bits(slot))),
            b'l' => Some(Value::Long(slot)),
            _ => None,
        }
    }

    fn word(self) -> Option<u32> {
        match self {
            Value::Integer(value) => Some(value as u32),
            Value::Float(value) => Some(wrapped(value.into())),
            Value::Double(value) => Some(wrapped(value)),
            Value::Long(_) => None,
        }
    }

    fn double(self) -> Option<f64> {
        match self {
            Value::Integer(value) => Some(value as f64),
            Value::Float(value) => Some(value.into()),
            Value::Double(value) => Some(value),
            Value::Long(_) => None,
        }
    }
}

/// Puts a value, or none, into a slot of a type.
pub fn to_slot(value: Option<Value>, ty: u8) -> Result<u64, TrapCode> {
    let slot = match (ty, value) {
        (b'i', value) => value.map_or(Some(0), Value::word).map(u64::from),
        (b'f', Some(Value::Float(value))) => Some(value.to_bits().into()),
        (b'f', value) => value.map_or(Some(f64::NAN), Value::double).map(|value| (value as f32).to_bits().into()),
        (b'd', value) => value.map_or(Some(f64::NAN), Value::double).map(f64::to_bits),
        (b'l', Some(Value::Long(value))) => Some(value),
        _ => None,
    };
    slot.ok_or(TrapCode::IndirectCallTypeMismatch)
}

/// The lower 32 bits of a number, without its fraction; 0 if it is none.
fn wrapped(value: f64) -> u32 {
    match value.is_finite() && value.abs() < MULTIPLES_FROM {
        true => value as i128 as u32,
        false => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_converted_as_javascript_does() {
        let word = |value| to_slot(Some(value), b'i');
        assert_eq!(word(Value::Double(-1.9)), Ok(0xffff_ffff));
        assert_eq!(word(Value::Double(4_294_967_297.5)), Ok(1));
        assert_eq!(word(Value::Double(f64::NAN)), Ok(0));
        assert_eq!(word(Value::Double(f64::INFINITY)), Ok(0));
        assert_eq!(word(Value::Double(3.0 * 2f64.powi(80))), Ok(0));
        assert_eq!(word(Value::Double(2f64.powi(63) + 2f64.powi(11))), Ok(1 << 11));
        assert_eq!(word(Value::Double(1e300)), Ok(0));
        assert_eq!(word(Value::Integer(-3)), Ok(0xffff_fffd));
        assert_eq!(to_slot(Some(Value::Integer(7)), b'd'), Ok(7f64.to_bits()));
        assert_eq!(to_slot(Some(Value::Float(0.5)), b'd'), Ok(0.5f64.to_bits()));
        assert_eq!(to_slot(Some(Value::Double(0.5)), b'f'), Ok(0.5f32.to_bits().into()));
    }

    #[test]
    fn what_is_missing_is_zero_or_no_number_and_64_bits_are_not_converted() {
        assert_eq!(to_slot(None, b'i'), Ok(0));
        assert!(f64::from_bits(to_slot(None, b'd').expect("it is a number")).is_nan());
        for (value, ty) in [(None, b'l'), (Some(Value::Integer(1)), b'l'), (Some(Value::Long(1)), b'i'), (None, b'E')] {
            assert_eq!(to_slot(value, ty), Err(TrapCode::IndirectCallTypeMismatch));
        }
    }
}
