//! Declarations, parsed by a real grammar.
//!
//! Only the declarations that an edit touches are parsed: whole files of 200 KB would cost more
//! than everything else together, and the grammar reports errors on a few valid files (Go 1.26's
//! `new(expr)`), which must not keep us from editing elsewhere in them.

use tree_sitter::{InputEdit, Node, Parser, Point, Tree};

use super::lexer::SyntaxError;
use crate::text::{Span, TextEdit, line_end, line_start};

/// A parsed stretch of a file.
pub struct Fragment {
    tree: Tree,
    place: Span,
}

impl Fragment {
    /// Parses a declaration. It must be free of errors.
    pub fn parse(text: &str, place: Span) -> Result<Self, SyntaxError> {
        Self { tree: parse(place.of(text), None), place }.checked(text)
    }

    /// Parses it again after edits of `before` that led to `after`, where it stands at `place`. What
    /// the edits do not touch is taken over.
    pub(super) fn again(
        &self,
        before: &str,
        after: &str,
        place: Span,
        edits: &[TextEdit],
    ) -> Result<Self, SyntaxError> {
        let mut tree = self.tree.clone();
        // Back to front, so that the places of the earlier ones stay right.
        for edit in edits.iter().rev() {
            let start = edit.span.start - self.place.start;
            let old_end = edit.span.end - self.place.start;
            let start_position = point(&before[self.place.start..edit.span.start]);
            let old_end_position = point(&before[self.place.start..edit.span.end]);
            let mut new_end_position = point(&edit.text);
            if new_end_position.row == 0 {
                new_end_position.column += start_position.column;
            }
            new_end_position.row += start_position.row;
            let new_end_byte = start + edit.text.len();
            let (start_byte, old_end_byte) = (start, old_end);
            tree.edit(&InputEdit {
                start_byte,
                old_end_byte,
                new_end_byte,
                start_position,
                old_end_position,
                new_end_position,
            });
        }
        Self { tree: parse(place.of(after), Some(&tree)), place }.checked(after)
    }

    fn checked(self, text: &str) -> Result<Self, SyntaxError> {
        match first_error(self.tree.root_node(), &|_| false) {
            Some(node) => Err(self.error(text, node)),
            None => Ok(self),
        }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> Span {
        self.place
    }

    /// The root of the tree. Its offsets are relative: see [`Fragment::span`].
    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// The place of a node in the whole text.
    pub fn span(&self, node: Node<'_>) -> Span {
        // The line end that is read behind a text is no part of it.
        let range = node.byte_range();
        let length = self.place.end - self.place.start;
        Span::new(range.start.min(length), range.end.min(length)).shifted(self.place.start)
    }

    fn error(&self, text: &str, node: Node<'_>) -> SyntaxError {
        let span = self.span(node);
        let first_line = span.of(text).lines().next().unwrap_or_default();
        let shown = Span::new(span.start, span.start + first_line.len());
        let message = if node.is_missing() {
            format!("expected `{}` here", node.kind())
        } else {
            "this is not Go that the parser understands".to_owned()
        };
        SyntaxError { span: shown, message }
    }
}

/// The first wrong place in a whole file, as far as the grammar can be trusted.
pub fn check(text: &str) -> Result<(), SyntaxError> {
    let fragment = Fragment { tree: parse(text, None), place: Span::new(0, text.len()) };
    // `new` is an ordinary function since Go 1.26; the grammar still wants a type in it.
    match first_error(fragment.root(), &|node| is_about_new(text, fragment.span(node))) {
        Some(node) => Err(fragment.error(text, node)),
        None => Ok(()),
    }
}

/// Whether an error lies within one line that has the word `new`.
fn is_about_new(text: &str, span: Span) -> bool {
    let mut words =
        text[line_start(text, span.start)..line_end(text, span.end)].split(|c: char| !c.is_alphanumeric() && c != '_');
    !span.of(text).contains('\n') && words.any(|word| word == "new")
}

/// The grammar wants a line end behind a declaration: one is read where the text ends.
fn parse(text: &str, old: Option<&Tree>) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_go::LANGUAGE.into()).expect("the grammar fits the library");
    let read = |at: usize, _: Point| {
        text.as_bytes().get(at..).filter(|rest| !rest.is_empty()).unwrap_or(if at == text.len() { b"\n" } else { b"" })
    };
    let mut read = read;
    parser.parse_with_options(&mut read, old, None).expect("a parser without a time limit returns a tree")
}

/// The row and column behind a text.
fn point(text: &str) -> Point {
    let row = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let column = text.len() - line_start(text, text.len());
    Point { row, column }
}

/// The first error that is not to be passed over.
fn first_error<'t>(node: Node<'t>, pass: &dyn Fn(Node<'_>) -> bool) -> Option<Node<'t>> {
    if node.is_error() || node.is_missing() {
        return (!pass(node)).then_some(node);
    }
    if !node.has_error() {
        return None;
    }
    let mut cursor = node.walk();
    node.children(&mut cursor).find_map(|child| first_error(child, pass))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_speaks_in_places_of_the_whole_text() {
        let text = "package x\n\nfunc f() {\n\treturn\n}\n";
        let fragment = Fragment::parse(text, Span::new(11, text.len())).unwrap();
        let function = fragment.root().named_child(0).unwrap();
        assert!(fragment.span(function).of(text).starts_with("func f"));
    }

    #[test]
    fn an_error_is_found_where_it_is() {
        let text = "package x\n\nfunc f() {\n\tx := := 1\n}\n";
        let error = Fragment::parse(text, Span::new(11, text.len())).err().unwrap();
        assert_eq!(text[..error.span.start].matches('\n').count(), 3);
        assert!(check(text).is_err());
    }

    #[test]
    fn an_error_at_the_very_end_has_a_place() {
        for text in ["package x\n\nvar a =", "package x\n\nfunc f() {", "package x\n\ntype t struct {\n\ta"] {
            let error = check(text).unwrap_err();
            assert!(error.span.end <= text.len(), "{text}");
        }
    }

    #[test]
    fn new_with_an_expression_is_no_error() {
        assert!(check("package x\n\nvar p = new(len(\"x\") + 1)\n").is_ok());
    }
}
