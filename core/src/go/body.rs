//! What stands in a function's body, as far as a line can be put into it: the statements of its blocks, and the
//! variables that each block can see.

use tree_sitter::Node;

use super::edit::{AnchorError, FuncName, Target, indent};
use super::lexer::SyntaxError;
use super::outline::DeclKind;
use super::syntax::Fragment;
use crate::text::{Span, TextEdit, indentation, line_start, next_line};

/// An expression, as far as its type can be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expr {
    /// A name.
    Name(String),
    /// `x.y`.
    Field(Box<Expr>, String),
    /// `f(…)`: what is called.
    Call(Box<Expr>, Vec<Expr>),
    /// `x[…]`.
    Index(Box<Expr>),
    /// `&x`.
    Address(Box<Expr>),
    /// `*x`.
    Pointee(Box<Expr>),
    /// A value of a type: a literal, a conversion, `make`.
    Of(String),
    /// Something else; the names in it.
    Other(Vec<String>),
}

/// Where a variable has its type from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// It is declared with it.
    Type(String),
    /// It is what an expression gives, the first, or another one of several.
    Value(Expr, usize),
    /// It is what a `range` over an expression gives first, or second.
    Range(Expr, usize),
}

/// A variable of a function's body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type, or what tells it.
    pub origin: Origin,
    /// Where it is declared.
    pub at: usize,
}

/// A call as a statement has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallText {
    /// What is called.
    pub function: String,
    /// Its arguments; nothing where one of them is more than a name or a field.
    pub arguments: Option<Vec<String>>,
}

/// What a statement does with the call in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// `list = append(list, f(…)...)`.
    Append {
        /// The list.
        list: String,
    },
    /// `if err := f(…); err != nil { return …, err }`.
    Check {
        /// What it returns, in order; the last is the error.
        returns: Vec<String>,
    },
    /// `f(…)`.
    Plain,
}

/// A statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Its bytes.
    pub span: Span,
    /// The call that it is there for.
    pub call: Option<(Form, CallText)>,
    /// What it returns, if it is a `return`.
    pub returns: Option<Vec<String>>,
    /// It can leave the function, in whatever depth.
    pub leaves: bool,
}

/// A block whose statements are reached one after the other: the body of a function, or of a loop in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodyBlock {
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// The variables that stand in it and in the blocks around it, in order; those of the signature are not among them.
    pub variables: Vec<Variable>,
    /// It is the body of a loop.
    pub is_loop: bool,
}

/// Where a line is put into a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Spot {
    /// Behind the last of the calls of one form that stand together with a statement of this text.
    Behind(String),
    /// Before or behind the first statement that calls a function.
    Beside(String, bool),
    /// Before the first statement.
    Start,
    /// Behind the last statement, before a `return`.
    End,
}

