//! Input that means harm, or that would do some: each is refused with the right word, and nothing is
//! written, inside of the checkout or outside.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::{Snapshot, snapshot, unchanged};
use tempfile::TempDir;
use xtask::test::case::{copy, root, temporary};

/// A folder with a checkout in it, and things beside it that must not be touched.
pub(crate) struct Ground {
    pub(crate) folder: TempDir,
    before: Snapshot,
    pub(crate) tried: usize,
    pub(crate) wrong: Vec<String>,
}

impl Ground {
    pub(crate) fn new() -> Self {
        let folder = temporary().unwrap();
        let checkout = folder.path().join("kubevirt");
        copy(&root().join("tests/sample/kubevirt"), &checkout).unwrap();
        fs::create_dir_all(checkout.join(".git")).unwrap();
        fs::create_dir_all(checkout.join("vendor/k8s.io")).unwrap();
        fs::create_dir_all(folder.path().join("outside")).unwrap();
        fs::write(folder.path().join("outside/file.go"), "package outside\n").unwrap();
        std::os::unix::fs::symlink("../../outside", checkout.join("pkg/link")).unwrap();
        std::os::unix::fs::symlink("../../outside/file.go", checkout.join("pkg/linked.go")).unwrap();
        let before = snapshot(folder.path());
        Self { folder, before, tried: 0, wrong: Vec::new() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command; it must exit with 2 and say one of the codes.
    pub(crate) fn refused(&mut self, what: &str, words: &[&str], codes: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(words).current_dir(self.folder.path()).env("KUBEVIRT_DIR", self.path("kubevirt"));
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        self.tried += 1;
        let known = codes.iter().any(|code| said.contains(&format!("error[{code}]")));
        if output.status.code() != Some(2) || !known && !codes.is_empty() {
            let first: Vec<&str> = said.lines().filter(|line| line.starts_with("error")).collect();
            self.wrong.push(format!("{what:?}: exit {:?}, {first:?} instead of {codes:?}", output.status.code()));
        }
        let hidden = |c: char| kubevirt_scaffold_core::diagnostic::is_invisible(c) && !matches!(c, '\n' | '\t');
        if said.contains(hidden) || String::from_utf8_lossy(&output.stdout).contains(hidden) {
            self.wrong.push(format!("{what:?}: a character that changes others is printed as it is"));
        }
    }

    fn refused_tasks(&mut self, what: &str, tasks: &[u8], codes: &[&str]) {
        let path = self.path("tasks.md");
        fs::write(&path, tasks).unwrap();
        self.refused(what, &["scaffold", "tasks.md", "--hooks", "none", "--yes"], codes);
        fs::remove_file(path).unwrap();
    }

    pub(crate) fn end(self, at_least: usize) {
        let untouched = unchanged(&self.before, &snapshot(self.folder.path()), "hostile input");
        println!("{} hostile inputs tried", self.tried);
        assert!(self.wrong.is_empty(), "{} of {}:\n{}", self.wrong.len(), self.tried, self.wrong.join("\n"));
        untouched.unwrap();
        assert!(self.tried >= at_least, "{}", self.tried);
    }
}

const OUT: &[&str] = &["path-absolute"];
const UP: &[&str] = &["path-escapes"];
const GIT: &[&str] = &["path-forbidden"];
const ODD: &[&str] = &["path-character"];
const RESERVED: &[&str] = &["path-reserved"];
const LINK: &[&str] = &["path-symlink"];
const MADE: &[&str] = &["path-generated"];
const CASE: &[&str] = &["path-case"];

/// Paths as a task may name them.
pub(crate) const PATHS: &[(&str, &[&str])] = &[
    ("/etc/passwd.go", OUT),
    ("/pkg/virt-handler/x.go", OUT),
    ("//pkg/x.go", OUT),
    ("/tmp/x.md", OUT),
    ("/root/.bashrc.go", OUT),
    ("~/x.go", OUT),
    ("~root/x.go", OUT),
    ("C:/x/y.go", OUT),
    ("c:/windows/system32/x.go", OUT),
    ("C:\\x\\y.go", OUT),
    ("Z:/x.go", OUT),
    ("../x.go", UP),
    ("../../x.go", UP),
    ("../outside/file.go", UP),
    ("pkg/../../outside/file.go", UP),
    ("pkg/../x.go", UP),
    ("pkg/virt-handler/../../../outside/file.go", UP),
    ("pkg/./../../outside/file.go", UP),
    ("./../outside/file.go", UP),
    ("pkg/..//../outside/file.go", UP),
    ("pkg/virt-handler/..", UP),
    ("docs/../../outside/x.md", UP),
    ("tests/../../../x_test.go", UP),
    (".git/config.go", GIT),
    (".git/hooks/pre-commit.go", GIT),
    (".GIT/hooks/x.go", GIT),
    (".Git/x.go", GIT),
    ("pkg/.git/x.go", GIT),
    ("./.git/x.go", GIT),
    ("pkg/../.git/x.go", UP),
    (".git./x.go", GIT),
    (".git../x.go", GIT),
    ("git~1/x.go", GIT),
    ("GIT~1/hooks/x.go", GIT),
    (".git::$INDEX_ALLOCATION/x.go", GIT),
    ("pkg/.gIt/modules/x.go", GIT),
    ("vendor/x.go", GIT),
    ("vendor/k8s.io/api/x.go", GIT),
    ("Vendor/k8s.io/x.go", GIT),
    ("VENDOR/x.go", GIT),
    ("./vendor/x.go", GIT),
    ("vendor//k8s.io/x.go", GIT),
    ("pkg\\x.go", ODD),
    ("pkg\\..\\..\\x.go", ODD),
    ("..\\outside\\file.go", ODD),
    ("pkg/virt-handler\\x.go", ODD),
    ("pkg/\u{202e}og.x.go", ODD),
    ("pkg/\u{202a}x.go", ODD),
    ("pkg/\u{2066}x\u{2069}.go", ODD),
    ("pkg/\u{200b}x.go", ODD),
    ("pkg/\u{200d}x.go", ODD),
    ("pkg/\u{feff}x.go", ODD),
    ("pkg/x\u{7}.go", ODD),
    ("pkg/x\u{1b}[31m.go", ODD),
    ("pkg/x\u{0}.go", ODD),
    ("pkg/x\u{7f}.go", ODD),
    ("pkg/x\u{85}.go", ODD),
    ("pkg/virt‐handler/x.go", ODD),
    ("pkg/virt–handler/x.go", ODD),
    ("pkg/vіrt-handler/x.go", ODD),
    ("pkg/ｘ.go", ODD),
    ("pkg/x\u{301}.go", ODD),
    ("pkg/日本/x.go", ODD),
    ("pkg/😀.go", ODD),
    ("pkg/x'.go", ODD),
    ("pkg/x&y.go", ODD),
    ("pkg/$HOME/x.go", ODD),
    ("pkg/!x.go", ODD),
    ("pkg/#x.go", ODD),
    ("pkg/%2e%2e/x.go", ODD),
    ("pkg/x^y.go", ODD),
    ("pkg/x:stream.go", ODD),
    ("pkg/x\u{a0}y.go", ODD),
    ("-pkg/x.go", &["path-character"]),
    ("pkg/-rf.go", &["path-character"]),
    ("pkg/con.go", RESERVED),
    ("pkg/CON/x.go", RESERVED),
    ("pkg/PRN.go", RESERVED),
    ("pkg/aux.go", RESERVED),
    ("pkg/Aux/x.go", RESERVED),
    ("pkg/nul.go", RESERVED),
    ("pkg/NUL/x.go", RESERVED),
    ("pkg/com1.go", RESERVED),
    ("pkg/COM9/x.go", RESERVED),
    ("pkg/lpt1.go", RESERVED),
    ("pkg/LPT0/x.go", RESERVED),
    ("pkg/conin$.go", RESERVED),
    ("docs/aux.md", RESERVED),
    ("pkg/x./y.go", RESERVED),
    ("pkg/nul.tar.go", RESERVED),
    ("pkg/link/x.go", LINK),
    ("pkg/link/file.go", LINK),
    ("pkg/linked.go", LINK),
    ("pkg/link/deeper/x.go", LINK),
    ("./pkg/link/x.go", LINK),
    ("pkg//link/x.go", LINK),
    ("pkg/virt-handler/zz_generated.x.go", MADE),
    ("pkg/virt-api/generated_mock_x.go", MADE),
    ("staging/src/kubevirt.io/client-go/kubecli/generated_mock_x.go", MADE),
    ("Pkg/virt-handler/x.go", CASE),
    ("PKG/virt-handler/x.go", CASE),
    ("pkg/Virt-Handler/x.go", CASE),
    ("pkg/virt-config/Virt-Config.go", CASE),
    ("Tests/x_test.go", CASE),
    ("pkg/VIRT-CONFIG/featuregate/x.go", CASE),
    ("Docs/x.md", CASE),
    ("go.mod/x.go", &["path-not-folder"]),
    ("pkg/virt-config/virt-config.go/x.go", &["path-not-folder"]),
];

pub(crate) fn task(path: &str) -> String {
    format!("# Tasks: Clock\n\n## Phase 1: A\n\n- [ ] T001 **Write it**\n  - File: `{path}`\n  - Function: `tick()`\n")
}

#[test]
fn paths_of_tasks() {
    let mut ground = Ground::new();
    for (path, codes) in PATHS {
        ground.refused_tasks(path, task(path).as_bytes(), codes);
    }
    let long = [
        format!("pkg/{}.go", "x".repeat(201)),
        format!("{}x.go", "pkg/".repeat(300)),
        format!("pkg/{}/x.go", "y".repeat(255)),
    ];
    for path in &long {
        ground.refused_tasks(&path[..40], task(path).as_bytes(), ODD);
    }
    ground.end(110);
}

/// Values of flags.
const FLAGS: &[(&[&str], &[&str])] = &[
    (&["--set", "novalue"], &["set"]),
    (&["--set", "=value"], &["set"]),
    (&["--set", "key="], &["set"]),
    (&["--set", "component=a/../../outside"], &["set"]),
    (&["--set", "component=../../outside"], &["set"]),
    (&["--set", "component=.git"], &["set"]),
    (&["--set", "component=/etc"], &["set"]),
    (&["--set", "component=a\\b"], ODD),
    (&["--set", "component=a\u{202e}b"], &["set"]),
    (&["--set", "component=a\u{1b}[2Jb"], &["set"]),
    (&["--set", "component=a\nb"], &["set"]),
    (&["--set", "component=$(id)"], ODD),
    (&["--set", "component=a;b"], ODD),
    (&["--set", "component=a`b"], ODD),
    (&["--set", "component=é"], ODD),
    (&["--set", "feature=\"); os.Exit(1)"], &["feature-name"]),
    (&["--set", "feature=*/ package x"], &["feature-name"]),
    (&["--set", "feature=a\nb"], &["feature-name"]),
    (&["--set", "feature=a`b"], &["feature-name"]),
    (&["--set", "feature={{x}}"], &["feature-name"]),
    (&["--set", "feature=\u{202e}x"], &["feature-name"]),
    (&["--set", "feature=\u{0007}"], &["feature-name"]),
    (&["--set", "feature=<script>"], &["feature-name"]),
    (&["--gate", ""], &[]),
    (&["--gate", "1Clock"], &["gate-name"]),
    (&["--gate", "clock"], &["gate-name"]),
    (&["--gate", "Clock Gate"], &["gate-name"]),
    (&["--gate", "Clock\"Gate"], &["gate-name"]),
    (&["--gate", "Clock\nGate"], &["gate-name"]),
    (&["--gate", "Clock()"], &["gate-name"]),
    (&["--gate", "Clock;Gate"], &["gate-name"]),
    (&["--gate", "Clock`Gate"], &["gate-name"]),
    (&["--gate", "Clöck"], &["gate-name"]),
    (&["--gate", "Clock\u{202e}"], &["gate-name"]),
    (&["--gate", "../Clock"], &["gate-name"]),
    (&["--gate", "{{Clock}}"], &["gate-name"]),
    (&["--gate", "Clock", "--owner", "a\n*/"], &["owner"]),
    (&["--gate", "Clock", "--owner", "\u{202e}sig"], &["owner"]),
    (&["--gate", "Clock", "--owner", "sig\u{1b}[31m"], &["owner"]),
    (&["--gate", "Clock", "--owner", "sig\rpackage x"], &["owner"]),
    (&["--gate", "Clock", "--release", "1.8"], &["release"]),
    (&["--gate", "Clock", "--release", "v1.8.0\nx"], &["release"]),
    (&["--gate", "Clock", "--release", "latest"], &["release"]),
    (&["--gate", "Clock", "--release", "v1.8.0 // x"], &["release"]),
    (&["--gate", "Clock", "--release", "v1.99999999999999999999.0"], &["release"]),
    (&["--only", "T001;T002"], &["task-unknown"]),
    (&["--only", "T009"], &["task-unknown"]),
    (&["--only", "../T001"], &["task-unknown"]),
    (&["--only", ""], &["task-unknown"]),
    (&["--phase", "9"], &["phase-unknown"]),
    (&["--phase", "\u{202e}"], &["phase-unknown"]),
    (&["--patch", "/proc/nothing/x.patch"], &[]),
    (&["--kubevirt", "outside"], &["not-kubevirt"]),
    (&["--kubevirt", "/"], &["not-kubevirt"]),
    (&["--kubevirt", "missing"], &["not-kubevirt"]),
    (&["--hooks", "rm -rf"], &[]),
    (&["--state", "ga; x"], &[]),
    (&["--format", "yaml"], &[]),
];

/// What reads like a path and is taken for words: nothing is made of it.
const WORDS: &[&str] = &[
    "pkg/x\".go",
    "pkg/x;rm.go",
    "pkg/x|y.go",
    "pkg/$(id)/x.go",
    "pkg/x=y.go",
    "pkg/x<y.go",
    "pkg/x>y.go",
    "pkg/*.go",
];

#[test]
fn words_that_are_no_paths() {
    let ground = Ground::new();
    for words in WORDS {
        fs::write(ground.path("tasks.md"), task(words)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["scaffold", "tasks.md", "--hooks", "none", "--yes"]).current_dir(ground.folder.path());
        let output = command.env("KUBEVIRT_DIR", ground.path("kubevirt")).output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 2)), "{words}");
    }
    fs::remove_file(ground.path("tasks.md")).unwrap();
    ground.end(0);
}

