//! What the lines of a task speak of and do not ask for: it is denied, put off, or only thought of.

use std::fmt;

use super::{Key, PlannedTask, TaskLine};
use crate::demand::{Stance, stances, without};

/// A part of a line that asks for nothing now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAsked {
    /// Its line in the tasks.md, counted from 1.
    pub line: usize,
    /// Why.
    pub stance: Stance,
    /// What it speaks of would be made, not only called.
    pub makes: bool,
    /// The line asks for nothing else.
    pub is_all: bool,
}

impl NotAsked {
    /// Whether somebody has to be told: what is not to be called is not called.
    pub(crate) fn is_told(&self) -> bool {
        self.makes || !matches!(self.stance, Stance::Denied | Stance::Struck | Stance::About)
    }
}

impl fmt::Display for NotAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        match self.stance {
            Stance::Denied => write!(f, "line {line} says that something must not be done, so it is not done"),
            Stance::Conditional => write!(f, "line {line} makes a condition, and does not say whether it is met"),
            Stance::Later => write!(f, "line {line} leaves something for later or to somebody else"),
            Stance::Guess => write!(f, "line {line} only considers something"),
            Stance::About => write!(f, "line {line} asks for a test or a text about code, not for that code"),
            Stance::Unread => write!(f, "the code block in line {line} declares something that is not read"),
            Stance::Struck => write!(f, "what is struck out in line {line} is not done"),
        }
    }
}

/// Takes out of a text what it does not ask for.
fn take(text: &mut String, line: usize) -> Vec<NotAsked> {
    let (parts, asks) = stances(text);
    if parts.is_empty() {
        return Vec::new();
    }
    *text = without(text, &parts);
    let part =
        |part: &crate::demand::Withheld| NotAsked { line, stance: part.stance, makes: part.makes, is_all: !asks };
    parts.iter().map(part).collect()
}

/// Takes out of the title and the lines of a task what they do not ask for. What a spec or a document says is not read.
pub(crate) fn withhold(title: &mut String, line: usize, details: &mut [TaskLine]) -> Vec<NotAsked> {
    let mut found = take(title, line);
    for detail in details {
        let told = matches!(
            detail.key,
            Key::Test
                | Key::Verify
                | Key::Scenario
                | Key::Content
                | Key::File
                | Key::Pattern
                | Key::Command
                | Key::Description
                | Key::Comment
                | Key::Markers
                | Key::NoTest
                | Key::Owner
                | Key::Release
                | Key::Message
                | Key::Help
        );
        if !told {
            found.extend(take(&mut detail.text, detail.line));
        }
    }
    found
}

impl PlannedTask {
    /// Why the task as a whole asks for nothing, if its title does not.
    pub(crate) fn not_asked(&self) -> Option<NotAsked> {
        const CHANGES: &[&str] = &["ensure", "make", "fix", "prevent", "stop", "guarantee"];
        let first = self.said.split_whitespace().next().unwrap_or_default().to_lowercase();
        let own = self.withheld.iter().find(|one| one.line == self.line && one.is_all && one.makes);
        own.copied().filter(|one| one.stance != Stance::About && !CHANGES.contains(&first.as_str()))
    }

    /// Whether a line speaks of something to be made and does not ask for it, or a block of Go says what is to be made and
    /// is not understood: then nothing is made up in its place.
    pub(crate) fn withholds(&self) -> bool {
        !self.unread.is_empty() || self.withheld.iter().any(|one| one.makes)
    }
}