impl Target<'_> {
    /// The blocks of a function's body, the outermost first. None where it has no body.
    pub fn body(&self, func: FuncName<'_>) -> Result<Vec<BodyBlock>, SyntaxError> {
        let Some(decl) = self.file.method(func.receiver, func.name) else { return Ok(Vec::new()) };
        let fragment = self.fragment(decl.span)?;
        let reader = Reader { text: self.text, fragment: &fragment };
        let mut blocks = Vec::new();
        let is_function = |node: &Node<'_>| matches!(node.kind(), "function_declaration" | "method_declaration");
        if let Some(body) = super::edit::find(fragment.root(), &|node| is_function(&node))
            .and_then(|function| function.child_by_field_name("body"))
        {
            reader.block(body, &[], false, &mut blocks);
        }
        Ok(blocks)
    }

    /// A line put into a function.
    pub fn insert_line(&self, func: FuncName<'_>, spot: &Spot, snippet: &str) -> Result<TextEdit, AnchorError> {
        let missing = |what: &str| AnchorError::Missing {
            expected: what.to_owned(),
            candidates: Vec::new(),
            near: self.file.method(func.receiver, func.name).map_or(self.file.package.span, |decl| decl.names[0].span),
        };
        let blocks = self.body(func)?;
        let Some(outer) = blocks.first() else { return Err(missing(&format!("{func} with a body"))) };
        let before = |span: Span| {
            let line = line_start(self.text, span.start);
            TextEdit::insert(line, indent(snippet, indentation(self.text, line)))
        };
        let behind = |span: Span| {
            let prefix = indentation(self.text, line_start(self.text, span.start));
            TextEdit::insert(next_line(self.text, span.end), indent(snippet, prefix))
        };
        match spot {
            Spot::Behind(text) => {
                let found = blocks.iter().find_map(|block| {
                    let at = block.statements.iter().rposition(|one| one.span.of(self.text) == text)?;
                    Some((block, at))
                });
                let (block, at) = found.ok_or_else(|| missing(&format!("`{text}` in {func}")))?;
                Ok(behind(block.statements[self.run_end(block, at)].span))
            }
            Spot::Beside(callee, is_before) => {
                let calls = |one: &&Statement| one.call.as_ref().is_some_and(|(_, call)| call.function == *callee);
                let found = blocks.iter().find_map(|block| block.statements.iter().find(calls));
                let found = found.ok_or_else(|| missing(&format!("a call of {callee} in {func}")))?;
                Ok(if *is_before { before(found.span) } else { behind(found.span) })
            }
            Spot::Start => match outer.statements.first() {
                Some(first) => Ok(before(first.span)),
                None => self.append_statement(func, snippet),
            },
            Spot::End => match outer.statements.as_slice() {
                [.., above, last] if last.returns.is_some() => {
                    // A blank line or a comment above the return belongs to the return.
                    Ok(behind(above.span))
                }
                [last] if last.returns.is_some() => Ok(before(last.span)),
                _ => self.append_statement(func, snippet),
            },
        }
    }

    /// The last of the statements that call in the same form, without a blank line between them.
    pub fn run_end(&self, block: &BodyBlock, at: usize) -> usize {
        let form = |at: usize| block.statements.get(at).and_then(|one| one.call.as_ref()).map(|(form, _)| form);
        let mut end = at;
        while form(end + 1).is_some_and(|next| Some(next) == form(at)) {
            let between = Span::new(block.statements[end].span.end, block.statements[end + 1].span.start);
            if !between.of(self.text).trim_matches([' ', '\t', '\r']).eq("\n") {
                break;
            }
            end += 1;
        }
        end
    }

    /// The fields of a struct, or the methods of an interface: the name, and the type or the head behind it. Embedded
    /// ones have no name.
    pub fn members(&self, type_name: &str) -> Result<Option<Members>, SyntaxError> {
        let Some(decl) = self.file.declares(type_name).filter(|decl| decl.kind == DeclKind::Type) else {
            return Ok(None);
        };
        let fragment = self.fragment(decl.span)?;
        let spec = super::edit::find(fragment.root(), &|node| {
            matches!(node.kind(), "type_spec" | "type_alias")
                && node.child_by_field_name("name").is_some_and(|name| fragment.span(name).of(self.text) == type_name)
        });
        let Some(spec) = spec else { return Ok(None) };
        let text = |node: Node<'_>| fragment.span(node).of(self.text).to_owned();
        if spec.child_by_field_name("type_parameters").is_some() {
            return Ok(Some(Members::Generic));
        }
        let Some(ty) = spec.child_by_field_name("type") else { return Ok(None) };
        let mut cursor = ty.walk();
        Ok(Some(match ty.kind() {
            "struct_type" => {
                let mut fields = Vec::new();
                let list = ty.named_child(0);
                let mut inner = ty.walk();
                let declared = list.into_iter().flat_map(|list| list.named_children(&mut inner).collect::<Vec<_>>());
                for field in declared.filter(|node| node.kind() == "field_declaration") {
                    let Some(ty) = field.child_by_field_name("type") else { continue };
                    let mut cursor = field.walk();
                    let names: Vec<String> =
                        field.children_by_field_name("name", &mut cursor).filter(Node::is_named).map(text).collect();
                    // `*T` embedded has its star as a token of its own.
                    let whole = fragment.span(field).of(self.text);
                    let star = if names.is_empty() && whole.starts_with('*') { "*" } else { "" };
                    let ty = format!("{star}{}", text(ty));
                    if names.is_empty() {
                        fields.push((None, ty));
                    } else {
                        fields.extend(names.into_iter().map(|name| (Some(name), ty.clone())));
                    }
                }
                Members::Struct(fields)
            }
            "interface_type" => {
                let mut methods = Vec::new();
                for node in ty.named_children(&mut cursor) {
                    match node.kind() {
                        "method_elem" | "method_spec" => {
                            let name = node.child_by_field_name("name").map(text).unwrap_or_default();
                            methods.push((Some(name), text(node)));
                        }
                        "comment" => {}
                        _ => methods.push((None, text(node))),
                    }
                }
                Members::Interface(methods)
            }
            _ => Members::Other(text(ty)),
        }))
    }
}

