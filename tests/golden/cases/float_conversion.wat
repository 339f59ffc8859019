;; Truncation traps on NaN and on what does not fit; the saturating kind never does.
;;! clif

(module
  (func (export "trapping") (param f64) (result i32 i64)
    (i32.trunc_f64_s (local.get 0)) (i64.trunc_f64_u (local.get 0)))
  (func (export "saturating") (param f32) (result i32 i64)
    (i32.trunc_sat_f32_s (local.get 0)) (i64.trunc_sat_f32_u (local.get 0)))
  (func (export "to_float") (param i32 i64) (result f32 f64 f32 f64)
    (f32.convert_i32_s (local.get 0)) (f64.convert_i32_u (local.get 0))
    (f32.convert_i64_u (local.get 1)) (f64.convert_i64_s (local.get 1)))
  (func (export "between") (param f32 f64) (result f64 f32)
    (f64.promote_f32 (local.get 0)) (f32.demote_f64 (local.get 1))))
