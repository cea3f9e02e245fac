//! Go in the code blocks below a task, as the lines that would ask for the same.

use super::below::{self, added, code, comments, is_elision, is_example};
use crate::demand::{declared_methods, quoted_comment};
use crate::go::{Decl, DeclKind, FunctionHead, GoFile, Target};
use crate::kinds::is_api_file;
use crate::name::is_gate_name;
use crate::plan::{Key, TaskLine};
use crate::task::{LineKind, Task, TaskFile};
use crate::text::{Span, squeezed};

/// A block of code: the number of its first line, and its text without the indentation of the block.
struct Block {
    line: usize,
    text: String,
}

/// What the Go below a task declares, and the blocks of which not all is understood, each with its line and why: such a
/// block says nothing.
pub(super) fn lines(file: &TaskFile, task: &Task) -> (Vec<TaskLine>, Vec<(usize, String)>) {
    let is_api = task.paths.iter().any(|path| is_api_file(&path.text));
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for block in blocks(file, task, is_api).iter().filter(|block| !block.text.trim().is_empty()) {
        match read(block, is_api) {
            Some(lines) => found.extend(lines),
            None => unread.push((block.line, generic(block))),
        }
    }
    (found, unread)
}

/// Why a block is not understood.
fn generic(block: &Block) -> String {
    let has_parameters = |line: &&str| {
        let name = line.trim_start_matches("type ").trim_start_matches("func ");
        let behind = name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        name.len() < line.len() && behind.len() < name.len() && behind.starts_with('[')
    };
    let what = match block.text.lines().find(has_parameters) {
        Some(line) => format!("`{}` has type parameters", line.trim().trim_end_matches('{').trim_end()),
        None => "not all of the block of Go is understood".to_owned(),
    };
    format!("{what}, and a block is written as a whole or not at all")
}

/// The blocks of Go below a task.
fn blocks(file: &TaskFile, task: &Task, is_api: bool) -> Vec<Block> {
    let text = file.source.text();
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    let mut is_diff = false;
    let mut above = String::new();
    for (number, line) in below::lines(file, task) {
        let raw = line.span.of(text);
        let indent = raw.len() - raw.trim_start_matches([' ', '\t']).len();
        match (line.kind, open) {
            (LineKind::Fence, Some(_)) => open = None,
            (LineKind::Code, Some((outer, true))) => {
                if let Some(block) = found.last_mut() {
                    // What is left out is a comment, so that the rest is Go.
                    let text = if is_elision(raw) { "//...\n" } else { &raw[indent.min(outer)..] };
                    block.text.push_str(if is_diff { added(text) } else { text });
                }
            }
            (LineKind::Fence, None) => {
                let info = raw.trim().trim_start_matches(['`', '~']).trim().to_lowercase();
                is_diff = info == "diff" && is_api;
                let is_go = (matches!(info.as_str(), "go" | "golang") || is_diff) && !is_example(&above);
                if is_go {
                    found.push(Block { line: number + 1, text: String::new() });
                }
                open = Some((indent, is_go));
            }
            (_, None) if !raw.trim().is_empty() => raw.clone_into(&mut above),
            _ => {}
        }
    }
    found
}

/// What a block declares, if everything in it is understood.
fn read(block: &Block, is_api: bool) -> Option<Vec<TaskLine>> {
    const CLAUSE: &str = "package p\n";
    const GROUP: &str = "package p\nconst (\n";
    let whole = || {
        let clause = if block.text.trim_start().starts_with("package ") { "" } else { CLAUSE };
        let text = format!("{clause}{}", block.text);
        let file = GoFile::parse(&text).ok().filter(|file| !file.decls.is_empty())?;
        Some((text, file, clause.lines().count()))
    };
    // Lines of a group, without the group.
    let group = || {
        let text = format!("{GROUP}{}\n)\n", block.text);
        Some((text.clone(), GoFile::parse(&text).ok()?, 2))
    };
    // Fields of a struct, without the struct.
    if is_api && let Some(fields) = fields(block) {
        return Some(fields);
    }
    let (text, file, above) = whole().or_else(group)?;
    let reader = Reader { text: &text, file: &file, first: block.line, above, is_api };
    let mut found = Vec::new();
    for decl in &file.decls {
        found.extend(reader.declaration(decl)?);
    }
    // The values of a type are said with it.
    (!found.is_empty()).then_some(found)
}

/// What a block of nothing but fields says.
fn fields(block: &Block) -> Option<Vec<TaskLine>> {
    let text = format!("package p\ntype {FRAGMENT} struct {{\n{}\n}}\n", block.text);
    let file = GoFile::parse(&text).ok()?;
    let [decl] = file.decls.as_slice() else { return None };
    let is_plain = Target::new(&text, &file).struct_members(FRAGMENT).is_some_and(|members| !members.is_empty());
    let reader = Reader { text: &text, file: &file, first: block.line, above: 2, is_api: true };
    reader.ty(decl).filter(|_| is_plain)
}

