//! The names in code that is stated for a function: what they are there, and what the file imports for them.

use std::collections::BTreeSet;

use crate::demand::CodeChange;
use crate::go::body::Members;
use crate::go::{Decl, DeclKind, FunctionHead, ImportSpec, Parameter, Token, TokenKind, tokens};
use crate::kinds::spelled_heads;
use crate::plan::Planner;
use crate::survey::{BUILTIN, Func, GoSource, Survey};
use crate::text::find_word;
use crate::tree::parent;

/// The declaration that code is stated for: a function, or the tree of specs of a test file.
pub(in crate::kinds) struct Seat<'a> {
    source: &'a GoSource,
    decl: &'a Decl,
    head: Option<FunctionHead>,
    /// Names that the plan gives it.
    more: Vec<String>,
    /// Packages that the task says are imported.
    packages: Vec<ImportSpec>,
}

impl<'a> Seat<'a> {
    /// A declaration of a file.
    pub(in crate::kinds) fn new(source: &'a GoSource, decl: &'a Decl) -> Self {
        let head = (decl.kind == DeclKind::Func).then(|| source.target().head(decl)).flatten();
        Self { source, decl, head, more: Vec::new(), packages: Vec::new() }
    }

    /// With names that the plan gives it.
    pub(in crate::kinds) fn with(self, more: Vec<String>) -> Self {
        Self { more, ..self }
    }

    /// With packages that the task says are imported.
    pub(super) fn importing(self, packages: &[ImportSpec]) -> Self {
        Self { packages: packages.to_vec(), ..self }
    }

    /// A function.
    pub(in crate::kinds) fn of(function: &'a Func) -> Option<Self> {
        let decl = function.source.file.method(function.receiver.as_deref(), &function.name)?;
        Some(Self::new(&function.source, decl))
    }

    /// The declaration itself.
    pub(super) fn decl(&self) -> &'a Decl {
        self.decl
    }

    /// The parameter of a name, the receiver among them.
    fn parameter(&self, name: &str) -> Option<&Parameter> {
        let mut all = self.head.iter().flat_map(|head| head.parameters.iter().chain(&head.receiver));
        all.find(|one| one.names.iter().any(|known| known == name))
    }

    /// Whether a name is its own at a place.
    fn declares(&self, name: &str, place: usize) -> bool {
        self.more.iter().any(|more| more == name)
            || self.parameter(name).is_some()
            || self.source.target().sees(self.decl, name, place) == Some(true)
    }

    /// What a message calls it.
    pub(in crate::kinds) fn name(&self) -> &str {
        if self.decl.kind == DeclKind::Func { self.decl.name() } else { self.source.path() }
    }
}

/// Code with the names that a file has for packages which it imports under another name, as a place of a declaration has
/// them.
pub(in crate::kinds) fn as_here(planner: &Planner<'_, '_>, seat: &Seat<'_>, code: &str, place: usize) -> String {
    let source = seat.source;
    let Ok(all) = tokens(code) else { return code.to_owned() };
    let op =
        |at: Option<usize>, op: u8| at.is_some_and(|at| all.get(at).is_some_and(|one| one.kind == TokenKind::Op(op)));
    let (mut text, mut end) = (String::new(), 0);
    for (at, token) in all.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Word) {
        let name = token.span.of(code);
        let leads = op(Some(at + 1), b'.') && !op(at.checked_sub(1), b'.');
        if !leads || planner.survey.import_named(&source.file, name).is_some() || seat.declares(name, place) {
            continue;
        }
        let customary = planner.survey.customary_imports(parent(source.path()), name).into_iter().next();
        if let Some(known) = customary.and_then(|import| source.file.import(&import.path)) {
            text.push_str(&code[end..token.span.start]);
            text.push_str(known.name());
            end = token.span.end;
        }
    }
    text + &code[end..]
}

