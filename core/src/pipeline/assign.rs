//! Which kind takes what each task names, decided once for every task.

use std::collections::{BTreeMap, BTreeSet};

use super::same_file::Meant;
use super::select::braces;
use super::steps::is_step;
use super::tables::row_with_file;
use super::views::Scopes;
use crate::demand::{Word, words};
use crate::diagnostic::Diagnostic;
use crate::kinds::{ALL, implied_file, split_changes};
use crate::name::is_go_identifier;
use crate::plan::{
    Assigned, Blocked, Candidate, Checker, Claimed, Claims, Kind, Located, Manual, ManualReason, Named, Options,
    PlannedTask, ResolvedPath, Role, Views, intent,
};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::task::{Style, Task, TaskFile, TaskPath};
use crate::tree::parent;

/// Files here are found by the types that they declare.
const API: &str = "staging/src/kubevirt.io/api/";

/// What one task names, and what there is to say about it.
#[derive(Debug, Default)]
struct Classified {
    claims: Claims,
    /// The same, by the names of the kinds.
    claimed: BTreeSet<(&'static str, Option<ResolvedPath>)>,
    /// The kind that would take a file whose path has a placeholder without a value.
    likely: Option<&'static dyn Kind>,
    manual: Vec<ManualReason>,
    diagnostics: Vec<Diagnostic>,
    /// Placeholders without a value: key, and where it stands.
    missing: Vec<(String, Diagnostic)>,
    /// The files that it names, each with its line.
    named: Vec<(RepoPath, usize)>,
    /// What it says of each, where that is not all of it.
    views: Vec<(RepoPath, PlannedTask)>,
}

/// Every task, classified.
#[derive(Debug)]
pub(super) struct Classification {
    tasks: Vec<Classified>,
}

/// What the selected tasks ask for.
#[derive(Debug, Default)]
pub(super) struct Assignment {
    /// Files, in the order of the tasks.
    pub(super) files: Vec<Assigned>,
    pub(super) manual: Vec<Manual>,
    pub(super) commands: BTreeMap<String, usize>,
}

/// Gives every task, selected or not, its kinds, with every path resolved.
pub(super) fn classify(
    file: &TaskFile,
    survey: &Survey<'_>,
    options: &Options,
    tasks: &mut [PlannedTask],
) -> Classification {
    split_changes(survey, file, tasks);
    let meant = Meant::new(file);
    let classify = |planned| Classifier { file, survey, options, meant: &meant, planned }.classify();
    let mut classified: Vec<Classified> = tasks.iter().map(classify).collect();
    for (task, classified) in tasks.iter_mut().zip(&mut classified) {
        task.named = std::mem::take(&mut classified.named);
        task.named.sort();
        task.kind = classified.claims.first().map(|(kind, _)| *kind).or(classified.likely);
    }
    Classification { tasks: classified }
}

struct Classifier<'a, 't> {
    file: &'a TaskFile,
    survey: &'a Survey<'t>,
    options: &'a Options,
    meant: &'a Meant,
    planned: &'a PlannedTask,
}

impl Classifier<'_, '_> {
    fn classify(&self) -> Classified {
        let task = &self.file.tasks[self.planned.index];
        let mut found = Classified::default();
        if let Some(how) = task.dropped {
            found.manual.push(ManualReason::Dropped(how));
            return found;
        }
        if let Some(part) = self.planned.not_asked() {
            found.manual.push(ManualReason::NotAsked(part));
            return found;
        }
        let whole = self.claim(&mut found, &Named::Task, self.planned);
        if task.paths.is_empty() {
            if !whole && !self.claim(&mut found, &Named::Nothing, self.planned) {
                self.implied(&mut found);
            }
            self.rest(&mut found);
            return found;
        }
        let scopes = Scopes::new(self.file, task, self.planned);
        for path in &task.paths {
            let (raw, is_open) = self.resolve(path, &mut found.missing);
            if is_open {
                let place = ResolvedPath { path: RepoPath::known(raw), exists: false };
                let named = Named::File { place: &place, asked: &place.path };
                found.likely = found.likely.or_else(|| self.kind(&named, self.planned).map(|(kind, _)| kind));
                continue;
            }
            let mut expanded = Vec::new();
            braces(&raw, usize::MAX, &mut expanded);
            for raw in expanded {
                self.path(path, &raw, scopes.as_ref(), &mut found);
            }
        }
        // A new folder is that of a new file: "new package `a/b`, file `a/b/c.go`".
        let Classified { manual, named, .. } = &mut found;
        let holds = |path: &str| named.iter().any(|(file, _)| parent(file) == path);
        manual.retain(|reason| !matches!(reason, ManualReason::OtherLanguage(path) if holds(path)));
        self.rest(&mut found);
        found
    }

