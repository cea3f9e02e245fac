//! Constants that a task spells out, and labels of functional tests: a line in the group that holds others like it.

mod label;
mod place;
mod spelled;
mod value;

use super::component::{Component, functions};
use super::sentence::{comment, stated};
use super::uses;
use crate::demand::{Quoted, description, position, quoted_comment, words};
use crate::go::{Decl, DeclKind, ImportSpec, Position, add_imports, comment_lines, unquote};
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
use place::{alike, is_like, kinship, like_in, longest};
use spelled::{own_file, spelled, stated_place};
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
    /// Where it stands, if the task says so.
    position: Option<Position>,
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
            && ["pkg/", "cmd/", "tools/", "tests/"].iter().any(|top| path.starts_with(top))
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
            // What stands beside the same constant stands in the order of the lines.
            let mut last: Option<(Option<String>, String)> = None;
            // Those of one line stand together.
            let mut made: Option<(usize, String, Option<Position>)> = None;
            for wanted in found.clone() {
                let text =
                    lines(planner.task(task)).find(|(line, _)| *line == wanted.line).map(|(_, text)| text.to_owned());
                // "and, in `x/y.go`, `b = 2`"
                let other =
                    text.as_deref().and_then(|text| own_file(text, &wanted.name)).filter(|path| *path != &*place.path);
                if let Some(other) = other {
                    let own = |one: &Assigned| {
                        one.place.as_ref().is_some_and(|at| *at.path == *other) && one.tasks.contains(&task)
                    };
                    if !planner.assigned.iter().any(own) {
                        let why = format!("`{}` belongs into {other}; a task of its own makes it", wanted.name);
                        planner.manual(&[task], &ManualReason::Remains { line: wanted.line, why });
                    }
                    continue;
                }
                let unknown = names(&wanted.value).find(|name| !is_constant(planner, parent(&place.path), name));
                let known = unknown.map_or(Ok(()), |name| Err(unknown_name(&wanted, name)));
                let at = text.as_deref().and_then(|text| position(text, &wanted.name, false));
                match known.and_then(|()| facts(planner.survey, &place.path, &wanted, at)) {
                    Err(reason) => planner.manual(&[task], &reason),
                    Ok(mut facts) => {
                        let (is_placed, stated) = (facts.position.is_some(), facts.position.clone());
                        let before = made
                            .replace((wanted.line, facts.name.clone(), stated.clone()))
                            .filter(|(line, _, at)| *line == wanted.line && *at == stated)
                            .filter(|_| facts.beside.is_some() && !matches!(stated, Some(Position::Before(_))));
                        if let Some((_, before, _)) = before {
                            facts.position = Some(Position::After(before.clone()));
                            (facts.beside, facts.apart) = (Some(before), false);
                        } else if !is_placed && let Some(beside) = of_line(planner.survey, &place.path, &found, &wanted)
                        {
                            (facts.beside, facts.apart) = (Some(beside), false);
                        } else if !is_placed && !facts.apart {
                            let (beside, name) = (facts.beside.clone(), facts.name.clone());
                            let follows = |(other, known): &(Option<String>, String)| {
                                beside.is_some() && *other == beside || kinship(known, &name) > 1
                            };
                            let before = last.replace((beside.clone(), name.clone())).filter(follows);
                            facts.beside = before.map(|(_, name)| name).or(facts.beside);
                        }
                        if let Err(refusal) = planner.open(&place.path) {
                            planner.diagnose(refusal);
                            continue;
                        }
                        for line in std::iter::once(wanted.line).chain(wanted.doc_line) {
                            planner.note(task, line, Use::Change, std::slice::from_ref(&place.path));
                        }
                        planner.push(facts, &[task]);
                        if is_placed {
                            planner.placed(task, wanted.line);
                        } else if let Some(other) = text.as_deref().and_then(|text| stated_place(text, &wanted.name)) {
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
            value: value(&in_quotes(text), ty)?,
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
            let quoted = quoted_comment(text).filter(own);
            let said = || description(text).or_else(|| behind(text)).map(|said| comment(&one.name, &said));
            // What a line calls the comment is one, word by word.
            one.doc = match quoted {
                Some(quoted) if quoted.is_called => Some(quoted.text),
                Some(quoted) => Some(comment(&one.name, &quoted.text)),
                None => said(),
            };
        }
        if let [only] = found.as_mut_slice()
            && only.doc.is_none()
            && let Some((line, text)) = stated(task, &only.name)
        {
            (only.doc, only.doc_line) = (Some(comment(&only.name, &text)), Some(line));
        }
        found
    })
}

