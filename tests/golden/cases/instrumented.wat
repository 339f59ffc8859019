;; An instrumented program counts entries, executions and taken branches, the targets of tables, and whom it calls.
;;! clif instrument

(module
  (type $unary (func (param i32) (result i32)))
  (table 2 2 funcref)
  (elem (i32.const 0) $double)
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func (export "divide") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))
  (func (export "table") (param i32)
    (block $a (block $b (br_table $a $b (local.get 0)))))
  (func (export "loop") (param i32)
    (loop $again (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "call") (param i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 0))))

;;= clif instrument
;; ; function 0 of case: double
;; ; u20:0 = Counters
;; function u0:0(i32) -> i32 tail {
;;     region0 = 1879048192 "counters"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i64 1
;;                                     v2 = symbol_value.i64 gv0
;;                                     v3 = load.i64 notrap aligned region0 v2
;;                                     v4 = iadd v3, v1  ; v1 = 1
;;                                     store notrap aligned region0 v4, v2
;; @0055                               v6 = iconst.i32 1
;; @0057                               v7 = ishl v0, v6  ; v6 = 1
;; @0058                               jump block1(v7)
;;
;;                                 block1(v5: i32):
;; @0058                               return v5
;; }
;;
;; ; function 1 of case: divide
;; ; u20:0 = Counters
;; function u0:0(i32) -> i32 tail {
;;     region0 = 1879048192 "counters"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i64 1
;;                                     v2 = symbol_value.i64 gv0
;;                                     v3 = load.i64 notrap aligned region0 v2+8
;;                                     v4 = iadd v3, v1  ; v1 = 1
;;                                     store notrap aligned region0 v4, v2+8
;; @005d                               v7 = iconst.i64 1
;; @005d                               v8 = symbol_value.i64 gv0
;; @005d                               v9 = load.i64 notrap aligned region0 v8+16
;; @005d                               v10 = iadd v9, v7  ; v7 = 1
;; @005d                               store notrap aligned region0 v10, v8+16
;; @005d                               v11 = iconst.i32 0
;; @005d                               v12 = icmp ne v0, v11  ; v11 = 0
;; @005d                               v13 = uextend.i64 v12
;; @005d                               v14 = symbol_value.i64 gv0
;; @005d                               v15 = load.i64 notrap aligned region0 v14+24
;; @005d                               v16 = iadd v15, v13
;; @005d                               store notrap aligned region0 v16, v14+24
;; @005d                               brif v0, block3, block4
;;
;;                                 block3:
;; @005f                               v17 = iconst.i32 1
;; @0061                               jump block2(v17)  ; v17 = 1
;;
;;                                 block4:
;; @0062                               v18 = iconst.i32 2
;; @0064                               jump block2(v18)  ; v18 = 2
;;
;;                                 block2(v6: i32):
;; @0065                               jump block1(v6)
;;
;;                                 block1(v5: i32):
;; @0065                               return v5
;; }
;;
;; ; function 2 of case: table
;; ; u20:0 = Counters
;; function u0:0(i32) tail {
;;     region0 = 1879048192 "counters"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i64 1
;;                                     v2 = symbol_value.i64 gv0
;;                                     v3 = load.i64 notrap aligned region0 v2+32
;;                                     v4 = iadd v3, v1  ; v1 = 1
;;                                     store notrap aligned region0 v4, v2+32
;; @006e                               v5 = iconst.i32 1
;; @006e                               v6 = umin v0, v5  ; v5 = 1
;; @006e                               v7 = uextend.i64 v6
;; @006e                               v8 = iconst.i64 1
;; @006e                               v9 = symbol_value.i64 gv0
;; @006e                               v10 = iconst.i32 3
;; @006e                               v11 = ishl v7, v10  ; v10 = 3
;; @006e                               v12 = iadd v9, v11
;; @006e                               v13 = load.i64 notrap aligned region0 v12+40
;; @006e                               v14 = iadd v13, v8  ; v8 = 1
;; @006e                               store notrap aligned region0 v14, v12+40
;; @006e                               br_table v0, block3, [block2]
;;
;;                                 block3:
;; @0073                               jump block2
;;
;;                                 block2:
;; @0074                               jump block1
;;
;;                                 block1:
;; @0074                               return
;; }
;;
;; ; function 3 of case: loop
;; ; u20:0 = Counters
;; function u0:0(i32) tail {
;;     region0 = 1879048192 "counters"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i64 1
;;                                     v2 = symbol_value.i64 gv0
;;                                     v3 = load.i64 notrap aligned region0 v2+56
;;                                     v4 = iadd v3, v1  ; v1 = 1
;;                                     store notrap aligned region0 v4, v2+56
;; @0077                               jump block3(v0)
;;
;;                                 block3(v9: i32):
;; @0077                               v5 = iconst.i64 1
;; @0077                               v6 = symbol_value.i64 gv0
;; @0077                               v7 = load.i64 notrap aligned region0 v6+64
;; @0077                               v8 = iadd v7, v5  ; v5 = 1
;; @0077                               store notrap aligned region0 v8, v6+64
;; @007b                               v10 = iconst.i32 1
;; @007d                               v11 = isub v9, v10  ; v10 = 1
;; @0080                               v12 = iconst.i64 1
;; @0080                               v13 = symbol_value.i64 gv0
;; @0080                               v14 = load.i64 notrap aligned region0 v13+72
;; @0080                               v15 = iadd v14, v12  ; v12 = 1
;; @0080                               store notrap aligned region0 v15, v13+72
;; @0080                               v16 = iconst.i32 0
;; @0080                               v17 = icmp ne v11, v16  ; v16 = 0
;; @0080                               v18 = uextend.i64 v17
;; @0080                               v19 = symbol_value.i64 gv0
;; @0080                               v20 = load.i64 notrap aligned region0 v19+80
;; @0080                               v21 = iadd v20, v18
;; @0080                               store notrap aligned region0 v21, v19+80
;; @0080                               brif v11, block3(v11), block4
;;
;;                                 block4:
;; @0082                               jump block2
;;
;;                                 block2:
;; @0083                               jump block1
;;
;;                                 block1:
;; @0083                               return
;; }
;;
;; ; function 4 of case: call
;; ; u20:0 = Counters
;; ; u7:0 = TableEntries(TableId(0))
;; ; u13:16 = Runtime(CountTarget)
;; ; u17:0 = CallTable(CallTableId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 1879048192 "counters"
;;     region1 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;     gv1 = symbol colocated userextname1
;;     sig0 = (i64, i32) system_v
;;     sig1 = (i64) system_v
;;     sig2 = (i32) -> i32 tail
;;     fn0 = colocated u13:16 sig0
;;     fn1 = colocated u17:0 sig1
;;
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i64 1
;;                                     v2 = symbol_value.i64 gv0
;;                                     v3 = load.i64 notrap aligned region0 v2+88
;;                                     v4 = iadd v3, v1  ; v1 = 1
;;                                     store notrap aligned region0 v4, v2+88
;; @008a                               v6 = uextend.i64 v0
;; @008a                               v7 = iconst.i64 2
;; @008a                               v8 = icmp uge v6, v7  ; v7 = 2
;; @008a                               trapnz v8, user4
;; @008a                               v9 = symbol_value.i64 gv1
;; @008a                               v10 = iconst.i32 3
;; @008a                               v11 = ishl v6, v10  ; v10 = 3
;; @008a                               v12 = iadd v9, v11
;; @008a                               v13 = load.i64 notrap aligned region1 v12
;; @008a                               v14 = ireduce.i32 v13
;; @008a                               v15 = symbol_value.i64 gv0
;; @008a                               v16 = iconst.i64 96
;; @008a                               v17 = iadd v15, v16  ; v16 = 96
;; @008a                               call fn0(v17, v14)
;; @008a                               v18 = uextend.i64 v0
;; @008a                               v19 = iconst.i64 2
;; @008a                               v20 = icmp uge v18, v19  ; v19 = 2
;; @008a                               trapnz v20, user4
;; @008a                               v21 = func_addr.i64 fn1
;; @008a                               v22 = iconst.i32 2
;; @008a                               v23 = ishl v18, v22  ; v22 = 2
;; @008a                               v24 = iadd v21, v23
;; @008a                               v25 = sload32 notrap aligned readonly region1 v24
;; @008a                               v26 = iadd v21, v25
;; @008a                               v27 = call_indirect sig2, v26(v0)
;; @008d                               jump block1(v27)
;;
;;                                 block1(v5: i32):
;; @008d                               return v5
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
