;; Lanes are checked like all other accesses.
;;! assembly memory=checked
;;! assembly cpu=armv8-a memory=checked

(module
  (memory 1)
  (func (export "lane") (param i32 v128) (result v128) (v128.load16_lane 2 (local.get 0) (local.get 1)))
  (func (export "store") (param i32 v128) (v128.store offset=8 (local.get 0) (local.get 1))))

;;= assembly memory=checked
;; ; function 0 of case: lane
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %r8d
;;   leaq 2(%r8), %r9
;;   cmpq $0x10000, %r9
;;   jnbe #trap=user2
;;   load_ext_name userextname0+0, %r10
;;   movq (%r10), %r10
;;   movzwq (%r8, %r10), %r10
;;   jmp     label1
;; block1:
;;   pinsrw $0x2, %r10d, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: store
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   leaq 0x18(%rsi), %rdi
;;   cmpq $0x10000, %rdi
;;   jnbe #trap=user2
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r8
;;   movdqu %xmm0, 8(%rsi, %r8)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a memory=checked
;; ; function 0 of case: lane
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w8, w2
;;   add x8, x8, #2
;;   subs xzr, x8, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x10, User(userextname0)+0
;;   ldr x10, [x10]
;;   ldrh w10, [x10, w2, UXTW]
;;   b label1
;; block1:
;;   mov v0.h[2], v0.h[2], w10
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: store
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w7, w2
;;   add x7, x7, #24
;;   subs xzr, x7, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x9, User(userextname0)+0
;;   ldr x9, [x9]
;;   add x9, x9, #8
;;   str q0, [x9, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
