;; Direct calls pass values in registers and no context.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "call") (param i32) (result i32) (call $add (local.get 0) (i32.const 3)))
  (func $swap (param i32 f64) (result f64 i32) (local.get 1) (local.get 0))
  (func (export "several") (param i32 f64) (result f64 i32) (call $swap (local.get 0) (local.get 1)))
  (func $many (result i32 i32 i32 i32 i32) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5))
  (func (export "sum") (result i32) (call $many) (i32.add) (i32.add) (i32.add) (i32.add)))

;;= clif
;; ; function 0 of case: add
;; function u0:0(i32, i32) -> i32 tail {
;;                                 block0(v0: i32, v1: i32):
;; @0055                               v3 = iadd v0, v1
;; @0056                               jump block1(v3)
;;
;;                                 block1(v2: i32):
;; @0056                               return v2
;; }
;;
;; ; function 1 of case: call
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i32) -> i32 tail {
;;     sig0 = (i32, i32) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0(v0: i32):
;; @005b                               v2 = iconst.i32 3
;; @005d                               v3 = call fn0(v0, v2)  ; v2 = 3
;; @005f                               jump block1(v3)
;;
;;                                 block1(v1: i32):
;; @005f                               return v1
;; }
;;
;; ; function 2 of case: swap
;; function u0:0(i32, f64) -> f64, i32 tail {
;;                                 block0(v0: i32, v1: f64):
;; @0066                               jump block1(v1, v0)
;;
;;                                 block1(v2: f64, v3: i32):
;; @0066                               return v2, v3
;; }
;;
;; ; function 3 of case: several
;; ; u1:2 = Function(FunctionId(2))
;; function u0:0(i32, f64) -> f64, i32 tail {
;;     sig0 = (i32, f64) -> f64, i32 tail
;;     fn0 = colocated u1:2 sig0
;;
;;                                 block0(v0: i32, v1: f64):
;; @006d                               v4, v5 = call fn0(v0, v1)
;; @006f                               jump block1(v4, v5)
;;
;;                                 block1(v2: f64, v3: i32):
;; @006f                               return v2, v3
;; }
;;
;; ; function 4 of case: many
;; function u0:0() -> i32, i32, i32, i32, i32 tail {
;;                                 block0:
;; @0072                               v5 = iconst.i32 1
;; @0074                               v6 = iconst.i32 2
;; @0076                               v7 = iconst.i32 3
;; @0078                               v8 = iconst.i32 4
;; @007a                               v9 = iconst.i32 5
;; @007c                               jump block1(v5, v6, v7, v8, v9)  ; v5 = 1, v6 = 2, v7 = 3, v8 = 4, v9 = 5
;;
;;                                 block1(v0: i32, v1: i32, v2: i32, v3: i32, v4: i32):
;; @007c                               return v0, v1, v2, v3, v4
;; }
;;
;; ; function 5 of case: sum
;; ; u1:4 = Function(FunctionId(4))
;; function u0:0() -> i32 tail {
;;     sig0 = () -> i32, i32, i32, i32, i32 tail
;;     fn0 = colocated u1:4 sig0
;;
;;                                 block0:
;; @007f                               v1, v2, v3, v4, v5 = call fn0()
;; @0081                               v6 = iadd v4, v5
;; @0082                               v7 = iadd v3, v6
;; @0083                               v8 = iadd v2, v7
;; @0084                               v9 = iadd v1, v8
;; @0085                               jump block1(v9)
;;
;;                                 block1(v0: i32):
;; @0085                               return v0
;; }

;;= assembly
;; ; function 0 of case: add
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   leal (%rdi, %rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: call
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl $0x3, %esi
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: swap
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rdi, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: several
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: many
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movl $0x1, %eax
;;   movl $0x2, %ecx
;;   movl $0x3, %edx
;;   movl $0x4, %esi
;;   movl $0x5, %edi
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 5 of case: sum
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   call    User(userextname0)
;;   jmp     label1
;; block1:
;;   leal (%rsi, %rdi), %esi
;;   leal (%rdx, %rsi), %esi
;;   leal (%rcx, %rsi), %esi
;;   leal (%rax, %rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: add
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   add w2, w2, w3
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: call
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz w3, #3
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: swap
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: several
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   bl 0
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: many
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   movz w2, #1
;;   movz w3, #2
;;   movz w4, #3
;;   movz w5, #4
;;   movz w6, #5
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 5 of case: sum
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   bl 0
;;   b label1
;; block1:
;;   add w5, w5, w6
;;   add w5, w4, w5
;;   add w5, w3, w5
;;   add w2, w2, w5
;;   ldp fp, lr, [sp], #16
;;   ret
