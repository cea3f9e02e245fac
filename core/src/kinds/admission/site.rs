//! The one line that calls a validation function: in which function, at which place, with what.

use std::rc::Rc;

use crate::demand;
use crate::go::scope::{Block as ScopeBlock, CallText, FunctionScope, Statement, StatementKind};
use crate::go::{Decl, DeclKind, FuncName, FunctionHead, ImportSpec, add_imports};
use crate::name::lower_first;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::Planner;
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, InScope, Meaning, PATH, TypedField};
use crate::text::TextEdit;
use crate::tree::{join, parent};

/// A list of causes.
pub(super) const CAUSES: &str = "[]\"k8s.io/apimachinery/pkg/apis/meta/v1\".StatusCause";
/// A whole answer.
pub(super) const RESPONSE: &str = "*\"k8s.io/api/admission/v1\".AdmissionResponse";
/// What answers are made with.
const WEBHOOKS: &str = "pkg/util/webhooks";
/// What paths to fields are made with.
const FIELD: &str = "k8s.io/apimachinery/pkg/util/validation/field";
/// How far below a variable a value is looked for.
const DEPTH: usize = 4;

/// A function that is to be called, with every type in it resolved.
#[derive(Clone, Debug)]
pub(super) struct Callee {
    /// Its name.
    pub(super) name: String,
    /// The type of its receiver, without a star.
    pub(super) receiver: Option<String>,
    /// The folder of its package.
    pub(super) folder: String,
    /// Its parameters: name and type.
    pub(super) parameters: Vec<(String, String)>,
    /// Its results.
    pub(super) results: Vec<String>,
}

impl Callee {
    /// A function from its head, whose types stand in `types` in order: parameters, then results.
    pub(super) fn new(head: &FunctionHead, folder: &str, qualified: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let mut parameters = Vec::new();
        for parameter in &head.parameters {
            let dots = if parameter.variadic { "[]" } else { "" };
            let ty = qualified(&format!("{dots}{}", parameter.ty.text))?;
            match parameter.names.as_slice() {
                [] => parameters.push((String::new(), ty)),
                names => parameters.extend(names.iter().map(|name| (name.clone(), ty.clone()))),
            }
        }
        let mut results = Vec::new();
        for result in &head.results {
            let ty = qualified(&result.ty.text)?;
            results.extend(std::iter::repeat_n(ty, result.names.len().max(1)));
        }
        let receiver = head.receiver.as_ref().map(|receiver| receiver.ty.text.trim_start_matches('*').to_owned());
        Some(Self { name: head.name.clone(), receiver, folder: folder.to_owned(), parameters, results })
    }
}

/// Where a function is called, and how.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The file of the caller.
    pub(super) file: RepoPath,
    /// The type of the caller's receiver.
    receiver: Option<String>,
    /// The caller.
    function: String,
    /// The name of what is called.
    callee: String,
    /// The statement beside which the call goes.
    anchor: String,
    /// It goes before the statement.
    before: bool,
    /// The call and what is made of its answer, with a blank line where one belongs.
    code: String,
    /// What the caller's file needs for it.
    imports: Vec<ImportSpec>,
}

/// A function that might call it.
struct Caller<'a> {
    source: Rc<GoSource>,
    receiver: Option<String>,
    name: String,
    callee: &'a Callee,
}

/// A place in a caller.
struct Spot<'s> {
    known: Vec<InScope>,
    anchor: &'s Statement,
    before: bool,
    how: How,
}

/// What is made of what the function gives back.
enum How {
    Append(String),
    AppendIf(String, String),
    /// Causes that are assigned, and the statement that returns them.
    Assign(String, String),
    /// A block that returns.
    Block,
}

