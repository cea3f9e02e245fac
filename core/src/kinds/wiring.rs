//! One line that calls a function, where a task says what calls it: a service for kinds.
//!
//! The line is written only if everything about it is certain: one caller, an argument for each parameter, a place, and
//! what becomes of the result. Else people get the place, and the line as far as it is known.

use serde::Serialize;

use crate::demand::{Call, FuncRef, Place, Verb};
use crate::go::{
    BodyBlock, DeclKind, Expr, Form, FunctionHead, GoFile, ImportSpec, Origin, Spot, Statement, TokenKind, Variable,
    add_imports,
};
use crate::name::nearest;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{ManualReason, Planner};
use crate::repo_path::RepoPath;
use crate::survey::{BUILTIN, Func, GoSource, Survey};
use crate::template::{Context, Template, Text};
use crate::tree::parent;

/// The templates that it renders from.
pub(super) const TEMPLATES: &[Text] = &[Line::FILE];

#[derive(Serialize, Context, Template, Clone, Debug)]
#[template("scaffolds/wiring/edit/__caller__/line.hbs")]
struct Line {
    /// The list that the result is appended to.
    list: Option<String>,
    /// What is returned with the error.
    returns: Option<String>,
    call: String,
}

/// A function that is to be called.
pub(in crate::kinds) struct Callee<'a> {
    /// The file that has it, or gets it.
    pub file: &'a RepoPath,
    /// Its head.
    pub head: &'a FunctionHead,
    /// What the names in its head stand for.
    pub imports: &'a [ImportSpec],
}

/// What comes of a call that a task asks for.
#[derive(Debug)]
pub(in crate::kinds) enum Wired {
    /// It is there.
    There,
    /// A line is put into the caller.
    Line(Wiring),
    /// It is left to people.
    Manual(ManualReason),
}

/// A line that is put into a function.
#[derive(Clone, Debug)]
pub(in crate::kinds) struct Wiring {
    /// The file of the caller.
    pub file: RepoPath,
    /// The function that is called, without what stands before its name.
    callee: String,
    /// The caller: the type of its receiver, and its name.
    caller: (Option<String>, String),
    spot: Spot,
    line: Line,
    /// What the caller's file imports for it.
    import: Option<ImportSpec>,
}

impl Wiring {
    /// Puts the line in, if it is not there.
    pub(in crate::kinds) fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let snippet = pending.render(&self.line)?;
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let caller = crate::go::FuncName { receiver: self.caller.0.as_deref(), name: &self.caller.1 };
            target.require(caller)?;
            if calls(target.file, target.text, caller.receiver, caller.name, &self.callee) {
                return Ok(Vec::new());
            }
            let mut edits = vec![target.insert_line(caller, &self.spot, &snippet)?];
            if let Some(import) = self.import.as_ref().filter(|import| target.file.import(&import.path).is_none()) {
                edits.extend(add_imports(target.text, target.file, std::slice::from_ref(import), module));
            }
            Ok(edits)
        })
    }
}

/// Whether a function's body calls another one, by its bare name.
fn calls(file: &GoFile, text: &str, receiver: Option<&str>, caller: &str, callee: &str) -> bool {
    let Some(body) = file.method(receiver, caller).and_then(|decl| decl.body) else { return false };
    let mut tokens = file.tokens.iter().filter(|token| body.contains(token.span.start)).peekable();
    while let Some(token) = tokens.next() {
        let is_called = tokens.peek().is_some_and(|next| next.kind == TokenKind::Op(b'('));
        if is_called && token.kind == TokenKind::Word && token.span.of(text) == callee {
            return true;
        }
    }
    false
}

