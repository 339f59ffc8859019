;; The table of `spectest`.
(module (table (export "table") 10 20 funcref))
