//! A library is a guest in the process of another program: what it leaves to that, and what it stands up to.

use crate::{Linked, Workshop, printed};

/// Traps, loops for a while, counts.
const BUSY: &str = r#"(module
    (memory (export "memory") 1)
    (global $count (mut i64) (i64.const 0))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func $deep (export "deep") (call $deep) (call $deep))
    (func (export "add") (param i32) (result i64)
        (loop $again
            (global.set $count (i64.add (global.get $count) (i64.const 1)))
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (global.get $count))
    (func (export "spin") (loop $again (br_if $again (i32.eqz (i32.load (i32.const 0)))))))"#;

#[test]
fn threads_take_turns_and_each_can_trap() {
    let workshop = Workshop::new();
    workshop.text("busy", BUSY, &[]);
    let source = r#"
#include "busy.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static void *work(void *wrong) {
    for (int round = 0; round < 2000; ++round) {
        int32_t value;
        if (busy_add(100, NULL) != 0) *(int *)wrong += 1;
        if (round % 1000 == 0 && busy_deep() != ADDER_CALL_STACK_EXHAUSTED) *(int *)wrong += 1;
        if (busy_load(1 << 20, &value) != ADDER_MEMORY_OUT_OF_BOUNDS) *(int *)wrong += 1;
        if (strcmp(busy_adder_failure(), "out of bounds memory access\n   0: load") != 0) *(int *)wrong += 1;
    }
    return NULL;
}

int main(void) {
    int wrong[8] = {0}, sum = 0;
    /* Threads come and go. */
    for (int round = 0; round < 3; ++round) {
        pthread_t threads[8];
        for (int i = 0; i < 8; ++i) pthread_create(&threads[i], NULL, work, &wrong[i]);
        for (int i = 0; i < 8; ++i) pthread_join(threads[i], NULL), sum += wrong[i];
    }
    int64_t count;
    busy_add(1, &count);
    printf("%d %ld\n", sum, (long)count);
}
"#;
    assert_eq!(printed(&mut workshop.c(source, &["busy"], Linked::Shared)), format!("0 {}\n", 3 * 8 * 2000 * 100 + 1));
}

#[test]
fn libraries_and_the_programs_own_handler_get_their_faults() {
    let workshop = Workshop::new();
    workshop.text("busy", BUSY, &[]);
    workshop.text("other", BUSY, &[]);
    // The handler comes before the libraries', which begin to work with their first calls.
    let source = r#"
#include "busy.h"
#include "other.h"
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static sigjmp_buf back;
static volatile int seen;

static void handler(int signal, siginfo_t *information, void *context) {
    (void)context;
    seen = signal;
    if (information->si_signo != signal) abort();
    siglongjmp(back, 1);
}

int main(void) {
    struct sigaction action = {0};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
    int32_t value;
    printf("%d %d", busy_load(1 << 20, &value), other_load(1 << 20, &value));
    volatile char *nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int round = 0; round < 2; ++round) {
        if (sigsetjmp(back, 1) == 0) *nowhere = 1;
        printf(" %d", seen == SIGSEGV);
        seen = 0;
        printf(" %d %d", other_deep(), busy_deep());
    }
    raise(SIGFPE);
}
"#;
    let mut program = workshop.c(source, &["busy", "other"], Linked::Shared);
    let outcome = adder_tests::outcome::finish(&mut program, b"");
    // What nobody handles, a SIGFPE that was sent, ends the process: standard output had not been written yet.
    assert_eq!((outcome.status, outcome.stderr.contains("adder")), (None, false), "{outcome:?}");
    let outcome = printed(&mut workshop.c(&source.replace("raise(SIGFPE);", ""), &["busy", "other"], Linked::Shared));
    assert_eq!(outcome, "2 2 1 10 10 1 10 10");
}

#[test]
fn a_signal_handler_inside_a_call_is_refused() {
    let workshop = Workshop::new();
    workshop.text("busy", BUSY, &[]);
    let source = r#"
#include "busy.h"
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile int inside = -1;

static void handler(int signal) {
    (void)signal;
    inside = busy_add(1, NULL);
    *(volatile int *)memory = 1;
}
"#;
    let source = source.replace("static volatile int inside", "static uint8_t *memory;\nstatic volatile int inside")
        + r#"
int main(void) {
    memory = busy_memory(NULL);
    signal(SIGALRM, handler);
    alarm(1);
    printf("%d", busy_spin());
    printf(" %d", inside == ADDER_BUSY);
    int64_t count;
    printf(" %d", busy_add(1, &count));
    printf(" %d\n", (int)count);
}
"#;
    assert_eq!(printed(&mut workshop.c(&source, &["busy"], Linked::Shared)), "0 1 0 1\n");
}

/// Handlers come at every instruction of a call, in a thread with a small stack too.
#[test]
fn signals_at_any_time_leave_the_program_alive() {
    let workshop = Workshop::new();
    let module = r#"(module
        (func (export "one") (result i32) (i32.const 1))
        (func $deep (export "deep") (call $deep) (call $deep)))"#;
    workshop.text("small", module, &["--stack-size", "256KiB"]);
    let source = r#"
#include "small.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <limits.h>

static volatile long others, calls;

static void handler(int signal) {
    (void)signal;
    int status = small_one(NULL);
    if (status != 0 && status != ADDER_BUSY) ++others;
    ++calls;
}

static void *work(void *done) {
    int32_t value;
    for (int round = 0; round < 100000; ++round)
        if (small_one(&value) != 0 || value != 1) ++others;
    if (small_deep() != ADDER_CALL_STACK_EXHAUSTED) ++others;
    *(int *)done = 1;
    return NULL;
}

