//! Words of lines about access rules.

use super::Word;
use super::access::Vocabulary;

/// Words that do not allow.
pub(super) const DENIALS: &[&str] =
    &["not", "never", "revoke", "deny", "remove", "drop", "restrict", "forbid", "except", "longer"];

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
    named.map(|(_, word)| word.text)
}
