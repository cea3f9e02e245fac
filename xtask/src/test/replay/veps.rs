//! `cargo xtask replay --veps DIR --key FILE`: the tasks.md of each VEP of an answer key, from its text of then and on the
//! tree of then, held against what its pull requests did.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use anyhow::{Context as _, Result};
use kubevirt_scaffold_core::check::{Against, check};
use kubevirt_scaffold_core::diagnostic::Severity;
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::pipeline::{Proposal, propose};
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::vep::{self, Facts, GateFact, Origin, Vep};
use serde::{Deserialize, Serialize};

use super::super::store::{Store, key};
use super::super::work_tree::{self, WorkTree, done};
use super::git_tree::Repository;
use super::veps_page;
use crate::flags;
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::go::{GO_FLAGS, Go};

/// A feature of the key, as far as its VEP is judged by it.
#[derive(Deserialize, Debug)]
struct Entry {
    vep_number: String,
    vep_version: Version,
    #[serde(default)]
    vep_gate_then: Option<String>,
    #[serde(default)]
    gate: Option<String>,
    #[serde(default)]
    gate_state: Option<String>,
    #[serde(default)]
    gate_release: Option<String>,
    #[serde(default)]
    gate_owner: Option<String>,
    prs: Vec<Pull>,
    #[serde(default)]
    files: Vec<File>,
    #[serde(default)]
    api_fields: Vec<Field>,
    #[serde(default)]
    admission_files_touched: Vec<String>,
    #[serde(default)]
    functional_tests: Vec<Specs>,
}

/// A file with functional specs.
#[derive(Deserialize, Debug)]
struct Specs {
    adds_specs: bool,
    sig_labels: Vec<String>,
}

#[derive(Deserialize, Debug)]
struct Version {
    commit: String,
    path: String,
}

#[derive(Deserialize, Debug)]
struct Pull {
    parent_commit: String,
}

#[derive(Deserialize, Debug)]
struct File {
    path: String,
}

#[derive(Deserialize, Debug)]
struct Field {
    #[serde(rename = "type")]
    parent: String,
    go_type: String,
    json: String,
}

/// What came of a VEP.
#[derive(Serialize, Deserialize, Default, Debug)]
pub(super) struct Judged {
    pub(super) number: String,
    pub(super) refused: Option<String>,
    pub(super) tasks: usize,
    pub(super) questions: usize,
    pub(super) checked: Vec<String>,
    pub(super) scaffold: Option<String>,
    pub(super) stable: bool,
    pub(super) right: Vec<String>,
    pub(super) asked: Vec<String>,
    pub(super) wrong: Vec<String>,
    /// Production files that are named, and those that the pull requests touched.
    pub(super) named: Vec<String>,
    pub(super) touched: Vec<String>,
    /// Nothing, or what the compiler says.
    pub(super) compiles: Option<String>,
}

/// Prints the page.
pub(super) fn run(veps: &Path, file: &Path, args: &flags::Replay) -> Result<ExitStatus> {
    let (kubevirt, head) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let entries: Vec<Entry> = serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    let (trees, texts) = (Repository::new(&kubevirt), Repository::new(veps));
    let store = Store::new("replay-veps", args.again);
    let compiler = args.compile.then(|| WorkTree::new(&kubevirt, &head)).transpose()?;
    let mut all = Vec::new();
    for entry in &entries {
        let judged = replay(entry, &trees, &texts, args, compiler.as_ref(), &store)?;
        eprintln!("{}: {} questions, {} wrong", judged.number, judged.questions, judged.wrong.len());
        all.push(judged);
    }
    print!("{}", veps_page::page(&all));
    let bad = |one: &Judged| one.refused.is_some() || !one.wrong.is_empty() || !one.stable;
    Ok(if all.iter().any(bad) { ExitStatus::Found } else { ExitStatus::Done })
}

