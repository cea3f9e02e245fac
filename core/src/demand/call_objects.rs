//! What a demand is about: one function, several, or "it" and "both"; and clauses that leave their verb out.

use super::{
    CONDITIONS, Call, FILLERS, FROM, FuncRef, MODALS, NOUNS, Piece, Place, Reader, Target, VERBS, Verb, build, func,
    guards::when,
};

/// What a line says where it does not name what is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Said {
    /// "It", or nothing.
    #[default]
    It,
    /// "Both": two functions.
    Both,
    /// "Them", "all": every function that is spoken of.
    All,
}

/// Nouns behind the function that is a place.
const NOUNS_OF_PLACE: &[&str] = &["function", "method", "func", "loop", "body"];

impl Reader<'_, '_> {
    /// "`a`, `b` and `c`" behind a verb: what is called, and the word behind it.
    pub(super) fn objects(&self, at: usize) -> Option<(Vec<FuncRef>, usize)> {
        let mut found = vec![self.func(at)?];
        let mut next = at + 1;
        while let Some(named) = self.joined(next).filter(|&named| self.is_object(next, named)) {
            found.extend(self.func(named));
            next = named + 1;
        }
        Some((found, next))
    }

    /// The function behind a comma or an "and".
    pub(super) fn joined(&self, at: usize) -> Option<usize> {
        let mut next = at + usize::from(self.is_comma(at));
        next = self.skip(next, &[&["and", "then", "plus"]]);
        let named = self.skip(next, &[FILLERS]);
        (next > at && self.func(named).is_some()).then_some(named)
    }

    /// Whether a function goes on with a list, and begins nothing else: "`sync` does the same".
    fn is_object(&self, from: usize, named: usize) -> bool {
        let next = named + 1;
        let ends = self.words.get(next).is_none_or(|word| word.piece == Piece::Mark) || self.place(next).is_some();
        let known = [&["and", "or", "respectively"], FROM, NOUNS, CONDITIONS].iter().any(|list| self.is(next, list));
        !self.is_subject(named) && (ends || known || named > from + 1)
    }

    /// Whether a place comes first, and a verb behind it: "in `G` call `g`".
    pub(super) fn leads(&self, at: usize) -> bool {
        let from = self.skip(at, &[&["and", "then"]]);
        let named = self.skip(from + 1, &[FILLERS]);
        let next = self.skip(named + 1, &[NOUNS_OF_PLACE]);
        let verb = next + usize::from(self.is_comma(next));
        self.is(from, FROM) && self.func(named).is_some() && VERBS.iter().any(|(_, forms, _)| self.is(verb, forms))
    }

    /// The caller that stands alone: "`F`", "at the end of `F`".
    pub(super) fn standing(&self) -> Vec<Call> {
        if let Some(call) = self.inside() {
            return vec![call];
        }
        let first = self.skip(0, &[FILLERS]);
        let begins = self.is(first, FROM) || self.is(first, &["after", "before"]) || self.func(first).is_some();
        let (mut target, end) = self.target(0, true);
        let open = (0..=end).take_while(|&at| self.words.get(at).is_some_and(|word| word.piece != Piece::Mark));
        let verb = open.into_iter().any(|at| self.is_verb(at));
        // A verb or an arrow behind it: it is no caller alone.
        if !begins || verb || self.refuses(end) || self.words.iter().any(|word| matches!(word.text, "->" | "→")) {
            return Vec::new();
        }
        // What stands behind it explains it, or says when.
        let mark = |at: usize| self.words.get(at).is_none_or(|word| word.piece == Piece::Mark);
        if end > 0 && !mark(end) && !mark(end - 1) {
            let rest = self.line[self.words[end].at..].trim_end_matches('.').trim();
            target.condition.get_or_insert(rest.to_owned());
        }
        build(Verb::Call, None, &target).into_iter().filter(|call| call.caller.is_some()).collect()
    }

