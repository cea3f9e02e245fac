//! Functions that tasks name: `Function: detectType(vmi *v1.VirtualMachineInstance) error - …`.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::go::{FunctionHead, HeadError};
use crate::name::{is_free_name, is_go_identifier};
use crate::plan::{Key, ManualReason, PlannedTask, Planner};
use crate::text::Span;

/// A function that a task asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) struct Function {
    /// Its name.
    pub name: String,
    /// Its head, from its syntax; or why there is none.
    pub head: Result<FunctionHead, HeadError>,
    /// What it is for, in the task's words.
    pub purpose: String,
    /// The line of the tasks.md that names it.
    pub line: usize,
}

/// Why a function cannot be written as a task names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) struct Fault {
    /// The rule that it breaks.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub why: String,
}

impl Function {
    /// Why it cannot be written, if it cannot.
    pub(in crate::kinds) fn fault(&self) -> Option<Fault> {
        let name = &self.name;
        match &self.head {
            Err(error) => {
                let why = format!("`{name}` is not written as one function: {error}");
                Some(Fault { code: "signature-wrong", why })
            }
            Ok(head) if head.name != *name => {
                let why = format!("`{name}` is not written as one function: its head is that of `{}`", head.name);
                Some(Fault { code: "signature-wrong", why })
            }
            Ok(head) if name == "_" || head.receiver.is_none() && !is_free_name(name) => Some(Fault::reserved(name)),
            Ok(_) => None,
        }
    }
}

impl Fault {
    /// The name is one that Go keeps for itself.
    pub(in crate::kinds) fn reserved(name: &str) -> Self {
        Self { code: "name-reserved", why: format!("Go keeps the name `{name}` for itself") }
    }

    /// What to do about it.
    pub(in crate::kinds) fn help(&self) -> &'static str {
        match self.code {
            "signature-wrong" => "write one head without a body: `check(vmi *v1.VirtualMachineInstance) error`",
            "signature-unknown" => "name types that the checkout has, or that another task adds",
            _ => "give the function another name",
        }
    }
}

/// Leaves a task to people because of what one of its lines says, and shows the line.
pub(in crate::kinds) fn leave(planner: &mut Planner<'_, '_>, tasks: &[usize], line: usize, fault: &Fault) {
    let source = planner.file.source.clone();
    let span = planner.file.lines.get(line.saturating_sub(1)).map_or(Span::at(0), |line| line.span);
    let raw = span.of(source.text());
    let start = span.start + raw.len() - raw.trim_start().len();
    let span = Span::new(start, start + raw.trim().len());
    planner.manual(tasks, &ManualReason::Unwritable { line, why: fault.why.clone() });
    planner.diagnose(Diagnostic::warning(fault.code, fault.why.clone()).at(&source, span).help(fault.help()));
}

/// What is wrong with the functions that the text behind a `Function:` names.
pub(in crate::kinds) fn faults(text: &str) -> Vec<Fault> {
    let calls = calls(text).into_iter();
    let named = calls.filter_map(|(code, before, after)| read(&code, after, before.trim().is_empty(), 0));
    named.filter_map(|function| function.fault()).collect()
}

/// The functions that a task asks to be written, and those that it says are there.
pub(in crate::kinds) fn functions(task: &PlannedTask) -> (Vec<Function>, Vec<String>) {
    const KEYS: &[Key] =
        &[Key::Function, Key::Task, Key::Logic, Key::Implementation, Key::Integration, Key::Location, Key::Prose];
    let mut wanted: Vec<Function> = Vec::new();
    let mut existing: Vec<String> = Vec::new();
    let (mut new, mut there) = (BTreeSet::new(), BTreeSet::new());
    let lines = task.lines_of(KEYS).map(|line| (&line.key, line.text.as_str(), line.line));
    for (key, text, number) in std::iter::once((&Key::Prose, task.title.as_str(), task.line)).chain(lines) {
        let mut listed = None;
        for (code, before, after) in calls(text) {
            // Behind the first function of a line, words come between it and what it speaks of.
            let named = *key == Key::Function && listed.is_none_or(|end| is_list(before, end));
            if named {
                listed = Some(text.len() - after.len());
            }
            let Some(function) = read(&code, after, named && before.trim().is_empty(), number) else { continue };
            let makes = matches!(key, Key::Task | Key::Logic | Key::Implementation | Key::Prose) && creates(before);
            let is_new = named || makes || *key == Key::Prose && is_subject(before, after);
            if is_new && new.insert(function.name.clone()) {
                wanted.push(function);
            } else if !is_new && there.insert(function.name.clone()) {
                existing.push(function.name);
            }
        }
    }
    existing.retain(|name| !new.contains(name));
    (wanted, existing)
}

