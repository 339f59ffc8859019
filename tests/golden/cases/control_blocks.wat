;; Blocks, ifs and loops become basic blocks with parameters; dead code is not translated.
;;! clif

(module
  (func (export "if") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 7)) (else (i32.const 8))))
  (func (export "loop") (param i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (local.get 0)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get $sum))
  (func (export "parameters") (param i32 i32) (result i32)
    (local.get 0) (local.get 1)
    (block (param i32 i32) (result i32) (i32.add)))
  (func (export "dead") (result i32) (return (i32.const 1)) (drop (i32.add)) (i32.const 2)))
