//! The text of a pull request: the checkout's own template, filled with what is known.
//!
//! What documents say is quoted: it closes no issue, mentions nobody, and gives no command to a robot.

use std::fmt::Write as _;

use crate::diagnostic::visible;
use crate::documents::Document;
use crate::series::closes;
use crate::task::LineKind;

/// What a pull request is about. Each text is Markdown, of lines.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// How it is without it.
    pub before: String,
    /// How it is with it.
    pub after: String,
    /// Issues, VEPs and documents.
    pub references: String,
    /// Why it is needed.
    pub why: String,
    /// What else was considered.
    pub alternatives: String,
    /// What was verified, and what is left.
    pub notes: String,
    /// What users are told; nothing if a person has to say it.
    pub release_note: Option<String>,
}

/// A place in a template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    What,
    Before,
    After,
    References,
    Why,
    Alternatives,
    Notes,
    ReleaseNote,
}

/// The template with the facts in their places; what it has no place for stands at its end.
pub fn fill(template: &str, facts: &Facts) -> String {
    let mut text = String::new();
    let places: Vec<Place> = template.lines().filter_map(place).collect();
    let has = |wanted: Place| places.contains(&wanted);
    let what = if has(Place::Before) || has(Place::After) { String::new() } else { both(facts) };
    let content = |at: Place| match at {
        Place::What => what.as_str(),
        Place::Before => facts.before.as_str(),
        Place::After => facts.after.as_str(),
        Place::References => facts.references.as_str(),
        Place::Why => facts.why.as_str(),
        Place::Alternatives => facts.alternatives.as_str(),
        Place::Notes => facts.notes.as_str(),
        Place::ReleaseNote => "",
    };
    let mut filled: Vec<Place> = Vec::new();
    let mut in_comment = false;
    let mut in_note = false;
    for line in template.lines() {
        let was_comment = in_comment;
        in_comment = comment(line, in_comment);
        if in_note {
            // What stands in the block until now is the template's.
            if !line.trim_start().starts_with("```") {
                if facts.release_note.is_none() || !line.trim().is_empty() && !line.trim().eq_ignore_ascii_case("none")
                {
                    let _ = writeln!(text, "{line}");
                }
                continue;
            }
            in_note = false;
        }
        let _ = writeln!(text, "{line}");
        if was_comment {
            continue;
        }
        if line.trim_start().starts_with("```release-note") && !filled.contains(&Place::ReleaseNote) {
            filled.push(Place::ReleaseNote);
            in_note = true;
            if let Some(note) = &facts.release_note {
                let _ = writeln!(text, "{}", note.replace("```", "'''").trim());
            }
        } else if let Some(at) = place(line).filter(|at| !filled.contains(at) && !content(*at).trim().is_empty()) {
            filled.push(at);
            let _ = writeln!(text, "{}\n", content(at).trim());
        }
    }
    let rest = [
        (Place::What, "What this PR does", both(facts)),
        (Place::References, "References", facts.references.clone()),
        (Place::Why, "Why we need it", facts.why.clone()),
        (Place::Notes, "Special notes for your reviewer", facts.notes.clone()),
    ];
    for (at, title, content) in rest {
        let is_there = has(at) || at == Place::What && (has(Place::Before) || has(Place::After));
        if !is_there && !content.trim().is_empty() {
            let _ = write!(text, "\n### {title}\n{}\n", content.trim());
        }
    }
    if !filled.contains(&Place::ReleaseNote) {
        let note = facts.release_note.as_deref().unwrap_or_default().replace("```", "'''");
        let _ = write!(text, "\n### Release note\n```release-note\n{}\n```\n", note.trim());
    }
    text
}

fn both(facts: &Facts) -> String {
    format!("{}\n\n{}", facts.before.trim(), facts.after.trim()).trim().to_owned()
}

/// The place that a heading, bold or not, names.
fn place(line: &str) -> Option<Place> {
    let is_heading = line.starts_with('#') || line.starts_with("**") || line.trim_end().ends_with(':');
    let lower = line.trim_matches(['#', '*', ' ', ':']).to_lowercase();
    let begins = |words: &str| lower.starts_with(words);
    Some(match () {
        () if !is_heading => return None,
        () if begins("before this pr") => Place::Before,
        () if begins("after this pr") => Place::After,
        () if begins("what this pr does") => Place::What,
        () if begins("references") || begins("which issue") => Place::References,
        () if begins("why we need it") => Place::Why,
        () if begins("the following alternatives") => Place::Alternatives,
        () if begins("special notes") => Place::Notes,
        () => return None,
    })
}

/// Whether a comment is open behind a line.
fn comment(line: &str, open: bool) -> bool {
    match (line.rfind("<!--"), line.rfind("-->")) {
        (Some(begins), Some(ends)) => begins > ends,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => open,
    }
}

/// The most that is quoted of a section.
const LONGEST: usize = 1_500;

/// What a document says in the first section with words of its own whose heading has one of some words.
pub fn said(document: &Document, words: &[&str]) -> Option<String> {
    let part = words.iter().find_map(|word| {
        let named = document.sections.iter().filter(|part| part.title.text.to_lowercase().contains(word));
        named.into_iter().find_map(|part| prose(document, part))
    })?;
    Some(part)
}

