//! The sections of a VEP: what a heading is about, in all the ways in which people write it.

use super::stance::{Stance, stance};
use crate::documents::Document;
use crate::survey::Stage;
use crate::task::LineKind;
use crate::text::Span;

/// What a section of a VEP is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Topic {
    /// Before the first heading that is known.
    #[default]
    Head,
    /// VEP Status Metadata.
    Metadata,
    /// Target releases.
    Targets,
    /// Release Signoff Checklist: the process of the release team.
    Signoff,
    /// Overview.
    Overview,
    /// Motivation.
    Motivation,
    /// Goals.
    Goals,
    /// Non Goals.
    NonGoals,
    /// Definition of Users.
    Users,
    /// User Stories.
    Stories,
    /// Repos.
    Repos,
    /// Design, and what stands below it.
    Design,
    /// API Examples.
    Api,
    /// Scalability.
    Scalability,
    /// Update/Rollback Compatibility.
    Update,
    /// Functional Testing Approach.
    Testing,
    /// Implementation History, Implementation Phases.
    History,
    /// Graduation Requirements, Feature lifecycle Phases.
    Graduation,
    /// Security considerations.
    Security,
    /// Alternatives, Future, Appendix, Related, References: no source of facts.
    Excluded,
    /// Another section of the author's own.
    Other,
}

impl Topic {
    /// The sections that the template has and that a VEP needs, with the template's heading.
    pub const TEMPLATE: &'static [(Self, &'static str)] = &[
        (Self::Targets, "Target releases"),
        (Self::Overview, "Overview"),
        (Self::Motivation, "Motivation"),
        (Self::Goals, "Goals"),
        (Self::NonGoals, "Non Goals"),
        (Self::Users, "Definition of Users"),
        (Self::Stories, "User Stories"),
        (Self::Repos, "Repos"),
        (Self::Design, "Design"),
        (Self::Api, "API Examples"),
        (Self::Scalability, "Scalability"),
        (Self::Update, "Update/Rollback Compatibility"),
        (Self::Testing, "Functional Testing Approach"),
        (Self::Graduation, "Graduation Requirements"),
    ];

    /// What a heading is about, if it is one of the template's or of those that say the same.
    pub fn of(title: &str) -> Option<Self> {
        let words = words(title);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let has = |word: &str| words.contains(&word);
        let starts = |word: &str| words.first() == Some(&word);
        Some(match words.as_slice() {
            [] => return None,
            _ if is_excluded(&words) => Self::Excluded,
            ["vep", "status", "metadata"] | ["status", "metadata"] | ["metadata"] => Self::Metadata,
            _ if has("target") && (has("release") || has("releases")) => Self::Targets,
            _ if has("signoff") || has("sign") && has("off") => Self::Signoff,
            ["overview" | "summary" | "introduction", ..] => Self::Overview,
            ["motivation", ..] => Self::Motivation,
            ["non" | "out", ..] if has("goals") || has("goal") || has("scope") => Self::NonGoals,
            ["nongoals" | "limitations", ..] => Self::NonGoals,
            ["goals" | "goal", ..] => Self::Goals,
            ["definition", "of", "users"] | ["users"] => Self::Users,
            ["user", "stories" | "story", ..] | ["use", "cases", ..] => Self::Stories,
            ["repos" | "repositories" | "repo", ..] => Self::Repos,
            ["api", "examples" | "example", ..] => Self::Api,
            ["scalability", ..] => Self::Scalability,
            _ if (starts("update") || starts("upgrade"))
                && (has("rollback") || has("compatibility") || words.len() == 1) =>
            {
                Self::Update
            }
            ["functional", "testing" | "tests" | "test", ..] | ["testing", ..] | ["test", "plan", ..] => Self::Testing,
            ["implementation", "history" | "phases" | "plan", ..] => Self::History,
            _ if starts("graduation") || has("lifecycle") && (has("phases") || has("phase") || starts("feature")) => {
                Self::Graduation
            }
            ["security", ..] => Self::Security,
            ["design" | "proposal" | "implementation" | "proposed" | "detailed", ..] => Self::Design,
            _ => return None,
        })
    }

    /// Whether nothing that stands in it says what is to be built.
    pub fn is_no_source(self) -> bool {
        matches!(self, Self::Excluded | Self::Signoff | Self::NonGoals)
    }
}

