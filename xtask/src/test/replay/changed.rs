//! What a contributor would say of code that becomes other code: parameters that functions get, what their callers pass,
//! and expressions that replace others.

use std::collections::BTreeMap;

use kubevirt_scaffold_core::go::{Decl, DeclKind, GoFile, Spelling, Target, TokenKind, one_value, tokens};
use kubevirt_scaffold_core::text::squeezed;
use kubevirt_scaffold_core::tree::{Tree as _, parent};
use similar::{DiffOp, TextDiff};

use super::git_tree::GitTree;

/// A function that gets parameters.
#[derive(Debug)]
pub(super) struct Growth {
    /// Its folder.
    folder: String,
    receiver: Option<String>,
    name: String,
    /// The number of the first new parameter.
    at: usize,
    parameters: Vec<String>,
    /// How many there were.
    count: usize,
}

/// The functions of some files that get parameters and stay the same otherwise.
pub(super) fn growing(before: &GitTree<'_>, after: &GitTree<'_>, paths: &[&str]) -> Vec<Growth> {
    let mut found = Vec::new();
    for path in paths.iter().filter(|path| path.ends_with(".go") && !path.ends_with("_test.go")) {
        let read = |tree: &GitTree<'_>| tree.read(path).ok().flatten();
        let (Some(old), Some(new)) = (read(before), read(after)) else { continue };
        let (Ok(old_file), Ok(new_file)) = (GoFile::parse(&old), GoFile::parse(&new)) else { continue };
        let (old, new) = (Target::new(&old, &old_file), Target::new(&new, &new_file));
        for decl in new_file.decls.iter().filter(|decl| decl.kind == DeclKind::Func) {
            let receiver = decl.receiver.as_ref().map(|one| one.type_name.as_str());
            let Some(known) = old_file.method(receiver, decl.name()) else { continue };
            let (Some(one), Some(other)) = (old.head(known), new.head(decl)) else { continue };
            let Some((at, parameters)) = other.more_than(&one) else { continue };
            found.push(Growth {
                folder: parent(path).to_owned(),
                receiver: receiver.map(str::to_owned),
                name: decl.name().to_owned(),
                at,
                parameters,
                count: one.each_parameter().len(),
            });
        }
    }
    found
}

impl Growth {
    fn is_of(&self, folder: &str, decl: &Decl) -> bool {
        let receiver = decl.receiver.as_ref().map(|one| one.type_name.clone());
        self.folder == folder && self.name == decl.name() && self.receiver == receiver
    }

    /// How a file names the function, if it can.
    fn spelling(&self, file: &GoFile, path: &str) -> Option<(Spelling, String)> {
        if self.receiver.is_some() {
            let is_own = parent(path) == self.folder || self.name.starts_with(char::is_uppercase);
            return is_own.then(|| (Spelling::Method, self.name.clone()));
        }
        if parent(path) == self.folder && !file.package.text.ends_with("_test") {
            return Some((Spelling::Bare, self.name.clone()));
        }
        let import = file.imports.iter().find(|import| import.path.ends_with(&format!("/{}", self.folder)))?;
        Some(match import.name() {
            "." => (Spelling::Bare, self.name.clone()),
            package => (Spelling::Of(package.to_owned()), format!("{package}.{}", self.name)),
        })
    }
}

/// The lines of the task of a file.
pub(super) fn lines(old: &Target<'_>, new: &Target<'_>, path: &str, growing: &[Growth]) -> Vec<String> {
    let mut found = Vec::new();
    for decl in new.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func) {
        for growth in growing.iter().filter(|growth| growth.is_of(parent(path), decl)) {
            let parts: Vec<String> = growth.parameters.iter().map(|one| format!("`{one}`")).collect();
            let what = if parts.len() == 1 { "parameter" } else { "parameters" };
            let place = match (growth.at, growth.count) {
                (at, count) if at == count => String::new(),
                (0, _) => " as the first".to_owned(),
                (at, _) => format!(" after `{}`", before(growth, new, decl, at)),
            };
            found.push(format!("Task: Add the {what} {} to `{}`{place}", parts.join(" and "), called(decl)));
        }
    }
    found.extend(passed(new, path, growing));
    let everywhere = everywhere(old.text, new.text);
    if !path.ends_with("_test.go") {
        let own = new.file.decls.iter().flat_map(|decl| of_function(old, new, decl, growing).0);
        let is_other = |line: &String| !everywhere.iter().any(|(one, _)| line.contains(&format!(" instead of `{one}")));
        found.extend(own.filter(is_other));
    }
    found.extend(
        everywhere.iter().map(|(one, other)| format!("Task: Replace every `{one}` with `{other}` in `{path}`")),
    );
    found
}

