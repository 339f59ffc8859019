//! Values as they are handed over in slots of 8 bytes ([`adder_abi::program::EntryFunction`]), and how a host function ends.

use adder_abi::trap::TrapCode;
use adder_abi::value::ValueType;

/// A value of the guest.
pub trait Value: Copy {
    /// Its type there.
    const TYPE: ValueType;
    /// Takes it out of its slot.
    fn from_slot(slot: u64) -> Self;
    /// Returns the slot for it: narrow values are zero-extended.
    fn to_slot(self) -> u64;
}

macro_rules! values {
    ($($ty:ty, $type:ident: |$slot:ident| $from:expr, |$value:ident| $to:expr;)*) => {
        $(
            impl Value for $ty {
                const TYPE: ValueType = ValueType::$type;

                fn from_slot($slot: u64) -> $ty {
                    $from
                }

                fn to_slot(self) -> u64 {
                    let $value = self;
                    $to
                }
            }
        )*
    };
}

values! {
    u32, I32: |slot| slot as u32, |value| value.into();
    i32, I32: |slot| slot as i32, |value| (value as u32).into();
    u64, I64: |slot| slot, |value| value;
    i64, I64: |slot| slot as i64, |value| value as u64;
    f32, F32: |slot| f32::from_bits(slot as u32), |value| value.to_bits().into();
    f64, F64: |slot| f64::from_bits(slot), |value| value.to_bits();
}

/// The parameters or the results of a function.
pub trait Values {
    /// Their types.
    const TYPES: &'static [ValueType];

    /// Stores them in slots, one behind the other.
    ///
    /// # Safety
    /// There is a slot for each.
    unsafe fn store(self, slots: *mut u64);

    /// Takes them out of such slots.
    ///
    /// # Safety
    /// There is a slot for each.
    unsafe fn load(slots: *const u64) -> Self;
}

impl Values for () {
    const TYPES: &'static [ValueType] = &[];

    unsafe fn store(self, _slots: *mut u64) {}

    unsafe fn load(_slots: *const u64) {}
}

impl<A: Value> Values for A {
    const TYPES: &'static [ValueType] = &[A::TYPE];

    unsafe fn store(self, slots: *mut u64) {
        // SAFETY: promised by the caller.
        unsafe { slots.write(self.to_slot()) };
    }

    unsafe fn load(slots: *const u64) -> A {
        // SAFETY: promised by the caller.
        A::from_slot(unsafe { slots.read() })
    }
}

impl<A: Value, B: Value> Values for (A, B) {
    const TYPES: &'static [ValueType] = &[A::TYPE, B::TYPE];

    unsafe fn store(self, slots: *mut u64) {
        // SAFETY: promised by the caller.
        unsafe { slots.cast::<[u64; 2]>().write([self.0.to_slot(), self.1.to_slot()]) };
    }

    unsafe fn load(slots: *const u64) -> (A, B) {
        // SAFETY: promised by the caller.
        let [first, second] = unsafe { slots.cast::<[u64; 2]>().read() };
        (A::from_slot(first), B::from_slot(second))
    }
}

impl<A: Value, B: Value, C: Value> Values for (A, B, C) {
    const TYPES: &'static [ValueType] = &[A::TYPE, B::TYPE, C::TYPE];

    unsafe fn store(self, slots: *mut u64) {
        // SAFETY: promised by the caller.
        unsafe { slots.cast::<[u64; 3]>().write([self.0.to_slot(), self.1.to_slot(), self.2.to_slot()]) };
    }

    unsafe fn load(slots: *const u64) -> (A, B, C) {
        // SAFETY: promised by the caller.
        let [first, second, third] = unsafe { slots.cast::<[u64; 3]>().read() };
        (A::from_slot(first), B::from_slot(second), C::from_slot(third))
    }
}

/// What a host function returns: results, or how else it ended.
pub trait Outcome {
    /// Its results.
    type Results: Values;

    /// Returns the results for the guest, or the trap that the guest ends with.
    fn results(self) -> Result<Self::Results, TrapCode>;
}

impl<R: Values> Outcome for R {
    type Results = R;

    fn results(self) -> Result<R, TrapCode> {
        Ok(self)
    }
}

impl<R: Values> Outcome for Result<R, TrapCode> {
    type Results = R;

    fn results(self) -> Result<R, TrapCode> {
        self
    }
}
