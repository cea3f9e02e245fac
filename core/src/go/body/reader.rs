//! Reads a function's body.

use tree_sitter::Node;

use super::{BodyBlock, CallText, Expr, Form, Origin, Statement, Variable};
use crate::go::edit::find;
use crate::go::syntax::Fragment;

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) fragment: &'a Fragment,
}

impl<'a> Reader<'a> {
    fn of(&self, node: Node<'_>) -> &'a str {
        self.fragment.span(node).of(self.text)
    }

    pub(super) fn block(&self, node: Node<'_>, outer: &[Variable], is_loop: bool, found: &mut Vec<BodyBlock>) {
        let mut list = node;
        let mut cursor = node.walk();
        if let Some(inner) = node.named_children(&mut cursor).find(|child| child.kind() == "statement_list") {
            list = inner;
        }
        let index = found.len();
        found.push(BodyBlock { statements: Vec::new(), variables: outer.to_vec(), is_loop });
        let mut cursor = list.walk();
        let nodes: Vec<Node<'_>> = list.named_children(&mut cursor).filter(|node| node.kind() != "comment").collect();
        for node in nodes {
            self.declared(node, &mut found[index].variables);
            let statement = self.statement(node);
            found[index].statements.push(statement);
            if node.kind() == "for_statement"
                && let Some(body) = node.child_by_field_name("body")
            {
                let mut variables = found[index].variables.clone();
                let mut cursor = node.walk();
                if let Some(clause) = node.named_children(&mut cursor).find(|child| child.kind() == "range_clause") {
                    self.ranged(clause, &mut variables);
                }
                self.block(body, &variables, true, found);
            }
        }
    }

    fn ranged(&self, clause: Node<'_>, variables: &mut Vec<Variable>) {
        let (Some(left), Some(right)) = (clause.child_by_field_name("left"), clause.child_by_field_name("right"))
        else {
            return;
        };
        let over = self.expr(right);
        let mut cursor = left.walk();
        for (at, name) in left.named_children(&mut cursor).enumerate() {
            self.push(variables, name, Origin::Range(over.clone(), at));
        }
    }

    fn push(&self, variables: &mut Vec<Variable>, name: Node<'_>, origin: Origin) {
        let at = self.fragment.span(name).start;
        let name = self.of(name);
        if name != "_" && name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            // A second `:=` with the same name assigns, or hides it: in both cases this is what the name means now,
            // but a type that was written down stays.
            // A copy that something is done to stays one.
            let goes_on = matches!(&origin, Origin::Value(value @ Expr::Call(..), _) if value.mentions(name));
            let is_copy = |value: &Expr| matches!(value, Expr::Call(f, _) if matches!(&**f, Expr::Field(_, copy) if copy == "DeepCopy"));
            let known = variables.iter().any(|known| {
                let stays = match &known.origin {
                    Origin::Type(_) => true,
                    Origin::Value(value, _) => goes_on && is_copy(value),
                    Origin::Range(..) => false,
                };
                known.name == name && stays
            });
            if !known {
                variables.retain(|known| known.name != name);
                variables.push(Variable { name: name.to_owned(), origin, at });
            }
        }
    }

    fn declared(&self, node: Node<'_>, variables: &mut Vec<Variable>) {
        match node.kind() {
            "short_var_declaration" => {
                let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
                else {
                    return;
                };
                let mut cursor = right.walk();
                let values: Vec<Expr> = right.named_children(&mut cursor).map(|value| self.expr(value)).collect();
                let mut cursor = left.walk();
                for (at, name) in left.named_children(&mut cursor).enumerate() {
                    let origin = match values.as_slice() {
                        [one] => Origin::Value(one.clone(), at),
                        many => Origin::Value(many.get(at).cloned().unwrap_or(Expr::Other(Vec::new())), 0),
                    };
                    self.push(variables, name, origin);
                }
            }
            "var_declaration" => {
                let mut open = vec![node];
                while let Some(node) = open.pop() {
                    let mut cursor = node.walk();
                    if node.kind() != "var_spec" {
                        open.extend(node.named_children(&mut cursor));
                        continue;
                    }
                    let ty = node.child_by_field_name("type").map(|ty| self.of(ty).to_owned());
                    let value = node.child_by_field_name("value").and_then(|list| list.named_child(0));
                    let names: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
                    for name in names.into_iter().filter(Node::is_named) {
                        let origin = match (&ty, value) {
                            (Some(ty), _) => Origin::Type(ty.clone()),
                            (None, Some(value)) => Origin::Value(self.expr(value), 0),
                            (None, None) => Origin::Value(Expr::Other(Vec::new()), 0),
                        };
                        self.push(variables, name, origin);
                    }
                }
            }
            _ => {}
        }
    }

