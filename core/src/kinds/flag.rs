//! Command-line flags, of virtctl and of KubeVirt's programs: defined where their neighbours are.

mod render;

use super::component::Component;
use super::constant::Constant;
use crate::demand::{FlagDemand, FlagType, before_help, flag, words};
use crate::go::{DeclKind, FlagDefinition, FuncName, LINE, Member, string};
use crate::name::{Name, is_go_identifier};
use crate::plan::{Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Use};
use crate::repo_path::RepoPath;
use crate::survey::GoSource;
use crate::template::Text;
use crate::text::unquoted;
use crate::tree::parent;
use render::{constant, is_called, place};

#[derive(Debug)]
pub(super) struct Flag;

/// A flag, ready to be written.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    name: String,
    /// The statement.
    statement: Vec<String>,
    /// The struct that holds its value, and the field.
    field: Option<(String, Member)>,
    /// The variable that holds its value, the one behind which it is declared, and its type.
    variable: Option<(String, String, &'static str)>,
    /// A constant for its name, and the one that it stands behind.
    constant: Option<(String, String)>,
    /// The constant holds the flag with its dashes, and the definition does not name it.
    has_dashes: bool,
    needs_time: bool,
    /// The flag that it stands behind, or before, where the line says so.
    beside: Option<(bool, String)>,
}

impl Kind for Flag {
    fn name(&self) -> &'static str {
        "flag"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "a flag of virtctl or of a program in `cmd/`",
            makes: "its definition, with a constant and a field like those of its neighbours",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let path = &place.path;
        let own =
            path.ends_with(".go") && !path.ends_with("_test.go") && place.exists && !demands(task.planned).is_empty();
        let source = task.survey.go(path).ok().flatten().filter(|_| own)?;
        (!source.target().flags().is_empty()).then_some(Claimed::File)
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        Component::plan_functions(planner, assigned, &[]);
        Constant::plan_constants(planner, assigned);
        let source = match planner.open(&place.path).and_then(|()| planner.survey.go(&place.path)) {
            Ok(Some(source)) => source,
            Ok(None) => return,
            Err(refusal) => return planner.diagnose(refusal),
        };
        let mut made: Vec<String> = Vec::new();
        for &task in &assigned.tasks {
            for (line, demand) in demands(planner.task(task)) {
                let facts =
                    demand.and_then(|demand| facts(planner, &place.path, &source, &demand, planner.task(task), &made));
                match facts {
                    Ok((facts, rest)) => {
                        made.push(facts.name.clone());
                        planner.note(task, line, Use::Change, std::slice::from_ref(&place.path));
                        planner.note_keys(task, BESIDE, Use::Change, std::slice::from_ref(&place.path));
                        planner.push(facts, &[task]);
                        let last = source.target().flags().last().map_or(0, |flag| source.source.line(flag.span.start));
                        let at = format!("{}:{last}", place.path);
                        for why in rest.into_iter().chain(bound(planner.task(task), line, &at)) {
                            planner.manual(&[task], &ManualReason::Remains { line, why });
                        }
                    }
                    Err(why) => planner.manual(&[task], &ManualReason::Unwritable { line, why }),
                }
            }
        }
    }
}

/// What a line says of a flag that no definition holds: "(string, required)", "one of `a`, `b`", "…; hidden".
fn bound(task: &PlannedTask, line: usize, at: &str) -> Vec<String> {
    const SAID: &[&str] = &["required", "mandatory", "hidden", "deprecated", "persistent"];
    const LEADS: &[&str] = &["and", "it", "is", "must", "be", "mark", "marked", "kept", "stays", "the", "flag"];
    let own = task.details.iter().find(|own| own.line == line).map(|own| own.text.as_str());
    let text = own.unwrap_or(&task.title);
    // The help says what it likes, and the clauses behind it say what is done with the flag.
    let all = words(before_help(text));
    let one_of = all.windows(2).find(|two| two[0].is(&["one"]) && two[1].is(&["of"])).map(|_| "one of");
    let before = all.iter().filter(|word| word.is(SAID)).map(|word| word.text);
    let help = &text[before_help(text).len()..];
    let behind = help.split([';', ',', '.', '(']).skip(1).filter_map(|clause| {
        let first = clause.split_whitespace().find(|word| !LEADS.contains(word))?;
        SAID.iter().find(|known| known.eq_ignore_ascii_case(first.trim_end_matches(')'))).copied()
    });
    let mut said: Vec<&str> = before.chain(behind).chain(one_of).collect();
    said.dedup();
    said.into_iter().map(|said| format!("it says \"{said}\", which is written by hand behind {at}")).collect()
}

