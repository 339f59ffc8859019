;; Locals are values, not memory; what is not set yet is zero.
;;! clif

(module
  (func (export "zero") (result i32 i64 f32 f64) (local i32 i64 f32 f64)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3))
  (func (export "tee") (param i32) (result i32) (local i32)
    (i32.add (local.tee 1 (i32.mul (local.get 0) (local.get 0))) (local.get 1))))
