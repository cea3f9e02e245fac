//! Heads that a task states by naming another function: "signature as `validateName`".

use super::functions::Function;
use crate::demand::{Word, words};
use crate::go::HeadError;
use crate::name::is_go_identifier;
use crate::plan::{Key, PlannedTask};
use crate::survey::Survey;

/// The function whose signature a text says that another one has.
fn model(text: &str, is_signature: bool) -> Option<String> {
    let all = words(text);
    let noun =
        all.iter().position(|word| word.is(&["signature", "signatures", "parameters", "arguments", "prototype"]));
    let from = noun.map(|at| at + 1).or(is_signature.then_some(0))?;
    let link = all[from..].iter().take(4).position(|word| word.is(&["as", "like", "of"])).map(|at| from + at)?;
    let skipped =
        |word: &&Word<'_>| word.is(&["for", "that", "of", "the", "existing", "in", "its", "neighbour", "function"]);
    let named = all[link + 1..].iter().find(|word| !skipped(word)).filter(|word| word.is_code())?;
    let name = named.text.trim_end_matches("()").rsplit('.').next().unwrap_or_default();
    is_go_identifier(name).then(|| name.to_owned())
}

/// Gives functions whose signature a task does not write that of the function which it names for it.
pub(in crate::kinds) fn like_others(survey: &Survey<'_>, folder: &str, task: &PlannedTask, found: &mut [Function]) {
    const KEYS: &[Key] = &[Key::Function, Key::Task, Key::Logic, Key::Implementation, Key::Validation, Key::Prose];
    let stated = task.once("signature of another", || {
        let lines = task.lines_of(KEYS).map(|line| (line.text.as_str(), line.key == Key::Function));
        let mut texts = std::iter::once((task.title.as_str(), false)).chain(lines);
        texts.find_map(|(text, is_signature)| model(text, is_signature))
    });
    let Some(model) = stated else { return };
    let bare = |function: &&mut Function| {
        function.name != model
            && function.head.as_ref().is_ok_and(|head| head.parameters.is_empty() && head.results.is_empty())
    };
    let known = survey.funcs(folder, &model);
    for function in found.iter_mut().filter(bare) {
        let head = match known.as_slice() {
            [one] => one.head().ok_or_else(|| HeadError::new(format!("the head of `{model}` is not understood"))),
            [] => Err(HeadError::new(format!("its signature is that of `{model}`, which {folder} does not declare"))),
            _ => Err(HeadError::new(format!("its signature is that of `{model}`, of which {folder} has several"))),
        };
        function.head = head.map(|mut head| {
            head.name.clone_from(&function.name);
            head.receiver = function.head.as_ref().ok().and_then(|own| own.receiver.clone());
            head
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_of_a_signature_is_known() {
        for text in [
            "Add `a`. Signature as `b`. Called by `c`",
            "Add `a` with the same signature as `b`",
            "Add `a` with the signature of the existing `b`",
            "`a` takes the same parameters as `T.b()`",
            "signature like that of `b`",
        ] {
            assert_eq!(model(text, false).as_deref(), Some("b"), "{text}");
        }
        for text in ["Add `a`, like `b`", "The signature changes as `b`", "signature: `a(x int)`"] {
            assert_ne!(model(text, false).as_deref(), Some("a"), "{text}");
        }
        assert_eq!(model("as `b`", true).as_deref(), Some("b"));
        assert_eq!(model("Add `a`, like `b`", false), None);
    }
}
