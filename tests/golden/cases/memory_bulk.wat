;; Copies and fills check their ranges once and call a leaf of the runtime; `memory.init` is a host call.
;;! clif

(module
  (memory 1)
  (data $d "abcdef")
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drop") (data.drop $d)))

;;= clif
;; ; function 0 of case: copy
;; ; u13:10 = Runtime(MemoryMove)
;; function u0:0(i32, i32, i32) tail {
;;     sig0 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:10 sig0
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @004d                               v3 = uextend.i64 v2
;; @004d                               v4 = uextend.i64 v1
;; @004d                               v5 = iadd v4, v3
;; @004d                               v6 = iconst.i64 0x0001_0000
;; @004d                               v7 = icmp ugt v5, v6  ; v6 = 0x0001_0000
;; @004d                               trapnz v7, user2
;; @004d                               v8 = iconst.i64 0x0010_0000
;; @004d                               v9 = iadd v4, v8  ; v8 = 0x0010_0000
;; @004d                               v10 = uextend.i64 v0
;; @004d                               v11 = iadd v10, v3
;; @004d                               v12 = iconst.i64 0x0001_0000
;; @004d                               v13 = icmp ugt v11, v12  ; v12 = 0x0001_0000
;; @004d                               trapnz v13, user2
;; @004d                               v14 = iconst.i64 0x0010_0000
;; @004d                               v15 = iadd v10, v14  ; v14 = 0x0010_0000
;; @004d                               call fn0(v15, v9, v3)
;; @0051                               jump block1
;;
;;                                 block1:
;; @0051                               return
;; }
;;
;; ; function 1 of case: fill
;; ; u13:12 = Runtime(MemoryFill)
;; function u0:0(i32, i32, i32) tail {
;;     sig0 = (i64, i32, i64) system_v
;;     fn0 = colocated u13:12 sig0
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @005a                               v3 = uextend.i64 v2
;; @005a                               v4 = uextend.i64 v0
;; @005a                               v5 = iadd v4, v3
;; @005a                               v6 = iconst.i64 0x0001_0000
;; @005a                               v7 = icmp ugt v5, v6  ; v6 = 0x0001_0000
;; @005a                               trapnz v7, user2
;; @005a                               v8 = iconst.i64 0x0010_0000
;; @005a                               v9 = iadd v4, v8  ; v8 = 0x0010_0000
;; @005a                               call fn0(v9, v1, v3)
;; @005d                               jump block1
;;
;;                                 block1:
;; @005d                               return
;; }
;;
;; ; function 2 of case: init
;; ; u11:0 = Data(DataId(0))
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:2 = Runtime(MemoryInit)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i32, i32) tail {
;;     ss0 = explicit_slot 32, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     gv1 = symbol colocated userextname1
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:2 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @0066                               v3 = symbol_value.i64 gv0
;; @0066                               v4 = symbol_value.i64 gv1
;; @0066                               v5 = stack_addr.i64 ss0
;; @0066                               v6 = uextend.i64 v0
;; @0066                               store notrap aligned region0 v6, v5
;; @0066                               v7 = uextend.i64 v1
;; @0066                               store notrap aligned region0 v7, v5+8
;; @0066                               v8 = uextend.i64 v2
;; @0066                               store notrap aligned region0 v8, v5+16
;; @0066                               store notrap aligned region0 v3, v5+24
;; @0066                               v9 = func_addr.i64 fn0
;; @0066                               call fn1(v9, v4, v5)
;; @006a                               jump block1
;;
;;                                 block1:
;; @006a                               return
;; }
;;
;; ; function 3 of case: drop
;; ; u11:0 = Data(DataId(0))
;; function u0:0() tail {
;;     region0 = 1073741824 "descriptors"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @006d                               v0 = symbol_value.i64 gv0
;; @006d                               v1 = iconst.i64 0
;; @006d                               store notrap aligned region0 v1, v0+8  ; v1 = 0
;; @0070                               jump block1
;;
;;                                 block1:
;; @0070                               return
;; }
