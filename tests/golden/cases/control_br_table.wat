;; A jump table; every target gets the values that its label wants.
;;! clif
;;! assembly

(module
  (func (export "switch") (param i32) (result i32)
    (block $two (block $one (block $zero
      (br_table $zero $one $two $one (local.get 0)))
      (return (i32.const 100)))
      (return (i32.const 101)))
    (i32.const 102))
  (func (export "with_value") (param i32) (result i32)
    (block $a (result i32)
      (i32.add (i32.const 1)
        (block $b (result i32) (br_table $a $b (i32.const 10) (local.get 0)))))))