/// What comes of a call that a task asks for. `made` are the names of functions that this plan writes: what calls one
/// of them there is part of what people write.
pub(in crate::kinds) fn wire(
    planner: &mut Planner<'_, '_>,
    callee: &Callee<'_>,
    call: &Call,
) -> Result<Wired, Refusal> {
    let survey = planner.survey;
    let func = match caller(survey, callee, call) {
        Ok(func) => func,
        Err(reason) => return Ok(Wired::Manual(reason)),
    };
    let source = &func.source;
    if calls(&source.file, source.source.text(), func.receiver.as_deref(), &func.name, &callee.head.name) {
        return Ok(Wired::There);
    }
    let file = RepoPath::known(source.path());
    Ok(match (Wirer { survey, callee, call, func: &func }).plan() {
        Ok((spot, line, import)) => {
            planner.open(&file)?;
            let caller = (func.receiver.clone(), func.name.clone());
            Wired::Line(Wiring { file, callee: callee.head.name.clone(), caller, spot, line, import })
        }
        Err(left) => Wired::Manual(ManualReason::CallByHand {
            place: left.place.unwrap_or_else(|| func.place()),
            line: left.line,
            why: left.why,
        }),
    })
}

/// The function that is to call.
fn caller(survey: &Survey<'_>, callee: &Callee<'_>, call: &Call) -> Result<Func, ManualReason> {
    let name = &callee.head.name;
    let own_folder = parent(callee.file);
    let no = |wanted: &str, place: &str, near: Vec<String>| ManualReason::NoCaller {
        callee: name.clone(),
        caller: wanted.to_owned(),
        place: place.to_owned(),
        near,
    };
    let (folder, file) = match &call.file {
        Some(file) if file.ends_with(".go") && file.contains('/') => (parent(file).to_owned(), Some(file.clone())),
        Some(file) if file.ends_with(".go") => (own_folder.to_owned(), Some(crate::tree::join(own_folder, file))),
        Some(folder) => (folder.trim_end_matches('/').to_owned(), None),
        None => (own_folder.to_owned(), None),
    };
    let Some(wanted) = &call.caller else {
        let place = file.clone().unwrap_or(folder);
        return Err(no("", &place, Vec::new()));
    };
    let mut folders = vec![folder.clone()];
    let mut receiver = wanted.qualifier.clone();
    if let Some(qualifier) = &wanted.qualifier {
        // `x.F`: a type here, or a package that this one, or the one above, knows by the name.
        if survey.type_source(&folder, qualifier).is_none() && file.is_none() {
            let package = survey.imported(&folder, qualifier).and_then(|import| survey.package_folder(&import.path));
            let beside = survey.customary_import(&folder, qualifier);
            let package = package.or_else(|| survey.package_folder(&beside?.path));
            if let Some(package) = package.filter(|folder| !folder.starts_with("vendor/")) {
                (folders, receiver) = (vec![package], None);
            }
        }
    }
    let mut found: Vec<Func> = folders.iter().flat_map(|folder| survey.funcs(folder, &wanted.name)).collect();
    let here = |func: &Func| file.as_deref().is_none_or(|file| func.source.path() == file);
    let all = found.clone();
    found.retain(|func| here(func) && (receiver.is_none() || func.receiver == receiver));
    // The caller's file is elsewhere in its package: the name says more than the file.
    if found.is_empty() {
        found = all.into_iter().filter(|func| receiver.is_none() || func.receiver == receiver).collect();
    }
    if found.len() > 1 && receiver.is_none() {
        let own = callee.head.receiver.as_ref().map(|own| own.ty.text.trim_start_matches('*').to_owned());
        let of_own: Vec<Func> = found.iter().filter(|func| own.is_some() && func.receiver == own).cloned().collect();
        if let [_] = of_own.as_slice() {
            found = of_own;
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let place = file.unwrap_or_else(|| folders.join(" or "));
            let names: Vec<String> =
                folders.iter().flat_map(|folder| survey.declared_names(folder, DeclKind::Func)).collect();
            let near = nearest(&wanted.name, names.iter().map(String::as_str)).into_iter().take(3);
            let places = near.flat_map(|near| {
                let funcs = folders.iter().flat_map(|folder| survey.funcs(folder, near));
                funcs.map(|func| format!("{} at {}", func.func_name(), func.place())).collect::<Vec<_>>()
            });
            Err(no(&wanted.to_string(), &place, places.take(3).collect()))
        }
        several => Err(ManualReason::SeveralCallers {
            callee: name.clone(),
            caller: wanted.to_string(),
            places: several.iter().map(Func::place).collect(),
        }),
    }
}

