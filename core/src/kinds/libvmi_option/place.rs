//! Where an option stands.

use super::{Facts, heads};
use crate::demand::position;
use crate::go::{DeclKind, Position, Target};
use crate::plan::{ManualReason, Planner};
use crate::repo_path::RepoPath;
use crate::text::TextEdit;

/// Where an option is to stand, as its line says; or the title, above the only option of a task. People are told of a place
/// that neither the file nor another option is.
pub(super) fn stated_position(
    planner: &mut Planner<'_, '_>,
    file: &RepoPath,
    (task, line, name): (usize, usize, &str),
    options: &[String],
) -> Option<Position> {
    let known = planner.task(task);
    let own = known.details.iter().find(|detail| detail.line == line);
    let title = || position(&known.title, name, false).filter(|_| heads(known).len() == 1);
    let position = own.and_then(|own| position(&own.text, name, false)).or_else(title)?;
    let anchor = position.anchor().unwrap_or_default();
    let source = planner.survey.go(file).ok().flatten();
    if source.is_some_and(|source| source.target().has_declaration(anchor)) || options.iter().any(|one| one == anchor) {
        planner.placed(task, line);
        return Some(position);
    }
    let why = format!("it is to stand {position}, which {file} does not have");
    planner.manual(&[task], &ManualReason::Remains { line, why });
    None
}

impl Facts {
    /// Where its task says; else behind the last option of its kind, or at the end of the file.
    pub(super) fn placed(&self, target: &Target<'_>, snippet: &str) -> TextEdit {
        let stated = self.position.as_ref().and_then(|position| target.put_declaration(position, snippet));
        if let Some(stated) = stated {
            return stated;
        }
        let result = format!(") {}", self.text.option);
        let functions =
            target.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.name().starts_with("With"));
        let mut own = functions.filter(|decl| {
            let head = decl.body.map_or("", |body| target.text[decl.span.start..body.start].trim_end());
            head.ends_with(&result)
        });
        match own.next_back() {
            Some(decl) => TextEdit::insert(decl.span.end, format!("\n\n{}", snippet.trim_matches('\n'))),
            None => target.append_declaration(snippet),
        }
    }
}
