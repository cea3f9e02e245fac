//! Whether a text asks for what it speaks of, and now: "we won't add", "if they agree, add" and "later, `F` calls it"
//! do not. Every reader of a task gets what is left of its lines without such parts.

use super::asks_phrases::{agrees_later, calls_no_more, guesses, is_about_text, is_denial, is_postponed, is_verdict};
use super::asks_words::{
    AGREEMENTS, CALLS, CASES, CONDITIONS, DENIALS, EVENTS, GERUNDS_BEHIND, GUESSES, HAS, LATER, LATER_NOUNS, MAKES,
    OTHERS,
};
use super::words::{Piece, Word, words};
use crate::task::is_id;

/// Why a part of a text asks for nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stance {
    /// It says that something is not to be done.
    Denied,
    /// It depends on something that is not decided.
    Conditional,
    /// It is for later, or somebody else's.
    Later,
    /// It is only thought of.
    Guess,
    /// It is about a test or a comment of the code, not about the code.
    About,
    /// It is struck out.
    Struck,
    /// It may ask for something, and nobody reads it.
    Unread,
}

/// A part of a text that asks for nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Withheld {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Why.
    pub stance: Stance,
    /// What it speaks of would be made, not only called.
    pub makes: bool,
}

/// The parts of a text that ask for nothing, in order, and whether another one may ask for something.
pub fn read(text: &str) -> (Vec<Withheld>, bool) {
    let mut found = struck(text);
    let is_struck = |at: usize| found.iter().any(|part| part.start <= at && at < part.end);
    let all: Vec<Word<'_>> = words(text).into_iter().filter(|word| !is_struck(word.at)).collect();
    let ends = |word: &Word<'_>| [".", ";", "!", "?"].iter().any(|mark| word.is_mark(mark));
    let mut asked = false;
    let mut at = 0;
    while at < all.len() {
        let length = all[at..].iter().position(ends).unwrap_or(all.len() - at);
        let end = all.get(at + length).map_or(text.len(), |mark| mark.at);
        let sentence = Sentence { words: &all[at..at + length], end };
        let is_question = all.get(at + length).is_some_and(|mark| mark.is_mark("?"));
        asked |= sentence.read(is_question, &mut found);
        at += length + 1;
    }
    found.sort_by_key(|part| part.start);
    (found, asked)
}

/// A text without some of its parts.
pub fn without(text: &str, parts: &[Withheld]) -> String {
    let mut kept = String::new();
    let mut at = 0;
    for part in parts {
        kept.push_str(text.get(at..part.start.max(at)).unwrap_or_default());
        at = at.max(part.end);
    }
    let rest = text.get(at..).unwrap_or_default();
    kept.push_str(rest);
    if rest.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation()).is_empty() && !rest.contains('`') {
        kept.truncate(kept.len() - rest.len());
        let end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—' | '(');
        kept.truncate(kept.trim_end_matches(end).len());
    }
    kept
}

/// What is struck out: `~~…~~`, `<del>…</del>`.
fn struck(text: &str) -> Vec<Withheld> {
    let mut found = Vec::new();
    for (open, close) in [("~~", "~~"), ("<del>", "</del>"), ("<s>", "</s>")] {
        let mut at = 0;
        while let Some(start) = text[at..].find(open).map(|start| at + start) {
            let inside = start + open.len();
            let Some(length) = text[inside..].find(close) else { break };
            at = inside + length + close.len();
            found.push(Withheld { start, end: at, stance: Stance::Struck, makes: true });
        }
    }
    found
}

struct Sentence<'w, 'a> {
    words: &'w [Word<'a>],
    /// Where it ends in the text.
    end: usize,
}

