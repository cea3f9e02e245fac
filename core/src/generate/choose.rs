//! Which commands of the recipe can give another result after a change, and in which order they must run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::imports;
use super::inert;
use super::inputs::{Inputs, Packages};
use super::left::Left;
use super::reach::Reach;
use super::recipe::{Action, Program, Recipe, Run, SCRIPT, Step};
use super::repo_path;
use crate::go::{DeclKind, GoFile};
use crate::repo_path::is_generated;
use crate::tree::{Tree, file_name, join, parent};

/// A file that changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// Its path.
    pub path: String,
    /// What it held before; nothing if it did not exist.
    pub before: Option<Arc<str>>,
}

/// A command that has to run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// The command.
    pub step: Step,
    /// The folders whose `//go:generate` lines it runs.
    pub folders: Vec<String>,
    /// Why it runs.
    pub reason: String,
    /// The changed files that ask for it.
    pub causes: Vec<String>,
    /// The earlier ones that must have ended before it starts.
    pub after: Vec<usize>,
    /// Those of them that may write code that its program is compiled from.
    pub code_from: Vec<usize>,
}

/// What has to run after a change.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// The commands, in the script's order.
    pub chosen: Vec<Chosen>,
    /// What may have to run, and is left to `make generate`.
    pub left: Vec<Left>,
    /// Files of types, and what is generated beside them, as they were before: the checkout's own programs print the
    /// same with these, and need not be compiled anew with everything that imports them.
    pub earlier: BTreeMap<String, Arc<str>>,
    /// The prefix whose imports the checkout's goimports, which `make generate` ends with, sets apart.
    pub local: Option<String>,
}

impl Plan {
    /// The changed files that ask for something.
    pub fn causes(&self) -> BTreeSet<String> {
        self.chosen.iter().flat_map(|chosen| chosen.causes.iter().cloned()).collect()
    }

    /// The generators that it needs from the builder.
    pub fn pinned(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for chosen in &self.chosen {
            match &chosen.step.action {
                Action::Run(Run { program: Program::Pinned(name), .. }) => drop(names.insert(name.clone())),
                // The lines of Go files that are run call nothing else.
                Action::GoGenerate => drop(names.insert(MOCKS.to_owned())),
                _ => {}
            }
        }
        names
    }
}

/// What `//go:generate` lines call.
const MOCKS: &str = "mockgen";
/// Where the script's `go generate` looks.
const GENERATE_IN: &[&str] = &["pkg", "staging/src/kubevirt.io", "tests", "cmd"];
/// The API's types: a field more in one of them gives no interface another method.
const API: &str = "staging/src/kubevirt.io/api/";

/// Chooses what has to run after some files have changed.
pub fn choose(tree: &dyn Tree, recipes: &[Recipe], changed: &[Changed]) -> Plan {
    let mut chooser =
        Chooser { packages: Packages::new(tree), reach: Reach::new(tree), tree, changed, picked: Vec::new() };
    let mut plan = Plan { earlier: inert::earlier(tree, changed), ..Plan::default() };
    for recipe in recipes {
        chooser.recipe(recipe, &mut plan.left);
        plan.left.extend(recipe.left.iter().filter(|left| left.matters(tree, changed)).cloned());
    }
    // Nobody knows what a command that is not understood is made from; of documents and tests, nothing is.
    if changed.iter().all(|file| file.path.ends_with(".md") || file.path.ends_with("_test.go")) {
        plan.left.retain(|left| left.when.is_some());
    }
    plan.chosen = ordered(chooser.picked);
    let build_file = tree.read("BUILD.bazel").ok().flatten().unwrap_or_default();
    plan.local = imports::local(&build_file);
    if plan.local.is_none() {
        let mocks = plan.chosen.iter().filter(|chosen| chosen.step.action == Action::GoGenerate);
        plan.left.extend(mocks.map(|chosen| Left {
            script: SCRIPT,
            line: chosen.step.line,
            text: chosen.name(),
            reason: "nothing here says how the imports of mocks are grouped".to_owned(),
            when: None,
        }));
    }
    plan
}

struct Picked {
    step: Step,
    inputs: Inputs,
    folders: Vec<String>,
    why: Why,
}

/// Why something runs: in words, and the changed files.
#[derive(Clone, Default)]
struct Why {
    reason: String,
    causes: Vec<String>,
}

struct Chooser<'t> {
    tree: &'t dyn Tree,
    packages: Packages<'t>,
    reach: Reach<'t>,
    changed: &'t [Changed],
    picked: Vec<Picked>,
}

