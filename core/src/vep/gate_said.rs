//! What the sentences of a VEP say of the gates that they name: which is introduced, which is another's, which was
//! rejected.

use std::collections::BTreeMap;

use super::gate::{gate_words, loose_words, names};
use super::gate_phrases::{AGAINST, ENDS, FOR, OWNS, PROJECTS, REJECTS, RELATIONS, SECOND, Side};
use super::sentences::{Sentence, said};
use super::{Topic, Vep, front_matter, yaml_documents};
use crate::name::is_gate_name;
use crate::task::LineKind;
use crate::text::Span;

/// A name of a gate in a VEP, with how much speaks for it being the VEP's own.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is something of its own that may be said of a name")]
pub struct GateMention {
    /// The name.
    pub name: String,
    /// What speaks for it, less what speaks against.
    pub score: i32,
    /// Where most is said for it.
    pub span: Span,
    /// A sentence introduces it, puts the feature behind it, or takes it to another stage.
    pub is_introduced: bool,
    /// A sentence says that it was given up.
    pub is_rejected: bool,
    /// No sentence says that it is another's, or that it is there already.
    pub is_unopposed: bool,
    /// A sentence calls it the second one.
    pub is_second: bool,
    /// It stands in code, or right beside the words.
    pub is_plain: bool,
}

#[derive(Clone)]
struct Tally {
    said: Saying,
    best: i32,
    span: Span,
}

/// Every name near the words, the best first.
pub fn mentions(vep: &Vep) -> Vec<GateMention> {
    let mut found: BTreeMap<String, Tally> = BTreeMap::new();
    let mut add = |name: &str, said: Saying, span: Span| {
        let first = Tally { said: Saying::default(), best: i32::MIN, span };
        let entry = found.entry(name.to_owned()).or_insert(first);
        entry.said.score += said.score;
        entry.said.is_introduced |= said.is_introduced;
        entry.said.is_rejected |= said.is_rejected;
        entry.said.is_opposed |= said.is_opposed;
        entry.said.is_second |= said.is_second;
        entry.said.is_plain |= said.is_plain;
        if said.score > entry.best {
            (entry.best, entry.span) = (said.score, span);
        }
    };
    // A heading is refused by no sentence behind it.
    let is_heading = |sentence: &Sentence| matches!(sentence.kind, LineKind::Heading(_));
    let all = said(vep).iter().filter(|sentence| sentence.kind != LineKind::Table || is_telling_row(sentence));
    let (headings, mut said): (Vec<Sentence>, Vec<Sentence>) = all.cloned().partition(is_heading);
    said.extend(headings);
    for (at, sentence) in said.iter().enumerate() {
        let is_refused = said.get(at + 1).is_some_and(refuses_what_was_said);
        for (name, mut saying) in of_sentence(vep, sentence) {
            saying.is_rejected |= is_refused;
            add(&name, saying, sentence.span);
        }
        for (name, span) in listed(sentence, &said[at + 1..]) {
            add(&name, Saying { score: 7, is_introduced: true, ..Saying::default() }, span);
        }
    }
    if let Some((name, span)) = front_matter::gate(vep) {
        add(&name, Saying { score: 8, is_introduced: true, ..Saying::default() }, span);
    }
    for (code, topic) in vep.code() {
        if topic == Topic::Excluded {
            continue;
        }
        let text = vep.document.source.text();
        if matches!(code.language.as_str(), "go" | "golang") {
            for line in vep.document.lines_in(code.body) {
                let raw = line.span.of(text);
                let Some((left, right)) = raw.split_once('=') else { continue };
                let name = right.trim().trim_matches('"');
                if left.trim_end().ends_with("Gate") && right.trim().starts_with('"') && is_gate_name(name) {
                    add(name, Saying { score: 6, is_plain: true, ..Saying::default() }, line.span);
                }
            }
        }
        for document in yaml_documents(&vep.document, &code).unwrap_or_default() {
            for field in document.iter().filter(|field| field.path.last().is_some_and(|key| key == "featureGates[]")) {
                if let Some(value) = field.value.as_deref().filter(|value| is_gate_name(value)) {
                    add(value, Saying { score: 3, is_plain: true, ..Saying::default() }, field.span);
                }
            }
        }
    }
    let mut found: Vec<GateMention> = found
        .into_iter()
        .map(|(name, Tally { said, span, .. })| {
            let Saying { score, is_introduced, is_rejected, is_opposed, is_second, is_plain } = said;
            // What was given up is no candidate, however much is said of it.
            let score = if is_rejected { score.min(0) } else { score };
            GateMention {
                name,
                score,
                span,
                is_introduced,
                is_rejected,
                is_unopposed: !is_opposed,
                is_second,
                is_plain,
            }
        })
        .collect();
    found.sort_by(|a, b| b.score.cmp(&a.score).then(a.span.start.cmp(&b.span.start)));
    found
}

