//! Which tasks are wanted, with their placeholders filled in.

use std::collections::BTreeSet;

use super::{fences, in_keys, lists, tables};
use crate::demand::{Piece, Word, sentence_end, words};
use crate::diagnostic::Diagnostic;
use crate::graph::{graph, nothing_read, unread};
use crate::plan::key::says_caller;
use crate::plan::planner::unread_lines;
use crate::plan::{Key, LineUse, Options, PlannedTask, Readings, TaskLine, is_test_file, placed_spec, withhold};
use crate::task::{Style, Task, TaskFile};
use crate::text::{code_spans, squeezed};

/// Every task of a file, with the wanted ones marked.
pub(super) fn tasks(file: &TaskFile, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Vec<PlannedTask> {
    if let Some(beyond) = file.beyond_limits().or_else(|| too_many_paths(file)).or_else(|| too_many_lines(file)) {
        diagnostics.push(beyond);
        return Vec::new();
    }
    match nothing_read(file) {
        Some(nothing) => diagnostics.push(nothing),
        None => diagnostics.extend(unread(file, &graph(file))),
    }
    let only = options.selection.only.as_deref().map(|only| ids(file, only, options, diagnostics));
    let phase = options.selection.phase.as_deref();
    if let Some(phase) = phase.filter(|phase| !file.phases.iter().any(|known| known.number == *phase)) {
        let known: Vec<&str> = file.phases.iter().map(|phase| phase.number.as_str()).collect();
        let diagnostic = Diagnostic::error("phase-unknown", format!("there is no phase {phase}"))
            .help(format!("the phases are {}", known.join(", ")));
        diagnostics.push(options.point_at(diagnostic, phase));
    }
    let is_wanted = |task: &Task| {
        only.as_ref().is_none_or(|only| only.contains(&task.id))
            && phase.is_none_or(|phase| file.phase_number(task) == Some(phase))
            && options.selection.chosen.as_ref().is_none_or(|chosen| chosen.contains(&task.id))
    };
    file.tasks.iter().enumerate().map(|(index, task)| resolved(file, index, task, is_wanted(task), options)).collect()
}

/// More paths than this are not scaffolded: the largest real files name some hundreds.
const PATHS: usize = 2_000;

/// More lines than this below one task are not scaffolded: people write some dozens.
const LINES: usize = 2_000;

fn too_many_lines(file: &TaskFile) -> Option<Diagnostic> {
    let beyond = file.tasks.iter().find_map(|task| Some((task, task.details.get(LINES)?.text.span)));
    let (task, span) = beyond?;
    let message = format!("{} has more than {LINES} lines below it, which are not scaffolded", task.id);
    Some(Diagnostic::error("tasks-lines", message).at(&file.source, span).help("split the task"))
}

fn too_many_paths(file: &TaskFile) -> Option<Diagnostic> {
    let mut found = Vec::new();
    for path in file.tasks.iter().flat_map(|task| &task.paths) {
        braces(&path.text, PATHS + 1, &mut found);
        if found.len() > PATHS {
            let message = format!("{} names more than {PATHS} paths, which are not scaffolded", file.source.name());
            let diagnostic = Diagnostic::error("tasks-paths", message).at(&file.source, path.span);
            return Some(diagnostic.help("split it into features"));
        }
    }
    None
}

/// `pkg/{a,b}.go` is two paths. Adds them to those that are found, of which there are at most `most`.
pub(super) fn braces(path: &str, most: usize, found: &mut Vec<String>) {
    /// No system has longer paths.
    const LENGTH: usize = 4096;
    if found.len() >= most {
        return;
    }
    let ends = path.find('{').zip(path.find('}')).filter(|(open, close)| open < close && path.len() <= LENGTH);
    let Some((open, close)) = ends else { return found.push(path.to_owned()) };
    for part in path[open + 1..close].split(',') {
        braces(&format!("{}{}{}", &path[..open], part.trim(), &path[close + 1..]), most, found);
    }
}

fn resolved(file: &TaskFile, index: usize, task: &Task, selected: bool, options: &Options) -> PlannedTask {
    let resolve = |text: &str| options.placeholders.resolve(text, Style::Text).0;
    let mut said = resolve(&task.title.text);
    let line = file.line(task);
    let mut title = said.clone();
    let mut details = details(file, task, &resolve);
    let is_tests = !task.paths.is_empty() && task.paths.iter().all(|path| is_test_file(&path.text));
    match behind_title(file, task).map(|rest| resolve(&rest)) {
        // **Tests**: `x_test.go` — it starts; it stops
        Some(rest) if is_tests => {
            let mark =
                if file.text()[task.title.span.end..].trim_start_matches('*').starts_with(' ') { "" } else { ":" };
            said = format!("{said}{mark} {rest}");
            title.clone_from(&said);
        }
        // **Feature gate** `GuestPulse`
        Some(rest) if matches!(words(&rest).as_slice(), [one] if one.piece == Piece::Code) => {
            title = format!("{title} {rest}");
        }
        Some(text) => details.insert(0, TaskLine { key: Key::Task, text, line, is_item: true }),
        None => {}
    }
    let is_code = |path: &str| path.ends_with(".go") && !path.ends_with("_test.go") && !path.starts_with("tests/");
    let reads = task.paths.is_empty() || task.paths.iter().any(|path| is_code(&path.text));
    title = marked(&title, task.title.span.of(file.source.text()));
    let withheld = if reads { withhold(&mut title, line, &mut details) } else { Vec::new() };
    title = place_last(&title);
    spell_arrows(&mut details);
    in_keys::spell_out(&title, &mut details);
    lists::spell_out(&title, &mut details);
    // What Go below the task declares stands where its block does.
    let (declared, unread) = fences::lines(file, task);
    details.extend(declared);
    details.extend(tables::lines(file, task));
    details.sort_by_key(|detail| detail.line);
    let mut lines = unread_lines(file, task);
    if task.paths.iter().any(|path| is_code(&path.text)) {
        lines.extend(tables::rows_behind(file, task).into_iter().map(LineUse::new));
    }
    PlannedTask {
        index,
        id: task.id.clone(),
        subject: subject(&said, task.paths.iter().map(|path| resolve(&path.text))),
        labels: task.labels.clone(),
        title,
        said,
        withheld,
        unread,
        phase: file.phase_number(task).map(str::to_owned),
        line,
        details,
        optional: task.optional,
        kind: None,
        selected,
        lines,
        named: Vec::new(),
        changes: Vec::new(),
        is_change: false,
        readings: Readings::default(),
    }
}

/// A title that begins with its file, "`x/y.go`: add …" or "In `x/y.go`, add …", as most people put it: "add … in `x/y.go`".
fn place_last(title: &str) -> String {
    let whole = || title.to_owned();
    let led = ["In ", "in ", "Within "].iter().find_map(|word| title.strip_prefix(word));
    let rest = led.unwrap_or(title);
    let (path, rest) = match rest.strip_prefix('`') {
        Some(quoted) => match quoted.split_once('`') {
            Some(parts) => parts,
            None => return whole(),
        },
        None => match rest.split_once([' ', ':']) {
            Some((path, _)) => (path, &rest[path.len()..]),
            None => return whole(),
        },
    };
    let is_file = |text: &str| text.contains('/') && text.ends_with(".go");
    let is_other = |word: &str| is_file(word.trim_matches(|c: char| !c.is_alphanumeric()));
    let marks: &[&str] = if led.is_some() { &[",", ":"] } else { &[":", " - ", " – ", " — "] };
    let Some(work) = marks.iter().find_map(|mark| rest.strip_prefix(mark)) else { return whole() };
    let work = work.trim().trim_end_matches('.');
    let speaks = work.split_whitespace().count() > 1 && !work.split_whitespace().any(is_other);
    if !is_file(path) || path.contains(char::is_whitespace) || !speaks {
        return whole();
    }
    // What further sentences say is not about the place.
    let (work, more) = work.split_at(sentence_end(work));
    format!("{work} in `{path}`{more}")
}

/// What stands behind a bold title and says more than where: `**API** Add field …`.
fn behind_title(file: &TaskFile, task: &Task) -> Option<String> {
    const PLACES: &[&str] =
        &["in", "at", "to", "into", "inside", "under", "of", "within", "and", "file", "files", "see"];
    let rest = &file.text()[task.title.span.end.min(task.text.end)..task.text.end];
    let rest = rest.trim_start_matches('*').trim_start_matches([':', '-', '–', '—', '→', '.', ' ']);
    let text = squeezed(&rest.replace("**", ""));
    let is_note = text.starts_with('(') && text.find(')') == Some(text.len() - 1);
    let is_place = |word: &Word<'_>| word.piece == Piece::Mark || word.is(PLACES) || word.text.contains(['/', '.']);
    (!is_note && !words(&text).iter().all(is_place)).then_some(text)
}

/// The lines below a task.
fn details(file: &TaskFile, task: &Task, resolve: &dyn Fn(&str) -> String) -> Vec<TaskLine> {
    let read = task.details.iter().map(|detail| {
        let (text, is_item) = (resolve(&detail.text.text), is_item(file, detail.text.span.start));
        let line = file.source.line(detail.text.span.start);
        let placed = is_item.then(|| placed_spec(&text)).flatten().filter(|_| detail.key.is_empty());
        if let Some(text) = placed {
            return TaskLine { key: Key::of("test", &text), text, line, is_item };
        }
        if let Some((key, rest)) = Key::noted(&text).filter(|_| is_item && detail.key.is_empty()) {
            let text = as_method(&text, rest).unwrap_or_else(|| rest.to_owned());
            return TaskLine { key, text, line, is_item };
        }
        let key = Key::of(&detail.key, &text);
        TaskLine { key, text: with_place(&detail.key, text), line, is_item }
    });
    // "Cases: a; b" are two.
    let parts = task.details.iter().zip(read).flat_map(|(detail, line)| {
        let is_several = matches!(&*detail.key, "cases" | "specs" | "test cases" | "new specs" | "new tests");
        let texts: Vec<String> = if is_several && !line.text.contains('"') {
            line.text.split("; ").map(str::to_owned).collect()
        } else {
            vec![line.text.clone()]
        };
        texts.into_iter().map(move |text| TaskLine { text, ..line.clone() })
    });
    parts.collect()
}

/// The text of a line that calls its function a method and does not say of what: "`stop()` method".
fn as_method(text: &str, rest: &str) -> Option<String> {
    let noun = text[..text.len() - rest.len()].trim_end();
    let (code, behind) = rest.strip_prefix('`')?.split_once('`')?;
    let is_open = behind.is_empty() || behind.starts_with([',', ';', ':', '.']) || behind.starts_with(" -");
    (noun.to_lowercase().ends_with("method") && is_open).then(|| format!("`{code}` method{behind}"))
}

/// The text of a line whose key says where in its caller a function is called.
fn with_place(key: &str, text: String) -> String {
    match says_caller(key) {
        true if key.contains(" last") => format!("called at the end of {text}"),
        true if key.contains(" first") => format!("called at the start of {text}"),
        true => format!("{key} {text}"),
        false => text,
    }
}

/// Spells out who calls whom where a line of integration has an arrow between two functions, one of which the task makes:
/// "Wire: `new` → `caller`", "Wire: `caller` → `new`".
fn spell_arrows(details: &mut [TaskLine]) {
    let heads: Vec<String> = details
        .iter()
        .flat_map(|line| code_spans(&line.text).filter_map(|code| code.split_once('(')))
        .map(named)
        .collect();
    let is_new = |name: &str| heads.iter().any(|head| head == name);
    for line in details.iter_mut().filter(|line| line.key == Key::Integration) {
        let Some((from, rest)) = ["→", "->", "=>"].iter().find_map(|arrow| line.text.split_once(arrow)) else {
            continue;
        };
        let Some(one) = from.trim().strip_prefix('`').and_then(|code| code.strip_suffix('`')) else { continue };
        let Some((other, rest)) = rest.trim().strip_prefix('`').and_then(|code| code.split_once('`')) else { continue };
        let bare = |code: &str| code.trim_end_matches("()").rsplit('.').next().unwrap_or_default().to_owned();
        let (callee, caller) = match (is_new(&bare(one)), is_new(&bare(other))) {
            (true, false) => (one, other),
            (false, true) => (other, one),
            _ => continue,
        };
        line.text = format!("`{callee}` is called from `{caller}`{rest}");
    }
}

/// The name in the first part of a head.
fn named((head, _): (&str, &str)) -> String {
    head.rsplit([' ', '.']).next().unwrap_or_default().to_owned()
}

/// A text with the marks of what is struck out in it, which stand where it was read from.
fn marked(text: &str, raw: &str) -> String {
    let mut text = text.to_owned();
    for struck in raw.split("~~").skip(1).step_by(2) {
        let struck = squeezed(&struck.replace("**", ""));
        if !struck.is_empty() {
            text = text.replacen(&struck, &format!("~~{struck}~~"), 1);
        }
    }
    text
}

/// Whether the line that a text begins in is an item of a list.
fn is_item(file: &TaskFile, at: usize) -> bool {
    let text = file.source.text();
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let marks = text[start..at].trim_start();
    let number = marks.trim_start_matches(|c: char| c.is_ascii_digit());
    marks.starts_with(['-', '*', '+']) || number.len() < marks.len() && number.starts_with(['.', ')'])
}

/// A title without the files in it: `Unit tests in pkg/x/y_test.go` is about unit tests.
fn subject(title: &str, paths: impl Iterator<Item = String>) -> String {
    const PREPOSITIONS: &[&str] = &["in", "at", "to", "into", "inside", "under", "for", "from", "of", "within", "("];
    const NOTES: &[&str] = &["extend", "existing", "new", "edit", "update", "modify"];
    let mut text = title.to_owned();
    for path in paths.filter(|path| path.contains('/')) {
        let quoted = format!("`{path}`");
        let named = if text.contains(&quoted) { quoted } else { path };
        let Some((before, after)) = text.split_once(named.as_str()) else { continue };
        let (mut before, mut after) = (before.trim_end(), after.trim_end());
        if let (Some(open), Some(close)) = (before.strip_suffix('('), after.strip_prefix(')')) {
            (before, after) = (open.trim_end(), close);
        }
        // A note about the file, such as "(extend existing)", says nothing about the subject.
        if let Some((note, rest)) = after.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'))
            && NOTES.iter().any(|word| note.to_lowercase().split(' ').any(|known| known == *word))
        {
            after = rest;
        }
        // "Pulse: `x.go`, more": of two marks the first one stays.
        if before.ends_with([':', ',', ';']) {
            after = after.trim_start_matches([':', ',', ';']);
        }
        let shorter = PREPOSITIONS.iter().find_map(|word| before.strip_suffix(word)?.strip_suffix(' '));
        text = format!("{}{after}", shorter.unwrap_or(before).trim_end());
    }
    // A path that comes first leaves the mark that stood behind it.
    let text = text.trim().trim_end_matches([':', '-', ',']).trim_end();
    let text = text.trim_start_matches([':', ',', ';', '–', '—', ' ']).trim_start_matches("- ").trim_start();
    if text.is_empty() { title.to_owned() } else { text.to_owned() }
}

/// The IDs that a list of IDs and ranges means.
fn ids(file: &TaskFile, only: &str, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> BTreeSet<String> {
    let position = |id: &str| file.tasks.iter().position(|task| task.id.eq_ignore_ascii_case(id));
    let mut wanted = BTreeSet::new();
    if only.split(',').all(|part| part.trim().is_empty()) {
        let diagnostic = Diagnostic::error("task-unknown", "--only names no task");
        diagnostics.push(options.point_at(diagnostic.help("such as --only T001,T004-T009"), "--only"));
    }
    for part in only.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        // An ID may have a dash of its own.
        let span = if position(part).is_some() { None } else { part.split_once("..").or_else(|| range(part)) };
        let (first, last) = match span {
            Some((first, last)) if last.starts_with(|c: char| c.is_ascii_digit()) => (first, format!("T{last}")),
            Some((first, last)) => (first, last.to_owned()),
            None => (part, part.to_owned()),
        };
        match (position(first), position(&last)) {
            (Some(first), Some(last)) if first <= last => {
                wanted.extend(file.tasks[first..=last].iter().map(|task| task.id.clone()));
            }
            (from, to) => {
                let missing = if from.is_none() { first } else { &last };
                let message = match (from, to) {
                    (Some(_), Some(_)) => format!("the range {part} is reversed"),
                    _ => format!("there is no task {missing}"),
                };
                let known: Vec<&str> = file.tasks.iter().map(|task| task.id.as_str()).collect();
                let help = match known.as_slice() {
                    [first, .., last] => format!("the tasks are {first} to {last}"),
                    known => format!("the tasks are {}", known.join(", ")),
                };
                diagnostics.push(options.point_at(Diagnostic::error("task-unknown", message).help(help), part));
            }
        }
    }
    wanted
}

/// `T004-T009`, but not `T-4`.
fn range(part: &str) -> Option<(&str, &str)> {
    let at = part.char_indices().skip(2).find(|(_, c)| *c == '-').map(|(at, _)| at)?;
    Some((&part[..at], &part[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_names_no_files() {
        for (title, path, expected) in [
            ("Unit tests for the planner in `pkg/x/y_test.go`", "pkg/x/y_test.go", "Unit tests for the planner"),
            ("Create the model in pkg/x/y.go with care", "pkg/x/y.go", "Create the model with care"),
            ("Planner (`pkg/x/y.go`)", "pkg/x/y.go", "Planner"),
            ("Specs in `pkg/x/y.go` (extend existing)", "pkg/x/y.go", "Specs"),
            ("Specs in `pkg/x/y.go` (all of them)", "pkg/x/y.go", "Specs (all of them)"),
            ("`pkg/x/y.go`", "pkg/x/y.go", "`pkg/x/y.go`"),
            ("`pkg/x/y.go`: skip nodes", "pkg/x/y.go", "skip nodes"),
            ("pkg/x/y.go - skip nodes", "pkg/x/y.go", "skip nodes"),
            ("Planner", "pkg/x/y.go", "Planner"),
        ] {
            assert_eq!(subject(title, [path.to_owned()].into_iter()), expected, "{title}");
        }
    }
}
