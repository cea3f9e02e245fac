//! The words of the testing section: kinds of tests, what a test shows, and that there is none.

use super::sentences::words;

/// Why a line names no case.
pub(super) const HOW: &str = "the VEP says how it is tested, and names no case";
pub(super) const REFERS: &str = "the VEP refers to another place";
pub(super) const NONE: &str = "the VEP says that no such test is made";
pub(super) const EXISTING: &str = "the VEP says that tests which exist show it";
pub(super) const MANUAL: &str = "the VEP mentions a manual test";

fn is_one(all: &str, word: &str) -> bool {
    all.split(' ').any(|own| own == word)
}

pub(super) fn is_unit(words: &str) -> bool {
    [" unit test", " unit-test", " unit tests", " unit coverage "].iter().any(|word| words.contains(word))
        || words.trim() == "unit"
}

pub(super) fn is_functional(words: &str) -> bool {
    [" functional ", " e2e ", " end-to-end ", " integration ", " end to end "].iter().any(|word| words.contains(word))
}

/// Nothing but the name of a kind of test: "End-to-end functional tests".
pub(super) fn is_kind(text: &str) -> bool {
    const NAMES: &str = "\
        unit test tests testing e2e end-to-end end to functional integration security coverage and approach \
        cases case scenarios performance scale plan negative manual alpha beta ga grpc mock automated new";
    let words = words(text);
    let mut names = words.split_whitespace().flat_map(|word| word.split('/')).peekable();
    names.peek().is_some() && names.all(|word| is_one(NAMES, word)) && words.trim() != "negative"
}

pub(super) fn is_about_tests(words: &str) -> bool {
    [
        " test ",
        " tests ",
        " testing ",
        " tested ",
        " spec ",
        " specs ",
        " coverage ",
        " e2e ",
        " suite ",
        " ci ",
        " lane ",
    ]
    .iter()
    .any(|word| words.contains(word))
}

/// Whether words say what a test shows.
pub(super) fn asserts(words: &str) -> bool {
    [
        " verify ",
        " verifies ",
        " check ",
        " checks ",
        " ensure ",
        " ensures ",
        " assert ",
        " asserts ",
        " confirm ",
        " confirms ",
        " validate ",
        " validates ",
        " expect ",
        " expects ",
        " observe ",
        " make sure ",
        " test that ",
        " tests that ",
        " makes sure ",
    ]
    .iter()
    .any(|word| words.contains(word))
}

/// Whether a text begins with what somebody does.
pub(super) fn is_action(text: &str) -> bool {
    const VERBS: &str = "\
        create start launch reboot restart stop run deploy apply enable disable delete remove trigger log \
        set patch update modify change configure install connect execute migrate attach detach hotplug \
        unplug boot wait perform prepare open pause unpause add scale upgrade shut label edit write request \
        live-migrate switch turn plug eject insert move drain kill reset send use take provision mount \
        unmount resize expand clone restore snapshot export import force simulate inject load unload define";
    words(text).split_whitespace().next().is_some_and(|first| is_one(VERBS, first))
}

/// "Functional tests will be added": what is planned, and no case.
pub(super) fn is_plan(words: &str) -> bool {
    const DONE: &str = "\
        added carried implemented written extended covered created executed performed done duplicated \
        adjusted labeled labelled adapted converted provided developed cover required needed live run";
    let tokens: Vec<&str> = words.split_whitespace().collect();
    let Some(subject) = tokens.iter().position(|word| matches!(*word, "tests" | "test" | "testing" | "coverage"))
    else {
        return false;
    };
    let behind = &tokens[subject + 1..tokens.len().min(subject + 7)];
    let modal =
        behind.iter().position(|word| matches!(*word, "will" | "should" | "are" | "is" | "be" | "can" | "must"));
    let planned = modal.is_some_and(|at| behind[at + 1..].iter().take(4).any(|word| is_one(DONE, word)));
    // What they are to show is a case all the same.
    planned && !asserts(words) && !words.contains(" that ")
}

