;; Narrow loads extend in the load itself; narrow stores take the low bits.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (memory 1)
  (func (export "i32") (param i32) (result i32 i32 i32 i32)
    (i32.load8_s (local.get 0)) (i32.load8_u (local.get 0)) (i32.load16_s (local.get 0)) (i32.load16_u (local.get 0)))
  (func (export "i64") (param i32) (result i64 i64 i64 i64 i64 i64)
    (i64.load8_s (local.get 0)) (i64.load8_u (local.get 0)) (i64.load16_s (local.get 0)) (i64.load16_u (local.get 0))
    (i64.load32_s (local.get 0)) (i64.load32_u (local.get 0)))
  (func (export "stores") (param i32 i32 i64)
    (i32.store8 (local.get 0) (local.get 1)) (i32.store16 (local.get 0) (local.get 1))
    (i64.store8 (local.get 0) (local.get 2)) (i64.store16 (local.get 0) (local.get 2))
    (i64.store32 (local.get 0) (local.get 2))))

;;= clif
;; ; function 0 of case: i32
;; function u0:0(i32) -> i32, i32, i32, i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @004d                               v5 = uextend.i64 v0
;; @004d                               v6 = iconst.i64 0x0010_0000
;; @004d                               v7 = iadd v5, v6  ; v6 = 0x0010_0000
;; @004d                               v8 = sload8.i32 little region0 v7
;; @0052                               v9 = uextend.i64 v0
;; @0052                               v10 = iconst.i64 0x0010_0000
;; @0052                               v11 = iadd v9, v10  ; v10 = 0x0010_0000
;; @0052                               v12 = uload8.i32 little region0 v11
;; @0057                               v13 = uextend.i64 v0
;; @0057                               v14 = iconst.i64 0x0010_0000
;; @0057                               v15 = iadd v13, v14  ; v14 = 0x0010_0000
;; @0057                               v16 = sload16.i32 little region0 v15
;; @005c                               v17 = uextend.i64 v0
;; @005c                               v18 = iconst.i64 0x0010_0000
;; @005c                               v19 = iadd v17, v18  ; v18 = 0x0010_0000
;; @005c                               v20 = uload16.i32 little region0 v19
;; @005f                               jump block1(v8, v12, v16, v20)
;;
;;                                 block1(v1: i32, v2: i32, v3: i32, v4: i32):
;; @005f                               return v1, v2, v3, v4
;; }
;;
;; ; function 1 of case: i64
;; function u0:0(i32) -> i64, i64, i64, i64, i64, i64 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @0064                               v7 = uextend.i64 v0
;; @0064                               v8 = iconst.i64 0x0010_0000
;; @0064                               v9 = iadd v7, v8  ; v8 = 0x0010_0000
;; @0064                               v10 = sload8.i64 little region0 v9
;; @0069                               v11 = uextend.i64 v0
;; @0069                               v12 = iconst.i64 0x0010_0000
;; @0069                               v13 = iadd v11, v12  ; v12 = 0x0010_0000
;; @0069                               v14 = uload8.i64 little region0 v13
;; @006e                               v15 = uextend.i64 v0
;; @006e                               v16 = iconst.i64 0x0010_0000
;; @006e                               v17 = iadd v15, v16  ; v16 = 0x0010_0000
;; @006e                               v18 = sload16.i64 little region0 v17
;; @0073                               v19 = uextend.i64 v0
;; @0073                               v20 = iconst.i64 0x0010_0000
;; @0073                               v21 = iadd v19, v20  ; v20 = 0x0010_0000
;; @0073                               v22 = uload16.i64 little region0 v21
;; @0078                               v23 = uextend.i64 v0
;; @0078                               v24 = iconst.i64 0x0010_0000
;; @0078                               v25 = iadd v23, v24  ; v24 = 0x0010_0000
;; @0078                               v26 = sload32 little region0 v25
;; @007d                               v27 = uextend.i64 v0
;; @007d                               v28 = iconst.i64 0x0010_0000
;; @007d                               v29 = iadd v27, v28  ; v28 = 0x0010_0000
;; @007d                               v30 = uload32 little region0 v29
;; @0080                               jump block1(v10, v14, v18, v22, v26, v30)
;;
;;                                 block1(v1: i64, v2: i64, v3: i64, v4: i64, v5: i64, v6: i64):
;; @0080                               return v1, v2, v3, v4, v5, v6
;; }
;;
;; ; function 2 of case: stores
;; function u0:0(i32, i32, i64) tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32, v2: i64):
;; @0087                               v3 = uextend.i64 v0
;; @0087                               v4 = iconst.i64 0x0010_0000
;; @0087                               v5 = iadd v3, v4  ; v4 = 0x0010_0000
;; @0087                               istore8 little region0 v1, v5
;; @008e                               v6 = uextend.i64 v0
;; @008e                               v7 = iconst.i64 0x0010_0000
;; @008e                               v8 = iadd v6, v7  ; v7 = 0x0010_0000
;; @008e                               istore16 little region0 v1, v8
;; @0095                               v9 = uextend.i64 v0
;; @0095                               v10 = iconst.i64 0x0010_0000
;; @0095                               v11 = iadd v9, v10  ; v10 = 0x0010_0000
;; @0095                               istore8 little region0 v2, v11
;; @009c                               v12 = uextend.i64 v0
;; @009c                               v13 = iconst.i64 0x0010_0000
;; @009c                               v14 = iadd v12, v13  ; v13 = 0x0010_0000
;; @009c                               istore16 little region0 v2, v14
;; @00a3                               v15 = uextend.i64 v0
;; @00a3                               v16 = iconst.i64 0x0010_0000
;; @00a3                               v17 = iadd v15, v16  ; v16 = 0x0010_0000
;; @00a3                               istore32 little region0 v2, v17
;; @00a6                               jump block1
;;
;;                                 block1:
;; @00a6                               return
;; }

