//! Paths that people write, and where a checkout has what they mean.

use super::{ACCESSORS, FEATURE_GATES};
use crate::tree::{Tree, file_name, join, parent};

/// Where the staging modules are.
const STAGING: &str = "staging/src/kubevirt.io/";

/// Where a checkout has, or would have, what a path means that is not there; nothing where that is not clear.
pub fn relocated(tree: &dyn Tree, path: &str) -> Option<String> {
    let (folder, name) = (parent(path), file_name(path));
    // `api/core/v1/` is short for the staging module.
    if path.starts_with("api/") || path.starts_with("client-go/") {
        let staged = format!("{STAGING}{path}");
        if tree.kind(parent(&staged)).is_some() {
            return Some(staged);
        }
    }
    // A file without its folder, where only one can be meant.
    if folder.is_empty() {
        let homes = [FEATURE_GATES, "pkg/virt-config", "staging/src/kubevirt.io/api/core/v1"];
        if let Some(only) = only(tree, name, homes.map(str::to_owned)) {
            return Some(only);
        }
    }
    // `docs/metrics.md` is `docs/observability/metrics.md`.
    if folder == "docs" {
        let below = tree.list("docs").into_iter().map(|name| join("docs", &name));
        if let Some(only) = only(tree, name, below) {
            return Some(only);
        }
    }
    let is_package = |folder: &str| tree.list(folder).iter().any(|name| name.ends_with(".go"));
    // Before gates had a package of their own, they stood beside their accessors.
    if folder == FEATURE_GATES && name.ends_with(".go") && !is_package(folder) {
        let is_test = name.ends_with("_test.go");
        return Some(if is_test { join(parent(folder), name) } else { ACCESSORS.to_owned() });
    }
    // virt-controller is a folder of packages, not a package.
    if folder == "pkg/virt-controller" && name.ends_with(".go") && !is_package(folder) {
        return Some(format!("pkg/virt-controller/watch/vmi/{name}"));
    }
    None
}

/// The file of a name in some folders, if only one of them has it.
fn only(tree: &dyn Tree, name: &str, folders: impl IntoIterator<Item = String>) -> Option<String> {
    let mut found = folders.into_iter().map(|folder| join(&folder, name)).filter(|path| tree.kind(path).is_some());
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
