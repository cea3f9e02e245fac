//! What there is to say of fields and types of which the task says nothing.

use super::Field;
use crate::name::{Name, lower_first};
use crate::plan::Planner;

/// A type's name in prose: its words, small.
pub(super) fn prose(name: &str) -> String {
    let title = Name::parse(name).title();
    title.split(' ').map(lower_first).collect::<Vec<_>>().join(" ").replace("kube virt", "KubeVirt")
}

/// What there is to say of a type: what it does for the feature, where it is called like that, and else what its name says.
pub(super) fn of_type(name: &str, feature: Option<&str>) -> String {
    let is_whole = |feature: &&str| {
        let (own, whole) = (Name::parse(name), Name::parse(feature));
        own.words().starts_with(whole.words())
    };
    describe(name, feature.filter(is_whole)).unwrap_or_else(|| whole(name))
}

/// What there is to say of a field.
pub(super) fn of_field(field: &Field, feature: Option<&str>) -> String {
    let preferred = field.name.strip_prefix("Preferred").filter(|rest| rest.starts_with(char::is_uppercase));
    let preferred = preferred.map(|rest| format!("optionally defines the preferred {}", prose(rest)));
    let own = Name::parse(&field.name);
    // What is called like something else is about that.
    let is_own = |feature: &&str| Name::parse(feature).words().iter().all(|word| own.words().contains(word));
    let owned = || describe(&field.struct_name, feature.filter(is_own));
    preferred.or_else(owned).unwrap_or_else(|| part(field, &field.struct_name))
}

/// What something in a struct, or the struct itself, does for the feature; nothing where that has no name.
fn describe(owner: &str, feature: Option<&str>) -> Option<String> {
    let reports = ["Status", "State", "Condition", "Info"].iter().any(|end| owner.ends_with(end));
    let verb = if reports { "reports on" } else { "configures" };
    feature.map(|feature| format!("{verb} the {feature} feature"))
}

/// What there is to say of a field by its name.
pub(super) fn part(field: &Field, owner: &str) -> String {
    const STATES: &[&str] = &["ready", "active", "available", "valid", "healthy", "complete", "pending"];
    let name = prose(&field.name);
    let owner = prose(owner);
    let ends = [" status", " state", " spec"];
    let owner = ends.iter().find_map(|end| owner.strip_suffix(end)).unwrap_or(&owner);
    if field.ty.trim_start_matches('*') == "bool" && (STATES.contains(&name.as_str()) || name.ends_with("ed")) {
        return format!("says whether the {owner} is {name}");
    }
    let are = if field.ty.starts_with("[]") && field.name.ends_with('s') { "are" } else { "is" };
    format!("{are} the {name} of the {owner}")
}

/// What there is to say of a type by its name.
fn whole(name: &str) -> String {
    format!("describes the {}", prose(name))
}

/// Whether any constant of a type has a comment, if the file has some.
pub(super) fn commented(planner: &Planner<'_, '_>, file: &str, ty: &str) -> Option<bool> {
    let source = planner.survey.go(file).ok().flatten()?;
    let lines: Vec<&str> = source.source.text().lines().map(str::trim).collect();
    let is_one =
        |at: &usize| lines[*at].split_once('=').is_some_and(|(own, _)| own.split_whitespace().nth(1) == Some(ty));
    let mut others = (1..lines.len()).filter(is_one).peekable();
    others.peek()?;
    Some(others.any(|at| lines[at - 1].starts_with("//")))
}

/// Constants of one type, those without a comment between them in columns.
pub(super) fn constants_in_columns(constants: &str) -> String {
    let lines: Vec<&str> = constants.lines().collect();
    let name = |line: &str| line.split_once(' ').filter(|_| !line.starts_with("//")).map_or(0, |(name, _)| name.len());
    let runs = lines.chunk_by(|one, next| (name(one) > 0) == (name(next) > 0));
    let columns = runs.flat_map(|run| {
        let width = run.iter().map(|line| name(line)).max().unwrap_or_default();
        run.iter().map(move |line| match line.split_once(' ') {
            Some((name, rest)) if width > 0 => format!("{name:width$} {rest}\n"),
            _ => format!("{line}\n"),
        })
    });
    columns.collect()
}
