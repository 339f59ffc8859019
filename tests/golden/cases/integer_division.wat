;; Division traps on zero and on the quotient that does not fit; a constant divisor needs neither check.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (func (export "div_s") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "div_u") (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func (export "rem_s") (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1)))
  (func (export "rem_u") (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1)))
  (func (export "by_ten") (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 10))))

;;= clif
;; ; function 0 of case: div_s
;; function u0:0(i32, i32) -> i32 tail {
;;                                 block0(v0: i32, v1: i32):
;; @0059                               v3 = sdiv v0, v1
;; @005a                               jump block1(v3)
;;
;;                                 block1(v2: i32):
;; @005a                               return v2
;; }
;;
;; ; function 1 of case: div_u
;; function u0:0(i64, i64) -> i64 tail {
;;                                 block0(v0: i64, v1: i64):
;; @0061                               v3 = udiv v0, v1
;; @0062                               jump block1(v3)
;;
;;                                 block1(v2: i64):
;; @0062                               return v2
;; }
;;
;; ; function 2 of case: rem_s
;; function u0:0(i32, i32) -> i32 tail {
;;                                 block0(v0: i32, v1: i32):
;; @0069                               v3 = srem v0, v1
;; @006a                               jump block1(v3)
;;
;;                                 block1(v2: i32):
;; @006a                               return v2
;; }
;;
;; ; function 3 of case: rem_u
;; function u0:0(i64, i64) -> i64 tail {
;;                                 block0(v0: i64, v1: i64):
;; @0071                               v3 = urem v0, v1
;; @0072                               jump block1(v3)
;;
;;                                 block1(v2: i64):
;; @0072                               return v2
;; }
;;
;; ; function 4 of case: by_ten
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @0077                               v2 = iconst.i32 10
;; @0079                               v3 = udiv v0, v2  ; v2 = 10
;; @007a                               jump block1(v3)
;;
;;                                 block1(v1: i32):
;; @007a                               return v1
;; }

;;= assembly
;; ; function 0 of case: div_s
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq %rdi, %rax
;;   cltd  ;; implicit: %edx, %eax
;;   testl %esi, %esi
;;   jz #trap=int_divz
;;   idivl %esi ;; implicit: %eax, %edx, trap=252
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: div_u
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   uninit  %rdx
;;   xorq %rdx, %rdx
;;   movq %rdi, %rax
;;   divq %rsi ;; implicit: %rax, %rdx, trap=254
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: rem_s
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq %rdi, %rax
;;   cltd  ;; implicit: %edx, %eax
;;   checked_srem_seq %eax, %edx, %esi, %eax, %edx
;;   jmp     label1
;; block1:
;;   movq %rdx, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: rem_u
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   uninit  %rdx
;;   xorq %rdx, %rdx
;;   movq %rdi, %rax
;;   divq %rsi ;; implicit: %rax, %rdx, trap=254
;;   jmp     label1
;; block1:
;;   movq %rdx, %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: by_ten
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rdi, %rax
;;   mull (%rip) ;; implicit: %eax, %edx
;;   movq %rdx, %rax
;;   shrl $0x3, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: div_s
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz w3, #trap=int_divz
;;   adds wzr, w3, #1
;;   ccmp w2, #1, #nzcv, eq
;;   b.vs #trap=int_ovf
;;   sdiv w2, w2, w3
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: div_u
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz x3, #trap=int_divz
;;   udiv x2, x2, x3
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: rem_s
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz w3, #trap=int_divz
;;   sdiv w4, w2, w3
;;   msub w2, w4, w3, w2
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: rem_u
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   cbz x3, #trap=int_divz
;;   udiv x4, x2, x3
;;   msub x2, x4, x3, x2
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 4 of case: by_ten
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   movz w9, #52429
;;   movk w9, w9, #52428, LSL #16
;;   mov w6, w2
;;   mov w8, w9
;;   madd x10, x6, x8, xzr
;;   lsr x12, x10, #32
;;   lsr w2, w12, #3
;;   ldp fp, lr, [sp], #16
;;   ret
