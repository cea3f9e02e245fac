//! The line: how the callee is called, and what becomes of its result.

use std::collections::BTreeSet;

use super::{Callee, Line};
use crate::demand::Call;
use crate::go::body::{BodyBlock, Form, Spot};
use crate::go::{FunctionHead, ImportSpec};
use crate::survey::{Func, GoSource, Survey};
use crate::tree::parent;

/// Why a line is left to people, where it goes, and how it begins.
pub(super) struct Left {
    pub(super) why: String,
    pub(super) line: String,
    pub(super) place: Option<String>,
}

pub(super) struct Wirer<'a, 't> {
    pub(super) survey: &'a Survey<'t>,
    pub(super) callee: &'a Callee<'a>,
    pub(super) call: &'a Call,
    pub(super) func: &'a Func,
    /// Functions that tasks ask to be called.
    pub(super) planned: &'a BTreeSet<String>,
}

/// A parameter: its name, and its type written out.
pub(super) type Wanted = (String, Option<String>);

impl Wirer<'_, '_> {
    pub(super) fn source(&self) -> &GoSource {
        &self.func.source
    }

    pub(super) fn text(&self) -> &str {
        self.source().source.text()
    }

    pub(super) fn place_of(&self, at: usize) -> String {
        format!("{}:{}", self.source().path(), self.source().source.line(at))
    }

    pub(super) fn plan(&self) -> Result<(Spot, Line, Option<ImportSpec>), Left> {
        let wanted = self.parameters();
        let rough: Vec<String> = match &self.call.arguments {
            Some(stated) => stated.clone(),
            None => wanted.iter().map(|(name, _)| format!("<{name}>")).collect(),
        };
        let left = |why: String| Left { why, line: self.rough(&rough), place: None };
        let blocks = self.source().target().body(self.func.func_name());
        if let Some(condition) = &self.call.condition {
            let named = blocks.as_ref().ok().zip(self.func.head());
            let named =
                named.and_then(|(blocks, head)| self.function(&head, blocks).ok()).map(|(function, _)| function);
            let line = named.map(|function| format!("{function}({})", rough.join(", ")));
            let left = left(format!("the task says when or how: \"{condition}\""));
            return Err(Left { line: line.unwrap_or(left.line), ..left });
        }
        let blocks = blocks.map_err(|error| left(error.message))?;
        let (Some(outer), Some(head)) = (blocks.first(), self.func.head()) else {
            return Err(left(format!("{} has type parameters, or no body", self.func.func_name())));
        };
        let (function, import) = self.function(&head, &blocks).map_err(left)?;
        let form = self.form(&head, &blocks).map_err(left)?;
        let line = |arguments: &[String]| Line {
            list: match &form {
                Form::Append { list } => Some(list.clone()),
                _ => None,
            },
            returns: match &form {
                Form::Check { returns } => Some(returns.join(", ")),
                _ => None,
            },
            call: format!("{function}({})", arguments.join(", ")),
        };
        let (spot, arguments) =
            self.spot(&head, &blocks, outer, (&form, &function), &wanted).map_err(|mut failed| {
                let known = self.call.arguments.clone().unwrap_or_else(|| failed.arguments(&wanted));
                failed.line = first_line(&line(&known));
                Left { why: failed.why, line: failed.line, place: failed.at.map(|at| self.place_of(at)) }
            })?;
        Ok((spot, line(&arguments), import))
    }

    pub(super) fn rough(&self, arguments: &[String]) -> String {
        format!("{}({})", self.callee.head.name, arguments.join(", "))
    }

    /// What the callee is given.
    pub(super) fn parameters(&self) -> Vec<Wanted> {
        let own = self.survey.import_path(parent(self.callee.file));
        let imported = |name: &str| {
            let known = self.callee.imports.iter().find(|import| import.name() == name);
            known.map(|import| import.path.clone())
        };
        let mut wanted = Vec::new();
        for one in &self.callee.head.parameters {
            let ty = self.survey.written_out(&one.ty.text, &own, &imported).filter(|_| !one.variadic);
            if one.names.is_empty() {
                wanted.push((one.ty.text.clone(), ty.clone()));
            }
            let name = |name: &String| if name == "_" { one.ty.text.clone() } else { name.clone() };
            wanted.extend(one.names.iter().map(|one| (name(one), ty.clone())));
        }
        wanted
    }

