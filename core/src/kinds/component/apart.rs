//! The file that a line states for a function of its own, and what it says of a function that is there.

use std::collections::BTreeSet;

use super::calls::is_callers_file;
use super::functions::{Function, functions};
use super::listed::is_head;
use super::phrased::is_call;
use super::receivers::owner_in_words;
use super::stub::Stub;
use super::stubs::Maker;
use crate::demand::{Piece, sentence_end, words};
use crate::go::{DeclKind, Parameter, TypeText, platforms};
use crate::name::{Name, is_go_identifier};
use crate::plan::{ManualReason, PlannedTask, Planner, is_test_file};
use crate::repo_path::RepoPath;
use crate::tree::{file_name, parent};

/// The file behind a head, and behind the heads that are listed with it: "`a(x int)` and `b()` in `x/y.go`".
pub(super) fn own_file(after: &str) -> Option<&str> {
    let mut parts = after.split('`');
    while let (Some(before), Some(code)) = (parts.next(), parts.next()) {
        let before = before.trim();
        if code.ends_with(".go") && code.contains('/') {
            return matches!(
                before,
                "in" | ", in" | "of" | "to" | "into" | "(" | "," | "in the file" | "in new file" | ""
            )
            .then_some(code);
        }
        let of_type = matches!(before, "on" | "of" | "a method of" | ", a method of" | "(on" | "to");
        let is_listed = matches!(before, "and" | "," | ", and") && code.contains('(');
        if !(is_listed || of_type && is_go_identifier(code.trim_start_matches('*'))) {
            return None;
        }
    }
    None
}

/// What is said of a function behind its head and its file, up to the end of the clause.
fn said(after: &str) -> &str {
    let behind = own_file(after).and_then(|file| after.split_once(file)).map_or(after, |(_, rest)| &rest[1..]);
    let behind = behind.trim_start_matches([')', '(', ',', ':', '.', '-', '–', '—', ' ']);
    // What follows is about another function, or says what it is a method of.
    if behind.starts_with("and `") || behind.starts_with('`') || behind.starts_with(';') {
        return "";
    }
    let end = behind.find("; ").unwrap_or(behind.len()).min(sentence_end(behind));
    let own = behind[..end].trim_end_matches(['.', ')', ' ']);
    // "In `x/y.go`, `f()` does it" says where, too.
    match own.rsplit_once(" in `") {
        Some((own, place)) if place.ends_with(".go`") => own,
        _ => own,
    }
}

/// What stands behind a head, without the heads that are listed behind its file, and without a file in brackets.
pub(super) fn without_file(after: &str) -> &str {
    let Some((before, rest)) = own_file(after).and_then(|file| after.split_once(file)) else { return after };
    let rest = rest[1..].trim_start_matches(')');
    let next = rest.trim_start().trim_start_matches("and").trim_start_matches([',', ';', ' ']).strip_prefix('`');
    let is_list =
        rest.starts_with([' ', ',', ';']) && next.and_then(|next| next.split('`').next()).is_some_and(is_head);
    match () {
        () if is_list => "",
        () if before.trim_start() == "(`" => rest,
        () => after,
    }
}

/// Whether words only make sense of a function that is there: "also logs it", "returns early", "takes a instead of b".
fn is_change(said: &str) -> bool {
    const LEADS: &[&str] = &["also", "now", "no", "still", "stays", "additionally", "becomes", "stops"];
    const WITHIN: &[&str] = &[" instead", " no longer ", " any longer", " anymore", "returns early", " as well"];
    let all = words(said);
    let first = all.iter().find(|word| !word.is(&["is", "are", "does", "has"]));
    first.is_some_and(|word| word.is(LEADS)) || WITHIN.iter().any(|part| said.contains(part))
}

