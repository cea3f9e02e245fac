//! Additions of feature gates, made again by this tool and compared with what their authors wrote.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use kubevirt_scaffold_core::pipeline::{Proposal, propose};
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::tree::{Overlay, Tree};

use super::git_tree::Repository;
use super::history::{Event, state};
use super::view::{View, view};

/// What is compared, in the order of the page's columns.
pub(super) const ITEMS: [&str; 7] =
    ["constant", "value", "comment", "registration", "accessor", "its body", "BUILD.bazel"];

/// How one item came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Item {
    /// As the author wrote it.
    Same,
    /// The author did otherwise, and no tasks.md could have said so: what they did.
    Choice(String),
    /// We do otherwise: what.
    Ours(String),
}

/// An addition, replayed.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) event: Event,
    /// One for each of [`ITEMS`].
    pub(super) items: Vec<Item>,
    /// The constant, the registration and the accessor: whether the author put them last, as we do.
    pub(super) last: [Option<bool>; 3],
    /// Whether it compiles; nothing if nobody looked.
    pub(super) compiles: Option<Result<(), String>>,
    /// The tasks.md.
    pub(super) tasks: String,
}

/// Whether the tasks.md says what the constant and the accessor are called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Names {
    /// It does not: they are derived from the gate's name.
    Derived,
    /// It does, where they are not.
    Stated,
}

/// The facts of an addition as a tasks.md.
pub(super) fn tasks(event: &Event, names: Names) -> String {
    let author = &event.after;
    let mut text = format!("# Tasks: {0}\n\n- [ ] T001 **Feature gate registration**\n  - Gate: `{0}`\n", event.gate);
    let mut detail = |key: &str, value: &str| {
        let _ = writeln!(text, "  - {key}: {value}");
    };
    let stage = state(author).or(author.last_stage()).unwrap_or("Alpha");
    if stage == "Beta" {
        detail("State", "Beta");
    }
    if let Some(owner) = author.owner() {
        detail("Owner", owner);
    }
    if let Some(release) = author.release(stage) {
        detail("Release", &whole(release));
    }
    let prose = author.prose();
    if !prose.is_empty() {
        detail("Description", &prose);
    }
    if names == Names::Stated {
        if author.identifier != event.gate {
            detail("Constant", &format!("`{}`", author.identifier));
        }
        if let Some((accessor, ..)) = &author.accessor {
            detail("Accessor", &format!("`{accessor}`"));
        }
    }
    text
}

/// `v1.8` is `v1.8.0`.
fn whole(release: &str) -> String {
    if release.matches('.').count() == 1 { format!("{release}.0") } else { release.to_owned() }
}

/// What this tool makes of a tasks.md on a tree.
pub(super) fn proposal(tree: &dyn Tree, tasks: &str) -> Result<Proposal> {
    let survey = match Survey::new(tree) {
        Ok(survey) => survey,
        Err(reason) => bail!("no KubeVirt: {}", reason.0),
    };
    let proposal = propose(&Source::new("tasks.md", tasks), &survey, &Options::default());
    if proposal.is_refused() {
        let said: Vec<&str> = proposal.diagnostics().map(|diagnostic| diagnostic.message.as_str()).collect();
        bail!("{}", said.join("; "));
    }
    Ok(proposal)
}

/// What a tree says about a gate once a proposal is carried out.
pub(super) fn outcome(tree: &dyn Tree, proposal: &Proposal, gate: &str) -> Option<View> {
    let changes = proposal.set.changes.iter().map(|change| (change.path.to_string(), Some(change.after.clone())));
    view(&Overlay::new(tree, changes.collect()), gate)
}

