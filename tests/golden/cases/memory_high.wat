;; A high memory's base is read from its descriptor; still no bounds check.
;;! clif memory=high
;;! assembly memory=high
;;! assembly cpu=armv8-a memory=high

(module
  (memory 1)
  (func (export "load") (param i32) (result i32) (i32.load offset=12 (local.get 0)))
  (func (export "twice") (param i32) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0)))))

;;= clif memory=high
;; ; function 0 of case: load
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @0033                               v2 = uextend.i64 v0
;; @0033                               v3 = symbol_value.i64 gv0
;; @0033                               v4 = load.i64 notrap aligned readonly can_move v3
;; @0033                               v5 = iadd v2, v4
;; @0033                               v6 = load.i32 little region0 v5+12
;; @0036                               jump block1(v6)
;;
;;                                 block1(v1: i32):
;; @0036                               return v1
;; }
;;
;; ; function 1 of case: twice
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @003b                               v2 = uextend.i64 v0
;; @003b                               v3 = symbol_value.i64 gv0
;; @003b                               v4 = load.i64 notrap aligned readonly can_move v3
;; @003b                               v5 = iadd v2, v4
;; @003b                               v6 = load.i32 little region0 v5
;; @0040                               v7 = uextend.i64 v0
;; @0040                               v8 = symbol_value.i64 gv0
;; @0040                               v9 = load.i64 notrap aligned readonly can_move v8
;; @0040                               v10 = iadd v7, v9
;; @0040                               v11 = load.i32 little region0 v10+4
;; @0043                               v12 = iadd v6, v11
;; @0044                               jump block1(v12)
;;
;;                                 block1(v1: i32):
;; @0044                               return v1
;; }

;;= assembly memory=high
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   load_ext_name userextname0+0, %rdi
;;   movq (%rdi), %rdi
;;   movl 0xc(%rsi, %rdi), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: twice
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r9
;;   movl (%rdi, %r9), %r8d
;;   movl 4(%rdi, %r9), %edi
;;   jmp     label1
;; block1:
;;   leal (%r8, %rdi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a memory=high
;; ; function 0 of case: load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x5, User(userextname0)+0
;;   ldr x5, [x5]
;;   add x5, x5, x2, UXTW
;;   ldr w2, [x5, #12]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: twice
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x7, User(userextname0)+0
;;   ldr x7, [x7]
;;   add x8, x7, x2, UXTW
;;   ldr w7, [x7, w2, UXTW]
;;   ldr w8, [x8, #4]
;;   b label1
;; block1:
;;   add w2, w7, w8
;;   ldp fp, lr, [sp], #16
;;   ret
