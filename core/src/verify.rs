//! What there is to prove about scaffolded tasks: their files, their specs, and what each spec must do.

use crate::diagnostic::Diagnostic;
use crate::generated::lacks;
use crate::go::{GinkgoKind, GinkgoNode, GoFile, Target, Token, TokenKind, containers, strings, tokens, unquote};
use crate::pipeline::{Proposal, propose};
use crate::plan::{Options, Role};
use crate::status::rest;
use crate::survey::{Specs, Survey};
use crate::task::is_id;
use crate::text::{Source, Span};

/// A task, and what it has in the checkout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Its ID.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is to the other tasks; nothing if no kind takes it.
    pub role: Option<Role>,
    /// Its files.
    pub files: Vec<String>,
    /// Its specs: the file, and the text of each.
    pub specs: Vec<(String, String)>,
    /// Files that are not there as the plan has them.
    pub lacking: Vec<String>,
    /// Why it is left to people, if it is, or what of it is.
    pub manual: Option<String>,
    /// Fields of API types that the generated code does not have yet, `DomainSpec.rebootPolicy`.
    pub ungenerated: Vec<String>,
}

/// What the selected tasks claim; the diagnostics that keep them from being planned, if there are any.
pub fn claims(source: &Source, survey: &Survey<'_>, options: &Options) -> Result<Vec<Claim>, Vec<Diagnostic>> {
    let options = Options { ignore_compliance: true, ..options.clone() };
    let proposal = propose(source, survey, &options);
    if proposal.is_refused() {
        return Err(proposal.diagnostics().cloned().collect());
    }
    let selected = (0..proposal.plan.tasks.len()).filter(|task| proposal.plan.tasks[*task].selected);
    Ok(selected.map(|task| claim(&proposal, task, survey)).collect())
}

fn claim(proposal: &Proposal, index: usize, survey: &Survey<'_>) -> Claim {
    let task = &proposal.plan.tasks[index];
    let plan = &proposal.plan;
    let files = plan.files(index);
    let changes = proposal.set.changes.iter().filter(|change| files.contains(&change.path));
    let specs = plan.units_of(index).flat_map(|unit| unit.facts.specs(&task.id));
    Claim {
        id: task.id.clone(),
        title: task.said.clone(),
        role: task.role(),
        specs: specs.map(|(file, text)| (file.to_string(), text)).collect(),
        lacking: changes.map(|change| change.path.to_string()).collect(),
        manual: if files.is_empty() {
            plan.left(index).map(ToString::to_string)
        } else {
            rest(plan, index).map(|(_, why)| why)
        },
        ungenerated: files.iter().flat_map(|file| lacks(survey, file)).collect(),
        files: files.iter().map(String::from).collect(),
    }
}

/// A spec as it stands in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// The texts of it and of what it stands in, outermost first, as Ginkgo joins them.
    pub name: String,
    /// Its place.
    pub span: Span,
    /// The IDs of tasks that its failures name: `Fail("T006: not implemented")`.
    pub fails: Vec<String>,
    /// It does something that can fail, beyond what a stub does to get there.
    pub asserts: bool,
    /// What keeps it from running: `PIt`, `Pending`, `Skip`.
    pub skipped: Option<String>,
    /// What stands beside the texts of it and of what it stands in, `SigCompute` and `sig-compute`.
    pub decorators: Vec<String>,
    /// A helper gives it its SIG, in its texts and its labels: `SIG("…")`.
    pub by_helper: bool,
}

impl Written {
    /// Why no lane runs it, as far as the file tells.
    pub fn unassigned(&self, specs: &Specs) -> Option<&'static str> {
        let label = |word: &String| specs.labels.get(word).unwrap_or(word).clone();
        let labels: Vec<String> = self.decorators.iter().map(label).collect();
        specs.unassigned(&self.name, &labels).filter(|_| !self.by_helper)
    }
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
    texts: Vec<String>,
    decorators: Vec<String>,
    by_helper: bool,
    skipped: Option<String>,
}

fn walk(text: &str, node: &GinkgoNode, above: &Above, found: &mut Vec<Written>) {
    let head = Span::new(node.span.start, node.body.map_or(node.span.end, |body| body.start)).of(text);
    let tokens = tokens(head).unwrap_or_default();
    let words: Vec<String> = words(head, &tokens).map(str::to_owned).collect();
    let mut here = above.clone();
    here.texts.push(node.text.clone());
    here.by_helper |= words.iter().any(|word| word.starts_with("SIG"));
    let function = head.trim_start_matches("var _ = ").split('(').next().unwrap_or_default().trim();
    if matches!(function.as_bytes(), [b'P' | b'X', b'A'..=b'Z', ..]) {
        here.skipped = Some(function.to_owned());
    } else if words.iter().any(|word| word == "Pending") {
        here.skipped = Some("Pending".to_owned());
    }
    here.decorators.extend(words);
    here.decorators.extend(strings(head, &tokens));
    match node.kind {
        GinkgoKind::Container => node.children.iter().for_each(|child| walk(text, child, &here, found)),
        GinkgoKind::Setup => {}
        GinkgoKind::Spec => {
            let body = Body::new(node.body.map_or("", |body| body.of(text)));
            found.push(Written {
                text: node.text.clone(),
                name: here.texts.join(" "),
                span: node.span,
                fails: body.fails,
                asserts: body.calls.iter().any(|call| !INERT.contains(&call.as_str())),
                skipped: here.skipped.or_else(|| body.calls.contains(&"Skip".to_owned()).then(|| "Skip".to_owned())),
                decorators: here.decorators,
                by_helper: here.by_helper,
            });
        }
    }
}

