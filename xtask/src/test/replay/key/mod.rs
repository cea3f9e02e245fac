//! `cargo xtask replay --key`: pull requests again, from the facts that an answer key has of them.

mod facts;
mod judge;
mod tasks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use anyhow::{Context as _, Result};
use kubevirt_scaffold_core::pipeline::{Proposal, propose};
use kubevirt_scaffold_core::plan::{Manual, Options};
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;

use super::super::store::Store;
use super::super::work_tree::{self, WorkTree};
use super::compile::Compiler;
use super::git_tree::Repository;
use crate::flags;
use facts::{Entry, Facts};
pub(super) use judge::one_line;
use judge::{Judged, Subject, Verdict, judge};
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::go::{GO_FLAGS, Go};
use kubevirt_scaffold_core::tree::parent;

/// A pull request, replayed.
struct Replayed {
    facts: Facts,
    feature: String,
    judged: Vec<Judged>,
    unsaid: Vec<String>,
    /// What is left to people, with the task that asks for it.
    reasons: Vec<String>,
    /// Why nothing came of it.
    refused: Option<String>,
    /// Whether the packages that are touched pass Go's type checker, with their tests; nothing if nobody looked.
    compiles: Option<Result<(), String>>,
    /// Whether they are vetted, which compiles what they need.
    vetted: Option<Result<(), String>>,
}

/// Prints the page. The tasks.md of each pull request is left in a folder, if one is named.
pub(super) fn run(key: &Path, args: &flags::Replay) -> Result<ExitStatus> {
    let (kubevirt, head) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let text = fs::read_to_string(key).with_context(|| format!("reading {}", key.display()))?;
    let entries: Vec<Entry> = serde_json::from_str(&text).with_context(|| format!("reading {}", key.display()))?;
    let repository = Repository::new(&kubevirt);
    let tree = (args.compile || args.types).then(|| WorkTree::new(&kubevirt, &head)).transpose()?;
    let store = Store::new("replay", args.again);
    let go = tree.as_ref().map(|tree| Go::find(tree.path(), GO_FLAGS).map(|go| go.version)).transpose();
    let go = go.map_err(anyhow::Error::msg)?.unwrap_or_default();
    let compiler = tree.as_ref().map(|tree| Compiler { repository: &repository, tree, store: &store, go: &go });
    let mut all = Vec::new();
    for entry in &entries {
        for facts in entry.facts() {
            let replayed = replay(&repository, compiler.as_ref(), entry, facts, args)?;
            eprintln!("{}: {} facts", replayed.facts.pull.pr, replayed.judged.len());
            all.push(replayed);
        }
    }
    print!("{}", page(&all));
    let wrong =
        all.iter().any(|one| one.refused.is_some() || one.judged.iter().any(|fact| fact.verdict == Verdict::Wrong));
    Ok(if wrong { ExitStatus::Found } else { ExitStatus::Done })
}

fn replay(
    repository: &Repository<'_>,
    compiler: Option<&Compiler<'_>>,
    entry: &Entry,
    facts: Facts,
    args: &flags::Replay,
) -> Result<Replayed> {
    let (before, after) = (repository.tree(&facts.pull.parent_commit), repository.tree(&facts.pull.merge_commit));
    let (old, new) = (&facts.pull.parent_commit, &facts.pull.merge_commit);
    let changed = repository.git(&["diff", "--name-only", "--no-renames", old, new]).unwrap_or_default();
    let changed: Vec<String> = changed.lines().filter(|path| tasks::is_code(path)).map(str::to_owned).collect();
    let written = tasks::tasks(&facts, &changed, &before, &after);
    if let Some(folder) = args.inputs.as_deref() {
        let path = env::current_dir()?.join(folder);
        fs::create_dir_all(&path)?;
        let path = path.join(tasks::file_name("", facts.pull.pr).trim_start_matches('/'));
        fs::write(&path, &written.text).with_context(|| format!("writing {}", path.display()))?;
    }
    let feature = entry.gate.clone().or_else(|| entry.vep_number.as_ref().map(|number| format!("VEP {number}")));
    let survey = Survey::new(&before).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let proposal = proposal(&survey, &written.text);
    let refused = proposal.is_refused().then(|| {
        let errors = proposal.diagnostics().filter(|said| said.severity.name() == "error");
        errors.map(|said| format!("{}: {}", said.code, said.message)).collect::<Vec<_>>().join("; ")
    });
    let (mut compiles, mut vetted) = (None, None);
    if let Some(compiler) = compiler.filter(|_| refused.is_none()) {
        let number = facts.pull.pr.to_string();
        let (what, packages) = ((new.as_str(), number.as_str()), packages(&proposal));
        compiles = if args.types {
            Some(compiler.type_check(what, old, &proposal, &packages)?)
        } else {
            compiler.known("types", what, &proposal, &packages).map(Ok)
        };
        vetted = if args.compile {
            Some(compiler.vet(what, old, &proposal, &packages)?)
        } else {
            compiler.known("", what, &proposal, &packages).map(Ok)
        };
    }
    let judged = judge(&facts, &written.functions, &proposal, &before);
    let reason = |manual: &Manual| format!("{}: {}", proposal.plan.tasks[manual.task].id, manual.reason);
    let reasons = proposal.plan.manual.iter().map(reason).collect();
    Ok(Replayed {
        feature: feature.unwrap_or_default(),
        judged,
        unsaid: written.unsaid,
        reasons,
        refused,
        compiles,
        vetted,
        facts,
    })
}

