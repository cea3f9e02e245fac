//! A Go file cut into its declarations.

use super::lexer::{SyntaxError, Token, TokenKind, tokens, unquote};
use crate::text::Span;

/// A Go file: its package, imports and declarations, each with its place.
#[derive(Clone, Debug)]
pub struct GoFile {
    /// The name in the package clause.
    pub package: Name,
    /// Every import, in order.
    pub imports: Vec<Import>,
    /// The import declarations, in order.
    pub import_blocks: Vec<Span>,
    /// Every other declaration, in order.
    pub decls: Vec<Decl>,
    /// The comment that the file starts with.
    pub header: Option<Span>,
    /// The tokens of the whole file.
    pub tokens: Vec<Token>,
}

/// A name and its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// The identifier.
    pub text: String,
    /// The bytes of the identifier.
    pub span: Span,
}

/// One line of an import declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// The name given to it: an identifier, `.` or `_`.
    pub alias: Option<String>,
    /// The import path, without quotes.
    pub path: String,
    /// The alias and the path, without a comment behind them.
    pub span: Span,
}

impl Import {
    /// The name that the file uses for the package.
    pub fn name(&self) -> &str {
        self.alias.as_deref().unwrap_or_else(|| default_name(&self.path))
    }
}

/// The package name that an import path usually has: its last part, without a version.
pub fn default_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    let version = last.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    // `k8s.io/api/core/v1` is package v1, `github.com/onsi/ginkgo/v2` is package ginkgo.
    let last = if version && last != "v1" { parts.next().unwrap_or(last) } else { last };
    // `gopkg.in/yaml.v3` is package yaml, `github.com/emicklei/go-restful` is package restful.
    let last = last.split_once(".v").map_or(last, |(name, _)| name);
    last.strip_prefix("go-").or_else(|| last.strip_suffix("-go")).unwrap_or(last)
}

/// What a declaration declares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeclKind {
    /// A function or a method.
    Func,
    /// One type, or a group.
    Type,
    /// One constant, or a group.
    Const,
    /// One variable, or a group.
    Var,
}

/// A declaration at the top level of a file.
#[derive(Clone, Debug)]
pub struct Decl {
    /// Which keyword it begins with.
    pub kind: DeclKind,
    /// The names that it declares; `_` among them.
    pub names: Vec<Name>,
    /// The receiver of a method.
    pub receiver: Option<Receiver>,
    /// From the keyword to the end.
    pub span: Span,
    /// The comment directly above, if any.
    pub doc: Option<Span>,
    /// The braces of a function, or the parentheses of a group, with what is between.
    pub body: Option<Span>,
}

/// The receiver of a method: `(c *Controller)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receiver {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its type, without the star.
    pub type_name: String,
}

impl Decl {
    /// The only name, or the first of a group.
    pub fn name(&self) -> &str {
        self.names.first().map_or("_", |name| name.text.as_str())
    }

    /// From the comment above to the end.
    pub fn with_doc(&self) -> Span {
        Span::new(self.doc.map_or(self.span.start, |doc| doc.start), self.span.end)
    }
}

