//! Files that a VEP names: those that it changes, and those that it only points at or leaves as they are.

use std::collections::BTreeSet;

use super::left_out::LeftOut;
use super::sentences::Sentence;
use super::stance::Stance;
use super::{Topic, Vep};
use crate::survey::Survey;
use crate::text::Span;
use crate::tree::Kind;

/// Paths of files that the checkout has, in prose, in links to its code and in comments of code, also without their
/// first folders.
pub(super) fn paths(
    vep: &Vep,
    all: &[Sentence],
    survey: &Survey<'_>,
    left_out: &mut Vec<LeftOut>,
) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    let mut left: Vec<(String, Span, Stance)> = Vec::new();
    let text = vep.document.source.text();
    for said in all.iter().filter(|said| said.topic != Topic::History) {
        for (at, path, is_link) in names(&said.text, survey) {
            let stance = said.stance(at).or_else(|| is_reference(said, at, is_link).then_some(Stance::Reference));
            match stance {
                Some(stance) => left.push((path, said.line(at), stance)),
                None => found.push((path, said.line(at))),
            }
        }
    }
    for (code, _) in vep.code() {
        for line in vep.document.lines_in(code.body) {
            let raw = line.span.of(text).trim();
            if raw.starts_with(['/', '#', '+']) {
                found.extend(names(raw, survey).into_iter().map(|(_, path, _)| (path, line.span)));
            }
        }
    }
    let mut known = BTreeSet::new();
    found.retain(|(path, _)| known.insert(path.clone()));
    left.retain(|(path, ..)| known.insert(path.clone()));
    left_out.extend(left.into_iter().map(|(path, span, stance)| LeftOut {
        what: format!("`{path}`"),
        span,
        why: stance.why(),
    }));
    found
}

/// Go files below the folders of a repository that the design names and that the checkout lacks.
pub(super) fn lacking(all: &[Sentence], survey: &Survey<'_>) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    let mut known = BTreeSet::new();
    for said in all.iter().filter(|said| matches!(said.topic, Topic::Design | Topic::Api | Topic::Other)) {
        for (at, path) in words(&said.text) {
            let is_path = ["pkg/", "cmd/", "staging/", "tests/"].iter().any(|root| path.starts_with(root));
            let is_new = is_path && path.ends_with(".go") && !path.contains("generated") && survey.kind(path).is_none();
            if is_new && said.stance(at).is_none() && known.insert(path) {
                found.push((path.to_owned(), said.line(at)));
            }
        }
    }
    found
}

/// The words of a text that may be paths, and where each begins.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let mut from = 0;
    text.split(move |c: char| !is_inner(c)).map(move |word| {
        let at = from;
        from += word.len() + text[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        (at, word.trim_end_matches('.'))
    })
}

/// The paths of a text: where they stand, what the checkout calls them, and whether they are parts of links.
fn names(text: &str, survey: &Survey<'_>) -> Vec<(usize, String, bool)> {
    const BEFORE: &[&str] = &["pkg/", "pkg/virt-launcher/", "pkg/virt-launcher/virtwrap/", "staging/src/kubevirt.io/"];
    let mut found = Vec::new();
    for (at, word) in words(text) {
        if !word.ends_with(".go") || !word.contains('/') || word.contains("generated") {
            continue;
        }
        let roots = ["pkg/", "cmd/", "staging/", "tests/", "api/"];
        let start = roots.iter().filter_map(|root| word.find(root)).min();
        let of_root = start.filter(|start| *start == 0 || word[..*start].contains("kubevirt"));
        let short = word.trim_start_matches('/');
        let candidates = of_root
            .map(|start| word[start..].to_owned())
            .into_iter()
            .chain(BEFORE.iter().map(|before| format!("{before}{short}")));
        if let Some(path) = candidates.into_iter().find(|path| survey.kind(path) == Some(Kind::File)) {
            found.push((at, path, word.contains("github.com")));
        }
    }
    found
}

/// Whether a sentence only points at a file: a link to what is there, "as in `x.go`", a word about today.
fn is_reference(said: &Sentence, at: usize, is_link: bool) -> bool {
    let changes = said.changes();
    let before = said.text[..at].trim_end_matches(['`', '*', '[', '(']);
    let points = points_at(before) || !changes && before.ends_with(" found in ");
    let is_definition = said.text.starts_with('[') && said.text.contains("]: ");
    let is_past = matches!(said.topic, Topic::Motivation | Topic::Stories | Topic::Users);
    let is_design = matches!(said.topic, Topic::Design | Topic::Api | Topic::Other);
    let of_today = said.has(&[" today ", " currently ", " already ", " at the moment ", " existing "]);
    points || is_definition || is_past || is_link && (!changes || !is_design || of_today) || of_today && !changes
}

/// Whether the words before a path only point at it.
pub(super) fn points_at(before: &str) -> bool {
    let before = format!(" {}", before.trim_end_matches(['`', '*', '[', '(', '"']).to_lowercase());
    let points = [
        " see ",
        " see also ",
        " as in ",
        " like in ",
        " like ",
        " similar to ",
        " similar to the one in ",
        " analogous to ",
        " same as ",
        " same as in ",
        " modelled on ",
        " modeled on ",
        " modeled after ",
        " copied from ",
        " taken from ",
        " inspired by ",
    ];
    let of_like = before.ends_with(" found in ") && (before.contains("similar ") || before.contains("like "));
    of_like || points.iter().any(|word| before.ends_with(word)) || before.starts_with(" see ")
}
