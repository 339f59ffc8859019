;; A vector is handed to the runtime in two slots, too.
;;! clif allow-missing

(module
  (import "env" "missing" (func $missing (param i32 v128 i64) (result v128)))
  (func (export "call") (result v128) (call $missing (i32.const 1) (v128.const i64x2 2 3) (i64.const 4))))

;;= clif allow-missing
;; ; function 0 of case: missing
;; ; u12:0 = ImportName(FunctionId(0))
;; ; u13:9 = Runtime(MissingImport)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i8x16, i64) -> i8x16 tail {
;;     ss0 = explicit_slot 32, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:9 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i32, v1: i8x16, v2: i64):
;;     v3 = symbol_value.i64 gv0
;;     v4 = stack_addr.i64 ss0
;;     v5 = uextend.i64 v0
;;     store notrap aligned region0 v5, v4
;;     store notrap region0 v1, v4+8
;;     store notrap aligned region0 v2, v4+24
;;     v6 = func_addr.i64 fn0
;;     call fn1(v6, v3, v4)
;;     v7 = load.i8x16 notrap region0 v4
;;     return v7
;; }
;;
;; ; function 1 of case: call
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0() -> i8x16 tail {
;;     sig0 = (i32, i8x16, i64) -> i8x16 tail
;;     fn0 = colocated u1:0 sig0
;;     const0 = 0x00000000000000030000000000000002
;;
;;                                 block0:
;; @003a                               v1 = iconst.i32 1
;; @003c                               v2 = vconst.i8x16 const0
;; @004e                               v3 = iconst.i64 4
;; @0050                               v4 = call fn0(v1, v2, v3)  ; v1 = 1, v2 = const0, v3 = 4
;; @0052                               jump block1(v4)
;;
;;                                 block1(v0: i8x16):
;; @0052                               return v0
;; }
