//! Functions that tasks name: `Function: detectType(vmi *v1.VirtualMachineInstance) error - …`.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::apart::{own_file, titled_owner, without_file};
use super::fault::Fault;
use super::joined::{join_heads, joined, with_interfaces};
use super::lead_in::leading_type;
use super::listed::{is_head, is_listed};
use super::phrased::{
    GETS, Owner, file_behind, given, in_words, is_constructed, is_labelled, is_moved, is_named, is_passive,
    is_spelled_out, method_of, named_before, of_another, only_places, only_says_kind, owner, says_change, says_plain,
};
use super::purpose::Purpose;
use super::quoted::{alone, bare_heads, with_paths};
use super::receivers::{
    grown, grows, lacks_name, of_type, of_words, predicates, says_method, spoken, state_form, stated_form, type_ref,
};
use super::subject::subject;
use super::told_new::{is_told, names_type};
use super::verbs::is_verb;
use crate::demand::{DeclaredStruct, Piece, declared_struct, interface_methods, words};
use crate::go::{FunctionHead, HeadError, Parameter, TypeText, one_statement};
use crate::name::{Name, is_free_name, is_go_identifier};
use crate::plan::{Key, PlannedTask, intent};

/// A function that a task asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) struct Function {
    /// Its name.
    pub name: String,
    /// Its head, from its syntax; or why there is none.
    pub head: Result<FunctionHead, HeadError>,
    /// What the line says of it.
    pub said: Purpose,
    /// The line of the tasks.md that names it.
    pub line: usize,
    /// It is said to be a method, and nobody said of what.
    pub lacks_receiver: bool,
    /// It stands somewhere else, and is to be moved.
    pub is_moved: bool,
    /// What its line is about, which may be the type that it is a method of.
    pub subject: Option<TypeText>,
    /// What stands behind its head.
    pub after: String,
}

impl Function {
    /// A function of which nothing is said but its head.
    pub(in crate::kinds) fn new(name: String, head: Result<FunctionHead, HeadError>, line: usize) -> Self {
        let (said, after) = (Purpose::default(), String::new());
        Self { name, head, said, line, lacks_receiver: false, is_moved: false, subject: None, after }
    }

    /// The type that it is a method of, as the task has it.
    pub(in crate::kinds) fn receiver(&self) -> Option<&str> {
        self.head.as_ref().ok()?.receiver.as_ref().map(|receiver| receiver.ty.text.as_str())
    }

    /// Whether it is the constructor of a type: `newPeal(size int) *peal`.
    pub(super) fn makes(&self, ty: &str) -> bool {
        let gives = self.head.as_ref().ok().and_then(|head| head.results.first());
        let bare = |ty: &str| ty.trim_start_matches('*').to_owned();
        self.name.to_lowercase().starts_with("new") && gives.is_some_and(|one| bare(&one.ty.text) == bare(ty))
    }

    /// The file that its line states for it.
    pub(in crate::kinds) fn file(&self) -> Option<&str> {
        own_file(&self.after)
    }

    pub(super) fn is_method(&self) -> bool {
        self.receiver().is_some()
    }

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
            Ok(_) if self.is_moved => {
                let why = format!("`{name}` is to be moved from its place; scaffolds only add");
                Some(Fault { code: "function-moved", why })
            }
            Ok(_) if self.lacks_receiver => {
                let why = format!("`{name}` is to be a method, and of which type is not understood");
                Some(Fault { code: "receiver-unknown", why })
            }
            Ok(head) if name == "_" || head.receiver.is_none() && !is_free_name(name) => Some(Fault::reserved(name)),
            Ok(_) => None,
        }
    }
}

/// What is wrong with the functions that the text behind a `Function:` names.
pub(in crate::kinds) fn faults(text: &str) -> Vec<Fault> {
    let calls = calls(text).into_iter();
    let named = calls.filter_map(|(code, before, after)| read(&code, after, before.trim().is_empty(), 0));
    named.filter_map(|function| function.fault()).collect()
}

/// The functions that a task asks to be written, and those that it says are there.
pub(in crate::kinds) fn functions(task: &PlannedTask) -> (Vec<Function>, Vec<String>) {
    (*named(task)).clone()
}

/// The same, for who asks once for each function or file.
pub(in crate::kinds) fn named(task: &PlannedTask) -> Rc<(Vec<Function>, Vec<String>)> {
    task.once("functions", || Rc::new(read_all(task)))
}

