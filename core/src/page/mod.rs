//! The review page: a plan as one HTML document that needs no network and no script.
//!
//! Every text of a document or a checkout goes through [`escape`]; nothing else writes one.

mod code;
mod diff;
mod picture;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::diagnostic::visible_lines;
use crate::graph::{analyse, graph};
use crate::pipeline::{Change, Hook, Proposal};
use crate::plan::LineUse;

/// What a page begins with; files that begin so may be replaced by another page.
pub const BEGINNING: &str = "<!doctype html>\n<!-- kubevirt-scaffold review page -->\n";

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page needs besides the plan.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The name of the checkout.
    pub checkout: &'a str,
    /// The command that scaffolds this tasks.md, ready for a shell.
    pub command: &'a str,
    /// The steps that follow.
    pub hooks: &'a [Hook],
}

/// The page of a plan.
pub fn page(proposal: &Proposal, view: &View<'_>) -> String {
    let changes = proposal.ordered();
    let places: BTreeMap<&str, usize> = changes.iter().enumerate().map(|(at, change)| (&*change.path, at)).collect();
    let name = escape(&proposal.plan.feature.name);
    let mut text = String::from(BEGINNING);
    let _ = write!(
        text,
        "<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Review: {name}</title>\n\
         <style>{STYLE}</style></head>\n<body>\n",
        hash(STYLE),
        hash(SCRIPT)
    );
    header(&mut text, proposal, view, &changes);
    text.push_str("<div id=\"panes\">\n<section id=\"tasks\" aria-labelledby=\"tasks-title\">\n");
    lines(&mut text, proposal, &places);
    text.push_str("</section>\n<main id=\"changes\">\n");
    overview(&mut text, proposal, view);
    tree(&mut text, &changes);
    for (at, change) in changes.iter().enumerate() {
        file(&mut text, proposal, at, change);
    }
    let analysis = analyse(&proposal.file, &graph(&proposal.file));
    text.push_str("<section id=\"graph\"><h2>Dependencies</h2>\n");
    picture::draw(&mut text, &proposal.file, &analysis);
    let _ = write!(text, "</section>\n</main>\n</div>\n<script>{SCRIPT}</script>\n</body></html>\n");
    text
}

/// A text as part of a document or of a quoted attribute. Characters that nobody would see are shown.
fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    for c in visible_lines(text).chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            c => shown.push(c),
        }
    }
    shown
}

/// The hash of a script or a style, as a policy names it.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut base64 = String::new();
    for part in Sha256::digest(text.as_bytes()).chunks(3) {
        let byte = |at: usize| u32::from(part.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            base64.push(if place > part.len() { '=' } else { char::from(digit) });
        }
    }
    base64
}

fn header(text: &mut String, proposal: &Proposal, view: &View<'_>, changes: &[&Change]) {
    let plan = &proposal.plan;
    let created = changes.iter().filter(|change| change.is_new()).count();
    let (added, removed) =
        changes.iter().map(|change| diff::counts(change)).fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    let gate = plan.feature.gate.as_ref().map(|gate| format!(" · feature gate {}", escape(&gate.name)));
    let _ = write!(
        text,
        "<header>\n<h1>{}</h1>\n<p>{} to create, {} to edit in {} · <ins>+{added}</ins> <del>−{removed}</del> lines · {} left to you · {} held back{}</p>\n\
         <nav aria-label=\"Page\"><a href=\"#tasks\">Tasks</a> <a href=\"#overview\">Overview</a> <a href=\"#files\">Files</a> <a href=\"#graph\">Dependencies</a></nav>\n",
        escape(&plan.feature.name),
        created,
        changes.len() - created,
        escape(view.checkout),
        plan.manual.len(),
        plan.blocked.len(),
        gate.unwrap_or_default(),
    );
    text.push_str("<form id=\"filter\" hidden><label>Task or file <input id=\"words\" type=\"search\"></label>\n<label>Phase <select id=\"phase\"><option value=\"\">all</option>");
    for phase in &proposal.file.phases {
        let number = escape(&phase.number);
        let _ = write!(text, "<option value=\"{number}\">{number}</option>");
    }
    let _ = write!(
        text,
        "</select></label> <span id=\"hits\" role=\"status\"></span> <span class=\"keys\">Keys: j k file · n p task · x tick · / filter</span></form>\n\
         <p id=\"run\">To write it: <code id=\"command\" data-command=\"{0}\">{0}</code></p>\n</header>\n",
        escape(view.command)
    );
}

