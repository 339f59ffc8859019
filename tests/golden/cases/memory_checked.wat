;; A checked memory compares every access with the current size, offset and width included.
;;! clif memory=checked
;;! assembly memory=checked

(module
  (memory 1)
  (func (export "load") (param i32) (result i32) (i32.load offset=12 (local.get 0)))
  (func (export "byte") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32 f64) (f64.store (local.get 0) (local.get 1))))
