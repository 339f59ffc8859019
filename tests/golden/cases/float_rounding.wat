;; The baseline CPU cannot round: a leaf of the runtime does, on the guest stack and without the border.
;;! clif
;;! assembly

(module
  (func (export "f32") (param f32) (result f32) (f32.ceil (f32.floor (f32.trunc (f32.nearest (local.get 0))))))
  (func (export "f64") (param f64) (result f64) (f64.ceil (f64.floor (f64.trunc (f64.nearest (local.get 0)))))))

;;= clif
;; ; start of code
;; function u0:0(i64) system_v {
;; block0(v0: i64):
;;     trap user1
;; }
;;
;; ; function 0 of case: f32
;; function u0:0(f32) -> f32 tail {
;;                                 block0(v0: f32):
;; @0030                               v2 = nearest v0
;; @0031                               v3 = trunc v2
;; @0032                               v4 = floor v3
;; @0033                               v5 = ceil v4
;; @0034                               jump block1(v5)
;;
;;                                 block1(v1: f32):
;; @0034                               return v1
;; }
;;
;; ; function 1 of case: f64
;; function u0:0(f64) -> f64 tail {
;;                                 block0(v0: f64):
;; @0039                               v2 = nearest v0
;; @003a                               v3 = trunc v2
;; @003b                               v4 = floor v3
;; @003c                               v5 = ceil v4
;; @003d                               jump block1(v5)
;;
;;                                 block1(v1: f64):
;; @003d                               return v1
;; }
;;
;; ; entry of f32
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f32) -> f32 tail
;;     fn0 = colocated u1:0 sig0
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
;; ; entry of f64
;; ; u1:1 = Function(FunctionId(1))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (f64) -> f64 tail
;;     fn0 = colocated u1:1 sig0
;;
;; block0(v0: i64):
;;     v1 = load.f64 notrap aligned region0 v0
;;     v2 = call fn0(v1)
;;     store notrap aligned region0 v2, v0
;;     return
;; }

;;= assembly
;; ; start of code
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   ud2
;;
;; ; function 0 of case: f32
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   call    LibCall(NearestF32)
;;   call    LibCall(TruncF32)
;;   call    LibCall(FloorF32)
;;   call    LibCall(CeilF32)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: f64
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   call    LibCall(NearestF64)
;;   call    LibCall(TruncF64)
;;   call    LibCall(FloorF64)
;;   call    LibCall(CeilF64)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of f32
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
;; ; entry of f64
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movsd (%rdi), %xmm0
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   movq %r12, %rdi
;;   movsd %xmm0, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
