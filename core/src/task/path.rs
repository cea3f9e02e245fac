//! Paths in prose: which words of a task name a file.

use std::collections::BTreeSet;

use super::TaskPath;
use crate::text::Span;

/// The top-level folders of a KubeVirt checkout: a word that starts with one is a path.
const ROOTS: &[&str] = &[
    "api",
    "assets",
    "bazel",
    "cmd",
    "containerimages",
    "docs",
    "examples",
    "hack",
    "images",
    "kubevirtci",
    "manifests",
    "pkg",
    "rpm",
    "staging",
    "tests",
    "tools",
    "vendor",
];

/// How much a text is expected to name files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Expect {
    /// `File: …`: every code span and every word that could be a path is one.
    Paths,
    /// Prose: only words that can be nothing else.
    Prose,
    /// Prose: whatever looks like a file or a folder, wherever it lies.
    Any,
}

/// The paths in `span`, in order.
pub(super) fn paths(source: &str, span: Span, expect: Expect) -> Vec<TaskPath> {
    let mut found: Vec<TaskPath> = Vec::new();
    let mut known = BTreeSet::new();
    for word in words(source, span).into_iter().flat_map(|word| split(source, word, expect)) {
        let Some(path) = path(source, word, expect) else { continue };
        if known.insert(path.span.of(source)) {
            found.push(path);
        }
    }
    if let Some(last) = found.last_mut() {
        last.note = note(&source[last.span.end..span.end]);
        if last.lines.is_none() {
            last.lines = last.note.as_deref().and_then(lines_in_words);
        }
    }
    found
}

/// A word and whether it is a code span.
#[derive(Clone, Copy)]
struct Word {
    span: Span,
    code: bool,
}

/// Code spans, link targets, and runs of characters that paths are made of.
fn words(source: &str, span: Span) -> Vec<Word> {
    let text = span.of(source);
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        if next == '`' {
            let ticks = text[at..].len() - text[at..].trim_start_matches('`').len();
            let open = at + ticks;
            if let Some(length) = text[open..].find(&"`".repeat(ticks)) {
                words.push(Word { span: Span::new(open, open + length).shifted(span.start), code: true });
                at = open + length + ticks;
                continue;
            }
            at = open;
        } else if is_path_char(next) {
            let length = text[at..].len() - text[at..].trim_start_matches(is_path_char).len();
            let word = text[at..at + length].trim_end_matches(['.', ',', ':']);
            words.push(Word { span: Span::new(at, at + word.len()).shifted(span.start), code: false });
            at += length;
        } else {
            at += next.len_utf8();
        }
    }
    words
}

/// The words of a command in code are words by themselves: `go test ./pkg/...`.
fn split(source: &str, word: Word, expect: Expect) -> Vec<Word> {
    let raw = word.span.of(source);
    if !(word.code && expect == Expect::Any && raw.trim().contains(' ')) {
        return vec![word];
    }
    let mut at = word.span.start;
    let parts = raw.split(' ').map(|part| {
        let span = Span::new(at, at + part.len());
        at = span.end + 1;
        Word { span, code: false }
    });
    parts.collect()
}

/// ASCII only: in Chinese or Japanese prose no space separates a path from the words around it.
fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '/' | '.' | '_' | '-' | '~' | '[' | ']' | '*' | '{' | '}' | '@' | '+' | ':' | '\\')
}

fn path(source: &str, word: Word, expect: Expect) -> Option<TaskPath> {
    let raw = word.span.of(source);
    let (text, lines) = split_lines(raw.trim());
    if text.is_empty() || text.contains("://") || text.contains(['<', '>', '"', '=', '|', ';', '(']) {
        return None;
    }
    let named = match expect {
        // `field *k8sfield.Path` is a parameter.
        Expect::Paths if word.code => {
            let is_name = !text.contains(' ') && extension(text).is_some();
            text.contains(['/', '\\']) || is_name || text == ".."
        }
        Expect::Paths => {
            !text.contains(' ') && (text.contains(['/', '\\']) && looks_like_path(text) || source_file(text))
        }
        Expect::Prose => !text.contains(' ') && text.contains('/') && looks_like_path(text),
        Expect::Any => any_path(text, word.code),
    };
    if !named {
        return None;
    }
    let start = word.span.start + (raw.len() - raw.trim_start().len());
    Some(TaskPath { text: text.to_owned(), span: Span::new(start, start + text.len()), lines, note: None })
}

/// A word that can be nothing but a path: it starts in a folder of the tree, or names a source file.
fn looks_like_path(text: &str) -> bool {
    let relative = text.trim_start_matches("./");
    let rooted = relative.split('/').next().is_some_and(|first| ROOTS.contains(&first));
    rooted || source_file(text)
}

/// Whatever looks like a file or a folder, wherever it lies.
fn any_path(text: &str, code: bool) -> bool {
    if text.contains(char::is_whitespace)
        || text.starts_with(['@', '#', '-', '+'])
        || text.contains("...")
        || text.contains("//")
    {
        return false;
    }
    let name = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_file = is_named_file(text);
    let hidden = name.len() > 3 && name.starts_with('.') && name[1..].starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = matches!(name, "Makefile" | "Dockerfile" | "WORKSPACE" | "README" | "LICENSE" | "CODEOWNERS");
    if !text.contains(['/', '\\']) {
        return plain || hidden && name.matches('.').count() <= 3 || is_file;
    }
    let first = text.trim_start_matches("./").split('/').next().unwrap_or_default();
    // The folders of a feature's own documents are not in the checkout.
    let rooted = ROOTS.contains(&first) || matches!(first, "specs" | "contracts") || hidden_folder(first);
    let local = ["/home/", "/Users/", "/root/", "/tmp/", "/workspace"].iter().any(|root| text.starts_with(root));
    let relative = !text.starts_with(['/', '~']) && !text.contains(':');
    // A domain, a fraction, a media type.
    let host = first.contains('.') && !first.starts_with('.');
    let typed = extension(text).is_some_and(|e| e.chars().any(|c| c.is_ascii_alphabetic())) && !host;
    let folder =
        text.ends_with('/') && name.len() > 2 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    is_file || local || relative && (rooted || typed || hidden || plain || folder && (code || !host))
}

