//! Ginkgo's trees: which containers and specs a declaration `var _ = Describe(…)` holds.

use tree_sitter::Node;

use super::edit::Target;
use super::lexer::{SyntaxError, strings, tokens};
use super::outline::{Decl, DeclKind};
use super::syntax::Fragment;
use crate::text::Span;

/// A call such as `Context("…", func() { … })`.
#[derive(Clone, Debug)]
pub struct GinkgoNode {
    /// Whether it holds other nodes, is a spec, or sets something up.
    pub kind: GinkgoKind,
    /// Whether it is kept from running: `PIt`, `XDescribe`, or the decorator `Pending`.
    pub is_pending: bool,
    /// Its text; that within `SIG("…")` too. Empty for a setup node.
    pub text: String,
    /// The whole statement, `var _ =` included.
    pub span: Span,
    /// The braces of its function.
    pub body: Option<Span>,
    /// The nodes in it.
    pub children: Vec<GinkgoNode>,
}

/// What a Ginkgo call does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GinkgoKind {
    /// `Describe`, `Context`, `When`, and their pending and focused forms.
    Container,
    /// `It`, `Specify`, `DescribeTable`, `Entry`.
    Spec,
    /// `BeforeEach`, `AfterEach` and the like, and every other statement.
    Setup,
}

fn kind(function: &str) -> GinkgoKind {
    let bare = function.trim_start_matches(['F', 'P', 'X']);
    match bare {
        "Describe" | "Context" | "When" => GinkgoKind::Container,
        // Helpers of the SIGs: `SIGDescribe`, `SIGMigrationDescribe`.
        helper if helper.starts_with("SIG") && helper.ends_with("Describe") => GinkgoKind::Container,
        "It" | "Specify" | "DescribeTable" => GinkgoKind::Spec,
        _ => GinkgoKind::Setup,
    }
}

/// The texts of the specs that are kept from running, by themselves or by what holds them.
pub fn pending_specs(target: &Target<'_>) -> Result<Vec<String>, SyntaxError> {
    fn walk(node: GinkgoNode, above: bool, found: &mut Vec<String>) {
        let is_pending = above || node.is_pending;
        if node.kind == GinkgoKind::Spec && is_pending {
            found.push(node.text);
        }
        for child in node.children {
            walk(child, is_pending, found);
        }
    }
    let mut found = Vec::new();
    for container in containers(target)? {
        walk(container, false, &mut found);
    }
    Ok(found)
}

/// The containers at the top level of a file.
pub fn containers(target: &Target<'_>) -> Result<Vec<GinkgoNode>, SyntaxError> {
    let (text, file) = (target.text, target.file);
    let is_tree = |decl: &&Decl| decl.kind == DeclKind::Var && decl.name() == "_" && decl.span.of(text).contains('(');
    let mut found = Vec::new();
    for decl in file.decls.iter().filter(is_tree) {
        let fragment = target.fragment(decl.span)?;
        let call = super::edit::find(fragment.root(), &|node| node.kind() == "call_expression");
        let tree = call.and_then(|call| node(text, &fragment, call, decl.span));
        found.extend(tree.filter(|tree| tree.kind == GinkgoKind::Container));
    }
    Ok(found)
}

