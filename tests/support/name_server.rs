//! A name server that tests ask (`name_server.py`): on a network of its own, as root of a user namespace, which needs no rights.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// A command that runs a program where that name server is; nothing, and a line that says so, where this machine has no namespaces.
pub fn command(program: &Path) -> Option<Command> {
    static IS_ALLOWED: OnceLock<bool> = OnceLock::new();
    let is_allowed = *IS_ALLOWED.get_or_init(|| {
        let script = "mount --bind /etc/hosts /etc/hosts && mount --bind /etc/hosts /etc/resolv.conf";
        let output = Command::new("unshare").args(["-rmn", "sh", "-c", script]).stdin(Stdio::null()).output();
        output.is_ok_and(|output| output.status.success())
    });
    if !is_allowed {
        println!(
            "not run: names are looked up in namespaces of a process's own (`unshare -rmn`), which this machine does not allow"
        );
        return None;
    }
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/name_server.py");
    let mut command = Command::new("unshare");
    command.args(["-rmn", "python3"]).arg(server).arg(program);
    Some(command)
}
