//! `[feature]`, `[component]`: what a template leaves open.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::Name;
use crate::text::Span;

/// Where a placeholder stands decides how its value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// In a path: snake_case, or kebab-case in a document's name.
    Path,
    /// In prose: as given, the feature's name as a title.
    Text,
}

/// A placeholder without a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    /// The key to set.
    pub key: String,
    /// The placeholder, brackets included, in the text that was resolved.
    pub span: Span,
}

/// The values of placeholders.
#[derive(Clone, Debug, Default)]
pub struct Placeholders {
    values: BTreeMap<String, String>,
    /// The keys that somebody gave a value for this tasks.md.
    given: BTreeSet<String>,
}

impl Placeholders {
    /// Sets a value. The key is the placeholder's text, in any case.
    pub fn set(&mut self, key: &str, value: &str) {
        self.offer(key, value);
        self.given.insert(normal(key));
    }

    /// Sets a value that stands for many files: nobody minds if this one has no use for it.
    pub fn offer(&mut self, key: &str, value: &str) {
        self.values.insert(normal(key), value.trim().to_owned());
    }

    /// Every key with its value.
    pub fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(&normal(key)).map(String::as_str)
    }

    /// The keys that were given a value, and stand neither in `text` nor for what every tasks.md has.
    pub fn unused<'p>(&'p self, text: &str) -> impl Iterator<Item = &'p str> {
        let known = keys(text);
        let is_known = move |key: &str| matches!(key, "feature" | "id") || known.contains(key);
        self.given.iter().map(String::as_str).filter(move |key| !is_known(key))
    }

    /// `text` with every known placeholder replaced, and the unknown ones.
    pub fn resolve(&self, text: &str, style: Style) -> (String, Vec<Missing>) {
        let mut result = String::with_capacity(text.len());
        let mut missing = Vec::new();
        let mut last = 0;
        for span in placeholders(text) {
            let key = normal(span.of(text).trim_matches(['[', ']']));
            let Some(value) = self.value(&key, text, style) else {
                missing.push(Missing { key, span });
                continue;
            };
            result.push_str(&text[last..span.start]);
            result.push_str(&value);
            last = span.end;
        }
        result.push_str(&text[last..]);
        (result, missing)
    }

    fn value(&self, key: &str, text: &str, style: Style) -> Option<String> {
        let value = self.values.get(key).cloned().or_else(|| self.derived(key))?;
        Some(match style {
            Style::Text if key == "feature" => Name::parse(&value).title(),
            Style::Text => value,
            Style::Path if key.starts_with("component") => value.strip_prefix("virt-").unwrap_or(&value).to_owned(),
            // A slash is the user's own structure and stays.
            Style::Path if value.contains('/') => value,
            Style::Path if text.rsplit('.').next() == Some("go") => Name::parse(&value).snake(),
            Style::Path => Name::parse(&value).kebab(),
        })
    }

    /// File stems that the template leaves open follow from the feature.
    fn derived(&self, key: &str) -> Option<String> {
        let feature = self.values.get("feature")?;
        match key {
            "detection_logic" => Some(format!("{feature}-detection")),
            "integration" => Some(format!("{feature}-integration")),
            _ => None,
        }
    }
}

/// The keys of the placeholders that stand in a text.
pub fn open_keys(text: &str) -> BTreeSet<String> {
    placeholders(text).map(|span| normal(span.of(text).trim_matches(['[', ']']))).collect()
}

/// The keys that a text can have values for: those of its placeholders, and what every tasks.md has.
pub fn keys(text: &str) -> BTreeSet<String> {
    let mut found = open_keys(text);
    found.extend(["feature", "id"].map(str::to_owned));
    found
}

/// The placeholders in a text: brackets around words, which are no label and no link.
fn placeholders(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + text[at..].find('[')?;
            let inner_end = text[open + 1..].find(['[', ']', '\n']).map(|end| open + 1 + end)?;
            at = open + 1;
            if !text[inner_end..].starts_with(']') || text[inner_end + 1..].starts_with('(') {
                continue;
            }
            let inner = &text[open + 1..inner_end];
            let wordy = inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '#'));
            let worded = inner.chars().filter(|c| c.is_alphabetic() || *c == '#').count() >= 3;
            if wordy && worded {
                at = inner_end + 1;
                return Some(Span::new(open, inner_end + 1));
            }
        }
    })
}

/// `FEATURE NAME`, `feature_name` and `###-feature-name` are the same key: `feature`.
fn normal(key: &str) -> String {
    let key = key.trim().to_lowercase().replace([' ', '-'], "_");
    let key =
        if key.chars().all(|c| c == '#') { "id".to_owned() } else { key.trim_start_matches(['#', '_']).to_owned() };
    match key.as_str() {
        "feature_name" | "feature_slug" => "feature".to_owned(),
        "feature_id" => "id".to_owned(),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(values: &[(&str, &str)]) -> Placeholders {
        let mut placeholders = Placeholders::default();
        for (key, value) in values {
            placeholders.set(key, value);
        }
        placeholders
    }

    #[test]
    fn values_are_written_as_the_place_asks() {
        let known = set(&[("feature", "guest-heartbeat"), ("component", "virt-handler")]);
        for (text, style, expected) in [
            ("tests/[feature]_test.go", Style::Path, "tests/guest_heartbeat_test.go"),
            (
                "pkg/virt-config/featuregate/[feature_name].go",
                Style::Path,
                "pkg/virt-config/featuregate/guest_heartbeat.go",
            ),
            ("docs/[feature]-user-guide.md", Style::Path, "docs/guest-heartbeat-user-guide.md"),
            ("pkg/virt-[component]/[detection_logic].go", Style::Path, "pkg/virt-handler/guest_heartbeat_detection.go"),
            ("[FEATURE NAME]", Style::Text, "Guest Heartbeat"),
            ("[P] and [US1] and [x](y)", Style::Text, "[P] and [US1] and [x](y)"),
        ] {
            assert_eq!(known.resolve(text, style), (expected.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn only_what_was_given_can_be_unused() {
        let mut known = set(&[("featur", "x"), ("component", "handler")]);
        known.offer("component2", "controller");
        known.offer("arch", "s390x");
        assert_eq!(known.unused("pkg/virt-[component]/x.go").collect::<Vec<_>>(), ["featur"]);
        assert_eq!(known.get("Component2"), Some("controller"));
        assert_eq!(Vec::from_iter(open_keys("[FEATURE NAME] on [arch], [P]")), ["arch", "feature"]);
    }

    #[test]
    fn what_is_not_set_is_named() {
        let (text, missing) = set(&[]).resolve("pkg/virt-[component2]/[feature].go", Style::Path);
        assert_eq!(text, "pkg/virt-[component2]/[feature].go");
        let keys: Vec<_> = missing.iter().map(|missing| missing.key.as_str()).collect();
        assert_eq!(keys, ["component2", "feature"]);
        assert_eq!(missing[0].span, Span::new(9, 21));
    }
}
