//! `generate`: what goes wrong on the way changes nothing, and what goes right can be taken back. And trees without Bazel.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{snapshot, unchanged};
use crate::trust::{Ground, ended};

const SCRIPT: &str = r#"#!/usr/bin/env bash
set -ex
source $(dirname "$0")/common.sh
swagger-doc -in ${KUBEVIRT_DIR}/pkg/words/types.go
(cd ${KUBEVIRT_DIR}/tools/lister/ && go_build)
rm -f ${KUBEVIRT_DIR}/docs/words/*
(
    cd ${KUBEVIRT_DIR}/docs/words
    ${KUBEVIRT_DIR}/tools/lister/lister --all >words.md
)
frobnicate --all
"#;

const LISTER: &str = "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\n\t\"kubevirt.io/kubevirt/pkg/words\"\n)\n\nfunc main() {\n\tif words.Wrong {\n\t\tfmt.Fprintln(os.Stderr, \"words are wrong\")\n\t\tos.Exit(1)\n\t}\n\tfmt.Println(words.Word)\n}\n";

fn words(word: &str, wrong: bool) -> String {
    format!("package words\n\nconst Word = \"{word}\"\n\nvar Wrong = {wrong}\n")
}

/// A checkout with a small recipe, and a cache of its own.
pub(crate) struct Checkout {
    pub(crate) ground: Ground,
}

impl Checkout {
    pub(crate) fn new() -> Self {
        let checkout = Self { ground: Ground::new() };
        checkout.write("hack/generate.sh", SCRIPT);
        checkout.write("hack/builder/Dockerfile", "RUN go install -v example.org/cmd/swagger-doc@v0.0.1\n");
        checkout.write("tools/lister/main.go", LISTER);
        checkout.write("pkg/words/words.go", &words("one", false));
        checkout.write("pkg/words/types.go", "package words\n");
        checkout.write("docs/words/words.md", "one\n");
        checkout.write("go.mod", "module kubevirt.io/kubevirt\n\ngo 1.21\n");
        checkout.write("vendor/modules.txt", "");
        checkout.commit();
        checkout
    }

    pub(crate) fn commit(&self) {
        for arguments in [&["add", "--all", "--force"][..], &["commit", "--quiet", "--message", "y"]] {
            let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
            let mut git = Command::new("git");
            git.args(identity).args(arguments).current_dir(&self.ground.checkout);
            assert!(git.status().unwrap().success());
        }
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.ground.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command.args(["-k", "1", "300", env!("CARGO_BIN_EXE_xtask"), "generate", "--base", "HEAD"]).args(words);
        command.current_dir(self.ground.folder.path()).env("KUBEVIRT_DIR", &self.ground.checkout);
        command.env("XDG_CACHE_HOME", self.ground.beside("cache")).env("GOPROXY", "off").env("GOTOOLCHAIN", "local");
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// That a command is refused with a code, and leaves everything as it is.
    pub(crate) fn is_refused(&self, mut command: Command, code: &str, said: &[&str]) {
        let before = snapshot(&self.ground.checkout);
        let (status, text) = ended(&command.output().unwrap());
        assert_eq!(status, Some(2), "{text}");
        assert!(text.contains(&format!("error[{code}]")), "{code}: {text}");
        assert!(said.iter().all(|part| text.contains(part)), "{said:?}: {text}");
        unchanged(&before, &snapshot(&self.ground.checkout), code).unwrap();
    }
}

pub(crate) fn has_go() -> bool {
    Command::new("go").arg("version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn what_a_change_asks_for_is_generated_and_taken_back() {
    if !has_go() {
        return crate::support::skipped("no Go");
    }
    let checkout = Checkout::new();
    let (status, said) = ended(&checkout.run(&["--check"]));
    assert!(status == Some(0) && said.contains("nothing that is generated depends on what changed"), "{said}");
    checkout.write("pkg/words/words.go", &words("two", false));
    let changed = snapshot(&checkout.ground.checkout);
    let output = checkout.run(&["--check"]);
    let (status, said) = ended(&output);
    assert_eq!(status, Some(1), "{said}");
    let diff = String::from_utf8(output.stdout).unwrap();
    assert!(diff.contains("+++ b/docs/words/words.md\n@@ -1 +1 @@\n-one\n+two\n"), "{diff}");
    assert!(said.contains("hack/generate.sh:11 `frobnicate --all`: this program does not know `frobnicate`"), "{said}");
    unchanged(&changed, &snapshot(&checkout.ground.checkout), "--check").unwrap();
    let (status, said) = ended(&checkout.run(&["--yes"]));
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(fs::read_to_string(checkout.ground.path("docs/words/words.md")).unwrap(), "two\n");
    let (status, said) = ended(&checkout.run(&["--check"]));
    assert!(status == Some(0) && said.contains("up to date"), "{said}");
    let (status, said) = checkout.ground.run(&["undo", "--yes"]);
    assert_eq!(status, Some(0), "{said}");
    unchanged(&changed, &snapshot(&checkout.ground.checkout), "undo").unwrap();
}

#[test]
fn what_people_did_not_format_is_named() {
    if !has_go() {
        return crate::support::skipped("no Go");
    }
    let checkout = Checkout::new();
    checkout.write("pkg/words/words.go", &words("one", false).replace("const Word", "const  Word"));
    let (status, said) = ended(&checkout.run(&["--check"]));
    assert!(status == Some(1) && said.contains("`gofmt -w pkg/words/words.go`"), "{said}");
    checkout.write("pkg/words/words.go", &words("one", false));
    let (status, said) = ended(&checkout.run(&["--check"]));
    assert!(status == Some(0) && !said.contains("gofmt"), "{said}");
}

#[test]
fn a_generator_that_fails_changes_nothing() {
    if !has_go() {
        return crate::support::skipped("no Go");
    }
    let checkout = Checkout::new();
    checkout.write("pkg/words/words.go", &words("two", true));
    checkout.is_refused(checkout.command(&["--yes"]), "generate-failed", &["words are wrong", "hack/generate.sh:9"]);
    checkout.write("pkg/words/words.go", "package words\n\nconst Word = Unknown\n\nvar Wrong = false\n");
    let said = ["pkg/words/words.go:3:14", "undefined: Unknown"];
    checkout.is_refused(checkout.command(&["--yes"]), "generate-failed", &said);
}

#[test]
fn what_is_not_there_is_named() {
    let checkout = Checkout::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["generate", "--base", "nowhere", "--kubevirt"]).arg(&checkout.ground.checkout);
    checkout.is_refused(command, "generate-base", &["`nowhere` names no commit here"]);
    checkout.write("pkg/words/words.go", &words("two", false));
    // A PATH with git alone.
    let folders = std::env::var_os("PATH").unwrap();
    let git: PathBuf =
        std::env::split_paths(&folders).map(|folder| folder.join("git")).find(|path| path.is_file()).unwrap();
    let bin = checkout.ground.beside("bin");
    fs::create_dir(&bin).unwrap();
    symlink(git, bin.join("git")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["generate", "--base", "HEAD", "--yes", "--kubevirt"])
        .arg(&checkout.ground.checkout)
        .env("PATH", &bin);
    checkout.is_refused(command, "generate-go", &["go cannot be started", "make generate"]);
    if has_go() {
        let full = checkout.ground.checkout.display().to_string();
        let mut command = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_xtask");
        command.args(["-c", "ulimit -f 1; exec \"$0\" generate --base HEAD --yes --kubevirt \"$1\"", program, &full]);
        command.env("XDG_CACHE_HOME", checkout.ground.beside("cache"));
        checkout.is_refused(command, "generate-copy", &["cannot be copied"]);
        // The proxy cannot be reached at the first use.
        checkout.write("pkg/words/types.go", "package words\n\n// Type is one.\ntype Type int\n");
        let said = ["swagger-doc v0.0.1 cannot be built", "hack/builder/Dockerfile:1"];
        checkout.is_refused(checkout.command(&["--yes"]), "generate-tool", &said);
        checkout.write("hack/builder/Dockerfile", "FROM x\n");
        checkout.is_refused(
            checkout.command(&["--yes"]),
            "generate-tool",
            &["the version of swagger-doc is not known"],
        );
        checkout.write("go.mod", "module kubevirt.io/kubevirt\n\ngo 1.99\n");
        checkout.is_refused(checkout.command(&["--yes"]), "generate-go", &["1.99"]);
    }
    checkout.write("hack/generate.sh", "make it so\n");
    checkout.is_refused(
        checkout.command(&["--yes"]),
        "generate-script",
        &["nothing of hack/generate.sh is understood"],
    );
    fs::remove_file(checkout.ground.path("hack/generate.sh")).unwrap();
    checkout.is_refused(checkout.command(&["--yes"]), "generate-script", &["hack/generate.sh is not there"]);
}

/// Takes every file of Bazel's out of a tree.
fn without_bazel(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            without_bazel(&path);
        } else if name == "BUILD.bazel" || name == "WORKSPACE" {
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_tree_without_bazel_hears_nothing_of_it() {
    let ground = Ground::new();
    without_bazel(&ground.checkout);
    let sample = ground.command(&["scaffold", "--dry-run"]).output().unwrap();
    let text = [sample.stdout.clone(), sample.stderr.clone()].concat();
    let text = String::from_utf8(text).unwrap().to_lowercase();
    assert_eq!(sample.status.code(), Some(0), "{text}");
    assert!(text.contains("files to create"), "{text}");
    let line = text.lines().find(|line| line.contains("bazel"));
    assert_eq!(line, None);
}