/// Why a line is left to people, where it goes, and how it begins.
struct Left {
    why: String,
    line: String,
    place: Option<String>,
}

/// A name of the caller that can be an argument.
struct Candidate {
    expression: String,
    /// Its type, written out, if it can be told.
    ty: Option<String>,
    /// What it was made from.
    made_from: Option<Expr>,
}

struct Wirer<'a, 't> {
    survey: &'a Survey<'t>,
    callee: &'a Callee<'a>,
    call: &'a Call,
    func: &'a Func,
}

/// A parameter: its name, and its type written out.
type Wanted = (String, Option<String>);

impl Wirer<'_, '_> {
    fn source(&self) -> &GoSource {
        &self.func.source
    }

    fn text(&self) -> &str {
        self.source().source.text()
    }

    fn place(&self, at: usize) -> String {
        format!("{}:{}", self.source().path(), self.source().source.line_column(at).line)
    }

    fn plan(&self) -> Result<(Spot, Line, Option<ImportSpec>), Left> {
        let wanted = self.parameters();
        let rough: Vec<String> = wanted.iter().map(|(name, _)| format!("<{name}>")).collect();
        let left = |why: String| Left { why, line: self.rough(&rough), place: None };
        if let Some(condition) = &self.call.condition {
            return Err(left(format!("the task says when: \"{condition}\"")));
        }
        if self.call.verb == Verb::Other {
            return Err(left("the task asks for more than a call, or for something else".to_owned()));
        }
        let blocks = self.source().target().body(self.func.func_name());
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
        let (spot, arguments) = self.spot(&head, &blocks, outer, &form, &wanted).map_err(|mut failed| {
            failed.line = first_line(&line(&failed.arguments(&wanted)));
            Left { why: failed.why, line: failed.line, place: failed.at.map(|at| self.place(at)) }
        })?;
        Ok((spot, line(&arguments), import))
    }

    fn rough(&self, arguments: &[String]) -> String {
        format!("{}({})", self.callee.head.name, arguments.join(", "))
    }

