;; The loop of an interpreter becomes functions: handlers go to each other through a table of 256 entries without a check, with
;; what they use most in argument registers; the others' state stays in the frame of the driver. A handler whose likely way makes
;; no call saves no registers: the call is a part of its own.
;;! clif cut=4
;;! assembly cut=4
;;! assembly cpu=armv8-a cut=4

(module
  (memory 1 1)
  (func $rare (param i32))
  (func (export "run") (param $pc i32) (param $sp i32) (result i32) (local $a i64) (local $b f64) (local $c i32) (local $d i32)
    (loop $next
      (block $add (block $drop (block $set (block $return
        (br_table $return $add $drop $set $return (i32.load8_u (local.get $pc))))
        ;; return
        (return (i32.add (local.get $c) (i32.trunc_sat_f64_s (local.get $b)))))
        ;; set
        (local.set $b (f64.load (local.get $sp)))
        (local.set $c (local.get $d))
        (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
        (br $next))
        ;; drop
        (local.set $d (i32.sub (i32.load (local.get $sp)) (i32.const 1)))
        (i32.store (local.get $sp) (local.get $d))
        (if (i32.eqz (local.get $d)) (then (call $rare (local.get $sp))))
        (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
        (br $next))
      ;; add
      (local.set $a (i64.add (local.get $a) (i64.load (local.get $sp))))
      (i64.store offset=8 (local.get $sp) (local.get $a))
      (local.set $sp (i32.add (local.get $sp) (i32.const 16)))
      (local.set $pc (i32.add (local.get $pc) (i32.const 1)))
      (br $next))
    (unreachable)))

;;= clif cut=4
;; ; function 0 of case: rare
;; function u0:0(i32) tail {
;;                                 block0(v0: i32):
;; @002f                               jump block1
;;
;;                                 block1:
;; @002f                               return
;; }
;;
;; ; function 1 of case: run
;; ; u22:0 = Part(0)
;; function u0:0(i32, i32) -> i32 tail {
;;     ss0 = explicit_slot 16, align = 16
;;     sig0 = (i64, i32, i32) -> i32 tail
;;     fn0 = colocated u22:0 sig0
;;
;; block0(v0: i32, v1: i32):
;;     v2 = stack_addr.i64 ss0
;;     v3 = call fn0(v2, v0, v1)
;;     return v3
;; }
;;
;; ; part 0 of the function above
;; ; u23:0 = PartTable
;; function u0:0(i64, i32, i32) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 2147483648 "homes"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64, i64, i64, i64, i64) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0045                               v3 = uextend.i64 v1
;; @0045                               v4 = iconst.i64 0x0010_0000
;; @0045                               v5 = iadd v3, v4  ; v4 = 0x0010_0000
;; @0045                               v6 = uload8.i32 little region0 v5
;; @0048                               v7 = uextend.i64 v1
;; @0048                               v8 = iconst.i32 0
;; @0048                               v9 = uextend.i64 v8  ; v8 = 0
;; @0048                               v10 = f64const 0.0
;; @0048                               v11 = uextend.i64 v2
;; @0048                               v12 = iconst.i32 0
;; @0048                               v13 = uextend.i64 v12  ; v12 = 0
;; @0048                               v14 = iconst.i64 0
;; @0048                               store notrap aligned region1 v10, v0  ; v10 = 0.0
;; @0048                               store notrap aligned region1 v14, v0+8  ; v14 = 0
;; @0048                               v15 = symbol_value.i64 gv0
;; @0048                               v16 = uextend.i64 v6
;; @0048                               v17 = iconst.i32 2
;; @0048                               v18 = ishl v16, v17  ; v17 = 2
;; @0048                               v19 = iadd v15, v18
;; @0048                               v20 = sload32 notrap aligned readonly can_move v19
;; @0048                               v21 = iadd v15, v20
;; @0048                               return_call_indirect sig0, v21(v0, v7, v11, v9, v13)
;; }
;;
;; ; part 1 of the function above
;; ; u23:0 = PartTable
;; function u0:0(i64, i64, i64, i64, i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 2147483648 "homes"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64, i64, i64, i64, i64) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i64, v2: i64, v3: i64, v4: i64):
;;                                     v5 = ireduce.i32 v1
;;                                     v6 = ireduce.i32 v3
;;                                     v7 = ireduce.i32 v2
;;                                     v8 = ireduce.i32 v4
;; @0045                               v9 = iconst.i64 0x0010_0000
;; @0045                               v10 = iadd v1, v9  ; v9 = 0x0010_0000
;; @0045                               v11 = uload8.i32 little region0 v10
;; @0048                               v12 = symbol_value.i64 gv0
;; @0048                               v13 = uextend.i64 v11
;; @0048                               v14 = iconst.i32 2
;; @0048                               v15 = ishl v13, v14  ; v14 = 2
;; @0048                               v16 = iadd v12, v15
;; @0048                               v17 = sload32 notrap aligned readonly can_move v16
;; @0048                               v18 = iadd v12, v17
;; @0048                               return_call_indirect sig0, v18(v0, v1, v2, v3, v4)
;; }
;;
;; ; part 2 of the function above
;; function u0:0(i64, i64, i64, i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 2147483648 "homes"
;;
;;                                 block0(v0: i64, v1: i64, v2: i64, v3: i64):
;;                                     v4 = ireduce.i32 v3
;; @0054                               v5 = load.f64 notrap aligned region1 v0
;; @0054                               v6 = fcvt_to_sint_sat.i32 v5
;; @0056                               v7 = iadd v4, v6
;; @0057                               return v7
;; }
;;
;; ; part 3 of the function above
;; ; u23:0 = PartTable
;; function u0:0(i64, i64, i64, i64, i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 2147483648 "homes"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64, i64, i64, i64, i64) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i64, v2: i64, v3: i64, v4: i64):
;;                                     v5 = ireduce.i32 v2
;;                                     v6 = ireduce.i32 v1
;;                                     v7 = ireduce.i32 v4
;;                                     v8 = ireduce.i32 v3
;; @0097                               v9 = iconst.i64 0x0010_0000
;; @0097                               v10 = iadd v2, v9  ; v9 = 0x0010_0000
;; @0097                               v11 = load.i64 little region0 v10
;; @009a                               v12 = load.i64 notrap aligned region1 v0+8
;; @009a                               v13 = iadd v12, v11
;; @00a1                               v14 = iconst.i64 0x0010_0000
;; @00a1                               v15 = iadd v2, v14  ; v14 = 0x0010_0000
;; @00a1                               store little region0 v13, v15+8
;; @00a8                               v16 = iconst.i32 16
;; @00a8                               v17 = iadd v5, v16  ; v16 = 16
;; @00af                               v18 = iconst.i32 1
;; @00af                               v19 = iadd v6, v18  ; v18 = 1
;; @0045                               v20 = uextend.i64 v19
;; @0045                               v21 = iconst.i64 0x0010_0000
;; @0045                               v22 = iadd v20, v21  ; v21 = 0x0010_0000
;; @0045                               v23 = uload8.i32 little region0 v22
;; @0048                               v24 = uextend.i64 v19
;; @0048                               v25 = uextend.i64 v17
;; @0048                               store notrap aligned region1 v13, v0+8
;; @0048                               v26 = symbol_value.i64 gv0
;; @0048                               v27 = uextend.i64 v23
;; @0048                               v28 = iconst.i32 2
;; @0048                               v29 = ishl v27, v28  ; v28 = 2
;; @0048                               v30 = iadd v26, v29
;; @0048                               v31 = sload32 notrap aligned readonly can_move v30
;; @0048                               v32 = iadd v26, v31
;; @0048                               return_call_indirect sig0, v32(v0, v24, v25, v3, v4)
;; }
;;
;; ; part 4 of the function above
;; ; u22:6 = Part(6)
;; ; u23:0 = PartTable
;; function u0:0(i64, i64, i64, i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 2147483648 "homes"
;;     gv0 = symbol colocated userextname1
;;     sig0 = (i64, i64, i64, i64, i64) -> i32 tail
;;     sig1 = (i64, i64, i64, i64, i64) -> i32 tail
;;     fn0 = colocated u22:6 sig0
;;
;;                                 block0(v0: i64, v1: i64, v2: i64, v3: i64):
;;                                     v4 = ireduce.i32 v2
;;                                     v5 = ireduce.i32 v1
;;                                     v6 = ireduce.i32 v3
;; @0070                               v7 = iconst.i64 0x0010_0000
;; @0070                               v8 = iadd v2, v7  ; v7 = 0x0010_0000
;; @0070                               v9 = load.i32 little region0 v8
;; @0075                               v10 = iconst.i32 1
;; @0075                               v11 = isub v9, v10  ; v10 = 1
;; @007c                               v12 = iconst.i64 0x0010_0000
;; @007c                               v13 = iadd v2, v12  ; v12 = 0x0010_0000
;; @007c                               store little region0 v11, v13
;; @0081                               v14 = iconst.i32 0
;; @0081                               v15 = icmp eq v11, v14  ; v14 = 0
;; @0081                               v16 = uextend.i32 v15
;; @0082                               brif v16, block2, block1
;;
;;                                 block2:
;; @0082                               v17 = uextend.i64 v11
;; @0082                               return_call fn0(v0, v1, v2, v3, v17)
;;
;;                                 block1:
;; @008d                               v18 = iconst.i32 1
;; @008d                               v19 = iadd.i32 v5, v18  ; v18 = 1
;; @0045                               v20 = uextend.i64 v19
;; @0045                               v21 = iconst.i64 0x0010_0000
;; @0045                               v22 = iadd v20, v21  ; v21 = 0x0010_0000
;; @0045                               v23 = uload8.i32 little region0 v22
;; @0048                               v24 = uextend.i64 v19
;; @0048                               v25 = uextend.i64 v11
;; @0048                               v26 = symbol_value.i64 gv0
;; @0048                               v27 = uextend.i64 v23
;; @0048                               v28 = iconst.i32 2
;; @0048                               v29 = ishl v27, v28  ; v28 = 2
;; @0048                               v30 = iadd v26, v29
;; @0048                               v31 = sload32 notrap aligned readonly can_move v30
;; @0048                               v32 = iadd v26, v31
;; @0048                               return_call_indirect sig1, v32(v0, v24, v2, v3, v25)
;; }
;;
;; ; part 5 of the function above
;; ; u23:0 = PartTable
;; function u0:0(i64, i64, i64, i64, i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 2147483648 "homes"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64, i64, i64, i64, i64) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i64, v2: i64, v3: i64, v4: i64):
;;                                     v5 = ireduce.i32 v2
;;                                     v6 = ireduce.i32 v1
;;                                     v7 = ireduce.i32 v4
;; @005b                               v8 = iconst.i64 0x0010_0000
;; @005b                               v9 = iadd v2, v8  ; v8 = 0x0010_0000
;; @005b                               v10 = load.f64 little region0 v9
;; @0068                               v11 = iconst.i32 1
;; @0068                               v12 = iadd v6, v11  ; v11 = 1
;; @0045                               v13 = uextend.i64 v12
;; @0045                               v14 = iconst.i64 0x0010_0000
;; @0045                               v15 = iadd v13, v14  ; v14 = 0x0010_0000
;; @0045                               v16 = uload8.i32 little region0 v15
;; @0048                               v17 = uextend.i64 v12
;; @0048                               store notrap aligned region1 v10, v0
;; @0048                               v18 = symbol_value.i64 gv0
;; @0048                               v19 = uextend.i64 v16
;; @0048                               v20 = iconst.i32 2
;; @0048                               v21 = ishl v19, v20  ; v20 = 2
;; @0048                               v22 = iadd v18, v21
;; @0048                               v23 = sload32 notrap aligned readonly can_move v22
;; @0048                               v24 = iadd v18, v23
;; @0048                               return_call_indirect sig0, v24(v0, v17, v2, v4, v4)
;; }
;;
;; ; part 6 of the function above
;; ; u1:0 = Function(FunctionId(0))
;; ; u23:0 = PartTable
;; function u0:0(i64, i64, i64, i64, i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 2147483648 "homes"
;;     gv0 = symbol colocated userextname1
;;     sig0 = (i32) tail
;;     sig1 = (i64, i64, i64, i64, i64) -> i32 tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0(v0: i64, v1: i64, v2: i64, v3: i64, v4: i64):
;;                                     v5 = ireduce.i32 v2
;;                                     v6 = ireduce.i32 v1
;;                                     v7 = ireduce.i32 v3
;;                                     v8 = ireduce.i32 v4
;; @0086                               call fn0(v5)
;; @008d                               v9 = iconst.i32 1
;; @008d                               v10 = iadd v6, v9  ; v9 = 1
;; @0045                               v11 = uextend.i64 v10
;; @0045                               v12 = iconst.i64 0x0010_0000
;; @0045                               v13 = iadd v11, v12  ; v12 = 0x0010_0000
;; @0045                               v14 = uload8.i32 little region0 v13
;; @0048                               v15 = uextend.i64 v10
;; @0048                               v16 = symbol_value.i64 gv0
;; @0048                               v17 = uextend.i64 v14
;; @0048                               v18 = iconst.i32 2
;; @0048                               v19 = ishl v17, v18  ; v18 = 2
;; @0048                               v20 = iadd v16, v19
;; @0048                               v21 = sload32 notrap aligned readonly can_move v20
;; @0048                               v22 = iadd v16, v21
;; @0048                               return_call_indirect sig1, v22(v0, v15, v2, v3, v4)
;; }
;;
;; ; part 7 of the function above
;; ; u23:0 = PartTable
;; function u0:0(i64, i64, i64, i64, i64) -> i32 tail {
;;     region0 = 268435456 "memory"
;;     region1 = 2147483648 "homes"
;;     gv0 = symbol colocated userextname0
;;     sig0 = (i64, i64, i64, i64, i64) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i64, v2: i64, v3: i64, v4: i64):
;;                                     v5 = ireduce.i32 v2
;;                                     v6 = ireduce.i32 v1
;;                                     v7 = ireduce.i32 v3
;;                                     v8 = ireduce.i32 v4
;; @008d                               v9 = iconst.i32 1
;; @008d                               v10 = iadd v6, v9  ; v9 = 1
;; @0045                               v11 = uextend.i64 v10
;; @0045                               v12 = iconst.i64 0x0010_0000
;; @0045                               v13 = iadd v11, v12  ; v12 = 0x0010_0000
;; @0045                               v14 = uload8.i32 little region0 v13
;; @0048                               v15 = uextend.i64 v10
;; @0048                               v16 = symbol_value.i64 gv0
;; @0048                               v17 = uextend.i64 v14
;; @0048                               v18 = iconst.i32 2
;; @0048                               v19 = ishl v17, v18  ; v18 = 2
;; @0048                               v20 = iadd v16, v19
;; @0048                               v21 = sload32 notrap aligned readonly can_move v20
;; @0048                               v22 = iadd v16, v21
;; @0048                               return_call_indirect sig0, v22(v0, v15, v2, v3, v4)
;; }