impl Sentence<'_, '_> {
    /// Finds what asks for nothing; whether something else is asked for.
    fn read(&self, is_question: bool, found: &mut Vec<Withheld>) -> bool {
        let verbs: Vec<usize> = (0..self.words.len()).filter(|&at| self.is_verb(at)).collect();
        let has_code = self.words.iter().any(|word| word.piece == Piece::Code);
        if let Some(stance) = self.verdict().or(is_question.then_some(Stance::Guess)) {
            if has_code || !verbs.is_empty() {
                self.push(0, self.words.len(), stance, true, found);
            }
            return false;
        }
        let mut any = false;
        let mut last: Option<Stance> = None;
        let mut parts: Vec<(usize, usize, Option<Stance>, bool)> = Vec::new();
        for (index, &verb) in verbs.iter().enumerate() {
            let before = index.checked_sub(1).map(|index| verbs[index]);
            let from = self.boundary(verb, before);
            let next = verbs.get(index + 1).map_or(self.words.len(), |&next| self.boundary(next, Some(verb)));
            let between = before.map(|before| &self.words[before + 1..verb]);
            let says = |words: &[&str]| between.is_some_and(|between| between.iter().any(|word| word.is(words)));
            let apart = between.is_none_or(|between| between.iter().any(|word| word.is_mark(",")));
            let says_mark = |mark: &str| between.is_some_and(|between| between.iter().any(|word| word.is_mark(mark)));
            let joined = |last: &Stance| match last {
                Stance::About => !apart && !says(&["and"]),
                // "Maybe extend the API: add" goes on with the same.
                Stance::Guess | Stance::Later | Stance::Conditional if says_mark(":") => true,
                _ => !apart && says(&["and", "or", "nor"]),
            };
            let stance = self.stance(verb, from, next).or(last.filter(joined));
            let start = if index == 0 { 0 } else { from };
            let end = if index == 0 { next } else { self.aside_end(from, verb, next) };
            parts.push((start, end, stance, !self.words[verb].is(CALLS)));
            last = stance;
        }
        for (start, end, stance, makes) in parts {
            // Words without code say nothing that anybody reads, unless they are about the whole.
            // What is denied in plain words is an explanation.
            let denies = matches!(stance, Some(Stance::Denied | Stance::About));
            let quoted = |word: &Word<'_>| word.piece == Piece::Code || word.text.ends_with(".go");
            let has_code = self.words[start..end].iter().any(|word| quoted(word) || !denies && word.is_code());
            let whole = start == 0 && makes && matches!(stance, Some(Stance::Later | Stance::Guess));
            let silent = !has_code && !whole;
            match stance {
                Some(_) if silent => {}
                Some(stance) => self.push(start, end, stance, makes, found),
                None => any = true,
            }
        }
        if verbs.is_empty() {
            any |= has_code;
        }
        for (start, end) in self.marked() {
            self.push(start, end, Stance::Denied, true, found);
        }
        any
    }

    fn push(&self, start: usize, end: usize, stance: Stance, makes: bool, found: &mut Vec<Withheld>) {
        let tick = |word: &Word<'_>| word.at - usize::from(word.piece == Piece::Code);
        let Some(first) = self.words.get(start) else { return };
        let end = self.words.get(end).map_or(self.end, tick);
        found.push(Withheld { start: tick(first), end, stance, makes });
    }

    /// What words in front of the sentence, or at its end, say of all of it: "REJECTED: …", "… but it isn't needed".
    fn verdict(&self) -> Option<Stance> {
        let is_break = |word: &Word<'_>| [":", "-", "–", "—"].iter().any(|mark| word.is_mark(mark));
        let label = self.words.iter().take(8).position(is_break);
        if label.is_some_and(|label| is_verdict(&self.words[..label])) {
            return Some(Stance::Denied);
        }
        let dash = self.words.iter().rposition(is_break).filter(|dash| !self.words[*dash].is_mark(":"));
        if dash.is_some_and(|dash| dash > 0 && is_verdict(&self.words[dash + 1..])) {
            return Some(Stance::Denied);
        }
        if self.is_left() {
            return Some(Stance::Later);
        }
        let but = self.words.iter().rposition(|word| word.is(&["but", "however", "though", "although"]))?;
        let rest = &self.words[but + 1..];
        let denies = rest.iter().any(is_denial)
            && rest
                .iter()
                .any(|word| word.is(&["needed", "necessary", "wanted", "worth", "required", "yet", "now", "done"]));
        let drops =
            rest.iter().any(|word| word.is(&["dropped", "rejected", "abandoned", "against", "postponed", "deferred"]));
        (denies || drops).then_some(Stance::Denied)
    }

    /// "Wiring it into `F` is left to T009", "the call in `F` is out of scope".
    fn is_left(&self) -> bool {
        const LEFT: &[&str] =
            &["left", "deferred", "postponed", "done", "handled", "covered", "tracked", "follows", "comes"];
        let begins = self.words.first().is_some_and(|first| {
            first.is(&["the", "its", "this", "that", "their"])
                || first.text.ends_with("ing") && first.piece == Piece::Prose
        });
        let at = self.words.windows(2).position(|two| {
            two[0].is(LEFT) && two[1].is(&["to", "for", "by", "in", "until", "with", "later", "elsewhere"])
                || two[0].is(&["out"]) && two[1].is(&["of"])
                || two[0].is(&["not"]) && two[1].is(&["part"])
        });
        let rest = |at: usize| {
            self.words[at..].iter().any(|word| {
                word.is(&[
                    "scope",
                    "part",
                    "later",
                    "elsewhere",
                    "another",
                    "other",
                    "next",
                    "follow-up",
                    "followup",
                    "separate",
                    "people",
                    "else",
                ]) || word.piece == Piece::Prose && is_id(word.text)
            })
        };
        begins && at.is_some_and(|at| at > 1 && rest(at))
    }

