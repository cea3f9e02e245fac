//! Reading a BUILD file by its syntax.
//!
//! BUILD files are a small part of Starlark: calls with named arguments, strings and lists. What is
//! more than that (`select`, comprehensions, arithmetic) is kept as it is and never looked into.

use crate::text::Span;

/// A BUILD file that cannot be edited, and the place that is in the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BuildError {
    /// What is in the way; the start of the file if something is missing.
    pub span: Span,
    /// What is in the way.
    pub message: String,
}

impl BuildError {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// The calls at the top level of a BUILD file.
pub(super) struct BuildFile<'a> {
    pub(super) text: &'a str,
    pub(super) calls: Vec<Call>,
}

/// `go_library(name = …, srcs = […])` or `load("…", "…")`.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) function: String,
    pub(super) span: Span,
    /// The strings given without a name.
    pub(super) strings: Vec<(String, Span)>,
    pub(super) attributes: Vec<Attribute>,
}

/// `srcs = […]` in a call.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) value: Value,
}

/// The values that matter here.
#[derive(Clone, Debug)]
pub(super) enum Value {
    String(String),
    /// A list, or the first list of a sum.
    List(List),
    Other,
}

/// A list of strings.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) span: Span,
    pub(super) items: Vec<(String, Span)>,
}

impl Call {
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub(super) fn name(&self) -> Option<&str> {
        match &self.attribute("name")?.value {
            Value::String(name) => Some(name),
            _ => None,
        }
    }
}

impl<'a> BuildFile<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, BuildError> {
        let tokens = tokens(text)?;
        let mut calls = Vec::new();
        for statement in statements(text, &tokens)? {
            calls.extend(call(text, statement)?);
        }
        Ok(Self { text, calls })
    }

    /// The rule of a kind: that with KubeVirt's name, or the only one.
    pub(super) fn rule(&self, function: &str, name: &str) -> Option<&Call> {
        let mut rules = self.calls.iter().filter(|call| call.function == function);
        let named = rules.clone().find(|call| call.name() == Some(name));
        named.or_else(|| rules.next().filter(|_| rules.next().is_none()))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Word,
    String,
    Number,
    Op(u8),
    /// The end of a line outside of brackets.
    Newline,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    span: Span,
}

impl Token {
    fn is(&self, op: u8) -> bool {
        self.kind == Kind::Op(op)
    }
}

/// The tokens of a text; brackets must match. Comments are none.
fn tokens(text: &str) -> Result<Vec<Token>, BuildError> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 8);
    let mut open: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let kind = match byte {
            b'\n' if open.is_empty() => Kind::Newline,
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            // A line goes on behind a backslash.
            b'\\' => {
                at += 2;
                continue;
            }
            b'#' => {
                at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
                continue;
            }
            b'"' | b'\'' => {
                at = string_end(bytes, at)
                    .ok_or_else(|| BuildError::new(Span::new(start, start + 1), "this string is not closed"))?;
                tokens.push(Token { kind: Kind::String, span: Span::new(start, at) });
                continue;
            }
            b if b.is_ascii_alphabetic() || b == b'_' || b >= 0x80 => Kind::Word,
            b if b.is_ascii_digit() => Kind::Number,
            op => Kind::Op(op),
        };
        at += 1;
        if matches!(kind, Kind::Word | Kind::Number) {
            at += bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 0x80).count();
        }
        let token = Token { kind, span: Span::new(start, at) };
        match kind {
            Kind::Op(b'(' | b'[' | b'{') => open.push(token),
            Kind::Op(close @ (b')' | b']' | b'}')) => {
                let expected = if close == b')' { b'(' } else { close - 2 };
                if open.pop().is_none_or(|open| !open.is(expected)) {
                    return Err(BuildError::new(token.span, format!("this `{}` closes nothing", close as char)));
                }
            }
            _ => {}
        }
        tokens.push(token);
    }
    match open.first() {
        Some(open) => Err(BuildError::new(open.span, format!("this `{}` is not closed", open.span.of(text)))),
        None => Ok(tokens),
    }
}

/// The byte after a string, which may have three quotes and then several lines.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    if bytes[start..].starts_with(&[quote; 3]) {
        let inner = &bytes[start + 3..];
        return memchr::memmem::find(inner, &[quote; 3]).map(|length| start + length + 6);
    }
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' => return None,
            b if *b == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The statements at the top level. Each starts with a word, or is a string that documents.
