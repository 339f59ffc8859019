//! What a library reaches of the system: what was granted at build, by WASI.

use adder_tests::guest;

use crate::{Linked, Workshop, printed};

#[test]
fn a_library_in_c_has_its_grants_and_the_programs_streams() {
    let workshop = Workshop::new();
    let module = guest::c_library("library/guest.c");
    std::fs::create_dir(workshop.path().join("data")).expect("a folder");
    workshop.write("data/file", "hello\n");
    workshop.write("secret", "no\n");
    workshop.library("guest", &module, &["--dir", "data::/data", "--env", "FIXED=1"]);
    let source = r#"
#include "guest.h"
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    setenv("SEEN", "no", 1);
    setvbuf(stdout, NULL, _IONBF, 0);
    int32_t result;
    printf("%d\n", guest_say(&result));
    printf("%d", guest_read_file(&result));
    printf(" %d\n", result);
    printf("%d", guest_escape(&result));
    printf(" %d\n", result);
    printf("%d", guest_environment(&result));
    printf(" %d\n", result);
    printf("%d\n", guest_close_output(&result));
    printf("still here\n");
    printf("%d", guest_leave(3));
    printf(" %d\n", guest_adder_exit_status());
}
"#;
    for linked in [Linked::Shared, Linked::Object] {
        let mut program = workshop.c(source, &["guest"], linked);
        let wanted = match linked {
            Linked::Shared => "said\n0\n0 6\n0 -1\n0 1\n0\nstill here\n14 3\n",
            // This object was built without the grants.
            _ => "said\n0\n0 -1\n0 -1\n0 0\n0\nstill here\n14 3\n",
        };
        assert_eq!(printed(&mut program), wanted, "{linked:?}");
    }
}
