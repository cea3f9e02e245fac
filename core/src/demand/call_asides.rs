//! Words between a verb and its caller, and callers that take what a function gives back.

use super::guards::GUARDS;
use super::{
    CONDITIONS, Call, FILLERS, FROM, FuncRef, GIVEN, MODALS, NOUNS, Piece, Place, Reader, Target, VERBS, Verb, build,
};

/// What a word between a verb and its caller says.
pub(super) enum Adverb {
    /// Where in the caller.
    At(Place),
    /// How often, or how.
    Often(String),
}

impl Reader<'_, '_> {
    /// "Whose causes `F` appends": `F` calls it for what it gives back.
    pub(super) fn collected(&self) -> Option<Call> {
        const TAKES: &[&str] =
            &["appends", "adds", "collects", "gathers", "returns", "uses", "takes", "aggregates", "includes", "merges"];
        let whose = (0..self.words.len()).find(|&at| self.is(at, &["whose"]) && self.is(at + 1, GIVEN));
        let caller = match whose {
            Some(at) => Some(self.skip(at + 2, &[FILLERS])).filter(|caller| self.is(caller + 1, TAKES)),
            // "`F` appends its causes"
            None => (0..self.words.len()).find(|&at| {
                let verb = self.skip(at + 1, &[MODALS]);
                let adds = self.is(verb, &TAKES[..4]) || self.is(verb, &["append", "add", "collect", "gather"]);
                self.func(at).is_some() && adds && self.is(verb + 1, &["its"]) && self.is(verb + 2, GIVEN)
            }),
        }?;
        let at = self.words[whose.unwrap_or(caller)].at;
        let verb = self.skip(caller + 1, &[MODALS]);
        // "… with `field.Child("domain")`"
        let arguments = self.handed(verb, verb + 3).map(|(arguments, _)| arguments).filter(|_| whose.is_none());
        let target = Target { callers: vec![self.func(caller)?], at, arguments, ..Target::default() };
        build(Verb::Call, None, &target).into_iter().next()
    }

    /// A clause without its verb, behind one that has it: "`f` is called from `F`; `g` from `G`".
    pub(super) fn elliptic(&self, bare: bool, goes_on: bool) -> Option<Vec<Call>> {
        let at = self.skip(0, &[FILLERS, &["and"]]);
        let (callees, next) = self.elided(at)?;
        let says = goes_on || bare && self.is(next, &["from", "by"]);
        let (target, end) = self.target(next, false);
        says.then(|| self.continued(Verb::Call, self.built(Verb::Call, &callees, &target), end).0)
    }

    /// Words between a verb and its caller: "called first in", "called twice from"; and where the rest begins.
    pub(super) fn adverb(&self, at: usize) -> (Option<Adverb>, usize) {
        let plain = |at: &usize| {
            let word = &self.words[*at];
            let joins =
                word.is(FROM) || word.is(CONDITIONS) || word.is(FILLERS) || word.is(NOUNS) || word.is(&["and", "or"]);
            word.piece == Piece::Prose && !word.is_code() && !joins
        };
        let end = (at..self.words.len()).find(|at| !plain(at)).unwrap_or(self.words.len());
        let is_place = self.is(at, &["prior", "ahead", "next"]);
        // "Depending on the gate" goes on.
        let depends = (at..end).any(|at| self.words[at].is(GUARDS));
        if is_place || depends || end == at || end > at + 3 || !self.is(end, FROM) {
            return (None, at);
        }
        let said = &self.words[at..end];
        let how = match said {
            [one] if one.is(&["first", "early"]) => Some(Adverb::At(Place::Start)),
            [one] if one.is(&["last", "finally"]) => Some(Adverb::At(Place::End)),
            _ if said.iter().all(|word| {
                word.is(&[
                    "directly",
                    "always",
                    "unconditionally",
                    "also",
                    "then",
                    "only",
                    "straight",
                    "right",
                    "back",
                    "out",
                ])
            }) =>
            {
                None
            }
            _ => Some(Adverb::Often(said.iter().map(|word| word.text).collect::<Vec<_>>().join(" "))),
        };
        (how, end)
    }