/// What a file calls by other names than before, wherever it does, such as functions that have another package.
fn everywhere(old: &str, new: &str) -> Vec<(String, String)> {
    let (had, has): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for op in TextDiff::from_slices(&had, &has).ops() {
        let DiffOp::Replace { old_index, old_len, new_index, new_len } = *op else { continue };
        if old_len != new_len {
            continue;
        }
        for (one, other) in had[old_index..old_index + old_len].iter().zip(&has[new_index..new_index + new_len]) {
            if let Some((one, other)) = exchanged_name(one, other) {
                found.entry(one).or_default().push(other);
            }
        }
    }
    let count = |text: &str, name: &str| {
        let all = tokens(text).unwrap_or_default();
        let whole = |at: usize| all.iter().any(|token| token.span.start == at);
        text.match_indices(name).filter(|(at, _)| whole(*at)).count()
    };
    // What has another package keeps its name; else one place is not the rule.
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_lowercase();
    let is_all = |(one, others): &(String, Vec<String>)| {
        let is_moved = others.len() > 1 || last(one) == last(&others[0]);
        is_moved
            && others.iter().all(|other| *other == others[0])
            && count(new, one) == 0
            && count(old, one) == others.len()
    };
    found.into_iter().filter(is_all).map(|(one, others)| (one, others[0].clone())).collect()
}

/// The name, or the text, that a line has for another one.
fn exchanged_name(old: &str, new: &str) -> Option<(String, String)> {
    let (one, other) = (parts(old)?, parts(new)?);
    let (start, end) = same_ends(&one, &other);
    let path = |all: &[(&str, usize)], line: &str| -> Option<String> {
        let (mut from, mut to) = (start, all.len() - end);
        let is_dot = |at: usize| all.get(at).is_some_and(|one| one.0 == ".");
        while from > 0 && (is_dot(from - 1) || is_dot(from)) {
            from -= 1;
        }
        while to < all.len() && (is_dot(to) || to > 0 && is_dot(to - 1)) {
            to += 1;
        }
        let last = all.get(to.checked_sub(1)?)?;
        (from < to).then(|| line[all[from].1..last.1 + last.0.len()].to_owned())
    };
    let is_name = |code: &str| {
        let is_text = code.starts_with('"') && code.ends_with('"') && code.matches('"').count() == 2;
        // The texts of specs are said for themselves, and the paths of imports follow.
        is_text && !code.contains([' ', '/'])
            || !code.contains('"')
                && code.split('.').count() < 3
                && code.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
    };
    let is_code = |code: &str| code.contains(['.', '"']);
    let (one, other) = (path(&one, old)?, path(&other, new)?);
    (is_name(&one) && is_name(&other) && (is_code(&one) || is_code(&other)) && one != other).then_some((one, other))
}

fn called(decl: &Decl) -> String {
    match &decl.receiver {
        Some(receiver) => format!("{}.{}", receiver.type_name, decl.name()),
        None => decl.name().to_owned(),
    }
}

/// The parameter that the new ones stand behind.
fn before(growth: &Growth, new: &Target<'_>, decl: &Decl, at: usize) -> String {
    let known = new.head(decl).map(|head| head.each_parameter()).unwrap_or_default();
    debug_assert!(known.len() >= growth.count);
    known.get(at - 1).and_then(|one| one.split(' ').next()).unwrap_or_default().to_owned()
}

/// What the calls of a file pass: in one line for a file of tests, where all pass the same.
fn passed(new: &Target<'_>, path: &str, growing: &[Growth]) -> Vec<String> {
    let is_test = path.ends_with("_test.go") || path.starts_with("tests/");
    let mut found: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
    for (at, growth) in growing.iter().enumerate() {
        let Some((spelling, _)) = growth.spelling(new.file, path) else { continue };
        for site in new.file.sites(new.text, &growth.name, &spelling) {
            let Some(call) = site.call.filter(|call| call.values.len() == growth.count + growth.parameters.len())
            else {
                continue;
            };
            let own = &call.values[growth.at..growth.at + growth.parameters.len()];
            let arguments: Vec<String> = own.iter().map(|span| format!("`{}`", squeezed(span.of(new.text)))).collect();
            let by = if is_test {
                path.to_owned()
            } else {
                new.file.around(site.name.start).map(called).unwrap_or_default()
            };
            found.entry((at, arguments.join(" and "))).or_default().push(by);
        }
    }
    let differ = |at: usize| found.keys().filter(|(known, _)| *known == at).count() > 1;
    let mut lines = Vec::new();
    for ((at, arguments), by) in &found {
        let Some((_, name)) = growing[*at].spelling(new.file, path) else { continue };
        if is_test && differ(*at) {
            continue;
        }
        let mut by: Vec<String> = by.iter().map(|one| format!("`{one}`")).collect();
        by.dedup();
        lines.push(if is_test {
            format!("Task: `{path}` passes {arguments} to `{name}`")
        } else {
            format!("Task: Pass {arguments} to `{name}` in {}", by.join(" and "))
        });
    }
    lines
}

