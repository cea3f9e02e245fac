//! The facts of a pull request as a tasks.md, in the words that contributors use.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kubevirt_scaffold_core::go::body::Members;
use kubevirt_scaffold_core::go::{DeclKind, FunctionHead, GoFile, Member, Target};
use kubevirt_scaffold_core::name::is_predeclared;
use kubevirt_scaffold_core::tree::{Tree, join, parent};

use super::super::history::state;
use super::super::view::{values, view};
use super::facts::{ApiField, Facts};
use super::judge::one_line;

/// Ways to ask for a field: `{f}` is its name, `{t}` its type, `{s}` its struct, `{j}` its name in JSON.
const FIELDS: &[&str] = &[
    "Add optional field `{f} {t}` to the `{s}` struct",
    "Add `{f} {t}` to `{s}`",
    "Add a field `{f}` of type `{t}` to `{s}` (json `{j}`)",
    "Extend `{s}` with an optional field `{f} {t}`",
    "Introduce the optional `{f} {t}` in `{s}`, json tag `{j},omitempty`",
    "Add field {f} of type {t} to {s}",
];

/// Ways to ask for a method or a function; `{h}` is its head, `{n}` its name, `{s}` what stands behind it.
const METHODS: &[&str] = &["`({r}) {n}{s}`", "`{n}{s}` on `{b}`"];

/// Ways to ask for a struct: `{s}` is its name, `{f}` its fields.
const STRUCTS: &[&str] = &[
    "Task: Add struct `{s}` with fields {f}",
    "Struct: `{s}` with fields {f}",
    "Task: Define a new struct `{s}` (fields {f})",
];

/// What a tasks.md is made of.
pub(super) struct Written {
    pub(super) text: String,
    /// The functions that it asks for: file, receiver's type, name, and what stands behind the name.
    pub(super) functions: Vec<Function>,
    /// Facts that no line says, and why.
    pub(super) unsaid: Vec<String>,
}

/// A function as its author wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Function {
    pub(super) path: String,
    pub(super) receiver: Option<String>,
    pub(super) name: String,
    /// From the opening parenthesis to the body.
    pub(super) signature: String,
    /// The function that calls it, where there is one that is not new: its file, its receiver's type and its name.
    pub(super) caller: Option<Caller>,
    pub(super) admits: bool,
    /// Every type of its own package that it names is there before, or is among the facts.
    pub(super) known: bool,
}

/// A feature gate that a pull request adds, as lines of a task; and its accessor.
fn gate(name: &str, after: &dyn Tree) -> Option<(Vec<String>, Option<String>)> {
    let author = view(after, name)?;
    let stage = state(&author).or(author.last_stage()).unwrap_or("Alpha");
    let mut lines = vec![format!("Gate: `{name}`")];
    lines.extend((stage == "Beta").then(|| "State: Beta".to_owned()));
    lines.extend(author.owner().map(|owner| format!("Owner: {owner}")));
    lines.extend((author.identifier != name).then(|| format!("Constant: `{}`", author.identifier)));
    let accessor = author.accessor.map(|(accessor, ..)| accessor);
    lines.extend(accessor.as_ref().map(|accessor| format!("Accessor: `{accessor}`")));
    Some((lines, accessor))
}

/// A function that calls a new one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Caller {
    pub(super) path: String,
    pub(super) receiver: Option<String>,
    pub(super) name: String,
}

/// Ways to name a method as a caller: `{r}` is its receiver's type, `{n}` its name.
const CALLERS: &[&str] = &["{r}.{n}", "(*{r}).{n}", "(x *{r}) {n}"];

