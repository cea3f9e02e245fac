//! What the head of a VEP says: its number and title, its SIG, the releases that it targets.

use super::{Topic, Vep, front_matter};
use crate::survey::Stage;
use crate::task::{Line, LineKind};
use crate::text::{Span, squeezed};

impl Vep {
    /// `- SIG: sig-storage`, `**Owning SIG**: SIG Storage`, the front matter's `owning-sig`, where the path names none. Of
    /// those that take part, nothing is said.
    pub(super) fn stated_sig(&self) -> Option<String> {
        const KEYS: &[&str] =
            &["sig", "owning sig", "owning-sig", "sponsoring sig", "lead sig", "owner sig", "sig owner"];
        let text = self.document.source.text();
        let is_head = |line: &&Line| {
            let topic = self.topic_at(line.span.start);
            line.kind == LineKind::FrontMatter
                || matches!(line.kind, LineKind::Item | LineKind::Text | LineKind::Table)
                    && matches!(topic, Topic::Targets | Topic::Metadata | Topic::Head)
        };
        let stated = self.document.lines.iter().filter(is_head).find_map(|line| {
            let raw = line.span.of(text).to_lowercase().replace(['*', '`', '"', '\''], "");
            let raw = raw.trim().trim_start_matches(['-', '+', '|', ' ']);
            let (key, value) = raw.split_once([':', '|'])?;
            KEYS.contains(&key.trim()).then(|| value.trim().to_owned())
        })?;
        let first = stated.split([',', ';', '/', '|', '(']).next().unwrap_or_default().trim().to_owned();
        let first = first.strip_prefix("kubevirt ").unwrap_or(&first).replace(' ', "-");
        let name = first.strip_prefix("sig-").unwrap_or(&first);
        let is_plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        (is_plain && !matches!(name, "tbd" | "none")).then(|| format!("sig-{name}"))
    }

    /// `- Ship target version: v1.7`, `- This VEP targets version: v1.9`: a release without a stage.
    pub(super) fn shipped(&self) -> Option<(Option<String>, Span)> {
        let text = self.document.source.text();
        let mut lines = self.document.lines.iter().filter(|line| {
            matches!(line.kind, LineKind::Item | LineKind::Text) && self.topic_at(line.span.start) == Topic::Targets
        });
        let line = lines.find(|line| {
            let lower = line.span.of(text).to_lowercase();
            let is_staged = self.targets.iter().any(|(.., span)| *span == line.span);
            !is_staged && lower.contains("version") && (lower.contains("target") || lower.contains("ship"))
        })?;
        Some((version(line.span.of(text)), line.span))
    }

    /// `- This VEP targets alpha for version: v1.9`, in the ways in which people fill it in.
    pub(super) fn target_releases(&self) -> Vec<(Stage, Option<String>, Span)> {
        let text = self.document.source.text();
        let mut found: Vec<(Stage, Option<String>, Span)> = Vec::new();
        for line in self.document.lines.iter().filter(|line| matches!(line.kind, LineKind::Item | LineKind::Text)) {
            if !matches!(self.topic_at(line.span.start), Topic::Targets | Topic::Metadata | Topic::Head) {
                continue;
            }
            let raw = line.span.of(text);
            let lower = raw.to_lowercase();
            let says = ["target", "version", "release", "->", "→", "introduced in", " in:"];
            if !says.iter().any(|word| lower.contains(word)) {
                continue;
            }
            let has = |word: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|other| other == word);
            let stage = if has("alpha") {
                Stage::Alpha
            } else if has("beta") {
                Stage::Beta
            } else if has("ga") || has("stable") {
                Stage::Ga
            } else {
                continue;
            };
            if !found.iter().any(|(known, ..)| *known == stage) {
                found.push((stage, version(raw), line.span));
            }
        }
        for (stage, value, span) in front_matter::milestones(self) {
            if !found.iter().any(|(known, release, _)| *known == stage && release.is_some()) {
                found.retain(|(known, ..)| *known != stage);
                found.push((stage, version(&value), span));
            }
        }
        found
    }
}

/// `VEP #35: A title` is `35` and `A title`.
pub(super) fn numbered(title: &str) -> (Option<String>, String) {
    let rest = title.trim().trim_start_matches("[Retroactive-VEP]").trim();
    let Some(behind) = rest.strip_prefix("VEP").or_else(|| rest.strip_prefix("Vep")) else {
        return (None, named(rest));
    };
    let behind = behind.trim_start_matches([' ', '-', '#', '\\']);
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    let name = behind[digits.len()..].trim_start_matches([':', '-', '–', ' ', '.']).trim();
    ((!digits.is_empty()).then_some(digits), named(name))
}