    /// What a title asks for beyond what is done.
    fn rest(&self, found: &mut Classified) {
        // Of a change, every word was read.
        if self.planned.is_change {
            return;
        }
        let own = found.claims.iter().find_map(|(kind, _)| match kind.role() {
            Role::Gate => Some(adds_gate as fn(&str) -> bool),
            Role::GateState => Some(moves_gate),
            _ => None,
        });
        let is_tested = found.claims.iter().any(|(kind, _)| kind.role().is_test());
        for part in self.planned.withheld.iter().filter(|part| part.is_told() && !is_tested) {
            let reason = ManualReason::NotAsked(*part);
            if !found.manual.contains(&reason) {
                found.manual.push(reason);
            }
        }
        let title = &*intent::order(self.planned);
        let verb = match own {
            Some(own) => intent::also_asks(title, own),
            None if found.claims.is_empty() => None,
            None => intent::also_removes(title).or_else(|| intent::in_part(self.planned)).map(str::to_owned),
        };
        let Some(verb) = verb else { return };
        // What another function takes the place of, where it stands.
        let folders: BTreeSet<&str> = found.named.iter().map(|(path, _)| parent(path)).collect();
        let codes = intent::replacement(title).map_or("", |_| title).split('`').skip(1).step_by(2);
        let places = codes.filter(|code| is_go_identifier(code)).flat_map(|name| {
            let funcs = folders.iter().flat_map(|folder| self.survey.funcs(folder, name)).collect::<Vec<_>>();
            funcs.into_iter().map(move |func| format!("{name} at {}", func.place()))
        });
        let places: Vec<String> = places.collect();
        found.manual.push(if places.is_empty() {
            ManualReason::AlsoAsks(verb)
        } else {
            let why = format!("the task also asks to {verb}; that part is up to you");
            ManualReason::Inexact { why, places }
        });
    }

    fn path(&self, path: &TaskPath, raw: &str, scopes: Option<&Scopes<'_>>, found: &mut Classified) {
        let (survey, source) = (self.survey, &self.file.source);
        let mut checker = Checker { survey, source, span: path.span, diagnostics: &mut found.diagnostics };
        let Some(located) = checker.check(raw) else { return };
        match located {
            Located::File(place) => {
                let missing = || checker.missing(&place.path, path.note.as_deref(), self.makes(raw));
                let is_known = place.exists || place.path.starts_with(API) || self.made_before(raw);
                if let Some(reason) = if is_known { None } else { missing() } {
                    found.manual.push(reason);
                    return;
                }
                found.named.push((place.path.clone(), source.line(path.span.start)));
                let view = scopes.and_then(|scopes| scopes.of(path));
                let said = view.as_ref().unwrap_or(self.planned);
                if let Some(part) = uncompiled(&place.path) {
                    let why = format!("{}: Go compiles no file below a name like `{part}`", place.path);
                    found.manual.push(ManualReason::Inexact { why, places: Vec::new() });
                } else if !self.claim(found, &Named::File { place: &place, asked: raw }, said) {
                    found.manual.push(unclaimed(&place));
                }
                // A view is about its file alone.
                let line = source.line(path.span.start);
                let own = |view| PlannedTask { named: vec![(place.path.clone(), line)], ..view };
                found.views.extend(view.map(own).map(|view| (place.path.clone(), view)));
            }
            Located::Folder(folder) => {
                if !self.claim(found, &Named::Folder(&folder), self.planned) {
                    found.manual.push(ManualReason::Folder(folder));
                }
            }
            Located::Manual(reason) => found.manual.push(reason),
        }
    }

    /// Whether a task says of a file that it is new.
    fn makes(&self, raw: &str) -> bool {
        let names = |task: &&Task| task.paths.iter().any(|path| path.text == raw);
        let is_new = |word: &Word<'_>| word.is(&["new", "create", "creates", "introduce", "split", "generate"]);
        let own = words(&self.planned.said).iter().any(is_new);
        own || self.file.tasks.iter().filter(names).any(|task| words(&task.title.text).iter().any(is_new))
    }

    /// Whether a task above this one makes the file.
    fn made_before(&self, raw: &str) -> bool {
        let before = self.file.tasks.iter().take(self.planned.index);
        before.flat_map(|task| &task.paths).any(|path| path.text == raw && path.note.is_none())
    }