fn prose(document: &Document, part: &crate::documents::Part) -> Option<String> {
    let text = document.source.text();
    let mut found = String::new();
    let mut in_comment = false;
    for line in document.lines_in(document.own(part)) {
        let words = line.span.of(text).trim_end();
        let was_comment = in_comment;
        in_comment = comment(words, in_comment);
        let is_prose = matches!(line.kind, LineKind::Text | LineKind::Item);
        let is_blank = words.trim().is_empty();
        if was_comment || in_comment || words.contains("<!--") || !is_prose && !is_blank {
            continue;
        }
        if is_blank && found.len() > LONGEST {
            break;
        }
        if !is_blank || !found.is_empty() && !found.ends_with("\n\n") {
            found.push_str(&quoted(words));
            found.push('\n');
        }
    }
    let found = found.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

/// A line of a document as it may stand in a pull request.
pub fn quoted(line: &str) -> String {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let mut words: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        if word.contains("github.com/") && words.last().is_some_and(|last| closes(last)) {
            words.pop();
            words.push("see".to_owned());
        }
        let mut shown = String::new();
        let mut chars = word.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            match c {
                '#' if next.is_some_and(|c| c.is_ascii_digit()) => shown.push_str("\\#"),
                // A mention; an address is none.
                '@' if next.is_some_and(char::is_alphanumeric) && !shown.ends_with(char::is_alphanumeric) => {
                    shown.push_str("@\u{2060}");
                }
                '<' if next == Some('!') => shown.push_str("&lt;"),
                c => shown.push(c),
            }
        }
        // We put it there ourselves, between the sign and the name.
        words.push(visible(&shown).replace("\\u{2060}", "<!-- -->"));
    }
    let line = words.join(" ");
    // Robots obey lines that begin with a slash.
    if line.starts_with('/') { format!("{indent}\\{line}") } else { format!("{indent}{line}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn facts() -> Facts {
        Facts {
            before: "There is no gate.".into(),
            after: "- One\n- Two".into(),
            references: "- VEP".into(),
            why: "Guests stop.".into(),
            alternatives: "None is better.".into(),
            notes: "T005 is left.".into(),
            release_note: Some("A gate.".into()),
        }
    }

    #[test]
    fn each_fact_stands_in_its_place() {
        let template = "<!-- ### References\n### Special notes\n-->\n### What this PR does\n#### Before this PR:\n\n#### After this PR:\n\n### References\n<!-- x -->\n### Why we need it and why it was done in this way\nThe following tradeoffs were made:\n\nThe following alternatives were considered:\n\n### Special notes for your reviewer\n\n### Checklist\n- [ ] Design\n\n### Release note\n```release-note\n\n```\n";
        let text = fill(template, &facts());
        for pair in [
            "#### Before this PR:\nThere is no gate.\n",
            "#### After this PR:\n- One\n- Two\n",
            "### References\n- VEP\n",
            "were considered:\nNone is better.\n",
            "### Special notes for your reviewer\nT005 is left.\n",
            "- [ ] Design\n",
            "```release-note\nA gate.\n```\n",
        ] {
            assert!(text.contains(pair), "{pair}: {text}");
        }
        assert_eq!(text.matches("There is no gate.").count(), 1, "{text}");
        // An older form, and none at all.
        let old = fill(
            "**What this PR does / why we need it**:\n\n**Release note**:\n```release-note\nNONE\n```\n",
            &facts(),
        );
        assert!(
            old.contains("need it**:\nThere is no gate.\n\n- One") && old.contains("release-note\nA gate.\n```"),
            "{old}"
        );
        assert!(old.contains("### Special notes for your reviewer\nT005 is left."), "{old}");
        assert!(fill("", &facts()).contains("### Release note\n```release-note\nA gate.\n```"));
        let open = fill("```release-note\n\n```\n", &Facts { release_note: None, ..facts() });
        assert!(open.starts_with("```release-note\n\n```\n"), "{open}");
    }

    #[test]
    fn a_quotation_gives_no_orders() {
        for (line, expected) in [
            ("/lgtm cancel", "\\/lgtm cancel"),
            ("Fixes #12 and kubevirt/kubevirt#13", "Fixes \\#12 and kubevirt/kubevirt\\#13"),
            ("Closes: https://github.com/a/b/issues/1", "see https://github.com/a/b/issues/1"),
            ("cc @jane, a@b.c", "cc @<!-- -->jane, a@b.c"),
            ("  - plain `code` - C# /x", "  - plain `code` - C# /x"),
            ("a <!-- b", "a &lt;!-- b"),
        ] {
            assert_eq!(quoted(line), expected, "{line}");
        }
        let text = "# VEP\n## Overview\n<!-- write -->\n## Motivation\n\nGuests hang.\n/close\n\n```go\nx\n```\n### Goals\n- a\n";
        let document = Document::new(&Source::new("vep.md", text));
        assert_eq!(said(&document, &["overview", "motivation"]).unwrap(), "Guests hang.\n\\/close");
        assert_eq!(said(&document, &["goals"]).unwrap(), "- a");
    }
}