/// Where a function is called from: as a task says, or from the only place that makes sense. Otherwise why it cannot be
/// told, in words that go behind "nothing calls it yet:".
pub(super) fn site(
    planner: &Planner<'_, '_>,
    file: &RepoPath,
    callee: &Callee,
    stated: Option<&demand::Call>,
) -> Result<Site, String> {
    let callers = match stated {
        Some(call) => {
            if !matches!(call.place, demand::Place::Open | demand::Place::End) {
                return Err("the task says where in the caller".to_owned());
            }
            if let Some(condition) = call.condition.as_ref().filter(|condition| !condition.contains("gate")) {
                return Err(format!("the task makes a condition, \"{condition}\""));
            }
            stated_callers(planner, file, callee, call)?
        }
        None => callers_of(planner, file, callee)?,
    };
    let places: Vec<String> = callers.iter().map(Caller::place).collect();
    let planned = super::planned_fields(planner);
    let mut found: Vec<(usize, Site)> = Vec::new();
    let mut why = None;
    for caller in &callers {
        match caller.site(planner, &planned, stated.is_some()) {
            Ok(site) => found.push(site),
            Err(error) => why = Some(error),
        }
    }
    let least = found.iter().map(|(cost, _)| *cost).min();
    let mut best = found.into_iter().filter(|(cost, _)| Some(*cost) == least).map(|(_, site)| site);
    match (best.next(), best.next()) {
        (Some(site), None) => Ok(site),
        (Some(_), Some(_)) => Err(format!("several functions could: {}", places.join(", "))),
        (None, _) if callers.len() == 1 => Err(why.unwrap_or_default()),
        (None, _) if callers.is_empty() => Err(format!("{file} has no function that collects what others find")),
        (None, _) => Err(format!("none of {} has all that it is given", places.join(", "))),
    }
}

/// The functions that a task names as the caller.
fn stated_callers<'a>(
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
            let folders = [parent(file), super::ADMITTERS];
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
            let elsewhere = || in_folder(super::ADMITTERS);
            let mut found = own;
            if found.is_empty() {
                found = beside();
            }
            if found.is_empty() && parent(file) != super::ADMITTERS {
                found = elsewhere();
            }
            found
        }
    };
    match found.len() {
        0 => Err(format!("{} is not there", call.caller.as_ref().map(ToString::to_string).unwrap_or_default())),
        1 => Ok(found),
        _ => {
            let places: Vec<String> = found.iter().map(Caller::place).collect();
            Err(format!("several functions have the caller's name: {}", places.join(", ")))
        }
    }
}

