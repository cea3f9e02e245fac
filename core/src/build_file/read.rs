//! Reading a BUILD file by its syntax.

use tree_sitter::{Node, Parser, Tree};

use crate::text::Span;

/// A BUILD file that cannot be edited, and the place that is in the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BuildError {
    /// Where.
    pub span: Span,
    /// What is in the way.
    pub message: String,
}

/// The calls at the top level of a BUILD file.
pub(super) struct BuildFile<'a> {
    pub(super) text: &'a str,
    pub(super) calls: Vec<Call>,
}

/// `go_library(name = …, srcs = […])` or `load("…", "…")`.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) function: String,
    pub(super) span: Span,
    /// The strings given without a name.
    pub(super) strings: Vec<(String, Span)>,
    pub(super) attributes: Vec<Attribute>,
}

/// `srcs = […]` in a call.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) value: Value,
}

/// The values that matter here.
#[derive(Clone, Debug)]
pub(super) enum Value {
    String(String),
    /// A list, or the first list of a sum.
    List(List),
    Other,
}

/// A list of strings.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) span: Span,
    pub(super) items: Vec<(String, Span)>,
}

impl Call {
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub(super) fn name(&self) -> Option<&str> {
        match &self.attribute("name")?.value {
            Value::String(name) => Some(name),
            _ => None,
        }
    }
}

impl<'a> BuildFile<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, BuildError> {
        let tree = parse(text);
        let root = tree.root_node();
        if let Some(node) = first_error(root) {
            let span = Span::from(node.byte_range());
            let shown = span.of(text).lines().next().unwrap_or_default().len();
            return Err(BuildError {
                span: Span::new(span.start, span.start + shown),
                message: "this is no Starlark that the parser understands".to_owned(),
            });
        }
        let mut cursor = root.walk();
        let calls = root.named_children(&mut cursor).filter_map(|statement| {
            let call = statement.named_child(0).filter(|node| node.kind() == "call")?;
            read_call(text, call)
        });
        Ok(Self { text, calls: calls.collect() })
    }

    /// The rule of a kind: that with KubeVirt's name, or the only one.
    pub(super) fn rule(&self, function: &str, name: &str) -> Option<&Call> {
        let mut rules = self.calls.iter().filter(|call| call.function == function);
        let named = rules.clone().find(|call| call.name() == Some(name));
        named.or_else(|| rules.next().filter(|_| rules.next().is_none()))
    }
}

fn parse(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_starlark::LANGUAGE.into()).expect("the grammar fits the library");
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

fn read_call(text: &str, call: Node<'_>) -> Option<Call> {
    let function = Span::from(call.child_by_field_name("function")?.byte_range()).of(text).to_owned();
    let arguments = call.child_by_field_name("arguments")?;
    let mut result = Call { function, span: call.byte_range().into(), strings: Vec::new(), attributes: Vec::new() };
    let mut cursor = arguments.walk();
    for argument in arguments.named_children(&mut cursor) {
        match argument.kind() {
            "string" => result.strings.push((string(text, argument), argument.byte_range().into())),
            "keyword_argument" => {
                let name = argument.child_by_field_name("name")?;
                let value = argument.child_by_field_name("value")?;
                result.attributes.push(Attribute {
                    name: Span::from(name.byte_range()).of(text).to_owned(),
                    span: argument.byte_range().into(),
                    value: read_value(text, value),
                });
            }
            _ => {}
        }
    }
    Some(result)
}

fn read_value(text: &str, value: Node<'_>) -> Value {
    match value.kind() {
        "string" => Value::String(string(text, value)),
        "list" => {
            let mut cursor = value.walk();
            let items: Vec<Node<'_>> = value.named_children(&mut cursor).filter(|n| n.kind() != "comment").collect();
            if items.iter().any(|item| item.kind() != "string") {
                return Value::Other;
            }
            let items = items.into_iter().map(|item| (string(text, item), item.byte_range().into())).collect();
            Value::List(List { span: value.byte_range().into(), items })
        }
        // `[…] + select({…})`: what belongs everywhere stands in the first list.
        "binary_operator" => value.child_by_field_name("left").map_or(Value::Other, |left| read_value(text, left)),
        _ => Value::Other,
    }
}

fn string(text: &str, node: Node<'_>) -> String {
    Span::from(node.byte_range()).of(text).trim_matches(['"', '\'']).to_owned()
}
