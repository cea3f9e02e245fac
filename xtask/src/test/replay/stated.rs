//! What a contributor would say of a file in a tasks.md: the facts of what its author changed, without any code.

use std::collections::{BTreeMap, BTreeSet};

use kubevirt_scaffold_core::go::{Decl, DeclKind, GoFile, Member, Target};
use kubevirt_scaffold_core::text::squeezed;
use kubevirt_scaffold_core::tree::{Tree as _, parent};

use super::changed::{self, Growth};
use super::git_tree::GitTree;
use super::inside;
use super::key::one_line;

/// The file in which functional tests switch gates on.
const SUITE: &str = "tests/testsuite/kubevirtresource.go";

/// The lines of the task of a file: its new functions with their heads, new structs, fields, constants, methods of
/// interfaces, flags and rules of RBAC; where nothing is new, what is extended, and the test file that its author changed.
pub(super) fn lines(
    (before, after): (&GitTree<'_>, &GitTree<'_>),
    path: &str,
    tests: &[&str],
    growing: &[Growth],
    gate: &str,
) -> Vec<String> {
    let read = |tree: &GitTree<'_>| tree.read(path).ok().flatten().unwrap_or_default();
    if path.ends_with(".proto") {
        return messages(&read(before), &read(after));
    }
    if !path.ends_with(".go") {
        return Vec::new();
    }
    let (old, new) = (read(before), read(after));
    if path.ends_with("_test.go") {
        let mut lines = specs(&old, &new);
        if let (Ok(old_file), Ok(new_file)) = (GoFile::parse(&old), GoFile::parse(&new)) {
            let (old, new) = (Target::new(&old, &old_file), Target::new(&new, &new_file));
            lines.extend(changed::lines(&old, &new, path, growing));
        }
        return lines;
    }
    // Of a new file, everything is new.
    let old = if old.is_empty() { "package new\n".into() } else { old };
    let (Ok(old_file), Ok(new_file)) = (GoFile::parse(&old), GoFile::parse(&new)) else { return Vec::new() };
    let (old, new) = (Target::new(&old, &old_file), Target::new(&new, &new_file));
    if path == SUITE && !old.text.contains(gate) && new.text.contains(gate) {
        return vec![format!("Task: Enable the `{gate}` feature gate for functional tests")];
    }
    let mut lines = if path.starts_with("tests/") { Vec::new() } else { types(&old, &new, path) };
    if !path.starts_with("tests/") {
        lines.extend(interfaces(&old, &new));
        lines.extend(methods(&old, &new));
        lines.extend(flags(&old, &new));
    }
    lines.extend(constants(&old, &new));
    if path.starts_with(RBAC) {
        lines.extend(rules(&old, &new, path));
    }
    let (functions, changed) = functions(&old, &new);
    lines.extend(functions.into_iter().map(|head| format!("Function: `{head}`")));
    if path.starts_with("tests/") {
        lines.extend(specs(old.text, new.text));
    }
    let is_new = !lines.is_empty();
    let becomes = if old.text == "package new\n" { Vec::new() } else { changed::lines(&old, &new, path, growing) };
    let inside = if path.starts_with("tests/") { Vec::new() } else { inside::lines(&old, &new) };
    let changed = changed
        .into_iter()
        .filter(|name| !inside::is_whole(&old, &new, name) && !changed::is_whole(&old, &new, name, growing));
    let changed: Vec<String> = changed.collect();
    if !is_new && !changed.is_empty() {
        lines.push(format!("Task: Extend `{}` for {gate}", changed.join("`, `")));
        // Where its own test file is as it was, the author's specs are in another one.
        let own = path.replace(".go", "_test.go");
        let other = tests.iter().find(|test| parent(test) == parent(path)).filter(|_| !tests.contains(&own.as_str()));
        lines.extend(other.map(|test| format!("File: `{test}`")));
    }
    if !is_new {
        lines.extend(inside);
    }
    lines.extend(becomes);
    lines
}

