//! Tasks that are dropped: struck out, cancelled, put off.

use super::Detail;
use super::id::is_id;
use super::struck::is_struck;
use crate::text::Span;

/// What a task that is dropped is called.
const WORDS: &[&str] = &[
    "abandoned",
    "cancelled",
    "canceled",
    "closed as",
    "de-scoped",
    "deferred",
    "deprioritised",
    "deprioritized",
    "descoped",
    "dropped",
    "duplicate of",
    "duplicated by",
    "folded into",
    "left for a follow-up",
    "left for later",
    "merged into",
    "moved out",
    "moved to a ",
    "moved to another",
    "moved to follow-up",
    "moved to the next",
    "n/a",
    "no longer needed",
    "no longer required",
    "not applicable",
    "not doing",
    "not needed",
    "not part of this",
    "obsolete",
    "obsoleted",
    "on hold",
    "on ice",
    "out of scope",
    "parked",
    "postponed",
    "punted",
    "put off",
    "put on hold",
    "rejected",
    "removed from scope",
    "replaced by",
    "shelved",
    "superseded",
    "will not be done",
    "will not do",
    "withdrawn",
    "wontfix",
    "won't be done",
    "won't do",
    "won't fix",
];

/// The same, if nothing follows: "skip on arm64" asks for something.
#[rustfmt::skip]
const ALONE: &[&str] = &[
    "skip", "skipped", "skipping", "skip this", "skip for now", "skipped for now", "follow-up", "follow-up pr",
    "follow-up change", "separate pr", "next pr", "another pr", "in a separate pr", "in another pr", "in the next pr",
];
/// The same, if a task or a release follows.
const ELSEWHERE: &[&str] = &[
    "covered by ",
    "done in ",
    "duplicates ",
    "merged in ",
    "moved to ",
    "moved into ",
    "part of ",
    "same as ",
    "see ",
];
/// The same of what somebody else does, or has done.
const OF_OTHERS: &[&str] = &[
    "already done",
    "already implemented",
    "already landed",
    "already merged",
    "done elsewhere",
    "done upstream",
    "handled elsewhere",
    "merged upstream",
    "will be done by",
    "will be done elsewhere",
    "will be done in",
];
/// Signs for the same.
const SIGNS: &[&str] = &["🚫", "🗑"];

/// What a section is called whose tasks nobody asks for now.
const HEADINGS: &[&str] = &[
    "follow-up",
    "follow-ups",
    "follow ups",
    "followups",
    "future",
    "future work",
    "icebox",
    "later",
    "non goals",
    "non-goals",
    "not in scope",
    "not planned",
    "parking lot",
];

/// What may follow such a word: "deferred to v1.11" drops a task, "dropped packets" does not.
const MORE: &[&str] = &[
    " after the ",
    " after review",
    " again",
    " as ",
    " at ",
    " because",
    " by ",
    " due ",
    " during ",
    " entirely",
    " following ",
    " for now",
    " for this ",
    " for v",
    " from ",
    " in favo",
    " in review",
    " in v",
    " indefinitely",
    " on 20",
    " pending",
    " per ",
    " since",
    " this ",
    " till ",
    " to ",
    " until ",
];

