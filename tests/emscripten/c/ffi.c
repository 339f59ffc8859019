/* Calls whose types are known only when the program runs, and functions that are made then. */
#include "ffi.h"
#include <setjmp.h>

struct point {
    int32_t x;
    double y;
    int16_t z;
};

static ffi_type *point_elements[] = {&t_s32, &t_double, &t_s16, NULL};
static ffi_type t_point = {sizeof(struct point), 8, 13, point_elements};
/* A structure with one element is passed as that. */
static ffi_type *inner_elements[] = {&t_double, NULL};
static ffi_type t_inner = {8, 8, 13, inner_elements};
static ffi_type *single_elements[] = {&t_inner, NULL};
static ffi_type t_single = {8, 8, 13, single_elements};

struct single {
    struct { double value; } inner;
};

static double mix(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint64_t f, float g, double h) {
    printf("mix %d %d %d %d %d %llu %g %g\n", a, b, c, d, e, (unsigned long long)f, g, h);
    return a + b + c + d + e + (double)f + g + h;
}

static struct point moved(struct point from, struct single by) {
    struct point to = {from.x + 1, from.y + by.inner.value, from.z};
    from.x = 99;
    return to;
}

static long double doubled(long double value) {
    return value * 2;
}

static int32_t first_of_two(int32_t a, double b) {
    printf("two %d %g\n", a, b);
    return a;
}

static void nothing(void) {
    puts("nothing");
}

static void calls(void) {
    int8_t a = -1;
    uint8_t b = 200;
    int16_t c = -300;
    uint16_t d = 60000;
    int32_t e = -5;
    uint64_t f = 1ull << 40;
    float g = 0.5f;
    double h = 0.25, result;
    CIF(mix_cif, &t_double, 8, &t_s8, &t_u8, &t_s16, &t_u16, &t_s32, &t_u64, &t_float, &t_double);
    ffi_call_js(&mix_cif, (void *)mix, &result, (void *[]){&a, &b, &c, &d, &e, &f, &g, &h});
    printf("%.2f\n", result);

    struct point from = {1, 2.5, 3}, to;
    struct single by = {{0.25}};
    CIF(moved_cif, &t_point, 2, &t_point, &t_single);
    ffi_call_js(&moved_cif, (void *)moved, &to, (void *[]){&from, &by});
    printf("%d %g %d, %d\n", to.x, to.y, to.z, from.x);

    long double large = 1.5L;
    CIF(doubled_cif, &t_long_double, 1, &t_long_double);
    ffi_call_js(&doubled_cif, (void *)doubled, &large, (void *[]){&large});
    printf("%g\n", (double)large);

    char text[80], *buffer = text, *word = "word";
    const char *format = "%d %s %.3f %lld %d %g %d";
    size_t room = sizeof text;
    int32_t one = 1, two = 2, three = 3, length;
    int64_t wide = -(1ll << 50);
    double half = 0.5, huge = 1e300;
    CIF(print_cif, &t_s32, 3, &t_pointer, &t_u32, &t_pointer, &t_s32, &t_pointer, &t_double, &t_s64, &t_s32, &t_double, &t_s32);
    ffi_call_js(&print_cif, (void *)snprintf, &length,
                (void *[]){&buffer, &room, &format, &one, &word, &half, &wide, &two, &huge, &three});
    printf("%d %s\n", length, text);

    /* What JavaScript converts, adds and drops. */
    int32_t number = 7, returned = -1;
    CIF(one_cif, &t_s32, 1, &t_s32);
    ffi_call_js(&one_cif, (void *)first_of_two, &returned, (void *[]){&number});
    CIF(floats_cif, &t_double, 3, &t_double, &t_s32, &t_s32);
    double wrapping = 4294967298.75, as_double = 0;
    ffi_call_js(&floats_cif, (void *)first_of_two, &as_double, (void *[]){&wrapping, &number, &number});
    printf("%d %g\n", returned, as_double);
    ffi_call_js(&one_cif, (void *)nothing, &returned, (void *[]){&number});
    printf("%d\n", returned);
}

/* Closures. */

static int made;

static void *closure(ffi_cif *cif, closure_function *function, void *told, ffi_closure **owner) {
    void *code = NULL;
    ffi_closure *it = ffi_closure_alloc_js(sizeof *it, &code);
    if (owner) *owner = it;
    if (it == NULL) return NULL;
    made++;
    if (ffi_prep_closure_loc_js(it, cif, function, told, code) != 0) {
        puts("it cannot be prepared");
        exit(1);
    }
    return code;
}

static void compare(ffi_cif *cif, void *result, void **arguments, void *told) {
    int32_t a = **(int32_t **)arguments[0], b = **(int32_t **)arguments[1];
    ++*(int *)told;
    *(int32_t *)result = (a > b) - (a < b);
}

