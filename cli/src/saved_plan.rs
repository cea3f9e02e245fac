//! Plans that are saved to be carried out later: `scaffold --plan FILE`, then `apply FILE`.
//!
//! A saved plan holds what every file will be, and what every file and folder that it was made from was.
//! It is input like any other: what it says is believed only as far as it can be checked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use kubevirt_scaffold_core::diagnostic::visible;
use kubevirt_scaffold_core::pipeline::Hook;
use kubevirt_scaffold_core::pipeline::sha256;
use kubevirt_scaffold_core::plan::Baseline;
use kubevirt_scaffold_core::repo_path::{self, RepoPath};
use kubevirt_scaffold_core::tree::{Kind, ReadError, Tree, parent};
use serde::{Deserialize, Serialize};

use crate::apply::{About, FileEdit, Key, Record, Refusal};
use crate::command_name::command;
use crate::disk::DiskTree;
use crate::options::Asked;
use crate::{baseline, input};

const KIND: &str = "kubevirt-scaffold plan";
const VERSION: u32 = 3;
/// What a plan is sealed for.
const PURPOSE: &str = "plan";
/// The largest plan that is read.
const LIMIT: u64 = 64 << 20;
/// The steps that a plan may ask for. It names them; what they run is said here.
const HOOKS: &[&str] = &["deps-update", "generate", "bazel-generate", "format"];

/// A plan as it is saved.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    kind: String,
    version: u32,
    /// Tells plans apart: a plan is carried out once.
    pub id: String,
    /// The checkout that it was made for.
    pub root: PathBuf,
    feature: String,
    command: String,
    tasks: Vec<(String, String)>,
    /// What the tasks.md is scaffolded with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<Asked>,
    /// Every file that the plan was made from, and the SHA-256 of its text; nothing if it was not there.
    files: BTreeMap<String, Option<String>>,
    /// Every folder that was listed, and the SHA-256 of its names, a line each.
    folders: BTreeMap<String, String>,
    changes: Vec<SavedChange>,
    baselines: BTreeMap<RepoPath, Baseline>,
    hooks: Vec<SavedHook>,
    /// The seal of the plan without it, by the user who saved it.
    seal: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedChange {
    path: String,
    after: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedHook {
    name: String,
    reason: String,
}

/// A tree that remembers what was read from it.
pub struct Recorder<'a> {
    under: &'a dyn Tree,
    files: RefCell<BTreeMap<String, Option<String>>>,
    folders: RefCell<BTreeMap<String, String>>,
}

impl<'a> Recorder<'a> {
    /// Over another tree.
    pub fn new(under: &'a dyn Tree) -> Self {
        Self { under, files: RefCell::default(), folders: RefCell::default() }
    }

    fn note(&self, path: &str, text: Option<&str>) {
        self.files.borrow_mut().entry(path.to_owned()).or_insert_with(|| text.map(sha256));
    }
}

impl Tree for Recorder<'_> {
    fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        let text = self.under.read(path)?;
        self.note(path, text.as_deref());
        Ok(text)
    }

    fn show(&self, path: &str, look: &mut dyn FnMut(&str)) {
        let mut seen = false;
        self.under.show(path, &mut |text| {
            seen = true;
            self.note(path, Some(text));
            look(text);
        });
        if !seen && self.under.kind(path).is_none() {
            self.note(path, None);
        }
    }

    fn kind(&self, path: &str) -> Option<Kind> {
        self.under.kind(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let names = self.under.list(folder);
        self.folders.borrow_mut().entry(folder.to_owned()).or_insert_with(|| sha256(&names.join("\n")));
        names
    }
}

/// A plan as a file. Paths that are not UTF-8 cannot be saved.
pub fn save(root: &Path, record: &Record, steps: &[Hook], read: &Recorder<'_>) -> Result<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut files = read.files.borrow().clone();
    for file in &record.files {
        files.insert(file.path.clone(), file.before.as_deref().map(|before| sha256(&text(before))));
    }
    let mut saved = Saved {
        kind: KIND.to_owned(),
        version: VERSION,
        id: String::new(),
        root: absolute(root),
        feature: record.about.feature.clone(),
        command: record.about.command.clone(),
        tasks: record.about.tasks.clone(),
        asked: record.about.asked.clone(),
        files,
        folders: read.folders.borrow().clone(),
        changes: (record.files.iter())
            .map(|file| SavedChange { path: file.path.clone(), after: text(file.after.as_deref().unwrap_or_default()) })
            .collect(),
        baselines: record.baselines.clone(),
        hooks: (steps.iter()).map(|hook| SavedHook { name: hook.name.clone(), reason: hook.reason.clone() }).collect(),
        seal: String::new(),
    };
    let whole = serde_json::to_string(&saved)?;
    let unique = sha256(&format!("{whole}{}{}", record.about.time, std::process::id()));
    unique[..16].clone_into(&mut saved.id);
    let key = Key::find_or_make().with_context(|| format!("the key {} cannot be used", Key::path().display()))?;
    saved.seal = key.seal(PURPOSE, &serde_json::to_vec(&saved)?);
    Ok(serde_json::to_string_pretty(&saved)? + "\n")
}

/// Reads a saved plan that names no file that it has no business with.
pub fn read(path: &Path) -> Result<Saved, Refusal> {
    let error = |message: String| {
        Refusal::new("plan-unreadable", path, message, format!("make it with {}", command("scaffold --plan FILE")))
    };
    let bytes =
        input::limited(path, LIMIT).map_err(|reason| error(format!("{} cannot be read: {reason}", path.display())))?;
    if bytes.len() as u64 > LIMIT {
        return Err(error(format!("{} has more than {LIMIT} bytes, which are not read", path.display())));
    }
    let saved: Saved = serde_json::from_slice(&bytes)
        .map_err(|reason| error(format!("{} is not a saved plan: {reason}", path.display())))?;
    if saved.kind != KIND || saved.version != VERSION {
        return Err(error(format!("{} is not a saved plan of version {VERSION}", path.display())));
    }
    safe(path, &saved)?;
    Ok(saved)
}

