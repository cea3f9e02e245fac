//! The grammar of one task line: `- [ ] **T001 [P]** Title (if needed)`.

use super::lines::bullet;
use super::{Spanned, id};
use crate::text::{Span, squeezed};

/// What stands before the text of a checkbox line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// What stands between the brackets; none for a heading or a plain item.
    pub(super) mark: Option<Span>,
    pub(super) done: bool,
    pub(super) id: Option<String>,
    pub(super) id_span: Option<Span>,
    pub(super) labels: Vec<String>,
    /// The `[P]`, with its brackets.
    pub(super) parallel: Option<Span>,
    /// The offset of the text after them.
    pub(super) text: usize,
}

/// Reads the head of a list item, if it is a checkbox. `item` starts at the bullet.
pub(super) fn head(item: &str) -> Option<Head> {
    let mut cursor = Cursor { text: item, at: bullet(item)? };
    let mark = cursor.checkbox()?;
    Some(cursor.head(Some(mark)))
}

/// Reads the head of a task without a box: `T001: Title` in a heading, `- ✅ T001 Title` in a list.
pub(super) fn bare_head(text: &str) -> Option<Head> {
    let mut cursor = Cursor { text, at: bullet(text).unwrap_or(0) };
    let before = cursor.at;
    // `- **[X] T001**: Title`
    cursor.skip(&[' ', '*', '~']);
    let mark = cursor.checkbox();
    if mark.is_none() {
        cursor.at = before;
        cursor.skip_while(|c| !c.is_alphanumeric() && !matches!(c, '`' | '(' | '"' | '['));
    }
    // `Task T002: Title`
    let worded = ["Task ", "Step "].iter().find_map(|word| cursor.rest().strip_prefix(word));
    if worded.is_some_and(|rest| id::length(rest.trim_start_matches(['*', '`', '['])).is_some()) {
        cursor.at += "Task ".len();
    }
    let symbol = is_done(text[before..cursor.at].trim_matches([' ', '*', '~', '[', ']']));
    let mut head = cursor.head(mark);
    head.done |= symbol || text.ends_with(['✅', '✔', '✓']);
    head.id.is_some().then_some(head)
}

fn is_done(mark: &str) -> bool {
    matches!(mark.trim_end_matches('\u{fe0f}'), "x" | "X" | "✓" | "✔" | "✅" | "☑")
}

/// Whether the text of a `Status:` field says that its task is done: `✅ Done`, `Completed`.
pub(super) fn is_done_status(text: &str) -> bool {
    let mut words = text
        .split(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '.' | ',' | '('))
        .filter(|word| !word.is_empty());
    words.next().is_some_and(|word| {
        is_done(word) || ["done", "completed", "complete"].iter().any(|done| word.eq_ignore_ascii_case(done))
    })
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
    /// What stands behind the box: ID, labels, and then the text.
    fn head(mut self, mark: Option<Span>) -> Head {
        let item = self.text;
        let done = mark.is_some_and(|mark| is_done(mark.of(item).trim()));
        let mut found = Head { mark, done, id: None, id_span: None, labels: Vec::new(), parallel: None, text: self.at };
        let before_id = self.at;
        self.skip(&[' ', '\t', '~', '*', '`']);
        // Some write the labels first.
        loop {
            if let Some(span) = self.id() {
                found.id = Some(span.of(item).to_owned());
                found.id_span = Some(span);
                break;
            }
            let Some(label) = self.label() else { break };
            found.label(item, label);
            self.skip(&[' ', '\t', '*', '~', '`']);
        }
        if found.id.is_none() && found.parallel.is_some() && mark.is_some() {
            self.skip(&[' ', '\t', ':', '-', '–', '—']);
        } else if found.id.is_none() {
            (found.labels, found.parallel) = (Vec::new(), None);
            self.at = before_id;
            self.skip(&[' ', '\t']);
        } else {
            loop {
                self.skip(&[' ', '\t', '*', '~', '`', ':']);
                let Some(label) = self.label() else { break };
                found.label(item, label);
            }
            // What stands in code is part of the title: `--flag`.
            if !item[..self.at].ends_with('`') {
                self.skip(&[' ', '\t', '*', '~', ':', '.', '-', '–', '—']);
            }
        }
        // A title in bold or in code keeps its opening marks, so that its end can be found.
        while item[..self.at].ends_with(['*', '`', '~']) {
            self.at -= 1;
        }
        found.text = self.at;
        found
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_while(&mut self, skipped: impl Fn(char) -> bool) {
        self.at = self.text.len() - self.rest().trim_start_matches(skipped).len();
    }

    fn skip(&mut self, chars: &[char]) {
        self.at = self.text.len() - self.rest().trim_start_matches(chars).len();
    }

    /// The mark of `[x]`. A letter other than x is a label of a legend, not a mark.
    fn checkbox(&mut self) -> Option<Span> {
        let rest = self.rest().strip_prefix('[')?;
        let close = rest.find(']').filter(|&close| close <= 8)?;
        let mark = rest[..close].trim();
        let letters = mark.chars().all(char::is_alphanumeric) && !mark.is_empty();
        let letters = letters && !mark.eq_ignore_ascii_case("x");
        if letters || rest[close + 1..].starts_with('(') {
            return None;
        }
        let span = Span::new(self.at + 1, self.at + 1 + close);
        self.at += close + 2;
        Some(span)
    }

    fn id(&mut self) -> Option<Span> {
        let start = self.at;
        // `[T001]`, but not a link.
        if let Some(inner) = self.rest().strip_prefix('[') {
            let length = id::length_with_word(inner)?;
            let closed = inner[length..].strip_prefix(']').is_some_and(|rest| !rest.starts_with('('));
            self.at += if closed { length + 2 } else { return None };
            return Some(Span::new(start + 1, start + 1 + length));
        }
        let length = id::length_with_word(self.rest())?;
        // `T001-T003 Title` and `T001-1 Title` are more than one task, or another one.
        let behind =
            self.rest()[length..].strip_prefix(['-', '–', '/']).map(|rest| rest.strip_prefix('T').unwrap_or(rest));
        if behind.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            return None;
        }
        self.at += length;
        Some(Span::new(start, self.at))
    }

    /// `[P]` or `[US1]`, but not a link's text.
    fn label(&mut self) -> Option<Span> {
        if let Some(rest) = self.rest().strip_prefix('【') {
            let close = rest.find('】').filter(|&close| matches!(rest[..close].trim(), "P" | "p"))?;
            let span = Span::new(self.at, self.at + close + 2 * '【'.len_utf8());
            self.at = span.end;
            return Some(span);
        }
        let rest = self.rest().strip_prefix('[')?;
        let close = rest.find([']', '\n'])?;
        let label = &rest[..close];
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '/' | ',' | '+' | '-' | ' ' | '_' | '.' | '&');
        let ends_well = rest[close..].starts_with(']') && !rest[close + 1..].starts_with('(');
        // `[depends on T004]` is no label.
        let names_task = label.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(id::is_id);
        if names_task || label.is_empty() || !label.chars().all(is_word) || !ends_well {
            return None;
        }
        let span = Span::new(self.at, self.at + close + 2);
        self.at = span.end;
        Some(span)
    }
}