fn read_all(task: &PlannedTask) -> (Vec<Function>, Vec<String>) {
    const KEYS: &[Key] =
        &[Key::Function, Key::Task, Key::Logic, Key::Implementation, Key::Integration, Key::Location, Key::Prose];
    let mut wanted: Vec<Function> = Vec::new();
    let mut existing: Vec<String> = Vec::new();
    let (mut new, mut there) = (BTreeSet::new(), BTreeSet::new());
    let lines = task.lines_of(KEYS).map(|line| (&line.key, line.text.as_str(), line.line, line.is_item));
    let title = (&Key::Prose, task.title.as_str(), task.line, false);
    let replacing = intent::replacement(&task.title);
    for (key, text, number, is_item) in std::iter::once(title).chain(lines) {
        let (mut listed, mut made) = (None, None);
        // The methods of an interface that a line declares are no functions of their own.
        let methods = interface_methods(text).filter(|_| *key != Key::Function);
        let Ok(methods) = methods.unwrap_or(Ok(Vec::new())) else { continue };
        // A head that stands alone needs no backticks.
        let text = &with_paths(text);
        let quoted = alone(text).filter(|_| *key == Key::Function || is_item).or_else(|| bare_heads(text));
        let text = quoted.as_deref().unwrap_or(text);
        let spoken = spoken(text).or_else(|| leading_type(text));
        let declared = declared_struct(text).filter(|_| *key != Key::Function);
        for (code, before, after) in calls(text) {
            // Behind the first function of a line, words come between it and what it speaks of.
            let named = *key == Key::Function && listed.is_none_or(|end| is_list(before, end));
            if named {
                listed = Some(text.len() - after.len());
            }
            let is_work = matches!(key, Key::Task | Key::Logic | Key::Implementation | Key::Prose);
            let announced = is_work && announces(before, &code);
            let bare = named && before.trim().is_empty() || announced;
            // A path, a type: what the other words around it say does not matter.
            if !(bare || code.contains('(')) || is_work && of_another(before) {
                continue;
            }
            let grown = is_work && grows(before);
            // "With `a()` and `b()`": what stands in one list is all new, or nothing of it.
            let beside = is_work && made.is_some_and(|end| is_list(before, end) && !before[end..].contains("or "));
            // "- `f(x int) error`: drains it": who spells out a head first says what is to be written.
            let is_line = *key != Key::Prose || is_item || number == task.line && is_spelled_out(&code);
            let item = is_work && is_line && before.trim().is_empty() && is_head(&code) && !says_change(after);
            let makes =
                announced || grown || beside || item || is_work && (creates(before) || is_listed(before, &code));
            let Some(mut function) = read(&code, after, bare, number) else { continue };
            // `step("tune")` calls one, and is no head.
            let is_call = is_work && function.head.is_err() && code.contains(['"', '(']) && one_statement(&code);
            if methods.contains(&function.name) || is_call {
                continue;
            }
            let given = given(before, after).filter(|_| is_work);
            // "Forbid changes: `admit(old, new *v1.VM) error`" spells out what is to be written.
            let opens = before.trim_end().ends_with([':', '(']) || only_says_kind(before);
            let spelled = is_work && opens && (is_spelled_out(&code) || is_head(&code) && is_named(after));
            // "`T.f(x int) error` is implemented".
            let passive = is_passive(after);
            // "`func a(x int)` and `func b()`": who writes the word declares.
            let gets = words(before).last().is_some_and(|word| word.is(GETS));
            let says_func = is_work && (before.trim().is_empty() || gets) && code.trim_start().starts_with("func ");
            let is_plain = says_plain(after);
            let owner = owner(before).filter(|_| is_work && is_head(&code));
            let joins = joined(&format!("`{code}`{after}")).filter(|_| is_work && is_head(&code));
            // What it takes the place of is gone then.
            let replaces = replacing.as_ref().is_some_and(|(name, _)| *name == function.name);
            if joins.is_some() || replaces && after.contains(" replaces ") {
                function.said = Purpose::default();
            }
            let is_made = is_work && is_constructed(before, &code);
            let of_struct = declared.as_ref().filter(|declared| declared.methods.contains(&code)).map(pointer);
            function.subject = subject(before, &code).filter(|_| is_work && owner.is_none() && is_head(&code));
            let spelled = spelled || function.subject.is_some() || owner.is_some() || is_made || of_struct.is_some();
            // "Accessors on `T`: `a() bool` and `b() string`"
            let spelled = spelled || joins.is_some() || is_work && is_head(&code) && receivers_before(before);
            let marked = is_work && after.trim_start().starts_with("(new") && is_head(&code);
            let makes =
                makes || says_func || given.is_some() || spelled || marked || is_work && is_labelled(before, &code);
            let makes = makes || is_work && passive && is_spelled_out(&code) || number == task.line && replaces;
            let of_type = given
                .or(owner.and_then(Owner::of_type))
                .or(of_struct)
                .or(joins)
                .or_else(|| of_type(before, after, *key == Key::Function || makes))
                .or_else(|| method_of(after))
                .or_else(|| named_before(before, &function.name))
                .or_else(|| spoken.clone())
                .filter(|ty| !is_made && !is_plain && !function.makes(&ty.text));
            // "`f(a int) error` in `x/y.go`": a title that is a head, and says nothing of one that is there.
            let heads = number == task.line && before.trim().is_empty() && is_head(&code) && only_places(after);
            let is_prose = *key == Key::Prose || number == task.line;
            let is_told = is_work && (of_type.is_some() || !names_type(text)) && is_told(before, &code, after);
            let is_new = named || makes || is_prose && is_subject(before, after, heads) || is_told;
            // `x.F()` in prose is somebody else's, unless the line asks for it.
            let is_dotted =
                !code.trim_start().trim_start_matches("func ").trim_start().starts_with('(') && function.is_method();
            if is_dotted && !(named || is_new && code.starts_with(char::is_uppercase)) {
                continue;
            }
            let is_constructor = is_work && is_labelled(before, &code) && !says_method(before, "");
            let form = stated_form(before, after);
            let says = says_method(before, after) || predicates(text) || lacks_name(before, after);
            let says = says && !is_plain;
            let is_open = (is_work || after.starts_with(" method")) && !is_constructor;
            function.lacks_receiver = is_open && says || form.is_some() || of_words(after);
            belong(&mut function, of_type, form);
            if is_new {
                made = Some(text.len() - after.len());
            }
            let key = (function.receiver().map(str::to_owned), function.name.clone());
            if is_new && new.insert(key) {
                wanted.push(function);
            } else if !is_new && there.insert(function.name.clone()) {
                existing.push(function.name);
            }
        }
    }
    complete(task, &mut wanted);
    existing.retain(|name| !new.iter().any(|(_, known)| known == name));
    (wanted, existing)
}

