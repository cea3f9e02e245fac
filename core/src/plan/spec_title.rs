//! The title of a task of tests: what its specs are about, and their texts where it states them.

use crate::demand::{Piece, Word, words};

/// Words that a title says of tests, and that tell nothing about what is tested.
#[rustfmt::skip]
const TESTS: &[&str] = &[
    "a", "add", "additional", "an", "and", "below", "by", "called", "case", "cases", "cover", "coverage", "covering",
    "covers", "create", "e2e", "end-to-end", "existing", "extend", "following", "for", "functional", "implement",
    "in", "inside", "integration", "it", "its", "more", "named", "new", "of", "own", "some", "spec", "specs", "suite",
    "test", "tests", "that", "the", "these", "this", "to", "under", "unit", "with", "within", "write",
];

/// What a title is about, and the texts of specs in it: those in quotes, those of a list behind a colon, or itself.
pub(super) fn titled(subject: &str) -> (String, Vec<String>) {
    const MARKS: [char; 7] = [':', ',', ';', '-', '–', '—', ' '];
    let subject = subject.trim_start_matches(MARKS).trim();
    if subject.is_empty() {
        return (String::new(), Vec::new());
    }
    let (outside, quoted) = quotes(subject);
    // "Cover it: "should a" and "should b"": these are texts of specs, whatever stands around them.
    let is_text = |text: &String| text.starts_with("should ") || text.starts_with("it should ");
    if !quoted.is_empty() && quoted.iter().all(is_text) && !says_tests(&outside) {
        return (String::new(), quoted);
    }
    if !quoted.is_empty() && (says_tests(&outside) || leads_on(&outside)) {
        let rest = if is_about_tests(&outside) || leads_on(&outside) { String::new() } else { outside };
        return (rest, quoted);
    }
    let behind = |head: &str| says_tests(head) || is_about_tests(head) || covered(head).is_some();
    if let Some((head, tail)) = subject.split_once(':').filter(|(head, tail)| behind(head) && tail.starts_with(' '))
        && !says_tests(tail)
    {
        let head = if is_about_tests(head) { "" } else { covered(head).unwrap_or(head).trim() };
        return (head.to_owned(), listed(tail.trim_start_matches(MARKS)));
    }
    if let Some(found) = ordered(subject) {
        return found;
    }
    if is_heading(subject) {
        return (subject.to_owned(), Vec::new());
    }
    if is_about_tests(subject) {
        // "Unit tests": the only text that there is.
        return (String::new(), vec![subject.to_owned()]);
    }
    let list = listed(subject);
    if list.len() > 1 && !says_tests(subject) {
        return (String::new(), list);
    }
    (subject.to_owned(), vec![subject.to_owned()])
}

/// Whether a text is a heading of tests: "Secret tests", "Webhook unit tests".
pub(crate) fn is_heading(text: &str) -> bool {
    let line = words(text);
    let is_noun = |word: &Word<'_>| word.is(&["tests", "specs", "coverage", "e2e"]);
    line.last().is_some_and(is_noun) && line.len() <= 5 && !is_about_tests(text)
}

/// What a head orders to test with a list: "Cover `f` with".
fn covered(head: &str) -> Option<&str> {
    let line = words(head);
    let (first, last) = (line.first()?, line.last()?);
    let is_order = first.is(&["cover", "test", "check", "exercise"]) && last.is(&["with", "for", "against"]);
    (is_order && line.len() > 2).then(|| head[first.at + first.text.len()..last.at].trim())
}

/// What a title orders to test, and what that is about: "Verify that a guest boots, and that it stops", "Extend it with a
/// case where a guest hangs", "Test the clock".
fn ordered(subject: &str) -> Option<(String, Vec<String>)> {
    const ORDERS: &[&str] =
        &["verify", "check", "test", "ensure", "assert", "prove", "confirm", "cover", "exercise", "show"];
    const CASES: &[&str] = &["case", "cases", "scenario", "spec", "specs", "test", "tests", "check"];
    let line = words(subject);
    let is_that = |at: usize| line.get(at).is_some_and(|word| word.is(&["that", "whether"]));
    let is_order = |at: usize| line.get(at).is_some_and(|word| word.is(ORDERS));
    let asks = |word: &Word<'_>| {
        word.is(TESTS) || is_of_file(word) || word.is(&["extend", "one", "another", "further", "by", "its"])
    };
    let behind = if is_order(0) && line.len() > 2 {
        usize::from(is_that(1)) + 1
    } else {
        // Up to "a case where", "a test that checks that".
        let at = line.iter().position(|word| word.is(&["where", "that", "which"]))?;
        let is_case = at > 0 && line[at - 1].is(CASES) && line[..at].iter().all(asks);
        let checks =
            line.get(at + 1).is_some_and(|word| word.is(&["verifies", "checks", "proves", "shows", "ensures"]));
        at + 1 + is_case.then(|| usize::from(checks) * (1 + usize::from(is_that(at + 2))))?
    };
    let first = line.get(behind)?;
    // Code begins behind its backtick.
    let rest = &subject[first.at - usize::from(first.piece == Piece::Code)..];
    let parts = rest.replace(", and that ", "; ").replace(" and that ", "; ").replace(", that ", "; ");
    let specs = listed(&parts);
    let about = if is_order(0) && !is_that(1) { rest.to_owned() } else { String::new() };
    specs.iter().all(|text| text.contains(' ')).then_some((about, specs))
}

