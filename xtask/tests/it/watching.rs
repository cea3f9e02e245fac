//! `status --watch` and `verify --watch`: they tell again what has changed, until Ctrl-C.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use kubevirt_scaffold::watch::{Watch, told};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::trust::{COUNTER, Ground, TASKS, YES};

/// Long enough for a machine that has other things to do.
const LIMIT: Duration = Duration::from_mins(1);

/// A command that runs, and what it prints.
struct Running {
    child: Child,
    pieces: Receiver<Vec<u8>>,
    text: String,
}

impl Running {
    fn start(ground: &Ground, words: &[&str]) -> Self {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(words).current_dir(ground.folder.path()).env("KUBEVIRT_DIR", &ground.checkout);
        command.env("PATH", std::env::var_os("PATH").unwrap());
        // One pipe for both streams: two would be read in an order that nobody wrote.
        let (mut reader, writer) = std::io::pipe().unwrap();
        let child = command.stdin(Stdio::null()).stdout(writer.try_clone().unwrap()).stderr(writer).spawn().unwrap();
        drop(command);
        let (sender, pieces) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                let _ = sender.send(bytes[..count].to_vec());
            }
        });
        Self { child, pieces, text: String::new() }
    }

    /// Waits for some words, and gives everything that was printed until then.
    fn until(&mut self, words: &str) -> String {
        let end = Instant::now() + LIMIT;
        while !self.text.contains(words) {
            let left = end.saturating_duration_since(Instant::now());
            match self.pieces.recv_timeout(left) {
                Ok(piece) => self.text.push_str(&String::from_utf8_lossy(&piece)),
                Err(error) => {
                    let _ = self.child.kill();
                    panic!("no {words:?} ({error}): {}", self.text);
                }
            }
        }
        std::mem::take(&mut self.text)
    }

    /// Presses Ctrl-C; the exit code.
    fn interrupted(mut self) -> (Option<i32>, Option<i32>) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), Signal::SIGINT).unwrap();
        let status = self.child.wait().unwrap();
        (status.code(), status.signal())
    }
}

#[test]
fn status_tells_what_is_different() {
    let ground = Ground::new();
    let mut running = Running::start(&ground, &["status", "tasks.md", "--watch"]);
    let first = running.until("Watching ");
    assert!(first.contains("T001") && first.contains("T002") && first.contains("2 missing"), "{first}");
    assert_eq!(ground.run(YES).0, Some(0));
    let second = running.until("Watching ");
    assert!(second.contains("Changed: ") && second.contains("0 missing"), "{second}");
    // A file that no scaffold is in changes nothing of it; one of a task tells that task alone.
    let text = fs::read_to_string(ground.path(COUNTER)).unwrap();
    let filled: String = text.lines().filter(|line| !line.contains("TODO")).flat_map(|line| [line, "\n"]).collect();
    fs::write(ground.path(COUNTER), filled).unwrap();
    let third = running.until("Watching ");
    assert!(third.contains("counter.go") && !third.contains("T001"), "{third}");
    // What cannot be read for a while is said, and watched further.
    fs::write(ground.beside("tasks.md"), "").unwrap();
    let fourth = running.until("Watching ");
    assert!(fourth.contains("error[tasks-empty]"), "{fourth}");
    fs::write(ground.beside("tasks.md"), TASKS.replace("T002", "T003")).unwrap();
    let fifth = running.until("Watching ");
    assert!(fifth.contains("T003") && fifth.contains("T002 is gone") && !fifth.contains("T001 "), "{fifth}");
    assert_eq!(running.interrupted(), (Some(130), None));
}

#[test]
fn verify_looks_again_at_what_a_change_can_matter_to() {
    let ground = Ground::new();
    assert_eq!(ground.run(YES).0, Some(0));
    let mut running = Running::start(&ground, &["verify", "tasks.md", "--watch"]);
    let first = running.until("Watching ");
    assert!(first.contains("T001") && first.contains("T002"), "{first}");
    let text = fs::read_to_string(ground.path(COUNTER)).unwrap();
    fs::write(ground.path(COUNTER), format!("{text}\n// More.\n")).unwrap();
    let second = running.until("Watching ");
    assert!(second.contains("counter.go") && second.contains("T002") && !second.contains("T001"), "{second}");
    // The tasks.md matters to all of them.
    fs::write(ground.beside("tasks.md"), format!("{TASKS}\n")).unwrap();
    let third = running.until("Watching ");
    assert!(third.contains("T001") && third.contains("T002"), "{third}");
    assert_eq!(running.interrupted(), (Some(130), None));
}

#[test]
fn what_does_not_go_together_is_said() {
    let ground = Ground::new();
    for words in [
        &["status", "tasks.md", "--watch", "--tick"][..],
        &["status", "tasks.md", "--watch", "--format", "json"],
        &["verify", "tasks.md", "--watch", "--junit", "x.xml"],
    ] {
        let (code, said) = ground.run(words);
        assert!(code == Some(2) && said.contains("--watch"), "{words:?}: {said}");
    }
    for command in ["status", "verify"] {
        let (code, said) = ground.run(&[command, "gone.md", "--watch"]);
        assert!(code == Some(2) && said.contains("error[tasks-missing]"), "{code:?} {said}");
    }
}

#[test]
fn what_was_written_during_a_run_counts_as_changed() {
    let folder = tempfile::TempDir::new().unwrap();
    let [old, new, gone] = ["old", "new", "gone"].map(|name| folder.path().join(name));
    fs::write(&old, "x").unwrap();
    std::thread::sleep(Duration::from_millis(20));
    let mut watch = Watch::default();
    std::thread::sleep(Duration::from_millis(20));
    fs::write(&new, "x").unwrap();
    watch.note([old.clone(), new.clone(), gone.clone()]);
    assert_eq!(watch.wait(), BTreeSet::from([new.clone()]));
    fs::write(&gone, "x").unwrap();
    fs::remove_file(&old).unwrap();
    assert_eq!(watch.wait(), BTreeSet::from([old, gone]));
    assert!(told(&BTreeSet::from([new])).starts_with("\nChanged: "));
}
