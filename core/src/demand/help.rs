//! Texts of help, and what lines say beside them.

use super::comment::{sentence_end, sentences};

/// A text of help up to the first clause, and without the sentences, that begin with a word for what is to be done: "failed
/// drops" of "failed drops, hidden. Deprecated from the start."
pub fn without_orders(text: &str, orders: &[&str]) -> String {
    let is_order = |clause: &str| {
        let first = clause.trim_start().split([' ', ':', ',', '.']).next().unwrap_or_default().to_lowercase();
        orders.contains(&&*first)
    };
    let own_end = |sentence: &str| {
        let mut ends = sentence.match_indices([',', ';']).map(|(at, _)| at);
        ends.find(|at| is_order(sentence[at + 1..].trim_start_matches(" and "))).unwrap_or(sentence.len())
    };
    let has_end = text.len() > sentence_end(text);
    let all = sentences(text);
    let kept: Vec<&str> = all
        .iter()
        .filter(|sentence| !is_order(sentence))
        .map(|sentence| sentence[..own_end(sentence)].trim_end())
        .collect();
    if kept == all {
        return text.to_owned();
    }
    kept.join(". ") + if has_end && kept.len() > 1 { "." } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_done_is_no_help() {
        for (text, help) in [
            ("drops, e.g. of guests. Counts all.", "drops, e.g. of guests. Counts all."),
            ("failed drops, deprecated from the start", "failed drops"),
            ("failed drops. Hidden. Counts, of all, the first.", "failed drops. Counts, of all, the first."),
            ("failed drops; hidden", "failed drops"),
            ("what it carries. Env: `X`.", "what it carries"),
        ] {
            assert_eq!(without_orders(text, &["hidden", "deprecated", "env"]), help, "{text}");
        }
    }
}
