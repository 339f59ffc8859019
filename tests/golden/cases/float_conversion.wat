;; Truncation traps on NaN and on what does not fit; the saturating kind never does.
;;! clif

(module
  (func (export "trapping") (param f64) (result i32 i64)
    (i32.trunc_f64_s (local.get 0)) (i64.trunc_f64_u (local.get 0)))
  (func (export "saturating") (param f32) (result i32 i64)
    (i32.trunc_sat_f32_s (local.get 0)) (i64.trunc_sat_f32_u (local.get 0)))
  (func (export "to_float") (param i32 i64) (result f32 f64 f32 f64)
    (f32.convert_i32_s (local.get 0)) (f64.convert_i32_u (local.get 0))
    (f32.convert_i64_u (local.get 1)) (f64.convert_i64_s (local.get 1)))
  (func (export "between") (param f32 f64) (result f64 f32)
    (f64.promote_f32 (local.get 0)) (f32.demote_f64 (local.get 1))))

;;= clif
;; ; function 0 of case: trapping
;; function u0:0(f64) -> i32, i64 tail {
;;                                 block0(v0: f64):
;; @0065                               v3 = fcvt_to_sint.i32 v0
;; @0068                               v4 = fcvt_to_uint.i64 v0
;; @0069                               jump block1(v3, v4)
;;
;;                                 block1(v1: i32, v2: i64):
;; @0069                               return v1, v2
;; }
;;
;; ; function 1 of case: saturating
;; function u0:0(f32) -> i32, i64 tail {
;;                                 block0(v0: f32):
;; @006e                               v3 = fcvt_to_sint_sat.i32 v0
;; @0072                               v4 = fcvt_to_uint_sat.i64 v0
;; @0074                               jump block1(v3, v4)
;;
;;                                 block1(v1: i32, v2: i64):
;; @0074                               return v1, v2
;; }
;;
;; ; function 2 of case: to_float
;; function u0:0(i32, i64) -> f32, f64, f32, f64 tail {
;;                                 block0(v0: i32, v1: i64):
;; @0079                               v6 = fcvt_from_sint.f32 v0
;; @007c                               v7 = fcvt_from_uint.f64 v0
;; @007f                               v8 = fcvt_from_uint.f32 v1
;; @0082                               v9 = fcvt_from_sint.f64 v1
;; @0083                               jump block1(v6, v7, v8, v9)
;;
;;                                 block1(v2: f32, v3: f64, v4: f32, v5: f64):
;; @0083                               return v2, v3, v4, v5
;; }
;;
;; ; function 3 of case: between
;; function u0:0(f32, f64) -> f64, f32 tail {
;;                                 block0(v0: f32, v1: f64):
;; @0088                               v4 = fpromote.f64 v0
;; @008b                               v5 = fdemote.f32 v1
;; @008c                               jump block1(v4, v5)
;;
;;                                 block1(v2: f64, v3: f32):
;; @008c                               return v2, v3
;; }
