//! Go in the code blocks below a task, as the lines that would ask for the same.

use crate::go::{Decl, DeclKind, FunctionHead, GoFile, Target};
use crate::kinds::is_api_file;
use crate::plan::{Key, TaskLine};
use crate::task::{LineKind, Task, TaskFile};
use crate::text::Span;

/// A block of code: the number of its first line, and its text without the indentation of the block.
struct Block {
    line: usize,
    text: String,
}

/// What the Go below a task declares. A block of which not all is understood says nothing.
pub(super) fn lines(file: &TaskFile, task: &Task) -> Vec<TaskLine> {
    let is_api = task.paths.iter().any(|path| is_api_file(&path.text));
    blocks(file, task).iter().filter_map(|block| read(block, is_api)).flatten().collect()
}

/// The blocks of Go that stand below a task, deeper than its line and before the next one.
fn blocks(file: &TaskFile, task: &Task) -> Vec<Block> {
    let text = file.source.text();
    let first = file.lines.partition_point(|line| line.span.start < task.body.start);
    let begins = file.lines.get(first).is_some_and(|line| line.span.start == task.body.start);
    let first = if begins { first } else { first.saturating_sub(1) };
    let Some(own) = file.lines.get(first).filter(|line| line.kind == LineKind::Item) else { return Vec::new() };
    // Whether a line is that of another task.
    let is_task = |line: Span| {
        let at = file.tasks.partition_point(|other| other.span.start < line.start);
        file.tasks.get(at).is_some_and(|other| other.span.start < line.end)
    };
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    for (at, line) in file.lines.iter().enumerate().skip(first + 1) {
        let raw = line.span.of(text);
        match (line.kind, open) {
            (LineKind::Fence, Some(_)) => open = None,
            (LineKind::Code, Some((indent, is_go))) => {
                let blank = raw.len() - raw.trim_start_matches([' ', '\t']).len();
                if let Some(block) = found.last_mut().filter(|_| is_go) {
                    block.text.push_str(&raw[blank.min(indent)..]);
                }
            }
            (LineKind::Fence, None) if line.indent <= own.indent => break,
            (LineKind::Fence, None) => {
                let info = raw.trim().trim_start_matches(['`', '~']).trim().to_lowercase();
                let is_go = matches!(info.as_str(), "go" | "golang");
                let indent = raw.len() - raw.trim_start_matches([' ', '\t']).len();
                if is_go {
                    found.push(Block { line: at + 2, text: String::new() });
                }
                open = Some((indent, is_go));
            }
            (LineKind::Blank | LineKind::Comment, _) => {}
            (LineKind::Heading(_), _) => break,
            _ if line.indent <= own.indent || is_task(line.span) => break,
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
    let text = format!("package p\ntype P struct {{\n{}\n}}\n", block.text);
    let file = GoFile::parse(&text).ok()?;
    let [decl] = file.decls.as_slice() else { return None };
    let is_plain = Target::new(&text, &file).struct_members("P").is_some_and(|members| !members.is_empty());
    let reader = Reader { text: &text, file: &file, first: block.line, above: 2, is_api: true };
    let mut lines = reader.ty(decl).filter(|_| is_plain)?;
    lines.remove(0);
    Some(lines)
}

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
    doc: String,
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
        let head = Span::new(decl.span.start, end).of(self.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let head = head.trim_start_matches("func ").replace(", )", ")").replace("( ", "(");
        let sound = is_empty && FunctionHead::parse(&head).is_ok();
        sound.then(|| self.line(Key::Function, format!("`{head}`{}", self.doc(decl)), decl.span.start))
    }

    fn ty(&self, decl: &Decl) -> Option<Vec<TaskLine>> {
        let (name, start) = (decl.name(), decl.span.start);
        let target = Target::new(self.text, self.file);
        let Some(members) = target.struct_members(name) else {
            // A type of strings with its values.
            let is_string = decl.span.of(self.text).split_whitespace().eq(["type", name, "string"]);
            let values = self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const);
            let values: Vec<Spec<'_>> =
                values.map(|decl| self.specs(decl)).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
            let own: Vec<String> = values
                .iter()
                .filter(|one| one.ty == Some(name))
                .map(|one| format!("`{} = {}`", one.name, one.value))
                .collect();
            if !is_string || own.is_empty() {
                return None;
            }
            let text = format!("`{name}`: {}{}", own.join(", "), self.doc(decl));
            return Some(vec![self.line(Key::Enum, text, start)]);
        };
        if members.is_empty() {
            return Some(vec![self.line(Key::Struct, format!("`{name}`, empty{}", self.doc(decl)), start)]);
        }
        let mut fields = Vec::new();
        let mut before = decl.span.of(self.text).find('{').map_or(start, |open| start + open + 1);
        for (member, span) in &members {
            let tag = member.tag.as_deref().map(|tag| tag.trim_matches('`'));
            let comments: Vec<&str> = comments(&self.text[before.min(span.start)..span.start]);
            before = span.end;
            let codes: Vec<String> = match &member.name {
                Some(names) => names.split(',').map(|name| format!("{} {}", name.trim(), member.ty)).collect(),
                None => vec![member.ty.clone()],
            };
            for code in codes {
                let text = if self.is_api {
                    api_field(&code, member.name.is_none(), tag, &comments)?
                } else {
                    [Some(code.as_str()), tag].into_iter().flatten().collect::<Vec<_>>().join(" ")
                };
                fields.push(self.line(Key::Field, text, span.start));
            }
        }
        if self.is_api {
            fields.insert(0, self.line(Key::Struct, format!("`{name}`{}", self.doc(decl)), start));
            return Some(fields);
        }
        let listed: Vec<String> = fields.iter().map(|field| format!("`{}`", field.text)).collect();
        Some(vec![self.line(Key::Struct, format!("`{name}` with fields {}", listed.join(", ")), start)])
    }

    fn constants(&self, decl: &Decl) -> Option<Vec<TaskLine>> {
        let types: Vec<&str> =
            self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type).map(Decl::name).collect();
        let specs = self.specs(decl)?;
        let apart = specs.iter().filter(|one| !one.ty.is_some_and(|ty| types.contains(&ty)));
        let line = |one: &Spec<'_>| {
            let ty = one.ty.map(|ty| format!(" {ty}")).unwrap_or_default();
            let doc = &one.doc;
            let doc = if doc.is_empty() { String::new() } else { format!(" - {doc}") };
            self.line(Key::Constants, format!("`{}{ty} = {}`{doc}", one.name, one.value), one.at)
        };
        Some(apart.map(line).collect())
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
        let mut at = inner.start;
        for raw in inner.of(self.text).split_inclusive('\n') {
            let line = raw.trim();
            if let Some(comment) = line.strip_prefix("//") {
                doc.push(comment.trim());
            } else if line.is_empty() {
                doc.clear();
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
                found.push(Spec { name, ty, value, doc: doc.join(" "), at });
                doc.clear();
            }
            at += raw.len();
        }
        (found.len() == decl.names.len()).then_some(found)
    }

    /// The comment above a declaration, as a description behind a dash.
    fn doc(&self, decl: &Decl) -> String {
        let text = decl.doc.map_or_else(String::new, |doc| comments(doc.of(self.text)).join(" "));
        // Of a function, the purpose is what stands behind its name.
        let own = text.strip_prefix(decl.name()).filter(|_| decl.kind == DeclKind::Func);
        let text = own.map_or(text.as_str(), str::trim_start);
        if text.is_empty() { String::new() } else { format!(" - {text}") }
    }
}

