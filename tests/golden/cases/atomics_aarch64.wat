;; Atomic accesses on aarch64: loads are `ldar`, stores `stlr`, which stay in order; all others acquire and release.
;;! assembly cpu=armv8-a
;;! assembly cpu=armv8.1-a

(module
  (memory (export "memory") 1 2 shared)
  (func (export "store_then_load") (param i32 i32) (result i32)
    (i32.atomic.store (local.get 0) (i32.const 1))
    (i32.atomic.load (local.get 1)))
  (func (export "narrow") (param i32 i32) (result i64)
    (i64.atomic.store8 (local.get 0) (i64.const 1))
    (i64.atomic.load16_u (local.get 1)))
  (func (export "message") (param i32 i32)
    (i32.store offset=8 (local.get 0) (local.get 1))
    (i32.atomic.store (local.get 0) (i32.const 1)))
  (func (export "fence") (param i32 i32) (result i32)
    (i32.store (local.get 0) (i32.const 1))
    (atomic.fence)
    (i32.load (local.get 1)))
  (func (export "grown") (param i32) (result i32)
    (drop (i32.atomic.load (local.get 0)))
    (memory.size))
  (func (export "grow") (result i32)
    (memory.grow (i32.const 1)))
  (func (export "add") (param i32 i32) (result i32)
    (i32.atomic.rmw.add (local.get 0) (local.get 1)))
  (func (export "exchange") (param i32 i32) (result i32)
    (i32.atomic.rmw16.xchg_u (local.get 0) (local.get 1)))
  (func (export "compare") (param i32 i32 i32) (result i32)
    (i32.atomic.rmw8.cmpxchg_u (local.get 0) (local.get 1) (local.get 2))))

;;= assembly cpu=armv8-a
;; ; function 0 of case: store_then_load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w9, w2, #3
;;   cbnz w9, #trap=user18
;;   movz w11, #1
;;   movz x10, #2, LSL #32
;;   add x12, x10, x2, UXTW
;;   stlr w11, [x12]
;;   and w11, w3, #3
;;   cbnz w11, #trap=user18
;;   add x12, x10, x3, UXTW
;;   ldar w2, [x12]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: narrow
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w10, #1
;;   movz x9, #2, LSL #32
;;   add x11, x9, x2, UXTW
;;   stlrb w10, [x11]
;;   and w10, w3, #1
;;   cbnz w10, #trap=user18
;;   add x11, x9, x3, UXTW
;;   ldarh w11, [x11]
;;   b label1
;; block1:
;;   uxth w2, w11
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: message
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w8, w2
;;   movz x7, #2, LSL #32
;;   add x7, x7, x2, UXTW
;;   str w3, [x7, #8]
;;   and w8, w8, #3
;;   cbnz w8, #trap=user18
;;   movz w9, #1
;;   stlr w9, [x7]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: fence
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w6, #1
;;   movz x5, #2, LSL #32
;;   str w6, [x5, w2, UXTW]
;;   dmb ish
;;   ldr w2, [x5, w3, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: grown
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w9, w2, #3
;;   cbnz w9, #trap=user18
;;   movz x10, #2, LSL #32
;;   add x10, x10, x2, UXTW
;;   ldar w10, [x10]
;;   load_ext_name_near x10, User(userextname0)+0
;;   add x10, x10, #8
;;   ldar x10, [x10]
;;   b label1
;; block1:
;;   lsr x2, x10, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of case: grow
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   movz x4, #1
;;   mov x2, sp
;;   str x4, [sp]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   ldr x2, [sp]
;;   b label1
;; block1:
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 6 of case: add
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w9, w2, #3
;;   cbnz w9, #trap=user18
;;   movz x10, #2, LSL #32
;;   add x0, x10, x2, UXTW
;;   ldrb w10, [x10, w2, UXTW]
;;   mov w1, w3
;;   movz w2, #4
;;   bl 0
;;   b label1
;; block1:
;;   mov x2, x0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 7 of case: exchange
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w10, w2, #1
;;   cbnz w10, #trap=user18
;;   movz x11, #2, LSL #32
;;   add x0, x11, x2, UXTW
;;   ldrb w11, [x11, w2, UXTW]
;;   mov w1, w3
;;   movz w2, #2
;;   bl 0
;;   b label1
;; block1:
;;   uxth w2, w0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 8 of case: compare
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x11, #2, LSL #32
;;   add x0, x11, x2, UXTW
;;   ldrb w11, [x11, w2, UXTW]
;;   mov w1, w3
;;   mov w2, w4
;;   movz w3, #1
;;   bl 0
;;   b label1
;; block1:
;;   uxtb w2, w0
;;   ldp fp, lr, [sp], #16
;;   ret

;;= assembly cpu=armv8.1-a
;; ; function 0 of case: store_then_load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w9, w2, #3
;;   cbnz w9, #trap=user18
;;   movz w11, #1
;;   movz x10, #2, LSL #32
;;   add x12, x10, x2, UXTW
;;   stlr w11, [x12]
;;   and w11, w3, #3
;;   cbnz w11, #trap=user18
;;   add x12, x10, x3, UXTW
;;   ldar w2, [x12]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: narrow
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w10, #1
;;   movz x9, #2, LSL #32
;;   add x11, x9, x2, UXTW
;;   stlrb w10, [x11]
;;   and w10, w3, #1
;;   cbnz w10, #trap=user18
;;   add x11, x9, x3, UXTW
;;   ldarh w11, [x11]
;;   b label1
;; block1:
;;   uxth w2, w11
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: message
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w8, w2
;;   movz x7, #2, LSL #32
;;   add x7, x7, x2, UXTW
;;   str w3, [x7, #8]
;;   and w8, w8, #3
;;   cbnz w8, #trap=user18
;;   movz w9, #1
;;   stlr w9, [x7]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: fence
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w6, #1
;;   movz x5, #2, LSL #32
;;   str w6, [x5, w2, UXTW]
;;   dmb ish
;;   ldr w2, [x5, w3, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: grown
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w9, w2, #3
;;   cbnz w9, #trap=user18
;;   movz x10, #2, LSL #32
;;   add x10, x10, x2, UXTW
;;   ldar w10, [x10]
;;   load_ext_name_near x10, User(userextname0)+0
;;   add x10, x10, #8
;;   ldar x10, [x10]
;;   b label1
;; block1:
;;   lsr x2, x10, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of case: grow
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   movz x4, #1
;;   mov x2, sp
;;   str x4, [sp]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   ldr x2, [sp]
;;   b label1
;; block1:
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 6 of case: add
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w6, w2, #3
;;   cbnz w6, #trap=user18
;;   movz x7, #2, LSL #32
;;   add x7, x7, x2, UXTW
;;   ldaddal w3, w2, [x7]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 7 of case: exchange
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   stp x26, x27, [sp, #-16]!
;;   stp x24, x25, [sp, #-16]!
;; block0:
;;   and w8, w2, #1
;;   cbnz w8, #trap=user18
;;   movz x9, #2, LSL #32
;;   add x25, x9, x2, UXTW
;;   mov x26, x3
;;   atomic_rmw_loop_xchg_16 addr=x25 operand=x26 oldval=x27 scratch1=x24 scratch2=%v205
;;   b label1
;; block1:
;;   uxth w2, w27
;;   ldp x24, x25, [sp], #16
;;   ldp x26, x27, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 8 of case: compare
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x7, #2, LSL #32
;;   add x7, x7, x2, UXTW
;;   casalb w3, w3, w4, [x7]
;;   b label1
;; block1:
;;   uxtb w2, w3
;;   ldp fp, lr, [sp], #16
;;   ret
