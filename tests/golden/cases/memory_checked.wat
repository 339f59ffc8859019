;; A checked memory compares every access with the current size, offset and width included.
;;! clif memory=checked
;;! assembly memory=checked
;;! assembly cpu=armv8-a memory=checked

(module
  (memory 1)
  (func (export "load") (param i32) (result i32) (i32.load offset=12 (local.get 0)))
  (func (export "byte") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32 f64) (f64.store (local.get 0) (local.get 1))))

;;= clif memory=checked
;; ; function 0 of case: load
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @0040                               v2 = uextend.i64 v0
;; @0040                               v3 = iconst.i64 0x0001_0000
;; @0040                               v4 = iconst.i64 16
;; @0040                               v5 = iadd v2, v4  ; v4 = 16
;; @0040                               v6 = icmp ugt v5, v3  ; v3 = 0x0001_0000
;; @0040                               trapnz v6, user2
;; @0040                               v7 = symbol_value.i64 gv0
;; @0040                               v8 = load.i64 notrap aligned readonly can_move v7
;; @0040                               v9 = iadd v2, v8
;; @0040                               v10 = load.i32 little region0 v9+12
;; @0043                               jump block1(v10)
;;
;;                                 block1(v1: i32):
;; @0043                               return v1
;; }
;;
;; ; function 1 of case: byte
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32):
;; @0048                               v2 = uextend.i64 v0
;; @0048                               v3 = iconst.i64 0x0001_0000
;; @0048                               v4 = iconst.i64 1
;; @0048                               v5 = iadd v2, v4  ; v4 = 1
;; @0048                               v6 = icmp ugt v5, v3  ; v3 = 0x0001_0000
;; @0048                               trapnz v6, user2
;; @0048                               v7 = symbol_value.i64 gv0
;; @0048                               v8 = load.i64 notrap aligned readonly can_move v7
;; @0048                               v9 = iadd v2, v8
;; @0048                               v10 = uload8.i32 little region0 v9
;; @004b                               jump block1(v10)
;;
;;                                 block1(v1: i32):
;; @004b                               return v1
;; }
;;
;; ; function 2 of case: store
;; ; u9:0 = Memory(MemoryId(0))
;; function u0:0(i32, f64) tail {
;;     region0 = 268435456 "memory"
;;     gv0 = symbol colocated userextname0
;;
;;                                 block0(v0: i32, v1: f64):
;; @0052                               v2 = uextend.i64 v0
;; @0052                               v3 = iconst.i64 0x0001_0000
;; @0052                               v4 = iconst.i64 8
;; @0052                               v5 = iadd v2, v4  ; v4 = 8
;; @0052                               v6 = icmp ugt v5, v3  ; v3 = 0x0001_0000
;; @0052                               trapnz v6, user2
;; @0052                               v7 = symbol_value.i64 gv0
;; @0052                               v8 = load.i64 notrap aligned readonly can_move v7
;; @0052                               v9 = iadd v2, v8
;; @0052                               store little region0 v1, v9
;; @0055                               jump block1
;;
;;                                 block1:
;; @0055                               return
;; }

;;= assembly memory=checked
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   leaq 0x10(%rsi), %rdi
;;   cmpq $0x10000, %rdi
;;   jnbe #trap=user2
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r8
;;   movl 0xc(%rsi, %r8), %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: byte
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   leaq 1(%rsi), %rdi
;;   cmpq $0x10000, %rdi
;;   jnbe #trap=user2
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r8
;;   movzbq (%rsi, %r8), %rax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: store
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %esi
;;   leaq 8(%rsi), %rdi
;;   cmpq $0x10000, %rdi
;;   jnbe #trap=user2
;;   load_ext_name userextname0+0, %r8
;;   movq (%r8), %r8
;;   movsd %xmm0, (%rsi, %r8)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq

;;= assembly cpu=armv8-a memory=checked
;; ; function 0 of case: load
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w7, w2
;;   add x7, x7, #16
;;   subs xzr, x7, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x9, User(userextname0)+0
;;   ldr x9, [x9]
;;   add x9, x9, x2, UXTW
;;   ldr w2, [x9, #12]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: byte
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w6, w2
;;   add x6, x6, #1
;;   subs xzr, x6, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x8, User(userextname0)+0
;;   ldr x8, [x8]
;;   ldrb w2, [x8, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 2 of case: store
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   mov w6, w2
;;   add x6, x6, #8
;;   subs xzr, x6, #65536
;;   b.hi #trap=user2
;;   load_ext_name_near x8, User(userextname0)+0
;;   ldr x8, [x8]
;;   str d0, [x8, w2, UXTW]
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