impl Chooser<'_> {
    fn recipe(&mut self, recipe: &Recipe, left: &mut Vec<Left>) {
        let mut known: BTreeMap<usize, (Inputs, Option<Why>, Vec<String>)> = BTreeMap::new();
        for (at, step) in recipe.steps.iter().enumerate() {
            match &step.action {
                Action::Run(run) => {
                    let mut inputs = self.packages.of(step, run);
                    // A test that writes data writes what was cleared away for it.
                    if run.program == Program::Go {
                        let beside =
                            recipe.steps.iter().filter(|other| step.group.is_some() && other.group == step.group);
                        let cleared = beside.filter_map(|other| match &other.action {
                            Action::Clear(folder, _) => Some(folder.clone()),
                            _ => None,
                        });
                        inputs.writes = Some(cleared.collect()).filter(|folders: &BTreeSet<_>| !folders.is_empty());
                    }
                    let reason = self.reason(run, &inputs);
                    known.insert(at, (inputs, reason, Vec::new()));
                }
                Action::GoGenerate => {
                    let folders = self.folders(step, left);
                    let why = |_| Why {
                        reason: format!("what mocks in {} are made of", folders.join(", ")),
                        causes: self.code().map(|file| file.path.clone()).collect(),
                    };
                    let reason = folders.first().map(why);
                    let set: BTreeSet<String> = folders.iter().cloned().collect();
                    let inputs = Inputs { packages: set.clone(), writes: Some(set), ..Inputs::default() };
                    known.insert(at, (inputs, reason, folders));
                }
                _ => {}
            }
        }
        let groups: BTreeMap<usize, Why> =
            known.iter().filter_map(|(at, (_, reason, _))| Some((recipe.steps[*at].group?, reason.clone()?))).collect();
        for (at, (_, reason, _)) in &mut known {
            let group = recipe.steps[*at].group.and_then(|group| groups.get(&group));
            *reason = reason.take().or_else(|| group.cloned());
        }
        for (at, step) in recipe.steps.iter().enumerate() {
            if let Some((inputs, reason, folders)) = known.get(&at) {
                let Some(why) = reason.clone() else { continue };
                let (inputs, folders) = (inputs.clone(), folders.clone());
                self.picked.push(Picked { step: step.clone(), inputs, folders, why });
                continue;
            }
            let runs: Vec<(bool, &Inputs)> =
                known.values().map(|(inputs, reason, _)| (reason.is_some(), inputs)).collect();
            let in_group = step.group.is_some_and(|group| groups.contains_key(&group));
            if let Some(inputs) = attached(step, &runs, in_group) {
                let why = Why { reason: "it belongs to what runs beside it".to_owned(), causes: Vec::new() };
                self.picked.push(Picked { step: step.clone(), inputs, folders: Vec::new(), why });
            }
        }
    }

    /// Why a generator has to run, if it has to.
    fn reason(&self, run: &Run, inputs: &Inputs) -> Option<Why> {
        let is = |name: &str| run.program == Program::Pinned(name.to_owned());
        let (is_client, is_defaulter) = (is("client-gen"), is("defaulter-gen"));
        let hits = self.changed.iter().filter(|file| {
            let path = file.path.as_str();
            let is_shared = path == SCRIPT
                || path == super::DOCKERFILE
                || matches!(path, "go.mod" | "go.sum" | "go.work" | "go.work.sum" | "vendor/modules.txt");
            let is_go = path.ends_with(".go") && (!path.ends_with("_test.go") || run.program == Program::Go);
            let in_packages = is_go && inputs.packages.contains(parent(path));
            let in_writes = || inputs.writes.iter().flatten().any(|written| lies_in(path, written)) && !is_client;
            let in_clients = is_client && inputs.writes.iter().flatten().any(|written| lies_in(path, written));
            let matters = in_packages
                && (!is_client || self.clients_differ(file))
                && (!is_defaulter || !self.keeps_defaults(file))
                && inputs.types.as_ref().is_none_or(|roots| self.reach.reaches(&self.packages, roots, file));
            is_shared || inputs.files.contains(path) || matters || in_writes() && !is_go || in_clients
        });
        let causes: Vec<String> = hits.map(|file| file.path.clone()).collect();
        let more = if causes.len() > 1 { format!(", and {} more", causes.len() - 1) } else { String::new() };
        Some(Why { reason: format!("{}{more}", causes.first()?), causes })
    }

    /// The changed files that are compiled into something.
    fn code(&self) -> impl Iterator<Item = &Changed> {
        self.changed.iter().filter(|file| file.path.ends_with(".go") && !file.path.ends_with("_test.go"))
    }

    /// Whether a file asks for other clients than before.
    fn clients_differ(&self, file: &Changed) -> bool {
        let now = self.tree.read(&file.path).ok().flatten();
        clients(file.before.as_deref().unwrap_or_default()) != clients(now.as_deref().unwrap_or_default())
    }

    /// Whether no default is to be set elsewhere than before.
    fn keeps_defaults(&self, file: &Changed) -> bool {
        let now = self.tree.read(&file.path).ok().flatten();
        let both = file.before.as_deref().zip(now.as_deref());
        both.is_some_and(|(before, now)| !is_generated(now) && inert::keeps_defaults(before, now))
    }

    /// The folders whose `//go:generate` lines a change asks for.
    fn folders(&self, step: &Step, left: &mut Vec<Left>) -> Vec<String> {
        let changed: BTreeSet<&str> = self.code().map(|file| parent(&file.path)).collect();
        if changed.is_empty() {
            return Vec::new();
        }
        let mut open: Vec<String> = GENERATE_IN.iter().map(|folder| (*folder).to_owned()).collect();
        let mut found = Vec::new();
        while let Some(folder) = open.pop() {
            let mut lines: Vec<(String, String)> = Vec::new();
            for name in self.tree.list(&folder) {
                let path = join(&folder, &name);
                if name.ends_with(".go") {
                    self.tree.show(&path, &mut |text| {
                        if text.contains("\n//go:generate ") {
                            let directives = text.lines().filter_map(|line| line.strip_prefix("//go:generate "));
                            lines.extend(directives.map(|line| (path.clone(), line.to_owned())));
                        }
                    });
                } else if !name.contains('.') {
                    open.push(path);
                }
            }
            let is_asked = |(_, line): &(String, String)| {
                changed.contains(folder.as_str())
                    || !line.contains("-source")
                        && self.imports_of(line).iter().any(|from| changed.contains(from.as_str()))
            };
            if !lines.iter().any(is_asked) {
                continue;
            }
            match lines.iter().find(|(_, line)| line.split_whitespace().next() != Some(MOCKS)) {
                None => found.push(folder),
                Some((path, line)) => left.push(Left {
                    script: SCRIPT,
                    line: step.line,
                    text: format!("go generate ./{folder}"),
                    reason: format!("{path} asks for `{}`, which this program does not know", super::short(line)),
                    when: None,
                }),
            }
        }
        found.sort();
        found
    }

    /// What the interfaces of packages that a line names are made of.
    fn imports_of(&self, line: &str) -> BTreeSet<String> {
        let roots = line.split_whitespace().filter_map(|word| self.packages.folder(word));
        let mut closure = self.packages.closure(roots, false);
        closure.retain(|folder| !folder.starts_with(API));
        closure
    }
}

