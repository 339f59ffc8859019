;; Storage class ThreadRelative: a mutable global lies in the state of the thread, found from the stack pointer.
;;! clif globals=thread-relative
;;! assembly globals=thread-relative
;;! assembly cpu=armv8-a globals=thread-relative

(module
  (global $counter (mut i32) (i32.const 7))
  (func (export "count") (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (global.get $counter)))

;;= clif globals=thread-relative
;; ; function 0 of case: count
;; function u0:0() -> i32 tail {
;;     region0 = 536870912 "global"
;;
;;                                 block0:
;; @002b                               v1 = iconst.i64 0x03ff_ffff
;; @002b                               v2 = get_stack_pointer.i64
;; @002b                               v3 = bor v2, v1  ; v1 = 0x03ff_ffff
;; @002b                               v4 = iconst.i64 -271
;; @002b                               v5 = iadd v3, v4  ; v4 = -271
;; @002b                               v6 = load.i32 notrap aligned region0 v5
;; @002d                               v7 = iconst.i32 1
;; @002f                               v8 = iadd v6, v7  ; v7 = 1
;; @0030                               v9 = iconst.i64 0x03ff_ffff
;; @0030                               v10 = get_stack_pointer.i64
;; @0030                               v11 = bor v10, v9  ; v9 = 0x03ff_ffff
;; @0030                               v12 = iconst.i64 -271
;; @0030                               v13 = iadd v11, v12  ; v12 = -271
;; @0030                               store notrap aligned region0 v8, v13
;; @0032                               v14 = iconst.i64 0x03ff_ffff
;; @0032                               v15 = get_stack_pointer.i64
;; @0032                               v16 = bor v15, v14  ; v14 = 0x03ff_ffff
;; @0032                               v17 = iconst.i64 -271
;; @0032                               v18 = iadd v16, v17  ; v17 = -271
;; @0032                               v19 = load.i32 notrap aligned region0 v18
;; @0034                               jump block1(v19)
;;
;;                                 block1(v0: i32):
;; @0034                               return v0
;; }

;;= assembly globals=thread-relative
;; ; function 0 of case: count
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq    %rsp, %rsi
;;   orq $0x3ffffff, %rsi
;;   movl -0x10f(%rsi), %edi
;;   leal 1(%rdi), %r8d
;;   movl %r8d, -0x10f(%rsi)
;;   jmp     label1
;; block1:
;;   leal 1(%rdi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a globals=thread-relative
;; ; function 0 of case: count
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov x6, sp
;;   orr x6, x6, #67108863
;;   movn x5, #270
;;   ldr w7, [x6, x5]
;;   add w8, w7, #1
;;   movn x9, #270
;;   str w8, [x6, x9]
;;   b label1
;; block1:
;;   add w2, w7, #1
;;   ldp fp, lr, [sp], #16
;;   ret
