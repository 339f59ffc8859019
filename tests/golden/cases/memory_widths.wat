;; Narrow loads extend in the load itself; narrow stores take the low bits.
;;! clif
;;! assembly

(module
  (memory 1)
  (func (export "i32") (param i32) (result i32 i32 i32 i32)
    (i32.load8_s (local.get 0)) (i32.load8_u (local.get 0)) (i32.load16_s (local.get 0)) (i32.load16_u (local.get 0)))
  (func (export "i64") (param i32) (result i64 i64 i64 i64 i64 i64)
    (i64.load8_s (local.get 0)) (i64.load8_u (local.get 0)) (i64.load16_s (local.get 0)) (i64.load16_u (local.get 0))
    (i64.load32_s (local.get 0)) (i64.load32_u (local.get 0)))
  (func (export "stores") (param i32 i32 i64)
    (i32.store8 (local.get 0) (local.get 1)) (i32.store16 (local.get 0) (local.get 1))
    (i64.store8 (local.get 0) (local.get 2)) (i64.store16 (local.get 0) (local.get 2))
    (i64.store32 (local.get 0) (local.get 2))))
