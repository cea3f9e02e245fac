//! Lists and maps of a package that a new function or constant is entered in: "entered in `optFns` under `XFlag`", "add the
//! flag to the `flags` list". One line, where the neighbours show how it reads.

use super::super::metric_list::variable_of;
use super::Wanted;
use super::functions::functions;
use crate::demand::{Piece, Word, clauses, words};
use crate::go::{AnchorError, DeclKind, Target, Value, align};
use crate::name::is_go_identifier;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Key, ManualReason, PlannedTask, Planner, Unit, Use};
use crate::repo_path::RepoPath;
use crate::text::{Span, TextEdit, indentation, line_start, next_line};
use crate::tree::{join, parent};

/// An entry that a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Entry {
    line: usize,
    /// The list or map.
    holder: String,
    /// What is entered: code that the line names, or the flag or constant that it speaks of.
    subject: Subject,
    key: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Subject {
    It,
    Constant,
    Named(String),
}

/// One line of a list or map.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    holder: String,
    key: Option<String>,
    value: String,
}

/// Plans the entries that tasks ask for beside their functions.
pub(super) fn plan(planner: &mut Planner<'_, '_>, file: &RepoPath, tasks: &[usize], wanted: &mut Wanted) {
    for &index in tasks {
        for entry in read(planner, parent(file), planner.task(index)) {
            // What is entered, or left by hand with its place, is no step of the function, and does not say what it is for.
            let id = planner.task(index).id.clone();
            for stub in wanted.stubs.iter_mut().filter(|stub| stub.task == id) {
                if let Some(at) = stub.lines.iter().position(|line| *line == entry.line) {
                    stub.lines.remove(at);
                    stub.steps.remove(at);
                }
                if stub.doc.contains(&entry.holder) {
                    stub.doc.clear();
                }
            }
            match facts(planner, file, index, &entry) {
                Ok(facts) => {
                    if let Err(refusal) = planner.open(&facts.file) {
                        planner.diagnose(refusal);
                        continue;
                    }
                    for stub in wanted.stubs.iter_mut().filter(|stub| facts.value.trim_end_matches("()") == stub.name) {
                        (stub.unused, stub.called) = (false, true);
                    }
                    planner.note(index, entry.line, Use::Change, std::slice::from_ref(&facts.file));
                    planner.push(facts, &[index]);
                }
                Err((why, place)) => {
                    planner.note(index, entry.line, Use::Ignored, &[]);
                    planner.manual(&[index], &ManualReason::Inexact { why, places: vec![place] });
                }
            }
        }
    }
}

/// Whether a task enters something in a list or map of a package.
pub(super) fn enters(planner: &Planner<'_, '_>, folder: &str, task: &PlannedTask, holder: &str) -> bool {
    read(planner, folder, task).iter().any(|entry| entry.holder == holder)
}

fn read(planner: &Planner<'_, '_>, folder: &str, task: &PlannedTask) -> Vec<Entry> {
    let is_holder = |name: &str| is_go_identifier(name) && holder_of(planner, folder, name).is_some();
    let lines = task.lines_of(&[Key::Task, Key::Function, Key::Integration, Key::Implementation, Key::Prose]);
    let lines = lines.map(|line| (line.line, line.text.as_str()));
    let mut found: Vec<Entry> = Vec::new();
    for (line, text) in std::iter::once((task.line, task.title.as_str())).chain(lines) {
        for clause in clauses(&words(text)) {
            let key = found.last().filter(|entry| entry.line == line).and_then(|entry| entry.key.clone());
            let mut own = entries(line, clause, &is_holder);
            for entry in own.iter_mut().filter(|entry| entry.subject == Subject::Constant) {
                entry.subject = key.clone().map_or(Subject::Constant, Subject::Named);
            }
            found.extend(own);
        }
    }
    found
}

