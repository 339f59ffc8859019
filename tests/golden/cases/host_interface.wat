;; What tables of interfaces say of functions of the runtime: types of every kind, several results, one name with two types, a
;; pattern of names, and calls through the table, which are checked as those of the guest are.
;;! clif glue interfaces=example

(module
  (import "example" "sum" (func (param i32 i64 f32 f64) (result f64)))
  (import "example" "split" (func (param i64) (result i32 i32)))
  (import "example" "negate" (func (param f32) (result f32)))
  (import "example" "negate" (func (param i64) (result i64)))
  (import "example" "apply" (func (param i32 i32) (result i32)))
  (import "example" "name_any" (func (param i32) (result i32)))
  (import "example" "invoke_d" (func (param i32 f64) (result f64 i64)))
  (memory (export "memory") 1)
  (table 8 8 funcref))

;;= clif glue interfaces=example
;; ; start of code
;; function u0:0(i64) system_v {
;; block0(v0: i64):
;;     trap user1
;; }
;;
;; ; function 0 of case: example.sum
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:30 = Runtime(Host(HostFunction(0)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i64, f32, f64) -> f64 tail {
;;     ss0 = explicit_slot 32, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:30 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i32, v1: i64, v2: f32, v3: f64):
;;     v4 = symbol_value.i64 gv0
;;     v5 = stack_addr.i64 ss0
;;     v6 = uextend.i64 v0
;;     store notrap aligned region0 v6, v5
;;     store notrap aligned region0 v1, v5+8
;;     v7 = bitcast.i32 v2
;;     v8 = uextend.i64 v7
;;     store notrap aligned region0 v8, v5+16
;;     store notrap aligned region0 v3, v5+24
;;     v9 = func_addr.i64 fn0
;;     call fn1(v9, v4, v5)
;;     v10 = load.f64 notrap aligned region0 v5
;;     return v10
;; }
;;
;; ; function 1 of case: example.split
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:31 = Runtime(Host(HostFunction(1)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i64) -> i32, i32 tail {
;;     ss0 = explicit_slot 16, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:31 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i64):
;;     v1 = symbol_value.i64 gv0
;;     v2 = stack_addr.i64 ss0
;;     store notrap aligned region0 v0, v2
;;     v3 = func_addr.i64 fn0
;;     call fn1(v3, v1, v2)
;;     v4 = load.i32 notrap aligned region0 v2
;;     v5 = load.i32 notrap aligned region0 v2+8
;;     return v4, v5
;; }
;;
;; ; function 2 of case: example.negate
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:32 = Runtime(Host(HostFunction(2)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(f32) -> f32 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:32 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: f32):
;;     v1 = symbol_value.i64 gv0
;;     v2 = stack_addr.i64 ss0
;;     v3 = bitcast.i32 v0
;;     v4 = uextend.i64 v3
;;     store notrap aligned region0 v4, v2
;;     v5 = func_addr.i64 fn0
;;     call fn1(v5, v1, v2)
;;     v6 = load.f32 notrap aligned region0 v2
;;     return v6
;; }
;;
;; ; function 3 of case: example.negate
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:33 = Runtime(Host(HostFunction(3)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i64) -> i64 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:33 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i64):
;;     v1 = symbol_value.i64 gv0
;;     v2 = stack_addr.i64 ss0
;;     store notrap aligned region0 v0, v2
;;     v3 = func_addr.i64 fn0
;;     call fn1(v3, v1, v2)
;;     v4 = load.i64 notrap aligned region0 v2
;;     return v4
;; }
;;
;; ; function 4 of case: example.apply
;; ; u24:4 = Import(FunctionId(4))
;; ; u13:36 = Runtime(Host(HostFunction(6)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i32) -> i32 tail {
;;     ss0 = explicit_slot 16, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:36 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i32, v1: i32):
;;     v2 = symbol_value.i64 gv0
;;     v3 = stack_addr.i64 ss0
;;     v4 = uextend.i64 v0
;;     store notrap aligned region0 v4, v3
;;     v5 = uextend.i64 v1
;;     store notrap aligned region0 v5, v3+8
;;     v6 = func_addr.i64 fn0
;;     call fn1(v6, v2, v3)
;;     v7 = load.i32 notrap aligned region0 v3
;;     return v7
;; }
;;
;; ; function 5 of case: example.name_any
;; ; u24:5 = Import(FunctionId(5))
;; ; u13:37 = Runtime(Host(HostFunction(7)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32) -> i32 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:37 sig0
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
;; ; function 6 of case: example.invoke_d
;; ; u24:6 = Import(FunctionId(6))
;; ; u13:38 = Runtime(Host(HostFunction(8)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, f64) -> f64, i64 tail {
;;     ss0 = explicit_slot 16, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:38 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i32, v1: f64):
;;     v2 = symbol_value.i64 gv0
;;     v3 = stack_addr.i64 ss0
;;     v4 = uextend.i64 v0
;;     store notrap aligned region0 v4, v3
;;     store notrap aligned region0 v1, v3+8
;;     v5 = func_addr.i64 fn0
;;     call fn1(v5, v2, v3)
;;     v6 = load.f64 notrap aligned region0 v3
;;     v7 = load.i64 notrap aligned region0 v3+8
;;     return v6, v7
;; }
;;
;; ; call through a table, 0
;; ; u7:0 = TableEntries(TableId(0))
;; ; u0:0 = Code
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     region1 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i32 notrap aligned region0 v0+8
;;     v3 = uextend.i64 v1
;;     v4 = iconst.i64 8
;;     v5 = icmp uge v3, v4  ; v4 = 8
;;     trapnz v5, user4
;;     v6 = symbol_value.i64 gv0
;;     v7 = iconst.i32 3
;;     v8 = ishl v3, v7  ; v7 = 3
;;     v9 = iadd v6, v8
;;     v10 = load.i32 notrap aligned region1 v9+4
;;     v11 = iconst.i32 6
;;     v12 = icmp eq v10, v11  ; v11 = 6
;;     brif v12, block1, block2
;;
;; block2 cold:
;;     trapz.i32 v10, user5
;;     trap user6
;;
;; block1:
;;     v13 = load.i32 notrap aligned region1 v9
;;     v14 = uextend.i64 v13
;;     v15 = func_addr.i64 fn0
;;     v16 = iadd v15, v14
;;     v17 = call_indirect sig1, v16(v2)
;;     v18 = uextend.i64 v17
;;     store notrap aligned region0 v18, v0
;;     return
;; }
;;
;; ; call through a table, 1
;; ; u7:0 = TableEntries(TableId(0))
;; ; u0:0 = Code
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     region1 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (f64) -> f64, i64 tail
;;     fn0 = colocated u0:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.f64 notrap aligned region0 v0+8
;;     v3 = uextend.i64 v1
;;     v4 = iconst.i64 8
;;     v5 = icmp uge v3, v4  ; v4 = 8
;;     trapnz v5, user4
;;     v6 = symbol_value.i64 gv0
;;     v7 = iconst.i32 3
;;     v8 = ishl v3, v7  ; v7 = 3
;;     v9 = iadd v6, v8
;;     v10 = load.i32 notrap aligned region1 v9+4
;;     v11 = iconst.i32 8
;;     v12 = icmp eq v10, v11  ; v11 = 8
;;     brif v12, block1, block2
;;
;; block2 cold:
;;     trapz.i32 v10, user5
;;     trap user6
;;
;; block1:
;;     v13 = load.i32 notrap aligned region1 v9
;;     v14 = uextend.i64 v13
;;     v15 = func_addr.i64 fn0
;;     v16 = iadd v15, v14
;;     v17, v18 = call_indirect sig1, v16(v2)
;;     store notrap aligned region0 v17, v0
;;     store notrap aligned region0 v18, v0+8
;;     return
;; }