fn hidden_folder(name: &str) -> bool {
    name.starts_with('.') && name.len() > 2
}

/// Whether a text ends as the files of a KubeVirt checkout do.
fn is_named_file(text: &str) -> bool {
    const OTHERS: &[&str] = &["mod", "sum", "conf", "in", "tmpl", "c", "h", "svg"];
    let extension = extension(text).map(str::to_ascii_lowercase);
    extension.is_some_and(|e| SOURCES.contains(&e.as_str()) || OTHERS.contains(&e.as_str()))
}

/// The extensions of files that a word in prose can name without a folder.
const SOURCES: &[&str] = &["go", "md", "yaml", "yml", "json", "proto", "sh", "bazel", "bzl", "txt", "xml", "py"];

fn source_file(text: &str) -> bool {
    extension(text).is_some_and(|extension| SOURCES.contains(&extension))
}

fn extension(text: &str) -> Option<&str> {
    let file = text.rsplit('/').next().unwrap_or(text);
    let (stem, extension) = file.rsplit_once('.')?;
    let plain = (1..=6).contains(&extension.len()) && extension.chars().all(|c| c.is_ascii_alphanumeric());
    (plain && !stem.is_empty()).then_some(extension)
}

/// `file.go:393-490` is the file and two line numbers.
fn split_lines(text: &str) -> (&str, Option<(usize, usize)>) {
    let Some((path, numbers)) = text.rsplit_once(':') else { return (text, None) };
    match range(numbers) {
        Some(lines) => (path, Some(lines)),
        None => (text, None),
    }
}

fn range(text: &str) -> Option<(usize, usize)> {
    let mut numbers = text.split(['-', '–']).map(|n| n.trim().trim_start_matches('L').parse::<usize>().ok());
    let first = numbers.next()??;
    let last = numbers.next().unwrap_or(Some(first))?;
    numbers.next().is_none().then_some((first, last))
}

/// `lines 1466-1473` anywhere in a text.
pub(super) fn lines_in_words(text: &str) -> Option<(usize, usize)> {
    let at = text.find("line")?;
    let after = text[at + 4..].trim_start_matches('s').trim_start();
    let end = after.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '–' | ' ' | 'L'))).unwrap_or(after.len());
    range(after[..end].trim())
}

/// The text in the first parentheses after a path.
fn note(after: &str) -> Option<String> {
    let after = after.trim_start_matches('`').trim_start();
    let inner = after.strip_prefix('(')?;
    inner.find(')').map(|end| inner[..end].trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, expect: Expect) -> Vec<String> {
        paths(text, Span::new(0, text.len()), expect).into_iter().map(|path| path.text).collect()
    }

    #[test]
    fn a_file_line_names_whatever_could_be_a_path() {
        for (text, expected) in [
            ("`pkg/virt-config/featuregate/x.go`", vec!["pkg/virt-config/featuregate/x.go"]),
            ("pkg/a.go, pkg/b.go", vec!["pkg/a.go", "pkg/b.go"]),
            ("`active.go` and `feature-gates.go`", vec!["active.go", "feature-gates.go"]),
            ("`/etc/passwd`", vec!["/etc/passwd"]),
            ("../outside.go", vec!["../outside.go"]),
            ("`pkg/virt-[component]/[feature].go`", vec!["pkg/virt-[component]/[feature].go"]),
            ("tests/[feature]_test.go", vec!["tests/[feature]_test.go"]),
            ("see the plan", vec![]),
            ("在pkg/a.go中", vec!["pkg/a.go"]),
        ] {
            assert_eq!(found(text, Expect::Paths), expected, "{text}");
        }
    }

    #[test]
    fn prose_names_only_what_can_be_nothing_else() {
        for (text, expected) in [
            ("Create the model in pkg/virt-handler/x.go.", vec!["pkg/virt-handler/x.go"]),
            ("check `/dev/mshv` device exists", vec![]),
            ("and/or `<domain type=\"...\">`", vec![]),
            ("read https://example.com/pkg/a.go", vec![]),
            ("write to /tmp/x.go", vec!["/tmp/x.go"]),
            ("under `pkg/virt-handler/`", vec!["pkg/virt-handler/"]),
        ] {
            assert_eq!(found(text, Expect::Prose), expected, "{text}");
        }
    }

    #[test]
    fn line_numbers_and_notes_are_read() {
        let text = "`pkg/x.go:393-490`";
        let path = &paths(text, Span::new(0, text.len()), Expect::Paths)[0];
        assert_eq!((path.text.as_str(), path.lines), ("pkg/x.go", Some((393, 490))));
        let text = "`docs/metrics.md` (extend existing)";
        let path = &paths(text, Span::new(0, text.len()), Expect::Paths)[0];
        assert_eq!(path.note.as_deref(), Some("extend existing"));
        assert_eq!(lines_in_words("Extend existing KVM detection (lines 1466-1473)"), Some((1466, 1473)));
    }
}