    /// What verdicts in parentheses are about: "`A` (later)", "and `B` (dropped after review)".
    fn marked(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for open in (0..self.words.len()).filter(|&at| self.words[at].is_mark("(")) {
            let Some(length) = self.words[open..].iter().position(|word| word.is_mark(")")) else { break };
            if !is_verdict(&self.words[open + 1..open + length]) {
                continue;
            }
            let joins = |at: &usize| self.words[*at].is_mark(",") || self.words[*at].is(&["and", "or"]);
            let named = open.checked_sub(2).filter(|at| joins(at) && self.words[open - 1].piece == Piece::Code);
            let comma = || (0..open).rev().find(|&at| self.words[at].is_mark(",")).map(|at| at + 1);
            found.push((named.or_else(comma).unwrap_or(0), open + length + 1));
        }
        found
    }

    /// Whether a word is a verb of making or calling.
    fn is_verb(&self, at: usize) -> bool {
        let word = &self.words[at];
        if word.piece != Piece::Prose {
            return false;
        }
        let next = || self.words.get(at + 1);
        let lower = word.text.to_ascii_lowercase();
        if word.is(HAS) {
            let new = ["a", "an", "new", "another", "two", "the"];
            let code = !word.is(&["get"]);
            return next().is_some_and(|next| next.is(&new) || code && next.piece == Piece::Code);
        }
        let gerund = lower.strip_suffix("ing").filter(|stem| {
            let is = |verb: &&str| verb == stem || verb.strip_suffix('e') == Some(stem);
            MAKES.iter().chain(CALLS).any(is)
        });
        if gerund.is_some() {
            return at > 0 && (self.words[at - 1].is(GERUNDS_BEHIND) || self.waits(at));
        }
        // "No call of it", "the checks" are nouns.
        let noun = at > 0 && self.words[at - 1].is(&["the", "a", "an", "this", "each", "every", "its"]);
        !noun && (word.is(MAKES) || word.is(CALLS))
    }

    /// "Wait with adding", "hold off on adding".
    fn waits(&self, at: usize) -> bool {
        let before = &self.words[at.saturating_sub(4)..at];
        before.iter().any(|word| word.is(&["wait", "hold", "holding", "delay", "postpone", "defer"]))
    }