#[test]
fn values_of_flags() {
    let mut ground = Ground::new();
    let tasks = "# Tasks: [feature]\n\n## Phase 1: A\n\n- [ ] T001 **Write it**\n  - File: `pkg/virt-[component]/x.go`\n  - Function: `tick()`\n";
    fs::write(ground.path("tasks.md"), tasks).unwrap();
    for (flags, codes) in FLAGS {
        let mut words = vec!["scaffold", "tasks.md", "--hooks", "none", "--yes"];
        let given = |key: &str| flags.iter().any(|flag| flag.starts_with(key));
        if !given("feature=") {
            words.extend(["--set", "feature=clock"]);
        }
        if !given("component=") {
            words.extend(["--set", "component=handler"]);
        }
        words.extend(*flags);
        ground.refused(&flags.join(" "), &words, codes);
    }
    fs::remove_file(ground.path("tasks.md")).unwrap();
    ground.end(55);
}

#[test]
fn files_of_tasks() {
    let mut ground = Ground::new();
    for (one, other) in [("clock/Clock.go", "clock/clock.go"), ("clock/a.go", "Clock/b.go"), ("x/Y/a.go", "x/y/b.go")] {
        let [one, other] = [one, other].map(|path| format!("pkg/virt-handler/{path}"));
        let second = format!("- [ ] T002 **And this**\n  - File: `{other}`\n  - Function: `tock()`\n");
        ground.refused_tasks(&other, (task(&one) + &second).as_bytes(), CASE);
    }
    ground.refused_tasks("nothing", b"", &["tasks-empty"]);
    ground.refused_tasks("white space", b" \n\t\n", &["tasks-empty"]);
    ground.refused_tasks("a lone byte", b"# Tasks\n\n- [ ] T001 \xff\n", &["tasks-encoding"]);
    ground.refused_tasks("UTF-16", b"\xff\xfe#\0 \0T\0", &["tasks-encoding"]);
    ground.refused_tasks("an overlong form", b"# Tasks \xc0\xaf\n", &["tasks-encoding"]);
    ground.refused_tasks("a surrogate", b"# Tasks \xed\xa0\x80\n", &["tasks-encoding"]);
    ground.refused_tasks("no task", b"# Tasks\n\nWords.\n", &["tasks-none"]);
    ground.refused_tasks("a program", b"\x7fELF\x02\x01\x01", &[]);
    ground.refused_tasks("too large", &b"- x\n".repeat(1 << 21), &["tasks-size"]);
    let many: String = (0..50_000).fold(String::new(), |text, n| text + &format!("- [ ] T{n:05} x\n"));
    ground.refused_tasks("too many tasks", format!("# Tasks: Many\n\n{many}").as_bytes(), &["tasks-count"]);
    let deep: String = (0..200).fold(String::new(), |text, n| text + &format!("{}- [ ] T{n:03} x\n", "  ".repeat(n)));
    ground.refused_tasks("too deep", format!("# Tasks: Deep\n\n{deep}").as_bytes(), &["tasks-nesting"]);
    let paths: Vec<String> = (0..2_001).map(|at| format!("docs/page{at}.md")).collect();
    ground.refused_tasks("paths on one line", task(&paths.join("`, `")).as_bytes(), &["tasks-paths"]);
    ground.refused_tasks(
        "paths in braces",
        task(&format!("docs/{}.md", "{a,b}".repeat(800))).as_bytes(),
        &["tasks-paths"],
    );
    let quoted = format!("# Tasks\n\n{} - [ ] T001 x\n", ">".repeat(5000));
    ground.refused_tasks("quotes in quotes", quoted.as_bytes(), &[]);
    ground.refused("no file", &["scaffold", "missing.md", "--yes"], &["tasks-missing"]);
    ground.refused("a folder", &["scaffold", "outside", "--yes"], &["tasks-missing"]);
    ground.refused("a device", &["scaffold", "/dev/zero", "--yes"], &["tasks-missing", "tasks-size"]);
    ground.refused("an endless file", &["check", "/dev/zero"], &["tasks-missing", "tasks-size"]);
    ground.end(17);
}
