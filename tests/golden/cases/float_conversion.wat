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
;; ; start of code
;; function u0:0(i64) system_v {
;; block0(v0: i64):
;;     trap user1
;; }
;;
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
;;
;; ; entry of trapping
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f64) -> i32, i64 tail
;;     fn0 = colocated u1:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f64 notrap aligned region0 v0
;;     v2, v3 = call fn0(v1)
;;     v4 = uextend.i64 v2
;;     store notrap aligned region0 v4, v0
;;     store notrap aligned region0 v3, v0+8
;;     return
;; }
;;
;; ; entry of saturating
;; ; u1:1 = Function(FunctionId(1))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f32) -> i32, i64 tail
;;     fn0 = colocated u1:1 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f32 notrap aligned region0 v0
;;     v2, v3 = call fn0(v1)
;;     v4 = uextend.i64 v2
;;     store notrap aligned region0 v4, v0
;;     store notrap aligned region0 v3, v0+8
;;     return
;; }
;;
;; ; entry of to_float
;; ; u1:2 = Function(FunctionId(2))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32, i64) -> f32, f64, f32, f64 tail
;;     fn0 = colocated u1:2 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i64 notrap aligned region0 v0+8
;;     v3, v4, v5, v6 = call fn0(v1, v2)
;;     v7 = bitcast.i32 v3
;;     v8 = uextend.i64 v7
;;     store notrap aligned region0 v8, v0
;;     store notrap aligned region0 v4, v0+8
;;     v9 = bitcast.i32 v5
;;     v10 = uextend.i64 v9
;;     store notrap aligned region0 v10, v0+16
;;     store notrap aligned region0 v6, v0+24
;;     return
;; }
;;
;; ; entry of between
;; ; u1:3 = Function(FunctionId(3))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f32, f64) -> f64, f32 tail
;;     fn0 = colocated u1:3 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f32 notrap aligned region0 v0
;;     v2 = load.f64 notrap aligned region0 v0+8
;;     v3, v4 = call fn0(v1, v2)
;;     store notrap aligned region0 v3, v0
;;     v5 = bitcast.i32 v4
;;     v6 = uextend.i64 v5
;;     store notrap aligned region0 v6, v0+8
;;     return
;; }
