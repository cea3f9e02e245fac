//! What somebody sees and presses at a real terminal, made by `script`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use crate::support::{install, skipped, snapshot, unchanged};
use crate::trust::{Ground, TASKS};

/// A terminal with a program in it.
struct Screen {
    child: Child,
    keys: ChildStdin,
    output: Receiver<Vec<u8>>,
    /// Everything that was shown.
    shown: String,
    /// As far as what was waited for.
    seen: usize,
}

impl Screen {
    /// Starts the program in a terminal of so many columns. Nothing if no terminal can be made.
    fn start(ground: &Ground, columns: usize, words: &str, pager: &str) -> Option<Self> {
        if !Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success()) {
            skipped("there is no `script` to make a terminal with");
            return None;
        }
        let line = format!("stty cols {columns} rows 24; exec '{}' {words}", env!("CARGO_BIN_EXE_xtask"));
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(ground.folder.path());
        command.env("KUBEVIRT_DIR", &ground.checkout).env("TERM", "xterm").env_remove("COLUMNS");
        let path = std::env::join_paths(
            [ground.beside("programs")]
                .into_iter()
                .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        command.env("PAGER", pager).env("PATH", path.unwrap());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, output) = mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = stdout.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Some(Self { child, keys, output, shown: String::new(), seen: 0 })
    }

    /// Waits until something is shown behind what was waited for before.
    fn wait_for(&mut self, text: &str) {
        let until = Instant::now() + Duration::from_mins(2);
        loop {
            if let Some(at) = self.shown[self.seen..].find(text) {
                self.seen += at + text.len();
                return;
            }
            let left = until.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else { panic!("no {text:?} in {:?}", self.shown) };
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// What was shown, and how it ended.
    fn end(mut self) -> (String, Option<i32>) {
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_mins(2)) {
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
        let status = self.child.wait().unwrap();
        (std::mem::take(&mut self.shown), status.code())
    }
}

impl Drop for Screen {
    /// A test that fails leaves nothing running: it would hold the pipes of those who wait for the tests.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that stands in for another one.
fn stand_in(ground: &Ground, name: &str, script: &str) {
    fs::create_dir_all(ground.beside("programs")).unwrap();
    fs::write(ground.beside("text"), format!("#!/bin/sh\n{script}\n")).unwrap();
    install(&ground.beside("text"), &ground.beside("programs").join(name));
}

/// Ctrl-C, as a terminal sends it, and the end of what is typed.
const INTERRUPT: &str = "\u{3}";
const END: &str = "\u{4}";
const SCAFFOLD: &str = "scaffold tasks.md --hooks none --color never";

#[test]
fn ctrl_c_in_the_pager_is_the_pagers() {
    let ground = Ground::new();
    let before = snapshot(&ground.checkout);
    stand_in(
        &ground,
        "turner",
        "trap 'echo pager: stopped' INT\ncat\necho pager: waits\nwhile ! read line </dev/tty; do :; done\necho pager: left",
    );
    let Some(mut screen) = Screen::start(&ground, 80, SCAFFOLD, "turner") else { return };
    screen.wait_for("pager: waits");
    screen.press(INTERRUPT);
    // Both the pager and the program get it before the pager ends.
    std::thread::sleep(Duration::from_millis(500));
    // A shell that is interrupted before it reads sees the signal only once it has read.
    screen.press("\n");
    screen.wait_for("pager: stopped");
    screen.wait_for("pager: left");
    screen.wait_for("Apply?");
    screen.press("n\n");
    let (shown, code) = screen.end();
    assert_eq!(code, Some(0), "{shown}");
    // At the question it ends the program, as ever.
    let Some(mut screen) = Screen::start(&ground, 80, SCAFFOLD, "cat") else { return };
    screen.wait_for("Apply?");
    screen.press(INTERRUPT);
    let (shown, code) = screen.end();
    assert_eq!(code, Some(130), "{shown}");
    unchanged(&before, &snapshot(&ground.checkout), "Ctrl-C").unwrap();
}

#[test]
fn the_question_is_answered_with_its_own_words() {
    let ground = Ground::new();
    let before = snapshot(&ground.checkout);
    for word in ["maybe\n", "yep\n", " \u{1b}[A\n"] {
        let Some(mut screen) = Screen::start(&ground, 80, SCAFFOLD, "cat") else { return };
        screen.wait_for("Apply?");
        screen.press(word);
        // It is asked again, and nothing is taken for a no.
        screen.wait_for("Apply?");
        screen.press(END);
        let (shown, code) = screen.end();
        assert_eq!(code, Some(0), "{shown}");
        let (_, after) = shown.rsplit_once("Apply?").unwrap();
        let lines: Vec<&str> = after.split('\n').map(|line| line.trim_matches(['\r', '\u{8}'])).collect();
        assert!(lines.len() > 1 && !lines[0].contains("Nothing was written."), "it sticks to the question: {shown:?}");
        assert!(lines[1..].iter().any(|line| line.ends_with("Nothing was written.")), "{shown:?}");
    }
    unchanged(&before, &snapshot(&ground.checkout), "no answer").unwrap();
}

/// The longest line of what a terminal shows, by characters. What takes a line back starts a new one.
fn widest(shown: &str) -> String {
    let lines = shown.split(['\n', '\r']).map(|line| unlinked(line.trim_start_matches("\u{1b}[K")));
    lines.max_by_key(|line| line.chars().count()).unwrap_or_default()
}

/// A line without the addresses of its links, which take no room.
fn unlinked(line: &str) -> String {
    let mut parts = line.split("\u{1b}]8;;");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once("\u{1b}\\").map_or(part, |(_, shown)| shown))
}

#[test]
fn the_line_that_shows_progress_fits_the_terminal() {
    let ground = Ground::new();
    let task = |at: usize| {
        format!(
            "- [ ] T{at:03} **Part {at}**\n  - File: `pkg/virt-handler/heartbeat{at}/counter.go`\n  - Function: `count{at}()` - counts\n"
        )
    };
    fs::write(ground.beside("tasks.md"), TASKS.to_owned() + &(3..20).map(task).collect::<String>()).unwrap();
    assert_eq!(ground.run(&["scaffold", "tasks.md", "--hooks", "none", "--yes"]).0, Some(0));
    stand_in(&ground, "go", "case $1 in version) echo go version go1.99 linux/amd64;; *) sleep 1;; esac");
    stand_in(&ground, "gofmt", "exit 0");
    for columns in [40, 80, 132] {
        let Some(screen) = Screen::start(&ground, columns, "verify tasks.md --only T002-T019", "cat") else { return };
        let (shown, _) = screen.end();
        let progress: Vec<&str> = shown.split("\r\u{1b}[K").skip(1).filter(|frame| frame.contains("go vet")).collect();
        assert!(progress.len() > 3, "{shown:?}");
        for frame in progress {
            let line = frame.split(['\r', '\n']).next().unwrap_or_default();
            assert!(line.chars().count() < columns, "{columns} columns: {line:?}");
        }
    }
}

#[test]
fn the_table_of_feature_gates_fits_the_terminal() {
    let ground = Ground::new();
    let path = ground.path("pkg/virt-config/featuregate/active.go");
    let text = fs::read_to_string(&path).unwrap();
    let (name, register) = ("AVeryLongNameOfAFeatureGateThatSomebodyChoseOnce", "func init() {\n");
    let text = text.replacen("const (\n", &format!("const (\n\t{name} = \"{name}\"\n\n"), 1).replacen(
        register,
        &format!("{register}\tRegisterFeatureGate(FeatureGate{{Name: {name}, State: Alpha}})\n"),
        1,
    );
    fs::write(&path, text).unwrap();
    for (columns, is_split) in [(100, true), (250, false)] {
        let Some(screen) = Screen::start(&ground, columns, "gates", "cat") else { return };
        let (shown, _) = screen.end();
        assert!(shown.contains(name), "{shown}");
        let table: Vec<&str> = shown.lines().take_while(|line| !line.starts_with("warning")).collect();
        let widest = widest(&table.join("\n")).chars().count();
        assert!(widest <= columns && (widest > 100) != is_split, "{columns} columns, {widest} used: {shown}");
    }
}