/// The texts of new specs, and of new entries of tables.
fn specs(old: &str, new: &str) -> Vec<String> {
    const OPENS: &[&str] = &["It(", "Specify(", "Entry(", "DescribeTable("];
    let texts = |text: &str| -> Vec<String> {
        let mut found: Vec<(usize, String)> = Vec::new();
        for open in OPENS {
            for (at, _) in text.match_indices(open) {
                let is_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
                let rest = text[at + open.len()..].trim_start().strip_prefix('"').filter(|_| !is_word);
                found.extend(rest.and_then(|rest| rest.split_once('"')).map(|(said, _)| (at, said.to_owned())));
            }
        }
        found.sort();
        found.into_iter().map(|(_, said)| said).collect()
    };
    let known: BTreeSet<String> = texts(old).into_iter().collect();
    let is_new = |said: &String| !known.contains(said) && !said.contains('\\') && !said.trim().is_empty();
    let mut found: Vec<String> = texts(new).into_iter().filter(is_new).collect();
    found.dedup();
    found.into_iter().map(|said| format!("Test: {said}")).collect()
}

/// New functions, as their heads, and functions that have changed, `Type.method` for a method.
fn functions(old: &Target<'_>, new: &Target<'_>) -> (Vec<String>, Vec<String>) {
    let whole = |decl: &Decl| {
        let receiver = decl.receiver.as_ref().map(|receiver| format!("{}.", receiver.type_name));
        format!("{}{}", receiver.unwrap_or_default(), decl.name())
    };
    let all = |target: &Target<'_>| -> Vec<(String, String, String)> {
        let decls = target.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.name() != "init");
        let head = |decl: &Decl| {
            let end = decl.body.map_or(decl.span.end, |body| body.start);
            one_line(target.text[decl.span.start..end].trim_start_matches("func").trim())
        };
        decls.map(|decl| (whole(decl), head(decl), decl.span.of(target.text).to_owned())).collect()
    };
    let known = all(old);
    let (mut heads, mut changed) = (Vec::new(), Vec::new());
    for (name, head, text) in all(new) {
        match known.iter().find(|(known, ..)| *known == name) {
            None => heads.push(head),
            Some((.., old)) if *old != text => changed.push(name),
            Some(_) => {}
        }
    }
    (heads, changed)
}

/// New structs with their fields, new fields of those that are there, and in the API the strings of new types.
fn types(old: &Target<'_>, new: &Target<'_>, path: &str) -> Vec<String> {
    let is_api = path.starts_with("staging/src/kubevirt.io/api/");
    let part = if is_api { api_part } else { part };
    let mut lines = Vec::new();
    let values = if is_api { strings(new) } else { BTreeMap::new() };
    for decl in new.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type) {
        for name in decl.names.iter().map(|name| name.text.as_str()) {
            let Some(members) = new.struct_members(name) else {
                let own: Vec<String> = values.get(name).into_iter().flatten().cloned().collect();
                if old.file.declares(name).is_none() && !own.is_empty() {
                    lines.push(format!("Task: Add string type `{name}` with constants {}", own.join(", ")));
                }
                continue;
            };
            let members: Vec<Member> = members.into_iter().map(|(member, _)| member).collect();
            match old.struct_members(name) {
                None if old.file.declares(name).is_none() => lines.push(whole(name, &members, is_api)),
                None => {}
                Some(known) => {
                    let is_new = |member: &&Member| {
                        !known.iter().any(|(known, _)| known.name == member.name && known.ty == member.ty)
                    };
                    let taken = |member: &Member| known.iter().any(|(known, _)| known.name == member.name);
                    let new = members.iter().filter(is_new).filter(|member| !taken(member));
                    lines.extend(new.map(|member| format!("Task: Add field {} to `{name}`", part(member))));
                }
            }
        }
    }
    lines
}

fn whole(name: &str, members: &[Member], is_api: bool) -> String {
    // The names in JSON follow from those in Go.
    let plain = |member: &Member| part(&Member { tag: None, ..member.clone() });
    let parts: Vec<String> = members.iter().map(|member| if is_api { plain(member) } else { part(member) }).collect();
    match parts.as_slice() {
        [] => format!("Task: Add an empty struct `{name}`"),
        [one] => format!("Task: Add struct `{name}` with the field {one}"),
        [first @ .., last] => format!("Task: Add struct `{name}` with fields {} and {last}", first.join(", ")),
    }
}

/// A field as people write it, with its tag where it has one.
fn part(member: &Member) -> String {
    let Some(name) = &member.name else { return format!("`{}`", member.ty) };
    match member.tag.as_deref() {
        Some(tag) => format!("`{name} {}` ({tag})", member.ty),
        None => format!("`{name} {}`", member.ty),
    }
}

