;; A table that nothing changes: bounds against a constant, type check, call relative to the code.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (type $unary (func (param i32) (result i32)))
  (table 3 3 funcref)
  (elem (i32.const 0) $double $negate)
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func $negate (type $unary) (i32.sub (i32.const 0) (local.get 0)))
  (func (export "call") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 1))))

;;= clif
;; ; function 0 of case: double
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @003e                               v2 = iconst.i32 1
;; @0040                               v3 = ishl v0, v2  ; v2 = 1
;; @0041                               jump block1(v3)
;;
;;                                 block1(v1: i32):
;; @0041                               return v1
;; }
;;
;; ; function 1 of case: negate
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0044                               v2 = iconst.i32 0
;; @0048                               v3 = isub v2, v0  ; v2 = 0
;; @0049                               jump block1(v3)
;;
;;                                 block1(v1: i32):
;; @0049                               return v1
;; }
;;
;; ; function 2 of case: call
;; ; u17:0 = CallTable(CallTableId(0))
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 805306368 "table"
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u17:0 sig0
;;
;;                                 block0(v0: i32, v1: i32):
;; @0050                               v3 = uextend.i64 v1
;; @0050                               v4 = iconst.i64 3
;; @0050                               v5 = icmp uge v3, v4  ; v4 = 3
;; @0050                               trapnz v5, user4
;; @0050                               v6 = func_addr.i64 fn0
;; @0050                               v7 = iconst.i32 2
;; @0050                               v8 = ishl v3, v7  ; v7 = 2
;; @0050                               v9 = iadd v6, v8
;; @0050                               v10 = sload32 notrap aligned readonly region0 v9
;; @0050                               v11 = iadd v6, v10
;; @0050                               v12 = call_indirect sig1, v11(v0)
;; @0053                               jump block1(v12)
;;
;;                                 block1(v2: i32):
;; @0053                               return v2
;; }
;;
;; ; callee for null
;; function u0:0() tail {
;; block0:
;;     trap user5
;; }
;;
;; ; callee for functions of other types
;; function u0:0() tail {
;; block0:
;;     trap user6
;; }

;;= assembly
;; ; function 0 of case: double
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rdi, %rax
;;   shll $1, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: negate
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rdi, %rax
;;   negl %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: call
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %esi, %r8d
;;   cmpq $0x3, %r8
;;   jnb #trap=user4
;;   load_ext_name userextname0+0, %r9
;;   movslq (%r9, %r8, 4), %r10
;;   leaq (%r9, %r10), %r9
;;   call    *%r9
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; callee for null
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   ud2
;;
;; ; callee for functions of other types
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   ud2

;;= assembly cpu=armv8-a
;; ; function 0 of case: double
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   lsl w2, w2, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: negate
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   sub w2, wzr, w2
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: call
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w7, w3
;;   subs xzr, x7, #3
;;   b.hs #trap=user4
;;   load_ext_name_near x9, User(userextname0)+0
;;   ldrsw x10, [x9, w3, UXTW #2]
;;   add x9, x9, x10
;;   blr x9
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; callee for null
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   udf #0xc11f
;;
;; ; callee for functions of other types
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   udf #0xc11f
