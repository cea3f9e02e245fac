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
    "Wave",
    "Work Package",
];

/// Words for dependencies, in the languages that people write.
const DEPENDENCIES: &[&str] = &[
    "dependenc",
    "dépendance",
    "dependência",
    "dependencia",
    "dipendenz",
    "abhängigkeit",
    "afhankelijk",
    "zależno",
    "зависимост",
    "залежн",
    "bağımlı",
    "závislost",
    "beroende",
    "avhengig",
    "依赖",
    "依賴",
    "依存",
    "의존",
];

/// Whether a heading or a key, in lower case, is about what comes before what.
pub fn is_about_dependencies(lower: &str) -> bool {
    DEPENDENCIES.iter().any(|word| lower.contains(word))
}

/// `Phase 3.1: Setup` is a number and a title.
pub(super) fn numbered<'a>(text: &'a str, words: &[&str]) -> Option<(&'a str, &'a str)> {
    if let Some(title) = text.strip_prefix("Final Phase") {
        return words.contains(&"Phase").then(|| ("Final", title.trim_start_matches([':', ' ', '-', '–', '—', '.'])));
    }
    let word =
        words.iter().find(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))?;
    let rest = &text[word.len()..];
    // `Phase: Polish` is known by its title.
    if let Some(title) = rest.strip_prefix([':', '：']).map(str::trim).filter(|_| words == PHASES) {
        let end = title.find(|c: char| !c.is_alphanumeric()).unwrap_or(title.len());
        return (end > 0).then_some((&title[..end], title));
    }
    let spaced = rest.trim_start_matches([' ', '\u{3000}', '#']);
    let rest = Some(spaced).filter(|spaced| spaced.len() < rest.len() || !word.is_ascii())?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '.')).unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    let numeric = number.starts_with(|c: char| c.is_ascii_digit())
        || matches!(number, "N" | "Final")
        || words == PHASES && is_number(number);
    let title = rest[end..].trim_start_matches([':', ' ', '-', '–', '—', '.', '：']);
    numeric.then_some((number, title))
}

/// Whether a line reads like the heading of a phase.
pub fn is_phase(text: &str) -> bool {
    numbered(text, PHASES).is_some()
}

/// The number and the title of a heading that is a phase: `Phase B: Core`, `7. Wrap-up`.
pub(super) fn phase_heading(bare: &str, level: usize, inside: bool) -> Option<(&str, &str)> {
    let plain = numbered(bare, PHASES).filter(|_| !(inside && bare.starts_with("Wave")));
    if plain.is_some() || level != 2 || inside || is_about_dependencies(&bare.to_lowercase()) {
        return plain;
    }
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let title = bare[digits..].strip_prefix(". ").filter(|_| digits > 0)?.trim();
    numbered(title, PHASES).or(Some((&bare[..digits], title)))
}

/// `A`, `VII`, `Zero`, `WP01`: numbers that are written otherwise.
fn is_number(word: &str) -> bool {
    const WORDS: &[&str] =
        &["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let letters = word.len() - word.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
    let roman = (1..=6).contains(&word.len()) && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'));
    let coded = (1..=3).contains(&letters)
        && letters < word.len()
        && word[letters..].trim_start_matches('-').chars().all(|c| c.is_ascii_digit());
    let letter = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase());
    roman || coded || letter || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}
