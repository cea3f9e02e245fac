//! Fields of structs: reading them, and adding some in line with their neighbours, as gofmt would.

use super::beside::Position;
use super::edit::{AnchorError, Target, indent, type_body};
use super::outline::DeclKind;
use crate::text::{Span, TextEdit, comment_above, line_start, next_line};

/// A field of a struct.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Its name; nothing if it is embedded.
    pub name: Option<String>,
    /// Its type, as Go.
    pub ty: String,
    /// Its tag with the backticks, or nothing.
    pub tag: Option<String>,
}

impl Member {
    /// What code calls it: an embedded one has the name of its type.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.ty.rsplit(['.', '*']).next().unwrap_or_default())
    }

    fn cells(&self) -> Vec<&str> {
        self.name.iter().map(String::as_str).chain([self.ty.as_str()]).chain(self.tag.as_deref()).collect()
    }

    /// What its tag says for a key, `xml` of `xml:"name,attr"`.
    pub fn tag_of(&self, key: &str) -> Option<&str> {
        let tag = self.tag.as_deref()?.trim_matches('`');
        let (_, rest) = tag.split_once(&format!("{key}:\""))?;
        rest.split('"').next()
    }
}

/// Fields as the lines of a struct, without indentation.
pub fn aligned(members: &[Member]) -> Vec<String> {
    let rows: Vec<Vec<&str>> = members.iter().map(Member::cells).collect();
    align(&rows)
}

/// Cells in columns: neighbours that have a cell behind a column share its width.
pub fn align(rows: &[Vec<&str>]) -> Vec<String> {
    let mut widths: Vec<Vec<usize>> = rows.iter().map(|row| vec![0; row.len().saturating_sub(1)]).collect();
    for column in 0..rows.iter().map(Vec::len).max().unwrap_or(0) {
        let has = |row: &Vec<&str>| row.len() > column + 1;
        let mut at = 0;
        while at < rows.len() {
            let run = rows[at..].iter().take_while(|row| has(row)).count();
            let width = rows[at..at + run].iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            widths[at..at + run].iter_mut().for_each(|row| row[column] = width);
            at += run.max(1);
        }
    }
    // A column that is empty on all lines takes no place.
    let pad = |(cell, &width): (&&str, &usize)| if width == 0 { String::new() } else { format!("{cell:width$} ") };
    let line = |(row, widths): (&Vec<&str>, &Vec<usize>)| {
        let padded = row.iter().zip(widths).map(pad);
        padded.collect::<String>() + row.last().unwrap_or(&"")
    };
    rows.iter().zip(&widths).map(line).collect()
}

/// A field and its place, with the comment behind it.
struct Placed {
    member: Member,
    span: Span,
    note: Option<String>,
}

impl Placed {
    /// What stands in columns: the comment has its own, behind that of the tags.
    fn cells(&self) -> Vec<&str> {
        let mut cells = self.member.cells();
        if let Some(note) = &self.note {
            cells.resize(3, "");
            cells.push(note);
        }
        cells
    }

    /// It stands in one line, as the others do.
    fn is_plain(&self, text: &str) -> bool {
        let odd = self.member.name.is_none() && self.note.is_some();
        !odd && !self.span.of(text).contains('\n')
    }
}

