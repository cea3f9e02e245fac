//! Lines of tasks that are written as tests are: nodes of Ginkgo, tests of Go's own, and IDs of tests.

use super::{Cases, Key, PlannedTask};

impl PlannedTask {
    /// The spec that its title writes as Ginkgo does: "add `It("boots", …)`".
    pub(super) fn title_node(&self) -> Option<String> {
        let mut nodes = self.title.split('`').skip(1).step_by(2).filter_map(node);
        nodes.next().filter(|(is_spec, _)| *is_spec).map(|(_, text)| text)
    }

    /// The specs that its lines write as Ginkgo does: `It("…")` below `Context("…")`.
    pub(super) fn ginkgo(&self) -> Cases {
        let mut found = Cases::default();
        let mut context = String::new();
        for line in self.details.iter().filter(|line| line.key == Key::Prose) {
            match node(&line.text) {
                Some((true, text)) => {
                    found.specs.push(text);
                    found.contexts.push(context.clone());
                }
                Some((false, text)) => context = text,
                None => continue,
            }
            found.lines.push(line.line);
        }
        found
    }

    /// A test of Go's own that it spells out, `FuzzPlan(f *testing.F)`: its name.
    pub(crate) fn go_test(&self) -> Option<String> {
        let mut texts = std::iter::once(&self.title).chain(self.details.iter().map(|line| &line.text));
        texts.find_map(|text| {
            let mut codes = text.split('`').skip(1).step_by(2);
            let code = codes.find(|code| code.contains("*testing."))?;
            let name = code.trim_start_matches("func ").split('(').next()?;
            ["Fuzz", "Benchmark", "Test"].iter().any(|kind| name.starts_with(kind)).then(|| name.to_owned())
        })
    }

    /// Whether it asks for entries of a table: `DescribeTable`, `Entry:`.
    pub(crate) fn has_entries(&self) -> bool {
        const TABLES: &[&str] = &["describetable", "with a table", "as a table", "table-driven", "table test"];
        let is_entry = |key: &Key| matches!(key, Key::Other(word) if word == "entry" || word == "entries");
        let title = self.title.to_lowercase();
        let table = TABLES.iter().any(|table| title.contains(table));
        table
            || self.details.iter().any(|line| {
                is_entry(&line.key) || node(&line.text).is_none() && line.text.trim_matches('`').starts_with("Entry(")
            })
    }
}

/// A text without the SIG in brackets, which says where it runs: "Functional test [sig-network]".
pub(super) fn without_sig(text: &str) -> String {
    let Some((before, rest)) = text.split_once("[sig-") else { return text.to_owned() };
    let Some((_, behind)) = rest.split_once(']') else { return text.to_owned() };
    let joins = behind.starts_with([',', ':']) || behind.trim().is_empty() || before.trim().is_empty();
    if joins { format!("{}{behind}", before.trim_end()).trim().to_owned() } else { text.to_owned() }
}

/// Behind Ginkgo's `It`, "It boots" says the word twice.
pub(super) fn without_it(text: &str) -> &str {
    let text = unquoted(text);
    let rest = text.strip_prefix("It ").or_else(|| text.strip_prefix("it "));
    rest.filter(|rest| rest.contains(' ')).unwrap_or(text)
}

/// A text without the quotes around all of it.
pub(crate) fn unquoted(text: &str) -> &str {
    let quotes = [('"', '"'), ('“', '”'), ('`', '`'), ('\'', '\'')];
    let inner = quotes.iter().find_map(|(open, close)| {
        let inner = text.trim().strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close]) && inner.contains(' ')).then_some(inner)
    });
    inner.unwrap_or(text)
}

/// A line that is written as a node of Ginkgo: whether it is a spec, and its text.
fn node(line: &str) -> Option<(bool, String)> {
    const NODES: &[(&str, bool, &str)] = &[
        ("It", true, ""),
        ("Specify", true, ""),
        ("Context", false, ""),
        ("Describe", false, ""),
        ("When", false, "when "),
    ];
    let text = line.trim().trim_matches('`');
    let (_, is_spec, lead, rest) = NODES.iter().find_map(|(name, is_spec, lead)| {
        let rest = text.strip_prefix(name)?.trim_start_matches([':', '(', ' ']);
        rest.starts_with(['"', '“', '\'']).then_some((name, *is_spec, lead, rest))
    })?;
    let inner = rest.trim_start_matches(['"', '“', '\'']);
    let end = inner.find(['"', '”']).or_else(|| inner.rfind('\''))?;
    let plain = !inner[..end].contains('\\') && !inner[..end].trim().is_empty();
    plain.then(|| (is_spec, format!("{lead}{}", inner[..end].trim())))
}

/// The IDs of tests that a text names: `[test_id:1234]`.
pub(super) fn test_ids(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("[test_id:").filter_map(|(at, lead)| {
        let behind = &text[at + lead.len()..];
        let end = behind.find(']')?;
        let is_number = end > 0 && behind[..end].bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| &text[at..=(at + lead.len() + end)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_that_are_written_as_ginkgo_has_them_are_read() {
        let context = ("", "Context \"when the gate is off\"");
        let details = [
            context,
            ("", "It(\"returns no plan\")"),
            ("", "`When(\"a node is gone\", func() {`"),
            ("", "It \"plans again\""),
        ];
        let cases = PlannedTask::sample("Unit tests", &details).cases();
        assert_eq!(cases.specs, ["returns no plan", "plans again"]);
        assert_eq!(cases.contexts, ["when the gate is off", "when a node is gone"]);
        assert!(PlannedTask::sample("Tests", &[("entry", "no name")]).has_entries());
        let fuzz = PlannedTask::sample("Fuzz it: `FuzzPlan(f *testing.F)`", &[]);
        assert_eq!(fuzz.go_test().as_deref(), Some("FuzzPlan"));
        let cases = PlannedTask::sample("Boots, label `[test_id:12]`", &[("test", "boots")]).cases();
        assert_eq!(cases.specs, ["[test_id:12]boots"]);
    }
}
