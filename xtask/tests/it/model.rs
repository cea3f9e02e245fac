//! Random lives of a checkout: scaffolding, edits by hand, other tasks, undo, kills and recoveries, in any
//! order. Whatever happens, no byte of the user's is lost.
//!
//! Two hundred lives are in every run; `MODEL_LIVES=10000` asks for more, `MODEL_SEED` for others.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Fault, Snapshot, at, restore, snapshot, unchanged};
use kubevirt_scaffold::apply::{FaultHook, Record, Transaction, effective_changes, history, interrupted};
use kubevirt_scaffold::baseline;
use kubevirt_scaffold::disk::DiskTree;
use kubevirt_scaffold::undo::Backwards;
use kubevirt_scaffold_core::pipeline::{Proposal, propose};
use kubevirt_scaffold_core::plan::{Earlier, Options};
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::Source;
use xtask::test::case::{copy, root, temporary};

/// Tasks that a tasks.md may hold; every life has some of them at any time.
const TASKS: &[&str] = &[
    "**Feature gate registration**\n  - Gate: `GuestClock`\n",
    "**Clocks tick**\n  - File: `tests/clock_test.go`\n  - Test: Clocks tick\n  - Test: Clocks stop\n",
    "**Clocks ring**\n  - File: `tests/clock_test.go`\n  - Test: Clocks ring\n",
    "**Clock**\n  - File: `pkg/virt-handler/clock/clock.go`\n  - Function: `tick()` - ticks\n",
    "**Alarm**\n  - File: `pkg/virt-handler/clock/clock.go`\n  - Function: `ring()` - rings\n",
    "**Clock tests**\n  - File: `pkg/virt-handler/clock/clock_test.go`\n  - Test: It ticks\n",
    "**Document clocks**\n  - File: `docs/clock.md`\n  - Content: Ticking\n",
    "**Document alarms**\n  - File: `docs/clock.md`\n  - Content: Ringing\n",
];

/// Numbers that look random and come again with the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

struct Life {
    root: PathBuf,
    dice: Dice,
    /// Which tasks there are, and whether a title has been changed.
    tasks: Vec<(usize, bool)>,
    /// What the user wrote: a file, and words in it that nobody else would write.
    words: Vec<(String, String)>,
    /// The tree before the last change, while nothing else has happened since.
    before: Option<Snapshot>,
    /// What happened, for whoever has to read it.
    log: Vec<String>,
}

impl Life {
    fn live(mut self, steps: usize) {
        for step in 0..steps {
            match self.dice.roll(10) {
                0..=2 => self.scaffold(None),
                3 | 4 => self.edit(step),
                5 => self.change_tasks(),
                6 => self.undo(None),
                7 => self.killed(step),
                8 => self.again(),
                _ => self.delete(),
            }
            self.nothing_is_lost();
        }
    }

    fn say(&mut self, what: impl Into<String>) {
        self.log.push(what.into());
    }

    fn source(&self) -> Source {
        let tasks = self.tasks.iter().map(|(task, renamed)| {
            let text = TASKS[*task];
            let text = if *renamed { text.replacen("**", "**Another ", 1) } else { text.to_owned() };
            format!("- [ ] T{:03} {text}", task + 1)
        });
        Source::new("tasks.md", format!("# Tasks: Guest Clock\n\n## Phase 1: All\n\n{}", tasks.collect::<String>()))
    }

    fn propose(&self) -> Proposal {
        let tree = DiskTree::new(&self.root);
        let survey = Survey::new(&tree).unwrap();
        let slug = || kubevirt_scaffold_core::plan::slug(&parse(&self.source()), &Options::default());
        let earlier = baseline::read(&self.root, slug).unwrap();
        let options = Options { earlier: Earlier { keep_edited: true, ..earlier }, ..Options::default() };
        propose(&self.source(), &survey, &options)
    }

