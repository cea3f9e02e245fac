//! Words between a verb and its caller, and callers that take what a function gives back.

use super::super::asks_words::CASES;
use super::{
    CONDITIONS, Call, FILLERS, FROM, FuncRef, MODALS, NOUNS, Piece, Place, Reader, Target, VERBS, Verb, Word, build,
};

/// What a word between a verb and its caller says.
pub(super) enum Adverb {
    /// Where in the caller.
    At(Place),
    /// How often, or how.
    Often(String),
}

/// What a line says of an error that is not given back: "and log the error", "ignore its error".
pub(super) fn handling(line: &str, words: &[Word<'_>]) -> Option<String> {
    const DOES: &[&str] =
        &["log", "logs", "logging", "ignore", "ignores", "ignoring", "swallow", "swallows", "requeue", "retry", "warn"];
    let at = words.iter().position(|word| word.is(DOES))?;
    let speaks = words.iter().any(|word| word.is(&["error", "errors", "failure", "failures", "err", "fails"]));
    speaks.then(|| line[words[at].at..].trim_end_matches('.').trim().to_owned())
}

/// Calls that are made when or as a line says, where they do not say it themselves.
pub(super) fn when(mut calls: Vec<Call>, condition: Option<&str>) -> Vec<Call> {
    for call in calls.iter_mut().filter(|call| call.condition.is_none()) {
        call.condition = condition.map(str::to_owned);
    }
    calls
}

/// Words that make a call depend on something, wherever they stand behind its caller.
const GUARDS: &[&str] = &[
    "guarded",
    "gated",
    "protected",
    "except",
    "excepting",
    "excluding",
    "skip",
    "skips",
    "skipped",
    "skipping",
    "omit",
    "omitted",
    "bypass",
    "bypassed",
    "conditionally",
    "conditional",
    "depending",
    "assuming",
    "providing",
];
/// The same, of two words.
#[rustfmt::skip]
const GUARD_PAIRS: &[(&str, &[&str])] = &[
    ("in", &["case", "cases"]), ("long", &["as"]), ("given", &["that"]), ("subject", &["to"]), ("apart", &["from"]),
    ("other", &["than"]), ("on", &["condition"]), ("not", &["for", "if", "when", "while", "in", "on"]),
    ("but", &["only", "if", "when", "unless", "never", "just"]), ("and", &["only"]), ("no", &["call"]),
];

/// Where words of a line end, with the backtick that closes the last.
fn end(line: &str, words: &[Word<'_>]) -> usize {
    let end = words.last().map_or(line.len(), |word| word.at + word.text.len());
    end + usize::from(line[end..].starts_with('`'))
}

/// What makes the calls of a clause depend on something, behind their verb: "guarded by `c.On()`", "in case `a` is set".
pub(super) fn guard(line: &str, words: &[Word<'_>], from: usize) -> Option<String> {
    let next = |at: usize, list: &[&str]| words.get(at + 1).is_some_and(|word| word.is(list));
    let guards = |at: &usize| {
        let word = &words[*at];
        let pair = GUARD_PAIRS.iter().any(|(first, second)| word.is(&[first]) && next(*at, second));
        // "`f`, not from `G`" names another caller, "provided by" who has something.
        let caller = word.is(&["not"]) && words.get(at + 2).is_some_and(Word::is_code);
        word.at > from
            && (word.is(GUARDS) || pair && !caller || word.is(&["provided"]) && !next(*at, &["by", "in", "from"]))
    };
    let at = (0..words.len()).find(guards)?;
    // "As long as", "in the case that".
    let at = if at > 0 && words[at].is(&["long"]) { at - 1 } else { at };
    let start = words[at].at - usize::from(words[at].piece == Piece::Code);
    Some(line[start..end(line, words)].trim().to_owned())
}

/// Words that say no more than that, and where, something is called, and what becomes of what it gives back.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "and", "or", "then", "plus", "too", "both", "also", "here", "there", "exactly", "once", "end", "start",
    "beginning", "top", "bottom", "first", "last", "before", "after", "behind", "right", "just", "directly",
    "immediately", "return", "returns", "returning", "returned", "give", "gives", "given", "back", "what", "their",
    "its", "it", "them", "cause", "causes", "error", "errors", "result", "results", "output", "value", "answer",
    "list", "collects", "collect", "adds", "add", "append", "appends", "appended", "file", "same", "of", "thing",
    "step", "place", "line", "where", "next", "other", "others", "checks", "validations", "existing", "very",
    "handed", "argument", "arguments", "pass", "passes", "passing", "early", "prior", "does", "do", "begins",
    "begin", "ends", "finishes", "final", "each", "every", "all", "these", "those", "one", "more", "another",
    "further", "respectively", "second", "sole", "single", "beside", "alongside", "along", "as", "with", "like",
    "is", "are", "statement", "nothing", "anything", "else",
];

/// Words that begin why something is called, and no more of how.
const REASONS: &[&str] = &["so", "because", "since", "which", "that", "whose"];

/// What a clause says of its calls, behind their verb, beside who calls them and where: "in a goroutine", "on amd64".
pub(super) fn unread(line: &str, words: &[Word<'_>], from: usize) -> Option<String> {
    let is_verb = |word: &Word<'_>| VERBS.iter().any(|(_, forms, passive)| word.is(forms) || word.is(&[passive]));
    let known = |word: &Word<'_>| {
        word.piece != Piece::Prose
            || word.is_code()
            || [PLAIN, FROM, FILLERS, MODALS, NOUNS].iter().any(|list| word.is(list))
            || is_verb(word)
            || word.text.contains(['/', '.'])
    };
    // "Calling `f` in `G` keeps it small" says why.
    let behind = words.iter().position(|word| word.at >= from).filter(|at| !words[*at].text.ends_with("ing"))?;
    let mut at = behind;
    while at < words.len() {
        let word = &words[at];
        // "To keep it in one place", "— it must not wait": why, and what else.
        let next = words.get(at + 1);
        // "Not from `H`" names who does not.
        let other =
            word.is(&["not"]) && next.is_some_and(|next| next.is(FROM)) && words.get(at + 2).is_some_and(Word::is_code);
        let aims = word.is(&["to"]) && next.is_some_and(|next| !known(next) && next.piece == Piece::Prose);
        let explains = at > behind && [":", "-", "–", "—"].iter().any(|mark| word.is_mark(mark));
        // "On the rendered pod at the end of `G`": what it is called for.
        if word.is(&["on"]) && next.is_some_and(|next| next.is(&["the"])) {
            let behind = words[at + 1..].iter().position(|word| word.is(&["at", "in", "from", "inside"]));
            if let Some(length) = behind.filter(|length| *length < 5) {
                at += 1 + length;
                continue;
            }
        }
        // "`F` calls `f`, `G` does the same with `g`": another one's sentence.
        let is_subject = |word: &Word<'_>| word.piece == Piece::Code && !word.text.contains(['/', ' ', '(']);
        let speaks = |word: &Word<'_>| word.piece == Piece::Prose && !word.is(&["and", "or"]) && !word.is(FROM);
        let other_subject =
            at > behind && word.is_mark(",") && next.is_some_and(is_subject) && words.get(at + 2).is_some_and(speaks);
        if aims || explains || other_subject || word.is(REASONS) {
            return None;
        }
        // "On error", "inside its loop", "with `a.B(c)`"
        let back = |by: usize, list: &[&str]| at >= behind + by && words[at - by].is(list);
        let loops_over = word.is(&["for"]) && next.is_some_and(|next| next.is(&["each", "every", "all"]));
        let counted =
            loops_over || back(1, &["each", "every", "all"]) && words.get(at + 1).is_some_and(|next| next.is(FROM));
        let fails = word.is(&["error", "errors"]) && back(1, &["on"]);
        let loops = word.is(&["loop"]) && (back(1, FROM) || back(2, FROM));
        let given = word.piece == Piece::Code && word.text.contains('(') && back(1, &["with"]);
        if !known(word) && !other && !counted || fails || loops || given {
            // From the words that lead to it.
            let leads = words[behind..at].iter().rev().take_while(|word| word.is(FROM) || word.is(FILLERS)).count();
            let start = words[at - leads].at;
            return Some(line[start..end(line, words)].trim_end_matches('.').trim().to_owned());
        }
        at += 1;
    }
    None
}

/// A sentence behind one that asks for calls, if it says when they are made: "The call must be skipped for X", "only for X".
pub(super) fn condition_of(line: &str, words: &[Word<'_>]) -> Option<String> {
    const CALL: &[&str] = &["call", "calls", "called", "calling", "invocation", "invoked", "skip", "skipped", "skips"];
    const WHEN: &[&str] = &["only", "not", "never", "when", "whenever", "if", "unless", "except", "provided", "but"];
    const SAYS: &[&str] = &["only", "depends", "gate", "count", "counts", "excluded", "ignored"];
    let first = words.first()?;
    let short = words.len() < 10 && words.iter().all(|word| !word.text.contains('('));
    let speaks = words.iter().any(|word| word.is(CALL)) || short && words.iter().any(|word| word.is(SAYS));
    let depends = words.iter().any(|word| word.is(WHEN) || word.is(GUARDS) || word.is(SAYS) || word.is(&["don't"]));
    let start = first.at - usize::from(first.piece == Piece::Code);
    (first.is(WHEN) || first.is(GUARDS) || speaks && depends).then(|| line[start..end(line, words)].to_owned())
}

/// The condition before a clause: "if `a.B` is set, …", "in `G`, unless it is empty, …".
pub(super) fn opening(line: &str, words: &[Word<'_>]) -> Option<String> {
    let comma = |from: usize| words[from..].iter().position(|word| word.is_mark(",")).map(|length| from + length);
    let inside = words.first().is_some_and(|word| word.is(&["in", "inside", "within"]));
    let start = if inside { comma(0)? + 1 } else { 0 };
    let end = comma(start)?;
    // "On amd64, `F` calls it"
    let leads = |word: &Word<'_>| {
        let bare = words[start..end].iter().all(|word| word.piece == Piece::Prose && !word.is_code());
        bare && end > start + 1 && word.is(&["on", "for", "with", "under", "during", "at"])
    };
    let first = words.get(start).filter(|word| word.is(CASES) || leads(word))?;
    Some(line[first.at..words[end].at].trim().to_owned())
}

impl Reader<'_, '_> {
    /// "Whose causes `F` appends": `F` calls it for what it gives back.
    pub(super) fn collected(&self) -> Option<Call> {
        const GIVEN: &[&str] =
            &["causes", "cause", "result", "results", "answer", "errors", "output", "findings", "value", "values"];
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
        let target = Target { callers: vec![self.func(caller)?], at, ..Target::default() };
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
        if is_place || end == at || end > at + 3 || !self.is(end, FROM) {
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
            } else if !self.is(at - 1, MODALS) {
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

    /// "The last thing that `F` does", "goes into `F`": where it is called, in a clause about something else's place.
    pub(super) fn deed(&self, at: usize) -> Option<(Vec<Call>, usize)> {
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
