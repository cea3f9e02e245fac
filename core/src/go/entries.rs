//! Entries of a literal.

use super::inside::Body;
use crate::text::{Span, TextEdit, indentation, line_start, next_line};

impl Body<'_, '_> {
    /// An entry between others, whose values stand in one column.
    pub(super) fn aligned(
        &self,
        entries: &[Span],
        at: usize,
        before: bool,
        key: &str,
        value: &str,
    ) -> Result<Option<TextEdit>, String> {
        let text = self.target.text;
        let line = |span: &Span| Span::new(line_start(text, span.start), next_line(text, span.end));
        let is_plain = |span: &Span| {
            let whole = line(span).of(text);
            whole.trim() == format!("{},", span.of(text)) && whole.matches('\n').count() == 1
        };
        if !is_plain(&entries[at]) {
            return Err(format!("the entries of the literal in {} do not stand on lines of their own", self.func.name));
        }
        let above = text[..line(&entries[at]).start].trim_end().rsplit('\n').next().unwrap_or_default();
        if before && above.trim_start().starts_with("//") {
            return Err(format!("a comment stands above the entry in {}", self.func.name));
        }
        let joins = |one: usize, next: usize| {
            is_plain(&entries[one]) && is_plain(&entries[next]) && line(&entries[one]).end == line(&entries[next]).start
        };
        let (mut first, mut last) = (at, at);
        while first > 0 && joins(first - 1, first) {
            first -= 1;
        }
        while last + 1 < entries.len() && joins(last, last + 1) {
            last += 1;
        }
        let parts: Option<Vec<(&str, &str)>> =
            entries[first..=last].iter().map(|span| span.of(text).split_once(':')).collect();
        let mut parts = parts.ok_or("the entries of the literal have no keys")?;
        parts.insert(at - first + usize::from(!before), (key, value));
        let width = parts.iter().map(|(key, _)| key.chars().count()).max().unwrap_or_default() + 1;
        let prefix = indentation(text, entries[at].start);
        let row = |(key, value): &(&str, &str)| format!("{prefix}{:width$} {},\n", format!("{key}:"), value.trim());
        let span = Span::new(line(&entries[first]).start, line(&entries[last]).end);
        Ok(Some(TextEdit { span, text: parts.iter().map(row).collect() }))
    }
}
