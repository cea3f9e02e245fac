//! Functions of a task that are one, or that one sentence asks for twice.

use super::functions::Function;
use super::receivers::{grown, type_ref};
use crate::demand::{Piece, Word, words};
use crate::go::{FunctionHead, Parameter, TypeText};
use crate::name::is_go_identifier;
use crate::plan::{Key, PlannedTask, TaskLine};

/// The methods of interfaces that a later clause asks for: "Add `(t *T) f() error`; extend the `I` interface with it".
pub(super) fn with_interfaces(task: &PlannedTask, wanted: &mut Vec<Function>) {
    let add = |wanted: &mut Vec<Function>, method: Function, ty: TypeText| {
        let method = of_interface(method, ty);
        if !wanted.iter().any(|known| known.name == method.name && known.receiver() == method.receiver()) {
            wanted.push(method);
        }
    };
    // "Interface: `I`" below the function.
    let stated = task.details(&[Key::Other("interface".to_owned())]).find_map(alone);
    if let Some(ty) = stated {
        for function in wanted.clone() {
            let is_one = function.head.as_ref().is_ok_and(|head| head.receiver.is_some());
            if is_one {
                add(wanted, function, ty.clone());
            } else if let Some(free) = wanted.iter_mut().find(|known| **known == function) {
                *free = of_interface(function, ty.clone());
            }
        }
    }
    let lines = task.lines_of(&[Key::Task, Key::Prose, Key::Function]).map(|line| (line.line, line.text.as_str()));
    for (line, text) in std::iter::once((task.line, task.title.as_str())).chain(lines) {
        let own = wanted.iter().rfind(|function| function.line == line && function.is_method()).cloned();
        if let Some((method, ty)) = own.and_then(|method| Some((method, joined(text)?))) {
            add(wanted, method, ty);
            continue;
        }
        if let Some((name, ty)) = member_of(text) {
            let method = wanted.iter().rfind(|function| function.name == name && function.is_method()).cloned();
            wanted.extend(method.map(|method| of_interface(method, ty)));
            continue;
        }
        let clauses = text.split([';', ',']).skip(1).map(|clause| clause.trim().trim_start_matches("and ").trim());
        let Some(ty) = clauses.into_iter().find_map(grown) else { continue };
        let Some(method) = wanted.iter().rfind(|function| function.line == line && function.is_method()).cloned()
        else {
            continue;
        };
        add(wanted, method, ty);
    }
}

/// The type that stands alone behind a key.
fn alone(text: &str) -> Option<TypeText> {
    match words(text).as_slice() {
        [one] => type_ref(one),
        _ => None,
    }
}

/// The interface that a function joins, in the words behind its head: "… to `x.go` and to the interface `I`", "joins the
/// interface `I`", "…, and to `I`".
pub(super) fn joined(text: &str) -> Option<TypeText> {
    let all = words(text);
    let head = all.iter().position(|word| word.is_code() && word.text.contains('('))?;
    let is = |at: usize, list: &[&str]| all.get(at).is_some_and(|word| word.is(list));
    (head + 1..all.len()).find_map(|at| {
        let joins = is(at, &["join", "joins"]);
        let part = is(at, &["of"]) && is(at - 1, &["part"]);
        let also = is(at - 1, &["and", "also"]) || at > head + 1 && all[at - 1].is_mark(",");
        let to = is(at, &["to", "into"]);
        let mut next = at + 1;
        while is(next, &["the", "existing"]) {
            next += 1;
        }
        let noun = is(next, &["interface"]);
        let name = all.get(next + usize::from(noun))?;
        let says = noun || is(next + 1, &["interface"]);
        let is_type = name.piece == Piece::Code && is_go_identifier(name.text);
        (is_type && ((joins || part || to) && says && (joins || part || also) || to && also)).then(|| type_ref(name))?
    })
}

/// The method as an interface has it.
fn of_interface(mut method: Function, ty: TypeText) -> Function {
    if let Ok(head) = &mut method.head {
        head.receiver = Some(Parameter::spoken(ty));
    }
    method
}

/// The lines of a task that ask for a method of an interface: its own, and those that add it by its name.
pub(super) fn stating(task: &PlannedTask, method: &str) -> Vec<usize> {
    let states = |text: &str| member_of(text).is_some_and(|(name, _)| name == method);
    let is_key = |line: &TaskLine| line.key == Key::Other("interface".to_owned()) && alone(&line.text).is_some();
    let lines = task.details.iter().filter(|line| states(&line.text) || is_key(line)).map(|line| line.line);
    std::iter::once(task.line).chain(lines).collect()
}

/// The method that a line adds to an interface by its name alone, "Add `f` to the interface `T`", and the interface.
pub(super) fn member_of(text: &str) -> Option<(&str, TypeText)> {
    let words = words(text);
    let [add, name, to, rest @ ..] = words.as_slice() else { return None };
    let rest: Vec<&Word<'_>> = rest.iter().filter(|word| !word.is(&["the"]) && word.piece != Piece::Mark).collect();
    let ty = match rest.as_slice() {
        [noun, ty] | [ty, noun] if noun.is(&["interface"]) => type_ref(ty)?,
        _ => return None,
    };
    let adds = add.is(&["add", "also"]) && to.is(&["to"]) && name.is_code() && is_go_identifier(name.text);
    adds.then_some((name.text, ty))
}

/// A function whose name a line says first, and whose head behind it, is one: "Implement `f` in `T`: `f(x int) error`".
pub(super) fn join_heads(wanted: &mut Vec<Function>) {
    let is_bare = |head: &FunctionHead| head.parameters.is_empty() && head.results.is_empty();
    let is_same = |one: &Option<Parameter>, other: &Option<Parameter>| {
        one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one.ty == other.ty)
    };
    let mut at = 0;
    while at < wanted.len() {
        let own = &wanted[at];
        let bare = own.head.as_ref().ok().filter(|head| is_bare(head));
        let other = bare.and_then(|bare| {
            wanted.iter().position(|other| {
                let fits = |head: &FunctionHead| {
                    !is_bare(head)
                        && (head.receiver.is_none()
                            || bare.receiver.is_none()
                            || is_same(&head.receiver, &bare.receiver))
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

#[cfg(test)]
mod tests {
    use super::{joined, member_of};

    #[test]
    fn a_function_joins_an_interface() {
        for (text, ty) in [
            ("Add `(t *T) f() error` to `x/y.go` and to the interface `I`", Some("I")),
            ("Add `(t *T) f() error` to `x/y.go`, and to `I`", Some("I")),
            ("`f() error` joins the `I` interface in `x/y.go`", Some("I")),
            ("`(t *T) f() error`, also to the existing interface `I`", Some("I")),
            ("`(t *T) f() error`, part of the interface `I`", Some("I")),
            ("Add `f() error` to `x/y.go` and call it", None),
            ("Add `f() error` to `x/y.go` and to `x/z.go`", None),
            ("`(t *T) f() error` writes it to the `I` interface", None),
        ] {
            assert_eq!(joined(text).map(|ty| ty.text).as_deref(), ty, "{text}");
        }
    }

    #[test]
    fn a_method_is_added_to_an_interface_by_its_name() {
        for (text, read) in [
            ("Add `run` to the interface `T`", Some(("run", "T"))),
            ("Add `run` to the `T` interface.", Some(("run", "T"))),
            ("Add `run` to `T`", None),
            ("Add `run` to the interface `T`, and call it", None),
        ] {
            let found = member_of(text).map(|(name, ty)| (name, ty.text));
            assert_eq!(found, read.map(|(name, ty)| (name, ty.to_owned())), "{text}");
        }
    }
}
