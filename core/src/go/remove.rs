//! Taking things out, so that what is left is as gofmt would have it.

use std::fmt::Write as _;

use super::edit::{AnchorError, FuncName, Target};
use super::lexer::TokenKind;
use super::outline::DeclKind;
use crate::text::{Span, TextEdit, comment_above, line_start, next_line};

/// A constant of a group, with the comment above it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Constant {
    /// The lines of the comment, without white space around them.
    pub comment: Vec<String>,
    /// The line itself, without white space around it.
    pub line: String,
    /// Where all of it stands, in whole lines.
    pub span: Span,
}

impl Target<'_> {
    /// A constant that has a line of its own in a group.
    pub fn constant(&self, name: &str) -> Result<Constant, AnchorError> {
        let missing = || self.missing(&format!("the constant `{name}` in a group"), DeclKind::Const);
        let groups = self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const && decl.body.is_some());
        let found = groups.flat_map(|decl| decl.names.iter().map(move |known| (decl, known)));
        let (decl, known) = found.into_iter().find(|(_, known)| known.text == name).ok_or_else(missing)?;
        self.fragment(decl.span)?;
        let body = decl.body.ok_or_else(missing)?;
        let start = line_start(self.text, known.span.start);
        let end = next_line(self.text, known.span.end);
        if start <= body.start {
            return Err(missing());
        }
        let top = comment_above(self.text, start);
        let lines = |span: Span| span.of(self.text).lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
        Ok(Constant {
            comment: lines(Span::new(top, start)),
            line: lines(Span::new(start, end)).concat(),
            span: Span::new(top, end),
        })
    }

    /// Takes a constant out of its group; what it was aligned with is aligned anew.
    pub fn remove_constant(&self, name: &str) -> Result<TextEdit, AnchorError> {
        let constant = self.constant(name)?;
        let gone = without_blank(self.text, constant.span);
        let (mut start, mut end) = (gone.start, gone.end);
        while let Some(above) = line_above(self.text, start).filter(|line| assignment(line.of(self.text)).is_some()) {
            start = above.start;
        }
        while end < self.text.len() {
            let below = Span::new(end, next_line(self.text, end));
            if assignment(below.of(self.text)).is_none() {
                break;
            }
            end = below.end;
        }
        let kept = [&self.text[start..gone.start], &self.text[gone.end..end]].concat();
        Ok(TextEdit::replace(Span::new(start, end), aligned(&kept)))
    }

    /// Takes the lines of a statement out of a function's body.
    pub fn remove_lines(&self, func: FuncName<'_>, span: Span) -> Result<TextEdit, AnchorError> {
        let decl = self.func(func)?;
        self.fragment(decl.span)?;
        let lines = Span::new(line_start(self.text, span.start), next_line(self.text, span.end));
        Ok(TextEdit::replace(without_blank(self.text, lines), ""))
    }

    /// Takes an element that has a line of its own out of a list: `package.Name,`. Nothing if there is none, or
    /// if nothing else in the file would use the package any more.
    pub fn remove_element(&self, package: &str, name: &str) -> Option<TextEdit> {
        let element = format!("{package}.{name},");
        let is_word =
            |span: Span| self.file.tokens.iter().any(|token| token.span == span && token.kind == TokenKind::Word);
        let found = memchr::memmem::find_iter(self.text.as_bytes(), element.as_bytes());
        let whole = |at: &usize| {
            let line = Span::new(line_start(self.text, *at), next_line(self.text, *at));
            line.of(self.text).trim() == element && is_word(Span::new(*at, at + package.len()))
        };
        let at = found.into_iter().find(whole)?;
        let uses = self.file.tokens.iter().filter(|token| token.span.of(self.text) == package).count();
        let line = Span::new(line_start(self.text, at), next_line(self.text, at));
        (uses > 1).then(|| TextEdit::replace(line, ""))
    }

    /// Takes out the line that something stands on.
    pub fn without_line(&self, span: Span) -> TextEdit {
        let line = Span::new(line_start(self.text, span.start), next_line(self.text, span.end));
        TextEdit::replace(without_blank(self.text, line), "")
    }

    /// Takes a method out of the file, with its comment.
    pub fn remove_method(&self, func: FuncName<'_>) -> Result<TextEdit, AnchorError> {
        let span = self.func(func)?.with_doc();
        let lines = Span::new(line_start(self.text, span.start), next_line(self.text, span.end));
        Ok(TextEdit::replace(without_blank(self.text, lines), ""))
    }
}