int main(void) {
    struct sigaction action = {0};
    action.sa_handler = handler;
    action.sa_flags = SA_ONSTACK | SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    struct itimerval timer = {{0, 20}, {0, 20}}, none = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &timer, NULL);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 2 * PTHREAD_STACK_MIN);
    pthread_t thread;
    int done = 0;
    pthread_create(&thread, &small, work, &done);
    pthread_join(thread, NULL);
    setitimer(ITIMER_REAL, &none, NULL);
    printf("%d %ld %d\n", done, others, calls > 0);
}
"#;
    assert_eq!(printed(&mut workshop.c(source, &["small"], Linked::Shared)), "1 0 1\n");
}

/// gcc's `-ffast-math` and others flush small numbers to zero for the whole thread.
#[test]
fn floats_are_webassemblys_in_the_library_and_the_programs_outside() {
    let workshop = Workshop::new();
    let module = r#"(module (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
                            (func (export "trap") unreachable))"#;
    workshop.text("floats", module, &[]);
    let source = r#"
#include "floats.h"
#include <fenv.h>
#include <stdio.h>

#ifdef __x86_64__
#include <xmmintrin.h>
static unsigned control(void) { return _mm_getcsr() & ~0x3f; }
static void flush(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }
#else
static unsigned long control(void) { unsigned long v; __asm__ volatile("mrs %0, fpcr" : "=r"(v)); return v; }
static void flush(void) { __asm__ volatile("msr fpcr, %0" : : "r"(control() | 1ul << 24)); }
#endif

int main(void) {
    fesetround(FE_UPWARD);
    flush();
    unsigned long before = control();
    double small = 0;
    floats_half(0x1p-1022, &small);
    printf("%d", control() == before);
    floats_trap();
    printf(" %d", control() == before);
    fesetenv(FE_DFL_ENV);
    printf(" %a\n", small);
}
"#;
    assert_eq!(
        printed(&mut workshop.c(source, &["floats"], Linked::Shared)),
        "1 1 0x1p-1023\n".replace("0x1p-1023", "0x0.8p-1022")
    );
}

#[test]
fn what_there_is_no_memory_for_is_an_error_that_passes() {
    let workshop = Workshop::new();
    workshop.text("busy", BUSY, &[]);
    let source = r#"
#include "busy.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

int main(void) {
    struct rlimit limit, small;
    getrlimit(RLIMIT_AS, &limit);
    small = limit;
    small.rlim_cur = 32 << 20;
    setrlimit(RLIMIT_AS, &small);
    printf("%d", busy_add(1, NULL) == ADDER_UNAVAILABLE);
    printf(" %d", strstr(busy_adder_failure(), "cannot reserve") != NULL);
    printf(" %d", busy_memory(NULL) == NULL);
    setrlimit(RLIMIT_AS, &limit);
    printf(" %d\n", busy_add(1, NULL));
}
"#;
    let mut program = workshop.c(source, &["busy"], Linked::Shared);
    if adder_tests::target::is_beyond_emulator("qemu keeps limits of address space from programs") {
        return;
    }
    assert_eq!(printed(&mut program), "1 1 1 0\n");
}

#[test]
fn unloading_and_loading_again_is_harmless() {
    let workshop = Workshop::new();
    workshop.text("busy", BUSY, &[]);
    let source = r#"
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

int main(void) {
    for (int round = 0; round < 3; ++round) {
        void *library = dlopen("./libbusy.so", RTLD_NOW | RTLD_LOCAL);
        int (*load)(int32_t, int32_t *) = (int (*)(int32_t, int32_t *))dlsym(library, "busy_load");
        int32_t value;
        printf("%d ", load(1 << 20, &value));
        printf("%d ", dlsym(library, "adder_host_call") == NULL);
        dlclose(library);
    }
    puts("");
}
"#;
    assert_eq!(printed(&mut workshop.c(source, &[], Linked::Shared)), "2 1 2 1 2 1 \n");
}

/// What a program has set for faults before is what its handler finds: which signals wait, and how often it is called.
#[test]
fn the_programs_own_handler_is_called_as_it_was_set() {
    let workshop = Workshop::new();
    workshop.text("busy", BUSY, &[]);
    let source = r#"
#include "busy.h"
#include <signal.h>
#include <stdio.h>

static int faults;

static void handler(int number) {
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    printf("%d%d%d ", sigismember(&mask, SIGUSR1), sigismember(&mask, SIGUSR2), sigismember(&mask, number));
    ++faults;
}

int main(void) {
    struct sigaction action = {0};
    action.sa_handler = handler;
    sigaddset(&action.sa_mask, SIGUSR1);
    action.sa_flags = SA_NODEFER;
    sigaction(SIGSEGV, &action, NULL);
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGUSR2);
    action.sa_flags = SA_RESETHAND;
    sigaction(SIGFPE, &action, NULL);
    int32_t value;
    printf("%d ", busy_load(1 << 20, &value));
    raise(SIGSEGV);
    raise(SIGSEGV);
    raise(SIGFPE);
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    printf("%d%d %d\n", sigismember(&mask, SIGUSR1), sigismember(&mask, SIGSEGV), faults);
    fflush(stdout);
    raise(SIGFPE);
}
"#;
    let mut program = workshop.c(source, &["busy"], Linked::Shared);
    let outcome = adder_tests::outcome::finish(&mut program, b"");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (None, "2 100 100 011 00 3\n"), "{outcome:?}");
}
