//! What stands behind a function: what it is for, and what else is said of its work.

use super::phrased::{is_call, is_called_by, is_place, without_call};
use super::prose::{clause, doc, said_of};
use super::verbs::{is_said, is_verb, order_form};
use super::without::{without_kind, without_receiver, without_type};
use crate::demand::{Piece, Quoted, Word, quoted_comment, sentence_end, sentences, words};
use crate::kinds::sentence::comment;
use crate::name::{is_go_identifier, lower_first, upper_first};
use crate::plan::PlannedTask;
use crate::text::code_spans;

/// What a line says of a function.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(in crate::kinds) struct Purpose {
    /// What it is for: words of the first clause, or the comment that the line states.
    pub text: String,
    /// The comment that the line states, as a sentence.
    pub comment: Option<String>,
    /// What else it says of the work of the function.
    pub more: Vec<String>,
    /// What it says of something else, with the function.
    pub left: Option<String>,
}

impl Purpose {
    /// Reads the words behind a function; `told` if they say what it takes and gives back.
    pub(super) fn of(name: &str, after: &str, told: bool) -> Self {
        if let Some((place, rest)) = placed(after) {
            let own = Self::of(name, rest, told);
            let left = std::iter::once(place).chain(own.left.as_deref()).collect::<Vec<_>>().join("; ");
            return Self { left: Some(left), ..own };
        }
        let is_head = |code: &str| code.contains('(');
        // What stands behind another function is said of that one.
        let is_own = |found: &Quoted| !code_spans(&found.rest).any(is_head);
        let names = |found: &Quoted| found.is_called || found.text.starts_with(name);
        if let Some(found) = quoted_comment(after).filter(|found| names(found) && is_own(found)) {
            let comment = comment(name, &found.text);
            let own = comment.strip_prefix(name).filter(|_| is_verb(name)).unwrap_or(&comment);
            let text = own.trim().trim_end_matches('.').to_owned();
            return Self { text, comment: Some(comment), ..Self::default() };
        }
        if told {
            return Self::default();
        }
        let (text, code) = first(after);
        let end = sentence_end(after);
        let is_described = [":", "-", "–", "—"].iter().any(|mark| {
            after.trim_start().starts_with(mark)
                || after[..end].contains(&format!(" {mark} "))
                || *mark == ":" && after[..end].contains(": ")
        });
        let mut more = more(after);
        let is_same =
            |sentence: &str| ["it ", "It "].iter().find_map(|it| sentence.strip_prefix(it)).unwrap_or(sentence) == text;
        more.retain(|sentence| !is_same(sentence));
        let behind = clauses(after).find(|clause| asks_elsewhere(clause)).map(str::to_owned);
        // What is to be declared elsewhere is no deed.
        let declares = |code: &String| {
            code.contains("` = ")
                || code_spans(code).any(|one| one.contains(" = ") || one.contains('(') && one.contains(' '))
        };
        if let Some(code) = code.as_ref().filter(|code| declares(code)) {
            return Self { left: Some(code.clone()), more, ..Self::default() };
        }
        if is_aside(&text) && !text.is_empty() {
            // The form of the receiver is read elsewhere.
            let left = Some(text).filter(|text| !is_form(text));
            return Self { more, left, ..Self::default() };
        }
        if said_of(name, &text).is_none() {
            return match () {
                // "Mocks included" is no step of its own.
                () if text.ends_with(" included") => Self { left: Some(text), more, ..Self::default() },
                () if text.is_empty() => Self { more, left: behind, ..Self::default() },
                // What has a subject of its own is said of that.
                () if code.as_ref().is_some_and(|code| code.starts_with('`')) => {
                    Self { more, left: behind, ..Self::default() }
                }
                () if code.is_some() && !is_described => {
                    let left: Vec<String> = code.into_iter().chain(behind).collect();
                    Self { left: Some(left.join("; ")), more, ..Self::default() }
                }
                () => {
                    more.retain(|sentence| *sentence != text);
                    more.insert(0, text);
                    Self { more, left: behind, ..Self::default() }
                }
            };
        }
        // A description is the comment as a whole.
        let own = more.iter().take_while(|sentence| is_described || is_said(&lower_first(sentence))).count();
        let rest = more.split_off(own);
        let text = more.iter().fold(text, |text, sentence| text + ". " + &upper_first(sentence));
        Self { text, comment: None, more: rest, left: behind }
    }

    /// The sentence above the function.
    pub(super) fn doc(&self, name: &str, task: &PlannedTask) -> String {
        self.comment.clone().unwrap_or_else(|| doc(name, &self.text, task))
    }

