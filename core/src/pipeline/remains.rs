//! What a line says beside what is made of it, and nobody has spoken of: a clause behind the first, or in brackets, of
//! which nothing stands in the code, nor in what people are told.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, ChangeSet};
use crate::demand::{are_unlisted, is_position};
use crate::go::GoFile;
use crate::kinds::ALL;
use crate::name::is_go_identifier;
use crate::plan::{Manual, ManualReason, Plan, PlannedTask, Role, Use};
use crate::repo_path::RepoPath;
use crate::text::find_word;

/// Leaves to people what lines say and nothing that is made, now or before, has.
pub(super) fn leave(plan: &mut Plan, set: &ChangeSet) {
    // Read once, and not for each task: a file can be that of thousands.
    let mut of_task: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, change) in set.changes.iter().enumerate() {
        for task in &change.tasks {
            of_task.entry(*task).or_default().push(at);
        }
    }
    for (index, task) in plan.tasks.iter().enumerate() {
        if task.selected && !plan.files(index).is_empty() {
            of_task.entry(index).or_default();
        }
    }
    let mut texts: BTreeMap<RepoPath, (String, String)> = BTreeMap::new();
    let mut added: BTreeMap<usize, String> = BTreeMap::new();
    let mut diagnosed: Option<String> = None;
    let mut left = Vec::new();
    for (index, changes) in of_task {
        let task = &plan.tasks[index];
        // Of a change of code that is there, all is up to people.
        if plan.reasons(index).any(ManualReason::is_of_all) {
            continue;
        }
        let reasons: Vec<String> = plan.reasons(index).map(ManualReason::to_string).collect();
        // What is more than a field says nothing of the rest of its line.
        let is_whole = |reason: &&String| !reason.ends_with("which is more than a field");
        let is_told = |line: usize| {
            let mut whole = reasons.iter().filter(is_whole);
            whole.any(|reason| reason.starts_with(&format!("line {line} ")))
        };
        let is_there = |text: &str| changes.iter().any(|at| is_declared(text, set.changes[*at].before.as_deref()));
        let lines = lines(task).into_iter().filter(|(line, text)| !is_told(*line) && !is_there(text));
        let lines: Vec<(usize, &str)> = lines.collect();
        let split = |(line, text): &(usize, &str)| {
            let line = *line;
            behind_head(text).into_iter().map(move |clause| (line, clause)).collect::<Vec<_>>()
        };
        let said: Vec<(usize, String)> = lines.iter().flat_map(split).collect();
        let title = (!is_told(task.line) && lines.iter().all(|(line, _)| *line != task.line))
            .then_some((task.line, task.title.as_str()));
        let coded = lines.iter().chain(&title);
        let codes: Vec<(usize, &str)> =
            coded.flat_map(|(line, text)| statements(text).into_iter().map(|code| (*line, code))).collect();
        if said.is_empty() && codes.is_empty() {
            continue;
        }
        let changed = changes.iter().map(|at| set.changes[*at].path.clone());
        let files: BTreeSet<RepoPath> = plan.files(index).into_iter().chain(changed).collect();
        let text_of = |file: &RepoPath| {
            let change = set.changes.iter().find(|change| change.path == *file).map(|change| &*change.after);
            change.or_else(|| plan.texts.get(file)?.text.as_deref()).unwrap_or_default()
        };
        for file in &files {
            texts.entry(file.clone()).or_insert_with(|| (plain(text_of(file)), unspaced(text_of(file))));
        }
        for at in &changes {
            added.entry(*at).or_insert_with(|| plain(&added_lines(&set.changes[*at])));
        }
        let diagnosed =
            diagnosed.get_or_insert_with(|| plan.diagnostics.iter().map(|said| plain(&said.message)).collect());
        let told: String =
            reasons.iter().map(|reason| plain(reason)).chain(files.iter().map(|file| plain(file))).collect();
        let known = |words: &str| {
            told.contains(words) || diagnosed.contains(words) || files.iter().any(|file| texts[file].0.contains(words))
        };
        let is_added = |words: &str| changes.iter().any(|at| added[at].contains(words)) || changes.is_empty();
        let quotes = |clause: &str| reasons.iter().any(|reason| speaks_of(reason, clause));
        let is_made = |name: &str, caller: &str| files.iter().any(|file| calls(text_of(file), name, caller));
        let is_done = |line: usize, clause: &str| {
            let whole = lines.iter().chain(&title).find(|(own, _)| *own == line).map_or("", |(_, text)| text);
            plan.placed.contains(&(index, line)) && (is_position(clause) || are_unlisted(clause))
                || caller(clause).is_some_and(|caller| heads(whole).any(|name| is_made(name, caller)))
        };
        let is_new = |(line, clause): &(usize, String)| {
            !is_done(*line, clause) && !quotes(clause) && !is_known(clause, known, is_added)
        };
        let is_lost = |(_, code): &(usize, &str)| {
            !files.iter().any(|file| has_code(&texts[file], code))
                && !quotes(&format!("`{code}`"))
                && !told.contains(&plain(code))
        };
        let said: Vec<(usize, String)> = said.into_iter().filter(is_new).collect();
        let codes = codes.into_iter().filter(is_lost).map(|(line, code)| (line, format!("`{code}`")));
        let codes: Vec<_> = codes.filter(|(_, code)| !said.iter().any(|(_, clause)| clause.contains(code))).collect();
        for (line, clause) in said.into_iter().chain(codes) {
            let why = format!("it also says \"{clause}\"");
            left.push(Manual { task: index, reason: ManualReason::Remains { line, why } });
        }
    }
    plan.leave(left);
}