;;= assembly cut=4
;; ; function 0 of case: rare
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   jmp     label1
;; block1:
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; function 1 of case: run
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x10, %rsp
;; block0:
;;   movq %rdi, %r8
;;   leaq <offset:1>+(%rsp), %rdi
;;   movq %rsi, %rdx
;;   movq %r8, %rsi
;;   call    User(userextname0)
;;   addq $0x10, %rsp
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; part 0 of the function above
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl %esi, %esi
;;   movzbq 0x100000(%rsi), %rax
;;   uninit  %xmm0
;;   xorpd %xmm0, %xmm0
;;   movsd %xmm0, (%rdi)
;;   uninit  %r8
;;   xorq %r8, %r8
;;   movq $0x0, 8(%rdi)
;;   load_ext_name userextname0+0, %rcx
;;   movl %eax, %eax
;;   movslq (%rcx, %rax, 4), %rax
;;   leaq (%rcx, %rax), %r10
;;   movl %edx, %edx
;;   movq %r8, %rcx
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8
;;
;; ; part 1 of the function above
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movzbq 0x100000(%rsi), %rax
;;   load_ext_name userextname0+0, %r11
;;   movl %eax, %eax
;;   movslq (%r11, %rax, 4), %rax
;;   leaq (%r11, %rax), %r10
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8
;;
;; ; part 2 of the function above
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movsd (%rdi), %xmm7
;;   cvt_float64_to_sint32_sat_seq %xmm7, %esi, %rdi, %xmm6
;;   leal (%rcx, %rsi), %eax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;
;; ; part 3 of the function above
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movq 0x100000(%rdx), %rax
;;   movq 8(%rdi), %r9
;;   leaq (%r9, %rax), %rax
;;   movq %rax, 0x100008(%rdx)
;;   leal 1(%rsi), %esi
;;   movzbq 0x100000(%rsi), %r9
;;   movq %rax, 8(%rdi)
;;   load_ext_name userextname0+0, %rax
;;   movl %r9d, %r9d
;;   movslq (%rax, %r9, 4), %r9
;;   leaq (%rax, %r9), %r10
;;   leal 0x10(%rdx), %edx
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8
;;
;; ; part 4 of the function above
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movl 0x100000(%rdx), %r8d
;;   movq %r8, %rax
;;   subl $0x1, %eax
;;   movl %eax, 0x100000(%rdx)
;;   cmpl $0x1, %r8d
;;   jz      label2; j label1
;; block1:
;;   leal 1(%rsi), %esi
;;   movzbq 0x100000(%rsi), %r9
;;   load_ext_name userextname1+0, %rax
;;   movl %r9d, %r9d
;;   movslq (%rax, %r9, 4), %r9
;;   leaq (%rax, %r9), %r10
;;   subl $0x1, %r8d
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8
;; block2:
;;   subl $0x1, %r8d
;;   return_call_known User(userextname0) (0) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8
;;
;; ; part 5 of the function above
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   movsd 0x100000(%rdx), %xmm0
;;   leal 1(%rsi), %esi
;;   movzbq 0x100000(%rsi), %rax
;;   movsd %xmm0, (%rdi)
;;   load_ext_name userextname0+0, %rcx
;;   movl %eax, %eax
;;   movslq (%rcx, %rax, 4), %rax
;;   leaq (%rcx, %rax), %r10
;;   movq %r8, %rcx
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8
;;
;; ; part 6 of the function above
;;   pushq %rbp
;;   movq %rsp, %rbp
;;   subq $0x30, %rsp
;;   movq %rbx, (%rsp)
;;   movq %r12, 8(%rsp)
;;   movq %r13, 0x10(%rsp)
;;   movq %r14, 0x18(%rsp)
;;   movq %r15, 0x20(%rsp)
;; block0:
;;   movq %rcx, %rbx
;;   movq %rdx, %r12
;;   movq %rdi, %r13
;;   movq %r8, %r14
;;   movq %rsi, %r15
;;   movq %r12, %rdi
;;   call    User(userextname0)
;;   movq %r15, %rsi
;;   leal 1(%rsi), %esi
;;   movzbq 0x100000(%rsi), %rcx
;;   load_ext_name userextname1+0, %rax
;;   movl %ecx, %ecx
;;   movslq (%rax, %rcx, 4), %rcx
;;   leaq (%rax, %rcx), %r10
;;   movq %rbx, %rcx
;;   movq %r12, %rdx
;;   movq %r13, %rdi
;;   movq %r14, %r8
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8
;;
;; ; part 7 of the function above
;;   pushq %rbp
;;   movq %rsp, %rbp
;; block0:
;;   leal 1(%rsi), %esi
;;   movzbq 0x100000(%rsi), %r9
;;   load_ext_name userextname0+0, %rax
;;   movl %r9d, %r9d
;;   movslq (%rax, %r9, 4), %r9
;;   leaq (%rax, %r9), %r10
;;   return_call_unknown %r10 (0) tmp=%r11 %rdi=%rdi %rsi=%rsi %rdx=%rdx %rcx=%rcx %r8=%r8

