//! What a task asks to be done: scaffolds only add, so a verb that asks for something else is left to people.

use super::intent_words::{
    BEHAVIOURS, CHANGES, DENIALS, LOOKS, MORE, NAMES_OF_OTHERS, NO_MORE, NOUNS, NOUNS_OF_OTHERS, OTHERS, THINGS,
    THIRD_PERSON,
};
use super::{Key, PlannedTask, TaskLine, is_written};
use crate::demand::quoted_comment;
use crate::name::{Name, is_go_identifier};
use std::borrow::Cow;

/// What is said of a task that asks for nothing new.
const AS_IT_IS: &str = "leave or remove existing code";

/// The verb, if a task asks for work that adds nothing.
pub(crate) fn other_work(task: &PlannedTask) -> Option<&'static str> {
    verb_of(&order(task)).or_else(|| task.labels.iter().find_map(|label| of_label(label))).or_else(|| of_noun(task))
}

/// The part of a title that orders something: behind "Integration Test - ", where specs are stated below, stands what they
/// do, such as "Delete The VM" or "Without The Gate".
pub(crate) fn order(task: &PlannedTask) -> Cow<'_, str> {
    const OF_TESTS: &[&str] =
        &["test", "tests", "spec", "specs", "suite", "helper", "helpers", "file", "mock", "fixture"];
    let whole = || Cow::from(&task.title);
    let words = words(&task.title);
    let Some(at) = behind_prefix(&words).filter(|_| task.details(&[Key::Test]).next().is_some()) else {
        return whole();
    };
    let bare = |word: &String| word.trim_end_matches([':', ',', '.']).to_owned();
    let prefix = words[..at].iter().rfind(|word| word.chars().any(char::is_alphanumeric)).map(bare);
    let names_tests = prefix.is_some_and(|word| matches!(&*word, "test" | "tests" | "spec" | "specs"));
    let is_of_code = |word: &String| OF_TESTS.contains(&&*bare(word)) || word.contains('/');
    if names_tests && !words[at..].iter().any(is_of_code) { words[..at].join(" ").into() } else { whole() }
}

/// The verb of the noun that a title ends with before it names a place, if nothing below says what is new, and no file
/// is called so.
fn of_noun(task: &PlannedTask) -> Option<&'static str> {
    const PLACES: &[&str] = &["in", "of", "for", "from", "to", "on", "at", "with", "across", "-", "–", "—"];
    if task.details.iter().any(|line| line.key.is_demand() || line.key == Key::Prose) {
        return None;
    }
    let words = words(&task.title);
    let is_place = |word: &String| PLACES.contains(&word.as_str()) || word.contains('/') || word.starts_with('(');
    let end = words.iter().position(is_place).unwrap_or(words.len());
    let end = words[..end].iter().position(|word| word.ends_with(':')).map_or(end, |at| at + 1);
    // "Present the removal": what a verb is about is not the work.
    if words[..end].iter().any(|word| matches!(&**word, "the" | "a" | "an")) {
        return None;
    }
    let last = words[..end].last()?.trim_end_matches([':', '.', ',']);
    let (noun, verb) = NOUNS_OF_OTHERS.iter().find(|(noun, _)| *noun == last && end > 1)?;
    let is_name = words.iter().filter(|word| word.contains('/')).any(|path| path.contains(noun));
    (!is_name && !MORE.contains(&words[0].as_str())).then_some(*verb)
}

/// The verb that a label names: `[Cleanup]`, `[Refactor]`. Other labels name areas and stories.
fn of_label(label: &str) -> Option<&'static str> {
    const PHASES: &[&str] = &["polish", "document", "review", "research", "explore"];
    let words = words(label);
    known(&words).filter(|verb| words.len() == 1 && !PHASES.contains(verb) && !BEHAVIOURS.contains(verb))
}