fn node(text: &str, fragment: &Fragment, call: Node<'_>, span: Span) -> Option<GinkgoNode> {
    let function = fragment.span(call.child_by_field_name("function")?).of(text);
    let arguments = call.child_by_field_name("arguments")?;
    let mut cursor = arguments.walk();
    let arguments: Vec<Node<'_>> = arguments.named_children(&mut cursor).collect();
    let first = arguments.first().map_or("", |first| fragment.span(*first).of(text));
    let kind = kind(function);
    let texts = tokens(first).map(|tokens| strings(first, &tokens)).unwrap_or_default();
    // `Describe(SIG("…", func() { … }))`: the function is an argument of the inner call.
    let literal = arguments.iter().rev().find_map(|argument| match argument.kind() {
        "func_literal" => Some(*argument),
        "call_expression" => {
            super::edit::find(*argument, &|node| node.kind() == "func_literal").filter(|_| arguments.len() == 1)
        }
        _ => None,
    });
    let body = literal.and_then(|literal| literal.child_by_field_name("body"));
    let children = match (kind, body) {
        (GinkgoKind::Container, Some(body)) => children(text, fragment, body),
        _ => Vec::new(),
    };
    let node_text =
        if kind == GinkgoKind::Setup { String::new() } else { texts.into_iter().next().unwrap_or_default() };
    // The decorators of `Describe(SIG("…", Pending, func() { … }))` stand in the inner call.
    let inner = arguments.first().filter(|first| first.kind() == "call_expression" && arguments.len() == 1);
    let inner = inner.and_then(|call| call.child_by_field_name("arguments"));
    let mut cursor = inner.unwrap_or(call).walk();
    let inner: Vec<Node<'_>> = inner.map(|inner| inner.named_children(&mut cursor).collect()).unwrap_or_default();
    let decorated = arguments
        .iter()
        .chain(&inner)
        .any(|argument| argument.kind() == "identifier" && fragment.span(*argument).of(text) == "Pending");
    let is_pending = kind != GinkgoKind::Setup && (function.starts_with(['P', 'X']) || decorated);
    Some(GinkgoNode { kind, is_pending, text: node_text, span, body: body.map(|body| fragment.span(body)), children })
}

fn children(text: &str, fragment: &Fragment, body: Node<'_>) -> Vec<GinkgoNode> {
    let mut cursor = body.walk();
    // A comment may stand before the statements.
    let list = body.named_children(&mut cursor).find(|child| child.kind() == "statement_list").unwrap_or(body);
    let mut cursor = list.walk();
    let statements = list.named_children(&mut cursor).filter(|node| node.kind() != "comment");
    let plain = |span| GinkgoNode {
        kind: GinkgoKind::Setup,
        is_pending: false,
        text: String::new(),
        span,
        body: None,
        children: Vec::new(),
    };
    statements
        .map(|statement| {
            let span = fragment.span(statement);
            let call = statement.named_child(0).filter(|child| child.kind() == "call_expression");
            call.and_then(|call| node(text, fragment, call, span)).unwrap_or_else(|| plain(span))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;

    #[test]
    fn what_is_pending_is_not_run() {
        let text = "package x\n\nvar _ = Describe(SIG(\"a\", func() {\n\tPIt(\"b\", func() {})\n\tIt(\"c\", Pending, func() {})\n\tIt(\"d\", func() {})\n\tXContext(\"e\", func() {\n\t\tIt(\"f\", func() {})\n\t})\n}))\n\nvar _ = Describe(SIG(\"g\", Pending, func() {\n\tIt(\"h\", func() {})\n}))\n";
        let file = GoFile::parse(text).unwrap();
        assert_eq!(pending_specs(&Target::new(text, &file)).unwrap(), ["b", "c", "f", "h"]);
    }

    #[test]
    fn containers_and_specs_are_found_through_helpers() {
        let text = "package x\n\nvar _ = Describe(SIG(\"Clock\", Serial, func() {\n\tvar a int\n\n\tBeforeEach(func() {\n\t\ta = 1\n\t})\n\n\tContext(\"on\", func() {\n\t\tIt(\"ticks \"+\n\t\t\t\"well\", func() {\n\t\t\tExpect(a).To(Equal(1))\n\t\t})\n\t})\n}))\n\nvar _ = Describe(\"other\", decorators.X, func() {})\n";
        let file = GoFile::parse(text).unwrap();
        let found = containers(&Target::new(text, &file)).unwrap();
        assert_eq!(found.iter().map(|node| node.text.as_str()).collect::<Vec<_>>(), ["Clock", "other"]);
        let kinds: Vec<_> = found[0].children.iter().map(|node| node.kind).collect();
        assert_eq!(kinds, [GinkgoKind::Setup, GinkgoKind::Setup, GinkgoKind::Container]);
        let spec = &found[0].children[2].children[0];
        assert_eq!((spec.kind, spec.text.as_str()), (GinkgoKind::Spec, "ticks well"));
        assert!(found[0].body.unwrap().of(text).ends_with("\n}"));
    }
}
