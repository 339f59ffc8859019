;; Rounding is one instruction since SSE4.1; before, some on all lanes at a time.
;;! assembly
;;! assembly cpu=x86-64-v2
;;! assembly cpu=armv8-a

(module
  (func (export "floor") (param v128) (result v128) (f64x2.floor (local.get 0)))
  (func (export "nearest") (param v128) (result v128) (f32x4.nearest (local.get 0))))

;;= assembly
;; ; function 0 of case: floor
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   uninit  %xmm1
;;   pcmpeqd %xmm1, %xmm1
;;   psrlq $0x1, %xmm1
;;   movdqa %xmm0, %xmm6
;;   andpd %xmm1, %xmm6
;;   movdqa %xmm0, %xmm3
;;   movdqu (%rip), %xmm1
;;   movdqa %xmm6, %xmm0
;;   cmpltpd %xmm1, %xmm0
;;   addpd %xmm1, %xmm6
;;   subpd %xmm1, %xmm6
;;   movdqu (%rip), %xmm2
;;   movdqa %xmm3, %xmm1
;;   pand %xmm2, %xmm3
;;   por %xmm3, %xmm6
;;   movdqa %xmm1, %xmm4
;;   cmpltpd %xmm6, %xmm4
;;   movdqu (%rip), %xmm5
;;   andpd %xmm5, %xmm4
;;   subpd %xmm4, %xmm6
;;   por %xmm3, %xmm6
;;   addpd %xmm2, %xmm1
;;   andpd %xmm0, %xmm6
;;   andnpd %xmm1, %xmm0
;;   orpd %xmm6, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: nearest
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   uninit  %xmm1
;;   pcmpeqd %xmm1, %xmm1
;;   psrld $0x1, %xmm1
;;   movdqa %xmm0, %xmm6
;;   andps %xmm1, %xmm6
;;   movdqa %xmm0, %xmm3
;;   movdqu (%rip), %xmm1
;;   movdqa %xmm6, %xmm0
;;   cmpltps %xmm1, %xmm0
;;   addps %xmm1, %xmm6
;;   subps %xmm1, %xmm6
;;   movdqu (%rip), %xmm2
;;   movdqa %xmm3, %xmm1
;;   pand %xmm2, %xmm3
;;   por %xmm3, %xmm6
;;   addps %xmm2, %xmm1
;;   andps %xmm0, %xmm6
;;   andnps %xmm1, %xmm0
;;   orps %xmm6, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=x86-64-v2
;; ; function 0 of case: floor
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   roundpd $0x1, %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: nearest
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   roundps $0x0, %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: floor
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   frintm v0.2d, v0.2d
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: nearest
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   frintn v0.4s, v0.4s
;;   ldp fp, lr, [sp], #16
;;   ret
