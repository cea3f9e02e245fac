use super::*;

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

fn wanted(kind: RuleKind, srcs: &[&str], deps: &[&str], embed: bool) -> Wanted {
    let mut wanted = Wanted { importpath: "kubevirt.io/kubevirt/pkg/x".to_owned(), race: true, ..Wanted::default() };
    *wanted.rule(kind) = WantedRule { srcs: strings(srcs), deps: strings(deps), embed, ..WantedRule::default() };
    wanted
}

fn updated(text: &str, wanted: &Wanted) -> String {
    let result = update(text, wanted).unwrap().apply(text);
    BuildFile::parse(&result).map_err(|error| error.message).unwrap();
    assert_eq!(update(&result, wanted).unwrap(), TextEdits::default(), "a second update changes nothing");
    result
}

const LIBRARY_RULE: &str = "load(\"@io_bazel_rules_go//go:def.bzl\", \"go_library\")\n\ngo_library(\n    name = \"go_default_library\",\n    srcs = [\n        \"b.go\",\n        \"foo-bar.go\",\n    ],\n    importpath = \"kubevirt.io/kubevirt/pkg/x\",\n    visibility = [\"//visibility:public\"],\n    deps = [\"//pkg/b:go_default_library\"],\n)\n";

#[test]
fn items_land_where_buildifier_sorts_them() {
    let wanted = wanted(RuleKind::Library, &["foo.go", "z.go", "a.go"], &["//pkg/a:go_default_library"], false);
    assert_eq!(
        updated(LIBRARY_RULE, &wanted),
        LIBRARY_RULE
            .replace("        \"b.go\",\n", "        \"a.go\",\n        \"b.go\",\n        \"foo.go\",\n")
            .replace("\"foo-bar.go\",\n", "\"foo-bar.go\",\n        \"z.go\",\n")
            .replace(
                "[\"//pkg/b:go_default_library\"]",
                "[\n        \"//pkg/a:go_default_library\",\n        \"//pkg/b:go_default_library\",\n    ]"
            )
    );
}

#[test]
fn a_test_rule_is_added_with_its_load_and_race() {
    let wanted = wanted(RuleKind::Test, &["x_suite_test.go", "x_test.go"], &["//vendor/g:go_default_library"], true);
    let result = updated(LIBRARY_RULE, &wanted);
    assert!(result.starts_with("load(\"@io_bazel_rules_go//go:def.bzl\", \"go_library\", \"go_test\")\n"), "{result}");
    assert!(
        result.ends_with(
            ")\n\ngo_test(\n    name = \"go_default_test\",\n    srcs = [\n        \"x_suite_test.go\",\n        \"x_test.go\",\n    ],\n    embed = [\":go_default_library\"],\n    race = \"on\",\n    deps = [\"//vendor/g:go_default_library\"],\n)\n"
        ),
        "{result}"
    );
}

#[test]
fn missing_attributes_land_in_buildifiers_order() {
    let text = "go_test(\n    name = \"go_default_test\",\n    srcs = [\"a_test.go\"],\n    race = \"on\",\n)\n";
    let wanted = wanted(RuleKind::Test, &["a_test.go"], &["//pkg/a:go_default_library"], true);
    assert_eq!(
        updated(text, &wanted),
        "go_test(\n    name = \"go_default_test\",\n    srcs = [\"a_test.go\"],\n    embed = [\":go_default_library\"],\n    race = \"on\",\n    deps = [\"//pkg/a:go_default_library\"],\n)\n"
    );
}

#[test]
fn comments_stay_with_their_items() {
    let text = "go_library(\n    name = \"go_default_library\",\n    srcs = [\n        # about b\n        \"b.go\",  # keep\n        \"c.go\"\n    ],\n)\n";
    let wanted = wanted(RuleKind::Library, &["a.go", "d.go"], &[], false);
    assert_eq!(
        updated(text, &wanted),
        "go_library(\n    name = \"go_default_library\",\n    srcs = [\n        \"a.go\",\n        # about b\n        \"b.go\",  # keep\n        \"c.go\",\n        \"d.go\",\n    ],\n)\n"
    );
}