/// The functions of a file that collect what others find, and are called by the API server or by one that is.
fn callers_of<'a>(planner: &Planner<'_, '_>, file: &RepoPath, callee: &'a Callee) -> Result<Vec<Caller<'a>>, String> {
    let survey = planner.survey;
    let mut found = Vec::new();
    if let Some(source) = survey.go(file).ok().flatten() {
        for decl in source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.name() != callee.name) {
            let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
            let is_admit = receiver.is_some() && decl.name() == "Admit";
            let text = decl.span.of(source.source.text());
            if !is_admit && !(text.contains("append(causes") || text.contains("append(results")) {
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
    Ok(found)
}

/// Whether a block puts what calls give back into a list.
fn lists(block: &ScopeBlock) -> bool {
    let mut kinds = block.statements.iter().map(|statement| &statement.kind);
    kinds.any(|kind| matches!(kind, StatementKind::Append { .. } | StatementKind::AppendIf { .. }))
}

impl Caller<'_> {
    fn func(&self) -> FuncName<'_> {
        FuncName { receiver: self.receiver.as_deref(), name: &self.name }
    }

    fn place(&self) -> String {
        let decl = self.source.file.method(self.receiver.as_deref(), &self.name);
        let line = decl.map_or(1, |decl| self.source.source.line_column(decl.span.start).line);
        let receiver = self.receiver.as_ref().map(|receiver| format!("{receiver}.")).unwrap_or_default();
        format!("{receiver}{} at {}:{line}", self.name, self.source.path())
    }

    /// The call, and how far what it is given had to be looked for.
    fn site(
        &self,
        planner: &Planner<'_, '_>,
        planned: &[(String, TypedField)],
        is_stated: bool,
    ) -> Result<(usize, Site), String> {
        let place = self.place();
        let scope = self.source.target().scope(self.func()).map_err(|error| error.to_string())?;
        let meaning = Meaning { survey: planner.survey, source: &self.source, planned };
        let spots = self.spots(&meaning, &scope, is_stated).map_err(|why| format!("{why} in {place}"))?;
        let mut lacking = None;
        let mut made = None;
        for group in spots {
            let mut found = Vec::new();
            for spot in group {
                match self.arguments(&meaning, &spot.known, &scope, &spot.anchor) {
                    Ok((cost, arguments)) => found.push((cost, spot, arguments)),
                    Err(name) => lacking = lacking.or(Some(name)),
                }
            }
            let least = found.iter().map(|(cost, ..)| *cost).min();
            let mut best = found.into_iter().filter(|(cost, ..)| Some(*cost) == least);
            match (best.next(), best.next()) {
                (Some(one), None) => {
                    made = Some(one);
                    break;
                }
                (Some(_), Some(_)) => return Err(format!("several places in {place} could")),
                (None, _) => {}
            }
        }
        let Some((cost, spot, arguments)) = made else {
            return Err(match lacking {
                Some(name) => format!("{place} has nothing that is its `{name}`"),
                None => format!("{place} collects nothing that it could be added to"),
            });
        };
        // A list is a better place than a block of its own.
        let cost = if matches!(spot.how, How::Block) { cost + DEPTH } else { cost };
        self.finish(planner, &scope, &spot, &arguments).map(|site| (cost, site))
    }

    /// The places where the call may go, the better ones first.
    fn spots<'s>(
        &self,
        meaning: &Meaning<'_, '_>,
        scope: &'s FunctionScope,
        is_stated: bool,
    ) -> Result<Vec<Vec<Spot<'s>>>, String> {
        let outermost = meaning.outermost(scope);
        let results: Vec<Option<String>> = scope
            .results
            .iter()
            .map(|result| meaning.survey.qualified(parent(self.source.path()), &self.source.file, &result.ty))
            .collect();
        let answers = matches!(results.as_slice(), [Some(one)] if one == RESPONSE);
        let causes = self.callee.results == [CAUSES];
        let mut groups = Vec::new();
        let body = &scope.body;
        let by_operation = |statement: &Statement| {
            statement.kind == StatementKind::Switch
                && statement.span.of(self.source.source.text()).lines().next().is_some_and(|l| l.contains(".Operation"))
        };
        if body.statements.iter().any(by_operation) {
            return Err("which operations it is for is to be decided: there is a `switch` over them".to_owned());
        }
        if causes {
            groups.extend(self.in_block(meaning, body, &outermost).map(|spot| vec![spot]));
            if is_stated {
                let mut nested = Vec::new();
                self.nested(meaning, body, &outermost, &mut nested);
                groups.push(nested);
            }
        }
        // Before the answer.
        let last = body.statements.last();
        if let Some(last) = last.filter(|last| matches!(last.kind, StatementKind::Return { .. })) {
            let fits = answers || results.iter().any(|ty| ty.as_deref() == Some("error")) && !causes;
            if fits {
                let known = self.known_at(meaning, body, &outermost, body.statements.len() - 1);
                groups.push(vec![Spot { known, anchor: last, before: true, how: How::Block }]);
            }
        }
        Ok(groups)
    }

    /// What can be named before a statement of a block.
    fn known_at(&self, meaning: &Meaning<'_, '_>, block: &ScopeBlock, outer: &[InScope], at: usize) -> Vec<InScope> {
        let mut known = outer.to_vec();
        meaning.declare(&mut known, &block.declares);
        for statement in &block.statements[..at] {
            meaning.declare(&mut known, &statement.declares);
        }
        known
    }

    /// The end of the list of calls in a block.
    fn in_block<'s>(&self, meaning: &Meaning<'_, '_>, block: &'s ScopeBlock, outer: &[InScope]) -> Option<Spot<'s>> {
        let text = self.source.source.text();
        let statements = &block.statements;
        let holds = |at: usize, list: &str| {
            let known = self.known_at(meaning, block, outer, at);
            known.iter().any(|variable| variable.expr == list && variable.ty == CAUSES)
        };
        // Behind the last answer that is made of a list, nothing more is collected.
        let sink = |at: &usize| match &statements[*at].kind {
            StatementKind::ReturnIf { list } => holds(*at, list),
            StatementKind::Return { value } => holds(*at, value),
            StatementKind::Other => statements[*at].span.of(text).contains("NewAdmissionResponse("),
            _ => false,
        };
        let sinks: Vec<usize> = (0..statements.len()).filter(sink).collect();
        let end = sinks.last().copied().unwrap_or(statements.len());
        let appended = (0..end).rev().find_map(|at| match &statements[at].kind {
            StatementKind::Append { list, .. } if holds(at, list) => Some((at, How::Append(list.clone()))),
            StatementKind::AppendIf { list, new, .. } if holds(at, list) => {
                Some((at, How::AppendIf(list.clone(), new.clone())))
            }
            _ => None,
        });
        if let Some((at, how)) = appended {
            let known = self.known_at(meaning, block, outer, at + 1);
            return Some(Spot { known, anchor: &statements[at], before: false, how });
        }
        let at = *sinks.last()?;
        let anchor = &statements[at];
        let known = self.known_at(meaning, block, outer, at);
        let returned = |at: &usize| matches!(statements[*at].kind, StatementKind::ReturnIf { .. });
        match &anchor.kind {
            StatementKind::ReturnIf { list } if sinks.iter().filter(|at| returned(at)).count() > 1 => {
                let how = How::Assign(list.clone(), anchor.span.of(text).to_owned());
                let known = self.known_at(meaning, block, outer, at + 1);
                Some(Spot { known, anchor, before: false, how })
            }
            StatementKind::ReturnIf { list } => {
                Some(Spot { known, anchor, before: true, how: How::Append(list.clone()) })
            }
            StatementKind::Return { value } => {
                Some(Spot { known, anchor, before: true, how: How::Append(value.clone()) })
            }
            _ => None,
        }
    }

    /// The ends of the lists of calls in the blocks of a block.
    fn nested<'s>(
        &self,
        meaning: &Meaning<'_, '_>,
        block: &'s ScopeBlock,
        outer: &[InScope],
        found: &mut Vec<Spot<'s>>,
    ) {
        for (at, statement) in block.statements.iter().enumerate().filter(|(_, statement)| !statement.blocks.is_empty())
        {
            let known = self.known_at(meaning, block, outer, at);
            for inner in &statement.blocks {
                let lists = |statement: &Statement| matches!(statement.kind, StatementKind::Append { .. });
                if inner.statements.iter().any(lists) {
                    found.extend(self.in_block(meaning, inner, &known).filter(|spot| !spot.before));
                }
                let mut deeper = known.clone();
                meaning.declare(&mut deeper, &inner.declares);
                self.nested(meaning, inner, &known, found);
            }
        }
    }

    /// What the function is given, and how far it had to be looked for; or the name of what is not there.
    fn arguments(
        &self,
        meaning: &Meaning<'_, '_>,
        known: &[InScope],
        scope: &FunctionScope,
        anchor: &Statement,
    ) -> Result<(usize, Vec<Argument>), String> {
        let neighbours = self.neighbours(meaning, scope, anchor);
        let mut found: Vec<Argument> = Vec::new();
        let mut cost = 0;
        for (name, ty) in self.callee.parameters.iter().filter(|(_, ty)| ty != PATH) {
            let (depth, argument) = self
                .argument(meaning, known, name, ty, &neighbours)
                .ok_or_else(|| if name.is_empty() { ty.replace('"', "") } else { name.clone() })?;
            cost += depth;
            found.push(argument);
        }
        let mut plain = found.into_iter();
        let subject = plain.clone().find(|argument| argument.is_object);
        // Parts of one object that lie apart have no path in common.
        let (paths, first) = (self.callee.parameters.iter().any(|(_, ty)| ty == PATH), subject.as_ref());
        let steps = |argument: &Argument| argument.origin.clone().filter(|(_, steps)| !steps.is_empty());
        let apart = plain.clone().filter_map(|argument| steps(&argument)).any(|(root, steps_there)| {
            let own = first.and_then(steps);
            own.is_some_and(|(own, steps_here)| own == root && steps_here.first() != steps_there.first())
        });
        if paths && apart {
            return Err("field".to_owned());
        }
        // The calls beside it that are about the same say which path belongs to it.
        let told = subject.as_ref().and_then(|subject| {
            let same = neighbours.iter().filter(|known| known.expr == subject.expr).map(|known| known.call);
            let calls: Vec<usize> = same.collect();
            let mut paths = neighbours.iter().filter(|known| known.ty == PATH && calls.contains(&known.call));
            let first = paths.next()?;
            paths.all(|path| path.expr == first.expr).then(|| first.expr.clone())
        });
        let known = &self.with_own_paths(meaning, known);
        let is_object = |ty: &str| {
            let fields = meaning.fields_of(ty.trim_start_matches('*'));
            fields.iter().any(|field| field.name == "TypeMeta")
        };
        let mut arguments = Vec::new();
        for (name, ty) in &self.callee.parameters {
            if ty == PATH {
                let path = told.clone().map(|expr| Argument { expr, is_object: false, origin: None });
                let path = path.or_else(|| path_to(known, subject.as_ref(), &is_object));
                arguments.push(path.ok_or_else(|| name.clone())?);
            } else {
                arguments.extend(plain.next());
            }
        }
        Ok((cost, arguments))
    }

    /// With the paths that the receiver has, where there are no others.
    fn with_own_paths(&self, meaning: &Meaning<'_, '_>, known: &[InScope]) -> Vec<InScope> {
        let mut known = known.to_vec();
        let own = self.receiver.as_ref().and_then(|receiver| {
            let name = format!("\"{}\".{receiver}", meaning.survey.import_path(parent(self.source.path())));
            known.iter().find(|variable| variable.ty.trim_start_matches('*') == name).cloned()
        });
        if let Some(own) = own.filter(|_| known.iter().all(|variable| variable.ty != PATH)) {
            let fields = meaning.fields_of(own.ty.trim_start_matches('*')).into_iter();
            known.extend(fields.filter(|field| field.ty == PATH).map(|field| InScope {
                expr: format!("{}.{}", own.expr, field.name),
                ty: field.ty,
                origin: (own.expr.clone(), Vec::new()),
                path: None,
            }));
        }
        known
    }

    /// What the calls beside the place are given: for the name and type of a parameter, the expression.
    fn neighbours(&self, meaning: &Meaning<'_, '_>, scope: &FunctionScope, anchor: &Statement) -> Vec<Neighbour> {
        let mut found = Vec::new();
        let calls = beside(&scope.body, anchor);
        for (at, call) in calls.into_iter().enumerate() {
            let (CallText { callee, arguments }, folder) = (call, parent(self.source.path()));
            let Some(file) = meaning.survey.declares(folder, callee) else { continue };
            let Some(source) = meaning.survey.go(&join(folder, &file)).ok().flatten() else { continue };
            let Ok(head) = source.target().scope(FuncName { receiver: None, name: callee }) else { continue };
            for (parameter, argument) in head.parameters.iter().zip(arguments) {
                let Some(ty) = meaning.survey.qualified(folder, &source.file, &parameter.ty) else { continue };
                found.push(Neighbour { name: parameter.name.clone(), ty, expr: argument.clone(), call: at });
            }
        }
        found
    }

    fn argument(
        &self,
        meaning: &Meaning<'_, '_>,
        known: &[InScope],
        name: &str,
        ty: &str,
        neighbours: &[Neighbour],
    ) -> Option<(usize, Argument)> {
        // A name that says more than the type is asked for by name.
        let plain = !ty.contains('"');
        let mut level: Vec<Reached> = known.iter().map(Reached::start).collect();
        for depth in 0..=DEPTH {
            let fits = |reached: &&Reached| reached.as_argument(meaning, ty).is_some();
            let fitting: Vec<&Reached> = level.iter().filter(fits).collect();
            let named: Vec<&Reached> = fitting.iter().copied().filter(|reached| alike(reached.last(), name)).collect();
            let chosen = match (named.as_slice(), fitting.as_slice()) {
                ([one], _) => Some(*one),
                (_, [one]) if !plain => Some(*one),
                (_, []) => None,
                (_, many) if !plain => the_new_one(many, name),
                _ => None,
            };
            if let Some(reached) = chosen {
                return Some((depth, reached.as_argument(meaning, ty)?));
            }
            if depth == 0 {
                let told = |named: bool| {
                    let same = neighbours.iter().filter(|known| known.ty == ty && (!named || alike(&known.name, name)));
                    let mut exprs: Vec<&str> = same.map(|known| known.expr.as_str()).collect();
                    exprs.dedup();
                    match exprs.as_slice() {
                        [one] => Some(Argument { expr: (*one).to_owned(), is_object: false, origin: None }),
                        _ => None,
                    }
                };
                if let Some(argument) = told(true).or_else(|| told(false).filter(|_| !plain)) {
                    return Some((0, argument));
                }
            }
            if !fitting.is_empty() && !plain {
                // More than one, and nothing says which.
                return None;
            }
            level = level.iter().flat_map(|reached| reached.fields(meaning)).collect();
        }
        None
    }

    /// The text of the call, and what it needs.
    fn finish(
        &self,
        planner: &Planner<'_, '_>,
        scope: &FunctionScope,
        spot: &Spot<'_>,
        arguments: &[Argument],
    ) -> Result<Site, String> {
        let survey = planner.survey;
        let path = self.source.path();
        let folder = parent(path);
        let mut imports = Vec::new();
        let mut package = |import: &str, wanted: Option<&str>| {
            let known = self.source.file.import(import).map(|import| import.name().to_owned());
            known.unwrap_or_else(|| {
                let beside = wanted.map(|name| ImportSpec::named(name, import));
                let spec = beside.unwrap_or_else(|| ImportSpec::plain(import));
                let name = spec.name().to_owned();
                imports.push(spec);
                name
            })
        };
        let callee = self.callee;
        let function = match &callee.receiver {
            Some(receiver) => {
                let own = scope.receiver.as_ref().filter(|_| self.receiver.as_deref() == Some(receiver));
                let name = own.map(|own| own.name.clone()).filter(|name| !name.is_empty() && name != "_");
                let named = format!("\"{}\".{receiver}", survey.import_path(&callee.folder));
                let local = || {
                    let of = |variable: &&InScope| variable.ty.trim_start_matches('*') == named;
                    spot.known.iter().find(of).map(|variable| variable.expr.clone())
                };
                let value = name.or_else(local).ok_or_else(|| format!("{} has no {receiver}", self.place()))?;
                format!("{value}.{}", callee.name)
            }
            None if callee.folder != folder => {
                if !callee.name.starts_with(char::is_uppercase) {
                    return Err(format!(
                        "{} is in another package, so its name must begin with a capital",
                        self.place()
                    ));
                }
                if survey.imports(&callee.folder, folder) {
                    return Err(format!("{} is imported by {}, which would be a cycle", folder, callee.folder));
                }
                let import = survey.import_path(&callee.folder);
                let beside = survey.go_files(folder).iter().find_map(|file| {
                    let source = survey.go(&join(folder, file)).ok().flatten()?;
                    source.file.import(&import).and_then(|import| import.alias.clone())
                });
                format!("{}.{}", package(&import, beside.as_deref()), callee.name)
            }
            None => callee.name.clone(),
        };
        let mut list = Vec::new();
        for argument in arguments {
            let expr = match argument.expr.strip_prefix(NEW_PATH) {
                Some(rest) => format!("{}.NewPath{rest}", package(FIELD, Some("k8sfield"))),
                None => argument.expr.clone(),
            };
            list.push(expr);
        }
        let call = format!("{function}({})", list.join(", "));
        let webhooks = join(survey.module(), WEBHOOKS);
        let code = match &spot.how {
            How::Append(list) => format!("{list} = append({list}, {call}...)"),
            How::AppendIf(list, new) => {
                format!("\nif {new} := {call}; {new} != nil {{\n\t{list} = append({list}, {new}...)\n}}")
            }
            How::Assign(list, then) => {
                let prefix =
                    "\t".repeat(crate::text::indentation(self.source.source.text(), spot.anchor.span.start).len());
                format!("\n{list} = {call}\n{}", then.replace(&format!("\n{prefix}"), "\n"))
            }
            How::Block => self.returning(scope, &call, &mut |_| package(&webhooks, Some("webhookutils")))?,
        };
        let text = self.source.source.text();
        Ok(Site {
            file: RepoPath::known(path),
            receiver: self.receiver.clone(),
            function: self.name.clone(),
            callee: callee.name.clone(),
            anchor: spot.anchor.span.of(text).to_owned(),
            before: spot.before,
            code,
            imports,
        })
    }

    /// A block that returns where something was found.
    fn returning(
        &self,
        scope: &FunctionScope,
        call: &str,
        webhooks: &mut dyn FnMut(()) -> String,
    ) -> Result<String, String> {
        let answers = scope.results.len() == 1 && scope.results[0].ty.ends_with("AdmissionResponse");
        let results: Vec<&str> = self.callee.results.iter().map(String::as_str).collect();
        Ok(match results.as_slice() {
            [CAUSES] if answers => format!(
                "if causes := {call}; len(causes) > 0 {{\n\treturn {}.ToAdmissionResponse(causes)\n}}",
                webhooks(())
            ),
            [RESPONSE] if answers => format!("if response := {call}; response != nil {{\n\treturn response\n}}"),
            ["error"] if answers => {
                format!("if err := {call}; err != nil {{\n\treturn {}.ToAdmissionResponseError(err)\n}}", webhooks(()))
            }
            ["error"] => {
                let nothing: Vec<&str> = scope
                    .results
                    .iter()
                    .map(|result| match result.ty.as_str() {
                        "error" => Ok("err"),
                        ty if ty.starts_with('*') || ty.starts_with("[]") => Ok("nil"),
                        _ => Err(format!("what {} gives back is not known", self.place())),
                    })
                    .collect::<Result<_, _>>()?;
                format!("if err := {call}; err != nil {{\n\treturn {}\n}}", nothing.join(", "))
            }
            [CAUSES, "error"] if answers => {
                let webhooks = webhooks(());
                format!(
                    "if causes, err := {call}; err != nil {{\n\treturn {webhooks}.ToAdmissionResponseError(err)\n}} else if len(causes) > 0 {{\n\treturn {webhooks}.ToAdmissionResponse(causes)\n}}"
                )
            }
            _ => return Err(format!("what becomes of what it gives back in {} is to be decided", self.place())),
        })
    }
}

