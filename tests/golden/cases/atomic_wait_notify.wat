;; Waiting and waking are calls of the runtime, with the index and its offset; the size of a shared memory that grows is
;; read anew each time.
;;! clif

(module
  (memory 1 2 shared)
  (func (export "wait") (param i32 i64) (result i32)
    (memory.atomic.wait64 offset=16 (local.get 0) (i64.const 1) (local.get 1)))
  (func (export "notify") (param i32) (result i32)
    (memory.atomic.notify (local.get 0) (i32.const 1)))
  (func (export "sizes") (result i32)
    (i32.add (memory.size) (memory.size)))
  (func (export "grow") (drop (memory.grow (i32.const 1)))))

;;= clif
;; ; function 0 of case: wait
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:14 = Runtime(MemoryWait64)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i64) -> i32 tail {
;;     ss0 = explicit_slot 32, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:14 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i32, v1: i64):
;; @0053                               v3 = iconst.i64 1
;; @0057                               v4 = symbol_value.i64 gv0
;; @0057                               v5 = iconst.i64 16
;; @0057                               v6 = stack_addr.i64 ss0
;; @0057                               v7 = uextend.i64 v0
;; @0057                               store notrap aligned region0 v7, v6
;; @0057                               store notrap aligned region0 v5, v6+8  ; v5 = 16
;; @0057                               store notrap aligned region0 v3, v6+16  ; v3 = 1
;; @0057                               store notrap aligned region0 v1, v6+24
;; @0057                               v8 = func_addr.i64 fn0
;; @0057                               call fn1(v8, v4, v6)
;; @0057                               v9 = load.i32 notrap aligned region0 v6
;; @005b                               jump block1(v9)
;;
;;                                 block1(v2: i32):
;; @005b                               return v2
;; }
;;
;; ; function 1 of case: notify
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:15 = Runtime(MemoryNotify)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32) -> i32 tail {
;;     ss0 = explicit_slot 24, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:15 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i32):
;; @0060                               v2 = iconst.i32 1
;; @0062                               v3 = symbol_value.i64 gv0
;; @0062                               v4 = iconst.i64 0
;; @0062                               v5 = stack_addr.i64 ss0
;; @0062                               v6 = uextend.i64 v0
;; @0062                               store notrap aligned region0 v6, v5
;; @0062                               store notrap aligned region0 v4, v5+8  ; v4 = 0
;; @0062                               v7 = uextend.i64 v2  ; v2 = 1
;; @0062                               store notrap aligned region0 v7, v5+16
;; @0062                               v8 = func_addr.i64 fn0
;; @0062                               call fn1(v8, v3, v5)
;; @0062                               v9 = load.i32 notrap aligned region0 v5
;; @0066                               jump block1(v9)
;;
;;                                 block1(v1: i32):
;; @0066                               return v1
;; }
;;
;; ; function 2 of case: sizes
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0() -> i32 tail {
;;     region0 = 1073741824 "descriptors"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @0069                               v1 = symbol_value.i64 gv0
;; @0069                               v2 = iconst.i64 8
;; @0069                               v3 = iadd v1, v2  ; v2 = 8
;; @0069                               v4 = atomic_load.i64 notrap aligned region0 v3
;; @0069                               v5 = iconst.i32 16
;; @0069                               v6 = ushr v4, v5  ; v5 = 16
;; @0069                               v7 = ireduce.i32 v6
;; @006b                               v8 = symbol_value.i64 gv0
;; @006b                               v9 = iconst.i64 8
;; @006b                               v10 = iadd v8, v9  ; v9 = 8
;; @006b                               v11 = atomic_load.i64 notrap aligned region0 v10
;; @006b                               v12 = iconst.i32 16
;; @006b                               v13 = ushr v11, v12  ; v12 = 16
;; @006b                               v14 = ireduce.i32 v13
;; @006d                               v15 = iadd v7, v14
;; @006e                               jump block1(v15)
;;
;;                                 block1(v0: i32):
;; @006e                               return v0
;; }
;;
;; ; function 3 of case: grow
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:1 = Runtime(MemoryGrow)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0() tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:1 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0:
;; @0071                               v0 = iconst.i32 1
;; @0073                               v1 = symbol_value.i64 gv0
;; @0073                               v2 = stack_addr.i64 ss0
;; @0073                               v3 = uextend.i64 v0  ; v0 = 1
;; @0073                               store notrap aligned region0 v3, v2
;; @0073                               v4 = func_addr.i64 fn0
;; @0073                               call fn1(v4, v1, v2)
;; @0073                               v5 = load.i64 notrap aligned region0 v2
;; @0073                               v6 = ireduce.i32 v5
;; @0076                               jump block1
;;
;;                                 block1:
;; @0076                               return
;; }
