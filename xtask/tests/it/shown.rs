//! What people get to see: nothing that their terminal obeys, and no panic, however long or odd a text is.

use std::fs;
use std::process::Command;

use crate::hostile::Ground;
use crate::support::skipped;

/// Texts that are longer than anybody writes: commands say something about them, and none panics.
#[test]
fn texts_of_any_length() {
    let mut ground = Ground::new();
    let (digits, word) = ("1".repeat(100_000), "x".repeat(100_000));
    let head = "# Tasks: Clock\n\nKubeVirt\n\n## Phase 1: A\n\n";
    let detail = "  - File: `pkg/virt-handler/clock.go`\n  - Function: `tick()`\n";
    let texts = [
        format!("{head}- [ ] T{digits} **Write it**\n{detail}\n## Dependencies\n\n- T{digits} before T002\n"),
        format!("{head}- [ ] T001-{word} **{word}**\n{detail}"),
        format!(
            "{head}- [ ] T001 **Write it**\n  - File: `pkg/virt-handler/clock.go`\n  - Function: `{word}()`\n  - Task: {word}\n"
        ),
        format!(
            "{head}- [ ] T001 **Write it**\n  - File: `pkg/virt-handler/clock.go`\n  - Function: `a({})`\n",
            "*".repeat(100_000)
        ),
        format!(
            "{head}- [ ] T001 **Write it**\n  - File: `pkg/virt-handler/clock.go`\n  - Task: Define {}K constants (a, {word})\n",
            "A".repeat(100_000)
        ),
    ];
    for (at, text) in texts.iter().enumerate() {
        fs::write(ground.path("tasks.md"), text).unwrap();
        for words in [
            "check",
            "graph",
            "status",
            "status --tick",
            "scaffold --dry-run",
            "scaffold --format json --dry-run",
            "check --format sarif",
        ] {
            let (name, flags) = words.split_once(' ').unwrap_or((words, ""));
            let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
            command.args([name, "tasks.md"]).args(flags.split_whitespace()).current_dir(ground.folder.path());
            let output = command.env("KUBEVIRT_DIR", ground.path("kubevirt")).output().unwrap();
            ground.tried += 1;
            if !matches!(output.status.code(), Some(0..=2)) {
                ground.wrong.push(format!("text {at}, {words}: exit {:?}", output.status.code()));
            }
        }
    }
    fs::remove_file(ground.path("tasks.md")).unwrap();
    ground.end(30);
}

/// What a terminal obeys does not reach one, wherever it comes from; a file gets the bytes as they are.
#[test]
fn terminals() {
    let is_there = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        return skipped("there is no `script` to make a terminal with");
    }
    let ground = Ground::new();
    let hidden = "\u{1b}[2J\u{9b}31m\u{202e}\u{61c}\u{ad}\u{2028}\u{3164}\u{e0041}";
    let tasks = format!(
        "# Tasks: Clock\n\nKubeVirt {hidden}\n\n## Phase 1: A\n\n<!-- {hidden} -->\n- [ ] T001 **Write {hidden} it** <!-- {hidden} -->\n  - File: `pkg/virt-handler/clock.go`\n  - Function: `tick()`\n\
         - [ ] T003 [P] **Read {hidden}**\n  - File: `docs/x.md`\n- [ ] T004 [P] **Read {hidden}**\n  - File: `docs/x.md`\n"
    );
    let name = format!("tasks{hidden}.md");
    fs::write(ground.path(&name), &tasks).unwrap();
    // The checkout's own lines are in the diff, too.
    let page = ground.path("kubevirt/docs/x.md");
    let before = fs::read(&page).ok();
    fs::create_dir_all(page.parent().unwrap()).unwrap();
    fs::write(&page, format!("# X {hidden}\n")).unwrap();
    let content = tasks.replace("`docs/x.md`\n", "`docs/x.md`\n  - Content: More\n");
    fs::write(ground.path("more.md"), &content).unwrap();
    let obeyed =
        |c: char| kubevirt_scaffold_core::diagnostic::is_invisible(c) && !matches!(c, '\n' | '\t' | '\r' | '\u{1b}');
    for words in [
        "check NAME",
        "check --fix NAME",
        "status NAME",
        "status --tick NAME",
        "graph NAME",
        "scaffold --dry-run NAME",
        "scaffold --dry-run more.md",
        "scaffold --dry-run --color never more.md",
        "check --fix --color never NAME",
    ] {
        let xtask = env!("CARGO_BIN_EXE_xtask");
        let line = format!("'{xtask}' {} </dev/null", words.replace("NAME", &format!("'{name}'")));
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(ground.folder.path());
        let command = command.env("KUBEVIRT_DIR", ground.path("kubevirt")).env("PAGER", "cat").env("TERM", "xterm");
        let output = command.output().unwrap();
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(!shown.is_empty(), "{words}");
        assert!(!shown.contains(obeyed) && !shown.contains("\u{1b}[2J"), "{words}: {shown:?}");
        if words.contains("never") {
            assert!(!shown.contains('\u{1b}'), "{words}: {shown:?}");
        }
    }
    // Into a pipe goes what is there.
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["scaffold", "--dry-run", "more.md"]).current_dir(ground.folder.path());
    let output = command.env("KUBEVIRT_DIR", ground.path("kubevirt")).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains(&format!("# X {hidden}")), "the context is as it is");
    fs::remove_file(ground.path(&name)).unwrap();
    fs::remove_file(ground.path("more.md")).unwrap();
    match before {
        Some(before) => fs::write(&page, before).unwrap(),
        None => fs::remove_file(&page).unwrap(),
    }
    ground.end(0);
}
