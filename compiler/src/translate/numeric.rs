//! Constants, arithmetic, comparisons and conversions.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_frontend::FuncInstBuilder;
use wasmparser::Operator;

use super::translator::Translator;

impl Translator<'_, '_> {
    /// Translates an operator of this family; false if it is none.
    #[rustfmt::skip]
    pub(super) fn numeric(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::I32Const { value } => self.make(|ins| ins.iconst(types::I32, i64::from(*value as u32))),
            Operator::I64Const { value } => self.make(|ins| ins.iconst(types::I64, *value)),
            Operator::F32Const { value } => self.make(|ins| ins.f32const(Ieee32::with_bits(value.bits()))),
            Operator::F64Const { value } => self.make(|ins| ins.f64const(Ieee64::with_bits(value.bits()))),

            Operator::I32Eqz | Operator::I64Eqz => self.is_zero(),
            Operator::I32Eq | Operator::I64Eq => self.compare_integers(IntCC::Equal),
            Operator::I32Ne | Operator::I64Ne => self.compare_integers(IntCC::NotEqual),
            Operator::I32LtS | Operator::I64LtS => self.compare_integers(IntCC::SignedLessThan),
            Operator::I32LtU | Operator::I64LtU => self.compare_integers(IntCC::UnsignedLessThan),
            Operator::I32GtS | Operator::I64GtS => self.compare_integers(IntCC::SignedGreaterThan),
            Operator::I32GtU | Operator::I64GtU => self.compare_integers(IntCC::UnsignedGreaterThan),
            Operator::I32LeS | Operator::I64LeS => self.compare_integers(IntCC::SignedLessThanOrEqual),
            Operator::I32LeU | Operator::I64LeU => self.compare_integers(IntCC::UnsignedLessThanOrEqual),
            Operator::I32GeS | Operator::I64GeS => self.compare_integers(IntCC::SignedGreaterThanOrEqual),
            Operator::I32GeU | Operator::I64GeU => self.compare_integers(IntCC::UnsignedGreaterThanOrEqual),
            Operator::F32Eq | Operator::F64Eq => self.compare_floats(FloatCC::Equal),
            Operator::F32Ne | Operator::F64Ne => self.compare_floats(FloatCC::NotEqual),
            Operator::F32Lt | Operator::F64Lt => self.compare_floats(FloatCC::LessThan),
            Operator::F32Gt | Operator::F64Gt => self.compare_floats(FloatCC::GreaterThan),
            Operator::F32Le | Operator::F64Le => self.compare_floats(FloatCC::LessThanOrEqual),
            Operator::F32Ge | Operator::F64Ge => self.compare_floats(FloatCC::GreaterThanOrEqual),

            Operator::I32Clz | Operator::I64Clz => self.unary(|ins, x| ins.clz(x)),
            Operator::I32Ctz | Operator::I64Ctz => self.unary(|ins, x| ins.ctz(x)),
            Operator::I32Popcnt | Operator::I64Popcnt => self.unary(|ins, x| ins.popcnt(x)),
            Operator::I32Add | Operator::I64Add => self.binary(|ins, x, y| ins.iadd(x, y)),
            Operator::I32Sub | Operator::I64Sub => self.binary(|ins, x, y| ins.isub(x, y)),
            Operator::I32Mul | Operator::I64Mul => self.binary(|ins, x, y| ins.imul(x, y)),
            Operator::I32DivS | Operator::I64DivS => self.binary(|ins, x, y| ins.sdiv(x, y)),
            Operator::I32DivU | Operator::I64DivU => self.binary(|ins, x, y| ins.udiv(x, y)),
            Operator::I32RemS | Operator::I64RemS => self.binary(|ins, x, y| ins.srem(x, y)),
            Operator::I32RemU | Operator::I64RemU => self.binary(|ins, x, y| ins.urem(x, y)),
            Operator::I32And | Operator::I64And => self.binary(|ins, x, y| ins.band(x, y)),
            Operator::I32Or | Operator::I64Or => self.binary(|ins, x, y| ins.bor(x, y)),
            Operator::I32Xor | Operator::I64Xor => self.binary(|ins, x, y| ins.bxor(x, y)),
            Operator::I32Shl | Operator::I64Shl => self.binary(|ins, x, y| ins.ishl(x, y)),
            Operator::I32ShrS | Operator::I64ShrS => self.binary(|ins, x, y| ins.sshr(x, y)),
            Operator::I32ShrU | Operator::I64ShrU => self.binary(|ins, x, y| ins.ushr(x, y)),
            Operator::I32Rotl | Operator::I64Rotl => self.binary(|ins, x, y| ins.rotl(x, y)),
            Operator::I32Rotr | Operator::I64Rotr => self.binary(|ins, x, y| ins.rotr(x, y)),

            Operator::F32Abs | Operator::F64Abs => self.unary(|ins, x| ins.fabs(x)),
            Operator::F32Neg | Operator::F64Neg => self.unary(|ins, x| ins.fneg(x)),
            Operator::F32Ceil | Operator::F64Ceil => self.unary(|ins, x| ins.ceil(x)),
            Operator::F32Floor | Operator::F64Floor => self.unary(|ins, x| ins.floor(x)),
            Operator::F32Trunc | Operator::F64Trunc => self.unary(|ins, x| ins.trunc(x)),
            Operator::F32Nearest | Operator::F64Nearest => self.unary(|ins, x| ins.nearest(x)),
            Operator::F32Sqrt | Operator::F64Sqrt => self.unary(|ins, x| ins.sqrt(x)),
            Operator::F32Add | Operator::F64Add => self.binary(|ins, x, y| ins.fadd(x, y)),
            Operator::F32Sub | Operator::F64Sub => self.binary(|ins, x, y| ins.fsub(x, y)),
            Operator::F32Mul | Operator::F64Mul => self.binary(|ins, x, y| ins.fmul(x, y)),
            Operator::F32Div | Operator::F64Div => self.binary(|ins, x, y| ins.fdiv(x, y)),
            Operator::F32Min | Operator::F64Min => self.binary(|ins, x, y| ins.fmin(x, y)),
            Operator::F32Max | Operator::F64Max => self.binary(|ins, x, y| ins.fmax(x, y)),
            Operator::F32Copysign | Operator::F64Copysign => self.binary(|ins, x, y| ins.fcopysign(x, y)),

            Operator::I32WrapI64 => self.unary(|ins, x| ins.ireduce(types::I32, x)),
            Operator::I64ExtendI32S => self.unary(|ins, x| ins.sextend(types::I64, x)),
            Operator::I64ExtendI32U => self.unary(|ins, x| ins.uextend(types::I64, x)),
            Operator::I32Extend8S => self.sign_extend(types::I8, types::I32),
            Operator::I32Extend16S => self.sign_extend(types::I16, types::I32),
            Operator::I64Extend8S => self.sign_extend(types::I8, types::I64),
            Operator::I64Extend16S => self.sign_extend(types::I16, types::I64),
            Operator::I64Extend32S => self.sign_extend(types::I32, types::I64),
            Operator::I32TruncF32S | Operator::I32TruncF64S => self.unary(|ins, x| ins.fcvt_to_sint(types::I32, x)),
            Operator::I32TruncF32U | Operator::I32TruncF64U => self.unary(|ins, x| ins.fcvt_to_uint(types::I32, x)),
            Operator::I64TruncF32S | Operator::I64TruncF64S => self.unary(|ins, x| ins.fcvt_to_sint(types::I64, x)),
            Operator::I64TruncF32U | Operator::I64TruncF64U => self.unary(|ins, x| ins.fcvt_to_uint(types::I64, x)),
            Operator::I32TruncSatF32S | Operator::I32TruncSatF64S => self.unary(|ins, x| ins.fcvt_to_sint_sat(types::I32, x)),
            Operator::I32TruncSatF32U | Operator::I32TruncSatF64U => self.unary(|ins, x| ins.fcvt_to_uint_sat(types::I32, x)),
            Operator::I64TruncSatF32S | Operator::I64TruncSatF64S => self.unary(|ins, x| ins.fcvt_to_sint_sat(types::I64, x)),
            Operator::I64TruncSatF32U | Operator::I64TruncSatF64U => self.unary(|ins, x| ins.fcvt_to_uint_sat(types::I64, x)),
            Operator::F32ConvertI32S | Operator::F32ConvertI64S => self.unary(|ins, x| ins.fcvt_from_sint(types::F32, x)),
            Operator::F32ConvertI32U | Operator::F32ConvertI64U => self.unary(|ins, x| ins.fcvt_from_uint(types::F32, x)),
            Operator::F64ConvertI32S | Operator::F64ConvertI64S => self.unary(|ins, x| ins.fcvt_from_sint(types::F64, x)),
            Operator::F64ConvertI32U | Operator::F64ConvertI64U => self.unary(|ins, x| ins.fcvt_from_uint(types::F64, x)),
            Operator::F32DemoteF64 => self.unary(|ins, x| ins.fdemote(types::F32, x)),
            Operator::F64PromoteF32 => self.unary(|ins, x| ins.fpromote(types::F64, x)),
            Operator::I32ReinterpretF32 => self.reinterpret(types::I32),
            Operator::I64ReinterpretF64 => self.reinterpret(types::I64),
            Operator::F32ReinterpretI32 => self.reinterpret(types::F32),
            Operator::F64ReinterpretI64 => self.reinterpret(types::F64),
            _ => return false,
        }
        true
    }

    fn make(&mut self, build: impl FnOnce(FuncInstBuilder<'_, '_>) -> Value) {
        let value = build(self.emitter.builder.ins());
        self.push(value);
    }

    fn unary(&mut self, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let operand = self.pop();
        self.make(|ins| build(ins, operand));
    }

    fn binary(&mut self, build: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let right = self.pop();
        let left = self.pop();
        self.make(|ins| build(ins, left, right));
    }

    fn compare_integers(&mut self, condition: IntCC) {
        self.binary(|ins, left, right| ins.icmp(condition, left, right));
        self.unary(|ins, truth| ins.uextend(types::I32, truth));
    }

    fn compare_floats(&mut self, condition: FloatCC) {
        self.binary(|ins, left, right| ins.fcmp(condition, left, right));
        self.unary(|ins, truth| ins.uextend(types::I32, truth));
    }

    fn is_zero(&mut self) {
        let operand = self.pop();
        let ty = self.emitter.builder.func.dfg.value_type(operand);
        self.push(operand);
        self.make(|ins| ins.iconst(ty, 0));
        self.compare_integers(IntCC::Equal);
    }

    fn sign_extend(&mut self, from: Type, to: Type) {
        self.unary(|ins, x| ins.ireduce(from, x));
        self.unary(|ins, x| ins.sextend(to, x));
    }

    fn reinterpret(&mut self, to: Type) {
        self.unary(|ins, x| ins.bitcast(to, MemFlagsData::new(), x));
    }
}
