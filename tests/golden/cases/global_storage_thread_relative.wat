;; Storage class ThreadRelative: a mutable global lies in the thread cell, found from the stack pointer.
;;! clif globals=thread-relative
;;! assembly globals=thread-relative

(module
  (global $counter (mut i32) (i32.const 7))
  (func (export "count") (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (global.get $counter)))
