//! Fields that more than one line of a task speaks of, or none to the end.

use super::asked::Asked;
use crate::demand::{ApiDemand, ApiField};
use crate::go::TypeText;

/// A field that a line names in short, "`S` gets an optional `x` of the type `T`", and another line spells out is one.
pub(super) fn restated(asked: &mut Asked) {
    let mut at = 0;
    while at < asked.demands.len() {
        let full = match &asked.demands[at] {
            (line, ApiDemand::Field(field)) if field.parent.is_none() && field.ty.is_some() => {
                Some((*line, field.clone()))
            }
            _ => None,
        };
        let short = full.as_ref().and_then(|(_, full)| {
            asked.demands[..at].iter().position(|(_, demand)| match demand {
                ApiDemand::Field(field) => {
                    let bare = |ty: &Option<TypeText>| ty.as_ref().map(|ty| ty.text.trim_start_matches('*').to_owned());
                    field.parent.is_some()
                        && field.name.eq_ignore_ascii_case(&full.name)
                        && (field.ty.is_none() || bare(&field.ty) == bare(&full.ty))
                }
                _ => false,
            })
        });
        let (Some((line, full)), Some(short)) = (full, short) else {
            at += 1;
            continue;
        };
        let own = asked.demands[short].0;
        if let ApiDemand::Field(known) = &mut asked.demands[short].1 {
            let parent = known.parent.take();
            let optional = full.optional.or(known.optional);
            *known = ApiField { parent, optional, json: full.json.clone().or(known.json.take()), ..full };
        }
        asked.more.push((line, own));
        asked.demands.remove(at);
    }
}

/// Leaves lines with a field that nothing gets beside something else: they were not understood as a whole.
pub(super) fn lost(asked: &mut Asked) {
    if asked.context.is_some() {
        return;
    }
    let lines: Vec<usize> = asked.demands.iter().map(|(line, _)| *line).collect();
    let lost = |line: usize| {
        let own = asked.demands.iter().filter(|(known, _)| *known == line);
        let field = own.filter_map(|(_, demand)| match demand {
            ApiDemand::Field(field) if field.parent.is_none() => Some(field.name.clone()),
            _ => None,
        });
        field.into_iter().next().filter(|_| lines.iter().filter(|known| **known == line).count() > 1)
    };
    let mut faults: Vec<(usize, String)> = Vec::new();
    for &line in &lines {
        if let Some(name) = lost(line).filter(|_| !faults.iter().any(|(known, _)| *known == line)) {
            faults.push((line, format!("it does not say which struct gets `{name}`")));
        }
    }
    asked.demands.retain(|(line, _)| !faults.iter().any(|(known, _)| known == line));
    asked.faults.extend(faults);
}