/// The verb, if what a task asks for without a word of what is new is that something is there no more, or stays.
pub(crate) fn nothing_new(task: &PlannedTask) -> Option<&'static str> {
    const NEW: &[Key] = &[Key::Function, Key::Test, Key::Content];
    let title = format!(" {}", words(&task.title).join(" "));
    let ensures = first_of(&task.title, &["ensure", "make sure"]).is_some();
    let ends = ensures && title.contains(" no longer ") || ends_something(&title) && !adds(&task.title);
    let is_over = ends || NO_MORE.iter().any(|words| title.contains(words));
    let spells = spells_head(&task.title);
    (is_over && !spells && task.details(NEW).next().is_none()).then_some(AS_IT_IS)
}

/// Whether a title says that something is not so any more: "virt-handler no longer reads it", "The pulse is removed". In a clause of its own it
/// says what something is: "nodes that no longer answer".
fn ends_something(title: &str) -> bool {
    const CLAUSES: &[&str] =
        &["that", "which", "who", "is", "are", "when", "if", "until", "before", "after", "once", "while", "whether"];
    #[rustfmt::skip]
    const ENDS: &[&str] = &[
        " no longer ", " is removed", " are removed", " be removed", " is deleted", " are deleted", " be deleted",
        " is dropped", " be dropped", " be renamed", " is renamed", " be moved", " be retired", " is retired",
        " be deprecated", " is deprecated",
    ];
    let before = ENDS.iter().find_map(|end| Some(title.split_once(end)?.0));
    before.is_some_and(|before| !before.split(' ').any(|word| CLAUSES.contains(&word)))
}

/// The verb of a `Task:` line that asks for work that adds nothing.
pub(crate) fn other_work_below(task: &PlannedTask) -> Option<&'static str> {
    task.details(&[Key::Task, Key::Prose]).find_map(verb_of)
}

/// The verb of a line, if it asks for work that adds nothing.
pub(crate) fn other_work_in(line: &TaskLine) -> Option<&'static str> {
    // "`Never`: …", "Never": values are no orders.
    let first = line.text.trim_start_matches('*').split_whitespace().next().unwrap_or_default();
    let is_value = first.starts_with(['`', '"']) || first.ends_with(':') || line.text.split_whitespace().count() == 1;
    verb_of(&line.text).filter(|_| matches!(line.key, Key::Task | Key::Prose) && !is_value)
}

/// Whether what a title asks for is what a function does that the task spells out below: its verb is one of code that runs, or
/// in the function's name; "No caller given" says nothing of the function.
pub(crate) fn is_of_function(verb: &str, task: &PlannedTask) -> bool {
    let heads = heads_below(task);
    let title = words(&task.title);
    let Some((first, _)) = leading(&title).filter(|_| !heads.is_empty()) else { return false };
    let is_named = || heads.iter().any(|name| Name::parse(name).words().iter().any(|word| is_form(first, word)));
    BEHAVIOURS.contains(&verb) || matches!(first, "no" | "without") || is_in_part(verb) || is_named()
}

/// The verb of a title whose functions are spelled out below, if more than these may be asked for: "Split the converter: …".
pub(crate) fn in_part(task: &PlannedTask) -> Option<&'static str> {
    let verb = verb_of(&task.title).filter(|verb| is_in_part(verb) && !heads_below(task).is_empty())?;
    let title = words(&task.title);
    let (first, _) = leading(&title)?;
    let is_its = |name: &String| Name::parse(name).words().iter().any(|word| is_form(first, word));
    (!heads_below(task).iter().any(is_its)).then_some(verb)
}

/// Whether a verb may be that of code which runs as well as that of work on code.
fn is_in_part(verb: &str) -> bool {
    const PARTS: &[&str] = &["split", "extract", "replace", "swap", "move", "take out", "remove", "delete", "drop"];
    PARTS.contains(&verb)
}

