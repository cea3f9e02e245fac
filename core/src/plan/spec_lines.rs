//! Lines of tasks that are written as tests are: nodes of Ginkgo, tests of Go's own, and IDs of tests.

use super::spec_node::{Container, node, stated};
use super::spec_texts::{Spec, changed, specs, table, tabled};
use super::spec_title::is_about_tests;
use super::{Key, PlannedTask, TaskLine};
use crate::demand::{Piece, Word, words};

/// Why entries are not made.
pub(crate) const ENTRIES: &str = "the entries of a table are written by hand";

/// Why a line that only points at other specs is not one.
pub(crate) const REFERS: &str = "it refers to other specs, and has no text of its own";

/// The key of the head of a table of cases, of which no column is one of texts.
pub(crate) const OF_CASES: &str = "table of cases";

/// Why no specs are made of it.
pub(super) const CASES: &str =
    "the table has other columns than the texts (`Spec`, `Test`), numbers and containers of specs";

const UNREADABLE: &str = "the text of its spec is not a plain string";

/// What a line says of specs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Line {
    /// Specs, and the containers that the line states for each of them alone.
    Specs(Vec<Spec>),
    /// The specs below it stand in containers, of which the first one is the outermost.
    Containers(Vec<Container>),
    /// It changes a spec that is there.
    Changes(String),
    /// It is about tests, and no spec can be made of it.
    Unread(&'static str),
    /// A text.
    Other,
}

impl PlannedTask {
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

    /// Whether its title asks for entries of a table: `DescribeTable`, "with the entries …".
    pub(crate) fn is_table(&self) -> bool {
        const TABLES: &[&str] = &["describetable", "with a table", "as a table", "table-driven", "table test"];
        let title = self.title.to_lowercase();
        let entries = ["entry", "entries"].iter().any(|word| title.contains(word));
        TABLES.iter().any(|table| title.contains(table))
            || entries && title.contains("table")
            || title.contains("`entry(")
            || is_entries(&self.title)
    }

    /// The lines of it that ask for entries of a table.
    pub(crate) fn entries(&self) -> Vec<usize> {
        self.details.iter().filter(|line| asks_for_entries(line)).map(|line| line.line).collect()
    }
}

/// Whether a line asks for entries of a table.
pub(super) fn asks_for_entries(line: &TaskLine) -> bool {
    match &line.key {
        Key::Other(word) => ["entry", "entries", "table", "describetable"].contains(&word.as_str()),
        Key::Prose => is_entries(bare(&line.text)),
        _ => false,
    }
}

/// Whether a line of a task of tests is written as one is, and no order.
pub(crate) fn is_written(line: &TaskLine) -> bool {
    asks_for_entries(line) || line.key == Key::Prose && !matches!(read(&line.text), Line::Other)
}

fn is_entries(text: &str) -> bool {
    const CALLS: &[&str] = &["DescribeTable", "DescribeTableSubtree", "Entry", "Table"];
    let text = text.trim_start_matches('`');
    let behind = CALLS.iter().filter_map(|call| text.strip_prefix(call));
    behind.into_iter().any(|rest| rest.trim_start_matches([':', '(', ' ']).starts_with(['"', '“', '\'', '`']))
}

/// The container that a line with a key states: "Context: caching".
pub(super) fn keyed(line: &TaskLine) -> Option<Container> {
    const LONGEST: usize = 8;
    let Key::Other(word) = &line.key else { return None };
    let call = match word.as_str() {
        "context" | "container" => "Context",
        "describe" => "Describe",
        "when" => "When",
        _ => return None,
    };
    if let Some(node) = node(bare(&line.text)).filter(|node| node.call != "It") {
        return Some(Container::new(node.call, &node.text));
    }
    let text = bare(&line.text).trim_end_matches(':');
    // A sentence tells of something else than a container.
    if line.text.trim_end().ends_with('.') || text.contains(". ") || text.split(' ').count() > LONGEST {
        return None;
    }
    let text = crate::text::unquoted(text);
    (!text.is_empty() && !text.contains(['"', '`'])).then(|| Container::new(call, text))
}

/// What a line says.
pub(super) fn read(text: &str) -> Line {
    let text = bare(text);
    if is_entries(text) && table(text).is_none() || tabled(text).is_some() {
        return Line::Unread(ENTRIES);
    }
    if refers(text) {
        return Line::Unread(REFERS);
    }
    if let Some(spec) = changed(text) {
        return Line::Changes(spec);
    }
    let is_call = ["It(", "`It(", "Specify(", "`Specify("].iter().any(|call| text.starts_with(call));
    if is_call && node(text).is_none() {
        return Line::Unread(UNREADABLE);
    }
    match specs(text) {
        Some((specs, open)) if specs.is_empty() => Line::Containers(open),
        Some((specs, _)) => Line::Specs(specs),
        None => Line::Other,
    }
}