/// The parts of a list: "rejects a; accepts b", "should reject a, should accept b".
pub(super) fn listed(text: &str) -> Vec<String> {
    let shoulds: Vec<&str> = text.split(", ").collect();
    let is_should = |part: &&str| part.trim_start_matches("and ").trim_start().starts_with("should ");
    let joined =
        if !text.contains(';') && shoulds.iter().all(is_should) { text.replace(", ", "; ") } else { text.to_owned() };
    let sides: Vec<&str> = joined.split(" / ").collect();
    let joined = if sides.len() > 1 && sides.iter().all(is_should) { sides.join("; ") } else { joined };
    let parts = joined.split(';').map(|part| part.trim().trim_end_matches('.'));
    let parts = parts.map(|part| part.strip_prefix("and ").unwrap_or(part).trim().to_owned());
    let should = |part: String| match part.strip_prefix("it should ").or_else(|| part.strip_prefix("It should ")) {
        Some(rest) => format!("should {rest}"),
        None => part,
    };
    parts.filter(|part| !part.is_empty()).map(should).collect()
}

/// What stands outside of the quotes of a text, and what in them.
fn quotes(text: &str) -> (String, Vec<String>) {
    let plain = text.replace(['“', '”'], "\"");
    let parts: Vec<&str> = plain.split('"').collect();
    if parts.len().is_multiple_of(2) {
        return (text.to_owned(), Vec::new());
    }
    let outside: Vec<&str> = parts.iter().step_by(2).map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let inside = parts.iter().skip(1).step_by(2).map(|part| part.trim().to_owned());
    (outside.join(" "), inside.filter(|part| part.contains(' ')).collect())
}

pub(super) fn says_tests(text: &str) -> bool {
    words(text).iter().any(|word| word.is(&["test", "tests", "spec", "specs", "case", "cases", "coverage"]))
}

/// Whether a word says what becomes of a file: "gets", "gains".
pub(super) fn is_of_file(word: &Word<'_>) -> bool {
    word.is(&["gain", "gains", "get", "gets", "grows", "has", "holds", "contains", "needs", "receives"])
}

/// Whether a text says nothing but that a file gets what is quoted: "covers "…" and "…"".
pub(super) fn leads_on(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "a", "adds", "also", "and", "another", "contains", "cover", "covering", "covers", "for", "further", "gains",
        "get", "gets", "has", "have", "holds", "it", "its", "needs", "new", "one", "plus", "receives", "should",
        "that", "they", "with",
    ];
    words(text).iter().all(|word| word.piece == Piece::Mark || word.is(TESTS) || word.is(WORDS))
}

/// Whether a text says nothing but that it is about tests.
pub(super) fn is_about_tests(text: &str) -> bool {
    words(text).iter().all(|word| word.piece == Piece::Mark || word.is(TESTS))
}

/// A title without the spec of the file that it puts its own beside, and that: "a spec "x" next to "y"".
pub(super) fn beside(subject: &str) -> (String, Option<String>) {
    const PLACES: &[&str] = &["beside", "next to", "alongside"];
    const ORDERS: &[&str] = &["after", "before", "behind", "following"];
    let plain = subject.replace(['“', '”'], "\"");
    let ends = |head: &str, places: &[&str]| {
        places.iter().find_map(|place| {
            head.strip_suffix(place).filter(|rest| rest.is_empty() || rest.ends_with([' ', ','])).map(str::len)
        })
    };
    for (at, _) in plain.match_indices('"').step_by(2) {
        let head = plain[..at].trim_end();
        let is_led = head.contains('"') || is_about_tests(head);
        let Some(keep) = ends(head, PLACES).or_else(|| ends(head, ORDERS).filter(|_| is_led)) else { continue };
        let Some((inner, behind)) = plain[at + 1..].split_once('"') else { break };
        let rest = format!("{}{behind}", plain[..keep].trim_end().trim_end_matches(','));
        return (rest.trim().to_owned(), Some(inner.trim().to_owned()));
    }
    (subject.to_owned(), None)
}