/// The names of the functions that lines below a title spell out.
fn heads_below(task: &PlannedTask) -> Vec<String> {
    let is_head = |line: &&TaskLine| match line.key {
        Key::Function => line.text.contains('('),
        Key::Prose => line.is_item && line.text.starts_with('`') && spells_head(&line.text),
        _ => false,
    };
    let name = |line: &TaskLine| {
        let code = line.text.trim_start_matches('`').trim_start_matches("func ");
        let receiver = if code.starts_with('(') { code.find(')').map_or(0, |close| close + 1) } else { 0 };
        code[receiver..].split(['(', '[']).next().unwrap_or_default().trim().to_owned()
    };
    task.details.iter().filter(is_head).map(name).chain(replacement(&task.title).map(|(name, _)| name)).collect()
}

/// The function that a title spells out in the place of another one, or to be taken out of it, and its file: "Replace `f` by
/// `g(a A) B`", "Extract `g(a A) B` from `f`", "`g(a A) B` in `x.go` replaces `f`". Where several files are named, its own stands behind it.
pub(crate) fn replacement(title: &str) -> Option<(String, Option<String>)> {
    const BETWEEN: &[&str] = &["the", "a", "new", "function", "helper", "method"];
    let parts: Vec<&str> = title.split('`').collect();
    let is_head = |at: &usize| parts[*at].split_once('(').is_some_and(|(_, rest)| rest.contains(' '));
    let first = words(parts[0]).into_iter().next().unwrap_or_default();
    let at = (1..parts.len().saturating_sub(1)).step_by(2).filter(is_head).find(|at| {
        let before = words(parts[at - 1]);
        let last = before.iter().rfind(|word| !BETWEEN.contains(&word.as_str())).map_or("", String::as_str);
        let behind = words(&parts[at + 1..].join("`"));
        match first.as_str() {
            "replace" | "swap" => *at > 1 && matches!(last, "by" | "with"),
            "extract" => *at == 1 && last == "extract",
            _ => behind.iter().take(3).any(|word| word == "replaces"),
        }
    })?;
    let is_file = |part: &&str| part.ends_with(".go") && !part.contains(' ');
    let own = parts.get(at + 2).filter(|part| is_file(part) && parts[at + 1].trim() == "in");
    let files: std::collections::BTreeSet<&str> = parts.iter().copied().filter(is_file).collect();
    let name = parts[at].trim_start_matches("func ").split('(').next().unwrap_or_default().trim();
    (!name.is_empty() && (own.is_some() || files.len() < 2))
        .then(|| (name.to_owned(), own.map(|file| (*file).to_owned())))
}

/// Whether a text spells out the head of a function.
fn spells_head(text: &str) -> bool {
    text.split('`').skip(1).step_by(2).any(|code| code.contains('(') && code.contains(' '))
}

/// The same below tests, where an item may say what something does: "drops labels that are gone".
pub(crate) fn other_work_below_tests(task: &PlannedTask) -> Option<&'static str> {
    let says = |text: &str| words(text).first().is_some_and(|word| THIRD_PERSON.contains(&word.as_str()));
    let of_table = task.cases_of(true).entries_of();
    let is_spec =
        |line: &TaskLine| line.is_item && says(&line.text) || is_written(line) || of_table.contains(&line.line);
    let lines = task.lines_of(&[Key::Task, Key::Prose]).filter(|line| !is_spec(line));
    lines.map(|line| line.text.as_str()).find_map(verb_of)
}

/// The verb, if a task only looks at what is there, where looking is no test.
pub(crate) fn only_looks(task: &PlannedTask) -> Option<&'static str> {
    first_of(&task.title, LOOKS)
}

/// The verb, if a task works on the words of a page that is there.
pub(crate) fn rewords(task: &PlannedTask) -> Option<&'static str> {
    const REWORDS: &[&str] =
        &["translate", "proofread", "proof-read", "spell-check", "spellcheck", "copyedit", "copy-edit", "localize"];
    first_of(&task.title, REWORDS)
}

