;; Calls through typed references: a comparison with null, an addition, a call.
;;! clif entry=library
;;! assembly entry=library
;;! assembly cpu=armv8-a entry=library
(module
  (type $unary (func (param i32) (result i32)))
  (func (export "call") (param (ref null $unary) i32) (result i32) (call_ref $unary (local.get 1) (local.get 0)))
  (func (export "on-null") (param (ref null $unary)) (result i32)
    (local $function (ref $unary))
    (block $null
      (local.set $function (br_on_null $null (local.get 0)))
      (return (call_ref $unary (i32.const 10) (local.get $function))))
    (i32.const -1)))

;;= clif entry=library
;; ; function 0 of case: call
;; ; u0:0 = Code
;; function u0:0(i64, i32) -> i32 tail {
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i64, v1: i32):
;; @003f                               trapz v0, user15
;; @003f                               v3 = ireduce.i32 v0
;; @003f                               v4 = uextend.i64 v3
;; @003f                               v5 = func_addr.i64 fn0
;; @003f                               v6 = iadd v5, v4
;; @003f                               v7 = call_indirect sig1, v6(v1)
;; @0041                               jump block1(v7)
;;
;;                                 block1(v2: i32):
;; @0041                               return v2
;; }
;;
;; ; function 1 of case: on-null
;; ; u0:0 = Code
;; function u0:0(i64) -> i32 tail {
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i64):
;;                                     v1 = iconst.i64 0
;; @004b                               brif v0, block3, block2
;;
;;                                 block3:
;; @004f                               v3 = iconst.i32 10
;; @0053                               trapz.i64 v0, user15
;; @0053                               v4 = ireduce.i32 v0
;; @0053                               v5 = uextend.i64 v4
;; @0053                               v6 = func_addr.i64 fn0
;; @0053                               v7 = iadd v6, v5
;; @0053                               v8 = call_indirect sig1, v7(v3)  ; v3 = 10
;; @0055                               return v8
;;
;;                                 block2:
;; @0057                               v9 = iconst.i32 -1
;; @0059                               jump block1(v9)  ; v9 = -1
;;
;;                                 block1(v2: i32):
;; @0059                               return v2
;; }

;;= assembly entry=library
;; ; function 0 of case: call
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testq %rdi, %rdi
;;   jz #trap=user15
;;   load_ext_name userextname0+0, %r8
;;   movl %edi, %r9d
;;   leaq (%r8, %r9), %r8
;;   movq %rsi, %rdi
;;   call    *%r8
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: on-null
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testq %rdi, %rdi
;;   jnz     label3; j label1
;; block1:
;;   jmp     label2
;; block2:
;;   movl $0xffffffff, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   testq %rdi, %rdi
;;   jz #trap=user15
;;   load_ext_name userextname0+0, %rax
;;   movl %edi, %ecx
;;   leaq (%rax, %rcx), %rax
;;   movl $0xa, %edi
;;   call    *%rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a entry=library
;; ; function 0 of case: call
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz x2, #trap=user15
;;   load_ext_name_near x6, User(userextname0)+0
;;   add x6, x6, x2, UXTW
;;   mov x2, x3
;;   blr x6
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: on-null
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbnz x2, label3 ; b label1
;; block1:
;;   b label2
;; block2:
;;   movn w2, #0
;;   ldp fp, lr, [sp], #16
;;   ret
;; block3:
;;   cbz x2, #trap=user15
;;   load_ext_name_near x10, User(userextname0)+0
;;   add x10, x10, x2, UXTW
;;   movz w2, #10
;;   blr x10
;;   ldp fp, lr, [sp], #16
;;   ret
