;; Offsets that do not fit a signed 32-bit displacement together with the base are added in a register, never wrapped.
;;! assembly
;;! assembly memory=high
;;! clif memory=checked

(module
  (memory 1)
  (func (export "below") (param i32) (result i32) (i32.load offset=0x7fefffff (local.get 0)))
  (func (export "at") (param i32) (result i32) (i32.load offset=0x7ff00000 (local.get 0)))
  (func (export "largest") (param i32) (result i32) (i32.load8_u offset=0xffffffff (local.get 0))))
