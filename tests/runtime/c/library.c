/* A library of which a constructor makes the contents: each time that it runs, other ones. */

static int table[100];
static int times;

__attribute__((constructor)) static void fill(void) {
    times++;
    for (int index = 0; index < 100; index++)
        table[index] = index + 1 + times;
}

__attribute__((export_name("entry"))) int entry(int index) { return table[index]; }
