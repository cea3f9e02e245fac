//! Who owns a feature gate, or specs, where nobody says so.

use super::{Assigned, Key, PlannedTask};
use crate::diagnostic::Diagnostic;

/// The only SIG that the tasks of a list state: in a `SIG:` line, or in brackets before a title.
pub(super) fn stated_sig(tasks: &[PlannedTask]) -> Option<String> {
    let is_sig = |key: &Key| matches!(key, Key::Other(word) if word == "sig" || word == "sig label");
    let lines =
        tasks.iter().flat_map(|task| task.details.iter().filter(|line| is_sig(&line.key)).map(|line| &line.text));
    let labels = tasks.iter().flat_map(|task| &task.labels);
    let named = |text: &String| {
        let text = text.trim_matches(['`', '[', ']', ' ']).to_lowercase();
        let is_one = text.starts_with("sig-") && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        is_one.then_some(text)
    };
    let mut found = lines.chain(labels).filter_map(named);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// A SIG that nobody states.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Guess {
    /// It.
    pub(crate) sig: &'static str,
    /// All that would be as good.
    pub(crate) tied: Vec<&'static str>,
}

/// The code of the note about a guess.
pub(crate) const GUESSED: &str = "sig-guess";

/// Says that a SIG was guessed: among several, or from nothing.
pub(crate) fn guessed(sig: &str, tied: &[&str]) -> Diagnostic {
    let message = match tied {
        [] => format!("{sig} is a guess: no line states a SIG, and no file of the tasks tells one"),
        tied => format!("{sig} is a guess: the tasks touch as many files of {}", tied.join(", ")),
    };
    Diagnostic::note(GUESSED, message).help("state it: `- Owner: sig-…` at the feature gate, `- SIG: sig-…` at a test")
}

/// The SIG whose folders the tasks touch most, for a gate without an owner.
pub(crate) fn sig(files: &[Assigned]) -> Guess {
    let mut counts =
        [("sig-compute", 0), ("sig-network", 0), ("sig-storage", 0), ("sig-monitoring", 0), ("sig-operator", 0)];
    for file in files {
        let path = file.place.as_ref().map_or("", |place| &*place.path);
        let sig = match path {
            path if path.contains("/network") => "sig-network",
            path if path.contains("/storage") => "sig-storage",
            path if path.contains("/monitoring/") => "sig-monitoring",
            path if path.starts_with("pkg/virt-operator/") || path.starts_with("tests/operator/") => "sig-operator",
            path if path.starts_with("pkg/virt-") && !path.starts_with("pkg/virt-config/") => "sig-compute",
            _ => continue,
        };
        counts.iter_mut().filter(|(name, _)| *name == sig).for_each(|(_, count)| *count += 1);
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let tied: Vec<&'static str> =
        counts.iter().filter(|(_, count)| most > 0 && *count == most).map(|(name, _)| *name).collect();
    Guess { sig: tied.first().copied().unwrap_or("sig-compute"), tied }
}
