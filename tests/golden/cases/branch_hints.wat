;; Branch hints of the module: what is unlikely is cold, and the other arm follows the branch.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (memory 1)
  (func (export "unlikely") (param i32) (result i32)
    (@metadata.code.branch_hint "\00")
    (if (result i32) (local.get 0)
      (then (i32.load (i32.const 8)))
      (else (i32.load (i32.const 16)))))
  (func (export "likely") (param i32) (result i32)
    (block $out
      (@metadata.code.branch_hint "\01")
      (br_if $out (local.get 0))
      (return (i32.load (i32.const 8))))
    (i32.load (i32.const 16))))

;;= clif
;; ; function 0 of case: unlikely
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @005f                               brif v0, block3, block4
;;
;;                                 block3 cold:
;; @0061                               v3 = iconst.i32 8
;; @0063                               v4 = uextend.i64 v3  ; v3 = 8
;; @0063                               v5 = iconst.i64 0x0010_0000
;; @0063                               v6 = iadd v4, v5  ; v5 = 0x0010_0000
;; @0063                               v7 = load.i32 little region0 v6
;; @0066                               jump block2(v7)
;;
;;                                 block4:
;; @0067                               v8 = iconst.i32 16
;; @0069                               v9 = uextend.i64 v8  ; v8 = 16
;; @0069                               v10 = iconst.i64 0x0010_0000
;; @0069                               v11 = iadd v9, v10  ; v10 = 0x0010_0000
;; @0069                               v12 = load.i32 little region0 v11
;; @006c                               jump block2(v12)
;;
;;                                 block2(v2: i32):
;; @006d                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @006d                               return v1
;; }
;;
;; ; function 1 of case: likely
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @0074                               v2 = iconst.i32 0
;; @0074                               v3 = icmp eq v0, v2  ; v2 = 0
;; @0074                               brif v3, block3, block2
;;
;;                                 block3 cold:
;; @0076                               v4 = iconst.i32 8
;; @0078                               v5 = uextend.i64 v4  ; v4 = 8
;; @0078                               v6 = iconst.i64 0x0010_0000
;; @0078                               v7 = iadd v5, v6  ; v6 = 0x0010_0000
;; @0078                               v8 = load.i32 little region0 v7
;; @007b                               return v8
;;
;;                                 block2:
;; @007d                               v9 = iconst.i32 16
;; @007f                               v10 = uextend.i64 v9  ; v9 = 16
;; @007f                               v11 = iconst.i64 0x0010_0000
;; @007f                               v12 = iadd v10, v11  ; v11 = 0x0010_0000
;; @007f                               v13 = load.i32 little region0 v12
;; @0082                               jump block1(v13)
;;
;;                                 block1(v1: i32):
;; @0082                               return v1
;; }

;;= assembly
;; ; function 0 of case: unlikely
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl %edi, %edi
;;   jnz     label2; j label1
;; block1:
;;   movl $0x100010, %r9d
;;   movl (%r9), %eax
;;   jmp     label3
;; block3:
;;   jmp     label4
;; block4:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block2:
;;   movl $0x100008, %r10d
;;   movl (%r10), %eax
;;   jmp     label3
;;
;; ; function 1 of case: likely
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl %edi, %edi
;;   jz      label3; j label1
;; block1:
;;   movl $0x100010, %edi
;;   movl (%rdi), %eax
;;   jmp     label2
;; block2:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   movl $0x100008, %r9d
;;   movl (%r9), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: unlikely
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbnz w2, label2 ; b label1
;; block1:
;;   movz x10, #16
;;   movk x10, x10, #2, LSL #32
;;   ldr w2, [x10]
;;   b label3
;; block3:
;;   b label4
;; block4:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   movz x11, #8
;;   movk x11, x11, #2, LSL #32
;;   ldr w2, [x11]
;;   b label3
;;
;; ; function 1 of case: likely
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz w2, label3 ; b label1
;; block1:
;;   movz x8, #16
;;   movk x8, x8, #2, LSL #32
;;   ldr w2, [x8]
;;   b label2
;; block2:
;;   ldp fp, lr, [sp], #16
;;   ret
;; block3:
;;   movz x10, #8
;;   movk x10, x10, #2, LSL #32
;;   ldr w2, [x10]
;;   ldp fp, lr, [sp], #16
;;   ret
