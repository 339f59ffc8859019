;; Calls inside of a `try_table` differ from others by what is written beside the code, and by keeping no values in
;; registers; unless nothing can be thrown there. A `throw` that its own function catches is a jump.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (tag $t (param i32))
  (func $f (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (throw $t (i32.const 7)))) (local.get 0))
  (func (export "plain") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1)))
  (func (export "guarded") (param i32) (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $t $caught) (i32.add (call $f (local.get 0)) (i32.const 1)))))
  (func $g (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
  (func (export "harmless") (param i32) (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $t $caught) (i32.add (call $g (local.get 0)) (local.get 0)))))
  (func (export "cleanup") (param i32) (result i32) (local $e exnref)
    (block $cleanup (result exnref)
      (return (try_table (result i32) (catch_all_ref $cleanup) (call $f (local.get 0)))))
    (local.set $e)
    (drop (call $f (i32.const 1)))
    (throw_ref (local.get $e)))
  (func (export "jump") (param i32) (result i32)
    (block $caught (result i32)
      (try_table (catch $t $caught) (throw $t (local.get 0))) (i32.const 0))))

;;= clif
;; ; function 0 of case: f
;; ; u13:7 = Runtime(Throw)
;; function u0:0(i32) -> i32 tail {
;;     ss0 = explicit_slot 8, align = 16
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32, i32, i64) tail
;;     fn0 = colocated u13:7 sig0
;;
;;                                 block0(v0: i32):
;; @005b                               v2 = iconst.i32 0
;; @005b                               v3 = icmp eq v0, v2  ; v2 = 0
;; @005b                               v4 = uextend.i32 v3
;; @005c                               brif v4, block3, block4
;;
;;                                 block3:
;; @005e                               v5 = iconst.i32 7
;; @0060                               v6 = stack_addr.i64 ss0
;; @0060                               v7 = uextend.i64 v5  ; v5 = 7
;; @0060                               store notrap aligned region0 v7, v6
;; @0060                               v8 = iconst.i32 0
;; @0060                               v9 = iconst.i32 1
;; @0060                               call fn0(v8, v9, v6)  ; v8 = 0, v9 = 1
;; @0060                               trap user1
;;
;;                                 block4:
;; @0062                               jump block2
;;
;;                                 block2:
;; @0065                               jump block1(v0)
;;
;;                                 block1(v1: i32):
;; @0065                               return v1
;; }
;;
;; ; function 1 of case: plain
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i32) -> i32 tail {
;;     sig0 = (i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0(v0: i32):
;; @006a                               v2 = call fn0(v0)
;; @006c                               v3 = iconst.i32 1
;; @006e                               v4 = iadd v2, v3  ; v3 = 1
;; @006f                               jump block1(v4)
;;
;;                                 block1(v1: i32):
;; @006f                               return v1
;; }
;;
;; ; function 2 of case: guarded
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0(v0: i32):
;; @007c                               try_call fn0(v0), sig0, block5(ret0), [ tag0: block4(exn0, exn1) ]
;;
;;                                 block5(v6: i32):
;; @007e                               v7 = iconst.i32 1
;; @0080                               v8 = iadd v6, v7  ; v7 = 1
;; @0081                               jump block3(v8)
;;
;;                                 block4(v4: i64, v5: i64) cold:
;; @0081                               v9 = load.i32 notrap aligned region0 v4
;; @0081                               jump block2(v9)
;;
;;                                 block3(v3: i32):
;; @0082                               jump block2(v3)
;;
;;                                 block2(v2: i32):
;; @0083                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @0083                               return v1
;; }
;;
;; ; function 3 of case: g
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @008a                               v2 = imul v0, v0
;; @008b                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @008b                               return v1
;; }
;;
;; ; function 4 of case: harmless
;; ; u1:3 = Function(FunctionId(3))
;; function u0:0(i32) -> i32 tail {
;;     sig0 = (i32) -> i32 tail
;;     fn0 = colocated u1:3 sig0
;;
;;                                 block0(v0: i32):
;; @0098                               v4 = call fn0(v0)
;; @009c                               v5 = iadd v4, v0
;; @009d                               jump block3(v5)
;;
;;                                 block3(v3: i32):
;; @009e                               jump block2(v3)
;;
;;                                 block2(v2: i32):
;; @009f                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @009f                               return v1
;; }
;;
;; ; function 5 of case: cleanup
;; ; u1:0 = Function(FunctionId(0))
;; ; u13:8 = Runtime(ThrowRef)
;; function u0:0(i32) -> i32 tail {
;;     sig0 = (i32) -> i32 tail
;;     sig1 = (i64) tail
;;     fn0 = colocated u1:0 sig0
;;     fn1 = colocated u13:8 sig1
;;
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i64 0
;; @00ad                               try_call fn0(v0), sig0, block5(ret0), [ tag2147483647: block4(exn0, exn1) ]
;;
;;                                 block5(v7: i32):
;; @00af                               jump block3(v7)
;;
;;                                 block4(v5: i64, v6: i64) cold:
;; @00af                               jump block2(v6)
;;
;;                                 block3(v4: i32):
;; @00b0                               return v4
;;
;;                                 block2(v3: i64):
;; @00b4                               v8 = iconst.i32 1
;; @00b6                               v9 = call fn0(v8)  ; v8 = 1
;; @00bb                               trapz v3, user20
;; @00bb                               call fn1(v3)
;; @00bb                               trap user1
;; }
;;
;; ; function 6 of case: jump
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @00c9                               jump block2(v0)
;;
;;                                 block2(v2: i32):
;; @00cf                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @00cf                               return v1
;; }

