//! Code that a line states for a function that is there: "`virtualMachineOptions` sets `Pulse: config.PulseEnabled()`".
//!
//! It is put in as it stands there, if every word of the line is read, and its place is certain.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::scope::{gives, imports};
use crate::demand::{Piece, Word, words};
use crate::go::{AnchorError, FuncName, ImportSpec, Position, Stated, add_imports, is_called, one_statement};
use crate::name::is_go_identifier;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Key, ManualReason, PlannedTask, Planner, Unit, Use};
use crate::repo_path::RepoPath;
use crate::survey::{Func, Survey};
use crate::template::{Context, Renderer, Template, Text};
use crate::text::squeezed;
use crate::tree::parent;

/// The templates that it renders from.
pub(super) const TEMPLATES: &[Text] = &[FlagText::FILE];

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/edited-function/edit/__file__.go/flag.hbs")]
struct FlagText {
    condition: String,
    list: String,
    flag: String,
}

/// Code that goes into a function.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    function: (Option<String>, String),
    stated: Stated,
    position: Option<Position>,
    apart: Vec<String>,
    imports: Vec<ImportSpec>,
}

/// What lines have put into functions so far: the code, by the function.
pub(super) type Made = BTreeMap<String, Vec<String>>;

/// What a line states.
#[derive(Debug)]
enum Form<'a> {
    Code(&'a str),
    /// A flag of a command line, and when it is passed.
    Flag(&'a str, When<'a>),
}

/// When a flag is passed.
#[derive(Clone, Copy, Debug)]
enum When<'a> {
    /// If a condition holds.
    Holds(&'a str),
    /// If a feature gate is on: the one of the feature, unless it has a name.
    Gate(Option<&'a str>),
}

struct Demand<'a> {
    function: Func,
    form: Form<'a>,
    position: Option<Position>,
    /// The literal, or the list, that it goes into.
    within: Option<&'a str>,
}

/// What became of the lines of a task that state code for functions that are there.
pub(super) struct Put {
    /// These lines.
    pub(super) lines: BTreeSet<usize>,
    /// Why some of their code is not put in.
    pub(super) left: Vec<ManualReason>,
    /// Other lines ask for more.
    pub(super) is_part: bool,
}

/// Puts in what the lines of a task state; nothing if they state no code.
pub(super) fn plan(
    planner: &mut Planner<'_, '_>,
    task: usize,
    file: &str,
    made: &mut Made,
) -> Result<Option<Put>, Refusal> {
    const KEYS: &[Key] = &[Key::Task, Key::Logic, Key::Implementation, Key::Integration, Key::Prose];
    let planned = planner.task(task).clone();
    let whole = default(planner.survey, &planned, file);
    let title = (planned.line, planned.subject.clone());
    let lines = planned.lines_of(KEYS).map(|line| (line.line, line.text.clone()));
    let mut found = Vec::new();
    let mut put = Put { lines: BTreeSet::new(), left: Vec::new(), is_part: false };
    for (line, text) in std::iter::once(title).chain(lines) {
        let Some(demand) = read(planner.survey, &text, file, whole.as_ref()) else {
            put.is_part |= line != planned.line && text.contains('`');
            continue;
        };
        put.lines.insert(line);
        match facts(planner, &demand, made) {
            Ok(facts) => {
                let (Form::Code(code) | Form::Flag(code, _)) = demand.form;
                made.entry(key(&demand.function)).or_default().push(code.to_owned());
                found.push((line, facts));
            }
            Err(why) => {
                let place = format!("{} at {}", demand.function.name, demand.function.place());
                let why = format!("the code in line {line} is put in by hand: {why}");
                put.left.push(ManualReason::Inexact { why, places: vec![place] });
            }
        }
    }
    for (line, facts) in found {
        planner.open(&facts.file)?;
        planner.note(task, line, Use::Change, std::slice::from_ref(&facts.file));
        planner.push(facts, &[task]);
    }
    Ok((!put.lines.is_empty()).then_some(put))
}

/// The function that a task is about, if its title or its `Location:` names one.
fn default(survey: &Survey<'_>, task: &PlannedTask, file: &str) -> Option<Func> {
    let places = task.details(&[Key::Location, Key::Function]);
    let mut texts = std::iter::once(task.whole_title()).chain(places.map(str::to_owned));
    texts.find_map(|text| words(&text).iter().find_map(|word| function(survey, file, word)))
}

/// The function of a file that a piece of code names: `f`, `f()`, `T.f`, `(t *T) f`.
fn function(survey: &Survey<'_>, file: &str, word: &Word<'_>) -> Option<Func> {
    let text = word.text.trim_end_matches("()");
    let (receiver, name) = match text.strip_prefix('(').and_then(|text| text.split_once(')')) {
        Some((inside, name)) => (inside.rsplit([' ', '*']).next(), name.trim().trim_start_matches('.')),
        None => text
            .rsplit_once('.')
            .map_or((None, text), |(receiver, name)| (Some(receiver.trim_start_matches('*')), name)),
    };
    if !word.is_code() || !is_go_identifier(name) {
        return None;
    }
    let funcs = survey.funcs(parent(file), name);
    let own =
        |func: &&Func| func.source.path() == file && receiver.is_none_or(|one| func.receiver.as_deref() == Some(one));
    let mut found = funcs.iter().filter(own);
    found.next().filter(|_| found.next().is_none()).cloned()
}

