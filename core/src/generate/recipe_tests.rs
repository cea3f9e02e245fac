use super::*;

const TEXT: &str = r#"#!/usr/bin/env bash
set -ex
source $(dirname "$0")/common.sh

CLIENT_BASE=kubevirt.io/client-go
# types
swagger-doc -in ${KUBEVIRT_DIR}/staging/src/kubevirt.io/api/core/v1/types.go
deepcopy-gen \
    --bounding-dirs kubevirt.io/api \
    --go-header-file ${KUBEVIRT_DIR}/hack/header.txt \
    kubevirt.io/api/core/v1
if cmp ${KUBEVIRT_DIR}/api/a.list ${KUBEVIRT_DIR}/api/known.list; then
    echo "fine"
else
    diff -u ${KUBEVIRT_DIR}/api/known.list ${KUBEVIRT_DIR}/api/a.list || true
    exit 2
fi
client-gen --output-pkg ${CLIENT_BASE}/kubevirt
find ${KUBEVIRT_DIR}/pkg/ -name "*generated*.go" -exec rm {} -f \;
${KUBEVIRT_DIR}/hack/build-go.sh generate ${WHAT}
(
    cd ${KUBEVIRT_DIR}/staging/src/kubevirt.io/client-go &&
        GOFLAGS= controller-gen crd paths=../api/core/v1/
    cd config/crd
    for file in *; do
        tail -n +3 $file >$file"new"
        mv $file"new" $file
    done
    cd ${KUBEVIRT_DIR}/tools/validation/ && go_build
    cd ${KUBEVIRT_DIR}
    ${KUBEVIRT_DIR}/tools/validation/validation
)
rm -rf ${KUBEVIRT_DIR}/staging/src/kubevirt.io/client-go/config
/${KUBEVIRT_DIR}/hack/bootstrap-ginkgo.sh
(cd ${KUBEVIRT_DIR}/tools/docs/ && go_build)
(
    cd ${KUBEVIRT_DIR}/docs/observability
    ${KUBEVIRT_DIR}/tools/docs/docs >metrics.md
)
rm -f ${KUBEVIRT_DIR}/examples/*
ResourceDir=${KUBEVIRT_DIR}/manifests/generated
${KUBEVIRT_DIR}/tools/docs/docs --type=kv --namespace='{{.Namespace}}' >${ResourceDir}/kv.yaml.in
sed -i "s/1111.1111/{{.CsvVersion}}/g" ${KUBEVIRT_DIR}/manifests/generated/kv.yaml.in
sum=$(getSum ".X")
${KUBEVIRT_DIR}/tools/docs/docs --sum="$sum"
${KUBEVIRT_DIR}/hack/gen-proto.sh
frobnicate --all
"#;

#[test]
fn a_script_is_read_command_by_command() {
    let recipe = read(TEXT);
    let shown = |step: &Step| match &step.action {
        Action::Run(run) => {
            let program = match &run.program {
                Program::Pinned(name) => name.clone(),
                Program::Own(folder) => format!("own {folder}"),
                Program::Go => "go".to_owned(),
            };
            let output = run.output.as_deref().map(|path| format!(" > {path}")).unwrap_or_default();
            format!("{program} {}{output} in {}", run.arguments.len(), step.folder)
        }
        action => format!("{action:?}"),
    };
    let steps: Vec<String> = recipe.steps.iter().map(shown).collect();
    let expected = [
        "swagger-doc 2 in ",
        "deepcopy-gen 5 in ",
        "Same(\"api/a.list\", \"api/known.list\")",
        "client-gen 2 in ",
        "GoGenerate",
        "controller-gen 2 in staging/src/kubevirt.io/client-go",
        "DropHead(2)",
        "own tools/validation 0 in ",
        "RemoveFolder(\"staging/src/kubevirt.io/client-go/config\")",
        "own tools/docs 0 > docs/observability/metrics.md in docs/observability",
        "Clear(\"examples\", [])",
        "own tools/docs 2 > manifests/generated/kv.yaml.in in ",
        "Replace { path: \"manifests/generated/kv.yaml.in\", from: \"1111.1111\", to: \"{{.CsvVersion}}\" }",
    ];
    assert_eq!(steps, expected);
    let groups: Vec<Option<usize>> = recipe.steps[5..10].iter().map(|step| step.group).collect();
    assert_eq!(groups, [Some(1), Some(1), Some(1), None, Some(3)]);
    assert_eq!(recipe.steps[6].folder, "staging/src/kubevirt.io/client-go/config/crd");
    let Action::Run(run) = &recipe.steps[3].action else { panic!("{:?}", recipe.steps[3]) };
    assert_eq!(run.arguments, ["--output-pkg", "kubevirt.io/client-go/kubevirt"]);
    let Action::Run(run) = &recipe.steps[5].action else { panic!("{:?}", recipe.steps[5]) };
    assert_eq!(run.variables, [("GOFLAGS".to_owned(), String::new())]);
}

#[test]
fn what_is_not_understood_is_named() {
    let left: Vec<(String, &str, Option<When>)> =
        read(TEXT).left.into_iter().map(|left| (left.text, left.reason.leak() as &str, left.when)).collect();
    let text = |at: usize| (left[at].0.as_str(), left[at].1);
    assert_eq!(left.len(), 4, "{left:?}");
    assert_eq!(left[0].2, Some(When::SuiteIsMissing));
    assert_eq!(text(1).1, "this program does not read the variable sum, which nothing here sets");
    assert_eq!(text(2), ("hack/gen-proto.sh", "it needs protoc"));
    assert_eq!(text(3), ("frobnicate --all", "this program does not know `frobnicate`"));
}

#[test]
fn a_function_that_prints_a_text_is_read() {
    let script = "function getVersion() {\n    echo \"{{if $1}}@{{$1}}{{else}}:{{.Tag}}{{end}}\"\n}\nsha() {\n    echo \"{{$1}}\"\n}\nversion=$(getVersion \".ApiSha\")\nswagger-doc -in x.go --a=\"$version\" --b=\"$(sha .B)\"\nodd() {\n    date\n}\nswagger-doc -in $(odd)\n";
    let recipe = read(script);
    let Action::Run(run) = &recipe.steps[0].action else { panic!("{recipe:?}") };
    assert_eq!(run.arguments, ["-in", "x.go", "--a={{if .ApiSha}}@{{.ApiSha}}{{else}}:{{.Tag}}{{end}}", "--b={{.B}}"]);
    assert_eq!((recipe.steps.len(), recipe.left.len()), (1, 2), "{recipe:?}");
}

#[test]
fn a_file_that_is_made_under_another_name_is_moved() {
    let script = "(cd ${KUBEVIRT_DIR}/tools/docs/ && go_build)\n(\n    cd ${KUBEVIRT_DIR}/docs\n    ${KUBEVIRT_DIR}/tools/docs/docs >new.md\n    mv new.md metrics.md\n)\nmv a b c\nmv a /etc/b\n";
    let recipe = read(script);
    assert_eq!(recipe.steps[1].action, Action::Rename("docs/new.md".to_owned(), "docs/metrics.md".to_owned()));
    assert_eq!((recipe.steps.len(), recipe.left.len()), (2, 2), "{recipe:?}");
}

#[test]
fn other_commands_are_left_too() {
    for line in [
        "while true; do\n  deepcopy-gen x\ndone",
        "cleanup() {\n  rm -rf x\n}",
        "deepcopy-gen x | tee y",
        "deepcopy-gen $(go list ./...)",
        "deepcopy-gen ./pkg/*",
        "deepcopy-gen x >/etc/passwd",
        "rm -rf /",
        "rm -rf ${KUBEVIRT_DIR}",
        "rm -rf ../x",
        "sed -i 's/a.*b/c/g' x",
        "bash -c 'deepcopy-gen x'",
        "tools/unbuilt/unbuilt",
    ] {
        let recipe = read(line);
        assert!(recipe.steps.is_empty() && recipe.left.len() == 1, "{line}: {recipe:?}");
    }
}

#[test]
fn test_data_is_written_and_judged() {
    let recipe = read_test_data(
        "#!/usr/bin/env bash\nset -e\nrm -f staging/src/api/HEAD/*.{yaml,json}\nhack/dockerized \"UPDATE=true go test -mod=readonly kubevirt.io/api/apitesting -run //HEAD >/dev/null 2>&1 || true && go test -mod=readonly kubevirt.io/api/apitesting -run //HEAD -count=1\"\n",
    );
    assert_eq!(recipe.left, []);
    let [clear, write, judge] = &*recipe.steps else { panic!("{recipe:?}") };
    let ends = [".yaml", ".json"].map(str::to_owned).to_vec();
    assert_eq!(clear.action, Action::Clear("staging/src/api/HEAD".to_owned(), ends));
    let Action::Run(write) = &write.action else { panic!("{write:?}") };
    assert!(write.may_fail && write.variables == [("UPDATE".to_owned(), "true".to_owned())]);
    let Action::Run(judge) = &judge.action else { panic!("{judge:?}") };
    assert!(!judge.may_fail && judge.arguments.last().is_some_and(|last| last == "-count=1"));
    assert_eq!(read_test_data("hack/dockerized \"make it\"\n").left.len(), 1);
}
