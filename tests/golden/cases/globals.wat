;; Immutable globals are constants in the code, mutable ones are cells at an address known to the linker.
;;! clif
;;! assembly

(module
  (global $constant i32 (i32.const 42))
  (global $never_set (mut i32) (i32.const 43))
  (global $counter (mut i64) (i64.const 0))
  (global $ratio (mut f64) (f64.const 0.5))
  (func (export "constant") (result i32) (global.get $constant))
  (func (export "never_set") (result i32) (global.get $never_set))
  (func (export "count") (result i64)
    (global.set $counter (i64.add (global.get $counter) (i64.const 1)))
    (global.get $counter))
  (func (export "ratio") (param f64) (result f64) (global.get $ratio) (global.set $ratio (local.get 0))))
