//! `cargo xtask versions`: one tasks.md on every minor release, kind of scaffold by kind of scaffold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::case::{Case, root};
use super::store::{Store, key};
use super::work_tree::{self, WorkTree, done};
use crate::flags;
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::go::{GO_FLAGS, Go, groups};
use kubevirt_scaffold::process::Runner;

/// The task that makes the gate, which the others need.
const GATE: &str = "T001";
/// To be raised when what Go says is judged otherwise: what is known was judged as before.
const EDITION: &str = "1";
/// The task that tests it.
const GATE_TEST: &str = "T002";

/// Prints the page.
pub fn run(args: &flags::Versions) -> Result<ExitStatus> {
    let (kubevirt, commit) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let tree = WorkTree::new(&kubevirt, &commit)?;
    let wanted = |release: &Release| args.only.is_empty() || args.only.contains(&release.name);
    let releases: Vec<Release> = releases(tree.path(), &commit)?.into_iter().filter(wanted).collect();
    ensure!(!releases.is_empty(), "no such release; those of this checkout are tags such as v1.8.4, and main");
    let trial = Trial::new(&tree, args.again)?;
    let mut columns = Vec::new();
    for release in releases {
        columns.push(trial.release(release, args.dry)?);
    }
    print!("{}", page(&columns));
    Ok(if columns.iter().any(Column::is_wrong) { ExitStatus::Found } else { ExitStatus::Done })
}

/// What `cargo xtask test` sees of it: every release is planned, and the gates of the oldest, whose
/// layout is the most foreign one, are compiled.
pub(super) fn short(tree: &WorkTree, commit: &str) -> Result<Result<(Vec<String>, String), String>> {
    let trial = Trial::new(tree, true)?;
    let (mut failures, mut planned, mut missing, mut names) = (Vec::new(), 0, 0, 0);
    let releases = releases(tree.path(), commit)?;
    if releases.len() < 2 {
        return Ok(Err("the checkout has no tags of releases".to_owned()));
    }
    for release in releases {
        let mut column = trial.release(release, true)?;
        if names == 0 {
            let go = trial.go()?;
            trial.compile(&[GATE.to_owned(), GATE_TEST.to_owned()], &go, &mut column)?;
        }
        names += 1;
        for (task, cell) in &column.cells {
            match cell {
                Cell::Wrong(reason) => failures.push(format!("{}: {task}: {reason}", column.release.name)),
                Cell::Missing(_) => missing += 1,
                Cell::Planned | Cell::Compiled { .. } => planned += 1,
            }
        }
    }
    Ok(Ok((failures, format!("{names} releases: {planned} scaffolds planned, {missing} named as missing"))))
}

/// A release: what people call it, and its commit.
pub(super) struct Release {
    pub(super) name: String,
    pub(super) commit: String,
}

/// The last patch of every minor release, and the commit that the checkout is on.
pub(super) fn releases(checkout: &Path, commit: &str) -> Result<Vec<Release>> {
    let tags = done(checkout, &["tag", "--list", "v1.*"])?;
    let mut last: BTreeMap<u32, u32> = BTreeMap::new();
    for tag in tags.lines() {
        let numbers: Option<Vec<u32>> = tag.trim_start_matches('v').split('.').map(|n| n.parse().ok()).collect();
        if let Some([1, minor, patch]) = numbers.as_deref() {
            let known = last.entry(*minor).or_default();
            *known = (*known).max(*patch);
        }
    }
    let tagged = last.into_iter().map(|(minor, patch)| format!("v1.{minor}.{patch}"));
    let tagged = tagged.map(|tag| Release { commit: tag.clone(), name: tag });
    Ok(tagged.chain([Release { name: "main".to_owned(), commit: commit.to_owned() }]).collect())
}

