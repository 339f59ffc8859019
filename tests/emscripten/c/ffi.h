/* libffi as its port to wasm declares it, and what that imports from JavaScript. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct ffi_type {
    size_t size;
    unsigned short alignment, type;
    struct ffi_type **elements;
} ffi_type;

typedef struct {
    unsigned abi, nargs;
    ffi_type **arg_types;
    ffi_type *rtype;
    unsigned bytes, flags, nfixedargs;
} ffi_cif;

typedef void closure_function(ffi_cif *cif, void *result, void **arguments, void *told);

typedef struct {
    void *index;
    ffi_cif *cif;
    closure_function *function;
    void *told;
} ffi_closure;

#define IMPORT(name) __attribute__((import_module("env"), import_name(#name))) extern
IMPORT(ffi_call_js) void ffi_call_js(ffi_cif *cif, void *function, void *result, void **arguments);
IMPORT(ffi_closure_alloc_js) ffi_closure *ffi_closure_alloc_js(size_t bytes, void **code);
IMPORT(ffi_closure_free_js) void ffi_closure_free_js(ffi_closure *closure);
IMPORT(ffi_prep_closure_loc_js) int ffi_prep_closure_loc_js(ffi_closure *closure, ffi_cif *cif, closure_function *function,
                                                            void *told, void *code);

#define TYPE(name, number, bytes) static ffi_type name = {bytes, bytes < 8 ? bytes : 8, number, NULL}
TYPE(t_void, 0, 1);
TYPE(t_float, 2, 4);
TYPE(t_double, 3, 8);
TYPE(t_long_double, 4, 16);
TYPE(t_u8, 5, 1);
TYPE(t_s8, 6, 1);
TYPE(t_u16, 7, 2);
TYPE(t_s16, 8, 2);
TYPE(t_u32, 9, 4);
TYPE(t_s32, 10, 4);
TYPE(t_u64, 11, 8);
TYPE(t_s64, 12, 8);
TYPE(t_pointer, 14, 4);

/* The type of a function with these arguments, of which the first ones are fixed. */
#define CIF(name, result, fixed, ...) \
    static ffi_type *name##_types[] = {__VA_ARGS__}; \
    static ffi_cif name = {1, sizeof name##_types / sizeof *name##_types, name##_types, result, 0, 0, fixed}