/// The entries of a clause: a verb, what is entered, a preposition, the list, and the key.
fn entries(line: usize, clause: &[Word<'_>], is_holder: &dyn Fn(&str) -> bool) -> Vec<Entry> {
    #[rustfmt::skip]
    const VERBS: &[&str] = &[
        "add", "added", "adds", "append", "appended", "enter", "entered", "enters", "include", "included", "insert",
        "inserted", "list", "listed", "put", "register", "registered", "registers",
    ];
    const INTO: &[&str] = &["in", "into", "to", "by", "and", "the", "both", "map", "list", "table", "slice"];
    let mut found: Vec<Entry> = Vec::new();
    for (at, word) in clause.iter().enumerate().filter(|(_, word)| word.piece == Piece::Code && is_holder(word.text)) {
        let Some(verb) = clause[..at].iter().rposition(|word| word.is(VERBS)) else { continue };
        let is_into = at.checked_sub(1).is_some_and(|before| clause[before].is(INTO));
        let between = &clause[verb + 1..at];
        if !is_into || !between.iter().any(|word| word.is(&["in", "into", "to", "by"])) {
            continue;
        }
        let under = clause[at + 1..].iter().position(|word| word.is(&["under", "keyed", "key"]));
        let key = under.and_then(|under| {
            let key = clause[at + 1 + under..].iter().find(|word| word.piece == Piece::Code)?;
            Some(key.text.to_owned())
        });
        let into = between.iter().position(|word| word.is(&["in", "into", "to", "by"])).unwrap_or(0);
        let subject = match between[..into].iter().find(|word| word.piece == Piece::Code) {
            Some(code) => {
                Subject::Named(code.text.split('(').next().unwrap_or_default().trim_end_matches("()").to_owned())
            }
            None if between[..into].iter().any(|word| word.is(&["flag", "constant"])) => Subject::Constant,
            None => Subject::It,
        };
        found.push(Entry { line, holder: word.text.to_owned(), subject, key });
    }
    found
}

/// The file and literal of a list or map of a package, or of the only list in a function without parameters.
fn holder_of(planner: &Planner<'_, '_>, folder: &str, name: &str) -> Option<(String, Value, usize)> {
    let path = join(folder, &planner.survey.declares(folder, name)?);
    let source = planner.survey.go(&path).ok().flatten()?;
    let value = literal(&source.target(), name)?;
    let line = source.source.line(value.body.start);
    Some((path, value, line))
}

fn literal(target: &Target<'_>, name: &str) -> Option<Value> {
    let decl = target.file.declares(name).or_else(|| target.file.func(name))?;
    let values = target.values(decl).ok()?;
    let is_list = |value: &&Value| value.ty.starts_with("[]") || value.ty.starts_with("map[");
    match decl.kind {
        DeclKind::Var => {
            let is_own = |value: &&Value| variable_of(target, value.body).as_deref() == Some(name);
            values.iter().find(is_own).filter(is_list).cloned()
        }
        DeclKind::Func => match values.as_slice() {
            [one] => Some(one).filter(is_list).cloned(),
            _ => None,
        },
        _ => None,
    }
}

/// The entry as its neighbours read, or why it is left to people, and the place.
fn facts(planner: &Planner<'_, '_>, file: &RepoPath, task: usize, entry: &Entry) -> Result<Facts, (String, String)> {
    let holder = &entry.holder;
    let Some((path, value, line)) = holder_of(planner, parent(file), holder) else {
        return Err((format!("{holder} is not found"), file.to_string()));
    };
    let by_hand = |why: String| (why, format!("{path}:{line}"));
    let (named, _) = functions(planner.task(task));
    let own: Vec<_> = named.iter().filter(|function| !function.is_method()).collect();
    let name = match &entry.subject {
        Subject::Named(name) => name.clone(),
        Subject::It if own.len() == 1 => own[0].name.clone(),
        Subject::It | Subject::Constant => return Err(by_hand(format!("what is entered in {holder} is not clear"))),
    };
    let source = planner.survey.go(&path).ok().flatten();
    let text = source.as_ref().map_or("", |source| source.source.text());
    let names = |name: &str| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let of = |span: Span| span.of(text).split_once(':').map_or(span.of(text), |(_, value)| value).trim();
    let values: Vec<&str> = value.elements.iter().map(|element| of(element.span)).collect();
    let is_map = value.ty.starts_with("map[");
    let function = own.iter().find(|function| function.name == name);
    let is_plain = function.is_some_and(|own| own.head.as_ref().is_ok_and(|head| head.parameters.is_empty()));
    let calls = values.len() > 1 && values.iter().all(|value| value.strip_suffix("()").is_some_and(names));
    let is_names = values.len() > 1 && values.iter().all(|value| names(value));
    // A call is made at once, and a stub gives back nothing that could be listed.
    if calls && planner.survey.funcs(parent(&path), &name).is_empty() {
        return Err(by_hand(format!(
            "`{name}()` is entered in {holder} by hand, once it gives back what is to be listed"
        )));
    }
    let written = match (calls && is_plain, is_names) {
        (true, _) => format!("{name}()"),
        (_, true) => name.clone(),
        _ => return Err(by_hand(format!("{name} is entered in {holder} by hand: it is not like the other entries"))),
    };
    if is_map != entry.key.is_some() && function.is_some() {
        let why = if is_map { "the task names no key" } else { "it has no keys" };
        return Err(by_hand(format!("{name} is entered in {holder} by hand: {why}")));
    }
    let key = entry.key.clone().filter(|_| is_map);
    // What is entered is declared, or made beside it.
    let says = |index: &usize, name: &str| {
        let task = planner.task(*index);
        let mut texts = task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()]);
        let is_it = |word: &Word<'_>| word.text.split([' ', '(']).next() == Some(name);
        task.selected && texts.any(|text| words(text).iter().any(is_it))
    };
    let is_made = |name: &str| {
        let mut others = planner.assigned.iter().flat_map(|own| &own.tasks).filter(|index| **index != task);
        planner.survey.declares(parent(&path), name).is_some()
            || own.iter().any(|function| function.name == name)
            || planner
                .task(task)
                .details
                .iter()
                .any(|line| line.text.trim_matches('`').starts_with(&format!("{name} = ")))
            || others.any(|index| says(index, name))
    };
    for needed in key.iter().chain([&name]) {
        if !is_made(needed) {
            return Err(by_hand(format!("{needed}, which {holder} is to hold, is not declared in {}", parent(&path))));
        }
    }
    if is_map && !entry.key.as_deref().is_some_and(names) {
        return Err(by_hand(format!("{name} is entered in {holder} by hand: its key is no plain name")));
    }
    Ok(Facts { file: RepoPath::known(&*path), holder: holder.clone(), key, value: written })
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.anchor_go(&self.file, |target| {
            let missing = || AnchorError::Missing {
                expected: format!("the list `{}`", self.holder),
                candidates: Vec::new(),
                near: target.file.package.span,
            };
            let list = literal(target, &self.holder).ok_or_else(missing)?;
            match &self.key {
                None if list.elements.iter().any(|element| element.span.of(target.text) == self.value) => {
                    Ok(Vec::new())
                }
                None => Ok(vec![target.append_values(&list, std::slice::from_ref(&self.value))?]),
                Some(key) if list.elements.iter().any(|element| element.key.as_deref() == Some(key)) => Ok(Vec::new()),
                Some(key) => Ok(self.with_key(target, &list, key)),
            }
        })
    }
}

