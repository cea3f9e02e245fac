//! What a task takes from the tasks above it: "Same for `S`", "the same optional field", "a field of that type".

use super::asked::asked;
use super::resolve::added;
use crate::demand::{ApiDemand, ApiField, Description, Word, quoted_comment, words};
use crate::go::TypeText;
use crate::plan::Planner;

/// The field of the nearest task above, where a title says "Same for `S`": that struct gets it, too.
pub(super) fn same_for(planner: &Planner<'_, '_>, task: usize) -> Option<ApiDemand> {
    let planned = planner.whole(task);
    let all = words(&planned.title);
    let bare = all.iter().skip_while(|word| word.is(&["the", "do", "likewise", "and"])).copied().collect::<Vec<_>>();
    let [same, rest @ ..] = bare.as_slice() else { return None };
    let rest = &rest[rest.iter().take_while(|word| word.is(&["field", "one", "addition"])).count()..];
    let [link, owner, rest @ ..] = rest else { return None };
    let is_led = same.is(&["same"]) && link.is(&["for", "in", "to", "on"]);
    // Behind the file, only a comment may stand.
    let quoted = quoted_comment(&planned.title);
    let plain = |word: &Word<'_>| {
        word.is_code() || !word.text.contains(char::is_alphanumeric) || word.is(&["in", "of", "with", "the", "comment"])
    };
    let is_plain = quoted.is_some() || rest.iter().all(plain);
    if !is_led
        || !is_plain
        || !owner.is_code()
        || !owner.text.starts_with(char::is_uppercase)
        || !planned.details.is_empty()
    {
        return None;
    }
    let above = (0..task).rev().map(|above| asked(planner.whole(above)).demands).find(|demands| !demands.is_empty())?;
    let [(_, ApiDemand::Field(field))] = above.as_slice() else { return None };
    let mut field = ApiField { parent: Some(owner.text.to_owned()), ..field.clone() };
    if let Some(quoted) = quoted {
        field.comment.clear();
        field.doc = Description(Some(quoted.text));
    }
    Some(ApiDemand::Field(field))
}

/// Gives a field that its line calls the same as another one the comment of that, and one "of that type" the type.
pub(super) fn complete(
    planner: &Planner<'_, '_>,
    (task, line): (usize, usize),
    before: &[(usize, ApiDemand)],
    field: &mut ApiField,
) {
    let planned = planner.whole(task);
    let text = if line == planned.line { Some(&planned.title) } else { None };
    let text = planned.details.iter().find(|own| own.line == line).map(|own| &own.text).or(text);
    let Some(text) = text else { return };
    let all = words(text);
    let says =
        |three: &[&str]| all.windows(three.len()).any(|own| three.iter().zip(own).all(|(one, word)| word.is(&[one])));
    if field.ty.is_none() && (says(&["of", "that", "type"]) || says(&["of", "this", "type"])) {
        let near =
            |demands: &[(usize, ApiDemand)]| demands.iter().rev().find_map(|(_, one)| added(one).map(str::to_owned));
        let above = || (0..task).rev().find_map(|above| near(&asked(planner.whole(above)).demands));
        let star = if all.iter().any(|word| word.is(&["pointer"])) { "*" } else { "" };
        field.ty = near(before).or_else(above).and_then(|name| TypeText::parse(&format!("{star}{name}")).ok());
    }
    let is_same = says(&["the", "same", "optional", "field"]) || says(&["the", "same", "field"]);
    if is_same && field.comment.is_empty() && field.doc.0.is_none() {
        let is_it = |one: &ApiField| {
            one.name.eq_ignore_ascii_case(&field.name) && (one.ty == field.ty || field.ty.is_none() || one.ty.is_none())
        };
        let of = |demands: &[(usize, ApiDemand)]| {
            demands.iter().rev().find_map(|(_, one)| match one {
                ApiDemand::Field(one) if is_it(one) => Some(one.clone()),
                _ => None,
            })
        };
        let above = || (0..task).rev().find_map(|above| of(&asked(planner.whole(above)).demands));
        if let Some(one) = of(before).or_else(above) {
            (field.comment, field.doc) = (one.comment, one.doc);
        }
    }
}
