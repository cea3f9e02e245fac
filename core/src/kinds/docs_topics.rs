//! What texts say that a page holds: its headings.

use crate::demand::{Word, words};

/// Whether an item names something to be written about, and not what else is to be done.
pub(super) fn is_topic(text: &str) -> bool {
    const VERBS: &[&str] =
        &["add", "link", "mention", "include", "see", "use", "update", "refer", "note", "place", "put"];
    let line = words(text);
    !line.is_empty() && !line[0].is(VERBS)
}

/// What a title says that a page is to hold: "`docs/x.md`: what it returns, how to filter it", "Document the filter".
pub(super) fn topics(subject: &str, is_path_first: bool) -> Vec<String> {
    const ASKS: &[&str] = &["what", "how", "why", "when", "where", "which", "who"];
    const WHOLE: &[&str] = &[
        "the",
        "a",
        "new",
        "this",
        "feature",
        "page",
        "guide",
        "it",
        "everything",
        "user",
        "docs",
        "documentation",
        "update",
        "extend",
        "add",
        "create",
        "write",
        "to",
    ];
    if let Some(named) = named(subject) {
        return named;
    }
    let line = words(subject);
    let writes = |word: &Word<'_>| word.is(&["document", "describe", "explain"]);
    let topic = match line.first() {
        Some(first) if writes(first) && line.len() > 1 => {
            let rest = subject[line[1].at..].trim_start_matches('`');
            if let Some(headings) = rest.split_once(": ").and_then(|(_, tail)| headings(tail)) {
                return headings;
            }
            // "Document it: how to enable it, limits".
            let named = rest.split_once(": ").filter(|(head, _)| words(head).iter().all(|word| word.is(WHOLE)));
            named.map_or(rest, |(_, tail)| tail)
        }
        Some(_) => match subject.split_once(": ") {
            // "…; sections: Overview, Limits".
            Some((head, tail))
                if words(head).last().is_some_and(|word| word.is(&["sections", "headings", "topics"])) =>
            {
                return listed(&tail.replace(", ", "; "));
            }
            Some((_, tail)) => {
                if let Some(headings) = headings(tail) {
                    return headings;
                }
                tail
            }
            None if is_path_first || told(subject) != subject => subject,
            None => return Vec::new(),
        },
        None => return Vec::new(),
    };
    // "(how to enable it, limits)" lists them; "(if needed)" says nothing of the page.
    let (topic, note) = match topic.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((head, note)) => (head.trim(), Some(note)),
        None => (topic, None),
    };
    if let Some(note) = note.filter(|note| topic.is_empty() && note.contains(',')) {
        return listed(&note.replace(", ", "; "));
    }
    if words(topic).iter().all(|word| word.is(WHOLE)) {
        return Vec::new();
    }
    let topic = told(topic);
    // Questions are told apart by commas, and the last one by "and".
    let mut topic = topic.to_owned();
    for word in ASKS {
        topic = topic.replace(&format!(" and {word} "), &format!(", {word} ")).replace(",, ", ", ");
    }
    let topic = topic.as_str();
    let asks = |part: &str| words(part).first().is_some_and(|word| word.is(ASKS) || word.is(&["and"]));
    let parts: Vec<&str> = topic.split(", ").collect();
    let is_short = |part: &&str| asks(part) || words(part).len() < 3;
    if !topic.contains(';') && asks(parts[0]) && parts.iter().all(is_short) {
        return listed(&topic.replace(", ", "; "));
    }
    listed(topic)
}

/// The headings of an item: "`docs/x.md`: enabling, limits" lists those of a page.
pub(super) fn below(item: &str) -> Vec<String> {
    match item.split_once(": ").filter(|(path, _)| path.trim_matches('`').ends_with(".md") && !path.contains(' ')) {
        Some((_, tail)) => headings(tail).unwrap_or_else(|| listed(tail)),
        None => listed(item),
    }
}

/// The headings that a list behind a colon is: "enabling, units and troubleshooting".
fn headings(tail: &str) -> Option<Vec<String>> {
    let (first, last) = tail.rsplit_once(", ").unwrap_or(("", tail));
    let last = last.strip_prefix("and ").unwrap_or(last);
    let parts: Vec<&str> = first.split(", ").filter(|part| !part.is_empty()).chain(last.split(" and ")).collect();
    let is_short = |part: &&str| (1..4).contains(&words(part).len()) && !part.contains([';', '(', '.']);
    (parts.len() > 1 && parts.iter().all(is_short)).then(|| listed(&parts.join(";")))
}

/// The sections that a title names: "add a "Known limits" section", "with sections Symptoms, Diagnosis and Fixes".
fn named(subject: &str) -> Option<Vec<String>> {
    let plain = subject.replace(['“', '”'], "\"");
    let (before, rest) =
        ["sections ", "section ", "headings "].iter().find_map(|word| plain.split_once(word)).or_else(|| {
            let head =
                plain.trim_end().strip_suffix("section").or_else(|| plain.trim_end().strip_suffix("sections"))?;
            Some((head, ""))
        })?;
    let quoted: Vec<&str> = plain.split('"').skip(1).step_by(2).collect();
    if !quoted.is_empty() && plain.matches('"').count().is_multiple_of(2) {
        return Some(listed(&quoted.join("; ")));
    }
    let is_list = before.trim_end().ends_with("with") || before.trim_end().ends_with("with the");
    let is_name = |text: &str| text.trim().starts_with(|c: char| c.is_uppercase());
    let list = rest.replace(", and ", "; ").replace(" and ", "; ").replace(", ", "; ");
    (is_list && !rest.contains(':') && list.split(';').all(is_name)).then(|| listed(&list))
}

/// What a text is about that says so first: "explains how to enable it", "page that describes the limits".
fn told(topic: &str) -> &str {
    const TELLS: &[&str] = &[
        "explains",
        "describes",
        "documents",
        "covers",
        "tells",
        "lists",
        "shows",
        "explaining",
        "describing",
        "documenting",
        "covering",
        "about",
        "on",
    ];
    const BEFORE: &[&str] = &[
        "a",
        "the",
        "new",
        "page",
        "guide",
        "document",
        "documentation",
        "that",
        "which",
        "user",
        "user-facing",
        "docs",
        "write",
        "add",
    ];
    let line = words(topic);
    let at = line.iter().position(|word| !word.is(BEFORE)).filter(|at| line[*at].is(TELLS));
    at.and_then(|at| line.get(at + 1)).map_or(topic, |word| topic[word.at..].trim_start_matches('`'))
}

/// The headings in a `Content:` line: `overview; limits, known and unknown` has two.
pub(super) fn listed(content: &str) -> Vec<String> {
    let parts = content.split(';');
    let parts = parts.map(|part| part.trim().trim_start_matches("and ").trim());
    let capital = |part: &str| {
        let mut chars = part.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>())
    };
    parts.filter_map(capital).collect()
}
