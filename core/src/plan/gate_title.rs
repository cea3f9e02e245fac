//! What the title of a task says of a new feature gate, where no lines below it do.

mod facts;

use super::gate_text::{called_gate, coded_gates, declared_gate, identifier, is_release, titled_gate};
use super::{Key, PlannedTask};
use crate::demand::{Piece, Quoted, Word, quoted_comment, words};
use crate::name::{is_gate_name, is_go_identifier};
pub(super) use facts::is_condition;
use facts::{as_stated, said_purpose, said_sentence};

/// Words of making, and of what is new.
const MAKES: &[&str] = &[
    "new",
    "add",
    "adds",
    "introduce",
    "introduces",
    "create",
    "creates",
    "define",
    "defines",
    "register",
    "registers",
    "declare",
    "declares",
    "need",
    "needs",
];

const GATE: &[&str] = &["gate", "featuregate", "feature-gate", "fg"];

const NEVER: &[&str] = &["not", "no", "never", "without", "don't", "instead"];

/// Whether a title without a file asks for a new gate, whose place is known: it names one, and the words of making stand
/// at it, or it is a headline with the stage of a new gate.
pub(crate) fn titles_new_gate(title: &str) -> bool {
    let words = words(title);
    let named = called_gate(title).or_else(|| titled_gate(title)).or_else(|| sole_code(title));
    let is_named = named.is_some() || declared_gate(title).is_some();
    is_named && (makes_gate(&words, MAKES) || heads_gate(&words))
}

/// The line and the gate that an item names below a title that says "feature gate" and nothing else: "Add `X` (Alpha)".
pub(crate) fn gate_below(task: &PlannedTask) -> Option<(usize, String)> {
    let title = words(&task.title);
    let is_noun = |word: &Word<'_>| {
        word.piece == Piece::Mark
            || word.is(&["feature", "gate", "the", "a", "new", "add", "create", "register", "introduce"])
    };
    if !title.iter().any(|word| word.is(GATE)) || !title.iter().all(is_noun) {
        return None;
    }
    task.lines_of(&[Key::Prose, Key::Task]).find_map(|line| {
        let words = words(&line.text);
        let gate = words.iter().find(|word| word.is_code())?;
        (words.first()?.is(MAKES) && is_gate_name(gate.text)).then(|| (line.line, gate.text.to_owned()))
    })
}

/// Whether it does so with the word "new": then no other words of it are about a gate that is there.
pub(crate) fn says_new_gate(title: &str) -> bool {
    titles_new_gate(title) && makes_gate(&words(title), &["new", "need", "needs"])
}

/// "introduce `X` as an alpha gate", "a new feature gate called X"
fn makes_gate(words: &[Word<'_>], makes: &[&str]) -> bool {
    const BETWEEN: &[&str] =
        &["a", "an", "the", "new", "alpha", "beta", "feature", "as", "named", "called", "stage", "constant"];
    let between = |word: &Word<'_>| {
        word.is(BETWEEN) || word.is_mark("(") || word.is_mark(")") || word.is_code() && is_gate_name(word.text)
    };
    let is_made = |at: usize| {
        let gate = words[at + 1..].iter().position(|word| word.is(GATE));
        gate.is_some_and(|gate| words[at + 1..at + 1 + gate].iter().all(between))
            && !words[..at].iter().any(|word| word.is(NEVER))
    };
    (0..words.len()).any(|at| words[at].is(makes) && is_made(at))
}

