//! The graph as text, Mermaid, Graphviz and JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::{Analysis, Graph, Incoming, Link, Origin, TaskSet, by_phase};
use crate::diagnostic::{visible, visible_json};
use crate::task::TaskFile;

/// The tasks as a tree of phases, each with what it waits for; then the batches, the critical path
/// and how they agree with the `[P]` marks.
pub fn text(file: &TaskFile, graph: &Graph, analysis: &Analysis) -> String {
    let mut text = String::new();
    let ids = |tasks: &[usize]| ranges(file, &TaskSet::of(tasks.iter().copied()));
    // What a task waits for by statement or file; the order of the phases is seen anyway.
    let links: Vec<&Link> = graph.links.iter().filter(|link| link.origin != Origin::Phase).collect();
    let incoming = Incoming::new(file.tasks.len(), links.iter().copied());
    let phases = by_phase(file);
    let loose: Vec<usize> = (0..file.tasks.len()).filter(|&task| file.tasks[task].phase.is_none()).collect();
    let groups =
        std::iter::once((None, loose)).chain(phases.into_iter().enumerate().map(|(at, tasks)| (Some(at), tasks)));
    for (phase, tasks) in groups.filter(|(_, tasks)| !tasks.is_empty()) {
        let title = phase.map_or("No phase".to_owned(), |phase| {
            let phase = &file.phases[phase];
            format!("Phase {}: {}", phase.number, visible(&phase.title.text))
        });
        let _ = writeln!(text, "{title}");
        for (at, &task) in tasks.iter().enumerate() {
            let branch = if at + 1 == tasks.len() { "└─" } else { "├─" };
            let found = &file.tasks[task];
            let mark = if found.is_parallel() { " [P]" } else { "" };
            let done = if found.done { "x" } else { " " };
            let _ = write!(text, "{branch} [{done}] {}{mark} {}", found.id, shortened(&visible(&found.title.text)));
            let waits = incoming.of(task).flat_map(|link| links[link].from.stretches().iter().copied());
            let waits = TaskSet::of_stretches(waits.collect());
            if !waits.is_empty() {
                let _ = write!(text, "  ← {}", ranges(file, &waits));
            }
            text.push('\n');
        }
    }
    for cycle in &analysis.cycles {
        let _ = writeln!(text, "\nThese wait for each other: {}", ids(cycle));
    }
    let _ = writeln!(
        text,
        "\nCritical path, {} of {} tasks: {}",
        analysis.critical_path.len(),
        file.tasks.len(),
        chain(file, &analysis.critical_path)
    );
    text.push_str("\nSide by side:\n");
    for (at, batch) in analysis.batches.iter().enumerate() {
        let _ = writeln!(text, "{:>3}. {}", at + 1, ids(batch));
    }
    let marks = marks(file, analysis);
    if !marks.needless.is_empty() {
        let _ = writeln!(text, "\nMarked [P], but with nothing to run beside: {}", ids(&marks.needless));
    }
    if !marks.missing.is_empty() {
        let _ = writeln!(text, "\nNot marked [P], but could run beside others: {}", ids(&marks.missing));
    }
    if marks.needless.is_empty() && marks.missing.is_empty() {
        text.push_str("\nThe [P] marks agree with that.\n");
    }
    text
}

/// Tasks whose `[P]` and batch disagree.
struct Marks {
    needless: Vec<usize>,
    missing: Vec<usize>,
}

fn marks(file: &TaskFile, analysis: &Analysis) -> Marks {
    let (mut needless, mut missing) = (Vec::new(), Vec::new());
    for batch in &analysis.batches {
        let alone = batch.len() == 1;
        for &task in batch {
            match (file.tasks[task].is_parallel(), alone) {
                (true, true) => needless.push(task),
                (false, false) => missing.push(task),
                _ => {}
            }
        }
    }
    needless.sort_unstable();
    missing.sort_unstable();
    Marks { needless, missing }
}

/// `T001, T003-T005`
fn ranges(file: &TaskFile, tasks: &TaskSet) -> String {
    let id = |task: usize| file.tasks[task].id.as_str();
    let part = |&(start, end): &(usize, usize)| match end - start {
        1 => id(start).to_owned(),
        2 => format!("{}, {}", id(start), id(end - 1)),
        _ => format!("{}-{}", id(start), id(end - 1)),
    };
    tasks.stretches().iter().map(part).collect::<Vec<_>>().join(", ")
}

