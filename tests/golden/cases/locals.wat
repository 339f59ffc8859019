;; Locals are values, not memory; what is not set yet is zero.
;;! clif

(module
  (func (export "zero") (result i32 i64 f32 f64) (local i32 i64 f32 f64)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3))
  (func (export "tee") (param i32) (result i32) (local i32)
    (i32.add (local.tee 1 (i32.mul (local.get 0) (local.get 0))) (local.get 1))))

;;= clif
;; ; function 0 of case: zero
;; function u0:0() -> i32, i64, f32, f64 tail {
;;                                 block0:
;;                                     v0 = iconst.i32 0
;;                                     v1 = iconst.i64 0
;;                                     v2 = f32const 0.0
;;                                     v3 = f64const 0.0
;; @0041                               jump block1(v0, v1, v2, v3)  ; v0 = 0, v1 = 0, v2 = 0.0, v3 = 0.0
;;
;;                                 block1(v4: i32, v5: i64, v6: f32, v7: f64):
;; @0041                               return v4, v5, v6, v7
;; }
;;
;; ; function 1 of case: tee
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i32 0
;; @004a                               v3 = imul v0, v0
;; @004f                               v4 = iadd v3, v3
;; @0050                               jump block1(v4)
;;
;;                                 block1(v2: i32):
;; @0050                               return v2
;; }
