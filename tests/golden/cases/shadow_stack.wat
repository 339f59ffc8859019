;; A frame in the shadow stack of which no address leaves the function, with the promise that the module comes from C: the
;; variables are in registers, and the frame is not taken. Of the other function, an address leaves.
;;! clif assume=c-abi

(module
  (memory 1)
  (global $__stack_pointer (mut i32) (i32.const 4096))
  (func $other (param i32))
  (func (export "kept") (param i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (i32.store offset=12 (local.get $frame) (local.get 0))
    (i32.store8 offset=11 (local.get $frame) (local.get 0))
    (if (i32.load offset=12 (local.get $frame))
      (then (i32.store offset=12 (local.get $frame) (i32.load8_s offset=11 (local.get $frame)))))
    (local.set 0 (i32.load offset=12 (local.get $frame)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16)))
    (local.get 0))
  (func (export "known") (param i32) (result i32)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (i32.store offset=12 (local.get $frame) (local.get 0))
    (call $other (i32.add (local.get $frame) (i32.const 8)))
    (local.set 0 (i32.load offset=12 (local.get $frame)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16)))
    (local.get 0)))

;;= clif assume=c-abi
;; ; function 0 of case: other
;; function u0:0(i32) tail {
;;                                 block0(v0: i32):
;; @003f                               jump block1
;;
;;                                 block1:
;; @003f                               return
;; }
;;
;; ; function 1 of case: kept
;; ; u5:0 = Global(GlobalId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 536870912 "global"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i32 0
;;                                     v2 = iconst.i32 0
;;                                     v3 = iconst.i32 0
;; @0044                               v5 = symbol_value.i64 gv0
;; @0044                               v6 = load.i32 notrap aligned region0 v5
;; @0046                               v7 = iconst.i32 16
;; @0048                               v8 = isub v6, v7  ; v7 = 16
;;                                     v11 -> v8
;; @0060                               brif v0, block3, block4
;;
;;                                 block3:
;; @0066                               v9 = ireduce.i8 v0
;; @0066                               v10 = sextend.i32 v9
;; @006c                               jump block2(v10)
;;
;;                                 block4:
;; @006c                               jump block2(v0)
;;
;;                                 block2(v12: i32):
;; @0076                               v13 = iconst.i32 16
;; @0078                               v14 = iadd.i32 v11, v13  ; v13 = 16
;; @007d                               jump block1(v12)
;;
;;                                 block1(v4: i32):
;; @007d                               return v4
;; }
;;
;; ; function 2 of case: known
;; ; u5:0 = Global(GlobalId(0))
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 536870912 "global"
;;     region1 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i32) tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i32 0
;; @0082                               v3 = symbol_value.i64 gv0
;; @0082                               v4 = load.i32 notrap aligned region0 v3
;; @0084                               v5 = iconst.i32 16
;; @0086                               v6 = isub v4, v5  ; v5 = 16
;; @0089                               v7 = symbol_value.i64 gv0
;; @0089                               store notrap aligned region0 v6, v7
;; @008f                               v8 = uextend.i64 v6
;; @008f                               v9 = iconst.i64 0x0010_0000
;; @008f                               v10 = iadd v8, v9  ; v9 = 0x0010_0000
;; @008f                               store little region1 v0, v10+12
;; @0094                               v11 = iconst.i32 8
;; @0096                               v12 = iadd v6, v11  ; v11 = 8
;; @0097                               call fn0(v12)
;; @009b                               v13 = uextend.i64 v6
;; @009b                               v14 = iconst.i64 0x0010_0000
;; @009b                               v15 = iadd v13, v14  ; v14 = 0x0010_0000
;; @009b                               v16 = load.i32 little region1 v15+12
;; @00a2                               v17 = iconst.i32 16
;; @00a4                               v18 = iadd v6, v17  ; v17 = 16
;; @00a5                               v19 = symbol_value.i64 gv0
;; @00a5                               store notrap aligned region0 v18, v19
;; @00a9                               jump block1(v16)
;;
;;                                 block1(v2: i32):
;; @00a9                               return v2
;; }
