//! What a VEP spells out of a file that it names: constants with their values, the head of a new function, a flag.

use super::Vep;
use super::sentences::{Sentence, said};
use crate::go::GoFile;
use crate::name::is_go_identifier;
use crate::text::Span;

/// A line of a task: its key, its text, and where the VEP says so.
pub(super) type Spelled = (&'static str, String, Span);

/// What is spelled out of the file of a path, in sentences that name no other one.
pub(super) fn spelled(vep: &Vep, path: &str) -> Vec<Spelled> {
    let mut found: Vec<Spelled> = Vec::new();
    let own = |text: &str| {
        let mut files: Vec<&str> = files(text).collect();
        files.dedup();
        matches!(files[..], [file] if path.ends_with(file.trim_start_matches('/')))
    };
    for said in said(vep).iter().filter(|said| own(&said.text)) {
        let is_change = said.has(&[" new ", " add ", " adds ", " added ", " introduce", " defined in ", " defines "]);
        if !is_change || said.has(&[" not ", " no ", " existing ", " remove", " could ", " instead "]) {
            continue;
        }
        found.extend(heads(said));
        found.extend(flags(said));
    }
    found.extend(constants(vep, &own));
    found
}

/// The Go files that a text names.
fn files(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_')));
    words.map(|word| word.trim_end_matches('.')).filter(|word| word.ends_with(".go") && word.contains('/'))
}

/// The code spans of a sentence, with what stands before and behind each.
fn codes(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut at = 0;
    text.split('`').enumerate().filter_map(move |(index, part)| {
        let start = at;
        at += part.len() + 1;
        (index % 2 == 1).then(|| (&text[..start - 1], part, &text[(start + part.len() + 1).min(text.len())..]))
    })
}

/// "calls a new `validateSerials(disks []v1.Disk) []metav1.StatusCause`"
fn heads(said: &Sentence) -> Vec<Spelled> {
    let is_new = |before: &str| {
        let words: Vec<&str> = before.split_whitespace().rev().take(3).collect();
        words
            .iter()
            .any(|word| matches!(word.to_lowercase().as_str(), "new" | "add" | "adds" | "introduces" | "introduce"))
    };
    let is_head = |code: &str| {
        let code = code.strip_prefix("func ").unwrap_or(code);
        let Some((name, rest)) = code.split_once('(') else { return false };
        // `call()` and `call(x)` say nothing of types.
        let typed =
            rest.split(')').next().is_some_and(|params| params.contains(' ')) || !rest.trim_end().ends_with(')');
        typed
            && is_go_identifier(name)
            && GoFile::parse(&format!("package p\n\nfunc {code} {{\n}}\n")).is_ok_and(|file| file.decls.len() == 1)
    };
    let all = codes(&said.text).filter(|(before, code, _)| is_new(before) && is_head(code));
    all.map(|(_, code, _)| ("Function", format!("`{}`", code.strip_prefix("func ").unwrap_or(code)), said.span))
        .collect()
}

/// "the flag `--guest-lamp` (bool, default false)"
fn flags(said: &Sentence) -> Vec<Spelled> {
    if !said.has(&[" flag ", " flags ", " option "]) {
        return Vec::new();
    }
    let line = |(_, code, behind): (&str, &str, &str)| {
        let name = code.strip_prefix("--")?;
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let about = behind.trim_start().strip_prefix('(')?.split(')').next()?;
        let (ty, default) = about.split_once(',').map_or((about, None), |(ty, rest)| (ty, Some(rest.trim())));
        let ty = ty.trim().trim_matches('`');
        let known = matches!(ty, "bool" | "string" | "int" | "int32" | "int64" | "uint32" | "uint64" | "duration");
        let default = match default.map(|default| default.strip_prefix("default")) {
            None => String::new(),
            Some(Some(value)) => format!(", default `{}`", value.trim().trim_matches(['`', ':', '=', ' '])),
            Some(None) => return None,
        };
        (plain && known).then(|| ("Task", format!("Add flag `{code}` of type {ty}{default}"), said.span))
    };
    codes(&said.text).filter_map(line).collect()
}

/// Constants without a type, in a Go block right below words that name the file.
fn constants(vep: &Vep, own: &dyn Fn(&str) -> bool) -> Vec<Spelled> {
    let text = vep.document.source.text();
    let mut found = Vec::new();
    for (code, topic) in vep.code() {
        if !matches!(code.language.as_str(), "go" | "golang") || topic.is_no_source() {
            continue;
        }
        let before = text[..code.body.start].trim_end_matches(|c| c != '\n').trim_end();
        let before = before.rsplit_once("\n```").map_or(before, |(head, _)| head).trim_end();
        let said = before.rsplit("\n\n").next().unwrap_or_default();
        let said = said.rsplit(". ").next().unwrap_or_default();
        if !said.ends_with(':') || !own(said) {
            continue;
        }
        let mut within = false;
        for line in vep.document.lines_in(code.body) {
            let raw = line.span.of(text).trim();
            let alone = raw.strip_prefix("const ").filter(|rest| !rest.trim_start().starts_with('('));
            within = within && !raw.starts_with(')') || raw.starts_with("const (");
            let Some((name, value)) = alone.or(within.then_some(raw)).and_then(|line| line.split_once('=')) else {
                continue;
            };
            let (name, value) = (name.trim(), value.trim());
            let quoted = value.len() > 1
                && value.starts_with('"')
                && value.ends_with('"')
                && !value[1..value.len() - 1].contains(['"', '\\', '`']);
            let is_value = quoted || value.parse::<i64>().is_ok();
            if is_go_identifier(name) && is_value {
                found.push(("Task", format!("Add constant `{name} = {value}`"), line.span));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn of(design: &str, path: &str) -> Vec<String> {
        let text = format!("# VEP #600: Lamps\n\n## Design\n\n{design}\n");
        let vep = Vep::new(&Source::new("veps/sig-compute/600-lamp/vep.md", text));
        spelled(&vep, path).into_iter().map(|(key, line, _)| format!("{key}: {line}")).collect()
    }

    #[test]
    fn what_is_spelled_out_of_a_file_is_said() {
        let go = "pkg/a/lamp.go";
        let said =
            of("`Check` in `pkg/a/lamp.go` calls a new `validateLamp(field *k8sfield.Path, on bool) error`.", go);
        assert_eq!(said, ["Function: `validateLamp(field *k8sfield.Path, on bool) error`"]);
        let said = of("We add `func isLit() bool` to `a/lamp.go`.", go);
        assert_eq!(said, ["Function: `isLit() bool`"]);
        let said = of("It gets the flag `--guest-lamp` (bool, default false), defined in `pkg/a/lamp.go`.", go);
        assert_eq!(said, ["Task: Add flag `--guest-lamp` of type bool, default `false`"]);
        let said = of("The new flag `--watts` (`int`) is added in `pkg/a/lamp.go`.", go);
        assert_eq!(said, ["Task: Add flag `--watts` of type int"]);
        let said = of(
            "The secret is made in `pkg/a/lamp.go`:\n\n```go\nconst (\n\tLampSecret = \"lamp-certs\"\n\tlampPort = 8443\n)\n```",
            go,
        );
        assert_eq!(said, ["Task: Add constant `LampSecret = \"lamp-certs\"`", "Task: Add constant `lampPort = 8443`"]);
    }

    #[test]
    fn what_is_not_said_of_one_file_is_nobody_s() {
        let go = "pkg/a/lamp.go";
        for design in [
            "`pkg/a/lamp.go` calls the existing `isLit() bool`.",
            "`pkg/a/lamp.go` and `pkg/b/other.go` get a new `isLit() bool`.",
            "`pkg/a/lamp.go` could call a new `isLit() bool`, but does not.",
            "`pkg/a/lamp.go` adds a call to `isLit(x)`.",
            "The new flag `--lamp` is defined in `pkg/a/lamp.go`.",
            "The new flag `--lamp` (a list of lamps) is defined in `pkg/a/lamp.go`.",
            "It is in `pkg/a/lamp.go`:\n\n```go\nfoo := \"bar\"\nx = compute()\n```",
        ] {
            assert!(of(design, go).is_empty(), "{design}: {:?}", of(design, go));
        }
    }
}
