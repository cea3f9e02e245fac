//! What KubeVirt's history did with feature gates.

use super::git_tree::Repository;
use super::view::{View, values, view};

/// Where gates have been kept.
const PATHS: &[&str] =
    &["pkg/virt-config/featuregate", "pkg/virt-config/feature-gates.go", "pkg/virt-config/deprecation"];

/// A commit that moves more gates than this sorts files; it is no decision about a gate.
const REORGANISES: usize = 5;

/// Something that a commit did with one gate.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) commit: String,
    pub(super) date: String,
    /// The string that users write.
    pub(super) gate: String,
    pub(super) before: Option<View>,
    pub(super) after: View,
}

impl Event {
    /// The commit, short.
    pub(super) fn short(&self) -> &str {
        &self.commit[..10]
    }

    /// The commit before it.
    pub(super) fn parent(&self) -> String {
        format!("{}^", self.commit)
    }
}

/// Additions, and changes of state, oldest first.
pub(super) fn events(repository: &Repository<'_>, head: &str, since: &str) -> (Vec<Event>, Vec<Event>) {
    // Git takes a date without a time for that day at this time of the day.
    let since = if since.contains([':', ' ']) { since.to_owned() } else { format!("{since}T00:00:00Z") };
    let since = format!("--since={since}");
    let mut arguments = vec!["log", "--no-merges", "--reverse", "--format=%H %cs", &since, head, "--"];
    arguments.extend(PATHS);
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for line in repository.git(&arguments).unwrap_or_default().lines() {
        let Some((commit, date)) = line.split_once(' ') else { continue };
        let (old, new) = (repository.tree(&format!("{commit}^")), repository.tree(commit));
        let known = values(&old);
        let mut here = Vec::new();
        for gate in values(&new) {
            let Some(after) = view(&new, &gate) else { continue };
            let before = known.contains(&gate).then(|| view(&old, &gate)).flatten();
            let event = Event { commit: commit.to_owned(), date: date.to_owned(), gate, before: before.clone(), after };
            match before {
                None => added.push(event),
                Some(before) if state(&before) != state(&event.after) && state(&before).is_some() => here.push(event),
                Some(_) => {}
            }
        }
        if here.len() <= REORGANISES {
            changed.extend(here);
        }
    }
    (added, changed)
}

/// The state that a gate is registered in.
pub(super) fn state(view: &View) -> Option<&str> {
    view.registration.as_ref().map(|(state, ..)| state.as_str())
}