/// The name of the struct that is put around fields without one.
const FRAGMENT: &str = "p";

struct Reader<'a> {
    text: &'a str,
    file: &'a GoFile,
    first: usize,
    /// The lines that were put before the block.
    above: usize,
    is_api: bool,
}

/// A constant of a group.
struct Spec<'a> {
    name: &'a str,
    ty: Option<&'a str>,
    value: &'a str,
    /// The lines of its comment.
    doc: Vec<&'a str>,
    /// It stands, with its comment, behind a blank line.
    apart: bool,
    at: usize,
}

impl Reader<'_> {
    fn line(&self, key: Key, text: String, at: usize) -> TaskLine {
        let number = self.text[..at].matches('\n').count();
        TaskLine { key, text, line: self.first + number.saturating_sub(self.above), is_item: false }
    }

    fn declaration(&self, decl: &Decl) -> Option<Vec<TaskLine>> {
        match decl.kind {
            DeclKind::Func => self.function(decl).map(|line| vec![line]),
            DeclKind::Type => self.ty(decl),
            DeclKind::Const => self.constants(decl),
            DeclKind::Var => None,
        }
    }

    /// A head, with a body that has nothing in it.
    fn function(&self, decl: &Decl) -> Option<TaskLine> {
        let inside = decl.body.map_or("", |body| body.of(self.text).trim_start_matches('{').trim_end_matches('}'));
        let is_empty = inside.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with("//"));
        let end = decl.body.map_or(decl.span.end, |body| body.start);
        let head = squeezed(Span::new(decl.span.start, end).of(self.text));
        let head = head.trim_start_matches("func ").replace(", )", ")").replace("( ", "(");
        let sound = is_empty && FunctionHead::parse(&head).is_ok();
        sound.then(|| self.line(Key::Function, format!("`{head}`{}", self.doc(decl)), decl.span.start))
    }

    fn ty(&self, decl: &Decl) -> Option<Vec<TaskLine>> {
        let (name, start) = (decl.name(), decl.span.start);
        let target = Target::new(self.text, self.file);
        if let Some(methods) = declared_methods(decl.span.of(self.text)) {
            let text = format!("`{name}` with methods `{}`{}", methods.join("`, `"), self.doc(decl));
            return (!self.is_api).then(|| vec![self.line(Key::Other("interface".to_owned()), text, start)]);
        }
        let Some(members) = target.struct_members(name) else {
            // A type of strings with its values.
            let is_string = decl.span.of(self.text).split_whitespace().eq(["type", name, "string"]);
            let values = self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const);
            let values: Vec<Spec<'_>> =
                values.map(|decl| self.specs(decl)).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
            let own: Vec<&Spec<'_>> = values.iter().filter(|one| one.ty == Some(name)).collect();
            if !is_string || own.is_empty() {
                let text = squeezed(decl.span.of(self.text));
                let is_func = text.starts_with(&format!("type {name} func(")) && !self.is_api;
                return is_func.then(|| vec![self.line(Key::Task, format!("Add `{text}`{}", self.doc(decl)), start)]);
            }
            let listed: Vec<String> = own.iter().map(|one| format!("`{} = {}`", one.name, one.value)).collect();
            let text = format!("`{name}`: {}{}", listed.join(", "), self.doc(decl));
            let mut lines = vec![self.line(Key::Enum, text, start)];
            lines.extend(self.notes(name, &self.said(decl), None, start, true)?);
            if self.is_api {
                let apart: Vec<&str> = own.iter().filter(|one| one.apart).map(|one| one.name).collect();
                lines.push(self.exact(name, &apart, start));
            }
            for one in own.iter().filter(|_| self.is_api) {
                lines.extend(self.notes(one.name, &one.doc, None, one.at, false)?);
            }
            return Some(lines);
        };
        let is_part = decl.span.of(self.text).lines().any(is_elision);
        if members.is_empty() {
            let empty = || vec![self.line(Key::Struct, format!("`{name}`, empty{}", self.doc(decl)), start)];
            return (!is_part).then(empty);
        }
        let owner = if is_part { format!(" to `{name}`") } else { String::new() };
        let of_struct = if name == FRAGMENT { String::new() } else { format!("{name}.") };
        let is_whole = !is_part && name != FRAGMENT;
        let (mut fields, mut apart) = (Vec::new(), Vec::new());
        let mut before = decl.span.of(self.text).find('{').map_or(start, |open| start + open + 1);
        for (member, span) in &members {
            let tag = member.tag.as_deref().map(|tag| tag.trim_matches('`'));
            let gap = &self.text[before.min(span.start)..span.start];
            let comments: Vec<&str> = comments(gap);
            if before <= span.start
                && gap.split_inclusive('\n').skip(1).any(|line| line.trim().is_empty() && line.ends_with('\n'))
            {
                apart.push(member.called());
            }
            before = span.end;
            let Some(names) = &member.name else {
                let is_inline = tag.is_none_or(|tag| !self.is_api || tag == "json:\",inline\"");
                let text = if self.is_api { format!("inline `{}`", member.ty) } else { code(&member.ty, tag) };
                fields.push(self.line(Key::Field, is_inline.then_some(text)? + &owner, span.start));
                continue;
            };
            if !self.is_api && is_whole {
                let first = names.split(',').next().unwrap_or_default();
                fields.extend(self.comment(&format!("{name}.{first}"), &comments, span.start));
            }
            for own in names.split(',').map(str::trim) {
                let tag = tag.filter(|_| !self.is_api);
                let text = code(&format!("{own} {}", member.ty), tag);
                fields.push(self.line(Key::Field, text + &owner, span.start));
            }
            if self.is_api {
                let one = Some(names.as_str()).filter(|names| !names.contains(','))?;
                fields.extend(self.notes(&format!("{of_struct}{one}"), &comments, tag, span.start, is_whole)?);
            }
        }
        if !is_whole {
            return Some(fields);
        }
        if self.is_api {
            let mut lines = vec![self.line(Key::Struct, format!("`{name}`"), start)];
            lines.extend(self.notes(name, &self.said(decl), None, start, true)?);
            lines.push(self.exact(name, &apart, start));
            lines.extend(fields);
            return Some(lines);
        }
        let listed: Vec<&str> =
            fields.iter().filter(|line| line.key == Key::Field).map(|field| field.text.as_str()).collect();
        let mut lines = vec![self.line(Key::Struct, format!("`{name}` with fields {}", listed.join(", ")), start)];
        lines.extend(self.comment(name, &decl.doc.map_or_else(Vec::new, |doc| comments(doc.of(self.text))), start));
        lines.extend(fields.into_iter().filter(|line| line.key == Key::Comment));
        Some(lines)
    }

    /// What stands above something that is not of the API.
    fn comment(&self, target: &str, comments: &[&str], at: usize) -> Option<TaskLine> {
        let text = format!("`{target}` {}", comments.join("\n"));
        (!comments.is_empty()).then(|| self.line(Key::Comment, text, at))
    }

    /// What stands above something of the API, and its tag, as lines of their own: nothing of it is read as words.
    fn notes(
        &self,
        target: &str,
        comments: &[&str],
        tag: Option<&str>,
        at: usize,
        is_whole: bool,
    ) -> Option<Vec<TaskLine>> {
        let (markers, said): (Vec<&str>, Vec<&str>) = comments.iter().partition(|line| line.starts_with('+'));
        let mut lines = Vec::new();
        // What a whole type says nothing of gets no comment.
        if is_whole || said.iter().any(|line| !line.is_empty()) {
            // A line without words keeps the markers apart.
            let end = said.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
            let gap = if end < said.len() && !markers.is_empty() { "\n" } else { "" };
            // The break before it says that its lines stay as they are.
            let start = if end > 0 { "\n" } else { "" };
            lines.push(self.line(Key::Comment, format!("`{target}` {start}{}{gap}", said[..end].join("\n")), at));
        }
        // A tag for protobuf may stand beside that for JSON.
        let (tag, more) = match tag.and_then(|tag| tag.split_once(" protobuf:")) {
            Some((tag, more)) => (Some(tag.trim()), Some(format!("protobuf:{more}"))),
            None => (tag, None),
        };
        let is_one = |tag: &str| Some(!tag.strip_prefix("json:\"")?.strip_suffix('"')?.contains('"'));
        if tag.is_some_and(|tag| is_one(tag) != Some(true)) {
            return None;
        }
        let codes: Vec<String> =
            markers.into_iter().chain(tag).chain(more.as_deref()).map(|code| format!("`{code}`")).collect();
        if !codes.is_empty() {
            lines.push(self.line(Key::Markers, format!("`{target}` {}", codes.join(", ")), at));
        }
        Some(lines)
    }

    /// Says that a type has nothing but what the block has, and which of its fields stand apart.
    fn exact(&self, name: &str, apart: &[&str], at: usize) -> TaskLine {
        self.line(Key::Markers, format!("`{name}` \n{}", apart.join(" ")), at)
    }

    /// The comment above a declaration, line by line.
    fn said(&self, decl: &Decl) -> Vec<&str> {
        if self.is_api { decl.doc.map_or_else(Vec::new, |doc| comments(doc.of(self.text))) } else { Vec::new() }
    }

    fn constants(&self, decl: &Decl) -> Option<Vec<TaskLine>> {
        let types: Vec<&str> =
            self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type).map(Decl::name).collect();
        let specs = self.specs(decl)?;
        let apart = specs.iter().filter(|one| !one.ty.is_some_and(|ty| types.contains(&ty)));
        let mut lines = Vec::new();
        for one in apart {
            if let Some(gate) = self.gate(one) {
                lines.extend(gate);
                continue;
            }
            let ty = one.ty.map(|ty| format!(" {ty}")).unwrap_or_default();
            let apart = self.is_api || one.doc.is_empty();
            let doc = if apart { String::new() } else { stated(&one.doc) };
            lines.push(self.line(Key::Constants, format!("`{}{ty} = {}`{doc}", one.name, one.value), one.at));
            if self.is_api {
                lines.extend(self.notes(one.name, &one.doc, None, one.at, false)?);
            }
        }
        Some(lines)
    }

    /// What the comment of a feature gate's constant says, as the lines of a task do: its owner, its stage, its purpose.
    fn gate(&self, one: &Spec<'_>) -> Option<Vec<TaskLine>> {
        const STAGES: &[&str] = &["Alpha", "Beta"];
        let name = one.value.strip_prefix('"')?.strip_suffix('"').filter(|name| is_gate_name(name))?;
        let staged = |line: &&&str| STAGES.iter().any(|stage| line.starts_with(&format!("{stage}:")));
        one.doc.iter().find(staged)?;
        let line = |key: Key, text: &str| self.line(key, text.to_owned(), one.at);
        let mut lines = vec![
            line(Key::Gate, &format!("`{name}`")),
            line(Key::Constant, &format!("`{} = {}`", one.name, one.value)),
        ];
        let mut said = Vec::new();
        for text in one.doc.iter().filter(|text| !text.is_empty()) {
            match text.split_once(':') {
                Some(("Owner", owner)) => lines.push(line(Key::Owner, owner.trim())),
                Some((stage, release)) if STAGES.contains(&stage) => {
                    lines.push(line(Key::Other(stage.to_lowercase()), release.trim()));
                }
                _ => said.push(*text),
            }
        }
        if !said.is_empty() {
            lines.push(line(Key::Description, &said.join(" ")));
        }
        Some(lines)
    }

    /// The constants of a declaration, each on a line of its own.
    fn specs(&self, decl: &Decl) -> Option<Vec<Spec<'_>>> {
        let inner = match decl.body {
            Some(body) => Span::new(body.start + 1, body.end - 1),
            None => Span::new(decl.span.start + "const".len(), decl.span.end),
        };
        let mut found = Vec::new();
        let mut doc: Vec<&str> = match (decl.body, decl.doc) {
            (None, Some(doc)) => comments(doc.of(self.text)),
            _ => Vec::new(),
        };
        let (mut at, mut apart) = (inner.start, false);
        for raw in inner.of(self.text).split_inclusive('\n') {
            let line = raw.trim();
            if let Some(comment) = line.strip_prefix("//") {
                doc.push(comment.trim());
            } else if line.is_empty() {
                doc.clear();
                apart = at > inner.start && !found.is_empty();
            } else {
                let (left, value) = line.split_once('=')?;
                let mut left = left.split_whitespace();
                let (name, ty) = (left.next()?, left.next());
                let value = value.trim();
                let is_text = value.len() > 1
                    && value.starts_with('"')
                    && value.ends_with('"')
                    && value.matches('"').count() == 2;
                let is_plain = !value.is_empty() && !value.contains(['"', '`', '/', ',']) && !value.starts_with("iota");
                if left.next().is_some() || !(is_text || is_plain) {
                    return None;
                }
                found.push(Spec { name, ty, value, doc: std::mem::take(&mut doc), apart, at });
                apart = false;
            }
            at += raw.len();
        }
        (found.len() == decl.names.len()).then_some(found)
    }

    /// The comment above a declaration, behind it.
    fn doc(&self, decl: &Decl) -> String {
        // Of the API, it is a line of its own.
        if self.is_api && decl.kind != DeclKind::Func {
            return String::new();
        }
        stated(&decl.doc.map_or_else(Vec::new, |doc| comments(doc.of(self.text))))
    }
}

/// A comment as it stands behind what it is about: in quotes, where they can hold it.
fn stated(lines: &[&str]) -> String {
    let text = lines.join("\n");
    let quoted = format!(", with the comment \"{text}\"");
    match quoted_comment(&format!("`x`{quoted}")) {
        _ if text.is_empty() => String::new(),
        Some(found) if found.text == text => quoted,
        _ => format!(" - {}", lines.join(" ")),
    }
}

#[cfg(test)]
#[path = "fences_tests.rs"]
mod tests;
