;; A relaxed multiplication and addition rounds twice, whether or not the CPU has an instruction that rounds once.
;;! assembly
;;! assembly cpu=x86-64-v3
;;! assembly cpu=armv8-a

(module
  (func (export "madd") (param v128 v128 v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "dot") (param v128 v128 v128) (result v128)
    (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))

;;= assembly
;; ; function 0 of case: madd
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   mulps %xmm1, %xmm0
;;   addps %xmm2, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: dot
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm5
;;   punpcklbw %xmm0, %xmm5
;;   movdqa %xmm0, %xmm4
;;   movdqa %xmm5, %xmm0
;;   psraw $0x8, %xmm0
;;   movdqa %xmm1, %xmm3
;;   punpcklbw %xmm1, %xmm3
;;   psraw $0x8, %xmm3
;;   pmaddwd %xmm3, %xmm0
;;   movdqa %xmm4, %xmm3
;;   punpckhbw %xmm3, %xmm3
;;   psraw $0x8, %xmm3
;;   punpckhbw %xmm1, %xmm1
;;   psraw $0x8, %xmm1
;;   pmaddwd %xmm1, %xmm3
;;   packssdw %xmm3, %xmm0
;;   pmaddwd (%rip), %xmm0
;;   paddd %xmm2, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=x86-64-v3
;; ; function 0 of case: madd
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   vmulps %xmm1, %xmm0, %xmm6
;;   vaddps %xmm2, %xmm6, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: dot
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   vpmovsxbw %xmm0, %xmm3
;;   vpmovsxbw %xmm1, %xmm4
;;   vpmaddwd %xmm4, %xmm3, %xmm3
;;   vpalignr $0x8, %xmm0, %xmm0, %xmm0
;;   vpmovsxbw %xmm0, %xmm0
;;   vpalignr $0x8, %xmm1, %xmm1, %xmm1
;;   vpmovsxbw %xmm1, %xmm1
;;   vpmaddwd %xmm1, %xmm0, %xmm0
;;   vpackssdw %xmm0, %xmm3, %xmm0
;;   vpmaddwd (%rip), %xmm0, %xmm0
;;   vpaddd %xmm2, %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: madd
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   fmul v6.4s, v0.4s, v1.4s
;;   fadd v0.4s, v6.4s, v2.4s
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: dot
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   sxtl v18.8h, v0.8b
;;   sxtl v19.8h, v1.8b
;;   smull v20.4s, v18.4h, v19.4h
;;   smull2 v18.4s, v18.8h, v19.8h
;;   addp v18.4s, v20.4s, v18.4s
;;   sxtl2 v19.8h, v0.16b
;;   sxtl2 v20.8h, v1.16b
;;   smull v21.4s, v19.4h, v20.4h
;;   smull2 v19.4s, v19.8h, v20.8h
;;   addp v19.4s, v21.4s, v19.4s
;;   sqxtn v18.4h, v18.4s
;;   sqxtn2 v18.8h, v18.8h, v19.4s
;;   saddlp v18.4s, v18.8h
;;   add v0.4s, v18.4s, v2.4s
;;   ldp fp, lr, [sp], #16
;;   ret
