;; Division traps on zero and on the quotient that does not fit; a constant divisor needs neither check.
;;! clif
;;! assembly

(module
  (func (export "div_s") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "div_u") (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func (export "rem_s") (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1)))
  (func (export "rem_u") (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1)))
  (func (export "by_ten") (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 10))))
