;; A v128 takes two slots at the border, and 16 aligned bytes where it is kept.
;;! clif glue
;;! clif globals=thread-relative

(module
  (global $small (mut i32) (i32.const 1))
  (global $vector (mut v128) (v128.const i32x4 1 2 3 4))
  (func (export "values") (param i32 v128 f32) (result v128 i64)
    (i64.extend_i32_s (global.get $small))
    (global.set $small (local.get 0))
    (drop)
    (global.get $vector)
    (global.set $vector (local.get 1))
    (i64.const 5)))

;;= clif glue
;; ; start of code
;; function u0:0(i64) system_v {
;; block0(v0: i64):
;;     trap user1
;; }
;;
;; ; function 0 of case: values
;; ; u5:0 = Global(GlobalId(0))
;; ; u5:1 = Global(GlobalId(1))
;; function u0:0(i32, i8x16, f32) -> i8x16, i64 tail {
;;     region0 = 536870912 "global"
;;     region1 = 536870913 "global"
;;     gv0 = symbol colocated userextname0
;;     gv1 = symbol colocated userextname1
;;
;;                                 block0(v0: i32, v1: i8x16, v2: f32):
;; @0045                               v5 = symbol_value.i64 gv0
;; @0045                               v6 = load.i32 notrap aligned region0 v5
;; @0047                               v7 = sextend.i64 v6
;; @004a                               v8 = symbol_value.i64 gv0
;; @004a                               store notrap aligned region0 v0, v8
;; @004d                               v9 = symbol_value.i64 gv1
;; @004d                               v10 = load.i8x16 notrap aligned region1 v9
;; @0051                               v11 = symbol_value.i64 gv1
;; @0051                               store notrap aligned region1 v1, v11
;; @0053                               v12 = iconst.i64 5
;; @0055                               jump block1(v10, v12)  ; v12 = 5
;;
;;                                 block1(v3: i8x16, v4: i64):
;; @0055                               return v3, v4
;; }
;;
;; ; entry of values
;; ; u1:0 = Function(FunctionId(0))
;; function u0:0(i64) system_v {
;;     region0 = 1342177280 "slots"
;;     sig0 = (i32, i8x16, f32) -> i8x16, i64 tail
;;     fn0 = colocated u1:0 sig0
;;
;; block0(v0: i64):
;;     v1 = load.i32 notrap aligned region0 v0
;;     v2 = load.i8x16 notrap region0 v0+8
;;     v3 = load.f32 notrap aligned region0 v0+24
;;     v4, v5 = call fn0(v1, v2, v3)
;;     store notrap region0 v4, v0
;;     store notrap aligned region0 v5, v0+16
;;     return
;; }

;;= clif globals=thread-relative
;; ; function 0 of case: values
;; function u0:0(i32, i8x16, f32) -> i8x16, i64 tail {
;;     region0 = 536870912 "global"
;;     region1 = 536870913 "global"
;;
;;                                 block0(v0: i32, v1: i8x16, v2: f32):
;; @0045                               v5 = iconst.i64 0x03ff_ffff
;; @0045                               v6 = get_stack_pointer.i64
;; @0045                               v7 = bor v6, v5  ; v5 = 0x03ff_ffff
;; @0045                               v8 = iconst.i64 -287
;; @0045                               v9 = iadd v7, v8  ; v8 = -287
;; @0045                               v10 = load.i32 notrap aligned region0 v9
;; @0047                               v11 = sextend.i64 v10
;; @004a                               v12 = iconst.i64 0x03ff_ffff
;; @004a                               v13 = get_stack_pointer.i64
;; @004a                               v14 = bor v13, v12  ; v12 = 0x03ff_ffff
;; @004a                               v15 = iconst.i64 -287
;; @004a                               v16 = iadd v14, v15  ; v15 = -287
;; @004a                               store notrap aligned region0 v0, v16
;; @004d                               v17 = iconst.i64 0x03ff_ffff
;; @004d                               v18 = get_stack_pointer.i64
;; @004d                               v19 = bor v18, v17  ; v17 = 0x03ff_ffff
;; @004d                               v20 = iconst.i64 -271
;; @004d                               v21 = iadd v19, v20  ; v20 = -271
;; @004d                               v22 = load.i8x16 notrap aligned region1 v21
;; @0051                               v23 = iconst.i64 0x03ff_ffff
;; @0051                               v24 = get_stack_pointer.i64
;; @0051                               v25 = bor v24, v23  ; v23 = 0x03ff_ffff
;; @0051                               v26 = iconst.i64 -271
;; @0051                               v27 = iadd v25, v26  ; v26 = -271
;; @0051                               store notrap aligned region1 v1, v27
;; @0053                               v28 = iconst.i64 5
;; @0055                               jump block1(v22, v28)  ; v28 = 5
;;
;;                                 block1(v3: i8x16, v4: i64):
;; @0055                               return v3, v4
;; }
