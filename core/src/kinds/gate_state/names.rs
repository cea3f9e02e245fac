//! The gates that a title names.

/// The gates that a title names together: the first one that is known, and those that "and" or a comma joins to it.
pub(super) fn listed(title: &str, is_gate: impl Fn(&str) -> bool) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric();
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for part in title.split(|c: char| !is_word(c)) {
        if !part.is_empty() {
            words.push((at, part));
        }
        at += part.len() + title[at + part.len()..].chars().next().map_or(0, char::len_utf8);
    }
    let Some(first) = words.iter().position(|(_, word)| is_gate(word)) else { return Vec::new() };
    let joins = |from: usize, to: usize| {
        let between = title[from..to].trim().trim_matches('`').trim();
        matches!(between, "," | "&" | "+" | "/" | "") && !between.is_empty()
    };
    let filler = |word: &str| {
        ["feature", "gate", "gates", "featuregate", "fg", "the", "and", "as", "well"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
    };
    // A name that no gate has is one all the same, where it is written like one.
    let like = |word: &str| {
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        capitals > 1 && word.chars().any(char::is_lowercase)
    };
    let mut found = vec![words[first].1.to_owned()];
    let mut joined = false;
    for pair in words.windows(2).skip(first) {
        let ((before, left), (start, word)) = (pair[0], pair[1]);
        joined |= joins(before + left.len(), start) || word.eq_ignore_ascii_case("and");
        if filler(word) {
            continue;
        }
        if !joined || !(is_gate(word) || like(word)) {
            break;
        }
        found.push(word.to_owned());
        joined = false;
    }
    // A name in front of the first one that is known: "Promote Typo and VSOCK".
    for pair in words[..=first].windows(2).rev() {
        let ((before, left), (start, word)) = (pair[0], pair[1]);
        if filler(left) && !left.eq_ignore_ascii_case("and") {
            continue;
        }
        let comma = joins(before + left.len(), start);
        if left.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("and") && like(left) || comma && like(left) {
            if like(left) {
                found.insert(0, left.to_owned());
            }
            continue;
        }
        break;
    }
    found
}
