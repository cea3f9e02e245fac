//! The built-in sample: a feature, and a small tree in KubeVirt's shapes.

use include_dir::{Dir, DirEntry, include_dir};
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::tree::MemoryTree;

static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../tests/sample");

/// The sample's tasks.md.
pub fn tasks() -> Source {
    let file = SAMPLE.get_file("tasks.md").and_then(|file| file.contents_utf8());
    Source::new("tasks.md (built-in sample)", file.expect("the sample has a tasks.md"))
}

/// The sample's tree.
pub fn tree() -> MemoryTree {
    let mut files = Vec::new();
    if let Some(root) = SAMPLE.get_dir("kubevirt") {
        collect(root, &mut files);
    }
    MemoryTree::new(files)
}

/// The sample's build files are kept under another name, or Bazel would take its folders for packages
/// of this project.
pub fn built_name(path: &str) -> &str {
    path.strip_suffix("BUILD.bazel.in").map_or(path, |folder| &path[..folder.len() + "BUILD.bazel".len()])
}

fn collect(folder: &'static Dir<'static>, files: &mut Vec<(String, &'static str)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, files),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                let path = path.trim_start_matches("kubevirt/");
                files.push((built_name(path).to_owned(), file.contents_utf8().expect("the sample is text")));
            }
        }
    }
}