;;= assembly cpu=armv8-a cut=4
;; ; function 0 of case: rare
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   b label1
;; block1:
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; function 1 of case: run
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   sub sp, sp, #16
;; block0:
;;   mov x7, x2
;;   mov x2, sp
;;   mov x4, x3
;;   mov x3, x7
;;   bl 0
;;   add sp, sp, #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; part 0 of the function above
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x11, #2, LSL #32
;;   ldrb w11, [x11, w3, UXTW]
;;   movi v16.2s, #0
;;   str d16, [x2]
;;   movz x12, #0
;;   str x12, [x2, #8]
;;   load_ext_name_near x13, User(userextname0)+0
;;   ldrsw x14, [x13, w11, UXTW #2]
;;   add x1, x13, x14
;;   movz w6, #0
;;   mov x5, x6
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6
;;
;; ; part 1 of the function above
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x10, #2, LSL #32
;;   ldrb w10, [x10, w3, UXTW]
;;   load_ext_name_near x11, User(userextname0)+0
;;   ldrsw x10, [x11, w10, UXTW #2]
;;   add x1, x11, x10
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6
;;
;; ; part 2 of the function above
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   ldr d5, [x2]
;;   fcvtzs w6, d5
;;   add w2, w5, w6
;;   ldp fp, lr, [sp], #16
;;   ret
;;
;; ; part 3 of the function above
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x0, #2, LSL #32
;;   add x1, x0, x4, UXTW
;;   ldr x7, [x0, w4, UXTW]
;;   ldr x8, [x2, #8]
;;   add x7, x8, x7
;;   str x7, [x1, #8]
;;   add w3, w3, #1
;;   ldrb w0, [x0, w3, UXTW]
;;   str x7, [x2, #8]
;;   load_ext_name_near x1, User(userextname0)+0
;;   ldrsw x0, [x1, w0, UXTW #2]
;;   add x1, x1, x0
;;   add w4, w4, #16
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6
;;
;; ; part 4 of the function above
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x15, #2, LSL #32
;;   ldr w14, [x15, w4, UXTW]
;;   sub w0, w14, #1
;;   str w0, [x15, w4, UXTW]
;;   subs wzr, w14, #1
;;   b.eq label2 ; b label1
;; block1:
;;   add w3, w3, #1
;;   ldrb w0, [x15, w3, UXTW]
;;   load_ext_name_near x1, User(userextname1)+0
;;   ldrsw x0, [x1, w0, UXTW #2]
;;   add x1, x1, x0
;;   sub w6, w14, #1
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6
;; block2:
;;   sub w6, w14, #1
;;   return_call User(userextname0) new_stack_arg_size:0 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6
;;
;; ; part 5 of the function above
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   movz x11, #2, LSL #32
;;   ldr d16, [x11, w4, UXTW]
;;   add w3, w3, #1
;;   ldrb w11, [x11, w3, UXTW]
;;   str d16, [x2]
;;   load_ext_name_near x12, User(userextname0)+0
;;   ldrsw x13, [x12, w11, UXTW #2]
;;   add x1, x12, x13
;;   mov x5, x6
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6
;;
;; ; part 6 of the function above
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;;   str x25, [sp, #-16]!
;;   stp x21, x22, [sp, #-16]!
;;   stp x19, x20, [sp, #-16]!
;; block0:
;;   mov x19, x6
;;   mov x20, x5
;;   mov x21, x4
;;   mov x22, x2
;;   mov x25, x3
;;   mov x2, x21
;;   bl 0
;;   mov x3, x25
;;   add w3, w3, #1
;;   movz x12, #2, LSL #32
;;   ldrb w12, [x12, w3, UXTW]
;;   load_ext_name_near x13, User(userextname1)+0
;;   ldrsw x12, [x13, w12, UXTW #2]
;;   add x1, x13, x12
;;   mov x2, x22
;;   mov x4, x21
;;   mov x5, x20
;;   mov x6, x19
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6
;;
;; ; part 7 of the function above
;;   stp fp, lr, [sp, #-16]!
;;   mov fp, sp
;; block0:
;;   add w3, w3, #1
;;   movz x11, #2, LSL #32
;;   ldrb w11, [x11, w3, UXTW]
;;   load_ext_name_near x12, User(userextname0)+0
;;   ldrsw x11, [x12, w11, UXTW #2]
;;   add x1, x12, x11
;;   return_call_ind x1 new_stack_arg_size:0 x2=x2 x3=x3 x4=x4 x5=x5 x6=x6
