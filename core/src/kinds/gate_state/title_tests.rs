use super::*;
use crate::task::parse;
use crate::text::Source;
use crate::tree::MemoryTree;

fn read_all(titles: &[&str]) -> Vec<Reading> {
    let tree = MemoryTree::new([
        ("go.mod", "module kubevirt.io/kubevirt\n"),
        ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
        ("pkg/virt-config/feature-gates.go", "package virtconfig\n\nconst VMExportGate = \"VMExport\"\n"),
    ]);
    let survey = Survey::new(&tree).unwrap();
    let one = |title: &&str| {
        let file = parse(&Source::new("tasks.md", format!("# Tasks: X\n\n- [ ] T001 {title}\n")));
        read(&file.tasks[0], &survey)
    };
    titles.iter().map(one).collect()
}

#[test]
fn a_title_that_asks_for_a_change_of_state_is_read() {
    use Stage::{Alpha, Beta, Deprecated, Discontinued, Ga};
    let cases = [
        ("Promote the `DiskMirroring` feature gate to Beta", None, Beta),
        ("Promote PanicDevices FG: Alpha -> Beta", Some(Alpha), Beta),
        ("config: Graduate NUMA featuregate to GA", None, Ga),
        ("Graduate VMExport from Beta to general availability", Some(Beta), Ga),
        ("GA VMExport feature-gate", None, Ga),
        ("virt-config: Move VMExport FG to Beta after its tests", None, Beta),
        ("Deprecate VMExport", None, Deprecated),
        ("virt-config, fg: Discontinue VMExport", None, Discontinued),
        ("Mark feature gate `VMExport` as Deprecated", None, Deprecated),
        ("Set the state of VMExport to Discontinued", None, Discontinued),
        ("Enable the `VMExport` feature gate by default", None, Beta),
        ("VMExport feature gate: Alpha → Beta", Some(Alpha), Beta),
        ("Make the API smaller and deprecate VMExport", None, Deprecated),
        ("Graduating the VMExport feature to GA in v1.9.0", None, Ga),
        ("Promotion of `VMExport` to GA", None, Ga),
        ("Discontinue VMExport, which every guest has", None, Discontinued),
        ("Step 2: promote the existing gate `VMExport` to the Beta stage (from Alpha)", None, Beta),
        ("Graduate VMExport to GA and update the docs", None, Ga),
        ("Deprecate VMExport in favour of Export", None, Deprecated),
    ];
    let readings = read_all(&cases.map(|(title, ..)| title));
    for ((title, from, to), reading) in cases.into_iter().zip(readings) {
        assert!(matches!(reading, Reading::Change(Change { from: f, to: t, .. }) if (f, t) == (from, to)), "{title}");
    }
}

#[test]
fn a_title_says_the_release_and_the_message() {
    for (title, release) in [
        ("Promote VMExport to GA in v1.11.0", Some("v1.11.0")),
        ("Graduate the VMExport feature gate from Alpha to Beta (KubeVirt 1.11)", Some("v1.11.0")),
        ("Discontinue VMExport as of v1.11", Some("v1.11.0")),
        ("Deprecate VMExport with the message \"Use `Export` since v1.2.0 instead\"", None),
        ("Promote VMExport to GA", None),
    ] {
        let reading = read_all(&[title]).remove(0);
        let Reading::Change(change) = reading else { panic!("{title}: {reading:?}") };
        assert_eq!(change.release_in(title).as_deref(), release, "{title}");
    }
    assert_eq!(told::message("Deprecate VMExport; message: \"Use Export\"."), Some("Use Export"));
    assert_eq!(told::message("Deprecate VMExport; message: use Export"), None);
}

#[test]
fn a_title_that_denies_asks_or_does_something_else_changes_no_state() {
    let titles = [
        "Never promote `VMExport` to GA",
        "Don't deprecate `VMExport`",
        "Do not promote `VMExport` to GA in this release",
        "Get sign-off from sig-compute before graduating `VMExport` to GA",
        "Revert promoting VMExport to Beta",
        "Postpone the promotion of VMExport to Beta",
        "Block graduating VMExport to GA",
        "Vote on promoting `VMExport` to GA",
        "Should we promote VMExport to GA?",
        "Promote VMExport to GA?",
        "Prepare to promote VMExport to GA",
        "Ask for feedback on promoting `VMExport` to Beta",
        "Write the VEP for graduating VMExport to GA",
        "No need to deprecate VMExport",
        "Close the issue without deprecating VMExport",
        "Stop deprecating VMExport",
        "Un-deprecate `VMExport`",
        "Undeprecate VMExport",
        "Remove the deprecated feature gate `VMExport`",
        "Remove everything that is left of the discontinued gate `VMExport`",
        "Clean up the deprecated gate VMExport",
        "Announce the promotion of `VMExport` to GA on the mailing list",
        "Decide in the SIG meeting whether `VMExport` graduates to Beta",
        "Promote VMExport to GA once the VEP is approved",
        "Promote VMExport to GA in the next release",
        "Promote VMExport to GA in the user guide",
        "Promote VMExport to GA documentation",
        "Promote VMExport to GA: blog post",
        "Discuss: promote VMExport to GA",
        "Blocked - promote VMExport to GA",
        "Deprecate the VMExport feature gate documentation",
        "Deprecate VMExport and its field `spec.x`",
        "Deprecated VMExport warnings",
        "Celebrate the graduation of VMExport to GA",
        "Graduate the VMExport feature gate",
        "Test the graduation of the VMExport feature gate to GA",
        "Deprecate the old field of the API in favour of the feature gate VMExport",
        "Enable VMExport by default in all functional tests",
        "Test VMExport: Beta -> GA",
        "Promote high availability of the VMExport feature gate",
        "Lobby for promoting VMExport to GA",
        "Sketch how to promote VMExport to GA",
    ];
    for (title, reading) in titles.iter().zip(read_all(&titles)) {
        assert_eq!(reading, Reading::Unclear, "{title}");
    }
}

#[test]
fn other_titles_are_not_about_the_life_of_a_gate() {
    let titles = [
        "Promote something else to Beta",
        "Register the VMExport feature gate as Beta",
        "Enable the `VMExport` feature gate",
        "Make exports faster",
        "Set a VMI's beta field",
    ];
    for (title, reading) in titles.iter().zip(read_all(&titles)) {
        assert_eq!(reading, Reading::Nothing, "{title}");
    }
}
