//! The comment that a line states for what it asks for, and the sentences of prose.

/// A comment in quotes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quoted {
    /// The line without it.
    pub rest: String,
    /// Its text.
    pub text: String,
    /// The line calls it a comment.
    pub is_called: bool,
}

/// What a line may call a comment that it states.
const LEADS: &[&str] = &[
    "described as",
    "documented as",
    "commented as",
    "commented",
    "and the comment",
    "with the comment",
    "with a comment",
    "with comment",
    "with the doc comment",
    "with a doc comment",
    "with doc comment",
    "with the godoc",
    "with the description",
    "the comment above it is",
    "the comment is",
    "its comment is",
    "comment",
    "comments",
    "godoc",
    "documentation",
    "description",
    "which says",
    "that says",
    "saying",
];

/// The sentence in quotes that a line states behind a mark or behind a word for comments: "`Load *Load` in `Info`, \"Load
/// is …\"". It may have quotes of its own.
pub fn quoted_comment(line: &str) -> Option<Quoted> {
    // "`x = "x"` // what it is"
    if let Some((before, text)) = line.split_once(" // ")
        && before.matches('`').count() % 2 == 0
        && text.trim().contains(' ')
    {
        return Some(Quoted { rest: before.trim_end().to_owned(), text: text.trim().to_owned(), is_called: true });
    }
    let plain = of_code(line).unwrap_or_else(|| line.to_owned()).replace(['“', '”'], "\"");
    let (mut from, mut first) = (0, true);
    while let Some((open, close)) = next_quote(&plain, from) {
        from = close + 1;
        let text = plain[open + 1..close].trim();
        let is_sentence =
            text.split_whitespace().count() > 2 && text.starts_with(|c: char| c.is_alphabetic() || c == '`');
        let before = plain[..open].trim_end();
        let bare = trimmed(before);
        let is_lead = |lead: &&&str| {
            let front = bare.to_lowercase().strip_suffix(**lead).map(str::len);
            front.is_some_and(|front| bare[..front].ends_with(|c: char| !c.is_alphanumeric()) || front == 0)
        };
        let lead = LEADS.iter().find(is_lead);
        // Of several strings in a row, none is a comment.
        let is_value = !first && text.starts_with(|c: char| c.is_lowercase());
        first = false;
        if !is_sentence || lead.is_none() && (bare.len() == before.len() || is_value) {
            continue;
        }
        let front = lead.map_or(bare, |lead| trimmed(&bare[..bare.len() - lead.len()]));
        let behind = plain[close + 1..].trim_start();
        // In parentheses of its own.
        let is_aside = plain[front.len()..open].contains('(');
        let behind = if is_aside { behind.strip_prefix(')').unwrap_or(behind) } else { behind };
        let behind = behind.trim_end_matches('.');
        let gap = if behind.is_empty() || behind.starts_with([',', ';', ':', '.', ' ']) { "" } else { " " };
        return Some(Quoted {
            rest: format!("{front}{gap}{behind}"),
            text: text.to_owned(),
            is_called: lead.is_some(),
        });
    }
    None
}

/// A line with quotes for the backticks around a comment as Go has it: "`// f is …`".
fn of_code(line: &str) -> Option<String> {
    let (before, rest) = line.split_once("`//")?;
    let (text, behind) = rest.split_once('`')?;
    (before.matches('`').count() % 2 == 0).then(|| format!("{before}\"{}\"{behind}", text.trim()))
}

/// Words without the marks and the "and" at their end.
fn trimmed(text: &str) -> &str {
    text.trim_end_matches([',', ':', ';', '.', '-', '–', '—', '(', ' '])
}