/// Lines that say more of a flag: its type, its usage.
const BESIDE: &[Key] = &[Key::Constant, Key::Constants, Key::Field, Key::Description, Key::Help];

/// The flags that a task asks for, each with its line.
fn demands(task: &PlannedTask) -> Vec<(usize, Result<FlagDemand, String>)> {
    task.once("flags", || read(task))
}

fn read(task: &PlannedTask) -> Vec<(usize, Result<FlagDemand, String>)> {
    const KEYS: &[Key] = &[Key::Task, Key::Prose, Key::Implementation];
    let is_key = |key: &Key| matches!(key, Key::Other(key) if matches!(key.as_str(), "flag" | "flags" | "option"));
    let lines = task.details.iter().filter(|line| is_key(&line.key) || KEYS.contains(&line.key));
    let lines = lines.map(|line| (line.line, line.text.as_str(), is_key(&line.key)));
    let mut found: Vec<(usize, Result<FlagDemand, String>)> = Vec::new();
    let lines = std::iter::once((task.line, task.title.as_str(), false)).chain(lines);
    let lines = lines.flat_map(|(line, text, bare)| match each_flag(text) {
        Some(each) => each.into_iter().map(|one| (line, one, true)).collect(),
        None => vec![(line, text.to_owned(), bare)],
    });
    for (line, text, bare) in lines {
        match flag(&text, bare) {
            Ok(None) => {}
            Ok(Some(mut demand)) => {
                // A title that names it, and a line that tells the rest.
                if let Some((_, Ok(known))) =
                    found.iter_mut().find(|(_, known)| known.as_ref().is_ok_and(|known| known.name == demand.name))
                {
                    known.ty = known.ty.or(demand.ty);
                    known.default = known.default.take().or(demand.default);
                    known.usage = known.usage.take().or(demand.usage);
                    continue;
                }
                let said = |keys: &[&str]| {
                    let line = task.details.iter().find(|line| keys.contains(&line.key.to_string().as_str()))?;
                    Some(unquoted(line.text.trim()).replace('`', "").trim().to_owned())
                };
                if demand.ty.is_none()
                    && let Some(ty) = said(&["constants"])
                {
                    demand.ty = flag(&format!("--x {ty}"), true).ok().flatten().and_then(|flag| flag.ty);
                }
                demand.usage = demand.usage.or_else(|| said(&["description", "help", "usage"]));
                let first = |keys: &[&str]| said(keys)?.split([' ', ',']).next().map(str::to_owned);
                demand.names.constant = demand.names.constant.or_else(|| first(&["constant"]));
                demand.names.holder = demand.names.holder.or_else(|| first(&["field", "variable", "var"]));
                found.push((line, Ok(demand)));
            }
            Err(why) => found.push((line, Err(why))),
        }
    }
    found
}

/// What a line says of other flags, and is not done.
fn rest(file: &RepoPath, demand: &FlagDemand, is_placed: bool, at: &str) -> Option<String> {
    let (name, others) = (&demand.name, demand.names.others.join(", "));
    if !others.is_empty() {
        return Some(format!("what --{name} has to do with {others} is written by hand behind {at}"));
    }
    let (_, other) = demand.names.place.as_ref().filter(|_| !is_placed)?;
    Some(format!("it stands behind {at}, and not beside --{other}: {file} has no flag there"))
}

