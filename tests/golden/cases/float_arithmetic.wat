;; Float operators; minimum and maximum follow the specification on zeros and NaNs.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (func (export "four") (param f64 f64) (result f64)
    (f64.div (f64.mul (f64.add (local.get 0) (local.get 1)) (f64.sub (local.get 0) (local.get 1))) (local.get 1)))
  (func (export "min") (param f32 f32) (result f32) (f32.min (local.get 0) (local.get 1)))
  (func (export "max") (param f64 f64) (result f64) (f64.max (local.get 0) (local.get 1)))
  (func (export "signs") (param f64 f64) (result f64)
    (f64.copysign (f64.neg (f64.abs (local.get 0))) (local.get 1)))
  (func (export "sqrt") (param f32) (result f32) (f32.sqrt (local.get 0)))
  (func (export "less") (param f64 f64) (result i32) (f64.lt (local.get 0) (local.get 1))))

;;= clif
;; ; function 0 of case: four
;; function u0:0(f64, f64) -> f64 tail {
;;                                 block0(v0: f64, v1: f64):
;; @0060                               v3 = fadd v0, v1
;; @0065                               v4 = fsub v0, v1
;; @0066                               v5 = fmul v3, v4
;; @0069                               v6 = fdiv v5, v1
;; @006a                               jump block1(v6)
;;
;;                                 block1(v2: f64):
;; @006a                               return v2
;; }
;;
;; ; function 1 of case: min
;; function u0:0(f32, f32) -> f32 tail {
;;                                 block0(v0: f32, v1: f32):
;; @0071                               v3 = fmin v0, v1
;; @0072                               jump block1(v3)
;;
;;                                 block1(v2: f32):
;; @0072                               return v2
;; }
;;
;; ; function 2 of case: max
;; function u0:0(f64, f64) -> f64 tail {
;;                                 block0(v0: f64, v1: f64):
;; @0079                               v3 = fmax v0, v1
;; @007a                               jump block1(v3)
;;
;;                                 block1(v2: f64):
;; @007a                               return v2
;; }
;;
;; ; function 3 of case: signs
;; function u0:0(f64, f64) -> f64 tail {
;;                                 block0(v0: f64, v1: f64):
;; @007f                               v3 = fabs v0
;; @0080                               v4 = fneg v3
;; @0083                               v5 = fcopysign v4, v1
;; @0084                               jump block1(v5)
;;
;;                                 block1(v2: f64):
;; @0084                               return v2
;; }
;;
;; ; function 4 of case: sqrt
;; function u0:0(f32) -> f32 tail {
;;                                 block0(v0: f32):
;; @0089                               v2 = sqrt v0
;; @008a                               jump block1(v2)
;;
;;                                 block1(v1: f32):
;; @008a                               return v1
;; }
;;
;; ; function 5 of case: less
;; function u0:0(f64, f64) -> i32 tail {
;;                                 block0(v0: f64, v1: f64):
;; @0091                               v3 = fcmp lt v0, v1
;; @0091                               v4 = uextend.i32 v3
;; @0092                               jump block1(v4)
;;
;;                                 block1(v2: i32):
;; @0092                               return v2
;; }

;;= assembly
;; ; function 0 of case: four
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm2
;;   addsd %xmm1, %xmm0
;;   subsd %xmm1, %xmm2
;;   mulsd %xmm2, %xmm0
;;   divsd %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: min
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm5
;;   movdqa %xmm1, %xmm0
;;   xmm min seq f32 %xmm5, %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: max
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movdqa %xmm0, %xmm5
;;   movdqa %xmm1, %xmm0
;;   xmm max seq f64 %xmm5, %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: signs
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movabsq $0x7fffffffffffffff, %rax
;;   movq %rax, %xmm2
;;   andpd %xmm2, %xmm0
;;   movabsq $0x8000000000000000, %rax
;;   movq %rax, %xmm2
;;   xorpd %xmm2, %xmm0
;;   movdqa %xmm0, %xmm3
;;   movabsq $0x8000000000000000, %r10
;;   movq %r10, %xmm2
;;   movdqa %xmm2, %xmm0
;;   andnpd %xmm3, %xmm0
;;   andpd %xmm1, %xmm2
;;   orpd %xmm2, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: sqrt
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movdqa %xmm0, %xmm5
;;   jmp     label1
;; block1:
;;   uninit  %xmm0
;;   xorps %xmm0, %xmm0
;;   movdqa %xmm5, %xmm1
;;   sqrtss %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 5 of case: less
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   ucomisd %xmm0, %xmm1
;;   seta %sil
;;   movzbl %sil, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: four
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   fadd d7, d0, d1
;;   fsub d16, d0, d1
;;   fmul d7, d7, d16
;;   fdiv d0, d7, d1
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: min
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   fmin s0, s0, s1
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: max
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   fmax d0, d0, d1
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: signs
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   fabs d7, d0
;;   fneg d0, d7
;;   ushr d7, d1, #63
;;   sli d0, d0, d7, #63
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: sqrt
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   fsqrt s0, s0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of case: less
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   fcmp d0, d1
;;   cset x6, mi
;;   uxtb w2, w6
;;   ldp fp, lr, [sp], #16
;;   ret
