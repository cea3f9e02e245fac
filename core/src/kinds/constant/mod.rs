//! Constants that a task spells out, and labels of functional tests: a line in the group that holds others like it.

mod label;
mod place;
mod value;

use super::component::{Component, functions};
use super::sentence::{comment, stated};
use super::uses;
use crate::demand::{Piece, Quoted, Word, description, quoted_comment, words};
use crate::go::{Decl, DeclKind, ImportSpec, add_imports, comment_lines, unquote};
use crate::name::{is_free_name, is_go_identifier};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::template::Text;
use crate::text::code_spans;
use crate::tree::{join, parent};
pub(super) use label::label;
use place::{alike, is_like, like_in, longest};
use value::{duration, names, value};

#[derive(Debug)]
pub(super) struct Constant;

/// A line of a group.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    /// What the file begins with where it is made: its header and its package.
    head: Option<(String, String)>,
    /// A name of the group beside which it stands; nothing if it is declared by itself.
    beside: Option<String>,
    /// Nothing in the group is like it, so that it stands apart.
    apart: bool,
    name: String,
    ty: Option<String>,
    value: String,
    /// The comment above it.
    comment: Option<String>,
}

/// The labels of functional tests.
pub(super) const DECORATORS: &str = "tests/decorators/decorators.go";

/// A constant or label as a task spells it out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Wanted {
    line: usize,
    pub(super) name: String,
    ty: Option<String>,
    value: String,
    /// What the line says of it.
    doc: Option<String>,
    /// The line that says so, if it is another one.
    doc_line: Option<usize>,
}

impl Kind for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "a constant with its value, or a label of `tests/decorators`",
            makes: "a line in the group of the file that holds others like it, or a declaration of its own",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let path = &place.path;
        let ours = path.ends_with(".go")
            && (path.starts_with("pkg/") || path.starts_with("cmd/"))
            && !path.ends_with("_test.go");
        let is_decorators = **path == *DECORATORS && place.exists;
        let is_own = ours && (!wanted(task.planned).is_empty() || place.exists && !spelled(task.planned).is_empty());
        (is_decorators || is_own).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        if assigned.place.as_ref().is_none_or(|place| *place.path != *DECORATORS) {
            Component::plan_functions(planner, assigned, &[]);
        }
        Self::plan_constants(planner, assigned);
    }
}

impl Constant {
    /// Plans the constants that tasks ask for beside what another kind makes in their file.
    pub(super) fn plan_constants(planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        for &task in &assigned.tasks {
            let planned = planner.task(task);
            let found = if *place.path == *DECORATORS { label(planned) } else { Ok(wanted(planned)) };
            let found = match found {
                Ok(found) => found,
                Err(why) => {
                    planner.manual(&[task], &ManualReason::Inexact { why, places: vec![DECORATORS.to_owned()] });
                    continue;
                }
            };
            if *place.path != *DECORATORS {
                for (line, why) in unread(planner.task(task)) {
                    planner.manual(&[task], &ManualReason::Unwritable { line, why });
                }
            }
            for wanted in found {
                let unknown = names(&wanted.value).find(|name| !is_constant(planner, parent(&place.path), name));
                let known = unknown.map_or(Ok(()), |name| Err(unknown_name(&wanted, name)));
                match known.and_then(|()| facts(planner.survey, &place.path, &wanted)) {
                    Err(reason) => planner.manual(&[task], &reason),
                    Ok(facts) => {
                        if let Err(refusal) = planner.open(&place.path) {
                            planner.diagnose(refusal);
                            continue;
                        }
                        for line in std::iter::once(wanted.line).chain(wanted.doc_line) {
                            planner.note(task, line, Use::Change, std::slice::from_ref(&place.path));
                        }
                        planner.push(facts, &[task]);
                        let text = lines(planner.task(task)).find(|(line, _)| *line == wanted.line);
                        if let Some(other) = text.and_then(|(_, text)| stated_place(text, &wanted.name)) {
                            let why =
                                format!("`{}` is to stand beside `{other}`; where it stands is up to you", wanted.name);
                            planner.manual(&[task], &ManualReason::Remains { line: wanted.line, why });
                        }
                    }
                }
            }
            uses::leave(planner, task, parent(&place.path));
        }
    }
}