fn chain(file: &TaskFile, tasks: &[usize]) -> String {
    tasks.iter().map(|&task| file.tasks[task].id.as_str()).collect::<Vec<_>>().join(" → ")
}

fn shortened(title: &str) -> String {
    if title.chars().count() <= 72 {
        return title.to_owned();
    }
    title.chars().take(71).chain(['…']).collect()
}

/// The links between single tasks that a drawing shows: not those that merely say that one phase
/// follows another.
pub(crate) fn edges(graph: &Graph) -> BTreeSet<(usize, usize, Origin)> {
    let mut edges: BTreeMap<(usize, usize), Origin> = BTreeMap::new();
    for link in graph.links.iter().filter(|link| link.origin != Origin::Phase) {
        for pair in link.from.iter().flat_map(|from| link.to.iter().map(move |to| (from, to))) {
            // What several links say is drawn once, as the strongest of them says it.
            let known = edges.entry(pair).or_insert(link.origin);
            *known = link.origin.min(*known);
        }
    }
    edges.into_iter().map(|((from, to), origin)| (from, to, origin)).collect()
}

/// Pairs of phases: the first comes before the second.
fn phase_edges(file: &TaskFile, graph: &Graph) -> BTreeSet<(usize, usize)> {
    let phase = |tasks: &TaskSet| tasks.first().and_then(|task| file.tasks[task].phase);
    let links = graph.links.iter().filter(|link| link.origin == Origin::Phase);
    links.filter_map(|link| Some((phase(&link.from)?, phase(&link.to)?))).collect()
}

/// A text inside of quotes: what Mermaid, or the browser that shows its labels, would read as more than text is
/// written as its code points. Backticks would make it Markdown.
fn mermaid_text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '"' => shown.push_str("#quot;"),
            '<' => shown.push_str("#lt;"),
            '>' => shown.push_str("#gt;"),
            '&' => shown.push_str("#amp;"),
            '#' => shown.push_str("#35;"),
            '\\' => shown.push_str("#92;"),
            '{' => shown.push_str("#123;"),
            '}' => shown.push_str("#125;"),
            // `%%` begins a comment or a directive.
            '%' if before == '%' => shown.push_str("#37;"),
            '`' => {}
            c => shown.push(c),
        }
        before = c;
    }
    shown
}

/// For Mermaid: phases are boxes around their tasks.
pub fn mermaid(file: &TaskFile, graph: &Graph) -> String {
    let mut text = String::from("flowchart TD\n");
    let label = |text: &str| mermaid_text(&shortened(&visible(text)));
    for (phase, tasks) in by_phase(file).iter().enumerate().filter(|(_, tasks)| !tasks.is_empty()) {
        let title = &file.phases[phase];
        let _ = writeln!(text, "  subgraph P{phase}[\"Phase {}: {}\"]", label(&title.number), label(&title.title.text));
        for &task in tasks {
            let found = &file.tasks[task];
            let _ = writeln!(text, "    N{task}[\"{} {}\"]", label(&found.id), label(&found.title.text));
        }
        text.push_str("  end\n");
    }
    for (task, found) in file.tasks.iter().enumerate().filter(|(_, task)| task.phase.is_none()) {
        let _ = writeln!(text, "  N{task}[\"{} {}\"]", label(&found.id), label(&found.title.text));
    }
    for (from, to, origin) in edges(graph) {
        let arrow = if origin == Origin::File { "-.->" } else { "-->" };
        let _ = writeln!(text, "  N{from} {arrow} N{to}");
    }
    for (from, to) in phase_edges(file, graph) {
        let _ = writeln!(text, "  P{from} ==> P{to}");
    }
    text
}

