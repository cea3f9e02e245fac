//! Completions and manual pages, as a shell and `man` find them.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

fn program(home: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevirt-scaffold"));
    command.args(words).current_dir(home).env("HOME", home);
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "KUBEVIRT_DIR"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

/// What a shell is told when the last of some words is begun.
fn completed(home: &Path, words: &[&str]) -> Vec<String> {
    let index = words.len().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevirt-scaffold"));
    command.args([&["--", "kubevirt-scaffold"], words].concat()).current_dir(home).env("HOME", home);
    command.env("KUBEVIRT_SCAFFOLD_COMPLETE", "bash").env("_CLAP_IFS", "\n").env("_CLAP_COMPLETE_INDEX", index);
    let output = command.output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn values_are_completed() {
    let home = TempDir::new().unwrap();
    let tasks = "# Tasks: X\n\n## Phase 1: A\n\n- [ ] T001 **A** in `pkg/[component]/x.go`\n- [ ] T002 **\u{1b}[2J**\n- [ ] T013 **C**\n";
    std::fs::write(home.path().join("tasks.md"), tasks).unwrap();
    let home = home.path();
    for (words, expected) in [
        (&["rec"][..], &["recover"][..]),
        (&["scaffold", "tasks.md", "--only", "T00"], &["T001", "T002"]),
        (&["commit", "--only", "T001,T01"], &["T001,T013"]),
        (&["scaffold", "--only", "T001,T00"], &["T001,T002"]),
        (&["scaffold", "--phase", ""], &["1"]),
        (&["undo", "--to", ""], &["0"]),
        (&["scaffold", "--set", "component=h"], &["component=handler"]),
        (&["--explain", "tests-l"], &["tests-late"]),
        (&["completions", "z"], &["zsh"]),
    ] {
        assert_eq!(completed(home, words), expected, "{words:?}");
    }
}

#[test]
fn one_command_installs_them() {
    let home = TempDir::new().unwrap();
    for _ in 0..2 {
        for shell in ["bash", "zsh", "fish"] {
            let output = program(home.path(), &["completions", shell, "--install"]);
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    let data = home.path().join(".local/share");
    let page = std::fs::read_to_string(data.join("man/man1/kubevirt-scaffold-commit.1")).unwrap();
    assert!(page.contains("\\-\\-any\\-branch"), "{page}");
    assert!(data.join("zsh/site-functions/_kubevirt-scaffold").is_file());
    // `man` finds them beside the folders of the programs.
    let output = program(home.path(), &["completions", "bash", "--install"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("For `man` to find them, add this to ~/.bashrc: export MANPATH="), "{said}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevirt-scaffold"));
    command.args(["completions", "--install"]).env("HOME", home.path()).env_remove("XDG_DATA_HOME");
    let output = command.env("PATH", home.path().join(".local/bin")).env("SHELL", "/bin/tcsh").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && !said.contains("MANPATH"), "{said}");
    // Another shell is not taken for bash without a word.
    assert!(said.contains("$SHELL is tcsh") && said.contains("these are for bash"), "{said}");
    // What is somebody else's stays.
    let bash = data.join("bash-completion/completions/kubevirt-scaffold");
    std::fs::write(&bash, "# mine\n").unwrap();
    let output = program(home.path(), &["completions", "bash", "--install"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&bash).unwrap(), "# mine\n");
    let script = program(home.path(), &["completions", "zsh"]);
    assert!(String::from_utf8_lossy(&script.stdout).starts_with("#compdef kubevirt-scaffold"));
}

/// Types into a shell, at a terminal, after the completions have been installed for it. After each piece it waits for
/// what is to be shown then. Nothing without that shell.
fn typed(shell: &str, configuration: &str, pieces: &[(&str, &str)]) -> Option<String> {
    const PATIENCE: Duration = Duration::from_mins(1);
    let is_there = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !is_there(shell) || !is_there("script") {
        let _ = writeln!(std::io::stderr(), "skipped: completions: there is no {shell}, or no `script`");
        return None;
    }
    let home = TempDir::new().unwrap();
    assert_eq!(program(home.path(), &["completions", shell, "--install"]).status.code(), Some(0));
    for name in [".bashrc", ".zshrc"] {
        std::fs::write(home.path().join(name), configuration).unwrap();
    }
    std::fs::write(
        home.path().join("tasks.md"),
        "# Tasks: X\n\n## Phase 1: A\n\n- [ ] T0815 **A** in `pkg/[component]/x.go`\n",
    )
    .unwrap();
    let folder = Path::new(env!("CARGO_BIN_EXE_kubevirt-scaffold")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path))).unwrap();
    let mut command = Command::new("script");
    command.args(["-qec", &format!("{shell} -i"), "/dev/null"]).current_dir(home.path());
    command.env("HOME", home.path()).env("PATH", path).env("TERM", "dumb").env_remove("ZDOTDIR").env("SHELL", shell);
    // Where CI is set, help is in colours.
    command.env("NO_COLOR", "1").env_remove("CI").env_remove("CLICOLOR_FORCE");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (sender, shown) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = stdout.read(&mut piece) {
            let _ = sender.send(String::from_utf8_lossy(&piece[..length]).into_owned());
        }
    });
    let (mut all, mut seen) = (String::new(), 0);
    for (keys, expected) in [("", "READY")].iter().chain(pieces) {
        stdin.write_all(keys.as_bytes()).unwrap();
        let until = Instant::now() + PATIENCE;
        while !all[seen..].contains(expected) {
            let more = shown.recv_timeout(until.saturating_duration_since(Instant::now()));
            all += &more.unwrap_or_else(|error| panic!("{error}: no {expected:?} after {keys:?} in {shell}: {all}"));
        }
        seen = all.len();
        // What is typed before a shell reads keys again is no key press to it.
        std::thread::sleep(Duration::from_millis(500));
        all.extend(shown.try_iter());
    }
    stdin.write_all(b"exit\n").unwrap();
    drop(stdin);
    child.wait().unwrap();
    reader.join().unwrap();
    Some(all)
}

#[test]
fn a_shell_completes_at_the_first_key_press() {
    let zsh = "PS1='READY %% '\nfpath+=(~/.local/share/zsh/site-functions)\nautoload -U compinit; compinit -u\n";
    let bash = "PS1='READY $ '\nsource ~/.local/share/bash-completion/completions/kubevirt-scaffold\n";
    let pieces = [
        ("kubevirt-scaffold reco\t", "recover"),
        ("--help\n", "READY"),
        ("kubevirt-scaffold scaffold tasks.md --only T08\t", "T0815"),
        ("--html\n", "READY"),
        ("kubevirt-scaffold --explain tests-la\t", "tests-late"),
        ("\n", "READY"),
    ];
    // bash takes what stands around `=` for words of its own.
    let equals = [
        ("kubevirt-scaffold scaffold --set component=ha\t", "ndler"),
        ("--help\n", "READY"),
        ("echo; kubevirt-scaffold scaffold --format=js\t", "on"),
        ("--help\n", "READY"),
    ];
    for (shell, configuration) in [("zsh", zsh), ("bash", bash)] {
        let pieces = if shell == "bash" { [&pieces[..], &equals].concat() } else { pieces.to_vec() };
        let Some(shown) = typed(shell, configuration, &pieces) else { continue };
        for expected in ["Usage: kubevirt-scaffold recover", "T0815", "tests-late\r\n\r\nWarning"] {
            assert!(shown.contains(expected), "{shell}, {expected}: {shown}");
        }
    }
}
