//! A flag as it goes into its file, which other flags may have changed.

use super::{Facts, dashed};
use crate::go::{DeclKind, FlagDefinition, ImportSpec, Target, add_imports, string};
use crate::name::{Name, is_go_identifier};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::Unit;
use crate::repo_path::RepoPath;
use crate::text::{TextEdit, next_line};

/// The constant that a flag's name gets, and the one before it, where the names of its neighbours are constants.
pub(super) fn constant(
    target: &Target<'_>,
    flags: &[FlagDefinition],
    name: &str,
    stated: Option<&str>,
) -> Option<(String, String)> {
    let constants: Vec<&str> =
        flags.iter().map(|flag| flag.name.as_str()).filter(|name| is_go_identifier(name)).collect();
    let all_end = constants.iter().all(|name| name.ends_with("Flag"));
    if constants.is_empty() || constants.len() * 2 <= flags.len() || !all_end {
        return None;
    }
    let exported =
        constants.iter().filter(|name| name.starts_with(|c: char| c.is_uppercase())).count() * 2 > constants.len();
    let words = Name::parse(name);
    let derived = || format!("{}Flag", if exported { words.pascal() } else { words.camel() });
    let own = stated.map_or_else(derived, str::to_owned);
    // Behind the last constant of a flag that a group of this file has.
    let groups = target.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const && decl.body.is_some());
    let mut names = groups.flat_map(|decl| &decl.names).filter(|known| constants.contains(&known.text.as_str()));
    let last = names.next_back()?;
    Some((own, last.text.clone()))
}

/// The definition behind which a flag is to stand.
pub(super) fn place(target: &Target<'_>, flags: &[FlagDefinition], beside: Option<&(bool, String)>) -> Option<usize> {
    let (is_before, name) = beside?;
    flags.iter().position(|flag| is_called(target, flag, name))?.checked_sub(usize::from(*is_before))
}

/// Whether a definition is that of a flag: by a literal, or by a constant of the file.
pub(super) fn is_called(target: &Target<'_>, flag: &FlagDefinition, name: &str) -> bool {
    if flag.name == string(name) {
        return true;
    }
    let decl = target.file.declares(&flag.name);
    let line = decl.and_then(|decl| {
        decl.span.of(target.text).lines().find(|line| line.split_whitespace().next() == Some(&flag.name))
    });
    line.is_some_and(|line| line.ends_with(&format!("= {}", string(name))))
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn flag(&self) -> Option<(&RepoPath, &str, String)> {
        let is_free = self.statement.iter().any(|line| line.starts_with("_ = "));
        is_free.then(|| (&self.file, self.name.as_str(), Name::parse(&self.name).camel()))
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let flags = target.flags();
            if flags.is_empty() || flags.iter().any(|flag| is_called(target, flag, &self.name)) {
                return Ok(Vec::new());
            }
            let at = place(target, &flags, self.beside.as_ref()).unwrap_or(flags.len() - 1);
            let above = at.checked_sub(1).map(|index| flags[index].span);
            let mut edits = vec![target.after_statement(above, flags[at].span, &self.statement.join("\n"))];
            if let Some((holder, member)) = &self.field {
                let there = target.struct_members(holder).unwrap_or_default();
                if there.iter().all(|(known, _)| known.name != member.name) {
                    edits.extend(target.append_members(holder, std::slice::from_ref(member))?);
                }
            }
            if let Some((name, known, ty)) = &self.variable
                && let Some(decl) = target.file.declares(known).filter(|_| target.file.declares(name).is_none())
            {
                // In a group, behind that of the flag before it.
                let held = flags[at].bound.as_deref().map(|bound| bound.trim_start_matches('&'));
                let held = held.filter(|held| decl.names.iter().any(|name| name.text == *held)).unwrap_or(known);
                if decl.body.is_some() {
                    edits.extend(target.value_after(held, name, ty)?);
                } else {
                    let line = format!("var {name} {ty}\n");
                    edits.push(TextEdit::insert(next_line(target.text, decl.span.end), line));
                }
            }
            // An earlier flag may have put a constant there.
            let stated = self.constant.as_ref().map(|(name, _)| name.as_str());
            let known = match stated.filter(|_| self.has_dashes) {
                Some(stated) => dashed(target, &flags).map(|last| (stated.to_owned(), last)),
                None => constant(target, &flags, &self.name, stated).or_else(|| self.constant.clone()),
            };
            let value = if self.has_dashes { string(&format!("--{}", self.name)) } else { string(&self.name) };
            if let Some((name, known)) =
                known.filter(|(name, _)| self.constant.is_some() && target.file.declares(name).is_none())
            {
                edits.extend(target.value_after(&known, &name, &value)?);
            }
            let says_time = self.statement.iter().any(|line| line.contains("time."));
            if self.needs_time && (self.field.is_some() || says_time) {
                edits.extend(add_imports(target.text, target.file, &[ImportSpec::plain("time")], module));
            }
            edits.sort_by_key(|edit| edit.span.start);
            Ok(edits)
        })
    }
}
