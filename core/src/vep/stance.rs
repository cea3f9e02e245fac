//! Whether words say that something is *not* built: that nothing changes there, that it was rejected, that it belongs
//! to another time. Every reader of a VEP asks here.

use super::phrases::{CHANGES, POSTPONED, PURPOSE, REJECTED, UNCHANGED};

/// Why something that a VEP names is no work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stance {
    /// Nothing changes there.
    Unchanged,
    /// It was considered, and is not done.
    Rejected,
    /// It is not a part of this VEP.
    Postponed,
    /// It is only pointed at.
    Reference,
}

impl Stance {
    /// The reason, as it is printed.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Unchanged => "the VEP says that nothing changes there",
            Self::Rejected => "the VEP says that it was rejected",
            Self::Postponed => "the VEP says that it is not a part of this",
            Self::Reference => "the VEP only points at it",
        }
    }
}

/// What people do with an idea that they do not follow.
const GIVEN_UP: &[&str] = &[
    "rejected",
    "discarded",
    "dropped",
    "abandoned",
    "declined",
    "refused",
    "dismissed",
    "considered",
    "withdrawn",
    "scrapped",
    "disliked",
];

/// Who decides on ideas.
const DECIDERS: &[&str] =
    &["we", "reviewers", "reviewer", "maintainers", "approvers", "they", "review", "community", "authors", "sig"];

/// Who may be told to be able to do something, where it is only an idea.
const SUBJECTS: &[&str] = &["it", "we", "one", "kubevirt", "this", "that", "vep", "virtctl", "feature"];

/// Whether words speak of a change.
pub(super) fn changes(words: &str) -> bool {
    CHANGES.iter().any(|word| words.contains(word))
}

/// What words say, which stand each between two blanks: ` the virt-launcher pod `.
pub(super) fn stance(words: &str) -> Option<Stance> {
    let has = |any: &[&str]| any.iter().any(|phrase| words.contains(phrase));
    let tokens: Vec<&str> = words.split_whitespace().collect();
    if has(REJECTED) || is_given_up(&tokens) {
        return Some(Stance::Rejected);
    }
    if has(POSTPONED) && !has(PURPOSE) || is_idea(&tokens) || is_withheld(&tokens) {
        return Some(Stance::Postponed);
    }
    (has(UNCHANGED) || is_unchanged(&tokens)).then_some(Stance::Unchanged)
}

/// "was considered and dropped", "reviewers refused it". What a webhook rejects is no idea.
fn is_given_up(tokens: &[&str]) -> bool {
    let is_by_code = |at: usize| {
        let behind = &tokens[at + 1..tokens.len().min(at + 5)];
        behind.first().is_some_and(|word| matches!(*word, "by" | "at" | "with" | "when" | "while" | "if"))
            && !behind.iter().any(|word| DECIDERS.contains(word))
    };
    if tokens.first().is_some_and(|first| GIVEN_UP.contains(first) && tokens.len() <= 2) {
        return true;
    }
    tokens.iter().enumerate().filter(|(_, word)| GIVEN_UP.contains(word)).any(|(at, word)| {
        let before = &tokens[at.saturating_sub(3)..at];
        let passive = before.iter().any(|word| matches!(*word, "was" | "were" | "been" | "got"));
        let decided = before.iter().any(|word| DECIDERS.contains(word))
            && !before.iter().any(|word| matches!(*word, "be" | "is" | "are"));
        (passive || decided) && !(is_by_code(at) && *word != "considered")
    })
}

/// "`virtctl` could get a command", and "it could change, but does not".
fn is_idea(tokens: &[&str]) -> bool {
    tokens.iter().enumerate().filter(|(_, word)| matches!(**word, "could" | "might")).any(|(at, _)| {
        let subject = at.checked_sub(1).map_or("", |before| tokens[before]);
        let is_own = SUBJECTS.contains(&subject) || subject.starts_with("virt-");
        let then = tokens.get(at + 1).copied().unwrap_or_default();
        // "so that it could", "if it could": a purpose, and no idea.
        let before = &tokens[at.saturating_sub(4)..at];
        let has_purpose = before.iter().any(|word| matches!(*word, "so" | "if" | "because" | "where" | "which"));
        is_own && !matches!(then, "not" | "n" | "never") && !has_purpose
    })
}