#[test]
fn a_sum_of_lists_is_added_to_in_its_first() {
    let text = "go_library(\n    name = \"go_default_library\",\n    srcs = [\"a.go\"],\n    deps = [\n        \"//b:x\",\n        \"//c:x\",\n    ] + select({\n        \"//d\": [\"//e:x\"],\n    }),\n)\n";
    let result = updated(text, &wanted(RuleKind::Library, &["a.go"], &["//a:x"], false));
    assert!(result.contains("deps = [\n        \"//a:x\",\n        \"//b:x\""), "{result}");
}

#[test]
fn what_is_no_list_is_refused_with_its_place() {
    let text = "go_library(\n    name = \"go_default_library\",\n    srcs = glob([\"*.go\"]),\n)\n";
    let error = update(text, &wanted(RuleKind::Library, &["a.go"], &[], false)).unwrap_err();
    assert!(error.span.of(text).starts_with("srcs = glob"), "{}", error.message);
    assert!(update("go_library(\n", &wanted(RuleKind::Library, &["a.go"], &[], false)).is_err());
}

#[test]
fn a_new_package_gets_a_file_of_its_own() {
    let mut wanted = wanted(RuleKind::Library, &["x.go"], &[], false);
    *wanted.rule(RuleKind::Test) =
        WantedRule { srcs: strings(&["x_suite_test.go"]), deps: vec![], embed: true, ..WantedRule::default() };
    assert_eq!(
        create(&wanted),
        "load(\"@io_bazel_rules_go//go:def.bzl\", \"go_library\", \"go_test\")\n\ngo_library(\n    name = \"go_default_library\",\n    srcs = [\"x.go\"],\n    importpath = \"kubevirt.io/kubevirt/pkg/x\",\n    visibility = [\"//visibility:public\"],\n)\n\ngo_test(\n    name = \"go_default_test\",\n    srcs = [\"x_suite_test.go\"],\n    embed = [\":go_default_library\"],\n    race = \"on\",\n)\n"
    );
}

#[test]
fn a_test_depends_on_the_library_only_if_it_does_not_embed_it() {
    let text = "go_test(\n    name = \"go_default_test\",\n    srcs = [\"a_test.go\"],\n)\n";
    let external = wanted(RuleKind::Test, &["b_test.go"], &[":go_default_library"], false);
    assert!(updated(text, &external).contains("deps = [\":go_default_library\"]"));
    let embedding = text.replace(")\n", "    embed = [\":go_default_library\"],\n)\n");
    assert!(!updated(&embedding, &external).contains("deps"));
}

#[test]
fn a_list_that_buildifier_has_not_seen_is_written_anew_or_refused() {
    let wanted = wanted(RuleKind::Library, &["b.go"], &[], false);
    let crowded =
        "go_library(\n    name = \"go_default_library\",\n    srcs = [\n        \"a.go\",\n        \"c.go\",],\n)\n";
    assert!(updated(crowded, &wanted).contains("        \"a.go\",\n        \"b.go\",\n        \"c.go\",\n    ],\n"));
    for lost in ["\"c.go\",  # why\n    \"d.go\",]", "'c.go',]", "\"\\x\",]"] {
        let error = update(&crowded.replace("\"c.go\",]", lost), &wanted).unwrap_err();
        assert!(error.message.contains("one item on each line"), "{lost}: {}", error.message);
    }
    let no_comma = "go_library(\n    name = \"go_default_library\"\n)\n";
    assert!(update(no_comma, &wanted).unwrap_err().message.contains("buildifier can fix that"));
}

#[test]
fn a_comment_above_an_attribute_stays_with_it() {
    let text =
        "go_library(\n    name = \"go_default_library\",\n    # why\n    visibility = [\"//visibility:public\"],\n)\n";
    let result = updated(text, &wanted(RuleKind::Library, &["b.go"], &[], false));
    assert!(result.contains("    srcs = [\"b.go\"],\n    # why\n    visibility"), "{result}");
}
