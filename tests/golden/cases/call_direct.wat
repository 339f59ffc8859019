;; Direct calls pass values in registers and no context.
;;! clif
;;! assembly

(module
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "call") (param i32) (result i32) (call $add (local.get 0) (i32.const 3)))
  (func $swap (param i32 f64) (result f64 i32) (local.get 1) (local.get 0))
  (func (export "several") (param i32 f64) (result f64 i32) (call $swap (local.get 0) (local.get 1)))
  (func $many (result i32 i32 i32 i32 i32) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5))
  (func (export "sum") (result i32) (call $many) (i32.add) (i32.add) (i32.add) (i32.add)))
