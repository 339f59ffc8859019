;; A low memory's base is part of the displacement, and no access checks its bounds.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (memory 1)
  (func (export "load") (param i32) (result i32) (i32.load offset=12 (local.get 0)))
  (func (export "store") (param i32 i64) (i64.store offset=4096 (local.get 0) (local.get 1))))

;;= clif
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

;;= assembly
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

;;= assembly cpu=armv8-a
;; ; function 0 of case: load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x4, #2, LSL #32
;;   add x4, x4, x2, UXTW
;;   ldr w2, [x4, #12]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: store
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x4, #2, LSL #32
;;   add x4, x4, x2, UXTW
;;   str x3, [x4, #4096]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