/// What one sentence says of a name.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is something of its own that may be said of a name")]
struct Saying {
    score: i32,
    is_introduced: bool,
    is_rejected: bool,
    is_opposed: bool,
    is_second: bool,
    is_plain: bool,
}

/// `| Feature gate | X |`, and the row of a stage. Other tables tell of scenarios.
fn is_telling_row(sentence: &Sentence) -> bool {
    let first = sentence.text.trim_start_matches('|').split('|').next().unwrap_or_default();
    !gate_words(first).is_empty() || matches!(sentence.topic, Topic::Graduation | Topic::Targets)
}

/// The names that stand first in the items below "Two new feature gates are introduced:".
fn listed(lead: &Sentence, behind: &[Sentence]) -> Vec<(String, Span)> {
    let lower = lead.text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let is_lead = lower.trim_end_matches('*').ends_with(':') && lead.kind != LineKind::Table;
    let is_own = has(FOR[0].0) || has(OWNS) || has(&["add ", "added", "adding", "define", "register"]);
    if !is_lead
        || gate_words(&lower).is_empty()
        || !is_own
        || AGAINST.iter().any(|(groups, _)| groups.iter().any(|words| has(words)))
    {
        return Vec::new();
    }
    let items = behind.iter().take_while(|said| said.kind == LineKind::Item);
    let first = items.filter(|said| said.stance(0).is_none()).filter_map(|said| {
        let (start, name, marked) = names(&said.text).into_iter().next()?;
        // What stands in code is a name, and so is what a dash or a colon follows, or nothing.
        let rest = said.text[start + name.len()..].trim_start_matches(['`', '*', '"', '.']);
        let is_name =
            marked || rest.trim().is_empty() || [":", " -", " –", " —", " ("].iter().any(|mark| rest.starts_with(mark));
        let is_first = said.text[..start].chars().all(|c| !c.is_alphabetic());
        (is_name && is_first).then_some((name, said.span))
    });
    first.collect()
}

fn of_sentence(vep: &Vep, sentence: &Sentence) -> Vec<(String, Saying)> {
    let whole = sentence.text.as_str();
    let heading = vep.heading_at(sentence.span.start);
    let under_heading = heading.is_some_and(|heading| !gate_words(&heading.title).is_empty());
    let (places, loose) = (gate_words(whole), loose_words(whole));
    if places.is_empty() && loose.is_empty() && !under_heading {
        return Vec::new();
    }
    // Small letters may be of another length: what is sought is ASCII.
    let lower = whole.to_ascii_lowercase();
    let mut base = 1;
    if matches!(sentence.topic, Topic::Graduation | Topic::Targets)
        || heading.is_some_and(|heading| heading.stage.is_some())
    {
        base += 2;
    }
    let named = names(whole);
    let is_alone = named.iter().filter(|(start, name, _)| named.iter().all(|one| one.1 != *name || one.0 >= *start));
    let is_alone = is_alone.count() == 1;
    let mut found = Vec::new();
    for (start, name, marked) in &named {
        let (start, marked) = (*start, *marked);
        let far = |place: &usize| place.abs_diff(start).min(place.abs_diff(start + name.len()));
        // "renamed from `A` to `B`"
        let is_new_name =
            lower[..start].contains("renamed") && lower[..start].trim_end_matches(['`', '*', '"']).ends_with(" to ");
        let labelled = labelled(&lower, start) || is_new_name;
        let in_list = marked && (lower[..start].contains("gates") || lower[start..].contains("featuregates"));
        let capitals = name.chars().filter(char::is_ascii_uppercase).count();
        let lowers = name.chars().any(|c| c.is_ascii_lowercase());
        let is_camel = capitals > 1 && lowers;
        let near = match places.iter().map(far).min() {
            Some(distance) if distance <= 16 => 3,
            // "gate `X`", "the `X` gate", where code says that it is a name.
            _ if marked && loose.iter().any(|at| adjoins(&lower, *at, start, name)) || labelled => 3,
            _ if is_camel && loose.iter().any(|at| touches(&lower, *at, start, name)) => 3,
            Some(distance) if distance <= 40 || in_list => 1,
            Some(_) => -1,
            None => i32::from(marked && under_heading),
        };
        if near < 1 || !marked && !is_camel || capitals < 2 && near < 3 {
            continue;
        }
        let (from, end) = clause(&lower, start, start + name.len());
        let clause = &lower[from..end];
        let scope = if is_alone { lower.as_str() } else { clause };
        let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
        let mut score = base + near;
        score += FOR.iter().filter(|(words, _)| has(scope, words)).map(|(_, score)| score).sum::<i32>();
        // "`X` is separate from `Y`" is said of the second one.
        let of_other = |word: &str| {
            let at = lower[start + name.len()..end].find(word).map(|at| start + name.len() + at);
            RELATIONS.iter().any(|words| words.contains(&word))
                && at.is_some_and(|at| named.iter().any(|(other, ..)| (at..end).contains(other)))
        };
        let speaks =
            |groups: &[&[&str]]| groups.iter().copied().flatten().any(|word| clause.contains(word) && !of_other(word));
        let against = AGAINST.iter().filter(|(groups, _)| speaks(groups)).map(|(_, score)| score).sum::<i32>();
        let foreign =
            foreign(vep, &lower, clause, start) + others(&lower[from..start], &lower[start + name.len()..end]);
        let speaks_against = against + foreign < 0;
        if labelled {
            score += 4;
        } else if near == 3 && marked && !speaks_against {
            score += 1;
        }
        let staged = base > 1 && near == 3;
        let introduces = labelled || staged || has(clause, FOR[0].0) || has(clause, OWNS);
        let saying = Saying {
            score: score + against + foreign,
            is_introduced: introduces && !speaks_against && (near == 3 || in_list),
            is_opposed: speaks_against,
            is_plain: marked || near == 3,
            is_second: SECOND.iter().any(|word| lower[from..start].contains(word)),
            is_rejected: rejects(clause, start - from, &named_in(&named, from, end))
                || is_alone && refuses_itself(&lower[end..]),
        };
        found.push((name.clone(), saying));
    }
    found
}

