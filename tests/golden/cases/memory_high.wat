;; A high memory's base is read from its descriptor; still no bounds check.
;;! clif memory=high
;;! assembly memory=high

(module
  (memory 1)
  (func (export "load") (param i32) (result i32) (i32.load offset=12 (local.get 0)))
  (func (export "twice") (param i32) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0)))))