/// Whether the lines say all that a function gets otherwise.
pub(super) fn is_whole(old: &Target<'_>, new: &Target<'_>, name: &str, growing: &[Growth]) -> bool {
    let (receiver, name) = name.split_once('.').map_or((None, name), |(receiver, name)| (Some(receiver), name));
    new.file.method(receiver, name).is_some_and(|decl| of_function(old, new, decl, growing).1 == 0)
}

/// The expressions that replace others in a function, and how many of its lines change in another way.
fn of_function(old: &Target<'_>, new: &Target<'_>, decl: &Decl, growing: &[Growth]) -> (Vec<String>, usize) {
    let receiver = decl.receiver.as_ref().map(|one| one.type_name.as_str());
    let known = old.file.method(receiver, decl.name()).filter(|_| decl.kind == DeclKind::Func);
    let Some(known) = known else { return (Vec::new(), 1) };
    let text = |target: &Target<'_>, decl: &Decl| -> String { decl.span.of(target.text).to_owned() };
    let (before, after) = (text(old, known), text(new, decl));
    let (had, has): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let (mut found, mut rest) = (Vec::new(), 0);
    for op in TextDiff::from_slices(&had, &has).ops() {
        let DiffOp::Replace { old_index, old_len, new_index, new_len } = *op else {
            rest += usize::from(!matches!(op, DiffOp::Equal { .. }));
            continue;
        };
        if old_len != new_len {
            rest += 1;
            continue;
        }
        for (one, other) in had[old_index..old_index + old_len].iter().zip(&has[new_index..new_index + new_len]) {
            let grows = growing.iter().any(|growth| other.contains(&format!("{}(", growth.name)));
            let pair = exchanged(one, other).filter(|(one, _)| before.matches(one.as_str()).count() == 1);
            match pair {
                _ if grows => {}
                Some((one, other)) => {
                    found.push(format!("Task: In `{}`, use `{other}` instead of `{one}`", called(decl)));
                }
                None => rest += 1,
            }
        }
    }
    (found, rest)
}

/// The expression of a line that another line has otherwise: what is called with its arguments, or all of a condition or
/// a result.
fn exchanged(old: &str, new: &str) -> Option<(String, String)> {
    let (one, other) = (parts(old)?, parts(new)?);
    let (start, end) = same_ends(&one, &other);
    let is_value = |code: &str| one_value(code) && code.contains(['.', '(']);
    let part = called_part(&one, old, start, end).zip(called_part(&other, new, start, end));
    let whole = || {
        let value = |line: &str| -> Option<String> {
            let line = line.trim();
            let condition = line.strip_prefix("if ").and_then(|rest| rest.strip_suffix(" {"));
            Some(condition.or_else(|| line.strip_prefix("return "))?.to_owned())
        };
        value(old).zip(value(new))
    };
    let is_one = |(one, other): &(String, String)| is_value(one) && is_value(other) && one != other;
    part.filter(is_one).or_else(whole).filter(is_one)
}

/// What some tokens of a line are a part of: all of what is called, and its arguments.
fn called_part(all: &[(&str, usize)], line: &str, start: usize, end: usize) -> Option<String> {
    const KEYWORDS: &[&str] = &["if", "return", "for", "range", "case", "switch", "else"];
    let (mut from, mut to) = (start, all.len() - end);
    let joins = |text: &str| text == "." || text.chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_dot = |at: usize| all.get(at).is_some_and(|one| one.0 == ".");
    while from > 0
        && joins(all[from - 1].0)
        && !KEYWORDS.contains(&all[from - 1].0)
        && (is_dot(from - 1) || is_dot(from))
    {
        from -= 1;
    }
    while to < all.len() && (is_dot(to) || to > 0 && is_dot(to - 1) && joins(all[to].0)) {
        to += 1;
    }
    let open = |to: usize| {
        let count = |mark: &str| all[from..to].iter().filter(|one| one.0 == mark).count();
        count("(") > count(")")
    };
    if to < all.len() && all[to].0 == "(" {
        to += 1;
    }
    while to < all.len() && open(to) {
        to += 1;
    }
    let last = all.get(to.checked_sub(1)?)?;
    (from < to).then(|| squeezed(&line[all[from].1..last.1 + last.0.len()]))
}

/// How many tokens two lines have in common at their begin, and how many at their end.
fn same_ends(one: &[(&str, usize)], other: &[(&str, usize)]) -> (usize, usize) {
    let start = one.iter().zip(other).take_while(|(a, b)| a.0 == b.0).count();
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a.0 == b.0).count();
    (start, end.min(one.len() - start).min(other.len() - start))
}

/// The tokens of a line, each with its place.
fn parts(line: &str) -> Option<Vec<(&str, usize)>> {
    let all = tokens(line).ok()?;
    let own = all.iter().filter(|token| token.kind != TokenKind::Semicolon && token.span.start < token.span.end);
    Some(own.map(|token| (token.span.of(line), token.span.start)).collect())
}