    /// The function before a verb, with what stands between them: "`F` (`x/y.go`) must first", "`F` of `T` in `x/y.go`".
    pub(super) fn subject_of(&self, verb: usize) -> Option<Target> {
        const ORDER: &[(&[&str], Option<Place>)] = &[
            (&["first"], Some(Place::Start)),
            (&["finally", "last"], Some(Place::End)),
            (&["always", "additionally", "next"], None),
        ];
        let mut target = Target::default();
        let mut at = verb;
        while at > 0 {
            let order = ORDER.iter().find(|(words, _)| self.is(at - 1, words));
            if let Some((_, place)) = order {
                target.place = target.place.or_else(|| place.clone());
            } else if !self.is(at - 1, MODALS) && !self.is(at - 1, &["all", "both", "each"]) {
                break;
            }
            at -= 1;
        }
        let path = |at: usize| self.path(at).map(|(path, _)| path);
        if at > 2
            && self.words[at - 1].is_mark(")")
            && let Some(file) = path(at - 2).filter(|_| self.words[at - 3].is_mark("("))
        {
            (target.file, at) = (Some(file), at - 3);
        } else if at > 1
            && let Some(file) = path(at - 1).filter(|_| self.is(at - 2, &["in", "of", "from"]))
        {
            (target.file, at) = (Some(file), at - 2);
        }
        let mut function = self.func(at.checked_sub(1)?)?;
        // "`sync` of `Controller`".
        if at > 2
            && function.qualifier.is_none()
            && self.is(at - 2, &["of", "on"])
            && let Some(method) = self.func(at - 3)
        {
            function = FuncRef { qualifier: Some(function.name), name: method.name };
        }
        target.callers.push(function);
        Some(target)
    }

    /// The functions that a verb has for its subjects with the one before it: "`F`, `G` and `H` call it".
    pub(super) fn other_subjects(&self, verb: usize, last: &FuncRef) -> Vec<FuncRef> {
        let Some(mut at) = (0..verb).rfind(|&at| self.func(at).is_some_and(|one| one.name == last.name)) else {
            return Vec::new();
        };
        let begins = (0..at)
            .all(|at| self.func(at).is_some() || self.joins(at) || self.is(at, FILLERS) || self.is(at, &["both"]));
        // "`F` calls it" has one; with "must", the words before the list say whether something else is made.
        let is_plain = VERBS.iter().any(|(_, forms, _)| self.is(verb, &forms[..1]));
        let heads = (0..at).any(|at| self.words[at].text.contains(' '));
        let mut found = Vec::new();
        while is_plain
            && begins
            && !heads
            && let Some(before) = (0..at).rfind(|before| self.joined(before + 1) == Some(at))
            && let Some(function) = self.func(before)
        {
            found.insert(0, function);
            at = before;
        }
        found
    }

    /// Where in the caller, behind all else: "`F` runs it first thing", "`F` calls it last".
    pub(super) fn trailing(&self, at: usize) -> Option<Place> {
        let ends = |at: usize| self.words.get(at).is_none_or(|word| word.piece == Piece::Mark);
        let next = at + 1 + usize::from(self.is(at + 1, &["thing"]));
        match () {
            () if self.is(at, &["first"]) && ends(next) => Some(Place::Start),
            () if self.is(at, &["last", "finally"]) && ends(next) => Some(Place::End),
            () => None,
        }
    }

    /// "…, run before `F`", "it runs right after `F`": something runs beside another call, and in what is not said.
    pub(super) fn runs_beside(&self, at: usize, target: &Target) -> bool {
        let is_beside = matches!(target.place, Some(Place::After(_) | Place::Before(_)));
        let verb = self.is(at, &["run", "runs", "executed", "performed"]);
        let of_it = at > 0
            && (self.words[at - 1].is_mark(",")
                || self.is(at - 1, &["it", "which", "and", "to", "must", "should", "is", "be"]));
        is_beside && verb && of_it
    }

