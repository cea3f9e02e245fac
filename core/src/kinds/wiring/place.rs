//! The place of the line.

use super::super::component::are_alike;
use super::line::{Wanted, Wirer};
use crate::demand::{FuncRef, Place};
use crate::go::FunctionHead;
use crate::go::body::{BodyBlock, Form, Spot, Statement};
use crate::tree::parent;

/// The arguments that can be named in a block, before a place, beside a call with some.
type Resolve<'a> = dyn Fn(&BodyBlock, usize, &[String]) -> Result<Vec<String>, Failed> + 'a;

impl Wirer<'_, '_> {
    /// The place of the line, and its arguments.
    pub(super) fn spot(
        &self,
        head: &FunctionHead,
        blocks: &[BodyBlock],
        outer: &BodyBlock,
        (form, function): (&Form, &str),
        wanted: &[Wanted],
    ) -> Result<(Spot, Vec<String>), Failed> {
        let is_like = |one: &Statement| self.is_like(one, form, function, wanted);
        let resolve = |block: &BodyBlock, before: usize, beside: &[String]| {
            let scope = self.scope(head, block, before);
            match &self.call.arguments {
                Some(stated) => self.stated(stated, wanted, &scope),
                None => self.arguments(wanted, &scope, beside),
            }
        };
        let end = outer.statements.last().map_or(usize::MAX, |last| last.span.end);
        match &self.call.place {
            Place::Open => {}
            Place::Start => {
                let first = outer.statements.first().map_or(0, |first| first.span.start);
                return Ok((Spot::Start, resolve(outer, first, &[]).map_err(|failed| failed.at(first))?));
            }
            Place::End => {
                let is_last = outer.statements.last().is_none_or(|last| last.returns.is_some() || !last.leaves);
                let arguments = resolve(outer, end, &[]).map_err(|failed| failed.at(end))?;
                return if is_last { Ok((Spot::End, arguments)) } else { Err(Failed::new("its end is unreachable")) };
            }
            Place::After(other) | Place::Before(other) => {
                return self.beside(blocks, other, matches!(self.call.place, Place::Before(_)), &resolve);
            }
            Place::Between(first, second) => {
                let after = self.beside(blocks, first, false, &resolve)?;
                let mut pairs = blocks.iter().flat_map(|block| (0..block.statements.len()).map(move |at| (block, at)));
                let is_pair = |(block, at): (&BodyBlock, usize)| {
                    let next = block.statements.get(block.checked(at, self.text()) + 1);
                    block.statements[at].calls(&first.name) && next.is_some_and(|next| next.calls(&second.name))
                };
                if !pairs.any(is_pair) {
                    return Err(Failed::new(format!("{second} is not called right behind {first} there")));
                }
                return Ok(after);
            }
        }
        // Calls with the same parameters say what the arguments are, and where such calls stand.
        let like: Vec<(&BodyBlock, usize)> =
            blocks.iter().filter_map(|block| Some((block, block.statements.iter().rposition(is_like)?))).collect();
        if let [(block, at)] = like.as_slice() {
            let at = *at;
            let same = block.statements.iter().filter(|one| is_like(one));
            let mut lists: Vec<Vec<String>> = same.filter_map(|one| one.call.as_ref()?.1.arguments.clone()).collect();
            lists.dedup();
            let statement = &block.statements[at];
            if let ([one], None) = (lists.as_slice(), &self.call.arguments) {
                return Ok((Spot::Behind(statement.span.of(self.text()).to_owned()), one.clone()));
            }
            let arguments =
                resolve(block, statement.span.start, &[]).map_err(|failed| failed.at(statement.span.start))?;
            return Ok((Spot::Behind(statement.span.of(self.text()).to_owned()), arguments));
        }
        if like.len() > 1 {
            let mut failed = Failed::new("similar calls are in more than one block");
            failed.at = like.first().map(|(block, at)| block.statements[*at].span.start);
            return Err(failed);
        }
        // The end of a list of calls whose results are handled alike.
        let of_form =
            |one: &Statement| one.call.as_ref().is_some_and(|(known, _)| known == form) && !self.is_planned(one);
        let mut first_failed = None;
        if !matches!(form, Form::Plain) {
            for block in blocks {
                let Some(at) = block.statements.iter().rposition(of_form) else { continue };
                let is_list = matches!(form, Form::Append { .. })
                    || at > 0 && of_form(&block.statements[at - 1]) && self.is_reached(block, at);
                if !is_list {
                    continue;
                }
                let statement = &block.statements[at];
                match resolve(block, statement.span.end, &[]) {
                    Ok(arguments) => {
                        return Ok((Spot::Behind(statement.span.of(self.text()).to_owned()), arguments));
                    }
                    Err(failed) => first_failed = first_failed.or(Some(failed.at(statement.span.start))),
                }
            }
        }
        if let Some(failed) = first_failed {
            return Err(failed);
        }
        // The end of a function that is left there.
        let arguments = resolve(outer, end, &[]).map_err(|failed| match outer.statements.last() {
            Some(last) => failed.at(last.span.start),
            None => failed,
        })?;
        if let Some(why) = self.not_at_the_end(outer) {
            let mut failed = Failed::new(why);
            failed.found = arguments.into_iter().map(Some).collect();
            return Err(failed);
        }
        Ok((Spot::End, arguments))
    }

