;; The shared memory of `spectest`.
(module (memory (export "shared_memory") 1 2 shared))
