//! Insertions at places that are found by syntax.
//!
//! An edit leaves every other byte alone, takes its indentation from where it lands, and ends up
//! as gofmt would have it.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use tree_sitter::Node;

use super::lexer::SyntaxError;
use super::outline::{Decl, DeclKind, GoFile};
use super::syntax::Fragment;
use crate::text::{Span, TextEdit, TextEdits, indentation, line_start, next_line};

/// Why a place to edit was not found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AnchorError {
    /// It is not there.
    Missing {
        /// What was looked for.
        expected: String,
        /// What is there instead, nearest first.
        candidates: Vec<String>,
        /// Where it should have been.
        near: Span,
    },
    /// What is there is no valid Go.
    Syntax(SyntaxError),
}

impl From<SyntaxError> for AnchorError {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

/// A text that edits lead to and that is not valid Go, with the first error in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken(pub String, pub SyntaxError);

impl fmt::Display for AnchorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { expected, .. } => write!(f, "expected {expected}"),
            Self::Syntax(error) => f.write_str(&error.message),
        }
    }
}

/// A Go file with its text: what every edit works on.
pub struct Target<'a> {
    /// The text as it is before the edits.
    pub text: &'a str,
    /// The outline of that text.
    pub file: &'a GoFile,
    /// The declarations that were parsed so far.
    fragments: RefCell<Vec<Rc<Fragment>>>,
    /// The declarations that were parsed of the text that edits led to.
    edited: RefCell<Vec<Rc<Fragment>>>,
}

/// A function, by the type of its receiver and its name.
#[derive(Clone, Copy, Debug)]
pub struct FuncName<'a> {
    /// The type of the receiver.
    pub receiver: Option<&'a str>,
    /// The name of the function or method.
    pub name: &'a str,
}

impl fmt::Display for FuncName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.receiver {
            Some(receiver) => write!(f, "func ({receiver}) {}()", self.name),
            None => write!(f, "func {}()", self.name),
        }
    }
}

impl<'a> Target<'a> {
    /// A file to be edited.
    pub fn new(text: &'a str, file: &'a GoFile) -> Self {
        Self { text, file, fragments: RefCell::default(), edited: RefCell::default() }
    }

    /// With declarations that are parsed already.
    #[must_use]
    pub fn knowing(self, fragments: Vec<Rc<Fragment>>) -> Self {
        Self { fragments: RefCell::new(fragments), ..self }
    }

    /// The declarations that were parsed of the text that [`Self::apply`] made.
    pub fn edited(&self) -> Vec<Rc<Fragment>> {
        self.edited.take()
    }

    /// A declaration, parsed. It must be free of errors.
    pub(super) fn fragment(&self, span: Span) -> Result<Rc<Fragment>, SyntaxError> {
        if let Some(known) = self.fragments.borrow().iter().find(|fragment| fragment.place() == span) {
            return Ok(known.clone());
        }
        let fragment = Rc::new(Fragment::parse(self.text, span)?);
        self.fragments.borrow_mut().push(fragment.clone());
        Ok(fragment)
    }

    /// The text with edits made. Everything that they touch is parsed again.
    pub fn apply(&self, edits: &TextEdits) -> Result<String, Broken> {
        let result = edits.apply(self.text);
        let mut spans: Vec<Span> = self.file.import_blocks.clone();
        spans.extend(self.file.decls.iter().map(|decl| decl.span));
        let mut grown = 0_isize;
        let mut rest: &[TextEdit] = edits;
        while let Some(edit) = rest.first() {
            let inside = spans.iter().find(|span| span.start < edit.span.start && edit.span.end < span.end);
            let group = inside.map_or(1, |span| rest.iter().take_while(|edit| edit.span.end < span.end).count());
            let (group, others) = rest.split_at(group);
            let growth: isize = group.iter().map(TextEdit::growth).sum();
            let before = inside.copied().unwrap_or(edit.span);
            let after = Span::new(before.start.strict_add_signed(grown), before.end.strict_add_signed(grown + growth));
            let parsed = match inside.and_then(|span| self.known(*span)) {
                Some(fragment) => fragment.again(self.text, &result, after, group),
                None => Fragment::parse(&result, after),
            };
            let parsed = parsed.map_err(|error| Broken(result.clone(), error))?;
            self.edited.borrow_mut().push(Rc::new(parsed));
            grown += growth;
            rest = others;
        }
        Ok(result)
    }

    fn known(&self, span: Span) -> Option<Rc<Fragment>> {
        self.fragments.borrow().iter().find(|fragment| fragment.place() == span).cloned()
    }