/// For Graphviz: phases are clusters.
pub fn dot(file: &TaskFile, graph: &Graph) -> String {
    let quoted = |text: &str| format!("\"{}\"", shortened(&visible(text)).replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = String::from("digraph tasks {\n  compound=true;\n  node [shape=box];\n");
    let phases = by_phase(file);
    for (phase, tasks) in phases.iter().enumerate().filter(|(_, tasks)| !tasks.is_empty()) {
        let title = &file.phases[phase];
        let title = format!("Phase {}: {}", title.number, title.title.text);
        let _ = writeln!(text, "  subgraph cluster_{phase} {{\n    label={};", quoted(&title));
        for &task in tasks {
            let found = &file.tasks[task];
            let _ = writeln!(text, "    n{task} [label={}];", quoted(&format!("{} {}", found.id, found.title.text)));
        }
        text.push_str("  }\n");
    }
    for (task, found) in file.tasks.iter().enumerate().filter(|(_, task)| task.phase.is_none()) {
        let _ = writeln!(text, "  n{task} [label={}];", quoted(&format!("{} {}", found.id, found.title.text)));
    }
    for (from, to, origin) in edges(graph) {
        let style = if origin == Origin::File { " [style=dashed]" } else { "" };
        let _ = writeln!(text, "  n{from} -> n{to}{style};");
    }
    for (from, to) in phase_edges(file, graph) {
        let (Some(last), Some(first)) = (phases[from].last(), phases[to].first()) else { continue };
        let _ = writeln!(text, "  n{last} -> n{first} [ltail=cluster_{from}, lhead=cluster_{to}, style=bold];");
    }
    text.push_str("}\n");
    text
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    file: &'a str,
    tasks: Vec<TaskJson<'a>>,
    edges: Vec<EdgeJson<'a>>,
    phases: Vec<PhaseJson<'a>>,
    cycles: Vec<Vec<&'a str>>,
    critical_path: Vec<&'a str>,
    batches: Vec<Vec<&'a str>>,
    parallel_marks: MarksJson<'a>,
}

#[derive(Serialize)]
struct TaskJson<'a> {
    id: &'a str,
    title: &'a str,
    phase: Option<&'a str>,
    line: usize,
    parallel: bool,
    done: bool,
    batch: usize,
}

#[derive(Serialize)]
struct EdgeJson<'a> {
    from: &'a str,
    to: &'a str,
    origin: &'static str,
    trusted: bool,
}

#[derive(Serialize)]
struct PhaseJson<'a> {
    number: &'a str,
    title: &'a str,
    after: Vec<&'a str>,
    tasks: Vec<&'a str>,
}

#[derive(Serialize)]
struct MarksJson<'a> {
    needless: Vec<&'a str>,
    missing: Vec<&'a str>,
}

/// The whole graph, version 1. Edges are between tasks; the order of phases is given with them.
pub fn json(file: &TaskFile, graph: &Graph, analysis: &Analysis) -> String {
    let id = |&task: &usize| file.tasks[task].id.as_str();
    let ids = |tasks: &[usize]| tasks.iter().map(id).collect::<Vec<_>>();
    let mut batch_of = vec![0; file.tasks.len()];
    for (at, batch) in analysis.batches.iter().enumerate() {
        for &task in batch {
            batch_of[task] = at + 1;
        }
    }
    let mut after: Vec<Vec<&str>> = vec![Vec::new(); file.phases.len()];
    for (from, to) in phase_edges(file, graph) {
        after[to].push(&file.phases[from].number);
    }
    let mut after = after.into_iter();
    let marks = marks(file, analysis);
    let document = Document {
        version: 1,
        file: file.source.name(),
        tasks: (file.tasks.iter().enumerate())
            .map(|(at, task)| TaskJson {
                id: &task.id,
                title: &task.title.text,
                phase: file.phase_number(task),
                line: file.line(task),
                parallel: task.is_parallel(),
                done: task.done,
                batch: batch_of[at],
            })
            .collect(),
        edges: edges(graph)
            .into_iter()
            .map(|(from, to, origin)| EdgeJson {
                from: id(&from),
                to: id(&to),
                origin: origin.name(),
                trusted: origin == Origin::Stated,
            })
            .collect(),
        phases: (by_phase(file).iter().enumerate())
            .map(|(at, tasks)| PhaseJson {
                number: &file.phases[at].number,
                title: &file.phases[at].title.text,
                after: after.next().unwrap_or_default(),
                tasks: ids(tasks),
            })
            .collect(),
        cycles: analysis.cycles.iter().map(|cycle| ids(cycle)).collect(),
        critical_path: ids(&analysis.critical_path),
        batches: analysis.batches.iter().map(|batch| ids(batch)).collect(),
        parallel_marks: MarksJson { needless: ids(&marks.needless), missing: ids(&marks.missing) },
    };
    visible_json(&serde_json::to_string_pretty(&document).expect("strings and numbers become JSON"))
}