/// The lines of comments in a text, without their marks.
fn comments(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("//"));
    lines.map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// A field of the API as a line says it: its name in JSON, its markers, and what is said of it.
fn api_field(code: &str, embedded: bool, tag: Option<&str>, comments: &[&str]) -> Option<String> {
    let json = tag.map(|tag| tag.strip_prefix("json:\"")?.strip_suffix('"').filter(|json| !json.contains('"')));
    let json = match json {
        Some(None) => return None,
        Some(Some(json)) => Some(json),
        None => None,
    };
    if embedded {
        return json.is_none_or(|json| json == ",inline").then(|| format!("inline `{code}`"));
    }
    let (name, rest) = json
        .map_or((None, ""), |json| json.split_once(',').map_or((Some(json), ""), |(name, rest)| (Some(name), rest)));
    let (markers, said): (Vec<&str>, Vec<&str>) = comments.iter().partition(|line| line.starts_with('+'));
    let optional = rest == "omitempty" || markers.contains(&"+optional");
    if !matches!(rest, "" | "omitempty") || name.is_some_and(str::is_empty) {
        return None;
    }
    let mut more = vec![if optional { "optional".to_owned() } else { "required".to_owned() }];
    more.extend(name.map(|name| format!("json `{name}`")));
    more.extend(markers.iter().filter(|marker| **marker != "+optional").map(|marker| format!("`{marker}`")));
    let said = said.join(" ");
    let said = if said.is_empty() { String::new() } else { format!(" - {said}") };
    Some(format!("`{code}` ({}){said}", more.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::parse;
    use crate::text::Source;

    fn shown(block: &str, path: &str) -> Vec<String> {
        let text = format!(
            "- [ ] T001 Some Go in `{path}`\n\n  ```go\n{block}\n  ```\n\n- [ ] T002 More\n\n  ```go\n  func other()\n  ```\n"
        );
        let file = parse(&Source::new("tasks.md", text));
        lines(&file, &file.tasks[0]).iter().map(|line| format!("{} {}: {}", line.line, line.key, line.text)).collect()
    }

    #[test]
    fn go_below_a_task_asks_for_what_it_declares() {
        const API: &str = "staging/src/kubevirt.io/api/core/v1/types.go";
        const CODE: &str = "pkg/x/y.go";
        for (block, path, read) in [
            (
                "  // f reads it.\n  func (n *N) f(a int) error",
                CODE,
                vec!["5 function: `(n *N) f(a int) error` - reads it."],
            ),
            ("  func f() {\n  }\n  func g() int { return 1 }", CODE, vec![]),
            (
                "  // A is a.\n  A Kind = \"a\"\n  B int = 2",
                CODE,
                vec!["5 constants: `A Kind = \"a\"` - A is a.", "6 constants: `B int = 2`"],
            ),
            ("  const A = \"a\"", CODE, vec!["4 constants: `A = \"a\"`"]),
            ("  A = iota", CODE, vec![]),
            (
                "  type Mode string\n  const (\n    ModeOn Mode = \"on\"\n    Other = \"x\"\n  )",
                CODE,
                vec!["4 enum: `Mode`: `ModeOn = \"on\"`", "7 constants: `Other = \"x\"`"],
            ),
            (
                "  // Foo is it.\n  type Foo struct {\n    // Name of it\n    // +listType=atomic\n    Name []string `json:\"name\"`\n    v1.Bar `json:\",inline\"`\n  }",
                API,
                vec![
                    "5 struct: `Foo` - Foo is it.",
                    "8 field: `Name []string` (required, json `name`, `+listType=atomic`) - Name of it",
                    "9 field: inline `v1.Bar`",
                ],
            ),
            (
                "  type Foo struct {\n    a, b int\n    c T\n  }",
                CODE,
                vec!["4 struct: `Foo` with fields `a int`, `b int`, `c T`"],
            ),
            ("  type Foo struct {\n    ...\n  }", CODE, vec![]),
            ("  import \"x\"\n  var a = 1", CODE, vec![]),
        ] {
            assert_eq!(shown(block, path), read, "{block}");
        }
    }
}