/// The calls of the list that a statement belongs to; all of the function's if it is none of a list.
fn beside<'s>(block: &'s ScopeBlock, anchor: &Statement) -> Vec<&'s CallText> {
    fn call(statement: &Statement) -> Option<&CallText> {
        match &statement.kind {
            StatementKind::Append { call, .. } | StatementKind::AppendIf { call, .. } => Some(call),
            _ => None,
        }
    }
    fn owner<'s>(block: &'s ScopeBlock, anchor: &Statement) -> Option<&'s ScopeBlock> {
        if block.statements.iter().any(|statement| statement.span == anchor.span) {
            return Some(block);
        }
        block.statements.iter().flat_map(|statement| &statement.blocks).find_map(|inner| owner(inner, anchor))
    }
    owner(block, anchor).map(|block| block.statements.iter().filter_map(call).collect()).unwrap_or_default()
}

/// What a call beside the place is given.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Neighbour {
    name: String,
    ty: String,
    expr: String,
    /// Which of the calls.
    call: usize,
}

/// Something that the call is given.
#[derive(Clone, Debug)]
struct Argument {
    expr: String,
    /// It is a part of an object of the API.
    is_object: bool,
    origin: Option<(String, Vec<String>)>,
}

/// A path that is made anew: the package is still to be named.
const NEW_PATH: &str = "\u{1}";

