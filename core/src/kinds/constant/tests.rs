use super::*;

#[test]
fn a_constant_is_known_again_by_itself_and_in_a_group() {
    let wanted = Wanted { line: 1, name: "fanRetries".into(), ty: None, value: "5".into(), doc: None, doc_line: None };
    for (line, is) in [
        ("const fanRetries = 5", true),
        ("\tfanRetries   = 5 // five", true),
        ("\tfanRetries int = 5", true),
        ("const fanRetries = 50", false),
        ("const fanRetriesMost = 5", false),
        ("const fanRetries = 4 + 5", false),
    ] {
        assert_eq!(is_line_of(line, &wanted), is, "{line}");
    }
}

#[test]
fn values_that_compile_are_read() {
    for (text, ty, read) in [
        ("0600", None, Some("0600")),
        ("64*1024", None, Some("64 * 1024")),
        ("true", None, Some("true")),
        ("true", Some("int"), None),
        ("1 << 20", Some("int64"), Some("1 << 20")),
        ("-1", Some("uint32"), None),
        ("5*time.Second", None, Some("5 * time.Second")),
        ("5 * time.Second", Some("time.Duration"), Some("5 * time.Second")),
        ("\"x\"", Some("Reason"), Some("\"x\"")),
        ("\"x\"", Some("int"), None),
        ("len(x)", None, None),
    ] {
        assert_eq!(value(text, ty).as_deref(), read, "{text}");
    }
    let task = |line: &str| wanted(&PlannedTask::sample("Fan", &[("", line)])).len();
    assert_eq!(task("Add constant `fanOn = true`"), 1);
    assert_eq!(task("Set the condition `Ready = true`"), 0);
    assert_eq!(task("Add `apiFan = \"fans\"` and `apiFanSpeed = \"fans/speed\"`"), 2);
    assert_eq!(task("Add `app = \"fan\"` to its labels"), 0);
}

#[test]
fn the_text_of_a_label_is_read_in_quotes_too() {
    for (line, value) in [
        ("Label `RequiresThreeNodes` (\"requires-three-nodes\")", "Label(\"requires-three-nodes\")"),
        ("Label `RequiresThreeNodes` = \"threeNodes\"", "Label(\"threeNodes\")"),
        ("Label `RequiresThreeNodes` with the text \"three-nodes\"", "Label(\"three-nodes\")"),
        ("Label `RequiresThreeNodes` for \"big\" clusters", "Label(\"RequiresThreeNodes\")"),
    ] {
        let found = label(&PlannedTask::sample("Decorator", &[("task", line)])).unwrap();
        assert_eq!(found[0].value, value, "{line}");
    }
}
