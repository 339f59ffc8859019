;; A null reference is 0; a function reference is a constant of code offset and type number.
;;! clif

(module
  (elem declare func $self)
  (func $self (export "function") (result funcref) (ref.func $self))
  (func (export "null") (result externref) (ref.null extern))
  (func (export "is_null") (param funcref) (result i32) (ref.is_null (local.get 0)))
  (func (export "select") (param externref externref i32) (result externref)
    (select (result externref) (local.get 0) (local.get 1) (local.get 2))))

;;= clif
;; ; function 0 of case: self
;; ; u1:0 = Function(FunctionId(0))
;; ; u0:0 = Code
;; function u0:0() -> i64 tail {
;;     sig0 = () -> i64 tail
;;     sig1 = (i64) system_v
;;     fn0 = colocated u1:0 sig0
;;     fn1 = colocated u0:0 sig1
;;
;;                                 block0:
;; @005a                               v1 = func_addr.i64 fn0
;; @005a                               v2 = func_addr.i64 fn1
;; @005a                               v3 = isub v1, v2
;; @005a                               v4 = iconst.i64 0x0001_0000_0000
;; @005a                               v5 = bor v3, v4  ; v4 = 0x0001_0000_0000
;; @005c                               jump block1(v5)
;;
;;                                 block1(v0: i64):
;; @005c                               return v0
;; }
;;
;; ; function 1 of case: null
;; function u0:0() -> i64 tail {
;;                                 block0:
;; @005f                               v1 = iconst.i64 0
;; @0061                               jump block1(v1)  ; v1 = 0
;;
;;                                 block1(v0: i64):
;; @0061                               return v0
;; }
;;
;; ; function 2 of case: is_null
;; function u0:0(i64) -> i32 tail {
;;                                 block0(v0: i64):
;; @0066                               v2 = iconst.i64 0
;; @0066                               v3 = icmp eq v0, v2  ; v2 = 0
;; @0066                               v4 = uextend.i32 v3
;; @0067                               jump block1(v4)
;;
;;                                 block1(v1: i32):
;; @0067                               return v1
;; }
;;
;; ; function 3 of case: select
;; function u0:0(i64, i64, i32) -> i64 tail {
;;                                 block0(v0: i64, v1: i64, v2: i32):
;; @0070                               v4 = select v2, v0, v1
;; @0073                               jump block1(v4)
;;
;;                                 block1(v3: i64):
;; @0073                               return v3
;; }