/// "Feature gate `X` (Alpha, off by default)"
fn heads_gate(words: &[Word<'_>]) -> bool {
    const CHANGES: &[&str] = &[
        "to",
        "from",
        "goes",
        "go",
        "moves",
        "move",
        "becomes",
        "become",
        "is",
        "was",
        "stays",
        "keeps",
        "promote",
        "promotes",
        "graduates",
        "graduate",
        "behind",
        "deprecated",
        "removed",
        "ga",
        "already",
        "existing",
    ];
    let head = words.iter().find(|word| !word.is(&["a", "an", "the", "alpha", "feature"]));
    head.is_some_and(|word| word.is(GATE))
        && words.iter().any(|word| word.is(&["alpha"]))
        && !words.iter().any(|word| word.is(CHANGES) || word.is(NEVER))
}

/// Whether a title only says that other code asks for a gate: "add the check behind the feature gate `X`".
pub(crate) fn is_behind_gate(title: &str) -> bool {
    const BETWEEN: &[&str] = &["the", "a", "an", "feature", "existing"];
    let words = words(title);
    let behind = |at: usize| {
        let mut rest = words[at + 1..].iter().skip_while(|word| word.is(BETWEEN) || word.is_code());
        words[at].is(&["behind"]) && rest.next().is_some_and(|word| word.is(GATE))
    };
    (0..words.len()).any(behind) && !makes_gate(&words, MAKES)
}

/// The only code of a title that can be a gate's name, beside its accessor.
fn sole_code(title: &str) -> Option<String> {
    let accessor = said_accessor(title);
    let mut names = coded_gates(title).filter(|name| accessor.as_deref() != Some(name));
    let name = names.next()?.to_owned();
    names.all(|other| other == name).then_some(name)
}

/// The method that a title calls the accessor: "accessor `XOn() bool`", "expose it as `XOn`", "the `XOn` accessor".
pub(crate) fn said_accessor(title: &str) -> Option<String> {
    const CALLS: &[&str] = &["accessor", "getter", "helper"];
    const BETWEEN: &[&str] = &["named", "called", "is", "a", "an", "the", "method"];
    let words = words(title);
    let name = |word: &Word<'_>| {
        let text = word.text.strip_suffix(" bool").unwrap_or(word.text);
        let text = text.strip_suffix("()").unwrap_or(text);
        let sound = word.is_code() && is_go_identifier(text) && is_gate_name(text);
        sound.then(|| text.to_owned())
    };
    let behind = |at: usize| {
        let next = words[at + 1..].iter().find(|word| !word.is(BETWEEN) && !word.is_mark(":"));
        next.and_then(name)
    };
    let exposes = |at: usize| {
        let verb = words[..at].iter().any(|word| word.is(&["expose", "exposed", "exposing", "available"]));
        verb && words[at].is(&["as", "through", "via"])
    };
    let before = |at: usize| at.checked_sub(1).and_then(|at| name(&words[at]));
    (0..words.len()).find_map(|at| match () {
        () if words[at].is(CALLS) => behind(at).or_else(|| before(at)),
        () if exposes(at) => behind(at),
        () => None,
    })
}

/// The owner that a title names: a SIG and handles.
pub(crate) fn said_owner(title: &str) -> Option<String> {
    let tokens = title.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '`' | '[' | ']' | '/'));
    let tokens = tokens.map(|token| token.trim_end_matches(['.', ':']));
    let is_handle = |token: &&str| {
        let name = token.strip_prefix('@').or_else(|| token.strip_prefix("sig-"));
        name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    };
    let named: Vec<&str> = tokens.filter(is_handle).collect();
    as_stated(title, &named).or_else(|| (!named.is_empty()).then(|| named.join(" / ")))
}

/// What stands in quotes where a title names its gate: `gate "X"`, `with the name "X"`. It is the string that users write.
pub(crate) fn quoted_gate(title: &str) -> Option<String> {
    const LEADS: &[&str] = &["gate", "gate:", "name", "name:", "named", "called", "string", "value"];
    let parts: Vec<&str> = title.split('"').collect();
    (1..parts.len().saturating_sub(1)).step_by(2).find_map(|at| {
        let lead = parts[at - 1].split_whitespace().next_back()?.to_lowercase();
        (LEADS.contains(&lead.as_str()) && is_gate_name(parts[at])).then(|| parts[at].to_owned())
    })
}