/// `Feature gate: X`, `Gate: **X**`, "the gate is called `X`", "the new feature gate is `X`", `| Feature gate | X |`.
fn labelled(lower: &str, start: usize) -> bool {
    let Some(at) = lower[..start].rfind("gate") else { return false };
    let between = lower[at + "gate".len()..start].trim_start_matches('s');
    let plain = between.replace(['`', '*', '"', '\'', '_', '(', '“'], " ");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let joins = [":", "is", "called", "named", "|", "name:", "=", "be"];
    let fills = ["name", "will", "the", "new", "it", "as", "own"];
    !words.is_empty()
        && words.iter().all(|word| joins.contains(word) || fills.contains(word))
        && words.iter().any(|word| joins.contains(word))
        || between.starts_with(':') && words.is_empty()
}

/// The clause around a name. One in parentheses ends with them.
fn clause(lower: &str, start: usize, end: usize) -> (usize, usize) {
    let mut before = ENDS.iter().filter_map(|mark| lower[..start].rfind(mark)).max().unwrap_or(0);
    let mut after = ENDS.iter().filter_map(|mark| lower[end..].find(mark)).min().map_or(lower.len(), |at| end + at);
    if lower[before..].starts_with(" (") {
        match lower[before..start].find(')') {
            Some(at) => before += at,
            None => after = lower[end..after].find(')').map_or(after, |at| end + at),
        }
    }
    (before, after)
}

/// Where the names of a clause begin in it.
fn named_in(named: &[(usize, String, bool)], from: usize, end: usize) -> Vec<usize> {
    named
        .iter()
        .map(|(start, ..)| *start)
        .filter(|start| (from..end).contains(start))
        .map(|start| start - from)
        .collect()
}

/// Whether a word of a sentence is about a name beside it: "gated by `X`", "the `X` gate", "gate `X`".
fn adjoins(lower: &str, word: usize, start: usize, name: &str) -> bool {
    const GAP: usize = 14;
    let plain = |between: &str| {
        // "a gate, `X`, which …"
        let between = between.strip_prefix(", ").unwrap_or(between);
        between.len() <= GAP && !between.contains([',', ';', '.'])
    };
    let end = start + name.len();
    let rest = &lower[word..];
    let length = rest.find(|c: char| !(c.is_ascii_alphabetic() || c == ' ')).unwrap_or(rest.len());
    let is_gate = rest.starts_with("gate") && !rest.starts_with("gated");
    if word < start {
        let length = if rest.starts_with("guarded by") {
            "guarded by".len()
        } else {
            rest[..length].find(' ').unwrap_or(length)
        };
        plain(&lower[(word + length).min(start)..start])
    } else {
        // Something else may stand before what is gated.
        is_gate && word >= end && lower[end..word].trim_matches(['`', '*', '"', '\'', ' ', '”']).is_empty()
    }
}

