;; By a profile: the arm of a branch that is taken more often is the second one, which follows it, and blocks that were never
;; reached are cold.
;;! clif profile
;;! assembly profile
;;! assembly cpu=armv8-a profile
;;# 0: 100 100 90
;;# 1: 100 100 0

(module
  (memory 1)
  (func (export "mostly") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.load (i32.const 8)))
      (else (i32.load (i32.const 16)))))
  (func (export "never") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.load (i32.const 8)))
      (else (i32.load (i32.const 16))))))

;;= clif profile
;; ; function 0 of case: mostly
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @0035                               v3 = iconst.i32 0
;; @0035                               v4 = icmp eq v0, v3  ; v3 = 0
;; @0035                               brif v4, block4, block3
;;
;;                                 block3:
;; @0037                               v5 = iconst.i32 8
;; @0039                               v6 = uextend.i64 v5  ; v5 = 8
;; @0039                               v7 = iconst.i64 0x0010_0000
;; @0039                               v8 = iadd v6, v7  ; v7 = 0x0010_0000
;; @0039                               v9 = load.i32 little region0 v8
;; @003c                               jump block2(v9)
;;
;;                                 block4:
;; @003d                               v10 = iconst.i32 16
;; @003f                               v11 = uextend.i64 v10  ; v10 = 16
;; @003f                               v12 = iconst.i64 0x0010_0000
;; @003f                               v13 = iadd v11, v12  ; v12 = 0x0010_0000
;; @003f                               v14 = load.i32 little region0 v13
;; @0042                               jump block2(v14)
;;
;;                                 block2(v2: i32):
;; @0043                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @0043                               return v1
;; }
;;
;; ; function 1 of case: never
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @0048                               v2 = iconst.i32 0
;; @0048                               v3 = icmp eq v0, v2  ; v2 = 0
;; @0048                               v4 = uextend.i32 v3
;; @0049                               brif v4, block3, block4
;;
;;                                 block3 cold:
;; @004b                               v6 = iconst.i32 8
;; @004d                               v7 = uextend.i64 v6  ; v6 = 8
;; @004d                               v8 = iconst.i64 0x0010_0000
;; @004d                               v9 = iadd v7, v8  ; v8 = 0x0010_0000
;; @004d                               v10 = load.i32 little region0 v9
;; @0050                               jump block2(v10)
;;
;;                                 block4:
;; @0051                               v11 = iconst.i32 16
;; @0053                               v12 = uextend.i64 v11  ; v11 = 16
;; @0053                               v13 = iconst.i64 0x0010_0000
;; @0053                               v14 = iadd v12, v13  ; v13 = 0x0010_0000
;; @0053                               v15 = load.i32 little region0 v14
;; @0056                               jump block2(v15)
;;
;;                                 block2(v5: i32):
;; @0057                               jump block1(v5)
;;
;;                                 block1(v1: i32):
;; @0057                               return v1
;; }

;;= assembly profile
;; ; function 0 of case: mostly
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl %edi, %edi
;;   jz      label2; j label1
;; block1:
;;   movl $0x100008, %r9d
;;   movl (%r9), %eax
;;   jmp     label3
;; block2:
;;   movl $0x100010, %r10d
;;   movl (%r10), %eax
;;   jmp     label3
;; block3:
;;   jmp     label4
;; block4:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: never
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl %edi, %edi
;;   jz      label2; j label1
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

;;= assembly cpu=armv8-a profile
;; ; function 0 of case: mostly
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz w2, label2 ; b label1
;; block1:
;;   movz x10, #8
;;   movk x10, x10, #2, LSL #32
;;   ldr w2, [x10]
;;   b label3
;; block2:
;;   movz x11, #16
;;   movk x11, x11, #2, LSL #32
;;   ldr w2, [x11]
;;   b label3
;; block3:
;;   b label4
;; block4:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: never
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz w2, label2 ; b label1
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
