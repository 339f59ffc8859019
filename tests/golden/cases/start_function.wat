;; What cannot be done at build is done by the instance's activation: here a start function.
;;! clif

(module
  (global $ran (mut i32) (i32.const 0))
  (func $start (global.set $ran (i32.const 1)))
  (start $start)
  (func (export "ran") (result i32) (global.get $ran)))
