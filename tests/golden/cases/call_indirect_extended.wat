;; A table that the runtime extends: an index beyond its own entries is noted, and the call goes to glue of its type.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (type $unary (func (param i32) (result i32)))
  (import "env" "ffi_closure_alloc_js" (func $allocate (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table 3 3 funcref)
  (elem (i32.const 0) $double)
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func (export "_emscripten_stack_alloc") (type $unary) (call $allocate (local.get 0) (i32.const 0)))
  (func (export "call") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 1)))
  (func (export "return_call") (param i32 i32) (result i32)
    (return_call_indirect (type $unary) (local.get 0) (local.get 1))))

;;= clif
;; ; function 0 of case: allocate
;; ; u24:0 = Import(FunctionId(0))
;; ; u13:79 = Runtime(Host(HostFunction(49)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i32) -> i32 tail {
;;     ss0 = explicit_slot 16, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:79 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i32, v1: i32):
;;     v2 = symbol_value.i64 gv0
;;     v3 = stack_addr.i64 ss0
;;     v4 = uextend.i64 v0
;;     store notrap aligned region0 v4, v3
;;     v5 = uextend.i64 v1
;;     store notrap aligned region0 v5, v3+8
;;     v6 = func_addr.i64 fn0
;;     call fn1(v6, v2, v3)
;;     v7 = load.i32 notrap aligned region0 v3
;;     return v7
;; }
;;
;; ; function 1 of case: double
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0092                               v2 = iconst.i32 1
;; @0094                               v3 = ishl v0, v2  ; v2 = 1
;; @0095                               jump block1(v3)
;;
;;                                 block1(v1: i32):
;; @0095                               return v1
;; }
;;
;; ; function 2 of case: _emscripten_stack_alloc
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i32) -> i32 tail {
;;     sig0 = (i32, i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0(v0: i32):
;; @009a                               v2 = iconst.i32 0
;; @009c                               v3 = call fn0(v0, v2)  ; v2 = 0
;; @009e                               jump block1(v3)
;;
;;                                 block1(v1: i32):
;; @009e                               return v1
;; }
;;
;; ; function 3 of case: call
;; ; u5:0 = Global(GlobalId(0))
;; ; u29:0 = FurtherCallee(SignatureId(0))
;; ; u17:0 = CallTable(CallTableId(0))
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 536870912 "global"
;;     region1 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64) system_v
;;     sig2 = (i32) -> i32 tail
;;     fn0 = colocated u29:0 sig0
;;     fn1 = colocated u17:0 sig1
;;
;;                                 block0(v0: i32, v1: i32):
;; @00a5                               v4 = uextend.i64 v1
;; @00a5                               v5 = iconst.i64 3
;; @00a5                               v6 = icmp uge v4, v5  ; v5 = 3
;; @00a5                               brif v6, block3, block2
;;
;;                                 block3 cold:
;; @00a5                               v7 = symbol_value.i64 gv0
;; @00a5                               store.i32 notrap aligned region0 v1, v7
;; @00a5                               v8 = func_addr.i64 fn0
;; @00a5                               jump block4(v8)
;;
;;                                 block2:
;; @00a5                               v9 = uextend.i64 v1
;; @00a5                               v10 = func_addr.i64 fn1
;; @00a5                               v11 = iconst.i32 2
;; @00a5                               v12 = ishl v9, v11  ; v11 = 2
;; @00a5                               v13 = iadd v10, v12
;; @00a5                               v14 = sload32 notrap aligned readonly region1 v13
;; @00a5                               v15 = iadd v10, v14
;; @00a5                               jump block4(v15)
;;
;;                                 block4(v3: i64):
;; @00a5                               v16 = call_indirect sig2, v3(v0)
;; @00a8                               jump block1(v16)
;;
;;                                 block1(v2: i32):
;; @00a8                               return v2
;; }
;;
;; ; function 4 of case: return_call
;; ; u5:0 = Global(GlobalId(0))
;; ; u29:0 = FurtherCallee(SignatureId(0))
;; ; u7:0 = TableEntries(TableId(0))
;; ; u0:0 = Code
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 536870912 "global"
;;     region1 = 805306368 "table"
;;     gv0 = symbol colocated userextname0
;;     gv1 = symbol colocated userextname2
;;     sig0 = (i64) system_v
;;     sig1 = (i64) system_v
;;     sig2 = (i32) -> i32 tail
;;     fn0 = colocated u29:0 sig0
;;     fn1 = colocated u0:0 sig1
;;
;;                                 block0(v0: i32, v1: i32):
;; @00af                               v4 = uextend.i64 v1
;; @00af                               v5 = iconst.i64 3
;; @00af                               v6 = icmp uge v4, v5  ; v5 = 3
;; @00af                               brif v6, block3, block2
;;
;;                                 block3 cold:
;; @00af                               v7 = symbol_value.i64 gv0
;; @00af                               store.i32 notrap aligned region0 v1, v7
;; @00af                               v8 = func_addr.i64 fn0
;; @00af                               jump block4(v8)
;;
;;                                 block2:
;; @00af                               v9 = uextend.i64 v1
;; @00af                               v10 = symbol_value.i64 gv1
;; @00af                               v11 = iconst.i32 3
;; @00af                               v12 = ishl v9, v11  ; v11 = 3
;; @00af                               v13 = iadd v10, v12
;; @00af                               v14 = load.i32 notrap aligned region1 v13+4
;; @00af                               v15 = iconst.i32 1
;; @00af                               v16 = icmp eq v14, v15  ; v15 = 1
;; @00af                               brif v16, block5, block6
;;
;;                                 block6 cold:
;; @00af                               trapz.i32 v14, user5
;; @00af                               trap user6
;;
;;                                 block5:
;; @00af                               v17 = load.i32 notrap aligned region1 v13
;; @00af                               v18 = uextend.i64 v17
;; @00af                               v19 = func_addr.i64 fn1
;; @00af                               v20 = iadd v19, v18
;; @00af                               jump block4(v20)
;;
;;                                 block4(v3: i64):
;; @00af                               return_call_indirect sig2, v3(v0)
;; }
;;
;; ; callee of type 0 beyond the table
;; ; u5:0 = Global(GlobalId(0))
;; ; u8:1 = Table(TableId(1))
;; ; u0:0 = Code
;; ; u31:0 = ExtendedTable
;; ; u13:18 = Runtime(CallClosure)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32) -> i32 tail {
;;     ss0 = explicit_slot 16, align = 16
;;     region0 = 536870912 "global"
;;     region1 = 1073741824 "descriptors"
;;     region2 = 805306369 "table"
;;     region3 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     gv1 = symbol colocated userextname1
;;     gv2 = symbol colocated userextname3
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     sig2 = (i64) system_v
;;     sig3 = (i64, i64, i64) system_v
;;     fn0 = colocated u0:0 sig0
;;     fn1 = colocated u13:18 sig2
;;     fn2 = colocated u13:0 sig3
;;
;; block0(v0: i32):
;;     v1 = symbol_value.i64 gv0
;;     v2 = load.i32 notrap aligned region0 v1
;;     v3 = uextend.i64 v2
;;     v4 = iconst.i64 3
;;     v5 = isub v3, v4  ; v4 = 3
;;     v6 = iconst.i64 2
;;     v7 = imul v5, v6  ; v6 = 2
;;     v8 = symbol_value.i64 gv1
;;     v9 = load.i64 notrap aligned region1 v8+8
;;     v10 = icmp uge v7, v9
;;     trapnz v10, user4
;;     v11 = symbol_value.i64 gv1
;;     v12 = load.i64 notrap aligned readonly can_move v11
;;     v13 = iconst.i64 8
;;     v14 = imul v7, v13  ; v13 = 8
;;     v15 = iadd v12, v14
;;     v16 = load.i32 notrap aligned region2 v15+4
;;     v17 = iconst.i32 1
;;     v18 = icmp eq v16, v17  ; v17 = 1
;;     brif v18, block1, block2
;;
;; block2 cold:
;;     trapz.i32 v16, user5
;;     trap user6
;;
;; block1:
;;     v19 = load.i32 notrap aligned region2 v15
;;     brif v19, block3, block4
;;
;; block3:
;;     v20 = uextend.i64 v19
;;     v21 = func_addr.i64 fn0
;;     v22 = iadd v21, v20
;;     return_call_indirect sig1, v22(v0)
;;
;; block4:
;;     v23 = symbol_value.i64 gv2
;;     v24 = stack_addr.i64 ss0
;;     v25 = uextend.i64 v2
;;     store notrap aligned region3 v25, v24
;;     v26 = uextend.i64 v0
;;     store notrap aligned region3 v26, v24+8
;;     v27 = func_addr.i64 fn1
;;     call fn2(v27, v23, v24)
;;     v28 = load.i32 notrap aligned region3 v24
;;     return v28
;; }
;;
;; ; call of functions of type 0
;; ; u0:0 = Code
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i64) system_v
;;     sig1 = (i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i32 notrap aligned region0 v0+8
;;     v3 = uextend.i64 v1
;;     v4 = func_addr.i64 fn0
;;     v5 = iadd v4, v3
;;     v6 = call_indirect sig1, v5(v2)
;;     v7 = uextend.i64 v6
;;     store notrap aligned region0 v7, v0
;;     return
;; }
;;
;; ; call of functions of type 1
;; ; u0:0 = Code
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i64) system_v
;;     sig1 = (i32, i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i32 notrap aligned region0 v0+8
;;     v3 = load.i32 notrap aligned region0 v0+16
;;     v4 = uextend.i64 v1
;;     v5 = func_addr.i64 fn0
;;     v6 = iadd v5, v4
;;     v7 = call_indirect sig1, v6(v2, v3)
;;     v8 = uextend.i64 v7
;;     store notrap aligned region0 v8, v0
;;     return
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
;; ; function 0 of case: allocate
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   movl %edi, %r8d
;;   leaq <offset:1>+(%rsp), %rdx
;;   movq %r8, <offset:1>+(%rsp)
;;   movl %esi, %r9d
;;   movq %r9, <offset:1>+8(%rsp)
;;   load_ext_name userextname1+0, %rdi
;;   load_ext_name userextname0+0, %rsi
;;   call    User(userextname2)
;;   movl <offset:1>+(%rsp), %eax
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: double
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
;; ; function 2 of case: _emscripten_stack_alloc
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   uninit  %rsi
;;   xorl %esi, %esi
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: call
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %esi, %r10d
;;   cmpq $0x3, %r10
;;   jnb     label2; j label1
;; block1:
;;   load_ext_name userextname2+0, %rax
;;   movslq (%rax, %r10, 4), %rcx
;;   leaq (%rax, %rcx), %r8
;;   jmp     label3
;; block3:
;;   call    *%r8
;;   jmp     label4
;; block4:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   load_ext_name userextname0+0, %rax
;;   movl %r10d, (%rax)
;;   load_ext_name userextname1+0, %r8
;;   jmp     label3
;;
;; ; function 4 of case: return_call
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %esi, %eax
;;   cmpq $0x3, %rax
;;   jnb     label4; j label1
;; block1:
;;   load_ext_name userextname2+0, %rcx
;;   movl 4(%rcx, %rax, 8), %edx
;;   cmpl $0x1, %edx
;;   jz      label3; j label2
;; block3:
;;   load_ext_name userextname3+0, %rdx
;;   movl (%rcx, %rax, 8), %eax
;;   leaq (%rdx, %rax), %r10
;;   jmp     label5
;; block5:
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi
;; block2:
;;   testl %edx, %edx
;;   jz #trap=user5
;;   ud2
;; block4:
;;   load_ext_name userextname0+0, %rcx
;;   movl %eax, (%rcx)
;;   load_ext_name userextname1+0, %r10
;;   jmp     label5
;;
;; ; callee of type 0 beyond the table
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   load_ext_name userextname0+0, %rax
;;   movl (%rax), %eax
;;   load_ext_name userextname1+0, %rdx
;;   movl %eax, %eax
;;   movq %rax, %rcx
;;   subq $0x3, %rcx
;;   movq %rcx, %rsi
;;   shlq $1, %rsi
;;   cmpq 8(%rdx), %rsi
;;   jnb #trap=user4
;;   movq (%rdx), %rdx
;;   shlq $0x4, %rcx
;;   movl 4(%rdx, %rcx), %esi
;;   cmpl $0x1, %esi
;;   jz      label2; j label1
;; block2:
;;   movl (%rdx, %rcx), %ecx
;;   testl %ecx, %ecx
;;   jnz     label4; j label3
;; block3:
;;   leaq <offset:1>+(%rsp), %rdx
;;   movq %rax, <offset:1>+(%rsp)
;;   movl %edi, %eax
;;   movq %rax, <offset:1>+8(%rsp)
;;   load_ext_name userextname4+0, %rdi
;;   load_ext_name userextname3+0, %rsi
;;   call    User(userextname5)
;;   movl <offset:1>+(%rsp), %eax
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block4:
;;   load_ext_name userextname2+0, %rax
;;   movl %ecx, %ecx
;;   leaq (%rax, %rcx), %r10
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi
;; block1:
;;   testl %esi, %esi
;;   jz #trap=user5
;;   ud2
;;
;; ; call of functions of type 0
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movl (%rdi), %r8d
;;   movl 8(%rdi), %r9d
;;   movq %rdi, %r12
;;   load_ext_name userextname0+0, %r10
;;   movl %r8d, %r8d
;;   leaq (%r10, %r8), %r8
;;   movq %r9, %rdi
;;   call    *%r8
;;   movl %eax, %r8d
;;   movq %r12, %rdi
;;   movq %r8, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; call of functions of type 1
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movl (%rdi), %r9d
;;   movl 8(%rdi), %r10d
;;   movl 0x10(%rdi), %esi
;;   movq %rdi, %r12
;;   load_ext_name userextname0+0, %r11
;;   movl %r9d, %r9d
;;   leaq (%r11, %r9), %r9
;;   movq %r10, %rdi
;;   call    *%r9
;;   movl %eax, %r9d
;;   movq %r12, %rdi
;;   movq %r9, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
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
;; ; function 0 of case: allocate
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   mov w8, w2
;;   mov x2, sp
;;   str x8, [sp]
;;   mov w9, w3
;;   str x9, [sp, #8]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   ldr w2, [sp]
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: double
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   lsl w2, w2, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: _emscripten_stack_alloc
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w3, #0
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: call
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w10, w3
;;   subs xzr, x10, #3
;;   b.hs label2 ; b label1
;; block1:
;;   load_ext_name_near x12, User(userextname2)+0
;;   ldrsw x13, [x12, w3, UXTW #2]
;;   add x8, x12, x13
;;   b label3
;; block3:
;;   blr x8
;;   b label4
;; block4:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   load_ext_name_near x13, User(userextname0)+0
;;   str w3, [x13]
;;   load_ext_name_near x8, User(userextname1)+0
;;   b label3
;;
;; ; function 4 of case: return_call
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w13, w3
;;   subs xzr, x13, #3
;;   b.hs label4 ; b label1
;; block1:
;;   load_ext_name_near x15, User(userextname2)+0
;;   lsl x0, x13, #3
;;   add x1, x15, x13, LSL 3
;;   ldr w1, [x1, #4]
;;   subs wzr, w1, #1
;;   b.eq label3 ; b label2
;; block3:
;;   ldr w0, [x15, x0]
;;   load_ext_name_near x1, User(userextname3)+0
;;   add x1, x1, x0, UXTW
;;   b label5
;; block5:
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2
;; block2:
;;   cbz w1, #trap=user5
;;   udf #0xc11f
;; block4:
;;   load_ext_name_near x0, User(userextname0)+0
;;   str w3, [x0]
;;   load_ext_name_near x1, User(userextname1)+0
;;   b label5
;;
;; ; callee of type 0 beyond the table
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   mov x5, x2
;;   load_ext_name_near x0, User(userextname0)+0
;;   ldr w0, [x0]
;;   load_ext_name_near x1, User(userextname1)+0
;;   ldr x2, [x1, #8]
;;   mov w0, w0
;;   sub x3, x0, #3
;;   lsl x4, x3, #1
;;   subs xzr, x4, x2
;;   b.hs #trap=user4
;;   ldr x1, [x1]
;;   lsl x2, x3, #4
;;   add x3, x1, x3, LSL 4
;;   ldr w3, [x3, #4]
;;   subs wzr, w3, #1
;;   b.eq label2 ; b label1
;; block2:
;;   ldr w1, [x1, x2]
;;   cbnz w1, label4 ; b label3
;; block3:
;;   mov x3, sp
;;   str x0, [sp]
;;   mov x2, x5
;;   mov w0, w2
;;   str x0, [sp, #8]
;;   load_ext_name_near x0, User(userextname4)+0
;;   load_ext_name_near x1, User(userextname3)+0
;;   mov x2, x3
;;   bl 0
;;   ldr w2, [sp]
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block4:
;;   mov x2, x5
;;   load_ext_name_near x0, User(userextname2)+0
;;   add x1, x0, x1, UXTW
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2
;; block1:
;;   cbz w3, #trap=user5
;;   udf #0xc11f
;;
;; ; call of functions of type 0
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   ldr w7, [x0]
;;   ldr w2, [x0, #8]
;;   mov x19, x0
;;   load_ext_name_near x8, User(userextname0)+0
;;   add x7, x8, x7, UXTW
;;   blr x7
;;   mov w7, w2
;;   mov x0, x19
;;   str x7, [x0]
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; call of functions of type 1
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   ldr w8, [x0]
;;   ldr w2, [x0, #8]
;;   ldr w3, [x0, #16]
;;   mov x19, x0
;;   load_ext_name_near x9, User(userextname0)+0
;;   add x8, x9, x8, UXTW
;;   blr x8
;;   mov w8, w2
;;   mov x0, x19
;;   str x8, [x0]
;;   ldr x19, [sp], #16
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