/// A field of the API, with its name in JSON.
fn api_part(member: &Member) -> String {
    let json = member.tag_of("json").and_then(|tag| tag.split(',').next()).filter(|json| !json.is_empty());
    match (&member.name, json) {
        (Some(name), Some(json)) => format!("`{name} {}` (json `{json}`)", member.ty),
        (Some(name), None) => format!("`{name} {}`", member.ty),
        (None, _) => format!("`{}`", member.ty),
    }
}

/// A constant in a group: its name, its type, and its value as Go.
struct Constant<'t> {
    name: &'t str,
    ty: Option<&'t str>,
    value: &'t str,
}

/// The constants of a file that have a literal as their value.
fn literals<'t>(target: &Target<'t>) -> Vec<Constant<'t>> {
    let decls = target.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const);
    let lines = decls.flat_map(|decl| decl.span.of(target.text).lines());
    let constant = |line: &'t str| {
        let (head, value) = line.split_once(" = ")?;
        let words: Vec<&str> = head.split_whitespace().filter(|word| *word != "const").collect();
        let end = match value.strip_prefix('"') {
            Some(rest) => rest.find('"')? + 2,
            None => value.find(' ').unwrap_or(value.len()),
        };
        let value = value.get(..end).filter(|value| value.starts_with('"') || value.parse::<i64>().is_ok())?;
        match words.as_slice() {
            [name] => Some(Constant { name, ty: None, value }),
            [name, ty] => Some(Constant { name, ty: Some(ty), value }),
            _ => None,
        }
    };
    lines.filter_map(constant).collect()
}

/// New constants, but those of new types.
fn constants(old: &Target<'_>, new: &Target<'_>) -> Vec<String> {
    let known = literals(old);
    let of_new_type = |constant: &Constant<'_>| {
        let declares = |target: &Target<'_>, ty: &str| target.file.declares(ty).is_some();
        constant.ty.is_some_and(|ty| !declares(old, ty) && declares(new, ty))
    };
    let is_new = |constant: &Constant<'_>| !known.iter().any(|old| old.name == constant.name) && !of_new_type(constant);
    let found = literals(new).into_iter().filter(is_new);
    let line = |Constant { name, ty, value }: Constant<'_>| {
        let what = match name {
            name if name.contains("Annotation") => "annotation",
            name if name.contains("Label") => "label",
            name if name.contains("Reason") => "reason",
            _ => "constant",
        };
        let ty = ty.filter(|ty| *ty != "string").map(|ty| format!(" {ty}")).unwrap_or_default();
        format!("Task: Add {what} `{name}{ty} = {value}`")
    };
    found.map(line).collect()
}

/// The constants with strings of each type, `Name = "value"` in backticks.
fn strings(target: &Target<'_>) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for Constant { name, ty, value } in literals(target) {
        if let Some(ty) = ty.filter(|_| value.starts_with('"')) {
            found.entry(ty.to_owned()).or_default().push(format!("`{name} = {value}`"));
        }
    }
    found
}

/// New interfaces, each with the lines of its methods.
fn interfaces(old: &Target<'_>, new: &Target<'_>) -> Vec<String> {
    let decls = new.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type);
    let names = decls.flat_map(|decl| decl.names.iter().map(move |name| (decl, name.text.as_str())));
    let mut lines = Vec::new();
    for (decl, name) in names.filter(|(_, name)| old.file.declares(name).is_none()) {
        let text = decl.span.of(new.text);
        let Some((_, body)) = text.split_once(&format!("{name} interface {{")) else { continue };
        let body = body.lines().map(str::trim).take_while(|line| *line != "}");
        let methods: Vec<String> = body.filter(|line| line.contains('(')).map(|line| format!("`{line}`")).collect();
        if !methods.is_empty() {
            lines.push(format!("Task: Add interface `{name}` with {}", methods.join(" and ")));
        }
    }
    lines
}

