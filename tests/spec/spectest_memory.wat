;; The memory of `spectest`.
(module (memory (export "memory") 1 2))
