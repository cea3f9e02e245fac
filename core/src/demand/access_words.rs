//! Words of lines about access rules.

use super::access::Vocabulary;
use super::{Piece, Word};

/// Words that do not allow.
pub(super) const DENIALS: &[&str] = &[
    "not", "never", "revoke", "deny", "remove", "drop", "restrict", "forbid", "except", "longer", "lose", "loses",
    "lost",
];

/// Words that stand between two lists.
pub(super) fn is_filler(word: &str) -> bool {
    const FILLERS: &[&str] = &[
        "also",
        "then",
        "the",
        "all",
        "that",
        "this",
        "its",
        "their",
        "for",
        "with",
        "role",
        "roles",
        "rules",
        "rule",
        "may",
        "can",
        "must",
        "nothing",
        "only",
        "access",
        "resources",
        "resource",
        "permissions",
        "now",
        "thus",
        "needs",
        "will",
        "should",
        "subresource",
        "subresources",
        "status",
    ];
    FILLERS.contains(&word)
}

/// Whether a word says no more than that somebody may do something.
pub(super) fn is_plain(word: &str) -> bool {
    #[rustfmt::skip]
    const PLAIN: &[&str] = &[
        "a", "able", "add", "allow", "allowed", "allows", "an", "api", "apigroup", "apigroups", "be", "both", "can",
        "cluster", "core", "extend", "for", "from", "get", "gets", "give", "given", "gives", "grant", "granted", "grants",
        "group", "groups", "has", "have", "in", "install", "installation", "is", "it", "kubevirt", "let", "lets", "may",
        "must", "namespace", "namespaced", "need", "needs", "of", "on", "over", "own", "permit", "permits", "permission",
        "permissions", "rbac", "require", "requires", "role", "roles", "rule", "rules", "should", "so", "that", "the",
        "to", "under", "user", "users", "verb", "verbs", "will", "with", "within", "clusterrole", "cluster-wide",
    ];
    PLAIN.contains(&&*word.to_lowercase()) || is_filler(word) || !word.chars().any(char::is_alphanumeric)
}

/// Whether a line gives permission.
pub(super) fn grants(words: &[Word<'_>]) -> bool {
    const WORDS: &[&str] =
        &["may", "can", "allow", "allows", "allowed", "grant", "grants", "granted", "permit", "permits"];
    const NOUNS: &[&str] = &["permission", "permissions", "rbac", "verb", "verbs", "clusterrole"];
    words.iter().any(|word| word.is(WORDS) || word.is(NOUNS))
}

/// "full access", "read-only access", "everything": verbs that are not said one by one.
pub(super) fn vague(words: &[Word<'_>]) -> Option<String> {
    let pair = words.windows(2).find(|two| {
        two[0].is(&[
            "full",
            "all",
            "any",
            "every",
            "complete",
            "unrestricted",
            "read",
            "write",
            "read-only",
            "read-write",
        ]) && two[1].is(&["access", "verbs", "verb", "permissions", "rights", "operations", "control"])
    });
    pair.map(|two| format!("{} {}", two[0].text, two[1].text))
}

/// Somebody who is to be allowed something and is spelled as a component, but has no role.
pub(super) fn unknown_role<'a>(words: &[Word<'a>], known: &Vocabulary<'_>) -> Option<&'a str> {
    const BEFORE: &[&str] = &["for", "let", "lets", "allow", "allows", "grant", "grants", "permit", "give", "to"];
    const BEHIND: &[&str] = &["may", "can", "must", "should", "needs", "need", "requires", "gets", "is", "has", "will"];
    let named = words.iter().enumerate().find(|(at, word)| {
        let text = word.text.trim_end_matches("'s");
        let spelled = ["virt-", "kubevirt-", "kubevirt.io:"].iter().any(|head| text.starts_with(head));
        let leads = at.checked_sub(1).is_some_and(|before| words[before].is(BEFORE));
        let follows = words.get(at + 1).is_some_and(|next| next.is(BEHIND) || *at == 0 && next.is_mark(":"));
        spelled && (leads || follows) && !text.contains('/') && !(known.is_role)(text)
    });
    // "the admim role", where nobody else is named.
    let of_noun = words.iter().enumerate().find_map(|(at, word)| {
        let noun = word.is(&["role", "clusterrole"]);
        let skip = 1 + usize::from(at > 1 && words[at - 1].is(&["cluster"]));
        let said = &words[at.checked_sub(skip).filter(|_| noun)?];
        let plain = said.text.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | ':' | '.'));
        let names = said.piece != Piece::Mark && plain && said.text.len() > 3 && !is_filler(said.text);
        (names && !said.is(NEUTRAL) && !(known.is_role)(said.text)).then_some(said.text)
    });
    let is_named = || words.iter().any(|word| (known.is_role)(word.text.trim_end_matches("'s")));
    named.map(|(_, word)| word.text).or_else(|| of_noun.filter(|_| !is_named()))
}

