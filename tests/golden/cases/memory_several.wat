;; Each memory has its own base: the first one's is a constant, the others' are loaded; a copy between them checks both ranges.
;;! assembly
;;! assembly memory=high
;;! assembly cpu=armv8-a
;;! assembly cpu=armv8-a memory=high

(module
  (memory $first 1)
  (memory $second 1 4)
  (memory $wide i64 1)
  (func (export "load") (param i32) (result i32)
    (i32.add (i32.load $first offset=4 (local.get 0)) (i32.load $second offset=4 (local.get 0))))
  (func (export "store") (param i32 i64)
    (i32.store $second (i32.const 16) (local.get 0))
    (i64.store $wide offset=8 (local.get 1) (local.get 1)))
  (func (export "copy") (param i32 i32 i32)
    (memory.copy $first $second (local.get 0) (local.get 1) (local.get 2)))
  (func (export "sizes") (result i32 i32)
    (memory.size $first)
    (memory.grow $second (i32.const 1))))

;;= assembly
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %r8d
;;   movl 0x100004(%r8), %edi
;;   load_ext_name userextname0+0, %r9
;;   movq (%r9), %r9
;;   movl 4(%r8, %r9), %r8d
;;   jmp     label1
;; block1:
;;   leal (%rdi, %r8), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: store
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r8
;;   movl %edi, 0x10(%r8)
;;   movq %rsi, %r8
;;   addq $0x10, %r8
;;   jb #trap=user2
;;   cmpq $0x10000, %r8
;;   jnbe #trap=user2
;;   load_ext_name userextname1+0, %r11
;;   movq (%r11), %r11
;;   movq %rsi, 8(%rsi, %r11)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: copy
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %r11
;;   movl %esi, %esi
;;   movl %edx, %edx
;;   leaq (%rsi, %rdx), %rax
;;   cmpq 8(%r11), %rax
;;   jnbe #trap=user2
;;   movl %edi, %eax
;;   leaq (%rax, %rdx), %rcx
;;   cmpq $0x10000, %rcx
;;   jnbe #trap=user2
;;   leaq 0x100000(%rax), %rdi
;;   addq (%r11), %rsi
;;   call    User(userextname1)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: sizes
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   leaq <offset:1>+(%rsp), %rdx
;;   movq $0x1, <offset:1>+(%rsp)
;;   load_ext_name userextname1+0, %rdi
;;   load_ext_name userextname0+0, %rsi
;;   call    User(userextname2)
;;   movq <offset:1>+(%rsp), %rcx
;;   jmp     label1
;; block1:
;;   movl $0x1, %eax
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly memory=high
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %r9d
;;   load_ext_name userextname0+0, %r10
;;   movq (%r10), %r10
;;   movl 4(%r9, %r10), %r10d
;;   load_ext_name userextname1+0, %r11
;;   movq (%r11), %r11
;;   movl 4(%r9, %r11), %r9d
;;   jmp     label1
;; block1:
;;   leal (%r10, %r9), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: store
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r8
;;   movl %edi, 0x10(%r8)
;;   movq %rsi, %r8
;;   addq $0x10, %r8
;;   jb #trap=user2
;;   cmpq $0x10000, %r8
;;   jnbe #trap=user2
;;   load_ext_name userextname1+0, %r11
;;   movq (%r11), %r11
;;   movq %rsi, 8(%rsi, %r11)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: copy
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %rax
;;   movl %esi, %esi
;;   movl %edx, %edx
;;   leaq (%rsi, %rdx), %rcx
;;   cmpq 8(%rax), %rcx
;;   jnbe #trap=user2
;;   movl %edi, %edi
;;   leaq (%rdi, %rdx), %rcx
;;   cmpq $0x10000, %rcx
;;   jnbe #trap=user2
;;   load_ext_name userextname1+0, %rcx
;;   addq (%rcx), %rdi
;;   addq (%rax), %rsi
;;   call    User(userextname2)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: sizes
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   leaq <offset:1>+(%rsp), %rdx
;;   movq $0x1, <offset:1>+(%rsp)
;;   load_ext_name userextname1+0, %rdi
;;   load_ext_name userextname0+0, %rsi
;;   call    User(userextname2)
;;   movq <offset:1>+(%rsp), %rcx
;;   jmp     label1
;; block1:
;;   movl $0x1, %eax
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x9, #2, LSL #32
;;   add x9, x9, x2, UXTW
;;   ldr w9, [x9, #4]
;;   load_ext_name_near x10, User(userextname0)+0
;;   ldr x10, [x10]
;;   add x10, x10, x2, UXTW
;;   ldr w10, [x10, #4]
;;   b label1
;; block1:
;;   add w2, w9, w10
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: store
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x9, User(userextname0)+0
;;   ldr x9, [x9]
;;   movz x10, #16
;;   str w2, [x9, #16]
;;   adds x10, x3, x10
;;   b.hs #trap=user2
;;   subs xzr, x10, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x13, User(userextname1)+0
;;   ldr x13, [x13]
;;   add x13, x3, x13
;;   str x3, [x13, #8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: copy
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov x15, x2
;;   load_ext_name_near x12, User(userextname0)+0
;;   ldr x13, [x12, #8]
;;   mov w2, w4
;;   add x14, x2, x3, UXTW
;;   subs xzr, x14, x13
;;   b.hi #trap=user2
;;   mov x0, x15
;;   add x14, x2, x0, UXTW
;;   subs xzr, x14, #65536
;;   b.hi #trap=user2
;;   movz x1, #2, LSL #32
;;   add x0, x1, x0, UXTW
;;   ldr x1, [x12]
;;   add x1, x1, x3, UXTW
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: sizes
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   movz x5, #1
;;   mov x2, sp
;;   str x5, [sp]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   ldr x3, [sp]
;;   b label1
;; block1:
;;   movz w2, #1
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret

;;= assembly cpu=armv8-a memory=high
;; ; function 0 of case: load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x10, User(userextname0)+0
;;   ldr x10, [x10]
;;   add x10, x10, x2, UXTW
;;   ldr w10, [x10, #4]
;;   load_ext_name_near x11, User(userextname1)+0
;;   ldr x11, [x11]
;;   add x11, x11, x2, UXTW
;;   ldr w11, [x11, #4]
;;   b label1
;; block1:
;;   add w2, w10, w11
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: store
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x9, User(userextname0)+0
;;   ldr x9, [x9]
;;   movz x10, #16
;;   str w2, [x9, #16]
;;   adds x10, x3, x10
;;   b.hs #trap=user2
;;   subs xzr, x10, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x13, User(userextname1)+0
;;   ldr x13, [x13]
;;   add x13, x3, x13
;;   str x3, [x13, #8]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: copy
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov x0, x2
;;   load_ext_name_near x13, User(userextname0)+0
;;   ldr x14, [x13, #8]
;;   mov w2, w4
;;   add x15, x2, x3, UXTW
;;   subs xzr, x15, x14
;;   b.hi #trap=user2
;;   add x15, x2, x0, UXTW
;;   subs xzr, x15, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x1, User(userextname1)+0
;;   ldr x1, [x1]
;;   add x0, x1, x0, UXTW
;;   ldr x1, [x13]
;;   add x1, x1, x3, UXTW
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: sizes
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   movz x5, #1
;;   mov x2, sp
;;   str x5, [sp]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   bl 0
;;   ldr x3, [sp]
;;   b label1
;; block1:
;;   movz w2, #1
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
