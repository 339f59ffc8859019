;; Storage class Cell: the address of a mutable global is a run-time value behind a symbol.
;;! clif globals=cell
;;! assembly globals=cell

(module
  (global $counter (mut i32) (i32.const 7))
  (func (export "count") (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (global.get $counter)))