    /// Gives what a task names to the first kind that claims it, for what the task says of it; whether there is one.
    fn claim(&self, found: &mut Classified, named: &Named<'_>, said: &PlannedTask) -> bool {
        let Some((kind, claimed)) = self.kind(named, said) else { return false };
        let task = &self.file.tasks[self.planned.index];
        let candidate = Candidate { file: self.file, task, planned: said, survey: self.survey };
        if let Some(reason) = kind.refuses(&candidate) {
            if !found.manual.contains(&reason) {
                found.manual.push(reason);
            }
            return true;
        }
        let place = match (claimed, named) {
            (Claimed::File, Named::File { place, .. }) => Some((*place).clone()),
            _ => None,
        };
        if found.claimed.insert((kind.name(), place.clone())) {
            found.claims.push((kind, place));
        }
        true
    }

    /// The first kind that claims what a task names.
    fn kind(&self, named: &Named<'_>, said: &PlannedTask) -> Option<(&'static dyn Kind, Claimed)> {
        let task = &self.file.tasks[self.planned.index];
        let candidate = Candidate { file: self.file, task, planned: said, survey: self.survey };
        ALL.iter().find_map(|kind| kind.claim(&candidate, named).map(|claimed| (*kind, claimed)))
    }

    /// A task that names no file is about the file of the task above, if it says so, or about that of the structs that it
    /// names, if only one can be meant.
    fn implied(&self, found: &mut Classified) {
        let (stated, what) = self.meant.file(self.file, self.survey, self.planned.index).unzip();
        let is_stated = stated.is_some();
        let what = what.unwrap_or("the struct that it names is in");
        let path = match stated.or_else(|| implied_file(self.survey, self.planned)) {
            Some(Ok(path)) => path,
            Some(Err(why)) => {
                let why = format!("the task names no file, and {why}");
                return found.manual.push(ManualReason::Inexact { why, places: Vec::new() });
            }
            None => return found.manual.push(self.without_file()),
        };
        let task = &self.file.tasks[self.planned.index];
        let message = format!("{} names no file; {what} {path}", task.id);
        found.diagnostics.push(Diagnostic::note("path-implied", message).at(&self.file.source, task.title.span));
        found.named.push((path.clone(), self.planned.line));
        let exists = !is_stated || self.survey.text(&path).is_ok_and(|text| text.is_some());
        let place = ResolvedPath { path, exists };
        if !self.claim(found, &Named::File { place: &place, asked: &place.path }, self.planned) {
            found.manual.push(unclaimed(&place));
        }
    }

    fn without_file(&self) -> ManualReason {
        if is_step(self.planned) {
            ManualReason::FollowUpStep
        } else if let Some(line) = row_with_file(self.file, &self.file.tasks[self.planned.index]) {
            let why = format!("line {line} names a file in a table, and what a table says of files is not read");
            ManualReason::Inexact { why, places: Vec::new() }
        } else {
            ManualReason::NoFile
        }
    }

    /// A path with its placeholders filled in, and whether some have no value.
    fn resolve(&self, path: &TaskPath, missing: &mut Vec<(String, Diagnostic)>) -> (String, bool) {
        let (text, open) = self.options.placeholders.resolve(&path.text, Style::Path);
        let is_open = !open.is_empty();
        for placeholder in open {
            let shown = placeholder.span.of(&path.text);
            let diagnostic = Diagnostic::error("placeholder", format!("the placeholder `{shown}` has no value"))
                .at(&self.file.source, placeholder.span.shifted(path.span.start));
            missing.push((placeholder.key, diagnostic));
        }
        (text, is_open)
    }
}

/// Whether a verb is one of making a feature gate.
fn adds_gate(verb: &str) -> bool {
    matches!(
        verb,
        "add" | "create" | "register" | "introduce" | "implement" | "write" | "define" | "wire" | "extend" | "update"
    )
}

/// Whether a verb is one of bringing a feature gate into another state.
fn moves_gate(verb: &str) -> bool {
    matches!(verb, "promote" | "graduate" | "deprecate" | "discontinue" | "move" | "moves" | "bump" | "mark" | "change")
}

/// The part of a Go file's path that keeps Go from compiling it.
fn uncompiled(path: &str) -> Option<&str> {
    let is_hidden = |part: &&str| *part == "testdata" || part.starts_with(['_', '.']);
    path.split('/').find(is_hidden).filter(|_| path.ends_with(".go"))
}

/// Why no kind takes a file.
fn unclaimed(place: &ResolvedPath) -> ManualReason {
    let path = place.path.to_string();
    if matches!(crate::tree::file_name(&path), "BUILD.bazel" | "BUILD") {
        ManualReason::BuildFile(path)
    } else {
        ManualReason::OtherLanguage(path)
    }
}

impl Classification {
    /// What the kinds have of each task.
    pub(super) fn claims(&self) -> Vec<Claims> {
        self.tasks.iter().map(|classified| classified.claims.clone()).collect()
    }