/// What the file has to import for code; an error names what is nothing in the function.
pub(in crate::kinds) fn imports(
    planner: &Planner<'_, '_>,
    seat: &Seat<'_>,
    code: &str,
    place: usize,
) -> Result<Vec<ImportSpec>, String> {
    const KNOWN: &[&str] =
        &["nil", "true", "false", "len", "cap", "append", "make", "new", "func", "map", "struct", "interface", "chan"];
    let (survey, source) = (planner.survey, seat.source);
    let folder = parent(source.path());
    let all = tokens(code).map_err(|error| error.message)?;
    let op = |at: usize, op: u8| all.get(at).is_some_and(|one| one.kind == TokenKind::Op(op));
    let mut found = Vec::new();
    for (at, token) in all.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Word) {
        let name = token.span.of(code);
        let is_part = at > 0 && op(at - 1, b'.') || op(at + 1, b':');
        if is_part || KNOWN.contains(&name) || BUILTIN.contains(&name) || seat.more.iter().any(|more| more == name) {
            continue;
        }
        let member = all.get(at + 2).map(|token| token.span.of(code)).unwrap_or_default();
        let parameter = seat.parameter(name);
        if flag_of(planner, source.path(), name).is_some() || is_new_name(planner, name) {
            continue;
        }
        let sees = source.target().sees(seat.decl, name, place);
        if sees == Some(false) && parameter.is_none() {
            return Err(format!("{name} cannot be seen there"));
        }
        let is_local = sees.is_some() || parameter.is_some();
        if let Some(ty) =
            parameter.filter(|_| sees.is_none()).and_then(|one| survey.written_out_in(source, &one.ty.text))
        {
            members(planner, &ty, &all[at + 1..], code)?;
        }
        let imported = survey.import_named(&source.file, name).filter(|_| op(at + 1, b'.') && !is_local);
        if imported.is_none() && (is_local || survey.declares(folder, name).is_some()) {
            continue;
        }
        let is_nothing = || format!("nothing in {} is {name}", seat.name());
        let stated = seat.packages.iter().find(|import| import.name() == name);
        let path = match imported {
            Some(path) if stated.is_some_and(|stated| stated.path != path) => {
                return Err(format!("{name} is {path} in {}", source.path()));
            }
            Some(path) => path,
            None if op(at + 1, b'.') => {
                let customary = || survey.customary_imports(folder, name).into_iter().next();
                let import = stated.cloned().or_else(customary).or_else(|| made(planner, name));
                let import = import.ok_or_else(is_nothing)?;
                if let Some(known) = source.file.import(&import.path).filter(|known| known.name() != name) {
                    return Err(format!("{} is called {} in {}", import.path, known.name(), source.path()));
                }
                if survey.would_cycle(folder, &import.path) {
                    return Err(format!("{folder} cannot import {}: that would be a cycle", import.path));
                }
                found.push(import.clone());
                import.path
            }
            None if op(at + 1, b'(') && writes(planner, folder, name) => continue,
            None if states(planner, folder, name) => continue,
            None => return Err(is_nothing()),
        };
        let folder = survey.package_folder(&path);
        let is_there = folder.as_ref().is_some_and(|folder| survey.declares(folder, member).is_some());
        let folder = folder.or_else(|| survey.folder_of(&path));
        let is_called = op(at + 3, b'(');
        if let Some(folder) = folder.filter(|_| !is_there && !is_new_name(planner, member))
            && !is_made(planner, code, member, (is_called, Some(&folder)))
        {
            return Err(lacking(planner, code, (name, member, is_called), &path));
        }
    }
    Ok(found)
}

/// That a package has nothing of a name, and which one gets it.
fn lacking(planner: &Planner<'_, '_>, code: &str, (name, member, called): (&str, &str, bool), path: &str) -> String {
    let files = planner.assigned.iter().filter_map(|one| one.place.as_ref());
    let folders: BTreeSet<&str> = files.map(|place| parent(&place.path)).collect();
    let mut makes = folders.into_iter().filter(|folder| is_made(planner, code, member, (called, Some(folder))));
    let other = makes.next().map(|folder| format!(", and {folder} gets it: state the import")).unwrap_or_default();
    format!("{name} is {path} there, which has no {member}{other}")
}

/// Whether a task gives a function a name.
fn is_new_name(planner: &Planner<'_, '_>, name: &str) -> bool {
    let changes = planner.plan.tasks.iter().flat_map(|task| &task.changes);
    changes.into_iter().any(|(_, change)| matches!(change, CodeChange::Renamed { new, .. } if new == name))
}

/// The flag whose value a variable holds: one that tasks define in the file, and after which the variable is called.
pub(in crate::kinds) fn flag_of(planner: &Planner<'_, '_>, file: &str, variable: &str) -> Option<String> {
    let flags = planner.plan.units.iter().filter_map(|unit| unit.facts.flag());
    let mut own = flags.filter(|(path, _, begin)| ***path == *file && variable.starts_with(begin.as_str()));
    own.next().filter(|_| own.next().is_none()).map(|(_, flag, _)| flag.to_owned())
}

/// Whether tasks write a function of a package.
fn writes(planner: &Planner<'_, '_>, folder: &str, name: &str) -> bool {
    planner.plan.tasks.iter().any(|task| {
        task.named.iter().any(|(file, _)| parent(file) == folder)
            && spelled_heads(task).iter().any(|known| known == name)
    })
}

