;; Vectors are loaded unaligned, widened, spread and put together without a detour through other registers.
;;! assembly
;;! assembly cpu=x86-64-v2
;;! assembly cpu=armv8-a

(module
  (memory 1)
  (func (export "load") (param i32) (result v128) (v128.load offset=16 (local.get 0)))
  (func (export "splat") (param i32) (result v128) (v128.load32_splat (local.get 0)))
  (func (export "splat64") (param i32) (result v128) (v128.load64_splat (local.get 0)))
  (func (export "splat8") (param i32) (result v128) (v128.load8_splat (local.get 0)))
  (func (export "widen") (param i32) (result v128) (v128.load8x8_u (local.get 0)))
  (func (export "lane") (param i32 v128) (result v128) (v128.load32_lane 2 (local.get 0) (local.get 1)))
  (func (export "store lane") (param i32 v128) (v128.store64_lane 1 (local.get 0) (local.get 1))))

;;= assembly
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movdqu 0x100010(%rsi), %xmm0
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: splat
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movss 0x100000(%rsi), %xmm0
;;   jmp     label1
;; block1:
;;   shufps $0x0, %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: splat64
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movsd 0x100000(%rsi), %xmm4
;;   jmp     label1
;; block1:
;;   pshufd $0x44, %xmm4, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: splat8
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   movzbq 0x100000(%rdi), %rdi
;;   jmp     label1
;; block1:
;;   movd %edi, %xmm6
;;   punpcklbw %xmm6, %xmm6
;;   pshuflw $0x0, %xmm6, %xmm0
;;   pshufd $0x0, %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: widen
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movq 0x100000(%rsi), %xmm0
;;   uninit  %xmm6
;;   pxor %xmm6, %xmm6
;;   punpcklbw %xmm6, %xmm0
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 5 of case: lane
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movss 0x100000(%rsi), %xmm4
;;   jmp     label1
;; block1:
;;   shufps $0x30, %xmm0, %xmm4
;;   shufps $0x84, %xmm4, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 6 of case: store lane
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   pshufd $0xee, %xmm0, %xmm4
;;   movl %edi, %esi
;;   movsd %xmm4, 0x100000(%rsi)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=x86-64-v2
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movdqu 0x100010(%rsi), %xmm0
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: splat
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movss 0x100000(%rsi), %xmm0
;;   jmp     label1
;; block1:
;;   shufps $0x0, %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: splat64
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movsd 0x100000(%rsi), %xmm4
;;   jmp     label1
;; block1:
;;   pshufd $0x44, %xmm4, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: splat8
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   movzbq 0x100000(%rdi), %rdi
;;   jmp     label1
;; block1:
;;   movd %edi, %xmm0
;;   uninit  %xmm1
;;   pxor %xmm1, %xmm1
;;   pshufb %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: widen
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   pmovzxbw 0x100000(%rsi), %xmm0
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 5 of case: lane
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movss 0x100000(%rsi), %xmm5
;;   jmp     label1
;; block1:
;;   insertps $0x20, %xmm5, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 6 of case: store lane
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   pshufd $0xee, %xmm0, %xmm4
;;   movl %edi, %esi
;;   movsd %xmm4, 0x100000(%rsi)
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
;;   movz x4, #2, LSL #32
;;   add x4, x4, x2, UXTW
;;   ldr q0, [x4, #16]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: splat
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x4, #2, LSL #32
;;   ldr s4, [x4, w2, UXTW]
;;   b label1
;; block1:
;;   dup v0.4s, v4.s[0]
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: splat64
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x4, #2, LSL #32
;;   ldr d4, [x4, w2, UXTW]
;;   b label1
;; block1:
;;   dup v0.2d, v4.d[0]
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: splat8
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x4, #2, LSL #32
;;   ldrb w4, [x4, w2, UXTW]
;;   b label1
;; block1:
;;   dup v0.16b, w4
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: widen
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x4, #2, LSL #32
;;   ldr d3, [x4, w2, UXTW]
;;   uxtl v0.8h, v3.8b
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of case: lane
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x5, #2, LSL #32
;;   ldr s5, [x5, w2, UXTW]
;;   b label1
;; block1:
;;   mov v0.s[2], v0.s[2], v5.s[0]
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 6 of case: store lane
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov d4, v0.d[1]
;;   movz x4, #2, LSL #32
;;   str d4, [x4, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
