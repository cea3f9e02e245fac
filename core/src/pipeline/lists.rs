//! Functions in a list below the line that says what they are: "Methods on `*T`:", then "- `Run(stop <-chan struct{})`".

use crate::demand::interface_methods;
use crate::kinds::{is_function_head, methods_of};
use crate::plan::{Key, TaskLine};

/// The key of a line that says what the functions below it are.
const LEAD: &str = "functions of";

/// The key of a method in a list below the interface that it belongs to.
const OF_INTERFACE: &str = "method of the interface";

/// Makes each function of a list below "Functions:" or "Methods on `*T`:" one of a line of its own, with its type.
pub(super) fn spell_out(title: &str, details: &mut [TaskLine]) {
    // The line that says it, where it says nothing else; and the type.
    let mut owner: Option<(Option<usize>, Option<String>)> = methods_of(title).map(|(ty, _)| (None, Some(ty)));
    for at in 0..details.len() {
        if let Some((text, methods)) = interface(&details[at..]) {
            details[at].text = text;
            details[at + 1..=at + methods].iter_mut().for_each(|line| line.key = Key::Other(OF_INTERFACE.to_owned()));
        }
        let line = &details[at];
        let is_new = line.key == Key::Prose && line.is_item || line.key == Key::Function && is_bare(&line.text);
        if is_new && is_method(&line.text) {
            if let Some((lead, ty)) = &owner {
                let (code, rest) = line.text[1..].split_once('`').unwrap_or((&line.text, ""));
                let ty = ty.as_ref().map_or_else(String::new, |ty| format!(" on `{ty}`"));
                let text = format!("`{code}`{ty}{rest}");
                if let Some(lead) = *lead {
                    details[lead].key = Key::Other(LEAD.to_owned());
                }
                (details[at].key, details[at].text) = (Key::Function, text);
            }
            continue;
        }
        // Where the functions of the title go says nothing of what they are.
        if at == 0 && line.key == Key::File {
            continue;
        }
        let leads = matches!(line.key, Key::Prose | Key::Task);
        let of_type = leads.then(|| methods_of(&line.text)).flatten();
        let of_type = of_type.map(|(ty, whole)| (whole.then_some(at), Some(ty)));
        let opens = line.key == Key::Function && line.text.trim().is_empty();
        owner = of_type.or(opens.then_some((Some(at), None)));
    }
}

/// Whether a line may say what the functions below it are: it has none of its own.
fn leads(line: &TaskLine) -> bool {
    matches!(line.key, Key::Prose | Key::Task) && !line.text.contains('(')
}

/// A line that declares an interface, with the methods that are listed below it; and how many they are.
fn interface(lines: &[TaskLine]) -> Option<(String, usize)> {
    let (lead, rest) = lines.split_first()?;
    let of_list = |line: &&TaskLine| leads(lead) && line.key == Key::Prose && line.is_item && is_method(&line.text);
    let heads: Vec<&str> = rest.iter().take_while(of_list).filter_map(|line| line.text.split('`').nth(1)).collect();
    let listed = format!("`{}`", heads.join("`, `"));
    let text = format!("{} with methods {listed}", lead.text.trim_end().trim_end_matches(':'));
    let is_one = !heads.is_empty() && interface_methods(&text).is_some_and(|read| read.is_ok());
    is_one.then_some((text, heads.len()))
}

/// Whether a line says nothing of the head that it begins with but its purpose.
fn is_bare(text: &str) -> bool {
    let rest = text.strip_prefix('`').and_then(|rest| rest.split_once('`')).map_or("?", |(_, rest)| rest.trim());
    let rest = rest.strip_prefix("method").unwrap_or(rest).trim_start();
    let is_form = ["pointer receiver", "value receiver", "(pointer receiver", "(value receiver"];
    rest.is_empty()
        || rest.starts_with(['-', '–', '—'])
        || is_form.iter().any(|form| rest.trim_start_matches(", ").starts_with(form))
}

/// Whether a line begins with the head of a function that has no receiver.
fn is_method(text: &str) -> bool {
    let code = text.strip_prefix('`').and_then(|rest| rest.split('`').next());
    code.is_some_and(|code| !code.starts_with('(') && is_function_head(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, is_item: bool) -> TaskLine {
        TaskLine { key: Key::Prose, text: text.to_owned(), line: 1, is_item }
    }

    #[test]
    fn methods_of_a_list_have_its_type() {
        let mut details = [
            line("`f(x int) error`", true),
            line("Methods on `*Clock`:", false),
            line("`Run(stop <-chan struct{})` - runs it", true),
            line("`zone() string`", true),
            line("It ticks", true),
            line("`g(x int) error`", true),
        ];
        spell_out("Clock", &mut details);
        let shown: Vec<String> = details.iter().map(|line| format!("{}|{}", line.key, line.text)).collect();
        assert_eq!(
            shown,
            [
                "|`f(x int) error`",
                "functions of|Methods on `*Clock`:",
                "function|`Run(stop <-chan struct{})` on `*Clock` - runs it",
                "function|`zone() string` on `*Clock`",
                "|It ticks",
                "|`g(x int) error`",
            ]
        );
    }
}