/// The gate that the value of a key names: the string that users write, where it stands in quotes beside the constant.
pub(crate) fn keyed_gate(value: &str) -> Option<String> {
    let quoted = value.split('"').nth(1).filter(|name| is_gate_name(name));
    quoted.map(str::to_owned).or_else(|| identifier(value))
}

/// The constant that the value of a key names: beside the name in quotes, or in words.
pub(crate) fn keyed_constant(value: &str) -> Option<String> {
    let beside = || identifier(value).filter(|name| keyed_gate(value).as_ref() != Some(name));
    said_constant(value).or_else(beside)
}

/// The constant that a title names beside the quoted name of its gate: "Feature gate `XGate` with the name "X"".
pub(crate) fn beside_quoted(title: &str) -> Option<String> {
    let quoted = quoted_gate(title)?;
    let constant = called_gate(title).filter(|name| *name != quoted && said_accessor(title).as_ref() != Some(name));
    constant.filter(|name| is_go_identifier(name))
}

/// The Go constant that a text gives a gate: "as constant `XGate`", "constant named `XGate`", "the constant is `XGate`".
pub(crate) fn said_constant(text: &str) -> Option<String> {
    const BETWEEN: &[&str] = &["named", "called", "is", "name", "as", "a", "an", "the", "be", "will"];
    let words = words(text);
    let name = |word: &Word<'_>| {
        let text = word.text.strip_prefix("featuregate.").unwrap_or(word.text);
        let sound = word.is_code() && is_go_identifier(text) && is_gate_name(text);
        sound.then(|| text.to_owned())
    };
    let is_between = |word: &&Word<'_>| !word.is(BETWEEN) && !word.is_mark(":") && !word.is_mark("=");
    let behind = |at: usize| words[at + 1..].iter().find(is_between).and_then(name);
    // "As the `XGate` constant", "`XGate` as its constant"
    let before = |at: usize| {
        let front = &words[..at];
        let rest = front.iter().rev().find(|word| !word.is(&["as", "its", "the", "go"]));
        let is_said = front.iter().rev().take(4).any(|word| word.is(&["as"]));
        rest.filter(|_| is_said).and_then(name)
    };
    let is = |at: usize, list: &[&str]| words.get(at).is_some_and(|word| word.is(list));
    // "Go name `XGate`"
    let of_go = |at: usize| at > 0 && is(at - 1, &["go"]) && is(at, &["name", "identifier", "symbol"]);
    let says = |at: &usize| is(*at, &["constant", "const"]) || of_go(*at);
    let said = (0..words.len()).filter(says).find_map(|at| behind(at).or_else(|| before(at)));
    // "As `featuregate.XGate`", "`XGate` in Go"
    let is_go = |at: &usize| {
        let is_qualified =
            words[*at].text.starts_with("featuregate.") && *at > 0 && is(at - 1, &["as", "called", "named"]);
        is_qualified || is(at + 1, &["in"]) && is(at + 2, &["go"])
    };
    said.or_else(|| (0..words.len()).filter(is_go).find_map(|at| name(&words[at])))
}

/// The comment that a text gives: `comment: "X lets …"`, or what it says that the gate does.
pub(crate) fn said_comment(text: &str) -> Option<String> {
    let is_sentence =
        |found: &Quoted| found.is_called || found.text.starts_with(|c: char| c.is_uppercase() || c == '`');
    let quoted = quoted_comment(text).filter(is_sentence);
    quoted.map(|found| found.text.replace('`', "")).or_else(|| said_sentence(text)).or_else(|| said_purpose(text))
}

