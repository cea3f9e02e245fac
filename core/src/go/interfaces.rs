//! Methods of interfaces.

use super::beside::Position;
use super::edit::{AnchorError, Target, indent};
use super::outline::DeclKind;
use crate::text::{TextEdit, comment_above, line_start, next_line};

impl Target<'_> {
    /// A method at a place among those of an interface; nothing if none of them stands there.
    pub fn put_method(
        &self,
        interface: &str,
        position: &Position,
        line: &str,
    ) -> Result<Option<TextEdit>, AnchorError> {
        let expected = format!("`type {interface} interface`");
        let decl = self.type_decl(interface).ok_or_else(|| self.missing(&expected, DeclKind::Type))?;
        let Some(name) = position.anchor() else { return Ok(None) };
        let start = format!("{name}(");
        let whole = decl.span.of(self.text);
        let mut lines = whole.match_indices(&start).map(|(at, _)| decl.span.start + at);
        let is_own = |at: &usize| self.text[line_start(self.text, *at)..*at].trim().is_empty();
        let Some(at) = lines.find(is_own) else { return Ok(None) };
        let own = line_start(self.text, at);
        let end = next_line(self.text, at);
        // A head of several lines has its end elsewhere.
        if self.text[own..end].matches('(').count() != self.text[own..end].matches(')').count() {
            return Ok(None);
        }
        let place = if matches!(position, Position::Before(_)) { comment_above(self.text, own) } else { end };
        Ok(Some(TextEdit::insert(place, indent(line, "\t"))))
    }
}
