//! What a VEP shows or names and does not build: folded text and sections about other ideas, blocks that the sentence
//! before them gives up, and names that are said not to change.

use super::sentences::{Sentence, words};
use super::stance::{Stance, stance};
use super::{Topic, Vep};
use crate::documents::Code;
use crate::task::LineKind;
use crate::text::Span;

/// Something that the VEP names and that no task comes from, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// What it is.
    pub what: String,
    /// Where the VEP says so.
    pub span: Span,
    /// Why it is no work.
    pub why: &'static str,
}

/// The parts of a document that tell of what is not built.
pub(super) fn parts(vep: &Vep, all: &[Sentence]) -> Vec<Span> {
    let mut found = folded(vep);
    for heading in vep.headings.iter().filter(|heading| heading.level > 2 || !heading.is_own) {
        // "This section describes an idea that was rejected."
        let first = all.iter().find(|said| said.span.start >= heading.body.start && !is_heading(said));
        let Some(first) = first.filter(|first| first.span.start < heading.body.end && heading.level > 1) else {
            continue;
        };
        let is_about_it = [" this ", " the following ", " these ", " what follows ", " below ", " here "]
            .iter()
            .any(|word| first.words.starts_with(word))
            && first.has(&[
                " section ",
                " idea ",
                " approach ",
                " design ",
                " option ",
                " variant ",
                " alternative ",
                " solution ",
                " phase ",
                " following ",
            ]);
        let is_given_up = matches!(stance(&first.words), Some(Stance::Rejected | Stance::Postponed));
        if is_about_it && is_given_up && heading.topic != Topic::Excluded {
            found.push(heading.body);
        }
    }
    found
}

impl Vep {
    /// The blocks of code that are not built.
    pub(super) fn blocks_left_out(&self) -> impl Iterator<Item = LeftOut> {
        let text = self.document.source.text();
        self.given_up.iter().map(|(body, stance)| {
            // The line of the fence.
            let start = text[..body.start.saturating_sub(1)].rfind('\n').map_or(0, |at| at + 1);
            LeftOut { what: "the block of code".to_owned(), span: Span::new(start, body.start), why: stance.why() }
        })
    }
}

fn is_heading(said: &Sentence) -> bool {
    matches!(said.kind, LineKind::Heading(_))
}

/// `<details>` whose summary speaks of another idea.
fn folded(vep: &Vep) -> Vec<Span> {
    let text = vep.document.source.text();
    let mut found = Vec::new();
    let html = vep.document.lines.iter().filter(|line| line.kind == LineKind::Html);
    for line in html.filter(|line| line.span.of(text).trim_start().to_lowercase().starts_with("<details")) {
        let rest = &text[line.span.start..];
        let lower = rest.to_ascii_lowercase();
        let end = lower.find("</details>").unwrap_or(rest.len());
        let summary = lower[..end].find("<summary").and_then(|from| {
            let summary = &rest[from..end];
            let open = summary.find('>')? + 1;
            let close = summary.to_ascii_lowercase().find("</summary>")?;
            summary.get(open..close)
        });
        let Some(summary) = summary else { continue };
        if Topic::of(summary) == Some(Topic::Excluded) || stance(&words(summary)).is_some() {
            found.push(Span::new(line.span.start, line.span.start + end));
        }
    }
    found
}

/// The sentence that leads to a block of code, by its number, and whether nothing but blanks is between it and a place.
fn leads<'a>(vep: &'a Vep, code: &Code) -> impl Fn(&Sentence, usize, usize) -> bool + 'a {
    let heading = vep.heading_at(code.body.start).map(|heading| heading.span);
    move |said, from, to| {
        let between = vep.document.lines_in(Span::new(from, to));
        vep.heading_at(said.span.start).map(|heading| heading.span) == heading
            && between.iter().all(|line| matches!(line.kind, LineKind::Blank | LineKind::Fence | LineKind::Html))
    }
}

/// The number of the sentence that leads to a block of code.
fn before(vep: &Vep, code: &Code, all: &[Sentence]) -> Option<usize> {
    let at = all.partition_point(|said| said.span.start < code.body.start).checked_sub(1)?;
    let near = !is_heading(&all[at]) && leads(vep, code)(&all[at], all[at].end(), code.body.start);
    near.then_some(at)
}