    /// "Last thing in `F`", "one more check per interface in `F`": what stands before the caller says where, or when.
    fn inside(&self) -> Option<Call> {
        const PLAIN: &[&str] =
            &["one", "more", "another", "additional", "further", "check", "call", "thing", "step", "as", "very"];
        let mut code = (0..self.words.len()).filter(|&at| self.words[at].is_code());
        let named = code.next().filter(|_| code.next().is_none())?;
        let from = (0..named).rfind(|&at| !self.is(at, FILLERS))?;
        let ends = self.words.get(named + 1).is_none_or(|word| word.is_mark("."));
        let is_prose = self.words[..from].iter().all(|word| word.piece == Piece::Prose) && from > 0;
        if !(ends && is_prose && self.is(from, &["in", "inside", "within"])) || (0..from).any(|at| self.is_verb(at)) {
            return None;
        }
        let place = match () {
            () if (0..from).any(|at| self.is(at, &["last", "final"])) => Some(Place::End),
            () if (0..from).any(|at| self.is(at, &["first"])) => Some(Place::Start),
            () => None,
        };
        let known = |at: usize| self.is(at, PLAIN) || self.is(at, FILLERS) || self.is(at, &["last", "final", "first"]);
        let said = self.line[self.words[0].at..self.words[from].at].trim().to_owned();
        let condition = (!(0..from).all(known)).then_some(said);
        let target = Target { callers: vec![self.func(named)?], place, condition, ..Target::default() };
        build(Verb::Call, None, &target).into_iter().next().filter(|_| self.path(named).is_none())
    }

    /// The caller that stands before a verb, with a comma: "in `G`, call `g`".
    pub(super) fn place_before(&self, verb: usize) -> Option<FuncRef> {
        let named = verb.checked_sub(2).filter(|_| self.is_comma(verb - 1))?;
        let from = (0..named).rfind(|&at| !self.is(at, FILLERS))?;
        let begins = from == 0 || self.words[from - 1].piece == Piece::Mark || self.is(from - 1, &["and", "then"]);
        self.func(named).filter(|_| begins && self.is(from, &["in", "inside", "within", "from"]))
    }