/// The path to the field that something is: the variable that has it, or one that is made.
fn path_to(known: &[InScope], subject: Option<&Argument>, is_object: &dyn Fn(&str) -> bool) -> Option<Argument> {
    let argument = |expr: String| Argument { expr, is_object: false, origin: None };
    let mut paths = known.iter().filter(|variable| variable.ty == PATH);
    let (one, more) = (paths.next(), paths.next());
    let Some((root, steps)) = subject.and_then(|subject| subject.origin.as_ref()) else {
        return one.filter(|_| more.is_none()).map(|variable| argument(variable.expr.clone()));
    };
    let quoted = |steps: &[String]| {
        let steps: Vec<String> = steps.iter().map(|step| crate::go::string(step)).collect();
        steps.join(", ")
    };
    let child = |variable: &InScope, rest: &[String]| {
        let rest = if rest.is_empty() { String::new() } else { format!(".Child({})", quoted(rest)) };
        argument(format!("{}{rest}", variable.expr))
    };
    let is_whole =
        known.iter().any(|variable| variable.expr == *root && variable.origin.1.is_empty() && is_object(&variable.ty));
    let paths = || known.iter().filter(|variable| variable.ty == PATH);
    if is_whole {
        // The longest path that is spelled out and leads there.
        let spelled = paths().filter_map(|variable| Some((variable, variable.path.as_ref()?)));
        let leads = spelled.filter(|(_, path)| steps.starts_with(path)).max_by_key(|(_, path)| path.len());
        if let Some((variable, path)) = leads {
            return Some(child(variable, &steps[path.len()..]));
        }
        let given = one.filter(|variable| more.is_none() && variable.path.is_none());
        return match (given, steps.split_first()) {
            (Some(variable), Some((first, rest))) if first == "spec" => Some(child(variable, rest)),
            (None, Some(_)) => Some(argument(format!("{NEW_PATH}({})", quoted(steps)))),
            _ => None,
        };
    }
    // A parameter that is a spec, with the path to it beside it.
    one.filter(|_| more.is_none()).map(|variable| child(variable, steps))
}