/// The verb, if a task changes what is there and states nothing that is new.
pub(crate) fn only_changes(task: &PlannedTask) -> Option<&'static str> {
    let states = task.details(&[Key::Test]).next().is_some();
    first_of(&task.title, CHANGES).filter(|_| !states)
}

/// Whether a text begins with a verb of what is new, or of what changes with it.
pub(crate) fn adds(text: &str) -> bool {
    first_of(text, MORE).is_some()
}

/// The verb of another thing that a title about a feature gate asks for: "Register X and remove Y", "Graduate X and
/// update the docs". Some verbs are those of the kind itself.
pub(crate) fn also_asks(title: &str, own: fn(&str) -> bool) -> Option<String> {
    let words = words(title);
    let bare = |at: usize| words[at].trim_end_matches([',', ':', ';', '.']).to_owned();
    let is_start = |at: usize| {
        at == 0 || words[at - 1] == "and" || words[at - 1] == "then" || words[at - 1].ends_with([',', ';', '.', '&'])
    };
    (0..words.len()).filter(|&at| is_start(at)).find_map(|at| {
        let first = bare(at);
        let is_name = words.get(at + 1).is_some_and(|word| NOUNS.contains(&word.as_str()));
        let more = || (MORE.contains(&first.as_str()) && !is_name).then(|| first.clone());
        let other = || (at > 0).then(|| known(&words[at..]).map(str::to_owned)).flatten();
        other().or_else(more).filter(|_| !own(&first))
    })
}

/// The verb of a second thing that a title asks for, if it adds nothing: "Extend X and remove Y".
pub(crate) fn also_changes(title: &str) -> Option<&'static str> {
    let words = words(title);
    let is_joined = |at: &usize| matches!(&*words[at - 1], "and" | "then") || words[at - 1].ends_with([',', ';']);
    (1..words.len()).filter(is_joined).find_map(|at| known(&words[at..]))
}

/// The verb of a second sentence of a title, if it adds nothing: "Add X; remove Y".
pub(crate) fn also_removes(title: &str) -> Option<&'static str> {
    const SHORT: &[&str] = &["e.g.", "i.e.", "cf.", "vs.", "resp."];
    // A comment that is stated asks for nothing.
    let words = words(&quoted_comment(title).map_or_else(|| title.to_owned(), |found| found.rest));
    let ends =
        |word: &str| word == "then" || word.ends_with([';', '.']) && !SHORT.contains(&word.trim_start_matches('('));
    let is_noun = |at: usize| words.get(at + 1).is_some_and(|next| next == "of");
    let starts = (1..words.len()).filter(|&at| ends(&words[at - 1]) && !is_noun(at));
    starts.into_iter().find_map(|at| known(&words[at..]))
}

/// The verb that a text begins with, behind a prefix such as "virt-config: ".
fn verb_of(text: &str) -> Option<&'static str> {
    if embeds(text) {
        return None;
    }
    let words = words(text);
    // "Quarantine struct", "drain timeout": a name of what is made.
    let [first, second, ..] = &words[..] else { return of_commit(&words).or_else(|| known(&words)) };
    let is_plain = first.chars().all(char::is_alphabetic);
    if is_plain && words.len() == 2 && THINGS.contains(&second.as_str()) {
        return None;
    }
    if moves_file(&words) {
        return Some("move");
    }
    // Behind what is to be made, "remove the owners" says what that does.
    // What is quoted is a text of its own: "Specs: "swap is refused"".
    let quoted = |at: &usize| text.split_whitespace().nth(*at).is_some_and(|word| word.starts_with(['"', '“']));
    let behind = || behind_prefix(&words).filter(|at| !quoted(at) && !spells_out(text, &words));
    of_commit(&words).or_else(|| known(&words)).or_else(|| known(&words[behind()?..]))
}

/// `pulse.go → heart.go`
fn moves_file(words: &[String]) -> bool {
    let is_file = |word: &String| word.trim_end_matches([':', ',', '`']).ends_with(".go");
    words.windows(3).any(|words| matches!(&*words[1], "→" | "->" | "=>") && is_file(&words[0]) && is_file(&words[2]))
}

