;; What is alive: an address that is also a number is in one register, and each block computes the address of a global.
;;! assembly
;;! assembly cpu=armv8-a

(module
  (memory 1)
  (global $count (mut i32) (i32.const 0))
  (func $other (param i32))
  (func (export "number_and_address") (param i32) (result i32)
    (call $other (i32.load (local.get 0)))
    (if (i32.eq (local.get 0) (i32.const 77)) (then (call $other (local.get 0))))
    (i32.store (local.get 0) (i32.const 5))
    (local.get 0))
  (func (export "globals") (param i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (call $other (local.get 0))
    (if (local.get 0) (then (global.set $count (i32.sub (global.get $count) (i32.const 1)))))))

;;= assembly
;; ; function 0 of case: other
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: number_and_address
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %rbx, (%rsp)
;; block0:
;;   movl %edi, %ebx
;;   movl 0x100000(%rbx), %edi
;;   call    User(userextname0)
;;   cmpl $0x4d, %ebx
;;   jz      label2; j label1
;; block1:
;;   jmp     label3
;; block2:
;;   movq %rbx, %rdi
;;   call    User(userextname0)
;;   jmp     label3
;; block3:
;;   movl $0x5, 0x100000(%rbx)
;;   jmp     label4
;; block4:
;;   movq %rbx, %rax
;;   movq (%rsp), %rbx
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: globals
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   load_ext_name userextname0+0, %rsi
;;   addl $0x1, (%rsi)
;;   movq %rdi, %r12
;;   call    User(userextname1)
;;   testl %r12d, %r12d
;;   jnz     label2; j label1
;; block1:
;;   jmp     label3
;; block2:
;;   load_ext_name userextname0+0, %r8
;;   subl $0x1, (%r8)
;;   jmp     label3
;; block3:
;;   jmp     label4
;; block4:
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: other
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: number_and_address
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   mov x19, x2
;;   movz x5, #2, LSL #32
;;   ldr w2, [x5, w2, UXTW]
;;   bl 0
;;   subs wzr, w19, #77
;;   b.eq label2 ; b label1
;; block1:
;;   b label3
;; block2:
;;   mov x2, x19
;;   bl 0
;;   b label3
;; block3:
;;   movz w11, #5
;;   movz x12, #2, LSL #32
;;   str w11, [x12, w19, UXTW]
;;   b label4
;; block4:
;;   mov x2, x19
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: globals
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   load_ext_name_near x7, User(userextname0)+0
;;   ldr w8, [x7]
;;   add w8, w8, #1
;;   str w8, [x7]
;;   mov x19, x2
;;   bl 0
;;   cbnz w19, label2 ; b label1
;; block1:
;;   b label3
;; block2:
;;   load_ext_name_near x11, User(userextname0)+0
;;   ldr w12, [x11]
;;   sub w12, w12, #1
;;   str w12, [x11]
;;   b label3
;; block3:
;;   b label4
;; block4:
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