    fn is_comma(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.is_mark(","))
    }

    /// Whether a word is a verb of calls; "the `f` check" has none.
    fn is_verb(&self, at: usize) -> bool {
        let known = VERBS.iter().any(|(_, forms, passive)| self.is(at, forms) || self.is(at, &[passive]));
        known && !self.is(at, &["call", "check"])
    }

    /// Whether a function begins a demand of its own: "`sync` calls", "`f` must", "`f(x int)`, called".
    fn is_subject(&self, at: usize) -> bool {
        const DOES: &[&str] =
            &["is", "are", "be", "does", "gets", "must", "should", "will", "shall", "has", "can", "ends", "begins"];
        let next = self.skip(at + 1, &[NOUNS]);
        let aside = self.is_head(at) && self.is_comma(next) && self.is_verb(next + 1);
        self.is(next, DOES) || self.is_verb(at + 1) || self.is_verb(next) || aside
    }

    /// Whether code spells a function out.
    fn is_head(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.text.contains('(') && !word.text.ends_with("()"))
    }

    /// The function behind a comma or an "and", where the caller of another one went before: it is one more caller, "from
    /// `A`, `B` and `C`".
    pub(super) fn next_caller(&self, at: usize) -> Option<usize> {
        let named = self.joined(at)?;
        // Behind a comma alone stands a caller only where the list goes on.
        let bare = self.is_comma(at) && named == at + 1;
        let goes_on = self.words.get(named + 1).is_none_or(|word| word.is_mark(",") || word.is(&["and", "or"]));
        (!self.begins(at) && !(bare && (!goes_on || self.is_head(named)))).then_some(named)
    }

    /// Whether another demand begins behind a comma or an "and".
    pub(super) fn begins(&self, at: usize) -> bool {
        self.joined(at).is_some_and(|named| self.is_subject(named) || self.elided(named).is_some())
    }

    /// A demand without its verb: "`b` in `G`", behind "call `a` in `F` and".
    pub(super) fn elided(&self, named: usize) -> Option<(Vec<FuncRef>, usize)> {
        let (objects, next) = self.objects(named)?;
        let next = self.skip(next, &[NOUNS]);
        let leads = self.is(next, FROM) && !self.is(next, &["to", "with", "on", "through"]);
        let leads = leads || self.place(next).is_some();
        let has_caller = || !self.target(next, false).0.callers.is_empty();
        (leads && has_caller()).then_some((objects, next))
    }

    /// The demands that go on without a verb, and the word behind them.
    pub(super) fn continued(&self, verb: Verb, mut found: Vec<Call>, mut end: usize) -> (Vec<Call>, usize) {
        while let Some((objects, next)) = self.joined(end).and_then(|named| self.elided(named)) {
            let (target, behind) = self.target(next, false);
            found.extend(self.built(verb, &objects, &target));
            end = behind;
        }
        // What the last one says of its case may be meant for all.
        let condition = found.last().and_then(|last| last.condition.clone());
        (when(found, condition.as_deref()), end)
    }

    /// The calls of several functions; "respectively", each from a caller of its own.
    pub(super) fn built(&self, verb: Verb, objects: &[FuncRef], target: &Target) -> Vec<Call> {
        if objects.is_empty() {
            return build(verb, None, target);
        }
        let each = (0..self.words.len()).any(|at| self.is(at, &["respectively"]));
        if each && objects.len() == target.callers.len() {
            let own = |at: usize| Target { callers: vec![target.callers[at].clone()], ..target.clone() };
            return objects.iter().enumerate().flat_map(|(at, one)| build(verb, Some(one), &own(at))).collect();
        }
        let calls = objects.iter().flat_map(|one| build(verb, Some(one), target)).collect();
        when(calls, each.then_some("respectively"))
    }

    /// "Them", "both functions", "all of them": what it says, and the word behind it.
    pub(super) fn many(&self, at: usize) -> Option<(Said, usize)> {
        let two = self.is(at, &["the"]) && self.is(at + 1, &["two"]);
        let at = at + usize::from(two);
        let said = if two || self.is(at, &["both", "two"]) { Said::Both } else { Said::All };
        let of = self.is(at + 1, &["of"]) && self.is(at + 2, &["them", "these", "those"]);
        let next = self.skip(at + if of { 3 } else { 1 }, &[NOUNS]);
        let plain = self.is(at, &["them", "both", "these", "they", "those"]) || two;
        // "Check each interface in" speaks of interfaces.
        let ends = || self.is(next, FROM) || self.is(next, CONDITIONS) || self.place(next).is_some();
        (plain || self.is(at, &["each", "all"]) && (of || ends())).then_some((said, next))
    }

    /// What is called, before a verb in the passive: "`f` is", "`f` and `g` are", "both must be".
    pub(super) fn subjects(&self, verb: usize) -> (Vec<FuncRef>, Said) {
        if let Some(last) = self.subject_of(verb).and_then(|mut target| target.callers.pop()) {
            let mut at = (0..verb).rfind(|&at| self.func(at).is_some_and(|one| one.name == last.name)).unwrap_or(verb);
            let mut found = vec![last];
            let begins =
                |from: usize| (0..from).all(|at| self.func(at).is_some() || self.joins(at) || self.is(at, FILLERS));
            // "`f` and `g` are"; a single one may stand behind anything.
            let several = (at..verb).any(|at| self.is(at, &["are", "both"])) || begins(at);
            while several
                && let Some(before) = (0..at).rfind(|before| self.joined(before + 1) == Some(at))
                && let Some(function) = self.func(before)
            {
                found.insert(0, function);
                at = before;
            }
            return (found, Said::It);
        }
        let at =
            (0..verb).rfind(|&at| !self.is(at, MODALS) && !self.is(at, NOUNS) && !self.is(at, &["always", "only"]));
        let of = at.filter(|&at| at > 1 && self.is(at, &["them"]) && self.is(at - 1, &["of"])).map(|at| at - 2);
        let said = match of.or(at) {
            Some(at) if self.is(at, &["both", "two"]) => Said::Both,
            Some(at) if self.is(at, &["they", "all", "each", "these", "those"]) => Said::All,
            _ => Said::It,
        };
        (Vec::new(), said)
    }

    /// Whether what stands at a word only joins two demands: "add `f` and register in".
    pub(super) fn joins(&self, at: usize) -> bool {
        self.is(at, &["and", "then"]) || self.words[at].is_mark(",")
    }

    /// Whether something before a verb whose passive is spelled like it makes it passive: "is run from".
    pub(super) fn follows_subject(&self, at: usize) -> bool {
        // "…, run from `F`" leaves the "is" out.
        let aside = at > 0 && self.words[at - 1].is_mark(",") && (self.is(at + 1, FROM) || self.is(at + 1, &["as"]));
        aside || at > 0 && self.is(at - 1, &["is", "be", "gets", "are", "being"])
    }

    /// A path, and the function behind its colon.
    pub(super) fn path(&self, at: usize) -> Option<(String, Option<FuncRef>)> {
        let text = self.words.get(at).filter(|word| word.piece != Piece::Mark)?.text;
        let (path, behind) = match text.split_once(".go:") {
            Some((stem, behind)) => (format!("{stem}.go"), Some(behind)),
            None => (text.to_owned(), None),
        };
        let path = path.strip_suffix("'s").unwrap_or(&path).to_owned();
        let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
        let is_path =
            (path.contains('/') && !path.starts_with('/') || path.ends_with(".go")) && path.chars().all(plain);
        is_path.then(|| (path, behind.and_then(func)))
    }
}