/// The verb of a prefix as conventional commits have it: `fix(pulse): …`, `refactor!: …`.
fn of_commit(words: &[String]) -> Option<&'static str> {
    let prefix = words.first()?.strip_suffix(':')?;
    let verb = prefix.trim_end_matches('!').split('(').next().unwrap_or_default();
    let is_scoped = prefix.ends_with([')', '!']);
    is_scoped.then(|| OTHERS.iter().copied().find(|other| *other == verb)).flatten()
}

/// Whether a text begins with a verb of making, and spells out the head of a function.
fn spells_out(text: &str, words: &[String]) -> bool {
    let makes = leading(words).is_some_and(|(first, _)| {
        matches!(first, "add" | "create" | "introduce" | "implement" | "define" | "write" | "provide" | "new" | "put")
    });
    makes && spells_head(text)
}

/// "Inline `v1.PersistentVolumeClaim`": a type that a struct embeds, and no work on code that is there.
fn embeds(text: &str) -> bool {
    let Some((verb, rest)) = text.trim_start().split_once(' ') else { return false };
    let code = rest.trim_start().strip_prefix('`').and_then(|rest| rest.split('`').next()).unwrap_or_default();
    let name = code.rsplit(['.', '*']).next().unwrap_or_default();
    verb.to_lowercase().starts_with("inline") && is_go_identifier(name) && name.starts_with(char::is_uppercase)
}

