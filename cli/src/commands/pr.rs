//! `pr`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::documents::Document;
use kubevirt_scaffold_core::pipeline::propose;
use kubevirt_scaffold_core::plan::{Options, Plan, Role, slug};
use kubevirt_scaffold_core::pull_request::{Facts, fill, quoted, said};
use kubevirt_scaffold_core::status::{State, Status, status};
use kubevirt_scaffold_core::survey::Stage;
use kubevirt_scaffold_core::task::{TaskFile, parse};
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::vep::Vep;

use crate::apply::Refusal;
use crate::checkout::Checkout;
use crate::command_name::command;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag};
use crate::git::Git;
use crate::options::{GateFlags, PlanFlags};
use crate::verify::{Request, prove};
use crate::{baseline, files, input, terminal};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The tasks.md [default: the one in the current folder, or in the nearest parent of the same repository].
    #[arg(value_name = "TASKS.md")]
    pub tasks: Option<PathBuf>,
    #[command(flatten)]
    checkout: CheckoutFlag,
    #[command(flatten)]
    plan: PlanFlags,
    #[command(flatten)]
    gate: GateFlags,
    /// The branch or commit that the pull request targets [default: a remote's default branch, else main].
    #[arg(long, value_name = "REF")]
    pub base: Option<String>,
    /// The VEP, for its problem, goals and alternatives [default: the one beside the tasks.md].
    #[arg(long, value_name = "vep.md")]
    pub vep: Option<PathBuf>,
    /// Run `verify` first, and include its result.
    #[arg(long)]
    pub verify: bool,
    /// The release note [default: the one in a document, else a sentence about the new feature gate, else left to you].
    #[arg(long, value_name = "TEXT")]
    pub release_note: Option<String>,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let path = input::tasks(args.tasks.as_deref(), command_line)?;
    let source = input::read(&path, command_line)?;
    let named = args.checkout.kubevirt.as_deref();
    let checkout = Checkout::find(named);
    let root = checkout.required_root(command_line)?;
    let commits = commits(root, args.base.as_deref())?;
    let survey = checkout.survey(checkout.tree(), named, command_line)?;
    let standing = baseline::standing(Some(root), &path)?;
    let mut options = args.gate.options(args.plan.options(Some(&path), &standing, command_line)?, command_line)?;
    options.earlier = baseline::read(root, || slug(&parse(&source), &options))?;
    let (file, found) = status(&source, &survey, &options)?;
    let plan = propose(&source, &survey, &Options { ignore_compliance: true, ..options.clone() }).plan;
    checkout.is_legible()?;
    let proof = if args.verify {
        let request =
            Request { tasks: &path, kubevirt: named, plan: &args.plan, only: None, lint: false, suite: false };
        Some(prove(&request, command_line)?)
    } else {
        None
    };
    let documents = documents(&path, args.vep.as_deref(), command_line)?;
    let is_of_vep = source.text().contains("vep.md:");
    if is_of_vep && !documents.iter().any(|document| Vep::is_vep(&document.source)) {
        terminal::say("The VEP is not beside the tasks.md: pass --vep FILE for its problem, goals and alternatives.\n");
    }
    let mut notes = if let Some(proof) = &proof {
        format!("Verified with `{}`:\n\n```\n{}\n```\n", "kubevirt-scaffold verify", proof.summary().trim())
    } else {
        let verify = command(&format!("pr {} --verify", path.display()));
        crate::terminal::tell!("Nothing was verified for this text; to verify first, run {verify}.");
        String::new()
    };
    notes.push_str(&left(&file, &found));
    let before = before(&documents, &plan);
    let facts = Facts {
        why: why(&documents, &before),
        before,
        after: commits.iter().flat_map(|subject| ["- ".to_owned(), quoted(subject), "\n".to_owned()]).collect(),
        references: references(&documents, &source, &file),
        alternatives: documents.iter().find_map(|document| said(document, &["alternative"])).unwrap_or_default(),
        notes,
        release_note: args.release_note.clone().or_else(|| release_note(&documents, &plan)),
    };
    if facts.release_note.is_none() {
        terminal::say("No document has a release note: write one, write NONE, or pass --release-note TEXT.\n");
    }
    let template = template(root)?;
    if template.is_none() {
        terminal::say("The checkout has no pull request template, so this is a built-in one.\n");
    }
    terminal::product(&fill(template.as_deref().unwrap_or_default(), &facts))?;
    Ok(ExitStatus::Done)
}

/// The subjects of the commits that are not on the base yet, oldest first.
fn commits(root: &Path, named: Option<&str>) -> Result<Vec<String>, Refusal> {
    let git = Git::new(root);
    let refuse = |code, message: String, help: &str| Err(Refusal::new(code, root, message, help));
    let is_there = |name: &String| {
        !name.starts_with('-')
            && git.line(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).ok().flatten().is_some()
    };
    let base = match named.map(str::to_owned) {
        Some(name) if is_there(&name) => name,
        Some(name) => {
            return refuse(
                "pr-base",
                format!("there is no commit `{name}`"),
                "name a branch, a tag or a commit with --base",
            );
        }
        None => {
            let heads =
                git.ask(&["for-each-ref", "--format=%(symref:short)", "refs/remotes/*/HEAD"]).unwrap_or_default();
            let mut heads: Vec<String> = String::from_utf8_lossy(&heads).lines().map(str::to_owned).collect();
            // A fork calls its own branch by the same name as what it comes from.
            heads.sort_by_key(|head| !head.starts_with("upstream/"));
            heads.extend(["upstream/main", "origin/main", "main", "master"].map(str::to_owned));
            match heads.into_iter().find(|head| !head.is_empty() && is_there(head)) {
                Some(head) => head,
                None => {
                    return refuse(
                        "pr-base",
                        "git does not say what the pull request is against".to_owned(),
                        "name the branch with --base, such as --base upstream/main",
                    );
                }
            }
        }
    };
    let said = git.ask(&["log", "--reverse", "--no-merges", "--format=%s", &format!("{base}..HEAD"), "--"]);
    let said = match said {
        Ok(said) => said,
        Err(reason) => {
            return refuse("commit-git", format!("git cannot list the commits: {reason}"), "fix git here");
        }
    };
    let found: Vec<String> = String::from_utf8_lossy(&said).lines().map(str::to_owned).collect();
    if found.is_empty() {
        let help = format!("run {} first, or name another --base", command("commit TASKS.md"));
        return refuse("pr-empty", format!("there is no commit after {base}"), &help);
    }
    Ok(found)
}

