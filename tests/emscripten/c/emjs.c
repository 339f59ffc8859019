/* Calls JavaScript: to be refused, with the names. */
#include <emscripten.h>
#include <stdio.h>
EM_JS(int, add_in_javascript, (int a, int b), { return a + b; });

int main(void) {
    printf("%d\n", add_in_javascript(1, 2));
    printf("%d\n", EM_ASM_INT({ return $0 * 2; }, 21));
    EM_ASM({ console.log("from JavaScript"); });
    emscripten_run_script("console.log(1)");
    return 0;
}
