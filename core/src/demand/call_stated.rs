//! Calls as they are spelled out, what stands in brackets behind a caller, calls that are not to be made, and clauses that
//! say "so does `f`".

use super::{Call, FILLERS, FROM, FuncRef, MODALS, NOUNS, Piece, Reader, Target, VERBS, Verb, Word, build, func};

/// The arguments of a call that code spells out; none of the head of a function.
pub fn arguments(code: &str) -> Option<Vec<String>> {
    let inner = code.strip_suffix(')')?.split_once('(').filter(|(name, _)| !name.is_empty())?.1;
    let list = list(inner)?;
    (!list.is_empty() && list.iter().all(|one| is_expression(one))).then_some(list)
}

/// What commas part, outside of brackets; nothing where the brackets do not match.
fn list(text: &str) -> Option<Vec<String>> {
    let (mut found, mut depth, mut quote) = (vec![String::new()], 0i32, None);
    for c in text.chars() {
        match c {
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
        if c == ',' && depth == 0 && quote.is_none() {
            found.push(String::new());
        } else if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    let found: Vec<String> = found.into_iter().map(|one| one.trim().to_owned()).collect();
    (depth == 0 && quote.is_none() && found != [""]).then_some(found)
}

/// Whether code is a value, and no name with a type: a name, a field, a call, a literal.
pub(super) fn is_expression(code: &str) -> bool {
    let bare = code.trim_start_matches(['*', '&', '!']);
    let begins = bare.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '-'));
    let blank = bare.starts_with('"') || !bare.split(['(', '{', '"']).next().unwrap_or_default().contains([' ', '/']);
    begins && blank && !bare.starts_with("map[") && !bare.starts_with("func(") && !bare.ends_with("...")
}

/// The calls of a clause with the arguments that it states for them, and their names where it says "as `x.f(a)`".
pub(super) fn stated(mut calls: Vec<Call>, words: &[Word<'_>]) -> Vec<Call> {
    let spelled: Vec<(usize, FuncRef, Vec<String>)> = (words.iter().enumerate())
        .filter(|(_, word)| word.is_code())
        .filter_map(|(at, word)| Some((at, func(word.text)?, arguments(word.text)?)))
        .collect();
    let is_as = |at: usize| at > 0 && words[at - 1].is(&["as"]);
    for call in calls.iter_mut().filter(|call| call.arguments.is_none()) {
        let own = |(at, name, _): &&(usize, FuncRef, Vec<String>)| match &call.callee {
            Some(callee) => callee.name == name.name,
            None => is_as(*at),
        };
        let behind = spelled.iter().find(|one| own(one) && words[one.0].at > call.at);
        if let Some((_, name, arguments)) = behind.or_else(|| spelled.iter().rfind(own)) {
            call.callee.get_or_insert_with(|| name.clone());
            call.arguments = Some(arguments.clone());
        }
    }
    calls
}

/// A clause without the words in brackets behind a function that say when or how that one calls; and those words.
pub(super) fn bracketed<'a>(line: &str, words: &[Word<'a>]) -> (Vec<Word<'a>>, Vec<(FuncRef, String)>) {
    let (mut kept, mut found): (Vec<Word<'a>>, Vec<_>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let caller = kept.last().filter(|word| word.is_code()).and_then(|word| func(word.text));
        let end = words[at..].iter().position(|word| word.is_mark(")")).map(|length| at + length);
        if let (Some(caller), true, Some(end)) = (caller, words[at].is_mark("("), end) {
            let inside = &words[at + 1..end];
            let goes_on = words.get(end + 1).is_some_and(|next| next.is_mark(",") || next.is(&["and", "or"]));
            let reader = Reader { line, words: inside };
            // A file, a type or a place in the only caller are read where they stand.
            let is_place = (0..2).any(|at| reader.place(at).is_some()) && !goes_on;
            let plain = |word: &Word<'_>| {
                word.is(FROM)
                    || word.is(FILLERS)
                    || word.is(NOUNS)
                    || word.is(&["and", "of", "file", "package", "line"])
            };
            let known = |word: &Word<'_>| {
                plain(word) || word.piece != Piece::Prose || word.text.contains(['/', '.']) || word.is_code()
            };
            let of_all = inside.first().is_some_and(|word| word.is(&["both", "all", "each"]));
            let code_only =
                inside.iter().all(known) && !inside.iter().any(|word| word.is(&["with", "after", "before"]));
            if !(is_place || code_only || of_all && !goes_on) {
                let start = words[at].at + 1;
                found.push((caller, line[start..words[end].at].trim().to_owned()));
                at = end + 1;
                continue;
            }
        }
        kept.push(words[at]);
        at += 1;
    }
    (kept, found)
}

