;; A table that grows: its size is a cell, its entries are where the runtime reserved them.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (type $unary (func (param i32) (result i32)))
  (table $t 2 100 funcref)
  (elem (i32.const 0) $double)
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func (export "grow") (result i32) (table.grow $t (ref.null func) (i32.const 4)))
  (func (export "call") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 1))))

;;= clif
;; ; function 0 of case: double
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0048                               v2 = iconst.i32 1
;; @004a                               v3 = ishl v0, v2  ; v2 = 1
;; @004b                               jump block1(v3)
;;
;;                                 block1(v1: i32):
;; @004b                               return v1
;; }
;;
;; ; function 1 of case: grow
;; ; u8:0 = Table(TableId(0))
;; ; u13:3 = Runtime(TableGrow)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0() -> i32 tail {
;;     ss0 = explicit_slot 16, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:3 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0:
;; @004e                               v1 = iconst.i64 0
;; @0050                               v2 = iconst.i32 4
;; @0052                               v3 = symbol_value.i64 gv0
;; @0052                               v4 = stack_addr.i64 ss0
;; @0052                               store notrap aligned region0 v1, v4  ; v1 = 0
;; @0052                               v5 = uextend.i64 v2  ; v2 = 4
;; @0052                               store notrap aligned region0 v5, v4+8
;; @0052                               v6 = func_addr.i64 fn0
;; @0052                               call fn1(v6, v3, v4)
;; @0052                               v7 = load.i64 notrap aligned region0 v4
;; @0052                               v8 = ireduce.i32 v7
;; @0055                               jump block1(v8)
;;
;;                                 block1(v0: i32):
;; @0055                               return v0
;; }
;;
;; ; function 2 of case: call
;; ; u8:0 = Table(TableId(0))
;; ; u0:0 = Code
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 1073741824 "descriptors"
;;     region1 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i32, v1: i32):
;; @005c                               v3 = uextend.i64 v1
;; @005c                               v4 = symbol_value.i64 gv0
;; @005c                               v5 = load.i64 notrap aligned region0 v4+8
;; @005c                               v6 = icmp uge v3, v5
;; @005c                               trapnz v6, user4
;; @005c                               v7 = symbol_value.i64 gv0
;; @005c                               v8 = load.i64 notrap aligned readonly can_move v7
;; @005c                               v9 = iconst.i32 3
;; @005c                               v10 = ishl v3, v9  ; v9 = 3
;; @005c                               v11 = iadd v8, v10
;; @005c                               v12 = load.i32 notrap aligned region1 v11+4
;; @005c                               v13 = iconst.i32 1
;; @005c                               v14 = icmp eq v12, v13  ; v13 = 1
;; @005c                               brif v14, block2, block3
;;
;;                                 block3 cold:
;; @005c                               trapz.i32 v12, user5
;; @005c                               trap user6
;;
;;                                 block2:
;; @005c                               v15 = load.i32 notrap aligned region1 v11
;; @005c                               v16 = uextend.i64 v15
;; @005c                               v17 = func_addr.i64 fn0
;; @005c                               v18 = iadd v17, v16
;; @005c                               v19 = call_indirect sig1, v18(v0)
;; @005f                               jump block1(v19)
;;
;;                                 block1(v2: i32):
;; @005f                               return v2
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
;; ; function 1 of case: grow
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   leaq <offset:1>+(%rsp), %rdx
;;   movq $0x0, <offset:1>+(%rsp)
;;   movq $0x4, <offset:1>+8(%rsp)
;;   load_ext_name userextname1+0, %rdi
;;   load_ext_name userextname0+0, %rsi
;;   call    User(userextname2)
;;   movq <offset:1>+(%rsp), %rax
;;   jmp     label1
;; block1:
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: call
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %r11
;;   movl %esi, %r10d
;;   cmpq 8(%r11), %r10
;;   jnb #trap=user4
;;   movq (%r11), %rax
;;   movl 4(%rax, %r10, 8), %ecx
;;   cmpl $0x1, %ecx
;;   jz      label2; j label1
;; block2:
;;   load_ext_name userextname1+0, %rcx
;;   movl (%rax, %r10, 8), %eax
;;   leaq (%rcx, %rax), %rax
;;   call    *%rax
;;   jmp     label3
;; block3:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block1:
;;   testl %ecx, %ecx
;;   jz #trap=user5
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
;; ; function 1 of case: grow
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   movz x5, #0
;;   mov x2, sp
;;   str x5, [sp]
;;   movz x6, #4
;;   str x6, [sp, #8]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   ldr x2, [sp]
;;   b label1
;; block1:
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: call
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x13, User(userextname0)+0
;;   ldr x15, [x13, #8]
;;   mov w14, w3
;;   subs xzr, x14, x15
;;   b.hs #trap=user4
;;   ldr x15, [x13]
;;   lsl x0, x14, #3
;;   add x1, x15, x14, LSL 3
;;   ldr w1, [x1, #4]
;;   subs wzr, w1, #1
;;   b.eq label2 ; b label1
;; block2:
;;   ldr w0, [x15, x0]
;;   load_ext_name_near x1, User(userextname1)+0
;;   add x0, x1, x0, UXTW
;;   blr x0
;;   b label3
;; block3:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block1:
;;   cbz w1, #trap=user5
;;   udf #0xc11f
