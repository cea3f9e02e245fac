//! The review page: a plan as one HTML document that needs no network and no script.
//!
//! Every text of a document or a checkout goes through `escape`; nothing else writes one.

mod code;
mod diff;
mod links;
mod overview;
mod picture;
mod tasks;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::diagnostic::visible_lines;
use crate::graph::{analyse, graph};
use crate::pipeline::{Change, Hook, Proposal, line_counts};

/// What a page begins with; files that begin so may be replaced by another page.
pub const BEGINNING: &str = "<!doctype html>\n<!-- kubevirt-scaffold review page -->\n";

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page needs besides the plan.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The name of the checkout.
    pub checkout: &'a str,
    /// The command that carries this plan out, ready for a shell; nothing if it cannot be carried out.
    pub command: Option<&'a str>,
    /// The command to which `--only` and the ticked tasks are added.
    pub chosen: &'a str,
    /// The steps that follow.
    pub hooks: &'a [Hook],
}

/// A changed file.
struct File<'a> {
    change: &'a Change,
    /// How many lines it gains and loses.
    counts: (usize, usize),
}

impl<'a> File<'a> {
    fn new(change: &'a Change) -> Self {
        Self { change, counts: line_counts(change) }
    }

    fn texts(change: &'a Change) -> diff::Texts<'a> {
        diff::Texts { path: &change.path, before: change.before.as_deref(), after: &change.after }
    }
}

/// The page of a plan, refused or not.
pub fn page(proposal: &Proposal, view: &View<'_>) -> String {
    let changes = if proposal.is_refused() { Vec::new() } else { proposal.ordered() };
    let links = links::Links::new(proposal, &changes);
    let files: Vec<File<'_>> = changes.iter().map(|change| File::new(change)).collect();
    let mut text = String::from(BEGINNING);
    let _ = write!(
        text,
        "<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Review: {}</title>\n\
         <style>{STYLE}</style></head>\n<body>\n",
        hash(STYLE),
        hash(SCRIPT),
        escape(&proposal.plan.feature.name)
    );
    header(&mut text, proposal, view, &files);
    text.push_str("<div id=\"panes\">\n<section id=\"tasks\" aria-labelledby=\"tasks-title\" tabindex=\"0\">\n");
    tasks::lines(&mut text, proposal, &files, &links);
    text.push_str("</section>\n<main id=\"changes\" tabindex=\"0\">\n");
    overview::overview(&mut text, proposal, view);
    if !files.is_empty() {
        overview::tree(&mut text, &files);
    }
    for (at, file) in files.iter().enumerate() {
        overview::file(&mut text, proposal, at, file, &links.of_changes[at]);
    }
    let analysis = analyse(&proposal.file, &graph(&proposal.file));
    text.push_str("<section id=\"graph\" aria-labelledby=\"graph-title\"><h2 id=\"graph-title\">Dependencies</h2>\n");
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

fn header(text: &mut String, proposal: &Proposal, view: &View<'_>, files: &[File<'_>]) {
    let plan = &proposal.plan;
    let created = files.iter().filter(|file| file.change.is_new()).count();
    let added: usize = files.iter().map(|file| file.counts.0).sum();
    let removed: usize = files.iter().map(|file| file.counts.1).sum();
    let gate = plan.feature.gate.as_ref().map(|gate| format!(" · feature gate {}", escape(&gate.name)));
    let _ = writeln!(text, "<header>\n<h1>{}</h1>", escape(&plan.feature.name));
    if proposal.is_refused() {
        text.push_str(
            "<p class=\"refused\"><strong>Refused.</strong> Nothing is written until the errors below are fixed.</p>\n",
        );
    } else {
        let _ = writeln!(
            text,
            "<p>{created} to create, {} to edit in {} · <ins>+{added}</ins> <del>−{removed}</del> lines · {} left to you · {} held back{}</p>",
            files.len() - created,
            escape(view.checkout),
            plan.manual.len(),
            plan.blocked.len(),
            gate.unwrap_or_default(),
        );
    }
    text.push_str("<nav aria-label=\"Page\"><a href=\"#tasks\">Tasks</a> <a href=\"#overview\">Overview</a>");
    if !files.is_empty() {
        text.push_str(" <a href=\"#files\">Files</a>");
    }
    text.push_str(
        " <a href=\"#graph\">Dependencies</a></nav>\n<form id=\"filter\" hidden><label>Task or file <input id=\"words\" type=\"search\"></label>\n\
         <label>Phase <select id=\"phase\"><option value=\"\">all</option>",
    );
    let mut known = Vec::new();
    for phase in &proposal.file.phases {
        if !known.contains(&&phase.number) {
            known.push(&phase.number);
            let (number, title) = (escape(&phase.number), escape(&phase.title.text));
            let _ = write!(text, "<option value=\"{number}\">{number}: {title}</option>");
        }
    }
    text.push_str(
        "</select></label> <span id=\"hits\" role=\"status\"></span> <span class=\"keys\"><kbd>j</kbd> <kbd>k</kbd> files, <kbd>n</kbd> <kbd>p</kbd> tasks, \
         <kbd>x</kbd> tick, <kbd>/</kbd> filter, <kbd>Esc</kbd> back</span></form>\n",
    );
    if let Some(command) = view.command {
        let _ = writeln!(
            text,
            "<p id=\"run\">To write it, from where you ran this: <code id=\"command\" data-chosen=\"{}\">{}</code></p>",
            escape(view.chosen),
            escape(command)
        );
    } else if !proposal.is_refused() {
        let _ = writeln!(text, "<p>This is {}: it is only shown.</p>", escape(view.checkout));
    }
    text.push_str("</header>\n");
}

#[cfg(test)]
mod tests;