/// "will not be provided", "may be added later", "not as part of this".
fn is_withheld(tokens: &[&str]) -> bool {
    const VERBS: &[&str] = &[
        "provid",
        "offer",
        "introduc",
        "expos",
        "implement",
        "creat",
        "includ",
        "add",
        "build",
        "built",
        "ship",
        "cover",
    ];
    // What happens at times happens.
    if tokens.iter().any(|word| matches!(*word, "when" | "if" | "unless" | "until" | "while" | "longer" | "anymore")) {
        return false;
    }
    tokens.iter().enumerate().any(|(at, word)| {
        let behind = &tokens[at + 1..tokens.len().min(at + 9)];
        match *word {
            "will" | "shall" | "do" | "does" | "won" | "doesn" | "don" => {
                let no = matches!(behind.first(), Some(&"not" | &"t"));
                let verb = behind.get(1).filter(|word| **word != "be").or(behind.get(2));
                no && verb.is_some_and(|verb| VERBS.iter().any(|stem| verb.starts_with(stem)))
            }
            "may" | "might" | "can" | "could" => behind.iter().take(6).any(|word| *word == "later"),
            "not" => {
                let part = behind.iter().position(|word| *word == "part");
                part.is_some_and(|part| part < 4 && matches!(behind.get(part + 1..part + 3), Some(["of", "this"])))
            }
            _ => false,
        }
    })
}

/// "no code changes", "changes are not needed", "stays as it is".
fn is_unchanged(tokens: &[&str]) -> bool {
    const CHANGE: &[&str] = &["chang", "modif", "touch", "adapt", "adjust", "involve", "affect", "impact", "alter"];
    let is_change = |word: &&str| {
        CHANGE.iter().any(|stem| word.starts_with(stem)) && !matches!(*word, "alternative" | "alternatives")
            || matches!(*word, "work" | "effort")
    };
    let is_no =
        |word: &str| matches!(word, "no" | "not" | "t" | "without" | "never" | "none" | "nothing" | "nor" | "neither");
    // What must not be is a requirement, and still work.
    let is_must = |at: usize| {
        let before = at.checked_sub(1).map_or("", |at| tokens[at]);
        matches!(before, "must" | "can" | "should" | "may" | "might" | "cannot" | "shouldn" | "mustn" | "couldn")
    };
    let negated = tokens.iter().enumerate().filter(|(_, word)| is_no(word)).any(|(at, word)| {
        let behind = &tokens[at + 1..tokens.len().min(at + 5)];
        let Some(change) = behind.iter().position(&is_change) else { return false };
        let between = &behind[..change];
        let needs = between.iter().any(|word| word.starts_with("need") || word.starts_with("requir"));
        // "no VM is affected", "not be changed": near enough to be about one thing.
        let plain = |word: &&str| {
            matches!(
                *word,
                "any"
                    | "a"
                    | "be"
                    | "the"
                    | "further"
                    | "code"
                    | "api"
                    | "functional"
                    | "to"
                    | "other"
                    | "production"
                    | "additional"
                    | "extra"
                    | "logic"
                    | "need"
                    | "needs"
                    | "new"
                    | "is"
                    | "are"
                    | "special"
                    | "real"
            ) || word.starts_with("requir")
                || word.starts_with("need")
                || word.starts_with("virt-")
        };
        (!is_must(at) || needs) && between.iter().all(plain) && !(*word == "without" && at > 4)
    });
    let unneeded = tokens.iter().enumerate().filter(|(_, word)| is_change(word)).any(|(at, _)| {
        let behind = &tokens[at + 1..tokens.len().min(at + 8)];
        let no = behind.iter().position(|word| matches!(*word, "not" | "t"));
        no.is_some_and(|no| {
            behind[no + 1..].iter().take(2).any(|word| {
                word.starts_with("need")
                    || word.starts_with("requir")
                    || word.starts_with("necessar")
                    || matches!(*word, "made" | "planned" | "expected" | "foreseen")
            })
        })
    });
    let stays = tokens.iter().enumerate().any(|(at, word)| {
        let stay = word.starts_with("stay") || word.starts_with("remain") || matches!(*word, "left" | "kept" | "is");
        let behind = &tokens[at + 1..tokens.len().min(at + 4)];
        let now = matches!(behind, ["as", "is" | "it" | "they" | "before" | "today" | "now", ..] | ["the", "same", ..]);
        stay && (now && *word != "is" || matches!(behind, ["unchanged", ..]))
    });
    // "…, but does not."
    let elliptic = matches!(
        tokens,
        [.., "but", "not"]
            | [.., "but", "does" | "do" | "is" | "are" | "will" | "did" | "was", "not"]
            | [.., "but", "it" | "that" | "this", "does" | "is" | "will" | "did" | "was", "not"]
    );
    negated || unneeded || stays || elliptic
}

/// What stands alone behind a name, or in a cell: "none", "unchanged".
pub(super) fn bare(words: &str) -> Option<Stance> {
    match words.trim() {
        "none" | "no" | "nothing" | "n/a" | "-" | "unchanged" | "as is" | "as it is" | "as before" | "not needed"
        | "not required" | "not necessary" | "not applicable" | "not used" | "unneeded" | "unnecessary"
        | "untouched" | "no impact" | "not involved" | "same" | "the same" | "not relevant" => Some(Stance::Unchanged),
        "later" | "future" | "deferred" | "not now" | "not yet" => Some(Stance::Postponed),
        "rejected" | "dropped" | "discarded" => Some(Stance::Rejected),
        words => {
            // "No changes required": the words have no subject but the one before them.
            let has_no_subject = ["no ", "not ", "nothing ", "none ", "unchanged ", "stays ", "remains ", "out of "]
                .iter()
                .any(|first| words.starts_with(first));
            let is_bare = has_no_subject || words.split(' ').count() <= 3;
            is_bare.then(|| stance(&format!(" {words} "))).flatten()
        }
    }
}