/// The clauses of a line behind what it asks for first: behind the head that it begins with, too.
fn behind_head(text: &str) -> Vec<String> {
    let head = text.strip_prefix('`').and_then(|rest| rest.split_once('`')).filter(|(code, _)| code.contains('('));
    let Some((_, rest)) = head else { return clauses(text) };
    // Where it stands is no part of what it does.
    let place = rest.find(" in `").and_then(|at| Some(at..at + rest[at..].find(".go`")? + ".go`".len()));
    let place = place.filter(|place| !rest[place.start + " in `".len()..place.end - 1].contains('`'));
    let rest = place.map_or(rest.to_owned(), |place| [&rest[..place.start], &rest[place.end..]].concat());
    clauses(&format!("x;{rest}"))
}

/// The code of a line that stands in a file, if it is made: a statement, an element, a constant, a field.
fn statements(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split('`').collect();
    let pairs = parts.chunks_exact(2).map(|pair| (pair[0], pair[1]));
    let is_one = |(before, code): &(&str, &str)| {
        let is_field = || before.trim_end().ends_with("field") && code.split(' ').count() == 2;
        let bare = ["var ", "const "].iter().find_map(|word| code.strip_prefix(word)).unwrap_or(code);
        parted(bare).is_some_and(|(name, _, _)| is_go_identifier(name)) || is_field()
    };
    pairs.filter(is_one).map(|(_, code)| code.strip_prefix("const ").unwrap_or(code)).collect()
}

/// The name that code begins with, how its value is joined to it, and the value.
fn parted(code: &str) -> Option<(&str, &str, &str)> {
    [" := ", ": ", " = "].iter().find_map(|joint| code.split_once(joint).map(|(name, value)| (name, *joint, value)))
}

/// Whether a file, as words and without blanks, has some code. A constant may have a type there.
fn has_code((words, dense): &(String, String), code: &str) -> bool {
    let own = || dense.contains(&unspaced(code));
    match parted(code) {
        Some((name, " = ", value)) => {
            words.contains(&plain(name)) && dense.contains(&unspaced(&format!("={value}"))) || own()
        }
        Some(_) => own(),
        None => words.contains(&plain(code.split(' ').next().unwrap_or_default())),
    }
}

