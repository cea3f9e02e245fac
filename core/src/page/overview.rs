//! What a plan comes to: lists, the files as a tree, and each file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::links::Asked;
use super::{File, View, diff, escape};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Proposal;

/// How many findings of one rule are shown.
const FINDINGS: usize = 50;

/// A list below a heading; nothing if it is empty.
fn list(text: &mut String, title: &str, items: impl IntoIterator<Item = String>) {
    let mut items = items.into_iter().peekable();
    if items.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "<h3>{title}</h3>\n<ul>");
    for item in items {
        let _ = writeln!(text, "<li>{item}</li>");
    }
    text.push_str("</ul>\n");
}

pub(super) fn overview(text: &mut String, proposal: &Proposal, view: &View<'_>) {
    let plan = &proposal.plan;
    let about = |task: usize, why: &str| {
        let task = &plan.tasks[task];
        format!("<a href=\"#L{}\">{}</a> {}: {}", task.line, escape(&task.id), escape(&task.said), escape(why))
    };
    text.push_str(
        "<section id=\"overview\" aria-labelledby=\"overview-title\"><h2 id=\"overview-title\">Overview</h2>\n",
    );
    if proposal.is_refused() {
        diagnostics(text, proposal);
    }
    list(text, "Held back", plan.blocked.iter().map(|blocked| about(blocked.task, &blocked.reason)));
    list(text, "Left to you", plan.manual.iter().map(|manual| about(manual.task, &manual.reason.to_string())));
    let then = view.hooks.iter();
    list(text, "Then", then.map(|hook| format!("<code>{}</code>: {}", escape(&hook.command()), escape(&hook.reason))));
    let place = |offset: usize| proposal.file.source.line(offset);
    let boxes = proposal.file.compliance.iter().map(|found| {
        let mark = if found.done { "✓ ticked" } else { "☐ open" };
        format!("{mark}: <a href=\"#L{}\">{}</a>", place(found.text.span.start), escape(&found.text.text))
    });
    list(text, "Compliance", boxes);
    if !proposal.is_refused() {
        diagnostics(text, proposal);
    }
    text.push_str("</section>\n");
    let nobody = BTreeMap::new();
    for conflict in &proposal.set.conflicts {
        let _ = writeln!(text, "<section class=\"conflict\"><h2>Conflict in {}</h2>", escape(&conflict.path));
        let texts = diff::Texts { path: &conflict.path, before: Some(&conflict.before), after: &conflict.merged };
        diff::table(text, &texts, &diff::From { file: 0, asked: &nobody, tasks: &plan.tasks });
        text.push_str("</section>\n");
    }
}

fn diagnostics(text: &mut String, proposal: &Proposal) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let source = proposal.file.source.name();
    let mut items = Vec::new();
    for found in proposal.diagnostics() {
        let count = counts.entry(found.code).or_default();
        *count += 1;
        if *count <= FINDINGS {
            items.push(finding(found, source));
        }
    }
    for (code, count) in counts.into_iter().filter(|(_, count)| *count > FINDINGS) {
        items.push(format!("{} more of <code>{}</code>", count - FINDINGS, escape(code)));
    }
    list(text, "Diagnostics", items);
}

/// A finding, with a link if it is about the tasks.md.
fn finding(found: &Diagnostic, tasks: &str) -> String {
    let place = found.place.as_ref().filter(|(source, _)| source.name() == tasks);
    let link = place.map(|(source, span)| {
        let line = source.line(span.start);
        format!("<a href=\"#L{line}\">line {line}</a>")
    });
    let name = found.severity.name();
    let shown = escape(&found.render(false));
    format!("<span class=\"{name}\">{name}</span> {}<pre tabindex=\"0\">{shown}</pre>", link.unwrap_or_default())
}

/// The files as a tree of folders, with the lines that each gains and loses.
pub(super) fn tree(text: &mut String, files: &[File<'_>]) {
    text.push_str("<section id=\"files\" aria-labelledby=\"files-title\"><h2 id=\"files-title\">Files</h2>\n");
    let mut all: Vec<usize> = (0..files.len()).collect();
    all.sort_by_key(|&at| &*files[at].change.path);
    folder(text, files, &all, 0);
    text.push_str("</section>\n");
}

/// What lies in a folder, whose name has `depth` bytes: sorted, so what belongs together stands together.
fn folder(text: &mut String, files: &[File<'_>], all: &[usize], depth: usize) {
    let path = |at: usize| &files[at].change.path[depth..];
    let first = |at: usize| path(at).split_once('/').map(|(first, _)| first);
    text.push_str("<ul class=\"tree\">\n");
    for group in all.chunk_by(|&a, &b| first(a).is_some() && first(a) == first(b)) {
        let [start, .., end] = group else {
            for &at in group {
                one(text, &files[at], at, path(at));
            }
            continue;
        };
        // A folder that holds nothing but a folder stands with it on one line.
        let same = path(*start).bytes().zip(path(*end).bytes()).take_while(|(a, b)| a == b).map(|(a, _)| a);
        let length = same.enumerate().filter(|(_, byte)| *byte == b'/').last().map_or(0, |(at, _)| at + 1);
        let name = &path(*start)[..length];
        let sum = |of: fn(&File<'_>) -> usize| group.iter().map(|&at| of(&files[at])).sum::<usize>();
        let _ = writeln!(
            text,
            "<li><details open><summary>{} <span class=\"count\">{} files</span> {}</summary>",
            escape(name),
            group.len(),
            counts((sum(|file| file.counts.0), sum(|file| file.counts.1)))
        );
        folder(text, files, group, depth + name.len());
        text.push_str("</details></li>\n");
    }
    text.push_str("</ul>\n");
}

fn one(text: &mut String, file: &File<'_>, at: usize, name: &str) {
    let new = if file.change.is_new() { " <span class=\"count\">new</span>" } else { "" };
    let (name, counts) = (escape(name), counts(file.counts));
    let _ = writeln!(text, "<li data-file=\"{at}\"><a href=\"#F{at}\">{name}</a>{new} {counts}</li>");
}

fn counts((added, removed): (usize, usize)) -> String {
    format!("<ins>+{added}</ins> <del>−{removed}</del>")
}

/// One file: the tasks that it comes from, and its diff.
pub(super) fn file(
    text: &mut String,
    proposal: &Proposal,
    at: usize,
    file: &File<'_>,
    asked: &BTreeMap<usize, BTreeSet<Asked>>,
) {
    let change = file.change;
    let tasks = change.tasks.iter().map(|&task| &proposal.plan.tasks[task]);
    let ids: Vec<String> = tasks.clone().map(|task| escape(&task.id)).collect();
    let verb = if change.is_new() { "create" } else { "edit" };
    let path = escape(&change.path);
    let _ = write!(
        text,
        "<section class=\"file\" id=\"F{at}\" data-path=\"{path}\" data-tasks=\"{}\"><h2 tabindex=\"-1\">{verb} {path}</h2>\n<p>{} from",
        ids.join(" "),
        counts(file.counts)
    );
    if ids.is_empty() {
        text.push_str(" the command line");
    }
    for task in tasks {
        let _ = write!(text, " <a href=\"#L{}\">{}</a>", task.line, escape(&task.id));
    }
    text.push_str("</p>\n");
    let from = diff::From { file: at, asked, tasks: &proposal.plan.tasks };
    diff::table(text, &File::texts(change), &from);
    text.push_str("</section>\n");
}