/// New fields of the messages of a protobuf file.
fn messages(old: &str, new: &str) -> Vec<String> {
    let fields = |text: &str| -> Vec<(String, String)> {
        let mut message = String::new();
        let mut found = Vec::new();
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("message ") {
                rest.trim_end_matches('{').trim().clone_into(&mut message);
            } else if let Some(field) = line.strip_suffix(';').filter(|field| field.contains(" = ")) {
                found.push((message.clone(), field.to_owned()));
            }
        }
        found
    };
    let known = fields(old);
    let is_new = |field: &(String, String)| !known.contains(field);
    let found = fields(new).into_iter().filter(is_new);
    found.map(|(message, field)| format!("Task: Add `{field}` to `{message}`")).collect()
}

/// New methods of interfaces that are there.
fn methods(old: &Target<'_>, new: &Target<'_>) -> Vec<String> {
    let body = |target: &Target<'_>, name: &str| -> Option<Vec<String>> {
        let decl = target.file.declares(name).filter(|decl| decl.kind == DeclKind::Type)?;
        let (_, body) = decl.span.of(target.text).split_once(&format!("{name} interface {{\n"))?;
        Some(body.lines().take_while(|line| *line != "}").map(|line| line.trim().to_owned()).collect())
    };
    let mut lines = Vec::new();
    let names = new.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type).flat_map(|decl| &decl.names);
    for name in names.map(|name| name.text.as_str()) {
        let (Some(known), Some(now)) = (body(old, name), body(new, name)) else { continue };
        let is_new = |line: &&String| line.contains('(') && !line.starts_with("//") && !known.contains(line);
        lines.extend(
            now.iter().filter(is_new).map(|line| format!("Task: Add method `{line}` to the `{name}` interface")),
        );
    }
    lines
}

/// Lines that the old text does not have.
fn new_lines<'t>(old: &Target<'_>, new: &Target<'t>) -> impl Iterator<Item = &'t str> {
    let known: BTreeSet<String> = old.text.lines().map(|line| line.trim().to_owned()).collect();
    new.text.lines().map(str::trim).filter(move |line| !known.contains(*line))
}

/// New flags of a command, `pflag.Bool("name", false, "what it does")`.
fn flags(old: &Target<'_>, new: &Target<'_>) -> Vec<String> {
    let flag = |line: &str| {
        let (_, call) = line.split_once("pflag.")?;
        let (ty, rest) = call.split_once("(\"")?;
        let (name, rest) = rest.split_once("\", ")?;
        let (_, usage) = rest.split_once(", \"")?;
        let usage = usage.split('"').next()?;
        Some(format!("Task: Add flag `--{name}` of type {} - {usage}", ty.to_lowercase()))
    };
    new_lines(old, new).filter_map(flag).collect()
}

/// Where the operator's RBAC is.
const RBAC: &str = "pkg/virt-operator/resource/generate/rbac/";

/// New rules, with literal groups, resources and verbs.
fn rules(old: &Target<'_>, new: &Target<'_>, path: &str) -> Vec<String> {
    let all = |target: &Target<'_>| -> Vec<String> {
        let blocks = target.text.split("APIGroups: []string{").skip(1);
        let whole = blocks.filter_map(|block| {
            let (head, verbs) = block.split_once("Verbs: []string{")?;
            Some(format!("{head}Verbs: []string{{{}", verbs.split('}').next()?))
        });
        whole.map(|text| squeezed(&text)).collect()
    };
    let known = all(old);
    let texts = |part: &str| -> Vec<String> {
        part.split('"').skip(1).step_by(2).map(str::to_owned).filter(|text| !text.is_empty()).collect()
    };
    let who = match path.rsplit('/').next().unwrap_or_default() {
        "controller.go" => "virt-controller",
        "handler.go" => "virt-handler",
        "apiserver.go" => "virt-api",
        "operator.go" => "virt-operator",
        _ => return Vec::new(),
    };
    let line = |rule: String| {
        let (groups, rest) = rule.split_once("Resources: []string{")?;
        let (resources, verbs) = rest.split_once("Verbs:")?;
        let (groups, resources, verbs) = (texts(groups), texts(resources), texts(verbs));
        let [group] = groups.as_slice() else { return None };
        let resources: Vec<String> = resources.iter().map(|resource| format!("`{resource}`")).collect();
        Some(format!("Task: {who} may {} {} of `{group}`", listed(&verbs), listed(&resources)))
    };
    all(new).into_iter().filter(|rule| !known.contains(rule)).filter_map(line).collect()
}

/// `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        words => words.concat(),
    }
}
