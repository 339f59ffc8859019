;; `unreachable` is one trapping instruction, out of the way of the code around it.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (func (export "check") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then unreachable))
    (i32.div_u (i32.const 1000) (local.get 0))))

;;= clif
;; ; function 0 of case: check
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0026                               v2 = iconst.i32 0
;; @0026                               v3 = icmp eq v0, v2  ; v2 = 0
;; @0026                               v4 = uextend.i32 v3
;; @0027                               brif v4, block3, block4
;;
;;                                 block3:
;; @0029                               trap user1
;;
;;                                 block4:
;; @002a                               jump block2
;;
;;                                 block2:
;; @002b                               v5 = iconst.i32 1000
;; @0030                               v6 = udiv v5, v0  ; v5 = 1000
;; @0031                               jump block1(v6)
;;
;;                                 block1(v1: i32):
;; @0031                               return v1
;; }

;;= assembly
;; ; function 0 of case: check
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl %edi, %edi
;;   jz #trap=user1
;;   jmp     label1
;; block1:
;;   jmp     label2
;; block2:
;;   movl $0x3e8, %eax
;;   uninit  %rdx
;;   xorq %rdx, %rdx
;;   divl %edi ;; implicit: %eax, %edx, trap=254
;;   jmp     label3
;; block3:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: check
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz w2, #trap=user1
;;   b label1
;; block1:
;;   b label2
;; block2:
;;   movz w6, #1000
;;   cbz w2, #trap=int_divz
;;   udiv w2, w6, w2
;;   b label3
;; block3:
;;   ldp fp, lr, [sp], #16
;;   ret