    /// What the callee is given.
    fn parameters(&self) -> Vec<Wanted> {
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
            wanted.extend(one.names.iter().map(|name| (name.clone(), ty.clone())));
        }
        wanted
    }

    /// How the caller calls the callee, and what it imports for that.
    fn function(&self, head: &FunctionHead, blocks: &[BodyBlock]) -> Result<(String, Option<ImportSpec>), String> {
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
            return match holders.as_slice() {
                [one] => Ok((format!("{one}.{name}"), None)),
                [] => Err(format!("{} has no {ty} to call it on", self.func.func_name())),
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
            return Err(format!("{} stands for something else in {}", import.name(), self.source().path()));
        }
        Ok((format!("{}.{name}", import.name()), Some(import)))
    }

    /// What becomes of the result.
    fn form(&self, head: &FunctionHead, blocks: &[BodyBlock]) -> Result<Form, String> {
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
                    return Err(format!("{} gives back no error last", self.func.func_name()));
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
                    _ => Err(format!("{} gives back more than an error", self.func.func_name())),
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
            _ => Err("what it gives back has no use that is certain".to_owned()),
        }
    }

    /// What can be an argument in a block, before a place.
    fn scope(&self, head: &FunctionHead, block: &BodyBlock, before: usize) -> Vec<Candidate> {
        let mut known: Vec<(String, Option<String>, Option<Expr>)> = Vec::new();
        let source = self.source();
        for one in head.parameters.iter().chain(&head.results) {
            let dots = if one.variadic { "[]" } else { "" };
            let ty = self.survey.written_out_in(source, &format!("{dots}{}", one.ty.text));
            known.extend(one.names.iter().filter(|name| *name != "_").map(|name| (name.clone(), ty.clone(), None)));
        }
        let receiver = head.receiver.as_ref().and_then(|one| Some((one.names.first()?.clone(), one.ty.text.clone())));
        if let Some((name, ty)) = receiver.filter(|(name, _)| name != "_") {
            let ty = self.survey.written_out_in(source, &ty);
            known.push((name, ty, None));
        }
        for one in block.variables.iter().filter(|one| one.at < before) {
            let ty = self.variable(one, &known);
            let made_from = match &one.origin {
                Origin::Type(_) => None,
                Origin::Value(value, _) | Origin::Range(value, _) => Some(value.clone()),
            };
            // `:=` with a name of the signature in its own block assigns to it.
            match known.iter_mut().find(|(name, ..)| *name == one.name) {
                Some(there) if there.1.is_some() && (ty.is_none() || there.1 == ty) => {}
                Some(there) => *there = (one.name.clone(), ty, made_from),
                None => known.push((one.name.clone(), ty, made_from)),
            }
        }
        let mut scope: Vec<Candidate> = Vec::new();
        if let Some(name) = head.receiver.as_ref().and_then(|one| one.names.first()) {
            let ty = known.iter().find(|(known, ..)| known == name).and_then(|(_, ty, _)| ty.clone());
            let members = ty.and_then(|ty| self.survey.members_of(&ty));
            if let Some((file, crate::go::Members::Struct(fields))) = members {
                for (field, ty) in fields.iter().filter_map(|(field, ty)| Some((field.as_ref()?, ty))) {
                    let ty = self.survey.written_out_in(&file, ty);
                    scope.push(Candidate { expression: format!("{name}.{field}"), ty, made_from: None });
                }
            }
        }
        let plain = known.into_iter();
        scope.extend(plain.map(|(name, ty, made_from)| Candidate { expression: name, ty, made_from }));
        scope
    }

    /// The type of a variable, as far as it can be told.
    fn variable(&self, one: &Variable, known: &[(String, Option<String>, Option<Expr>)]) -> Option<String> {
        match &one.origin {
            Origin::Type(ty) => self.survey.written_out_in(self.source(), ty),
            Origin::Value(value, at) => self.types(value, known)?.into_iter().nth(*at),
            Origin::Range(over, at) => {
                let ty = self.types(over, known)?.into_iter().next()?;
                match (element(&ty)?, at) {
                    ((key, _), 0) => Some(key),
                    ((_, value), 1) => Some(value),
                    _ => None,
                }
            }
        }
    }

    /// What an expression gives.
    fn types(&self, value: &Expr, known: &[(String, Option<String>, Option<Expr>)]) -> Option<Vec<String>> {
        let one = |value: &Expr| self.types(value, known)?.into_iter().next();
        let is_local = |name: &str| known.iter().any(|(known, ..)| known == name);
        Some(vec![match value {
            Expr::Name(name) => known.iter().find(|(known, ..)| known == name)?.1.clone()?,
            Expr::Of(ty) => self.survey.written_out_in(self.source(), ty)?,
            Expr::Address(inner) => format!("*{}", one(inner)?),
            Expr::Pointee(inner) => one(inner)?.strip_prefix('*')?.to_owned(),
            Expr::Index(inner) => element(&one(inner)?)?.1,
            Expr::Field(inner, field) => self.survey.field_type(&one(inner)?, field)?,
            Expr::Call(function, _) => {
                return match &**function {
                    Expr::Name(name) if BUILTIN.contains(&name.as_str()) => Some(vec![name.clone()]),
                    Expr::Name(name) if name == "len" || name == "cap" => Some(vec!["int".to_owned()]),
                    Expr::Name(name) if !is_local(name) => {
                        self.survey.func_results(&self.survey.import_path(parent(self.source().path())), name)
                    }
                    Expr::Field(package, name) => match &**package {
                        Expr::Name(package) if !is_local(package) => {
                            let path = self.survey.import_named(&self.source().file, package)?;
                            self.survey.func_results(&path, name)
                        }
                        holder => self.survey.method_results(&one(holder)?, name),
                    },
                    _ => None,
                };
            }
            Expr::Other(_) => return None,
        }])
    }

    /// The place of the line, and its arguments.
    fn spot(
        &self,
        head: &FunctionHead,
        blocks: &[BodyBlock],
        outer: &BodyBlock,
        form: &Form,
        wanted: &[Wanted],
    ) -> Result<(Spot, Vec<String>), Failed> {
        let resolve = |block: &BodyBlock, before: usize| self.arguments(wanted, &self.scope(head, block, before));
        let end = outer.statements.last().map_or(usize::MAX, |last| last.span.end);
        match &self.call.place {
            Place::Open => {}
            Place::Start => {
                let first = outer.statements.first().map_or(0, |first| first.span.start);
                return Ok((Spot::Start, resolve(outer, first).map_err(|failed| failed.at(first))?));
            }
            Place::End => {
                let is_last = outer.statements.last().is_none_or(|last| last.returns.is_some() || !last.leaves);
                let arguments = resolve(outer, end).map_err(|failed| failed.at(end))?;
                return if is_last { Ok((Spot::End, arguments)) } else { Err(Failed::new("its end is not reached")) };
            }
            Place::After(other) | Place::Before(other) => {
                return self.beside(blocks, other, matches!(self.call.place, Place::Before(_)), &resolve);
            }
        }
        // Calls with the same parameters say what the arguments are, and where such calls stand.
        let like: Vec<(&BodyBlock, usize)> = blocks
            .iter()
            .filter_map(|block| {
                Some((block, block.statements.iter().rposition(|one| self.is_like(one, form, wanted))?))
            })
            .collect();
        if let [(block, at)] = like.as_slice() {
            let at = *at;
            let same = block.statements.iter().filter(|one| self.is_like(one, form, wanted));
            let mut lists: Vec<Vec<String>> = same.filter_map(|one| one.call.as_ref()?.1.arguments.clone()).collect();
            lists.dedup();
            let statement = &block.statements[at];
            if let [one] = lists.as_slice() {
                return Ok((Spot::Behind(statement.span.of(self.text()).to_owned()), one.clone()));
            }
            let arguments = resolve(block, statement.span.start).map_err(|failed| failed.at(statement.span.start))?;
            return Ok((Spot::Behind(statement.span.of(self.text()).to_owned()), arguments));
        }
        if like.len() > 1 {
            let mut failed = Failed::new("calls like it stand in more than one block");
            failed.at = like.first().map(|(block, at)| block.statements[*at].span.start);
            return Err(failed);
        }
        // The end of a list of calls whose results are handled alike.
        let of_form = |one: &Statement| one.call.as_ref().is_some_and(|(known, _)| known == form);
        let mut first_failed = None;
        if !matches!(form, Form::Plain) {
            for block in blocks {
                let Some(at) = block.statements.iter().rposition(of_form) else { continue };
                let is_list = matches!(form, Form::Append { .. })
                    || at > 0 && of_form(&block.statements[at - 1]) && self.is_reached(block, at);
                if !is_list {
                    continue;
                }
                let statement = &block.statements[at];
                match resolve(block, statement.span.end) {
                    Ok(arguments) => {
                        return Ok((Spot::Behind(statement.span.of(self.text()).to_owned()), arguments));
                    }
                    Err(failed) => first_failed = first_failed.or(Some(failed.at(statement.span.start))),
                }
            }
        }
        if let Some(failed) = first_failed {
            return Err(failed);
        }
        // The end of a function that is left there.
        let arguments = resolve(outer, end).map_err(|failed| match outer.statements.last() {
            Some(last) => failed.at(last.span.start),
            None => failed,
        })?;
        if let Some(why) = self.not_at_the_end(outer) {
            let mut failed = Failed::new(why);
            failed.found = arguments.into_iter().map(Some).collect();
            return Err(failed);
        }
        Ok((Spot::End, arguments))
    }

    /// Beside a call that the task names.
    fn beside(
        &self,
        blocks: &[BodyBlock],
        other: &FuncRef,
        before: bool,
        resolve: &dyn Fn(&BodyBlock, usize) -> Result<Vec<String>, Failed>,
    ) -> Result<(Spot, Vec<String>), Failed> {
        let is_other = |function: &str| function.rsplit('.').next() == Some(other.name.as_str());
        let found: Vec<(&BodyBlock, &Statement, &str)> = blocks
            .iter()
            .flat_map(|block| block.statements.iter().map(move |one| (block, one)))
            .filter_map(|(block, one)| Some((block, one, one.call.as_ref()?.1.function.as_str())))
            .filter(|(.., function)| is_other(function))
            .collect();
        let [(block, statement, function)] = found.as_slice() else {
            let how = if found.is_empty() { "no statement of its own calls" } else { "more than one statement calls" };
            return Err(Failed::new(format!("{how} {other} there")));
        };
        let place = if before { statement.span.start } else { statement.span.end };
        let arguments = resolve(block, place).map_err(|failed| failed.at(statement.span.start))?;
        Ok((Spot::Beside((*function).to_owned(), before), arguments))
    }

    /// Whether a statement calls a function with the same parameters, in a way that tells the arguments.
    fn is_like(&self, one: &Statement, form: &Form, wanted: &[Wanted]) -> bool {
        let Some((known, call)) = &one.call else { return false };
        let same_form = known == form
            || matches!((known, form), (Form::Plain, Form::Check { .. }) | (Form::Check { .. }, Form::Plain));
        if !same_form || wanted.is_empty() || call.arguments.as_ref().is_none_or(|list| list.len() != wanted.len()) {
            return false;
        }
        let types = self.signature_of(&call.function);
        types.is_some_and(|types| types.iter().map(Some).eq(wanted.iter().map(|(_, ty)| ty.as_ref())))
    }

    /// The parameters of a function that the caller calls: one of its package, or a method of its receiver.
    fn signature_of(&self, function: &str) -> Option<Vec<String>> {
        let folder = parent(self.source().path());
        let (receiver, name) = match function.split_once('.') {
            None => (None, function),
            Some((holder, name)) => {
                let own = self.func.head()?.receiver?;
                if own.names.first().map(String::as_str) != Some(holder) {
                    return None;
                }
                (self.func.receiver.clone(), name)
            }
        };
        let funcs = self.survey.funcs(folder, name);
        self.survey.parameters(funcs.iter().find(|func| func.receiver == receiver)?)
    }

    /// Whether nothing before a statement leaves the function but checks of errors and guards.
    fn is_reached(&self, block: &BodyBlock, at: usize) -> bool {
        block.statements[..at].iter().all(|one| !one.leaves || self.is_guard(one))
    }

    /// An `if` of a few lines that leaves.
    fn is_guard(&self, one: &Statement) -> bool {
        let text = one.span.of(self.text());
        text.starts_with("if ") && text.lines().count() <= 4
    }

    /// Why a line does not belong at the end of a function, if it does not.
    fn not_at_the_end(&self, outer: &BodyBlock) -> Option<String> {
        const WRITES: &[&str] = &[".Update(", ".UpdateStatus(", ".Patch(", ".Create(", ".Delete(", ".Add("];
        let func = self.func.func_name();
        let last = outer.statements.last();
        let returned = last.and_then(|last| last.returns.as_deref()).unwrap_or_default();
        let is_plain = |value: &String| {
            value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '"' | '.' | '&' | '{' | '}'))
        };
        let inner = if last.is_some_and(|last| last.returns.is_some()) {
            &outer.statements[..outer.statements.len() - 1]
        } else {
            &outer.statements[..]
        };
        let text = self.text();
        if !returned.iter().all(is_plain) {
            return Some(format!("{func} ends with a call"));
        }
        if inner.iter().any(|one| one.leaves && !self.is_guard(one)) {
            return Some(format!("{func} is left in more places than its end"));
        }
        if inner.iter().any(|one| WRITES.iter().any(|write| one.span.of(text).contains(write))) {
            return Some(format!("{func} writes before its end"));
        }
        None
    }

    /// For each parameter the one name of its type.
    fn arguments(&self, wanted: &[Wanted], scope: &[Candidate]) -> Result<Vec<String>, Failed> {
        let mut found: Vec<Option<String>> = Vec::new();
        let mut why = None;
        for (name, ty) in wanted {
            let argument = self.argument(name, ty.as_deref(), scope);
            match argument {
                Ok(expression) if found.iter().flatten().any(|known| *known == expression) => {
                    why.get_or_insert(format!("{expression} would stand for two parameters"));
                    found.push(None);
                }
                Ok(expression) => found.push(Some(expression)),
                Err(reason) => {
                    why.get_or_insert(reason);
                    found.push(None);
                }
            }
        }
        match why {
            None => Ok(found.into_iter().flatten().collect()),
            Some(why) => Err(Failed { why, found, at: None, line: String::new() }),
        }
    }

    fn argument(&self, name: &str, ty: Option<&str>, scope: &[Candidate]) -> Result<String, String> {
        let func = self.func.func_name();
        let Some(ty) = ty else { return Err(format!("the type of {name} is not known in {func}")) };
        let of_type: Vec<&Candidate> = scope.iter().filter(|one| one.ty.as_deref() == Some(ty)).collect();
        // A type that everything can have says nothing without the name.
        let is_common =
            BUILTIN.contains(&ty.trim_start_matches(['*', '[', ']'])) || ty.starts_with("map[string]string");
        let shown = short(ty);
        let named = |one: &&&Candidate| one.expression.rsplit('.').next() == Some(name);
        let chosen: Vec<&&Candidate> =
            if is_common { of_type.iter().filter(named).collect() } else { of_type.iter().collect() };
        match chosen.as_slice() {
            [one] => {
                // Something of an unknown type that was made from it may be what is meant.
                let rival = scope.iter().find(|other| {
                    let from = other.made_from.as_ref().is_some_and(|value| value.mentions(&one.expression));
                    other.ty.is_none() && (from || other.expression == name)
                });
                match rival {
                    Some(rival) => Err(format!("{} or {}: which is {name}?", one.expression, rival.expression)),
                    None => Ok(one.expression.clone()),
                }
            }
            [] => Err(format!("nothing in {func} is {name} {shown}")),
            several => {
                let names: Vec<&str> = several.iter().map(|one| one.expression.as_str()).collect();
                Err(format!("{}: which is {name}?", names.join(" or ")))
            }
        }
    }
}