fn replay(
    entry: &Entry,
    trees: &Repository<'_>,
    texts: &Repository<'_>,
    args: &flags::Replay,
    compiler: Option<&WorkTree>,
    store: &Store,
) -> Result<Judged> {
    let mut judged = Judged { number: entry.vep_number.clone(), ..Judged::default() };
    let version = &entry.vep_version;
    let text = texts.git(&["show", &format!("{}:{}", version.commit, version.path)]);
    let text = text.with_context(|| format!("{} is not in the enhancements repository", version.path))?;
    let parent = &entry.prs.first().context("the entry has no pull request")?.parent_commit;
    let tree = trees.tree(parent);
    let survey = Survey::new(&tree).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let source = Source::new(version.path.as_str(), text.as_str());
    let vep = match Vep::read(&source) {
        Ok(vep) => vep,
        Err(found) => {
            judged.refused = Some(found.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("; "));
            return Ok(judged);
        }
    };
    let drafted = vep::draft(&vep, &survey, None, None);
    if let Some(folder) = &args.inputs {
        let folder = env::current_dir()?.join(folder);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{}.md", entry.vep_number)), &drafted.text)?;
    }
    let written = Source::new("tasks.md", drafted.text.as_str());
    judged.stable = vep::draft(&vep, &survey, Some(&written), None).text == drafted.text;
    judged.questions = drafted.questions.len();
    let documents = Documents { tasks: Some(written.clone()), ..Documents::default() };
    let checked = check(&written, Against { documents: &documents, tree: None });
    judged.tasks = checked.file.tasks.len();
    let errors = checked.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    judged.checked = errors.map(|one| format!("{}: {}", one.code, one.message)).collect();
    let options = Options { ignore_compliance: true, ..Options::default() };
    let proposal = propose(&written, &survey, &options);
    judged.scaffold = proposal.is_refused().then(|| {
        let errors = proposal.diagnostics().filter(|said| said.severity == Severity::Error);
        errors.map(|said| format!("{}: {}", said.code, said.message)).collect::<Vec<_>>().join("; ")
    });
    gate(entry, &drafted.facts, &vep, &mut judged);
    fields(entry, &drafted.facts, &mut judged);
    files(entry, &written, &proposal, &mut judged);
    if judged.scaffold.is_none() {
        // What is known is shown, whether the rest is compiled or not.
        let key = compile_key(parent, &proposal);
        judged.compiles = match (store.get::<String>(&key), compiler) {
            (Some(known), _) => Some(known),
            (None, Some(tree)) => Some(compile(tree, store, parent, &proposal)?),
            (None, None) => None,
        };
    }
    Ok(judged)
}

fn gate(entry: &Entry, facts: &Facts, vep: &Vep, judged: &mut Judged) {
    let then = entry.vep_gate_then.as_deref();
    match (&facts.gate, then) {
        (GateFact::Named { name, .. }, Some(then)) if name == then => judged.right.push(format!("gate {name}")),
        (GateFact::Named { name, span }, _) => {
            let said = then.or(entry.gate.as_deref()).unwrap_or("none");
            if entry.vep_gate_then.is_none() && entry.gate.is_none() {
                // The key has no gate for it: the line is there to be judged by people.
                judged.asked.push(format!("gate {name}, of which the key says nothing ({})", vep.place(*span)));
            } else {
                judged.wrong.push(format!("gate {name} ({}), the key has {said}", vep.place(*span)));
            }
            return;
        }
        (GateFact::Wanted(_) | GateFact::Unsaid, None) => return judged.asked.push("gate".to_owned()),
        (GateFact::Denied(_), None) => return judged.right.push("gate denied".to_owned()),
        (found, Some(then)) => return judged.wrong.push(format!("gate {then}: {found:?}")),
    }
    let mut fact = |what: &str, ours: String, theirs: &str| {
        if ours == theirs {
            judged.right.push(format!("{what} {ours}"));
        } else if what == "release" && facts.release.as_ref().is_some_and(|release| release.target.is_none()) {
            // The tasks.md says that the VEP targets none, and that this is the checkout's: to be confirmed.
            judged.asked.push(format!("{what} {ours}, which the VEP does not target; the key has {theirs}"));
        } else {
            judged.wrong.push(format!("{what} {ours}, the key has {theirs}"));
        }
    };
    if facts.registered.is_none() {
        if let Some(state) = entry.gate_state.as_deref().filter(|state| !state.contains("NOT")) {
            fact("state", facts.stage.name().to_owned(), state);
        }
        if let Some(release) = &entry.gate_release {
            let ours = facts.release.as_ref().map_or("", |release| release.name.as_str());
            fact("release", ours.trim_end_matches(".0").to_owned(), release.trim_end_matches(".0"));
        }
        if let Some(owner) = entry.gate_owner.as_deref().filter(|owner| owner.to_lowercase().starts_with("sig")) {
            let theirs = owner.split('/').next().unwrap_or_default().trim().to_lowercase().replace(' ', "-");
            fact("owner", vep.sig.clone().unwrap_or_default(), &theirs);
        }
    }
}

fn fields(entry: &Entry, facts: &Facts, judged: &mut Judged) {
    for field in &facts.api.fields {
        let ty = field.ty.as_deref().unwrap_or_default();
        let what = format!("{}.{} {ty}", field.parent, field.json);
        if field.origin == Origin::Derived {
            judged.asked.push(what);
            continue;
        }
        let known = entry.api_fields.iter().find(|known| known.parent == field.parent && known.json == field.json);
        match known {
            Some(known) if known.go_type == ty => judged.right.push(what),
            Some(known) => judged.wrong.push(format!("{what}, the key has {}", known.go_type)),
            None => judged.wrong.push(format!("{what}, which the key has not")),
        }
    }
}

