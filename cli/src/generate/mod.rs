//! What the checkout's generators make of a change, without a container: they run in a copy of the checkout, with Go
//! alone, and the checkout itself is changed by a transaction like any other.

mod changed;
mod run;
mod scratch;
mod tools;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kubevirt_scaffold_core::diagnostic::{Diagnostic, visible};
use kubevirt_scaffold_core::generate::{
    Changed, DOCKERFILE, Left, Plan, SCRIPT, TEST_DATA, choose, pins, read, read_test_data, regrouped,
};
use kubevirt_scaffold_core::pipeline::Proposal;
use kubevirt_scaffold_core::text::{Source, Span};
use kubevirt_scaffold_core::tree::{Overlay, Tree};

pub use changed::{Base, changed, since};

use crate::apply::FileEdit;
use crate::baseline;
use crate::checkout::Checkout;
use crate::exit::CommandError;
use crate::process::Runner;
use crate::progress;
use crate::terminal;
use scratch::{Cache, Scratch};

/// How long one command may take. The slowest builds a program of the checkout for the first time, which is minutes.
const LIMIT: Duration = Duration::from_mins(20);
/// How long gofmt may take for one file.
const FORMAT_LIMIT: Duration = Duration::from_mins(1);

/// What generators make of a change.
#[derive(Debug, Default)]
pub struct Generated {
    /// The files that differ from what the checkout has.
    pub files: Vec<FileEdit>,
    /// What ran.
    pub ran: Vec<String>,
    /// What is left to `make generate`.
    pub left: Vec<Left>,
}

impl Generated {
    /// What is left to `make generate`, in words; empty if nothing is.
    pub fn words(&self) -> String {
        words(&self.left)
    }
}

/// The generators' last result, and what it was made of: a part of a plan that has the same types needs no other.
#[derive(Debug, Default)]
pub struct Memory {
    made_of: Vec<(String, Option<Arc<str>>)>,
    files: Option<Vec<FileEdit>>,
}

/// Adds what the checkout's generators make of the plan; then `make generate` need not follow.
pub fn into(checkout: &Checkout, proposal: &mut Proposal, memory: &mut Memory) -> Result<(), CommandError> {
    let Some(root) = checkout.root() else {
        terminal::tell!("{} has no generators: --generate needs a checkout.", checkout.name());
        return Ok(());
    };
    let planned: Vec<FileEdit> = proposal.set.changes.iter().map(baseline::edit).collect();
    let texts = proposal.set.changes.iter().map(|change| (change.path.to_string(), Some(change.after.clone())));
    let tree = Overlay::new(checkout.tree(), texts.collect());
    let changed = proposal.set.changes.iter();
    let changed = changed.map(|change| Changed { path: change.path.to_string(), before: change.before.clone() });
    let prepared = prepare(&tree, &changed.collect::<Vec<_>>())?;
    let text = |path: String| (tree.read(&path).ok().flatten(), path);
    let made_of: Vec<_> = prepared.0.causes().into_iter().map(text).map(|(text, path)| (path, text)).collect();
    let files = match memory.files.take().filter(|_| memory.made_of == made_of) {
        Some(known) => known,
        None => prepared.run(root, &tree, &planned)?.files,
    };
    let causes = prepared.0.causes();
    for file in &files {
        let text = |text: &Option<Vec<u8>>| text.clone().map(String::from_utf8).transpose();
        match (text(&file.before), text(&file.after)) {
            (Ok(before), Ok(Some(after))) => {
                proposal.set.add_generated(&file.path, before.as_deref(), &after, &causes);
            }
            _ => terminal::tell!("Left to `make generate`: {}, which is removed or not text.", file.path),
        }
    }
    let left = prepared.0.left;
    terminal::say(&words(&left));
    if left.is_empty() {
        proposal.set.hooks.retain(|hook| hook.name != "generate");
    }
    *memory = Memory { made_of, files: Some(files) };
    Ok(())
}

/// What a change of the checkout asks for, before it runs.
#[derive(Debug)]
pub struct Prepared(Plan);