/// Why words name no case, if they say so themselves.
pub(super) fn denial(words: &str) -> Option<&'static str> {
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    let first = words.split_whitespace().next().unwrap_or_default();
    let place = has(&[" section ", " sections ", " above ", " below ", " graduation requirements ", " requirements "]);
    let told = has(&[
        " documented ",
        " described ",
        " listed ",
        " detailed ",
        " defined ",
        " specified ",
        " refer to ",
        " explained ",
    ]);
    if matches!(first, "see" | "refer" | "cf")
        || told && place
        || has(&[" see section ", " see the section ", " see above "])
    {
        return Some(REFERS);
    }
    if has(&[" manual test", " tested manually ", " manually tested ", " manual verification ", " tested by hand "]) {
        return Some(MANUAL);
    }
    // "Verify that no restart is needed" is a case.
    if !is_about_tests(words)
        || ["verify", "check", "ensure", "assert", "confirm", "validate", "make", "expect", "observe"].contains(&first)
        || has(&[" test that ", " tests that "])
    {
        return None;
    }
    let cover = has(&[
        " cover ",
        " covers ",
        " covered ",
        " cover ",
        " validate ",
        " validates ",
        " rely ",
        " exercise ",
        " sufficient ",
        " suffice ",
        " enough ",
        " stay ",
        " remain ",
        " remains ",
        " unchanged ",
        " without modification ",
        " without change ",
        " without changes ",
        " still work ",
        " still pass ",
        " keep passing ",
    ]);
    if has(&[" existing ", " exist ", " exists ", " already "]) && cover {
        return Some(EXISTING);
    }
    let tokens: Vec<&str> = words.split_whitespace().collect();
    let negative = tokens.iter().enumerate().any(|(at, word)| {
        let behind = &tokens[at + 1..tokens.len().min(at + 6)];
        match *word {
            "no" => {
                behind.iter().take(4).any(|word| matches!(*word, "test" | "tests" | "testing" | "specs" | "coverage"))
            }
            "not" | "t" | "cannot" | "never" | "nor" => behind.iter().any(|word| {
                ["need", "requir", "feasib", "possib", "necessar", "plann", "add", "test", "cover", "practic", "run"]
                    .iter()
                    .any(|stem| word.starts_with(stem))
            }),
            "infeasible" | "impossible" | "impractical" | "unnecessary" | "unfeasible" => true,
            "without" => behind.iter().take(2).any(|word| matches!(*word, "test" | "tests" | "testing")),
            _ => false,
        }
    });
    let later = has(&[" out of scope ", " in the future ", " follow-up ", " later release ", " not part of "]);
    (negative || later).then_some(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_case_is_told_from_what_does() {
        for (text, expected) in [
            ("running these tests in upstream CI is not feasible", Some(NONE)),
            ("Existing functional tests already cover it", Some(EXISTING)),
            ("No new test cases are required", Some(NONE)),
            ("a test for arm64 is not needed", Some(NONE)),
            ("We do not plan to add e2e tests", Some(NONE)),
            ("The specs in `tests/a_test.go` exist and stay as they are", Some(EXISTING)),
            ("Stage-specific testing scope is documented in the [Graduation Requirements](#g)", Some(REFERS)),
            ("See [Graduation Requirements](#g) for what each stage tests", Some(REFERS)),
            ("Verify that no restart is needed", None),
            ("a guest without a lamp is not bright", None),
            ("a lamp of another namespace is refused", None),
            ("tests that a second lamp is not possible", None),
        ] {
            assert_eq!(denial(&words(text)), expected, "{text}");
        }
        assert!(is_plan(&words("Functional tests should be carried out in the separate repository")));
        assert!(!is_plan(&words("a basic test is made to ensure that the lamp was deployed")));
        assert!(is_kind("E2E tests") && is_kind("Unit/Integration/E2E") && !is_kind("Migration tests of lamps"));
    }
}
