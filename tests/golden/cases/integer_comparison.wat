;; Comparisons give 0 or 1; one that feeds a branch gives only flags.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (func (export "value") (param i32 i32) (result i32) (i32.lt_s (local.get 0) (local.get 1)))
  (func (export "eqz") (param i64) (result i32) (i64.eqz (local.get 0)))
  (func (export "branch") (param i64 i64) (result i32)
    (if (result i32) (i64.gt_u (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2))))
  (func (export "select") (param i32 i32) (result i32)
    (select (local.get 0) (local.get 1) (i32.ge_u (local.get 0) (local.get 1)))))

;;= clif
;; ; function 0 of case: value
;; function u0:0(i32, i32) -> i32 tail {
;;                                 block0(v0: i32, v1: i32):
;; @004f                               v3 = icmp slt v0, v1
;; @004f                               v4 = uextend.i32 v3
;; @0050                               jump block1(v4)
;;
;;                                 block1(v2: i32):
;; @0050                               return v2
;; }
;;
;; ; function 1 of case: eqz
;; function u0:0(i64) -> i32 tail {
;;                                 block0(v0: i64):
;; @0055                               v2 = iconst.i64 0
;; @0055                               v3 = icmp eq v0, v2  ; v2 = 0
;; @0055                               v4 = uextend.i32 v3
;; @0056                               jump block1(v4)
;;
;;                                 block1(v1: i32):
;; @0056                               return v1
;; }
;;
;; ; function 2 of case: branch
;; function u0:0(i64, i64) -> i32 tail {
;;                                 block0(v0: i64, v1: i64):
;; @005d                               v3 = icmp ugt v0, v1
;; @005d                               v4 = uextend.i32 v3
;; @005e                               brif v4, block3, block4
;;
;;                                 block3:
;; @0060                               v6 = iconst.i32 1
;; @0062                               jump block2(v6)  ; v6 = 1
;;
;;                                 block4:
;; @0063                               v7 = iconst.i32 2
;; @0065                               jump block2(v7)  ; v7 = 2
;;
;;                                 block2(v5: i32):
;; @0066                               jump block1(v5)
;;
;;                                 block1(v2: i32):
;; @0066                               return v2
;; }
;;
;; ; function 3 of case: select
;; function u0:0(i32, i32) -> i32 tail {
;;                                 block0(v0: i32, v1: i32):
;; @0071                               v3 = icmp uge v0, v1
;; @0071                               v4 = uextend.i32 v3
;; @0072                               v5 = select v4, v0, v1
;; @0073                               jump block1(v5)
;;
;;                                 block1(v2: i32):
;; @0073                               return v2
;; }

;;= assembly
;; ; function 0 of case: value
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   cmpl %esi, %edi
;;   setl %sil
;;   movzbl %sil, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: eqz
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   testq %rdi, %rdi
;;   sete %sil
;;   movzbl %sil, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: branch
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   cmpq %rsi, %rdi
;;   jnbe    label2; j label1
;; block1:
;;   movl $0x2, %eax
;;   jmp     label3
;; block2:
;;   movl $0x1, %eax
;;   jmp     label3
;; block3:
;;   jmp     label4
;; block4:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: select
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   cmpl %edi, %esi
;;   movq %rdi, %rax
;;   cmovael %esi, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: value
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   subs wzr, w2, w3
;;   cset x6, lt
;;   uxtb w2, w6
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: eqz
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   subs xzr, x2, #0
;;   cset x5, eq
;;   uxtb w2, w5
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: branch
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   subs xzr, x2, x3
;;   b.hi label2 ; b label1
;; block1:
;;   movz w2, #2
;;   b label3
;; block2:
;;   movz w2, #1
;;   b label3
;; block3:
;;   b label4
;; block4:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: select
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   subs wzr, w2, w3
;;   csel x2, x2, x3, hi
;;   ldp fp, lr, [sp], #16
;;   ret
