;; A constant index is folded into the address.
;;! assembly
;;! assembly cpu=armv8-a

(module
  (memory 1)
  (func (export "load") (result i32) (i32.load offset=8 (i32.const 1024)))
  (func (export "negative") (result i32) (i32.load offset=8 (i32.const -4))))

;;= assembly
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl $0x100400, %ecx
;;   movl 8(%rcx), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: negative
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movabsq $0x1000ffffc, %rcx
;;   movl 8(%rcx), %eax
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
;;   movz x2, #1024
;;   movk x2, x2, #2, LSL #32
;;   ldr w2, [x2, #8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: negative
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x3, #65532
;;   movk x3, x3, #65535, LSL #16
;;   movk x3, x3, #2, LSL #32
;;   ldr w2, [x3, #8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
