;; Sign extension, wrapping and reinterpretation.
;;! clif

(module
  (func (export "extend") (param i32 i64) (result i32 i32 i64 i64 i64)
    (i32.extend8_s (local.get 0)) (i32.extend16_s (local.get 0))
    (i64.extend8_s (local.get 1)) (i64.extend16_s (local.get 1)) (i64.extend32_s (local.get 1)))
  (func (export "widths") (param i32 i64) (result i64 i64 i32)
    (i64.extend_i32_s (local.get 0)) (i64.extend_i32_u (local.get 0)) (i32.wrap_i64 (local.get 1)))
  (func (export "reinterpret") (param f32 i64) (result i32 f64)
    (i32.reinterpret_f32 (local.get 0)) (f64.reinterpret_i64 (local.get 1))))

;;= clif
;; ; function 0 of case: extend
;; function u0:0(i32, i64) -> i32, i32, i64, i64, i64 tail {
;;                                 block0(v0: i32, v1: i64):
;; @0054                               v7 = ireduce.i8 v0
;; @0054                               v8 = sextend.i32 v7
;; @0057                               v9 = ireduce.i16 v0
;; @0057                               v10 = sextend.i32 v9
;; @005a                               v11 = ireduce.i8 v1
;; @005a                               v12 = sextend.i64 v11
;; @005d                               v13 = ireduce.i16 v1
;; @005d                               v14 = sextend.i64 v13
;; @0060                               v15 = ireduce.i32 v1
;; @0060                               v16 = sextend.i64 v15
;; @0061                               jump block1(v8, v10, v12, v14, v16)
;;
;;                                 block1(v2: i32, v3: i32, v4: i64, v5: i64, v6: i64):
;; @0061                               return v2, v3, v4, v5, v6
;; }
;;
;; ; function 1 of case: widths
;; function u0:0(i32, i64) -> i64, i64, i32 tail {
;;                                 block0(v0: i32, v1: i64):
;; @0066                               v5 = sextend.i64 v0
;; @0069                               v6 = uextend.i64 v0
;; @006c                               v7 = ireduce.i32 v1
;; @006d                               jump block1(v5, v6, v7)
;;
;;                                 block1(v2: i64, v3: i64, v4: i32):
;; @006d                               return v2, v3, v4
;; }
;;
;; ; function 2 of case: reinterpret
;; function u0:0(f32, i64) -> i32, f64 tail {
;;                                 block0(v0: f32, v1: i64):
;; @0072                               v4 = bitcast.i32 v0
;; @0075                               v5 = bitcast.f64 v1
;; @0076                               jump block1(v4, v5)
;;
;;                                 block1(v2: i32, v3: f64):
;; @0076                               return v2, v3
;; }
