//! Go's tokens, with the semicolons that line ends stand for.
//!
//! Fast enough to look through a whole package for a name, and enough to cut a file into its
//! declarations. What stands inside a declaration is left to a real parser (`syntax`).

use crate::text::Span;

/// The kind of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// A name or a keyword.
    Word,
    /// A number.
    Number,
    /// A string in quotes or backquotes.
    String,
    /// A character in single quotes.
    Char,
    /// One byte of an operator, or a bracket.
    Op(u8),
    /// A comment, to the end of its line or its `*/`.
    Comment,
    /// A semicolon, written or implied; an implied one covers no byte.
    Semicolon,
}

/// A token and its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// The kind of the token, as far as declarations are cut by it.
    pub kind: TokenKind,
    /// The bytes of the token.
    pub span: Span,
}

/// A place where the text is no Go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// The first place that is wrong.
    pub span: Span,
    /// What is wrong there.
    pub message: String,
}

impl SyntaxError {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// All tokens of a text.
pub fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { bytes: text.as_bytes(), at: 0, tokens: Vec::with_capacity(text.len() / 4), ends: false };
    if text.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    while lexer.at < lexer.bytes.len() {
        lexer.next(text)?;
    }
    lexer.imply_semicolon(text.len());
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    /// Whether the last token ends a statement if the line ends here.
    ends: bool,
}

impl Lexer<'_> {
    fn next(&mut self, text: &str) -> Result<(), SyntaxError> {
        let start = self.at;
        match self.bytes[start] {
            b'\n' => {
                self.imply_semicolon(start);
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'/' if self.bytes.get(start + 1) == Some(&b'/') => {
                let end = memchr::memchr(b'\n', &self.bytes[start..]).map_or(self.bytes.len(), |n| start + n);
                self.comment(start, end);
            }
            b'/' if self.bytes.get(start + 1) == Some(&b'*') => {
                let Some(length) = memchr::memmem::find(&self.bytes[start + 2..], b"*/") else {
                    return Err(SyntaxError::new(Span::new(start, start + 2), "this comment is not closed"));
                };
                let end = start + 2 + length + 2;
                // A comment over several lines ends the line that it starts on.
                if memchr::memchr(b'\n', &self.bytes[start..end]).is_some() {
                    self.imply_semicolon(start);
                }
                self.comment(start, end);
            }
            b'`' => {
                let Some(length) = memchr::memchr(b'`', &self.bytes[start + 1..]) else {
                    return Err(SyntaxError::new(Span::new(start, start + 1), "this string is not closed"));
                };
                self.push(TokenKind::String, start, start + length + 2, true);
            }
            quote @ (b'"' | b'\'') => self.quoted(quote)?,
            b'0'..=b'9' => self.run(TokenKind::Number, start),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.run(TokenKind::Word, start),
            b';' => self.push(TokenKind::Semicolon, start, start + 1, false),
            op => {
                let ends = matches!(op, b')' | b']' | b'}') || self.is_increment(op);
                self.push(TokenKind::Op(op), start, start + 1, ends);
                debug_assert!(text.is_char_boundary(self.at));
            }
        }
        Ok(())
    }

    /// The second half of `++` or `--`.
    fn is_increment(&self, op: u8) -> bool {
        matches!(op, b'+' | b'-')
            && self.tokens.last().is_some_and(|last| last.kind == TokenKind::Op(op) && last.span.end == self.at)
    }

    fn run(&mut self, kind: TokenKind, start: usize) {
        let is_part =
            |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80 || (kind == TokenKind::Number && *b == b'.');
        let length = self.bytes[start..].iter().take_while(|b| is_part(b)).count();
        let ends = kind == TokenKind::Number || ends_statement(&self.bytes[start..start + length]);
        self.push(kind, start, start + length, ends);
    }

    fn quoted(&mut self, quote: u8) -> Result<(), SyntaxError> {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.bytes.get(at) {
                Some(&b) if b == quote => break,
                Some(b'\\') => at += 2,
                Some(b'\n') | None => {
                    return Err(SyntaxError::new(Span::new(start, start + 1), "this string is not closed"));
                }
                Some(_) => at += 1,
            }
        }
        let kind = if quote == b'"' { TokenKind::String } else { TokenKind::Char };
        self.push(kind, start, at + 1, true);
        Ok(())
    }

    fn comment(&mut self, start: usize, end: usize) {
        self.tokens.push(Token { kind: TokenKind::Comment, span: Span::new(start, end) });
        self.at = end;
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize, ends: bool) {
        self.tokens.push(Token { kind, span: Span::new(start, end) });
        self.at = end;
        self.ends = ends;
    }

    fn imply_semicolon(&mut self, at: usize) {
        if self.ends {
            // Behind a comment at the line's end, the semicolon belongs before the comment.
            let span = Span::at(at);
            self.tokens.push(Token { kind: TokenKind::Semicolon, span });
            self.ends = false;
        }
    }
}