/// Whether the words between a function and the next one, up to the end of `before`, only say that there are two.
fn is_list(before: &str, end: usize) -> bool {
    let between = before.get(end..).unwrap_or_default();
    let mut words = between.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '`' | '/' | '&' | '+'));
    words.all(|word| matches!(word, "" | "and" | "or"))
}

/// Every `name(…)` in a text: the call, the words before it, and the text after it.
fn calls(text: &str) -> Vec<(String, &str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for (index, part) in text.split('`').enumerate() {
        let end = at + part.len();
        if index % 2 == 1 {
            found.push((part.to_owned(), &text[..at.saturating_sub(1)], text.get(end + 1..).unwrap_or_default()));
        } else {
            for word in part.split_whitespace().filter(|word| word.trim_end_matches(['.', ',', ';']).ends_with("()")) {
                let start = at + (word.as_ptr() as usize - part.as_ptr() as usize);
                let code = word.trim_end_matches(['.', ',', ';']);
                found.push((code.to_owned(), &text[..start], &text[start + word.len()..]));
            }
        }
        at = end + 1;
    }
    found
}

/// Words before a function that is there already.
const PLACES: &[&str] = &[
    "existing", "in", "to", "into", "from", "via", "call", "calls", "calling", "by", "like", "use", "uses", "using",
    "of", "extend", "extends", "with", "within", "before", "after", "follow", "modify", "update", "inside", "the",
];

/// Whether the words before a function say that it is to be written: a verb of making, and no
/// preposition that puts something else into it.
fn creates(before: &str) -> bool {
    const MAKES: &[&str] = &["implement", "add", "create", "define", "introduce", "write", "provide", "new"];
    let lower = before.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let last = words.last().copied().unwrap_or_default();
    !PLACES.contains(&last) && words.iter().any(|word| MAKES.iter().any(|make| word.starts_with(make)))
}

/// Whether a title is about a function and the file that it goes into: ``Planner `plan()` in `x.go` ``.
fn is_subject(before: &str, after: &str) -> bool {
    const USES: &[&str] =
        &["wire", "hook", "invoke", "fix", "refactor", "register", "review", "test", "remove", "move"];
    let lower = before.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let in_file = after.trim_start().strip_prefix("in ").and_then(|rest| rest.split_whitespace().next());
    in_file.is_some_and(|file| file.contains('/'))
        && words.clone().next_back().is_some_and(|last| !PLACES.contains(&last))
        && !words.any(|word| USES.iter().any(|verb| word.starts_with(verb)) || PLACES.contains(&word))
}

/// Reads `func (r *R) name(a A) (B, error)`; a name alone only where `bare` allows it.
fn read(code: &str, after: &str, bare: bool, line: usize) -> Option<Function> {
    let code = code.trim().trim_start_matches("func ").trim();
    let whole = if bare && is_go_identifier(code) { format!("{code}()") } else { code.to_owned() };
    let code = whole.as_str();
    let behind = if code.starts_with('(') { code[matching(code, 0)? + 1..].trim() } else { code };
    let open = behind.find('(')?;
    let name = behind[..open].trim();
    // `pkg.Name()` is somebody else's.
    if !is_go_identifier(name) {
        return None;
    }
    let purpose = after.trim_start_matches([' ', '-', '–', '—', ':']).trim().trim_start_matches("function").trim();
    let purpose = purpose.trim_start_matches("and ").replace('`', "");
    Some(Function {
        name: name.to_owned(),
        head: FunctionHead::parse(code),
        purpose: if purpose.contains("()") || is_place(&purpose) { String::new() } else { purpose },
        line,
    })
}

