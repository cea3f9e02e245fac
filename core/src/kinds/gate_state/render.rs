//! How a change of state becomes text.

use super::{Facts, INIT, Moved, Registered};
use crate::go::{Constant, FuncName, Target, TokenKind, string};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::Unit;
use crate::repo_path::RepoPath;
use crate::survey::{Registration, Stage, registrations};
use crate::text::{Span, TextEdit, line_span};

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        if !self.is_there && self.file == self.from {
            in_place(pending, self)?;
        } else if !self.is_there {
            move_over(pending, self)?;
        }
        if let Some((suite, package)) = &self.suite {
            pending.anchor_go(suite, |target| {
                Ok(target.remove_element(package, &self.identifier).into_iter().collect())
            })?;
        }
        if let Some((path, accessor)) = &self.accessor {
            let method = FuncName { receiver: Some("ClusterConfig"), name: accessor };
            pending.anchor_go(path, |target| Ok(vec![target.remove_method(method)?]))?;
        }
        Ok(())
    }
}

/// One more line in the comment, and another word in the registration.
fn in_place(pending: &mut PendingFiles<'_>, unit: &Facts) -> Result<(), Refusal> {
    let line = registered(pending, unit)?;
    pending.anchor_go(&unit.from, |target| {
        let constant = target.constant(&unit.identifier)?;
        let mut edits = Vec::new();
        if let Some((at, text)) = stage_line(&constant, unit) {
            let place = line_of(target.text, constant.span, at);
            edits.push(TextEdit::insert(place, format!("\t{text}\n")));
        }
        let here = registration(target, unit);
        edits.push(match (&here, here.as_ref().and_then(|known| state_word(target, known.span))) {
            // Only an active state needs no other change than its word.
            (_, Some(word)) if unit.to.is_active() => TextEdit::replace(word, unit.to.name()),
            (Some(known), _) => TextEdit::replace(known.span, line.trim()),
            (None, _) => target.append_statement(INIT, &line)?,
        });
        Ok(edits)
    })
}

/// Out of the active gates, and to the others.
fn move_over(pending: &mut PendingFiles<'_>, unit: &Facts) -> Result<(), Refusal> {
    let mut taken: Option<Constant> = None;
    pending.anchor_go(&unit.from, |target| {
        taken = Some(target.constant(&unit.identifier)?);
        let mut edits = vec![target.remove_constant(&unit.identifier)?];
        if let Some(known) = registration(target, unit) {
            edits.push(target.remove_lines(INIT, known.span)?);
        }
        Ok(edits)
    })?;
    let Some(constant) = taken else { return Ok(()) };
    let mut comment = constant.comment.clone();
    if let Some((at, text)) = stage_line(&constant, unit) {
        comment.insert(at, text);
    }
    // Above it stood no comment: the release is all there is to say.
    if comment.is_empty() {
        comment.extend(unit.release.as_ref().map(|release| format!("// {}: {release}", unit.to)));
    }
    let value = constant.line.split_once('=').map_or(String::new(), |(_, value)| value.trim().to_owned());
    let moved = pending.render(&Moved { comment, constant: format!("{} = {value}", unit.identifier) })?;
    let line = registered(pending, unit)?;
    pending.anchor_go(&unit.file, |target| {
        let registered = match registration(target, unit) {
            Some(known) => TextEdit::replace(known.span, line.trim()),
            None => target.append_statement(INIT, &line)?,
        };
        Ok(vec![target.append_constant(&moved)?, registered])
    })
}

fn registered(pending: &PendingFiles<'_>, unit: &Facts) -> Result<String, Refusal> {
    pending.render(&Registered {
        identifier: unit.identifier.clone(),
        state: unit.to.name().to_owned(),
        message: unit.message.as_deref().map(string),
    })
}

/// The registration as it is so far: another unit may have moved it.
fn registration(target: &Target<'_>, unit: &Facts) -> Option<Registration> {
    let all = registrations(target.text, target.file);
    all.into_iter().find(|known| known.identifier == unit.identifier)
}

/// The line that tells since when, and before which line of the comment it goes. Nothing where there
/// is no comment, or no release to tell.
fn stage_line(constant: &Constant, unit: &Facts) -> Option<(usize, String)> {
    let release = unit.release.as_ref()?;
    let is_about = |line: &&String, word: &str| {
        let text = line.trim_start_matches('/').trim_start();
        text.strip_prefix(word).is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    if constant.comment.is_empty() || constant.comment.iter().any(|line| is_about(&line, unit.to.name())) {
        return None;
    }
    let stages = [Stage::Alpha, Stage::Beta, Stage::Ga, Stage::Deprecated];
    let is_stage = |line: &String| stages.iter().any(|stage| is_about(&line, stage.name()));
    let after = constant.comment.iter().rposition(is_stage);
    let after = after.or_else(|| constant.comment.iter().rposition(|line| is_about(&line, "Owner")));
    let at = after.map_or(constant.comment.len(), |after| after + 1);
    Some((at, format!("// {}: {release}", unit.to)))
}

/// Where a line of some lines starts.
fn line_of(text: &str, lines: Span, index: usize) -> usize {
    lines.start + line_span(lines.of(text), index + 1).start
}

/// The `Alpha` of `State: Alpha` in a registration.
fn state_word(target: &Target<'_>, registration: Span) -> Option<Span> {
    let text = target.text;
    let inside = target.file.tokens.iter().filter(|token| registration.contains(token.span.start));
    let tokens: Vec<_> = inside.filter(|token| token.kind != TokenKind::Comment).collect();
    let at = tokens.windows(3).position(|three| {
        three[0].span.of(text) == "State" && three[1].span.of(text) == ":" && three[2].kind == TokenKind::Word
    })?;
    Some(tokens[at + 2].span)
}