    /// The end of the last group of constants.
    pub fn append_constant(&self, snippet: &str) -> Result<TextEdit, AnchorError> {
        let mut groups = self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const && decl.body.is_some());
        let group =
            groups.next_back().ok_or_else(|| self.missing("a group of constants, `const ( … )`", DeclKind::Const))?;
        self.fragment(group.span)?;
        self.before_close(group.span.end - 1, snippet)
    }

    /// The end of the group of constants that has one of a name.
    pub fn append_constant_beside(&self, name: &str, snippet: &str) -> Result<TextEdit, AnchorError> {
        let decl = self.file.declares(name).filter(|decl| decl.kind == DeclKind::Const && decl.body.is_some());
        let expected = format!("a group of constants with {name}");
        let group = decl.ok_or_else(|| self.missing(&expected, DeclKind::Const))?;
        self.fragment(group.span)?;
        self.before_close(group.span.end - 1, snippet)
    }

    /// The end of a function's body.
    pub fn append_statement(&self, func: FuncName<'_>, snippet: &str) -> Result<TextEdit, AnchorError> {
        let decl = self.func(func)?;
        self.fragment(decl.span)?;
        let body = decl.body.ok_or_else(|| self.missing(&format!("a body of {func}"), DeclKind::Func))?;
        self.before_close(body.end - 1, snippet)
    }

    /// The line before the `return` that a function ends with, as `causes` in `return causes`.
    pub fn before_final_return(
        &self,
        func: FuncName<'_>,
        snippet: impl FnOnce(&str) -> String,
    ) -> Result<TextEdit, AnchorError> {
        let decl = self.func(func)?;
        let fragment = self.fragment(decl.span)?;
        let statements = statements(&fragment);
        let last = statements.last().copied().filter(|node| node.kind() == "return_statement");
        let value = last.and_then(|node| node.named_child(0)).filter(|list| list.named_child_count() == 1);
        let (Some(last), Some(value)) = (last, value) else {
            return Err(self.missing(&format!("one value returned at the end of {func}"), DeclKind::Func));
        };
        let line = line_start(self.text, fragment.span(last).start);
        let snippet = snippet(fragment.span(value).of(self.text));
        // A blank line or a comment above the return belongs to the return.
        let above = statements.len().checked_sub(2).map(|index| fragment.span(statements[index]).end);
        let place = above.map_or(line, |end| next_line(self.text, end));
        Ok(TextEdit::insert(place, indent(&snippet, indentation(self.text, line))))
    }

    /// The line after the last `x = append(x, …)` at the top of a function's body.
    pub fn after_last_append(
        &self,
        func: FuncName<'_>,
        snippet: impl FnOnce(&str) -> String,
    ) -> Result<TextEdit, AnchorError> {
        let decl = self.func(func)?;
        let fragment = self.fragment(decl.span)?;
        let mut appends = statements(&fragment).into_iter().filter_map(|node| {
            let left = node.child_by_field_name("left").filter(|_| node.kind() == "assignment_statement")?;
            let right = node.child_by_field_name("right")?;
            let name = fragment.span(left).of(self.text);
            // `response.Warnings` is a list of something else.
            if name.contains(|c: char| !(c.is_alphanumeric() || c == '_')) {
                return None;
            }
            let call = fragment.span(right).of(self.text);
            (call.starts_with("append(") && call[7..].trim_start().starts_with(name)).then_some((node, name))
        });
        let Some((node, name)) = appends.next_back() else {
            return Err(self.missing(&format!("a line `x = append(x, …)` in {func}"), DeclKind::Func));
        };
        let span = fragment.span(node);
        let end = next_line(self.text, span.end);
        let prefix = indentation(self.text, span.start);
        Ok(TextEdit::insert(end, indent(&snippet(name), prefix)))
    }

    /// Another argument at the end of the first call of `callee` in a function. Nothing if the line
    /// would be too long for it.
    pub fn append_argument(
        &self,
        func: FuncName<'_>,
        callee: &str,
        argument: &str,
    ) -> Result<Option<TextEdit>, AnchorError> {
        let decl = self.func(func)?;
        let fragment = self.fragment(decl.span)?;
        let call = find(fragment.root(), &|node| is_call(&fragment, self.text, node, callee));
        let arguments = call.and_then(|call| call.child_by_field_name("arguments"));
        let last = arguments.and_then(|list| {
            let count = u32::try_from(list.named_child_count()).ok()?;
            Some((list, list.named_child(count.checked_sub(1)?)?))
        });
        let Some((list, last)) = last else {
            return Err(self.missing(&format!("a call of {callee} in {func}"), DeclKind::Func));
        };
        let (last, close) = (fragment.span(last), fragment.span(list).end - 1);
        if self.text[last.end..close].contains('\n') {
            let prefix = indentation(self.text, last.start);
            let line = line_start(self.text, close);
            return Ok(Some(TextEdit::insert(line, format!("{prefix}{argument},\n"))));
        }
        let line = line_start(self.text, last.start)..next_line(self.text, last.end);
        let fits = self.text[line].trim_end().chars().count() + argument.len() + 2 <= super::literal::LINE;
        Ok(fits.then(|| TextEdit::insert(last.end, format!(", {argument}"))))
    }

    /// After the statement of a function's body that holds the first call of `callee`; before it,
    /// if it is a `return`.
    pub fn beside_call(&self, func: FuncName<'_>, callee: &str, snippet: &str) -> Result<TextEdit, AnchorError> {
        let decl = self.func(func)?;
        let fragment = self.fragment(decl.span)?;
        let holds = |node: &Node<'_>| find(*node, &|node| is_call(&fragment, self.text, node, callee)).is_some();
        let Some(statement) = statements(&fragment).into_iter().find(holds) else {
            return Err(self.missing(&format!("a call of {callee} in {func}"), DeclKind::Func));
        };
        let span = fragment.span(statement);
        let line = line_start(self.text, span.start);
        let snippet = indent(snippet, indentation(self.text, line));
        Ok(match statement.kind() {
            "return_statement" => TextEdit::insert(line, format!("{snippet}\n")),
            _ => TextEdit::insert(next_line(self.text, span.end), snippet),
        })
    }

    /// Another element at the end of a variable's list, `x = []T{ … }`.
    pub fn append_element(&self, variable: &str, element: &str) -> Result<TextEdit, AnchorError> {
        let expected = format!("`{variable} = []…{{ … }}`");
        let missing = || self.missing(&expected, DeclKind::Var);
        let decl = self.file.declares(variable).filter(|decl| decl.kind == DeclKind::Var).ok_or_else(missing)?;
        let fragment = self.fragment(decl.span)?;
        let spec = find(fragment.root(), &|node| {
            node.kind() == "var_spec"
                && node.child_by_field_name("name").is_some_and(|name| fragment.span(name).of(self.text) == variable)
        });
        let list = spec.and_then(|spec| find(spec, &|node| node.kind() == "literal_value")).ok_or_else(missing)?;
        self.before_close(fragment.span(list).end - 1, &format!("{element},"))
    }

    /// That a function is there.
    pub fn require(&self, func: FuncName<'_>) -> Result<(), AnchorError> {
        self.func(func).map(|_| ())
    }

    /// Behind the declaration of a type.
    pub fn after_type(&self, type_name: &str, snippet: &str) -> Result<TextEdit, AnchorError> {
        let missing = || self.missing(&format!("`type {type_name}`"), DeclKind::Type);
        let decl = self.type_decl(type_name).ok_or_else(missing)?;
        let end = next_line(self.text, decl.span.end);
        Ok(TextEdit::insert(end, format!("\n{}\n", snippet.trim_matches('\n'))))
    }

    /// Behind the last constants of the file that stand before its types and functions, or else behind its imports.
    pub fn append_head(&self, snippet: &str) -> TextEdit {
        let is_head = |decl: &&Decl| matches!(decl.kind, DeclKind::Const | DeclKind::Var);
        let consts = self.file.decls.iter().take_while(is_head).filter(|decl| decl.kind == DeclKind::Const);
        let imports = self.file.import_blocks.iter().map(|decl| decl.end);
        let last = consts.map(|decl| decl.span.end).chain(imports).chain([self.file.package.span.end]).max();
        let end = next_line(self.text, last.unwrap_or_default());
        TextEdit::insert(end, format!("\n{}\n", snippet.trim_matches('\n')))
    }

    /// The end of the file.
    pub fn append_declaration(&self, snippet: &str) -> TextEdit {
        let end = self.text.len();
        let gap = if self.text.ends_with('\n') { "\n" } else { "\n\n" };
        TextEdit::insert(end, format!("{gap}{}\n", snippet.trim_matches('\n')))
    }

    /// Behind the last method of a type, or else behind its constructor or the type; at the end of a file that has none of them.
    pub fn append_method(&self, receiver: &str, snippet: &str) -> TextEdit {
        let is_own = |decl: &&Decl| decl.receiver.as_ref().is_some_and(|known| known.type_name == receiver);
        let last = self.file.decls.iter().rfind(is_own);
        let last = last.or_else(|| self.file.func(&format!("New{receiver}"))).or_else(|| self.type_decl(receiver));
        let end = last.map_or(self.text.len(), |decl| next_line(self.text, decl.span.end));
        // What follows without a blank line may belong to it.
        if !self.text[end..].starts_with('\n') {
            return self.append_declaration(snippet);
        }
        TextEdit::insert(end, format!("\n{}\n", snippet.trim_matches('\n')))
    }

    pub(super) fn func(&self, func: FuncName<'_>) -> Result<&'a Decl, AnchorError> {
        let found = self.file.method(func.receiver, func.name);
        found.ok_or_else(|| self.missing(&format!("`{func}`"), DeclKind::Func))
    }

    pub(super) fn type_decl(&self, name: &str) -> Option<&'a Decl> {
        let types = self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type);
        types.into_iter().find(|decl| decl.names.iter().any(|known| known.text == name))
    }

    pub(super) fn missing(&self, expected: &str, kind: DeclKind) -> AnchorError {
        let alike = self.file.decls.iter().filter(|decl| decl.kind == kind);
        let candidates = alike.map(|decl| {
            let line = decl.span.of(self.text).lines().next().unwrap_or_default();
            line.trim_end_matches(['{', '(', ' ']).to_owned()
        });
        AnchorError::Missing {
            expected: expected.to_owned(),
            candidates: candidates.take(5).collect(),
            near: self.file.package.span,
        }
    }

    /// The line before a closing bracket, which must stand on a line of its own.
    pub(super) fn before_close(&self, close: usize, snippet: &str) -> Result<TextEdit, AnchorError> {
        let line = line_start(self.text, close);
        let before = &self.text[line..close];
        if before.trim().is_empty() {
            let prefix = format!("{before}\t");
            return Ok(TextEdit::insert(line, indent(snippet, &prefix)));
        }
        // `{}`: open it up. Anything else on one line is left to people.
        if before.ends_with(['{', '(']) {
            let outer = indentation(self.text, line);
            let snippet = indent(snippet.trim_start_matches('\n'), &format!("{outer}\t"));
            return Ok(TextEdit::insert(close, format!("\n{snippet}{outer}")));
        }
        Err(AnchorError::Missing {
            expected: "a closing bracket on a line of its own".to_owned(),
            candidates: vec![before.trim().to_owned()],
            near: Span::new(close, close + 1),
        })
    }
}

