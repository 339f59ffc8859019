;; The baseline CPU cannot round: a leaf of the runtime does, on the guest stack and without the border.
;;! clif
;;! assembly

(module
  (func (export "f32") (param f32) (result f32) (f32.ceil (f32.floor (f32.trunc (f32.nearest (local.get 0))))))
  (func (export "f64") (param f64) (result f64) (f64.ceil (f64.floor (f64.trunc (f64.nearest (local.get 0)))))))
