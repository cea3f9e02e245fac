//! Where a file names a function, what its calls pass, and what its head takes; and the edits that put values there.

use super::edit::{FuncName, Target};
use super::head::FunctionHead;
use super::lexer::{Token, TokenKind};
use super::outline::{Decl, DeclKind, GoFile};
use crate::text::{Span, TextEdit, indentation, line_start, next_line, squeezed};

/// How a file names a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Spelling {
    /// By its name alone: it is of the package, or of one whose names the file has imported.
    Bare,
    /// Behind the name of its package.
    Of(String),
    /// Behind a value: it is a method.
    Method,
}

/// A place where a file names a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// The name.
    pub name: Span,
    /// What a call passes; nothing where it is not called.
    pub call: Option<Values>,
}

/// Values or parameters between parentheses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Values {
    /// Each of them.
    pub values: Vec<Span>,
    /// Where the opening parenthesis ends.
    pub open: usize,
}

impl GoFile {
    /// Where the file names a function, its own declaration apart.
    pub fn sites(&self, text: &str, name: &str, spelling: &Spelling) -> Vec<Site> {
        let tokens: Vec<&Token> = self.tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
        let is = |at: Option<usize>, op: u8| {
            at.is_some_and(|at| tokens.get(at).is_some_and(|one| one.kind == TokenKind::Op(op)))
        };
        let word = |at: Option<usize>| {
            at.and_then(|at| tokens.get(at)).filter(|one| one.kind == TokenKind::Word).map(|one| one.span.of(text))
        };
        let declared: Vec<Span> = self.decls.iter().flat_map(|decl| &decl.names).map(|name| name.span).collect();
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if token.kind != TokenKind::Word || token.span.of(text) != name || declared.contains(&token.span) {
                continue;
            }
            let (dot, holder) = (is(at.checked_sub(1), b'.'), at.checked_sub(2));
            let is_one = match spelling {
                Spelling::Bare => !dot,
                Spelling::Of(package) => dot && word(holder) == Some(package) && !is(at.checked_sub(3), b'.'),
                Spelling::Method => dot,
            };
            if is_one {
                let call = is(Some(at + 1), b'(').then(|| values(&tokens, at + 1)).flatten();
                found.push(Site { name: token.span, call });
            }
        }
        found
    }

    /// The declaration that a place is in.
    pub fn around(&self, at: usize) -> Option<&Decl> {
        self.decls.iter().find(|decl| decl.span.start <= at && at < decl.span.end)
    }

    /// The parameters of a function.
    pub fn parameters(&self, decl: &Decl) -> Option<Values> {
        let name = decl.names.first().filter(|_| decl.kind == DeclKind::Func)?.span;
        let tokens: Vec<&Token> = self.tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
        let at = tokens.iter().position(|token| token.span == name)?;
        (tokens.get(at + 1)?.kind == TokenKind::Op(b'(')).then(|| values(&tokens, at + 1)).flatten()
    }
}

/// What stands between a parenthesis and the one that closes it, by its commas.
fn values(tokens: &[&Token], open: usize) -> Option<Values> {
    let (mut depth, mut found, mut start) = (0_usize, Vec::new(), None::<Span>);
    for token in &tokens[open..] {
        match token.kind {
            TokenKind::Op(b'(' | b'[' | b'{') => depth += 1,
            TokenKind::Op(b')' | b']' | b'}') => depth -= 1,
            TokenKind::Semicolon if token.span.start == token.span.end => continue,
            _ => {}
        }
        let ends = depth == 0 || depth == 1 && token.kind == TokenKind::Op(b',');
        if ends {
            found.extend(start.take());
        } else if depth > 1 || token.span.start != tokens[open].span.start {
            let first = start.map_or(token.span.start, |span| span.start);
            start = Some(Span::new(first, token.span.end));
        }
        if depth == 0 {
            return Some(Values { values: found, open: tokens[open].span.end });
        }
    }
    None
}

impl Values {
    /// More values before the one with a number, or behind the last.
    pub fn insert(&self, text: &str, at: usize, more: &str) -> TextEdit {
        let own_line = |span: &Span| text[line_start(text, span.start)..span.start].trim().is_empty();
        let Some(last) = self.values.last() else { return TextEdit::insert(self.open, more) };
        // One below the other, with a comma behind each.
        let column = self.values.iter().all(own_line) && text[last.end..].starts_with(',');
        match self.values.get(at) {
            Some(next) if column => {
                let line = line_start(text, next.start);
                TextEdit::insert(line, format!("{}{more},\n", indentation(text, next.start)))
            }
            Some(next) => TextEdit::insert(next.start, format!("{more}, ")),
            None if own_line(last) && text[last.end..].starts_with(',') => {
                TextEdit::insert(next_line(text, last.end), format!("{}{more},\n", indentation(text, last.start)))
            }
            None => TextEdit::insert(last.end, format!(", {more}")),
        }
    }
}

impl Target<'_> {
    /// The head of a function; nothing if it has type parameters.
    pub fn head(&self, decl: &Decl) -> Option<FunctionHead> {
        let end = decl.body.map_or(decl.span.end, |body| body.start);
        // Parameters on lines of their own have a comma behind the last.
        let head = squeezed(&self.text[decl.span.start..end]);
        FunctionHead::parse(&head.replace(", )", ")").replace("( ", "(")).ok()
    }

    /// The expressions of a declaration that are some code, whatever white space is in it.
    pub fn expressions(&self, decl: &Decl, code: &str) -> Vec<Span> {
        let Ok(fragment) = self.fragment(decl.span) else { return Vec::new() };
        let func = FuncName { receiver: None, name: decl.name() };
        let body = super::inside::Body { target: self, fragment: &fragment, func, apart: &[] };
        let wanted = squeezed(code);
        let is_code = |node: &tree_sitter::Node<'_>| {
            // The name of a field in a literal.
            let is_key = node.kind() == "identifier"
                && node.parent().filter(|parent| parent.kind() == "literal_element").is_some_and(|element| {
                    let pair = element.parent().filter(|pair| pair.kind() == "keyed_element");
                    pair.and_then(|pair| pair.named_child(0)).is_some_and(|first| first.id() == element.id())
                });
            node.is_named()
                && !is_key
                && !matches!(node.kind(), "field_identifier" | "package_identifier" | "comment" | "literal_element")
                && squeezed(fragment.span(*node).of(self.text)) == wanted
        };
        let mut spans: Vec<Span> = body.all(&is_code).into_iter().map(|node| fragment.span(node)).collect();
        spans.sort_by_key(|span| span.start);
        spans.dedup();
        spans
    }
}