/// The text of a spec: without a box, a mark at its end, quotes around it, or Ginkgo's "It".
pub(super) fn spec(text: &str) -> String {
    without_it(bare(text)).to_owned()
}

/// A text without the box of an item, and the mark that joins it to the next one.
pub(super) fn bare(text: &str) -> &str {
    let text = text.trim();
    let boxed = ["[ ]", "[x]", "[X]", "[]"].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text).trim();
    let joined = ["; and", ", and", ";", ","].iter().find_map(|mark| boxed.strip_suffix(mark)).unwrap_or(boxed);
    joined.trim_end_matches('.').trim_end()
}

/// Whether a text only points at other specs: "Same for `X` and `Y`".
pub(crate) fn refers(text: &str) -> bool {
    const BEHIND: &[&str] =
        &["for", "as", "in", "on", "with", "here", "again", "there", "spec", "specs", "test", "tests", "case", "cases"];
    let line: Vec<Word<'_>> = words(text).into_iter().filter(|word| word.piece != Piece::Mark).collect();
    let line = match line.as_slice() {
        [first, rest @ ..] if first.is(&["the", "and", "do"]) => rest,
        line => line,
    };
    let is = |at: usize, words: &[&str]| line.get(at).is_some_and(|word| word.is(words));
    is(0, &["same"]) && (line.len() == 1 || is(1, BEHIND))
        || is(0, &["ditto", "idem"])
        || is(0, &["see"]) && (is(1, &["above"]) || line.get(1).is_some_and(|word| crate::task::is_id(word.text)))
        || is(0, &["as"]) && is(1, &["above", "before", "in", "for"])
        || is(0, &["likewise", "similarly", "analogously"]) && (line.len() == 1 || is(1, &["for", "in", "with"]))
        || is(0, &["like"]) && line.get(1).is_some_and(|word| crate::task::is_id(word.text))
        || is(0, &["repeat"]) && line[1..].iter().any(|word| crate::task::is_id(word.text))
}

/// The file of tests that a line begins with, and what it says of it: "`x_test.go`: should a", "In `x_test.go`: should a".
pub(super) fn led(text: &str) -> (Option<&str>, &str) {
    let bare = text.trim();
    let rest = ["In ", "in "].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or(bare);
    let Some((path, tail)) = rest.split_once([':', ' ', ',']) else { return (None, text) };
    let path = path.trim_matches('`');
    if !(path.contains('/') && super::is_test_file(path) && path.ends_with(".go")) {
        return (None, text);
    }
    (Some(path), tail.trim_start_matches([':', ' ', ',', '-', '–', '—']))
}

/// A `Test:` line that says within its key where the spec goes, as a line whose text says so: "Test (in `x_test.go`, When
/// "y"): should z", "Test in `x_test.go`: should z".
pub(crate) fn placed_spec(text: &str) -> Option<String> {
    const KEYS: &[&str] = &["Unit test", "Unit tests", "Tests", "Test", "Specs", "Spec"];
    let rest = KEYS.iter().find_map(|key| text.strip_prefix(key))?;
    let (place, tail) = match rest.trim_start().strip_prefix('(') {
        Some(inner) => inner.split_once("):")?,
        None => colon(rest.strip_prefix(' ')?)?,
    };
    let path = place.split([' ', ',']).map(|word| word.trim_matches('`')).find(|word| word.ends_with("_test.go"));
    let rest = path.map_or_else(|| place.to_owned(), |path| place.replacen(path, "", 1).replace("``", ""));
    let (rest, within) = match stated(&rest) {
        Some((rest, within)) => {
            let path: Vec<String> = within.iter().map(|one| format!("{} \"{}\"", one.call, one.text)).collect();
            (rest, format!("{}: ", path.join(" > ")))
        }
        None => (rest, String::new()),
    };
    let is_place = path.is_some_and(|path| path.contains('/')) || !within.is_empty();
    let path = path.map(|path| format!("`{path}`: ")).unwrap_or_default();
    (is_place && is_about_tests(&rest)).then(|| format!("{path}{within}{}", tail.trim()))
}

/// A text before and behind the first colon that stands in no quotes and no code.
fn colon(text: &str) -> Option<(&str, &str)> {
    let mut is_open = false;
    let at = text.char_indices().find(|(at, c)| {
        is_open ^= matches!(c, '"' | '“' | '”' | '`');
        *c == ':' && !is_open && text[at + 1..].starts_with(' ')
    });
    at.map(|(at, _)| (&text[..at], &text[at + 1..]))
}

/// A text without the SIG in brackets, which says where it runs: "Functional test [sig-network]".
pub(super) fn without_sig(text: &str) -> String {
    let Some((before, rest)) = text.split_once("[sig-") else { return text.to_owned() };
    let Some((_, behind)) = rest.split_once(']') else { return text.to_owned() };
    let joins = behind.starts_with([',', ':']) || behind.trim().is_empty() || before.trim().is_empty();
    if joins { format!("{}{behind}", before.trim_end()).trim().to_owned() } else { text.to_owned() }
}

