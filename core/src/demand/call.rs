//! Calls: ``and call it from `F` ``, ``Integration: invoked by `T.F` in `pkg/x/y.go` ``, ``hook `f` into `G` ``.

use std::fmt;

use super::call_words::{CONDITIONS, FILLERS, FROM, GIVEN, MODALS, NOUNS, VERBS};
use super::{Piece, Word, clauses, words};
use crate::name::is_go_identifier;
use asides::Adverb;
use guards::{condition_of, guard, handling, opening, unread, when};
pub use objects::Said;
pub use stated::arguments as stated_arguments;
use stated::{aside, bracketed, parts, stated, told_apart};

/// A function as a line names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FuncRef {
    /// What stands before the dot, or the type that it is said to be a method of. In `x.F` it may be a package as
    /// well as a type.
    pub qualifier: Option<String>,
    /// The function or method.
    pub name: String,
}

impl fmt::Display for FuncRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.qualifier {
            Some(qualifier) => write!(f, "{qualifier}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// How something is to be brought in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// It is called.
    Call,
    /// It is registered, added to a list, started: more than a call, or something else.
    Other,
    /// It was called, and is to be no more.
    Drop,
}

/// Where in the caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// The line does not say.
    Open,
    /// At its start.
    Start,
    /// At its end, before the last `return`.
    End,
    /// Behind the call of another function.
    After(FuncRef),
    /// Before the call of another function.
    Before(FuncRef),
    /// Between the calls of two other functions, which stand one behind the other.
    Between(FuncRef, FuncRef),
}

/// A call that a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// How the line puts it.
    pub verb: Verb,
    /// What is called; nothing where the line says "it", or nothing.
    pub callee: Option<FuncRef>,
    /// What it is given, where the line spells that out.
    pub arguments: Option<Vec<String>>,
    /// What the line says where it names nothing.
    pub said: Said,
    /// Where in the line the demand begins, in bytes.
    pub at: usize,
    /// The function that calls it; nothing where the line names none that can be one.
    pub caller: Option<FuncRef>,
    /// The file or folder that the caller is said to be in.
    pub file: Option<String>,
    /// Where in the caller.
    pub place: Place,
    /// When or how it is called, in the words of the line, if the line says that.
    pub condition: Option<String>,
}

impl Call {
    /// A call of which nothing is said.
    pub fn plain() -> Self {
        Self {
            verb: Verb::Call,
            callee: None,
            arguments: None,
            said: Said::default(),
            at: 0,
            caller: None,
            file: None,
            place: Place::Open,
            condition: None,
        }
    }
}

/// The calls that a line asks for. Behind an `Integration:`, `bare`, the caller may stand alone.
pub fn calls(line: &str, bare: bool) -> Vec<Call> {
    let mut found = all(line, bare);
    found.retain(|call| call.verb != Verb::Drop);
    found
}

/// The calls that a line wants to be gone: "`f` no longer calls `g`".
pub fn dropped_calls(line: &str, bare: bool) -> Vec<Call> {
    let mut found = all(line, bare);
    found.retain(|call| call.verb == Verb::Drop);
    found
}

/// The calls that a line spells out with what they are given: "as `x.f(a)`".
pub fn spelled_calls(line: &str) -> Vec<String> {
    let code = words(line).into_iter().filter(|word| word.piece == Piece::Code).map(|word| word.text);
    code.filter(|code| func(code).is_some() && stated::arguments(code).is_some()).map(str::to_owned).collect()
}

fn all(line: &str, bare: bool) -> Vec<Call> {
    let words = words(line);
    let mut found: Vec<Call> = Vec::new();
    for clause in clauses(&words).flat_map(parts) {
        let (clause, asides) = bracketed(line, clause);
        let clause = clause.as_slice();
        let mut own = stated(Reader { line, words: clause }.clause(bare, found.last()), clause);
        if own.is_empty() {
            found = when(found, condition_of(line, clause).as_deref());
        }
        own = aside(own, &asides);
        if let Some(from) = own.first().map(|call| call.at) {
            own = when(own, guard(line, clause, from).as_deref());
            let rest = unread(line, clause, from).filter(|_| own.iter().any(|call| call.caller.is_some()));
            own = when(own, rest.as_deref());
        }
        found.extend(told_apart(when(own, opening(line, clause).as_deref())));
    }
    when(found, handling(line, &words).as_deref())
}