/// Words that say no more than that code stands in a function.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "in", "inside", "within", "add", "adds", "set", "sets", "put", "puts", "pass", "passes", "call", "calls", "also",
    "the", "a", "an", "to", "of", "with", "as", "it", "launcher", "virt-launcher", "launcher's", "virt-launcher's",
    "command", "line", "flag", "field", "literal", "entry", "option", "options", "argument", "list", "chain", "slice",
    "statement", "then", "new", "append", "appends", "extend", "extends", "fill", "fills", "function", "method", "its",
    "existing", "must", "should", "is", "on", "enabled", "gate", "feature", "directly", "right", "just", "immediately",
];

/// What a line states; nothing if it has a word that is not read.
fn read<'a>(survey: &Survey<'_>, line: &'a str, file: &str, whole: Option<&Func>) -> Option<Demand<'a>> {
    let all = words(line);
    let mut own = None;
    let (mut codes, mut condition): (Vec<&Word<'_>>, Vec<&Word<'_>>) = Default::default();
    let (mut role, mut within, mut position) = ("", None, None);
    for word in &all {
        if word.is(&["after", "behind", "below", "following"]) {
            role = "after";
        } else if word.is(&["before", "above"]) {
            role = "before";
        } else if word.is(&["if", "when", "while"]) {
            role = "if";
        } else if word.is(&["in", "inside", "within", "to"]) {
            role = "in";
        } else if word.is(&["call", "calls", "set", "sets", "add", "adds", "append", "appends", "pass", "passes"]) {
            role = "verb";
        } else if word.is_code() {
            match role {
                "after" => position = Some(Position::After(word.text.to_owned())),
                "before" => position = Some(Position::Before(word.text.to_owned())),
                "if" => condition.push(word),
                "verb" => codes.push(word),
                _ => match function(survey, file, word).filter(|_| own.is_none()) {
                    Some(func) => own = Some(func),
                    None if role == "in" && within.is_none() => within = Some(word.text),
                    None => codes.push(word),
                },
            }
            role = if role == "if" { "if" } else { "" };
        } else if !word.is(PLAIN) && !word.is_mark(",") && !word.is_mark(".") && !word.is_mark(":") {
            return None;
        }
    }
    let gated = all.iter().any(|word| word.is(&["gate", "enabled"]));
    let says_set = all.iter().rev().take_while(|word| !word.is_code()).any(|word| word.is(&["set", "is", "on"]));
    let function = own.or_else(|| whole.cloned())?;
    let [code] = codes.as_slice() else { return None };
    let form = match code.text.strip_prefix("--") {
        Some(name) if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => return None,
        Some(_) => match condition.as_slice() {
            // "If `x` is set" is no condition in Go.
            [one] if one.text.contains(['.', '(']) && !gated && !says_set => {
                Form::Flag(code.text, When::Holds(one.text))
            }
            [one] if one.text.contains(['.', '(']) => return None,
            [] if gated => Form::Flag(code.text, When::Gate(None)),
            [name] if gated => Form::Flag(code.text, When::Gate(Some(name.text))),
            _ => return None,
        },
        None if condition.is_empty() && !gated => Form::Code(code.text),
        None => return None,
    };
    let is_go = code.piece == Piece::Code && (code.text.contains(['(', ':', '=']) || code.text.starts_with("--"));
    is_go.then_some(Demand { function, form, position, within })
}

/// Which function code goes into.
fn key(function: &Func) -> String {
    format!("{} {}", function.source.path(), function.func_name())
}

