;; An imported system call in a table is reached through a function of the guest's own convention.
;;! clif

(module
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))
  (memory (export "memory") 1)
  (table 1 funcref)
  (elem (i32.const 0) $sched_yield)
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
