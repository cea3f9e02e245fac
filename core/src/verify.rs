//! What there is to prove about scaffolded tasks: their files, their specs, and what each spec must do.

use crate::diagnostic::Diagnostic;
use crate::go::{GinkgoKind, GinkgoNode, GoFile, Target, TokenKind, containers, tokens};
use crate::plan::{Options, Scaffold, UnitKind};
use crate::preview::{Proposal, propose};
use crate::survey::Survey;
use crate::text::{Source, Span};

/// A task, and what it has in the checkout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Its ID.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What was made of it.
    pub scaffold: Scaffold,
    /// Its files.
    pub files: Vec<String>,
    /// Its specs: the file, and the text of each.
    pub specs: Vec<(String, String)>,
    /// Files that are not there as the plan has them.
    pub lacking: Vec<String>,
}

/// What the selected tasks claim; the diagnostics that keep them from being planned, if there are any.
pub fn claims(source: &Source, survey: &Survey<'_>, options: &Options) -> Result<Vec<Claim>, Vec<Diagnostic>> {
    let options = Options { ignore_compliance: true, ..options.clone() };
    let proposal = propose(source, survey, &options);
    if proposal.is_refused() {
        return Err(proposal.diagnostics().cloned().collect());
    }
    let selected = (0..proposal.plan.tasks.len()).filter(|task| proposal.plan.tasks[*task].selected);
    Ok(selected.map(|task| claim(&proposal, task)).collect())
}

fn claim(proposal: &Proposal, index: usize) -> Claim {
    let task = &proposal.plan.tasks[index];
    let mut claim = Claim {
        id: task.id.clone(),
        title: task.title.clone(),
        scaffold: task.scaffold,
        files: Vec::new(),
        specs: Vec::new(),
        lacking: Vec::new(),
    };
    for unit in proposal.plan.units.iter().filter(|unit| unit.tasks.contains(&index)) {
        claim.files.extend(unit.kind.files().into_iter().map(str::to_owned));
        if let UnitKind::Specs(specs) = &unit.kind {
            let own = specs.groups.iter().filter(|group| group.task == task.id);
            let texts = own.flat_map(|group| &group.specs);
            claim.specs.extend(texts.map(|text| (specs.file.clone(), text.clone())));
        }
    }
    claim.files.sort();
    claim.files.dedup();
    let changes = proposal.set.changes.iter().filter(|change| claim.files.contains(&change.path));
    claim.lacking = changes.map(|change| change.path.clone()).collect();
    claim
}

/// A spec as it stands in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// Its place.
    pub span: Span,
    /// The IDs of tasks in its failing assertions, `Fail("T006: not implemented")`.
    pub fails: Vec<String>,
    /// It asserts something.
    pub asserts: bool,
    /// What keeps it from running: `PIt`, `Pending`, `Skip`.
    pub skipped: Option<String>,
    /// The labels of it and of what it stands in, as they are written.
    pub labels: Vec<String>,
}

/// The specs of a file; nothing if it is no Go.
pub fn written(text: &str) -> Option<Vec<Written>> {
    let file = GoFile::parse(text).ok()?;
    let target = Target::new(text, &file);
    let mut found = Vec::new();
    for tree in containers(&target).ok()? {
        walk(text, &tree, &Above::default(), &mut found);
    }
    Some(found)
}

/// What holds for everything below a container.
#[derive(Clone, Default)]
struct Above {
    labels: Vec<String>,
    skipped: Option<String>,
}

fn walk(text: &str, node: &GinkgoNode, above: &Above, found: &mut Vec<Written>) {
    let head = Span::new(node.span.start, node.body.map_or(node.span.end, |body| body.start));
    let head = head.of(text);
    let mut here = above.clone();
    here.labels.extend(labels(head));
    let function = head.trim_start_matches("var _ = ").split('(').next().unwrap_or_default().trim();
    if matches!(function.as_bytes(), [b'P' | b'X', b'A'..=b'Z', ..]) {
        here.skipped = Some(function.to_owned());
    } else if words(head).iter().any(|word| word == "Pending") {
        here.skipped = Some("Pending".to_owned());
    }
    match node.kind {
        GinkgoKind::Container => node.children.iter().for_each(|child| walk(text, child, &here, found)),
        GinkgoKind::Setup => {}
        GinkgoKind::Spec => {
            let body = node.body.map_or("", |body| body.of(text));
            let words = words(body);
            let is = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
            let skipped = here.skipped.or_else(|| is(&["Skip"]).then(|| "Skip".to_owned()));
            found.push(Written {
                text: node.text.clone(),
                span: node.span,
                fails: failures(body),
                asserts: is(&["Fail", "Expect", "Eventually", "Consistently", "ExpectWithOffset", "DeferCleanup"]),
                skipped,
                labels: here.labels,
            });
        }
    }
}

/// `decorators.SigCompute`, `[sig-compute]`, and `SIG(…)`.
fn labels(head: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = head;
    while let Some(at) = rest.find("[sig-") {
        let end = rest[at..].find(']').map_or(rest.len(), |end| at + end);
        found.push(rest[at + 1..end].to_owned());
        rest = &rest[end..];
    }
    found.extend(words(head).into_iter().filter(|word| word.starts_with("Sig") || word.starts_with("SIG")));
    found
}

/// The identifiers of a piece of Go.
fn words(text: &str) -> Vec<String> {
    let Ok(tokens) = tokens(text) else { return Vec::new() };
    tokens.iter().filter(|t| t.kind == TokenKind::Word).map(|token| token.span.of(text).to_owned()).collect()
}

/// The IDs in `Fail("T006: …")` and the like.
fn failures(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in body.lines() {
        let code = line.trim_start();
        if code.starts_with("//") || !code.contains("Fail(") {
            continue;
        }
        let id = code.split_once("Fail(\"").and_then(|(_, message)| message.split_once(':'));
        found.extend(id.map(|(id, _)| id.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECS: &str = "package x\n\nvar _ = Describe(\"[sig-compute]Clock\", decorators.SigCompute, func() {\n\tContext(\"c\", func() {\n\t\tIt(\"ticks\", func() {\n\t\t\tFail(\"T002: not implemented\")\n\t\t})\n\n\t\tPIt(\"rings\", func() {\n\t\t\tExpect(1).To(Equal(1))\n\t\t})\n\n\t\tIt(\"sleeps\", func() {\n\t\t\tSkip(\"later\")\n\t\t})\n\n\t\tIt(\"does nothing\", func() {})\n\t})\n})\n";

    #[test]
    fn every_spec_is_described() {
        let found = written(SPECS).unwrap();
        let short: Vec<(&str, usize, bool, Option<&str>)> = (found.iter())
            .map(|spec| (spec.text.as_str(), spec.fails.len(), spec.asserts, spec.skipped.as_deref()))
            .collect();
        assert_eq!(
            short,
            [
                ("ticks", 1, true, None),
                ("rings", 0, true, Some("PIt")),
                ("sleeps", 0, false, Some("Skip")),
                ("does nothing", 0, false, None)
            ]
        );
        assert_eq!(found[0].fails, ["T002"]);
        assert_eq!(found[0].labels, ["sig-compute", "SigCompute"]);
    }

    #[test]
    fn what_is_no_go_has_no_specs() {
        assert_eq!(written("package x\n\nvar _ = Describe(\"x\", func() {"), None);
    }
}