/// The release in front of a stage: "with version v1.8 alpha".
pub(crate) fn release_before(words: &[Word<'_>], stage: usize) -> Option<String> {
    const BETWEEN: &[&str] = &["as", "in", "at", "an", "a", "the"];
    let word = words[..stage].iter().rev().find(|word| !word.is(BETWEEN))?;
    let text = if word.text.matches('.').count() == 1 { format!("{}.0", word.text) } else { word.text.to_owned() };
    is_release(&text).then_some(text)
}

/// The name that a title without a verb begins with: "RateShaping (Alpha)".
pub(crate) fn leading_name(title: &str) -> Option<String> {
    let words = words(title);
    let is_place = |word: &Word<'_>| word.text.contains('/') || word.text.ends_with(".go");
    let mut rest = words.iter().skip_while(|word| word.piece == Piece::Mark || is_place(word));
    let first = rest.next()?;
    let ends = rest.next().is_none_or(|word| word.is_mark("(") || word.is_mark(","));
    let humps = first.text.chars().filter(char::is_ascii_uppercase).count();
    (ends && humps > 1 && is_gate_name(first.text)).then(|| first.text.to_owned())
}

/// What a title asks for beside a new gate: its verb.
pub(crate) fn more_than_gate(task: &PlannedTask) -> Option<String> {
    const OTHERS: &[&str] = &["put", "hide", "guard", "protect", "wrap", "place", "keep", "make"];
    const MUST: &[&str] = &["must", "should", "shall"];
    let words = words(&task.title);
    let first = words.first().filter(|word| word.is(OTHERS));
    // "Gate the whole thing with …", but not "Gate: …".
    let gates = words.first().filter(|word| word.is(&["gate"])).filter(|_| words[1..].iter().any(|word| word.is(GATE)));
    let is_verb = words.get(1).is_some_and(|next| next.is(&["the", "it", "this", "everything", "all", "new"]));
    let first = first.or(gates.filter(|_| is_verb));
    let first = first.filter(|_| words.iter().any(|word| word.is(&["behind", "with", "by"])));
    let must = words.windows(2).find(|two| two[0].is(MUST)).map(|two| &two[1]);
    first.or(must).map(|word| word.text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_asks_for_a_new_gate() {
        for (title, asks) in [
            (
                "Gate: introduce `RateCap` as an alpha gate owned by sig-compute, with an accessor named `RateCapOn`",
                true,
            ),
            ("Feature gate `RateCap` (Alpha, off by default)", true),
            ("Put everything behind a new feature gate called RateCap, alpha", true),
            ("virt-config: new alpha feature gate `RateCap` and `RateCapEnabled()`", true),
            (
                "Define the gate `RateCap` (alpha) in active.go; accessor `RateCapEnabled() bool` in feature-gates.go",
                true,
            ),
            ("Gate the whole thing with a new alpha feature gate, `RateCap`", true),
            ("We need an alpha gate: `RateCap`", true),
            ("Introduce gate constant `RateCapGate = \"RateCap\"` and register it as Alpha", true),
            ("Gate: `VideoConfig` goes to GA in this release", false),
            ("Do not add a new feature gate; reuse `HostDevices`", false),
            ("Guard the new field with a gate, `RateCap`, off unless an admin opts in", false),
            ("Add `Burst` to the `RateCap` struct, and check the gate", false),
            ("Gate `RateCap`: from alpha to beta", false),
            ("Add a new gate", false),
        ] {
            assert_eq!(titles_new_gate(title), asks, "{title}");
        }
    }

    #[test]
    fn a_gate_is_called_new() {
        assert!(says_new_gate("Gate the whole thing with a new alpha feature gate, `RateCap`"));
        assert!(!says_new_gate("Add the feature gate `RateCap` to the CI jobs"));
    }

    #[test]
    fn what_is_behind_a_gate_is_told_from_the_gate() {
        assert!(is_behind_gate("Add the `rateLimit` check behind the feature gate `Root`"));
        assert!(is_behind_gate("Implement it behind the `Root` gate"));
        assert!(!is_behind_gate("Put it behind a new feature gate `RateCap`"));
        assert!(!is_behind_gate("Add the `RateCap` feature gate"));
    }

    #[test]
    fn the_accessor_of_a_title_is_read() {
        for (title, accessor) in [
            (
                "Register the RateCap feature gate and expose it on ClusterConfig as `RateCapEnabled`",
                Some("RateCapEnabled"),
            ),
            ("Add `RateCap` with a helper `IsRateCapOn`", Some("IsRateCapOn")),
            ("Add `RateCap`; accessor `RateCapEnabled() bool`", Some("RateCapEnabled")),
            ("Add the `RateCap` gate with the `RateCapOn` accessor", Some("RateCapOn")),
            ("Add the `RateCap` gate, no accessor needed", None),
            ("Add the `RateCap` gate and its accessor", None),
        ] {
            assert_eq!(said_accessor(title).as_deref(), accessor, "{title}");
        }
    }

    #[test]
    fn the_constant_of_a_title_is_read() {
        for (title, constant) in [
            ("Register the alpha gate `X` as constant `XGate` in `a/b.go`", Some("XGate")),
            ("Register the gate `X` (constant `XGate`, owner: @ada)", Some("XGate")),
            ("Add the gate `X`, constant named `XFeature`", Some("XFeature")),
            ("Add the gate `X` with the constant `XGate`", Some("XGate")),
            ("Add the gate `X`; its constant is XGate", Some("XGate")),
            ("Add the gate `X` as the `XGate` constant", Some("XGate")),
            ("Add the gate `X`, with `XGate` as its constant", Some("XGate")),
            ("Gate `X` (Go constant `XGate`)", Some("XGate")),
            ("Register the gate \"X\" as `featuregate.XGate`", Some("XGate")),
            ("`X` (`XGate` in Go)", Some("XGate")),
            ("Add the gate `X` (Go identifier: `XGate`, owner @ada)", Some("XGate")),
            ("Add the gate `X` next to `featuregate.Root`", None),
            ("Add the constant of `X` and register it", None),
            ("Add the gate `X` and its constant in `a/b.go`", None),
        ] {
            assert_eq!(said_constant(title).as_deref(), constant, "{title}");
        }
    }

    #[test]
    fn the_owner_and_the_comment_of_a_title_are_read() {
        for (title, owner) in [
            ("Add `RateCap`, owned by sig-network", Some("sig-network")),
            ("Add `RateCap`; @ada and @bob own it", Some("@ada / @bob")),
            ("Add `RateCap` (sig-storage, @ada)", Some("sig-storage / @ada")),
            ("Add `RateCap`", None),
        ] {
            assert_eq!(said_owner(title).as_deref(), owner, "{title}");
        }
        assert_eq!(said_comment("Gate `X`; comment: \"X caps rates\"").as_deref(), Some("X caps rates"));
        let quoted = "Gate `X`, accessor `XOn`. \"X lets owners (e.g., of VMs) set `Video`. It is off.\"";
        assert_eq!(said_comment(quoted).as_deref(), Some("X lets owners (e.g., of VMs) set Video. It is off."));
        assert_eq!(said_comment("Gate `X` for \"old guests\""), None);
        for (title, comment) in [
            (
                "Register the `X` gate (Alpha) in `a/b.go`: lets admins cap rates, bursts and queues",
                "lets admins cap rates, bursts and queues",
            ),
            ("Add feature gate `X` that allows slow guests, owned by sig-network", "allows slow guests"),
            ("New gate `X` - enables rate caps of guests (alpha, v1.9)", "enables rate caps of guests"),
            ("Gate `X`: lets admins cap rates in `pkg/virt-config/featuregate/active.go`", "lets admins cap rates"),
        ] {
            assert_eq!(said_comment(title).as_deref(), Some(comment), "{title}");
        }
        assert_eq!(said_comment("Register the gate `X`: constants and accessor"), None);
        assert_eq!(said_comment("Add the gate that is called `X`"), None);
        assert_eq!(leading_name("`a/b.go`: RateCap (Alpha)").as_deref(), Some("RateCap"));
        assert_eq!(leading_name("Register RateCap"), None);
    }
}