fn safe(plan: &Path, saved: &Saved) -> Result<(), Refusal> {
    for change in &saved.changes {
        if let Some((code, message, help)) = repo_path::unwritable(&change.path) {
            return Err(Refusal::new(code, plan, message, help));
        }
    }
    for path in saved.files.keys().chain(saved.folders.keys()) {
        if path.starts_with('/') || path.split('/').any(|part| part == "..") {
            let message = format!("{} reads `{}`, which is outside the checkout", plan.display(), visible(path));
            return Err(Refusal::new("path-escapes", plan, message, "make a new plan"));
        }
    }
    Ok(())
}

/// That everything that a plan was made from is as it was.
fn unmoved(plan: &Path, saved: &Saved, tree: &DiskTree) -> Result<(), Refusal> {
    let files = saved.files.iter().filter(|(path, hash)| {
        let now = match tree.read(path) {
            Ok(text) => text.as_deref().map(sha256),
            Err(_) => return true,
        };
        now != **hash
    });
    let mut moved: Vec<String> = files.map(|(path, _)| path.clone()).collect();
    let folders = saved.folders.iter().filter(|(path, hash)| sha256(&tree.list(path).join("\n")) != **hash);
    moved.extend(folders.map(|(path, _)| format!("{path}/ (other files are in it)")));
    if moved.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the checkout is not as it was when {} was made; since then changed: {}",
        plan.display(),
        moved.join(", ")
    );
    Err(Refusal::new("plan-moved", plan, message, format!("make a new plan with {}", command("scaffold --plan FILE"))))
}

/// That no link leads to what a plan writes, and that it is a file.
fn is_straight(plan: &Path, saved: &Saved, tree: &DiskTree) -> Result<(), Refusal> {
    for change in &saved.changes {
        let above = std::iter::successors(Some(parent(&change.path)), |folder| Some(parent(folder)));
        let mut above = above.take_while(|folder| !folder.is_empty());
        let is_wrong = |path: &str, right: Kind| tree.kind(path).is_some_and(|kind| kind != right);
        let wrong = above.find(|folder| is_wrong(folder, Kind::Folder));
        if let Some(wrong) = wrong.or_else(|| is_wrong(&change.path, Kind::File).then_some(change.path.as_str())) {
            let message = format!("{} writes through {wrong}, which is a link, or of another kind", plan.display());
            return Err(Refusal::new("path-symlink", plan, message, "nothing is written through links"));
        }
    }
    Ok(())
}

/// That this user saved the plan, and nobody changed it since.
fn is_sealed(plan: &Path, saved: &Saved) -> Result<(), Refusal> {
    let foreign = |reason: &str| {
        let message = format!("{} {reason}", plan.display());
        let help = format!(
            "a plan is carried out by the user who saved it; make one with {}",
            command("scaffold --plan FILE")
        );
        Refusal::new("plan-foreign", plan, message, help)
    };
    let key = Key::find().map_err(|error| foreign(&format!("cannot be told from a forged one: {error}")))?;
    let bare = serde_json::to_vec(&Saved { seal: String::new(), ..saved.clone() });
    let bare = bare.map_err(|error| foreign(&format!("cannot be told from a forged one: {error}")))?;
    match key {
        Some(key) if key.is_sealed(PURPOSE, &bare, &saved.seal) => Ok(()),
        _ => Err(foreign("does not have your seal: somebody else saved it, or it was changed since")),
    }
}

/// The change that a plan makes, if everything that it was made from is as it was.
pub fn record(plan: &Path, saved: &Saved, tree: &DiskTree) -> Result<Record, Refusal> {
    unmoved(plan, saved, tree)?;
    let mut record = Record {
        about: About {
            time: baseline::now(),
            command: saved.command.clone(),
            feature: saved.feature.clone(),
            tasks: saved.tasks.clone(),
            asked: saved.asked.clone(),
            plan: Some(saved.id.clone()),
            hooks: saved.hooks.iter().map(|hook| hook.name.clone()).collect(),
            ..About::default()
        },
        baselines: saved.baselines.clone(),
        ..Record::default()
    };
    for change in &saved.changes {
        let before = match tree.read(&change.path) {
            Ok(text) if saved.files.contains_key(&change.path) => text,
            _ => {
                let message = format!("{} changes {} without having read it", plan.display(), change.path);
                return Err(Refusal::new("plan-unreadable", plan, message, "make a new plan"));
            }
        };
        if record.files.iter().any(|file| file.path == change.path) {
            let message = format!("{} changes {} twice", plan.display(), change.path);
            return Err(Refusal::new("plan-unreadable", plan, message, "make a new plan"));
        }
        record.files.push(FileEdit {
            path: change.path.clone(),
            mode: None,
            before: before.map(|text| text.as_bytes().to_vec()),
            after: Some(change.after.clone().into_bytes()),
        });
    }
    is_straight(plan, saved, tree)?;
    is_sealed(plan, saved)?;
    Ok(record)
}

/// The steps that a plan asks for, as far as they are known.
pub fn hooks(saved: &Saved) -> Vec<Hook> {
    let known = saved.hooks.iter().filter(|hook| HOOKS.contains(&hook.name.as_str()));
    known.map(|hook| Hook::make(&hook.name, hook.reason.as_str())).collect()
}

/// A folder by the name that no link changes.
pub fn absolute(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}
