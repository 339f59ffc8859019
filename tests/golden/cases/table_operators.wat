;; Reading, writing and measuring a table is inline; growing, filling, copying and initialising are host calls.
;;! clif

(module
  (table $t 4 16 externref)
  (table $f 4 funcref)
  (elem $e func $self)
  (func $self (export "get") (param i32) (result externref) (table.get $t (local.get 0)))
  (func (export "set") (param i32 externref) (table.set $t (local.get 0) (local.get 1)))
  (func (export "size") (result i32) (table.size $t))
  (func (export "grow") (param externref i32) (result i32) (table.grow $t (local.get 0) (local.get 1)))
  (func (export "fill") (param i32 externref i32) (table.fill $t (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (table.copy $f $f (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (table.init $f $e (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drop") (elem.drop $e)))

;;= clif
;; ; function 0 of case: self
;; ; u8:0 = Table(TableId(0))
;; function u0:0(i32) -> i64 tail {
;;     region0 = 1073741824 "descriptors"
;;     region1 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @008a                               v2 = uextend.i64 v0
;; @008a                               v3 = symbol_value.i64 gv0
;; @008a                               v4 = load.i64 notrap aligned region0 v3+8
;; @008a                               v5 = icmp uge v2, v4
;; @008a                               trapnz v5, user3
;; @008a                               v6 = symbol_value.i64 gv0
;; @008a                               v7 = load.i64 notrap aligned readonly can_move v6
;; @008a                               v8 = iconst.i32 3
;; @008a                               v9 = ishl v2, v8  ; v8 = 3
;; @008a                               v10 = iadd v7, v9
;; @008a                               v11 = load.i64 notrap aligned region1 v10
;; @008c                               jump block1(v11)
;;
;;                                 block1(v1: i64):
;; @008c                               return v1
;; }
;;
;; ; function 1 of case: set
;; ; u8:0 = Table(TableId(0))
;; function u0:0(i32, i64) tail {
;;     region0 = 1073741824 "descriptors"
;;     region1 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32, v1: i64):
;; @0093                               v2 = uextend.i64 v0
;; @0093                               v3 = symbol_value.i64 gv0
;; @0093                               v4 = load.i64 notrap aligned region0 v3+8
;; @0093                               v5 = icmp uge v2, v4
;; @0093                               trapnz v5, user3
;; @0093                               v6 = symbol_value.i64 gv0
;; @0093                               v7 = load.i64 notrap aligned readonly can_move v6
;; @0093                               v8 = iconst.i32 3
;; @0093                               v9 = ishl v2, v8  ; v8 = 3
;; @0093                               v10 = iadd v7, v9
;; @0093                               store notrap aligned region1 v1, v10
;; @0095                               jump block1
;;
;;                                 block1:
;; @0095                               return
;; }
;;
;; ; function 2 of case: size
;; ; u8:0 = Table(TableId(0))
;; function u0:0() -> i32 tail {
;;     region0 = 1073741824 "descriptors"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @0098                               v1 = symbol_value.i64 gv0
;; @0098                               v2 = load.i64 notrap aligned region0 v1+8
;; @0098                               v3 = ireduce.i32 v2
;; @009b                               jump block1(v3)
;;
;;                                 block1(v0: i32):
;; @009b                               return v0
;; }
;;
;; ; function 3 of case: grow
;; ; u8:0 = Table(TableId(0))
;; ; u13:3 = Runtime(TableGrow)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i64, i32) -> i32 tail {
;;     ss0 = explicit_slot 16, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:3 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i64, v1: i32):
;; @00a2                               v3 = symbol_value.i64 gv0
;; @00a2                               v4 = stack_addr.i64 ss0
;; @00a2                               store notrap aligned region0 v0, v4
;; @00a2                               v5 = uextend.i64 v1
;; @00a2                               store notrap aligned region0 v5, v4+8
;; @00a2                               v6 = func_addr.i64 fn0
;; @00a2                               call fn1(v6, v3, v4)
;; @00a2                               v7 = load.i64 notrap aligned region0 v4
;; @00a2                               v8 = ireduce.i32 v7
;; @00a5                               jump block1(v8)
;;
;;                                 block1(v2: i32):
;; @00a5                               return v2
;; }
;;
;; ; function 4 of case: fill
;; ; u8:0 = Table(TableId(0))
;; ; u13:4 = Runtime(TableFill)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i64, i32) tail {
;;     ss0 = explicit_slot 24, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:4 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i32, v1: i64, v2: i32):
;; @00ae                               v3 = symbol_value.i64 gv0
;; @00ae                               v4 = stack_addr.i64 ss0
;; @00ae                               v5 = uextend.i64 v0
;; @00ae                               store notrap aligned region0 v5, v4
;; @00ae                               store notrap aligned region0 v1, v4+8
;; @00ae                               v6 = uextend.i64 v2
;; @00ae                               store notrap aligned region0 v6, v4+16
;; @00ae                               v7 = func_addr.i64 fn0
;; @00ae                               call fn1(v7, v3, v4)
;; @00b1                               jump block1
;;
;;                                 block1:
;; @00b1                               return
;; }
;;
;; ; function 5 of case: copy
;; ; u8:1 = Table(TableId(1))
;; ; u13:5 = Runtime(TableCopy)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i32, i32) tail {
;;     ss0 = explicit_slot 32, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:5 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @00ba                               v3 = symbol_value.i64 gv0
;; @00ba                               v4 = symbol_value.i64 gv0
;; @00ba                               v5 = stack_addr.i64 ss0
;; @00ba                               v6 = uextend.i64 v0
;; @00ba                               store notrap aligned region0 v6, v5
;; @00ba                               v7 = uextend.i64 v1
;; @00ba                               store notrap aligned region0 v7, v5+8
;; @00ba                               v8 = uextend.i64 v2
;; @00ba                               store notrap aligned region0 v8, v5+16
;; @00ba                               store notrap aligned region0 v3, v5+24
;; @00ba                               v9 = func_addr.i64 fn0
;; @00ba                               call fn1(v9, v4, v5)
;; @00be                               jump block1
;;
;;                                 block1:
;; @00be                               return
;; }
;;
;; ; function 6 of case: init
;; ; u10:0 = Element(ElementId(0))
;; ; u8:1 = Table(TableId(1))
;; ; u13:6 = Runtime(TableInit)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i32, i32) tail {
;;     ss0 = explicit_slot 32, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     gv1 = symbol colocated userextname1
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:6 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @00c7                               v3 = symbol_value.i64 gv0
;; @00c7                               v4 = symbol_value.i64 gv1
;; @00c7                               v5 = stack_addr.i64 ss0
;; @00c7                               v6 = uextend.i64 v0
;; @00c7                               store notrap aligned region0 v6, v5
;; @00c7                               v7 = uextend.i64 v1
;; @00c7                               store notrap aligned region0 v7, v5+8
;; @00c7                               v8 = uextend.i64 v2
;; @00c7                               store notrap aligned region0 v8, v5+16
;; @00c7                               store notrap aligned region0 v3, v5+24
;; @00c7                               v9 = func_addr.i64 fn0
;; @00c7                               call fn1(v9, v4, v5)
;; @00cb                               jump block1
;;
;;                                 block1:
;; @00cb                               return
;; }
;;
;; ; function 7 of case: drop
;; ; u10:0 = Element(ElementId(0))
;; function u0:0() tail {
;;     region0 = 1073741824 "descriptors"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @00ce                               v0 = symbol_value.i64 gv0
;; @00ce                               v1 = iconst.i64 0
;; @00ce                               store notrap aligned region0 v1, v0+8  ; v1 = 0
;; @00d1                               jump block1
;;
;;                                 block1:
;; @00d1                               return
;; }