/// Something that code can reach, and how.
#[derive(Clone, Debug)]
struct Reached {
    expr: String,
    ty: String,
    origin: (String, Vec<String>),
    /// It may point nowhere.
    may_be_nil: bool,
}

impl Reached {
    fn start(variable: &InScope) -> Self {
        Self {
            expr: variable.expr.clone(),
            ty: variable.ty.clone(),
            origin: variable.origin.clone(),
            may_be_nil: false,
        }
    }

    fn last(&self) -> &str {
        self.expr.rsplit('.').next().unwrap_or(&self.expr)
    }

    /// It as an argument of a type, if it can be one.
    fn as_argument(&self, meaning: &Meaning<'_, '_>, ty: &str) -> Option<Argument> {
        let whole = self.ty == ty || self.is_given_for(meaning, ty);
        let expr = if whole {
            self.expr.clone()
        } else if ty.strip_prefix('*') == Some(self.ty.as_str()) {
            format!("&{}", self.expr)
        } else {
            return None;
        };
        let is_object = ty.contains("\"kubevirt.io/api/") || ty.contains("\"k8s.io/api/core");
        Some(Argument { expr, is_object, origin: Some(self.origin.clone()) })
    }

    /// Whether an interface that stands for the cluster's configuration takes it.
    fn is_given_for(&self, meaning: &Meaning<'_, '_>, ty: &str) -> bool {
        ty.ends_with("Checker") && self.ty.ends_with("\".ClusterConfig") && meaning.survey.is_interface_of(ty, &self.ty)
    }

