;; A constant index is folded into the address.
;;! assembly

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
