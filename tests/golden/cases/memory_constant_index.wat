;; A constant index is folded into the address.
;;! assembly

(module
  (memory 1)
  (func (export "load") (result i32) (i32.load offset=8 (i32.const 1024)))
  (func (export "negative") (result i32) (i32.load offset=8 (i32.const -4))))
