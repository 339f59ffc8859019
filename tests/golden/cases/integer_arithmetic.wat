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

;;= clif
;; ; function 0 of case: i32
;; function u0:0(i32, i32) -> i32 tail {
;;                                 block0(v0: i32, v1: i32):
;; @004c                               v3 = iadd v0, v1
;; @0051                               v4 = isub v0, v1
;; @0052                               v5 = band v3, v4
;; @0057                               v6 = imul v0, v1
;; @0058                               v7 = bor v5, v6
;; @0059                               v8 = iconst.i32 -1
;; @005b                               v9 = bxor v7, v8  ; v8 = -1
;; @005c                               jump block1(v9)
;;
;;                                 block1(v2: i32):
;; @005c                               return v2
;; }
;;
;; ; function 1 of case: shifts
;; function u0:0(i64, i64) -> i64 tail {
;;                                 block0(v0: i64, v1: i64):
;; @0063                               v3 = ishl v0, v1
;; @0066                               v4 = sshr v3, v1
;; @0069                               v5 = ushr v4, v1
;; @006c                               v6 = rotl v5, v1
;; @006f                               v7 = rotr v6, v1
;; @0070                               jump block1(v7)
;;
;;                                 block1(v2: i64):
;; @0070                               return v2
;; }
;;
;; ; function 2 of case: counts
;; function u0:0(i32, i64) -> i32, i32, i32, i64, i64, i64 tail {
;;                                 block0(v0: i32, v1: i64):
;; @0075                               v8 = clz v0
;; @0078                               v9 = ctz v0
;; @007b                               v10 = popcnt v0
;; @007e                               v11 = clz v1
;; @0081                               v12 = ctz v1
;; @0084                               v13 = popcnt v1
;; @0085                               jump block1(v8, v9, v10, v11, v12, v13)
;;
;;                                 block1(v2: i32, v3: i32, v4: i32, v5: i64, v6: i64, v7: i64):
;; @0085                               return v2, v3, v4, v5, v6, v7
;; }
