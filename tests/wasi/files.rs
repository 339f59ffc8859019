//! Files and directories. What has to hold is checked by the guests; the host looks at what is left.

use adder_compiler::MemoryPlan;

use crate::sandbox::{Sandbox, c_guest_with_embedded, c_guest_with_memory, succeed};

#[test]
fn files_are_opened_read_written_and_removed() {
    let sandbox = Sandbox::new();
    sandbox.rust(&["files"]);
    assert_eq!(std::fs::read(sandbox.path("box/several")).unwrap(), b"abcde");
    assert_eq!(std::fs::metadata(sandbox.path("box/copy")).unwrap().len(), 3 << 20);
    sandbox.assert_outside_untouched();
}

#[test]
fn positional_access_leaves_the_position_alone() {
    Sandbox::new().rust(&["positions"]);
}

#[test]
fn sizes_and_times_are_set_and_read() {
    Sandbox::new().rust(&["sizes-and-times"]);
}

#[test]
fn descriptors_are_numbered_and_renumbered() {
    Sandbox::new().rust(&["descriptors"]);
}

#[test]
fn a_read_only_grant_cannot_be_changed() {
    let sandbox = Sandbox::new();
    sandbox.rust(&["read-only"]);
    assert_eq!(std::fs::read(sandbox.path("readonly/file")).unwrap(), b"kept");
    assert_eq!(std::fs::read_dir(sandbox.path("readonly")).unwrap().count(), 2);
    sandbox.assert_outside_untouched();
}

#[test]
fn directories_are_made_listed_and_removed() {
    Sandbox::new().rust(&["directories"]);
}

#[test]
fn directories_are_read_piece_by_piece_and_from_the_middle() {
    Sandbox::new().rust(&["cookies"]);
}

#[test]
fn files_and_directories_are_renamed() {
    Sandbox::new().rust(&["rename"]);
}

#[test]
fn hard_links_share_a_file() {
    Sandbox::new().rust(&["hard-links"]);
}

#[test]
fn symbolic_links_are_followed_where_asked() {
    Sandbox::new().rust(&["symbolic-links"]);
}

#[test]
fn the_c_library_works_with_files() {
    let sandbox = Sandbox::new();
    sandbox.c(&["files"]);
    sandbox.assert_outside_untouched();
}

#[test]
fn open_files_remember_their_flags() {
    let sandbox = Sandbox::new();
    for path in ["/box/inside", "/readonly/file", "/embedded/main.c"] {
        succeed(sandbox.command(&c_guest_with_embedded(), &["flags", path]));
    }
}

#[test]
fn the_system_interface_works_wherever_memory_is() {
    for memory in [MemoryPlan::High, MemoryPlan::Checked] {
        let sandbox = Sandbox::new();
        for what in ["files", "memory", "clocks"] {
            succeed(sandbox.command(&c_guest_with_memory(memory), &[what]));
        }
        sandbox.assert_outside_untouched();
    }
}