/// Whether a package has a constant, or gets it from a task.
fn is_constant(planner: &Planner<'_, '_>, folder: &str, name: &str) -> bool {
    let is_own = |assigned: &&Assigned| assigned.place.as_ref().is_some_and(|place| parent(&place.path) == folder);
    let mut tasks = planner.assigned.iter().filter(is_own).flat_map(|assigned| &assigned.tasks);
    let source = |file: String| planner.survey.go(&join(folder, &file)).ok().flatten();
    let there = planner.survey.declares(folder, name).and_then(source);
    there.is_some_and(|source| source.file.declares(name).is_some_and(|decl| decl.kind == DeclKind::Const))
        || tasks.any(|&task| wanted(planner.task(task)).iter().any(|one| one.name == name))
}

fn unknown_name(wanted: &Wanted, name: &str) -> ManualReason {
    let why = format!("the value of `{}` names `{name}`, which is no constant of the package", wanted.name);
    ManualReason::Unwritable { line: wanted.line, why }
}

/// Whether a task spells out constants, and names no function.
pub(super) fn is_alone(task: &PlannedTask) -> bool {
    !wanted(task).is_empty() && functions(task).0.is_empty()
}

/// The constants of a task that are strings: the name, and the text.
pub(super) fn strings(task: &PlannedTask) -> Vec<(String, String)> {
    let found = wanted(task).into_iter().filter(|one| one.value.starts_with('"'));
    found.map(|one| (one.name, unquote(&one.value))).collect()
}

/// The title, and the lines that may state a constant: not those for functions, specs, metrics and pages.
fn lines(task: &PlannedTask) -> impl Iterator<Item = (usize, &str)> {
    const OTHERS: &[Key] = &[Key::Function, Key::Test, Key::Verify, Key::Scenario, Key::Metric, Key::Content];
    let own = task.details.iter().filter(|line| !OTHERS.contains(&line.key));
    std::iter::once((task.line, task.title.as_str())).chain(own.map(|line| (line.line, line.text.as_str())))
}

/// Words of a line about constants.
const WORDS: &[&str] = &["constant", "constants", "const", "reason", "annotation", "label", "event", "condition"];

/// `Name = "value"` or `Name Type = "value"` in code, on a line that speaks of a constant.
fn wanted(task: &PlannedTask) -> Vec<Wanted> {
    let each = |(line, name, ty, text): (usize, &str, Option<&str>, &str)| {
        Some(Wanted {
            line,
            name: name.to_owned(),
            ty: ty.map(str::to_owned),
            value: value(text, ty)?,
            doc: None,
            doc_line: None,
        })
    };
    task.once("constants", || {
        let mut found: Vec<Wanted> = spelled(task).into_iter().filter_map(each).collect();
        // What is said behind a dash is about the only one of a line.
        let alone: Vec<bool> =
            found.iter().map(|one| found.iter().filter(|other| other.line == one.line).count() == 1).collect();
        for (one, _) in found.iter_mut().zip(alone).filter(|(_, alone)| *alone) {
            let text = lines(task).find(|(line, _)| *line == one.line).map_or("", |(_, text)| text);
            let own = |found: &Quoted| found.is_called || found.text.starts_with(&one.name);
            let quoted = quoted_comment(text).filter(own).map(|found| found.text);
            one.doc = quoted.or_else(|| description(text));
        }
        if let [only] = found.as_mut_slice()
            && only.doc.is_none()
            && let Some((line, text)) = stated(task, &only.name)
        {
            (only.doc, only.doc_line) = (Some(text), Some(line));
        }
        found
    })
}

/// Constants that a task spells out with a value that is not read: the line, and what is wrong.
fn unread(task: &PlannedTask) -> Vec<(usize, String)> {
    let read = wanted(task);
    let unread = spelled(task)
        .into_iter()
        .filter(|(line, name, ..)| !read.iter().any(|known| known.line == *line && known.name == *name));
    unread
        .map(|(line, name, _, value)| {
            let what =
                "is not a string, number, duration, `true` or `false` that its type can hold, nor a sum of constants";
            (line, format!("the value of `{name}`, `{value}`, {what}"))
        })
        .collect()
}

/// Where a line puts its constant, "next to `other`", if it says that: constants stand where their group has them.
fn stated_place<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let all = words(text);
    let own = all.iter().position(|word| word.piece == Piece::Code && word.text.starts_with(name))?;
    let lead = |at: &usize| {
        let next = all[*at].is(&["next"]) && all.get(at + 1).is_some_and(|to| to.is(&["to"]));
        next || all[*at].is(&["beside", "after", "below", "behind", "before", "above", "under"])
    };
    let at = (own + 1..all.len()).find(lead)?;
    let other = all[at + 1..].iter().take(2).find(|word| word.piece == Piece::Code)?;
    is_go_identifier(other.text).then_some(other.text)
}

