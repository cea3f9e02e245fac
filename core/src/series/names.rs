//! Which names a step declares, and which it uses that only a later step declares.

use std::collections::BTreeSet;

use crate::go::{DeclKind, GoFile, TokenKind};
use crate::pipeline::Change;

/// The names that changes declare and that were not there: at the top level, and in structs and interfaces.
pub(super) fn declared(changes: &[Change]) -> BTreeSet<String> {
    let go = changes.iter().filter(|change| change.path.ends_with(".go"));
    go.flat_map(|change| {
        let before = change.before.as_deref().map(declarations).unwrap_or_default();
        declarations(&change.after).into_iter().filter(move |name| !before.contains(name))
    })
    .collect()
}

/// How many of the names that are promised are used by changes, which do not declare them.
pub(super) fn missing(changes: &[Change], promised: &BTreeSet<String>) -> usize {
    let own = declared(changes);
    let mut used = BTreeSet::new();
    for change in changes.iter().filter(|change| change.path.ends_with(".go")) {
        let before = change.before.as_deref().map(words).unwrap_or_default();
        used.extend(words(&change.after).into_iter().filter(|word| !before.contains(word)));
    }
    used.iter().filter(|name| promised.contains(**name) && !own.contains(**name)).count()
}

/// The names in a Go file that stand in code.
fn words(text: &str) -> BTreeSet<&str> {
    let Ok(file) = GoFile::parse(text) else { return BTreeSet::new() };
    file.tokens.iter().filter(|token| token.kind == TokenKind::Word).map(|token| token.span.of(text)).collect()
}

fn declarations(text: &str) -> BTreeSet<String> {
    let Ok(file) = GoFile::parse(text) else { return BTreeSet::new() };
    let mut found: BTreeSet<String> =
        file.decls.iter().flat_map(|decl| &decl.names).map(|name| name.text.clone()).collect();
    for decl in file.decls.iter().filter(|decl| decl.kind == DeclKind::Type) {
        let inside =
            file.tokens.iter().filter(|token| token.span.start >= decl.span.start && token.span.end <= decl.span.end);
        let mut is_first = false;
        for token in inside {
            match token.kind {
                TokenKind::Word if is_first => {
                    found.insert(token.span.of(text).to_owned());
                    is_first = false;
                }
                TokenKind::Semicolon | TokenKind::Op(b'{') => is_first = true,
                TokenKind::Comment => {}
                _ => is_first = false,
            }
        }
    }
    // What everybody declares says nothing.
    found.retain(|name| name.len() > 1 && !matches!(name.as_str(), "init" | "main"));
    found
}