/// Keywords after which a line can go on imply no semicolon.
fn ends_statement(word: &[u8]) -> bool {
    const OPEN: &[&[u8]] = &[
        b"case",
        b"chan",
        b"const",
        b"default",
        b"defer",
        b"else",
        b"for",
        b"func",
        b"go",
        b"goto",
        b"if",
        b"import",
        b"interface",
        b"map",
        b"package",
        b"range",
        b"select",
        b"struct",
        b"switch",
        b"type",
        b"var",
    ];
    !OPEN.contains(&word)
}

/// The value of a string literal, as far as it matters for comparing: simple escapes are resolved.
pub fn unquote(literal: &str) -> String {
    if let Some(raw) = literal.strip_prefix('`') {
        return raw.trim_end_matches('`').replace('\r', "");
    }
    let inner = literal.trim_start_matches('"');
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some(other) => value.push(other),
                None => {}
            },
            c => value.push(c),
        }
    }
    value
}

/// Every string in a text; literals joined by `+` are one.
pub fn strings(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut joins = false;
    let mut previous = None;
    for token in tokens.iter().filter(|token| token.kind != TokenKind::Comment) {
        if token.kind == TokenKind::String {
            let value = unquote(token.span.of(text));
            match found.last_mut() {
                Some(last) if joins => last.push_str(&value),
                _ => found.push(value),
            }
        }
        joins = token.kind == TokenKind::Op(b'+') && previous == Some(TokenKind::String);
        previous = Some(token.kind);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> String {
        tokens(text)
            .unwrap()
            .iter()
            .map(|token| match token.kind {
                TokenKind::Word => 'w',
                TokenKind::Number => 'n',
                TokenKind::String => 's',
                TokenKind::Char => 'c',
                TokenKind::Op(op) => op as char,
                TokenKind::Comment => '#',
                TokenKind::Semicolon => ';',
            })
            .collect()
    }

    #[test]
    fn line_ends_imply_semicolons_where_go_says_so() {
        assert_eq!(kinds("x := 1\ny++\n"), "w:=n;w++;");
        assert_eq!(kinds("func f(\n\ta int,\n) {\n}\n"), "ww(ww,){};");
        assert_eq!(kinds("return\n}"), "w;};");
        assert_eq!(kinds("x // c\n/* a\nb */ y"), "w#;#w;");
    }

    #[test]
    fn strings_hide_what_looks_like_code() {
        assert_eq!(kinds("`}\n{` \"\\\"}\" '\\''"), "ssc;");
        assert_eq!(strings("It(\"a \" +\n\t\"b\", `c`)", &tokens("It(\"a \" +\n\t\"b\", `c`)").unwrap()), ["a b", "c"]);
        assert_eq!(unquote("\"a \\\"b\\\"\\n\""), "a \"b\"\n");
    }

    #[test]
    fn what_is_not_closed_is_an_error() {
        for text in ["\"abc\n", "`abc", "/* abc", "'a\n"] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }
}
