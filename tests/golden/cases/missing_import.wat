;; An import that nobody supplies, if that was allowed, traps with its name when it is called.
;;! clif allow-missing

(module
  (import "env" "absent" (func $absent (param i32) (result i32)))
  (func (export "call") (result i32) (call $absent (i32.const 1))))

;;= clif allow-missing
;; ; function 0 of case: absent
;; ; u12:0 = ImportName(FunctionId(0))
;; ; u13:9 = Runtime(MissingImport)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32) -> i32 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:9 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i32):
;;     v1 = symbol_value.i64 gv0
;;     v2 = stack_addr.i64 ss0
;;     v3 = uextend.i64 v0
;;     store notrap aligned region0 v3, v2
;;     v4 = func_addr.i64 fn0
;;     call fn1(v4, v1, v2)
;;     v5 = load.i32 notrap aligned region0 v2
;;     return v5
;; }
;;
;; ; function 1 of case: call
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0() -> i32 tail {
;;     sig0 = (i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0:
;; @0037                               v1 = iconst.i32 1
;; @0039                               v2 = call fn0(v1)  ; v1 = 1
;; @003b                               jump block1(v2)
;;
;;                                 block1(v0: i32):
;; @003b                               return v0
;; }
