;; Storage class Cell: the address of a mutable global is a run-time value behind a symbol.
;;! clif globals=cell
;;! assembly globals=cell
;;! assembly cpu=armv8-a globals=cell

(module
  (global $counter (mut i32) (i32.const 7))
  (func (export "count") (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (global.get $counter)))

;;= clif globals=cell
;; ; function 0 of case: count
;; ; u6:0 = GlobalCell(GlobalId(0))
;; function u0:0() -> i32 tail {
;;     region0 = 536870912 "global"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0:
;; @002b                               v1 = symbol_value.i64 gv0
;; @002b                               v2 = load.i64 notrap aligned readonly can_move v1
;; @002b                               v3 = load.i32 notrap aligned region0 v2
;; @002d                               v4 = iconst.i32 1
;; @002f                               v5 = iadd v3, v4  ; v4 = 1
;; @0030                               v6 = symbol_value.i64 gv0
;; @0030                               v7 = load.i64 notrap aligned readonly can_move v6
;; @0030                               store notrap aligned region0 v5, v7
;; @0032                               v8 = symbol_value.i64 gv0
;; @0032                               v9 = load.i64 notrap aligned readonly can_move v8
;; @0032                               v10 = load.i32 notrap aligned region0 v9
;; @0034                               jump block1(v10)
;;
;;                                 block1(v0: i32):
;; @0034                               return v0
;; }

;;= assembly globals=cell
;; ; function 0 of case: count
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   load_ext_name userextname0+0, %rsi
;;   movq (%rsi), %rdi
;;   movl (%rdi), %esi
;;   leal 1(%rsi), %r8d
;;   movl %r8d, (%rdi)
;;   jmp     label1
;; block1:
;;   leal 1(%rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a globals=cell
;; ; function 0 of case: count
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   load_ext_name_near x4, User(userextname0)+0
;;   ldr x5, [x4]
;;   ldr w4, [x5]
;;   add w6, w4, #1
;;   str w6, [x5]
;;   b label1
;; block1:
;;   add w2, w4, #1
;;   ldp fp, lr, [sp], #16
;;   ret
