//! What is left to `make generate`, and whether a change asks for it.

use super::choose::Changed;
use super::recipe::ROOT;
use crate::tree::{Tree, join, parent};

/// A command that is left to `make generate`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Left {
    /// The script.
    pub script: &'static str,
    /// Its line.
    pub line: usize,
    /// Its first words.
    pub text: String,
    /// Why.
    pub reason: String,
    /// When it has something to do; nothing if that is not known.
    pub when: Option<When>,
}

/// When a script of the checkout has something to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// A file with this end changes.
    Changes(&'static str),
    /// A folder has specs and no suite.
    SuiteIsMissing,
    /// A rule for tests does not say that they run with the race detector.
    RaceIsOff,
}

/// Scripts that need more than Go, or that nothing has to be generated for.
pub(super) const SCRIPTS: &[(&str, &str, When)] = &[
    ("hack/gen-proto.sh", "it needs protoc", When::Changes(".proto")),
    ("hack/bootstrap-ginkgo.sh", "it writes the suite of a package that has specs and no suite", When::SuiteIsMissing),
    ("hack/bazel-race.sh", "it marks tests in BUILD.bazel", When::RaceIsOff),
];

impl Left {
    /// Whether a change asks for it, as far as that is known.
    pub(super) fn matters(&self, tree: &dyn Tree, changed: &[Changed]) -> bool {
        let Some(when) = self.when else { return true };
        let script = tree.read(self.text.trim_start_matches('/')).ok().flatten();
        let is_asked = |file: &Changed| match when {
            When::Changes(end) => file.path.ends_with(end),
            When::SuiteIsMissing => {
                let names = tree.list(parent(&file.path));
                is_spec(tree, file, script.as_deref()) && !names.iter().any(|name| name.ends_with("_suite_test.go"))
            }
            // Where Bazel builds nothing, nobody needs to hear of its files.
            When::RaceIsOff => {
                let rules = tree.read(&join(parent(&file.path), "BUILD.bazel")).ok().flatten().unwrap_or_default();
                is_spec(tree, file, script.as_deref()) && rules.contains("go_test(") && !rules.contains("race = ")
            }
        };
        changed.iter().any(is_asked)
    }
}

/// Whether a file has specs, and lies in a folder that a script names. A script that names none may look anywhere.
fn is_spec(tree: &dyn Tree, file: &Changed, script: Option<&str>) -> bool {
    let path = file.path.as_str();
    let folders = script.into_iter().flat_map(|script| script.split(|c: char| c.is_whitespace() || "\"'".contains(c)));
    let folders = folders.filter_map(|word| {
        let below = word.strip_prefix(ROOT).and_then(|rest| rest.strip_prefix('/')).filter(|rest| rest.ends_with('/'));
        below.or_else(|| word.strip_prefix("//").and_then(|rest| rest.strip_suffix("...:*")))
    });
    let folders: Vec<&str> = folders.collect();
    path.ends_with("_test.go")
        && tree.kind(path).is_some()
        && (folders.is_empty() || folders.iter().any(|folder| path.starts_with(folder)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn a_script_is_asked_for_where_it_has_something_to_do() {
        let tree = MemoryTree::new([
            ("hack/bootstrap-ginkgo.sh", "FOLDERS=\"${KUBEVIRT_DIR}/cmd/ ${KUBEVIRT_DIR}/pkg/\"\n"),
            ("hack/bazel-race.sh", "run //pkg/...:* \\\n    //tools/util/...:*\n"),
            ("pkg/a/a_test.go", ""),
            ("pkg/a/a_suite_test.go", ""),
            ("pkg/a/BUILD.bazel", "go_test(\n    name = \"x\",\n    race = \"on\",\n)\n"),
            ("pkg/b/b_test.go", ""),
            ("pkg/b/BUILD.bazel", "go_test(\n    name = \"x\",\n)\n"),
            ("tests/c/c_test.go", ""),
            ("tests/c/BUILD.bazel", "go_test(\n    name = \"x\",\n)\n"),
        ]);
        let asked = |path: &str| {
            let changed = [Changed { path: path.to_owned(), before: None }];
            let left = SCRIPTS.iter().map(|(script, reason, when)| Left {
                script: "x",
                line: 1,
                text: (*script).to_owned(),
                reason: (*reason).to_owned(),
                when: Some(*when),
            });
            let asked = left.filter(|left| left.matters(&tree, &changed)).map(|left| left.text);
            asked.collect::<Vec<_>>()
        };
        assert_eq!(asked("pkg/a/a_test.go"), [""; 0]);
        assert_eq!(asked("pkg/b/b_test.go"), ["hack/bootstrap-ginkgo.sh", "hack/bazel-race.sh"]);
        assert_eq!(asked("pkg/b/gone_test.go"), [""; 0]);
        assert_eq!(asked("tests/c/c_test.go"), [""; 0], "neither script looks there");
        assert_eq!(asked("pkg/b/b.go"), [""; 0]);
        assert_eq!(asked("pkg/b/b.proto"), ["hack/gen-proto.sh"]);
    }
}
