;; Atomic accesses: aligned or a trap; sequentially consistent; read-modify-write in one instruction where there is one.
;; On aarch64 loads are `ldar`, stores `stlr`, which stay in order; all others acquire and release.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a
;;! assembly cpu=armv8.1-a

(module
  (memory (export "memory") 1 2 shared)
  (func (export "load") (param i32) (result i32)
    (i32.atomic.load16_u offset=4 (local.get 0)))
  (func (export "store") (param i32 i64)
    (i64.atomic.store offset=3 (local.get 0) (local.get 1)))
  (func (export "store_then_load") (param i32 i32) (result i32)
    (i32.atomic.store8 (local.get 0) (i32.const 1))
    (i32.atomic.load (local.get 1)))
  (func (export "message") (param i32 i32)
    (i32.store offset=8 (local.get 0) (local.get 1))
    (i32.atomic.store (local.get 0) (i32.const 1)))
  (func (export "add") (param i32 i32) (result i32)
    (i32.atomic.rmw8.add_u (local.get 0) (local.get 1)))
  (func (export "or") (param i32 i64) (result i64)
    (i64.atomic.rmw.or (local.get 0) (local.get 1)))
  (func (export "exchange") (param i32 i32) (result i32)
    (i32.atomic.rmw16.xchg_u (local.get 0) (local.get 1)))
  (func (export "compare") (param i32 i32 i32) (result i32)
    (i32.atomic.rmw.cmpxchg (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grown") (param i32) (result i32)
    (drop (i32.atomic.load (local.get 0)))
    (memory.size))
  (func (export "grow") (result i32)
    (memory.grow (i32.const 1)))
  (func (export "fence") (param i32 i32) (result i32)
    (i32.store (local.get 0) (i32.const 1))
    (atomic.fence)
    (i32.load (local.get 1))))

;;= clif
;; ; function 0 of case: load
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @00bb                               v2 = iconst.i32 1
;; @00bb                               v3 = band v0, v2  ; v2 = 1
;; @00bb                               trapnz v3, user18
;; @00bb                               v4 = uextend.i64 v0
;; @00bb                               v5 = iconst.i64 0x0010_0000
;; @00bb                               v6 = iadd v4, v5  ; v5 = 0x0010_0000
;; @00bb                               v7 = iconst.i64 4
;; @00bb                               v8 = iadd v6, v7  ; v7 = 4
;; @00bb                               v9 = atomic_load.i16 little region0 v8
;; @00bb                               v10 = uextend.i32 v9
;; @00bf                               jump block1(v10)
;;
;;                                 block1(v1: i32):
;; @00bf                               return v1
;; }
;;
;; ; function 1 of case: store
;; function u0:0(i32, i64) tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i64):
;; @00c6                               v2 = iconst.i32 3
;; @00c6                               v3 = iadd v0, v2  ; v2 = 3
;; @00c6                               v4 = iconst.i32 7
;; @00c6                               v5 = band v3, v4  ; v4 = 7
;; @00c6                               trapnz v5, user18
;; @00c6                               v6 = uextend.i64 v0
;; @00c6                               v7 = iconst.i64 0x0010_0000
;; @00c6                               v8 = iadd v6, v7  ; v7 = 0x0010_0000
;; @00c6                               v9 = iconst.i64 3
;; @00c6                               v10 = iadd v8, v9  ; v9 = 3
;; @00c6                               v11 = atomic_rmw.i64 xchg v10, v1
;; @00ca                               jump block1
;;
;;                                 block1:
;; @00ca                               return
;; }
;;
;; ; function 2 of case: store_then_load
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32):
;; @00cf                               v3 = iconst.i32 1
;; @00d1                               v4 = uextend.i64 v0
;; @00d1                               v5 = iconst.i64 0x0010_0000
;; @00d1                               v6 = iadd v4, v5  ; v5 = 0x0010_0000
;; @00d1                               v7 = ireduce.i8 v3  ; v3 = 1
;; @00d1                               v8 = atomic_rmw.i8 xchg v6, v7
;; @00d7                               v9 = iconst.i32 3
;; @00d7                               v10 = band v1, v9  ; v9 = 3
;; @00d7                               trapnz v10, user18
;; @00d7                               v11 = uextend.i64 v1
;; @00d7                               v12 = iconst.i64 0x0010_0000
;; @00d7                               v13 = iadd v11, v12  ; v12 = 0x0010_0000
;; @00d7                               v14 = atomic_load.i32 little region0 v13
;; @00db                               jump block1(v14)
;;
;;                                 block1(v2: i32):
;; @00db                               return v2
;; }
;;
;; ; function 3 of case: message
;; function u0:0(i32, i32) tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32):
;; @00e2                               v2 = uextend.i64 v0
;; @00e2                               v3 = iconst.i64 0x0010_0000
;; @00e2                               v4 = iadd v2, v3  ; v3 = 0x0010_0000
;; @00e2                               store little region0 v1, v4+8
;; @00e7                               v5 = iconst.i32 1
;; @00e9                               v6 = iconst.i32 3
;; @00e9                               v7 = band v0, v6  ; v6 = 3
;; @00e9                               trapnz v7, user18
;; @00e9                               v8 = uextend.i64 v0
;; @00e9                               v9 = iconst.i64 0x0010_0000
;; @00e9                               v10 = iadd v8, v9  ; v9 = 0x0010_0000
;; @00e9                               v11 = atomic_rmw.i32 xchg v10, v5  ; v5 = 1
;; @00ed                               jump block1
;;
;;                                 block1:
;; @00ed                               return
;; }
;;
;; ; function 4 of case: add
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32):
;; @00f4                               v3 = uextend.i64 v0
;; @00f4                               v4 = iconst.i64 0x0010_0000
;; @00f4                               v5 = iadd v3, v4  ; v4 = 0x0010_0000
;; @00f4                               v6 = ireduce.i8 v1
;; @00f4                               v7 = atomic_rmw.i8 add v5, v6
;; @00f4                               v8 = uextend.i32 v7
;; @00f8                               jump block1(v8)
;;
;;                                 block1(v2: i32):
;; @00f8                               return v2
;; }
;;
;; ; function 5 of case: or
;; function u0:0(i32, i64) -> i64 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i64):
;; @00ff                               v3 = iconst.i32 7
;; @00ff                               v4 = band v0, v3  ; v3 = 7
;; @00ff                               trapnz v4, user18
;; @00ff                               v5 = uextend.i64 v0
;; @00ff                               v6 = iconst.i64 0x0010_0000
;; @00ff                               v7 = iadd v5, v6  ; v6 = 0x0010_0000
;; @00ff                               v8 = atomic_rmw.i64 or v7, v1
;; @0103                               jump block1(v8)
;;
;;                                 block1(v2: i64):
;; @0103                               return v2
;; }
;;
;; ; function 6 of case: exchange
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32):
;; @010a                               v3 = iconst.i32 1
;; @010a                               v4 = band v0, v3  ; v3 = 1
;; @010a                               trapnz v4, user18
;; @010a                               v5 = uextend.i64 v0
;; @010a                               v6 = iconst.i64 0x0010_0000
;; @010a                               v7 = iadd v5, v6  ; v6 = 0x0010_0000
;; @010a                               v8 = ireduce.i16 v1
;; @010a                               v9 = atomic_rmw.i16 xchg v7, v8
;; @010a                               v10 = uextend.i32 v9
;; @010e                               jump block1(v10)
;;
;;                                 block1(v2: i32):
;; @010e                               return v2
;; }
;;
;; ; function 7 of case: compare
;; function u0:0(i32, i32, i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @0117                               v4 = iconst.i32 3
;; @0117                               v5 = band v0, v4  ; v4 = 3
;; @0117                               trapnz v5, user18
;; @0117                               v6 = uextend.i64 v0
;; @0117                               v7 = iconst.i64 0x0010_0000
;; @0117                               v8 = iadd v6, v7  ; v7 = 0x0010_0000
;; @0117                               v9 = atomic_cas v8, v1, v2
;; @011b                               jump block1(v9)
;;
;;                                 block1(v3: i32):
;; @011b                               return v3
;; }
;;
;; ; function 8 of case: grown
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 1073741824 "descriptors"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @0120                               v2 = iconst.i32 3
;; @0120                               v3 = band v0, v2  ; v2 = 3
;; @0120                               trapnz v3, user18
;; @0120                               v4 = uextend.i64 v0
;; @0120                               v5 = iconst.i64 0x0010_0000
;; @0120                               v6 = iadd v4, v5  ; v5 = 0x0010_0000
;; @0120                               v7 = atomic_load.i32 little region0 v6
;; @0125                               v8 = symbol_value.i64 gv0
;; @0125                               v9 = iconst.i64 8
;; @0125                               v10 = iadd v8, v9  ; v9 = 8
;; @0125                               v11 = atomic_load.i64 notrap aligned region1 v10
;; @0125                               v12 = iconst.i32 16
;; @0125                               v13 = ushr v11, v12  ; v12 = 16
;; @0125                               v14 = ireduce.i32 v13
;; @0127                               jump block1(v14)
;;
;;                                 block1(v1: i32):
;; @0127                               return v1
;; }
;;
;; ; function 9 of case: grow
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:1 = Runtime(MemoryGrow)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0() -> i32 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:1 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0:
;; @012a                               v1 = iconst.i32 1
;; @012c                               v2 = symbol_value.i64 gv0
;; @012c                               v3 = stack_addr.i64 ss0
;; @012c                               v4 = uextend.i64 v1  ; v1 = 1
;; @012c                               store notrap aligned region0 v4, v3
;; @012c                               v5 = func_addr.i64 fn0
;; @012c                               call fn1(v5, v2, v3)
;; @012c                               v6 = load.i64 notrap aligned region0 v3
;; @012c                               v7 = ireduce.i32 v6
;; @012e                               jump block1(v7)
;;
;;                                 block1(v0: i32):
;; @012e                               return v0
;; }
;;
;; ; function 10 of case: fence
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32):
;; @0133                               v3 = iconst.i32 1
;; @0135                               v4 = uextend.i64 v0
;; @0135                               v5 = iconst.i64 0x0010_0000
;; @0135                               v6 = iadd v4, v5  ; v5 = 0x0010_0000
;; @0135                               store little region0 v3, v6  ; v3 = 1
;; @0138                               fence
;; @013d                               v7 = uextend.i64 v1
;; @013d                               v8 = iconst.i64 0x0010_0000
;; @013d                               v9 = iadd v7, v8  ; v8 = 0x0010_0000
;; @013d                               v10 = load.i32 little region0 v9
;; @0140                               jump block1(v10)
;;
;;                                 block1(v2: i32):
;; @0140                               return v2
;; }