;;= assembly
;; ; function 0 of case: i32
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   movsbq 0x100000(%rsi), %rax
;;   movzbq 0x100000(%rsi), %rcx
;;   movswq 0x100000(%rsi), %rdx
;;   movzwq 0x100000(%rsi), %rsi
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: i64
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %r8d
;;   movsbq 0x100000(%r8), %rax
;;   movzbq 0x100000(%r8), %rcx
;;   movswq 0x100000(%r8), %rdx
;;   movzwq 0x100000(%r8), %rsi
;;   movslq 0x100000(%r8), %rdi
;;   movl 0x100000(%r8), %r8d
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: stores
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq %rsi, %r8
;;   movl %edi, %esi
;;   movq %r8, %rdi
;;   movb %dil, 0x100000(%rsi)
;;   movw %di, 0x100000(%rsi)
;;   movb %dl, 0x100000(%rsi)
;;   movw %dx, 0x100000(%rsi)
;;   movl %edx, 0x100000(%rsi)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: i32
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x7, #2, LSL #32
;;   ldrsb x6, [x7, w2, UXTW]
;;   ldrb w3, [x7, w2, UXTW]
;;   ldrsh x4, [x7, w2, UXTW]
;;   ldrh w5, [x7, w2, UXTW]
;;   b label1
;; block1:
;;   mov x2, x6
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: i64
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x9, #2, LSL #32
;;   ldrsb x8, [x9, w2, UXTW]
;;   ldrb w3, [x9, w2, UXTW]
;;   ldrsh x4, [x9, w2, UXTW]
;;   ldrh w5, [x9, w2, UXTW]
;;   ldrsw x6, [x9, w2, UXTW]
;;   ldr w7, [x9, w2, UXTW]
;;   b label1
;; block1:
;;   mov x2, x8
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: stores
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x5, #2, LSL #32
;;   strb w3, [x5, w2, UXTW]
;;   strh w3, [x5, w2, UXTW]
;;   strb w4, [x5, w2, UXTW]
;;   strh w4, [x5, w2, UXTW]
;;   str w4, [x5, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
