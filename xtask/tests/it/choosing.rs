//! The question below a preview, at a terminal: all of it, nothing, or a part with what it needs.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::{skipped, snapshot, unchanged};
use crate::trust::Ground;

const TASKS: &str = "\
# Tasks: Guest Clock

## Phase 1: All

- [ ] T001 **Feature Gate Registration**
  - File: `pkg/virt-config/featuregate/active.go`
- [ ] T002 **Sync it**
  - File: `pkg/virt-handler/clock.go`
  - Function: `syncClock()`
- [ ] T003 **User guide**
  - File: `docs/clock.md`
  - File: `docs/clock-more.md`
- [ ] T004 **Admin guide**
  - File: `docs/admin.md`
";

const CLOCK: &str = "pkg/virt-handler/clock.go";
const GATES: &str = "pkg/virt-config/featuregate/active.go";

/// What a terminal shows when somebody types some lines there.
fn typed(ground: &Ground, keys: &str) -> String {
    let line = format!("'{}' scaffold tasks.md --hooks none --color never", env!("CARGO_BIN_EXE_xtask"));
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).current_dir(ground.folder.path());
    command.env("KUBEVIRT_DIR", &ground.checkout).env("PAGER", "cat").env("TERM", "xterm");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stdout).replace('\r', "")
}

#[test]
fn a_part_is_written_with_what_it_needs() {
    if !Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return skipped("there is no `script` to make a terminal with");
    }
    let ground = Ground::new();
    fs::write(ground.beside("tasks.md"), TASKS).unwrap();
    let (before, gates) = (snapshot(&ground.checkout), fs::read_to_string(ground.path(GATES)).unwrap());
    // Nothing is written by other words, nor without an answer.
    for (keys, said) in [
        ("maybe\nn\n", "f - choose file by file"),
        ("\n", "Nothing was written."),
        ("", "Nothing was written."),
        ("q\n", "Nothing was written."),
        ("t\ny\nq\n", "Nothing was written."),
        ("t\nd\n", "Nothing was written."),
        ("f\nhm\nk\nd\n", "a - take it and everything after it"),
        ("p\nn\n", "Nothing was written."),
    ] {
        let shown = typed(&ground, keys);
        assert!(shown.contains(said), "{keys:?}: {shown}");
        unchanged(&before, &snapshot(&ground.checkout), keys).unwrap();
    }
    // A file that two answers belong to comes whole, and its task's other file with it.
    let shown = typed(&ground, "f\nn\nn\nn\ny\nd\ny\n");
    assert!(shown.contains("docs/clock-more.md is included because T003 also needs it."), "{shown}");
    assert!(ground.path("docs/clock.md").exists() && ground.path("docs/clock-more.md").exists());
    assert!(!ground.path("docs/admin.md").exists() && !ground.path(CLOCK).exists());
    assert_eq!(fs::read_to_string(ground.path(GATES)).unwrap(), gates);
    // A task comes with what it asks for. What is there is not asked for again.
    let shown = typed(&ground, "t\nn\ny\nk\ny\nd\ny\n");
    assert!(shown.contains("T001 comes with T002, which asks for its feature gate."), "{shown}");
    assert!(ground.path(CLOCK).exists() && !ground.path("docs/admin.md").exists());
    assert!(fs::read_to_string(ground.path(GATES)).unwrap().contains("GuestClock"));
    // All that follow.
    typed(&ground, "t\nYes\nY\n");
    assert!(ground.path("docs/admin.md").exists());
}