/// Looks for what a change asks for. `tree` is the checkout with the change.
pub fn prepare(tree: &dyn Tree, changed: &[Changed]) -> Result<Prepared, Diagnostic> {
    let script = source(tree, SCRIPT)?;
    let mut recipes = vec![read(script.text())];
    if let Ok(test_data) = source(tree, TEST_DATA) {
        recipes.push(read_test_data(test_data.text()));
    }
    if recipes[0].steps.is_empty() {
        let message = format!("nothing of {SCRIPT} is understood");
        return Err(Diagnostic::error("generate-script", message).at(&script, Span::at(0)).help(MAKE));
    }
    Ok(Prepared(choose(tree, &recipes, changed)))
}

impl Prepared {
    /// Runs it. `planned` are those of the checkout's files that are not on the disk yet. Nothing in the checkout is
    /// changed.
    pub fn run(&self, root: &Path, tree: &dyn Tree, planned: &[FileEdit]) -> Result<Generated, Diagnostic> {
        self.run_within(root, tree, planned, LIMIT)
    }

    /// Runs it; no command may take longer than `limit`.
    pub fn run_within(
        &self,
        root: &Path,
        tree: &dyn Tree,
        planned: &[FileEdit],
        limit: Duration,
    ) -> Result<Generated, Diagnostic> {
        let plan = &self.0;
        terminal::say(&announced(plan));
        if plan.chosen.is_empty() {
            return Ok(Generated { left: plan.left.clone(), ..Generated::default() });
        }
        let go = Toolchain::find(root).map_err(|why| {
            let message = format!("the generators are Go programs, and {why}");
            Diagnostic::error("generate-go", message).at(&place(root), Span::at(0)).help(MAKE)
        })?;
        let failed = |what: &str, error: &std::io::Error| {
            let message = format!("{what}: {error}");
            let help = "nothing was written to the checkout; when that is fixed, run the command again";
            Diagnostic::error("generate-copy", message).at(&place(root), Span::at(0)).help(help)
        };
        let cache = Cache::find().map_err(|error| failed("the cache cannot be made", &error))?;
        let tools = built(&cache, tree, plan, &go.version)?;
        let scratch =
            Scratch::open(&cache, root).map_err(|error| failed("the copy of the checkout cannot be made", &error))?;
        let Some(mut scratch) = scratch else {
            let message = format!("another run of this program generates files of {}", root.display());
            let help = "wait until it has ended, and run the command again";
            return Err(Diagnostic::error("busy", message).at(&place(root), Span::at(0)).help(help));
        };
        progress::timed("copying what changed", || scratch.sync(planned))
            .map_err(|error| failed("the checkout cannot be copied", &error))?;
        let ran = run::run(&scratch, &cache, &tools, &go.root, plan, limit)?;
        let mut files =
            scratch.changes(planned).map_err(|error| failed("what the generators made cannot be read", &error))?;
        formatted(&mut files, &go, plan.local.as_deref(), planned)
            .map_err(|error| failed("gofmt cannot format what was made", &error))?;
        Ok(Generated { files, ran, left: plan.left.clone() })
    }
}

/// Formats Go files and groups their imports: `make generate` ends with goimports over the whole checkout. What is as
/// before then is no change.
fn formatted(
    files: &mut Vec<FileEdit>,
    go: &Toolchain,
    local: Option<&str>,
    planned: &[FileEdit],
) -> std::io::Result<()> {
    let gofmt = Path::new(&go.root).join("bin/gofmt");
    for file in files.iter_mut().filter(|file| file.path.ends_with(".go")) {
        let Some(text) = file.after.as_deref().and_then(|text| std::str::from_utf8(text).ok()) else { continue };
        let text = local.map_or_else(|| text.to_owned(), |local| regrouped(text, local));
        let output = Runner::new(Path::new("/")).ask(&gofmt.to_string_lossy(), &[], &text, FORMAT_LIMIT)?;
        // What does not parse is shown as it is.
        if output.status.success() {
            file.after = Some(output.stdout);
        }
    }
    let was = |file: &FileEdit| planned.iter().find(|plan| plan.path == file.path).map(|plan| plan.after.clone());
    files.retain(|file| was(file).unwrap_or_else(|| file.before.clone()) != file.after);
    Ok(())
}

