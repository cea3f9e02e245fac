//! Go in the code blocks of design documents: which functions, in which files, and where two
//! documents say different things.

use std::collections::BTreeMap;

use super::Documents;
use super::markdown::{Code, Document};
use crate::text::{Source, Span, squeezed};

/// A function that a document declares.
#[derive(Clone, Debug)]
pub struct Function {
    /// The identifier, without the receiver.
    pub name: String,
    /// Its receiver's type, if it is a method.
    pub receiver: Option<String>,
    /// From the opening parenthesis to the results.
    pub signature: String,
    /// The file that the code block names in a comment above.
    pub file: Option<String>,
    /// Where its name stands.
    pub span: Span,
}

/// The functions that a document's code blocks declare. Tests are none.
pub fn functions(document: &Document) -> Vec<Function> {
    let text = document.source.text();
    let mut found = Vec::new();
    for code in go_code(document, document.all()) {
        let mut file = None;
        for line in document.lines_in(code.body) {
            let raw = line.span.of(text).trim_end();
            if let Some(named) = file_comment(raw) {
                file = Some(named);
            }
            if let Some(mut function) = declaration(raw) {
                let at = raw.find(&function.name).unwrap_or(0);
                function.span = Span::new(line.span.start + at, line.span.start + at + function.name.len());
                function.file.clone_from(&file);
                if !function.name.starts_with("Test") {
                    found.push(function);
                }
            }
        }
    }
    found
}

fn go_code(document: &Document, span: Span) -> Vec<Code> {
    document.code(span).into_iter().filter(|code| matches!(code.language.as_str(), "go" | "golang")).collect()
}

/// `// pkg/monitoring/metrics/virt-handler/metrics.go (MODIFY)`
pub(super) fn file_comment(line: &str) -> Option<String> {
    let comment = line.trim().strip_prefix("//")?.trim();
    let word = comment.split([' ', '(']).next().unwrap_or_default();
    (word.contains('/') && word.ends_with(".go")).then(|| word.to_owned())
}

fn declaration(line: &str) -> Option<Function> {
    let mut rest = line.strip_prefix("func ")?;
    let mut receiver = None;
    if let Some(inner) = rest.strip_prefix('(') {
        let (own, behind) = inner.split_once(')')?;
        receiver = own.split_whitespace().last().map(|own| own.trim_start_matches('*').to_owned());
        rest = behind.trim_start();
    }
    let open = rest.find('(')?;
    let name = rest[..open].trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let signature = rest[open..].split(" {").next().unwrap_or_default().split(" //").next().unwrap_or_default();
    let name = name.to_owned();
    plain.then(|| Function { name, receiver, signature: signature.trim().to_owned(), file: None, span: Span::at(0) })
}

/// Two places that cannot both be right.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// What it is about, and what the two say.
    pub message: String,
    /// The document that says it first, and where.
    pub first: (Source, Span),
    /// The second, as `plan.md:12`.
    pub second: String,
}

/// What is said, by whom, and where.
type Said<'a> = (String, &'a Document, Span);

/// What the documents say differently: one function with two signatures, one event with two
/// handlers, one metric made in two ways.
pub fn conflicts(documents: &Documents) -> Vec<Conflict> {
    let mut found = Vec::new();
    let mut said: BTreeMap<(&'static str, String), Vec<Said<'_>>> = BTreeMap::new();
    for document in documents.design() {
        for function in functions(document).into_iter().filter(|function| function.receiver.is_none()) {
            let key = ("the signature of", format!("{}()", function.name));
            said.entry(key).or_default().push((types(&function.signature), document, function.span));
        }
        for (kind, key, value, span) in pairs(document) {
            said.entry((kind, key)).or_default().push((value, document, span));
        }
    }
    for ((kind, what), places) in said {
        let (first, rest) = places.split_first().expect("an entry has a place");
        let Some(other) = rest.iter().find(|other| other.0 != first.0) else { continue };
        let second = other.1.place(other.2);
        let (one, two) = (first.1.name(), other.1.name());
        let who = if one == two { format!("{one} contradicts itself") } else { format!("{one} and {two} disagree") };
        found.push(Conflict {
            message: format!("{who} about {kind} {what}: `{}` and `{}`", first.0, other.0),
            first: (first.1.source.clone(), first.2),
            second,
        });
    }
    found
}

/// `AddFunc: handleVMIAdd` and `NewInfoVec(… Name: "x"`.
fn pairs(document: &Document) -> Vec<(&'static str, String, String, Span)> {
    let text = document.source.text();
    let mut found = Vec::new();
    for code in go_code(document, document.all()) {
        // The constructor whose options are open.
        let mut constructor: Option<(String, Span)> = None;
        for line in document.lines_in(code.body) {
            let raw = line.span.of(text).trim_end();
            if let Some(at) = raw.find(".New") {
                let name: String = raw[at + 1..].chars().take_while(|c| c.is_alphanumeric()).collect();
                let start = line.span.start + at + 1;
                constructor = Some((name.clone(), Span::new(start, start + name.len())));
            }
            let Some((key, value)) = raw.trim().trim_end_matches(',').split_once(':') else { continue };
            let value = value.trim();
            let start = line.span.start + raw.find(key).unwrap_or(0);
            if key == "Name" && value.len() > 2 && value.starts_with('"') {
                if let Some((name, span)) = constructor.take().filter(|(name, _)| name.starts_with("New")) {
                    found.push(("how to make the metric", value.trim_matches('"').to_owned(), name, span));
                }
            } else if key.ends_with("Func")
                && key.len() > 4
                && value.chars().all(char::is_alphanumeric)
                && !value.is_empty()
            {
                let span = Span::new(start, start + raw.trim_end_matches(',').trim().len());
                found.push(("the handler for", key.to_owned(), value.to_owned(), span));
            }
        }
    }
    found
}

/// A signature without the names of its parameters, as far as that is sure.
fn types(signature: &str) -> String {
    squeezed(signature)
}