/// Whether a heading stands above what is not built: other ideas, earlier ones, later ones, what was there before.
fn is_excluded(words: &[&str]) -> bool {
    const IDEAS: &[&str] = &[
        "option",
        "options",
        "idea",
        "ideas",
        "approach",
        "approaches",
        "design",
        "designs",
        "solution",
        "solutions",
        "proposal",
        "proposals",
        "variant",
        "variants",
        "attempt",
        "attempts",
        "possibility",
        "possibilities",
        "alternatives",
    ];
    // Of these, a feature has others that are work.
    const THINGS: &[&str] = &[
        "api",
        "version",
        "iteration",
        "iterations",
        "draft",
        "drafts",
        "field",
        "fields",
        "gate",
        "work",
        "art",
        "name",
    ];
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let first = words.first().copied().unwrap_or_default();
    match first {
        "alternative" | "alternatives" | "future" | "appendix" | "related" | "references" | "rejected"
        | "discarded" | "abandoned" | "dropped" | "withdrawn" | "superseded" | "obsolete" | "drawbacks"
        | "disadvantages" | "follow" | "followup" | "followups" => true,
        "other" => has(IDEAS),
        "considered" | "previous" | "earlier" | "former" | "old" | "prior" | "later" => has(IDEAS) || has(THINGS),
        "why" | "what" => has(&["not", "no", "t"]),
        "post" if has(&["ga"]) => true,
        "next" => has(&["steps", "iteration", "iterations"]),
        "nice" => has(&["have"]),
        _ => {
            // "Beta (future)" is a stage all the same.
            has(&["future"]) && !matches!(first, "alpha" | "beta" | "ga" | "stable" | "general")
                || has(&["considered"]) && (has(IDEAS) || has(THINGS))
                || has(&["rejected", "discarded", "abandoned"]) && (has(IDEAS) || words.len() < 3)
                || stance(&format!(" {} ", words.join(" ")))
                    .is_some_and(|own| matches!(own, Stance::Rejected | Stance::Postponed))
                    && !has(&["scope"])
        }
    }
}

/// Words of a heading, small, without marks: `Update/Rollback` is two.
fn words(title: &str) -> Vec<String> {
    let title = title.split("](").next().unwrap_or(title);
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).skip_while(|word| word.chars().all(|c| c.is_ascii_digit())).collect()
}

/// The stage that a heading is about: `### Alpha (v1.9)`.
pub fn stage_of(title: &str) -> Option<Stage> {
    let words = words(title);
    match words.first().map(String::as_str)? {
        "alpha" | "alpha1" | "alpha2" => Some(Stage::Alpha),
        "beta" | "beta1" | "beta2" => Some(Stage::Beta),
        "ga" | "stable" => Some(Stage::Ga),
        "general" if words.get(1).is_some_and(|word| word == "availability") => Some(Stage::Ga),
        "phase" | "stage" => words.iter().skip(1).find_map(|word| stage_of(word)),
        _ => None,
    }
}

/// A heading, also a bold one, with what stands below it.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Its level; 7 for one that is only bold.
    pub level: usize,
    /// Its text, without marks.
    pub title: String,
    /// Where its line stands.
    pub span: Span,
    /// What stands below it, up to the next of its level.
    pub body: Span,
    /// What it is about: its own words, or those of a heading above it.
    pub topic: Topic,
    /// The words are its own.
    pub is_own: bool,
    /// The stage that it is about, its own or of a heading above.
    pub stage: Option<Stage>,
}