    fn statement(&self, node: Node<'_>) -> Statement {
        let returns = (node.kind() == "return_statement").then(|| self.list(node.named_child(0)));
        let leaves =
            find(node, &|node| matches!(node.kind(), "return_statement" | "goto_statement") || self.is_panic(node));
        let own = leaves.is_some_and(|leaves| !in_literal(leaves, node));
        // What a block in it calls, it may not call.
        let is_simple = matches!(
            node.kind(),
            "short_var_declaration"
                | "var_declaration"
                | "assignment_statement"
                | "expression_statement"
                | "return_statement"
        );
        let mut calls = Vec::new();
        let switch = node.kind() == "expression_switch_statement";
        if is_simple {
            self.calls(node, &mut calls);
        } else if node.kind() == "if_statement" || switch {
            let head = ["initializer", if switch { "value" } else { "condition" }];
            head.iter().filter_map(|name| node.child_by_field_name(name)).for_each(|head| self.calls(head, &mut calls));
        }
        Statement { span: self.fragment.span(node), call: self.call_of(node), returns, leaves: own, calls }
    }

    /// The calls in a node, but for those of functions that stand in it.
    fn calls(&self, node: Node<'_>, found: &mut Vec<(String, Vec<String>)>) {
        if node.kind() == "func_literal" {
            return;
        }
        if let Some(function) = node.child_by_field_name("function").filter(|_| node.kind() == "call_expression") {
            let arguments = self.list(node.child_by_field_name("arguments"));
            let plain = |text: &String| text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
            found.push((self.of(function).to_owned(), arguments.into_iter().filter(plain).collect()));
        }
        let mut cursor = node.walk();
        node.named_children(&mut cursor).for_each(|child| self.calls(child, found));
    }

    fn is_panic(&self, node: Node<'_>) -> bool {
        node.kind() == "call_expression"
            && node.child_by_field_name("function").is_some_and(|function| self.of(function) == "panic")
    }

    fn list(&self, list: Option<Node<'_>>) -> Vec<String> {
        let Some(list) = list else { return Vec::new() };
        let mut cursor = list.walk();
        list.named_children(&mut cursor).map(|value| self.of(value).to_owned()).collect()
    }

    /// The call that a statement is there for.
    fn call_of(&self, node: Node<'_>) -> Option<(Form, CallText)> {
        match node.kind() {
            "expression_statement" => Some((Form::Plain, self.call(node.named_child(0)?)?)),
            "assignment_statement" => {
                let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
                let list = self.of(left);
                let append = right.named_child(0).filter(|node| node.kind() == "call_expression")?;
                let arguments = append.child_by_field_name("arguments")?;
                let is_append = append.child_by_field_name("function").is_some_and(|f| self.of(f) == "append");
                let first = arguments.named_child(0).filter(|first| self.of(*first) == list)?;
                let second = arguments.named_child(1)?;
                let last = self.of(arguments).trim_end_matches([')', ' ', '\n', '\t', ',']);
                if !is_append
                    || arguments.named_child_count() != 2
                    || !last.ends_with("...")
                    || first.kind() != "identifier"
                {
                    return None;
                }
                let call = if second.kind() == "variadic_argument" { second.named_child(0)? } else { second };
                Some((Form::Append { list: list.to_owned() }, self.call(call)?))
            }
            "if_statement" => {
                let init = node.child_by_field_name("initializer")?;
                let condition = node.child_by_field_name("condition")?;
                let body = node.child_by_field_name("consequence")?;
                let name = init.child_by_field_name("left").map(|left| self.of(left))?;
                let value = init.child_by_field_name("right").and_then(|right| right.named_child(0))?;
                if self.of(condition) != format!("{name} != nil") || node.child_by_field_name("alternative").is_some() {
                    return None;
                }
                let returned = find(body, &|node| node.kind() == "return_statement")?;
                let inside = self.of(body).trim_matches(['{', '}', ' ', '\n', '\t', '\r']);
                let returns = self.list(returned.named_child(0));
                if inside != self.of(returned) || returns.last().is_none_or(|last| last != name) {
                    return None;
                }
                Some((Form::Check { returns }, self.call(value)?))
            }
            _ => None,
        }
    }