/// `in pkg/x/plan.go` says where, not what for.
fn is_place(purpose: &str) -> bool {
    let place = ["in ", "at ", "to ", "into "].iter().find_map(|word| purpose.strip_prefix(word));
    place.is_some_and(|place| place.contains('/') && !place.trim().contains(' '))
}

fn matching(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(key: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let (wanted, existing) = functions(&PlannedTask::sample("Do it", &[(key, text)]));
        (wanted.into_iter().map(|function| function.name).collect(), existing)
    }

    #[test]
    fn new_functions_are_told_from_those_that_are_there() {
        for (key, text, wanted, existing) in [
            ("function", "`hasSupport()` - check `/dev/mshv` device exists", vec!["hasSupport"], vec![]),
            ("task", "Implement `a()` and `b()`", vec!["a", "b"], vec![]),
            ("task", "Add registration to existing `SetupMetrics()` function", vec![], vec!["SetupMetrics"]),
            ("task", "Register handlers in `SetupMetrics()`", vec![], vec!["SetupMetrics"]),
            ("task", "Implement handleVMIAdd() for events", vec!["handleVMIAdd"], vec![]),
            ("function", "Detection logic for availability", vec![], vec![]),
            ("task", "Add a call of `log.Log()`", vec![], vec![]),
            ("function", "`validateTrunk` - VLAN IDs are small", vec!["validateTrunk"], vec![]),
            ("function", "Extend `Controller`", vec![], vec![]),
            ("function", "`a()`, `b(x int)` and c()", vec!["a", "b", "c"], vec![]),
            ("function", "`a()` - calls `b()` and c()", vec!["a"], vec!["b", "c"]),
            ("function", "`(c *Controller) sync(x int) error` - syncs", vec!["sync"], vec![]),
            ("", "Planner `plan()` in `pkg/x/plan.go`", vec!["plan"], vec![]),
            ("", "Wire `plan()` in `pkg/x/plan.go`", vec![], vec!["plan"]),
            ("", "Call of `plan()` in `pkg/x/plan.go`", vec![], vec!["plan"]),
        ] {
            let strings = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(names(key, text), (strings(wanted), strings(existing)), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_function_is_not_written() {
        for (text, code) in [
            ("`a() {}; func init() { println(1) }; func b()`", "signature-wrong"),
            ("`aC() {{x}}`", "signature-wrong"),
            ("`a(\u{0})`", "signature-wrong"),
            ("`a(...)`", "signature-wrong"),
            ("`a(x int`", "signature-wrong"),
            ("`init()`", "name-reserved"),
            ("`init`", "name-reserved"),
            ("main() - starts", "name-reserved"),
            ("`len(x []string) int`", "name-reserved"),
            ("`error()`", "name-reserved"),
            ("`_()`", "name-reserved"),
            ("`(c *Controller) _()`", "name-reserved"),
        ] {
            let found: Vec<&str> = faults(text).into_iter().map(|fault| fault.code).collect();
            assert_eq!(found, [code], "{text}");
        }
        for text in ["`(c *Controller) init()`", "`a(x int) (bool, error)` - says so", "Extend `Controller`"] {
            assert_eq!(faults(text), [], "{text}");
        }
    }

    #[test]
    fn a_purpose_is_what_stands_behind() {
        let (wanted, _) = functions(&PlannedTask::sample(
            "Do it",
            &[("function", "`hasSupport()` - check `/dev/mshv` device exists")],
        ));
        assert_eq!(wanted[0].purpose, "check /dev/mshv device exists");
    }
}