    /// Beside a call that the task names.
    pub(super) fn beside(
        &self,
        blocks: &[BodyBlock],
        other: &FuncRef,
        before: bool,
        resolve: &Resolve<'_>,
    ) -> Result<(Spot, Vec<String>), Failed> {
        let found: Vec<(&BodyBlock, usize)> = blocks
            .iter()
            .flat_map(|block| (0..block.statements.len()).map(move |at| (block, at)))
            .filter(|(block, at)| block.statements[*at].calls(&other.name))
            .collect();
        let [(block, at)] = found.as_slice() else {
            let (body, name) = (self.text(), format!("{}(", other.name));
            let span = outer_span(blocks);
            let calls = body[span.0..span.1].match_indices(&name).map(|(at, _)| span.0 + at);
            let is_whole = |at: &usize| !body[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let calls: Vec<usize> = calls.filter(is_whole).collect();
            let why = match calls.as_slice() {
                [] => format!("nothing calls {other} there"),
                [one] => return Err(Failed::new(format!("{other} is called in a branch there")).at(*one)),
                several => {
                    let lines = several.iter().map(|at| self.source().source.line(*at).to_string());
                    format!(
                        "{other} is called in more than one place there, lines {}",
                        lines.collect::<Vec<_>>().join(", ")
                    )
                }
            };
            return Err(Failed::new(why));
        };
        let (statement, last) = (&block.statements[*at], &block.statements[block.checked(*at, self.text())]);
        if !before && statement.returns.is_some() {
            return Err(Failed::new(format!("{other} is called by a return")).at(statement.span.start));
        }
        let place = if before { statement.span.start } else { last.span.end };
        let beside = statement.arguments(&other.name).unwrap_or_default();
        let arguments = resolve(block, place, beside).map_err(|failed| failed.at(statement.span.start))?;
        Ok((Spot::Beside(other.name.clone(), before), arguments))
    }

    /// Whether a statement calls what tasks ask to be called.
    fn is_planned(&self, one: &Statement) -> bool {
        let name = one.call.as_ref().and_then(|(_, call)| call.function.rsplit('.').next());
        name.is_some_and(|name| self.planned.contains(name))
    }

    /// Whether a statement calls a function with the same parameters, in a way that tells the arguments.
    pub(super) fn is_like(&self, one: &Statement, form: &Form, function: &str, wanted: &[Wanted]) -> bool {
        let Some((known, call)) = one.call.as_ref().filter(|_| !self.is_planned(one)) else { return false };
        let same_form = known == form
            || matches!((known, form), (Form::Plain, Form::Check { .. }) | (Form::Check { .. }, Form::Plain));
        if !same_form || call.arguments.as_ref().is_none_or(|list| list.len() != wanted.len()) {
            return false;
        }
        // Without parameters, the names have to say that they are of one kind.
        let name = call.function.rsplit('.').next().unwrap_or_default();
        if wanted.is_empty() && !are_alike(name, &self.callee.head.name) {
            return false;
        }
        let types = self.signature_of(&call.function, function);
        types.is_some_and(|types| types.iter().map(Some).eq(wanted.iter().map(|(_, ty)| ty.as_ref())))
    }

    /// The parameters of a function that the caller calls: one of its package, a method of its receiver, or of what the
    /// callee is a method of.
    pub(super) fn signature_of(&self, other: &str, function: &str) -> Option<Vec<String>> {
        let mut folder = parent(self.source().path());
        let (receiver, name) = match other.split_once('.') {
            None => (None, other),
            Some((holder, name)) => {
                let own = self.func.head().and_then(|head| head.receiver).and_then(|own| own.names.first().cloned());
                if own.as_deref() == Some(holder) {
                    (self.func.receiver.clone(), name)
                } else {
                    let beside =
                        self.callee.head.receiver.as_ref().filter(|_| function.split('.').next() == Some(holder))?;
                    folder = parent(self.callee.file);
                    (Some(beside.ty.text.trim_start_matches('*').to_owned()), name)
                }
            }
        };
        let funcs = self.survey.funcs(folder, name);
        self.survey.takes(funcs.iter().find(|func| func.receiver == receiver)?)
    }

    /// Whether nothing before a statement leaves the function but checks of errors and guards.
    pub(super) fn is_reached(&self, block: &BodyBlock, at: usize) -> bool {
        block.statements[..at].iter().all(|one| !one.leaves || self.is_guard(one))
    }

    /// An `if` of a few lines that leaves.
    pub(super) fn is_guard(&self, one: &Statement) -> bool {
        let text = one.span.of(self.text());
        text.starts_with("if ") && text.lines().count() <= 4
    }

    /// Why a line does not belong at the end of a function, if it does not.
    pub(super) fn not_at_the_end(&self, outer: &BodyBlock) -> Option<String> {
        const WRITES: &[&str] = &[".Update(", ".UpdateStatus(", ".Patch(", ".Create(", ".Delete(", ".Add("];
        let func = self.func.func_name();
        let last = outer.statements.last();
        let returned = last.and_then(|last| last.returns.as_deref()).unwrap_or_default();
        let is_plain = |value: &String| {
            value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '"' | '.' | '&' | '{' | '}'))
        };
        let inner = if last.is_some_and(|last| last.returns.is_some()) {
            &outer.statements[..outer.statements.len() - 1]
        } else {
            &outer.statements[..]
        };
        let text = self.text();
        if !returned.iter().all(is_plain) {
            return Some(format!("{func} ends with a call"));
        }
        if inner.iter().any(|one| one.leaves && !self.is_guard(one)) {
            return Some(format!("{func} returns in more places than at its end"));
        }
        if inner.iter().any(|one| WRITES.iter().any(|write| one.span.of(text).contains(write))) {
            return Some(format!("{func} writes before its end"));
        }
        None
    }
}

/// Where the statements of a function begin and end.
fn outer_span(blocks: &[BodyBlock]) -> (usize, usize) {
    let all = || blocks.iter().flat_map(|block| &block.statements).map(|one| one.span);
    (all().map(|span| span.start).min().unwrap_or(0), all().map(|span| span.end).max().unwrap_or(0))
}

/// What is not certain about a line, and what is.
pub(super) struct Failed {
    pub(super) why: String,
    pub(super) found: Vec<Option<String>>,
    pub(super) at: Option<usize>,
    pub(super) line: String,
}

impl Failed {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), found: Vec::new(), at: None, line: String::new() }
    }

    pub(super) fn at(mut self, at: usize) -> Self {
        self.at.get_or_insert(at);
        self
    }

    /// The arguments as far as they are known.
    pub(super) fn arguments(&self, wanted: &[Wanted]) -> Vec<String> {
        let known = self.found.iter().cloned().chain(std::iter::repeat(None));
        wanted.iter().zip(known).map(|((name, _), found)| found.unwrap_or_else(|| format!("<{name}>"))).collect()
    }
}