    fn call(&self, node: Node<'_>) -> Option<CallText> {
        if node.kind() != "call_expression" {
            return None;
        }
        let function = self.of(node.child_by_field_name("function")?).to_owned();
        let list = node.child_by_field_name("arguments")?;
        let mut cursor = list.walk();
        let plain = |node: Node<'_>| {
            let text = self.of(node);
            let is_chain = matches!(node.kind(), "identifier" | "selector_expression");
            (is_chain && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')).then(|| text.to_owned())
        };
        let arguments = list.named_children(&mut cursor).map(plain).collect();
        Some(CallText { function, arguments })
    }

    pub(super) fn expr(&self, node: Node<'_>) -> Expr {
        let field = |name: &str| node.child_by_field_name(name);
        let boxed = |node: Node<'_>| Box::new(self.expr(node));
        let other = || {
            let mut names = Vec::new();
            self.names(node, &mut names);
            Expr::Other(names)
        };
        let read = match node.kind() {
            "identifier" if matches!(self.of(node), "true" | "false") => Some(Expr::Of("bool".to_owned())),
            "true" | "false" => Some(Expr::Of("bool".to_owned())),
            "identifier" => Some(Expr::Name(self.of(node).to_owned())),
            "int_literal" => Some(Expr::Of("int".to_owned())),
            "interpreted_string_literal" | "raw_string_literal" => Some(Expr::Of("string".to_owned())),
            "parenthesized_expression" => node.named_child(0).map(|inner| self.expr(inner)),
            "selector_expression" => {
                (|| Some(Expr::Field(boxed(field("operand")?), self.of(field("field")?).to_owned())))()
            }
            "index_expression" => field("operand").map(|operand| Expr::Index(boxed(operand))),
            "slice_expression" => field("operand").map(|operand| self.expr(operand)),
            "composite_literal" => field("type").map(|ty| Expr::Of(self.of(ty).to_owned())),
            "type_assertion_expression" | "type_conversion_expression" => {
                field("type").map(|ty| Expr::Of(self.of(ty).to_owned()))
            }
            "unary_expression" => (|| {
                let operand = boxed(field("operand")?);
                match self.of(field("operator")?) {
                    "&" => Some(Expr::Address(operand)),
                    "*" => Some(Expr::Pointee(operand)),
                    "!" => Some(Expr::Of("bool".to_owned())),
                    _ => None,
                }
            })(),
            "binary_expression" => (|| {
                let operator = self.of(field("operator")?);
                if matches!(operator, "==" | "!=" | "<" | ">" | "<=" | ">=" | "&&" | "||") {
                    return Some(Expr::Of("bool".to_owned()));
                }
                // A sum has the type of what is added; a number takes that of the other one.
                let left = field("left")?;
                let side = if left.kind().ends_with("_literal") { field("right")? } else { left };
                Some(self.expr(side))
            })(),
            "call_expression" => (|| {
                let function = field("function")?;
                let list = field("arguments")?;
                if matches!(self.of(function), "make" | "new") {
                    let ty = self.of(list.named_child(0)?).to_owned();
                    return Some(Expr::Of(if self.of(function) == "new" { format!("*{ty}") } else { ty }));
                }
                let mut cursor = list.walk();
                let arguments = list.named_children(&mut cursor).map(|argument| self.expr(argument)).collect();
                Some(Expr::Call(boxed(function), arguments))
            })(),
            _ => None,
        };
        read.unwrap_or_else(other)
    }

    pub(super) fn names(&self, node: Node<'_>, names: &mut Vec<String>) {
        if node.kind() == "identifier" {
            names.push(self.of(node).to_owned());
        }
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            self.names(child, names);
        }
    }
}

/// Whether a node stands in a function literal within another one.
fn in_literal(node: Node<'_>, within: Node<'_>) -> bool {
    let mut at = node.parent();
    while let Some(above) = at.filter(|above| above.id() != within.id()) {
        if above.kind() == "func_literal" {
            return true;
        }
        at = above.parent();
    }
    false
}