struct Reader<'w, 'a> {
    line: &'a str,
    words: &'w [Word<'a>],
}

/// What a target phrase says.
#[derive(Clone, Default)]
struct Target {
    callers: Vec<FuncRef>,
    file: Option<String>,
    place: Option<Place>,
    condition: Option<String>,
    arguments: Option<Vec<String>>,
    /// A preposition stood there.
    begun: bool,
    /// Where in the line the demand begins.
    at: usize,
}

impl Reader<'_, '_> {
    /// The calls of a clause; `before` is what an earlier one asked for.
    fn clause(&self, bare: bool, before: Option<&Call>) -> Vec<Call> {
        if let Some(same) = self.same(before) {
            return same;
        }
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            match self.negated(at).or_else(|| self.edge(at)).or_else(|| self.deed(at)).or_else(|| self.verb(at)) {
                Some((verb, next)) => {
                    let from = self.words[at].at;
                    found.extend(verb.into_iter().map(|call| Call { at: from, ..call }));
                    at = next.max(at + 1);
                }
                None => at += 1,
            }
        }
        found.extend(self.collected());
        found.extend(self.elliptic(bare, before.is_some()).filter(|_| found.is_empty()).unwrap_or_default());
        if found.is_empty() && bare {
            found = self.standing();
        }
        found
    }

    /// The demand that begins with a verb at a word, and the word behind it.
    fn verb(&self, at: usize) -> Option<(Vec<Call>, usize)> {
        let (certain, forms, passive) =
            VERBS.iter().find(|(_, forms, passive)| self.is(at, forms) || self.is(at, &[passive]))?;
        let is_passive = self.is(at, &[passive]) && (!forms.contains(passive) || self.follows_subject(at));
        let adds = self.is(at, VERBS[VERBS.len() - 1].1);
        let verb =
            if matches!(*passive, "registered" | "started" | "added" | "deferred") { Verb::Other } else { Verb::Call };
        let mut verb = verb;
        let mut certain = *certain;
        let mut next = at + 1;
        let (mut callees, mut said) = (Vec::new(), Said::It);
        let mut said_it = false;
        let mut is_named = false;
        if is_passive {
            (callees, said) = self.subjects(at);
        } else {
            next = self.skip(next, &[FILLERS]);
            if self.is(next, &["it"]) {
                (is_named, said_it, next) = (true, true, next + 1);
            } else if let Some(many) = self.many(at + 1) {
                (said_it, (said, next)) = (true, many);
            } else if adds && self.is(next, &["call", "calls", "invocation"]) {
                // "Add a call to `f` in `G`", "add the call to `G`".
                (verb, certain, said_it) = (Verb::Call, true, true);
                next += 1;
                let named = self.skip(next + 1, &[FILLERS, NOUNS]);
                if self.is(next, &["to", "of", "for"]) && self.func(named).is_some() {
                    let (rest, _) = self.target(named + 1, false);
                    let is_caller = self.is(next - 2, &["the"]) && self.is(next, &["to"]) && rest.callers.is_empty();
                    if !is_caller {
                        (callees, next) = (self.func(named).into_iter().collect(), named + 1);
                    }
                }
            } else if adds && self.is(next, GIVEN) {
                // "Append its result in `G`": more than a call, "`G` appends its results to `list`" one with a place for them.
                if self.subject_of(at).is_some() {
                    return None;
                }
                (verb, said_it) = (Verb::Other, true);
                // "To `conflicts` in `G`" names the list before the caller.
                let list = self.is(next + 1, &["to", "onto"]) && self.func(next + 2).is_some();
                next += if list && self.is(next + 3, FROM) { 2 } else { 0 };
            } else if let Some(named) = self.objects(next).filter(|_| !adds) {
                (callees, next) = named;
            } else if self.is(next, NOUNS) && !adds
                || self.is(next, FROM) && (certain && at == 0 || !adds && at > 0 && self.joins(at - 1))
            {
                said_it = true;
            }
            next = self.skip(next, &[FILLERS, NOUNS]);
        }
        let handed = self.handed(at, next).filter(|_| !callees.is_empty() || said_it || is_passive);
        let (arguments, next) = handed.map_or((None, next), |(arguments, next)| (Some(arguments), next));
        let (how, behind) = self.adverb(next);
        let (mut target, end) = self.target(behind, false);
        target.arguments = arguments.or(target.arguments);
        match how {
            Some(Adverb::At(place)) if target.place.is_none() => target.place = Some(place),
            Some(Adverb::Often(words)) if target.condition.is_none() => target.condition = Some(words),
            _ => {}
        }
        target.callers.extend(self.place_before(at).filter(|_| target.callers.is_empty() && !is_passive && !adds));
        if target.callers.is_empty() {
            // "`G` calls it", "`G` must call `f`", "`G` must first run it", "`G` runs it first thing".
            let is_active = !is_passive && !adds && verb == Verb::Call;
            let subject = (is_active && (!callees.is_empty() || said_it && (certain || is_named)))
                .then(|| self.subject_of(at))
                .flatten();
            if let Some(subject) = subject {
                target.place = target.place.or(subject.place).or_else(|| self.trailing(next));
                target.file = target.file.or(subject.file);
                target.callers.extend(subject.callers.first().iter().flat_map(|last| self.other_subjects(at, last)));
                target.callers.extend(subject.callers);
            }
        }
        let runs = self.runs_beside(at, &target);
        let knows_object = !callees.is_empty() || said_it || is_passive || self.is(at, &["hook", "wire", "plug"]);
        let is_open = !(certain && (target.begun || target.condition.is_some()) || runs);
        if !(knows_object || runs) || target.callers.is_empty() && is_open {
            return None;
        }
        // "Add `f` to `G`" says what is made, "add it to `G`" what becomes of it.
        if adds && !said_it {
            return None;
        }
        let calls = self.built(verb, &callees, &target).into_iter().map(|call| Call { said, ..call });
        Some(self.continued(verb, calls.collect(), end))
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.words.get(at).is_some_and(|word| word.is(words))
    }

    fn skip(&self, mut at: usize, lists: &[&[&str]]) -> usize {
        while lists.iter().any(|list| self.is(at, list)) {
            at += 1;
        }
        at
    }

    fn func(&self, at: usize) -> Option<FuncRef> {
        // "VMs" and "PVC" are words of people.
        let initials = |text: &str| text.trim_end_matches('s').chars().all(|c| c.is_ascii_uppercase());
        let is_name = |word: &&Word<'_>| word.piece == Piece::Code || word.is_code() && !initials(word.text);
        func(self.words.get(at).filter(is_name)?.text)
    }
}