/// Makes a function a method of what its line says, in the form that it states.
fn belong(function: &mut Function, of_type: Option<TypeText>, form: Option<bool>) {
    if let (Some(ty), Ok(head)) = (of_type, &mut function.head)
        && head.receiver.is_none()
    {
        function.said.without_receiver(&ty.text);
        head.receiver = Some(Parameter::spoken(ty));
    }
    if let (Some(pointer), Ok(head)) = (form, &mut function.head) {
        state_form(head, pointer);
    }
}

/// Whether the words before a name say that a function of that name is to be written: "Implement", "Add a helper".
fn announces(before: &str, name: &str) -> bool {
    // Nothing but prose stands between the verb and the name.
    let front = words(before.rsplit('`').next().unwrap_or_default());
    let mut at = front.len();
    let mut noun = false;
    while at > 0 && front[at - 1].is(&["a", "an", "the", "new", "function", "method", "helper", "func", "exported"]) {
        noun |= front[at - 1].is(&["function", "method", "helper", "func"]);
        at -= 1;
    }
    let verb = at.checked_sub(1).map(|at| &front[at]);
    let makes = verb.is_some_and(|verb| {
        verb.is(&["implement", "implements", "implementing", "write", "introduce"])
            || noun && verb.is(&["add", "create", "define", "provide", "adding", "and"])
    });
    let first = Name::parse(name).words().first().cloned().unwrap_or_default();
    is_go_identifier(name) && makes && (noun || name.starts_with(char::is_lowercase) || is_verb(&first))
}

/// What other lines of a task say of the functions that it asks for: their heads, and what they are methods of.
fn complete(task: &PlannedTask, wanted: &mut Vec<Function>) {
    join_heads(wanted);
    with_interfaces(task, wanted);
    let receiver = Key::Other("receiver".to_owned());
    let stated = task.details(&[receiver]).find_map(|text| type_ref(words(text).first()?));
    let grown = || task.details(&[Key::Task, Key::Prose]).find_map(grown);
    if let Some(ty) = stated.or_else(grown) {
        let free = wanted.iter_mut().filter_map(|function| function.head.as_mut().ok());
        for head in free.filter(|head| head.receiver.is_none()) {
            head.receiver = Some(Parameter::spoken(ty.clone()));
        }
    }
    for function in wanted {
        if let Some(ty) = titled_owner(task, &function.name).filter(|_| function.receiver().is_none()) {
            let names = vec![(None, ty.trim_start_matches('*').to_owned())];
            belong(function, Some(TypeText { text: ty, names }), None);
        }
        function.lacks_receiver &= !function.is_method();
    }
}

