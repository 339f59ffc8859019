;; Functions of a library: C's arguments become the guest's, results go where C says; in position-independent code.
;;! assembly glue entry=c-library memory=high
;;! assembly glue entry=c-library memory=high cpu=armv8-a

(module
  (memory (export "memory") 1)
  (global (export "counter") (mut i32) (i32.const 1))
  (func (export "divide") (param i32 i32) (result i32 i32)
    (i32.div_u (local.get 0) (local.get 1))
    (i32.rem_u (local.get 0) (local.get 1)))
  (func (export "scale") (param i32 f64) (result f64)
    (f64.mul (f64.load offset=8 (local.get 0)) (local.get 1)))
  (func (export "vector") (param v128) (result v128)
    (i32x4.add (local.get 0) (local.get 0))))

;;= assembly glue entry=c-library memory=high
;; ; start of code
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   ud2
;;
;; ; function 0 of case: divide
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   uninit  %rdx
;;   xorq %rdx, %rdx
;;   movq %rdi, %rax
;;   divl %esi ;; implicit: %eax, %edx, trap=254
;;   movq %rax, %rcx
;;   uninit  %rdx
;;   xorq %rdx, %rdx
;;   movq %rdi, %rax
;;   divl %esi ;; implicit: %eax, %edx, trap=254
;;   jmp     label1
;; block1:
;;   movq %rcx, %rax
;;   movq %rdx, %rcx
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: scale
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movdqa %xmm0, %xmm1
;;   movl %edi, %edi
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r8
;;   movsd 8(%rdi, %r8), %xmm0
;;   jmp     label1
;; block1:
;;   mulsd %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: vector
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   paddd %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of divide
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movq %rdi, %r12
;;   movl (%rdi), %edi
;;   movq %r12, %r11
;;   movl 8(%r11), %esi
;;   call    User(userextname0)
;;   movl %eax, %esi
;;   movq %r12, %rdi
;;   movq %rsi, (%rdi)
;;   movl %ecx, %r8d
;;   movq %r8, 8(%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of scale
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movq %rdi, %r12
;;   movl (%rdi), %edi
;;   movq %r12, %r8
;;   movsd 8(%r8), %xmm0
;;   call    User(userextname0)
;;   movq %r12, %rdi
;;   movsd %xmm0, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; entry of vector
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movdqu (%rdi), %xmm0
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   movq %r12, %rdi
;;   movdqu %xmm0, (%rdi)
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 0 of the library
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   call    User(userextname0)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of the library
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   call    User(userextname0)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of the library
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq %rdi, %rsi
;;   load_ext_name userextname0+0, %rdi
;;   call    User(userextname1)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of the library
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %rsi
;;   movl $0x4, %edx
;;   call    User(userextname1)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of the library
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   movl %edi, %edi
;;   leaq <offset:1>+(%rsp), %rsi
;;   movq %rdi, <offset:1>+(%rsp)
;;   load_ext_name userextname0+0, %rdi
;;   movl $0x4, %edx
;;   call    User(userextname1)
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 5 of the library
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x20, %rsp
;;   movq %r13, 0x10(%rsp)
;;   movq %r15, 0x18(%rsp)
;; block0:
;;   movq %rcx, %r13
;;   movq %rdx, %r15
;;   movl %edi, %ecx
;;   leaq <offset:1>+(%rsp), %rax
;;   movq %rcx, <offset:1>+(%rsp)
;;   movl %esi, %ecx
;;   movq %rcx, <offset:1>+8(%rsp)
;;   load_ext_name userextname0+0, %rdi
;;   movl $0x2, %edx
;;   movq %rax, %rsi
;;   call    User(userextname1)
;;   testl %eax, %eax
;;   jnz     label1; j label2
;; block1:
;;   jmp     label9
;; block2:
;;   movl <offset:1>+(%rsp), %ecx
;;   movq %r15, %rdx
;;   testq %rdx, %rdx
;;   jz      label3; j label4
;; block3:
;;   jmp     label5
;; block4:
;;   movl %ecx, (%rdx)
;;   jmp     label5
;; block5:
;;   movl <offset:1>+8(%rsp), %ecx
;;   movq %r13, %rdx
;;   testq %rdx, %rdx
;;   jz      label6; j label7
;; block6:
;;   jmp     label8
;; block7:
;;   movl %ecx, (%rdx)
;;   jmp     label8
;; block8:
;;   jmp     label9
;; block9:
;;   movq 0x10(%rsp), %r13
;;   movq 0x18(%rsp), %r15
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 6 of the library
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x20, %rsp
;;   movq %r12, 0x10(%rsp)
;; block0:
;;   movq %rsi, %r12
;;   movl %edi, %r9d
;;   leaq <offset:1>+(%rsp), %rsi
;;   movq %r9, <offset:1>+(%rsp)
;;   movsd %xmm0, <offset:1>+8(%rsp)
;;   load_ext_name userextname0+0, %rdi
;;   movl $0x2, %edx
;;   call    User(userextname1)
;;   testl %eax, %eax
;;   jnz     label1; j label2
;; block1:
;;   jmp     label6
;; block2:
;;   movsd <offset:1>+(%rsp), %xmm0
;;   movq %r12, %rsi
;;   testq %rsi, %rsi
;;   jz      label3; j label4
;; block3:
;;   jmp     label5
;; block4:
;;   movsd %xmm0, (%rsi)
;;   jmp     label5
;; block5:
;;   jmp     label6
;; block6:
;;   movq 0x10(%rsp), %r12
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 7 of the library
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x20, %rsp
;;   movq %r12, 0x10(%rsp)
;; block0:
;;   movq %rsi, %r12
;;   movdqu (%rdi), %xmm0
;;   leaq <offset:1>+(%rsp), %rsi
;;   movdqu %xmm0, <offset:1>+(%rsp)
;;   load_ext_name userextname0+0, %rdi
;;   movl $0x2, %edx
;;   call    User(userextname1)
;;   testl %eax, %eax
;;   jnz     label1; j label2
;; block1:
;;   jmp     label6
;; block2:
;;   movdqu <offset:1>+(%rsp), %xmm0
;;   movq %r12, %rsi
;;   testq %rsi, %rsi
;;   jz      label3; j label4
;; block3:
;;   jmp     label5
;; block4:
;;   movdqu %xmm0, (%rsi)
;;   jmp     label5
;; block5:
;;   jmp     label6
;; block6:
;;   movq 0x10(%rsp), %r12
;;   addq $0x20, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly glue entry=c-library memory=high cpu=armv8-a
;; ; start of code
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   udf #0xc11f
;;
;; ; function 0 of case: divide
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz w3, #trap=int_divz
;;   udiv w6, w2, w3
;;   cbz w3, #trap=int_divz
;;   udiv w7, w2, w3
;;   msub w3, w7, w3, w2
;;   b label1
;; block1:
;;   mov x2, x6
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: scale
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x7, User(userextname0)+0
;;   ldr x7, [x7]
;;   add x7, x7, x2, UXTW
;;   ldr d7, [x7, #8]
;;   b label1
;; block1:
;;   fmul d0, d7, d0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: vector
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   add v0.4s, v0.4s, v0.4s
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; entry of divide
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   ldr w2, [x0]
;;   ldr w3, [x0, #8]
;;   mov x19, x0
;;   bl 0
;;   mov w6, w2
;;   mov x0, x19
;;   str x6, [x0]
;;   mov w7, w3
;;   str x7, [x0, #8]
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; entry of scale
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   ldr w2, [x0]
;;   ldr d0, [x0, #8]
;;   mov x19, x0
;;   bl 0
;;   mov x0, x19
;;   str d0, [x0]
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; entry of vector
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   ldr q0, [x0]
;;   mov x19, x0
;;   bl 0
;;   mov x0, x19
;;   str q0, [x0]
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 0 of the library
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   bl 0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of the library
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   bl 0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of the library
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov x1, x0
;;   load_ext_name_near x0, User(userextname0)+0
;;   bl 0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of the library
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x1, User(userextname0)+0
;;   movz x2, #4
;;   bl 0
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of the library
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   mov w6, w0
;;   mov x1, sp
;;   str x6, [sp]
;;   load_ext_name_near x0, User(userextname0)+0
;;   movz x2, #4
;;   bl 0
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of the library
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   stp x19, x20, [sp, #-16]!
;;   sub sp, sp, #16
;; block0:
;;   mov x19, x3
;;   mov x20, x2
;;   mov w13, w0
;;   mov x12, sp
;;   str x13, [sp]
;;   mov w13, w1
;;   str x13, [sp, #8]
;;   load_ext_name_near x0, User(userextname0)+0
;;   movz x2, #2
;;   mov x1, x12
;;   bl 0
;;   cbnz w0, label1 ; b label2
;; block1:
;;   b label9
;; block2:
;;   ldr w1, [sp]
;;   mov x2, x20
;;   cbz x2, label3 ; b label4
;; block3:
;;   b label5
;; block4:
;;   str w1, [x2]
;;   b label5
;; block5:
;;   ldr w1, [sp, #8]
;;   mov x3, x19
;;   cbz x3, label6 ; b label7
;; block6:
;;   b label8
;; block7:
;;   str w1, [x3]
;;   b label8
;; block8:
;;   b label9
;; block9:
;;   add sp, sp, #16
;;   ldp x19, x20, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 6 of the library
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;;   sub sp, sp, #16
;; block0:
;;   mov x19, x1
;;   mov w9, w0
;;   mov x1, sp
;;   str x9, [sp]
;;   str d0, [sp, #8]
;;   load_ext_name_near x0, User(userextname0)+0
;;   movz x2, #2
;;   bl 0
;;   cbnz w0, label1 ; b label2
;; block1:
;;   b label6
;; block2:
;;   ldr d16, [sp]
;;   mov x1, x19
;;   cbz x1, label3 ; b label4
;; block3:
;;   b label5
;; block4:
;;   str d16, [x1]
;;   b label5
;; block5:
;;   b label6
;; block6:
;;   add sp, sp, #16
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 7 of the library
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;;   sub sp, sp, #16
;; block0:
;;   mov x19, x1
;;   ldr q16, [x0]
;;   mov x1, sp
;;   str q16, [sp]
;;   load_ext_name_near x0, User(userextname0)+0
;;   movz x2, #2
;;   bl 0
;;   cbnz w0, label1 ; b label2
;; block1:
;;   b label6
;; block2:
;;   ldr q16, [sp]
;;   mov x1, x19
;;   cbz x1, label3 ; b label4
;; block3:
;;   b label5
;; block4:
;;   str q16, [x1]
;;   b label5
;; block5:
;;   b label6
;; block6:
;;   add sp, sp, #16
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