impl GoFile {
    /// Cuts a file into its declarations. What stands inside of them is not looked at: only the brackets
    /// must match.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let tokens = tokens(text)?;
        Reader { text, tokens: &tokens, at: 0 }.file().map(|file| Self { tokens, ..file })
    }

    /// The declaration of a function that is no method.
    pub fn func(&self, name: &str) -> Option<&Decl> {
        self.method(None, name)
    }

    /// The declaration of a method, by the type of its receiver.
    pub fn method(&self, receiver: Option<&str>, name: &str) -> Option<&Decl> {
        self.decls.iter().find(|decl| {
            decl.kind == DeclKind::Func
                && decl.name() == name
                && decl.receiver.as_ref().map(|r| r.type_name.as_str()) == receiver
        })
    }

    /// The declaration of a type, constant, variable or function with this name.
    pub fn declares(&self, name: &str) -> Option<&Decl> {
        self.decls.iter().find(|decl| decl.receiver.is_none() && decl.names.iter().any(|known| known.text == name))
    }

    /// The import of a path.
    pub fn import(&self, path: &str) -> Option<&Import> {
        self.imports.iter().find(|import| import.path == path)
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn file(mut self) -> Result<GoFile, SyntaxError> {
        let header = self.header();
        self.skip_comments();
        let clause = self.expect_word("package")?;
        let package = self.name().ok_or_else(|| SyntaxError::new(clause, "the package clause names no package"))?;
        self.end_of_statement()?;
        let mut file = GoFile {
            package,
            imports: Vec::new(),
            import_blocks: Vec::new(),
            decls: Vec::new(),
            header,
            tokens: Vec::new(),
        };
        while let Some((token, doc)) = self.next_declaration() {
            match token.span.of(self.text) {
                "import" => self.import(&mut file)?,
                keyword @ ("func" | "type" | "const" | "var") => {
                    let decl = self.decl(keyword, token.span.start, doc)?;
                    file.decls.push(decl);
                }
                other => {
                    let message = format!("expected a declaration, found `{}`", other.lines().next().unwrap_or(other));
                    return Err(SyntaxError::new(token.span, message));
                }
            }
        }
        Ok(file)
    }

    fn header(&self) -> Option<Span> {
        let first = self.tokens.first().filter(|token| token.kind == TokenKind::Comment)?;
        first.span.of(self.text).starts_with("/*").then_some(first.span)
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn skip_comments(&mut self) {
        while self.peek().is_some_and(|token| matches!(token.kind, TokenKind::Comment | TokenKind::Semicolon)) {
            self.at += 1;
        }
    }

    fn expect_word(&mut self, word: &str) -> Result<Span, SyntaxError> {
        match self.peek() {
            Some(token) if token.span.of(self.text) == word => {
                self.at += 1;
                Ok(token.span)
            }
            Some(token) => Err(SyntaxError::new(token.span, format!("expected `{word}`"))),
            None => Err(SyntaxError::new(Span::at(self.text.len()), format!("expected `{word}`"))),
        }
    }

    fn name(&mut self) -> Option<Name> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Word)?;
        self.at += 1;
        Some(Name { text: token.span.of(self.text).to_owned(), span: token.span })
    }

    /// The next token that starts a declaration, and the comment directly above it.
    fn next_declaration(&mut self) -> Option<(Token, Option<Span>)> {
        let mut doc: Option<Span> = None;
        while let Some(token) = self.peek() {
            let touches = |doc: &Span| {
                !self.text[doc.end..token.span.start].trim_matches([' ', '\t', '\r']).contains("\n\n")
                    && self.text[doc.end..token.span.start].matches('\n').count() <= 1
            };
            match token.kind {
                TokenKind::Semicolon => {}
                TokenKind::Comment => {
                    doc = Some(match doc.filter(touches) {
                        Some(above) => Span::new(above.start, token.span.end),
                        None => token.span,
                    });
                }
                _ => return Some((token, doc.filter(touches))),
            }
            self.at += 1;
        }
        None
    }

    fn import(&mut self, file: &mut GoFile) -> Result<(), SyntaxError> {
        let start = self.tokens[self.at].span.start;
        self.at += 1;
        let end = self.statement_end()?;
        let mut alias: Option<Token> = None;
        for token in &self.tokens[self.at..end] {
            match token.kind {
                TokenKind::Word | TokenKind::Op(b'.') => alias = Some(*token),
                TokenKind::String => {
                    let start = alias.map_or(token.span.start, |alias| alias.span.start);
                    file.imports.push(Import {
                        alias: alias.take().map(|alias| alias.span.of(self.text).to_owned()),
                        path: unquote(token.span.of(self.text)),
                        span: Span::new(start, token.span.end),
                    });
                }
                _ => {}
            }
        }
        file.import_blocks.push(Span::new(start, self.tokens[end - 1].span.end));
        self.at = end;
        Ok(())
    }

    fn decl(&mut self, keyword: &str, start: usize, doc: Option<Span>) -> Result<Decl, SyntaxError> {
        self.at += 1;
        let first = self.at;
        let end = self.statement_end()?;
        let tokens = &self.tokens[first..end];
        let span = Span::new(start, tokens.last().map_or(start + keyword.len(), |token| token.span.end));
        let mut decl = Decl { kind: DeclKind::Func, names: Vec::new(), receiver: None, span, doc, body: None };
        if keyword == "func" {
            self.func(tokens, &mut decl)?;
        } else {
            decl.kind = match keyword {
                "type" => DeclKind::Type,
                "const" => DeclKind::Const,
                _ => DeclKind::Var,
            };
            self.specs(tokens, &mut decl);
        }
        self.at = end;
        Ok(decl)
    }

    fn func(&self, tokens: &[Token], decl: &mut Decl) -> Result<(), SyntaxError> {
        let mut tokens = tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect::<Vec<_>>();
        let missing = || SyntaxError::new(decl.span, "this function has no name");
        if tokens.first().is_some_and(|token| token.kind == TokenKind::Op(b'(')) {
            let close = tokens.iter().position(|token| token.kind == TokenKind::Op(b')')).ok_or_else(missing)?;
            decl.receiver = self.receiver(&tokens[1..close]);
            tokens.drain(..=close);
        }
        let name = tokens.first().filter(|token| token.kind == TokenKind::Word).ok_or_else(missing)?;
        decl.names.push(Name { text: name.span.of(self.text).to_owned(), span: name.span });
        decl.body = self.body(&tokens[1..]);
        Ok(())
    }

    /// `c *Controller`, `Validator`, `s Stack[T]`.
    fn receiver(&self, tokens: &[&Token]) -> Option<Receiver> {
        let words: Vec<&str> = tokens
            .iter()
            .take_while(|token| token.kind != TokenKind::Op(b'['))
            .filter(|token| token.kind == TokenKind::Word)
            .map(|token| token.span.of(self.text))
            .collect();
        match words[..] {
            [name, type_name] => Some(Receiver { name: Some(name.to_owned()), type_name: type_name.to_owned() }),
            [type_name] => Some(Receiver { name: None, type_name: type_name.to_owned() }),
            _ => None,
        }
    }

    /// The last braces at the top of a function are its body, unless they belong to a type.
    fn body(&self, tokens: &[&Token]) -> Option<Span> {
        let mut depth = 0_usize;
        let mut open = None;
        let mut body = None;
        for (index, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::Op(b'(' | b'[' | b'{') => {
                    let of_type = index > 0 && matches!(tokens[index - 1].span.of(self.text), "struct" | "interface");
                    if depth == 0 && token.kind == TokenKind::Op(b'{') && !of_type {
                        open = Some(token.span.start);
                    }
                    depth += 1;
                }
                TokenKind::Op(b')' | b']' | b'}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0
                        && let Some(start) = open.take()
                    {
                        body = Some(Span::new(start, token.span.end));
                    }
                }
                _ => {}
            }
        }
        body
    }

    /// The names of `type X …`, `const X, Y = …`, and of every line of a group.
    fn specs(&self, tokens: &[Token], decl: &mut Decl) {
        let tokens: Vec<&Token> = tokens.iter().filter(|token| token.kind != TokenKind::Comment).collect();
        let grouped = tokens.first().is_some_and(|token| token.kind == TokenKind::Op(b'('));
        if grouped {
            decl.body = Some(Span::new(tokens[0].span.start, decl.span.end));
        }
        let mut depth = 0_usize;
        let mut expect_name = true;
        for token in &tokens[usize::from(grouped)..] {
            match token.kind {
                TokenKind::Op(b'(' | b'[' | b'{') => {
                    depth += 1;
                    expect_name = false;
                }
                TokenKind::Op(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
                TokenKind::Semicolon if depth == 0 => expect_name = true,
                TokenKind::Op(b',') if depth == 0 && decl.kind != DeclKind::Type => {
                    // `a, b = 1, 2`: only what stands before the `=` is a name.
                    expect_name = decl
                        .names
                        .last()
                        .is_some_and(|last| self.text[last.span.end..token.span.start].trim().is_empty());
                }
                TokenKind::Word if depth == 0 && expect_name => {
                    decl.names.push(Name { text: token.span.of(self.text).to_owned(), span: token.span });
                    expect_name = false;
                }
                _ => {}
            }
        }
    }

    /// The index of the semicolon that ends the statement at `self.at`; brackets must match.
    fn statement_end(&self) -> Result<usize, SyntaxError> {
        let mut open: Vec<Token> = Vec::new();
        for (index, token) in self.tokens.iter().enumerate().skip(self.at) {
            match token.kind {
                TokenKind::Op(b'(' | b'[' | b'{') => open.push(*token),
                TokenKind::Op(close @ (b')' | b']' | b'}')) => {
                    let expected = match close {
                        b')' => b'(',
                        b']' => b'[',
                        _ => b'{',
                    };
                    if open.pop().is_none_or(|open| open.kind != TokenKind::Op(expected)) {
                        let message = format!("this `{}` closes nothing", close as char);
                        return Err(SyntaxError::new(token.span, message));
                    }
                }
                TokenKind::Semicolon if open.is_empty() => return Ok(index),
                _ => {}
            }
        }
        let (span, message) = match open.first() {
            Some(open) => (open.span, format!("this `{}` is not closed", open.span.of(self.text))),
            None => (Span::at(self.text.len()), "the file ends in the middle of a declaration".to_owned()),
        };
        Err(SyntaxError::new(span, message))
    }

    fn end_of_statement(&mut self) -> Result<(), SyntaxError> {
        match self.peek() {
            None => Ok(()),
            Some(token) if token.kind == TokenKind::Semicolon => {
                self.at += 1;
                Ok(())
            }
            Some(token) if token.kind == TokenKind::Comment => {
                self.at += 1;
                self.end_of_statement()
            }
            Some(token) => Err(SyntaxError::new(token.span, "expected the end of the line")),
        }
    }
}

#[cfg(test)]
#[path = "outline_tests.rs"]
mod tests;
