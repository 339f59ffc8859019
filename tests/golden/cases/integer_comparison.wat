;; Comparisons give 0 or 1; one that feeds a branch gives only flags.
;;! clif
;;! assembly

(module
  (func (export "value") (param i32 i32) (result i32) (i32.lt_s (local.get 0) (local.get 1)))
  (func (export "eqz") (param i64) (result i32) (i64.eqz (local.get 0)))
  (func (export "branch") (param i64 i64) (result i32)
    (if (result i32) (i64.gt_u (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2))))
  (func (export "select") (param i32 i32) (result i32)
    (select (local.get 0) (local.get 1) (i32.ge_u (local.get 0) (local.get 1)))))

;;= clif
;; ; start of code
;; function u0:0(i64) system_v {
;; block0(v0: i64):
;;     trap user1
;; }
;;
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
;;
;; ; entry of value
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32, i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i32 notrap aligned region0 v0+8
;;     v3 = call fn0(v1, v2)
;;     v4 = uextend.i64 v3
;;     store notrap aligned region0 v4, v0
;;     return
;; }
;;
;; ; entry of eqz
;; ; u1:1 = Function(FunctionId(1))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i64) -> i32 tail
;;     fn0 = colocated u1:1 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i64 notrap aligned region0 v0
;;     v2 = call fn0(v1)
;;     v3 = uextend.i64 v2
;;     store notrap aligned region0 v3, v0
;;     return
;; }
;;
;; ; entry of branch
;; ; u1:2 = Function(FunctionId(2))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i64, i64) -> i32 tail
;;     fn0 = colocated u1:2 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i64 notrap aligned region0 v0
;;     v2 = load.i64 notrap aligned region0 v0+8
;;     v3 = call fn0(v1, v2)
;;     v4 = uextend.i64 v3
;;     store notrap aligned region0 v4, v0
;;     return
;; }
;;
;; ; entry of select
;; ; u1:3 = Function(FunctionId(3))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32, i32) -> i32 tail
;;     fn0 = colocated u1:3 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i32 notrap aligned region0 v0+8
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
;;
;; ; entry of value
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movq %rdi, %r12
;;   movl (%rdi), %edi
;;   movq %r12, %r9
;;   movl 8(%r9), %esi
;;   call    User(userextname0)
;;   movl %eax, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of eqz
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movq %rdi, %r8
;;   movq (%r8), %rdi
;;   movq %r8, %r12
;;   call    User(userextname0)
;;   movl %eax, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of branch
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movq %rdi, %r12
;;   movq (%rdi), %rdi
;;   movq %r12, %r9
;;   movq 8(%r9), %rsi
;;   call    User(userextname0)
;;   movl %eax, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of select
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movq %rdi, %r12
;;   movl (%rdi), %edi
;;   movq %r12, %r9
;;   movl 8(%r9), %esi
;;   call    User(userextname0)
;;   movl %eax, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