/// What a line says of its constant, where it begins with it and says nothing else: "`X = 1` - the first of them".
fn behind(text: &str) -> Option<String> {
    const OTHERS: &[&str] =
        &["in", "next", "after", "before", "below", "above", "beside", "instead", "same", "see", "used", "if", "not"];
    let (_, rest) = text.strip_prefix('`')?.split_once('`')?;
    let marks: &[&str] = &[" - ", " – ", " — ", ": ", ", the ", ". "];
    let aside = || rest.strip_prefix(" (")?.strip_suffix(')');
    let said = marks.iter().find_map(|mark| rest.strip_prefix(mark)).or_else(aside)?;
    let said = if rest.starts_with(", the ") { &rest[2..] } else { said };
    let first = words(said).into_iter().next()?;
    let is_plain = !first.is(OTHERS) && !said.contains(['`', ';', '"']) && said.split(' ').count() > 2;
    is_plain.then(|| said.to_owned())
}

/// A key, `kubevirt.io/x`, and what else is no expression of Go, is a string although its quotes are left out.
fn in_quotes(text: &str) -> String {
    let is_key = text.contains(['/', '-'])
        && !text.contains(['"', ' ', '('])
        && text.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_key { format!("\"{text}\"") } else { text.to_owned() }
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

/// Whether a line spells out a constant.
pub(super) fn spells(line: &str) -> bool {
    words(line).iter().any(|word| word.is(WORDS)) && code_spans(line).any(|code| code.contains(" = "))
}

fn facts(
    survey: &Survey<'_>,
    file: &RepoPath,
    wanted: &Wanted,
    position: Option<Position>,
) -> Result<Facts, ManualReason> {
    let inexact = |why: String, places: Vec<String>| ManualReason::Inexact { why, places };
    let name = &wanted.name;
    if let Some(known) = survey.declares(parent(file), name)
        && !file.ends_with(&format!("/{known}"))
    {
        return Err(inexact(format!("{name} is in {}/{known} already", parent(file)), Vec::new()));
    }
    let (known, ty, value) = (name.clone(), wanted.ty.clone(), wanted.value.clone());
    let comment = wanted.doc.as_ref().map(|doc| comment_lines(doc, 110).join("\n// "));
    let Some(source) = survey.go(file).ok().flatten() else {
        if survey.exists(file) {
            return Err(inexact(format!("{file} cannot be read"), Vec::new()));
        }
        let head = Some((survey.header().to_owned(), survey.package_name(parent(file))));
        let (beside, apart, position) = (None, false, None);
        return Ok(Facts { file: file.clone(), head, beside, apart, position, name: known, ty, value, comment });
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
    let is_there =
        |at: &Position| source.target().put_aligned(at, name, ty.as_deref(), &value, comment.as_deref()).is_some();
    let position = position.filter(is_there);
    Ok(Facts { file: file.clone(), head: None, beside, apart, position, name: known, ty, value, comment })
}

/// The name beside which the constants of a line stand together: that of the first one that is like others.
fn of_line(survey: &Survey<'_>, file: &RepoPath, found: &[Wanted], wanted: &Wanted) -> Option<String> {
    let own: Vec<&Wanted> = found.iter().filter(|one| one.line == wanted.line).collect();
    let known = |one: &&Wanted| facts(survey, file, one, None).ok().filter(|facts| !facts.apart)?.beside;
    (own.len() > 1 && **file != *DECORATORS).then(|| own.iter().find_map(known)).flatten()
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
            let put = |at| target.put_aligned(at, &self.name, ty, &self.value, self.comment.as_deref());
            let put = self.position.as_ref().and_then(put);
            let edit = match beside {
                _ if let Some(edit) = put => edit,
                Some(beside) if self.apart && like.is_none() => {
                    let mut edit = target.append_constant_beside(beside, &alone(""))?;
                    edit.text.insert(0, '\n');
                    edit
                }
                // Directly behind one that is called much like it, and else at the end of its stretch.
                Some(beside) if kinship(beside, &self.name) > 1 => {
                    let at = Position::After(beside.clone());
                    let put = target.put_aligned(&at, &self.name, ty, &self.value, self.comment.as_deref());
                    let end = || target.append_aligned(beside, &self.name, ty, &self.value, self.comment.as_deref());
                    put.map_or_else(end, Ok)?
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