impl Target<'_> {
    /// The fields of a struct that the file declares, with their places.
    pub fn struct_members(&self, type_name: &str) -> Option<Vec<(Member, Span)>> {
        let placed = self.placed(type_name).ok()?;
        Some(placed.into_iter().map(|placed| (placed.member, placed.span)).collect())
    }

    fn placed(&self, type_name: &str) -> Result<Vec<Placed>, AnchorError> {
        let expected = format!("`type {type_name} struct`");
        let missing = || self.missing(&expected, DeclKind::Type);
        let decl = self.file.declares(type_name).filter(|decl| decl.kind == DeclKind::Type).ok_or_else(missing)?;
        let fragment = self.fragment(decl.span)?;
        let text = |node| fragment.span(node).of(self.text);
        let body = type_body(&fragment, self.text, type_name).filter(|ty| ty.kind() == "struct_type");
        let list = body.and_then(|body| body.named_child(0)).ok_or_else(missing)?;
        let mut cursor = list.walk();
        let mut found: Vec<Placed> = Vec::new();
        for child in list.named_children(&mut cursor) {
            let span = fragment.span(child);
            if child.kind() == "comment" {
                if let Some(last) = found.last_mut().filter(|last| !self.text[last.span.end..span.start].contains('\n'))
                {
                    last.note = Some(text(child).to_owned());
                    last.span.end = span.end;
                }
                continue;
            }
            let tag = child.child_by_field_name("tag");
            let mut names = child.walk();
            let names: Vec<_> =
                child.children_by_field_name("name", &mut names).map(|name| fragment.span(name)).collect();
            let name = names.first().zip(names.last()).map(|(first, last)| &self.text[first.start..last.end]);
            // The star of an embedded pointer is no part of the grammar's type.
            let from = names.last().map_or(span.start, |last| last.end);
            let to = tag.map_or(span.end, |tag| fragment.span(tag).start);
            let member = Member {
                name: name.map(str::to_owned),
                ty: self.text[from..to].trim().to_owned(),
                tag: tag.map(|tag| text(tag).to_owned()),
            };
            found.push(Placed { member, span, note: None });
        }
        Ok(found)
    }

    /// The end of a struct's or an interface's list of members.
    pub fn append_member(&self, type_name: &str, snippet: &str) -> Result<TextEdit, AnchorError> {
        let expected = format!("`type {type_name} struct` or `interface`");
        let decl = self.type_decl(type_name).ok_or_else(|| self.missing(&expected, DeclKind::Type))?;
        let fragment = self.fragment(decl.span)?;
        match type_body(&fragment, self.text, type_name)
            .filter(|body| matches!(body.kind(), "struct_type" | "interface_type"))
        {
            Some(body) => {
                let span = fragment.span(body);
                let whole = span.of(self.text);
                // gofmt has no blank in `struct{}`, and one before a brace that stands open.
                match whole.strip_suffix('}').and_then(|head| head.trim_end().strip_suffix('{')) {
                    Some(word) if matches!(word, "struct" | "interface") => {
                        let text = format!(" {{\n{}", indent(snippet, "\t"));
                        Ok(TextEdit { span: Span::new(span.start + word.len(), span.end - 1), text })
                    }
                    _ => self.before_close(span.end - 1, snippet),
                }
            }
            None => Err(self.missing(&expected, DeclKind::Type)),
        }
    }

    /// A field with its comment at a place among those of a struct, apart from them where they stand apart; nothing if
    /// that is behind the last one.
    pub fn put_member(
        &self,
        type_name: &str,
        position: &Position,
        snippet: &str,
    ) -> Result<Option<Vec<TextEdit>>, AnchorError> {
        let there = self.placed(type_name)?;
        let of = |name: &str| there.iter().position(|placed| placed.member.called() == name);
        let next = match position {
            Position::First => Some(0),
            Position::Before(name) => of(name),
            Position::After(name) => of(name).map(|at| at + 1),
        };
        let Some(next) = next.filter(|next| *next < there.len()) else {
            return Ok(None);
        };
        let gap = |at: usize| {
            let above = at.checked_sub(1).and_then(|above| there.get(above));
            above.zip(there.get(at)).map_or("", |(above, below)| &self.text[above.span.end..below.span.start])
        };
        let between = |gap: &str| gap.split('\n').skip(1).map(|line| line.trim().is_empty()).collect::<Vec<_>>();
        let is_blank = |gap: &str| between(gap).split_last().is_some_and(|(_, lines)| lines.contains(&true));
        // Fields in columns do not stay in them around a comment.
        let run = |at: usize| there[at].is_plain(self.text) && between(gap(at)).len() == 1;
        let is_dense = next > 0 && run(next) && there[next - 1].is_plain(self.text);
        let apart = is_dense || is_blank(gap(next.max(1)));
        let is_after = matches!(position, Position::After(_));
        let start = if is_after {
            next_line(self.text, there[next - 1].span.end)
        } else {
            comment_above(self.text, line_start(self.text, there[next].span.start))
        };
        // A field right below would have to stand in columns with it.
        let meets = match next {
            0 => start == line_start(self.text, there[0].span.start),
            _ => between(gap(next)).len() == 1,
        };
        let snippet = indent(snippet.trim_start_matches('\n'), "\t");
        let text = match (apart, is_after) {
            _ if is_dense => format!("\n{snippet}\n"),
            _ if meets => format!("{snippet}\n"),
            (false, _) => snippet,
            (true, true) => format!("\n{snippet}"),
            (true, false) => format!("{snippet}\n"),
        };
        let mut edits = vec![TextEdit::insert(start, text)];
        if is_dense {
            let first = (0..next).rev().find(|at| *at == 0 || !run(*at) || !there[at - 1].is_plain(self.text));
            let end = (next + 1..there.len()).find(|at| !run(*at)).unwrap_or(there.len());
            edits.extend(self.in_line(&there[first.unwrap_or(0)..next]));
            edits.extend(self.in_line(&there[next..end]));
            edits.sort_by_key(|edit| edit.span.start);
        }
        Ok(Some(edits))
    }

    /// What has to move so that fields stand in columns.
    fn in_line(&self, fields: &[Placed]) -> Vec<TextEdit> {
        let rows: Vec<Vec<&str>> = fields.iter().map(Placed::cells).collect();
        let moved = fields.iter().zip(align(&rows)).filter(|(placed, line)| placed.span.of(self.text) != line.as_str());
        moved.map(|(placed, text)| TextEdit { span: placed.span, text }).collect()
    }

    /// Another field at the end of a struct: `name type`. It stands in line with the fields above it
    /// where it fits there, and behind a blank line where they would have to move.
    pub fn append_field(&self, type_name: &str, field: &str) -> Result<TextEdit, AnchorError> {
        let mut edit = self.append_member(type_name, field)?;
        if edit.span.start < edit.span.end {
            return Ok(edit);
        }
        let name = field.split(' ').next().unwrap_or(field);
        let above = self.text[..edit.span.start].trim_end_matches('\n').rsplit('\n').next().unwrap_or_default().trim();
        let column = match above.split_whitespace().collect::<Vec<_>>()[..] {
            [first, second] if first.chars().all(|c| c.is_alphanumeric() || c == '_') => above.rfind(second),
            _ => None,
        };
        if let Some(column) = column.filter(|column| name.len() < *column) {
            edit.text = edit.text.replacen(' ', &" ".repeat(column - name.len()), 1);
        } else if !above.ends_with('{') {
            edit.text.insert(0, '\n');
        }
        Ok(edit)
    }

    /// More fields at the end of a struct. The fields above them move where they must to stay in line.
    pub fn append_members(&self, type_name: &str, members: &[Member]) -> Result<Vec<TextEdit>, AnchorError> {
        let there = self.placed(type_name)?;
        let mut block: Vec<&Placed> = Vec::new();
        for placed in there.iter().rev() {
            let next = block.last().map(|next| next.span.start);
            let joined = next.is_none_or(|next| self.text[placed.span.end..next].matches('\n').count() == 1);
            // Comments between two fields keep them apart.
            let bare = next.is_none_or(|next| self.text[placed.span.end..next].trim().is_empty());
            if !joined || !bare || !placed.is_plain(self.text) {
                break;
            }
            block.push(placed);
        }
        block.reverse();
        let apart = block.is_empty() && !there.is_empty();
        let rows: Vec<Vec<&str>> =
            block.iter().map(|placed| placed.cells()).chain(members.iter().map(Member::cells)).collect();
        let lines = align(&rows);
        let (old, new) = lines.split_at(block.len());
        let moved = block.iter().zip(old).filter(|(placed, line)| placed.span.of(self.text) != line.as_str());
        let mut edits: Vec<TextEdit> =
            moved.map(|(placed, line)| TextEdit { span: placed.span, text: line.clone() }).collect();
        let mut added = self.append_member(type_name, &new.join("\n"))?;
        // A field of several lines ends what is in line.
        if apart {
            added.text.insert(0, '\n');
        }
        debug_assert!(added.span.start == line_start(self.text, added.span.start) || there.is_empty());
        edits.push(added);
        Ok(edits)
    }

    /// More fields behind one of a struct; before all if that has no name. The fields around them move where they must to stay in line.
    pub fn insert_members(
        &self,
        type_name: &str,
        behind: &str,
        members: &[Member],
    ) -> Result<Vec<TextEdit>, AnchorError> {
        let there = self.placed(type_name)?;
        let at = there.iter().position(|placed| placed.member.called() == behind).map(|at| at + 1);
        let at = at.or(behind.is_empty().then_some(0));
        let Some(at) = at.filter(|at| *at < there.len()) else { return self.append_members(type_name, members) };
        let joined = |one: &Placed, next: &Placed| {
            let between = &self.text[one.span.end..next.span.start];
            between.trim().is_empty() && between.matches('\n').count() == 1
        };
        let is_plain = |at: usize| there[at].is_plain(self.text);
        let place = match at {
            0 => comment_above(self.text, line_start(self.text, there[0].span.start)),
            _ => next_line(self.text, there[at - 1].span.end),
        };
        let mut first = at;
        while first > 0 && is_plain(first - 1) && (first == at || joined(&there[first - 1], &there[first])) {
            first -= 1;
        }
        let meets = |end: usize| match end {
            0 => place == line_start(self.text, there[0].span.start),
            _ => joined(&there[end - 1], &there[end]),
        };
        let mut end = at;
        while end < there.len() && is_plain(end) && meets(end) {
            end += 1;
        }
        let block: Vec<&Placed> = there[first..end].iter().collect();
        let (before, after) = block.split_at(at - first);
        let rows: Vec<Vec<&str>> = before
            .iter()
            .map(|placed| placed.cells())
            .chain(members.iter().map(Member::cells))
            .chain(after.iter().map(|placed| placed.cells()))
            .collect();
        let lines = align(&rows);
        let (above, rest) = lines.split_at(before.len());
        let (new, below) = rest.split_at(members.len());
        let placed = before.iter().zip(above).chain(after.iter().zip(below));
        let moved = placed.filter(|(placed, line)| placed.span.of(self.text) != line.as_str());
        let mut edits: Vec<TextEdit> =
            moved.map(|(placed, line)| TextEdit { span: placed.span, text: line.clone() }).collect();
        edits.push(TextEdit { span: Span::new(place, place), text: indent(&new.join("\n"), "\t") });
        edits.sort_by_key(|edit| edit.span.start);
        Ok(edits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;
    use crate::text::TextEdits;

    fn member(name: &str, ty: &str, tag: &str) -> Member {
        let tag = (!tag.is_empty()).then(|| format!("`{tag}`"));
        Member { name: (!name.is_empty()).then(|| name.to_owned()), ty: ty.to_owned(), tag }
    }

    fn grown(body: &str, members: &[Member]) -> String {
        let text = format!("package x\n\ntype T struct {{\n{body}}}\n");
        let file = GoFile::parse(&text).unwrap();
        let edits = Target::new(&text, &file).append_members("T", members).unwrap();
        let text = TextEdits::new(edits).unwrap().apply(&text);
        text["package x\n\ntype T struct {\n".len()..text.len() - 2].to_owned()
    }

    #[test]
    fn a_field_stands_behind_another() {
        let inserted = |body: &str, behind: &str| {
            let text = format!("package x\n\ntype T struct {{\n{body}}}\n");
            let file = GoFile::parse(&text).unwrap();
            let edits = Target::new(&text, &file).insert_members("T", behind, &[member("Long", "string", "")]).unwrap();
            let text = TextEdits::new(edits).unwrap().apply(&text);
            text["package x\n\ntype T struct {\n".len()..text.len() - 2].to_owned()
        };
        assert_eq!(inserted("\tA int\n\tB bool\n", "A"), "\tA    int\n\tLong string\n\tB    bool\n");
        assert_eq!(inserted("\tA int\n\n\tB bool\n", "A"), "\tA    int\n\tLong string\n\n\tB bool\n");
        assert_eq!(
            inserted("\tA int // a\n\t// B is.\n\tB bool\n", "A"),
            "\tA    int // a\n\tLong string\n\t// B is.\n\tB bool\n"
        );
        assert_eq!(inserted("\tA int\n\tB bool\n", "B"), "\tA    int\n\tB    bool\n\tLong string\n");
    }

    #[test]
    fn a_field_stands_in_line() {
        assert_eq!(
            grown("\tA   int `xml:\"a\"`\n\tBcd *B  `xml:\"b\"`\n", &[member("E", "string", "xml:\"e\"")]),
            "\tA   int    `xml:\"a\"`\n\tBcd *B     `xml:\"b\"`\n\tE   string `xml:\"e\"`\n"
        );
        assert_eq!(
            grown("\tA *int `xml:\"a\"`\n", &[member("Long", "B", "xml:\"b\"")]),
            "\tA    *int `xml:\"a\"`\n\tLong B    `xml:\"b\"`\n"
        );
    }

    #[test]
    fn what_stands_apart_does_not_move() {
        assert_eq!(
            grown("\tA int `a:\"a\"`\n\n\t// B is\n\tB string\n", &[member("Long", "bool", "")]),
            "\tA int `a:\"a\"`\n\n\t// B is\n\tB    string\n\tLong bool\n"
        );
        assert_eq!(
            grown("\tA   int  // one\n\tBcd *int // two\n", &[member("Long", "bool", "")]),
            "\tA    int  // one\n\tBcd  *int // two\n\tLong bool\n"
        );
        assert_eq!(
            grown("\tmetav1.TypeMeta `json:\",inline\"`\n", &[member("Spec", "S", "json:\"spec\"")]),
            "\tmetav1.TypeMeta `json:\",inline\"`\n\tSpec            S `json:\"spec\"`\n"
        );
        assert_eq!(
            grown("\tF struct {\n\t\tG int\n\t}\n", &[member("Long", "bool", "")]),
            "\tF struct {\n\t\tG int\n\t}\n\n\tLong bool\n"
        );
    }

    #[test]
    fn an_empty_struct_is_opened() {
        assert_eq!(grown("", &[member("A", "int", "")]), "\tA int\n");
        let text = "package x\n\ntype T struct{}\n";
        let file = GoFile::parse(text).unwrap();
        let edits = Target::new(text, &file).append_members("T", &[member("A", "int", ""), member("Bc", "string", "")]);
        let opened = TextEdits::new(edits.unwrap()).unwrap().apply(text);
        assert_eq!(opened, "package x\n\ntype T struct {\n\tA  int\n\tBc string\n}\n");
    }

    #[test]
    fn members_are_read_with_their_tags() {
        let text = "package x\n\ntype T struct {\n\t*U\n\tA, b map[string]int `xml:\"a,attr\"` // note\n}\n";
        let file = GoFile::parse(text).unwrap();
        let members = Target::new(text, &file).struct_members("T").unwrap();
        let members: Vec<Member> = members.into_iter().map(|(member, _)| member).collect();
        assert_eq!(members, [member("", "*U", ""), member("A, b", "map[string]int", "xml:\"a,attr\"")]);
        assert_eq!(members[1].tag_of("xml"), Some("a,attr"));
        assert_eq!(members[1].tag_of("json"), None);
    }
}
