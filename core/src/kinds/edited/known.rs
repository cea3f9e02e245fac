//! Whether stated code compiles where it is put in: what a call gives back, and whether a struct has the field of an entry.

use crate::go::body::{BodyBlock, Expr, Members};
use crate::go::{FunctionHead, Position};
use crate::kinds::struct_field;
use crate::kinds::wiring::Names;
use crate::plan::Planner;
use crate::survey::Func;
use crate::text::{code_spans, find_word};

/// The types of what a call gives back; nothing where that cannot be told.
pub(super) fn gives(planner: &Planner<'_, '_>, function: &Func, call: &str, place: usize) -> Option<Vec<String>> {
    let (value, _) = Expr::parse(call)?;
    let Expr::Call(callee, _) = &value else { return None };
    let name = match &**callee {
        Expr::Name(name) if matches!(name.as_str(), "delete" | "close" | "panic" | "clear") => return Some(Vec::new()),
        Expr::Name(name) | Expr::Field(_, name) => name,
        _ => return None,
    };
    let (source, head) = (&function.source, function.head()?);
    let blocks = source.target().body(function.func_name()).ok()?;
    let range = |block: &BodyBlock| Some((block.statements.first()?.span.start, block.statements.last()?.span.end));
    let holds = |block: &&BodyBlock| range(block).is_some_and(|(start, end)| start <= place && place <= end);
    let size = |block: &&BodyBlock| range(block).map_or(0, |(start, end)| end - start);
    let block = blocks.iter().filter(holds).min_by_key(size).or(blocks.first())?;
    let names = Names { survey: planner.survey, source };
    let scope = names.scope(&head, block, place);
    let known: Vec<_> = scope.into_iter().map(|one| (one.expression, one.ty, one.made_from)).collect();
    let types = |head: FunctionHead| {
        let all = head.results.into_iter();
        all.flat_map(|one| std::iter::repeat_n(one.ty.text, one.names.len().max(1))).collect()
    };
    names.types(&value, &known).or_else(|| planned(planner, call, name).map(types))
}

/// The head of a function that a task spells out, elsewhere than in the call of it.
fn planned(planner: &Planner<'_, '_>, call: &str, name: &str) -> Option<FunctionHead> {
    let texts = planner.plan.tasks.iter().flat_map(|task| {
        std::iter::once(task.title.as_str()).chain(task.details.iter().map(|line| line.text.as_str()))
    });
    let codes = texts.flat_map(code_spans).filter(|code| !code.contains(call) && find_word(code, name).is_some());
    let heads = codes.filter_map(|code| FunctionHead::parse(code.trim_start_matches("func ")).ok());
    let own: Vec<FunctionHead> = heads.filter(|head| head.name == name).collect();
    // A name alone says nothing of what it gives.
    let says = own.iter().position(|head| !(head.results.is_empty() && head.parameters.is_empty()));
    own.into_iter().nth(says.unwrap_or_default())
}

/// Why the struct of a literal does not get an entry: nobody gives it the field.
pub(super) fn lacks_field(
    planner: &Planner<'_, '_>,
    function: &Func,
    key: &str,
    (literal, position): (Option<&str>, Option<&Position>),
) -> Option<String> {
    let (survey, source) = (planner.survey, &function.source);
    let ty = source.target().entry_type(function.func_name(), literal, position)?;
    if ty.starts_with(['[', '(']) || ty.starts_with("map[") || ty.starts_with("struct") {
        return None;
    }
    let name = ty.rsplit('.').next().unwrap_or(&ty);
    let known = survey.written_out_in(source, &ty).and_then(|ty| survey.members_of(&ty));
    let Some((declaring, members)) = known else {
        return Some(format!("whether {name} has a field {key} is not known"));
    };
    let Members::Struct(fields) = members else { return None };
    let is_of = |(field, ty): &(Option<String>, String)| {
        field.as_deref().unwrap_or_else(|| ty.rsplit(['.', '*']).next().unwrap_or(ty)) == key
    };
    if fields.iter().any(is_of) {
        return None;
    }
    if declaring.path().ends_with(".pb.go") {
        let how = "change its .proto file, and run `make gen-proto` and this command again";
        return Some(format!("{name} has no field {key} yet: {how}"));
    }
    let is_added = struct_field::asked_of(planner, name).iter().any(|(field, _)| field == key)
        || crate::kinds::api_field::adds(planner, name, key);
    (!is_added).then(|| format!("{name} has no field {key}, and no task adds it"))
}