/// What is not certain about a line, and what is.
struct Failed {
    why: String,
    found: Vec<Option<String>>,
    at: Option<usize>,
    line: String,
}

impl Failed {
    fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), found: Vec::new(), at: None, line: String::new() }
    }

    fn at(mut self, at: usize) -> Self {
        self.at.get_or_insert(at);
        self
    }

    /// The arguments as far as they are known.
    fn arguments(&self, wanted: &[Wanted]) -> Vec<String> {
        let known = self.found.iter().cloned().chain(std::iter::repeat(None));
        wanted.iter().zip(known).map(|((name, _), found)| found.unwrap_or_else(|| format!("<{name}>"))).collect()
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

/// A type without the paths of its packages.
fn short(ty: &str) -> String {
    let mut out = String::new();
    for part in ty.split_inclusive(['*', '[', ']', '(', ')', ',', ' ']) {
        out.push_str(part.rsplit('/').next().unwrap_or(part));
    }
    out
}

/// The key and the value of what can be indexed, both written out.
fn element(ty: &str) -> Option<(String, String)> {
    if let Some(rest) = ty.strip_prefix("map[") {
        let (key, value) = rest.split_once(']')?;
        return Some((key.to_owned(), value.to_owned()));
    }
    let value = ty.strip_prefix("[]").or_else(|| ty.strip_prefix("..."))?;
    Some(("int".to_owned(), value.to_owned()))
}
