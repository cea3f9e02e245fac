//! The names in code that is stated for a function: what they are there, and what the file imports for them.

use crate::go::body::Members;
use crate::go::{ImportSpec, Token, TokenKind, tokens};
use crate::plan::Planner;
use crate::survey::{BUILTIN, Func, Survey};
use crate::text::find_word;
use crate::tree::parent;

/// What the file has to import for code; an error names what is nothing in the function.
pub(super) fn imports(
    planner: &Planner<'_, '_>,
    function: &Func,
    code: &str,
    place: usize,
) -> Result<Vec<ImportSpec>, String> {
    const KNOWN: &[&str] = &["nil", "true", "false", "len", "cap", "append", "make", "new", "func", "map"];
    let (survey, source, func) = (planner.survey, &function.source, function.func_name());
    let folder = parent(source.path());
    let all = tokens(code).map_err(|error| error.message)?;
    let head = function.head();
    let op = |at: usize, op: u8| all.get(at).is_some_and(|one| one.kind == TokenKind::Op(op));
    let mut found = Vec::new();
    for (at, token) in all.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Word) {
        let name = token.span.of(code);
        let is_part = at > 0 && op(at - 1, b'.') || op(at + 1, b':');
        if is_part || KNOWN.contains(&name) || BUILTIN.contains(&name) {
            continue;
        }
        let member = all.get(at + 2).map(|token| token.span.of(code)).unwrap_or_default();
        let parameters = head.iter().flat_map(|head| head.parameters.iter().chain(&head.receiver));
        let parameter = parameters.into_iter().find(|one| one.names.iter().any(|known| known == name));
        let sees = source.target().sees(func, name, place);
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
        let is_nothing = || format!("nothing in {} is {name}", func.name);
        let path = match imported {
            Some(path) => path,
            None if op(at + 1, b'.') => {
                let import = survey.customary_imports(folder, name).into_iter().next().ok_or_else(is_nothing)?;
                if survey.would_cycle(folder, &import.path) {
                    return Err(format!("{folder} cannot import {}: that would be a cycle", import.path));
                }
                found.push(import.clone());
                import.path
            }
            None => return Err(is_nothing()),
        };
        let has = |folder: String| survey.declares(&folder, member).is_some();
        if !survey.package_folder(&path).is_none_or(has) && !is_made(planner, code, member, true) {
            return Err(format!("{name} has no {member}"));
        }
    }
    Ok(found)
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
        let is_lacking = || lacks(survey, &ty, name, 4) == Some(true) && !is_made(planner, code, name, is_call);
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

/// Whether a task names something, elsewhere than in some code; a function, where it is `called`, with its head.
fn is_made(planner: &Planner<'_, '_>, code: &str, name: &str, called: bool) -> bool {
    let head = format!("{name}(");
    let names = |text: &str| if called { text.contains(&head) } else { find_word(text, name).is_some() };
    planner.plan.tasks.iter().any(|task| {
        let texts = std::iter::once(task.said.as_str()).chain(task.details.iter().map(|line| line.text.as_str()));
        texts.filter(|text| !text.contains(code)).any(names)
    })
}

/// Whether a call of a function that is known gives something back.
pub(super) fn gives(survey: &Survey<'_>, function: &Func, call: &str) -> bool {
    let callee = call.split('(').next().unwrap_or_default();
    let (holder, name) = callee.rsplit_once('.').map_or((None, callee), |(holder, name)| (Some(holder), name));
    let source = &function.source;
    let own = survey.import_path(parent(source.path()));
    let results = match holder {
        None => survey.func_results(&own, name),
        Some(holder) => {
            let head = function.head();
            let receiver = head.as_ref().and_then(|head| head.receiver.as_ref());
            let receiver = receiver.filter(|one| one.names.iter().any(|known| known == holder));
            let ty = receiver.and_then(|one| survey.written_out_in(source, &one.ty.text));
            let of_package = || survey.func_results(&survey.import_named(&source.file, holder)?, name);
            ty.and_then(|ty| survey.method_results(&ty, name)).or_else(of_package)
        }
    };
    results.is_some_and(|results| !results.is_empty())
}
