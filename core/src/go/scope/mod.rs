//! What a function's code can name: its receiver, parameters and variables, block by block, and the calls in it.

mod reader;

use reader::Reader;
use tree_sitter::Node;

use super::edit::{AnchorError, FuncName, Target, indent, type_body};
use super::outline::DeclKind;
use super::syntax::Fragment;
use crate::text::{Span, TextEdit, indentation, line_start, next_line};

/// A function, as far as a call that is put into it needs to know.
#[derive(Clone, Debug, Default)]
pub struct FunctionScope {
    /// Its receiver.
    pub receiver: Option<Variable>,
    /// What it is given.
    pub parameters: Vec<Variable>,
    /// What it gives back; the names are empty where there are none.
    pub results: Vec<Variable>,
    /// Its body.
    pub body: Block,
}

/// A parameter or a result: its name, which may be empty, and its type as the file has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: String,
}

/// Statements between braces.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The variables that the statement declares whose block it is: those of a `range`.
    pub declares: Vec<(String, Value)>,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: StatementKind,
    /// The variables that it declares for those behind it.
    pub declares: Vec<(String, Value)>,
    /// The blocks in it.
    pub blocks: Vec<Block>,
}

/// What a statement is, as far as one has to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StatementKind {
    /// `list = append(list, f(x)...)`.
    Append {
        /// The list.
        list: String,
        /// What is called.
        call: CallText,
    },
    /// `if new := f(x); new != nil { list = append(list, new...) }`.
    AppendIf {
        /// The list.
        list: String,
        /// The variable.
        new: String,
        /// What is called.
        call: CallText,
    },
    /// `if len(list) > 0 { … return … }`.
    ReturnIf {
        /// The list.
        list: String,
    },
    /// `return value`.
    Return {
        /// The value, or values.
        value: String,
    },
    /// A `switch`.
    Switch,
    /// Anything else.
    Other,
}

/// A call, as it stands there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallText {
    /// What is called.
    pub callee: String,
    /// What it is given.
    pub arguments: Vec<String>,
}

/// What a variable holds.
#[derive(Clone, Debug)]
pub enum Value {
    /// Something of this type.
    Typed(String),
    /// An expression.
    Of(Expr),
    /// One of several results of an expression.
    Result(Expr, usize),
    /// An element of what an expression holds.
    Element(Expr),
    /// The position of an element.
    Position(Expr),
    /// It was there, or was not.
    Found,
}

/// An expression, as far as its type can be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expr {
    /// `x`.
    Name(String),
    /// `x.f`.
    Field(Box<Expr>, String),
    /// `&x`.
    Address(Box<Expr>),
    /// `*x`.
    Pointed(Box<Expr>),
    /// Something that says its type.
    Typed(String),
    /// `f(x)`, with the strings among its arguments.
    Call(Box<Expr>, Vec<String>),
    /// `x[i]`.
    Element(Box<Expr>),
    /// Anything else.
    Other,
}

/// A field of a struct.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StructField {
    /// Its name in Go.
    pub name: String,
    /// Its type as the file has it.
    pub ty: String,
    /// Its name in JSON; empty where it is inlined.
    pub json: Option<String>,
}

