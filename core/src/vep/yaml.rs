//! YAML in the code blocks of a VEP: every key with its path and its place.

use saphyr_parser::{Event, Parser};

use crate::diagnostic::Diagnostic;
use crate::documents::{Code, Document};
use crate::text::Span;

/// The levels that are read.
const DEPTH: usize = 64;

/// A key of a YAML document, or an element of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct YamlField {
    /// The keys from the top; a list's own has `[]` behind it for its elements.
    pub path: Vec<String>,
    /// Its value, if it is one.
    pub value: Option<String>,
    /// The line where it stands.
    pub span: Span,
}

/// The documents of a block. Nothing is expanded: an anchor is an error, and so is what no example needs.
pub fn yaml_documents(document: &Document, code: &Code) -> Result<Vec<Vec<YamlField>>, Diagnostic> {
    match code.language.as_str() {
        "yaml" | "yml" => yaml_fields(document, code),
        // What begins as an object is one, and may be a sketch of one.
        "" if begins_object(code.body.of(document.source.text())) => {
            Ok(yaml_fields(document, code).unwrap_or_default())
        }
        _ => Ok(Vec::new()),
    }
}

fn begins_object(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty() && *line != "---").unwrap_or_default();
    first.starts_with("apiVersion: ") || first.starts_with("kind: ")
}

/// As `yaml_documents`, whatever the block calls itself.
pub fn yaml_fields(document: &Document, code: &Code) -> Result<Vec<Vec<YamlField>>, Diagnostic> {
    let source = &document.source;
    let text = without_gaps(code.body.of(source.text()));
    let text = text.as_str();
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line = |number: usize| {
        let start = starts.get(number.saturating_sub(1)).copied().unwrap_or(text.len()).min(text.len());
        let length = text[start..].lines().next().unwrap_or_default().len();
        Span::new(code.body.start + start, code.body.start + start + length)
    };
    let refused = |number: usize, message: String, help: &str| {
        Err(Diagnostic::error("vep-yaml", message).at(source, line(number)).help(help.to_owned()))
    };
    if let Some(at) = text.lines().position(|line| {
        let indent = &line[..line.len() - line.trim_start().len()];
        indent.contains('\t') && !line.trim().is_empty()
    }) {
        return refused(at + 1, "the YAML is indented with a tab".to_owned(), "indent it with spaces");
    }
    let mut documents: Vec<Vec<YamlField>> = Vec::new();
    // Each open level: whether it is a list, and the key that waits for its value.
    let mut open: Vec<(bool, Option<String>)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, place) = match event {
            Ok(event) => event,
            Err(error) => {
                let number = error.marker().line();
                let mut wrong = Diagnostic::warning("vep-yaml", format!("the YAML cannot be read: {}", error.info()));
                wrong = wrong.at(source, line(number));
                return Err(wrong.help("write it so that kubectl would take it"));
            }
        };
        let number = place.start.line();
        let anchored = match &event {
            Event::Alias(_) => true,
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                *anchor != 0
            }
            _ => false,
        };
        if anchored {
            return refused(number, "the YAML has anchors".to_owned(), "write out what the anchor stands for");
        }
        let path = |open: &[(bool, Option<String>)]| -> Vec<String> {
            let mut path: Vec<String> = Vec::new();
            for (is_list, key) in open {
                if *is_list {
                    if let Some(last) = path.last_mut() {
                        last.push_str("[]");
                    }
                } else if let Some(key) = key {
                    path.push(key.clone());
                }
            }
            path
        };
        match event {
            Event::DocumentStart(_) => documents.push(Vec::new()),
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() >= DEPTH {
                    let message = format!("the YAML has more than {DEPTH} levels");
                    return refused(number, message, "show the part that the feature is about");
                }
                open.push((matches!(event, Event::SequenceStart(..)), None));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                if let Some((false, key)) = open.last_mut() {
                    *key = None;
                }
            }
            Event::Scalar(value, ..) => {
                let is_key = matches!(open.last(), Some((false, None)));
                if is_key {
                    if let Some((_, key)) = open.last_mut() {
                        *key = Some(value.into_owned());
                    }
                    let field = YamlField { path: path(&open), value: None, span: line(number) };
                    if let Some(document) = documents.last_mut() {
                        document.push(field);
                    }
                    continue;
                }
                let own = path(&open);
                if let Some(document) = documents.last_mut() {
                    match document.last_mut().filter(|last| last.path == own && last.value.is_none()) {
                        Some(last) => last.value = Some(value.into_owned()),
                        None => {
                            document.push(YamlField { path: own, value: Some(value.into_owned()), span: line(number) });
                        }
                    }
                }
                if let Some((false, key)) = open.last_mut() {
                    *key = None;
                }
            }
            _ => {}
        }
    }
    Ok(documents)
}

/// A text in which `...` on a line of its own, which stands for what is not shown, is blank.
fn without_gaps(text: &str) -> String {
    let is_gap = |line: &str| matches!(line.trim(), "..." | "…" | "[...]" | "- ...");
    let blank = |line: &str| " ".repeat(line.trim_end_matches('\n').len()) + "\n";
    text.split_inclusive('\n').map(|line| if is_gap(line) { blank(line) } else { line.to_owned() }).collect()
}