    /// What tasks say of one of their files, where that is not all that they say.
    pub(super) fn views(&self) -> Views {
        let tasks = self.tasks.iter().enumerate();
        let views =
            tasks.flat_map(|(task, own)| own.views.iter().map(move |(path, view)| ((task, path.clone()), view)));
        views.map(|(key, view)| (key, view.clone())).collect()
    }

    /// The files of one task.
    pub(super) fn places(&self, task: usize) -> impl Iterator<Item = &ResolvedPath> {
        self.tasks[task].claims.iter().filter_map(|(_, place)| place.as_ref())
    }

    /// What the selected tasks ask for, and what there is to say about them. Of tasks that are held back, only
    /// placeholders without a value are told: what is missing is better known now than once they are let through.
    pub(super) fn assign(
        self,
        tasks: &[PlannedTask],
        blocked: &[Blocked],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Assignment {
        let mut assignment = Assignment::default();
        let mut missing: Vec<(String, Diagnostic)> = Vec::new();
        let blocked: BTreeSet<usize> = blocked.iter().map(|blocked| blocked.task).collect();
        let mut open = BTreeSet::new();
        let mut said: BTreeSet<String> = diagnostics.iter().map(|known| known.message.clone()).collect();
        let mut places = BTreeMap::new();
        for (index, classified) in self.tasks.into_iter().enumerate() {
            let selected = tasks[index].selected;
            if selected || blocked.contains(&index) {
                for (key, diagnostic) in classified.missing {
                    if open.insert(key.clone()) {
                        missing.push((key, diagnostic));
                    }
                }
            }
            if !selected {
                continue;
            }
            commands(&tasks[index], index, &mut assignment);
            for diagnostic in classified.diagnostics {
                // One correction is said once, however many tasks need it.
                if said.insert(diagnostic.message.clone()) || diagnostic.code != "path-corrected" {
                    diagnostics.push(diagnostic);
                }
            }
            for (kind, place) in classified.claims {
                // One file is made once, whoever asks for it.
                let known = *places.entry((kind.name(), place.clone())).or_insert(assignment.files.len());
                match assignment.files.get_mut(known) {
                    Some(file) => file.tasks.push(index),
                    None => assignment.files.push(Assigned { kind, place, tasks: vec![index] }),
                }
            }
            assignment.manual.extend(classified.manual.into_iter().map(|reason| Manual { task: index, reason }));
        }
        diagnostics.extend(report(missing));
        assignment
    }
}

/// `make …` in a `Command:` line.
fn commands(task: &PlannedTask, index: usize, assignment: &mut Assignment) {
    // "Run `make generate`" as a task of its own asks for the step, too.
    let title = is_step(task).then_some(task.title.as_str());
    for text in task.details(&[crate::plan::Key::Command]).chain(title) {
        let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '`').collect();
        for pair in words.windows(2).filter(|pair| pair[0] == "make") {
            assignment.commands.entry(pair[1].to_owned()).or_insert(index);
        }
    }
}

/// All placeholders without a value, each with its flag; the first with all of them.
fn report(missing: Vec<(String, Diagnostic)>) -> Vec<Diagnostic> {
    let flag = |key: &str| match key {
        "component" => "--set component=handler".to_owned(),
        "component2" => "--set component2=controller".to_owned(),
        "feature" => "--set feature=guest-heartbeat".to_owned(),
        key => format!("--set {key}=NAME"),
    };
    // What follows from the feature needs no flag of its own.
    let follows = |key: &str| matches!(key, "detection_logic" | "integration");
    let flags: Vec<String> = missing.iter().filter(|(key, _)| !follows(key)).map(|(key, _)| flag(key)).collect();
    let with_help = |(index, (key, diagnostic)): (usize, (String, Diagnostic))| {
        diagnostic.help(match (index, flags.len()) {
            (0, 2..) => format!("pass {}; everything that is missing: {}", flag(&key), flags.join(" ")),
            _ if follows(&key) => format!("it follows from --set feature=…, or pass {}", flag(&key)),
            _ => format!("pass {}", flag(&key)),
        })
    };
    missing.into_iter().enumerate().map(with_help).collect()
}