static void sum(ffi_cif *cif, void *result, void **arguments, void *told) {
    double total = 0;
    for (unsigned i = 0; i < cif->nargs; i++) {
        switch (cif->arg_types[i]->type) {
        case 2: total += *(float *)arguments[i]; break;
        case 3: total += *(double *)arguments[i]; break;
        case 6: total += *(int8_t *)arguments[i]; break;
        case 7: total += *(uint16_t *)arguments[i]; break;
        case 10: total += *(int32_t *)arguments[i]; break;
        case 12: total += *(int64_t *)arguments[i]; break;
        case 13: total += ((struct point *)arguments[i])->y; break;
        case 4: total += *(long double *)arguments[i]; break;
        }
    }
    *(double *)result = total;
}

static void make_point(ffi_cif *cif, void *result, void **arguments, void *told) {
    struct point *to = result;
    *to = *(struct point *)arguments[0];
    to->x = *(int32_t *)told;
}

static void add(ffi_cif *cif, void *result, void **arguments, void *told) {
    *(int32_t *)result = *(int32_t *)arguments[0] + (int32_t)(intptr_t)told;
}

CIF(add_cif, &t_s32, 1, &t_s32);

static void count_down(ffi_cif *cif, void *result, void **arguments, void *told) {
    int32_t n = *(int32_t *)arguments[0];
    int32_t (*again)(int32_t) = *(void **)told;
    *(int32_t *)result = n == 0 ? 0 : again(n - 1) + 1;
}

static jmp_buf out;

static void jump(ffi_cif *cif, void *result, void **arguments, void *told) {
    longjmp(out, *(int32_t *)arguments[0]);
}

static void closures(void) {
    int32_t numbers[] = {5, 3, 9, -1, 7, 0}, called = 0;
    CIF(compare_cif, &t_s32, 2, &t_pointer, &t_pointer);
    qsort(numbers, 6, 4, (int (*)(const void *, const void *))closure(&compare_cif, compare, &called, NULL));
    for (int i = 0; i < 6; i++) printf("%d ", numbers[i]);
    printf("%s\n", called > 4 ? "sorted" : "not called");

    CIF(sum_cif, &t_double, 8, &t_s8, &t_u16, &t_s32, &t_s64, &t_float, &t_double, &t_point, &t_long_double);
    double (*summed)(int8_t, uint16_t, int32_t, int64_t, float, double, struct point, long double) =
        closure(&sum_cif, sum, NULL, NULL);
    printf("%.3f\n", summed(-1, 60000, 70000, 1ll << 40, 0.5f, 0.25, (struct point){1, 0.125, 2}, 8.0L));

    CIF(many_cif, &t_double, 24, &t_s32, &t_double, &t_s64, &t_s32, &t_double, &t_s64, &t_s32, &t_double, &t_s64, &t_s32,
        &t_double, &t_s64, &t_s32, &t_double, &t_s64, &t_s32, &t_double, &t_s64, &t_s32, &t_double, &t_s64, &t_s32, &t_double,
        &t_s64);
#define THREE int32_t, double, int64_t
    double (*many)(THREE, THREE, THREE, THREE, THREE, THREE, THREE, THREE) = closure(&many_cif, sum, NULL, NULL);
    printf("%g\n", many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24));

    CIF(variadic_cif, &t_double, 1, &t_s32, &t_s32, &t_double, &t_s64, &t_s32, &t_point);
    double (*variadic)(int32_t, ...) = closure(&variadic_cif, sum, NULL, NULL);
    printf("%g\n", variadic(1, 2, 3.5, 4ll, 5, (struct point){0, 0.25, 0}));

    int32_t x = 42;
    CIF(point_cif, &t_point, 1, &t_point);
    struct point (*pointed)(struct point) = closure(&point_cif, make_point, &x, NULL);
    struct point point = pointed((struct point){1, 1.5, 7});
    printf("%d %g %d\n", point.x, point.y, point.z);

    /* By libffi itself, and of a type that nothing else in the program has. */
    CIF(odd_cif, &t_double, 5, &t_float, &t_s64, &t_float, &t_s64, &t_float);
    void *odd = closure(&odd_cif, sum, NULL, NULL);
    float f = 0.5f;
    int64_t w = 1ll << 33;
    double odd_result;
    ffi_call_js(&odd_cif, odd, &odd_result, (void *[]){&f, &w, &f, &w, &f});
    printf("%g\n", odd_result);

    void *self;
    self = closure(&add_cif, count_down, &self, NULL);
    printf("%d\n", ((int32_t (*)(int32_t))self)(500));

    int32_t (*jumps)(int32_t) = closure(&add_cif, jump, NULL, NULL);
    int jumped = setjmp(out);
    if (jumped < 20) {
        int32_t next = jumped + 7, unused;
        if (jumped % 2) jumps(next);
        else ffi_call_js(&add_cif, (void *)jumps, &unused, (void *[]){&next});
    }
    printf("%d\n", jumped);

    /* Some are freed while others live. */
    enum { COUNT = 2000 };
    static ffi_closure *owners[COUNT];
    static int32_t (*adds[COUNT])(int32_t);
    for (intptr_t i = 0; i < COUNT; i++) adds[i] = closure(&add_cif, add, (void *)i, &owners[i]);
    for (int i = 0; i < COUNT; i += 2) ffi_closure_free_js(owners[i]);
    for (intptr_t i = 0; i < COUNT; i += 2) adds[i] = closure(&add_cif, add, (void *)-i, &owners[i]);
    int wrong = 0;
    for (int i = 0; i < COUNT; i++) wrong += adds[i](1) != 1 + (i % 2 ? i : -i);
    printf("%d wrong\n", wrong);
    while (closure(&add_cif, add, NULL, NULL)) {}
    printf("%s\n", made > 60000 ? "no more" : "too early");
    ffi_closure_free_js(owners[1]);
    int32_t (*last)(int32_t) = closure(&add_cif, add, (void *)5, NULL);
    printf("%d\n", last(3));
}

