//! What the lines of a task say about structs.

use crate::demand::{MemberDemand, declared_struct, each_struct, go_types, members, quoted_comment, words};
use crate::kinds::api_field::only_type;
use crate::name::is_go_identifier;
use crate::plan::{Key, PlannedTask};

/// What lines of a task say about structs.
#[derive(Clone)]
pub(super) struct Said {
    /// Their numbers: that of the demand, and those of the lines that say more of it.
    pub(super) lines: Vec<usize>,
    pub(super) demand: Result<MemberDemand, String>,
}

/// What the lines of a task ask of structs.
pub(super) fn demands(task: &PlannedTask) -> Vec<Said> {
    task.once("members", || read_demands(task))
}

fn read_demands(task: &PlannedTask) -> Vec<Said> {
    const KEYS: &[Key] = &[Key::Task, Key::Prose, Key::Implementation, Key::Logic];
    let is_field = |key: &Key| {
        matches!(key, Key::Field)
            || matches!(key, Key::Other(word) if ["xml field", "attribute", "element"].contains(&word.as_str()))
    };
    // Beside a field, `Struct:` says where it goes.
    let has_field = task.details.iter().any(|line| is_field(&line.key));
    let mut found: Vec<Said> = Vec::new();
    let below = task.details.iter().filter_map(|line| {
        let keyed = match &line.key {
            key if is_field(key) => Some(with_keys(task, &line.text)),
            // "Type: `option func(*Clock)`"
            Key::Constants if is_other_type(&line.text) => Some((format!("type {}", line.text), Vec::new())),
            Key::Struct if !has_field => Some((format!("struct {}", line.text), Vec::new())),
            Key::Other(word) if word == "interface" => Some((format!("interface {}", line.text), Vec::new())),
            _ => None,
        };
        let bare = keyed.is_some();
        let (text, more) = keyed.unwrap_or_else(|| (line.text.clone(), Vec::new()));
        let lines = std::iter::once(line.line).chain(more).collect::<Vec<usize>>();
        (bare || KEYS.contains(&line.key)).then_some((lines, text, bare))
    });
    let lines = std::iter::once((vec![task.line], task.title.clone(), false)).chain(below);
    let lines = lines.map(|(lines, text, bare)| (lines, described(&text).map_or(text, |(rest, ..)| rest), bare));
    // What is written as Go stands for itself.
    let lines = lines.flat_map(|(lines, text, bare)| {
        let (rest, types) = go_types(&text);
        if types.is_empty() || !(bare || adds(&text)) {
            return vec![(lines, text, bare)];
        }
        let types = types.into_iter().map(|text| (lines.clone(), text, true));
        types.collect::<Vec<_>>().into_iter().chain([(lines.clone(), rest, bare)]).collect()
    });
    let lines = lines.flat_map(|(lines, text, bare)| {
        let parts = if bare { vec![text] } else { each_struct(&text) };
        parts.into_iter().map(move |text| (lines.clone(), text, bare)).collect::<Vec<_>>()
    });
    let owner = only_type(&task.title);
    for (lines, text, is_field) in lines {
        // Below a struct, each line may be a field of it.
        let open = found.last_mut().filter(|last| last.demand.as_ref().is_ok_and(|last| last.is_open));
        let is_listed = open.is_some() && text.trim_start().starts_with('`');
        let declared = declared_struct(&text).filter(|_| !is_field);
        let read = match (declared, members(&text, is_field || is_listed)) {
            (Some(declared), read) if !declared.methods.is_empty() || !matches!(read, Ok(Some(_))) => {
                Ok(Some(declared.member()))
            }
            (_, read) => read,
        };
        match read {
            Ok(None) => {}
            Ok(Some(demand)) if is_listed && demand.new_struct.is_none() && demand.parent.is_none() => {
                if let Some(Said { lines: all, demand: Ok(open) }) = found.last_mut() {
                    open.fields.extend(demand.fields);
                    all.extend(lines);
                }
            }
            // Below a title that is nothing but a type: "add `a int`".
            Ok(Some(demand)) if demand.new_struct.is_none() && demand.parent.is_none() => {
                found.push(Said { lines, demand: Ok(MemberDemand { parent: owner.map(str::to_owned), ..demand }) });
            }
            Ok(Some(demand)) => found.push(Said { lines, demand: Ok(demand) }),
            Err(why) => found.push(Said { lines, demand: Err(why) }),
        }
    }
    found
}

/// Whether a text is a name with a type that is no basic one, which declares a type.
fn is_other_type(text: &str) -> bool {
    let code = text.trim().strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).filter(|code| !code.contains('`'));
    let parts = code.and_then(|code| code.split_once(' ')).filter(|(name, _)| is_go_identifier(name));
    parts.is_some_and(|(_, ty)| ["func(", "map[", "[]", "chan "].iter().any(|head| ty.starts_with(head)))
}

/// A line without the comment that it states for the type that it declares, the type, and the comment: "struct `S` with
/// `a int`: \"S is …\"".
pub(super) fn described(line: &str) -> Option<(String, String, String)> {
    let found = quoted_comment(line)?;
    let (name, _) = found.text.split_once(' ')?;
    let declares = words(&found.rest).iter().any(|word| word.is_code() && word.text == name);
    declares.then(|| (found.rest.clone(), name.to_owned(), found.text.clone()))
}

/// A `Field:` line with what the lines beside it say, `Type:`, `Struct:`, `Tag:`, and these.
fn with_keys(task: &PlannedTask, text: &str) -> (String, Vec<usize>) {
    let value = |names: &[&str]| {
        let line = task.details.iter().find(|line| names.contains(&line.key.to_string().as_str()))?;
        Some((line.text.trim().trim_matches('`').to_owned(), line.line))
    };
    let mut lines = Vec::new();
    let mut text = text.trim().to_owned();
    let bare = text.trim_matches('`');
    if let Some((ty, line)) = value(&["constants"]).filter(|_| is_go_identifier(bare)) {
        text = format!("`{bare} {ty}`");
        lines.push(line);
    }
    if let Some((tag, line)) = value(&["tag", "xml tag", "xml", "struct tag"]).filter(|_| !text.contains("xml")) {
        text.push_str(if tag.contains(":\"") { " `" } else { " xml tag `" });
        text.push_str(&tag);
        text.push('`');
        lines.push(line);
    }
    if let Some((into, line)) = value(&["struct", "parent", "in struct", "to"]).filter(|_| !text.contains(" to ")) {
        text.push_str(" to `");
        text.push_str(&into);
        text.push('`');
        lines.push(line);
    }
    (text, lines)
}

/// Whether a line with a type that is written as Go declares it: it asks for no change of it.
fn adds(text: &str) -> bool {
    const CHANGES: &[&str] = &[
        "change", "rename", "remove", "move", "convert", "replace", "turn", "delete", "drop", "make", "refactor",
        "extend", "update", "modify", "use", "export", "like", "instead", "existing", "from",
    ];
    !words(text).iter().any(|word| word.is(CHANGES))
}