    fn fields(&self, meaning: &Meaning<'_, '_>) -> Vec<Self> {
        let plain = self.ty.strip_prefix('*').unwrap_or(&self.ty);
        if self.may_be_nil || !plain.starts_with('"') {
            return Vec::new();
        }
        let own = format!("\"{}\"", meaning.survey.import_path(parent(meaning.source.path())));
        let ours = plain.starts_with(&own);
        // What is below a configuration or a client is nobody's argument.
        let walks = ours || plain.contains("kubevirt.io/api/") || plain.starts_with("\"k8s.io/api/admission/");
        if !walks {
            return Vec::new();
        }
        let fields = meaning.fields_of(plain).into_iter();
        let seen = fields.filter(|field| ours || field.name.starts_with(char::is_uppercase));
        let wanted = seen.filter(|field| !matches!(field.name.as_str(), "TypeMeta" | "Status"));
        wanted
            .map(|field| {
                let mut origin = self.origin.clone();
                origin.1.extend(field.json.filter(|json| !json.is_empty()));
                Self {
                    expr: format!("{}.{}", self.expr, field.name),
                    may_be_nil: field.ty.starts_with('*') && !ours && field.ty.contains("kubevirt.io/api/"),
                    ty: field.ty,
                    origin,
                }
            })
            .collect()
    }
}

