;; A null reference is 0; a function reference is a constant of code offset and type number.
;;! clif

(module
  (elem declare func $self)
  (func $self (export "function") (result funcref) (ref.func $self))
  (func (export "null") (result externref) (ref.null extern))
  (func (export "is_null") (param funcref) (result i32) (ref.is_null (local.get 0)))
  (func (export "select") (param externref externref i32) (result externref)
    (select (result externref) (local.get 0) (local.get 1) (local.get 2))))
