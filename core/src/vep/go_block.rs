//! Go in the code blocks of a VEP: structs with JSON tags, and string types with their values.

use super::Vep;
use super::left_out::lead;
use super::sentences::said;
use crate::diagnostic::Diagnostic;
use crate::documents::Code;
use crate::go::{DeclKind, GoFile, Target, TypeText};
use crate::name::is_go_identifier;
use crate::text::{Source, Span};

/// A field of a struct of a Go block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockField {
    /// Its name; for one that is embedded, the type's.
    pub name: String,
    /// Its type, printed from its syntax.
    pub ty: String,
    /// Its name in JSON; empty if it is inlined.
    pub json: String,
    /// Nothing stands before its type.
    pub embedded: bool,
    /// Its tag leaves it out when it is empty.
    pub omit: bool,
    /// What stands above it.
    pub above: Above,
    /// Where it stands.
    pub span: Span,
}

/// What stands above something in a Go block.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Above {
    /// The paragraphs of its comment.
    pub doc: Vec<String>,
    /// Its markers, without the slashes: `+listType=map`.
    pub markers: Vec<String>,
}

/// A type of a Go block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockType {
    /// Its name.
    pub name: String,
    /// The fields of a struct.
    pub fields: Vec<BlockField>,
    /// Names and values of the constants of a string type.
    pub values: Vec<(String, String)>,
    /// It is a struct, and no string type.
    pub is_struct: bool,
    /// What stands above it.
    pub above: Above,
    /// What stands above its constants.
    pub values_above: Vec<(String, Above)>,
    /// The block leaves something out: `...`.
    pub is_partial: bool,
    /// The block has fields alone; the sentence before it names the struct.
    pub is_fragment: bool,
    /// Where it stands.
    pub span: Span,
}

/// The types of a VEP's Go blocks that belong to an API, and what could not be read.
pub fn go_types(vep: &Vep) -> Result<Vec<BlockType>, Diagnostic> {
    let mut found: Vec<BlockType> = Vec::new();
    for (code, _) in vep.code() {
        let text = code.body.of(vep.document.source.text());
        let is_go = matches!(code.language.as_str(), "go" | "golang") || code.language.is_empty();
        let declares = |line: &str| line.starts_with("type ") || line.trim_start().starts_with("const");
        let types = if is_diff(&code) {
            // A diff shows what it changes, and need not be whole.
            of_block(&vep.document.source, &code, None).unwrap_or_default()
        } else if is_go && text.lines().any(declares) {
            of_block(&vep.document.source, &code, None)?
        } else if is_go && text.contains("json:\"") {
            let owner = lead(vep, &code, said(vep)).and_then(|lead| owner(&lead.text));
            // A sketch of a literal or of a function has no fields of a struct.
            owner.and_then(|owner| of_block(&vep.document.source, &code, Some(&owner)).ok()).unwrap_or_default()
        } else {
            continue;
        };
        for ty in types {
            match found.iter_mut().find(|known| known.name == ty.name) {
                Some(known) => {
                    let known_fields: Vec<String> = known.fields.iter().map(|field| field.name.clone()).collect();
                    known.is_fragment &= ty.is_fragment;
                    known.fields.extend(ty.fields.into_iter().filter(|field| !known_fields.contains(&field.name)));
                    known.values_above.extend(ty.values_above);
                    for value in ty.values {
                        if !known.values.contains(&value) {
                            known.values.push(value);
                        }
                    }
                }
                None => found.push(ty),
            }
        }
    }
    Ok(found)
}

/// The only type that a sentence names in code: "`Devices` gets:".
fn owner(lead: &str) -> Option<String> {
    let codes = lead.split('`').skip(1).step_by(2);
    let mut types: Vec<&str> =
        codes.filter(|code| is_go_identifier(code) && code.starts_with(char::is_uppercase)).collect();
    types.dedup();
    <[&str; 1]>::try_from(types).ok().map(|[name]| name.to_owned())
}

/// Whether a block is a diff.
fn is_diff(code: &Code) -> bool {
    matches!(code.language.as_str(), "diff" | "patch")
}

/// Diffs of Go that add fields and that cannot be read.
pub(super) fn unread_diffs(vep: &Vep) -> Vec<Diagnostic> {
    let text = vep.document.source.text();
    let mut found = Vec::new();
    for (code, _) in vep.code().iter().filter(|(code, _)| is_diff(code)) {
        let added = |line: &&str| line.starts_with('+') && line.contains("json:\"");
        let Some(first) = code.body.of(text).lines().find(added) else { continue };
        let fields: usize =
            of_block(&vep.document.source, code, None).unwrap_or_default().iter().map(|ty| ty.fields.len()).sum();
        if fields == 0 {
            let start = code.body.start + code.body.of(text).find(first).unwrap_or(0);
            let diagnostic = Diagnostic::warning(
                "vep-go",
                "the diff adds fields, and no declaration of their struct can be read in it",
            );
            let help = "show the whole struct, from `type … struct {` to its brace; `...` on a line of its own stands for existing code";
            found.push(diagnostic.at(&vep.document.source, Span::new(start, start + first.len())).help(help));
        }
    }
    found
}

