;; Makes a command of npm's quickjs-wasi, whose module is a library for JavaScript hosts: evaluates each argument as a
;; script, one after the other in one context, runs the jobs that it left, and prints its value unless that is undefined.
;; An exception goes to standard error and ends the program with status 1. Its memory is QuickJS's.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "quickjs" "memory" (memory 1))
  (import "quickjs" "_initialize" (func $initialize))
  (import "quickjs" "wasm_malloc" (func $malloc (param i32) (result i32)))
  (import "quickjs" "qjs_init" (func $init (result i32)))
  (import "quickjs" "qjs_eval" (func $eval (param i32 i32 i32 i32) (result i32)))
  (import "quickjs" "qjs_execute_pending_job" (func $execute_pending_job (result i32)))
  (import "quickjs" "qjs_is_exception" (func $is_exception (param i32) (result i32)))
  (import "quickjs" "qjs_is_undefined" (func $is_undefined (param i32) (result i32)))
  (import "quickjs" "qjs_get_exception" (func $get_exception (result i32)))
  (import "quickjs" "qjs_get_string" (func $get_string (param i32) (result i32)))

  ;; Room for a vector of 8 bytes and for how much of it was written, set once there is a memory to have it in.
  (global $vector (mut i32) (i32.const 0))

  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (i32.load8_u (local.get $end))))
        (local.set $end (i32.add (local.get $end) (i32.const 1)))
        (br $next)))
    (i32.sub (local.get $end) (local.get $text)))

  ;; Writes a value as text, on a line of its own.
  (func $print (param $descriptor i32) (param $value i32)
    (local $text i32) (local $length i32)
    (local.set $text (call $get_string (local.get $value)))
    (local.set $length (call $length (local.get $text)))
    ;; The line break takes the place of the NUL.
    (i32.store8 (i32.add (local.get $text) (local.get $length)) (i32.const 10))
    (local.set $length (i32.add (local.get $length) (i32.const 1)))
    (loop $rest
      (i32.store (global.get $vector) (local.get $text))
      (i32.store offset=4 (global.get $vector) (local.get $length))
      (if (call $fd_write (local.get $descriptor) (global.get $vector) (i32.const 1)
            (i32.add (global.get $vector) (i32.const 8)))
        (then (call $proc_exit (i32.const 74))))
      (local.set $text (i32.add (local.get $text) (i32.load offset=8 (global.get $vector))))
      (local.set $length (i32.sub (local.get $length) (i32.load offset=8 (global.get $vector))))
      (br_if $rest (local.get $length))))

  (func $fail
    (call $print (i32.const 2) (call $get_exception))
    (call $proc_exit (i32.const 1)))

  (func $run (param $code i32) (param $name i32)
    (local $value i32) (local $jobs i32)
    (local.set $value (call $eval (local.get $code) (call $length (local.get $code)) (local.get $name) (i32.const 0)))
    (if (call $is_exception (local.get $value)) (then (call $fail)))
    (loop $next
      (local.set $jobs (call $execute_pending_job))
      (if (i32.lt_s (local.get $jobs) (i32.const 0)) (then (call $fail)))
      (br_if $next (local.get $jobs)))
    (if (i32.eqz (call $is_undefined (local.get $value))) (then (call $print (i32.const 1) (local.get $value)))))

  (func (export "_start")
    (local $sizes i32) (local $count i32) (local $arguments i32) (local $index i32)
    (call $initialize)
    (global.set $vector (call $malloc (i32.const 16)))
    (if (call $init) (then unreachable))
    (local.set $sizes (call $malloc (i32.const 8)))
    (drop (call $args_sizes_get (local.get $sizes) (i32.add (local.get $sizes) (i32.const 4))))
    (local.set $count (i32.load (local.get $sizes)))
    (local.set $arguments (call $malloc (i32.mul (local.get $count) (i32.const 4))))
    (drop (call $args_get (local.get $arguments) (call $malloc (i32.load offset=4 (local.get $sizes)))))
    (local.set $index (i32.const 1))
    (block $all
      (loop $next
        (br_if $all (i32.ge_u (local.get $index) (local.get $count)))
        (call $run
          (i32.load (i32.add (local.get $arguments) (i32.mul (local.get $index) (i32.const 4))))
          (i32.load (local.get $arguments)))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next)))))