/// One of some verbs, if a text begins with it.
fn first_of(text: &str, verbs: &[&'static str]) -> Option<&'static str> {
    let words = words(text);
    let from = [Some(0), behind_prefix(&words)];
    from.into_iter().flatten().find_map(|at| {
        let (at, word) = leading(&words[at..]).map(|(word, behind)| (behind, word))?;
        let two = format!("{word} {}", at.unwrap_or_default());
        let is_name = at.is_some_and(|next| NOUNS.contains(&next));
        verbs.iter().find(|verb| **verb == word || **verb == two).copied().filter(|_| !is_name && at.is_some())
    })
}

/// Where the words behind a prefix such as "virt-config: " begin.
fn behind_prefix(words: &[String]) -> Option<usize> {
    let after = (1..words.len()).find(|&at| {
        let before = words[at - 1].as_str();
        before.ends_with(':') || matches!(before, "-" | "–" | "—")
    });
    after.filter(|&at| at <= 6)
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().map(|word| word.trim_matches(['*', '`', '"', '(']).to_owned()).collect()
}

/// The first word that is none of politeness or order, and the one behind it.
fn leading(words: &[String]) -> Option<(&str, Option<&str>)> {
    const BEFORE: &[&str] = &["please", "then", "also", "finally", "first", "now", "to"];
    let words: Vec<&str> = words.iter().map(|word| word.trim_end_matches([',', ':', ';', '.'])).collect();
    let at = words.iter().position(|word| !BEFORE.contains(word))?;
    Some((words[at], words.get(at + 1).copied()))
}

/// The verb that some words begin with.
fn known(words: &[String]) -> Option<&'static str> {
    let (first, second) = leading(words)?;
    let second = second.unwrap_or_default();
    let has = |word: &str| words.iter().any(|one| one == word);
    let phrase = match (first, second) {
        ("get", "rid") | ("phase" | "tear" | "cut", "out") => Some("remove"),
        ("comment" | "opt", "out") => Some("disable"),
        ("cut", _) if has("from") => Some("remove"),
        ("take", "out") | ("turn" | "switch", "off") | ("stop", _) => Some("take out"),
        ("back", "out") | ("roll", "back") => Some("revert"),
        ("clean", _) => Some("clean up"),
        ("speed", "up") => Some("optimize"),
        ("make" | "get", _) if has("obsolete") || has("unused") || has("unnecessary") => Some("remove"),
        ("make", "the" | "all" | "existing" | "every" | "each" | "it" | "them") => Some("change"),
        ("make", path) if path.contains('/') => Some("change"),
        ("get", _) => words.last().and_then(|last| passive(last)),
        ("handle" | "apply" | "address" | "incorporate", _)
            if has("review") && ["comments", "feedback", "suggestions"].into_iter().any(has) =>
        {
            Some("rework")
        }
        ("test" | "tests" | "spec" | "specs" | "suite", "no") if words.get(2).is_some_and(|word| word == "longer") => {
            Some("remove")
        }
        ("close", _) if ["race", "leak", "gap", "hole", "window"].into_iter().any(has) => Some("fix"),
        (noun, "of") if words.get(2).is_some_and(|path| path.contains('/')) => nominal(noun),
        ("look", "into") => Some("investigate"),
        ("find" | "figure", "out") if ["why", "who", "how", "what"].into_iter().any(has) => Some("investigate"),
        ("wait", "for") if ["release", "review", "approval", "upstream"].into_iter().any(has) => Some("wait"),
        ("port", path) if path.contains('/') => Some("port"),
        ("copy", path) if path.contains('/') => Some("copy"),
        ("upgrade", path) if path.contains('/') => Some("upgrade"),
        ("regenerate", path) if path.contains('/') => Some("regenerate"),
        ("ask", _) if has("about") => Some("ask"),
        ("leave", _) if has("alone") || has("unchanged") => Some("leave something as it is"),
        ("do", "not") => Some("leave something as it is"),
        // "Without the gate it is …" says what happens.
        ("without", _) if has("gate") => None,
        _ if DENIALS.contains(&first) => Some("leave something as it is"),
        _ => None,
    };
    let is_name = NOUNS.contains(&second) && !words.iter().any(|word| word == &format!("{first}:"));
    let single = || OTHERS.iter().copied().find(|verb| is_form(first, verb));
    let noun = || NAMES_OF_OTHERS.iter().find(|(name, _)| *name == first).map(|(_, verb)| *verb);
    phrase.or_else(|| single().or_else(noun).filter(|_| !is_name))
}

/// The verb of a noun of work: "Migration of `x.go` to slog".
fn nominal(noun: &str) -> Option<&'static str> {
    let stem = ["ion", "ation", "ization", "isation"].iter().find_map(|end| noun.strip_suffix(end));
    let known = |stem: &str| {
        OTHERS.iter().copied().find(|verb| *verb == stem || verb.strip_suffix('e').is_some_and(|verb| verb == stem))
    };
    let retold = [("replacement", "replace"), ("retirement", "retire"), ("reversal", "revert"), ("rename", "rename")];
    let whole = || retold.iter().find(|(name, _)| *name == noun).map(|(_, verb)| *verb);
    stem.and_then(known).or_else(|| known(noun.strip_suffix("ation")?)).or_else(whole)
}

/// The verb of a participle: "get the file deleted".
fn passive(word: &str) -> Option<&'static str> {
    let word = word.trim_end_matches(['.', ',', ';']);
    let stem = word.strip_suffix("ed")?;
    OTHERS.iter().copied().find(|verb| *verb == stem || verb.strip_suffix('e').is_some_and(|verb| verb == stem))
}

/// Whether a word is a verb, in a form in which a title begins with it.
fn is_form(word: &str, verb: &str) -> bool {
    let stem = || word.strip_suffix("ing");
    let doubled = |stem: &str| stem.strip_prefix(verb).is_some_and(|last| verb.ends_with(last) && last.len() == 1);
    word == verb
        || stem().is_some_and(|stem| stem == verb || verb.strip_suffix('e') == Some(stem) || doubled(stem))
        || THIRD_PERSON.contains(&word)
            && word.strip_suffix('s').is_some_and(|one| one == verb || one.strip_suffix('e') == Some(verb))
}

#[cfg(test)]
#[path = "intent_tests.rs"]
mod tests;