/// Writes the tasks.md of a pull request that has changed some Go files.
pub(super) fn tasks(facts: &Facts, changed: &[String], before: &dyn Tree, after: &dyn Tree) -> Written {
    let pull = &facts.pull;
    let mut text = format!("# Tasks: Pull request {}\n\n## Phase 1: Core\n", pull.pr);
    let mut unsaid = Vec::new();
    let mut number = 0;
    let mut task = |text: &mut String, title: &str, path: &str, lines: &[String]| {
        number += 1;
        let _ = write!(text, "\n- [ ] T{number:03} **{title}**\n");
        if !path.is_empty() {
            let _ = writeln!(text, "  - File: `{path}`");
        }
        for line in lines {
            let _ = writeln!(text, "  - {line}");
        }
    };
    let known = values(before);
    let mut made = Vec::new();
    for (lines, accessor) in
        values(after).iter().filter(|name| !known.contains(name)).filter_map(|name| gate(name, after))
    {
        task(&mut text, "Feature gate registration", "", &lines);
        made.extend(accessor);
    }
    let packages: BTreeSet<&str> = facts
        .fields
        .iter()
        .map(|fact| fact.pkg.as_str())
        .chain(facts.types.iter().map(|fact| fact.pkg.as_str()))
        .chain(facts.constants.iter().map(|fact| fact.pkg.as_str()))
        .collect();
    let mut at = pull.pr as usize;
    for package in packages {
        let file = if package.contains('/') { "types.go" } else { "register.go" };
        let path = format!("staging/src/kubevirt.io/api/{package}/{file}");
        let lines = api(facts, package, &mut at, &mut unsaid);
        if !lines.is_empty() {
            task(&mut text, "API", &path, &lines);
        }
    }
    let mut functions = functions(facts, changed, before, after);
    let structs = types(changed, before, after, &mut unsaid);
    for function in &mut functions {
        function.known = knows(facts, before, &structs, function);
    }
    let paths = functions.iter().map(|function| function.path.as_str());
    let paths: BTreeSet<&str> = paths.chain(structs.iter().map(|(path, ..)| path.as_str())).collect();
    for path in paths {
        let mut lines = Vec::new();
        for (_, name, ty) in structs.iter().filter(|(file, ..)| file == path) {
            at += 1;
            lines.push(match ty {
                Type::Struct(fields) if fields.is_empty() => format!("Task: Add an empty struct `{name}`"),
                Type::Struct(fields) => {
                    STRUCTS[at % STRUCTS.len()].replace("{s}", name).replace("{f}", &fields.join(", "))
                }
                Type::Interface(methods) => format!("Task: Add interface `{name}` with methods {}", methods.join(", ")),
                Type::Other(text) => format!("Task: Add type `{name} {text}`"),
            });
        }
        for function in functions.iter().filter(|function| function.path == path) {
            // The accessor is part of its gate.
            if made.contains(&function.name) && path.starts_with("pkg/virt-config/") {
                continue;
            }
            at += 1;
            lines.push(format!("Function: {}", asked(function, at)));
            if let Some(caller) = &function.caller {
                let by = match &caller.receiver {
                    None => caller.name.clone(),
                    Some(receiver) => CALLERS[at % CALLERS.len()].replace("{r}", receiver).replace("{n}", &caller.name),
                };
                let place = if caller.path == path { String::new() } else { format!(" in `{}`", caller.path) };
                lines.push(format!("Integration: Call `{}` from `{by}`{place}", function.name));
            }
        }
        if !lines.is_empty() {
            task(&mut text, "Code", path, &lines);
        }
    }
    Written { text, functions, unsaid }
}

/// What a tasks.md says of a package of the API.
fn api(facts: &Facts, package: &str, at: &mut usize, unsaid: &mut Vec<String>) -> Vec<String> {
    let mut lines = Vec::new();
    for ty in facts.types.iter().filter(|ty| ty.pkg == package) {
        let own: Vec<&ApiField> =
            facts.fields.iter().filter(|field| field.pkg == package && field.parent == ty.name).collect();
        if ty.kind == "struct" {
            let part = |field: &&ApiField| {
                if field.field == field.go_type {
                    format!("`{}`", field.go_type)
                } else {
                    format!("`{} {}`", field.field, field.go_type)
                }
            };
            let parts: Vec<String> = own.iter().map(part).collect();
            lines.push(match parts.as_slice() {
                [] => format!("Task: Add an empty struct `{}`", ty.name),
                [one] => format!("Task: Add struct `{}` with the field {one}", ty.name),
                [first @ .., last] => {
                    format!("Task: Add struct `{}` with fields {} and {last}", ty.name, first.join(", "))
                }
            });
        } else if ty.under == "string" {
            let values = facts.constants.iter().filter(|one| one.pkg == package && one.ty == ty.name);
            let values: Vec<String> = values.map(|one| format!("`{} = {}`", one.name, one.value)).collect();
            lines.push(format!("Task: Add string type `{}` with constants {}", ty.name, values.join(", ")));
        } else {
            unsaid.push(format!("type {} of {}", ty.name, ty.under));
        }
    }
    let is_new = |name: &str| facts.types.iter().any(|ty| ty.pkg == package && ty.name == name);
    for field in facts.fields.iter().filter(|field| field.pkg == package && !is_new(&field.parent)) {
        *at += 1;
        let line = FIELDS[*at % FIELDS.len()];
        let line = line.replace("{f}", &field.field).replace("{t}", &field.go_type);
        lines.push(format!("Task: {}", line.replace("{s}", &field.parent).replace("{j}", &field.json)));
    }
    let new: Vec<&str> = facts.types.iter().map(|ty| ty.name.as_str()).collect();
    for constant in facts.constants.iter().filter(|one| one.pkg == package && !new.contains(&one.ty.as_str())) {
        let what = match constant.name.as_str() {
            name if name.contains("Annotation") => "annotation",
            name if name.contains("Label") => "label",
            name if name.contains("Reason") => "reason",
            _ => "constant",
        };
        lines.push(if constant.ty.is_empty() || constant.ty == "string" {
            format!("Task: Add {what} `{} = {}`", constant.name, constant.value)
        } else {
            format!("Task: Add constant `{} {} = {}`", constant.name, constant.ty, constant.value)
        });
    }
    lines
}

