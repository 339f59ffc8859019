;; The size of a memory that cannot grow is a constant; growing is a host call with the memory as context.
;;! clif
;;! assembly

(module
  (memory 1 4)
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
