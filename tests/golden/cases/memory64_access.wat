;; Accesses by 64-bit indices are always checked: one addition that traps when it overflows, one comparison.
;;! clif entry=library
;;! assembly entry=library
;;! assembly cpu=armv8-a entry=library
(module
  (memory i64 1)
  (func (export "load") (param i64) (result i32) (i32.load offset=8 (local.get 0)))
  (func (export "beyond") (param i64) (result i32) (i32.load offset=0x1_0000_0000 (local.get 0)))
  (func (export "fill") (param i64 i64) (memory.fill (local.get 0) (i32.const 1) (local.get 1))))

;;= clif entry=library
;; ; function 0 of case: load
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i64):
;; @0041                               v2 = iconst.i64 0x0001_0000
;; @0041                               v3 = iconst.i64 12
;; @0041                               v4 = uadd_overflow_trap v0, v3, user2  ; v3 = 12
;; @0041                               v5 = icmp ugt v4, v2  ; v2 = 0x0001_0000
;; @0041                               trapnz v5, user2
;; @0041                               v6 = symbol_value.i64 gv0
;; @0041                               v7 = load.i64 notrap aligned readonly can_move v6
;; @0041                               v8 = iadd v0, v7
;; @0041                               v9 = load.i32 little region0 v8+8
;; @0044                               jump block1(v9)
;;
;;                                 block1(v1: i32):
;; @0044                               return v1
;; }
;;
;; ; function 1 of case: beyond
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i64):
;; @0049                               v2 = iconst.i64 0x0001_0000
;; @0049                               v3 = iconst.i64 0x0001_0000_0004
;; @0049                               v4 = uadd_overflow_trap v0, v3, user2  ; v3 = 0x0001_0000_0004
;; @0049                               v5 = icmp ugt v4, v2  ; v2 = 0x0001_0000
;; @0049                               trapnz v5, user2
;; @0049                               v6 = symbol_value.i64 gv0
;; @0049                               v7 = load.i64 notrap aligned readonly can_move v6
;; @0049                               v8 = iadd v0, v7
;; @0049                               v9 = iconst.i64 0x0001_0000_0000
;; @0049                               v10 = iadd v8, v9  ; v9 = 0x0001_0000_0000
;; @0049                               v11 = load.i32 little region0 v10
;; @0050                               jump block1(v11)
;;
;;                                 block1(v1: i32):
;; @0050                               return v1
;; }
;;
;; ; function 2 of case: fill
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:12 = Runtime(MemoryFill)
;; function u0:0(i64, i64) tail {
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64, i32, i64) system_v
;;     fn0 = colocated u13:12 sig0
;;
;;                                 block0(v0: i64, v1: i64):
;; @0055                               v2 = iconst.i32 1
;; @0059                               v3 = uadd_overflow_trap v0, v1, user2
;; @0059                               v4 = iconst.i64 0x0001_0000
;; @0059                               v5 = icmp ugt v3, v4  ; v4 = 0x0001_0000
;; @0059                               trapnz v5, user2
;; @0059                               v6 = symbol_value.i64 gv0
;; @0059                               v7 = load.i64 notrap aligned readonly can_move v6
;; @0059                               v8 = iadd v0, v7
;; @0059                               call fn0(v8, v2, v1)  ; v2 = 1
;; @005c                               jump block1
;;
;;                                 block1:
;; @005c                               return
;; }

;;= assembly entry=library
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq %rdi, %rsi
;;   addq $0xc, %rsi
;;   jb #trap=user2
;;   cmpq $0x10000, %rsi
;;   jnbe #trap=user2
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r8
;;   movl 8(%rdi, %r8), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: beyond
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq %rdi, %rsi
;;   addq (%rip), %rsi
;;   jb #trap=user2
;;   cmpq $0x10000, %rsi
;;   jnbe #trap=user2
;;   load_ext_name userextname0+0, %r9
;;   addq (%r9), %rdi
;;   movabsq $0x100000000, %r9
;;   movl (%rdi, %r9), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: fill
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq %rdi, %r8
;;   addq %rsi, %r8
;;   movq %rsi, %rdx
;;   jb #trap=user2
;;   cmpq $0x10000, %r8
;;   jnbe #trap=user2
;;   load_ext_name userextname0+0, %r9
;;   addq (%r9), %rdi
;;   movl $0x1, %esi
;;   call    User(userextname1)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a entry=library
;; ; function 0 of case: load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x7, #12
;;   adds x7, x2, x7
;;   b.hs #trap=user2
;;   subs xzr, x7, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x10, User(userextname0)+0
;;   ldr x10, [x10]
;;   add x10, x2, x10
;;   ldr w2, [x10, #8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: beyond
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x9, #4
;;   movk x9, x9, #1, LSL #32
;;   adds x9, x2, x9
;;   b.hs #trap=user2
;;   subs xzr, x9, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x12, User(userextname0)+0
;;   ldr x12, [x12]
;;   add x12, x2, x12
;;   movz x13, #1, LSL #32
;;   ldr w2, [x12, x13]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: fill
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   adds x7, x2, x3
;;   b.hs #trap=user2
;;   subs xzr, x7, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x10, User(userextname0)+0
;;   ldr x10, [x10]
;;   add x0, x2, x10
;;   movz w1, #1
;;   mov x2, x3
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
