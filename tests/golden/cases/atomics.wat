;; Atomic accesses: aligned or a trap; sequentially consistent; read-modify-write in one instruction where there is one.
;;! clif
;;! assembly

(module
  (memory 1 2 shared)
  (func (export "load") (param i32) (result i32)
    (i32.atomic.load16_u offset=4 (local.get 0)))
  (func (export "store") (param i32 i64)
    (i64.atomic.store offset=3 (local.get 0) (local.get 1)))
  (func (export "add") (param i32 i32) (result i32)
    (i32.atomic.rmw8.add_u (local.get 0) (local.get 1)))
  (func (export "or") (param i32 i64) (result i64)
    (i64.atomic.rmw.or (local.get 0) (local.get 1)))
  (func (export "compare") (param i32 i32 i32) (result i32)
    (i32.atomic.rmw.cmpxchg (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fence")
    (atomic.fence)))

;;= clif
;; ; function 0 of case: load
;; function u0:0(i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32):
;; @0070                               v2 = iconst.i32 1
;; @0070                               v3 = band v0, v2  ; v2 = 1
;; @0070                               trapnz v3, user18
;; @0070                               v4 = uextend.i64 v0
;; @0070                               v5 = iconst.i64 0x0010_0000
;; @0070                               v6 = iadd v4, v5  ; v5 = 0x0010_0000
;; @0070                               v7 = iconst.i64 4
;; @0070                               v8 = iadd v6, v7  ; v7 = 4
;; @0070                               v9 = atomic_load.i16 little region0 v8
;; @0070                               v10 = uextend.i32 v9
;; @0074                               jump block1(v10)
;;
;;                                 block1(v1: i32):
;; @0074                               return v1
;; }
;;
;; ; function 1 of case: store
;; function u0:0(i32, i64) tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i64):
;; @007b                               v2 = iconst.i32 3
;; @007b                               v3 = iadd v0, v2  ; v2 = 3
;; @007b                               v4 = iconst.i32 7
;; @007b                               v5 = band v3, v4  ; v4 = 7
;; @007b                               trapnz v5, user18
;; @007b                               v6 = uextend.i64 v0
;; @007b                               v7 = iconst.i64 0x0010_0000
;; @007b                               v8 = iadd v6, v7  ; v7 = 0x0010_0000
;; @007b                               v9 = iconst.i64 3
;; @007b                               v10 = iadd v8, v9  ; v9 = 3
;; @007b                               v11 = atomic_rmw.i64 xchg v10, v1
;; @007f                               jump block1
;;
;;                                 block1:
;; @007f                               return
;; }
;;
;; ; function 2 of case: add
;; function u0:0(i32, i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32):
;; @0086                               v3 = uextend.i64 v0
;; @0086                               v4 = iconst.i64 0x0010_0000
;; @0086                               v5 = iadd v3, v4  ; v4 = 0x0010_0000
;; @0086                               v6 = ireduce.i8 v1
;; @0086                               v7 = atomic_rmw.i8 add v5, v6
;; @0086                               v8 = uextend.i32 v7
;; @008a                               jump block1(v8)
;;
;;                                 block1(v2: i32):
;; @008a                               return v2
;; }
;;
;; ; function 3 of case: or
;; function u0:0(i32, i64) -> i64 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i64):
;; @0091                               v3 = iconst.i32 7
;; @0091                               v4 = band v0, v3  ; v3 = 7
;; @0091                               trapnz v4, user18
;; @0091                               v5 = uextend.i64 v0
;; @0091                               v6 = iconst.i64 0x0010_0000
;; @0091                               v7 = iadd v5, v6  ; v6 = 0x0010_0000
;; @0091                               v8 = atomic_rmw.i64 or v7, v1
;; @0095                               jump block1(v8)
;;
;;                                 block1(v2: i64):
;; @0095                               return v2
;; }
;;
;; ; function 4 of case: compare
;; function u0:0(i32, i32, i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;
;;                                 block0(v0: i32, v1: i32, v2: i32):
;; @009e                               v4 = iconst.i32 3
;; @009e                               v5 = band v0, v4  ; v4 = 3
;; @009e                               trapnz v5, user18
;; @009e                               v6 = uextend.i64 v0
;; @009e                               v7 = iconst.i64 0x0010_0000
;; @009e                               v8 = iadd v6, v7  ; v7 = 0x0010_0000
;; @009e                               v9 = atomic_cas v8, v1, v2
;; @00a2                               jump block1(v9)
;;
;;                                 block1(v3: i32):
;; @00a2                               return v3
;; }
;;
;; ; function 5 of case: fence
;; function u0:0() tail {
;;                                 block0:
;; @00a5                               fence
;; @00a8                               jump block1
;;
;;                                 block1:
;; @00a8                               return
;; }

;;= assembly
;; ; function 0 of case: load
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl $0x1, %edi
;;   jnz #trap=user18
;;   movl %edi, %esi
;;   movzwq 0x100004(%rsi), %rsi
;;   jmp     label1
;; block1:
;;   movzwl %si, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: store
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   leal 3(%rdi), %r8d
;;   testl $0x7, %r8d
;;   jnz #trap=user18
;;   movl %edi, %edi
;;   xchgq %rsi, 0x100003(%rdi)
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 2 of case: add
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %edi, %edi
;;   lock xaddb %sil, 0x100000(%rdi)
;;   jmp     label1
;; block1:
;;   movzbl %sil, %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 3 of case: or
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl $0x7, %edi
;;   jnz #trap=user18
;;   movl %edi, %edi
;;   atomically { 64_bits_at_[%r9] Or= %r10; %rax = old_value_at_[%r9]; %r11, %rflags = trash }
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 4 of case: compare
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   testl $0x3, %edi
;;   jnz #trap=user18
;;   movl %edi, %edi
;;   movq %rsi, %rax
;;   lock cmpxchgl %edx, 0x100000(%rdi) ;; implicit: %eax
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 5 of case: fence
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   mfence
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