/// The flag as its neighbours are defined, or why it is left to people.
fn facts(
    planner: &Planner<'_, '_>,
    file: &RepoPath,
    source: &GoSource,
    demand: &FlagDemand,
    task: &PlannedTask,
    made: &[String],
) -> Result<(Facts, Option<String>), String> {
    let target = source.target();
    let flags = target.flags();
    let name = &demand.name;
    let last = flags.last().ok_or_else(|| format!("{file} defines no flags"))?;
    let at = format!("{file}:{}", source.source.line(last.span.start));
    let ty = demand
        .ty
        .ok_or_else(|| format!("it does not give the type of --{name}; the other flags are defined up to {at}"))?;
    if let Some(other) = flags.iter().find(|flag| flag.function != last.function || flag.base != last.base) {
        let line = source.source.line(other.span.start);
        return Err(format!(
            "{file} defines flags at lines {line} and {at}; beside which of them does --{name} belong?"
        ));
    }
    if made.contains(name) {
        return Err(format!("--{name} is asked for twice"));
    }
    let there = flags.iter().find(|flag| is_called(&target, flag, name));
    let is_there = there.is_some();
    if let Some(other) = there.filter(|there| there.ty != ty.pflag()) {
        let line = source.source.line(other.span.start);
        return Err(format!("--{name} already exists, as {} in {file}:{line}", other.ty));
    }
    let usage = demand.usage.as_deref().ok_or_else(|| {
        format!("it does not say what --{name} is for, which its help tells; the other flags are defined up to {at}")
    })?;
    let usage = string(usage);
    let constant = stated_constant(&target, &flags, demand, is_there, &at)?;
    let beside = place(&target, &flags, demand.names.place.as_ref()).and(demand.names.place.clone());
    let rest = rest(file, demand, beside.is_some(), &at);
    let (method, letter) = match demand.names.letter {
        Some(letter) => ("VarP", format!(" \"{letter}\",")),
        None => ("Var", String::new()),
    };
    let has_dashes = constant.is_some() && self::constant(&target, &flags, name, None).is_none();
    let literal = constant.as_ref().filter(|_| !has_dashes).map_or_else(|| string(name), |(name, _)| name.clone());
    let call = |held: &str, default: &str| {
        let head = format!("{}.{}{method}(&{held}, {literal},{letter} {default},", last.base, ty.pflag());
        let wraps = last.span.of(target.text).contains('\n') || head.len() + usage.len() + 4 > LINE;
        if wraps { vec![head, format!("\t{usage})")] } else { vec![format!("{head} {usage})")] }
    };
    let own = demand.names.holder.as_deref().map(|holder| holder.rsplit('.').next().unwrap_or(holder).to_owned());
    let own = own.unwrap_or_else(|| Name::parse(name).camel());
    if !is_go_identifier(&own) {
        return Err(format!("`{own}` cannot be the name of what holds --{name}"));
    }
    let (mut field, mut variable) = (None, None);
    let statement = match last.bound.as_deref().map(|bound| bound.trim_start_matches('&')) {
        None => {
            let default = demand.default.clone().unwrap_or_else(|| ty.zero().to_owned());
            let made = format!("_ = {}.{}{}({literal},", last.base, ty.pflag(), method.trim_start_matches("Var"));
            vec![
                format!("// {}: --{name} is not implemented: nothing uses its value yet", task.id),
                format!("{made}{letter} {default}, {usage})"),
            ]
        }
        Some(bound) if is_go_identifier(bound) => {
            let declared = planner.survey.declares(parent(file), &own);
            if let Some(other) = declared.filter(|_| !is_there) {
                return Err(format!("`{own}`, which would hold --{name}, is declared in {other} already"));
            }
            if target.file.declares(bound).is_none_or(|decl| decl.kind != DeclKind::Var) {
                return Err(format!(
                    "the flags at {at} are bound to variables such as {bound}, and where one for --{name} belongs is not clear"
                ));
            }
            variable = Some((own.clone(), bound.to_owned(), ty.go()));
            call(&own, demand.default.as_deref().unwrap_or(ty.zero()))
        }
        Some(bound) => {
            let holds =
                bound.split_once('.').filter(|(holder, field)| is_go_identifier(holder) && is_go_identifier(field));
            let (holder, _) = holds.ok_or_else(|| format!("what holds the flags at {at} is not understood"))?;
            let function = FuncName { receiver: last.receiver.as_deref(), name: &last.function };
            let ty_of_holder = target
                .variable_type(function, holder)
                .ok_or_else(|| format!("the type of `{holder}` at {at} is not known here"))?;
            let members = target
                .struct_members(&ty_of_holder)
                .ok_or_else(|| format!("{file} declares no struct `{ty_of_holder}`"))?;
            let there = members.iter().find(|(member, _)| member.name.as_deref() == Some(&own));
            if let Some((member, _)) = there.filter(|(member, _)| member.ty != ty.go()) {
                return Err(format!("{ty_of_holder}.{own} already exists, as `{}`", member.ty));
            }
            // Some commands give the zero value of the field as the default.
            let by_field = last.default == bound;
            let zero = if by_field { format!("{holder}.{own}") } else { ty.zero().to_owned() };
            field = Some((ty_of_holder, Member { name: Some(own.clone()), ty: ty.go().to_owned(), tag: None }));
            call(&format!("{holder}.{own}"), &demand.default.clone().unwrap_or(zero))
        }
    };
    let (needs_time, file, name) = (ty == FlagType::Duration, file.clone(), name.clone());
    Ok((Facts { file, name, statement, field, variable, constant, has_dashes, needs_time, beside }, rest))
}

