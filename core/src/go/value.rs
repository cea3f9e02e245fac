//! Composite literals: `[]T{ … }` and `T{ field: … }`, with what they hold.

use tree_sitter::Node;

use super::edit::{AnchorError, Target};
use super::lexer::SyntaxError;
use super::outline::{Decl, DeclKind};
use super::syntax::Fragment;
use crate::text::{Span, TextEdit, line_start};

/// A composite literal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value {
    /// Its type as it is written; empty where Go lets it out.
    pub ty: String,
    /// The braces, with what is between.
    pub body: Span,
    /// What it holds, in order.
    pub elements: Vec<Element>,
}

/// What stands between two commas of a composite literal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element {
    /// The field or key before the colon.
    pub key: Option<String>,
    /// All of it.
    pub span: Span,
    /// What is behind the colon, if that is a composite literal or the address of one.
    pub value: Option<Value>,
}

impl Value {
    /// The composite literal that a field is given.
    pub fn field(&self, name: &str) -> Option<&Self> {
        self.elements.iter().find(|element| element.key.as_deref() == Some(name))?.value.as_ref()
    }

    /// It, and every composite literal in it, that is of a type.
    pub fn of_type<'v>(&'v self, ty: &str, found: &mut Vec<&'v Self>) {
        if self.ty == ty {
            found.push(self);
        }
        self.elements.iter().filter_map(|element| element.value.as_ref()).for_each(|value| value.of_type(ty, found));
    }
}

impl Target<'_> {
    /// The composite literals of a declaration that stand in no other one.
    pub fn values(&self, decl: &Decl) -> Result<Vec<Value>, SyntaxError> {
        let fragment = self.fragment(decl.span)?;
        let mut found = Vec::new();
        outermost(&fragment, self.text, fragment.root(), &mut found);
        Ok(found)
    }

    /// Every composite literal of a type in the file.
    pub fn values_of(&self, ty: &str) -> Result<Vec<Value>, SyntaxError> {
        let mut found = Vec::new();
        for decl in &self.file.decls {
            let occurs = matches!(decl.kind, DeclKind::Func | DeclKind::Var) && decl.span.of(self.text).contains(ty);
            for value in if occurs { self.values(decl)? } else { Vec::new() } {
                let mut inner = Vec::new();
                value.of_type(ty, &mut inner);
                found.extend(inner.into_iter().cloned());
            }
        }
        Ok(found)
    }

    /// More elements at the end of a list, each on a line of its own; on the line of the last one, if that shares it.
    pub fn append_values(&self, list: &Value, elements: &[String]) -> Result<TextEdit, AnchorError> {
        let (open, close) = (list.body.start, list.body.end - 1);
        let Some(last) = list.elements.last() else {
            return self.before_close(close, &lines(elements));
        };
        let before = list.elements.iter().rev().nth(1).map_or(open + 1, |element| element.span.end);
        let shared = list.elements.len() > 1 && !self.text[before..last.span.start].contains('\n');
        if shared || line_start(self.text, close) <= last.span.start {
            return Ok(TextEdit::insert(last.span.end, format!(", {}", elements.join(", "))));
        }
        self.before_close(close, &lines(elements))
    }

    /// A composite literal at the end of a list, on lines of its own.
    pub fn append_literal(&self, list: &Value, literal: &str) -> Result<TextEdit, AnchorError> {
        self.before_close(list.body.end - 1, literal)
    }
}

fn lines(elements: &[String]) -> String {
    elements.iter().flat_map(|element| [element.as_str(), ",\n"]).collect()
}

fn outermost(fragment: &Fragment, text: &str, node: Node<'_>, found: &mut Vec<Value>) {
    if let Some(value) = value(fragment, text, node) {
        found.push(value);
        return;
    }
    let mut cursor = node.walk();
    node.named_children(&mut cursor).for_each(|child| outermost(fragment, text, child, found));
}

/// The composite literal that a node is, or whose address it takes.
fn value(fragment: &Fragment, text: &str, node: Node<'_>) -> Option<Value> {
    match node.kind() {
        "literal_element" => value(fragment, text, node.named_child(0)?),
        "unary_expression" if fragment.span(node).of(text).starts_with('&') => {
            value(fragment, text, node.child_by_field_name("operand")?)
        }
        "composite_literal" => {
            let ty = fragment.span(node.child_by_field_name("type")?).of(text).to_owned();
            Some(Value { ty, ..value(fragment, text, node.child_by_field_name("body")?)? })
        }
        "literal_value" => {
            let mut cursor = node.walk();
            let children = node.named_children(&mut cursor).filter(|child| child.kind() != "comment");
            let elements = children.map(|child| element(fragment, text, child)).collect();
            Some(Value { ty: String::new(), body: fragment.span(node), elements })
        }
        _ => None,
    }
}

fn element(fragment: &Fragment, text: &str, node: Node<'_>) -> Element {
    let span = fragment.span(node);
    if node.kind() != "keyed_element" {
        return Element { key: None, span, value: value(fragment, text, node) };
    }
    let mut cursor = node.walk();
    let mut parts = node.named_children(&mut cursor).filter(|child| child.kind() != "comment");
    let key = parts.next().map(|key| fragment.span(key).of(text).to_owned());
    Element { key, span, value: parts.next().and_then(|part| value(fragment, text, part)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;
    use crate::text::TextEdits;

    const TEXT: &str = "package x\n\nvar lists = [][]string{\n\t{\"a\"},\n\t{\n\t\t// b is b.\n\t\t\"b\", \"c\",\n\t},\n\t{\n\t\t\"d\",\n\t},\n\t{},\n}\n\nfunc f() *T {\n\treturn &T{Rules: []R{{G: []string{\"g\"}}}, Name: n}\n}\n";

    #[test]
    fn literals_are_read_as_they_nest() {
        let file = GoFile::parse(TEXT).unwrap();
        let target = Target::new(TEXT, &file);
        let made = target.values(file.func("f").unwrap()).unwrap();
        assert_eq!((made.len(), made[0].ty.as_str()), (1, "T"));
        let rules = made[0].field("Rules").unwrap();
        assert_eq!(rules.ty, "[]R");
        let groups = rules.elements[0].value.as_ref().unwrap().field("G").unwrap();
        assert_eq!(groups.elements[0].span.of(TEXT), "\"g\"");
        assert_eq!(made[0].field("Name"), None);
        assert_eq!(target.values_of("[]string").unwrap().len(), 1);
    }

    #[test]
    fn elements_are_added_as_the_others_stand() {
        let file = GoFile::parse(TEXT).unwrap();
        let target = Target::new(TEXT, &file);
        let lists = &target.values(&file.decls[0]).unwrap()[0];
        let edits = lists.elements.iter().map(|element| {
            target.append_values(element.value.as_ref().unwrap(), &["x".to_owned(), "y".to_owned()]).unwrap()
        });
        let edits = TextEdits::new(edits.collect()).unwrap();
        let result = target.apply(&edits).unwrap();
        assert!(result.starts_with(
            "package x\n\nvar lists = [][]string{\n\t{\"a\", x, y},\n\t{\n\t\t// b is b.\n\t\t\"b\", \"c\", x, y,\n\t},\n\t{\n\t\t\"d\",\n\t\tx,\n\t\ty,\n\t},\n\t{\n\t\tx,\n\t\ty,\n\t},\n}\n"
        ), "{result}");
    }
}
