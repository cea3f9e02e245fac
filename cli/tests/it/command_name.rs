//! Messages name the program as the user started it.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// What stderr gets when the program, started under a name, is told to apply a plan that is not there.
fn refusal(started_as: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevirt-scaffold"));
    let output = command.arg0(started_as).args(["apply", "nowhere.json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_message_names_the_door() {
    let own = refusal("kubevirt-scaffold");
    assert!(own.contains("make it with `kubevirt-scaffold scaffold --plan FILE`"), "{own}");
    let bazel = refusal("/runfiles/scaffold");
    assert!(bazel.contains("make it with `bazel run //:scaffold -- scaffold --plan FILE`"), "{bazel}");
}
