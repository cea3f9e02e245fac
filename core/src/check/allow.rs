//! `<!-- allow: path-none (a meeting) -->`: what a file says about its own findings.

use std::collections::{BTreeMap, BTreeSet};

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
    let mut starts: Vec<usize> = (0..allowances.len()).collect();
    starts.sort_by_key(|&at| allowances[at].scope.start);
    let own = found.iter().enumerate().filter_map(|(at, diagnostic)| {
        let (source, span) = diagnostic.place.as_ref()?;
        (source.name() == file.source.name()).then_some((span.start, at))
    });
    let mut places: Vec<(usize, usize)> = own.collect();
    places.sort_unstable();
    // The allowances that have begun, by rule: the first of them that has not ended takes what it allows.
    let mut begun: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut next = starts.into_iter().peekable();
    let mut allowed = BTreeSet::new();
    for (start, at) in places {
        while let Some(new) = next.next_if(|&new| allowances[new].scope.start <= start) {
            begun.entry(allowances[new].code).or_default().insert(new);
        }
        let Some(of_rule) = begun.get_mut(found[at].code) else { continue };
        let has_ended = |scope: Span| scope.end.max(scope.start + 1) <= start;
        while of_rule.first().is_some_and(|&first| has_ended(allowances[first].scope)) {
            of_rule.pop_first();
        }
        if let Some(&by) = of_rule.first() {
            used[by] = true;
            allowed.insert(at);
        }
    }
    let mut at = 0..;
    found.retain(|_| at.next().is_none_or(|at| !allowed.contains(&at)));
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
    let mut next = 0;
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
        let is_aside = |line: &Line| matches!(line.kind, LineKind::Blank | LineKind::Comment);
        next = next.max(at + 1);
        next += file.lines[next..].iter().take_while(|line| is_aside(line)).count();
        let scope = if whole_file { Span::new(0, text.len()) } else { scope(file, *line, file.lines.get(next)) };
        for code in codes.split([',', ' ']).map(str::trim).filter(|code| !code.is_empty()) {
            match RULES.iter().find(|rule| rule.code == code) {
                Some(rule) if !rule.may_be_allowed => {
                    let message = format!("`{code}` cannot be allowed");
                    wrong.push(Diagnostic::warning("allow-unknown", message).at(&file.source, span));
                }
                Some(rule) => allowances.push(Allowance { code: rule.code, scope, span }),
                None => {
                    let near = nearest(code, RULES.iter().map(|rule| rule.code));
                    let help = near.first().map_or("docs/rules/README.md lists the rules".to_owned(), |near| {
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

/// A remark in a task is about the task; one on a line of its own, about the line that comes next: that of a task,
/// of a section, or another.
fn scope(file: &TaskFile, line: Line, next: Option<&Line>) -> Span {
    let task_at = |offset: usize| {
        let begun = file.tasks.partition_point(|task| task.body.start <= offset);
        let task = file.tasks[..begun].last()?;
        (offset < task.body.end.max(task.span.end)).then_some(task)
    };
    if line.kind != LineKind::Comment && line.kind != LineKind::Html {
        let first = line.span.start + line.indent;
        return task_at(first).map_or(line.span, |task| Span::new(line.span.start, task.body.end));
    }
    let Some(next) = next else { return line.span };
    if let LineKind::Heading(_) = next.kind {
        let before = file.sections.partition_point(|section| section.title.span.start < next.span.start);
        let section = file.sections.get(before).filter(|section| section.title.span.start < next.span.end);
        return section.map_or(next.span, |section| {
            let whole = section.level == 1 && section.kind == SectionKind::Other;
            Span::new(next.span.start, if whole { section.title.span.end } else { section.body.end })
        });
    }
    let first = next.span.start + next.indent;
    task_at(first).map_or(next.span, |task| Span::new(next.span.start, task.body.end))
}