/// Where the next quotation outside of code begins and ends. A quote that stands before a word, inside of another one,
/// opens one more.
fn next_quote(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut in_code = text[..from].matches('`').count() % 2 == 1;
    let (mut open, mut depth) = (None, 0_usize);
    let mut next = from;
    for (at, c) in text.char_indices() {
        if at < next {
            continue;
        }
        // Code in a quotation has quotes of its own.
        if c == '`' && open.is_some() {
            next = text[at + 1..].find('`').map_or(next, |length| at + length + 2);
        }
        if c == '`' && open.is_none() {
            in_code = !in_code;
        }
        if c != '"' || in_code {
            continue;
        }
        let before = text[..at].chars().next_back();
        let behind = text[at + 1..].chars().next();
        let opens = before.is_none_or(|c| c.is_whitespace() || c == '(') && behind.is_some_and(|c| !c.is_whitespace());
        if opens {
            open = open.or(Some(at));
            depth += 1;
        } else if let Some(open) = open {
            depth -= 1;
            if depth == 0 {
                return Some((open, at));
            }
        }
    }
    None
}

/// The length of the first sentence of a text, without its full stop: "e.g." ends none, nor does what stands in parentheses.
pub fn sentence_end(text: &str) -> usize {
    const SHORT: &[&str] = &["e.g", "i.e", "etc", "vs", "cf", "resp", "approx", "incl", "no", "ca"];
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 && text[at + 1..].starts_with(char::is_whitespace) => {
                let start = text[..at].rfind(|c: char| c.is_whitespace() || c == '(').map_or(0, |space| space + 1);
                let word = text[start..at].to_lowercase();
                let goes_on = text[at + 1..].trim_start().starts_with(char::is_lowercase);
                // "etc." may end a sentence.
                if !SHORT.contains(&word.as_str()) || !goes_on && matches!(word.as_str(), "etc" | "no") {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.trim_end_matches(['.', ' ']).len()
}

/// The sentences of a text, without their full stops.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = sentence_end(rest);
        found.push(rest[..end].trim());
        rest = rest[end..].trim_start_matches(['.', ' ']);
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_in_quotes_is_whole() {
        for (line, rest, text) in [
            ("`A int` in `B`, \"A is, e.g., one. Or two.\"", "`A int` in `B`", "A is, e.g., one. Or two."),
            ("`A int` in `B`. \"A is one.\"", "`A int` in `B`", "A is one."),
            ("`A int`, commented \"A is `b[\"c\"]` (or two).\"", "`A int`", "A is `b[\"c\"]` (or two)."),
            ("`A int`; comment: `// A is b.`", "`A int`", "A is b."),
            ("`A int`, commented \"A is \"one\" (or two).\"", "`A int`", "A is \"one\" (or two)."),
            ("`A int` (\"A is one\") in `B`", "`A int` in `B`", "A is one"),
            ("`A int` (comment: \"A is one\"), in `B`", "`A int`, in `B`", "A is one"),
            ("`A int`, which says “A is one.”, in `B`", "`A int`, in `B`", "A is one."),
            ("Enum `A` in `b.go`, \"A is one of them\":", "Enum `A` in `b.go`:", "A is one of them"),
            ("`A` = \"a\" in `b.go`: \"A is one of them\"", "`A` = \"a\" in `b.go`", "A is one of them"),
        ] {
            let found = quoted_comment(line).unwrap();
            assert_eq!((found.rest.as_str(), found.text.as_str()), (rest, text), "{line}");
        }
        for line in
            ["`A = \"a b c\"`", "values \"a\", \"b c d\" and", "the text \"it is not one\" is logged", "`A`, \"a b\""]
        {
            assert_eq!(quoted_comment(line), None, "{line}");
        }
    }

    #[test]
    fn a_sentence_ends_at_its_full_stop() {
        assert_eq!(sentences("a, e.g. b. C (see x. y) d. E"), ["a, e.g. b", "C (see x. y) d", "E"]);
        assert_eq!(sentences("uses a, b etc. It is so."), ["uses a, b etc", "It is so"]);
        assert_eq!(sentences("v1.2 of `a.b`"), ["v1.2 of `a.b`"]);
    }
}