    /// Where the words begin that a verb belongs to.
    fn boundary(&self, verb: usize, before: Option<usize>) -> usize {
        let floor = before.map_or(0, |before| before + 1);
        let breaks = |word: &Word<'_>| {
            word.piece == Piece::Mark || word.is(&["and", "but", "then", "that", "which", "who", "whose", "so"])
        };
        let ends = |at: &usize| breaks(&self.words[*at]) || before.is_some() && self.words[*at].is_code();
        (floor..verb).rev().find(ends).map_or(floor, |at| at + 1)
    }

    /// Where an aside ends that begins behind a mark: at the parenthesis that closes, or at the comma, unless a list goes on.
    fn aside_end(&self, from: usize, verb: usize, end: usize) -> usize {
        let Some(mark) = from.checked_sub(1).map(|at| &self.words[at]) else { return end };
        let closes = |at: &usize| {
            if mark.is_mark("(") {
                return self.words[*at].is_mark(")");
            }
            let goes_on = self.words.get(at + 1).is_some_and(|w| w.piece == Piece::Code || w.is(&["and", "or", "in"]));
            mark.is_mark(",") && self.words[*at].is_mark(",") && !goes_on
        };
        (verb..end).find(closes).unwrap_or(end)
    }

    /// Why a verb asks for nothing, if so.
    fn stance(&self, verb: usize, from: usize, next: usize) -> Option<Stance> {
        let window = &self.words[from..verb];
        let near = verb.checked_sub(1).map(|at| &self.words[at]);
        let denied = window.iter().enumerate().any(|(at, word)| {
            let only = window.get(at + 1).is_some_and(|next| next.is(&["only", "just"]));
            !only && (is_denial(word) || word.is(DENIALS))
        });
        let denied = denied
            || near.is_some_and(|near| near.is(&["without", "than", "unlike"]))
            || near.is_some_and(|near| near.is(&["of"])) && window.iter().any(|word| word.is(&["instead"]));
        if calls_no_more(window, &self.words[verb..]) {
            return None;
        }
        if denied {
            return Some(Stance::Denied);
        }
        let tried = near.is_some_and(|near| near.is(&["to", "from"]))
            && window.iter().any(|word| {
                word.is(&["attempts", "attempt", "requests", "request", "tries", "try", "trying", "anyone", "users"])
                    || word.is(&["prevent", "prevents", "forbid", "forbids", "refuse", "refuses"])
            });
        if tried {
            return Some(Stance::Denied);
        }
        let is_gerund = self.words[verb].text.ends_with("ing");
        if guesses(window) || is_gerund || self.begins_guess(from) {
            return Some(Stance::Guess);
        }
        let other = window.iter().any(|word| word.is(OTHERS))
            || window
                .windows(2)
                .any(|two| two[0].is(&["next", "separate", "another", "different"]) && two[1].is(LATER_NOUNS));
        let of_task = window.first().is_some_and(|first| first.piece == Piece::Prose && is_id(first.text))
            && window[1..].iter().all(|word| word.is(&["will", "should", "must", "also", "then", "already"]));
        if other || of_task || window.iter().any(|word| word.is(LATER)) || self.begins_later(from) {
            return Some(Stance::Later);
        }
        if self.is_conditional(verb) {
            return Some(Stance::Conditional);
        }
        let rest = &self.words[verb + 1..next.max(verb + 1)];
        if is_postponed(rest) {
            return Some(Stance::Later);
        }
        if agrees_later(rest, self.words[verb].is(CALLS)) {
            return Some(Stance::Conditional);
        }
        (self.words[verb].is(MAKES) && is_about_text(rest)).then_some(Stance::About)
    }

    /// "Alternatively, add", "maybe, later, add".
    fn begins_guess(&self, from: usize) -> bool {
        let is_aside = from.checked_sub(1).is_some_and(|at| self.words[at].is_mark(","));
        is_aside && self.words[0].is(GUESSES)
    }

    /// "Later, `F` will call it", "in the future, add".
    fn begins_later(&self, from: usize) -> bool {
        let Some(comma) = from.checked_sub(1).filter(|at| self.words[*at].is_mark(",")) else { return false };
        let start = (0..comma).rev().find(|&at| self.words[at].piece == Piece::Mark).map_or(0, |at| at + 1);
        let segment = &self.words[start..comma];
        segment.first().is_some_and(|first| first.is(LATER)) || segment.len() < 7 && is_postponed(segment)
    }

    /// Whether a verb says what code does when it runs: "in `F`, add", "call", "store".
    fn is_run(&self, verb: usize) -> bool {
        let inside = self.words[0].is(&["in", "inside", "within"]);
        inside || !self.words[verb].is(MAKES) || self.words[verb].is(&["store", "stores", "put", "puts"])
    }

    /// Whether words before a verb make a condition of it: "if they agree, add", "only once `X` is GA: add".
    fn is_conditional(&self, verb: usize) -> bool {
        let is_open = |at: usize| at == 0 || self.words[at - 1].piece == Piece::Mark;
        let skips = |word: &Word<'_>| word.is(&["and", "but", "then", "only", "even", "or", "also"]);
        (0..verb).filter(|&at| is_open(at) && !(at > 0 && self.words[at - 1].is_mark("("))).any(|start| {
            let at = start + self.words[start..verb].iter().take_while(|word| skips(word)).count();
            let Some(word) = self.words.get(at).filter(|_| at < verb) else { return false };
            let case = word.is(&["in"]) && self.words.get(at + 1).is_some_and(|next| next.is(&["case"]))
                || word.is(&["as"]) && self.words.get(at + 1).is_some_and(|next| next.is(&["soon", "long"]));
            let inverted =
                start == 0 && word.is(&["should", "were", "had"]) && self.words[..verb].iter().any(|w| w.is_mark(","));
            if !(word.is(CONDITIONS) || case || inverted) {
                return false;
            }
            let mark = |word: &Word<'_>| word.piece == Piece::Mark;
            let end = (at..verb).find(|&at| mark(&self.words[at])).unwrap_or(verb);
            let condition = &self.words[at + 1..end];
            let is_order = condition.iter().any(|word| word.piece == Piece::Prose && is_id(word.text))
                && !word.is(&["if", "unless"]);
            let is_missing = condition.iter().any(|word| {
                word.is(&[
                    "missing",
                    "absent",
                    "exist",
                    "exists",
                    "needed",
                    "necessary",
                    "required",
                    "possible",
                    "applicable",
                ])
            });
            let after = word.is(&["after"]) && !condition.iter().any(|word| word.is(EVENTS) || word.is(AGREEMENTS));
            // What code does in one case: "when `a.State` is `x`, store it". What is made is made in any case.
            let is_case = word.is(CASES)
                && self.is_run(verb)
                && condition.iter().any(|word| word.piece == Piece::Code)
                && !condition.iter().any(|word| word.is(EVENTS) || word.is(AGREEMENTS));
            if is_order || is_missing || is_case || after {
                return false;
            }
            // The condition is of what follows its comma, up to the next colon: "when it is off, reject it: add `f`".
            let rest = if end < verb { &self.words[end + 1..verb] } else { &[] };
            !rest.iter().any(|word| word.is_mark(":") || word.is_mark(")") || word.is_mark("—") || word.is_mark("–"))
        })
    }
}

#[cfg(test)]
#[path = "asks_tests.rs"]
mod tests;
