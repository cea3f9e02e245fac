//! The grammar of one task line: `- [ ] **T001 [P]** Title (if needed)`.

use super::Spanned;
use crate::text::Span;

/// What stands before the text of a checkbox line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) done: bool,
    pub(super) id: Option<String>,
    pub(super) labels: Vec<String>,
    /// The offset of the text after them.
    pub(super) text: usize,
}

/// Reads the head of a list item, if it is a checkbox. `item` starts at the bullet.
pub(super) fn head(item: &str) -> Option<Head> {
    let mut cursor = Cursor { text: item, at: 0 };
    cursor.bullet()?;
    let mark = cursor.checkbox()?;
    let done = matches!(mark, "x" | "X" | "✓" | "✔" | "✅");
    cursor.skip(&[' ', '\t', '~', '*']);
    let before_id = cursor.at;
    let id = cursor.id();
    let mut labels = Vec::new();
    if id.is_some() {
        loop {
            cursor.skip(&[' ', '\t', '*', '~']);
            match cursor.label() {
                Some(label) => labels.extend(split_label(label)),
                None => break,
            }
        }
        cursor.skip(&[' ', '\t', '*', '~', ':', '.', '-', '–', '—']);
        // A title in bold keeps its opening asterisks, so that its end can be found.
        while item[..cursor.at].ends_with('*') {
            cursor.at -= 1;
        }
    } else {
        cursor.at = before_id;
        while item[..cursor.at].ends_with('*') {
            cursor.at -= 1;
        }
    }
    Some(Head { done, id, labels, text: cursor.at })
}

/// `US1/US2` and `P, US1` are two labels in one pair of brackets.
fn split_label(label: &str) -> impl Iterator<Item = String> {
    label.split(['/', ',', '+']).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty())
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self, chars: &[char]) {
        self.at = self.text.len() - self.rest().trim_start_matches(chars).len();
    }

    fn bullet(&mut self) -> Option<()> {
        let rest = self.rest();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let marker = rest[digits..].chars().next()?;
        let is_bullet = if digits == 0 { matches!(marker, '-' | '*' | '+') } else { matches!(marker, '.' | ')') };
        self.at += digits + marker.len_utf8();
        let spaced = self.rest().starts_with([' ', '\t']);
        self.skip(&[' ', '\t']);
        (is_bullet && spaced).then_some(())
    }

    /// The mark of `[x]`. A letter other than x is a label of a legend, not a mark.
    fn checkbox(&mut self) -> Option<&'a str> {
        let rest = self.rest().strip_prefix('[')?;
        let close = rest.find(']').filter(|&close| close <= 8)?;
        let mark = rest[..close].trim();
        let letters = mark.chars().all(char::is_alphanumeric) && !mark.is_empty();
        if letters && !mark.eq_ignore_ascii_case("x") || rest[close + 1..].starts_with('(') {
            return None;
        }
        self.at += close + 2;
        Some(mark)
    }

    /// `T001`, `T-12`, `T001a`, `T002.1`.
    fn id(&mut self) -> Option<String> {
        let rest = self.rest();
        let mut length = rest.strip_prefix('T').map(|_| 1)?;
        length += usize::from(rest[length..].starts_with('-'));
        let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
        let number = digits(length);
        if number == 0 {
            return None;
        }
        length += number;
        while rest[length..].starts_with('.') && digits(length + 1) > 0 {
            length += 1 + digits(length + 1);
        }
        length += usize::from(rest[length..].starts_with(|c: char| c.is_ascii_alphabetic()));
        if rest[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return None;
        }
        self.at += length;
        Some(rest[..length].to_owned())
    }

    /// `[P]` or `[US1]`, but not a link's text.
    fn label(&mut self) -> Option<&'a str> {
        let rest = self.rest().strip_prefix('[')?;
        let close = rest.find([']', '\n'])?;
        let label = &rest[..close];
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ',' | '+' | '-' | ' ' | '_');
        let ends_well = rest[close..].starts_with(']') && !rest[close + 1..].starts_with('(');
        if label.is_empty() || !label.chars().all(is_word) || !ends_well {
            return None;
        }
        self.at += close + 2;
        Some(label)
    }
}

