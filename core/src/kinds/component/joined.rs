//! Functions of a task that are one, or that one sentence asks for twice.

use super::functions::Function;
use super::receivers::grown;
use crate::go::{FunctionHead, Parameter};
use crate::plan::{Key, PlannedTask};

/// The methods of interfaces that a later clause asks for: "Add `(t *T) f() error`; extend the `I` interface with it".
pub(super) fn with_interfaces(task: &PlannedTask, wanted: &mut Vec<Function>) {
    let lines = task.lines_of(&[Key::Task, Key::Prose]).map(|line| (line.line, line.text.as_str()));
    for (line, text) in std::iter::once((task.line, task.title.as_str())).chain(lines) {
        let clauses = text.split([';', ',']).skip(1).map(|clause| clause.trim().trim_start_matches("and ").trim());
        let Some(ty) = clauses.into_iter().find_map(grown) else { continue };
        let Some(method) = wanted.iter().rfind(|function| function.line == line && function.is_method()).cloned()
        else {
            continue;
        };
        let mut of_interface = method;
        if let Ok(head) = &mut of_interface.head {
            head.receiver = Some(Parameter { names: Vec::new(), variadic: false, ty });
        }
        if !wanted.iter().any(|known| known.name == of_interface.name && known.receiver() == of_interface.receiver()) {
            wanted.push(of_interface);
        }
    }
}

/// A function whose name a line says first, and whose head behind it, is one: "Implement `f` in `T`: `f(x int) error`".
pub(super) fn join_heads(wanted: &mut Vec<Function>) {
    let is_bare = |head: &FunctionHead| head.parameters.is_empty() && head.results.is_empty();
    let mut at = 0;
    while at < wanted.len() {
        let own = &wanted[at];
        let bare = own.head.as_ref().ok().filter(|head| is_bare(head));
        let other = bare.and_then(|bare| {
            wanted.iter().position(|other| {
                let fits = |head: &FunctionHead| {
                    !is_bare(head)
                        && (head.receiver.is_none() || bare.receiver.is_none() || head.receiver == bare.receiver)
                };
                other.name == own.name && other.line == own.line && other.head.as_ref().is_ok_and(fits)
            })
        });
        let Some(other) = other else {
            at += 1;
            continue;
        };
        let bare = wanted[at].head.as_ref().ok().and_then(|head| head.receiver.clone());
        if let Ok(head) = &mut wanted[other].head {
            head.receiver = head.receiver.take().or(bare);
        }
        wanted.remove(at);
    }
}
