use super::super::recipe::{read, read_test_data};
use super::*;
use crate::tree::MemoryTree;

const SCRIPT_TEXT: &str = r#"swagger-doc -in ${KUBEVIRT_DIR}/staging/src/kubevirt.io/api/core/v1/types.go
deepcopy-gen --output-file deepcopy_generated.go kubevirt.io/api/core/v1 kubevirt.io/api/pool/v1
openapi-gen --output-dir ${KUBEVIRT_DIR}/staging/src/kubevirt.io/client-go/api --report-filename ${KUBEVIRT_DIR}/api/found.list kubevirt.io/api/core/v1
if cmp ${KUBEVIRT_DIR}/api/found.list ${KUBEVIRT_DIR}/api/known.list; then
    echo "fine"
else
    exit 2
fi
client-gen --clientset-name kubevirt --input-base kubevirt.io/api --input core/v1,pool/v1 --output-dir ${KUBEVIRT_DIR}/staging/src/kubevirt.io/client-go
${KUBEVIRT_DIR}/hack/build-go.sh generate ${WHAT}
(
    cd ${KUBEVIRT_DIR}/staging/src/kubevirt.io/client-go
    GOFLAGS= controller-gen crd paths=../api/core/v1/
    GOFLAGS= controller-gen crd paths=../api/pool/v1/
    cd ${KUBEVIRT_DIR}/tools/validation && go_build
    cd ${KUBEVIRT_DIR}
    ${KUBEVIRT_DIR}/tools/validation/validation
)
rm -rf ${KUBEVIRT_DIR}/staging/src/kubevirt.io/client-go/config
(cd ${KUBEVIRT_DIR}/tools/docs && go_build)
rm -f ${KUBEVIRT_DIR}/docs/made/*
${KUBEVIRT_DIR}/tools/docs/docs >${KUBEVIRT_DIR}/docs/made/metrics.md
${KUBEVIRT_DIR}/hack/gen-proto.sh
"#;

const TYPES: &str = "package v1\n\n// +genclient\n\n// A is one.\ntype A struct {\n\tX int\n}\n";

fn tree() -> MemoryTree {
    MemoryTree::new([
        ("go.mod", "module kubevirt.io/kubevirt\n"),
        ("staging/src/kubevirt.io/api/core/v1/types.go", TYPES),
        ("staging/src/kubevirt.io/api/pool/v1/types.go", "package v1\n\nimport \"kubevirt.io/api/core/v1\"\n"),
        ("staging/src/kubevirt.io/client-go/api/openapi_generated.go", "package api\n"),
        ("BUILD.bazel", "load(x)\n\ngoimports(\n    local = [\"kubevirt.io/kubevirt\"],\n)\n"),
        ("api/found.list", ""),
        ("api/known.list", ""),
        ("tools/validation/main.go", "package main\n"),
        ("tools/docs/main.go", "package main\n\nimport \"kubevirt.io/kubevirt/pkg/metrics\"\n"),
        ("docs/made/metrics.md", "# x\n"),
        ("pkg/metrics/metrics.go", "package metrics\n"),
        ("pkg/domain/manager.go", "package domain\n\n//go:generate mockgen -source $GOFILE -package=$GOPACKAGE\n"),
        ("pkg/odd/odd.go", "package odd\n\n//go:generate stringer -type=X\n"),
    ])
}

fn chosen(changed: &[(&str, Option<&str>)]) -> Plan {
    let changed: Vec<Changed> = changed
        .iter()
        .map(|(path, before)| Changed { path: (*path).to_owned(), before: before.map(Into::into) })
        .collect();
    choose(&tree(), &[read(SCRIPT_TEXT)], &changed)
}

fn names(plan: &Plan) -> Vec<String> {
    plan.chosen.iter().map(Chosen::name).collect()
}

#[test]
fn a_field_of_the_api_asks_for_what_is_made_of_types() {
    let plan = chosen(&[(
        "staging/src/kubevirt.io/api/core/v1/types.go",
        Some("package v1\n\n// +genclient\n\n// A is one.\ntype A struct {\n}\n"),
    )]);
    let expected = [
        "swagger-doc kubevirt.io/api/core/v1/types.go",
        "deepcopy-gen kubevirt.io/api/pool/v1",
        "openapi-gen kubevirt.io/api/core/v1",
        "if cmp api/found.list api/known.list; then",
        "controller-gen kubevirt.io/api/core/v1",
        "controller-gen kubevirt.io/api/pool/v1",
        "validation",
        "rm -rf staging/src/kubevirt.io/client-go/config",
    ];
    assert_eq!(names(&plan), expected);
    assert_eq!(plan.chosen[1].reason, "staging/src/kubevirt.io/api/core/v1/types.go");
    let after: Vec<&[usize]> = plan.chosen.iter().map(|chosen| chosen.after.as_slice()).collect();
    assert_eq!(after[0], [0usize; 0]);
    assert_eq!(after[1], [0], "both write into the folder of the types");
    assert_eq!(after[2], [0, 1], "it reads what these write");
    assert_eq!(after[3], [2]);
    assert_eq!(after[5], [0, 1], "two groups are independent of each other, and of the definitions");
    assert_eq!(after[6], [0, 1, 2, 3, 4, 5], "nobody says what it writes");
    let code: Vec<&[usize]> = plan.chosen.iter().map(|chosen| chosen.code_from.as_slice()).collect();
    assert_eq!(code[2], [0, 1], "the types, and what is made of them beside them");
    assert_eq!(code[6], [0usize; 0], "it imports nothing that any of them writes");
    assert_eq!(plan.left, []);
}

#[test]
fn clients_are_made_for_new_kinds_only() {
    let plan = chosen(&[("staging/src/kubevirt.io/api/core/v1/types.go", Some("package v1\n"))]);
    assert!(names(&plan).contains(&"client-gen kubevirt.io/client-go".to_owned()), "{:?}", names(&plan));
}

#[test]
fn a_package_that_imports_nothing_that_changed_is_left_alone() {
    assert_eq!(names(&chosen(&[("pkg/metrics/metrics.go", None)])), ["rm -f docs/made/*", "docs docs/made/metrics.md"]);
    assert_eq!(names(&chosen(&[("pkg/domain/manager.go", None)])), ["go generate in pkg/domain"]);
    assert_eq!(names(&chosen(&[("pkg/domain/manager_test.go", None)])), [""; 0]);
    assert_eq!(
        names(&chosen(&[("docs/made/metrics.md", None)])).last().map(String::as_str),
        Some("docs docs/made/metrics.md")
    );
    assert!(names(&chosen(&[("hack/generate.sh", None)])).len() > 9);
}

#[test]
fn what_is_left_is_named_where_it_may_matter() {
    let left = |plan: Plan| plan.left.into_iter().map(|left| left.text).collect::<Vec<_>>();
    assert_eq!(left(chosen(&[("pkg/x/x.proto", None)])), ["hack/gen-proto.sh"]);
    assert_eq!(left(chosen(&[("pkg/metrics/metrics.go", None)])), [""; 0]);
    let odd = choose(&tree(), &[read(SCRIPT_TEXT)], &[Changed { path: "pkg/odd/odd.go".to_owned(), before: None }]);
    assert!(odd.left[0].reason.contains("stringer"), "{odd:?}");
}

#[test]
fn test_data_stands_and_falls_together() {
    let script = "rm -f staging/src/kubevirt.io/api/data/*.{yaml,json}\nhack/dockerized \"U=true go test kubevirt.io/api/pool/v1 >/dev/null 2>&1 || true && go test kubevirt.io/api/pool/v1\"\n";
    let changed = |path: &str| [Changed { path: path.to_owned(), before: None }];
    let recipe = [read_test_data(script)];
    assert_eq!(choose(&tree(), &recipe, &changed("staging/src/kubevirt.io/api/core/v1/types.go")).chosen.len(), 3);
    assert_eq!(choose(&tree(), &recipe, &changed("pkg/metrics/metrics.go")).chosen, []);
}