/// Whether the words before a head speak of the methods of a type.
fn receivers_before(before: &str) -> bool {
    spoken(before).is_some()
}

/// The receiver of the methods of a struct that a line declares.
fn pointer(declared: &DeclaredStruct) -> TypeText {
    TypeText { text: format!("*{}", declared.name), names: vec![(None, declared.name.clone())] }
}

/// Whether the words between a function and the next one, up to the end of `before`, only say that there are two.
fn is_list(before: &str, end: usize) -> bool {
    let between = before.get(end..).unwrap_or_default();
    // "`a()` in `x/y.go` and `b()`"
    let between = own_file(between).and_then(|file| between.split_once(file)).map_or(between, |(_, rest)| rest);
    let mut words = between.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '`' | '/' | '&' | '+'));
    words.all(|word| matches!(word, "" | "and" | "or"))
}

/// Every `name(…)` in a text: the call, the words before it, and the text after it.
fn calls(text: &str) -> Vec<(String, &str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for (index, part) in text.split('`').enumerate() {
        let end = at + part.len();
        if index % 2 == 1 && end < text.len() {
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
    const USES: &[&str] = &["register", "wire", "plug", "hook", "start", "expose"];
    // "Register the new `f()`" asks for a use of it.
    if words(before).iter().find(|word| word.piece == Piece::Prose).is_some_and(|word| word.is(USES)) {
        return false;
    }
    let lower = before.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let last = words.last().copied().unwrap_or_default();
    !PLACES.contains(&last) && words.iter().any(|word| MAKES.iter().any(|make| word.starts_with(make)))
}

/// Whether a title is about a function and the file that it goes into: ``Planner `plan()` in `x.go` ``.
fn is_subject(before: &str, after: &str, heads: bool) -> bool {
    const USES: &[&str] =
        &["wire", "hook", "invoke", "fix", "refactor", "register", "review", "test", "remove", "move"];
    let lower = before.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let file = if heads { file_behind(after) } else { after.trim_start().strip_prefix("in ") };
    let in_file = file.and_then(|rest| rest.split_whitespace().next());
    (in_file.is_some_and(|file| file.contains('/')) || heads && after.trim_start().starts_with(';'))
        && (heads || words.clone().next_back().is_some_and(|last| !PLACES.contains(&last)))
        && !words.any(|word| USES.iter().any(|verb| word.starts_with(verb)) || PLACES.contains(&word))
}

/// Reads `func (r *R) name(a A) (B, error)`, `T.name()`, `(*T).name()`; a name alone only where `bare` allows it.
fn read(code: &str, after: &str, bare: bool, line: usize) -> Option<Function> {
    let code = code.trim().trim_start_matches("func ").trim();
    let is_name = |name: &str| name.split('.').count() < 3 && name.split('.').all(is_go_identifier);
    let whole = if bare && is_name(code) { format!("{code}{}", in_words(after)) } else { code.to_owned() };
    let told = bare && is_name(code) && !whole.ends_with("()");
    let mut code = whole;
    let is_go = code.starts_with('(');
    if code.starts_with('(') {
        // `(*T).name()` is `(*T) name()`.
        let close = matching(&code, 0)?;
        if code[close + 1..].starts_with('.') {
            code.replace_range(close + 1..close + 2, " ");
        }
    } else if let Some((ty, rest)) = code.split('(').next().and_then(|name| name.split_once('.')) {
        if !is_go_identifier(ty.trim_start_matches('*')) || !is_go_identifier(rest) {
            return None;
        }
        code = format!("({ty}) {}", &code[ty.len() + 1..]);
    }
    let code = code.as_str();
    let named = if code.starts_with('(') { code[matching(code, 0)? + 1..].trim() } else { code };
    let name = named[..named.find('(')?].trim();
    // Type parameters are no part of the name.
    let name = name.split_once('[').map_or(name, |(name, _)| name.trim());
    if !is_go_identifier(name) {
        return None;
    }
    let mut head = FunctionHead::parse(code);
    if let Ok(Some(receiver)) = head.as_mut().map(|head| head.receiver.as_mut()) {
        receiver.is_spoken = !is_go;
    }
    let behind = after;
    let after = without_file(after);
    let after = after.split_once(')').map_or(after, |(_, rest)| if says_plain(after) { rest } else { after });
    let said = Purpose::of(name, after, told);
    Some(Function {
        said,
        is_moved: is_moved(after),
        after: behind.to_owned(),
        ..Function::new(name.to_owned(), head, line)
    })
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
#[path = "functions_tests.rs"]
mod tests;
