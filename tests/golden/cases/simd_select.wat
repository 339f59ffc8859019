;; A choice by a comparison is one instruction where the CPU has one, whatever the shape of the comparison.
;;! assembly
;;! assembly cpu=x86-64-v2
;;! assembly cpu=armv8-a

(module
  (func (export "integers") (param v128 v128) (result v128)
    (v128.bitselect (local.get 0) (local.get 1) (i16x8.gt_s (local.get 0) (local.get 1))))
  (func (export "floats") (param v128 v128) (result v128)
    (v128.bitselect (local.get 0) (local.get 1) (f32x4.ge (local.get 0) (local.get 1))))
  (func (export "least") (param v128 v128) (result v128) (f32x4.pmin (local.get 0) (local.get 1))))

;;= assembly
;; ; function 0 of case: integers
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   pmaxsw %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: floats
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm2
;;   movdqa %xmm1, %xmm0
;;   cmpleps %xmm2, %xmm0
;;   pand %xmm0, %xmm2
;;   pandn %xmm1, %xmm0
;;   por %xmm2, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: least
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm5
;;   movdqa %xmm1, %xmm0
;;   minps %xmm5, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=x86-64-v2
;; ; function 0 of case: integers
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   pmaxsw %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: floats
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm7
;;   movdqa %xmm1, %xmm0
;;   cmpleps %xmm7, %xmm0
;;   movdqa %xmm1, %xmm5
;;   pblendvb %xmm0, %xmm7, %xmm5
;;   movdqa %xmm5, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: least
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm5
;;   movdqa %xmm1, %xmm0
;;   minps %xmm5, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: integers
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   smax v0.8h, v0.8h, v1.8h
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: floats
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   mov v7.16b, v0.16b
;;   fcmge v0.4s, v7.4s, v1.4s
;;   bsl v0.16b, v0.16b, v7.16b, v1.16b
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: least
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   mov v7.16b, v0.16b
;;   fcmgt v0.4s, v7.4s, v1.4s
;;   bsl v0.16b, v0.16b, v1.16b, v7.16b
;;   ldp fp, lr, [sp], #16
;;   ret