/// Whether a command that makes nothing by itself has to run, and what it touches. `runs` are all that make something,
/// and whether they run.
fn attached(step: &Step, runs: &[(bool, &Inputs)], in_group: bool) -> Option<Inputs> {
    let touches = |inputs: &Inputs, path: &str| {
        let written = inputs.writes.iter().flatten().chain(&inputs.files);
        written.into_iter().any(|written| lies_in(written, path) || lies_in(path, written))
    };
    let is_written = |path: &str| runs.iter().any(|(is_run, inputs)| *is_run && touches(inputs, path));
    let (needed, paths): (bool, Vec<&str>) = match &step.action {
        Action::Run(_) | Action::GoGenerate => (false, Vec::new()),
        Action::Same(one, other) => (is_written(one), vec![one, other]),
        Action::DropHead(_) => (in_group, vec![&step.folder]),
        Action::Rename(from, to) => (is_written(from), vec![from, to]),
        Action::Replace { path, .. } | Action::RemoveFolder(path) => (is_written(path), vec![path]),
        // Without all that write there, files would be lost.
        Action::Clear(path, _) => {
            let all = runs.iter().filter(|(_, inputs)| touches(inputs, path)).all(|(is_run, _)| *is_run);
            (in_group || is_written(path) && all, vec![path])
        }
    };
    let writes = paths.into_iter().map(str::to_owned).collect();
    needed.then(|| Inputs { writes: Some(writes), ..Inputs::default() })
}

