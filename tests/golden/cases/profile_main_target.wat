;; By a profile: a call through a read-only table that mostly goes to one function calls that directly, and its body takes the
;; place of the call; not so where the table may change, or calls go to many functions.
;;! clif profile
;;# 0: 90
;;# 3: 100 @0 90 @1 10
;;# 4: 100 @0 25 @1 25 @2 25 0 0 25
;;# 5: 100 @0 100

(module
  (type $unary (func (param i32) (result i32)))
  (table $constant 3 3 funcref)
  (table $changes 3 3 funcref)
  (elem (table $constant) (i32.const 0) func $double $negate $square)
  (elem (table $changes) (i32.const 0) func $double $negate $square)
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func $negate (type $unary) (i32.sub (i32.const 0) (local.get 0)))
  (func $square (type $unary) (i32.mul (local.get 0) (local.get 0)))
  (func (export "mostly") (param i32 i32) (result i32)
    (call_indirect $constant (type $unary) (local.get 0) (local.get 1)))
  (func (export "many") (param i32 i32) (result i32)
    (call_indirect $constant (type $unary) (local.get 0) (local.get 1)))
  (func (export "changes") (param i32 i32) (result i32)
    (table.set $changes (i32.const 2) (ref.null func))
    (call_indirect $changes (type $unary) (local.get 0) (local.get 1))))

;;= clif profile
;; ; function 0 of case: double
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0065                               v2 = iconst.i32 1
;; @0067                               v3 = ishl v0, v2  ; v2 = 1
;; @0068                               jump block1(v3)
;;
;;                                 block1(v1: i32):
;; @0068                               return v1
;; }
;;
;; ; function 3 of case: mostly
;; ; u21:0 = Inlined(FunctionId(0))
;; ; u17:0 = CallTable(CallTableId(0))
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 805306368 "table"
;;     sig0 = (i32) -> i32 tail
;;     sig1 = (i64) system_v
;;     fn0 = colocated u21:0 sig0
;;     fn1 = colocated u17:0 sig1
;;
;;                                 block0(v0: i32, v1: i32):
;; @007f                               v4 = iconst.i32 0
;; @007f                               v5 = icmp ne v1, v4  ; v4 = 0
;; @007f                               brif v5, block4, block3
;;
;;                                 block3:
;; @007f                               jump block5
;;
;;                                 block5:
;;                                     v19 = iconst.i32 1
;;                                     v20 = ishl.i32 v0, v19  ; v19 = 1
;;                                     jump block6(v20)
;;
;;                                 block6(v17: i32):
;;                                     jump block7(v17)
;;
;;                                 block7(v18: i32):
;;                                     v6 -> v18
;; @007f                               jump block2(v6)
;;
;;                                 block4:
;; @007f                               v7 = uextend.i64 v1
;; @007f                               v8 = iconst.i64 3
;; @007f                               v9 = icmp uge v7, v8  ; v8 = 3
;; @007f                               trapnz v9, user4
;; @007f                               v10 = func_addr.i64 fn1
;; @007f                               v11 = iconst.i32 2
;; @007f                               v12 = ishl v7, v11  ; v11 = 2
;; @007f                               v13 = iadd v10, v12
;; @007f                               v14 = sload32 notrap aligned readonly region0 v13
;; @007f                               v15 = iadd v10, v14
;; @007f                               v16 = call_indirect sig0, v15(v0)
;; @007f                               jump block2(v16)
;;
;;                                 block2(v3: i32):
;; @0082                               jump block1(v3)
;;
;;                                 block1(v2: i32):
;; @0082                               return v2
;; }
;;
;; ; function 4 of case: many
;; ; u17:0 = CallTable(CallTableId(0))
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 805306368 "table"
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u17:0 sig0
;;
;;                                 block0(v0: i32, v1: i32):
;; @0089                               v3 = uextend.i64 v1
;; @0089                               v4 = iconst.i64 3
;; @0089                               v5 = icmp uge v3, v4  ; v4 = 3
;; @0089                               trapnz v5, user4
;; @0089                               v6 = func_addr.i64 fn0
;; @0089                               v7 = iconst.i32 2
;; @0089                               v8 = ishl v3, v7  ; v7 = 2
;; @0089                               v9 = iadd v6, v8
;; @0089                               v10 = sload32 notrap aligned readonly region0 v9
;; @0089                               v11 = iadd v6, v10
;; @0089                               v12 = call_indirect sig1, v11(v0)
;; @008c                               jump block1(v12)
;;
;;                                 block1(v2: i32):
;; @008c                               return v2
;; }
;;
;; ; function 5 of case: changes
;; ; u7:1 = TableEntries(TableId(1))
;; ; u0:0 = Code
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 805306369 "table"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i32, v1: i32):
;; @008f                               v3 = iconst.i32 2
;; @0091                               v4 = iconst.i64 0
;; @0093                               v5 = uextend.i64 v3  ; v3 = 2
;; @0093                               v6 = iconst.i64 3
;; @0093                               v7 = icmp uge v5, v6  ; v6 = 3
;; @0093                               trapnz v7, user3
;; @0093                               v8 = symbol_value.i64 gv0
;; @0093                               v9 = iconst.i32 3
;; @0093                               v10 = ishl v5, v9  ; v9 = 3
;; @0093                               v11 = iadd v8, v10
;; @0093                               store notrap aligned region0 v4, v11  ; v4 = 0
;; @0099                               v12 = uextend.i64 v1
;; @0099                               v13 = iconst.i64 3
;; @0099                               v14 = icmp uge v12, v13  ; v13 = 3
;; @0099                               trapnz v14, user4
;; @0099                               v15 = symbol_value.i64 gv0
;; @0099                               v16 = iconst.i32 3
;; @0099                               v17 = ishl v12, v16  ; v16 = 3
;; @0099                               v18 = iadd v15, v17
;; @0099                               v19 = load.i32 notrap aligned region0 v18+4
;; @0099                               v20 = iconst.i32 1
;; @0099                               v21 = icmp eq v19, v20  ; v20 = 1
;; @0099                               brif v21, block2, block3
;;
;;                                 block3 cold:
;; @0099                               trapz.i32 v19, user5
;; @0099                               trap user6
;;
;;                                 block2:
;; @0099                               v22 = load.i32 notrap aligned region0 v18
;; @0099                               v23 = uextend.i64 v22
;; @0099                               v24 = func_addr.i64 fn0
;; @0099                               v25 = iadd v24, v23
;; @0099                               v26 = call_indirect sig1, v25(v0)
;; @009c                               jump block1(v26)
;;
;;                                 block1(v2: i32):
;; @009c                               return v2
;; }
;;
;; ; function 1 of case: negate
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @006b                               v2 = iconst.i32 0
;; @006f                               v3 = isub v2, v0  ; v2 = 0
;; @0070                               jump block1(v3)
;;
;;                                 block1(v1: i32) cold:
;; @0070                               return v1
;; }
;;
;; ; function 2 of case: square
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0077                               v2 = imul v0, v0
;; @0078                               jump block1(v2)
;;
;;                                 block1(v1: i32) cold:
;; @0078                               return v1
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
