;; A v128 goes from operator to operator in one register, whatever its lanes are: casts between shapes cost nothing.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (func (export "add") (param v128 v128) (result v128) (i32x4.add (local.get 0) (local.get 1)))
  (func (export "chain") (param v128 v128) (result v128)
    (f32x4.convert_i32x4_s (i32x4.sub (i8x16.add_sat_u (local.get 0) (local.get 1)) (local.get 1))))
  (func (export "dot") (param v128 v128 v128) (result v128)
    (i32x4.add (i32x4.dot_i16x8_s (local.get 0) (local.get 1)) (local.get 2))))

;;= clif
;; ; function 0 of case: add
;; function u0:0(i8x16, i8x16) -> i8x16 tail {
;;                                 block0(v0: i8x16, v1: i8x16):
;; @003e                               v3 = bitcast.i32x4 little v1
;; @003e                               v4 = bitcast.i32x4 little v0
;; @003e                               v5 = iadd v4, v3
;; @003e                               v6 = bitcast.i8x16 little v5
;; @0041                               jump block1(v6)
;;
;;                                 block1(v2: i8x16):
;; @0041                               return v2
;; }
;;
;; ; function 1 of case: chain
;; function u0:0(i8x16, i8x16) -> i8x16 tail {
;;                                 block0(v0: i8x16, v1: i8x16):
;; @0048                               v3 = uadd_sat v0, v1
;; @004c                               v4 = bitcast.i32x4 little v1
;; @004c                               v5 = bitcast.i32x4 little v3
;; @004c                               v6 = isub v5, v4
;; @004c                               v7 = bitcast.i8x16 little v6
;; @004f                               v8 = fcvt_from_sint.f32x4 v6
;; @004f                               v9 = bitcast.i8x16 little v8
;; @0052                               jump block1(v9)
;;
;;                                 block1(v2: i8x16):
;; @0052                               return v2
;; }
;;
;; ; function 2 of case: dot
;; function u0:0(i8x16, i8x16, i8x16) -> i8x16 tail {
;;                                 block0(v0: i8x16, v1: i8x16, v2: i8x16):
;; @0059                               v4 = bitcast.i16x8 little v1
;; @0059                               v5 = bitcast.i16x8 little v0
;; @0059                               v6 = swiden_low v5
;; @0059                               v7 = swiden_low v4
;; @0059                               v8 = imul v6, v7
;; @0059                               v9 = swiden_high v5
;; @0059                               v10 = swiden_high v4
;; @0059                               v11 = imul v9, v10
;; @0059                               v12 = iadd_pairwise v8, v11
;; @0059                               v13 = bitcast.i8x16 little v12
;; @005e                               v14 = bitcast.i32x4 little v2
;; @005e                               v15 = iadd v12, v14
;; @005e                               v16 = bitcast.i8x16 little v15
;; @0061                               jump block1(v16)
;;
;;                                 block1(v3: i8x16):
;; @0061                               return v3
;; }

;;= assembly
;; ; function 0 of case: add
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   paddd %xmm1, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: chain
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   paddusb %xmm1, %xmm0
;;   psubd %xmm1, %xmm0
;;   cvtdq2ps %xmm0, %xmm0
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: dot
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   pmaddwd %xmm1, %xmm0
;;   paddd %xmm2, %xmm0
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
;;   add v0.4s, v0.4s, v1.4s
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: chain
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   uqadd v6.16b, v0.16b, v1.16b
;;   sub v6.4s, v6.4s, v1.4s
;;   scvtf v0.4s, v6.4s
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: dot
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   smull v16.4s, v0.4h, v1.4h
;;   smull2 v17.4s, v0.8h, v1.8h
;;   addp v16.4s, v16.4s, v17.4s
;;   add v0.4s, v16.4s, v2.4s
;;   ldp fp, lr, [sp], #16
;;   ret
