//! Verdicts as text, JSON, and JUnit's XML.

use std::fmt::Write as _;

use kubevirt_scaffold_core::diagnostic::{visible, visible_json};
use kubevirt_scaffold_core::pipeline::Color;
use serde_json::json;

use super::Evidence;
use super::judge::{State, Verdict};

/// For people.
pub(super) fn text(verdicts: &[Verdict], evidence: &Evidence, color: Color) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let _ = writeln!(text, "{} {}", verdict.id, visible(&verdict.title));
        for finding in &verdict.findings {
            let mut word = format!("{:<8}", finding.state.name());
            if color == Color::Always {
                let code = match finding.state {
                    State::Sound | State::Green | State::Red => 32,
                    State::Wrong => 31,
                    State::Unproven | State::Manual | State::Before | State::Pending => 33,
                };
                word = format!("\u{1b}[{code}m{word}\u{1b}[0m");
            }
            let _ = writeln!(text, "  {word} {}: {}", visible(&finding.about), visible(&finding.detail));
        }
    }
    text.push('\n');
    text.push_str(&summary(verdicts, evidence));
    text
}

/// The counts, and what they rest on.
pub(super) fn summary(verdicts: &[Verdict], evidence: &Evidence) -> String {
    let mut text = String::new();
    let count = |state: State| verdicts.iter().flat_map(|v| &v.findings).filter(|f| f.state == state).count();
    let _ = writeln!(
        text,
        "{} specs red for the right reason, {} green; {} wrong, {} unproven.",
        count(State::Red),
        count(State::Green),
        count(State::Wrong),
        count(State::Unproven)
    );
    match &evidence.go {
        Ok(version) => drop(writeln!(text, "Compiled with {version}.")),
        Err(reason) => drop(writeln!(text, "Nothing was compiled: {}.", visible(reason))),
    }
    if let Err(reason) = &evidence.lint {
        let _ = writeln!(text, "Not linted: {}.", visible(reason));
    }
    if evidence.go.is_ok() && evidence.suite.is_none() {
        text.push_str(
            "Functional specs were compiled file by file; --suite compiles the whole suite, which takes minutes.\n",
        );
    }
    text
}

/// For machines.
pub(super) fn json(file: &str, verdicts: &[Verdict], evidence: &Evidence) -> String {
    let tasks: Vec<_> = verdicts
        .iter()
        .map(|verdict| {
            let findings: Vec<_> = (verdict.findings.iter())
                .map(|f| json!({"about": f.about, "state": f.state.name(), "detail": f.detail}))
                .collect();
            json!({"id": verdict.id, "title": verdict.title, "wrong": verdict.is_wrong(), "findings": findings})
        })
        .collect();
    let document = json!({
        "version": 1,
        "file": file,
        "go": evidence.go.as_ref().ok(),
        "linted": evidence.lint.is_ok(),
        "tasks": tasks,
    });
    visible_json(&document.to_string()) + "\n"
}

/// For CI.
pub(super) fn junit(verdicts: &[Verdict]) -> String {
    let all = || verdicts.iter().flat_map(|verdict| verdict.findings.iter().map(move |finding| (verdict, finding)));
    let count = |states: &[State]| all().filter(|(_, finding)| states.contains(&finding.state)).count();
    let skipped = [State::Unproven, State::Manual, State::Before, State::Pending];
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"kubevirt-scaffold verify\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
        all().count(),
        count(&[State::Wrong]),
        count(&skipped),
    );
    for (verdict, finding) in all() {
        let (id, about, detail) = (escaped(&verdict.id), escaped(&finding.about), escaped(&finding.detail));
        let _ = write!(text, "  <testcase classname=\"{id}\" name=\"{about}\">");
        if finding.state == State::Wrong {
            let _ = write!(text, "<failure message=\"{detail}\"/>");
        } else if skipped.contains(&finding.state) {
            let _ = write!(text, "<skipped message=\"{detail}\"/>");
        }
        text.push_str("</testcase>\n");
    }
    text + "</testsuite>\n"
}

/// A text as the value of an attribute.
fn escaped(text: &str) -> String {
    // What XML cannot hold, however it is written.
    let text: String = visible(text).chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn an_attribute_holds_any_text() {
        assert_eq!(escaped("a \"b\" <c> & 'd'"), "a &quot;b&quot; &lt;c&gt; &amp; 'd'");
        assert_eq!(escaped("x\u{0}\u{1b}\n\u{fffe}\u{202e}"), "x\\u{0}\\u{1b}\\n\\u{202e}");
    }
}
