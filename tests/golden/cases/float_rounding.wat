;; The baseline CPU cannot round: a leaf of the runtime does, on the guest stack and without the border.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (func (export "f32") (param f32) (result f32) (f32.ceil (f32.floor (f32.trunc (f32.nearest (local.get 0))))))
  (func (export "f64") (param f64) (result f64) (f64.ceil (f64.floor (f64.trunc (f64.nearest (local.get 0)))))))

;;= clif
;; ; function 0 of case: f32
;; function u0:0(f32) -> f32 tail {
;;                                 block0(v0: f32):
;; @0030                               v2 = nearest v0
;; @0031                               v3 = trunc v2
;; @0032                               v4 = floor v3
;; @0033                               v5 = ceil v4
;; @0034                               jump block1(v5)
;;
;;                                 block1(v1: f32):
;; @0034                               return v1
;; }
;;
;; ; function 1 of case: f64
;; function u0:0(f64) -> f64 tail {
;;                                 block0(v0: f64):
;; @0039                               v2 = nearest v0
;; @003a                               v3 = trunc v2
;; @003b                               v4 = floor v3
;; @003c                               v5 = ceil v4
;; @003d                               jump block1(v5)
;;
;;                                 block1(v1: f64):
;; @003d                               return v1
;; }

;;= assembly
;; ; function 0 of case: f32
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   call    LibCall(NearestF32)
;;   call    LibCall(TruncF32)
;;   call    LibCall(FloorF32)
;;   call    LibCall(CeilF32)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: f64
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   call    LibCall(NearestF64)
;;   call    LibCall(TruncF64)
;;   call    LibCall(FloorF64)
;;   call    LibCall(CeilF64)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: f32
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   frintn s6, s0
;;   frintz s6, s6
;;   frintm s6, s6
;;   frintp s0, s6
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: f64
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   frintn d6, d0
;;   frintz d6, d6
;;   frintm d6, d6
;;   frintp d0, d6
;;   ldp fp, lr, [sp], #16
;;   ret