fn asked(function: &Function, at: usize) -> String {
    let Some(receiver) = &function.receiver else { return format!("`{}{}`", function.name, function.signature) };
    let base = receiver.rsplit(' ').next().unwrap_or(receiver);
    let line = METHODS[at % METHODS.len()].replace("{r}", receiver).replace("{b}", base);
    line.replace("{n}", &function.name).replace("{s}", &function.signature)
}

/// The functions of the key that this pull request added, as its author wrote them.
fn functions(facts: &Facts, changed: &[String], before: &dyn Tree, after: &dyn Tree) -> Vec<Function> {
    let mut found = Vec::new();
    for (path, name) in &facts.functions {
        if path.ends_with("_test.go") || path.starts_with("staging/") || path.starts_with("tests/") {
            continue;
        }
        let read =
            |tree: &dyn Tree| tree.read(path).ok().flatten().and_then(|text| Some((GoFile::parse(&text).ok()?, text)));
        let Some((file, text)) = read(after) else { continue };
        let (receiver, name) = match name.strip_prefix('(').and_then(|rest| rest.split_once(").")) {
            Some((ty, name)) => (Some(ty.trim_start_matches('*')), name),
            None => (None, name.as_str()),
        };
        let known = read(before).is_some_and(|(file, _)| file.method(receiver, name).is_some());
        let Some(decl) = file.method(receiver, name).filter(|_| !known) else { continue };
        let head = &text[decl.span.start..decl.body.map_or(decl.span.end, |body| body.start)];
        let head = one_line(head).trim_start_matches("func ").to_owned();
        let (receiver, rest) = match head.strip_prefix('(').and_then(|rest| rest.split_once(") ")) {
            Some((receiver, rest)) if decl.receiver.is_some() => (Some(receiver.to_owned()), rest.to_owned()),
            _ => (None, head),
        };
        let Some(signature) = rest.strip_prefix(name) else { continue };
        let caller = caller(path, (receiver.is_some(), name), changed, before, after);
        let admits = facts.admits.iter().any(|(file, _)| file == path);
        let (path, name, signature) = (path.clone(), name.to_owned(), signature.trim().to_owned());
        found.push(Function { path, receiver, name, signature, caller, admits, known: false });
    }
    found
}

/// The old function of a package that calls a new one, if there is one only.
fn caller(
    path: &str,
    (is_method, name): (bool, &str),
    changed: &[String],
    before: &dyn Tree,
    after: &dyn Tree,
) -> Option<Caller> {
    let is_call = |body: &str| {
        body.match_indices(&format!("{name}(")).any(|(at, _)| match body[..at].chars().next_back() {
            Some('.') => is_method,
            Some(c) => !is_method && !c.is_alphanumeric() && c != '_',
            None => false,
        })
    };
    let mut found = Vec::new();
    for other in changed.iter().filter(|other| parent(other) == parent(path)) {
        let Some(text) = after.read(other).ok().flatten() else { continue };
        let (Ok(file), Some(old)) = (GoFile::parse(&text), before.read(other).ok().flatten()) else { continue };
        let Ok(old) = GoFile::parse(&old) else { continue };
        for decl in file.decls.iter().filter(|decl| decl.kind == DeclKind::Func) {
            let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.clone());
            let is_old = old.method(receiver.as_deref(), decl.name()).is_some();
            if is_old && decl.body.is_some_and(|body| is_call(body.of(&text))) {
                found.push(Caller { path: other.clone(), receiver, name: decl.name().to_owned() });
            }
        }
    }
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none())
}

/// A type that a pull request added outside of the API, as a line has it.
enum Type {
    /// Its fields.
    Struct(Vec<String>),
    /// Its methods.
    Interface(Vec<String>),
    /// Its text.
    Other(String),
}

