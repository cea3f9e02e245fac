//! What lines ask to be done with what they spell out: "constants `a = 1` and `b = 2`; use them in `f`". That is a
//! change of code that is there.

use crate::demand::{Word, words};
use crate::plan::{ManualReason, PlannedTask, Planner};

/// Leaves to people what a task asks to be done with what is made of it, with the functions of the package that it names.
pub(super) fn leave(planner: &mut Planner<'_, '_>, task: usize, folder: &str) {
    let found: Vec<(String, Vec<String>)> = asked(planner.task(task))
        .into_iter()
        .map(|(line, said)| {
            let names = words(&said).into_iter().filter(Word::is_code).map(|word| word.text.trim_end_matches("()"));
            let funcs = names.flat_map(|name| planner.survey.funcs(folder, name));
            let why = format!("line {line} also asks for something that is done by hand: \"{said}\"");
            (why, funcs.map(|func| func.place()).collect())
        })
        .collect();
    for (why, places) in found {
        planner.manual(&[task], &ManualReason::Inexact { why, places });
    }
}

/// The clauses of a task that ask for a use of what it spells out, each with its line.
fn asked(task: &PlannedTask) -> Vec<(usize, String)> {
    let lines = task.details.iter().map(|line| (line.line, line.text.as_str()));
    let all = std::iter::once((task.line, task.title.as_str())).chain(lines);
    all.filter_map(|(line, text)| Some((line, use_in(text)?.to_owned()))).collect()
}

/// The clause of a line, behind what it spells out, that asks for a use of it.
fn use_in(line: &str) -> Option<&str> {
    const USES: &[&str] =
        &["use", "adopt", "apply", "replace", "switch", "set", "return", "pass", "emit", "read", "compare", "honour"];
    let all = words(line);
    let spelled = all.iter().position(|word| word.is_code() && word.text.contains('='))?;
    let begins = |at: usize| {
        let before = &all[at - 1];
        before.is(&["and", "then"]) || [";", ",", "."].iter().any(|mark| before.is_mark(mark))
    };
    let at = (spelled + 1..all.len()).find(|&at| all[at].is(USES) && begins(at))?;
    Some(line[all[at].at..].trim_end_matches('.').trim())
}

#[cfg(test)]
mod tests {
    use super::use_in;

    #[test]
    fn what_is_to_be_used_is_told() {
        for (line, used) in [
            ("constants `A = 1` and `B = 2` in `a/b.go`; use them in `f`", Some("use them in `f`")),
            ("Add `A = 1`, and return it from `f()`.", Some("return it from `f()`")),
            ("Add const `A = 1`, which `f` uses", None),
            ("Add const `A = 1`, used by `f`", None),
            ("Set the condition and use `A = 1`", None),
            ("Add a constant and use it in `f`", None),
        ] {
            assert_eq!(use_in(line), used, "{line}");
        }
    }
}
