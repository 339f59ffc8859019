;; Float operators; minimum and maximum follow the specification on zeros and NaNs.
;;! clif
;;! assembly

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
;; ; start of code
;; function u0:0(i64) system_v {
;; block0(v0: i64):
;;     trap user1
;; }
;;
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
;;
;; ; entry of four
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f64, f64) -> f64 tail
;;     fn0 = colocated u1:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f64 notrap aligned region0 v0
;;     v2 = load.f64 notrap aligned region0 v0+8
;;     v3 = call fn0(v1, v2)
;;     store notrap aligned region0 v3, v0
;;     return
;; }
;;
;; ; entry of min
;; ; u1:1 = Function(FunctionId(1))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f32, f32) -> f32 tail
;;     fn0 = colocated u1:1 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f32 notrap aligned region0 v0
;;     v2 = load.f32 notrap aligned region0 v0+8
;;     v3 = call fn0(v1, v2)
;;     v4 = bitcast.i32 v3
;;     v5 = uextend.i64 v4
;;     store notrap aligned region0 v5, v0
;;     return
;; }
;;
;; ; entry of max
;; ; u1:2 = Function(FunctionId(2))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f64, f64) -> f64 tail
;;     fn0 = colocated u1:2 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f64 notrap aligned region0 v0
;;     v2 = load.f64 notrap aligned region0 v0+8
;;     v3 = call fn0(v1, v2)
;;     store notrap aligned region0 v3, v0
;;     return
;; }
;;
;; ; entry of signs
;; ; u1:3 = Function(FunctionId(3))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f64, f64) -> f64 tail
;;     fn0 = colocated u1:3 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f64 notrap aligned region0 v0
;;     v2 = load.f64 notrap aligned region0 v0+8
;;     v3 = call fn0(v1, v2)
;;     store notrap aligned region0 v3, v0
;;     return
;; }
;;
;; ; entry of sqrt
;; ; u1:4 = Function(FunctionId(4))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f32) -> f32 tail
;;     fn0 = colocated u1:4 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f32 notrap aligned region0 v0
;;     v2 = call fn0(v1)
;;     v3 = bitcast.i32 v2
;;     v4 = uextend.i64 v3
;;     store notrap aligned region0 v4, v0
;;     return
;; }
;;
;; ; entry of less
;; ; u1:5 = Function(FunctionId(5))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f64, f64) -> i32 tail
;;     fn0 = colocated u1:5 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f64 notrap aligned region0 v0
;;     v2 = load.f64 notrap aligned region0 v0+8
;;     v3 = call fn0(v1, v2)
;;     v4 = uextend.i64 v3
;;     store notrap aligned region0 v4, v0
;;     return
;; }

;;= assembly
;; ; start of code
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   ud2
;;
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
;;
;; ; entry of four
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movsd (%rdi), %xmm0
;;   movsd 8(%rdi), %xmm1
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   movq %r12, %rdi
;;   movsd %xmm0, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of min
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movss (%rdi), %xmm0
;;   movss 8(%rdi), %xmm1
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   movd %xmm0, %esi
;;   movl %esi, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of max
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movsd (%rdi), %xmm0
;;   movsd 8(%rdi), %xmm1
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   movq %r12, %rdi
;;   movsd %xmm0, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of signs
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movsd (%rdi), %xmm0
;;   movsd 8(%rdi), %xmm1
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   movq %r12, %rdi
;;   movsd %xmm0, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of sqrt
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movss (%rdi), %xmm0
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   movd %xmm0, %esi
;;   movl %esi, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of less
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movsd (%rdi), %xmm0
;;   movsd 8(%rdi), %xmm1
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   movl %eax, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
