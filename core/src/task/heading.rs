//! Headings with a number: `Phase 3.1: Setup`, `Task 1.1: Gate`.

/// What a phase is called, in the languages that people write.
pub(super) const PHASES: &[&str] = &[
    "Phase",
    "Fase",
    "Étape",
    "Etapa",
    "Этап",
    "Фаза",
    "阶段",
    "階段",
    "フェーズ",
    "단계",
    "Fázis",
    "Aşama",
    "Stage",
    "Milestone",
    "Iteration",
    "Sprint",
];

/// `Phase 3.1: Setup` is a number and a title.
pub(super) fn numbered<'a>(text: &'a str, words: &[&str]) -> Option<(&'a str, &'a str)> {
    if let Some(title) = text.strip_prefix("Final Phase") {
        return words.contains(&"Phase").then(|| ("Final", title.trim_start_matches([':', ' ', '-', '–', '—', '.'])));
    }
    let word =
        words.iter().find(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))?;
    let rest = &text[word.len()..];
    let spaced = rest.trim_start_matches([' ', '\u{3000}', '#']);
    let rest = Some(spaced).filter(|spaced| spaced.len() < rest.len() || !word.is_ascii())?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '.')).unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    let numeric = number.starts_with(|c: char| c.is_ascii_digit())
        || matches!(number, "N" | "Final" | "X" | "I" | "II" | "III" | "IV" | "V" | "VI");
    let title = rest[end..].trim_start_matches([':', ' ', '-', '–', '—', '.', '：']);
    numeric.then_some((number, title))
}
