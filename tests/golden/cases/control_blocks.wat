;; Blocks, ifs and loops become basic blocks with parameters; dead code is not translated.
;;! clif

(module
  (func (export "if") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 7)) (else (i32.const 8))))
  (func (export "loop") (param i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (local.get 0)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get $sum))
  (func (export "parameters") (param i32 i32) (result i32)
    (local.get 0) (local.get 1)
    (block (param i32 i32) (result i32) (i32.add)))
  (func (export "dead") (result i32) (return (i32.const 1)) (drop (i32.add)) (i32.const 2)))

;;= clif
;; ; function 0 of case: if
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;; @004b                               brif v0, block3, block4
;;
;;                                 block3:
;; @004d                               v3 = iconst.i32 7
;; @004f                               jump block2(v3)  ; v3 = 7
;;
;;                                 block4:
;; @0050                               v4 = iconst.i32 8
;; @0052                               jump block2(v4)  ; v4 = 8
;;
;;                                 block2(v2: i32):
;; @0053                               jump block1(v2)
;;
;;                                 block1(v1: i32):
;; @0053                               return v1
;; }
;;
;; ; function 1 of case: loop
;; function u0:0(i32) -> i32 tail {
;;                                 block0(v0: i32):
;;                                     v1 = iconst.i32 0
;; @0058                               jump block3(v1, v0)  ; v1 = 0
;;
;;                                 block3(v3: i32, v4: i32):
;; @005e                               v5 = iadd v3, v4
;; @0063                               v6 = iconst.i32 1
;; @0065                               v7 = isub v4, v6  ; v6 = 1
;; @0068                               brif v7, block3(v5, v7), block4
;;
;;                                 block4:
;; @006a                               jump block2
;;
;;                                 block2:
;; @006d                               jump block1(v5)
;;
;;                                 block1(v2: i32):
;; @006d                               return v2
;; }
;;
;; ; function 2 of case: parameters
;; function u0:0(i32, i32) -> i32 tail {
;;                                 block0(v0: i32, v1: i32):
;; @0076                               v4 = iadd v0, v1
;; @0077                               jump block2(v4)
;;
;;                                 block2(v3: i32):
;; @0078                               jump block1(v3)
;;
;;                                 block1(v2: i32):
;; @0078                               return v2
;; }
;;
;; ; function 3 of case: dead
;; function u0:0() -> i32 tail {
;;                                 block0:
;; @007b                               v1 = iconst.i32 1
;; @007d                               return v1  ; v1 = 1
;; }
