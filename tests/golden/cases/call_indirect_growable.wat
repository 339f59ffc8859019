;; A table that grows: its size is a cell, its entries are where the runtime reserved them.
;;! clif

(module
  (type $unary (func (param i32) (result i32)))
  (table $t 2 100 funcref)
  (elem (i32.const 0) $double)
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func (export "grow") (result i32) (table.grow $t (ref.null func) (i32.const 4)))
  (func (export "call") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 1))))