/// The code as it goes into the function, or why it does not.
fn facts(planner: &Planner<'_, '_>, demand: &Demand<'_>, made: &Made) -> Result<Facts, String> {
    let Demand { function, form, position, within } = demand;
    let (target, func) = (function.source.target(), function.func_name());
    let forms: Vec<Stated> = match form {
        Form::Flag(flag, when) => {
            vec![Stated::Statement(flag_of(planner, function, (flag, *when, *within))?)]
        }
        Form::Code(code) => {
            let forms = read_code(code, *within);
            forms.ok_or_else(|| format!("`{code}` is neither an entry, a call nor an assignment"))?
        }
    };
    let apart = made.get(&key(function)).cloned().unwrap_or_default();
    let is_made = |name: &str| apart.iter().any(|code| is_called(code, name));
    let put = |stated: Stated| (target.put_inside(func, &stated, position.as_ref(), &apart), stated);
    let mut tried: Vec<_> = forms.into_iter().map(put).collect();
    // A call may be a statement or stand in a list: where one of them is certain, it is that.
    let there = tried.iter().position(|(edit, _)| matches!(edit, Ok(None)));
    let fits: Vec<usize> = (0..tried.len()).filter(|at| tried[*at].0.is_ok()).collect();
    let at = match (there, fits.as_slice()) {
        (Some(at), _) => at,
        (None, [at]) => *at,
        (None, []) => 0,
        (None, _) => return Err("it may be a statement, or stand in a list".to_owned()),
    };
    let (edit, stated) = tried.swap_remove(at);
    let end = function.source.file.method(func.receiver, func.name).map_or(0, |decl| decl.span.end.saturating_sub(1));
    let place = match edit {
        Ok(None) => None,
        Ok(Some(edit)) => Some(edit.span.start),
        // What it stands beside may be what another line puts in.
        Err(_) if position.as_ref().and_then(Position::anchor).is_some_and(is_made) => Some(end),
        Err(why) => return Err(why),
    };
    if let (Some(_), Stated::Statement(code), Form::Code(_)) = (place, &stated, form)
        && !code.contains(" = ")
        && gives(planner.survey, function, code)
    {
        return Err("what becomes of its result is not said".to_owned());
    }
    let imports = match (place, form) {
        (Some(place), Form::Code(code) | Form::Flag(_, When::Holds(code))) => imports(planner, function, code, place)?,
        (None, _) | (_, Form::Flag(_, When::Gate(_))) => Vec::new(),
    };
    let owner = (function.receiver.clone(), function.name.clone());
    let file = RepoPath::known(function.source.path());
    Ok(Facts { file, function: owner, stated, position: position.clone(), apart, imports })
}

/// A flag that is appended as the others of the function are.
fn flag_of(
    planner: &Planner<'_, '_>,
    function: &Func,
    (flag, when, within): (&str, When<'_>, Option<&str>),
) -> Result<String, String> {
    let func = function.func_name();
    let last = function.source.target().last_flag(func);
    let last = last.ok_or_else(|| format!("{} appends no flags, each if a feature gate is on", func.name))?;
    if let Some(list) = within.filter(|list| *list != last.list) {
        return Err(format!("{} appends its flags to {}, not to {list}", func.name, last.list));
    }
    let text = function.source.source.text();
    let body = function.source.file.method(func.receiver, func.name).map_or("", |decl| decl.span.of(text));
    let condition = match when {
        When::Holds(condition)
            if !condition.ends_with(')') && !condition.contains("==") && !condition.contains("!=") =>
        {
            return Err(format!("whether `{condition}` is true or false is not known"));
        }
        When::Holds(condition) => condition.to_owned(),
        When::Gate(named) => {
            let gate = planner.gate().ok_or("no feature gate is made that the condition could ask for")?;
            if let Some(other) = named.filter(|name| *name != gate.name && *name != gate.identifier) {
                return Err(format!("{other} is another feature gate than {}: state the condition as code", gate.name));
            }
            let holder = last.condition.rsplit_once('.').map_or("", |(holder, _)| holder);
            if holder.is_empty() || holder.contains(['(', ' ', '!']) {
                return Err(format!("how {} asks for a feature gate is not understood", func.name));
            }
            format!("{holder}.{}()", gate.accessor)
        }
    };
    let text = FlagText { condition, list: last.list, flag: flag.to_owned() };
    let code = Renderer::default().render(&text).map_err(|_| "the template of a flag cannot be rendered".to_owned())?;
    if body.contains(&format!("\"{flag}\"")) && !squeezed(body).contains(&squeezed(&code)) {
        return Err(format!("{} passes {flag} already, under another condition", func.name));
    }
    Ok(code)
}

/// What code can be: an entry, an assignment, a call, or a value of a list.
fn read_code(code: &str, within: Option<&str>) -> Option<Vec<Stated>> {
    if let Some((key, value)) = code.split_once(": ").filter(|(key, _)| is_go_identifier(key)) {
        let value = value.trim().trim_end_matches(',');
        return one_statement(&format!("_ = {value}")).then(|| {
            vec![Stated::Entry { key: key.to_owned(), value: value.to_owned(), literal: within.map(str::to_owned) }]
        });
    }
    if within.is_some() {
        return None;
    }
    let code = code.trim().trim_end_matches(',');
    let is_call = code.ends_with(')') && !code.contains(" = ") && !code.contains(":=");
    if !one_statement(code) || !(is_call || code.contains(" = ")) {
        return None;
    }
    let statement = Stated::Statement(code.to_owned());
    Some(if is_call { vec![statement, Stated::Element(code.to_owned())] } else { vec![statement] })
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let func = FuncName { receiver: self.function.0.as_deref(), name: &self.function.1 };
            let near = target.file.method(func.receiver, func.name).map_or(target.file.package.span, |decl| decl.span);
            let put = target.put_inside(func, &self.stated, self.position.as_ref(), &self.apart);
            let edit = put.map_err(|expected| AnchorError::Missing { expected, candidates: Vec::new(), near })?;
            let Some(edit) = edit else { return Ok(Vec::new()) };
            let mut edits = vec![edit];
            edits.extend(add_imports(target.text, target.file, &self.imports, module));
            Ok(edits)
        })
    }
}
