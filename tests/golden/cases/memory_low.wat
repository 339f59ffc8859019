;; A low memory's base is part of the displacement, and no access checks its bounds.
;;! clif
;;! assembly

(module
  (memory 1)
  (func (export "load") (param i32) (result i32) (i32.load offset=12 (local.get 0)))
  (func (export "store") (param i32 i64) (i64.store offset=4096 (local.get 0) (local.get 1))))
