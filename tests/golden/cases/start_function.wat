;; What cannot be done at build is done by the instance's activation: here a start function.
;;! clif

(module
  (global $ran (mut i32) (i32.const 0))
  (func $start (global.set $ran (i32.const 1)))
  (start $start)
  (func (export "ran") (result i32) (global.get $ran)))

;;= clif
;; ; function 0 of case: start
;; ; u5:0 = Global(GlobalId(0))
;; function u0:0() tail {
;;     region0 = 536870912 "global"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @0030                               v0 = iconst.i32 1
;; @0032                               v1 = symbol_value.i64 gv0
;; @0032                               store notrap aligned region0 v0, v1  ; v0 = 1
;; @0034                               jump block1
;;
;;                                 block1:
;; @0034                               return
;; }
;;
;; ; function 1 of case: ran
;; ; u5:0 = Global(GlobalId(0))
;; function u0:0() -> i32 tail {
;;     region0 = 536870912 "global"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @0037                               v1 = symbol_value.i64 gv0
;; @0037                               v2 = load.i32 notrap aligned region0 v1
;; @0039                               jump block1(v2)
;;
;;                                 block1(v0: i32):
;; @0039                               return v0
;; }
;;
;; ; activation of case
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i64) system_v {
;;     sig0 = () tail
;;     fn0 = colocated u1:0 sig0
;;
;; block0(v0: i64):
;;     call fn0()
;;     return
;; }