/// Whether a variable is called what a parameter is called.
fn alike(known: &str, name: &str) -> bool {
    !name.is_empty() && lower_first(known).eq_ignore_ascii_case(&lower_first(name))
}

/// Of the old object and the new one, that which a parameter means.
fn the_new_one<'r>(many: &[&'r Reached], name: &str) -> Option<&'r Reached> {
    let begins = |text: &str, words: &[&str]| words.iter().any(|word| text.to_lowercase().starts_with(word));
    let old: &[&str] = &["old", "cur", "prev"];
    let wants_old = begins(name, old);
    let mut fitting = many.iter().copied().filter(|reached| begins(&reached.expr, old) == wants_old);
    fitting.next().filter(|_| fitting.next().is_none())
}

impl Site {
    /// Puts the call there.
    pub(super) fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let caller = FuncName { receiver: self.receiver.as_deref(), name: &self.function };
            target.require(caller)?;
            let decl = target.file.method(caller.receiver, caller.name).map(|decl| decl.span);
            let is_called = target.file.tokens.iter().any(|token| {
                decl.is_some_and(|decl| decl.contains(token.span.start)) && token.span.of(target.text) == self.callee
            });
            if is_called {
                return Ok(Vec::new());
            }
            let mut edits: Vec<TextEdit> =
                vec![target.beside_statement(caller, &self.anchor, self.before, &self.code)?];
            let lacking: Vec<ImportSpec> =
                self.imports.iter().filter(|spec| target.file.import(&spec.path).is_none()).cloned().collect();
            if !lacking.is_empty() {
                edits.extend(add_imports(target.text, target.file, &lacking, module));
            }
            Ok(edits)
        })
    }
}
