;; A jump table; every target gets the values that its label wants.
;;! clif
;;! assembly

(module
  (func (export "switch") (param i32) (result i32)
    (block $two (block $one (block $zero
      (br_table $zero $one $two $one (local.get 0)))
      (return (i32.const 100)))
      (return (i32.const 101)))
    (i32.const 102))
  (func (export "with_value") (param i32) (result i32)
    (block $a (result i32)
      (i32.add (i32.const 1)
        (block $b (result i32) (br_table $a $b (i32.const 10) (local.get 0)))))))

;;= clif
;; ; function 0 of case: switch
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @003b                               br_table v0, block3, [block4, block3, block2]
;;
;;                                 block4:
;; @0042                               v2 = iconst.i32 100
;; @0045                               return v2  ; v2 = 100
;;
;;                                 block3:
;; @0047                               v3 = iconst.i32 101
;; @004a                               return v3  ; v3 = 101
;;
;;                                 block2:
;; @004c                               v4 = iconst.i32 102
;; @004f                               jump block1(v4)  ; v4 = 102
;;
;;                                 block1(v1: i32):
;; @004f                               return v1
;; }
;;
;; ; function 1 of case: with_value
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0054                               v3 = iconst.i32 1
;; @0058                               v5 = iconst.i32 10
;; @005c                               br_table v0, block3(v5), [block2(v5)]  ; v5 = 10, v5 = 10
;;
;;                                 block3(v4: i32):
;; @0061                               v6 = iadd.i32 v3, v4  ; v3 = 1
;; @0062                               jump block2(v6)
;;
;;                                 block2(v2: i32):
;; @0063                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @0063                               return v1
;; }

;;= assembly
;; ; function 0 of case: switch
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq %rdi, %r11
;;   movl $0x3, %edi
;;   movl %r11d, %r8d
;;   cmpl %edi, %r8d
;;   cmovbl %r8d, %edi
;;   br_table %rdi, %rcx, %rax
;; block1:
;;   jmp     label6
;; block2:
;;   jmp     label6
;; block3:
;;   jmp     label4
;; block4:
;;   movl $0x66, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block5:
;;   movl $0x64, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block6:
;;   movl $0x65, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: with_value
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl $0xa, %eax
;;   movl $0x1, %r8d
;;   movl %edi, %r9d
;;   cmpl %r8d, %r9d
;;   cmovbl %r9d, %r8d
;;   br_table %r8, %rdx, %rcx
;; block1:
;;   jmp     label3
;; block2:
;;   movl $0xb, %eax
;;   jmp     label3
;; block3:
;;   jmp     label4
;; block4:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
