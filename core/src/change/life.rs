//! A gate's state: the comment, the registration, and the file that both stand in.

use serde::Serialize;

use super::desk::{Desk, Refusal};
use crate::go::{Constant, FuncName, Target, TokenKind, string};
use crate::plan::{GateState, GateStateUnit};
use crate::survey::{ACCESSORS, Registration, registrations};
use crate::template::{Context, Template, Text};
use crate::text::{Span, TextEdit};

pub(super) const TEMPLATES: &[Text] = &[Moved::FILE, Registered::FILE];

#[derive(Serialize, Context, Template)]
#[template("scaffolds/feature-gate-state/edit/pkg/virt-config/featuregate/inactive.go/constant.hbs")]
struct Moved {
    comment: Vec<String>,
    constant: String,
}

#[derive(Serialize, Context, Template)]
#[template("scaffolds/feature-gate-state/edit/pkg/virt-config/featuregate/inactive.go/init.hbs")]
struct Registered {
    identifier: String,
    state: String,
    message: Option<String>,
}

/// The file with the gates that are on for all functional tests.
const SUITE_GATES: &str = "tests/testsuite/kubevirtresource.go";

const INIT: FuncName<'static> = FuncName { receiver: None, name: "init" };

pub(super) fn write(desk: &mut Desk<'_, '_>, unit: &GateStateUnit) -> Result<(), Refusal> {
    let gates = desk.survey.gates()?;
    let Some((declared, _)) = gates.constant(&unit.gate) else { return Ok(()) };
    let from = declared.source.path().to_owned();
    let registered = gates.registration(&unit.identifier);
    let is_there = registered.is_some_and(|(_, registration)| registration.state == unit.to.name());
    if !is_there && unit.file == from {
        in_place(desk, unit, &from)?;
    } else if !is_there {
        move_over(desk, unit, &from)?;
    }
    if unit.to.is_settled() && desk.survey.exists(SUITE_GATES) {
        // Switching it on for the functional tests has become pointless.
        let package = gates.package.clone();
        desk.anchor_go(SUITE_GATES, |target| {
            Ok(target.remove_element(&package, &unit.identifier).into_iter().collect())
        })?;
    }
    if let Some(accessor) = &unit.accessor {
        let method = FuncName { receiver: Some("ClusterConfig"), name: accessor };
        desk.anchor_go(ACCESSORS, |target| Ok(vec![target.remove_method(method)?]))?;
    }
    Ok(())
}

/// One more line in the comment, and another word in the registration.
fn in_place(desk: &mut Desk<'_, '_>, unit: &GateStateUnit, path: &str) -> Result<(), Refusal> {
    let line = registered(desk, unit)?;
    desk.anchor_go(path, |target| {
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
fn move_over(desk: &mut Desk<'_, '_>, unit: &GateStateUnit, from: &str) -> Result<(), Refusal> {
    let mut taken: Option<Constant> = None;
    desk.anchor_go(from, |target| {
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
    let moved = desk.render(&Moved { comment, constant: format!("{} = {value}", unit.identifier) })?;
    let line = registered(desk, unit)?;
    desk.anchor_go(&unit.file, |target| {
        let registered = match registration(target, unit) {
            Some(known) => TextEdit::replace(known.span, line.trim()),
            None => target.append_statement(INIT, &line)?,
        };
        Ok(vec![target.append_constant(&moved)?, registered])
    })
}

fn registered(desk: &Desk<'_, '_>, unit: &GateStateUnit) -> Result<String, Refusal> {
    desk.render(&Registered {
        identifier: unit.identifier.clone(),
        state: unit.to.name().to_owned(),
        message: unit.message.as_deref().map(string),
    })
}

/// The registration as it lies on the desk: another unit may have moved it.
fn registration(target: &Target<'_>, unit: &GateStateUnit) -> Option<Registration> {
    let all = registrations(target.text, target.file);
    all.into_iter().find(|known| known.identifier == unit.identifier)
}

/// The line that tells since when, and before which line of the comment it goes. Nothing where there
/// is no comment, or no release to tell.
fn stage_line(constant: &Constant, unit: &GateStateUnit) -> Option<(usize, String)> {
    let release = unit.release.as_ref()?;
    let is_about = |line: &&String, word: &str| {
        let text = line.trim_start_matches('/').trim_start();
        text.strip_prefix(word).is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    if constant.comment.is_empty() || constant.comment.iter().any(|line| is_about(&line, unit.to.name())) {
        return None;
    }
    let stages = [GateState::Alpha, GateState::Beta, GateState::Ga, GateState::Deprecated];
    let is_stage = |line: &String| stages.iter().any(|stage| is_about(&line, stage.name()));
    let after = constant.comment.iter().rposition(is_stage);
    let after = after.or_else(|| constant.comment.iter().rposition(|line| is_about(&line, "Owner")));
    let at = after.map_or(constant.comment.len(), |after| after + 1);
    Some((at, format!("// {}: {release}", unit.to)))
}

/// Where a line of some lines starts.
fn line_of(text: &str, lines: Span, index: usize) -> usize {
    let before = lines.of(text).split_inclusive('\n').take(index);
    lines.start + before.map(str::len).sum::<usize>()
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