;;= assembly
;; ; function 0 of case: f
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   testl %edi, %edi
;;   jz      label4; j label1
;; block1:
;;   jmp     label2
;; block2:
;;   jmp     label3
;; block3:
;;   movq %rdi, %rax
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block4:
;;   leaq <offset:1>+(%rsp), %rdx
;;   movq $0x7, <offset:1>+(%rsp)
;;   uninit  %rdi
;;   xorl %edi, %edi
;;   movl $0x1, %esi
;;   call    User(userextname0)
;;   ud2
;;
;; ; function 1 of case: plain
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   leal 1(%rax), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: guarded
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x30, %rsp
;;   movq %rbx, (%rsp)
;;   movq %r12, 8(%rsp)
;;   movq %r13, 0x10(%rsp)
;;   movq %r14, 0x18(%rsp)
;;   movq %r15, 0x20(%rsp)
;; block0:
;;   call    User(userextname0); jmp MachLabel(1); catch [tag0: MachLabel(3)]
;; block1:
;;   jmp     label2
;; block2:
;;   leal 1(%rax), %eax
;;   jmp     label4
;; block4:
;;   jmp     label5
;; block5:
;;   movq (%rsp), %rbx
;;   movq 8(%rsp), %r12
;;   movq 0x10(%rsp), %r13
;;   movq 0x18(%rsp), %r14
;;   movq 0x20(%rsp), %r15
;;   addq $0x30, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   movl (%rax), %eax
;;   jmp     label4
;;
;; ; function 3 of case: g
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rdi, %rax
;;   imull %edi, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: harmless
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;;   movq %r12, (%rsp)
;; block0:
;;   movq %rdi, %r12
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   jmp     label2
;; block2:
;;   jmp     label3
;; block3:
;;   leal (%rax, %r12), %eax
;;   movq (%rsp), %r12
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 5 of case: cleanup
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x30, %rsp
;;   movq %rbx, (%rsp)
;;   movq %r12, 8(%rsp)
;;   movq %r13, 0x10(%rsp)
;;   movq %r14, 0x18(%rsp)
;;   movq %r15, 0x20(%rsp)
;; block0:
;;   call    User(userextname0); jmp MachLabel(1); catch [tag2147483647: MachLabel(3)]
;; block1:
;;   jmp     label2
;; block2:
;;   movq (%rsp), %rbx
;;   movq 8(%rsp), %r12
;;   movq 0x10(%rsp), %r13
;;   movq 0x18(%rsp), %r14
;;   movq 0x20(%rsp), %r15
;;   addq $0x30, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   jmp     label4
;; block4:
;;   movq %rdx, %r12
;;   movl $0x1, %edi
;;   call    User(userextname0)
;;   testq %r12, %r12
;;   jz #trap=user20
;;   movq %r12, %rdi
;;   call    User(userextname1)
;;   ud2
;;
;; ; function 6 of case: jump
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   jmp     label2
;; block2:
;;   movq %rdi, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: f
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   cbz w2, label4 ; b label1
;; block1:
;;   b label2
;; block2:
;;   b label3
;; block3:
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block4:
;;   movz x9, #7
;;   mov x4, sp
;;   str x9, [sp]
;;   movz w2, #0
;;   movz w3, #1
;;   bl 0
;;   udf #0xc11f
;;
;; ; function 1 of case: plain
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   bl 0
;;   b label1
;; block1:
;;   add w2, w2, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: guarded
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   stp x27, x28, [sp, #-16]!
;;   stp x25, x26, [sp, #-16]!
;;   stp x23, x24, [sp, #-16]!
;;   stp x21, x22, [sp, #-16]!
;;   stp x19, x20, [sp, #-16]!
;;   stp d14, d15, [sp, #-16]!
;;   stp d12, d13, [sp, #-16]!
;;   stp d10, d11, [sp, #-16]!
;;   stp d8, d9, [sp, #-16]!
;; block0:
;;   bl 0; b MachLabel(1); catch [tag0: MachLabel(3)]
;; block1:
;;   b label2
;; block2:
;;   add w2, w2, #1
;;   b label4
;; block4:
;;   b label5
;; block5:
;;   ldp d8, d9, [sp], #16
;;   ldp d10, d11, [sp], #16
;;   ldp d12, d13, [sp], #16
;;   ldp d14, d15, [sp], #16
;;   ldp x19, x20, [sp], #16
;;   ldp x21, x22, [sp], #16
;;   ldp x23, x24, [sp], #16
;;   ldp x25, x26, [sp], #16
;;   ldp x27, x28, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block3:
;;   ldr w2, [x0]
;;   b label4
;;
;; ; function 3 of case: g
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   madd w2, w2, w2, wzr
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: harmless
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x19, [sp, #-16]!
;; block0:
;;   mov x19, x2
;;   bl 0
;;   b label1
;; block1:
;;   b label2
;; block2:
;;   b label3
;; block3:
;;   add w2, w2, w19
;;   ldr x19, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of case: cleanup
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   stp x27, x28, [sp, #-16]!
;;   stp x25, x26, [sp, #-16]!
;;   stp x23, x24, [sp, #-16]!
;;   stp x21, x22, [sp, #-16]!
;;   stp x19, x20, [sp, #-16]!
;;   stp d14, d15, [sp, #-16]!
;;   stp d12, d13, [sp, #-16]!
;;   stp d10, d11, [sp, #-16]!
;;   stp d8, d9, [sp, #-16]!
;; block0:
;;   bl 0; b MachLabel(1); catch [tag2147483647: MachLabel(3)]
;; block1:
;;   b label2
;; block2:
;;   ldp d8, d9, [sp], #16
;;   ldp d10, d11, [sp], #16
;;   ldp d12, d13, [sp], #16
;;   ldp d14, d15, [sp], #16
;;   ldp x19, x20, [sp], #16
;;   ldp x21, x22, [sp], #16
;;   ldp x23, x24, [sp], #16
;;   ldp x25, x26, [sp], #16
;;   ldp x27, x28, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block3:
;;   b label4
;; block4:
;;   mov x19, x1
;;   movz w2, #1
;;   bl 0
;;   cbz x19, #trap=user20
;;   mov x2, x19
;;   bl 0
;;   udf #0xc11f
;;
;; ; function 6 of case: jump
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   b label2
;; block2:
;;   ldp fp, lr, [sp], #16
;;   ret
