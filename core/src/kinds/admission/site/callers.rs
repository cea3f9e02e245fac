//! The functions that may call a validation function: as a task says, or those of its own file.

use super::super::ADMITTERS;
use super::{Callee, Caller, Decl, DeclKind, FuncName, Planner, RepoPath, demand, join, lists, parent};

/// Whether what a task makes a condition of a call is the feature gate, and nothing else: the function asks for that.
pub(in crate::kinds::admission) fn is_gates(planner: &Planner<'_, '_>, condition: &str) -> bool {
    let is_its = |text: &str| {
        let name = text.trim_end_matches("()").rsplit('.').next().unwrap_or_default();
        planner.gate().is_some_and(|gate| [&gate.name, &gate.identifier, &gate.accessor].iter().any(|own| *own == name))
    };
    let words = demand::words(condition);
    let is_plain = words.iter().filter(|word| word.is_code()).all(|word| is_its(word.text));
    planner.gate().is_some() && is_plain && condition.contains("gate")
}

/// Whether code of its package, or of the admitters', calls a function.
pub(in crate::kinds::admission) fn is_called(planner: &Planner<'_, '_>, callee: &Callee) -> bool {
    let survey = planner.survey;
    let calls = |text: &str| {
        let call = format!("{}(", callee.name);
        text.match_indices(&call).any(|(at, _)| {
            let before = &text[..at];
            let declares = before.ends_with("func ")
                || before.ends_with(") ") && before.lines().last().is_some_and(|line| line.starts_with("func ("));
            !declares && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    };
    let mut folders = vec![callee.folder.as_str(), ADMITTERS];
    folders.dedup();
    folders.into_iter().any(|folder| {
        let files = survey.go_files(folder);
        let mut code = files.iter().filter(|file| !file.ends_with("_test.go"));
        code.any(|file| survey.text(&join(folder, file)).ok().flatten().is_some_and(|text| calls(&text)))
    })
}

/// The functions that a task names as the caller.
pub(super) fn stated_callers<'a>(
    planner: &Planner<'_, '_>,
    file: &RepoPath,
    callee: &'a Callee,
    call: &demand::Call,
) -> Result<Vec<Caller<'a>>, String> {
    let survey = planner.survey;
    let Some(wanted) = &call.caller else {
        let place = call.file.as_ref().map(|file| format!(" in {file}")).unwrap_or_default();
        return Err(format!("the task names no function{place} that calls it"));
    };
    let matches = |path: &str| -> Vec<Caller<'a>> {
        let Some(source) = survey.go(path).ok().flatten() else { return Vec::new() };
        let fits = |decl: &&Decl| {
            let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
            let package = source.file.package.text.as_str();
            decl.kind == DeclKind::Func
                && decl.name() == wanted.name
                && match wanted.qualifier.as_deref() {
                    None => true,
                    Some(qualifier) => receiver == Some(qualifier) || receiver.is_none() && qualifier == package,
                }
        };
        let caller = |decl: &Decl| Caller {
            source: source.clone(),
            receiver: decl.receiver.as_ref().map(|receiver| receiver.type_name.clone()),
            name: decl.name().to_owned(),
            callee,
        };
        source.file.decls.iter().filter(fits).map(caller).collect()
    };
    let in_folder = |folder: &str| -> Vec<Caller<'a>> {
        let files = survey.go_files(folder);
        files.iter().filter(|file| !file.ends_with("_test.go")).flat_map(|file| matches(&join(folder, file))).collect()
    };
    let found = match &call.file {
        Some(path) if path.ends_with(".go") && path.contains('/') => matches(path),
        Some(path) if path.ends_with(".go") => {
            let folders = [parent(file), super::super::ADMITTERS];
            folders
                .iter()
                .map(|folder| matches(&join(folder, path)))
                .find(|found| !found.is_empty())
                .unwrap_or_default()
        }
        Some(folder) if survey.exists(folder) => in_folder(folder),
        _ => {
            let own = matches(file);
            let beside = || in_folder(parent(file));
            let elsewhere = || in_folder(super::super::ADMITTERS);
            let mut found = own;
            if found.is_empty() {
                found = beside();
            }
            if found.is_empty() && parent(file) != super::super::ADMITTERS {
                found = elsewhere();
            }
            found
        }
    };
    match found.len() {
        0 => Err(format!("{} does not exist", call.caller.as_ref().map(ToString::to_string).unwrap_or_default())),
        1 => Ok(found),
        _ => {
            let places: Vec<String> = found.iter().map(Caller::place).collect();
            Err(format!("several functions have the caller's name: {}", places.join(", ")))
        }
    }
}

/// The functions of a file that collect what others find, and are called by the API server or by one that is.
pub(super) fn callers_of<'a>(planner: &Planner<'_, '_>, file: &RepoPath, callee: &'a Callee) -> Vec<Caller<'a>> {
    let survey = planner.survey;
    let mut found = Vec::new();
    if let Some(source) = survey.go(file).ok().flatten() {
        for decl in source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.name() != callee.name) {
            let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
            let is_admit = receiver.is_some() && decl.name() == "Admit";
            let text = decl.span.of(source.source.text());
            if !(is_admit || text.contains("append(causes") || text.contains("append(results")) {
                continue;
            }
            let scope = source.target().scope(FuncName { receiver, name: decl.name() }).ok();
            // A list of calls; what only goes through elements is no place for others.
            if is_admit || scope.is_some_and(|scope| lists(&scope.body)) {
                found.push(Caller {
                    source: source.clone(),
                    receiver: receiver.map(str::to_owned),
                    name: decl.name().to_owned(),
                    callee,
                });
            }
        }
        // What another one of the file calls is a part of it.
        let is_part = |name: &str| {
            let starts_small = name.starts_with(char::is_lowercase);
            starts_small && source.source.text().contains(&format!("append(causes, {name}("))
        };
        found.retain(|caller| !is_part(&caller.name));
    }
    found
}

impl Caller<'_> {
    pub(super) fn func(&self) -> FuncName<'_> {
        FuncName { receiver: self.receiver.as_deref(), name: &self.name }
    }

    pub(super) fn place(&self) -> String {
        let decl = self.source.file.method(self.receiver.as_deref(), &self.name);
        let line = decl.map_or(1, |decl| self.source.source.line(decl.span.start));
        let receiver = self.receiver.as_ref().map(|receiver| format!("{receiver}.")).unwrap_or_default();
        format!("{receiver}{} at {}:{line}", self.name, self.source.path())
    }

    /// Whether the caller has something of a name.
    pub(super) fn names(&self, name: &str) -> bool {
        let decl = self.source.file.method(self.receiver.as_deref(), &self.name);
        decl.is_some_and(|decl| {
            decl.span.of(self.source.source.text()).split(|c: char| !c.is_alphanumeric()).any(|w| w == name)
        })
    }
}