/// Words before "role" that name none.
const NEUTRAL: &[&str] = &[
    "cluster", "existing", "right", "same", "user", "users", "whose", "which", "from", "into", "each", "every", "rbac",
];

/// What somebody is to be allowed that is no verb of access rules: "may observe `pods`".
pub(super) fn unknown_verb<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    const BETWEEN: &[&str] = &["also", "only", "now", "be", "able", "to", "then", "have", "has", "need", "needs"];
    let may = words.iter().position(|word| word.is(&["may", "can", "must", "verb", "verbs"]))?;
    let said = words[may + 1..].iter().find(|word| !word.is(BETWEEN) && !word.is_mark(":"))?;
    let plain = said.piece != Piece::Mark && said.text.chars().all(|c| c.is_ascii_lowercase());
    (plain && said.text.len() > 2 && !is_filler(said.text)).then_some(said.text)
}

/// The words of a line without what stands in parentheses, names nothing in code and bounds nothing: "(the admin enables
/// it)".
pub(super) fn without_asides<'a>(words: &[Word<'a>]) -> Vec<Word<'a>> {
    let mut kept: Vec<Word<'a>> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let close = words[at..].iter().position(|word| word.is_mark(")")).filter(|_| word.is_mark("("));
        match close {
            Some(length)
                if length > 4
                    && words[at..at + length].iter().all(|word| word.piece != Piece::Code)
                    && restriction(&words[at..at + length]).is_none() =>
            {
                at += length;
            }
            _ => kept.push(*word),
        }
        at += 1;
    }
    kept
}

/// Where words begin that say why, or what is so today: "because admin has it", ", as the default role has it".
pub(super) fn reason(words: &[Word<'_>]) -> usize {
    const REASONS: &[&str] =
        &["because", "since", "whereas", "today", "currently", "already", "without", "like", "analogous", "while"];
    let begins = |at: &usize| {
        let (word, after_mark) = (&words[*at], *at > 0 && words[at - 1].is_mark(","));
        let next = |list: &[&str]| words.get(at + 1).is_some_and(|next| next.is(list));
        word.is(REASONS) && *at > 2 || word.is(&["as", "the"]) && after_mark && (word.is(&["as"]) || next(&["same"]))
    };
    (0..words.len()).find(begins).unwrap_or(words.len())
}

/// A word that bounds what a rule allows: rules have no such bounds.
pub(super) fn restriction<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    const BOUNDS: &[&str] =
        &["only", "whose", "labelled", "labeled", "label", "labels", "starting", "opt-in", "gate", "except", "prefix"];
    let own = |at: usize| {
        let next = words.get(at + 1);
        words[at].is(&["own"]) && !next.is_some_and(|next| next.is(&["namespace", "role", "clusterrole", "cluster"]))
    };
    let name = |at: usize| words[at].is(&["name"]) && at > 0 && words[at - 1].is(&["the"]);
    let is_bound = |at: &usize| words[*at].piece == Piece::Prose && words[*at].is(BOUNDS) || own(*at) || name(*at);
    (0..words.len()).find(is_bound).map(|at| words[at].text)
}
