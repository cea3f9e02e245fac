//! Calls: ``and call it from `F` ``, ``Integration: invoked by `T.F` in `pkg/x/y.go` ``, ``hook `f` into `G` ``.

use std::fmt;

use super::call_words::{CONDITIONS, FILLERS, FROM, MODALS, NOUNS, VERBS};
use super::{Piece, Word, clauses, words};
use crate::name::is_go_identifier;
use asides::{Adverb, condition_of, guard, handling, opening, unread, when};
pub use objects::Said;

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
}

/// A call that a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// How the line puts it.
    pub verb: Verb,
    /// What is called; nothing where the line says "it", or nothing.
    pub callee: Option<FuncRef>,
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

/// The calls that a line asks for. Behind an `Integration:`, `bare`, the caller may stand alone.
pub fn calls(line: &str, bare: bool) -> Vec<Call> {
    let words = words(line);
    let mut found: Vec<Call> = Vec::new();
    for clause in clauses(&words) {
        let mut own = Reader { line, words: clause }.clause(bare, !found.is_empty());
        if own.is_empty() {
            found = when(found, condition_of(line, clause).as_deref());
        }
        if let Some(from) = own.first().map(|call| call.at) {
            own = when(own, guard(line, clause, from).as_deref());
            let rest = unread(line, clause, from).filter(|_| own.iter().any(|call| call.caller.is_some()));
            own = when(own, rest.as_deref());
        }
        found.extend(when(own, opening(line, clause).as_deref()));
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
    /// A preposition stood there.
    begun: bool,
    /// Where in the line the demand begins.
    at: usize,
}

impl Reader<'_, '_> {
    /// The calls of a clause; `goes_on` behind one that has some.
    fn clause(&self, bare: bool, goes_on: bool) -> Vec<Call> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            match self.edge(at).or_else(|| self.deed(at)).or_else(|| self.verb(at)) {
                Some((verb, next)) => {
                    let from = self.words[at].at;
                    found.extend(verb.into_iter().map(|call| Call { at: from, ..call }));
                    at = next.max(at + 1);
                }
                None => at += 1,
            }
        }
        found.extend(self.collected());
        found.extend(self.elliptic(bare, goes_on).filter(|_| found.is_empty()).unwrap_or_default());
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
            } else if adds && self.is(next, &["result", "results", "output"]) {
                // "Append its result in `G`": more than a call.
                (verb, said_it) = (Verb::Other, true);
            } else if let Some(named) = self.objects(next).filter(|_| !adds) {
                (callees, next) = named;
            } else if self.is(next, NOUNS) && !adds
                || self.is(next, FROM) && (certain && at == 0 || !adds && at > 0 && self.joins(at - 1))
            {
                said_it = true;
            }
            next = self.skip(next, &[FILLERS, NOUNS]);
        }
        let (how, behind) = self.adverb(next);
        let (mut target, end) = self.target(behind, false);
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

    /// What stands behind the verb: where it is called from. `open`: the first preposition may be missing.
    fn target(&self, from: usize, open: bool) -> (Target, usize) {
        let mut target = Target::default();
        let mut at = from;
        let mut expects = open;
        while let Some(word) = self.words.get(at) {
            if word.piece == Piece::Mark {
                // Behind a colon or a dash comes an explanation, unless nothing was said yet.
                if matches!(word.text, ":" | "-" | "–" | "—") && target.begun {
                    return (target, self.words.len());
                }
                // Behind a comma the list of callers goes on, or another demand begins.
                let lists = word.text == "," && !target.callers.is_empty();
                if word.text == "," && self.leads(at + 1) || lists && self.begins(at) {
                    return (target, at);
                }
                let next = self.next_caller(at).filter(|_| lists);
                (expects, at) = (expects || next.is_some(), next.unwrap_or(at + 1));
                continue;
            }
            if let Some((place, next)) = self.place(at) {
                (target.begun, target.place) = (true, Some(place));
                (expects, at) = (true, next);
                continue;
            }
            if self.is(at, &["and", "or", "then", "plus"]) {
                // "from `A` and `B`"; "and start it in `C`" is another demand.
                let next = self.skip(at + 1, &[FILLERS, FROM]);
                let goes_on = self.func(next).is_some() && !self.begins(at) && !self.leads(at);
                if !target.callers.is_empty() && goes_on {
                    expects = true;
                    at += 1;
                    continue;
                }
                return (target, at);
            }
            // "next to `f`" says on neither side of it.
            let beside = self.is(at, &["next"]) && self.is(at + 1, &["to"]) || self.is(at, &["beside", "alongside"]);
            if beside && !target.callers.is_empty() {
                target.condition = Some(self.line[word.at..].trim_end_matches('.').trim().to_owned());
                return (target, self.words.len());
            }
            // "for each interface in `F`" says where, not when: `F` has the loop.
            if self.is(at, &["for"]) && self.is(at + 1, &["each", "every", "all"]) && target.callers.is_empty() {
                let next = (at + 2..at + 6).find(|next| self.is(*next, FROM));
                if let Some(next) = next.filter(|next| self.func(self.skip(next + 1, &[FILLERS, NOUNS])).is_some()) {
                    (target.begun, at) = (true, next);
                    continue;
                }
            }
            if target.begun && !self.is(at, &["with", "for"]) && self.is(at, CONDITIONS)
                || self.is(at, CONDITIONS) && !self.is(at, FROM)
                || self.is(at, &["with"]) && !target.callers.is_empty()
            {
                target.condition = Some(self.line[word.at..].trim_end_matches('.').trim().to_owned());
                return (target, self.words.len());
            }
            if self.is(at, FROM) {
                let next = self.skip(at + 1, &[FILLERS, NOUNS, &["file"]]);
                let named = self.func(next).is_some() || self.path(next).is_some();
                // "on the rendered pod at the end of `F`": what stands between says nothing of the caller.
                let later = (at + 1..(at + 8).min(self.words.len())).find(|later| {
                    self.place(*later).is_some() && !self.is(*later, &["the"])
                        || self.is(*later, FROM) && self.func(self.skip(*later + 1, &[FILLERS, NOUNS])).is_some()
                });
                if !named
                    && target.callers.is_empty()
                    && self.is(at, &["on", "with"])
                    && let Some(later) = later
                {
                    (target.begun, at) = (true, later);
                    continue;
                }
                if !named && !target.callers.is_empty() {
                    // "to keep it in one place": no place of a call.
                    return (target, self.words.len());
                }
                (target.begun, expects, at) = (true, named, next);
                if !named {
                    return (target, self.words.len());
                }
                continue;
            }
            if let Some((path, function)) = self.path(at) {
                target.file = Some(path);
                target.callers.extend(function);
                at += 1;
                continue;
            }
            // "Add it to the `T` interface" asks for a method.
            if expects && self.is(at + 1, &["interface"]) {
                return (target, at);
            }
            if let Some(function) = self.func(at).filter(|_| expects) {
                let (function, next) = self.with_type(function, at + 1, &mut target);
                if !target.callers.contains(&function) {
                    target.callers.push(function);
                }
                (target.begun, expects, at) = (true, false, next);
                continue;
            }
            if self.is(at, FILLERS) || self.is(at, NOUNS) {
                at += 1;
                continue;
            }
            return (target, at);
        }
        (target, at)
    }

    /// "at the end of", "before the last return in", "right after `f` in".
    fn place(&self, at: usize) -> Option<(Place, usize)> {
        let at = self.skip(at, &[&["right", "just", "directly", "immediately", "shortly", "as"]]);
        let behind = |at: usize| if self.is(at, &["of", "in", "inside", "from"]) { at + 1 } else { at };
        if self.is(at, &["at", "near", "the", "in", "to"]) {
            let next = self.skip(at + 1, &[&["the", "very"]]);
            if self.is(next, &["end", "bottom"]) {
                return Some((Place::End, behind(next + 1)));
            }
            if self.is(next, &["start", "beginning", "top"]) {
                return Some((Place::Start, behind(next + 1)));
            }
        }
        // "As the last step of", "its first statement".
        let ordinal = self.skip(at, &[&["the", "its", "a"]]);
        if ordinal > at && self.is(ordinal + 1, &["step", "thing", "statement", "action", "check", "call"]) {
            let last = self.is(ordinal, &["last", "final"]).then_some(Place::End);
            let place = last.or_else(|| self.is(ordinal, &["first"]).then_some(Place::Start));
            if let Some(place) = place {
                return Some((place, behind(ordinal + 2)));
            }
        }
        let prior = self.is(at, &["prior", "ahead"]) && self.is(at + 1, &["to", "of"]);
        if prior || self.is(at, &["before", "after", "behind", "above", "below"]) {
            let before = prior || self.is(at, &["before", "above"]);
            let next = self.skip(at + 1, &[&["the", "it", "final", "last", "call", "of", "to", "existing"]]);
            if before && self.is(next, &["return", "returning", "returns"]) {
                let next = self.skip(next + 1, &[&["statement"]]);
                return Some((Place::End, behind(next)));
            }
            // "Behind `c.Enabled()`" is a condition.
            let asks = |name: &str| name.ends_with("Enabled") || name.starts_with("is") || name.starts_with("Is");
            let other = self.func(next).filter(|other| !(self.is(at, &["behind"]) && asks(&other.name)))?;
            let next = self.skip(next + 1, &[NOUNS]);
            let place = if before { Place::Before(other) } else { Place::After(other) };
            return Some((place, behind(next)));
        }
        None
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
        let word = self.words.get(at).filter(|word| word.is_code())?;
        func(word.text)
    }
}

fn build(verb: Verb, callee: Option<&FuncRef>, target: &Target) -> Vec<Call> {
    let call = |caller: Option<FuncRef>| Call {
        verb,
        callee: callee.cloned(),
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
#[path = "call_objects.rs"]
mod objects;

#[cfg(test)]
#[path = "call_tests.rs"]
mod tests;
