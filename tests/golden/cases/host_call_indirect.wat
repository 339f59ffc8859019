;; An imported system call in a table is reached through a function of the guest's own convention.
;;! clif

(module
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))
  (memory (export "memory") 1)
  (table 1 funcref)
  (elem (i32.const 0) $sched_yield)
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))

;;= clif
;; ; function 0 of case: sched_yield
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:71 = Runtime(Host(HostFunction(41)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0() -> i32 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:71 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0:
;;     v0 = symbol_value.i64 gv0
;;     v1 = stack_addr.i64 ss0
;;     v2 = func_addr.i64 fn0
;;     call fn1(v2, v0, v1)
;;     v3 = load.i32 notrap aligned region0 v1
;;     return v3
;; }
;;
;; ; function 1 of case: call
;; ; u17:0 = CallTable(CallTableId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 805306368 "table"
;;     sig0 = (i64) system_v
;;     sig1 = () -> i32 tail
;;     fn0 = colocated u17:0 sig0
;;
;;                                 block0(v0: i32):
;; @006e                               v2 = uextend.i64 v0
;; @006e                               v3 = iconst.i64 1
;; @006e                               v4 = icmp uge v2, v3  ; v3 = 1
;; @006e                               trapnz v4, user4
;; @006e                               v5 = func_addr.i64 fn0
;; @006e                               v6 = iconst.i32 2
;; @006e                               v7 = ishl v2, v6  ; v6 = 2
;; @006e                               v8 = iadd v5, v7
;; @006e                               v9 = sload32 notrap aligned readonly region0 v8
;; @006e                               v10 = iadd v5, v9
;; @006e                               v11 = call_indirect sig1, v10()
;; @0071                               jump block1(v11)
;;
;;                                 block1(v1: i32):
;; @0071                               return v1
;; }
;;
;; ; callee for null
;; function u0:0() tail {
;; block0:
;;     trap user5
;; }
;;
;; ; callee for functions of other types
;; function u0:0() tail {
;; block0:
;;     trap user6
;; }