/// The tasks.md, line by line, each with what became of it.
fn lines(text: &mut String, proposal: &Proposal, places: &BTreeMap<&str, usize>) {
    let (file, plan) = (&proposal.file, &proposal.plan);
    let _ = write!(
        text,
        "<h2 id=\"tasks-title\">{}</h2>\n<p class=\"legend\"><span class=\"change\">used</span> <span class=\"context\">context</span> <span class=\"ignored\">left out</span> <span class=\"unread\">not understood</span></p>\n<ol class=\"lines\">\n",
        escape(file.source.file_name())
    );
    let mut uses: BTreeMap<usize, (usize, &LineUse)> = BTreeMap::new();
    for (index, task) in plan.tasks.iter().enumerate() {
        uses.extend(task.lines.iter().map(|line| (line.line, (index, line))));
    }
    for (at, line) in file.source.text().lines().enumerate() {
        let number = at + 1;
        let Some((index, used)) = uses.get(&number) else {
            let _ = writeln!(text, "<li id=\"L{number}\"><span>{}</span></li>", escape(line));
            continue;
        };
        let task = &plan.tasks[*index];
        let (id, phase) = (escape(&task.id), escape(task.phase.as_deref().unwrap_or_default()));
        let reason = used
            .reason
            .as_deref()
            .or(used.kind)
            .map(|reason| format!(" title=\"{}: {}\"", used.used.name(), escape(reason)));
        let _ = write!(
            text,
            "<li id=\"L{number}\" class=\"{}\" data-task=\"{id}\" data-phase=\"{phase}\"{}>",
            used.used.name(),
            reason.unwrap_or_default()
        );
        if task.line == number {
            let _ = write!(text, "<input type=\"checkbox\" data-id=\"{id}\" aria-label=\"Choose {id}\" hidden> ");
        }
        let _ = write!(text, "<span>{}</span>", escape(line));
        for path in &used.paths {
            if let Some(place) = places.get(&**path) {
                let short = path.rsplit('/').next().unwrap_or_default();
                let _ = write!(text, " <a href=\"#F{place}\" title=\"{}\">→ {}</a>", escape(path), escape(short));
            }
        }
        text.push_str("</li>\n");
    }
    text.push_str("</ol>\n");
}

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

fn overview(text: &mut String, proposal: &Proposal, view: &View<'_>) {
    let plan = &proposal.plan;
    let about = |task: usize, why: &str| {
        let task = &plan.tasks[task];
        format!("<a href=\"#L{}\">{}</a> {}: {}", task.line, escape(&task.id), escape(&task.title), escape(why))
    };
    text.push_str("<section id=\"overview\"><h2>Overview</h2>\n");
    let boxes = proposal.file.compliance.iter();
    let place = |offset: usize| proposal.file.source.line_column(offset).line;
    list(
        text,
        "Compliance",
        boxes.map(|found| {
            let mark = if found.done { "✓ ticked" } else { "☐ open" };
            format!("{mark}: <a href=\"#L{}\">{}</a>", place(found.text.span.start), escape(&found.text.text))
        }),
    );
    list(text, "Held back", plan.blocked.iter().map(|blocked| about(blocked.task, &blocked.reason)));
    list(text, "Left to you", plan.manual.iter().map(|manual| about(manual.task, &manual.reason.to_string())));
    list(
        text,
        "Then",
        view.hooks.iter().map(|hook| format!("<code>{}</code> {}", escape(&hook.command()), escape(&hook.reason))),
    );
    list(
        text,
        "Diagnostics",
        proposal.diagnostics().map(|found| format!("<pre tabindex=\"0\">{}</pre>", escape(&found.render(false)))),
    );
    text.push_str("</section>\n");
}

/// The files as a tree of folders, with the lines that each gains and loses.
fn tree(text: &mut String, changes: &[&Change]) {
    text.push_str("<section id=\"files\"><h2>Files</h2>\n");
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        folders.entry(change.path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default().push(at);
    }
    for (folder, files) in folders {
        let _ = writeln!(text, "<details open><summary>{}/ ({})</summary><ul>", escape(folder), files.len());
        for at in files {
            let (added, removed) = diff::counts(changes[at]);
            let name = changes[at].path.rsplit('/').next().unwrap_or_default();
            let _ = writeln!(
                text,
                "<li><a href=\"#F{at}\">{}</a> <ins>+{added}</ins> <del>−{removed}</del></li>",
                escape(name)
            );
        }
        text.push_str("</ul></details>\n");
    }
    text.push_str("</section>\n");
}

/// One file: the lines of the tasks.md that it comes from, and its diff.
fn file(text: &mut String, proposal: &Proposal, at: usize, change: &Change) {
    let tasks = change.tasks.iter().map(|&task| &proposal.plan.tasks[task]);
    let ids: Vec<String> = tasks.clone().map(|task| escape(&task.id)).collect();
    let verb = if change.is_new() { "create" } else { "edit" };
    let path = escape(&change.path);
    let _ = write!(
        text,
        "<section class=\"file\" id=\"F{at}\" data-path=\"{path}\" data-tasks=\"{}\"><h2 tabindex=\"-1\">{verb} {path}</h2>\n<p>from",
        ids.join(" ")
    );
    if ids.is_empty() {
        text.push_str(" the command line");
    }
    for task in tasks {
        let _ = write!(text, " <a href=\"#L{}\">{}</a>", task.line, escape(&task.id));
        let lines = task.lines.iter().filter(|line| line.line != task.line && line.paths.contains(&change.path));
        for line in lines {
            let _ = write!(text, " <a href=\"#L{0}\">:{0}</a>", line.line);
        }
    }
    text.push_str("</p>\n");
    diff::table(text, change);
    text.push_str("</section>\n");
}

#[cfg(test)]
mod tests;
