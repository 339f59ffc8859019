;; Calls in place of a return leave nothing of the caller's frame; results by pointer go where the caller's caller wants.
;;! assembly entry=library allow-missing
;;! assembly cpu=armv8-a entry=library allow-missing
(module
  (type $ten (func (param i32) (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i64)))
  (import "other" "many" (func $many (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (table 2 funcref)
  (elem (i32.const 0) func $direct $ten)
  (func $direct (export "direct") (param i32) (result i32) (return_call $direct (i32.sub (local.get 0) (i32.const 1))))
  (func (export "stack-arguments") (param i64) (result i64)
    (return_call $many (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
      (local.get 0)))
  (func $ten (export "ten") (type $ten) (return_call_indirect (type $ten) (local.get 0) (local.get 0))))

;;= assembly entry=library allow-missing
;; ; function 0 of case: many
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x40, %rsp
;; block0:
;;   movq %r9, %r11
;;   movq <offset:0>+-0x10(%rbp), %r10
;;   movq <offset:0>+-8(%rbp), %r9
;;   leaq <offset:1>+(%rsp), %rax
;;   movq %rdi, <offset:1>+(%rsp)
;;   movq %rsi, <offset:1>+8(%rsp)
;;   movq %rdx, <offset:1>+0x10(%rsp)
;;   movq %rcx, <offset:1>+0x18(%rsp)
;;   movq %r8, <offset:1>+0x20(%rsp)
;;   movq %r11, %rcx
;;   movq %rcx, <offset:1>+0x28(%rsp)
;;   movq %r10, <offset:1>+0x30(%rsp)
;;   movq %r9, <offset:1>+0x38(%rsp)
;;   load_ext_name userextname1+0, %rdi
;;   load_ext_name userextname0+0, %rsi
;;   movq %rax, %rdx
;;   call    User(userextname2)
;;   movq <offset:1>+(%rsp), %rax
;;   addq $0x40, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq $0x10
;;
;; ; function 1 of case: direct
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   subl $0x1, %edi
;;   return_call_known User(userextname0) (0) tmp=%r11 %rdi=%rdi
;;
;; ; function 2 of case: stack-arguments
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %rsp, %rbp
;;   movq 0x10(%rsp), %r11
;;   movq %r11, (%rsp)
;;   movq 0x18(%rsp), %r11
;;   movq %r11, 8(%rsp)
;; block0:
;;   movq %rdi, <offset:0>+-0x10(%rbp)
;;   movq %rdi, <offset:0>+-8(%rbp)
;;   movq %rdi, %r9
;;   movq %r9, %rcx
;;   movq %r9, %rdx
;;   movq %r9, %rsi
;;   movq %r9, %r8
;;   return_call_known User(userextname0) (16) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8 %r9=%r9
;;
;; ; function 3 of case: ten
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %esi, %esi
;;   cmpq $0x2, %rsi
;;   jnb #trap=user4
;;   load_ext_name userextname0+0, %r11
;;   movl 4(%r11, %rsi, 8), %eax
;;   cmpl $0x1, %eax
;;   jz      label2; j label1
;; block2:
;;   load_ext_name userextname1+0, %rax
;;   movl (%r11, %rsi, 8), %ecx
;;   leaq (%rax, %rcx), %r10
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi %rsi=%rsi
;; block1:
;;   testl %eax, %eax
;;   jz #trap=user5
;;   ud2

;;= assembly cpu=armv8-a entry=library allow-missing
;; ; function 0 of case: many
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #64
;; block0:
;;   mov x0, x7
;;   ldr x7, [sp, #80]
;;   ldr x9, [sp, #88]
;;   mov x14, sp
;;   str x2, [sp]
;;   str x3, [sp, #8]
;;   str x4, [sp, #16]
;;   str x5, [sp, #24]
;;   str x6, [sp, #32]
;;   str x0, [sp, #40]
;;   str x7, [sp, #48]
;;   str x9, [sp, #56]
;;   load_ext_name_near x0, User(userextname1)+0
;;   load_ext_name_near x1, User(userextname0)+0
;;   mov x2, x14
;;   bl 0
;;   ldr x2, [sp]
;;   add sp, sp, #64
;;   ldp fp, lr, [sp], #16
;;   add sp, sp, #16
;;   ret
;;
;; ; function 1 of case: direct
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   sub w2, w2, #1
;;   return_call User(userextname0) new_stack_arg_size:0 x2=x2
;;
;; ; function 2 of case: stack-arguments
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;;   ldr fp, [sp, #16]
;;   stp fp, lr, [sp]
;;   mov fp, sp
;; block0:
;;   str x2, [sp, #16]
;;   str x2, [sp, #24]
;;   mov x7, x2
;;   mov x3, x7
;;   mov x4, x7
;;   mov x5, x7
;;   mov x6, x7
;;   return_call User(userextname0) new_stack_arg_size:16 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6 x7=x7
;;
;; ; function 3 of case: ten
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w10, w3
;;   subs xzr, x10, #2
;;   b.hs #trap=user4
;;   load_ext_name_near x12, User(userextname0)+0
;;   lsl x13, x10, #3
;;   add x14, x12, x10, LSL 3
;;   ldr w14, [x14, #4]
;;   subs wzr, w14, #1
;;   b.eq label2 ; b label1
;; block2:
;;   ldr w0, [x12, x13]
;;   load_ext_name_near x1, User(userextname1)+0
;;   add x1, x1, x0, UXTW
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2 x3=x3
;; block1:
;;   cbz w14, #trap=user5
;;   udf #0xc11f
