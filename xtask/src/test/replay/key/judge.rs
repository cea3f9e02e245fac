//! What is made of a tasks.md, held against what the key says.

use kubevirt_scaffold_core::go::{DeclKind, GoFile};
use kubevirt_scaffold_core::pipeline::Proposal;
use kubevirt_scaffold_core::text::squeezed;
use kubevirt_scaffold_core::tree::Tree;

use super::facts::Facts;
use super::tasks::Function;

/// How a fact came out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Verdict {
    Right,
    Manual,
    Wrong,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Subject {
    Field,
    Type,
    Constant,
    Method,
    Function,
    /// One of them that needs a type which its author added beside it, and no fact says so.
    Unstated,
    Call,
    Admission,
}

impl Subject {
    pub(super) const ALL: [Self; 8] = [
        Self::Field,
        Self::Type,
        Self::Constant,
        Self::Method,
        Self::Function,
        Self::Unstated,
        Self::Call,
        Self::Admission,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Field => "API fields: struct, name, type, JSON name",
            Self::Type => "API types",
            Self::Constant => "API constants: type and value",
            Self::Method => "methods, with receiver and signature",
            Self::Function => "functions, with signature",
            Self::Unstated => "methods and functions that need a type which the key does not have",
            Self::Call => "calls, in the function that the author called them from",
            Self::Admission => "functions of admitters, with signature and call",
        }
    }
}

/// A fact, and how it came out.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) subject: Subject,
    pub(super) what: String,
    pub(super) verdict: Verdict,
}

/// The files of a folder as the proposal leaves them.
fn texts(proposal: &Proposal, tree: &dyn Tree, folder: &str) -> Vec<String> {
    let names = tree.list(folder).into_iter().filter(|name| name.ends_with(".go") && !name.contains("generated"));
    let mut paths: Vec<String> = names.map(|name| format!("{folder}/{name}")).collect();
    let made = proposal.set.changes.iter().map(|change| change.path.to_string());
    paths.extend(
        made.filter(|path| path.ends_with(".go") && path.rsplit_once('/').is_some_and(|(parent, _)| parent == folder)),
    );
    paths.sort();
    paths.dedup();
    paths.into_iter().filter_map(|path| after(proposal, tree, &path)).collect()
}

fn after(proposal: &Proposal, tree: &dyn Tree, path: &str) -> Option<String> {
    let changed =
        proposal.set.changes.iter().find(|change| *change.path == *path).map(|change| change.after.to_string());
    changed.or_else(|| tree.read(path).ok().flatten().map(|text| text.to_string()))
}

/// The body of a declaration of a type or a function.
fn declaration<'t>(text: &'t str, receiver: Option<&str>, name: &str) -> Option<&'t str> {
    let file = GoFile::parse(text).ok()?;
    let decl = match receiver {
        Some(_) => file.method(receiver, name),
        None => file.declares(name),
    };
    decl.map(|decl| decl.span.of(text))
}

/// A field of a struct, by its name: type, and name in JSON.
fn field(body: &str, name: &str) -> Option<(String, String)> {
    body.lines().find_map(|line| {
        let (code, tag) = line.trim().split_once('`')?;
        let (found, ty) = code.trim().split_once(char::is_whitespace).unwrap_or((code.trim(), ""));
        let json = tag.split_once("json:\"").map_or("", |(_, rest)| rest.split([',', '"']).next().unwrap_or_default());
        let ty = if ty.is_empty() { found } else { ty.trim() };
        (found == name).then(|| (ty.to_owned(), json.to_owned()))
    })
}

