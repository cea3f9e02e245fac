//! Statements that a feature needs no feature gate.

use super::{Spanned, TaskFile};

/// Whether a statement about the feature gate says that there is none: the value of a field, such as
/// `None`, or a sentence.
pub fn denies_gate(statement: &str) -> bool {
    const PHRASES: &[&str] =
        &["no feature gate", "no gate", "gate none", "not require", "not needed", "not applicable"];
    let lower = statement.to_lowercase();
    let lower = lower.trim();
    // `pkg/validation/admitters` holds these letters as well.
    let alone = |at: usize| {
        let (before, after) = (&lower[..at], &lower[at + "n/a".len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    };
    lower.starts_with("none")
        || lower.match_indices("n/a").any(|(at, _)| alone(at))
        || PHRASES.iter().any(|phrase| lower.contains(phrase))
}

impl TaskFile {
    /// The first statement that the feature needs no gate: in the header, in the compliance section, or
    /// in a heading.
    pub fn gate_denial(&self) -> Option<&Spanned> {
        let denies = |statement: &&Spanned| {
            let text = &statement.text;
            let value = text.split_once(':').map_or("", |(_, value)| value);
            text.to_lowercase().contains("feature gate") && (denies_gate(text) || denies_gate(value))
        };
        let header = self.metadata("Feature Gate").map(|field| &field.value).filter(|value| denies_gate(&value.text));
        header
            .or_else(|| self.compliance.iter().map(|checkbox| &checkbox.text).find(denies))
            .or_else(|| self.sections.iter().map(|section| &section.title).find(denies))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::parse;
    use crate::text::Source;

    #[test]
    fn a_denial_is_known_in_every_common_form() {
        for statement in ["None", "N/A (configuration only)", "not required", "No Feature Gate Required", "no gate"] {
            assert!(denies_gate(statement), "{statement}");
        }
        for statement in ["GuestHeartbeat", "`NoneSuch` in alpha", "checked in pkg/validation/admitters"] {
            assert!(!denies_gate(statement), "{statement}");
        }
    }

    #[test]
    fn the_header_speaks_before_the_checklist_and_that_before_a_heading() {
        let header = "**Feature Gate**: None\n";
        let checklist = "## Constitutional Compliance\n- [x] Feature gate: N/A, no new functionality\n";
        let heading = "## No Feature Gate Required\n";
        for (text, found) in [
            (format!("# Tasks: X\n{header}\n{checklist}\n{heading}"), Some("None")),
            (format!("# Tasks: X\n\n{checklist}\n{heading}"), Some("Feature gate: N/A, no new functionality")),
            (format!("# Tasks: X\n\n{heading}"), Some("No Feature Gate Required")),
            ("# Tasks: X\n\n## Feature Gate\n".to_owned(), None),
        ] {
            let file = parse(&Source::new("tasks.md", text.as_str()));
            assert_eq!(file.gate_denial().map(|denial| denial.text.as_str()), found, "{text}");
        }
    }
}
