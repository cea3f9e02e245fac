//! The wider skeleton of a pull request: the files that its author touched, named in a tasks.md, and
//! what this tool makes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kubevirt_scaffold_core::pipeline::{Proposal, propose};
use kubevirt_scaffold_core::plan::{ManualReason, Options};
use kubevirt_scaffold_core::repo_path::generated;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::tree::parent;

use super::changed;
use super::git_tree::Repository;
use super::history::Event;
use super::stated;

/// What sort of file it is, as far as this tool is concerned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Sort {
    Gate,
    New,
    BuildOfNew,
    Known,
    Build,
    Docs,
    Generated,
    Other,
}

impl Sort {
    pub(super) const ALL: [Self; 8] =
        [Self::Gate, Self::New, Self::BuildOfNew, Self::Known, Self::Build, Self::Docs, Self::Generated, Self::Other];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gate => "the gate's files",
            Self::New => "new Go files",
            Self::Known => "Go files that are there",
            Self::BuildOfNew => "BUILD.bazel beside new Go files",
            Self::Build => "BUILD.bazel elsewhere (what the author's code imports)",
            Self::Docs => "Markdown",
            Self::Generated => "generated files",
            Self::Other => "other files (YAML, protobuf, scripts, images)",
        }
    }
}

/// A pull request, and what we make of its files.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    /// How many files its author touched, and how many of them we touch: by sort.
    pub(super) counts: BTreeMap<Sort, (usize, usize)>,
    /// The tasks.md.
    pub(super) tasks: String,
    /// Files that we touch and the author did not.
    pub(super) extra: Vec<String>,
    /// Why files are left alone that a tasks.md names.
    pub(super) left: BTreeMap<String, Vec<String>>,
    /// The merge.
    pub(super) merge: String,
    /// The gate that it adds first.
    pub(super) gate: String,
}

impl Skeleton {
    /// The files that a tasks.md could have named and their BUILD.bazel: how many the author touched, and how many
    /// of them we do.
    pub(super) fn scaffolded(&self) -> (usize, usize) {
        let sorts = [Sort::Gate, Sort::New, Sort::BuildOfNew, Sort::Known, Sort::Docs];
        let counts = sorts.iter().filter_map(|sort| self.counts.get(sort));
        counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1))
    }
}

/// The merges of pull requests, oldest first.
pub(super) struct Merges<'a> {
    repository: &'a Repository<'a>,
    commits: Vec<String>,
}

impl<'a> Merges<'a> {
    pub(super) fn new(repository: &'a Repository<'a>, head: &str) -> Self {
        let listed = repository.git(&["rev-list", "--first-parent", "--reverse", "--since=2024-01-01", head]);
        Self { repository, commits: listed.unwrap_or_default().lines().map(str::to_owned).collect() }
    }

    /// The one that a commit came in with: the first that it is an ancestor of.
    pub(super) fn of(&self, commit: &str) -> Option<String> {
        let holds = |merge: &String| self.repository.git(&["merge-base", "--is-ancestor", commit, merge]).is_some();
        self.commits.get(self.commits.partition_point(|merge| !holds(merge))).cloned()
    }
}

/// What we make of a pull request.
pub(super) fn skeleton(repository: &Repository<'_>, merge: &str, event: &Event) -> Option<Skeleton> {
    let base = format!("{merge}^1");
    let listed = repository.git(&["diff", "--name-status", "--no-renames", &base, merge])?;
    let mut touched: BTreeMap<String, Sort> = BTreeMap::new();
    for line in listed.lines() {
        let Some((status, path)) = line.split_once('\t') else { continue };
        if status != "D" && !path.starts_with("vendor/") {
            touched.insert(path.to_owned(), sort(path, status == "A"));
        }
    }
    let folders: BTreeSet<String> =
        touched.iter().filter(|(_, sort)| **sort == Sort::New).map(|(path, _)| parent(path).to_owned()).collect();
    for (path, sort) in &mut touched {
        if *sort == Sort::Build && folders.contains(parent(path)) {
            *sort = Sort::BuildOfNew;
        }
    }
    let tree = repository.tree(&base);
    let survey = Survey::new(&tree).ok()?;
    let mut wanted: Vec<&str> = touched
        .iter()
        .filter(|(path, sort)| matches!(sort, Sort::New | Sort::Known | Sort::Docs) || path.ends_with(".proto"))
        .map(|(path, _)| path.as_str())
        .collect();
    let after = repository.tree(merge);
    let tests: Vec<&str> = wanted.iter().copied().filter(|path| path.ends_with("_test.go")).collect();
    let growing = changed::growing(&tree, &after, &wanted);
    let said = |path: &str| stated::lines((&tree, &after), path, &tests, &growing, &event.gate);
    let mut said: BTreeMap<&str, Vec<String>> = wanted.iter().map(|path| (*path, said(path))).collect();
    // The specs of a change stand with the change, where it names their file.
    for path in &wanted {
        let named = said[path].iter().filter_map(|line| line.strip_prefix("File: `")?.strip_suffix('`'));
        let test = named.into_iter().find_map(|named| tests.iter().find(|test| **test == named));
        let specs = test.and_then(|test| said.get_mut(test)).map(std::mem::take).unwrap_or_default();
        said.entry(path).or_default().extend(specs);
    }
    let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (tasks, proposal) = loop {
        let tasks = tasks(event, &wanted, &said);
        let proposal = propose(&Source::new("tasks.md", tasks.as_str()), &survey, &Options::default());
        let refused = refused(&proposal, &tasks, &wanted);
        if refused.is_empty() {
            break (tasks, proposal);
        }
        for (path, code) in refused {
            wanted.retain(|known| *known != path);
            left.entry(format!("refused: {code}")).or_default().push(path);
        }
    };
    let changed: BTreeSet<&str> = proposal.set.changes.iter().map(|change| &*change.path).collect();
    // The skeleton of a change is its spec. It counts where the author has changed the file of the spec, too.
    let has_spec = |path: &str| {
        specs_of(&proposal, path).iter().any(|spec| touched.contains_key(spec) && changed.contains(spec.as_str()))
    };
    let mut ours = changed.clone();
    ours.extend(wanted.iter().filter(|path| has_spec(path)));
    let (merge, gate) = (merge.to_owned(), event.gate.clone());
    let mut skeleton = Skeleton { tasks, left, merge, gate, ..Skeleton::default() };
    for path in wanted.iter().filter(|path| !ours.contains(**path)) {
        skeleton.left.entry(why_left(&proposal, path)).or_default().push((*path).to_owned());
    }
    for (path, sort) in &touched {
        let count = skeleton.counts.entry(*sort).or_default();
        count.0 += 1;
        count.1 += usize::from(ours.contains(path.as_str()));
    }
    skeleton.extra =
        changed.iter().filter(|path| !touched.contains_key(**path)).map(|path| (*path).to_owned()).collect();
    Some(skeleton)
}