/// What became of a task on a release.
#[derive(Serialize, Deserialize)]
enum Cell {
    /// It is planned; nobody asked for more.
    Planned,
    /// It compiles; some specs passed, and some failed with their task's ID.
    Compiled { green: usize, red: usize },
    /// The release lacks what it needs, and this says what.
    Missing(String),
    /// Something is wrong with what was made.
    Wrong(String),
}

/// A release with its cells.
struct Column {
    release: Release,
    go: String,
    titles: BTreeMap<String, String>,
    cells: BTreeMap<String, Cell>,
}

impl Column {
    fn is_wrong(&self) -> bool {
        self.cells.values().any(|cell| matches!(cell, Cell::Wrong(_)))
    }
}

struct Trial<'a> {
    tree: &'a WorkTree,
    case: Case,
    xtask: PathBuf,
    /// What became of the tasks, by release and by what was made of them there.
    store: Store,
}

impl<'a> Trial<'a> {
    fn new(tree: &'a WorkTree, again: bool) -> Result<Self> {
        let case = Case::new(&root().join("tests/versions"));
        Ok(Self { tree, case, xtask: std::env::current_exe()?, store: Store::new("versions", again) })
    }

    fn release(&self, release: Release, dry: bool) -> Result<Column> {
        let started = Instant::now();
        self.tree.reset()?;
        done(self.tree.path(), &["checkout", "--quiet", "--force", "--detach", &release.commit])?;
        let all = self.scaffold(&["--dry-run", "--only", GATE])?;
        let titles: BTreeMap<String, String> = list(&all["tasks"])
            .iter()
            .filter_map(|task| Some((task["id"].as_str()?.to_owned(), task["title"].as_str()?.to_owned())))
            .collect();
        let (mut cells, mut planned) = (BTreeMap::new(), Vec::new());
        for task in titles.keys() {
            let plan = self.scaffold(&["--dry-run", "--only", &format!("{GATE},{task}")])?;
            let cell = planned_cell(&plan, task);
            if matches!(cell, Cell::Planned) {
                planned.push(task.clone());
            }
            cells.insert(task.clone(), cell);
        }
        let mut column = Column { release, go: String::new(), titles, cells };
        let mut how = if dry { "planned" } else { "compiled" };
        if !dry {
            let go = self.go()?;
            let key = self.key(&planned, &go, &column)?;
            if let Some(known) = self.store.get(&key) {
                column.go.clone_from(&go.version);
                column.cells = known;
                how = "known";
            } else {
                self.compile(&planned, &go, &mut column)?;
                // What is wrong may be the machine's fault: it is tried again.
                if !column.is_wrong() {
                    self.store.put(&key, &column.cells)?;
                }
            }
        }
        eprintln!("{}: {how} in {:.0} s", column.release.name, started.elapsed().as_secs_f64());
        Ok(column)
    }

    /// A release, what is made of the tasks on it, and what judges that.
    fn key(&self, planned: &[String], go: &Go<'_>, column: &Column) -> Result<String> {
        let plan = self.scaffold(&["--dry-run", "--only", &planned.join(",")])?;
        let commit = done(self.tree.path(), &["rev-parse", "HEAD"])?;
        let cells = serde_json::to_string(&column.cells)?;
        let made = plan["changes"].to_string();
        Ok(key(&column.release.name, [EDITION, &commit, &go.version, GO_FLAGS, &cells, &made]))
    }

    /// Go as the release asks for it, if it can be had.
    fn go(&self) -> Result<Go<'_>> {
        let go = Go::find(self.tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?;
        Ok(match self.toolchain(&go.version) {
            Some(toolchain) => go.switched(&toolchain),
            None => go,
        })
    }