fn build(verb: Verb, callee: Option<&FuncRef>, target: &Target) -> Vec<Call> {
    let call = |caller: Option<FuncRef>| Call {
        verb,
        callee: callee.cloned(),
        arguments: target.arguments.clone(),
        said: Said::It,
        at: target.at,
        caller,
        file: target.file.clone(),
        place: target.place.clone().unwrap_or(Place::Open),
        condition: target.condition.clone(),
    };
    if target.callers.is_empty() {
        return vec![call(None)];
    }
    target.callers.iter().cloned().map(|caller| call(Some(caller))).collect()
}

/// `F`, `F()`, `T.F`, `(*T).F()`, `(c *T) F(x int) error`, `func F()`.
fn func(text: &str) -> Option<FuncRef> {
    let text = text.strip_prefix("func ").unwrap_or(text).trim();
    let text = text.strip_suffix("'s").unwrap_or(text);
    let (receiver, rest) = match text.strip_prefix('(') {
        Some(inner) => {
            let (receiver, rest) = inner.split_once(')')?;
            let ty = receiver.rsplit([' ', '*']).next()?;
            (Some(ty.to_owned()), rest.trim_start_matches(['.', ' ']))
        }
        None => (None, text.strip_prefix('*').unwrap_or(text)),
    };
    let name = rest.split('(').next()?.trim();
    let (qualifier, name) = match name.rsplit_once('.') {
        Some((qualifier, name)) if receiver.is_none() => (Some(qualifier.to_owned()), name),
        _ => (receiver, name),
    };
    let is_name = is_go_identifier(name) && qualifier.as_deref().is_none_or(is_go_identifier);
    is_name.then(|| FuncRef { qualifier, name: name.to_owned() })
}

#[path = "call_asides.rs"]
mod asides;
#[path = "call_guards.rs"]
mod guards;
#[path = "call_objects.rs"]
mod objects;
#[path = "call_stated.rs"]
mod stated;
#[path = "call_target.rs"]
mod target;

#[cfg(test)]
#[path = "call_tests.rs"]
mod tests;
