;; Copies and fills check their ranges once and call a leaf of the runtime; `memory.init` is a host call.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (memory 1)
  (data $d "abcdef")
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drop") (data.drop $d)))

;;= clif
;; ; function 0 of case: copy
;; ; u13:10 = Runtime(MemoryMove)
;; function u0:0(i32, i32, i32) tail {
;;     sig0 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:10 sig0
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @004d                               v3 = uextend.i64 v2
;; @004d                               v4 = uextend.i64 v1
;; @004d                               v5 = iadd v4, v3
;; @004d                               v6 = iconst.i64 0x0001_0000
;; @004d                               v7 = icmp ugt v5, v6  ; v6 = 0x0001_0000
;; @004d                               trapnz v7, user2
;; @004d                               v8 = iconst.i64 0x0010_0000
;; @004d                               v9 = iadd v4, v8  ; v8 = 0x0010_0000
;; @004d                               v10 = uextend.i64 v0
;; @004d                               v11 = iadd v10, v3
;; @004d                               v12 = iconst.i64 0x0001_0000
;; @004d                               v13 = icmp ugt v11, v12  ; v12 = 0x0001_0000
;; @004d                               trapnz v13, user2
;; @004d                               v14 = iconst.i64 0x0010_0000
;; @004d                               v15 = iadd v10, v14  ; v14 = 0x0010_0000
;; @004d                               call fn0(v15, v9, v3)
;; @0051                               jump block1
;;
;;                                 block1:
;; @0051                               return
;; }
;;
;; ; function 1 of case: fill
;; ; u13:12 = Runtime(MemoryFill)
;; function u0:0(i32, i32, i32) tail {
;;     sig0 = (i64, i32, i64) system_v
;;     fn0 = colocated u13:12 sig0
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @005a                               v3 = uextend.i64 v2
;; @005a                               v4 = uextend.i64 v0
;; @005a                               v5 = iadd v4, v3
;; @005a                               v6 = iconst.i64 0x0001_0000
;; @005a                               v7 = icmp ugt v5, v6  ; v6 = 0x0001_0000
;; @005a                               trapnz v7, user2
;; @005a                               v8 = iconst.i64 0x0010_0000
;; @005a                               v9 = iadd v4, v8  ; v8 = 0x0010_0000
;; @005a                               call fn0(v9, v1, v3)
;; @005d                               jump block1
;;
;;                                 block1:
;; @005d                               return
;; }
;;
;; ; function 2 of case: init
;; ; u11:0 = Data(DataId(0))
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:2 = Runtime(MemoryInit)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i32, i32) tail {
;;     ss0 = explicit_slot 32, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     gv1 = symbol colocated userextname1
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:2 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @0066                               v3 = symbol_value.i64 gv0
;; @0066                               v4 = symbol_value.i64 gv1
;; @0066                               v5 = stack_addr.i64 ss0
;; @0066                               v6 = uextend.i64 v0
;; @0066                               store notrap aligned region0 v6, v5
;; @0066                               v7 = uextend.i64 v1
;; @0066                               store notrap aligned region0 v7, v5+8
;; @0066                               v8 = uextend.i64 v2
;; @0066                               store notrap aligned region0 v8, v5+16
;; @0066                               store notrap aligned region0 v3, v5+24
;; @0066                               v9 = func_addr.i64 fn0
;; @0066                               call fn1(v9, v4, v5)
;; @006a                               jump block1
;;
;;                                 block1:
;; @006a                               return
;; }
;;
;; ; function 3 of case: drop
;; ; u11:0 = Data(DataId(0))
;; function u0:0() tail {
;;     region0 = 1073741824 "descriptors"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @006d                               v0 = symbol_value.i64 gv0
;; @006d                               v1 = iconst.i64 0
;; @006d                               store notrap aligned region0 v1, v0+8  ; v1 = 0
;; @0070                               jump block1
;;
;;                                 block1:
;; @0070                               return
;; }

;;= assembly
;; ; function 0 of case: copy
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %esi, %r10d
;;   movl %edx, %edx
;;   leaq (%r10, %rdx), %r11
;;   cmpq $0x10000, %r11
;;   jnbe #trap=user2
;;   movl %edi, %eax
;;   leaq (%rax, %rdx), %rcx
;;   cmpq $0x10000, %rcx
;;   jnbe #trap=user2
;;   leaq 0x100000(%rax), %rdi
;;   leaq 0x100000(%r10), %rsi
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: fill
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   movl %edx, %edx
;;   leaq (%rdi, %rdx), %r8
;;   cmpq $0x10000, %r8
;;   jnbe #trap=user2
;;   leaq 0x100000(%rdi), %rdi
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: init
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x20, %rsp
;; block0:
;;   movl %edi, %r11d
;;   leaq <offset:1>+(%rsp), %r10
;;   movq %r11, <offset:1>+(%rsp)
;;   movl %esi, %r11d
;;   movq %r11, <offset:1>+8(%rsp)
;;   movl %edx, %eax
;;   movq %rax, <offset:1>+0x10(%rsp)
;;   load_ext_name userextname0+0, %rax
;;   movq %rax, <offset:1>+0x18(%rsp)
;;   load_ext_name userextname2+0, %rdi
;;   load_ext_name userextname1+0, %rsi
;;   movq %r10, %rdx
;;   call    User(userextname3)
;;   jmp     label1
;; block1:
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: drop
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %rax
;;   movq $0x0, 8(%rax)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: copy
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov x10, x2
;;   mov w2, w4
;;   add x9, x2, x3, UXTW
;;   subs xzr, x9, #65536
;;   b.hi #trap=user2
;;   mov x14, x10
;;   add x11, x2, x14, UXTW
;;   subs xzr, x11, #65536
;;   b.hi #trap=user2
;;   movz x13, #2, LSL #32
;;   add x0, x13, x14, UXTW
;;   add x1, x13, x3, UXTW
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: fill
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov x9, x2
;;   mov w2, w4
;;   mov x10, x9
;;   add x7, x2, x10, UXTW
;;   subs xzr, x7, #65536
;;   b.hi #trap=user2
;;   movz x9, #2, LSL #32
;;   add x0, x9, x10, UXTW
;;   mov x1, x3
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: init
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #32
;; block0:
;;   mov w10, w2
;;   mov x2, sp
;;   str x10, [sp]
;;   mov w11, w3
;;   str x11, [sp, #8]
;;   mov w12, w4
;;   str x12, [sp, #16]
;;   load_ext_name_near x13, User(userextname0)+0
;;   str x13, [sp, #24]
;;   load_ext_name_near x0, User(userextname2)+0
;;   load_ext_name_near x1, User(userextname1)+0
;;   bl 0
;;   b label1
;; block1:
;;   add sp, sp, #32
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: drop
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x1, #0
;;   load_ext_name_near x2, User(userextname0)+0
;;   str x1, [x2, #8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