/* What ends in a trap. */

static void wrong(int number) {
    void *nowhere = (void *)-16;
    int32_t value = 1, result;
    int64_t wide = 1;
    void *arguments[] = {&value, &wide};
    ffi_cif cif = add_cif;
    ffi_type cyclic = {4, 4, 13, NULL}, odd = {8, 3, 13, point_elements}, complex = {8, 4, 15, NULL};
    ffi_type *itself[] = {&cyclic, NULL}, *one[1];
    cyclic.elements = itself;
    ffi_closure *owner;
    int32_t (*code)(int32_t) = closure(&add_cif, add, NULL, &owner);
    cif.arg_types = one;
    one[0] = &t_s32;
    switch (number) {
    case 0: ffi_call_js(nowhere, (void *)nothing, &result, arguments); break;
    case 1: ffi_call_js(&cif, (void *)nothing, &result, nowhere); break;
    case 2: ffi_call_js(&cif, (void *)first_of_two, nowhere, arguments); break;
    case 3: cif.nargs = cif.nfixedargs = -1; ffi_call_js(&cif, (void *)nothing, &result, arguments); break;
    case 4: cif.nfixedargs = 2; ffi_call_js(&cif, (void *)nothing, &result, arguments); break;
    case 5: one[0] = &cyclic; ffi_call_js(&cif, (void *)nothing, &result, arguments); break;
    case 6: one[0] = &odd; ffi_call_js(&cif, (void *)nothing, &result, arguments); break;
    case 7: one[0] = &complex; ffi_call_js(&cif, (void *)nothing, &result, arguments); break;
    case 8: one[0] = nowhere; ffi_call_js(&cif, (void *)nothing, &result, arguments); break;
    case 9: ffi_call_js(&cif, nowhere, &result, arguments); break;
    case 10: ffi_call_js(&cif, NULL, &result, arguments); break;
    case 11: one[0] = &t_s64; arguments[0] = &wide; ffi_call_js(&cif, (void *)first_of_two, &result, arguments); break;
    case 12: ((void (*)(int64_t))(void *)code)(1); break;
    case 13: ffi_closure_free_js(owner); code(1); break;
    case 14: ((void (*)(void))((uintptr_t)code + 100000))(); break;
    case 15: owner->function = (closure_function *)(void *)code; code(1); break;
    case 16: owner->cif = nowhere; code(1); break;
    case 17: add_cif.nargs = add_cif.nfixedargs = 0; code(1); break;
    case 18: ffi_closure_free_js(nowhere); break;
    case 19: ffi_closure_alloc_js(16, nowhere); break;
    /* A structure that is larger than all memory. */
    case 20: t_point.size = -1; one[0] = &t_point; ffi_call_js(&cif, (void *)nothing, &result, arguments); break;
    case 21: {
        void *self;
        self = closure(&add_cif, count_down, &self, NULL);
        ((int32_t (*)(int32_t))self)(1 << 30);
        break;
    }
    }
    /* These are no traps. */
    if (number == 22) {
        printf("%d ", ffi_prep_closure_loc_js(owner, nowhere, add, NULL, (void *)code));
        printf("%d ", ffi_prep_closure_loc_js(owner, &add_cif, add, NULL, (void *)1));
        printf("%d ", ffi_prep_closure_loc_js(owner, &add_cif, add, NULL, nowhere));
        one[0] = &complex;
        printf("%d\n", ffi_prep_closure_loc_js(owner, &cif, add, NULL, (void *)code));
    } else {
        puts("nothing happened");
    }
}

int main(int argc, char **argv) {
    if (argc > 1) wrong(atoi(argv[1]));
    else {
        calls();
        closures();
    }
    return 0;
}