/// Every fact of a pull request, judged.
pub(super) fn judge(facts: &Facts, functions: &[Function], proposal: &Proposal, tree: &dyn Tree) -> Vec<Judged> {
    let mut judged = Vec::new();
    let folder = |package: &str| format!("staging/src/kubevirt.io/api/{package}");
    for fact in &facts.fields {
        let what = format!("{}.{} {} `{}`", fact.parent, fact.field, fact.go_type, fact.json);
        let found = texts(proposal, tree, &folder(&fact.pkg))
            .iter()
            .find_map(|text| declaration(text, None, &fact.parent).and_then(|body| field(body, &fact.field)));
        let verdict = match found {
            None => Verdict::Manual,
            Some((ty, json)) if ty == fact.go_type && json == fact.json => Verdict::Right,
            Some(_) => Verdict::Wrong,
        };
        judged.push(Judged { subject: Subject::Field, what, verdict });
    }
    for fact in &facts.types {
        let there =
            texts(proposal, tree, &folder(&fact.pkg)).iter().any(|text| declaration(text, None, &fact.name).is_some());
        let verdict = if there { Verdict::Right } else { Verdict::Manual };
        judged.push(Judged { subject: Subject::Type, what: fact.name.clone(), verdict });
    }
    for fact in &facts.constants {
        let line = texts(proposal, tree, &folder(&fact.pkg)).iter().find_map(|text| {
            let lines = text.lines().map(str::trim);
            let mut own = lines.filter(|line| line.split_whitespace().next() == Some(&fact.name) && line.contains('='));
            own.next().map(squeezed)
        });
        let ty = if fact.ty.is_empty() { String::new() } else { format!(" {}", fact.ty) };
        let wanted = format!("{}{ty} = {}", fact.name, fact.value);
        let verdict = match line {
            None => Verdict::Manual,
            Some(line) if line == wanted => Verdict::Right,
            Some(_) => Verdict::Wrong,
        };
        judged.push(Judged { subject: Subject::Constant, what: wanted, verdict });
    }
    for function in functions {
        judged.extend(judge_function(function, proposal, tree));
    }
    judged
}

/// A function's head on one line, however it was broken.
pub(in super::super) fn one_line(head: &str) -> String {
    let words = squeezed(head);
    words.replace("( ", "(").replace(", )", ")").replace(" )", ")")
}

fn judge_function(function: &Function, proposal: &Proposal, tree: &dyn Tree) -> Vec<Judged> {
    let receiver = function.receiver.as_ref().map(|receiver| receiver.rsplit([' ', '*']).next().unwrap_or_default());
    let what = format!(
        "{}: {}{}",
        function.path,
        function.receiver.as_ref().map(|r| format!("({r}) ")).unwrap_or_default(),
        function.name
    );
    let text = after(proposal, tree, &function.path);
    let found = text.as_deref().and_then(|text| declaration(text, receiver, &function.name));
    let head = found.map(|body| one_line(body.split(" {\n").next().unwrap_or_default()) + " {");
    // New under the same name, with another receiver or none.
    let of_name = |text: &str| {
        let decls = GoFile::parse(text).map(|file| file.decls).unwrap_or_default();
        decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.name() == function.name).count()
    };
    let before = tree.read(&function.path).ok().flatten().map_or(0, |text| of_name(&text));
    let misplaced = found.is_none() && text.as_deref().map_or(0, of_name) > before;
    // The name of a receiver is its package's habit; whether it is a pointer is part of the fact.
    let owner =
        function.receiver.as_ref().map(|receiver| format!("{})", receiver.rsplit(' ').next().unwrap_or_default()));
    let wanted = format!("{}{} {{", function.name, function.signature);
    let is_wanted = |head: &str| match (&owner, head.strip_prefix("func ").and_then(|head| head.strip_suffix(&wanted)))
    {
        (Some(owner), Some(front)) => front.trim_start_matches('(').trim_end().rsplit(' ').next() == Some(owner),
        (None, Some(front)) => front.is_empty(),
        (_, None) => false,
    };
    let verdict = match &head {
        Some(head) if is_wanted(head) => Verdict::Right,
        Some(_) => Verdict::Wrong,
        None if misplaced => Verdict::Wrong,
        None => Verdict::Manual,
    };
    let subject = match (receiver.is_some(), function.known) {
        (true, true) => Subject::Method,
        (false, true) => Subject::Function,
        (_, false) => Subject::Unstated,
    };
    let mut judged = vec![Judged { subject, what: what.clone(), verdict }];
    let mut whole = verdict;
    if let Some(caller) = &function.caller {
        let body = after(proposal, tree, &caller.path).and_then(|text| {
            let body = declaration(&text, caller.receiver.as_deref(), &caller.name)?;
            Some(body.contains(&format!("{}(", function.name)))
        });
        let verdict = if body == Some(true) { Verdict::Right } else { Verdict::Manual };
        judged.push(Judged { subject: Subject::Call, what: format!("{what} from {}", caller.name), verdict });
        whole = whole.max(verdict);
    }
    if function.admits {
        judged.push(Judged { subject: Subject::Admission, what, verdict: whole });
    }
    judged
}
