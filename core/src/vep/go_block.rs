//! Go in the code blocks of a VEP: structs with JSON tags, and string types with their values.

use super::Vep;
use crate::diagnostic::Diagnostic;
use crate::documents::Code;
use crate::go::{DeclKind, GoFile, Target, TypeText};
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
    /// Where it stands.
    pub span: Span,
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
    /// The block leaves something out: `...`.
    pub is_partial: bool,
    /// Where it stands.
    pub span: Span,
}

/// The types of a VEP's Go blocks that belong to an API, and what could not be read.
pub fn go_types(vep: &Vep) -> Result<Vec<BlockType>, Diagnostic> {
    let mut found: Vec<BlockType> = Vec::new();
    for (code, _) in vep.code() {
        let text = code.body.of(vep.document.source.text());
        let is_go = matches!(code.language.as_str(), "go" | "golang") || code.language.is_empty();
        if !is_go || !text.lines().any(|line| line.starts_with("type ") || line.trim_start().starts_with("const")) {
            continue;
        }
        for ty in of_block(&vep.document.source, &code)? {
            match found.iter_mut().find(|known| known.name == ty.name) {
                Some(known) => {
                    let known_fields: Vec<String> = known.fields.iter().map(|field| field.name.clone()).collect();
                    known.fields.extend(ty.fields.into_iter().filter(|field| !known_fields.contains(&field.name)));
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

/// A block as a Go file, where what stands in it as "and so on" is, and how far it moved: a diff loses its marks, and
/// everything else stays in its place.
fn file_text(raw: &str) -> (String, Vec<usize>, usize) {
    const CLAUSE: &str = "package vep\n";
    let mut partial = Vec::new();
    let mut text = String::new();
    let has_clause = raw.lines().any(|line| line.trim_start().starts_with("package "));
    if !has_clause {
        text.push_str(CLAUSE);
    }
    let shift = if has_clause { 0 } else { CLAUSE.len() };
    let is_diff = raw.lines().any(|line| line.starts_with("+ ") || line.starts_with("+\t"));
    for line in raw.split_inclusive('\n') {
        let replaced;
        let line = match line.chars().next() {
            Some('+') if is_diff => {
                replaced = format!(" {}", &line[1..]);
                replaced.as_str()
            }
            // What a diff takes away, and where it is.
            Some('-' | '@') if is_diff => {
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

/// The types of one block. Spans are those of the document: nothing is moved but what stands for "and so on".
fn of_block(source: &Source, code: &Code) -> Result<Vec<BlockType>, Diagnostic> {
    let raw = code.body.of(source.text());
    let (mut text, partial, shift) = file_text(raw);
    let refused = |at: usize, reason: &str| {
        let at = code.body.start + at.saturating_sub(shift).min(raw.len().saturating_sub(1));
        let line = source.text()[at..].lines().next().unwrap_or_default().len();
        Diagnostic::error("vep-go", format!("the Go block cannot be read: {reason}"))
            .at(source, Span::new(at, at + line))
            .help("write it as Go that compiles; `...` on a line of its own stands for what is there already")
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
        let is_partial = partial.iter().any(|at| decl.span.contains(*at));
        for name in &decl.names {
            let mut ty = BlockType {
                name: name.text.clone(),
                fields: Vec::new(),
                values: Vec::new(),
                is_struct: false,
                is_partial,
                span,
            };
            if let Some(members) = target.struct_members(&name.text) {
                ty.is_struct = true;
                for (member, place) in members {
                    let Ok(text) = TypeText::parse(member.ty.trim_start_matches(['\n', ' '])) else {
                        return Err(refused(place.start, &format!("`{}` is not a type", member.ty)));
                    };
                    let json = member.tag_of("json").map(|tag| tag.split(',').next().unwrap_or_default().to_owned());
                    let Some(json) = json else { continue };
                    let embedded = member.name.is_none();
                    let start = code.body.start + place.start.saturating_sub(shift);
                    let last = text.text.rsplit(['.', '*']).next().unwrap_or_default().to_owned();
                    ty.fields.push(BlockField {
                        name: member.name.unwrap_or(last),
                        ty: text.text,
                        json,
                        embedded,
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
    for line in text.lines() {
        let Some((left, right)) = line.split_once('=') else { continue };
        let words: Vec<&str> = left.trim().trim_start_matches("const ").split_whitespace().collect();
        let value = right.trim();
        let value = value.strip_prefix('"').and_then(|rest| rest.split('"').next());
        if let ([name, ty], Some(value)) = (&words[..], value)
            && let Some(known) = found.iter_mut().find(|known| known.name == *ty && !known.is_struct)
        {
            known.values.push(((*name).to_owned(), value.to_owned()));
        }
    }
    Ok(found)
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
