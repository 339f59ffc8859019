;; Integer operators map to single instructions.
;;! clif

(module
  (func (export "i32") (param i32 i32) (result i32)
    (i32.xor (i32.or (i32.and (i32.add (local.get 0) (local.get 1)) (i32.sub (local.get 0) (local.get 1)))
      (i32.mul (local.get 0) (local.get 1))) (i32.const -1)))
  (func (export "shifts") (param i64 i64) (result i64)
    (i64.rotr (i64.rotl (i64.shr_u (i64.shr_s (i64.shl (local.get 0) (local.get 1)) (local.get 1)) (local.get 1))
      (local.get 1)) (local.get 1)))
  (func (export "counts") (param i32 i64) (result i32 i32 i32 i64 i64 i64)
    (i32.clz (local.get 0)) (i32.ctz (local.get 0)) (i32.popcnt (local.get 0))
    (i64.clz (local.get 1)) (i64.ctz (local.get 1)) (i64.popcnt (local.get 1))))
