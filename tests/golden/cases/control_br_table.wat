;; A jump table; every target gets the values that its label wants. Instead of a subtraction there are more entries.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

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
        (block $b (result i32) (br_table $a $b (i32.const 10) (local.get 0))))))
  (func (export "from_three") (param i32) (result i32)
    (block $default (block $zero
      (br_table $zero $default (i32.sub (local.get 0) (i32.const 3))))
      (return (i32.const 100)))
    (i32.const 101)))

;;= clif
;; ; function 0 of case: switch
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0049                               br_table v0, block3, [block4, block3, block2]
;;
;;                                 block4:
;; @0050                               v2 = iconst.i32 100
;; @0053                               return v2  ; v2 = 100
;;
;;                                 block3:
;; @0055                               v3 = iconst.i32 101
;; @0058                               return v3  ; v3 = 101
;;
;;                                 block2:
;; @005a                               v4 = iconst.i32 102
;; @005d                               jump block1(v4)  ; v4 = 102
;;
;;                                 block1(v1: i32):
;; @005d                               return v1
;; }
;;
;; ; function 1 of case: with_value
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0062                               v3 = iconst.i32 1
;; @0066                               v5 = iconst.i32 10
;; @006a                               br_table v0, block3(v5), [block2(v5)]  ; v5 = 10, v5 = 10
;;
;;                                 block3(v4: i32):
;; @006f                               v6 = iadd.i32 v3, v4  ; v3 = 1
;; @0070                               jump block2(v6)
;;
;;                                 block2(v2: i32):
;; @0071                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @0071                               return v1
;; }
;;
;; ; function 2 of case: from_three
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @007a                               v2 = iconst.i32 3
;; @007c                               v3 = isub v0, v2  ; v2 = 3
;; @007d                               br_table v0, block2, [block2, block2, block2, block3]
;;
;;                                 block3:
;; @0082                               v4 = iconst.i32 100
;; @0085                               return v4  ; v4 = 100
;;
;;                                 block2:
;; @0087                               v5 = iconst.i32 101
;; @008a                               jump block1(v5)  ; v5 = 101
;;
;;                                 block1(v1: i32):
;; @008a                               return v1
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
;;
;; ; function 2 of case: from_three
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl $0x4, %esi
;;   movl %edi, %edi
;;   cmpl %esi, %edi
;;   cmovbl %edi, %esi
;;   br_table %rsi, %r11, %rax
;; block1:
;;   jmp     label6
;; block2:
;;   jmp     label6
;; block3:
;;   jmp     label6
;; block4:
;;   jmp     label6
;; block5:
;;   movl $0x64, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block6:
;;   jmp     label7
;; block7:
;;   movl $0x65, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: switch
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   emit_island 48
;;   subs wzr, w2, #3
;;   mov x8, #3 ; csel x8, x2, x8, lo ; csdb ; adr x7, pc+16 ; ldrsw x8, [x7, x8, uxtw #2] ; add x7, x7, x8 ; br x7 ; jt_entries [MachLabel(5), MachLabel(2), MachLabel(3)] ; default label1
;; block1:
;;   b label6
;; block2:
;;   b label6
;; block3:
;;   b label4
;; block4:
;;   movz w2, #102
;;   ldp fp, lr, [sp], #16
;;   ret
;; block5:
;;   movz w2, #100
;;   ldp fp, lr, [sp], #16
;;   ret
;; block6:
;;   movz w2, #101
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: with_value
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w3, #10
;;   emit_island 40
;;   subs wzr, w2, #1
;;   mov x9, #1 ; csel x9, x2, x9, lo ; csdb ; adr x8, pc+16 ; ldrsw x9, [x8, x9, uxtw #2] ; add x8, x8, x9 ; br x8 ; jt_entries [MachLabel(1)] ; default label2
;; block1:
;;   mov x2, x3
;;   b label3
;; block2:
;;   movz w2, #11
;;   b label3
;; block3:
;;   b label4
;; block4:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: from_three
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   emit_island 52
;;   subs wzr, w2, #4
;;   mov x7, #4 ; csel x7, x2, x7, lo ; csdb ; adr x6, pc+16 ; ldrsw x7, [x6, x7, uxtw #2] ; add x6, x6, x7 ; br x6 ; jt_entries [MachLabel(2), MachLabel(3), MachLabel(4), MachLabel(5)] ; default label1
;; block1:
;;   b label6
;; block2:
;;   b label6
;; block3:
;;   b label6
;; block4:
;;   b label6
;; block5:
;;   movz w2, #100
;;   ldp fp, lr, [sp], #16
;;   ret
;; block6:
;;   b label7
;; block7:
;;   movz w2, #101
;;   ldp fp, lr, [sp], #16
;;   ret
