//! What Go's tools said before the scaffolds: the same questions, asked of the files as they were.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use kubevirt_scaffold_core::plan::Earlier;
use serde_json::json;

use super::Evidence;
use crate::go::{GO_FLAGS, Go, Run, groups};
use crate::progress::timed;

/// What was said of the files that something is said about now. Go reads the old texts from an overlay: the checkout is
/// left alone.
pub(super) fn before(root: &Path, now: &Evidence, earlier: &Earlier) -> Result<Option<Box<Evidence>>> {
    let go_files = || earlier.files.iter().filter(|(path, _)| path.ends_with(".go"));
    let known: Vec<&str> = go_files().filter(|(_, file)| file.pristine.is_some()).map(|(path, _)| &**path).collect();
    let is_asked = |path: &&str| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        // A stub fails by itself.
        let fails = |run: &Run| run.is_red() && !run.message.contains(": not implemented");
        let has_failed = now.runs.get(folder).is_some_and(|runs| runs.iter().any(fails));
        now.complaints.contains_key(*path) || now.broken.contains_key(folder) || has_failed
    };
    let asked: Vec<&str> = known.iter().copied().filter(is_asked).collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let aside = tempfile::TempDir::new().context("making a folder for the files as they were")?;
    let mut replaced = BTreeMap::new();
    let root = std::fs::canonicalize(root)?;
    for (path, file) in go_files() {
        let place = match &file.pristine {
            None => String::new(),
            Some(text) => {
                let place = aside.path().join(&**path);
                if let Some(folder) = place.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                std::fs::write(&place, &**text)?;
                place.display().to_string()
            }
        };
        replaced.insert(root.join(&**path).display().to_string(), place);
    }
    let overlay = aside.path().join("overlay.json");
    std::fs::write(&overlay, json!({ "Replace": replaced }).to_string())?;
    let Ok(go) = Go::find(&root, GO_FLAGS) else { return Ok(None) };
    let go = go.overlaid(GO_FLAGS, &overlay);
    let mut evidence = Evidence::default();
    for group in groups(&asked) {
        let targets = group.targets();
        let said = timed(&format!("go vet {} as it was", targets.join(" ")), || go.vetted(&targets, &|_| true))?;
        for said in said {
            evidence.vet(&at_home(&said, aside.path()));
        }
        for folder in group.tested {
            match timed(&format!("go test ./{folder} as it was"), || go.specs(folder, &[]))? {
                Ok(runs) => drop(evidence.runs.insert(folder.to_owned(), runs)),
                Err(reason) => evidence.vet(&at_home(&reason, aside.path())),
            }
        }
    }
    let places: Vec<String> = asked.iter().map(|path| aside.path().join(path).display().to_string()).collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    for line in go.unformatted(&places)? {
        let line = at_home(&line, aside.path());
        evidence.complain(line.trim_start_matches("gofmt: "), "not formatted with gofmt");
    }
    Ok(Some(Box::new(evidence)))
}

/// Complaints about old texts, as if they stood in the checkout: Go names them by where they are, from here or from the
/// root of the disk.
fn at_home(said: &str, aside: &Path) -> String {
    let name = aside.file_name().map(|name| format!("{}/", name.to_string_lossy())).unwrap_or_default();
    let line = |line: &str| match line.split_once(&name) {
        Some((before, rest)) => {
            let prefix = ["vet: ", "gofmt: "].into_iter().find(|prefix| before.starts_with(prefix)).unwrap_or_default();
            format!("{prefix}{rest}")
        }
        None => line.to_owned(),
    };
    said.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::at_home;

    #[test]
    fn old_texts_are_told_as_files_of_the_checkout() {
        let said =
            "go vet ./pkg/x:\n../tmp/.old/pkg/x/x.go:3:1: %d is wrong\nvet: /tmp/.old/pkg/x/y.go:1:1: undefined: y";
        let expected = "go vet ./pkg/x:\npkg/x/x.go:3:1: %d is wrong\nvet: pkg/x/y.go:1:1: undefined: y";
        assert_eq!(at_home(said, "/tmp/.old".as_ref()), expected);
    }
}