/// Whether a line only mentions a constant, "twice `limit = 20`", "`limit = 20` was too low".
fn is_mentioned(text: &str, code: &str) -> bool {
    const BEFORE: &[&str] = &[
        "than",
        "below",
        "above",
        "twice",
        "half",
        "as",
        "was",
        "were",
        "like",
        "until",
        "unlike",
        "under",
        "exceed",
        "variable",
        "variables",
        "var",
    ];
    const STATES: &[&str] = &["enforced", "already", "there", "set", "used", "defined", "known", "too"];
    let Some(at) = text.find(&format!("`{code}`")) else { return false };
    let (front, behind) = (words(&text[..at]), words(&text[at + code.len() + 2..]));
    let before = front.iter().rev().find(|word| !word.is(&["the", "a", "existing", "("]));
    let next = |at: usize, list: &[&str]| behind.get(at).is_some_and(|word| word.is(list));
    let stated = next(0, &["was", "were", "comes", "stays", "remains"]) || next(0, &["is", "are"]) && next(1, STATES);
    before.is_some_and(|word| word.is(BEFORE)) || stated
}

/// What lines about constants spell out: the line, the name, the type, and the value.
fn spelled(task: &PlannedTask) -> Vec<(usize, &str, Option<&str>, &str)> {
    let speaks = |text: &str, known: &[&str]| words(text).iter().any(|word| word.is(known));
    let title = [speaks(&task.title, WORDS), speaks(&task.title, &WORDS[..3])];
    let mut found = Vec::new();
    for (line, text) in lines(task) {
        let is_keyed = |key: &Key| matches!(key, Key::Constant | Key::Constants);
        let keyed = task.details.iter().any(|detail| detail.line == line && is_keyed(&detail.key));
        let told = title[0] || keyed || speaks(text, WORDS) || only_adds(text);
        for code in code_spans(text) {
            let declares = code.trim().starts_with("const ");
            if !(told || declares) || is_mentioned(text, code) {
                continue;
            }
            // `Name` = "value"
            let start = code.as_ptr() as usize - text.as_ptr() as usize + code.len();
            let behind = text.get(start + 1..).and_then(|rest| rest.strip_prefix(" = \""));
            let outside = behind.and_then(|rest| rest.find('"')).and_then(|end| text.get(start + 4..start + 6 + end));
            // `Name` = 30
            let number = text.get(start + 1..).and_then(|rest| rest.strip_prefix(" = ")).map(|rest| {
                let end =
                    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).unwrap_or(rest.len());
                rest[..end].trim_end_matches('.')
            });
            let outside = outside.or(number.filter(|number| number.starts_with(|c: char| c.is_ascii_digit())));
            let inside = || code.trim().trim_start_matches("const ").split_once('=');
            let Some((left, value)) = outside.map(|value| (code, value)).or_else(inside) else { continue };
            let (mut parts, value) = (left.split_whitespace(), value.trim());
            let (name, ty) = (parts.next().unwrap_or_default(), parts.next());
            let is_name = ty.is_none_or(is_go_identifier) && is_go_identifier(name) && is_free_name(name);
            // "Set the condition `Ready = true`" is no constant.
            let is_sure = || title[1] || keyed || declares || speaks(text, &WORDS[..3]);
            let is_value = !value.is_empty() && !value.starts_with('=');
            let is_value = is_value && (!matches!(value, "true" | "false") || is_sure());
            if is_name && parts.next().is_none() && is_value {
                found.push((line, name, ty, value));
            }
        }
    }
    found
}

/// Whether a line only adds names with strings: "Add `a = "x"` and `b = "y"`".
fn only_adds(text: &str) -> bool {
    const PLAIN: &[&str] = &["the", "a", "new", "two", "three", "and", "these", "following"];
    let line = words(text);
    let adds = line.first().is_some_and(|word| word.is(&["add", "define", "declare", "introduce"]));
    let is_string = |code: &str| code.split_once(" = ").is_some_and(|(_, value)| value.starts_with('"'));
    let is_plain = |word: &Word<'_>| match word.piece {
        Piece::Code => is_string(word.text),
        Piece::Mark => true,
        Piece::Prose => word.is(PLAIN),
    };
    adds && line[1..].iter().all(is_plain)
}

/// Whether a line spells out a constant.
pub(super) fn spells(line: &str) -> bool {
    words(line).iter().any(|word| word.is(WORDS)) && code_spans(line).any(|code| code.contains(" = "))
}