    fn scaffold(&mut self, judge: Option<&FaultHook>) {
        let before = snapshot(&self.root);
        let proposal = self.propose();
        if proposal.is_refused() || proposal.set.changes.is_empty() {
            return self.say("scaffold: nothing");
        }
        let record = baseline::record(&proposal, &Source::new("", "scaffold"), None, Vec::new());
        let done = Transaction::begin(&self.root, judge).and_then(|transaction| transaction.apply(record));
        self.say(format!("scaffold: {:?}", done.as_ref().map_err(|refusal| refusal.message.clone())));
        self.before = done.is_ok().then_some(before);
    }

    /// Without changes, a second run has nothing to do.
    fn again(&mut self) {
        self.scaffold(None);
        let proposal = self.propose();
        if !proposal.is_refused() {
            let paths: Vec<&str> = proposal.set.changes.iter().map(|change| &*change.path).collect();
            assert!(paths.is_empty(), "a second run changes {paths:?}\n{}", self.log.join("\n"));
        }
        self.say("again");
    }

    fn undo(&mut self, judge: Option<&FaultHook>) {
        let history = history(&self.root).unwrap();
        let effective_changes = effective_changes(&history);
        let Some(last) = effective_changes.last() else { return };
        let chosen: Vec<&Record> = vec![last];
        let back = Backwards::new(&chosen, &|path| Transaction::peek(&self.root, path)).unwrap();
        if !back.edited.is_empty() && self.dice.roll(2) == 0 {
            return self.say("undo: refused");
        }
        let done =
            Transaction::begin(&self.root, judge).and_then(|transaction| transaction.apply(back.record(&chosen)));
        self.say(format!("undo: {:?}", done.as_ref().map_err(|refusal| refusal.message.clone())));
        if let (Some(before), true) = (self.before.take(), done.is_ok()) {
            unchanged(&before, &snapshot(&self.root), "undo").unwrap_or_else(|error| self.fail(&error));
        }
    }

    /// Scaffolds or takes back, is killed on the way, and recovers.
    fn killed(&mut self, step: usize) {
        let before = snapshot(&self.root);
        let nth = self.dice.roll(90);
        let judge = at(nth, if step.is_multiple_of(2) { Fault::Die } else { Fault::DieHalfWay }).0;
        if self.dice.roll(3) == 0 {
            self.undo(Some(&judge));
        } else {
            self.scaffold(Some(&judge));
        }
        self.before = None;
        if !interrupted(&self.root) {
            return;
        }
        // Sometimes the recovery is killed as well.
        if self.dice.roll(3) == 0 {
            let nth = self.dice.roll(40);
            let _ = self.recover(false, Some(&at(nth, Fault::Die).0));
        }
        let finish = self.dice.roll(2) == 0 && interrupted(&self.root);
        self.recover(finish, None).unwrap_or_else(|error| self.fail(&error));
        self.say(format!("killed at {nth}, finished: {finish}"));
        if !finish {
            unchanged(&before, &snapshot(&self.root), "putting back").unwrap_or_else(|error| self.fail(&error));
        }
    }

    fn recover(&self, finish: bool, judge: Option<&FaultHook>) -> Result<(), String> {
        let transaction = Transaction::begin(&self.root, judge).map_err(|refusal| refusal.message.clone())?;
        let Some(record) = transaction.pending().map_err(|refusal| refusal.message.clone())? else { return Ok(()) };
        let left = if finish { transaction.finish(&record) } else { transaction.roll_back(&record) };
        let left = left.map_err(|refusal| refusal.message.clone())?;
        if left.is_empty() { Ok(()) } else { Err(format!("left: {left:?}")) }
    }

