;; Sign extension, wrapping and reinterpretation.
;;! clif

(module
  (func (export "extend") (param i32 i64) (result i32 i32 i64 i64 i64)
    (i32.extend8_s (local.get 0)) (i32.extend16_s (local.get 0))
    (i64.extend8_s (local.get 1)) (i64.extend16_s (local.get 1)) (i64.extend32_s (local.get 1)))
  (func (export "widths") (param i32 i64) (result i64 i64 i32)
    (i64.extend_i32_s (local.get 0)) (i64.extend_i32_u (local.get 0)) (i32.wrap_i64 (local.get 1)))
  (func (export "reinterpret") (param f32 i64) (result i32 f64)
    (i32.reinterpret_f32 (local.get 0)) (f64.reinterpret_i64 (local.get 1))))
