;; What is called from outside gets a wrapper with the C convention that reads and writes slots of 8 bytes.
;;! clif glue
;;! assembly glue
;;! assembly cpu=armv8-a glue

(module
  (func (export "mixed") (param i32 i64 f32 f64) (result f64 i32)
    (local.get 3) (local.get 0)))

;;= clif glue
;; ; start of code
;; function u0:0(i64) system_v {
;; block0(v0: i64):
;;     trap user1
;; }
;;
;; ; function 0 of case: mixed
;; function u0:0(i32, i64, f32, f64) -> f64, i32 tail {
;;                                 block0(v0: i32, v1: i64, v2: f32, v3: f64):
;; @002c                               jump block1(v3, v0)
;;
;;                                 block1(v4: f64, v5: i32):
;; @002c                               return v4, v5
;; }
;;
;; ; entry of mixed
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32, i64, f32, f64) -> f64, i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i64 notrap aligned region0 v0+8
;;     v3 = load.f32 notrap aligned region0 v0+16
;;     v4 = load.f64 notrap aligned region0 v0+24
;;     v5, v6 = call fn0(v1, v2, v3, v4)
;;     store notrap aligned region0 v5, v0
;;     v7 = uextend.i64 v6
;;     store notrap aligned region0 v7, v0+8
;;     return
;; }

;;= assembly glue
;; ; start of code
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   ud2
;;
;; ; function 0 of case: mixed
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rdi, %rax
;;   movdqa %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of mixed
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movl (%rdi), %r8d
;;   movq 8(%rdi), %rsi
;;   movss 0x10(%rdi), %xmm0
;;   movsd 0x18(%rdi), %xmm1
;;   movq %rdi, %r12
;;   movq %r8, %rdi
;;   call    User(userextname0)
;;   movq %r12, %rdi
;;   movsd %xmm0, (%rdi)
;;   movl %eax, %r8d
;;   movq %r8, 8(%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a glue
;; ; start of code
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   udf #0xc11f
;;
;; ; function 0 of case: mixed
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   mov v0.16b, v1.16b
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; entry of mixed
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   ldr w2, [x0]
;;   ldr x3, [x0, #8]
;;   ldr s0, [x0, #16]
;;   ldr d1, [x0, #24]
;;   mov x19, x0
;;   bl 0
;;   mov x0, x19
;;   str d0, [x0]
;;   mov w8, w2
;;   str x8, [x0, #8]
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