/// The flags of a line that says of each in brackets what it is: "`--a` (bool, Does a) and `--b` (string, Does b)".
fn each_flag(text: &str) -> Option<Vec<String>> {
    let found: Option<Vec<String>> = text
        .match_indices("`--")
        .map(|(at, _)| {
            let rest = &text[at..];
            let open = 1 + rest[1..].find('`')? + 1;
            let behind = rest[open..].strip_prefix(" (")?;
            let mut depth = 1;
            let close = behind.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            })?;
            Some(format!("{} ({})", &rest[..open], &behind[..close]))
        })
        .collect();
    found.filter(|found| found.len() > 1)
}

/// The last of the constants that hold flags with their dashes, `RETRY_FLAG = "--retry"`, where these flags are defined.
fn dashed(target: &crate::go::Target<'_>, flags: &[FlagDefinition]) -> Option<String> {
    let groups = target.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const && decl.body.is_some());
    groups.into_iter().find_map(|decl| {
        let held = decl.span.of(target.text).lines().filter_map(|line| {
            let (name, value) = line.trim().split_once('=')?;
            let flag = value.trim().strip_prefix("\"--")?.strip_suffix('"')?;
            flags.iter().any(|known| known.name == string(flag)).then(|| name.trim().to_owned())
        });
        let held: Vec<String> = held.collect();
        held.last().filter(|last| held.len() > 1 && is_go_identifier(last)).cloned()
    })
}

/// The constant of a flag, or why the one that the task names cannot be it.
fn stated_constant(
    target: &crate::go::Target<'_>,
    flags: &[FlagDefinition],
    demand: &FlagDemand,
    is_there: bool,
    at: &str,
) -> Result<Option<(String, String)>, String> {
    let name = &demand.name;
    let stated = demand.names.constant.as_deref();
    let constant = constant(target, flags, name, stated);
    if let (Some(stated), None) = (stated, &constant) {
        if let Some(last) = dashed(target, flags) {
            let is_other = !is_there && target.file.declares(stated).is_some();
            let why = || Err(format!("`{stated}` is declared already, and is not the name of --{name}"));
            return if is_other { why() } else { Ok(Some((stated.to_owned(), last))) };
        }
        return Err(format!("the names of the flags at {at} are no constants, beside which {stated} could stand"));
    }
    if let Some((own, _)) = constant.as_ref().filter(|(own, _)| !is_there && target.file.declares(own).is_some()) {
        return Err(format!("`{own}` is declared already, and is not the name of --{name}"));
    }
    Ok(constant)
}