    /// "For use in `F`": as good as "used in `F`".
    fn for_use(&self, at: usize) -> Option<(Vec<Call>, usize)> {
        let behind = at > 0 && self.is(at - 1, &["for"]);
        let says = behind && self.is(at, &["use"]) && self.is(at + 1, &["in", "by", "from", "inside"]);
        let (target, end) = self.target(at + 1, false);
        (says && !target.callers.is_empty()).then(|| (self.built(Verb::Call, &[], &target), end))
    }

    /// "The last thing that `F` does", "goes into `F`": where it is called, in a clause about something else's place.
    pub(super) fn deed(&self, at: usize) -> Option<(Vec<Call>, usize)> {
        if let Some(found) = self.for_use(at) {
            return Some(found);
        }
        if self.is(at, &["goes", "go", "belongs", "belong"]) && self.is(at + 1, &["into", "in"]) {
            let next = self.skip(at + 2, &[FILLERS]);
            self.func(next)?;
            let (target, end) = self.target(at + 1, false);
            let is_type = self.is(next + 1, &["struct", "type", "interface", "file", "package", "folder", "list"]);
            let (callees, said) = self.subjects(at);
            let calls = self.built(Verb::Call, &callees, &target).into_iter().map(|call| Call { said, ..call });
            return (!is_type && !target.callers.is_empty()).then(|| (calls.collect(), end));
        }
        let place = match () {
            () if self.is(at, &["last", "final"]) => Place::End,
            () if self.is(at, &["first"]) => Place::Start,
            () => return None,
        };
        let caller = at + 2 + usize::from(self.is(at + 2, &["that"]));
        let does = self.is(at + 1, &["thing", "step"]) && self.is(caller + 1, &["does", "runs", "executes", "calls"]);
        let callers = vec![self.func(caller).filter(|_| does)?];
        let target = Target { callers, place: Some(place), ..Target::default() };
        Some((build(Verb::Call, None, &target), caller + 2))
    }

    /// "`F` ends with a call of `f`", "let `F` begin by calling `f`": what is called, and the word behind it.
    pub(super) fn edge(&self, at: usize) -> Option<(Vec<Call>, usize)> {
        let place = match () {
            () if self.is(at, &["end", "ends", "finish", "finishes", "conclude", "concludes", "close", "closes"]) => {
                Place::End
            }
            () if self.is(at, &["begin", "begins", "start", "starts", "open", "opens"]) => Place::Start,
            () => return None,
        };
        let next = match () {
            () if self.is(at + 1, &["with", "in"]) => {
                let noun = self.skip(at + 2, &[FILLERS]);
                (self.is(noun, &["call", "calls"]) && self.is(noun + 1, &["to", "of"])).then_some(noun + 2)?
            }
            () if self.is(at + 1, &["by"]) && self.is(at + 2, &["calling", "running", "invoking"]) => at + 3,
            () => return None,
        };
        let next = self.skip(next, &[FILLERS, NOUNS]);
        let (callees, next) = match self.objects(next) {
            Some(named) => named,
            None => self.is(next, &["it"]).then_some((Vec::new(), next + 1))?,
        };
        let mut target = self.subject_of(at)?;
        target.place = Some(place);
        Some((self.built(Verb::Call, &callees, &target), next))
    }

    /// "`sync` of `Controller`", "`sync` on `*Controller`".
    pub(super) fn with_type(&self, mut function: FuncRef, from: usize, target: &mut Target) -> (FuncRef, usize) {
        let at = self.skip(from, &[NOUNS]);
        if function.qualifier.is_none() && self.is(at, &["of", "on"]) {
            let ty = self.skip(at + 1, &[FILLERS, &["type", "struct"]]);
            if let Some(FuncRef { qualifier: None, name }) = self.func(ty) {
                function.qualifier = Some(name);
                return (function, ty + 1);
            }
            if let Some((path, _)) = self.path(ty) {
                target.file = Some(path);
                return (function, ty + 1);
            }
        }
        (function, at)
    }
}