/// A title as the name of a feature: the marks of Markdown are no part of it, and what no name may have is left out.
fn named(title: &str) -> String {
    let is_mark = |c: char| matches!(c, '`' | '*' | '"' | '“' | '”' | '‘' | '’' | '\\' | '!' | '?' | ';' | '~');
    let plain: String = title
        .chars()
        .filter(|c| !is_mark(*c))
        .map(|c| match c {
            '[' | '{' | '<' => '(',
            ']' | '}' | '>' => ')',
            '#' | '@' | '=' | '|' | '%' | '$' | '^' | '→' => ' ',
            c => c,
        })
        .collect();
    squeezed(&plain)
}

/// `v1.9`, `1.9.0`, `v1.9.`: the release as comments of gates have it, `v1.9.0`. What is struck out and what it *was* do
/// not count, nor do the versions of other projects.
fn version(text: &str) -> Option<String> {
    let mut text = text.split("~~").step_by(2).collect::<String>();
    for word in ["libvirt ", "qemu ", "kubernetes ", "k8s ", "was ", "instead of ", "not "] {
        while let Some(at) =
            text.to_ascii_lowercase().find(&format!(" {word}")).or(text.to_ascii_lowercase().find(&format!("({word}")))
        {
            let rest = at + 1 + word.len();
            let number = text[rest..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
            text.replace_range(at + 1..number.map_or(text.len(), |number| rest + number), "");
        }
    }
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')) {
        let word = word.trim_start_matches(['v', 'V']).trim_matches('.');
        let parts: Vec<&str> = word.split('.').collect();
        if let [major, minor, ..] = parts[..]
            && parts.len() <= 3
            && parts.iter().all(|part| !part.is_empty() && part.len() < 4 && part.chars().all(|c| c.is_ascii_digit()))
        {
            return Some(format!("v{major}.{minor}.{}", parts.get(2).copied().unwrap_or("0")));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn a_release_is_read_from_what_surrounds_it() {
        for (text, expected) in [
            ("alpha for version: v1.9", Some("v1.9.0")),
            ("alpha for version: release-1.11", Some("v1.11.0")),
            ("alpha: was v1.9, now v1.11", Some("v1.11.0")),
            ("alpha: ~~v1.10~~ v1.11", Some("v1.11.0")),
            ("alpha: with libvirt 10.5 in v1.11", Some("v1.11.0")),
            ("alpha: v1.11 (was v1.10)", Some("v1.11.0")),
            ("alpha: TBD", None),
        ] {
            assert_eq!(version(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_title_is_a_name_that_scaffold_takes() {
        for (title, number, name) in [
            ("VEP #35: Lamps", Some("35"), "Lamps"),
            ("VEP \\#35: Lamps", Some("35"), "Lamps"),
            ("VEP-35 - Lamps", Some("35"), "Lamps"),
            ("VEP 35: Let `virt-handler` \"see\" [lamps]!", Some("35"), "Let virt-handler see (lamps)"),
            ("Lamps @ night", None, "Lamps night"),
        ] {
            assert_eq!(numbered(title), (number.map(str::to_owned), name.to_owned()), "{title}");
        }
    }

    #[test]
    fn a_sig_is_read_where_the_path_names_none() {
        let sig = |path: &str, line: &str| {
            let text = format!("# VEP #1: Lamps\n\n## VEP Status Metadata\n\n{line}\n\n## Design\n\nSIG: music\n");
            Vep::new(&Source::new(path, text)).sig
        };
        for line in ["- SIG: sig-storage", "**Owning SIG**: SIG Storage, SIG Compute", "| SIG | `storage` |"] {
            assert_eq!(sig("veps/1-lamps/vep.md", line).as_deref(), Some("sig-storage"), "{line}");
            assert_eq!(sig("veps/sig-network/1-lamps/vep.md", line).as_deref(), Some("sig-network"), "{line}");
        }
        assert_eq!(sig("veps/1-lamps/vep.md", "- Owner: somebody"), None);
        assert_eq!(sig("veps/1-lamps/vep.md", "- SIG: TBD"), None);
    }
}
