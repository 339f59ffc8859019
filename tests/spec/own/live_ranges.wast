;; Values that are used both as addresses and as numbers, on every way through branches and loops.

(module
  (memory 1)
  (data (i32.const 16) "\11\22\33\44")
  (global $sum (mut i32) (i32.const 0))

  ;; As an address first, as a number (compared with signs, shifted, wrapped, widened) behind it.
  (func (export "both") (param $p i32) (param $way i32) (result i64)
    (local $value i32)
    (local.set $value (i32.load8_u (local.get $p)))
    (block $out
      (block $two
        (block $one
          (block $zero (br_table $zero $one $two (local.get $way)))
          (return (i64.extend_i32_s (i32.shr_s (i32.sub (local.get $p) (i32.const 20)) (i32.const 1)))))
        (i32.store8 (local.get $p) (i32.add (local.get $value) (local.get $p)))
        (return (i64.or (i64.extend_i32_u (local.get $p)) (i64.shl (i64.extend_i32_s (local.get $p)) (i64.const 32)))))
      (local.set $value (i32.mul (local.get $p) (i32.const 0x10000001))))
    (i64.add (i64.extend_i32_s (local.get $value)) (i64.extend_i32_u (i32.load8_u (local.get $p)))))

  ;; A pointer that goes around a loop; what is added wraps.
  (func (export "walk") (param $p i32) (param $step i32) (param $count i32) (result i32)
    (loop $again
      (global.set $sum (i32.add (global.get $sum) (i32.load8_u (local.get $p))))
      (local.set $p (i32.add (local.get $p) (local.get $step)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (if (i32.lt_s (local.get $p) (i32.const 0)) (then (global.set $sum (i32.xor (global.get $sum) (i32.const -1)))))
    (i32.add (global.get $sum) (i32.mul (local.get $p) (i32.const 1000))))

  ;; As an address on one way only.
  (func (export "one_way") (param $p i32) (param $load i32) (result i32)
    (local $value i32)
    (if (local.get $load) (then (local.set $value (i32.load (local.get $p)))))
    (if (i32.lt_s (local.get $p) (i32.const 0)) (then (return (i32.const -7))))
    (i32.add (local.get $value) (local.get $p))))

(assert_return (invoke "both" (i32.const 16) (i32.const 0)) (i64.const -2))
(assert_return (invoke "both" (i32.const 17) (i32.const 1)) (i64.const 0x0000001100000011))
(assert_return (invoke "both" (i32.const 17) (i32.const 2)) (i64.const 0x10000044))
(assert_return (invoke "both" (i32.const 18) (i32.const 9)) (i64.const 0x20000045))
(assert_trap (invoke "both" (i32.const -1) (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "walk" (i32.const 16) (i32.const 1) (i32.const 4)) (i32.const 20187))
(assert_return (invoke "walk" (i32.const 16) (i32.const -17) (i32.const 1)) (i32.const -1205))
(assert_trap (invoke "walk" (i32.const 0) (i32.const -1) (i32.const 2)) "out of bounds memory access")
(assert_return (invoke "one_way" (i32.const -16) (i32.const 0)) (i32.const -7))
(assert_return (invoke "one_way" (i32.const 16) (i32.const 1)) (i32.const 0x44333321))
(assert_trap (invoke "one_way" (i32.const -16) (i32.const 1)) "out of bounds memory access")
