;; The size of a memory that cannot grow is a constant; growing is a host call with the memory as context.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (memory 1 4)
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))

;;= clif
;; ; function 0 of case: size
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0() -> i32 tail {
;;     region0 = 1073741824 "descriptors"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @0035                               v1 = symbol_value.i64 gv0
;; @0035                               v2 = load.i64 notrap aligned region0 v1+8
;; @0035                               v3 = iconst.i32 16
;; @0035                               v4 = ushr v2, v3  ; v3 = 16
;; @0035                               v5 = ireduce.i32 v4
;; @0037                               jump block1(v5)
;;
;;                                 block1(v0: i32):
;; @0037                               return v0
;; }
;;
;; ; function 1 of case: grow
;; ; u9:0 = Memory(MemoryId(0))
;; ; u13:1 = Runtime(MemoryGrow)
;; ; u13:0 = Runtime(HostCall)
;; function u0:0(i32) -> i32 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64) system_v
;;     sig1 = (i64, i64, i64) system_v
;;     fn0 = colocated u13:1 sig0
;;     fn1 = colocated u13:0 sig1
;;
;;                                 block0(v0: i32):
;; @003c                               v2 = symbol_value.i64 gv0
;; @003c                               v3 = stack_addr.i64 ss0
;; @003c                               v4 = uextend.i64 v0
;; @003c                               store notrap aligned region0 v4, v3
;; @003c                               v5 = func_addr.i64 fn0
;; @003c                               call fn1(v5, v2, v3)
;; @003c                               v6 = load.i64 notrap aligned region0 v3
;; @003c                               v7 = ireduce.i32 v6
;; @003e                               jump block1(v7)
;;
;;                                 block1(v1: i32):
;; @003e                               return v1
;; }

;;= assembly
;; ; function 0 of case: size
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %rdx
;;   movq 8(%rdx), %rax
;;   jmp     label1
;; block1:
;;   shrq $0x10, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: grow
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
;;   movq <offset:1>+(%rsp), %rax
;;   jmp     label1
;; block1:
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: size
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x2, User(userextname0)+0
;;   ldr x2, [x2, #8]
;;   b label1
;; block1:
;;   lsr x2, x2, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: grow
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
;;   ldr x2, [sp]
;;   b label1
;; block1:
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