fn files(entry: &Entry, written: &Source, proposal: &Proposal, judged: &mut Judged) {
    let touched: BTreeSet<&str> = entry.files.iter().map(|file| file.path.as_str()).collect();
    let production = |path: &&str| path.ends_with(".go") && !path.ends_with("_test.go") && !path.starts_with("tests/");
    judged.touched = touched.iter().copied().filter(production).map(str::to_owned).collect();
    let file = parse(written);
    let stated = file.tasks.iter().flat_map(|task| task.paths.iter().map(|path| path.text.as_str()));
    let made = proposal.set.changes.iter().map(|change| &*change.path);
    let named: BTreeSet<&str> =
        stated.chain(made).filter(production).filter(|path| !path.contains("generated")).collect();
    let admits = |path: &&str| {
        ["pkg/virt-api/webhooks/", "pkg/virt-operator/webhooks/", "pkg/storage/admitters/", "pkg/network/admitter/"]
            .iter()
            .any(|folder| path.starts_with(folder))
    };
    let ours: Vec<&str> = named.iter().copied().filter(admits).collect();
    let is_right =
        |path: &str| touched.contains(path) || entry.admission_files_touched.iter().any(|known| known == path);
    let wrong = ours.iter().filter(|path| !is_right(path)).map(|path| format!("admission {path}"));
    judged.wrong.extend(wrong);
    // A VEP counts once, however many of its webhooks are named.
    let right: Vec<&str> = ours.iter().copied().filter(|path| is_right(path)).collect();
    let asks = written.text().contains("**: Which webhook admits");
    match (right.as_slice(), entry.admission_files_touched.as_slice()) {
        ([], []) if asks => judged.asked.push("admission, which the key has none of".to_owned()),
        ([], []) => {}
        ([], theirs) if asks => judged.asked.push(format!("admission {}", theirs.join(", "))),
        ([], theirs) => judged.wrong.push(format!("admission: not asked, the key has {}", theirs.join(", "))),
        (right, _) => judged.right.push(format!("admission {}", right.join(", "))),
    }
    label(entry, proposal, judged);
    judged.named = named.into_iter().map(str::to_owned).collect();
}

/// The SIG of the functional specs: the label that the scaffold gives them is one that the authors' have.
fn label(entry: &Entry, proposal: &Proposal, judged: &mut Judged) {
    let theirs: Vec<&String> =
        entry.functional_tests.iter().filter(|specs| specs.adds_specs).flat_map(|specs| &specs.sig_labels).collect();
    let made =
        proposal.set.changes.iter().find(|change| change.path.starts_with("tests/") && change.path.ends_with(".go"));
    let (Some(made), false) = (made, theirs.is_empty()) else { return };
    let of_folder = || {
        let folder = made
            .path
            .split('/')
            .nth(1)
            .filter(|_| made.after.contains("Describe(SIG(") || made.after.contains("= SIGDescribe("))?;
        Some(format!("Sig{}{}", folder[..1].to_uppercase(), &folder[1..]))
    };
    let stated = made
        .after
        .split("decorators.Sig")
        .nth(1)
        .map(|rest| format!("Sig{}", rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()));
    match of_folder().or(stated) {
        Some(ours) if theirs.iter().any(|label| label.starts_with(&ours)) => judged.right.push(format!("label {ours}")),
        Some(ours) => judged.wrong.push(format!("label {ours}, the key has {theirs:?}")),
        None => judged.asked.push("label".to_owned()),
    }
}

/// The name under which the result is kept: of all that went into it.
fn compile_key(parent: &str, proposal: &Proposal) -> String {
    let changes = proposal.set.changes.iter().flat_map(|change| [&*change.path, &change.after]);
    key(parent, std::iter::once("2").chain(changes))
}

/// Vets the packages that a proposal touches, on the tree of then.
fn compile(tree: &WorkTree, store: &Store, parent: &str, proposal: &Proposal) -> Result<String> {
    tree.reset()?;
    done(tree.path(), &["checkout", "--quiet", "--force", "--detach", parent])?;
    let mut files = Vec::new();
    let mut packages = BTreeSet::new();
    for change in &proposal.set.changes {
        let path = tree.path().join(&change.path);
        fs::create_dir_all(path.parent().unwrap_or(tree.path()))?;
        fs::write(&path, &*change.after).with_context(|| format!("writing {}", change.path))?;
        if change.path.ends_with(".go") {
            files.push(&*change.path);
            let folder = kubevirt_scaffold_core::tree::parent(&change.path);
            // Packages below `staging` are modules of their own on older trees, and vendored.
            let staged = folder.strip_prefix("staging/src/").map(str::to_owned);
            packages.insert(staged.unwrap_or_else(|| format!("./{folder}")));
        }
    }
    let go = Go::find(tree.path(), GO_FLAGS).map_err(anyhow::Error::msg)?;
    let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
    let said = if packages.is_empty() { Vec::new() } else { go.vet(&packages, &files)? };
    let said = said.join("\n");
    store.put(&compile_key(parent, proposal), &said)?;
    Ok(said)
}
