//! What stands in a function's body, as far as a line can be put into it: the statements of its blocks, and the
//! variables that each block can see.

mod reader;

use tree_sitter::Node;

use super::edit::{AnchorError, FuncName, Target, indent};
use super::lexer::SyntaxError;
use super::outline::DeclKind;
use super::syntax::Fragment;
use crate::text::{Span, TextEdit, comment_above, indentation, line_start, next_line};
use reader::Reader;

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
    /// The calls that it makes for sure, before any block in it: what is called, and those of the arguments that are names
    /// or fields.
    pub calls: Vec<(String, Vec<String>)>,
}

impl Statement {
    /// Whether it calls a function, by its bare name, and nothing before it is in question.
    pub fn calls(&self, name: &str) -> bool {
        self.arguments(name).is_some()
    }

    /// The plain ones of the arguments that it calls a function with.
    pub fn arguments(&self, name: &str) -> Option<&[String]> {
        let own = self.calls.iter().find(|(function, _)| function.rsplit('.').next() == Some(name));
        own.map(|(_, arguments)| arguments.as_slice())
    }
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

impl BodyBlock {
    /// The statement that belongs to another one as the check of what it gives: `if err != nil {`; else that one.
    pub fn checked(&self, at: usize, text: &str) -> usize {
        let own = self.statements[at].span.of(text);
        let given = own.split_once('=').map_or("", |(left, _)| left.trim_end_matches(':'));
        let next = self.statements.get(at + 1).map_or("", |next| next.span.of(text));
        let is_plain = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let checks =
            |name: &str| next.starts_with(&format!("if {name} != nil")) || next.starts_with(&format!("if !{name} "));
        let mut names = given.split(',').map(str::trim).filter(|name| !name.is_empty() && is_plain(name));
        if names.any(checks) { at + 1 } else { at }
    }
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
    /// A value of its own in a list, behind the last one that begins like this.
    Value(String),
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
            // A comment directly above a statement belongs to it.
            let line = comment_above(self.text, line_start(self.text, span.start));
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
                let found = blocks.iter().find_map(|block| {
                    let at = block.statements.iter().position(|one| one.calls(callee))?;
                    let at = if *is_before { at } else { block.checked(at, self.text) };
                    Some(block.statements[at].span)
                });
                let found = found.ok_or_else(|| missing(&format!("a call of {callee} in {func}")))?;
                Ok(if *is_before { before(found) } else { behind(found) })
            }
            // A list is found by its values.
            Spot::Value(_) => Err(missing("a list of values")),
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

impl Expr {
    /// Reads a value, and the names in it that are no fields.
    pub fn parse(code: &str) -> Option<(Self, Vec<String>)> {
        let text = format!("package x\n\nvar x = {code}\n");
        let span = Span::new(text.find("var")?, text.len());
        let fragment = Fragment::parse(&text, span).ok()?;
        let reader = Reader { text: &text, fragment: &fragment };
        let spec = super::edit::find(fragment.root(), &|node| node.kind() == "var_spec")?;
        let list = spec.child_by_field_name("value").filter(|list| list.named_child_count() == 1)?;
        let mut names = Vec::new();
        reader.names(list, &mut names);
        Some((reader.expr(list.named_child(0)?), names))
    }

    /// Whether it is a deep copy of what has a name.
    pub fn is_copy_of(&self, name: &str) -> bool {
        let Self::Call(function, _) = self else { return false };
        matches!(&**function, Self::Field(of, copy) if copy == "DeepCopy" && **of == Self::Name(name.to_owned()))
    }

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
mod tests;