impl Target<'_> {
    /// What the code of a function can name.
    pub fn scope(&self, func: FuncName<'_>) -> Result<FunctionScope, AnchorError> {
        let decl = self.func(func)?;
        let fragment = self.fragment(decl.span)?;
        let reader = Reader { fragment: &fragment, text: self.text };
        let root = fragment.root();
        let Some(node) = root.named_child(0) else { return Ok(FunctionScope::default()) };
        let list = |name: &str| node.child_by_field_name(name).map(|list| reader.parameters(list)).unwrap_or_default();
        let results = match node.child_by_field_name("result") {
            Some(ty) if ty.kind() != "parameter_list" => {
                vec![Variable { name: String::new(), ty: reader.text(ty).to_owned() }]
            }
            _ => list("result"),
        };
        Ok(FunctionScope {
            receiver: list("receiver").into_iter().next(),
            parameters: list("parameters"),
            results,
            body: node.child_by_field_name("body").map(|body| reader.block(body)).unwrap_or_default(),
        })
    }

    /// Code beside a statement of a function, which is found by its text. Behind a call whose answer goes into a list
    /// it stands behind those that follow.
    pub fn beside_statement(
        &self,
        func: FuncName<'_>,
        statement: &str,
        before: bool,
        code: &str,
    ) -> Result<TextEdit, AnchorError> {
        let scope = self.scope(func)?;
        let place = locate(&scope.body, &|known| known.span.of(self.text) == statement);
        let Some((block, at)) = place else {
            let first = statement.lines().next().unwrap_or_default();
            return Err(self.missing(&format!("`{first}` in {func}"), DeclKind::Func));
        };
        let known = &block.statements[at];
        let prefix = indentation(self.text, line_start(self.text, known.span.start));
        let code = indent(code, prefix);
        if before {
            let above = at.checked_sub(1).map(|above| &block.statements[above]);
            let start = line_start(self.text, known.span.start);
            // A line of a list goes behind the last one.
            if let Some(above) = above.filter(|above| above.kind.list().is_some() && code.lines().count() == 1) {
                return Ok(TextEdit::insert(next_line(self.text, above.span.end), code));
            }
            let is_apart = self.text[..start].ends_with("\n\n");
            let is_block = code.lines().count() > 1;
            let ends_block = above.is_some_and(|above| above.span.of(self.text).ends_with('}'));
            let before = if !is_apart && above.is_some() && (is_block || ends_block) { "\n" } else { "" };
            let after = if is_apart || is_block { "\n" } else { "" };
            return Ok(TextEdit::insert(start, format!("{before}{code}{after}")));
        }
        let follows = |next: &&Statement| next.kind.list().is_some() && next.kind.list() == known.kind.list();
        let last = block.statements[at + 1..].iter().take_while(follows).last().unwrap_or(known);
        Ok(TextEdit::insert(next_line(self.text, last.span.end), code))
    }

    /// The fields of a struct; nothing if it is none.
    pub fn struct_fields(&self, type_name: &str) -> Option<Vec<StructField>> {
        let decl = self.file.declares(type_name).filter(|decl| decl.kind == DeclKind::Type)?;
        let fragment = self.fragment(decl.span).ok()?;
        let reader = Reader { fragment: &fragment, text: self.text };
        let body = type_body(&fragment, self.text, type_name).filter(|node| node.kind() == "struct_type")?;
        let list = body.named_child(0)?;
        let mut cursor = list.walk();
        let fields = list.named_children(&mut cursor).filter(|node| node.kind() == "field_declaration");
        Some(fields.flat_map(|field| reader.field(field)).collect())
    }

    /// The names of an interface's methods; nothing if it is none.
    pub fn interface_methods(&self, type_name: &str) -> Option<Vec<String>> {
        let decl = self.file.declares(type_name).filter(|decl| decl.kind == DeclKind::Type)?;
        let fragment = self.fragment(decl.span).ok()?;
        let reader = Reader { fragment: &fragment, text: self.text };
        let body = type_body(&fragment, self.text, type_name).filter(|node| node.kind() == "interface_type")?;
        let mut cursor = body.walk();
        let methods = body.named_children(&mut cursor).filter(|node| node.kind() == "method_elem");
        Some(methods.filter_map(|node| Some(reader.text(node.child_by_field_name("name")?).to_owned())).collect())
    }
}

impl StatementKind {
    /// The list that the answer of a call is put into.
    fn list(&self) -> Option<&str> {
        match self {
            Self::Append { list, .. } | Self::AppendIf { list, .. } => Some(list),
            _ => None,
        }
    }
}

/// The block of a statement, and its place in it.
fn locate<'s>(block: &'s Block, wanted: &dyn Fn(&Statement) -> bool) -> Option<(&'s Block, usize)> {
    if let Some(at) = block.statements.iter().position(wanted) {
        return Some((block, at));
    }
    block.statements.iter().flat_map(|statement| &statement.blocks).find_map(|inner| locate(inner, wanted))
}
