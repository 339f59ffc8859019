;; A program that can start threads: what it changes of its globals, tables and segments is each thread's own, found from
;; the stack pointer; what nobody changes, and the shared memory, is found as ever.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "env" "memory" (memory 1 2 shared))
  (global $counter (mut i32) (i32.const 7))
  (global $constant i32 (i32.const 8))
  (table $own 4 funcref)
  (table $shared funcref (elem $begin))
  (data $bytes "abc")
  (func $begin
    (global.set $counter (i32.const 1))
    (data.drop $bytes))
  (start $begin)
  (func (export "wasi_thread_start") (param i32 i32)
    (table.set $own (local.get 0) (table.get $shared (i32.const 0)))
    (call_indirect $own (local.get 0))
    (i32.store (global.get $constant) (global.get $counter)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))))

;;= clif
;; ; function 0 of case: spawn
;; ; u2:2 = Entry(FunctionId(2))
;; ; u13:76 = Runtime(Host(HostFunction(46)))
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32) -> i32 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     sig0 = (i64) system_v
;;     sig1 = (i64) system_v
;;     sig2 = (i64, i64, i64) system_v
;;     fn0 = colocated u2:2 sig0
;;     fn1 = colocated u13:76 sig1
;;     fn2 = colocated u13:0 sig2
;;
;; block0(v0: i32):
;;     v1 = func_addr.i64 fn0
;;     v2 = stack_addr.i64 ss0
;;     v3 = uextend.i64 v0
;;     store notrap aligned region0 v3, v2
;;     v4 = func_addr.i64 fn1
;;     call fn2(v4, v1, v2)
;;     v5 = load.i32 notrap aligned region0 v2
;;     return v5
;; }
;;
;; ; function 1 of case: begin
;; function u0:0() tail {
;;     region0 = 536870912 "global"
;;     region1 = 1073741824 "descriptors"
;;
;;                                 block0:
;; @0091                               v0 = iconst.i32 1
;; @0093                               v1 = iconst.i64 0x03ff_ffff
;; @0093                               v2 = get_stack_pointer.i64
;; @0093                               v3 = bor v2, v1  ; v1 = 0x03ff_ffff
;; @0093                               v4 = iconst.i64 -271
;; @0093                               v5 = iadd v3, v4  ; v4 = -271
;; @0093                               store notrap aligned region0 v0, v5  ; v0 = 1
;; @0095                               v6 = iconst.i64 0x03ff_ffff
;; @0095                               v7 = get_stack_pointer.i64
;; @0095                               v8 = bor v7, v6  ; v6 = 0x03ff_ffff
;; @0095                               v9 = iconst.i64 -287
;; @0095                               v10 = iadd v8, v9  ; v9 = -287
;; @0095                               v11 = iconst.i64 0
;; @0095                               store notrap aligned region1 v11, v10+8  ; v11 = 0
;; @0098                               jump block1
;;
;;                                 block1:
;; @0098                               return
;; }
;;
;; ; function 2 of case: wasi_thread_start
;; ; u7:1 = TableEntries(TableId(1))
;; ; u0:0 = Code
;; function u0:0(i32, i32) tail {
;;     region0 = 805306369 "table"
;;     region1 = 1073741824 "descriptors"
;;     region2 = 805306368 "table"
;;     region3 = 536870912 "global"
;;     region4 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = () tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i32, v1: i32):
;; @009d                               v2 = iconst.i32 0
;; @009f                               v3 = uextend.i64 v2  ; v2 = 0
;; @009f                               v4 = iconst.i64 1
;; @009f                               v5 = icmp uge v3, v4  ; v4 = 1
;; @009f                               trapnz v5, user3
;; @009f                               v6 = symbol_value.i64 gv0
;; @009f                               v7 = iconst.i32 3
;; @009f                               v8 = ishl v3, v7  ; v7 = 3
;; @009f                               v9 = iadd v6, v8
;; @009f                               v10 = load.i64 notrap aligned region0 v9
;; @00a1                               v11 = uextend.i64 v0
;; @00a1                               v12 = iconst.i64 0x03ff_ffff
;; @00a1                               v13 = get_stack_pointer.i64
;; @00a1                               v14 = bor v13, v12  ; v12 = 0x03ff_ffff
;; @00a1                               v15 = iconst.i64 -335
;; @00a1                               v16 = iadd v14, v15  ; v15 = -335
;; @00a1                               v17 = load.i64 notrap aligned region1 v16+8
;; @00a1                               v18 = icmp uge v11, v17
;; @00a1                               trapnz v18, user3
;; @00a1                               v19 = iconst.i64 0x03ff_ffff
;; @00a1                               v20 = get_stack_pointer.i64
;; @00a1                               v21 = bor v20, v19  ; v19 = 0x03ff_ffff
;; @00a1                               v22 = iconst.i64 -335
;; @00a1                               v23 = iadd v21, v22  ; v22 = -335
;; @00a1                               v24 = load.i64 notrap aligned readonly can_move v23
;; @00a1                               v25 = iconst.i32 3
;; @00a1                               v26 = ishl v11, v25  ; v25 = 3
;; @00a1                               v27 = iadd v24, v26
;; @00a1                               store notrap aligned region2 v10, v27
;; @00a5                               v28 = uextend.i64 v0
;; @00a5                               v29 = iconst.i64 0x03ff_ffff
;; @00a5                               v30 = get_stack_pointer.i64
;; @00a5                               v31 = bor v30, v29  ; v29 = 0x03ff_ffff
;; @00a5                               v32 = iconst.i64 -335
;; @00a5                               v33 = iadd v31, v32  ; v32 = -335
;; @00a5                               v34 = load.i64 notrap aligned region1 v33+8
;; @00a5                               v35 = icmp uge v28, v34
;; @00a5                               trapnz v35, user4
;; @00a5                               v36 = iconst.i64 0x03ff_ffff
;; @00a5                               v37 = get_stack_pointer.i64
;; @00a5                               v38 = bor v37, v36  ; v36 = 0x03ff_ffff
;; @00a5                               v39 = iconst.i64 -335
;; @00a5                               v40 = iadd v38, v39  ; v39 = -335
;; @00a5                               v41 = load.i64 notrap aligned readonly can_move v40
;; @00a5                               v42 = iconst.i32 3
;; @00a5                               v43 = ishl v28, v42  ; v42 = 3
;; @00a5                               v44 = iadd v41, v43
;; @00a5                               v45 = load.i32 notrap aligned region2 v44+4
;; @00a5                               v46 = iconst.i32 2
;; @00a5                               v47 = icmp eq v45, v46  ; v46 = 2
;; @00a5                               brif v47, block2, block3
;;
;;                                 block3 cold:
;; @00a5                               trapz.i32 v45, user5
;; @00a5                               trap user6
;;
;;                                 block2:
;; @00a5                               v48 = load.i32 notrap aligned region2 v44
;; @00a5                               v49 = uextend.i64 v48
;; @00a5                               v50 = func_addr.i64 fn0
;; @00a5                               v51 = iadd v50, v49
;; @00a5                               call_indirect sig1, v51()
;; @00a8                               v52 = iconst.i32 8
;; @00aa                               v53 = iconst.i64 0x03ff_ffff
;; @00aa                               v54 = get_stack_pointer.i64
;; @00aa                               v55 = bor v54, v53  ; v53 = 0x03ff_ffff
;; @00aa                               v56 = iconst.i64 -271
;; @00aa                               v57 = iadd v55, v56  ; v56 = -271
;; @00aa                               v58 = load.i32 notrap aligned region3 v57
;; @00ac                               v59 = uextend.i64 v52  ; v52 = 8
;; @00ac                               v60 = iconst.i64 0x0010_0000
;; @00ac                               v61 = iadd v59, v60  ; v60 = 0x0010_0000
;; @00ac                               store little region4 v58, v61
;; @00af                               jump block1
;;
;;                                 block1:
;; @00af                               return
;; }
;;
;; ; function 3 of case: _start
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0() tail {
;;     sig0 = (i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0:
;; @00b2                               v0 = iconst.i32 0
;; @00b4                               v1 = call fn0(v0)  ; v0 = 0
;; @00b7                               jump block1
;;
;;                                 block1:
;; @00b7                               return
;; }
;;
;; ; activation of case
;; ; u1:1 = Function(FunctionId(1))
;; function u0:0(i64) system_v {
;;     sig0 = () tail
;;     fn0 = colocated u1:1 sig0
;;
;; block0(v0: i64):
;;     call fn0()
;;     return
;; }
;;
;; ; activation of case in a thread
;; ; u1:1 = Function(FunctionId(1))
;; function u0:0(i64) system_v {
;;     sig0 = () tail
;;     fn0 = colocated u1:1 sig0
;;
;; block0(v0: i64):
;;     call fn0()
;;     return
;; }

;;= assembly
;; ; function 0 of case: spawn
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
;;   movl <offset:1>+(%rsp), %eax
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: begin
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq    %rsp, %rax
;;   orq $0x3ffffff, %rax
;;   movl $0x1, -0x10f(%rax)
;;   movq $0x0, -0x117(%rax)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: wasi_thread_start
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   load_ext_name userextname0+0, %rax
;;   movq (%rax), %rcx
;;   movq    %rsp, %r12
;;   movq %r12, %rdx
;;   orq $0x3ffffff, %rdx
;;   movq -0x147(%rdx), %rsi
;;   movl %edi, %eax
;;   cmpq %rsi, %rax
;;   jnb #trap=user3
;;   movq -0x14f(%rdx), %rdx
;;   movq %rcx, (%rdx, %rax, 8)
;;   cmpq %rsi, %rax
;;   jnb #trap=user4
;;   movl 4(%rdx, %rax, 8), %ecx
;;   cmpl $0x2, %ecx
;;   jz      label2; j label1
;; block2:
;;   load_ext_name userextname1+0, %rcx
;;   movl (%rdx, %rax, 8), %eax
;;   leaq (%rcx, %rax), %rax
;;   call    *%rax
;;   orq $0x3ffffff, %r12
;;   movl -0x10f(%r12), %eax
;;   movl $0x100008, %ecx
;;   movl %eax, (%rcx)
;;   jmp     label3
;; block3:
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block1:
;;   testl %ecx, %ecx
;;   jz #trap=user5
;;   ud2
;;
;; ; function 3 of case: _start
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   uninit  %rdi
;;   xorl %edi, %edi
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; activation of case
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   call    User(userextname0)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; activation of case in a thread
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   call    User(userextname0)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: spawn
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   mov w6, w2
;;   mov x2, sp
;;   str x6, [sp]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   ldr w2, [sp]
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: begin
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w6, #1
;;   mov x5, sp
;;   orr x5, x5, #67108863
;;   movn x7, #270
;;   str w6, [x5, x7]
;;   movz x6, #0
;;   movn x7, #278
;;   str x6, [x5, x7]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: wasi_thread_start
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x21, [sp, #-16]!
;; block0:
;;   load_ext_name_near x0, User(userextname0)+0
;;   ldr x0, [x0]
;;   mov x21, sp
;;   orr x3, x21, #67108863
;;   movn x1, #326
;;   ldr x1, [x3, x1]
;;   mov w4, w2
;;   subs xzr, x4, x1
;;   b.hs #trap=user3
;;   movn x5, #334
;;   ldr x3, [x3, x5]
;;   lsl x5, x4, #3
;;   add x6, x3, x4, LSL 3
;;   str x0, [x3, w2, UXTW #3]
;;   subs xzr, x4, x1
;;   b.hs #trap=user4
;;   ldr w0, [x6, #4]
;;   subs wzr, w0, #2
;;   b.eq label2 ; b label1
;; block2:
;;   ldr w0, [x3, x5]
;;   load_ext_name_near x1, User(userextname1)+0
;;   add x0, x1, x0, UXTW
;;   blr x0
;;   orr x0, x21, #67108863
;;   movn x1, #270
;;   ldr w0, [x0, x1]
;;   movz x1, #8
;;   movk x1, x1, #2, LSL #32
;;   str w0, [x1]
;;   b label3
;; block3:
;;   ldr x21, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block1:
;;   cbz w0, #trap=user5
;;   udf #0xc11f
;;
;; ; function 3 of case: _start
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w2, #0
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; activation of case
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   bl 0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; activation of case in a thread
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   bl 0
;;   ldp fp, lr, [sp], #16
;;   ret