fn facts(survey: &Survey<'_>, file: &RepoPath, wanted: &Wanted) -> Result<Facts, ManualReason> {
    let inexact = |why: String, places: Vec<String>| ManualReason::Inexact { why, places };
    let name = &wanted.name;
    if let Some(known) = survey.declares(parent(file), name)
        && !file.ends_with(&format!("/{known}"))
    {
        return Err(inexact(format!("{name} is in {}/{known} already", parent(file)), Vec::new()));
    }
    let (known, ty, value) = (name.clone(), wanted.ty.clone(), wanted.value.clone());
    let comment = wanted.doc.as_ref().map(|doc| comment_lines(&comment(name, doc), 110).join("\n// "));
    let Some(source) = survey.go(file).ok().flatten() else {
        if survey.exists(file) {
            return Err(inexact(format!("{file} cannot be read"), Vec::new()));
        }
        let head = Some((survey.header().to_owned(), survey.package_name(parent(file))));
        return Ok(Facts { file: file.clone(), head, beside: None, apart: false, name: known, ty, value, comment });
    };
    let labels = **file == *DECORATORS;
    let kind = if labels { DeclKind::Var } else { DeclKind::Const };
    let groups: Vec<&Decl> = source.file.decls.iter().filter(|decl| decl.kind == kind && decl.body.is_some()).collect();
    let place = |decl: &&Decl| format!("{file}:{}", source.source.line(decl.span.start));
    if let Some(there) = source.file.declares(name) {
        let text = there.span.of(source.source.text());
        if !text.lines().any(|line| is_line_of(line, wanted)) {
            return Err(inexact(format!("{name} already exists with another value"), vec![place(&there)]));
        }
    }
    let beside = if labels { longest(&source, &groups, name) } else { alike(&source, &groups, wanted) };
    let apart = !labels && beside.as_ref().is_some_and(|beside| !is_like(beside, name));
    if beside.is_none() && labels {
        let why = format!("{file} has no one group of labels that {name} belongs to");
        return Err(inexact(why, groups.iter().map(place).collect()));
    }
    Ok(Facts { file: file.clone(), head: None, beside, apart, name: known, ty, value, comment })
}

/// Whether a line declares a constant with its value, in a group or by itself.
fn is_line_of(line: &str, wanted: &Wanted) -> bool {
    let line = line.trim();
    let line = ["const ", "var "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line).trim_start();
    let Some((ty, value)) = line.strip_prefix(wanted.name.as_str()).and_then(|rest| rest.split_once('=')) else {
        return false;
    };
    let is_name = ty.is_empty() || ty.starts_with(char::is_whitespace);
    let behind = value.trim_start().strip_prefix(wanted.value.as_str()).map(str::trim_start);
    let same_type = wanted.ty.as_deref().is_none_or(|wanted| wanted == ty.trim());
    is_name && same_type && behind.is_some_and(|behind| behind.is_empty() || behind.starts_with("//"))
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let module = pending.module();
        if let Some((header, package)) = &self.head
            && pending.text(&self.file)?.is_none()
        {
            pending.put(&self.file, format!("{header}\n\npackage {package}\n"))?;
        }
        pending.anchor_go(&self.file, |target| {
            if target.file.declares(&self.name).is_some() {
                return Ok(Vec::new());
            }
            let ty = self.ty.as_deref();
            // What was put apart before has made a place for those like it.
            let apart = self.beside.as_ref().filter(|_| self.apart);
            let like = apart.and_then(|beside| like_in(target, beside, &self.name));
            let beside = like.as_ref().or(self.beside.as_ref());
            let alone = |word: &str| {
                let ty = ty.map(|ty| format!(" {ty}")).unwrap_or_default();
                let comment = self.comment.as_ref().map(|comment| format!("// {comment}\n")).unwrap_or_default();
                format!("{comment}{word}{}{ty} = {}", self.name, self.value)
            };
            let edit = match beside {
                Some(beside) if self.apart && like.is_none() => {
                    let mut edit = target.append_constant_beside(beside, &alone(""))?;
                    edit.text.insert(0, '\n');
                    edit
                }
                Some(beside) => target.append_aligned(beside, &self.name, ty, &self.value, self.comment.as_deref())?,
                None => target.append_head(&alone("const ")),
            };
            let mut edits = vec![edit];
            if duration(&self.value).is_some() {
                edits.extend(add_imports(target.text, target.file, &[ImportSpec::plain("time")], module));
            }
            Ok(edits)
        })
    }
}

#[cfg(test)]
mod tests;