fn statements<'t>(text: &str, tokens: &'t [Token]) -> Result<Vec<&'t [Token]>, BuildError> {
    let statements: Vec<&[Token]> =
        tokens.split(|token| token.kind == Kind::Newline).filter(|statement| !statement.is_empty()).collect();
    for statement in &statements {
        let first = &statement[0];
        let second = statement.get(1);
        let is_statement = match first.kind {
            Kind::String => second.is_none(),
            Kind::Word => second.is_none_or(|second| {
                !matches!(second.kind, Kind::Word | Kind::String | Kind::Number)
                    || matches!(first.span.of(text), "def" | "for" | "if" | "return" | "not" | "else" | "elif")
            }),
            Kind::Op(b'[' | b'(' | b'{') => true,
            _ => false,
        };
        if !is_statement {
            let span = Span::new(first.span.start, statement[statement.len() - 1].span.end);
            let shown = span.of(text).lines().next().unwrap_or_default().len();
            let message = "this is not Starlark that is understood here";
            return Err(BuildError::new(Span::new(span.start, span.start + shown), message));
        }
    }
    Ok(statements)
}

/// `function(…)`, if that is all that a statement is.
fn call(text: &str, statement: &[Token]) -> Result<Option<Call>, BuildError> {
    let [name, open, arguments @ .., close] = statement else { return Ok(None) };
    if name.kind != Kind::Word || !open.is(b'(') || !close.is(b')') {
        return Ok(None);
    }
    let mut result = Call {
        function: name.span.of(text).to_owned(),
        span: Span::new(name.span.start, close.span.end),
        strings: Vec::new(),
        attributes: Vec::new(),
    };
    for argument in split_at_commas(arguments) {
        match argument {
            [only] if only.kind == Kind::String => result.strings.push((unquoted(text, only), only.span)),
            [name, equals, value @ ..] if name.kind == Kind::Word && equals.is(b'=') && !value.is_empty() => {
                let end = value[value.len() - 1].span.end;
                result.attributes.push(Attribute {
                    name: name.span.of(text).to_owned(),
                    span: Span::new(name.span.start, end),
                    value: read_value(text, value),
                });
            }
            // `go_library(name "x")`: two values side by side.
            [first, second, ..]
                if matches!(first.kind, Kind::Word | Kind::String)
                    && matches!(second.kind, Kind::Word | Kind::String) =>
            {
                let is_word = |token: &Token| matches!(token.span.of(text), "for" | "if" | "in" | "not" | "lambda");
                if !argument.iter().any(is_word) {
                    return Err(BuildError::new(second.span, "expected `,` or `=` before this"));
                }
            }
            _ => {}
        }
    }
    Ok(Some(result))
}