/// The title of a task: what is bold, or else the whole text.
pub(super) fn title(source: &str, text: Span) -> Spanned {
    let raw = text.of(source);
    let bold = raw.strip_prefix("**").and_then(|rest| rest.find("**").map(|end| Span::new(2, 2 + end)));
    let span = match bold {
        Some(bold) if bold.start < bold.end => bold.shifted(text.start),
        _ => Span::new(text.start, text.start + raw.trim_end().len()),
    };
    Spanned { text: plain(span.of(source)), span }
}

/// Prose on one line: markup for emphasis dropped, white space collapsed.
pub(super) fn plain(raw: &str) -> String {
    let raw = raw.replace("**", "").replace("~~", "");
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Splits `Key: value`; the key may be bold. The offset is that of the value.
pub(super) fn key_value(raw: &str) -> Option<(&str, usize)> {
    let colon = raw.find(':')?;
    let (before, after) = raw.split_at(colon + 1);
    let key = before.trim_end_matches(':').trim_matches(['*', ' ', '\t']);
    let worded = key.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '(' | ')'));
    let capital = key.chars().next().is_some_and(char::is_uppercase);
    let value = after.trim_start_matches('*');
    let spaced = value.is_empty() || value.starts_with([' ', '\t', '\n', '\r']);
    if !worded || !capital || key.len() > 40 || key.split(' ').count() > 5 || !spaced {
        return None;
    }
    let value = raw.len() - value.trim_start_matches([' ', '\t']).len();
    Some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(item: &str) -> (Option<String>, Vec<String>, bool, &str) {
        let head = head(item).unwrap();
        (head.id, head.labels, head.done, &item[head.text..])
    }

    #[test]
    fn heads_are_read_in_every_common_form() {
        for (item, id, labels, done, text) in [
            ("- [ ] T001 Create it", "T001", vec![], false, "Create it"),
            ("- [x] T001 [P] [US1] Create", "T001", vec!["P", "US1"], true, "Create"),
            ("* [X] **T012a** [P]: Create", "T012a", vec!["P"], true, "Create"),
            ("+ [ ] **T001 [P]** Create", "T001", vec!["P"], false, "Create"),
            ("1. [ ] T-12 - Create", "T-12", vec![], false, "Create"),
            ("- [ ] T002.1 [US1/US2] Create", "T002.1", vec!["US1", "US2"], false, "Create"),
            ("- [ ] T001 **Feature Gate**", "T001", vec![], false, "**Feature Gate**"),
            ("- [] T1000 [doc](./x.md) read", "T1000", vec![], false, "[doc](./x.md) read"),
        ] {
            let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
            assert_eq!(read(item), (Some(id.to_owned()), labels, done, text), "{item}");
        }
    }

    #[test]
    fn an_item_without_an_id_keeps_its_text() {
        assert_eq!(read("- [ ] **Basic Tests**"), (None, vec![], false, "**Basic Tests**"));
        assert_eq!(read("- [ ] Thing [P]"), (None, vec![], false, "Thing [P]"));
        assert_eq!(read("- [ ] T001x2 is no ID"), (None, vec![], false, "T001x2 is no ID"));
    }

    #[test]
    fn a_legend_and_a_link_are_no_checkboxes() {
        assert_eq!(head("- [P] tasks = different files"), None);
        assert_eq!(head("- [x](./x.md) a link"), None);
        assert_eq!(head("- plain"), None);
    }

    #[test]
    fn titles_are_the_bold_part_or_the_whole() {
        let source = "**API Types** (if needed)";
        assert_eq!(title(source, Span::new(0, source.len())).text, "API Types");
        let source = "Create  `x`\n  and y";
        assert_eq!(title(source, Span::new(0, source.len())).text, "Create `x` and y");
    }

    #[test]
    fn keys_are_capitalised_words_before_a_colon() {
        assert_eq!(key_value("File: `x`"), Some(("File", 6)));
        assert_eq!(key_value("**Definition of Done**: x"), Some(("Definition of Done", 24)));
        assert_eq!(key_value("**Deliverables**:"), Some(("Deliverables", 17)));
        assert_eq!(key_value("see `a:b` there"), None);
        assert_eq!(key_value("T001: x `y`").map(|(key, _)| key), Some("T001"));
        assert_eq!(key_value("http://x"), None);
    }
}