impl Head {
    fn label(&mut self, item: &str, span: Span) {
        let bracket = item[span.start..].chars().next().map_or(1, char::len_utf8);
        let inner = Span::new(span.start + bracket, span.end - bracket);
        match inner.of(item).trim() {
            // In a heading the box stands behind the ID.
            "" | "x" | "X" if self.mark.is_none() => {
                self.mark = Some(inner);
                self.done = is_done(inner.of(item));
            }
            label => {
                if label == "P" {
                    self.parallel = Some(span);
                }
                self.labels.extend(split_label(label));
            }
        }
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
    let text = plain(span.of(source));
    let text = if bold.is_some() { text.trim_end_matches(':').to_owned() } else { text };
    Spanned { text, span }
}

/// Prose on one line: markup for emphasis dropped, white space collapsed.
pub(super) fn plain(raw: &str) -> String {
    let bytes = raw.as_bytes();
    let marked = bytes.windows(2).any(|pair| pair == b"**" || pair == b"~~" || pair == b"  ");
    if !marked && !bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r' | b'\t')) && raw.is_ascii() {
        return raw.trim().to_owned();
    }
    // In code, `**T` is a pointer to a pointer.
    let parts: Vec<&str> = raw.split('`').collect();
    let part = |(at, part): (usize, &&str)| {
        let is_code = at % 2 == 1 && at + 1 < parts.len();
        if is_code { (*part).to_owned() } else { part.replace("**", "").replace("~~", "") }
    };
    let raw = parts.iter().enumerate().map(part).collect::<Vec<_>>().join("`");
    squeezed(&raw)
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
    // "Stick (new struct):" is a name, in the spelling that counts.
    // So is the one of "CoolFan: Rpm — *int32 — rpm".
    let is_camel = key.as_bytes().windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
    let is_dashed = || value.trim_start().split(' ').nth(1).is_some_and(|dash| matches!(dash, "—" | "–" | "-"));
    let is_name = key.ends_with("struct)") || key.ends_with(" struct") || !key.contains(' ') && is_camel && is_dashed();
    if is_name || !worded || !capital || key.len() > 40 || key.split(' ').count() > 6 || !spaced {
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
    fn emphasis_is_dropped_and_code_is_kept() {
        assert_eq!(plain("**Add**  `f(a **v1.T)` ~~now~~ **`x`**"), "Add `f(a **v1.T)` now `x`");
        assert_eq!(plain("an open ` and **bold**"), "an open ` and bold");
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
            ("- [ ] `T001` - `--flag` of it", "T001", vec![], false, "`--flag` of it"),
        ] {
            let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
            assert_eq!(read(item), (Some(id.to_owned()), labels, done, text), "{item}");
        }
    }

    #[test]
    fn an_item_without_an_id_keeps_its_text() {
        assert_eq!(read("- [ ] **Basic Tests**"), (None, vec![], false, "**Basic Tests**"));
        assert_eq!(read("- [ ] Thing [P]"), (None, vec![], false, "Thing [P]"));
        assert_eq!(read("- [ ] [P] **Thing**"), (None, vec!["P".to_owned()], false, "**Thing**"));
        assert_eq!(read("- [ ] [US1] Thing"), (None, vec![], false, "[US1] Thing"));
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
