//! pip, with packages in a folder.

use crate::compare::Work;
use crate::install::wheels;

#[test]
fn pip() {
    let folder = wheels("yamllint");
    Work {
        tool: "pip",
        files: &[("requirements.txt", "yamllint==1.38.0\n")],
        environment: &[
            ("PIP_NO_INDEX", "1"),
            ("PIP_ROOT_USER_ACTION", "ignore"),
            ("PIP_FIND_LINKS", folder.to_str().expect("it is text")),
        ],
        lines: &[
            (0, "Successfully downloaded pathspec", &["pip", "download", "--no-deps", "-d", "fetched", "pathspec"]),
            (
                0,
                "Successfully installed pathspec-1.1.1",
                &["pip", "install", "--no-compile", "--target", "site", "pathspec"],
            ),
            (0, "pathspec 1.1.1", &["pip", "list", "--path", "site"]),
            (0, "pathspec==1.1.1", &["pip", "freeze", "--path", "site"]),
            (
                0,
                "sha256:a00ce642f577bf7f473932318056212bc4f8bfdf53128c78bbd5af0b9b20b189",
                &["pip", "hash", "fetched/pathspec-1.1.1-py3-none-any.whl"],
            ),
            (1, "No matching distribution found for nothing", &["pip", "install", "--target", "site", "nothing"]),
        ],
        ..Work::default()
    }
    .check();
}
