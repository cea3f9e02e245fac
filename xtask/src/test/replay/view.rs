//! What a tree says about one feature gate, in a form that can be compared.

use kubevirt_scaffold_core::go::DeclKind;
use kubevirt_scaffold_core::survey::{GateFile, Gates, Survey};
use kubevirt_scaffold_core::text::{Span, squeezed};
use kubevirt_scaffold_core::tree::Tree;

/// One line of the comment above a constant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Line {
    Owner(String),
    /// `Alpha: v1.8.0`
    Stage(String, String),
    Blank,
    Prose(String),
}

/// A gate, as a tree has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct View {
    /// The Go constant.
    pub(super) identifier: String,
    /// The file of the constant.
    pub(super) file: String,
    /// The comment above it.
    pub(super) comment: Vec<Line>,
    /// The constant is the last of its group.
    pub(super) is_last_constant: bool,
    /// Its state, the statement, and whether it is the last one.
    pub(super) registration: Option<(String, String, bool)>,
    /// The accessor's name, its body, and whether it is the last one.
    pub(super) accessor: Option<(String, String, bool)>,
    /// It is switched on for all functional tests.
    pub(super) is_listed: bool,
}

/// Everything that a tree says about gates: each by the string that users write.
pub(super) fn values(tree: &dyn Tree) -> Vec<String> {
    let Ok(survey) = Survey::new(tree) else { return Vec::new() };
    let Ok(gates) = survey.gates() else { return Vec::new() };
    let is_name = |value: &&String| value.chars().all(|c| c.is_ascii_alphanumeric());
    gates.files.iter().flat_map(|file| file.constants.iter().map(|(_, value)| value)).filter(is_name).cloned().collect()
}

/// A gate of a tree, by the string that users write.
pub(super) fn view(tree: &dyn Tree, value: &str) -> Option<View> {
    let survey = Survey::new(tree).ok()?;
    let gates = survey.gates().ok()?;
    let (file, identifier) = gates.constant(value)?;
    let mut view = View { identifier: identifier.to_owned(), file: file.source.path().to_owned(), ..View::default() };
    constant(file, identifier, &mut view);
    view.registration = gates.registration(identifier).map(|(file, registration)| {
        let text = squeezed(registration.span.of(file.source.source.text()));
        let is_last = file.registered.last() == Some(registration);
        (registration.stage.map(|stage| stage.name().to_owned()).unwrap_or_default(), text, is_last)
    });
    view.accessor = accessor(&gates, identifier);
    let listed = format!(".{identifier},");
    let suite = tree.read("tests/testsuite/kubevirtresource.go").ok().flatten();
    view.is_listed = suite.is_some_and(|text| text.contains(&listed));
    Some(view)
}

fn constant(file: &GateFile, identifier: &str, view: &mut View) {
    let text = file.source.source.text();
    let groups = file.source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const);
    for decl in groups {
        let Some(name) = decl.names.iter().find(|name| name.text == identifier) else { continue };
        view.is_last_constant = decl.names.last() == Some(name);
        let mut above: Vec<&str> = text[..name.span.start].lines().rev().skip(1).collect();
        let end = above.iter().position(|line| !line.trim_start().starts_with("//")).unwrap_or(above.len());
        above.truncate(end);
        view.comment = above.iter().rev().map(|line| comment_line(line.trim())).collect();
    }
}

fn comment_line(line: &str) -> Line {
    let text = line.trim_start_matches('/').trim();
    if text.is_empty() {
        return Line::Blank;
    }
    let lower = text.to_lowercase();
    if lower.starts_with("owner:") {
        return Line::Owner(text[6..].trim().to_owned());
    }
    let stages = ["Alpha", "Beta", "GA", "Deprecated", "Discontinued"];
    if let Some((stage, rest)) = text.split_once(':')
        && stages.contains(&stage)
        && rest.trim().starts_with('v')
    {
        return Line::Stage(stage.to_owned(), rest.trim().to_owned());
    }
    Line::Prose(text.to_owned())
}

fn accessor(gates: &Gates, identifier: &str) -> Option<(String, String, bool)> {
    let name = gates.accessor(identifier)?.to_owned();
    let (source, file) = (&gates.accessors.source, &gates.accessors.file);
    let methods: Vec<_> = file.decls.iter().filter(|decl| decl.receiver.is_some()).collect();
    let decl = methods.iter().find(|decl| decl.name() == name)?;
    let body = squeezed(decl.body.unwrap_or(Span::at(0)).of(source.text()));
    Some((name.clone(), body, methods.last().is_some_and(|last| last.name() == name)))
}

impl View {
    /// Who owns it.
    pub(super) fn owner(&self) -> Option<&str> {
        self.comment.iter().find_map(|line| match line {
            Line::Owner(owner) => Some(owner.as_str()),
            _ => None,
        })
    }

    /// The release of a stage.
    pub(super) fn release(&self, stage: &str) -> Option<&str> {
        self.comment.iter().find_map(|line| match line {
            Line::Stage(name, release) if name == stage => Some(release.as_str()),
            _ => None,
        })
    }

    /// The last stage that the comment names.
    pub(super) fn last_stage(&self) -> Option<&str> {
        self.comment.iter().rev().find_map(|line| match line {
            Line::Stage(name, _) => Some(name.as_str()),
            _ => None,
        })
    }

    /// What it says about the gate, in one line.
    pub(super) fn prose(&self) -> String {
        let prose = self.comment.iter().filter_map(|line| match line {
            Line::Prose(text) => Some(text.as_str()),
            _ => None,
        });
        prose.collect::<Vec<_>>().join(" ")
    }

    /// The form of the comment: what stands above what.
    pub(super) fn form(&self) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for line in &self.comment {
            let part = match line {
                Line::Owner(_) => "owner",
                Line::Stage(..) => "stage",
                Line::Blank => "//",
                Line::Prose(_) => "prose",
            };
            if parts.last() != Some(&part) {
                parts.push(part);
            }
        }
        if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
    }
}