/// Whether tasks state a constant of a package with its value.
fn states(planner: &Planner<'_, '_>, folder: &str, name: &str) -> bool {
    let begins = format!("`{name} ");
    planner.plan.tasks.iter().any(|task| {
        let mut texts = std::iter::once(task.said.as_str()).chain(task.details.iter().map(|line| line.text.as_str()));
        task.named.iter().any(|(file, _)| parent(file) == folder)
            && texts.any(|text| {
                let code = text.split_once(&begins).and_then(|(_, rest)| rest.split('`').next());
                code.is_some_and(|code| code.contains("= "))
            })
    })
}

/// The one package of a name that tasks make a file of.
fn made(planner: &Planner<'_, '_>, name: &str) -> Option<ImportSpec> {
    let files = planner.assigned.iter().filter_map(|one| one.place.as_ref());
    let folders: BTreeSet<&str> = files.map(|place| parent(&place.path)).collect();
    let mut own = folders.into_iter().filter(|folder| planner.survey.package_name(folder) == name);
    own.next().filter(|_| own.next().is_none()).map(|folder| planner.survey.import_of(folder))
}

/// Follows fields and methods from a type, as far as the types are known; an error names what a type lacks and no task
/// makes.
fn members(planner: &Planner<'_, '_>, ty: &str, rest: &[Token], code: &str) -> Result<(), String> {
    let (survey, mut ty, mut rest) = (planner.survey, ty.to_owned(), rest);
    while let [dot, word, behind @ ..] = rest {
        if dot.kind != TokenKind::Op(b'.') || word.kind != TokenKind::Word {
            break;
        }
        let name = word.span.of(code);
        let is_accessor = planner.gate().is_some_and(|gate| gate.accessor == name);
        let is_call = behind.first().is_some_and(|next| next.kind == TokenKind::Op(b'('));
        let is_lacking = || lacks(survey, &ty, name, 4) == Some(true) && !is_made(planner, code, name, (is_call, None));
        if !is_accessor && is_lacking() {
            return Err(format!("{} has no {name}", ty.rsplit(['.', '*']).next().unwrap_or_default()));
        }
        let Some(next) = survey.field_type(&ty, name).filter(|_| !is_call) else { break };
        (ty, rest) = (next, behind);
    }
    Ok(())
}

/// Whether a type has neither a field nor a method of a name; nothing where that cannot be told.
fn lacks(survey: &Survey<'_>, ty: &str, name: &str, depth: usize) -> Option<bool> {
    let bare = ty.trim_start_matches('*');
    let (path, own) = bare.rsplit_once('.')?;
    let folder = survey.package_folder(path)?;
    let (source, known) = survey.members_of(bare)?;
    if survey.declares_method(&folder, own, name).is_some() || name == "DeepCopy" {
        return Some(false);
    }
    let Members::Struct(fields) = known else { return None };
    for (field, ty) in &fields {
        match field {
            Some(field) if field == name => return Some(false),
            None if ty.rsplit(['.', '*']).next() == Some(name) => return Some(false),
            None if depth == 0 || !lacks(survey, &survey.written_out_in(&source, ty)?, name, depth - 1)? => {
                return if depth == 0 { None } else { Some(false) };
            }
            _ => {}
        }
    }
    Some(true)
}

/// Whether a task names something, elsewhere than in some code; a function, where it is `called`, with its head. Of a
/// package, it is a task about a file of it.
fn is_made(planner: &Planner<'_, '_>, code: &str, name: &str, (called, of): (bool, Option<&str>)) -> bool {
    let head = format!("{name}(");
    let is_here = |index: usize| {
        let places = planner.claims[index].iter().filter_map(|(_, place)| place.as_ref());
        of.is_none_or(|folder| places.into_iter().any(|place| parent(&place.path) == folder))
    };
    let names = |text: &str| if called { text.contains(&head) } else { find_word(text, name).is_some() };
    planner.plan.tasks.iter().enumerate().filter(|(index, _)| is_here(*index)).any(|(index, task)| {
        let lines = task.details.iter().map(|line| (line.line, line.text.as_str()));
        let mut lines = std::iter::once((task.line, task.said.as_str())).chain(lines);
        lines.any(|(line, text)| !text.contains(code) && names(text) && !is_left(planner, index, line, name))
    })
}

/// Whether what a line of a task names is left to people.
fn is_left(planner: &Planner<'_, '_>, task: usize, line: usize, name: &str) -> bool {
    let reasons = planner.plan.manual.iter().filter(|manual| manual.task == task).map(|manual| &manual.reason);
    let begins = format!("line {line} ");
    planner.plan.units_of(task).next().is_none()
        || reasons.into_iter().any(|reason| {
            let text = reason.to_string();
            reason.is_of_all() && line == planner.plan.tasks[task].line
                || text.starts_with(&begins)
                || find_word(&text, name).is_some()
        })
}