/// Some lines, and the blank one that would be too many without them.
fn without_blank(text: &str, lines: Span) -> Span {
    let is_blank = |span: Span| span.of(text).trim().is_empty();
    let above = line_above(text, lines.start);
    let below = (lines.end < text.len()).then(|| Span::new(lines.end, next_line(text, lines.end)));
    let closes = |span: Span| span.of(text).trim_start().starts_with([')', '}']);
    let opens = |span: Span| span.of(text).trim_end().ends_with(['(', '{']);
    match (above, below) {
        (Some(above), Some(below)) if is_blank(below) && (is_blank(above) || opens(above)) => {
            Span::new(lines.start, below.end)
        }
        (Some(above), Some(below)) if is_blank(above) && closes(below) => Span::new(above.start, lines.end),
        (Some(above), None) if is_blank(above) => Span::new(above.start, lines.end),
        _ => lines,
    }
}

/// The line before the one that starts at an offset.
fn line_above(text: &str, start: usize) -> Option<Span> {
    let end = start.checked_sub(1)?;
    Some(Span::new(line_start(text, end), start))
}

/// `name = value` on a line of its own, without a comment behind it.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().split_once('=')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name && !value.contains("//")).then(|| (name, value.trim_start()))
}

/// Lines of `name = value` with the equals signs below each other.
fn aligned(lines: &str) -> String {
    let width = lines.lines().filter_map(assignment).map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::with_capacity(lines.len());
    for line in lines.split_inclusive('\n') {
        match assignment(line) {
            Some((name, value)) => {
                let indent = &line[..line.len() - line.trim_start().len()];
                let end = if line.ends_with('\n') { "\n" } else { "" };
                let _ = write!(text, "{indent}{name:width$} = {value}{end}");
            }
            None => text.push_str(line),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;
    use crate::text::TextEdits;

    fn without(text: &str, name: &str) -> String {
        let file = GoFile::parse(text).unwrap();
        let target = Target::new(text, &file);
        target.apply(&target.remove_constant(name).unwrap().into()).unwrap()
    }

    #[test]
    fn neighbours_are_aligned_anew() {
        let text =
            "package a\n\nconst (\n\t// Alpha: v1\n\tLongGate = \"L\"\n\tB        = \"B\"\n\tCC       = \"C\"\n)\n";
        assert_eq!(without(text, "LongGate"), "package a\n\nconst (\n\tB  = \"B\"\n\tCC = \"C\"\n)\n");
        assert!(without(text, "B").contains("\tLongGate = \"L\"\n\tCC       = \"C\"\n"));
    }

    #[test]
    fn one_blank_line_is_left() {
        let text = "package a\n\nconst (\n\tA = \"A\"\n\n\t// B is b.\n\tB = \"B\"\n\n\tC = \"C\"\n)\n";
        assert_eq!(without(text, "B"), "package a\n\nconst (\n\tA = \"A\"\n\n\tC = \"C\"\n)\n");
        assert_eq!(without(text, "A"), "package a\n\nconst (\n\t// B is b.\n\tB = \"B\"\n\n\tC = \"C\"\n)\n");
        assert!(without(text, "C").ends_with("\tB = \"B\"\n)\n"));
    }

    #[test]
    fn an_element_goes_with_its_line() {
        let text = "package a\n\nvar gates = []string{\n\tx.A,\n\tx.B, // because\n\tx.C,\n}\n";
        let file = GoFile::parse(text).unwrap();
        let target = Target::new(text, &file);
        let edit = target.remove_element("x", "C").unwrap();
        assert!(target.apply(&edit.into()).unwrap().ends_with("\tx.B, // because\n}\n"));
        assert!(target.remove_element("x", "B").is_none() && target.remove_element("x", "D").is_none());
    }

    #[test]
    fn statements_and_methods_go_with_their_lines() {
        let text = "package a\n\nfunc init() {\n\tf(1)\n\tf(2)\n}\n\n// On is on.\nfunc (c *C) On() bool {\n\treturn true\n}\n\nfunc g() {}\n";
        let file = GoFile::parse(text).unwrap();
        let target = Target::new(text, &file);
        let at = text.find("f(2)").unwrap();
        let init = FuncName { receiver: None, name: "init" };
        let line = target.remove_lines(init, Span::new(at, at + 4)).unwrap();
        let method = target.remove_method(FuncName { receiver: Some("C"), name: "On" }).unwrap();
        assert_eq!(
            target.apply(&TextEdits::new(vec![line, method]).unwrap()).unwrap(),
            "package a\n\nfunc init() {\n\tf(1)\n}\n\nfunc g() {}\n"
        );
    }
}