    fn scaffold(&self, flags: &[&str]) -> Result<Value> {
        let output = self.case.scaffold(&self.xtask, self.tree.path(), &[flags, &["--format", "json"]].concat())?;
        serde_json::from_slice(&output.stdout).with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Makes all that is planned, and asks Go about it.
    fn compile(&self, planned: &[String], go: &Go<'_>, column: &mut Column) -> Result<()> {
        let plan = self.scaffold(&["--yes", "--hooks", "none", "--only", &planned.join(",")])?;
        ensure!(plan["applied"] == true, "{}: {}", column.release.name, plan["diagnostics"]);
        let mut makers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for change in list(&plan["changes"]) {
            let tasks = list(&change["tasks"]).iter().filter_map(|task| task.as_str().map(str::to_owned)).collect();
            makers.insert(change["path"].as_str().unwrap_or_default().to_owned(), tasks);
        }
        column.go.clone_from(&go.version);
        let files: Vec<&str> = makers.keys().map(String::as_str).filter(|path| path.ends_with(".go")).collect();
        let mut said: Vec<(BTreeSet<String>, String)> = Vec::new();
        // A complaint is about the tasks of the files that it names; one that names none is about all.
        let blame = |text: &str, all: &[&str]| {
            let named: Vec<&&str> = all.iter().filter(|file| text.contains(**file)).collect();
            let blamed: Vec<&str> = if named.is_empty() { all.to_vec() } else { named.into_iter().copied().collect() };
            blamed.iter().flat_map(|file| makers[*file].iter().cloned()).collect::<BTreeSet<String>>()
        };
        said.extend(go.unformatted(&files)?.into_iter().map(|text| (blame(&text, &files), text)));
        let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for group in groups(&files) {
            let inside: Vec<&str> = files.iter().copied().filter(|file| group.holds(file)).collect();
            said.extend(go.vet(&group.targets(), &files)?.into_iter().map(|text| (blame(&text, &inside), text)));
            for folder in &group.tested {
                let inside: Vec<&str> = inside.iter().copied().filter(|file| file.starts_with(folder)).collect();
                let runs = match go.specs(folder, &[])? {
                    Ok(runs) => runs,
                    Err(reason) => {
                        said.push((blame(&reason, &inside), reason));
                        continue;
                    }
                };
                for run in runs.iter().filter(|run| makers.contains_key(&run.file) || run.is_red()) {
                    let tasks = makers.get(&run.file).cloned().unwrap_or_default();
                    let asserted = tasks.iter().find(|task| run.message.contains(&format!("{task}: ")));
                    match (run.is_red(), asserted) {
                        (true, Some(task)) => counts.entry(task.clone()).or_default().1 += 1,
                        (false, _) => tasks.iter().for_each(|task| counts.entry(task.clone()).or_default().0 += 1),
                        (true, None) if tasks.is_empty() => {}
                        (true, None) => {
                            let reason = format!("{}: {}: {}", run.name, run.state, run.message);
                            said.push((tasks.into_iter().collect(), reason));
                        }
                    }
                }
            }
        }
        for task in planned {
            let wrong = said.iter().find(|(tasks, _)| tasks.contains(task));
            let (green, red) = counts.get(task).copied().unwrap_or_default();
            let cell = wrong.map_or(Cell::Compiled { green, red }, |(_, reason)| Cell::Wrong(reason.clone()));
            column.cells.insert(task.clone(), cell);
        }
        Ok(())
    }

    /// The Go release that the checkout asks for, if it is another one than this machine's and can be had.
    fn toolchain(&self, here: &str) -> Option<String> {
        let text = std::fs::read_to_string(self.tree.path().join("go.mod")).ok()?;
        let name = asked(&text)?;
        let language = |name: &str| name.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
        // A patch release compiles what an earlier one does, and has compiled most of it already.
        if language(&name) == language(here) {
            return None;
        }
        let aside = std::env::temp_dir();
        let output = Runner::new(&aside).with("GOTOOLCHAIN", &name).run("go", &["version"]).ok()?;
        output.status.success().then_some(name)
    }
}

/// The Go release that a go.mod asks for.
fn asked(text: &str) -> Option<String> {
    let after = |word: &str| text.lines().find_map(|line| line.strip_prefix(word)).map(str::trim);
    if let Some(toolchain) = after("toolchain ") {
        return Some(toolchain.to_owned());
    }
    Some(match after("go ")? {
        // Before 1.21 the first release of a language version had no `.0`, and the last patch is the safe one.
        "1.19" => "go1.19.13".to_owned(),
        "1.20" => "go1.20.14".to_owned(),
        asked if asked.matches('.').count() == 1 => format!("go{asked}.0"),
        asked => format!("go{asked}"),
    })
}

/// Whether a task is planned, or what the release lacks.
fn planned_cell(plan: &Value, task: &str) -> Cell {
    let errors: Vec<Value> =
        list(&plan["diagnostics"]).into_iter().filter(|diagnostic| diagnostic["severity"] == "error").collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(error) = errors.first() {
        let reason = format!("{} ({})", text(&error["message"]), text(&error["help"]));
        return if error["code"] == "anchor-missing" { Cell::Missing(reason) } else { Cell::Wrong(reason) };
    }
    if let Some(manual) = list(&plan["manual"]).iter().find(|manual| manual["task"] == task) {
        return Cell::Missing(text(&manual["reason"]));
    }
    let is_about = |change: &Value| list(&change["tasks"]).iter().any(|known| known == task);
    if list(&plan["changes"]).iter().any(is_about) {
        Cell::Planned
    } else {
        Cell::Wrong("nothing is planned, and nothing says why".to_owned())
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// The table, with what the cells cannot hold below it.
fn page(columns: &[Column]) -> String {
    let mut page = String::from(include_str!("versions.md"));
    let mut notes: Vec<String> = Vec::new();
    let heads: Vec<String> = columns.iter().map(|column| column.release.name.clone()).collect();
    let _ = writeln!(page, "| task | {} |\n|---|{}", heads.join(" | "), "---|".repeat(heads.len()));
    let go: Vec<String> = columns.iter().map(|column| column.go.trim_start_matches("go").to_owned()).collect();
    let _ = writeln!(page, "| *Go* | {} |", go.join(" | "));
    for (task, title) in columns.first().into_iter().flat_map(|column| &column.titles) {
        let _ = write!(page, "| {task} {title} |");
        for column in columns {
            let mut note = |text: &str| {
                let text = text.replace('\n', " ");
                let at = notes.iter().position(|known| *known == text).unwrap_or_else(|| {
                    notes.push(text);
                    notes.len() - 1
                });
                format!("{}", at + 1)
            };
            let cell = match column.cells.get(task) {
                Some(Cell::Planned) => "planned".to_owned(),
                Some(Cell::Compiled { green: 0, red: 0 }) => "yes".to_owned(),
                Some(Cell::Compiled { green, red: 0 }) => format!("yes, {green} green"),
                Some(Cell::Compiled { green: 0, red }) => format!("yes, {red} red"),
                Some(Cell::Compiled { green, red }) => format!("yes, {green} green, {red} red"),
                Some(Cell::Missing(reason)) => format!("missing ({})", note(reason)),
                Some(Cell::Wrong(reason)) => format!("**no** ({})", note(reason)),
                None => String::new(),
            };
            let _ = write!(page, " {cell} |");
        }
        page.push('\n');
    }
    if !notes.is_empty() {
        page.push('\n');
    }
    for (index, note) in notes.iter().enumerate() {
        let _ = writeln!(page, "{}. {note}", index + 1);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_go_mod_asks_for_a_release_of_go() {
        let asked = |lines: &str| asked(&format!("module kubevirt.io/kubevirt\n\n{lines}\n"));
        assert_eq!(asked("go 1.19").as_deref(), Some("go1.19.13"));
        assert_eq!(asked("go 1.21").as_deref(), Some("go1.21.0"));
        assert_eq!(asked("go 1.24.0").as_deref(), Some("go1.24.0"));
        assert_eq!(asked("go 1.22.0\n\ntoolchain go1.22.2").as_deref(), Some("go1.22.2"));
        assert_eq!(asked(""), None);
    }
}