/// The clause of a sentence that a place is in, where each clause has a subject of its own.
pub(super) fn clause(text: &str, at: usize) -> (usize, usize) {
    const DOES: &[&str] = &[" gains ", " gets ", " calls ", " sets ", " passes ", " handles ", " watches ", " writes "];
    const BREAKS: &[&str] = &[", ", "; ", ", while ", ", whereas ", ", but ", ", and ", ", yet ", " while "];
    let mut cuts: Vec<usize> = Vec::new();
    for (word, found) in BREAKS.iter().flat_map(|word| text.match_indices(word).map(move |(found, _)| (*word, found))) {
        let behind = text[found + word.len()..].trim_start_matches(['`', '*', '"']);
        let own_subject = behind.starts_with("virt") || text[found + word.len()..].starts_with('`');
        // "but it was rejected", "but does not" go on with what they follow.
        let first = behind.split([' ', '\'', '.', ',']).next().unwrap_or_default();
        let goes_on = matches!(
            first,
            "not"
                | "no"
                | "does"
                | "do"
                | "is"
                | "are"
                | "will"
                | "did"
                | "was"
                | "were"
                | "has"
                | "it"
                | "that"
                | "this"
                | "they"
                | "then"
                | "later"
                | "only"
                | "we"
                | "reviewers"
                | "doesn"
                | "isn"
                | "won"
                | "never"
        );
        let is_break = match word {
            // Of a list, every name has the same verb.
            ", " => {
                let before = super::sentences::words(&text[..found]);
                behind.contains(' ')
                    && own_subject
                    && (changes(&before) || DOES.iter().any(|verb| before.contains(verb)))
            }
            ", and " | " while " => own_subject,
            _ => !goes_on,
        };
        if is_break {
            cuts.push(found + 1);
        }
    }
    cuts.sort_unstable();
    let start = cuts.iter().rev().find(|cut| **cut <= at).copied().unwrap_or(0);
    let end = cuts.iter().find(|cut| **cut > at).copied().unwrap_or(text.len());
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::super::sentences::words;
    use super::*;

    #[test]
    fn what_is_not_built_is_told_from_what_is() {
        use Stance::{Postponed, Rejected, Unchanged};
        for (text, expected) in [
            ("virt-handler: no change needed", Some(Unchanged)),
            ("virt-api stays as it is", Some(Unchanged)),
            ("Changes to `virt-api` are not required.", Some(Unchanged)),
            ("`virt-operator` doesn't need any changes", Some(Unchanged)),
            ("virt-exportserver remains unchanged", Some(Unchanged)),
            ("It could also change `pkg/virt-handler/vm.go`, but does not.", Some(Postponed)),
            ("`virtctl` could get a lamp command one day, but not in this VEP.", Some(Postponed)),
            ("`virtctl lamp` is out of scope.", Some(Postponed)),
            ("The metric `a` was rejected.", Some(Rejected)),
            ("The annotation was considered and dropped.", Some(Rejected)),
            ("The first draft had this field, and reviewers refused it:", Some(Rejected)),
            ("We considered a label, but it does not fit", Some(Rejected)),
            ("`virtctl lamp` will not be provided", Some(Postponed)),
            ("A metric such as `a` may be added later", Some(Postponed)),
            ("Not implemented as part of this proposal, but a natural next step:", Some(Postponed)),
            ("virt-operator is left alone", Some(Unchanged)),
            ("virt-handler does not add the lamp when the gate is off", None),
            ("VMIs with two lamps are rejected by the webhook.", None),
            ("Requests that were rejected by the webhook are counted.", None),
            ("virt-handler must not touch the lamp of another guest", None),
            ("virt-launcher switches the lamp on without a restart", None),
            ("virt-handler needs no restart to add the lamp", None),
            ("virt-controller adds it, so that we could see it", None),
        ] {
            assert_eq!(stance(&words(text)), expected, "{text}");
        }
        assert_eq!(bare("none"), Some(Unchanged));
        assert_eq!(bare("no code changes"), Some(Unchanged));
        assert_eq!(bare("watches the lamp"), None);
    }

    #[test]
    fn clauses_have_subjects_of_their_own() {
        let text = "virt-launcher adds it, while virt-handler needs no change";
        let of = |word: &str| {
            let (start, end) = clause(text, text.find(word).unwrap_or_default());
            stance(&words(&text[start..end]))
        };
        let list = "`a.go`, `b.go` and `c.go` are not changed";
        assert_eq!(clause(list, 1), (0, list.len()));
        assert_eq!(of("virt-launcher"), None);
        assert_eq!(of("virt-handler"), Some(Stance::Unchanged));
    }
}
