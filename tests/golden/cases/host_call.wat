;; A system call spills its arguments into slots and goes through the border, with memory 0 as context.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "write") (result i32) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
  (func (export "exit") (call $proc_exit (i32.const 3)) unreachable))

;;= clif
;; ; function 0 of case: fd_write
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:56 = Runtime(Host(HostFunction(26)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32, i32, i32, i32) -> i32 tail {
;;     ss0 = explicit_slot 32, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:56 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i32, v1: i32, v2: i32, v3: i32):
;;     v4 = symbol_value.i64 gv0
;;     v5 = stack_addr.i64 ss0
;;     v6 = uextend.i64 v0
;;     store notrap aligned region0 v6, v5
;;     v7 = uextend.i64 v1
;;     store notrap aligned region0 v7, v5+8
;;     v8 = uextend.i64 v2
;;     store notrap aligned region0 v8, v5+16
;;     v9 = uextend.i64 v3
;;     store notrap aligned region0 v9, v5+24
;;     v10 = func_addr.i64 fn0
;;     call fn1(v10, v4, v5)
;;     v11 = load.i32 notrap aligned region0 v5
;;     return v11
;; }
;;
;; ; function 1 of case: proc_exit
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:68 = Runtime(Host(HostFunction(38)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32) tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:68 sig0
;;     fn1 = colocated u13:0 sig1
;;
;; block0(v0: i32):
;;     v1 = symbol_value.i64 gv0
;;     v2 = stack_addr.i64 ss0
;;     v3 = uextend.i64 v0
;;     store notrap aligned region0 v3, v2
;;     v4 = func_addr.i64 fn0
;;     call fn1(v4, v1, v2)
;;     return
;; }
;;
;; ; function 2 of case: write
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0() -> i32 tail {
;;     sig0 = (i32, i32, i32, i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0:
;; @0090                               v1 = iconst.i32 1
;; @0092                               v2 = iconst.i32 0
;; @0094                               v3 = iconst.i32 1
;; @0096                               v4 = iconst.i32 8
;; @0098                               v5 = call fn0(v1, v2, v3, v4)  ; v1 = 1, v2 = 0, v3 = 1, v4 = 8
;; @009a                               jump block1(v5)
;;
;;                                 block1(v0: i32):
;; @009a                               return v0
;; }
;;
;; ; function 3 of case: exit
;; ; u1:1 = Function(FunctionId(1))
;; function u0:0() tail {
;;     sig0 = (i32) tail
;;     fn0 = colocated u1:1 sig0
;;
;;                                 block0:
;; @009d                               v0 = iconst.i32 3
;; @009f                               call fn0(v0)  ; v0 = 3
;; @00a1                               trap user1
;; }

;;= assembly
;; ; function 0 of case: fd_write
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x20, %rsp
;; block0:
;;   movl %edi, %edi
;;   leaq <offset:1>+(%rsp), %rax
;;   movq %rdi, <offset:1>+(%rsp)
;;   movl %esi, %esi
;;   movq %rsi, <offset:1>+8(%rsp)
;;   movl %edx, %edx
;;   movq %rdx, <offset:1>+0x10(%rsp)
;;   movl %ecx, %ecx
;;   movq %rcx, <offset:1>+0x18(%rsp)
;;   load_ext_name userextname1+0, %rdi
;;   load_ext_name userextname0+0, %rsi
;;   movq %rax, %rdx
;;   call    User(userextname2)
;;   movl <offset:1>+(%rsp), %eax
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: proc_exit
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   movl %edi, %esi
;;   leaq <offset:1>+(%rsp), %rdx
;;   movq %rsi, <offset:1>+(%rsp)
;;   load_ext_name userextname1+0, %rdi
;;   load_ext_name userextname0+0, %rsi
;;   call    User(userextname2)
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: write
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl $0x1, %edx
;;   uninit  %rsi
;;   xorl %esi, %esi
;;   movl $0x8, %ecx
;;   movq %rdx, %rdi
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: exit
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl $0x3, %edi
;;   call    User(userextname0)
;;   ud2

;;= assembly cpu=armv8-a
;; ; function 0 of case: fd_write
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #32
;; block0:
;;   mov w12, w2
;;   mov x2, sp
;;   str x12, [sp]
;;   mov w13, w3
;;   str x13, [sp, #8]
;;   mov w14, w4
;;   str x14, [sp, #16]
;;   mov w15, w5
;;   str x15, [sp, #24]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   ldr w2, [sp]
;;   add sp, sp, #32
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: proc_exit
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   mov w5, w2
;;   mov x2, sp
;;   str x5, [sp]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: write
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w4, #1
;;   movz w3, #0
;;   movz w5, #8
;;   mov x2, x4
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: exit
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w2, #3
;;   bl 0
;;   udf #0xc11f
