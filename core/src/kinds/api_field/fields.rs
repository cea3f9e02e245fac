//! Fields of one struct are written at once: a file is parsed again after each edit of it.

use std::collections::BTreeMap;

use super::change::{Change, imports};
use super::place::has_field;
use super::texts::{self, Texts};
use super::{Facts, Field};
use crate::go::{AnchorError, Target, add_imports};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Planner, Unit};
use crate::repo_path::RepoPath;
use crate::text::TextEdit;

/// One change, or some fields of one struct.
#[derive(Debug)]
pub(super) struct Written(Vec<Facts>);

/// What is written, each for its tasks.
#[derive(Default)]
pub(super) struct Units {
    all: Vec<(Written, Vec<usize>)>,
    /// Which of it has the last fields of each struct.
    last: BTreeMap<(RepoPath, String), usize>,
}

impl Units {
    pub(super) fn add(&mut self, facts: Facts, tasks: Vec<usize>) {
        // What has a place of its own is written apart from the others.
        if let (Change::Field(field), None) = (&facts.change, &facts.position) {
            let last = self.last.entry((field.file.clone(), field.struct_name.clone())).or_insert(self.all.len());
            if let Some((known, _)) = self.all.get_mut(*last).filter(|(_, theirs)| *theirs == tasks) {
                return known.0.push(facts);
            }
            *last = self.all.len();
        }
        self.all.push((Written(vec![facts]), tasks));
    }

    pub(super) fn push(self, planner: &mut Planner<'_, '_>) {
        for (written, tasks) in self.all {
            planner.push(written, &tasks);
        }
    }
}

impl Unit for Written {
    fn files(&self) -> Vec<&RepoPath> {
        self.0.first().map(|facts| facts.change.file()).into_iter().collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let Some(first) = self.0.first() else { return Ok(()) };
        if pending.text(first.change.file())?.is_none() {
            let head = format!("{}\n\npackage {}\n", first.header, first.package);
            pending.put(first.change.file(), head)?;
        }
        match &first.change {
            Change::Field(field) => self.write_fields(&field.file, &field.struct_name, pending),
            change => texts::render(change, &first.texts, first.position.as_ref(), pending),
        }
    }

    fn stubs(&self) -> Vec<(RepoPath, String)> {
        let stubs = self.0.iter().filter_map(|facts| match &facts.change {
            Change::Field(Field { new_type: Some(name), file, .. }) => Some((file.clone(), name.clone())),
            Change::Field(Field { own_type: Some(ty), .. }) => Some(ty.clone()),
            _ => None,
        });
        stubs.collect()
    }

    fn outdates(&self) -> Option<String> {
        match &self.0.first()?.change {
            Change::Constant(_) => None,
            change => Some(format!("{} changes the API", change.name())),
        }
    }
}

impl Written {
    fn write_fields(&self, file: &RepoPath, owner: &str, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let mut fields = Vec::new();
        let mut types = Vec::new();
        for facts in &self.0 {
            if let (Change::Field(field), Texts::Field(text, new_type)) = (&facts.change, &facts.texts) {
                fields.push((field, texts::set_off(pending.render(text)?, field)));
                types.extend(new_type.as_ref().map(|text| pending.render(text)).transpose()?);
            }
        }
        let module = pending.module();
        pending.anchor_go(file, |target| {
            fields.retain(|(field, _)| has_field(target, owner, &field.name).is_none());
            let texts: Vec<&str> = fields.iter().map(|(_, text)| text.as_str()).collect();
            let position = self.0.first().and_then(|first| first.position.as_ref());
            let put = match (position, texts.as_slice()) {
                (Some(position), [text]) => target.put_member(owner, position, text)?,
                _ => None,
            };
            let mut edits = match put {
                Some(edits) => edits,
                None => Vec::from_iter(members(target, owner, &texts)?),
            };
            edits.extend(add_imports(
                target.text,
                target.file,
                &imports(fields.iter().map(|(field, _)| *field)),
                module,
            ));
            for new_type in types {
                edits.push(target.after_type(owner, &new_type)?);
            }
            Ok(edits)
        })
    }
}

/// Fields behind those that a struct has, each apart from what is above it where that is apart as well.
fn members(target: &Target<'_>, owner: &str, texts: &[&str]) -> Result<Option<TextEdit>, AnchorError> {
    let [first, others @ ..] = texts else { return Ok(None) };
    let edit = target.append_member(owner, first)?;
    let above = &target.text[..edit.span.start];
    let mut all = if texts::is_set_apart(above, &edit) { format!("\n{first}") } else { (*first).to_owned() };
    for text in others {
        if !text.starts_with('\n') && texts::is_apart(all.lines().rev().chain(above.lines().rev())) {
            all.push('\n');
        }
        all += text;
    }
    target.append_member(owner, &all).map(Some)
}
