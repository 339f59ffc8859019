;; Makes a command of npm's @ruby/3.4-wasm-wasi, whose module is a reactor for JavaScript: starts Ruby with the arguments of
;; the process, and lets Ruby itself run `-e CODE ARGS` or `FILE ARGS`. Its memory is Ruby's.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "ruby" "memory" (memory 1))
  (import "ruby" "_initialize" (func $initialize))
  (import "ruby" "cabi_realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
  (import "ruby" "ruby-init: func(args: list<string>) -> ()" (func $ruby_init (param i32 i32)))
  (import "ruby" "rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>"
    (func $eval (param i32 i32) (result i32)))

  ;; Options behind the name of the program, each ended by NUL. Ruby only starts with them; what they say is not run.
  (data $options "-EUTF-8\00-e_=0\00--\00")
  (data $run
    "status = begin\n"
    "  if ARGV.first == '-e'\n"
    "    ARGV.shift\n"
    "    eval(ARGV.shift, TOPLEVEL_BINDING, '-e')\n"
    "  else\n"
    "    $0 = ARGV.shift\n"
    "    load($0)\n"
    "  end\n"
    "  0\n"
    "rescue SystemExit => exit\n"
    "  exit.status\n"
    "rescue Exception => error\n"
    "  $stdout.flush\n"
    "  $stderr.write(error.full_message(highlight: false))\n"
    "  1\n"
    "end\n"
    "$stdout.flush\n"
    "exit!(status)\n")

  (func $allocate (param $bytes i32) (result i32)
    (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (local.get $bytes)))

  ;; The length of a text with its NUL, which Ruby wants included.
  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (loop $next
      (local.set $end (i32.add (local.get $end) (i32.const 1)))
      (br_if $next (i32.load8_u (i32.sub (local.get $end) (i32.const 1)))))
    (i32.sub (local.get $end) (local.get $text)))

  ;; Writes address and length of a text, and returns the place for the next.
  (func $put (param $place i32) (param $text i32) (result i32)
    (i32.store (local.get $place) (local.get $text))
    (i32.store offset=4 (local.get $place) (call $length (local.get $text)))
    (i32.add (local.get $place) (i32.const 8)))

  (func (export "_start")
    (local $sizes i32) (local $count i32) (local $given i32) (local $texts i32) (local $options i32)
    (local $list i32) (local $place i32) (local $index i32) (local $run i32)
    (call $initialize)
    (local.set $sizes (call $allocate (i32.const 8)))
    (drop (call $args_sizes_get (local.get $sizes) (i32.add (local.get $sizes) (i32.const 4))))
    (local.set $count (i32.load (local.get $sizes)))
    (local.set $given (call $allocate (i32.mul (local.get $count) (i32.const 4))))
    (local.set $texts (call $allocate (i32.load offset=4 (local.get $sizes))))
    (drop (call $args_get (local.get $given) (local.get $texts)))
    (local.set $options (call $allocate (i32.const 17)))
    (memory.init $options (local.get $options) (i32.const 0) (i32.const 17))

    (local.set $list (call $allocate (i32.mul (i32.add (local.get $count) (i32.const 3)) (i32.const 8))))
    (local.set $place (call $put (local.get $list) (i32.load (local.get $given))))
    (local.set $place (call $put (local.get $place) (local.get $options)))
    (local.set $place (call $put (local.get $place) (i32.add (local.get $options) (i32.const 8))))
    (local.set $place (call $put (local.get $place) (i32.add (local.get $options) (i32.const 14))))
    (local.set $index (i32.const 1))
    (block $all
      (loop $next
        (br_if $all (i32.ge_u (local.get $index) (local.get $count)))
        (local.set $place (call $put (local.get $place)
          (i32.load (i32.add (local.get $given) (i32.mul (local.get $index) (i32.const 4))))))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next)))
    (call $ruby_init (local.get $list) (i32.add (local.get $count) (i32.const 3)))

    (local.set $run (call $allocate (i32.const 512)))
    (memory.init $run (local.get $run) (i32.const 0) (i32.const 321))
    (drop (call $eval (local.get $run) (i32.const 321)))
    ;; It ends the process.
    unreachable))
