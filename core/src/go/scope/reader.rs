//! Reading a function's body into what it declares and calls.

use super::{Block, CallText, Expr, Fragment, Node, Statement, StatementKind, StructField, Value, Variable};

pub(super) struct Reader<'a> {
    pub(super) fragment: &'a Fragment,
    pub(super) text: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) fn text(&self, node: Node<'_>) -> &'a str {
        self.fragment.span(node).of(self.text)
    }

    pub(super) fn parameters(&self, list: Node<'_>) -> Vec<Variable> {
        let mut cursor = list.walk();
        let mut found = Vec::new();
        for node in list.named_children(&mut cursor) {
            let Some(ty) = node.child_by_field_name("type") else { continue };
            let dots = if node.kind() == "variadic_parameter_declaration" { "[]" } else { "" };
            let ty = format!("{dots}{}", self.text(ty));
            let mut names = node.walk();
            let names: Vec<_> = node.children_by_field_name("name", &mut names).filter(Node::is_named).collect();
            if names.is_empty() {
                found.push(Variable { name: String::new(), ty: ty.clone() });
            }
            found.extend(names.iter().map(|name| Variable { name: self.text(*name).to_owned(), ty: ty.clone() }));
        }
        found
    }

    pub(super) fn field(&self, node: Node<'_>) -> Vec<StructField> {
        let Some(ty) = node.child_by_field_name("type").map(|ty| self.text(ty)) else { return Vec::new() };
        let tag = node.child_by_field_name("tag").map(|tag| self.text(tag).trim_matches('`')).unwrap_or_default();
        let json = tag.split_once("json:\"").and_then(|(_, rest)| rest.split('"').next());
        let json = json.map(|json| json.split(',').next().unwrap_or_default().to_owned());
        let mut names = node.walk();
        let names: Vec<_> = node.children_by_field_name("name", &mut names).filter(Node::is_named).collect();
        let pointer = if node.children(&mut node.walk()).any(|child| child.kind() == "*") { "*" } else { "" };
        if names.is_empty() {
            let name = ty.rsplit('.').next().unwrap_or(ty).trim_start_matches('*').to_owned();
            return vec![StructField { name, ty: format!("{pointer}{ty}"), json }];
        }
        let one =
            |name: &Node<'_>| StructField { name: self.text(*name).to_owned(), ty: ty.to_owned(), json: json.clone() };
        names.iter().map(one).collect()
    }

    /// The statements between a block's braces, or behind the colon of a case.
    pub(super) fn block(&self, node: Node<'_>) -> Block {
        let mut cursor = node.walk();
        let mut statements = Vec::new();
        for child in node.named_children(&mut cursor) {
            if child.kind() == "statement_list" {
                let mut cursor = child.walk();
                statements
                    .extend(child.named_children(&mut cursor).filter(is_statement).map(|node| self.statement(node)));
            } else if is_statement(&child) {
                statements.push(self.statement(child));
            }
        }
        Block { declares: Vec::new(), statements }
    }

    pub(super) fn statement(&self, node: Node<'_>) -> Statement {
        let declares = match node.kind() {
            "short_var_declaration" => self.short(node),
            "var_declaration" => self.vars(node),
            _ => Vec::new(),
        };
        let kind = self.kind(node).unwrap_or(match node.kind() {
            "expression_switch_statement" | "type_switch_statement" => StatementKind::Switch,
            _ => StatementKind::Other,
        });
        Statement { span: self.fragment.span(node), kind, declares, blocks: self.blocks(node) }
    }

    pub(super) fn blocks(&self, node: Node<'_>) -> Vec<Block> {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "if_statement" => {
                let initial = field("initializer").map(|node| self.short(node)).unwrap_or_default();
                let mut found = Vec::new();
                for part in ["consequence", "alternative"] {
                    match field(part) {
                        Some(node) if node.kind() == "block" => {
                            found.push(Block { declares: initial.clone(), ..self.block(node) });
                        }
                        Some(node) => found.extend(self.blocks(node)),
                        None => {}
                    }
                }
                found
            }
            "for_statement" => {
                let mut cursor = node.walk();
                let range = node.named_children(&mut cursor).find(|child| child.kind() == "range_clause");
                let declares = range.map(|range| self.range(range)).unwrap_or_default();
                field("body").map(|body| Block { declares, ..self.block(body) }).into_iter().collect()
            }
            "expression_switch_statement" | "type_switch_statement" | "select_statement" => {
                let mut cursor = node.walk();
                let is_case = |child: &Node<'_>| child.kind().ends_with("_case");
                node.named_children(&mut cursor).filter(is_case).map(|case| self.block(case)).collect()
            }
            "block" => vec![self.block(node)],
            _ => Vec::new(),
        }
    }

    pub(super) fn kind(&self, node: Node<'_>) -> Option<StatementKind> {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "assignment_statement" => {
                let (list, call) = self.append(node)?;
                Some(StatementKind::Append { list, call: self.call(call)? })
            }
            "return_statement" => {
                let value = node.named_child(0).map(|value| self.text(value)).unwrap_or_default().to_owned();
                Some(StatementKind::Return { value })
            }
            "if_statement" => {
                let condition = self.text(field("condition")?);
                let body = field("consequence")?;
                let last = statements(body).pop()?;
                if let Some(list) = condition.strip_prefix("len(").and_then(|rest| rest.strip_suffix(") > 0")) {
                    let returns = last.kind() == "return_statement" && field("alternative").is_none();
                    return returns.then(|| StatementKind::ReturnIf { list: list.to_owned() });
                }
                let new = condition.strip_suffix(" != nil")?;
                let initial = field("initializer").filter(|node| node.kind() == "short_var_declaration")?;
                let (left, right) = (initial.child_by_field_name("left")?, initial.child_by_field_name("right")?);
                let (list, appended) = self.append(last)?;
                let same = self.text(left) == new && self.text(appended) == new;
                let call = self.call(right.named_child(0)?)?;
                (same && statements(body).len() == 1 && field("alternative").is_none())
                    .then(|| StatementKind::AppendIf { list, new: new.to_owned(), call })
            }
            _ => None,
        }
    }

    /// `list = append(list, x...)`: the list, and `x`.
    pub(super) fn append<'n>(&self, node: Node<'n>) -> Option<(String, Node<'n>)> {
        let left = node.child_by_field_name("left").filter(|_| node.kind() == "assignment_statement")?;
        let right = node.child_by_field_name("right")?.named_child(0)?;
        let function = right.child_by_field_name("function").filter(|_| right.kind() == "call_expression")?;
        let arguments = right.child_by_field_name("arguments")?;
        let (first, second) = (arguments.named_child(0)?, arguments.named_child(1)?);
        let spread = second.kind() == "variadic_argument";
        let list = self.text(left);
        let own = self.text(function) == "append" && self.text(first) == list && arguments.named_child_count() == 2;
        (own && spread).then(|| Some((list.to_owned(), second.named_child(0)?)))?
    }

    pub(super) fn call(&self, node: Node<'_>) -> Option<CallText> {
        let callee = node.child_by_field_name("function").filter(|_| node.kind() == "call_expression")?;
        let arguments = node.child_by_field_name("arguments")?;
        let mut cursor = arguments.walk();
        let arguments = arguments.named_children(&mut cursor).filter(|node| node.kind() != "comment");
        let arguments = arguments.map(|argument| self.text(argument).to_owned()).collect();
        Some(CallText { callee: self.text(callee).to_owned(), arguments })
    }

    /// `a, b := x`.
    pub(super) fn short(&self, node: Node<'_>) -> Vec<(String, Value)> {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return Vec::new();
        };
        self.assigned(&self.names(left), right)
    }

    pub(super) fn assigned(&self, names: &[String], right: Node<'_>) -> Vec<(String, Value)> {
        let mut cursor = right.walk();
        let values: Vec<Node<'_>> = right.named_children(&mut cursor).collect();
        let value = |at: usize| match values.as_slice() {
            [one] if names.len() == 2 && one.kind() == "index_expression" => {
                if at == 1 {
                    Value::Found
                } else {
                    Value::Of(self.expr(*one))
                }
            }
            [one] if names.len() > 1 => Value::Result(self.expr(*one), at),
            _ => values.get(at).map_or(Value::Of(Expr::Other), |value| Value::Of(self.expr(*value))),
        };
        names.iter().enumerate().map(|(at, name)| (name.clone(), value(at))).collect()
    }

    pub(super) fn names(&self, list: Node<'_>) -> Vec<String> {
        let mut cursor = list.walk();
        list.named_children(&mut cursor).map(|name| self.text(name).to_owned()).collect()
    }

    pub(super) fn vars(&self, node: Node<'_>) -> Vec<(String, Value)> {
        let mut found = Vec::new();
        let mut cursor = node.walk();
        let specs = node.named_children(&mut cursor).flat_map(|child| {
            if child.kind() == "var_spec_list" {
                let mut cursor = child.walk();
                child.named_children(&mut cursor).collect::<Vec<_>>()
            } else {
                vec![child]
            }
        });
        for spec in specs.filter(|spec| spec.kind() == "var_spec") {
            let mut names = spec.walk();
            let names = spec.children_by_field_name("name", &mut names).filter(Node::is_named);
            let names: Vec<String> = names.map(|name| self.text(name).to_owned()).collect();
            match (spec.child_by_field_name("type"), spec.child_by_field_name("value")) {
                (Some(ty), _) => {
                    found.extend(names.into_iter().map(|name| (name, Value::Typed(self.text(ty).to_owned()))));
                }
                (None, Some(value)) => found.extend(self.assigned(&names, value)),
                (None, None) => {}
            }
        }
        found
    }

    pub(super) fn range(&self, node: Node<'_>) -> Vec<(String, Value)> {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return Vec::new();
        };
        let value = |at: usize| {
            let of = self.expr(right);
            if at == 0 { Value::Position(of) } else { Value::Element(of) }
        };
        self.names(left).into_iter().enumerate().map(|(at, name)| (name, value(at))).collect()
    }

    pub(super) fn expr(&self, node: Node<'_>) -> Expr {
        let field = |name: &str| node.child_by_field_name(name);
        let boxed = |node: Option<Node<'_>>| Box::new(node.map_or(Expr::Other, |node| self.expr(node)));
        match node.kind() {
            "identifier" => Expr::Name(self.text(node).to_owned()),
            "selector_expression" => {
                let name = field("field").map(|name| self.text(name)).unwrap_or_default();
                Expr::Field(boxed(field("operand")), name.to_owned())
            }
            "unary_expression" => {
                let operator = field("operator").map(|node| self.text(node)).unwrap_or_default();
                match operator {
                    "&" => Expr::Address(boxed(field("operand"))),
                    "*" => Expr::Pointed(boxed(field("operand"))),
                    "!" => Expr::Typed("bool".to_owned()),
                    _ => Expr::Other,
                }
            }
            "composite_literal" | "type_assertion_expression" => {
                field("type").map_or(Expr::Other, |ty| Expr::Typed(self.text(ty).to_owned()))
            }
            "call_expression" => {
                let strings = field("arguments").map(|list| {
                    let mut cursor = list.walk();
                    let strings = list.named_children(&mut cursor);
                    strings
                        .filter(|node| node.kind() == "interpreted_string_literal")
                        .map(|node| self.text(node))
                        .collect()
                });
                let strings: Vec<&str> = strings.unwrap_or_default();
                Expr::Call(boxed(field("function")), strings.into_iter().map(str::to_owned).collect())
            }
            "index_expression" => Expr::Element(boxed(field("operand"))),
            "parenthesized_expression" => *boxed(node.named_child(0)),
            _ => Expr::Other,
        }
    }
}

pub(super) fn statements<'n>(block: Node<'n>) -> Vec<Node<'n>> {
    let mut cursor = block.walk();
    let children: Vec<Node<'n>> = block.named_children(&mut cursor).collect();
    let inner = |node: Node<'n>| {
        if node.kind() == "statement_list" {
            let mut cursor = node.walk();
            node.named_children(&mut cursor).collect()
        } else {
            vec![node]
        }
    };
    children.into_iter().flat_map(inner).filter(is_statement).collect()
}

pub(super) fn is_statement(node: &Node<'_>) -> bool {
    node.is_named()
        && !node.is_extra()
        && (node.kind().ends_with("_statement") || node.kind().ends_with("_declaration"))
        || node.kind() == "block"
}