/// The parts of a list between commas outside of brackets.
fn split_at_commas(tokens: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Op(b'(' | b'[' | b'{') => depth += 1,
            Kind::Op(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            Kind::Op(b',') if depth == 0 => {
                parts.push(&tokens[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}

fn read_value(text: &str, value: &[Token]) -> Value {
    match value {
        [only] if only.kind == Kind::String => Value::String(unquoted(text, only)),
        [open, ..] if open.is(b'[') => {
            let Some(close) = matching(value) else { return Value::Other };
            // `[…] + select({…})`: what belongs everywhere stands in the first list.
            if value.get(close + 1).is_some_and(|next| !next.is(b'+')) {
                return Value::Other;
            }
            let items = split_at_commas(&value[1..close]);
            let mut strings = Vec::new();
            for item in items {
                match item {
                    [] => {}
                    [only] if only.kind == Kind::String => strings.push((unquoted(text, only), only.span)),
                    _ => return Value::Other,
                }
            }
            Value::List(List { span: Span::new(open.span.start, value[close].span.end), items: strings })
        }
        _ => Value::Other,
    }
}

/// A list of strings, and what is added to it on some conditions: `[…] + select({…}) + …`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sum {
    /// What belongs everywhere.
    pub(super) plain: Vec<String>,
    /// Each `select`: its conditions and their lists.
    pub(super) selects: Vec<Vec<(String, Vec<String>)>>,
}

/// Reads the value of an attribute as a sum; nothing if it is more than that, or has comments,
/// which cannot be kept when it is written again.
pub(super) fn sum(value: &str) -> Option<Sum> {
    if value.contains('#') || !is_plain(value) {
        return None;
    }
    let tokens = tokens(value).ok()?;
    let mut rest = tokens.as_slice();
    let mut sum = Sum::default();
    loop {
        let length = match rest {
            [open, ..] if open.is(b'[') => {
                let close = matching(rest)?;
                sum.plain.extend(items(value, &rest[..=close])?);
                close
            }
            [name, open, ..] if name.span.of(value) == "select" && open.is(b'(') => {
                let close = matching(&rest[1..])? + 1;
                let [brace, inner @ .., end] = &rest[2..close] else { return None };
                if !brace.is(b'{') || !end.is(b'}') {
                    return None;
                }
                let entries = split_at_commas(inner).into_iter().filter(|entry| !entry.is_empty());
                sum.selects.push(entries.map(|entry| condition(value, entry)).collect::<Option<_>>()?);
                close
            }
            _ => return None,
        };
        match &rest[length + 1..] {
            [] => return Some(sum),
            [plus, more @ ..] if plus.is(b'+') => rest = more,
            _ => return None,
        }
    }
}

fn condition(text: &str, entry: &[Token]) -> Option<(String, Vec<String>)> {
    let [key, colon, list @ ..] = entry else { return None };
    let is_condition = key.kind == Kind::String && colon.is(b':');
    is_condition.then(|| Some((unquoted(text, key), items(text, list)?))).flatten()
}

/// The strings in brackets.
fn items(text: &str, list: &[Token]) -> Option<Vec<String>> {
    let [open, inner @ .., close] = list else { return None };
    if !open.is(b'[') || !close.is(b']') {
        return None;
    }
    let parts = split_at_commas(inner).into_iter().filter(|part| !part.is_empty());
    parts.map(|part| matches!(part, [only] if only.kind == Kind::String).then(|| unquoted(text, &part[0]))).collect()
}

/// The index of the bracket that closes the first one.
fn matching(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().position(|token| {
        match token.kind {
            Kind::Op(b'(' | b'[' | b'{') => depth += 1,
            Kind::Op(b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// Whether every string in a text is written as buildifier writes it, and so can be written again.
pub(super) fn is_plain(text: &str) -> bool {
    !text.contains(['\'', '\\']) && !text.contains("\"\"\"")
}

fn unquoted(text: &str, token: &Token) -> String {
    let literal = token.span.of(text);
    let quotes = if literal.starts_with("\"\"\"") || literal.starts_with("'''") { 3 } else { 1 };
    literal[quotes..literal.len() - quotes].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_with_their_attributes() {
        let text = "# a comment\nload(\"//x:y.bzl\", \"go_library\")\n\n\"\"\"docs\"\"\"\nX = [1, 2]\n\ngo_library(\n    name = \"n\",  # keep\n    srcs = [\n        \"a.go\",\n        # why\n        \"b.go\",\n    ] + select({\"//c\": [\"d.go\"]}),\n    cgo = True,\n    deps = glob([\"*\"]),\n)\n\n[rule(name = x) for x in X]\n";
        let file = BuildFile::parse(text).unwrap();
        let functions: Vec<&str> = file.calls.iter().map(|call| call.function.as_str()).collect();
        assert_eq!(functions, ["load", "go_library"]);
        let rule = file.rule("go_library", "other").unwrap();
        assert_eq!(rule.name(), Some("n"));
        let Value::List(list) = &rule.attribute("srcs").unwrap().value else { panic!("a list") };
        assert_eq!(list.items.iter().map(|(item, _)| item.as_str()).collect::<Vec<_>>(), ["a.go", "b.go"]);
        assert!(list.span.of(text).ends_with(",\n    ]"));
        assert!(matches!(rule.attribute("deps").unwrap().value, Value::Other));
    }

    #[test]
    fn what_is_no_build_file_is_refused_with_a_place() {
        for (text, found) in [
            ("go_library(\n", "("),
            ("go_library)\n", ")"),
            ("x = \"abc\n", "\""),
            ("this is not a build file\n", "this is not a build file"),
            ("go_library(name \"x\")\n", "\"x\""),
            ("x = [)\n", ")"),
        ] {
            let error = BuildFile::parse(text).err().unwrap();
            assert_eq!(error.span.of(text), found, "{text}");
        }
    }
}
