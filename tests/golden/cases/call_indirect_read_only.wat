;; A table that nothing changes: bounds against a constant, type check, call relative to the code.
;;! clif
;;! assembly

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
;; ; u7:0 = TableEntries(TableId(0))
;; ; u0:0 = Code
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i32, v1: i32):
;; @0050                               v3 = uextend.i64 v1
;; @0050                               v4 = iconst.i64 3
;; @0050                               v5 = icmp uge v3, v4  ; v4 = 3
;; @0050                               trapnz v5, user4
;; @0050                               v6 = symbol_value.i64 gv0
;; @0050                               v7 = iconst.i32 3
;; @0050                               v8 = ishl v3, v7  ; v7 = 3
;; @0050                               v9 = iadd v6, v8
;; @0050                               v10 = load.i32 notrap aligned region0 v9+4
;; @0050                               v11 = iconst.i32 1
;; @0050                               v12 = icmp eq v10, v11  ; v11 = 1
;; @0050                               brif v12, block2, block3
;;
;;                                 block3 cold:
;; @0050                               trapz.i32 v10, user5
;; @0050                               trap user6
;;
;;                                 block2:
;; @0050                               v13 = load.i32 notrap aligned region0 v9
;; @0050                               v14 = uextend.i64 v13
;; @0050                               v15 = func_addr.i64 fn0
;; @0050                               v16 = iadd v15, v14
;; @0050                               v17 = call_indirect sig1, v16(v0)
;; @0053                               jump block1(v17)
;;
;;                                 block1(v2: i32):
;; @0053                               return v2
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
;;   movl %esi, %r9d
;;   cmpq $0x3, %r9
;;   jnb #trap=user4
;;   load_ext_name userextname0+0, %r11
;;   movl 4(%r11, %r9, 8), %eax
;;   cmpl $0x1, %eax
;;   jz      label2; j label1
;; block2:
;;   load_ext_name userextname1+0, %rax
;;   movl (%r11, %r9, 8), %ecx
;;   leaq (%rax, %rcx), %rax
;;   call    *%rax
;;   jmp     label3
;; block3:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block1:
;;   testl %eax, %eax
;;   jz #trap=user5
;;   ud2