/// The calls whose texts are failures: the assertion itself, or what an assertion says when it fails.
const FAILING: &[&str] = &["Fail", "To", "ToNot", "NotTo", "Should", "ShouldNot"];

/// What a stub calls before it fails, and what proves nothing.
const INERT: &[&str] =
    &["By", "Skip", "DeferCleanup", "RunVMIAndExpectLaunch", "NewAlpine", "StartupTimeoutSecondsMedium"];

/// What the body of a spec does.
struct Body {
    /// The functions that it calls, without their packages.
    calls: Vec<String>,
    /// The IDs that its failures name: `Fail("T006: not implemented")`.
    fails: Vec<String>,
}

impl Body {
    fn new(text: &str) -> Self {
        let tokens: Vec<Token> =
            tokens(text).unwrap_or_default().into_iter().filter(|token| token.kind != TokenKind::Comment).collect();
        let of = |at: usize| tokens.get(at).map_or("", |token: &Token| token.span.of(text));
        let mut body = Self { calls: Vec::new(), fails: Vec::new() };
        // What stands before each parenthesis that is open.
        let mut open: Vec<&str> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Word if of(at + 1) == "(" && of(at) != "func" => body.calls.push(of(at).to_owned()),
                TokenKind::String if open.last().is_some_and(|call| FAILING.contains(call)) => {
                    let said = unquote(token.span.of(text));
                    body.fails.extend(said.split_once(": ").map(|(id, _)| id.to_owned()).filter(|id| is_id(id)));
                }
                _ if of(at) == "(" => open.push(if at == 0 { "" } else { of(at - 1) }),
                _ if of(at) == ")" => drop(open.pop()),
                _ => {}
            }
        }
        body
    }
}

/// The identifiers of a piece of Go.
fn words<'a>(text: &'a str, tokens: &'a [Token]) -> impl Iterator<Item = &'a str> {
    tokens.iter().filter(|token| token.kind == TokenKind::Word).map(|token| token.span.of(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::Lanes;

    const SPECS: &str = "package x\n\nvar _ = Describe(\"[sig-compute]Clock\", decorators.SigCompute, func() {\n\tContext(\"c\", func() {\n\t\tIt(\"ticks\", func() {\n\t\t\tBy(\"T001: looking\")\n\t\t\tGinkgoWriter.Println(\"T001: looking\")\n\t\t\tFail(\"T002: not implemented\")\n\t\t})\n\n\t\tPIt(\"rings\", func() {\n\t\t\tExpect(1).To(Equal(1))\n\t\t})\n\n\t\tIt(\"sleeps\", func() {\n\t\t\tSkip(\"later\")\n\t\t})\n\n\t\tIt(\"does nothing\", func() {\n\t\t\t// Fail(\"T003: no\")\n\t\t\tlibvmops.RunVMIAndExpectLaunch(libvmifact.NewAlpine(), 240)\n\t\t})\n\n\t\tIt(\"checks\", func() {\n\t\t\tverifyClock(clock)\n\t\t\tExpect(get(\"T001: x\")).To(BeTrue(), \"T004: no\")\n\t\t})\n\t})\n})\n";

    #[test]
    fn every_spec_is_described() {
        let found = written(SPECS).unwrap();
        let short: Vec<(&str, Vec<&str>, bool, Option<&str>)> = (found.iter())
            .map(|spec| {
                let fails = spec.fails.iter().map(String::as_str).collect();
                (spec.text.as_str(), fails, spec.asserts, spec.skipped.as_deref())
            })
            .collect();
        assert_eq!(
            short,
            [
                ("ticks", vec!["T002"], true, None),
                ("rings", vec![], true, Some("PIt")),
                ("sleeps", vec![], false, Some("Skip")),
                ("does nothing", vec![], false, None),
                ("checks", vec!["T004"], true, None),
            ]
        );
        assert_eq!(found[0].name, "[sig-compute]Clock c ticks");
    }

    #[test]
    fn a_sig_is_named_in_texts_labels_or_by_a_helper() {
        let lanes = Lanes { texts: vec!["[sig-compute]".into()], labels: vec!["sig-compute".into()] };
        let specs = Specs {
            labels: [("SigCompute".to_owned(), "sig-compute".to_owned())].into(),
            lanes: Some(lanes),
            ..Specs::default()
        };
        for (head, assigned) in [
            ("Describe(\"[sig-compute]Clock\", decorators.SigCompute", true),
            ("Describe(\"[sig-compute]Clock\", Label(\"sig-compute\")", true),
            ("Describe(\"[sig-compute]Clock\", Serial", false),
            ("Describe(\"Clock\", decorators.SigCompute", false),
            ("Describe(\"[sig-clocks]Clock\", decorators.SigCompute", false),
            ("SIGDescribe(\"Clock\"", true),
        ] {
            let text = format!("package x\n\nvar _ = {head}, func() {{\n\tIt(\"ticks\", func() {{}})\n}})\n");
            let found = written(&text).unwrap();
            assert_eq!(found[0].unassigned(&specs).is_none(), assigned, "{head}");
        }
    }

    #[test]
    fn what_is_no_go_has_no_specs() {
        assert_eq!(written("package x\n\nvar _ = Describe(\"x\", func() {"), None);
    }
}
