use std::collections::BTreeMap;

use super::*;
use crate::go::GoFile;

const MODULE: &str = "kubevirt.io/kubevirt";

fn merged(existing: &str, rendered: &str) -> String {
    let (old, new) = (GoFile::parse(existing).unwrap(), GoFile::parse(rendered).unwrap());
    let edits = merge(
        &Target::new(existing, &old),
        &Target::new(rendered, &new),
        MODULE,
        (&|_| false, &BTreeMap::new()),
        false,
    );
    let result = TextEdits::new(edits.unwrap()).unwrap().apply(existing);
    GoFile::parse(&result).unwrap();
    result
}

const RENDERED: &str = "package x\n\nimport (\n\t\"errors\"\n\n\tv1 \"kubevirt.io/api/core/v1\"\n)\n\n// A does.\nfunc A(vmi *v1.VMI) error {\n\treturn errors.New(\"a\")\n}\n\nfunc B() bool {\n\treturn false\n}\n";

#[test]
fn a_declaration_that_is_there_keeps_every_byte() {
    let existing = "package x\n\nfunc A() {\n\t// filled in\n}\n";
    assert_eq!(merged(existing, RENDERED), format!("{existing}\nfunc B() bool {{\n\treturn false\n}}\n"));
    assert_eq!(merged(RENDERED, RENDERED), RENDERED);
}

#[test]
fn a_method_stands_behind_its_siblings() {
    let methods = "package x\n\nfunc (t *T) B() {}\n\nfunc (t *T) C() {}\n";
    let new = "func (t *T) B() {}\n\nfunc (t *T) C() {}\n";
    for (before, after) in [
        ("package x\n\ntype T int\n\nfunc (t T) A() {}\n\n", "func f() {}\n"),
        ("package x\n\nfunc f() {}\n\ntype T int\n\n", "// U is another one.\ntype U int\n"),
        ("package x\n\ntype T int\n\nfunc NewT() T {}\n\n", "func f() {}\n"),
        ("package x\n\ntype T int\n\nfunc (t T) A() {}\n\n", ""),
        ("package x\n\nfunc f() {}\n\n", ""),
    ] {
        let existing = format!("{before}{after}").trim_end().to_owned() + "\n";
        let gap = if after.is_empty() { "" } else { "\n" };
        assert_eq!(merged(&existing, methods), format!("{before}{new}{gap}{after}"));
    }
    // A comment right behind the type may be about it.
    let existing = "package x\n\ntype T int\n// end\n";
    assert_eq!(merged(existing, methods), format!("{existing}\n{new}"));
}

#[test]
fn a_new_declaration_brings_its_imports_under_the_files_own_names() {
    let existing = "package x\n\nimport (\n\tv1 \"k8s.io/apimachinery/pkg/apis/meta/v1\"\n\n\tvirtv1 \"kubevirt.io/api/core/v1\"\n)\n\nvar _ v1.Time\nvar _ virtv1.VMI\n\nfunc B() {}\n";
    let result = merged(existing, RENDERED);
    assert!(result.contains("import (\n\t\"errors\"\n\n\tv1 "), "{result}");
    assert!(
        result.ends_with("func B() {}\n\n// A does.\nfunc A(vmi *virtv1.VMI) error {\n\treturn errors.New(\"a\")\n}\n"),
        "{result}"
    );
}

#[test]
fn a_name_that_is_taken_gets_another_alias() {
    let existing = "package x\n\nimport (\n\tv1 \"k8s.io/api/core/v1\"\n)\n\nvar B v1.Pod\n";
    let result = merged(existing, RENDERED);
    assert!(result.contains("corev1 \"kubevirt.io/api/core/v1\""), "{result}");
    assert!(result.contains("func A(vmi *corev1.VMI)"), "{result}");
}

const SPECS: &str = "package x\n\nimport (\n\t. \"github.com/onsi/ginkgo/v2\"\n)\n\nvar _ = Describe(\"Clock\", func() {\n\tBeforeEach(func() {\n\t\ton()\n\t})\n\n\tContext(\"one\", func() {\n\t\tIt(\"a\", func() {\n\t\t\tFail(\"T001: not implemented\")\n\t\t})\n\n\t\tIt(\"b\", func() {\n\t\t\tFail(\"T001: not implemented\")\n\t\t})\n\t})\n\n\tContext(\"two\", func() {\n\t\tIt(\"c\", func() {\n\t\t\tFail(\"T002: not implemented\")\n\t\t})\n\t})\n})\n";

#[test]
fn a_missing_spec_goes_into_its_container() {
    let spec_b = "\n\t\tIt(\"b\", func() {\n\t\t\tFail(\"T001: not implemented\")\n\t\t})\n";
    let existing = SPECS.replace(spec_b, "").replace("Fail(\"T001: not implemented\")", "works()");
    let wanted = SPECS.replacen("Fail(\"T001: not implemented\")", "works()", 1);
    assert_eq!(merged(&existing, SPECS), wanted);
    // A blank line that is there already is the gap.
    let apart = existing.replace("works()\n\t\t})\n", "works()\n\t\t})\n\n");
    assert!(apart != existing);
    assert_eq!(merged(&apart, SPECS), wanted);
}

#[test]
fn a_missing_container_is_added_whole_and_a_spec_counts_wherever_it_stands() {
    let start = SPECS.find("\n\tContext(\"two\"").unwrap();
    let existing = format!("{}}})\n", &SPECS[..start]);
    assert_eq!(merged(&existing, SPECS), SPECS);
    let moved = "package x\n\nimport (\n\t. \"github.com/onsi/ginkgo/v2\"\n)\n\nvar _ = Describe(\"Mine\", func() {\n\tIt(\"a\", func() {})\n\tIt(\"b\", func() {})\n\tIt(\"c\", func() {})\n})\n";
    assert_eq!(merged(moved, SPECS), moved);
}

#[test]
fn a_tree_that_is_not_there_is_added_without_the_specs_that_are() {
    let existing = "package x\n\nimport (\n\t. \"github.com/onsi/ginkgo/v2\"\n)\n\nvar _ = Describe(\"Mine\", func() {\n\tIt(\"a\", func() {})\n})\n";
    let result = merged(existing, SPECS);
    let added = &result[existing.len()..];
    assert!(added.starts_with("\nvar _ = Describe(\"Clock\", func() {\n\tBeforeEach("), "{added}");
    assert!(!added.contains("It(\"a\"") && added.contains("It(\"b\"") && added.contains("It(\"c\""), "{added}");
}