/// Behind Ginkgo's `It`, "It boots" says the word twice.
fn without_it(text: &str) -> &str {
    let text = unquoted(text);
    let rest = text.strip_prefix("It ").or_else(|| text.strip_prefix("it "));
    rest.filter(|rest| rest.contains(' ')).unwrap_or(text)
}

/// A text without the quotes around all of it.
pub(crate) fn unquoted(text: &str) -> &str {
    let inner = crate::text::unquoted(text);
    if inner.contains(' ') { inner } else { text }
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
    fn a_line_can_say_where_its_spec_goes() {
        for (text, read) in [
            ("Test (in `pkg/x/y_test.go`, When \"on\"): should a", Some("`pkg/x/y_test.go`: When \"on\": should a")),
            ("Test in pkg/x/y_test.go: should a: b", Some("`pkg/x/y_test.go`: should a: b")),
            ("Spec (Context \"c\"): should a", Some("Context \"c\": should a")),
            ("Test (it is late): should a", None),
            ("Tests of `pkg/x/y_test.go` are slow: skip them", None),
            ("Testing: should a", None),
        ] {
            assert_eq!(placed_spec(text).as_deref(), read, "{text}");
        }
    }

    #[test]
    fn what_refers_to_others_has_no_text() {
        for (text, is_one) in [
            ("Same for `X` and `Y`", true),
            ("the same as in T004", true),
            ("ditto", true),
            ("Likewise for the VMI", true),
            ("Repeat T001 and T002", true),
            ("as above", true),
            ("same name is rejected", false),
            ("repeats the request", false),
            ("see that it boots", false),
            ("see T004", true),
        ] {
            assert_eq!(refers(text), is_one, "{text}");
        }
    }

    #[test]
    fn lines_are_texts_containers_or_neither() {
        let context = |text: &str| Line::Containers(vec![Container::context(text)]);
        let written = |within: &[Container], texts: &[&str], is_node: bool| {
            let spec =
                |text: &&str| Spec { within: within.to_vec(), text: (*text).to_owned(), is_node, ..Spec::default() };
            Line::Specs(texts.iter().map(spec).collect())
        };
        let spec = |text: &str| written(&[], &[text], true);
        let describe = Container { call: "Describe", text: "x".to_owned() };
        let both = [describe.clone(), Container::context("y")];
        for (text, line) in [
            ("[ ] It(\"boots\", func() {", spec("boots")),
            ("Add `It(\"boots\")`", spec("boots")),
            ("It(\"says \\\"a\\\"\")", spec("says \"a\"")),
            ("In a new context \"x y\":", context("x y")),
            ("the `x` context", context("x")),
            ("Under `Describe(\"x\")`", Line::Containers(vec![describe])),
            ("Describe \"x\" > Context \"y\"", Line::Containers(both.to_vec())),
            ("in Context \"y\" of `Describe(\"x\")`: a; b", written(&both, &["a", "b"], false)),
            ("Context \"x\": a; b", written(&[Container::context("x")], &["a", "b"], false)),
            ("Context \"x\": \"a b\", \"c d\"", written(&[Container::context("x")], &["a b", "c d"], false)),
            ("`It(\"a\")`, `It(\"b\")` and It(\"c\")", written(&[], &["a", "b", "c"], true)),
            ("\"a b\", \"c d\" and \"e f\"", written(&[], &["a b", "c d", "e f"], false)),
            ("`should a`", written(&[], &["should a"], false)),
            ("`a b` is set", Line::Other),
            ("`Foo string` and `Bar string`", Line::Other),
            ("extend \"should a\" by a check", Line::Changes("should a".to_owned())),
            ("should wait (in the context \"x\")", written(&[Container::context("x")], &["should wait"], false)),
            ("should keep the \"x\" context", Line::Other),
            ("It(\"a \"+b)", Line::Unread(UNREADABLE)),
            ("Entry(\"a\", 1)", Line::Unread(ENTRIES)),
            ("passes the context `ctx` on", Line::Other),
            ("when \"x\" is set, it boots", Line::Other),
        ] {
            assert_eq!(read(text), line, "{text}");
        }
    }

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
        let titles: Vec<String> = cases.within.iter().flatten().map(Container::title).collect();
        assert_eq!(titles, ["when the gate is off", "when a node is gone"]);
        assert_eq!(PlannedTask::sample("Tests", &[("entry", "no name")]).entries(), [2]);
        let fuzz = PlannedTask::sample("Fuzz it: `FuzzPlan(f *testing.F)`", &[]);
        assert_eq!(fuzz.go_test().as_deref(), Some("FuzzPlan"));
        let cases = PlannedTask::sample("Boots, label `[test_id:12]`", &[("test", "boots")]).cases();
        assert_eq!(cases.specs, ["[test_id:12]boots"]);
    }
}