/// What a type consists of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Members {
    /// A struct's fields: name, if not embedded, and type.
    Struct(Vec<(Option<String>, String)>),
    /// An interface's methods: name, and the whole line; what it embeds has no name.
    Interface(Vec<(Option<String>, String)>),
    /// It has type parameters.
    Generic,
    /// Another type, by its text.
    Other(String),
}

struct Reader<'a> {
    text: &'a str,
    fragment: &'a Fragment,
}

impl<'a> Reader<'a> {
    fn of(&self, node: Node<'_>) -> &'a str {
        self.fragment.span(node).of(self.text)
    }

    fn block(&self, node: Node<'_>, outer: &[Variable], is_loop: bool, found: &mut Vec<BodyBlock>) {
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
            let known = variables.iter().any(|known| known.name == name && matches!(known.origin, Origin::Type(_)));
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
        let leaves = super::edit::find(node, &|node| {
            matches!(node.kind(), "return_statement" | "goto_statement") || self.is_panic(node)
        });
        let own = leaves.is_some_and(|leaves| !self.in_literal(leaves, node));
        Statement { span: self.fragment.span(node), call: self.call_of(node), returns, leaves: own }
    }

    fn is_panic(&self, node: Node<'_>) -> bool {
        node.kind() == "call_expression"
            && node.child_by_field_name("function").is_some_and(|function| self.of(function) == "panic")
    }

    /// Whether a node stands in a function literal within another one.
    fn in_literal(&self, node: Node<'_>, within: Node<'_>) -> bool {
        let mut at = node.parent();
        while let Some(above) = at.filter(|above| above.id() != within.id()) {
            if above.kind() == "func_literal" {
                return true;
            }
            at = above.parent();
        }
        false
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
                let returned = super::edit::find(body, &|node| node.kind() == "return_statement")?;
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

    fn expr(&self, node: Node<'_>) -> Expr {
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
            "binary_expression" => field("operator")
                .map(|operator| self.of(operator))
                .filter(|operator| matches!(*operator, "==" | "!=" | "<" | ">" | "<=" | ">=" | "&&" | "||"))
                .map(|_| Expr::Of("bool".to_owned())),
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

    fn names(&self, node: Node<'_>, names: &mut Vec<String>) {
        if node.kind() == "identifier" {
            names.push(self.of(node).to_owned());
        }
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            self.names(child, names);
        }
    }
}

impl Expr {
    /// Whether a name stands somewhere in it.
    pub fn mentions(&self, name: &str) -> bool {
        match self {
            Self::Name(known) => known == name,
            Self::Field(inner, _) | Self::Index(inner) | Self::Address(inner) | Self::Pointee(inner) => {
                inner.mentions(name)
            }
            Self::Call(function, arguments) => {
                function.mentions(name) || arguments.iter().any(|argument| argument.mentions(name))
            }
            Self::Of(_) => false,
            Self::Other(names) => names.iter().any(|known| known == name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;
    use crate::text::TextEdits;

    const TEXT: &str = "package x\n\nfunc (c *C) f(vmi *VMI) (causes []Cause, err error) {\n\tcopied := vmi.DeepCopy()\n\tvar list []Cause\n\tfor idx, iface := range vmi.Spec.Interfaces {\n\t\tlist = append(list, a(idx, iface)...)\n\t\tlist = append(list, b(idx, iface)...)\n\n\t\tlog(idx)\n\t}\n\tif err := c.check(copied); err != nil {\n\t\treturn nil, err\n\t}\n\tg(copied)\n\n\t// The end.\n\treturn list, nil\n}\n\nfunc empty() {}\n";

    #[test]
    fn blocks_have_their_statements_and_variables() {
        let file = GoFile::parse(TEXT).unwrap();
        let target = Target::new(TEXT, &file);
        let blocks = target.body(FuncName { receiver: Some("C"), name: "f" }).unwrap();
        assert_eq!(blocks.len(), 2);
        let forms: Vec<String> = blocks
            .iter()
            .flat_map(|block| &block.statements)
            .filter_map(|one| one.call.as_ref())
            .map(|(form, call)| {
                format!("{form:?} {} {:?}", call.function, call.arguments.as_deref().unwrap_or_default())
            })
            .collect();
        assert_eq!(
            forms,
            [
                "Check { returns: [\"nil\", \"err\"] } c.check [\"copied\"]",
                "Plain g [\"copied\"]",
                "Append { list: \"list\" } a [\"idx\", \"iface\"]",
                "Append { list: \"list\" } b [\"idx\", \"iface\"]",
                "Plain log [\"idx\"]",
            ]
        );
        let names = |block: &BodyBlock| block.variables.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&blocks[0]), ["copied", "list"]);
        assert_eq!(names(&blocks[1]), ["copied", "list", "idx", "iface"]);
        let spec = Expr::Field(Box::new(Expr::Name("vmi".into())), "Spec".into());
        let over = Expr::Field(Box::new(spec), "Interfaces".into());
        assert_eq!(blocks[1].variables[3].origin, Origin::Range(over, 1));
        assert_eq!(blocks[0].statements.last().unwrap().returns, Some(vec!["list".into(), "nil".into()]));
        assert!(blocks[0].statements[3].leaves && !blocks[0].statements[2].leaves);
    }

    #[test]
    fn a_line_is_put_where_it_is_said() {
        let file = GoFile::parse(TEXT).unwrap();
        let target = Target::new(TEXT, &file);
        let put = |spot: Spot| {
            let edit = target.insert_line(FuncName { receiver: Some("C"), name: "f" }, &spot, "NEW()\n").unwrap();
            TextEdits::new(vec![edit]).unwrap().apply(TEXT)
        };
        let behind = put(Spot::Behind("list = append(list, a(idx, iface)...)".into()));
        assert_eq!(behind, TEXT.replace("b(idx, iface)...)\n", "b(idx, iface)...)\n\t\tNEW()\n"));
        assert_eq!(put(Spot::End), TEXT.replace("\tg(copied)\n", "\tg(copied)\n\tNEW()\n"));
        assert_eq!(put(Spot::Start), TEXT.replace("\tcopied :=", "\tNEW()\n\tcopied :="));
        assert_eq!(put(Spot::Beside("g".into(), true)), TEXT.replace("\tg(copied)", "\tNEW()\n\tg(copied)"));
        let edit = target.insert_line(FuncName { receiver: None, name: "empty" }, &Spot::End, "NEW()\n").unwrap();
        let text = TextEdits::new(vec![edit]).unwrap().apply(TEXT);
        assert!(text.ends_with("func empty() {\n\tNEW()\n}\n"), "{text}");
    }

    #[test]
    fn types_have_members() {
        let text = "package x\n\ntype S struct {\n\t*E\n\tF\n\ta, b int\n\tc *v1.C `json:\"c\"`\n}\n\ntype I interface {\n\tJ\n\t// M does it.\n\tM(x int) error\n}\n\ntype G[T any] struct{}\n";
        let file = GoFile::parse(text).unwrap();
        let target = Target::new(text, &file);
        let some = |name: &str, ty: &str| (Some(name.to_owned()), ty.to_owned());
        let none = |ty: &str| (None, ty.to_owned());
        assert_eq!(
            target.members("S").unwrap(),
            Some(Members::Struct(vec![none("*E"), none("F"), some("a", "int"), some("b", "int"), some("c", "*v1.C")]))
        );
        assert_eq!(
            target.members("I").unwrap(),
            Some(Members::Interface(vec![none("J"), some("M", "M(x int) error")]))
        );
        assert_eq!(target.members("G").unwrap(), Some(Members::Generic));
        assert_eq!(target.members("X").unwrap(), None);
    }
}