;;= assembly
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl $0x1, %edi
;;   jnz #trap=user18
;;   movl %edi, %esi
;;   movzwq 0x100004(%rsi), %rsi
;;   jmp     label1
;; block1:
;;   movzwl %si, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: store
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   leal 3(%rdi), %r8d
;;   testl $0x7, %r8d
;;   jnz #trap=user18
;;   movl %edi, %edi
;;   xchgq %rsi, 0x100003(%rdi)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: store_then_load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   movl $0x1, %r8d
;;   xchgb %r8b, 0x100000(%rdi)
;;   testl $0x3, %esi
;;   jnz #trap=user18
;;   movl %esi, %r9d
;;   movl 0x100000(%r9), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: message
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %r8d
;;   movl %esi, 0x100008(%r8)
;;   testl $0x3, %r8d
;;   jnz #trap=user18
;;   movl $0x1, %edi
;;   xchgl %edi, 0x100000(%r8)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: add
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   lock xaddb %sil, 0x100000(%rdi)
;;   jmp     label1
;; block1:
;;   movzbl %sil, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 5 of case: or
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl $0x7, %edi
;;   jnz #trap=user18
;;   movl %edi, %edi
;;   atomically { 64_bits_at_[%r9] Or= %r10; %rax = old_value_at_[%r9]; %r11, %rflags = trash }
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 6 of case: exchange
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl $0x1, %edi
;;   jnz #trap=user18
;;   movl %edi, %edi
;;   xchgw %si, 0x100000(%rdi)
;;   jmp     label1
;; block1:
;;   movzwl %si, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 7 of case: compare
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl $0x3, %edi
;;   jnz #trap=user18
;;   movl %edi, %edi
;;   movq %rsi, %rax
;;   lock cmpxchgl %edx, 0x100000(%rdi) ;; implicit: %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 8 of case: grown
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl $0x3, %edi
;;   jnz #trap=user18
;;   movl %edi, %r8d
;;   movl 0x100000(%r8), %r8d
;;   load_ext_name userextname0+0, %r8
;;   movq 8(%r8), %rax
;;   jmp     label1
;; block1:
;;   shrq $0x10, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 9 of case: grow
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   leaq <offset:1>+(%rsp), %rdx
;;   movq $0x1, <offset:1>+(%rsp)
;;   load_ext_name userextname1+0, %rdi
;;   load_ext_name userextname0+0, %rsi
;;   call    User(userextname2)
;;   movq <offset:1>+(%rsp), %rax
;;   jmp     label1
;; block1:
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 10 of case: fence
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   movl $0x1, 0x100000(%rdi)
;;   mfence
;;   movl %esi, %edi
;;   movl 0x100000(%rdi), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w7, w2, #1
;;   cbnz w7, #trap=user18
;;   movz x8, #4
;;   movk x8, x8, #2, LSL #32
;;   add x8, x8, x2, UXTW
;;   ldarh w8, [x8]
;;   b label1
;; block1:
;;   uxth w2, w8
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: store
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   add w7, w2, #3
;;   and w7, w7, #7
;;   cbnz w7, #trap=user18
;;   movz x8, #3
;;   movk x8, x8, #2, LSL #32
;;   add x8, x8, x2, UXTW
;;   stlr x3, [x8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: store_then_load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w9, #1
;;   movz x8, #2, LSL #32
;;   add x10, x8, x2, UXTW
;;   stlrb w9, [x10]
;;   and w9, w3, #3
;;   cbnz w9, #trap=user18
;;   add x10, x8, x3, UXTW
;;   ldar w2, [x10]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: message
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x6, #2, LSL #32
;;   add x6, x6, x2, UXTW
;;   str w3, [x6, #8]
;;   and w7, w2, #3
;;   cbnz w7, #trap=user18
;;   movz w8, #1
;;   stlr w8, [x6]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: add
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x9, #2, LSL #32
;;   add x0, x9, x2, UXTW
;;   ldrb w9, [x9, w2, UXTW]
;;   mov w1, w3
;;   movz w2, #1
;;   bl 0
;;   b label1
;; block1:
;;   uxtb w2, w0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of case: or
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w8, w2, #7
;;   cbnz w8, #trap=user18
;;   movz x9, #2, LSL #32
;;   add x0, x9, x2, UXTW
;;   ldrb w9, [x9, w2, UXTW]
;;   movz w2, #8
;;   mov x1, x3
;;   bl 0
;;   b label1
;; block1:
;;   mov x2, x0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 6 of case: exchange
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
;; ; function 7 of case: compare
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w11, w2, #3
;;   cbnz w11, #trap=user18
;;   movz x12, #2, LSL #32
;;   add x0, x12, x2, UXTW
;;   ldrb w12, [x12, w2, UXTW]
;;   mov w1, w3
;;   mov w2, w4
;;   movz w3, #4
;;   bl 0
;;   b label1
;; block1:
;;   mov x2, x0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 8 of case: grown
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
;; ; function 9 of case: grow
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
;; ; function 10 of case: fence
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

;;= assembly cpu=armv8.1-a
;; ; function 0 of case: load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w7, w2, #1
;;   cbnz w7, #trap=user18
;;   movz x8, #4
;;   movk x8, x8, #2, LSL #32
;;   add x8, x8, x2, UXTW
;;   ldarh w8, [x8]
;;   b label1
;; block1:
;;   uxth w2, w8
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: store
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   add w7, w2, #3
;;   and w7, w7, #7
;;   cbnz w7, #trap=user18
;;   movz x8, #3
;;   movk x8, x8, #2, LSL #32
;;   add x8, x8, x2, UXTW
;;   stlr x3, [x8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: store_then_load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w9, #1
;;   movz x8, #2, LSL #32
;;   add x10, x8, x2, UXTW
;;   stlrb w9, [x10]
;;   and w9, w3, #3
;;   cbnz w9, #trap=user18
;;   add x10, x8, x3, UXTW
;;   ldar w2, [x10]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: message
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x6, #2, LSL #32
;;   add x6, x6, x2, UXTW
;;   str w3, [x6, #8]
;;   and w7, w2, #3
;;   cbnz w7, #trap=user18
;;   movz w8, #1
;;   stlr w8, [x6]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: add
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x6, #2, LSL #32
;;   add x6, x6, x2, UXTW
;;   ldaddalb w3, w6, [x6]
;;   b label1
;; block1:
;;   uxtb w2, w6
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of case: or
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w6, w2, #7
;;   cbnz w6, #trap=user18
;;   movz x7, #2, LSL #32
;;   add x7, x7, x2, UXTW
;;   ldsetal x3, x2, [x7]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 6 of case: exchange
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
;;   atomic_rmw_loop_xchg_16 addr=x25 operand=x26 oldval=x27 scratch1=x24 scratch2=%v206
;;   b label1
;; block1:
;;   uxth w2, w27
;;   ldp x24, x25, [sp], #16
;;   ldp x26, x27, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 7 of case: compare
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   and w7, w2, #3
;;   cbnz w7, #trap=user18
;;   movz x8, #2, LSL #32
;;   add x8, x8, x2, UXTW
;;   mov x2, x3
;;   casal w2, w2, w4, [x8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 8 of case: grown
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
;; ; function 9 of case: grow
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
;; ; function 10 of case: fence
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
