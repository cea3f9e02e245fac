//! Features whose name only refers to something.

use super::Feature;
use crate::name::Name;

impl Feature {
    /// What text can call it: its name, or that of its gate where the name only refers to something, "Pull request 15922".
    pub(crate) fn in_words(&self) -> Option<String> {
        if is_reference(&self.name) {
            return self.gate.as_ref().map(|gate| Name::parse(&gate.name).title());
        }
        Some(self.name.clone())
    }
}

/// Whether a name is nothing but the number of something: "Pull request 15922", "PR #7", "CNV-12345".
pub(super) fn is_reference(name: &str) -> bool {
    const THINGS: &[&str] =
        &["pull", "request", "pr", "issue", "bug", "ticket", "task", "vep", "kep", "feature", "no", "number"];
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_key = |word: &str| {
        let key = word.split_once('-').filter(|(key, _)| key.bytes().all(|byte| byte.is_ascii_uppercase()));
        key.is_some_and(|(_, number)| is_number(number))
    };
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let others: Vec<&str> = words.filter(|word| !THINGS.contains(&word.to_lowercase().as_str())).collect();
    !others.is_empty() && others.iter().all(|word| is_number(word) || is_key(word))
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn a_number_of_something_is_no_name() {
        for name in ["Pull request 15922", "PR #7", "CNV-12345", "VEP 53", "Issue: 4"] {
            assert!(is_reference(name), "{name}");
        }
        for name in ["Guest Clock", "IPv6", "SEV 2", "VEP 53: hotplug", "Feature", "Pull request templates"] {
            assert!(!is_reference(name), "{name}");
        }
    }
}
