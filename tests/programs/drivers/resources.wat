;; Handles for modules of the component model's early canonical ABI (as npm's @ruby packages): an object is its own handle.
(module
  (func $same (param i32) (result i32) (local.get 0))
  (export "resource_new_rb-abi-value" (func $same))
  (export "resource_get_rb-abi-value" (func $same))
  (func (export "resource_drop_js-abi-value") (param i32)))
