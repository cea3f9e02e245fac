use super::*;

#[test]
fn a_word_before_code_is_a_key() {
    for (text, key) in [
        ("field `mode string` in `Clock`", Some(Key::Field)),
        ("new fields `mode string` and `on bool` in `Clock`", Some(Key::Field)),
        ("func `stop(now bool) error`", Some(Key::Function)),
        ("a new method `stop()` on `*Clock`", Some(Key::Function)),
        ("field `mode` in `Clock`", None),
        ("field `mode string` is renamed", None),
        ("`stop()` is called", None),
        ("the caller of method `stop()`", None),
        ("func `  init() { stop() }", None),
    ] {
        assert_eq!(Key::noted(text).map(|(key, _)| key), key, "{text}");
    }
}

#[test]
fn what_tasks_of_design_documents_say_to_people_is_known() {
    for word in ["source", "review", "question", "requirement"] {
        assert!(Key::parse(word).ignored().is_some(), "{word}");
    }
    assert!(Key::parse("behaviour").ignored().is_none());
}

#[test]
fn a_helper_is_a_function_where_it_has_a_head() {
    assert_eq!(Key::of("helper", "`stop(now bool) error`"), Key::Function);
    assert_eq!(Key::of("helper", "`tests/libwait`"), Key::Other("helper".to_owned()));
    assert_eq!(Key::of("type", "`clock` with `zone string` and `drift int`"), Key::Struct);
    assert_eq!(Key::of("type", "`Mode` with values `on` and `off`"), Key::Constants);
}

#[test]
fn a_command_to_run_is_no_spec() {
    for text in [
        "`go test ./pkg/network/...`",
        "`make generate-verify` passes",
        "run `make functest`",
        "FUNC_TEST_ARGS=\"--focus=x\" go test ./tests/...",
        "make test",
        "`KUBEVIRT_PROVIDER=k8s-1.31 make cluster-up`",
        "`kubectl get vmi`",
        "`hack/verify-codegen.sh`",
    ] {
        assert!(Key::of("verify", text).ignored().is_some(), "{text}");
    }
    for text in ["`virtctl migrate` fails without a VM", "make sure a VMI boots", "go on after a crash"] {
        assert_eq!(Key::of("verify", text), Key::Verify, "{text}");
    }
}

#[test]
fn a_test_line_without_a_test_is_known() {
    for text in [
        "none",
        "TBD",
        "N/A",
        "TODO",
        "manual",
        "see T004",
        "no test is needed",
        "existing tests suffice",
        "[NEEDS CLARIFICATION: which?]",
        "None (docs only)",
        "n/a - covered elsewhere",
        "**TBD**",
        "Not applicable.",
        "to be defined",
        "Manual verification on a node",
        "-",
        "Covered by T009",
        "no unit tests",
        "later",
    ] {
        assert_eq!(Key::of("test", text), Key::NoTest, "{text}");
    }
    for text in [
        "none of the VMs restarts",
        "a VMI boots",
        "sees the guest's address",
        "no VMI is lost",
        "manual migration works",
        "rejects a manual restart",
        "The pending VMI is started",
        "not ready nodes are skipped",
        "N/A values are rejected",
    ] {
        assert_eq!(Key::of("test", text), Key::Test, "{text}");
    }
}