/// A block as a Go file, where what stands in it as "and so on" is, and how far it moved: a diff loses its marks, and
/// everything else stays in its place.
fn file_text(raw: &str, whole_diff: bool) -> (String, Vec<usize>, usize) {
    const CLAUSE: &str = "package vep\n";
    let mut partial = Vec::new();
    let mut text = String::new();
    let has_clause = raw.lines().any(|line| line.trim_start().starts_with("package "));
    if !has_clause {
        text.push_str(CLAUSE);
    }
    let shift = if has_clause { 0 } else { CLAUSE.len() };
    let is_diff = whole_diff || raw.lines().any(|line| line.starts_with("+ ") || line.starts_with("+\t"));
    for line in raw.split_inclusive('\n') {
        let replaced;
        let is_head = whole_diff && ["+++", "---", "diff ", "index "].iter().any(|head| line.starts_with(head));
        let line = match line.chars().next() {
            Some('+') if is_diff && !is_head => {
                replaced = format!(" {}", &line[1..]);
                replaced.as_str()
            }
            // What a diff takes away, and where it is.
            Some(first) if is_diff && (is_head || matches!(first, '-' | '@')) => {
                replaced = " ".repeat(line.len().saturating_sub(1)) + "\n";
                replaced.as_str()
            }
            _ => line,
        };
        let trimmed = line.trim();
        // `...` and `[...]` stand for what is there already.
        let plain = trimmed.trim_matches(['.', '…', '[', ']', '/', '*', ' ', '#', '<', '>', '(', ')', ',']);
        let cut = (trimmed.contains("..") || trimmed.contains('…')) && plain.is_empty();
        if cut {
            partial.push(text.len());
            text.extend(line.chars().map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) }));
        } else {
            text.push_str(line);
        }
    }
    (text, partial, shift)
}

/// The fields of a block as those of a struct.
fn owned((mut text, partial, shift): (String, Vec<usize>, usize), owner: Option<&str>) -> (String, Vec<usize>, usize) {
    let Some(owner) = owner else { return (text, partial, shift) };
    let head = format!("type {owner} struct {{\n");
    text.insert_str(shift, &head);
    text.push_str("\n}\n");
    (text, partial, shift + head.len())
}