/// Calls of which some depend on what stands in brackets behind their caller, or behind what is called.
pub(super) fn aside(mut calls: Vec<Call>, asides: &[(FuncRef, String)]) -> Vec<Call> {
    for (name, said) in asides {
        let is_own = |call: &Call| call.caller.as_ref() == Some(name);
        let any = calls.iter().any(is_own);
        for call in calls.iter_mut().filter(|call| (is_own(call) || !any) && call.condition.is_none()) {
            call.condition = Some(said.clone());
        }
    }
    calls
}

/// Calls with their conditions each: "the latter only for finished pools" is said of the last caller alone, and the file that a
/// title was said to be about is no part of any.
pub(super) fn told_apart(mut calls: Vec<Call>) -> Vec<Call> {
    let callers: Vec<FuncRef> = calls.iter().filter_map(|call| call.caller.clone()).collect();
    for call in &mut calls {
        let Some(condition) = call.condition.take() else { continue };
        let words = super::words(&condition);
        let lead = words.iter().take_while(|word| word.is(FROM) || word.is(&["the", "but", "and"])).count();
        let says = |list: &[&str]| words.iter().any(|word| word.is(list));
        let first = words.get(lead);
        let (former, latter) = (says(&["former"]), says(&["latter"]));
        let meant = match first {
            Some(_) if former && latter => None,
            Some(word) if word.is(&["former"]) => callers.first(),
            Some(word) if word.is(&["latter"]) => callers.last(),
            Some(word) if word.is_code() => callers.iter().find(|caller| func(word.text).as_ref() == Some(caller)),
            _ => None,
        };
        if meant.is_none() || call.caller.as_ref() == meant {
            let file = condition.rfind(" in `").filter(|at| condition[at + 5..].ends_with(".go`"));
            call.condition = Some(condition[..file.unwrap_or(condition.len())].to_owned());
        }
    }
    calls
}

const AUXILIARIES: &[&str] = &["does", "do", "did", "must", "should", "will", "shall", "has", "can", "may"];
const NEVER: &[&str] = &[
    "not",
    "never",
    "cannot",
    "doesn't",
    "don't",
    "mustn't",
    "shouldn't",
    "won't",
    "can't",
    "neither",
    "nor",
    "doesn’t",
    "don’t",
    "mustn’t",
    "shouldn’t",
];
/// Words before a call that was made, and is not any more.
const STOPS: &[&str] = &["longer", "stop", "stops", "cease", "ceases"];

/// The clauses of a clause: "…, and so does `g`" is one of its own, and so is "…, and `h` no longer does".
pub(super) fn parts<'w, 'a>(words: &'w [Word<'a>]) -> Vec<&'w [Word<'a>]> {
    let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
    let code = |at: usize| words.get(at).is_some_and(Word::is_code);
    let joined = |at: usize| words[at - 1].is_mark(",") || is(at - 1, &["and", "but", "while"]);
    let denies = |at: usize| {
        let next = at + usize::from(is(at, AUXILIARIES));
        is(next, NEVER) && !is(next + 1, FROM) || is(next, STOPS) || is(next, &["no"]) && is(next + 1, STOPS)
    };
    let begins = |at: &usize| {
        is(*at, &["so", "as"]) && is(at + 1, AUXILIARIES) && code(at + 2) || code(*at) && joined(*at) && denies(at + 1)
    };
    let Some(at) = (1..words.len()).find(begins) else { return vec![words] };
    let joins =
        words[..at].iter().rev().take_while(|word| word.is_mark(",") || word.is(&["and", "but", "while"])).count();
    let mut found = vec![&words[..at - joins]];
    found.extend(parts(&words[at..]));
    found
}

impl Reader<'_, '_> {
    /// "So does `g` for a deleted pool": another caller of what was called before.
    pub(super) fn same(&self, before: Option<&Call>) -> Option<Vec<Call>> {
        let at = self.skip(0, &[&["and"]]);
        let says = self.is(at, &["so", "as"]) && self.is(at + 1, AUXILIARIES);
        let goes = self.is(at, &["same"]) || self.is(at, &["the"]) && self.is(at + 1, &["same"]);
        let from = match () {
            () if says => at + 2,
            () if goes || self.is(at, &["likewise", "ditto"]) => {
                (at + 1..at + 5).find(|&at| self.func(at).is_some() && !self.is(at - 1, &["with", "as"]))?
            }
            () => return None,
        };
        self.func(from)?;
        let (before, (target, _)) = (before?, self.target(from, true));
        let at = self.words[from].at;
        let again = |call: Call| Call { callee: before.callee.clone(), said: before.said, at, ..call };
        Some(build(before.verb, None, &target).into_iter().map(again).collect())
    }