/// Replays an addition.
pub(super) fn replay(repository: &Repository<'_>, event: &Event, names: Names) -> Result<Replayed> {
    let tree = repository.tree(&event.parent());
    let tasks = tasks(event, names);
    let proposal = proposal(&tree, &tasks)?;
    let Some(ours) = outcome(&tree, &proposal, &event.gate) else { bail!("the gate is not there afterwards") };
    let author = &event.after;
    let last = [
        Some(author.is_last_constant),
        author.registration.as_ref().map(|(.., last)| *last),
        author.accessor.as_ref().map(|(.., last)| *last),
    ];
    let mut items = compare(author, &ours);
    items.push(build_files(repository, event, &proposal));
    Ok(Replayed { event: event.clone(), items, last, compiles: None, tasks })
}

fn compare(author: &View, ours: &View) -> Vec<Item> {
    let named = |theirs: &str, ours: &str| {
        if theirs == ours { Item::Same } else { Item::Choice(format!("`{theirs}`, not `{ours}`")) }
    };
    // The same thing under the author's name.
    let renamed = |text: &str| text.replace(&ours.identifier, &author.identifier);
    let value = if ours.file == author.file { Item::Same } else { Item::Choice(format!("stands in {}", author.file)) };
    let registration = match (&author.registration, &ours.registration) {
        (None, None) => Item::Same,
        (None, Some(_)) => Item::Choice("not registered".to_owned()),
        (Some((_, theirs, _)), Some((_, text, _))) if *theirs == renamed(text) => Item::Same,
        (Some((_, theirs, _)), Some((_, text, _))) => Item::Ours(format!("`{theirs}`, not `{text}`")),
        (Some((_, theirs, _)), None) => Item::Ours(format!("`{theirs}`, not made")),
    };
    let (accessor, body) = match (&author.accessor, &ours.accessor) {
        (None, None) => (Item::Same, Item::Same),
        (None, Some(_)) => (Item::Choice("no accessor".to_owned()), Item::Choice("no accessor".to_owned())),
        (Some((theirs, body, _)), Some((name, text, _))) => {
            let same = *body == renamed(text);
            let body = if same { Item::Same } else { Item::Ours(format!("`{body}`, not `{text}`")) };
            (named(theirs, name), body)
        }
        (Some(_), None) => (Item::Ours("not made".to_owned()), Item::Ours("not made".to_owned())),
    };
    vec![named(&author.identifier, &ours.identifier), value, comment(author, ours), registration, accessor, body]
}

/// Which BUILD.bazel files of the gates' packages change.
fn build_files(repository: &Repository<'_>, event: &Event, proposal: &Proposal) -> Item {
    let arguments = ["diff", "--name-only", &event.parent(), &event.commit, "--", "pkg/virt-config"];
    let listed = repository.git(&arguments).unwrap_or_default();
    let theirs: Vec<&str> = listed.lines().filter(|path| path.ends_with("BUILD.bazel")).collect();
    let paths = proposal.set.changes.iter().map(|change| &*change.path);
    let ours: Vec<&str> = paths.filter(|path| path.ends_with("BUILD.bazel")).collect();
    if theirs == ours {
        Item::Same
    } else if ours.iter().all(|path| theirs.contains(path)) {
        Item::Choice(format!("{} for other code of the commit", theirs.join(", ")))
    } else {
        Item::Ours(format!("{}, not {}", theirs.join(", "), ours.join(", ")))
    }
}

/// The words are the author's; what is compared is which lines stand there, and in which order.
fn comment(author: &View, ours: &View) -> Item {
    let (theirs, form) = (author.form(), ours.form());
    if theirs != form {
        return Item::Choice(format!("{theirs}; not {form}"));
    }
    let releases = |view: &View| -> Vec<String> {
        view.comment
            .iter()
            .filter_map(|line| match line {
                super::view::Line::Stage(stage, release) => Some(format!("{stage} {release}")),
                _ => None,
            })
            .collect()
    };
    if releases(author) != releases(ours) {
        return Item::Choice(format!("{}, not {}", releases(author).join(", "), releases(ours).join(", ")));
    }
    let prose = author.prose();
    if prose == ours.prose() || prose.replace(&author.identifier, &ours.identifier) == ours.prose() {
        Item::Same
    } else {
        Item::Ours(format!("says {:?}", ours.prose()))
    }
}
