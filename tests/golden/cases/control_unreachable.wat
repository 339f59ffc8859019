;; `unreachable` is one trapping instruction, out of the way of the code around it.
;;! clif
;;! assembly

(module
  (func (export "check") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then unreachable))
    (i32.div_u (i32.const 1000) (local.get 0))))