/// The documents that say what the feature is for: its VEP, then its specification and plan.
fn documents(tasks: &Path, vep: Option<&Path>, command_line: &Source) -> Result<Vec<Document>, CommandError> {
    let folder = tasks.parent().unwrap_or(Path::new(""));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // What is named and is not there is refused by the one that reads it.
    let place = vep.map_or_else(|| input::vep(folder), |named| Some(input::vep(named).unwrap_or(named.to_owned())));
    let vep = place.map(|path| input::read(&path, command_line)).transpose()?;
    Ok(vep.into_iter().chain(input::documents(tasks)?).map(|source| Document::new(&source)).collect())
}

fn before(documents: &[Document], plan: &Plan) -> String {
    let words = ["problem", "current", "background", "motivation", "summary", "overview"];
    let said = documents.iter().find_map(|document| said(document, &words));
    said.unwrap_or_else(|| format!("KubeVirt does not support {} yet.", quoted(&plan.feature.name)))
}

/// Why it is needed, in other words than what is there before it.
fn why(documents: &[Document], before: &str) -> String {
    let words = ["motivation", "business value", "goals", "overview", "summary", "user stor"];
    let all = documents.iter().flat_map(|document| words.iter().filter_map(|word| said(document, &[*word])));
    all.into_iter().find(|said| said != before).unwrap_or_default()
}

fn references(documents: &[Document], source: &Source, file: &TaskFile) -> String {
    let mut text = String::new();
    let of_vep = documents
        .iter()
        .filter(|document| Vep::is_vep(&document.source))
        .find_map(|document| Vep::new(&document.source).number);
    // The tasks of a VEP carry its number, and say where each comes from.
    let from_vep = || {
        source
            .text()
            .contains("vep.md:")
            .then(|| file.metadata("Feature ID"))
            .flatten()
            .map(|field| field.value.text.clone())
    };
    if let Some(number) = of_vep.or_else(from_vep).filter(|number| number.chars().all(|c| c.is_ascii_digit())) {
        let _ = writeln!(text, "- VEP tracking issue: https://github.com/kubevirt/enhancements/issues/{number}");
    }
    text
}

/// What is left: every task that is not implemented.
fn left(file: &TaskFile, found: &[Status]) -> String {
    let mut text = String::new();
    for status in found.iter().filter(|status| status.state != State::Implemented) {
        let task = &file.tasks[status.task];
        let _ = writeln!(text, "- {} {}: {}", quoted(&task.id), quoted(&task.title.text), meaning(status));
    }
    let done = found.iter().filter(|status| status.state == State::Implemented).count();
    if text.is_empty() {
        return if done == 1 {
            "The task is implemented.\n".to_owned()
        } else {
            format!("All {done} tasks are implemented.\n")
        };
    }
    let tasks = if found.len() == 1 { "task" } else { "tasks" };
    let are = if done == 1 { "is" } else { "are" };
    format!("{done} of {} {tasks} {are} implemented. What is left:\n\n{text}", found.len())
}

fn meaning(status: &Status) -> String {
    let word = match status.state {
        State::Missing => "missing",
        State::Scaffolded => "a skeleton",
        State::Red => "its specs fail until they are written",
        State::Implemented => "implemented",
        State::Manual => "by hand",
    };
    if status.reason.is_empty() { word.to_owned() } else { format!("{word} ({})", quoted(&status.reason)) }
}

/// The release note: what a document says, or what the gate that is new says.
fn release_note(documents: &[Document], plan: &Plan) -> Option<String> {
    let stated = documents.iter().find_map(|document| said(document, &["release note"]));
    stated.or_else(|| {
        let gate = plan.feature.gate.as_ref()?;
        plan.tasks.iter().find(|task| task.role() == Some(Role::Gate))?;
        let default = if gate.stage == Stage::Alpha { "off" } else { "on" };
        let name = quoted(&plan.feature.name);
        Some(format!("{name}: the new feature gate `{}` ({}) is {default} by default.", gate.name, gate.stage.name()))
    })
}

/// The checkout's pull request template.
fn template(root: &Path) -> Result<Option<String>, Refusal> {
    const PLACES: &[&str] = &[
        ".github/PULL_REQUEST_TEMPLATE.md",
        ".github/pull_request_template.md",
        "PULL_REQUEST_TEMPLATE.md",
        "pull_request_template.md",
        "docs/pull_request_template.md",
    ];
    for place in PLACES {
        match files::read(&root.join(place), LIMIT) {
            Ok(bytes) => return Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if input::is_absent(&error) => {}
            Err(error) => {
                let message = format!("{place} cannot be read: {error}");
                return Err(Refusal::new("file-unreadable", &root.join(place), message, "make it readable"));
            }
        }
    }
    Ok(None)
}

/// The largest template that is read.
const LIMIT: u64 = 1 << 20;
