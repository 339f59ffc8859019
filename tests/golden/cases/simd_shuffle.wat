;; The baseline has instructions for few shuffles; of those it lacks, only the ones without any order call a leaf.
;;! assembly
;;! assembly cpu=x86-64-v2
;;! assembly cpu=armv8-a

(module
  (func (export "interleave") (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get 0) (local.get 1)))
  (func (export "lanes of both") (param v128 v128) (result v128)
    (i8x16.shuffle 12 13 14 15 16 17 18 19 4 5 6 7 28 29 30 31 (local.get 0) (local.get 1)))
  (func (export "window") (param v128 v128) (result v128)
    (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (local.get 0) (local.get 1)))
  (func (export "every second") (param v128 v128) (result v128)
    (i8x16.shuffle 0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 (local.get 0) (local.get 1)))
  (func (export "no order") (param v128 v128) (result v128)
    (i8x16.shuffle 7 30 1 1 19 4 2 9 31 0 0 12 5 17 22 8 (local.get 0) (local.get 1))))

;;= assembly
;; ; function 0 of case: interleave
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   punpcklwd %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: lanes of both
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movdqa %xmm0, %xmm2
;;   jmp     label1
;; block1:
;;   movdqu (%rip), %xmm0
;;   pshufd $0xd7, %xmm2, %xmm5
;;   pshuflw $0x44, %xmm1, %xmm1
;;   pand %xmm0, %xmm5
;;   pandn %xmm1, %xmm0
;;   por %xmm5, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: window
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm4
;;   psrlq $0x18, %xmm4
;;   shufps $0x4e, %xmm1, %xmm0
;;   psllq $0x28, %xmm0
;;   movdqa %xmm0, %xmm1
;;   movdqa %xmm4, %xmm0
;;   por %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: every second
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqu (%rip), %xmm7
;;   pand %xmm7, %xmm0
;;   pand %xmm7, %xmm1
;;   packuswb %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: no order
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movdqu (%rip), %xmm2
;;   movdqu (%rip), %xmm3
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=x86-64-v2
;; ; function 0 of case: interleave
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   punpcklwd %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: lanes of both
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   pshufb (%rip), %xmm0
;;   pshufb (%rip), %xmm1
;;   por %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: window
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm5
;;   movdqa %xmm1, %xmm0
;;   palignr $0x3, %xmm5, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: every second
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   pshufb (%rip), %xmm0
;;   pshufb (%rip), %xmm1
;;   por %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: no order
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   pshufb (%rip), %xmm0
;;   pshufb (%rip), %xmm1
;;   por %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: interleave
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   zip1 v0.8h, v0.8h, v1.8h
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: lanes of both
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   ldr q4, [const(0)]
;;   mov v30.16b, v0.16b
;;   mov v31.16b, v1.16b
;;   tbl v0.16b, { v30.16b, v31.16b }, v4.16b
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: window
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   ext v0.16b, v0.16b, v1.16b, #3
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: every second
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   uzp1 v0.16b, v0.16b, v1.16b
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: no order
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   ldr q4, [const(0)]
;;   mov v30.16b, v0.16b
;;   mov v31.16b, v1.16b
;;   tbl v0.16b, { v30.16b, v31.16b }, v4.16b
;;   ldp fp, lr, [sp], #16
;;   ret
