//! Declarations, parsed by a real grammar.
//!
//! Only the declarations that an edit touches are parsed: whole files of 200 KB would cost more
//! than everything else together, and the grammar reports errors on a few valid files (Go 1.26's
//! `new(expr)`), which must not keep us from editing elsewhere in them.

use tree_sitter::{Node, Parser, Tree};

use super::lexer::SyntaxError;
use crate::text::Span;

/// A parsed stretch of a file.
pub struct Fragment {
    tree: Tree,
    base: usize,
}

impl Fragment {
    /// Parses a declaration. It must be free of errors.
    pub fn parse(text: &str, span: Span) -> Result<Self, SyntaxError> {
        // The grammar wants a line end behind a declaration.
        let tree = parse(&format!("{}\n", span.of(text)));
        let fragment = Self { tree, base: span.start };
        match first_error(fragment.tree.root_node()) {
            Some(node) => Err(fragment.error(text, node)),
            None => Ok(fragment),
        }
    }

    /// The root of the tree. Its offsets are relative: see [`Fragment::span`].
    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// The place of a node in the whole text.
    pub fn span(&self, node: Node<'_>) -> Span {
        Span::from(node.byte_range()).shifted(self.base)
    }

    fn error(&self, text: &str, node: Node<'_>) -> SyntaxError {
        let span = self.span(node);
        let first_line = span.of(text).lines().next().unwrap_or_default();
        let shown = Span::new(span.start, span.start + first_line.len());
        let message = if node.is_missing() {
            format!("expected `{}` here", node.kind())
        } else {
            "this is no Go that the parser understands".to_owned()
        };
        SyntaxError { span: shown, message }
    }
}

/// The first wrong place in a whole file, as far as the grammar can be trusted.
pub fn check(text: &str) -> Result<(), SyntaxError> {
    let fragment = Fragment { tree: parse(text), base: 0 };
    match first_error(fragment.root()) {
        // `new` is an ordinary function since Go 1.26; the grammar still wants a type in it.
        Some(node) if !around(text, fragment.span(node)).contains("new") => Err(fragment.error(text, node)),
        _ => Ok(()),
    }
}

fn around(text: &str, span: Span) -> &str {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    &text[start..end]
}

fn parse(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_go::LANGUAGE.into()).expect("the grammar fits the library");
    parser.parse(text, None).expect("a parser without a time limit returns a tree")
}

fn first_error(node: Node<'_>) -> Option<Node<'_>> {
    if node.is_error() || node.is_missing() {
        return Some(node);
    }
    if !node.has_error() {
        return None;
    }
    let mut cursor = node.walk();
    node.children(&mut cursor).find_map(first_error).or(Some(node))
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
    fn new_with_an_expression_is_no_error() {
        assert!(check("package x\n\nvar p = new(len(\"x\") + 1)\n").is_ok());
    }
}
