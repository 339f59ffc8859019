;; An import that nobody supplies, if that was allowed, traps with its name when it is called.
;;! clif allow-missing

(module
  (import "env" "absent" (func $absent (param i32) (result i32)))
  (func (export "call") (result i32) (call $absent (i32.const 1))))