/// The release of Go that a checkout asks for.
struct Toolchain {
    root: String,
    version: String,
}

impl Toolchain {
    /// Finds it. The error says why it cannot be used.
    fn find(root: &Path) -> Result<Self, String> {
        let runner = Runner::new(root).with("GOFLAGS", "");
        let ask = |arguments: &[&str]| {
            let output = runner.run("go", arguments).map_err(|error| format!("go cannot be started ({error})"))?;
            let said = String::from_utf8_lossy(if output.status.success() { &output.stdout } else { &output.stderr });
            let said = said.trim().to_owned();
            if output.status.success() { Ok(said) } else { Err(format!("go does not run here: {said}")) }
        };
        // It reads go.mod, which may ask for another release.
        ask(&["list", "-m"])?;
        let said = ask(&["env", "GOROOT", "GOVERSION"])?;
        let (root, version) = said.split_once('\n').ok_or("go does not say where it is")?;
        Ok(Self { root: root.to_owned(), version: version.to_owned() })
    }
}

const MAKE: &str = "`make generate` does it in KubeVirt's builder container";

/// Every generator that a plan needs.
fn built(cache: &Cache, tree: &dyn Tree, plan: &Plan, release: &str) -> Result<BTreeMap<String, PathBuf>, Diagnostic> {
    let needed = plan.pinned();
    if needed.is_empty() {
        return Ok(BTreeMap::new());
    }
    let dockerfile = source(tree, DOCKERFILE)?;
    let read = |path: &str| tree.read(path).ok().flatten().unwrap_or_default();
    let known = ["go.mod", "go.sum", "staging/src/kubevirt.io/client-go/go.mod"].map(read);
    let pins = pins(dockerfile.text(), &known.each_ref().map(|text| &**text));
    let mut found = BTreeMap::new();
    for name in needed {
        let pin = tools::pinned(&name, &pins, &dockerfile)?;
        let path = tools::program(cache, &name, pin, release, &dockerfile)?;
        found.insert(name, path);
    }
    Ok(found)
}

fn source(tree: &dyn Tree, path: &str) -> Result<Source, Diagnostic> {
    let missing = |why: String| {
        let place = Source::new(path, "");
        Diagnostic::error("generate-script", format!("{path} {why}, and it says what is generated"))
            .at(&place, Span::at(0))
            .help(MAKE)
    };
    match tree.read(path) {
        Ok(Some(text)) => Ok(Source::new(path, text)),
        Ok(None) => Err(missing("is not there".to_owned())),
        Err(_) => Err(missing("cannot be read".to_owned())),
    }
}

/// The checkout as the place of a diagnostic.
fn place(root: &Path) -> Source {
    Source::new(root.display().to_string(), "")
}

/// What runs, and why.
fn announced(plan: &Plan) -> String {
    let mut by_reason: Vec<(&str, Vec<String>)> = Vec::new();
    for chosen in plan.chosen.iter().filter(|chosen| chosen.is_generator()) {
        match by_reason.iter_mut().find(|(reason, _)| *reason == chosen.reason) {
            Some((_, names)) => names.push(visible(&chosen.name())),
            None => by_reason.push((&chosen.reason, vec![visible(&chosen.name())])),
        }
    }
    let mut text = String::new();
    for (reason, names) in by_reason {
        let _ = writeln!(text, "{} changed, so these run:\n  {}", visible(reason), names.join("\n  "));
    }
    text
}

/// What is left to `make generate`, a line each.
fn words(left: &[Left]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let mut text = "Left to `make generate`:\n".to_owned();
    for Left { script, line, text: command, reason, .. } in left {
        let _ = writeln!(text, "  {script}:{line} `{}`: {}", visible(command), visible(reason));
    }
    text
}
