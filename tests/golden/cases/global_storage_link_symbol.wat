;; Storage class LinkSymbol: the address of a mutable global is left to the linker.
;;! clif globals=link-symbol
;;! assembly globals=link-symbol

(module
  (global $counter (mut i32) (i32.const 7))
  (func (export "count") (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (global.get $counter)))