/// The task that names a file.
fn task_of(proposal: &Proposal, path: &str) -> Option<usize> {
    proposal.file.tasks.iter().position(|task| task.paths.iter().any(|known| known.text == path))
}

/// The files with the specs of the task that names a file.
fn specs_of(proposal: &Proposal, path: &str) -> Vec<String> {
    let Some(task) = task_of(proposal, path) else { return Vec::new() };
    let units = proposal.plan.units_of(task);
    let specs = units.flat_map(|unit| unit.facts.specs(&proposal.plan.tasks[task].id));
    specs.map(|(file, _)| file.to_string()).filter(|file| file.ends_with("_test.go")).collect()
}

/// Why a file is left alone, without its name.
fn why_left(proposal: &Proposal, path: &str) -> String {
    let reason = task_of(proposal, path).and_then(|task| proposal.plan.left(task));
    let Some(reason) = reason else { return "nothing to add".to_owned() };
    if let ManualReason::Edit { .. } = reason {
        return "its spec would stand in a file that the author left alone".to_owned();
    }
    let reason = reason.to_string().replace(path, "the file");
    reason.split([':', ';', '(']).next().unwrap_or_default().trim().to_owned()
}

fn sort(path: &str, is_new: bool) -> Sort {
    let is_go = path.ends_with(".go");
    let by_hand = path.starts_with("pkg/virt-config/featuregate/")
        || path.starts_with("pkg/virt-config/deprecation/")
        || path == "pkg/virt-config/feature-gates.go";
    let by_machine = generated(path).is_some()
        || path.contains("zz_generated")
        || path.ends_with(".pb.go")
        || path.contains("_generated")
        || path.contains("/generated_mock_")
        || path.starts_with("staging/src/kubevirt.io/client-go/kubevirt/")
        || path.starts_with("api/openapi-spec/")
        || path.contains("/apitesting/testdata/")
        || path.contains("/crd/")
        || path.ends_with("swagger_doc.go");
    if path.ends_with("BUILD.bazel") {
        Sort::Build
    } else if by_machine {
        Sort::Generated
    } else if by_hand && is_go && !path.ends_with("_test.go") {
        Sort::Gate
    } else if is_go {
        if is_new { Sort::New } else { Sort::Known }
    } else if path.ends_with(".md") {
        Sort::Docs
    } else {
        Sort::Other
    }
}

/// One task for each file, the gate's first.
fn tasks(event: &Event, wanted: &[&str], said: &BTreeMap<&str, Vec<String>>) -> String {
    let mut text = super::additions::tasks(event, super::additions::Names::Stated);
    for (index, path) in wanted.iter().enumerate() {
        let _ = writeln!(text, "- [ ] T{:03} Work on {}\n  - File: `{path}`", index + 2, event.gate);
        for line in said.get(path).into_iter().flatten() {
            let _ = writeln!(text, "  - {line}");
        }
    }
    text
}

/// The files whose tasks are refused, each with the code of the diagnostic.
fn refused(proposal: &Proposal, tasks: &str, wanted: &[&str]) -> Vec<(String, &'static str)> {
    if !proposal.is_refused() {
        return Vec::new();
    }
    let errors = proposal.diagnostics().filter(|diagnostic| diagnostic.severity.name() == "error");
    let mut found: Vec<(String, &'static str)> = Vec::new();
    for error in errors {
        let about = error.place.as_ref().filter(|(source, _)| source.name() == "tasks.md").map(|(_, span)| {
            let end = tasks[span.start..].find('\n').map_or(tasks.len(), |at| span.start + at);
            let next = tasks[end..].lines().nth(1).unwrap_or_default();
            format!("{}{next}", &tasks[span.start.min(end)..end])
        });
        let named = wanted
            .iter()
            .filter(|path| error.message.contains(**path) || about.as_ref().is_some_and(|line| line.contains(**path)));
        found.extend(named.map(|path| ((*path).to_owned(), error.code)));
    }
    found.sort();
    found.dedup_by(|a, b| a.0 == b.0);
    if found.is_empty() {
        // Nobody is to blame by name: the last one goes, so that this comes to an end.
        let code = proposal.diagnostics().find(|diagnostic| diagnostic.severity.name() == "error");
        found.extend(wanted.last().map(|path| ((*path).to_owned(), code.map_or("unknown", |error| error.code))));
    }
    found
}