    /// The first that is said, whatever it is about.
    pub(in crate::kinds) fn first(&self) -> &str {
        let texts = std::iter::once(&self.text).chain(&self.left).chain(&self.more);
        texts.map(String::as_str).find(|text| !text.is_empty() && !is_aside(text)).unwrap_or_default()
    }

    /// What is said of the gate, as the clause that says it.
    pub(super) fn of_gate(&self, is_gate: impl Fn(&str) -> bool) -> Option<&str> {
        let texts = std::iter::once(&self.text).chain(&self.left).chain(&self.more);
        texts.map(String::as_str).find(|text| is_gate(text))
    }

    /// Takes out the words that lead to the type which the function is a method of.
    pub(super) fn without_receiver(&mut self, ty: &str) {
        let rest = |text: &str| Some(without_receiver(text, ty)).filter(|rest| rest != text);
        if let Some(rest) = rest(&self.text) {
            self.text = clause(&rest);
        }
        if let Some(rest) = self.left.as_ref().and_then(|left| rest(&left.replace('`', ""))) {
            (self.left, self.text) = (None, clause(&rest));
        }
        self.more.retain(|sentence| rest(sentence).is_none());
    }
}

/// Whether words say how a method has its receiver: "…, pointer receiver `t`".
fn is_form(text: &str) -> bool {
    text.contains("receiver") || text.len() < 3
}

/// Whether words are for who writes the function: "see VEP 9", "remember to add tests", "must not be exported".
fn is_aside(text: &str) -> bool {
    const LEADS: &[&str] = &["see", "cf", "remember", "don't", "please", "note", "mind", "same"];
    const ABOUT: &[&str] = &["exported", "unexported", "test", "tests", "vep", "pr", "todo", "tbd", "reviewers"];
    let all = words(text.trim_start_matches('('));
    // `(use "reset NAME", one argument)` states parts of a command.
    let is_command = text.starts_with("(use ") || text.starts_with("(Use ");
    // "And list it": it is the function.
    let is_of_it = matches!(&all[..], [verb, it] if it.is(&["it"]) && !verb.text.ends_with('s'));
    is_command
        || is_of_it
        || is_form(text)
        || all.first().is_some_and(|word| word.is(LEADS))
        || all.iter().any(|word| word.is(ABOUT))
}

/// Where a line wants a function to stand, if it says that first, and what it says behind it: ", below `x`: …".
fn placed(after: &str) -> Option<(&str, &str)> {
    const LEADS: &[&str] =
        &["after `", "before `", "below `", "above `", "behind `", "beneath `", "next to `", "beside `"];
    let marks = [' ', ',', '('];
    let own = after.trim_start_matches(marks);
    let file = own.strip_prefix("in `").or_else(|| own.strip_prefix("to `")).and_then(|rest| rest.split_once('`'));
    let own = file.filter(|(path, _)| path.contains('/')).map_or(own, |(_, rest)| rest.trim_start_matches(marks));
    let bare = ["right ", "directly ", "just "].iter().find_map(|word| own.strip_prefix(word)).unwrap_or(own);
    let lead = LEADS.iter().find(|lead| bare.starts_with(**lead))?;
    let (code, rest) = bare[lead.len()..].split_once('`')?;
    let place = &own[..own.len() - rest.len()];
    let rest = rest.strip_prefix(')').unwrap_or(rest);
    let ends = rest.is_empty() || rest.starts_with([':', ';', '.', ',']) || rest.starts_with(" - ");
    (ends && is_go_identifier(code)).then(|| (place, rest.trim_start_matches([':', '.', ',', ' '])))
}

/// The sentences and clauses behind the first one that say how the function works: those that name nothing in code, and ask
/// for nothing else.
fn more(after: &str) -> Vec<String> {
    const OTHERS: &[&str] = &[
        "test",
        "tests",
        "spec",
        "specs",
        "docs",
        "gate",
        "called",
        "same",
        "method",
        "methods",
        "receiver",
        "functions",
    ];
    let plain = |clause: &&str| {
        let all = words(clause);
        let (verb, rest) = clause.split_once(' ').unwrap_or((clause, ""));
        let is_order = is_verb(&verb.to_lowercase()) || order_form(verb, rest).is_some();
        // "It" is the function.
        let is_own = clause.starts_with("It ") && is_said(clause);
        let is_other = all.iter().any(|word| word.piece == Piece::Code && !is_own || word.is(OTHERS));
        all.len() > 2 && !is_order && !is_other && !clause.contains("()") && !is_call(clause)
    };
    clauses(after).filter(plain).map(|clause| clause.replace('`', "")).collect()
}