/// The headings of a document, in order.
pub(super) fn headings(document: &Document) -> Vec<Heading> {
    let text = document.source.text();
    let mut found: Vec<Heading> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, line) in document.lines.iter().enumerate() {
        let raw = line.span.of(text).trim();
        let next = document.lines.get(at + 1);
        let underlined = next.is_some_and(|next| {
            let mark = next.span.of(text).trim();
            mark.len() >= 3 && (mark.chars().all(|c| c == '=') || mark.chars().all(|c| c == '-'))
        });
        let (level, title) = match line.kind {
            LineKind::Heading(level) => (level, raw.trim_matches('#').trim()),
            LineKind::Text if underlined && Topic::of(raw).is_some() => (2, raw),
            LineKind::Text if raw.starts_with("**") => {
                let inner = raw.trim_end_matches(':').trim_matches('*').trim_end_matches(':');
                let known = Topic::of(inner).is_some() || stage_of(inner).is_some();
                if inner.contains("**") || !raw.trim_end_matches(':').ends_with("**") || !known {
                    continue;
                }
                (7, inner)
            }
            _ => continue,
        };
        let title = title.replace("**", "").replace(['[', ']'], "");
        while open.last().is_some_and(|&at| found[at].level >= level) {
            let closed = open.pop().unwrap_or_default();
            found[closed].body.end = line.span.start;
        }
        let above = open.last().map(|&at| &found[at]);
        let own = Topic::of(&title).filter(|own| match above {
            // A heading within Alternatives tells nothing else; "Goals" within Design is no list of goals.
            Some(above) if above.topic == Topic::Excluded => false,
            // The tests of security are tests.
            Some(above) if above.level > 1 && above.topic == Topic::Testing => {
                matches!(own, Topic::Excluded | Topic::NonGoals)
            }
            Some(above) if above.level > 1 && !matches!(above.topic, Topic::Head | Topic::Metadata | Topic::Other) => {
                matches!(own, Topic::Excluded | Topic::NonGoals | Topic::Security | Topic::Testing)
            }
            _ => true,
        });
        let inherited = above.filter(|above| above.level > 1).map_or(Topic::Other, |above| above.topic);
        let first = found.is_empty() && level == 1;
        let topic = own.unwrap_or(if first { Topic::Head } else { inherited });
        let stage = stage_of(&title).or_else(|| above.and_then(|above| above.stage));
        open.push(found.len());
        let body = Span::new(line.span.end, text.len());
        found.push(Heading { level, title, span: line.span, body, topic, is_own: own.is_some(), stage });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_their_variants() {
        for (title, topic) in [
            ("Goals", Topic::Goals),
            ("Non-Goals", Topic::NonGoals),
            ("Non Goals / Out of scope", Topic::NonGoals),
            ("2. Functional Testing", Topic::Testing),
            ("Feature lifecycle Phases", Topic::Graduation),
            ("Update/Rollback Compatibility", Topic::Update),
            ("Future work", Topic::Excluded),
            ("Alternatives Considered", Topic::Excluded),
            ("Target Release", Topic::Targets),
            ("Discarded idea", Topic::Excluded),
            ("Considered API", Topic::Excluded),
            ("Other options", Topic::Excluded),
            ("Previous iteration", Topic::Excluded),
            ("Why not a field of the domain?", Topic::Excluded),
            ("Phase 2 (not in this VEP)", Topic::Excluded),
            ("Drawbacks", Topic::Excluded),
            ("Prior art", Topic::Excluded),
            ("What we did not do", Topic::Excluded),
            ("Approach B (not selected)", Topic::Excluded),
            ("Options that were rejected", Topic::Excluded),
        ] {
            assert_eq!(Topic::of(title), Some(topic), "{title}");
        }
        assert_eq!(Topic::of("Live migration flow"), None);
        assert_eq!(Topic::of("Other components"), None);
        assert_eq!(Topic::of("Previous releases and upgrades"), None);
        assert_eq!(stage_of("Alpha (v1.9)"), Some(Stage::Alpha));
        assert_eq!(stage_of("General Availability"), Some(Stage::Ga));
        assert_eq!(stage_of("Beta"), Some(Stage::Beta));
        assert_eq!(stage_of("Betting"), None);
    }
}