/// The types of one block; with an owner, its fields are those of that. Spans are those of the document: nothing is moved
/// but what stands for "and so on".
fn of_block(source: &Source, code: &Code, owner: Option<&str>) -> Result<Vec<BlockType>, Diagnostic> {
    let raw = code.body.of(source.text());
    let (mut text, partial, shift) = owned(file_text(raw, is_diff(code)), owner);
    let refused = |at: usize, reason: &str| {
        let at = code.body.start + at.saturating_sub(shift).min(raw.len().saturating_sub(1));
        let line = source.text()[at..].lines().next().unwrap_or_default().len();
        Diagnostic::error("vep-go", format!("the Go block cannot be read: {reason}"))
            .at(source, Span::new(at, at + line))
            .help("write it as Go that compiles; `...` on a line of its own stands for existing code")
    };
    let file = match GoFile::parse(&text) {
        Ok(file) => file,
        // A sketch of a function is no Go file. Nothing but types is read, so that they alone must be Go.
        Err(error) => match GoFile::parse(&types_alone(&text)) {
            Ok(file) if !file.decls.is_empty() || !text.contains("json:") => {
                text = types_alone(&text);
                file
            }
            _ => return Err(refused(error.span.start, &error.message)),
        },
    };
    let target = Target::new(&text, &file);
    let mut found = Vec::new();
    for decl in file.decls.iter().filter(|decl| decl.kind == DeclKind::Type) {
        let body = decl.span.of(&text);
        let span = Span::new(
            code.body.start + decl.span.start.saturating_sub(shift),
            code.body.start + decl.span.start.saturating_sub(shift) + body.lines().next().unwrap_or_default().len(),
        );
        let is_partial = owner.is_some() || is_diff(code) || partial.iter().any(|at| decl.span.contains(*at));
        for name in &decl.names {
            let mut ty = BlockType {
                name: name.text.clone(),
                fields: Vec::new(),
                values: Vec::new(),
                above: if decl.names.len() == 1 { above(&text, decl.span.start) } else { Above::default() },
                values_above: Vec::new(),
                is_struct: false,
                is_partial,
                is_fragment: owner.is_some(),
                span,
            };
            if let Some(members) = target.struct_members(&name.text) {
                ty.is_struct = true;
                for (member, place) in members {
                    let source_text = text.as_str();
                    let Ok(text) = TypeText::parse(member.ty.trim_start_matches(['\n', ' '])) else {
                        return Err(refused(place.start, &format!("`{}` is not a type", member.ty)));
                    };
                    let Some(tag) = member.tag_of("json") else { continue };
                    let omit = tag.split(',').skip(1).any(|option| option == "omitempty");
                    let json = tag.split(',').next().unwrap_or_default().to_owned();
                    let mut above = above(source_text, place.start);
                    if above.doc.is_empty() {
                        above.doc.extend(behind(source_text, place));
                    }
                    let embedded = member.name.is_none();
                    let start = code.body.start + place.start.saturating_sub(shift);
                    let last = text.text.rsplit(['.', '*']).next().unwrap_or_default().to_owned();
                    ty.fields.push(BlockField {
                        name: member.name.unwrap_or(last),
                        ty: text.text,
                        json,
                        embedded,
                        omit,
                        above,
                        span: Span::new(start, start + (place.end - place.start)),
                    });
                }
                found.push(ty);
            } else if body.trim_start_matches("type").trim().starts_with(&format!("{} string", name.text)) {
                found.push(ty);
            } else if body.contains("struct") && body.contains('{') && body.contains("json:") {
                return Err(refused(decl.span.start, &format!("`{}` is not a struct that Go could read", name.text)));
            }
        }
    }
    // `const X T = "x"`, alone or in a group.
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let Some((left, right)) = line.split_once('=') else { continue };
        let words: Vec<&str> = left.trim().trim_start_matches("const ").split_whitespace().collect();
        let value = right.trim();
        let value = value.strip_prefix('"').and_then(|rest| rest.split('"').next());
        if let ([name, ty], Some(value)) = (&words[..], value)
            && let Some(known) = found.iter_mut().find(|known| known.name == *ty && !known.is_struct)
        {
            known.values.push(((*name).to_owned(), value.to_owned()));
            known.values_above.push(((*name).to_owned(), above(&text, at)));
        }
    }
    // Where no constant says the values of a string type, its marker may.
    for ty in found.iter_mut().filter(|ty| !ty.is_struct && ty.values.is_empty()) {
        let list = ty.above.markers.iter().find_map(|marker| marker.strip_prefix("+kubebuilder:validation:Enum="));
        let values = list
            .into_iter()
            .flat_map(|list| list.split([';', ',']))
            .map(|value| value.trim_matches(['"', '{', '}', ' ']));
        ty.values = values.filter(|value| !value.is_empty()).map(|value| (String::new(), value.to_owned())).collect();
    }
    Ok(found)
}

/// The comment and the markers above a place.
pub(super) fn above(text: &str, at: usize) -> Above {
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let mut lines: Vec<&str> = text[..start].lines().rev().map_while(|line| line.trim().strip_prefix("//")).collect();
    lines.reverse();
    let mut found = Above::default();
    let mut goes_on = false;
    for line in lines {
        let said = line.trim();
        if said.starts_with('+') {
            found.markers.push(said.to_owned());
            goes_on = false;
            continue;
        }
        let is_item = said.starts_with(['-', '*', '#'])
            || line.starts_with("   ")
            || said.starts_with(|c: char| c.is_ascii_digit());
        match found
            .doc
            .last_mut()
            .filter(|_| goes_on && !is_item && !said.is_empty() && !said.starts_with("Deprecated:"))
        {
            Some(last) => {
                last.push(' ');
                last.push_str(said);
            }
            None if said.is_empty() => {}
            None => found.doc.push(said.to_owned()),
        }
        goes_on = !said.is_empty();
    }
    found
}

/// The comment behind a member on its own line.
fn behind(text: &str, place: Span) -> Option<String> {
    let end = text[place.end.saturating_sub(1)..].find('\n').map_or(text.len(), |at| place.end.saturating_sub(1) + at);
    let line = &text[place.start..end];
    let tag = line.rfind('`')?;
    let said = line[tag + 1..].trim().strip_prefix("//")?.trim();
    (!said.is_empty() && !said.starts_with('+')).then(|| said.to_owned())
}

/// A text in which everything but type declarations and constants is blank; nothing moves.
fn types_alone(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut within = false;
    for line in text.split_inclusive('\n') {
        let begins = ["type ", "const ", "package "].iter().any(|word| line.starts_with(word));
        within |= begins;
        if within {
            out.push_str(line);
        } else {
            out.extend(line.chars().map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) }));
        }
        let opens = begins && line.trim_end().ends_with(['{', '(']);
        within = within && (opens || !begins && !line.starts_with(['}', ')']));
    }
    out
}
