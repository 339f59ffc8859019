;; Jump tables whose index is what is left of a subtraction.

(module
  (func (export "subtracted") (param i32) (result i32)
    (block $two (block $one (block $default (block $zero
      (br_table $zero $one $two $default (i32.sub (local.get 0) (i32.const 5))))
      (return (i32.const 10)))
      (return (i32.const 99)))
      (return (i32.const 11)))
    (i32.const 12))

  (func (export "added") (param i32) (result i32)
    (block $one (block $default (block $zero
      (br_table $zero $one $default (i32.add (local.get 0) (i32.const -3))))
      (return (i32.const 10)))
      (return (i32.const 99)))
    (i32.const 11))

  ;; Nothing can be put in front of these tables.
  (func (export "too-much") (param i32) (result i32)
    (block $default (block $zero
      (br_table $zero $default (i32.sub (local.get 0) (i32.const 1000))))
      (return (i32.const 10)))
    (i32.const 99))
  (func (export "other-way") (param i32) (result i32)
    (block $one (block $default (block $zero
      (br_table $zero $one $default (i32.add (local.get 0) (i32.const 1))))
      (return (i32.const 10)))
      (return (i32.const 99)))
    (i32.const 11))

  ;; Values go along with the branches, and the difference is needed too.
  (func (export "values") (param i32) (result i32)
    (local $rest i32)
    (i32.add
      (block $default (result i32)
        (i32.mul (i32.const 2)
          (block $zero (result i32)
            (i32.const 7)
            (br_table $zero $default (local.tee $rest (i32.sub (local.get 0) (i32.const 2)))))))
      (local.get $rest))))

(assert_return (invoke "subtracted" (i32.const 5)) (i32.const 10))
(assert_return (invoke "subtracted" (i32.const 6)) (i32.const 11))
(assert_return (invoke "subtracted" (i32.const 7)) (i32.const 12))
(assert_return (invoke "subtracted" (i32.const 8)) (i32.const 99))
(assert_return (invoke "subtracted" (i32.const 4)) (i32.const 99))
(assert_return (invoke "subtracted" (i32.const 0)) (i32.const 99))
(assert_return (invoke "subtracted" (i32.const -1)) (i32.const 99))
(assert_return (invoke "subtracted" (i32.const 0x80000000)) (i32.const 99))
(assert_return (invoke "added" (i32.const 3)) (i32.const 10))
(assert_return (invoke "added" (i32.const 4)) (i32.const 11))
(assert_return (invoke "added" (i32.const 2)) (i32.const 99))
(assert_return (invoke "added" (i32.const 5)) (i32.const 99))
(assert_return (invoke "added" (i32.const -3)) (i32.const 99))
(assert_return (invoke "too-much" (i32.const 1000)) (i32.const 10))
(assert_return (invoke "too-much" (i32.const 0)) (i32.const 99))
(assert_return (invoke "too-much" (i32.const 1001)) (i32.const 99))
(assert_return (invoke "other-way" (i32.const -1)) (i32.const 10))
(assert_return (invoke "other-way" (i32.const 0)) (i32.const 11))
(assert_return (invoke "other-way" (i32.const 1)) (i32.const 99))
(assert_return (invoke "values" (i32.const 2)) (i32.const 14))
(assert_return (invoke "values" (i32.const 3)) (i32.const 8))
(assert_return (invoke "values" (i32.const 1)) (i32.const 6))