/// Whether a remark says that its task is dropped: it begins with one of the words, and what follows says why or how
/// long. A word that names what comes instead ends within that.
fn says(remark: &str) -> bool {
    let lower = remark.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let lower = ["it is ", "this is ", "is ", "was ", "task ", "now ", "status: "]
        .iter()
        .fold(lower.as_str(), |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    let ends = |rest: &str| {
        let rest = rest.trim_start_matches(['*', '_']);
        rest.trim_end().is_empty()
            || rest.starts_with([')', ']', '}', ':', ',', ';', '.', '!'])
            || [" -", " –", " —", " ("].iter().any(|mark| rest.starts_with(mark))
    };
    let behind = |words: &[&'static str], follows: &dyn Fn(&'static str, &str) -> bool| {
        words.iter().any(|word| lower.strip_prefix(word).is_some_and(|rest| follows(word, rest)))
    };
    let names_other = |rest: &str| {
        let rest = rest.trim_start_matches("the ").trim_start_matches("release ");
        let id = rest.find(|c: char| c.is_whitespace() || ",;.)]:".contains(c)).unwrap_or(rest.len());
        let rest = &rest[..id];
        is_id(&rest.to_uppercase())
            || rest.strip_prefix(['v', '#']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    behind(WORDS, &|word, rest| {
        // "Replaced by" is never the last word.
        let names = ["a ", " by", " of", " into", " as"].iter().any(|end| word.ends_with(end));
        names || ends(rest) || MORE.iter().any(|more| rest.starts_with(more))
    }) || behind(OF_OTHERS, &|_, _| true)
        || behind(ALONE, &|_, rest| ends(rest))
        || behind(ELSEWHERE, &|word, rest| (word != "see " || rest.contains("instead")) && names_other(rest))
}

/// Whether what follows a comma says that a task is put off. Most such words may be one of a list there.
fn is_put_off(text: &str) -> bool {
    const VERDICTS: &[&str] = &["cancelled", "canceled", "deferred", "descoped", "dropped", "postponed", "punted"];
    const BEHIND: &[&str] =
        &[" to v", " to a follow-up", " to the next", " until ", " in review", " after ", " for now"];
    let text = text.to_lowercase();
    VERDICTS
        .iter()
        .any(|word| text.strip_prefix(word).is_some_and(|rest| BEHIND.iter().any(|end| rest.starts_with(end))))
}

/// How a heading says that the tasks below it are dropped: "Out of scope", "Phase 4: Metrics (deferred)".
pub(super) fn dropped_below(heading: &str) -> Option<&'static str> {
    if is_struck(heading, None, 0) {
        return Some("a heading above it is struck out");
    }
    let title = heading.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let title = [" tasks", " items", " work"].iter().find_map(|end| title.strip_suffix(end)).unwrap_or(title);
    let parts = title.split([':', '–', '—', '(']).chain(title.split(" - "));
    let is_dropped = |part: &str| {
        let part = part.trim_matches([' ', ')', '*']).to_lowercase();
        says(&part) || HEADINGS.contains(&&*part)
    };
    parts.into_iter().any(is_dropped).then_some("a heading above it says so")
}

/// Whether a label says that its task is dropped: `[Deferred]`.
pub(super) fn is_dropped_label(label: &str) -> bool {
    says(label)
}

/// Whether a line below a task says that the task is dropped.
pub(super) fn is_dropped(detail: &Detail) -> bool {
    match &*detail.key {
        "status" | "state" | "decision" | "note" | "update" | "resolution" | "" => says(&detail.text.text),
        _ => false,
    }
}

/// How a line says that its task is dropped; `id` and `text` are where its ID and its text stand in it.
pub(super) fn dropped(mark: &str, line: &str, (id, text): (Option<Span>, usize), title: &str) -> Option<&'static str> {
    if mark == "-" {
        return Some("its box is `[-]`");
    }
    if is_struck(line, id, text) {
        return Some("it is struck out");
    }
    // "(cancelled)", "[DROPPED]", "… — cancelled", "Deferred: …"; "CANCELLED" stands anywhere.
    let behind = line.get(text..).unwrap_or_default();
    let is_prose = |at: usize| behind[..at].matches('`').count() % 2 == 0;
    let opened = behind.match_indices(['(', '[', '{', '—', '–']).map(|(at, mark)| at + mark.len());
    let dashed =
        [" - ", "; ", ". ", "** "].iter().flat_map(|end| behind.match_indices(end).map(|(at, end)| at + end.len()));
    let is_remark = opened.chain(dashed).any(|at| is_prose(at) && says(&behind[at..]))
        || behind.match_indices(", ").any(|(at, _)| is_prose(at) && is_put_off(&behind[at + 2..]))
        || SIGNS.iter().any(|sign| behind.starts_with(sign) || behind.trim_end_matches('\u{fe0f}').ends_with(sign));
    let (first, rest) = title.split_once([':', '—', '–']).unwrap_or((title, ""));
    let begins = !rest.trim().is_empty() && says(first) || title == "N/A" || title.starts_with("N/A ");
    let is_loud = WORDS.iter().chain(ALONE).filter(|word| word.len() > 4).any(|word| {
        let upper = word.to_uppercase();
        line.match_indices(&upper).any(|(at, _)| {
            let after = &line[at + upper.len()..];
            after.is_empty() || after.starts_with([')', ']', ':', '}', ' ', ',', ';', '*'])
        })
    });
    (is_remark || begins || is_loud).then_some("it says so")
}

#[cfg(test)]
mod tests {
    use super::says;
    use crate::task::parse;
    use crate::text::Source;

    #[test]
    fn a_remark_says_that_a_task_is_dropped_or_something_else() {
        for remark in [
            "deferred to v1.11",
            "Replaced by T001",
            "Duplicate of T001",
            "on hold until the VEP is merged",
            "moved to a follow-up",
            "Dropped after the design review.",
            "N/A",
            "moved to T012",
            "Not needed: the guest does it",
            "parked for now",
            "superseded by the new API",
            "out of scope for v1.9",
            "merged into T004",
            "It is no longer needed.",
            "rejected by sig-compute",
        ] {
            assert!(says(remark), "{remark}");
        }
        for remark in [
            "dropped packets are counted",
            "skip the node on arm64",
            "Skipped when there is no IOMMU",
            "covered by tests",
            "moved to the handler",
            "cancelled contexts",
            "Moved to `pkg/x`",
            "skipped on s390x",
            "deferred calls run last",
            "obsolete fields stay readable",
            "rejected requests say why",
        ] {
            assert!(!says(remark), "{remark}");
        }
    }

    #[test]
    fn a_heading_or_a_label_says_so_of_its_tasks() {
        for (heading, is_dropped) in [
            ("## Out of scope", true),
            ("## Phase 3: Later (deferred)", true),
            ("## ~~Phase 3: Metrics~~", true),
            ("## Phase 3 — Future work", true),
            ("## Cancelled tasks", true),
            ("## Non-goals", true),
            ("## Phase 3: Deferred calls", false),
            ("## Phase 3: Rejected requests", false),
            ("## Backlog", false),
            ("# Future work", false),
        ] {
            let text = format!("{heading}\n\n- [ ] T001 Add `a.go`\n\n## Phase 4: Next\n\n- [ ] T002 Add `b.go`\n");
            let file = parse(&Source::new("t", text));
            let dropped: Vec<bool> = file.tasks.iter().map(|task| task.dropped.is_some()).collect();
            assert_eq!(dropped, [is_dropped, heading.starts_with("# ") && is_dropped], "{heading}");
        }
        for (line, is_dropped) in [
            ("[Deferred] Add `a.go`", true),
            ("Add `a.go`, dropped in review", true),
            ("Add `a.go` 🚫", true),
            ("Add `a.go` (already merged in #12)", true),
            ("Add `a.go` - see #12 instead", true),
            ("Add `a.go` (follow-up PR)", true),
            ("Add `a.go` for calls that are deferred, dropped, or rejected", false),
            ("[Later] Add `a.go`, deferred calls", false),
        ] {
            let file = parse(&Source::new("t", &*format!("- [ ] T001 {line}\n")));
            assert_eq!(file.tasks[0].dropped.is_some(), is_dropped, "{line}");
        }
    }

    #[test]
    fn a_task_says_so_in_its_title_and_below() {
        let text = "- [ ] T001 Add `a.go` (deferred to v1.11)\n- [ ] T002 Replaced by T001: add `b.go`\n\
            - [ ] T003 <del>Add `c.go`</del>\n- [ ] T004 Add `d.go` - moved to a follow-up\n- [ ] T005 N/A\n\
            - [ ] T006 **Add** `e.go`\n  - Dropped after the design review.\n- [ ] T007 Add `f.go` [WONTFIX]\n\
            - [ ] T010 Add ~~`g.go`~~ `h.go`\n- [ ] T011 Count dropped packets (dropped packets)\n\
            - [ ] T012 Add `i.go`; ~~depends on T001~~\n- [ ] T013 Add a (skip on arm64) spec\n";
        let file = parse(&Source::new("t", text));
        let kept: Vec<&str> =
            file.tasks.iter().filter(|task| task.dropped.is_none()).map(|task| task.id.as_str()).collect();
        assert_eq!(kept, ["T010", "T011", "T012", "T013"]);
    }
}