/// The sentences behind the first one, and what stands behind its semicolons.
fn clauses(after: &str) -> impl Iterator<Item = &str> {
    sentences(after).into_iter().flat_map(|sentence| sentence.split("; ")).skip(1).map(str::trim)
}

/// Whether a clause asks for something to be done elsewhere, of which it names the place: "add the name to `known`"; or says
/// in words who calls the function: "deletes of pods call it".
fn asks_elsewhere(clause: &str) -> bool {
    const PLACES: &[&str] = &["to", "into", "in", "under"];
    let all = words(clause);
    let is_order =
        all.first().is_some_and(|word| word.is(&["add", "append", "insert", "put", "list", "enter", "keep"]));
    let is_place =
        |two: &[Word<'_>]| two[0].is(PLACES) && two[1].piece == Piece::Code && !two[1].text.contains(['/', ' ', '(']);
    let is_new = |word: &Word<'_>| word.piece == Piece::Code && word.text.contains([' ', '(']);
    let names = all.windows(2).any(is_place)
        || all.windows(3).any(|three| three[0].is(PLACES) && is_place(&[three[0], three[2]]));
    is_order && names && !all.iter().any(is_new)
        || is_called_by(clause) && !all.iter().any(|word| word.piece == Piece::Code)
}

/// The first clause, and how the line spells it, if it names something in code.
fn first(after: &str) -> (String, Option<String>) {
    let purpose = after.trim_start_matches([' ', '-', '–', '—', ':']).trim().trim_start_matches("function").trim();
    // Behind a full stop another sentence begins, which may be about anything.
    let behind_place = ["in `", "to `", "into `", "at `"].iter().find_map(|lead| {
        let (path, rest) = purpose.strip_prefix(lead)?.split_once('`')?;
        Some(rest).filter(|rest| path.contains('/') && rest.starts_with([';', '.']))
    });
    let purpose = behind_place.unwrap_or(purpose);
    let is_next_sentence = purpose.starts_with([';', '.']);
    let purpose = purpose.trim_start_matches([',', ';', '.', ' ']);
    let is_next = purpose
        .strip_prefix("and `")
        .or_else(|| purpose.strip_prefix('`'))
        .is_some_and(|next| next.split('`').next().is_some_and(|code| code.contains('(')));
    let in_package = purpose.starts_with("in package ") || purpose.starts_with("in the package ");
    // "`f()` method in `x.go`" says where.
    let noun = ["method ", "helper "].iter().find_map(|noun| purpose.strip_prefix(noun));
    let purpose = noun.filter(|rest| rest.starts_with("in `")).unwrap_or(purpose);
    let is_noun = matches!(purpose.trim_end_matches('.'), "method" | "function" | "helper");
    // "…, methods `f()` and `g()`": what else there is.
    let is_list = words(purpose).windows(2).next().is_some_and(|two| {
        let noun = two[0].is(&["method", "methods", "function", "functions", "helper", "helpers", "constructor"]);
        noun && two[1].piece == Piece::Code
    });
    let is_noun = is_noun || is_list;
    let is_else = is_next_sentence && !is_said(purpose);
    let purpose = if is_next || in_package || is_noun || is_else { "" } else { purpose };
    let spelled = purpose;
    let purpose = without_kind(purpose.trim_start_matches("and ")).replace('`', "");
    let purpose = without_call(&without_type(&purpose));
    if purpose.contains("()") || is_place(&purpose) {
        return (String::new(), None);
    }
    // "In `x.go`, `f()` does it" says where, too.
    let place = purpose.rsplit_once(" in ").filter(|(_, place)| place.contains('/') && place.ends_with(".go"));
    let text = clause(place.map_or(purpose.as_str(), |(before, _)| before));
    // As far as the clause goes, with its backticks.
    let whole = spelled.replace('`', "");
    let at = whole.find(&text).unwrap_or_default();
    if text.is_empty() || is_call(&whole[at..]) {
        return (String::new(), None);
    }
    let is_begin = |at: &usize| spelled[*at..].replace('`', "").starts_with(&text);
    let is_end = |at: &usize| spelled[..*at].replace('`', "").ends_with(&text);
    let mut places = (0..=spelled.len()).filter(|at| spelled.is_char_boundary(*at));
    let end = places.clone().find(is_end);
    let own = places.rfind(is_begin).zip(end).filter(|(begin, end)| begin < end);
    let own = own.map(|(begin, end)| {
        let own = &spelled[begin..end];
        let tick = |is_open: bool| if is_open { "`" } else { "" };
        let first = tick(spelled[..begin].matches('`').count() % 2 == 1);
        [first, own, tick((first.len() + own.matches('`').count()) % 2 == 1)].concat()
    });
    (text, own.filter(|own| code_spans(own).any(|code| !code.contains('/'))))
}