/// "the gate X", "the X gate": nothing stands between a word and a name that is not in code.
fn touches(lower: &str, word: usize, start: usize, name: &str) -> bool {
    let is_gate = lower[word..].starts_with("gate") && !lower[word..].starts_with("gated");
    let between =
        if word < start { &lower[word + "gate".len()..start] } else { &lower[(start + name.len()).min(word)..word] };
    is_gate && between.trim_start_matches('s').trim().is_empty()
}

/// Whether a clause says that the name in it was given up.
fn rejects(clause: &str, name: usize, names: &[usize]) -> bool {
    REJECTS.iter().any(|(side, phrases)| {
        phrases.iter().any(|phrase| {
            clause.match_indices(phrase).any(|(at, _)| match side {
                Side::All => true,
                Side::Before => name < at,
                // Of the names behind it, the first one.
                Side::After => {
                    let behind = at + phrase.len();
                    names
                        .iter()
                        .copied()
                        .find(|one| *one >= behind)
                        .is_some_and(|one| one == name && name - behind < 24)
                }
            })
        })
    })
}

/// What stands behind the clause of the only name says that it was refused: "…; reviewers refused it".
fn refuses_itself(rest: &str) -> bool {
    refusing(rest) && [" it", " that name", " this name", " the name"].iter().any(|word| rest.contains(word))
}

/// "It was rejected in review." of what the sentence before names.
fn refuses_what_was_said(sentence: &Sentence) -> bool {
    let lower = sentence.text.to_ascii_lowercase();
    if !names(&sentence.text).is_empty() && !gate_words(&sentence.text).is_empty() {
        return false;
    }
    let refers = ["it was ", "that was ", "this was ", "that name ", "this name ", "the name was ", "it has been "];
    let people = ["reviewers refused it", "reviewers rejected it", "we dropped it", "we rejected it", "we refused it"];
    refers.iter().any(|word| lower.starts_with(word)) && refusing(&lower)
        || people.iter().any(|word| lower.starts_with(word))
}

fn refusing(lower: &str) -> bool {
    let words = ["refused", "rejected", "discarded", "dropped", "turned down", "abandoned", "renamed", "preferred"];
    words.iter().any(|word| lower.contains(word)) && !lower.contains("not ")
}

/// "CDI has a feature gate `X`", "the feature gate `X` of CDI": another project's.
fn others(before: &str, behind: &str) -> i32 {
    const BETWEEN: &[&str] = &[
        "has", "have", "s", "a", "an", "the", "own", "its", "new", "feature", "gate", "gates", "called", "named",
        "with",
    ];
    let words = |text: &str| super::sentences::words(text);
    let (before, behind) = (words(before), words(behind));
    let owner = before.split_whitespace().rev().find(|word| !BETWEEN.contains(word)).unwrap_or_default();
    let owned = ["of", "in", "from"].iter().any(|word| {
        let rest = behind.strip_prefix(" feature gate").or(behind.strip_prefix(" gate")).unwrap_or(&behind);
        let rest = rest.trim_start().strip_prefix(word).unwrap_or_default().trim_start();
        let rest = rest.strip_prefix("the ").unwrap_or(rest);
        PROJECTS.contains(&rest.split(' ').next().unwrap_or_default()) && !rest.is_empty()
    });
    if PROJECTS.contains(&owner) || owned { -8 } else { 0 }
}

/// "the `X` feature gate of VEP 10" is that VEP's.
fn foreign(vep: &Vep, lower: &str, clause: &str, at: usize) -> i32 {
    // "the deprecated `X` feature gate", "`X` will be deprecated": not what is built here.
    let before = &lower[lower.floor_char_boundary(at.saturating_sub(24))..at];
    let behind = &lower[at..lower.ceil_char_boundary((at + 70).min(lower.len()))];
    if before.contains("deprecated") || behind.contains("be deprecated") || behind.contains("is deprecated") {
        return -12;
    }
    let others = clause.match_indices("vep").any(|(at, _)| {
        let number = clause[at + 3..].trim_start_matches([' ', '#', '-']);
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        !digits.is_empty() && vep.number.as_ref() != Some(&digits)
    });
    if others {
        return -8;
    }
    let around =
        &lower[lower.floor_char_boundary(at.saturating_sub(40))..lower.ceil_char_boundary((at + 80).min(lower.len()))];
    if around.contains("kubernetes") { -3 } else { 0 }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