/// Whether a file is code that people write, outside of the API.
pub(super) fn is_code(path: &str) -> bool {
    (path.starts_with("pkg/") || path.starts_with("cmd/"))
        && path.ends_with(".go")
        && !path.ends_with("_test.go")
        && !path.contains("generated")
        && !path.ends_with(".pb.go")
}

/// The types that files gained, as their author wrote them: file, name, and what it is. What a line cannot say is told.
fn types(
    changed: &[String],
    before: &dyn Tree,
    after: &dyn Tree,
    unsaid: &mut Vec<String>,
) -> Vec<(String, String, Type)> {
    let mut found = Vec::new();
    let read = |tree: &dyn Tree, path: &str| {
        let text = tree.read(path).ok().flatten()?;
        Some((GoFile::parse(&text).ok()?, text))
    };
    let is_old = |folder: &str, name: &str| {
        let files = before.list(folder).into_iter().filter(|name| name.ends_with(".go"));
        let mut files = files.filter_map(|file| read(before, &join(folder, &file)));
        files.any(|(file, _)| file.declares(name).is_some_and(|decl| decl.kind == DeclKind::Type))
    };
    for path in changed {
        let Some((file, text)) = read(after, path) else { continue };
        let target = Target::new(&text, &file);
        for decl in file.decls.iter().filter(|decl| decl.kind == DeclKind::Type) {
            for name in decl.names.iter().map(|name| name.text.as_str()).filter(|name| !is_old(parent(path), name)) {
                match written(&target, name) {
                    Some(ty) if !decl.span.of(&text).contains(&format!("{name} = ")) => {
                        found.push((path.clone(), name.to_owned(), ty));
                    }
                    _ => unsaid.push(format!("type {name} of {path}")),
                }
            }
        }
    }
    found
}

/// A type of a file, if a line can say it.
fn written(target: &Target<'_>, name: &str) -> Option<Type> {
    let plain = |text: &str| !text.contains(['\n', '`']);
    Some(match target.members(name).ok()?? {
        Members::Struct(_) => {
            let members = target.struct_members(name)?;
            let lines = members.iter().map(|(member, _)| field_lines(member));
            Type::Struct(lines.collect::<Option<Vec<_>>>()?.concat())
        }
        Members::Interface(methods) => {
            let line =
                |(name, line): (Option<String>, String)| name.filter(|_| plain(&line)).map(|_| format!("`{line}`"));
            Type::Interface(methods.into_iter().map(line).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())?)
        }
        Members::Other(text) if plain(&text) => Type::Other(text),
        _ => return None,
    })
}

/// A field as a line of a task has it; one line for each of its names.
fn field_lines(member: &Member) -> Option<Vec<String>> {
    let plain = !member.ty.contains(['\n', '`']);
    let tag = member.tag.as_ref().map(|tag| format!(" {}", tag.trim_matches('`'))).unwrap_or_default();
    let lines = match &member.name {
        None => vec![format!("embedded `{}{tag}`", member.ty)],
        Some(names) => names.split(',').map(|name| format!("`{} {}{tag}`", name.trim(), member.ty)).collect(),
    };
    plain.then_some(lines)
}

/// Whether the package of a file has every type that a head names without a package, before or as a task says.
fn knows(facts: &Facts, before: &dyn Tree, structs: &[(String, String, Type)], function: &Function) -> bool {
    let Function { path, signature, .. } = function;
    let receiver = function.receiver.as_ref().map(|receiver| format!("({receiver}) ")).unwrap_or_default();
    let Ok(head) = FunctionHead::parse(&format!("{receiver}f{signature}")) else { return false };
    let own = head.receiver.iter().flat_map(|receiver| &receiver.ty.names).chain(head.type_names());
    let folder = parent(path);
    let names = before.list(folder).into_iter().filter(|name| name.ends_with(".go"));
    let texts: Vec<_> = names.filter_map(|name| before.read(&join(folder, &name)).ok().flatten()).collect();
    let there = |name: &str| {
        let mut files = texts.iter().filter_map(|text| GoFile::parse(text).ok());
        files.any(|file| file.declares(name).is_some_and(|decl| decl.kind == DeclKind::Type))
    };
    let stated = |name: &str| structs.iter().any(|(file, known, _)| parent(file) == folder && known == name);
    let mut plain = own.filter(|(package, _)| package.is_none()).map(|(_, name)| name.as_str());
    plain
        .all(|name| is_predeclared(name) || facts.types.iter().any(|ty| ty.name == name) || stated(name) || there(name))
}

/// The path of a tasks.md below a folder.
pub(super) fn file_name(folder: &str, pr: u32) -> String {
    join(folder, &format!("{pr}.md"))
}
