//! The area in front of a commit's subject: what the history of the touched folders has there.

use std::collections::BTreeMap;

use crate::pipeline::Change;
use crate::tree::{file_name, parent};

/// The longest area that leaves room for a subject.
const LONGEST: usize = 24;

/// The folders whose history tells the area of some changes: those of Go files, without tests if there is anything else.
pub fn folders(changes: &[Change]) -> Vec<String> {
    let is_build = |change: &&Change| file_name(&change.path).starts_with("BUILD");
    let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
        let mut changes: Vec<&Change> =
            changes.iter().filter(|change| !is_build(change) && wanted(&change.path)).collect();
        changes.sort_by_key(|change| change.order);
        let mut found: Vec<String> = Vec::new();
        for change in changes {
            let folder = parent(&change.path).to_owned();
            if !found.contains(&folder) {
                found.push(folder);
            }
        }
        found
    };
    let code = of(&|path| path.ends_with(".go") && !path.ends_with("_test.go"));
    if code.is_empty() { of(&|_| true) } else { code }
}

/// The area by subjects of a folder's history; by its path if they have none.
pub fn area(subjects: &[&str], folder: &str) -> String {
    let mut counts: BTreeMap<String, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    for prefix in subjects.iter().filter_map(|subject| prefix(subject)) {
        let (count, spellings) = counts.entry(prefix.to_lowercase()).or_default();
        *count += 1;
        *spellings.entry(prefix).or_default() += 1;
    }
    // What names a part of the path fits every change there; another area may be that of one feature.
    let is_own = |area: &str| area.split([',', ' ', '/']).any(|word| folder.split('/').any(|part| part == word));
    let usual = counts.iter().filter(|(_, (count, _))| *count > 1);
    let most = usual.max_by_key(|(area, (count, _))| (is_own(area), *count)).map(|(_, found)| found);
    let spelled = most.and_then(|(_, spellings)| spellings.iter().max_by_key(|(_, count)| **count));
    spelled.map_or_else(|| of_path(folder), |(spelling, _)| (*spelling).to_owned())
}

/// `virt-handler` of `virt-handler: Report the heartbeat`.
fn prefix(subject: &str) -> Option<&str> {
    let (prefix, rest) = subject.split_once(": ")?;
    let is_area = |c: char| c.is_ascii_alphanumeric() || " ,/_.-".contains(c);
    let words = prefix.split_whitespace().count();
    let known = prefix.len() <= LONGEST && words <= 2 && prefix.chars().all(is_area) && !rest.trim().is_empty();
    // Those of robots and of git itself.
    let is_other = ["revert", "fixup", "squash", "wip", "run ", "merge", "automated"];
    let lower = prefix.to_lowercase();
    // What Conventional Commits have there is a kind of change.
    let is_kind = matches!(lower.as_str(), "fix" | "feat" | "chore" | "refactor" | "test" | "build" | "ci" | "style");
    (known && !is_kind && !is_other.iter().any(|word| lower.starts_with(word))).then_some(prefix)
}

/// The name of the component that a folder belongs to.
fn of_path(folder: &str) -> String {
    let parts: Vec<&str> = folder.split('/').collect();
    let name = match parts.as_slice() {
        ["staging", "src", _, module, ..] => module,
        ["pkg" | "cmd" | "tools", name, ..] => name,
        [name, ..] if !name.is_empty() => name,
        _ => "build",
    };
    name.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_names_the_area() {
        let history = [
            "virt-handler: bound sends",
            "Virt-handler: Reuse one mounter",
            "virt-handler: fix",
            "Bump kubevirtci",
            "tests: drop x",
            "Revert: virt-api",
            "Run cd ..: rpm-deps",
            "fix: a",
            "fix: b",
            "fix: c",
            "fix: d",
        ];
        assert_eq!(area(&history, "pkg/virt-handler/cache"), "virt-handler");
        assert_eq!(area(&history[3..], "pkg/virt-handler/cache"), "virt-handler");
        let features = ["migration: a", "migration: b", "migration: c", "virt-launcher: d", "virt-launcher: e"];
        assert_eq!(area(&features, "pkg/virt-launcher/virtwrap"), "virt-launcher");
        assert_eq!(area(&features, "pkg/util/migrations"), "migration");
        assert_eq!(area(&[], "tests/network"), "tests");
        assert_eq!(area(&[], "staging/src/kubevirt.io/api/core/v1"), "api");
        assert_eq!(area(&[], ""), "build");
    }
}
