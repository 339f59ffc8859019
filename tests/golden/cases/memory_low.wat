;; A low memory's base is part of the displacement, and no access checks its bounds.
;;! clif
;;! assembly

(module
  (memory 1)
  (func (export "load") (param i32) (result i32) (i32.load offset=12 (local.get 0)))
  (func (export "store") (param i32 i64) (i64.store offset=4096 (local.get 0) (local.get 1))))

;;= clif
;; ; start of code
;; function u0:0(i64) system_v {
;; block0(v0: i64):
;;     trap user1
;; }
;;
;; ; function 0 of case: load
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @0038                               v2 = uextend.i64 v0
;; @0038                               v3 = iconst.i64 0x0010_0000
;; @0038                               v4 = iadd v2, v3  ; v3 = 0x0010_0000
;; @0038                               v5 = load.i32 little region0 v4+12
;; @003b                               jump block1(v5)
;;
;;                                 block1(v1: i32):
;; @003b                               return v1
;; }
;;
;; ; function 1 of case: store
;; function u0:0(i32, i64) tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i64):
;; @0042                               v2 = uextend.i64 v0
;; @0042                               v3 = iconst.i64 0x0010_0000
;; @0042                               v4 = iadd v2, v3  ; v3 = 0x0010_0000
;; @0042                               store little region0 v1, v4+4096
;; @0046                               jump block1
;;
;;                                 block1:
;; @0046                               return
;; }
;;
;; ; entry of load
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = call fn0(v1)
;;     v3 = uextend.i64 v2
;;     store notrap aligned region0 v3, v0
;;     return
;; }
;;
;; ; entry of store
;; ; u1:1 = Function(FunctionId(1))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32, i64) tail
;;     fn0 = colocated u1:1 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i64 notrap aligned region0 v0+8
;;     call fn0(v1, v2)
;;     return
;; }

;;= assembly
;; ; start of code
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   ud2
;;
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movl 0x10000c(%rsi), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: store
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   movq %rsi, 0x101000(%rdi)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of load
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movq %rdi, %r8
;;   movl (%r8), %edi
;;   movq %r8, %r12
;;   call    User(userextname0)
;;   movl %eax, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of store
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl (%rdi), %r8d
;;   movq 8(%rdi), %rsi
;;   movq %r8, %rdi
;;   call    User(userextname0)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
