//! `<!-- allow: path-none (a meeting) -->`: what a file says about its own findings.

use super::rules::RULES;
use crate::diagnostic::Diagnostic;
use crate::name::nearest;
use crate::task::{Line, LineKind, SectionKind, TaskFile};
use crate::text::{Span, holds};

/// A rule that does not hold for a part of the file.
struct Allowance {
    code: &'static str,
    scope: Span,
    span: Span,
}

/// Takes out what the file allows, and tells of allowances that allow nothing.
pub(super) fn apply(file: &TaskFile, found: &mut Vec<Diagnostic>) {
    let (allowances, mut wrong) = read(file);
    let mut used = vec![false; allowances.len()];
    found.retain(|diagnostic| {
        let Some((source, span)) = &diagnostic.place else { return true };
        if source.name() != file.source.name() {
            return true;
        }
        let by = allowances.iter().position(|allowed| {
            allowed.code == diagnostic.code
                && allowed.scope.start <= span.start
                && span.start < allowed.scope.end.max(allowed.scope.start + 1)
        });
        by.map(|by| used[by] = true).is_none()
    });
    for (allowance, _) in allowances.iter().zip(used).filter(|(_, used)| !used) {
        let message = format!("nothing here needs `allow: {}`", allowance.code);
        wrong.push(Diagnostic::note("allow-unused", message).at(&file.source, allowance.span).help("take it out"));
    }
    found.append(&mut wrong);
}

fn read(file: &TaskFile) -> (Vec<Allowance>, Vec<Diagnostic>) {
    let text = file.source.text();
    let (mut allowances, mut wrong) = (Vec::new(), Vec::new());
    if !holds(text, "<!--") {
        return (allowances, wrong);
    }
    for (at, line) in file.lines.iter().enumerate() {
        if matches!(line.kind, LineKind::Code | LineKind::Fence | LineKind::Blank) {
            continue;
        }
        let raw = line.span.of(text);
        let Some((start, whole_file, rest)) = ["allow-file:", "allow:"].iter().find_map(|word| {
            let open = raw.find("<!--")?;
            let rest = raw[open + 4..].trim_start().strip_prefix(word)?;
            Some((line.span.start + open, *word == "allow-file:", rest))
        }) else {
            continue;
        };
        let rest = rest.split("-->").next().unwrap_or_default();
        let codes = rest.split('(').next().unwrap_or_default();
        let span = Span::new(start, line.span.start + raw.trim_end().len());
        let scope = if whole_file { Span::new(0, text.len()) } else { scope(file, at, *line) };
        for code in codes.split([',', ' ']).map(str::trim).filter(|code| !code.is_empty()) {
            match RULES.iter().find(|rule| rule.code == code) {
                Some(rule) if !rule.may_be_allowed => {
                    let message = format!("`{code}` cannot be allowed");
                    wrong.push(Diagnostic::warning("allow-unknown", message).at(&file.source, span));
                }
                Some(rule) => allowances.push(Allowance { code: rule.code, scope, span }),
                None => {
                    let near = nearest(code, RULES.iter().map(|rule| rule.code));
                    let help = near.first().map_or("`cargo xtask check --help` names the rules".to_owned(), |near| {
                        format!("did you mean `{near}`?")
                    });
                    let diagnostic = Diagnostic::warning("allow-unknown", format!("there is no rule `{code}`"));
                    wrong.push(diagnostic.at(&file.source, span).help(help));
                }
            }
        }
    }
    (allowances, wrong)
}

/// A remark in a task is about the task; one on a line of its own, about what comes next: a task,
/// a section, or a line.
fn scope(file: &TaskFile, at: usize, line: Line) -> Span {
    let task_at = |offset: usize| {
        file.tasks.iter().find(|task| task.body.start <= offset && offset < task.body.end.max(task.span.end))
    };
    if line.kind != LineKind::Comment && line.kind != LineKind::Html {
        let first = line.span.start + line.indent;
        return task_at(first).map_or(line.span, |task| Span::new(line.span.start, task.body.end));
    }
    let Some(next) = file.lines[at + 1..].iter().find(|next| !matches!(next.kind, LineKind::Blank | LineKind::Comment))
    else {
        return line.span;
    };
    if let LineKind::Heading(_) = next.kind {
        let section = file
            .sections
            .iter()
            .find(|section| next.span.start <= section.title.span.start && section.title.span.start < next.span.end);
        return section.map_or(next.span, |section| {
            let whole = section.level == 1 && section.kind == SectionKind::Other;
            Span::new(next.span.start, if whole { section.title.span.end } else { section.body.end })
        });
    }
    let first = next.span.start + next.indent;
    task_at(first).map_or(next.span, |task| Span::new(next.span.start, task.body.end))
}
