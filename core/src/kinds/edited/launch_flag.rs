//! A flag of a command line that a function puts together, as the others there are passed.

use serde::Serialize;

use crate::plan::Planner;
use crate::survey::Func;
use crate::template::{Context, Renderer, Template, Text};
use crate::text::squeezed;

/// The templates that it renders from.
pub(super) const TEMPLATES: &[Text] = &[FlagText::FILE];

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/edited-function/edit/__file__.go/flag.hbs")]
struct FlagText {
    condition: String,
    list: String,
    flag: String,
}

/// When a flag is passed.
#[derive(Clone, Copy, Debug)]
pub(super) enum When<'a> {
    /// If a condition holds.
    Holds(&'a str),
    /// If a feature gate is on: the one of the feature, unless it has a name.
    Gate(Option<&'a str>),
}

/// A flag that is appended as the others of the function are.
pub(super) fn flag_of(
    planner: &Planner<'_, '_>,
    function: &Func,
    (flag, when, within): (&str, When<'_>, Option<&str>),
) -> Result<String, String> {
    let func = function.func_name();
    let last = function.source.target().last_flag(func);
    let last = last.ok_or_else(|| format!("{} appends no flags, each if a feature gate is on", func.name))?;
    if let Some(list) = within.filter(|list| *list != last.list) {
        return Err(format!("{} appends its flags to {}, not to {list}", func.name, last.list));
    }
    let text = function.source.source.text();
    let body = function.source.file.method(func.receiver, func.name).map_or("", |decl| decl.span.of(text));
    let condition = match when {
        When::Holds(condition)
            if !condition.ends_with(')') && !condition.contains("==") && !condition.contains("!=") =>
        {
            return Err(format!("whether `{condition}` is true or false is not known"));
        }
        When::Holds(condition) => condition.to_owned(),
        When::Gate(named) => {
            let gate = planner.gate().ok_or("no feature gate is made that the condition could ask for")?;
            if let Some(other) = named.filter(|name| *name != gate.name && *name != gate.identifier) {
                return Err(format!("{other} is another feature gate than {}: state the condition as code", gate.name));
            }
            let holder = last.condition.rsplit_once('.').map_or("", |(holder, _)| holder);
            if holder.is_empty() || holder.contains(['(', ' ', '!']) {
                return Err(format!("how {} asks for a feature gate is not understood", func.name));
            }
            format!("{holder}.{}()", gate.accessor)
        }
    };
    let text = FlagText { condition, list: last.list, flag: flag.to_owned() };
    let code = Renderer::default().render(&text).map_err(|_| "the template of a flag cannot be rendered".to_owned())?;
    if body.contains(&format!("\"{flag}\"")) && !squeezed(body).contains(&squeezed(&code)) {
        return Err(format!("{} passes {flag} already, under another condition", func.name));
    }
    Ok(code)
}