    /// The user writes a line somewhere: at the end, at the start of a function, or instead of a stub.
    fn edit(&mut self, step: usize) {
        let known = [
            "tests/clock_test.go",
            "pkg/virt-handler/clock/clock.go",
            "docs/clock.md",
            "pkg/virt-handler/clock/clock_test.go",
            "pkg/virt-config/featuregate/active.go",
            "tests/BUILD.bazel",
        ];
        let path = known[self.dice.roll(known.len())];
        let Ok(text) = fs::read_to_string(self.root.join(path)) else { return };
        let word = format!("mine{step}x{}", self.words.len());
        let (comment, lines) = (if path.ends_with(".go") { "//" } else { "#" }, text.lines().collect::<Vec<_>>());
        let stub = lines.iter().position(|line| line.contains("not implemented"));
        let new = match (self.dice.roll(3), stub) {
            (0, Some(stub)) => {
                let indentation: String = lines[stub].chars().take_while(|c| c.is_whitespace()).collect();
                let end = if lines[stub].trim_start().starts_with("return") { "\n\treturn nil" } else { "" };
                let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
                lines[stub] = format!("{indentation}{comment} {word}{end}");
                lines.join("\n") + "\n"
            }
            (1, _) => match text.find(" {\n") {
                Some(at) if path.ends_with(".go") => format!("{}\t// {word}\n{}", &text[..at + 3], &text[at + 3..]),
                _ => format!("{comment} {word}\n{text}"),
            },
            _ => format!("{text}\n{comment} {word}\n"),
        };
        // A filled-in stub may leave an import unused; that is for the compiler to say.
        fs::write(self.root.join(path), new).unwrap();
        self.words.push((path.to_owned(), word));
        self.before = None;
        self.say(format!("edit {path}"));
    }

    /// The user deletes a file, with everything in it.
    fn delete(&mut self) {
        let known = ["docs/clock.md", "pkg/virt-handler/clock/clock_test.go"];
        let path = known[self.dice.roll(known.len())];
        if fs::remove_file(self.root.join(path)).is_ok() {
            self.words.retain(|(known, _)| known != path);
            self.before = None;
            self.say(format!("delete {path}"));
        }
    }

    fn change_tasks(&mut self) {
        let task = self.dice.roll(TASKS.len());
        match self.tasks.iter().position(|(known, _)| *known == task) {
            Some(at) if self.dice.roll(3) == 0 => self.tasks[at].1 ^= true,
            Some(at) if self.tasks.len() > 1 => {
                self.tasks.remove(at);
            }
            Some(_) => {}
            None => self.tasks.push((task, false)),
        }
        self.tasks.sort_unstable();
        self.say(format!("tasks: {:?}", self.tasks));
    }

    fn nothing_is_lost(&self) {
        for (path, word) in &self.words {
            let text = fs::read_to_string(self.root.join(path)).unwrap_or_default();
            if !text.contains(word) {
                self.fail(&format!("{word} of {path} is lost"));
            }
        }
        let left: Vec<String> =
            snapshot(&self.root).into_keys().filter(|path| path.contains(".kubevirt-scaffold-")).collect();
        if !left.is_empty() {
            self.fail(&format!("left behind: {left:?}"));
        }
    }

    fn fail(&self, error: &str) -> ! {
        panic!("{error}\n{}", self.log.join("\n"));
    }
}

#[test]
fn no_byte_of_the_users_is_lost() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (lives, seed) = (number("MODEL_LIVES").unwrap_or(200), number("MODEL_SEED").unwrap_or(1));
    let folder = temporary().unwrap();
    let ground = folder.path().join("kubevirt");
    copy(&root().join("tests/sample/kubevirt"), &ground).unwrap();
    fs::create_dir_all(ground.join(".git")).unwrap();
    let start = snapshot(&ground);
    let mut seen = BTreeSet::new();
    for life in 0..lives {
        reset(&ground, &start);
        let mut dice = Dice((seed << 32) + life * 0x9E37_79B9 + 1);
        (0..8).for_each(|_| _ = dice.roll(2));
        let tasks = (0..TASKS.len()).filter(|_| dice.roll(2) == 0).map(|task| (task, false)).collect();
        let steps = 4 + dice.roll(9);
        let mut alive = Life {
            root: ground.clone(),
            dice,
            tasks,
            words: Vec::new(),
            before: None,
            log: vec![format!("life {life}")],
        };
        if alive.tasks.is_empty() {
            alive.tasks.push((1, false));
        }
        alive.scaffold(None);
        alive.live(steps);
        seen.insert(snapshot(&ground));
    }
    println!("{lives} lives lived, to {} different ends", seen.len());
    assert!(seen.len() as u64 > lives / 4, "they are not all alike");
}

fn reset(ground: &Path, start: &Snapshot) {
    restore(ground, start);
    let _ = fs::remove_dir_all(ground.join(".git/kubevirt-scaffold"));
}
