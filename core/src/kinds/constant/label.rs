//! Labels of functional tests, as tasks spell them out.

use super::{Wanted, lines};
use crate::demand::{Piece, words};
use crate::go::string;
use crate::name::{Name, is_go_identifier};
use crate::plan::PlannedTask;

/// The label that a task asks for: `X = Label("x")`, a name that is its text as well, or a text of words with dashes.
pub(in crate::kinds) fn label(task: &PlannedTask) -> Result<Vec<Wanted>, String> {
    let wanted = |line: usize, name: &str, text: &str| Wanted {
        line,
        name: name.to_owned(),
        ty: None,
        value: format!("Label({})", string(text)),
        doc: None,
        doc_line: None,
    };
    let mut names: Vec<(usize, String)> = Vec::new();
    let mut texts: Vec<(usize, String)> = Vec::new();
    for (line, text) in lines(task) {
        for quoted in quoted_texts(text) {
            if !texts.iter().any(|(_, known)| known == quoted) {
                texts.push((line, quoted.to_owned()));
            }
        }
        let all = words(text);
        for (at, word) in all.iter().enumerate() {
            // What it is to stand beside is there.
            let is_place = at > 0 && all[at - 1].is(&["after", "before", "below", "above", "behind", "beside", "to"]);
            if is_place && !texts.is_empty() {
                continue;
            }
            let code = word.text.trim_start_matches("decorators.");
            if word.piece == Piece::Code && code.contains("Label(") {
                let Some((name, label)) = code.split_once('=') else {
                    let text = code.strip_prefix("Label(\"").and_then(|rest| rest.strip_suffix("\")"));
                    texts.push((line, text.ok_or_else(|| format!("`{code}` is not a label"))?.to_owned()));
                    continue;
                };
                let label = label.trim().strip_prefix("Label(\"").and_then(|rest| rest.strip_suffix("\")"));
                let label = label
                    .filter(|_| is_go_identifier(name.trim()))
                    .ok_or_else(|| format!("`{code}` is not a label"))?;
                return Ok(vec![wanted(line, name.trim(), label)]);
            }
            let quoted = code.trim_matches('"');
            let dashed = quoted.contains('-') && quoted.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            let camel = is_go_identifier(code) && code.starts_with(|c: char| c.is_ascii_uppercase());
            let odd = code.len() > 1
                && code[1..].contains(|c: char| c.is_ascii_uppercase())
                && code.contains(|c: char| c.is_ascii_lowercase());
            if camel
                && (word.piece == Piece::Code && code.len() > 1 || odd && !matches!(code, "KubeVirt" | "FeatureGate"))
            {
                if !names.iter().any(|(_, known)| known == code) {
                    names.push((line, code.to_owned()));
                }
            } else if word.piece == Piece::Code
                && (dashed || code.starts_with('"'))
                && !texts.iter().any(|(_, known)| known == quoted)
            {
                texts.push((line, quoted.to_owned()));
            }
        }
    }
    match (names.as_slice(), texts.as_slice()) {
        ([(line, name)], []) => Ok(vec![wanted(*line, name, name)]),
        ([(line, name)], [(_, text)]) => Ok(vec![wanted(*line, name, text)]),
        ([], [(line, text)]) => {
            let name = Name::parse(text).pascal();
            if is_go_identifier(&name) {
                Ok(vec![wanted(*line, &name, text)])
            } else {
                Err(format!("`{text}` gives no name"))
            }
        }
        ([], _) => Err("the task names no label".to_owned()),
        _ => Err("the task names more than one label".to_owned()),
    }
}

/// Texts of labels that a line has in quotes, outside of code: with dashes, or behind the name, `X` ("x").
fn quoted_texts(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (index, prose) in line.split('`').step_by(2).enumerate() {
        let parts: Vec<&str> = prose.split('"').collect();
        // What opens and does not close is no text.
        for at in (1..parts.len().saturating_sub(1)).step_by(2) {
            let inner = parts[at];
            let is_plain = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            let is_behind = index > 0 && at == 1 && matches!(parts[0].trim(), "(" | "=" | ":" | "→");
            if is_plain && (inner.contains('-') || is_behind) {
                found.push(inner);
            }
        }
    }
    found
}
