//! Labels: which target an import is, and how buildifier sorts them.

use crate::go::is_standard;

/// How import paths become labels in this checkout.
#[derive(Clone, Debug)]
pub struct Labels {
    /// The module's own prefix, `kubevirt.io/kubevirt`.
    pub module: String,
    /// The import paths that live below `staging/src`, such as `kubevirt.io/api`.
    pub staging: Vec<String>,
    /// Imports whose label a directive names: `# gazelle:resolve go IMPORT LABEL`.
    pub resolved: Vec<(String, String)>,
}

/// The directives of a BUILD file that say what an import is.
pub fn resolve_directives(text: &str) -> Vec<(String, String)> {
    let directives = text.lines().filter_map(|line| line.trim().strip_prefix("# gazelle:resolve go "));
    directives
        .filter_map(|directive| {
            let words: Vec<&str> = directive.split_whitespace().collect();
            match words[..] {
                [import, label] | ["go", import, label] => Some((import.to_owned(), label.to_owned())),
                _ => None,
            }
        })
        .collect()
}

impl Labels {
    /// The label of an import, as seen from a package; none for the standard library and cgo.
    pub fn of(&self, import: &str, from: &str) -> Option<String> {
        if is_standard(import) {
            return None;
        }
        if let Some((_, label)) = self.resolved.iter().find(|(known, _)| known == import) {
            return Some(label.clone());
        }
        if import == from {
            return Some(format!(":{}", super::LIBRARY));
        }
        let below = |prefix: &str| import.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let package = if let Some(rest) = below(&self.module) {
            rest.trim_start_matches('/').to_owned()
        } else if self.staging.iter().any(|staged| below(staged).is_some()) {
            format!("staging/src/{import}")
        } else {
            format!("vendor/{import}")
        };
        Some(format!("//{package}:{}", super::LIBRARY))
    }
}

/// Sorts as buildifier does: local labels, then the repository's, then other ones; within them
/// part by part, where `.` and `:` separate parts.
pub(super) fn sorted(mut items: Vec<String>) -> Vec<String> {
    items.sort_by(|a, b| key(a).cmp(&key(b)));
    items.dedup();
    items
}

/// The key that buildifier sorts a string by.
pub(super) fn key(item: &str) -> (u8, Vec<&str>, &str) {
    let phase = match item.as_bytes() {
        [b':', ..] => 1,
        [b'/', b'/', ..] => 2,
        [b'@', ..] => 3,
        _ => 0,
    };
    (phase, item.split(['.', ':']).collect(), item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_become_the_labels_of_kubevirts_layout() {
        let labels = Labels {
            module: "kubevirt.io/kubevirt".to_owned(),
            staging: vec!["kubevirt.io/api".to_owned(), "kubevirt.io/client-go".to_owned()],
            resolved: resolve_directives("# gazelle:prefix x\n# gazelle:resolve go golang.org/x/a @a//:b\n"),
        };
        for (import, label) in [
            ("fmt", None),
            ("C", None),
            ("golang.org/x/a", Some("@a//:b")),
            ("kubevirt.io/kubevirt/pkg/virt-config", Some("//pkg/virt-config:go_default_library")),
            ("kubevirt.io/api/core/v1", Some("//staging/src/kubevirt.io/api/core/v1:go_default_library")),
            ("kubevirt.io/apix", Some("//vendor/kubevirt.io/apix:go_default_library")),
            ("k8s.io/api/core/v1", Some("//vendor/k8s.io/api/core/v1:go_default_library")),
            ("kubevirt.io/kubevirt/pkg/x", Some(":go_default_library")),
        ] {
            assert_eq!(labels.of(import, "kubevirt.io/kubevirt/pkg/x").as_deref(), label, "{import}");
        }
    }

    #[test]
    fn lists_are_sorted_part_by_part() {
        let items = ["foo-bar.go", "foo.go", "//pkg/b:x", ":x", "@r//a", "//pkg/a:x"].map(str::to_owned);
        assert_eq!(sorted(items.to_vec()), ["foo.go", "foo-bar.go", ":x", "//pkg/a:x", "//pkg/b:x", "@r//a"]);
    }
}