impl Maker<'_, '_, '_> {
    /// Makes a function a method of the only type of the package that its line means in words: "on the source controller".
    pub(super) fn own(&self, function: &mut Function) {
        let Some(said) = owner_in_words(&function.after).filter(|_| function.receiver().is_none()) else { return };
        let names = self.planner.survey.declared_names(self.folder, DeclKind::Type);
        let is_whole = |name: &&String| Name::parse(name).words() == said;
        let ends = |name: &&String| Name::parse(name).words().ends_with(&said);
        let mut found: Vec<&String> = names.iter().filter(is_whole).collect();
        if found.is_empty() {
            found = names.iter().filter(ends).collect();
        }
        if let ([name], Ok(head)) = (found.as_slice(), &mut function.head) {
            let ty = TypeText { text: (*name).clone(), names: vec![(None, (*name).clone())] };
            head.receiver = Some(Parameter::spoken(ty));
            function.lacks_receiver = false;
        }
    }

    /// Where a function stands that a task changes, or why what it says of one that is there is left to people. A stub of
    /// ours is none of those.
    pub(super) fn changed(&self, function: &Function, stub: &Stub) -> Option<Result<String, ManualReason>> {
        const GENERAL: &[&str] = &["method", "function", "helper", "constructor", "on", "of", "as", "for", "in", "new"];
        let said = said(&function.after);
        let first = words(said).into_iter().next()?;
        // What a function is given is read by others.
        let is_head = ["parameter", "argument"].iter().any(|word| said.contains(word));
        let is_used = ["is called", "is used", "is invoked"].iter().any(|call| said.starts_with(call));
        if is_head || is_used || is_call(said) || first.is(GENERAL) || said.contains(".go`") {
            return None;
        }
        let source = self.planner.survey.go(&self.place.path).ok().flatten()?;
        let decl = source.file.method(stub.receiver_type(), &stub.name)?;
        let text = source.source.text();
        let above = text[..decl.span.start].rsplit("\n\n").next().unwrap_or_default();
        let own = [above, decl.span.of(text)].concat().to_lowercase();
        if own.contains(&format!("{} is not implemented", stub.name.to_lowercase())) {
            return None;
        }
        let place = format!("{} at {}:{}", stub.name, source.path(), source.source.line(decl.span.start));
        if is_change(said) {
            return Some(Ok(place));
        }
        // Its comment says what it does, in words of the task or in others.
        let split = |text: &str| -> BTreeSet<String> {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
            words.map(|word| word.to_lowercase().trim_end_matches('s').to_owned()).collect()
        };
        let (telling, mut known) = (split(said), split(&own));
        known.extend(Name::parse(&stub.name).words().iter().cloned());
        let lacking = telling.difference(&known).count();
        let comment = said.strip_prefix("comment: ").map(str::to_lowercase);
        let is_known = comment.map_or(lacking * 3 <= telling.len(), |comment| own.contains(&comment));
        let line = function.line;
        let why = || format!("line {line} says of {}, which is there, \"{said}\": that is up to you", stub.name);
        (!is_known).then(|| Err(ManualReason::Inexact { why: why(), places: vec![place] }))
    }
}

/// Whether a line states another file of the task for a function than the one that is planned.
pub(super) fn is_elsewhere(planner: &Planner<'_, '_>, index: usize, function: &Function, path: &str) -> bool {
    let Some(file) = function.file().or_else(|| base_name(&function.after)) else { return false };
    let is = |path: &str| path == file || !file.contains('/') && file_name(path) == file;
    !is(path) && planner.whole(index).named.iter().any(|(known, _)| is(known))
}

/// The file behind a head without its folder: "in amd64.go".
fn base_name(after: &str) -> Option<&str> {
    let after = after.trim_start();
    let behind = ["in ", "into ", "to "].iter().find_map(|word| after.strip_prefix(word))?;
    let file = behind.split_whitespace().next()?.trim_matches(['`', ',', ';', ':', '.', ')']);
    (file.ends_with(".go") && !file.contains('/')).then_some(file)
}

/// The other files of its package that a function of a task would be written to, too, as its line states none.
pub(super) fn also_in(planner: &Planner<'_, '_>, index: usize, function: &Function, path: &str) -> Vec<RepoPath> {
    if function.file().is_some() || base_name(&function.after).is_some() {
        return Vec::new();
    }
    let has_it = |file: &RepoPath| {
        let other = functions(planner.task_in(index, file)).0;
        other.iter().any(|one| one.line == function.line && one.name == function.name)
    };
    let is_code = |file: &RepoPath| file.ends_with(".go") && !is_test_file(file);
    let named = planner.whole(index).named.iter().map(|(file, _)| file);
    let of = |file: &str| {
        let text = planner.survey.text(file).ok().flatten();
        platforms(file_name(file), text.as_deref().unwrap_or_default())
    };
    let own = of(path);
    // Files of different platforms may each have it.
    let is_beside = |file: &RepoPath| **file != *path && parent(file) == parent(path) && of(file) == own;
    let beside = named.filter(|file| is_code(file) && is_beside(file));
    beside.filter(|file| !is_callers_file(planner, index, file) && has_it(file)).cloned().collect()
}

/// What a task says of the functions of its title that a line below has again: "`a` and `b` on `*T`", then "- `a(x int)`".
pub(super) fn titled_owner(task: &PlannedTask, name: &str) -> Option<String> {
    let all = words(&task.title);
    let at = all.iter().position(|word| word.piece == Piece::Code && word.text.trim_end_matches("()") == name)?;
    let is_name = |text: &str| is_go_identifier(text.trim_end_matches("()"));
    let mut behind = all[at + 1..]
        .iter()
        .skip_while(|word| word.is(&["and"]) || word.is_mark(",") || word.piece == Piece::Code && is_name(word.text));
    let leads = behind.next().is_some_and(|word| word.is(&["on", "of"]));
    let ty = behind.find(|word| !word.is(&["the", "type", "struct"])).filter(|_| leads)?;
    (ty.piece == Piece::Code && is_go_identifier(ty.text.trim_start_matches('*'))).then(|| ty.text.to_owned())
}