/// The packages that a proposal touches, as Go is told of them. What is staged is vendored, too.
fn packages(proposal: &Proposal) -> Vec<String> {
    let files = proposal.set.changes.iter().map(|change| &*change.path).filter(|path| path.ends_with(".go"));
    let folders: BTreeSet<&str> = files.map(parent).collect();
    let package = |folder: &str| match folder.strip_prefix("staging/src/") {
        Some(path) => path.to_owned(),
        None => format!("./{folder}"),
    };
    folders.into_iter().map(package).collect()
}

fn proposal(survey: &Survey<'_>, tasks: &str) -> Proposal {
    let options = Options { ignore_compliance: true, ..Options::default() };
    propose(&Source::new("tasks.md", tasks), survey, &options)
}

/// What the page begins with.
const HEAD: &str = "# Pull requests, replayed

This page turns the facts of merged pull requests into tasks: feature gates with their accessors; fields, types and constants of the
API; structs, interfaces and other types of any package; functions and methods with their signatures; and the existing functions that
call them. The tool scaffolds each tasks.md on the tree before its pull request, and the result is compared with the author's
code. *Manual* counts what is left to people, with the reason. *Types* says whether Go's type checker passes the changed packages with
their tests on that tree (`--types`: from source, most of a minute each). *Vetted* says the same of `go vet` (`--compile`: minutes
each; cached results are shown). Both are empty for a pull request whose facts lead to no task. The tasks are in `tests/key`. Their
phrasing varies. For fields: \"Add optional field … to the … struct\", \"Add … to …\", \"Add a field … of type … to … (json …)\", \"Extend …
with an optional field …\", \"Introduce the optional … in …, json tag …\", and one without backticks. For structs: \"Add struct … with
fields …\", `Struct:` and \"Define a new struct … (fields …)\". For methods: `(r *T) name()` and `name()` on `*T`. For callers: `T.F`,
`(*T).F` and `(x *T) F`.

This page is what `cargo xtask replay --key` prints.

";

fn page(all: &[Replayed]) -> String {
    let mut page = String::from(HEAD);
    page.push_str("| | right | manual | wrong | of | right |\n|---|---|---|---|---|---|\n");
    for subject in Subject::ALL {
        let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
        for fact in all.iter().flat_map(|one| &one.judged).filter(|fact| fact.subject == subject) {
            *counts.entry(fact.verdict).or_default() += 1;
        }
        let count = |verdict| counts.get(&verdict).copied().unwrap_or_default();
        let sum: usize = counts.values().sum();
        let (right, manual, wrong) = (count(Verdict::Right), count(Verdict::Manual), count(Verdict::Wrong));
        let mills = (right * 1000).checked_div(sum).unwrap_or_default();
        let share = format!("{}.{} %", mills / 10, mills % 10);
        let _ = writeln!(page, "| {} | {right} | {manual} | {wrong} | {sum} | {share} |", subject.name());
    }
    page.push_str(
        "\n| pull request | feature | right | manual | wrong | types | vetted |\n|---|---|---|---|---|---|---|\n",
    );
    for one in all {
        let of = |verdict| one.judged.iter().filter(|fact| fact.verdict == verdict).count();
        let (right, manual, wrong) = (of(Verdict::Right), of(Verdict::Manual), of(Verdict::Wrong));
        let shown = |looked: &Option<Result<(), String>>| match looked {
            None => "",
            Some(Ok(())) => "yes",
            Some(Err(_)) => "no",
        };
        let (types, vetted) = (shown(&one.compiles), shown(&one.vetted));
        let (pr, feature) = (one.facts.pull.pr, &one.feature);
        let _ = writeln!(page, "| {pr} | {feature} | {right} | {manual} | {wrong} | {types} | {vetted} |");
    }
    for (verdict, title) in [(Verdict::Wrong, "Wrong"), (Verdict::Manual, "Left to people")] {
        let _ = writeln!(page, "\n## {title}\n");
        for one in all {
            for fact in one.judged.iter().filter(|fact| fact.verdict == verdict) {
                let _ = writeln!(page, "- {}: {:?} {}", one.facts.pull.pr, fact.subject, fact.what);
            }
        }
    }
    let reasons: Vec<String> =
        all.iter().flat_map(|one| one.reasons.iter().map(|why| format!("- {} {why}\n", one.facts.pull.pr))).collect();
    let unsaid: Vec<String> =
        all.iter().flat_map(|one| one.unsaid.iter().map(|what| format!("- {}: {what}\n", one.facts.pull.pr))).collect();
    let refused = all.iter().filter_map(|one| Some(format!("- {}: {}\n", one.facts.pull.pr, one.refused.as_ref()?)));
    let broken = all.iter().filter_map(|one| {
        let said = [&one.compiles, &one.vetted].into_iter().find_map(|looked| looked.as_ref()?.as_ref().err())?;
        Some(format!("### {}\n\n```\n{said}\n```\n\n", one.facts.pull.pr))
    });
    for (title, lines) in [
        ("Does not compile", broken.collect()),
        ("Why", reasons),
        ("Not said in a tasks.md", unsaid),
        ("Refused", refused.collect()),
    ] {
        if !lines.is_empty() {
            let _ = write!(page, "\n## {title}\n\n{}", lines.concat());
        }
    }
    page
}