/// The commands with those before them that each must wait for: the ones that write what it touches, or touch what it
/// writes.
fn ordered(picked: Vec<Picked>) -> Vec<Chosen> {
    let waits = |at: usize| -> Vec<usize> {
        (0..at).filter(|earlier| in_the_way(&picked[*earlier].inputs, &picked[at].inputs)).collect()
    };
    let after: Vec<Vec<usize>> = (0..picked.len()).map(waits).collect();
    let code_from = |(at, after): (usize, &Vec<usize>)| -> Vec<usize> {
        let writes_code = |earlier: &&usize| {
            let written = &picked[**earlier].inputs.writes;
            written.as_ref().is_none_or(|written| written.iter().any(|path| picked[at].inputs.compiles(path)))
        };
        after.iter().filter(writes_code).copied().collect()
    };
    let code_from: Vec<Vec<usize>> = after.iter().enumerate().map(code_from).collect();
    let all = picked.into_iter().zip(after).zip(code_from);
    let chosen = |((Picked { step, folders, why, .. }, after), code_from)| Chosen {
        step,
        folders,
        reason: why.reason,
        causes: why.causes,
        after,
        code_from,
    };
    all.map(chosen).collect()
}

impl Inputs {
    /// Whether what is written to a path may be code of one of its packages.
    fn compiles(&self, path: &str) -> bool {
        self.packages.iter().any(|folder| folder == path || lies_in(folder, path) || parent(path) == folder)
    }
}

fn in_the_way(one: &Inputs, other: &Inputs) -> bool {
    let (Some(written), Some(written_then)) = (&one.writes, &other.writes) else { return true };
    let touched = |inputs: &Inputs, path: &String| {
        let all = inputs.writes.iter().flatten().chain(&inputs.files);
        all.into_iter().any(|touched| lies_in(path, touched) || lies_in(touched, path)) || inputs.compiles(path)
    };
    written.iter().any(|path| touched(other, path)) || written_then.iter().any(|path| touched(one, path))
}

/// Whether a path is another one, or lies in it.
fn lies_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What the generator of clients looks at: the types with a mark for it, and the marks.
fn clients(text: &str) -> Vec<String> {
    let Ok(file) = GoFile::parse(text) else { return vec![text.to_owned()] };
    let mut found = Vec::new();
    for decl in file.decls.iter().filter(|decl| decl.kind == DeclKind::Type) {
        // A blank line may stand between the marks and the type's own comment.
        let before = &text[..decl.span.start];
        let above = before.lines().rev().take_while(|line| line.trim().is_empty() || line.starts_with("//"));
        let marks: Vec<&str> =
            above.filter(|line| line.contains("+genclient") || line.contains("+resourceName")).collect();
        if !marks.is_empty() {
            let head: String = decl.span.of(text).chars().take_while(|c| *c != '{').collect();
            let is_listed = decl.span.of(text).contains("Status ");
            found.push(format!("{} {is_listed} {}", head.trim(), marks.join(" ")));
        }
    }
    let group = |line: &&str| line.starts_with("// +groupName") || line.starts_with("// +groupGoName");
    found.extend(text.lines().filter(group).map(str::to_owned));
    found
}

impl Chosen {
    /// Whether it makes something, and does not only go with what does.
    pub fn is_generator(&self) -> bool {
        matches!(self.step.action, Action::Run(_) | Action::GoGenerate)
    }

    /// What runs, for a person.
    pub fn name(&self) -> String {
        match &self.step.action {
            Action::Run(run) => match &run.program {
                Program::Pinned(name) => {
                    let of = run.arguments.iter().rfind(|word| !word.starts_with('-') || word.contains('='));
                    let of = of.map(|word| word.rsplit('=').next().unwrap_or(word));
                    let of = of.and_then(|word| repo_path(&self.step.folder, word).or_else(|| Some(word.to_owned())));
                    let of = of.unwrap_or_default();
                    format!("{name} {}", of.trim_start_matches("staging/src/"))
                }
                Program::Own(folder) => format!("{} {}", file_name(folder), run.output.clone().unwrap_or_default()),
                Program::Go => format!("go {}", run.arguments.join(" ")),
            },
            Action::GoGenerate => format!("go generate in {}", self.folders.join(", ")),
            _ => self.step.text.clone(),
        }
        .trim_end()
        .to_owned()
    }
}

#[cfg(test)]
#[path = "choose_tests.rs"]
mod tests;