/// A text without blanks.
fn unspaced(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The function that a clause calls the caller of what stands before it, where it says no more: "called as the last check
/// of `plan`".
fn caller(clause: &str) -> Option<&str> {
    const CALLS: &[&str] = &["called", "invoked", "run", "runs", "wired"];
    const WHERE: &[&str] = &["check", "step", "one", "thing", "other", "after", "among", "right", "here"];
    let (before, rest) = clause.split_once('`')?;
    let (code, behind) = rest.split_once('`')?;
    let mut words = before.split(' ').filter(|word| !word.is_empty());
    let is_call = words.clone().any(|word| CALLS.contains(&word));
    let is_plain = |word: &str| CALLS.contains(&word) || WHERE.contains(&word) || PLAIN.contains(&word);
    let name = code.trim_end_matches("()");
    (is_call && words.all(is_plain) && behind.trim().is_empty() && is_go_identifier(name)).then_some(name)
}

/// The functions that a line spells out.
fn heads(line: &str) -> impl Iterator<Item = &str> {
    let codes = line.split('`').skip(1).step_by(2).filter_map(|code| code.split_once('(')).map(|(name, _)| name);
    codes.filter(|name| is_go_identifier(name))
}

/// Whether a function of a file calls another one.
fn calls(text: &str, name: &str, caller: &str) -> bool {
    let Ok(file) = GoFile::parse(text) else { return false };
    let mut own = file.decls.iter().filter(|decl| decl.names.iter().any(|known| known.text == caller));
    own.any(|decl| decl.span.of(text).contains(&format!("{name}(")))
}

/// The lines that a file gets.
fn added_lines(change: &Change) -> String {
    let known: BTreeSet<&str> = change.before.iter().flat_map(|text| text.lines()).collect();
    change.after.lines().filter(|line| !known.contains(line)).collect::<Vec<_>>().join("\n")
}

/// The lines that code is made of.
fn lines(task: &PlannedTask) -> Vec<(usize, &str)> {
    let mut said = task.prose();
    let title = said.next().filter(|(line, text)| text.contains('`') && is_made_of(task, *line));
    title.into_iter().chain(said.filter(|(line, _)| is_made_of(task, *line))).collect()
}

/// Whether a file declared the function that a line begins with.
fn is_declared(line: &str, before: Option<&str>) -> bool {
    let head = line.trim_start_matches('`').split_once('(').map(|(head, _)| head);
    let head = head.filter(|head| is_go_identifier(head));
    head.zip(before).is_some_and(|(head, text)| text.contains(&format!(" {head}(")))
}

/// Whether a reason quotes a part of a clause, or speaks of what the clause names.
fn speaks_of(reason: &str, clause: &str) -> bool {
    let mut quoted = reason.split('"').skip(1).step_by(2);
    let code =
        clause.split('`').skip(1).step_by(2).flat_map(|code| code.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    let mut names = code.filter(|name| is_go_identifier(name) && !PLAIN.contains(name));
    quoted.any(|part| part.len() > 4 && (clause.contains(part) || part.contains(clause)))
        || names.any(|name| find_word(reason, name).is_some())
}

/// Whether code is made of a line.
fn is_made_of(task: &PlannedTask, line: usize) -> bool {
    // Of some kinds, each word of a line is read.
    const WHOLE: &[&str] = &["rbac", "edited-function", "changed-code"];
    let is_code = |kind: &str| {
        !WHOLE.contains(&kind) && ALL.iter().any(|known| known.name() == kind && known.role() == Role::Implementation)
    };
    let used = task.lines.iter().find(|used| used.line == line && used.used == Use::Change);
    used.and_then(|used| used.kind).is_some_and(is_code)
}

/// The clauses of a line behind the first, and what stands in brackets.
fn clauses(text: &str) -> Vec<String> {
    let (mut found, mut is_code, mut is_quoted) = (vec![String::new()], false, false);
    // What a new function replaces is a clause of its own.
    let text = text.replace("` replaces `", "`; replaces `").replace(".go` replaces ", ".go`; replaces ");
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        is_code ^= c == '`';
        is_quoted ^= c == '"';
        let ends = match c {
            ';' | ')' | ',' | '—' | '–' => true,
            '(' => before == ' ',
            '-' => before == ' ' && chars.peek() == Some(&' '),
            '.' | ':' => chars.peek().is_none_or(|next| *next == ' '),
            _ => false,
        };
        if ends && !is_code && !is_quoted {
            found.push(String::new());
        } else if let Some(last) = found.last_mut() {
            last.push(c);
        }
        before = c;
    }
    let rest = found.into_iter().skip(1).map(|clause| clause.trim().to_owned());
    rest.filter(|clause| !clause.is_empty()).collect()
}

/// Words that say nothing that code would have to have, or what is made and where.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "a", "an", "the", "and", "or", "in", "of", "to", "for", "on", "at", "by", "with", "as", "it", "its", "is",
    "are", "be", "this", "that", "these", "from", "into", "both", "all", "each", "there", "then", "also", "them",
    "one", "add", "adds", "added", "get", "gets", "gains", "make", "new", "same", "before", "after", "behind",
    "prior", "so", "does", "do", "must", "not", "use", "but", "call", "calls", "called", "set", "sets", "setting",
    "directly", "above", "below", "whose", "result", "results", "append", "appends", "appended", "first", "last",
    "optionally", "integer", "named", "bounds", "values", "known", "users", "apply", "next", "goes", "start", "starts", "registered", "entered", "under", "constructed", "constructor", "option",
    "signature", "learns", "give", "help", "text", "shorthand", "off", "none", "cluster", "role", "may", "verb",
    "verbs", "plus", "min", "max", "takes", "returns", "gives", "back", "end", "optional", "required", "pointer",
    "string", "type", "field", "fields", "struct", "constant", "constants", "json", "xml", "attribute", "element",
    "name", "method", "methods", "function", "receiver", "value", "values", "variable", "accessor", "interface",
    "comment", "default", "plain", "list", "keyed", "items", "characters", "between", "most", "least", "favour",
    "documented", "pointer-receiver", "int", "bool", "error", "int32", "int64", "favor", "counter", "gauge",
    "histogram", "gaugevec", "countervec", "core", "group", "groups", "label", "labels", "two", "three", "four",
    "more", "exported", "unexported", "single", "one-method", "joins", "marker", "markers", "helper", "helpers", "func",
    "parameters", "belongs", "those", "serialized", "serialised", "marshaled", "marshalled", "yaml", "tag", "tagged", "file", "files",
];
/// Words that begin why something is so, or where an example is.
#[rustfmt::skip]
const REASONS: &[&str] = &[
    "because", "since", "so", "like", "see", "cf", "e.g", "i.e", "similar", "following", "analogous", "just", "which",
    "where", "mirroring", "matching", "modeled", "modelled",
];

