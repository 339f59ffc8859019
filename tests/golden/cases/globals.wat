;; Immutable globals are constants in the code, mutable ones are cells at an address known to the linker.
;;! clif
;;! assembly
;;! assembly cpu=armv8-a

(module
  (global $constant i32 (i32.const 42))
  (global $never_set (mut i32) (i32.const 43))
  (global $counter (mut i64) (i64.const 0))
  (global $ratio (mut f64) (f64.const 0.5))
  (func (export "constant") (result i32) (global.get $constant))
  (func (export "never_set") (result i32) (global.get $never_set))
  (func (export "count") (result i64)
    (global.set $counter (i64.add (global.get $counter) (i64.const 1)))
    (global.get $counter))
  (func (export "ratio") (param f64) (result f64) (global.get $ratio) (global.set $ratio (local.get 0))))

;;= clif
;; ; function 0 of case: constant
;; function u0:0() -> i32 tail {
;;                                 block0:
;; @006c                               v1 = iconst.i32 42
;; @006e                               jump block1(v1)  ; v1 = 42
;;
;;                                 block1(v0: i32):
;; @006e                               return v0
;; }
;;
;; ; function 1 of case: never_set
;; function u0:0() -> i32 tail {
;;                                 block0:
;; @0071                               v1 = iconst.i32 43
;; @0073                               jump block1(v1)  ; v1 = 43
;;
;;                                 block1(v0: i32):
;; @0073                               return v0
;; }
;;
;; ; function 2 of case: count
;; ; u5:2 = Global(GlobalId(2))
;; function u0:0() -> i64 tail {
;;     region0 = 536870914 "global"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @0076                               v1 = symbol_value.i64 gv0
;; @0076                               v2 = load.i64 notrap aligned region0 v1
;; @0078                               v3 = iconst.i64 1
;; @007a                               v4 = iadd v2, v3  ; v3 = 1
;; @007b                               v5 = symbol_value.i64 gv0
;; @007b                               store notrap aligned region0 v4, v5
;; @007d                               v6 = symbol_value.i64 gv0
;; @007d                               v7 = load.i64 notrap aligned region0 v6
;; @007f                               jump block1(v7)
;;
;;                                 block1(v0: i64):
;; @007f                               return v0
;; }
;;
;; ; function 3 of case: ratio
;; ; u5:3 = Global(GlobalId(3))
;; function u0:0(f64) -> f64 tail {
;;     region0 = 536870915 "global"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: f64):
;; @0082                               v2 = symbol_value.i64 gv0
;; @0082                               v3 = load.f64 notrap aligned region0 v2
;; @0086                               v4 = symbol_value.i64 gv0
;; @0086                               store notrap aligned region0 v0, v4
;; @0088                               jump block1(v3)
;;
;;                                 block1(v1: f64):
;; @0088                               return v1
;; }

;;= assembly
;; ; function 0 of case: constant
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movl $0x2a, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: never_set
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movl $0x2b, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: count
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %rdi
;;   movq (%rdi), %rsi
;;   leaq 1(%rsi), %r8
;;   movq %r8, (%rdi)
;;   jmp     label1
;; block1:
;;   leaq 1(%rsi), %rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: ratio
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movdqa %xmm0, %xmm6
;;   load_ext_name userextname0+0, %rsi
;;   movsd (%rsi), %xmm0
;;   movsd %xmm6, (%rsi)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a
;; ; function 0 of case: constant
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   movz w2, #42
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: never_set
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   movz w2, #43
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: count
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x4, User(userextname0)+0
;;   ldr x3, [x4]
;;   add x5, x3, #1
;;   str x5, [x4]
;;   b label1
;; block1:
;;   add x2, x3, #1
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 3 of case: ratio
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov v6.16b, v0.16b
;;   load_ext_name_near x3, User(userextname0)+0
;;   ldr d0, [x3]
;;   str d6, [x3]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
