;; What is called from outside gets a wrapper with the C convention that reads and writes slots of 8 bytes.
;;! clif
;;! assembly

(module
  (func (export "mixed") (param i32 i64 f32 f64) (result f64 i32)
    (local.get 3) (local.get 0)))