/// The sentence that leads to a block of code.
pub(super) fn lead<'a>(vep: &Vep, code: &Code, all: &'a [Sentence]) -> Option<&'a Sentence> {
    before(vep, code, all).map(|at| &all[at])
}

/// Whether a block of code shows what others write, or what is there: libvirt, a plugin, today.
pub(super) fn is_shown_only(vep: &Vep, code: &Code, all: &[Sentence]) -> bool {
    const OTHERS: &[&str] = &[
        " by libvirt ",
        " libvirt adds ",
        " libvirt fills ",
        " libvirt expands ",
        " libvirt generates ",
        " libvirt reports ",
        " libvirt writes ",
        " libvirt selects ",
        " libvirt produces ",
        " libvirt turns ",
        " libvirt creates ",
        " libvirt completes ",
        " host reports ",
        " hosts report ",
        " reported by ",
        " output of ",
        " by itself ",
        " on its own ",
        " none of it ",
        " none of this ",
        " not by kubevirt ",
        " kubevirt does not ",
        " kubevirt writes none ",
        " illustrat",
        " virsh ",
        " existing behavior ",
        " existing behaviour ",
        " today ",
        " currently ",
        " before this ",
        " the plugin ",
        " sidecar ",
        " ondefinedomain ",
    ];
    const OWN: &[&str] =
        &[" kubevirt emits ", " kubevirt generates ", " kubevirt adds ", " we generate ", " we add ", " converter "];
    let own = vep.heading_at(code.body.start).map(|heading| heading.span);
    let by_sidecar = all.iter().any(|said| {
        said.span.start < code.body.start
            && said.has(&[" ondefinedomain ", " sidecar "])
            && vep.heading_at(said.span.start).map(|heading| heading.span) == own
    });
    let said = before(vep, code, all).map(|at| &all[at]);
    let behind = all.get(all.partition_point(|said| said.span.start < code.body.start)).filter(|behind| {
        leads(vep, code)(behind, code.body.end, behind.span.start)
            && behind.has(&[" itself ", " by libvirt ", " none of it ", " for reference ", " kubevirt does not "])
    });
    (by_sidecar || behind.is_some() || said.is_some_and(|said| said.has(OTHERS)))
        && !said.is_some_and(|said| said.has(OWN))
}

/// Why a block of code is not built, if what stands around it says so.
pub(super) fn block(vep: &Vep, code: &Code, all: &[Sentence]) -> Option<Stance> {
    let text = vep.document.source.text();
    let given_up = |stance: Option<Stance>| stance.filter(|own| matches!(own, Stance::Rejected | Stance::Postponed));
    let at = all.partition_point(|said| said.span.start < code.body.start);
    if let Some(before) = before(vep, code, all).map(|at| &all[at]) {
        // Without a colon, a clause that names something is about that.
        let leads = before.text.trim_end_matches('*').ends_with(':') || !before.text.contains('`');
        let own = given_up(before.stance(before.text.len().saturating_sub(1))).filter(|_| leads);
        // "An idea was rejected. It looked like this:"
        let points = [" it ", " this ", " that ", " they "].iter().any(|word| before.words.starts_with(word))
            && before.has(&[" looked ", " was ", " were ", " had ", " would have "]);
        let earlier = at.checked_sub(2).map(|at| &all[at]).filter(|_| points);
        let earlier = || earlier.and_then(|earlier| given_up(stance(&earlier.words)));
        if let Some(stance) = own.or_else(earlier) {
            return Some(stance);
        }
    }
    if let Some(behind) = all.get(at)
        && leads(vep, code)(behind, code.body.end, behind.span.start)
        && [" this ", " it ", " that ", " the above ", " both "].iter().any(|word| behind.words.starts_with(word))
        && let Some(Stance::Rejected) = stance(&behind.words)
    {
        return Some(Stance::Rejected);
    }
    let first = code.body.of(text).lines().find(|line| !line.trim().is_empty())?.trim();
    let comment = first.strip_prefix("//").or_else(|| first.strip_prefix('#'))?;
    given_up(stance(&words(comment)))
}