    /// What stands before a verb, from the first word that denies it on.
    fn denied(&self, verb: usize) -> Option<(usize, bool)> {
        let plain = |at: &usize| {
            [MODALS, AUXILIARIES, NEVER, STOPS].iter().any(|list| self.is(*at, list)) || self.is(*at, &["no", "any"])
        };
        let from = (0..verb).rev().take_while(plain).last()?;
        let has = |list: &[&str]| (from..verb).any(|at| self.is(at, list));
        let late = (verb..self.words.len())
            .any(|at| self.is(at, &["anymore"]) || self.is(at, &["any"]) && self.is(at + 1, &["more", "longer"]));
        let stops = self.is(verb - 1, STOPS) || has(NEVER) && late;
        (stops || has(NEVER)).then_some((from, stops))
    }

    /// "`f` no longer calls `g`", "`g` is not called any more from `f`", "`f` must not call it": a call that is to go, or is not
    /// to be made, which asks for nothing.
    pub(super) fn negated(&self, verb: usize) -> Option<(Vec<Call>, usize)> {
        let (_, _, passive) =
            VERBS.iter().find(|(_, forms, passive)| self.is(verb, forms) || self.is(verb, &[passive]))?;
        let (from, stops) = self.denied(verb)?;
        let next = self.skip(verb + 1, &[FILLERS, &["to", "of"]]);
        let subject = from.checked_sub(1).and_then(|_| self.subject_of(from));
        if !stops {
            // "Must not call it while paused" says that it does so at other times.
            let behind = self.skip(next, &[&["it", "them"]]) + usize::from(self.func(next).is_some());
            let depends = self.is(behind, super::CONDITIONS) && !self.is(behind, FROM);
            let Some(subject) = subject.filter(|_| depends) else { return Some((Vec::new(), next)) };
            let condition = Some(self.line[self.words[from].at..].trim_end_matches('.').to_owned());
            let target = Target { condition, ..subject };
            let callees: Vec<FuncRef> = self.func(next).into_iter().collect();
            return Some((self.built(Verb::Call, &callees, &target), self.words.len()));
        }
        let is_passive = self.is(verb, &[passive]) && (from..verb).any(|at| self.is(at, &["is", "are", "be", "being"]));
        if is_passive {
            let callees = subject.map(|target| target.callers).unwrap_or_default();
            let (target, end) = self.target(verb + 1, false);
            return Some((self.built(Verb::Drop, &callees, &target), end));
        }
        let (callees, end) = self.objects(next).unwrap_or((Vec::new(), next));
        Some((self.built(Verb::Drop, &callees, &subject?), end))
    }

    /// Whether what stands behind a caller says that it does not call: "`f` must not".
    pub(super) fn refuses(&self, at: usize) -> bool {
        let next = self.skip(at, &[MODALS, AUXILIARIES]);
        let never = self.is(next, NEVER);
        let next = self.skip(next + usize::from(never), &[AUXILIARIES]);
        never && self.words.get(next).is_none_or(|word| word.piece == Piece::Mark)
    }

    /// "With `a` and `b`", "passing `a`" behind a verb: what is handed over, and the word behind it.
    pub(super) fn handed(&self, verb: usize, at: usize) -> Option<(Vec<String>, usize)> {
        const BRINGS: &[&str] =
            &["wire", "wired", "hook", "hooked", "plug", "plugged", "register", "registered", "add"];
        let mut next = at + usize::from(self.words.get(at).is_some_and(|word| word.is_mark(",")));
        if self.is(verb, BRINGS) || !self.is(next, &["with", "passing", "handing", "giving"]) {
            return None;
        }
        next = self.skip(next + 1, &[FILLERS, &["argument", "arguments"]]);
        let mut found = Vec::new();
        while let Some(word) = self.words.get(next).filter(|word| word.piece == Piece::Code && is_expression(word.text))
        {
            found.push(word.text.to_owned());
            let joins = self.words.get(next + 1).filter(|word| word.is_mark(",") || word.is(&["and"]));
            let more = |at: usize| self.words.get(at).is_some_and(|word| word.piece == Piece::Code);
            let goes_on = joins.is_some() && more(next + 2) && !self.begins(next + 1);
            next += if goes_on { 2 } else { 1 };
            if !goes_on {
                break;
            }
        }
        let ends = self.words.get(next).is_none_or(|word| word.piece == Piece::Mark || word.is(&["and", "then"]))
            || self.is(next, FROM)
            || self.is(next, super::CONDITIONS)
            || self.place(next).is_some();
        (!found.is_empty() && ends).then_some((found, next))
    }
}