impl Facts {
    /// The entry of a map behind the last one; the values of the lines right above it stay in one column.
    fn with_key(&self, target: &Target<'_>, list: &Value, key: &str) -> Vec<TextEdit> {
        let text = target.text;
        let spans: Vec<Span> = list.elements.iter().map(|element| element.span).collect();
        let is_line = |two: &[Span]| text[two[0].end..two[1].start].trim_matches([' ', '\t']) == ",\n";
        let first = (1..spans.len()).rev().find(|at| !is_line(&spans[at - 1..=*at])).unwrap_or(0);
        let own = &spans[first..];
        let row = |span: &Span| {
            let (key, value) = span.of(text).split_once(':').unwrap_or((span.of(text), ""));
            [format!("{}:", key.trim()), value.trim().to_owned()]
        };
        let mut rows: Vec<[String; 2]> = own.iter().map(row).collect();
        rows.push([format!("{key}:"), self.value.clone()]);
        let lines = align(&rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect::<Vec<Vec<&str>>>());
        let changed = own.iter().zip(&lines).filter(|(span, line)| span.of(text) != line.as_str());
        let mut edits: Vec<TextEdit> =
            changed.map(|(span, line)| TextEdit { span: *span, text: line.clone() }).collect();
        if let (Some(last), Some(line)) = (own.last(), lines.last()) {
            let tabs = indentation(text, line_start(text, last.start));
            edits.push(TextEdit::insert(next_line(text, last.end), format!("{tabs}{line},\n")));
        }
        edits
    }
}