/// The words of a text that say something, in lower case, each with a blank before and behind it.
fn plain(text: &str) -> String {
    let mut found = String::from(" ");
    for word in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))) {
        let word = word.trim_matches('-').to_lowercase();
        if !word.is_empty() && !PLAIN.contains(&&*word) {
            found.push_str(stem(&word));
            found.push(' ');
        }
    }
    found
}

/// A word without what makes it a plural or a third person, and a span of time without its unit.
fn stem(word: &str) -> &str {
    let number = word.trim_end_matches(['s', 'm', 'h']);
    if word.starts_with(|c: char| c.is_ascii_digit()) { number } else { word.strip_suffix('s').unwrap_or(word) }
}

/// Words that say what a head looks like, which everybody sees.
const OF_HEADS: &[&str] = &["exported", "unexported", "public", "private", "variadic", "argument", "parameter"];

/// "must not log", "never blocks", "without a lock"
fn is_denied(clause: &str) -> bool {
    let mut said = clause
        .split(' ')
        .map(str::to_lowercase)
        .skip_while(|word| matches!(&**word, "and" | "but" | "it" | "which" | "that"));
    let (first, second) = (said.next().unwrap_or_default(), said.next().unwrap_or_default());
    matches!(&*first, "never" | "cannot" | "don't" | "doesn't" | "mustn't")
        || matches!(&*first, "must" | "may" | "should" | "does" | "do" | "can") && matches!(&*second, "not" | "never")
}

/// Whether what a clause says is known: its code, and half of its words, each with the one behind it. Something is added
/// of what it does with code that is there.
fn is_known(clause: &str, known: impl Fn(&str) -> bool, added: impl Fn(&str) -> bool) -> bool {
    let said = clause.split([' ', ':', ',']).map(str::to_lowercase);
    let mut said = said.skip_while(|word| word == "with" && clause.contains("with the same "));
    let (first, second) = (said.next().unwrap_or_default(), said.next().unwrap_or_default());
    let is_reason = REASONS.contains(&&*first)
        || matches!((&*first, &*second), ("the", "same") | ("commented", _))
        || first == "as" && said.any(|word| matches!(&*word, "has" | "have" | "does" | "do" | "is" | "are"));
    let (words, mut code) = (plain(clause), String::new());
    for quote in ['`', '"'] {
        code.extend(clause.split(quote).skip(1).step_by(2).map(plain));
    }
    let words: Vec<&str> = words.split_whitespace().collect();
    let is_word_known = |word: &&str| known(&format!(" {word} "));
    let of_code: Vec<&str> = code.split_whitespace().collect();
    let others: Vec<&str> = words.iter().filter(|word| !of_code.contains(word)).copied().collect();
    // What code must not do stands nowhere but in what is said of it.
    if is_denied(clause) && words.iter().any(|word| !OF_HEADS.contains(word) && !REASONS.contains(word)) {
        return words.iter().all(|word| REASONS.contains(word) || added(&format!(" {word} ")));
    }
    // How a state comes about is no place of its constant.
    if first == "entered" && matches!(&*second, "from" | "when" | "once" | "after") {
        return false;
    }
    if is_reason || words.is_empty() {
        return true;
    }
    // "Then log it": what else is done is new.
    if first == "then" && others.len() == words.len() && words.len() < 3 {
        return words.iter().all(|word| added(&format!(" {word} ")));
    }
    let are_numbers = words.iter().all(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let is_added = |word: &&str| added(&format!(" {word} "));
    if !of_code.is_empty() && !others.is_empty() && !of_code.iter().any(is_added) {
        return false;
    }
    if !of_code.is_empty() && others.len() <= 2 || words.len() == 1 || are_numbers {
        return words.iter().all(is_word_known);
    }
    let pairs = words.windows(2).filter(|pair| known(&format!(" {} {} ", pair[0], pair[1]))).count();
    pairs * 2 >= words.len() - 1
}