    /// How the caller calls the callee, and what it imports for that.
    pub(super) fn function(
        &self,
        head: &FunctionHead,
        blocks: &[BodyBlock],
    ) -> Result<(String, Option<ImportSpec>), String> {
        let name = &self.callee.head.name;
        let (from, to) = (parent(self.source().path()), parent(self.callee.file));
        if let Some(receiver) = &self.callee.head.receiver {
            let ty = receiver.ty.text.trim_start_matches('*');
            let path = format!("{}.{ty}", self.survey.import_path(to));
            let holders: Vec<String> = self
                .scope(head, &blocks[0], usize::MAX)
                .into_iter()
                .filter(|one| one.ty.as_deref().is_some_and(|ty| ty.trim_start_matches('*') == path))
                .map(|one| one.expression)
                .collect();
            // The line may say on which.
            let stated = self.call.callee.as_ref().and_then(|callee| callee.qualifier.as_ref());
            return match holders.as_slice() {
                [one] => Ok((format!("{one}.{name}"), None)),
                [] => Err(format!("{} has no {ty} to call it on", self.func.func_name())),
                _ if stated.is_some_and(|one| holders.contains(one)) => {
                    Ok((format!("{}.{name}", stated.map_or("", String::as_str)), None))
                }
                _ => Err(format!("{} has more than one {ty}: {}", self.func.func_name(), holders.join(", "))),
            };
        }
        if from == to {
            return Ok((name.clone(), None));
        }
        if name.starts_with(char::is_lowercase) {
            return Err(format!("{name} is not exported, and {from} is another package"));
        }
        let path = self.survey.import_path(to);
        if let Some(known) = self.source().file.import(&path) {
            return Ok((format!("{}.{name}", known.name()), None));
        }
        if self.survey.would_cycle(from, &path) {
            return Err(format!("{to} needs {from}: the import would be a cycle"));
        }
        let import = self.survey.import_of(to);
        let taken = self.survey.import_named(&self.source().file, import.name()).is_some()
            || blocks.iter().flat_map(|block| &block.variables).any(|one| one.name == import.name())
            || head.parameters.iter().flat_map(|one| &one.names).any(|known| known == import.name());
        if taken {
            return Err(format!("{} means something else in {}", import.name(), self.source().path()));
        }
        Ok((format!("{}.{name}", import.name()), Some(import)))
    }

    /// What becomes of the result.
    pub(super) fn form(&self, head: &FunctionHead, blocks: &[BodyBlock]) -> Result<Form, String> {
        let gives =
            self.callee.head.results.iter().flat_map(|one| std::iter::repeat_n(&one.ty.text, one.names.len().max(1)));
        let gives: Vec<&String> = gives.collect();
        let calls: Vec<&Form> =
            blocks.iter().flat_map(|block| &block.statements).filter_map(|one| Some(&one.call.as_ref()?.0)).collect();
        match gives.as_slice() {
            [] => Ok(Form::Plain),
            [error] if *error == "error" => {
                let results: Vec<&String> = head
                    .results
                    .iter()
                    .flat_map(|one| std::iter::repeat_n(&one.ty.text, one.names.len().max(1)))
                    .collect();
                if results.last().is_none_or(|last| *last != "error") {
                    return Err(format!("{} does not return an error as its last value", self.func.func_name()));
                }
                let check =
                    calls.iter().find(|form| matches!(form, Form::Check { returns } if returns.len() == results.len()));
                if let Some(Form::Check { returns }) = check {
                    let mut returns = returns.clone();
                    returns.pop();
                    returns.push("err".to_owned());
                    let plain = |value: &String| matches!(value.as_str(), "nil" | "false" | "\"\"" | "0" | "err");
                    if returns.iter().all(plain) {
                        return Ok(Form::Check { returns });
                    }
                }
                match results.as_slice() {
                    [_] => Ok(Form::Check { returns: vec!["err".to_owned()] }),
                    _ => Err(format!("{} returns more than an error", self.func.func_name())),
                }
            }
            [list] if list.starts_with("[]") => {
                let mut lists: Vec<&str> = calls
                    .iter()
                    .filter_map(|form| match form {
                        Form::Append { list } => Some(list.as_str()),
                        _ => None,
                    })
                    .collect();
                let returned = blocks[0].statements.last().and_then(|last| last.returns.as_deref());
                if lists.is_empty()
                    && let Some([one]) = returned
                    && blocks[0].variables.iter().any(|known| known.name == *one)
                {
                    lists.push(one);
                }
                lists.sort_unstable();
                lists.dedup();
                let own = self.survey.import_path(parent(self.callee.file));
                let imported = |name: &str| {
                    let known = self.callee.imports.iter().find(|import| import.name() == name);
                    known.map(|import| import.path.clone())
                };
                let wanted = self.survey.written_out(list, &own, &imported);
                let scope = self.scope(head, &blocks[0], usize::MAX);
                let fits = |name: &&str| {
                    let known = scope.iter().find(|one| one.expression == **name);
                    wanted.is_some() && known.is_some_and(|known| known.ty == wanted)
                };
                match lists.iter().filter(|list| fits(list)).collect::<Vec<_>>().as_slice() {
                    [one] => Ok(Form::Append { list: (**one).to_owned() }),
                    _ => Err(format!("{} collects no {list}", self.func.func_name())),
                }
            }
            _ => Err("it is unclear what the caller does with its result".to_owned()),
        }
    }
}

/// The line as a reason shows it.
fn first_line(line: &Line) -> String {
    match (&line.list, &line.returns) {
        (Some(list), _) => format!("{list} = append({list}, {}...)", line.call),
        (None, Some(returns)) => format!("if err := {}; err != nil {{ return {returns} }}", line.call),
        (None, None) => line.call.clone(),
    }
}
