;; Comparisons give 0 or 1; one that feeds a branch gives only flags.
;;! clif
;;! assembly

(module
  (func (export "value") (param i32 i32) (result i32) (i32.lt_s (local.get 0) (local.get 1)))
  (func (export "eqz") (param i64) (result i32) (i64.eqz (local.get 0)))
  (func (export "branch") (param i64 i64) (result i32)
    (if (result i32) (i64.gt_u (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 2))))
  (func (export "select") (param i32 i32) (result i32)
    (select (local.get 0) (local.get 1) (i32.ge_u (local.get 0) (local.get 1)))))
