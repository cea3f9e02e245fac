//! Constants and variables in groups, whose equals signs stand in one column.

use super::beside::Position;
use super::edit::{AnchorError, Target};
use super::outline::{Decl, DeclKind};
use crate::text::{Span, TextEdit, indentation, line_start, next_line};

/// A line `name type = value` of a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Line<'a> {
    name: &'a str,
    ty: Option<&'a str>,
    value: &'a str,
}

impl<'a> Line<'a> {
    /// Reads one that stands on a single line.
    fn parse(line: &'a str) -> Option<Self> {
        let (left, value) = line.trim().split_once(" = ")?;
        let mut words = left.split_whitespace();
        let (name, ty) = (words.next()?, words.next());
        let whole = !value.trim_end().ends_with(['(', '{', '+', '`', ',', '|']) && words.next().is_none();
        let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        (whole && plain).then(|| Line { name, ty, value: value.trim() })
    }
}

impl Target<'_> {
    /// The neighbouring lines of a group in which a name stands, as far as nothing else is between.
    fn run(&self, group: &Decl, name: &str) -> Option<Span> {
        let known = group.names.iter().find(|known| known.text == name)?;
        let is_line = |at: usize| Line::parse(&self.text[at..next_line(self.text, at)]).is_some();
        let mut start = line_start(self.text, known.span.start);
        let mut end = next_line(self.text, start);
        if !is_line(start) {
            return None;
        }
        while start > 0 && is_line(line_start(self.text, start - 1)) {
            start = line_start(self.text, start - 1);
        }
        while end < self.text.len() && is_line(end) {
            end = next_line(self.text, end);
        }
        Some(Span::new(start, end))
    }

    /// The names on the lines that stand with a name of a group.
    pub fn run_names<'g>(&self, group: &'g Decl, name: &str) -> Vec<&'g str> {
        let Some(run) = self.run(group, name) else { return Vec::new() };
        let inside = group.names.iter().filter(|known| run.contains(known.span.start));
        inside.map(|known| known.text.as_str()).collect()
    }

    /// A line more at its place beside one of a group, in line with its neighbours; nothing if that one is not there.
    pub fn put_aligned(
        &self,
        position: &Position,
        name: &str,
        ty: Option<&str>,
        value: &str,
        comment: Option<&str>,
    ) -> Option<TextEdit> {
        let anchor = position.anchor()?;
        let group = self.file.declares(anchor).filter(|decl| decl.kind == DeclKind::Const)?;
        let whole = |keyword: &str| {
            let comment = comment.map(|comment| format!("// {comment}\n")).unwrap_or_default();
            let ty = ty.map(|ty| format!(" {ty}")).unwrap_or_default();
            format!("{comment}{keyword}{name}{ty} = {value}")
        };
        if group.body.is_none() {
            return self.put_declaration(position, &whole("const "));
        }
        let run = self.run(group, anchor)?;
        let mut lines: Vec<Line<'_>> = run.of(self.text).lines().filter_map(Line::parse).collect();
        let at = lines.iter().position(|line| line.name == anchor)?;
        if comment.is_some() || lines.len() == 1 && self.has_comment(run) {
            // A comment between lines would end their columns.
            return self.put_constant(position, &whole("")).filter(|_| lines.len() == 1);
        }
        let next = if matches!(position, Position::After(_)) { at + 1 } else { at };
        lines.insert(next, Line { name, ty, value });
        let text = run.of(self.text);
        let indentation = indentation(self.text, run.start);
        let width = |column: fn(&Line<'_>) -> usize| lines.iter().map(column).max().unwrap_or(0);
        let (names, types) = (width(|line| line.name.len()), width(|line| line.ty.map_or(0, str::len)));
        let all: Vec<String> = lines.iter().map(|line| padded(line, indentation, names, types)).collect();
        // Where no other has to move, it is a line more.
        let others = all.iter().enumerate().filter(|(at, _)| *at != next).map(|(_, line)| line.as_str());
        if others.collect::<String>() == text {
            let before: usize = all[..next].iter().map(String::len).sum();
            return Some(TextEdit::insert(run.start + before, all[next].clone()));
        }
        Some(TextEdit { span: run, text: all.concat() })
    }

    fn has_comment(&self, run: Span) -> bool {
        let above = self.text[..run.start].trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
        above.trim_start().starts_with("//")
    }

    /// A line more at the end of those that a name of a group stands with; they are aligned anew where it is longer.
    pub fn append_aligned(
        &self,
        beside: &str,
        name: &str,
        ty: Option<&str>,
        value: &str,
        comment: Option<&str>,
    ) -> Result<TextEdit, AnchorError> {
        let missing = || self.missing(&format!("`{beside} = …` in a group, on a line of its own"), DeclKind::Const);
        let groups = self.file.decls.iter().filter(|decl| matches!(decl.kind, DeclKind::Const | DeclKind::Var));
        let group = groups.into_iter().filter(|decl| decl.body.is_some());
        let group =
            group.into_iter().find(|decl| decl.names.iter().any(|known| known.text == beside)).ok_or_else(missing)?;
        let run = self.run(group, beside).ok_or_else(missing)?;
        let text = run.of(self.text);
        let lines: Vec<Line<'_>> = text.lines().filter_map(Line::parse).collect();
        let width = |column: fn(&Line<'_>) -> usize| lines.iter().map(column).max().unwrap_or(0);
        let (names, types) = (width(|line| line.name.len()), width(|line| line.ty.map_or(0, str::len)));
        let indentation = indentation(self.text, run.start);
        let new = Line { name, ty, value };
        let is_one = lines.len() == 1 && self.has_comment(run);
        if let Some(comment) = comment {
            // A comment between lines ends their columns.
            let gap = if is_one { "\n" } else { "" };
            let comment = comment.replace('\n', &format!("\n{indentation}"));
            let line = padded(&new, indentation, 0, 0);
            return Ok(TextEdit::insert(run.end, format!("{gap}{indentation}// {comment}\n{line}")));
        }
        if is_one {
            // The comment above is about that one alone.
            return Ok(TextEdit::insert(run.end, format!("\n{}", padded(&new, indentation, 0, 0))));
        }
        if names >= name.len() && types >= ty.map_or(0, str::len) {
            return Ok(TextEdit::insert(run.end, padded(&new, indentation, names, types)));
        }
        let (names, types) = (names.max(name.len()), types.max(ty.map_or(0, str::len)));
        let all = lines.iter().chain([&new]).map(|line| padded(line, indentation, names, types)).collect::<String>();
        Ok(TextEdit { span: run, text: all })
    }
}

fn padded(line: &Line<'_>, indentation: &str, names: usize, types: usize) -> String {
    let Line { name, ty, value } = line;
    match types {
        0 if ty.is_none() => format!("{indentation}{name:names$} = {value}\n"),
        _ => format!("{indentation}{name:names$} {:types$} = {value}\n", ty.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;
    use crate::text::TextEdits;

    const TEXT: &str = "package x\n\nvar (\n\t/* SIGs */\n\n\tA = Label(\"a\")\n\n\t/* Features */\n\n\tBcd = Label(\"b\")\n\tE   = Label(\"e\")\n\n\t// F is f.\n\tF = Label(\"f\")\n)\n";

    fn with(beside: &str, name: &str) -> String {
        let file = GoFile::parse(TEXT).unwrap();
        let target = Target::new(TEXT, &file);
        let edit = target.append_aligned(beside, name, None, "Label(\"x\")", None).unwrap();
        target.apply(&TextEdits::new(vec![edit]).unwrap()).unwrap()
    }

    #[test]
    fn a_line_stands_in_the_column_of_the_others() {
        assert!(with("Bcd", "X").contains("\tE   = Label(\"e\")\n\tX   = Label(\"x\")\n\n"));
        assert!(
            with("E", "Longer")
                .contains("\n\n\tBcd    = Label(\"b\")\n\tE      = Label(\"e\")\n\tLonger = Label(\"x\")\n\n")
        );
        assert!(with("F", "X").contains("\tF = Label(\"f\")\n\n\tX = Label(\"x\")\n)"));
        let file = GoFile::parse(TEXT).unwrap();
        let target = Target::new(TEXT, &file);
        let edit = target.append_aligned("E", "Longer", None, "Label(\"x\")", Some("Longer is longer.")).unwrap();
        let text = target.apply(&TextEdits::new(vec![edit]).unwrap()).unwrap();
        assert!(text.contains("\tE   = Label(\"e\")\n\t// Longer is longer.\n\tLonger = Label(\"x\")\n\n"));
        assert_eq!(target.run_names(&file.decls[0], "E"), ["Bcd", "E"]);
    }
}