fn is_call(fragment: &Fragment, text: &str, node: Node<'_>, callee: &str) -> bool {
    let function = node.child_by_field_name("function").filter(|_| node.kind() == "call_expression");
    function.is_some_and(|function| fragment.span(function).of(text) == callee)
}

/// The statements at the top of the function that a fragment is.
pub(super) fn statements(fragment: &Fragment) -> Vec<Node<'_>> {
    let body = find(fragment.root(), &|node| matches!(node.kind(), "function_declaration" | "method_declaration"))
        .and_then(|function| function.child_by_field_name("body"));
    let Some(mut list) = body else { return Vec::new() };
    // Newer grammars wrap the statements of a block in a list; comments may stand before it.
    let mut cursor = list.walk();
    if let Some(inner) = list.named_children(&mut cursor).find(|child| child.kind() == "statement_list") {
        list = inner;
    }
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|node| node.kind() != "comment").collect()
}

/// What a declaration says that a type is.
pub(super) fn type_body<'f>(fragment: &'f Fragment, text: &str, type_name: &str) -> Option<Node<'f>> {
    let spec = find(fragment.root(), &|node| {
        let name = node.child_by_field_name("name").filter(|_| node.kind() == "type_spec");
        name.is_some_and(|name| fragment.span(name).of(text) == type_name)
    });
    spec?.child_by_field_name("type")
}

/// The first node, in order, that satisfies a condition.
pub(super) fn find<'t>(node: Node<'t>, condition: &dyn Fn(Node<'t>) -> bool) -> Option<Node<'t>> {
    if condition(node) {
        return Some(node);
    }
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find_map(|child| find(child, condition))
}

/// `snippet`, whose least indented line has no indentation, with `prefix` before every line that
/// is not empty, and one line end behind it.
pub fn indent(snippet: &str, prefix: &str) -> String {
    let body = snippet.trim_end_matches('\n');
    let least = body.lines().filter(|l| !l.trim().is_empty()).map(|l| l.len() - l.trim_start_matches('\t').len()).min();
    let least = least.unwrap_or(0);
    let mut result = String::with_capacity(snippet.len() + 16);
    for line in body.split('\n') {
        if !line.trim().is_empty() {
            result.push_str(prefix);
            result.push_str(&line[least..]);
        }
        result.push('\n');
    }
    result
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
