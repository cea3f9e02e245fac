//! What can be seen at a place in a function.

use tree_sitter::Node;

use super::edit::{FuncName, Target};
use super::inside::Body;
use super::outline::Decl;

impl Target<'_> {
    /// Whether a name that a declaration, such as a function, declares inside can be seen at a place; nothing if it
    /// declares none.
    pub fn sees(&self, decl: &Decl, name: &str, place: usize) -> Option<bool> {
        const SCOPES: &[&str] = &[
            "block",
            "if_statement",
            "for_statement",
            "expression_switch_statement",
            "type_switch_statement",
            "func_literal",
            "expression_case",
            "default_case",
            "type_case",
            "communication_case",
        ];
        let func = FuncName { receiver: None, name: decl.name() };
        let fragment = self.fragment(decl.span).ok()?;
        let body = Body { target: self, fragment: &fragment, func, apart: &[] };
        let declares = |node: &Node<'_>| -> bool {
            let left = match node.kind() {
                "short_var_declaration" | "range_clause" => node.child_by_field_name("left"),
                "var_spec" | "const_spec" => node.child_by_field_name("name"),
                "type_switch_statement" => node.child_by_field_name("alias"),
                _ => None,
            };
            let is_parameter = node.kind() == "parameter_declaration";
            let named = left.map(|left| fragment.span(left).of(self.text));
            named.is_some_and(|left| left.split(',').any(|one| one.trim() == name))
                || is_parameter && fragment.span(*node).of(self.text).split([',', ' ']).any(|one| one == name)
        };
        let mut found = None;
        for node in body.all(&|node| declares(node)) {
            let mut scope = node.parent();
            while let Some(inner) = scope.filter(|inner| !SCOPES.contains(&inner.kind())) {
                scope = inner.parent();
            }
            // The function's own parameters are no part of its body.
            let Some(scope) = scope.map(|scope| fragment.span(scope)) else { continue };
            let inside = scope.start <= place && place <= scope.end;
            found = Some(found == Some(true) || inside && fragment.span(node).start < place);
        }
        found
    }
}
