;; Offsets that do not fit a signed 32-bit displacement together with the base are added in a register, never wrapped.
;;! assembly
;;! assembly memory=high
;;! clif memory=checked
;;! assembly cpu=armv8-a
;;! assembly cpu=armv8-a memory=high

(module
  (memory 1)
  (func (export "below") (param i32) (result i32) (i32.load offset=0x7fefffff (local.get 0)))
  (func (export "at") (param i32) (result i32) (i32.load offset=0x7ff00000 (local.get 0)))
  (func (export "largest") (param i32) (result i32) (i32.load8_u offset=0xffffffff (local.get 0))))

;;= assembly
;; ; function 0 of case: below
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movl 0x7fffffff(%rsi), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: at
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movl $0x100000, %edi
;;   movl 0x7ff00000(%rsi, %rdi), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: largest
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movabsq $0x1000fffff, %rdi
;;   movzbq (%rsi, %rdi), %rax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly memory=high
;; ; function 0 of case: below
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   load_ext_name userextname0+0, %rdi
;;   movq (%rdi), %rdi
;;   movl 0x7fefffff(%rsi, %rdi), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: at
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   load_ext_name userextname0+0, %rdi
;;   movq (%rdi), %rdi
;;   movl 0x7ff00000(%rsi, %rdi), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: largest
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   load_ext_name userextname0+0, %rdi
;;   addq (%rdi), %rsi
;;   movl $0xffffffff, %edi
;;   movzbq (%rsi, %rdi), %rax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= clif memory=checked
;; ; function 0 of case: below
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @003c                               v2 = uextend.i64 v0
;; @003c                               v3 = iconst.i64 0x0001_0000
;; @003c                               v4 = iconst.i64 0x7ff0_0003
;; @003c                               v5 = iadd v2, v4  ; v4 = 0x7ff0_0003
;; @003c                               v6 = icmp ugt v5, v3  ; v3 = 0x0001_0000
;; @003c                               trapnz v6, user2
;; @003c                               v7 = symbol_value.i64 gv0
;; @003c                               v8 = load.i64 notrap aligned readonly can_move v7
;; @003c                               v9 = iadd v2, v8
;; @003c                               v10 = load.i32 little region0 v9+0x7fef_ffff
;; @0043                               jump block1(v10)
;;
;;                                 block1(v1: i32):
;; @0043                               return v1
;; }
;;
;; ; function 1 of case: at
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @0048                               v2 = uextend.i64 v0
;; @0048                               v3 = iconst.i64 0x0001_0000
;; @0048                               v4 = iconst.i64 0x7ff0_0004
;; @0048                               v5 = iadd v2, v4  ; v4 = 0x7ff0_0004
;; @0048                               v6 = icmp ugt v5, v3  ; v3 = 0x0001_0000
;; @0048                               trapnz v6, user2
;; @0048                               v7 = symbol_value.i64 gv0
;; @0048                               v8 = load.i64 notrap aligned readonly can_move v7
;; @0048                               v9 = iadd v2, v8
;; @0048                               v10 = load.i32 little region0 v9+0x7ff0_0000
;; @004f                               jump block1(v10)
;;
;;                                 block1(v1: i32):
;; @004f                               return v1
;; }
;;
;; ; function 2 of case: largest
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @0054                               v2 = uextend.i64 v0
;; @0054                               v3 = iconst.i64 0x0001_0000
;; @0054                               v4 = iconst.i64 0x0001_0000_0000
;; @0054                               v5 = iadd v2, v4  ; v4 = 0x0001_0000_0000
;; @0054                               v6 = icmp ugt v5, v3  ; v3 = 0x0001_0000
;; @0054                               trapnz v6, user2
;; @0054                               v7 = symbol_value.i64 gv0
;; @0054                               v8 = load.i64 notrap aligned readonly can_move v7
;; @0054                               v9 = iadd v2, v8
;; @0054                               v10 = iconst.i64 0xffff_ffff
;; @0054                               v11 = iadd v9, v10  ; v10 = 0xffff_ffff
;; @0054                               v12 = uload8.i32 little region0 v11
;; @005b                               jump block1(v12)
;;
;;                                 block1(v1: i32):
;; @005b                               return v1
;; }

;;= assembly cpu=armv8-a
;; ; function 0 of case: below
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x5, #2, LSL #32
;;   movn w3, #32784, LSL #16
;;   add x5, x5, x3
;;   ldr w2, [x5, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: at
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x5, #2, LSL #32
;;   movz x3, #32752, LSL #16
;;   add x5, x5, x3
;;   ldr w2, [x5, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: largest
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movn x4, #65533, LSL #32
;;   movk x4, x4, #0, LSL #48
;;   ldrb w2, [x4, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret

;;= assembly cpu=armv8-a memory=high
;; ; function 0 of case: below
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x6, User(userextname0)+0
;;   ldr x6, [x6]
;;   movn w4, #32784, LSL #16
;;   add x6, x6, x4
;;   ldr w2, [x6, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: at
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x6, User(userextname0)+0
;;   ldr x6, [x6]
;;   movz x4, #32752, LSL #16
;;   add x6, x6, x4
;;   ldr w2, [x6, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: largest
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x6, User(userextname0)+0
;;   ldr x6, [x6]
;;   add x6, x6, x2, UXTW
;;   orr x7, xzr, #4294967295
;;   ldrb w2, [x6, x7]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
