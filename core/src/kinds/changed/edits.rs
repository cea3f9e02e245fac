//! The edits of a change, found anew in the file as it is when they are made.

use std::collections::BTreeMap;

use crate::go::{AnchorError, Decl, FuncName, GoFile, ImportSpec, Spelling, Target, TokenKind, add_imports};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::Unit;
use crate::repo_path::RepoPath;
use crate::text::{Span, TextEdit, comment_above, line_start};

/// A declaration: the type of its receiver, and its name; all trees of specs of a file are one.
pub(super) type Owner = (Option<String>, String);

pub(super) fn owner(decl: &Decl) -> Owner {
    (decl.receiver.as_ref().map(|one| one.type_name.clone()), decl.name().to_owned())
}

/// An edit of a file.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// More parameters of a function.
    Parameters { function: Owner, text: String, name: String, at: usize },
    /// More arguments of the calls that pass so many, or any number, by who calls.
    Arguments { name: String, spelling: Spelling, count: Option<usize>, at: usize, passed: BTreeMap<Owner, String> },
    /// Other code in a declaration.
    Code { owner: Owner, old: String, new: String },
    /// Another name, where the file calls a function, and where it declares it.
    Name { old: String, spelling: Spelling, new: String, declared: bool },
    /// A variable for the value of a flag that nothing has used so far.
    Flag { flag: String, variable: String },
    /// Packages that the file needs now.
    Imports(Vec<ImportSpec>),
    /// A package that the file may not need any more.
    Unused(String),
}

/// The edits of one file.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) file: RepoPath,
    pub(super) edits: Vec<Edit>,
}

/// Where a declaration has code that is replaced: all of it, or nothing if what replaces it is there.
pub(super) fn places(target: &Target<'_>, decl: &Decl, old: &str, new: &str) -> Vec<Span> {
    let there = target.expressions(decl, new);
    let inside = |span: &Span| there.iter().any(|one| one.start <= span.start && span.end <= one.end);
    target.expressions(decl, old).into_iter().filter(|span| !inside(span)).collect()
}

/// The edit that takes an import out, if nothing in the file names its package but what goes.
fn unused(text: &str, file: &GoFile, name: &str, gone: &[TextEdit]) -> Option<TextEdit> {
    let import = file.imports.iter().find(|import| import.name() == name)?;
    let goes = |at: usize| gone.iter().any(|edit| edit.span.start <= at && at < edit.span.end);
    let is_in_import = |at: usize| file.import_blocks.iter().any(|block| block.start <= at && at < block.end);
    let words = file.tokens.iter().filter(|token| token.span.of(text) == name && !is_in_import(token.span.start));
    let kept = words.filter(|token| !goes(token.span.start)).count();
    let comes = gone.iter().any(|edit| crate::text::find_word(&edit.text, name).is_some());
    let block = file.import_blocks.iter().find(|block| block.contains(import.span.start))?;
    (kept == 0 && !comes && block.of(text).ends_with(')')).then(|| Target::new(text, file).without_line(import.span))
}

/// `_ = f("flag", …)`, with the comment that nothing uses it, becomes `variable := f("flag", …)`.
fn held(text: &str, file: &GoFile, flag: &str, variable: &str) -> Vec<TextEdit> {
    let name = format!("\"{flag}\"");
    let named = file.tokens.iter().filter(|token| token.kind == TokenKind::String && token.span.of(text) == name);
    let starts = named.map(|token| line_start(text, token.span.start));
    let mut free = starts.filter(|line| text[*line..].trim_start().starts_with("_ = "));
    let Some(line) = free.next() else { return Vec::new() };
    let at = line + text[line..].find("_ = ").unwrap_or_default();
    let above = comment_above(text, line);
    let comment = Span::new(above, line);
    let mut edits = vec![TextEdit::replace(Span::new(at, at + "_ =".len()), format!("{variable} :="))];
    if comment.of(text).contains("nothing uses its value yet") {
        edits.insert(0, TextEdit::replace(comment, ""));
    }
    edits
}

impl Edit {
    fn make(&self, target: &Target<'_>, made: &[TextEdit]) -> Result<Vec<TextEdit>, AnchorError> {
        let (text, file) = (target.text, target.file);
        let decl = |owner: &Owner| file.decls.iter().filter(|decl| self::owner(decl) == *owner).collect::<Vec<_>>();
        Ok(match self {
            Self::Parameters { function: (receiver, function), text: more, name, at } => {
                let function = FuncName { receiver: receiver.as_deref(), name: function };
                target.require(function)?;
                let decl = file.method(function.receiver, function.name);
                let Some(known) = decl.and_then(|decl| file.parameters(decl)) else { return Ok(Vec::new()) };
                let has = |span: &Span| span.of(text).split(' ').next() == Some(name);
                if known.values.iter().any(has) { Vec::new() } else { vec![known.insert(text, *at, more)] }
            }
            Self::Arguments { name, spelling, count, at, passed } => {
                let sites = file.sites(text, name, spelling);
                let edit = |site: crate::go::Site| {
                    let call = site.call.filter(|call| count.is_none_or(|count| call.values.len() == count))?;
                    let more = passed.get(&owner(file.around(site.name.start)?))?;
                    // Of any number of values, the new one may be among them.
                    let there = call.values.get(*at).map(|span| span.of(text));
                    (count.is_some() || there != Some(more.as_str())).then_some(())?;
                    Some(call.insert(text, *at, more))
                };
                sites.into_iter().filter_map(edit).collect()
            }
            Self::Code { owner, old, new } => {
                let spans = decl(owner).into_iter().flat_map(|decl| places(target, decl, old, new));
                spans.map(|span| TextEdit::replace(span, new.clone())).collect()
            }
            Self::Name { old, spelling, new, declared } => {
                let sites = file.sites(text, old, spelling).into_iter().map(|site| site.name);
                let own = file.decls.iter().filter(|decl| *declared && decl.name() == old);
                let mut edits: Vec<TextEdit> = sites.map(|span| TextEdit::replace(span, new.clone())).collect();
                for decl in own {
                    edits.extend(decl.names.first().map(|name| TextEdit::replace(name.span, new.clone())));
                    // Its comment begins with its name.
                    let doc = decl.doc.filter(|doc| doc.of(text).starts_with(&format!("// {old} ")));
                    edits.extend(doc.map(|doc| {
                        let start = doc.start + "// ".len();
                        TextEdit::replace(Span::new(start, start + old.len()), new.clone())
                    }));
                }
                edits
            }
            Self::Flag { flag, variable } => held(text, file, flag, variable),
            Self::Imports(_) => Vec::new(),
            Self::Unused(name) => unused(text, file, name, made).into_iter().collect(),
        })
    }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let mut edits: Vec<TextEdit> = Vec::new();
            for edit in &self.edits {
                let more = edit.make(target, &edits)?;
                edits.extend(more);
            }
            if !edits.is_empty() {
                let imports = self.edits.iter().filter_map(|edit| match edit {
                    Edit::Imports(imports) => Some(imports.clone()),
                    _ => None,
                });
                let imports: Vec<ImportSpec> = imports.flatten().collect();
                edits.extend(add_imports(target.text, target.file, &imports, module));
            }
            edits.sort_by_key(|edit| edit.span.start);
            Ok(edits)
        })
    }
}
