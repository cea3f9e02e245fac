//! Which access rules a task asks for, and for which roles.

use std::collections::BTreeMap;

use super::pieces;
use crate::demand::{Access, Grant, Piece, Vocabulary, Word, access, words};
use crate::plan::{Key, ManualReason, PlannedTask, TaskLine};
use crate::survey::{self, ROLES, Survey};
use crate::tree::file_name;

/// Lines that say who may do what.
const KEYS: &[Key] = &[Key::Prose, Key::Task, Key::Logic, Key::Implementation, Key::Integration];

/// Keys of lines that hold a piece of it each.
pub(super) const PIECES: &[(&str, &[&str])] = &[
    ("role", &["role", "roles", "clusterrole", "cluster role", "component", "subject", "who"]),
    ("group", &["group", "api group", "apigroup", "apigroups", "api groups"]),
    ("resources", &["resource", "resources"]),
    ("verbs", &["verb", "verbs"]),
    (
        "whole",
        &[
            "rule",
            "rules",
            "add rule",
            "add a rule",
            "new rule",
            "policy rule",
            "rbac",
            "permission",
            "permissions",
            "access",
            "grant",
            "allow",
        ],
    ),
];

/// Whether a task may be about access rules.
pub(super) fn speaks(task: &PlannedTask) -> bool {
    says(task, &|_| true, &str::to_owned)
}

/// Whether it does so in more than its files and the functions that it names: `newClusterRole` is no rule.
pub(super) fn speaks_beside_functions(task: &PlannedTask) -> bool {
    let prose = |text: &str| {
        let said = words(text).into_iter().filter(|word| !word.is_code()).map(|word| word.text.to_owned());
        format!(" {} ", said.collect::<Vec<_>>().join(" "))
    };
    says(task, &|key| !matches!(key, Key::Function | Key::File), &prose)
}

fn says(task: &PlannedTask, of: &dyn Fn(&Key) -> bool, read: &dyn Fn(&str) -> String) -> bool {
    const WORDS: &[&str] =
        &["rbac", "role", "permission", "grant", "allow", "permit", "verb", " may ", " can ", "access"];
    let lines = task.details.iter().filter(|line| of(&line.key));
    let mut texts = std::iter::once(task.title.as_str()).chain(lines.map(|line| line.text.as_str()));
    let keyed = task.details.iter().any(|line| piece(&line.key).is_some());
    keyed || texts.any(|text| WORDS.iter().any(|word| read(text).to_lowercase().contains(word)))
}

pub(super) fn piece(key: &Key) -> Option<&'static str> {
    let Key::Other(word) = key else { return None };
    PIECES.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(piece, _)| *piece)
}

/// A rule that a line asks for.
pub(super) struct Asked {
    /// The line, where it is one.
    pub(super) line: Option<usize>,
    /// Who gets it.
    pub(super) role: survey::Role,
    /// What is allowed.
    pub(super) grant: Grant,
}

/// The rules that a task asks for, each with its role. `made` are the texts of constants that tasks add.
pub(super) fn asked(
    survey: &Survey<'_>,
    task: &PlannedTask,
    file: Option<&str>,
    made: &BTreeMap<String, String>,
) -> Result<Vec<Asked>, ManualReason> {
    let roles = survey.roles();
    let places = || roles.iter().filter(|role| file.is_none_or(|file| role.file == file)).map(place).take(4).collect();
    let inexact = |why: String| ManualReason::Inexact { why, places: places() };
    let is_role = |word: &str| roles.iter().any(|role| is_called(role, word, file));
    let is_resource = |word: &str| {
        roles.iter().flat_map(|role| &role.rules).any(|rule| rule.resources.iter().any(|known| known == word))
    };
    // Users call `kubevirt.io:view` the view role.
    let called = |role: &survey::Role| [role.name.clone(), role.name.rsplit(':').next().unwrap_or_default().to_owned()];
    let names: Vec<String> = roles.iter().flat_map(called).filter(|name| !name.is_empty()).collect();
    let groups = survey::groups(roles.iter().flat_map(|role| &role.rules));
    let meaning = |word: &str| {
        let known = survey.string_value(ROLES, word).or_else(|| made.get(word).cloned());
        known.filter(|_| word.contains(char::is_uppercase))
    };
    let known =
        Vocabulary { is_role: &is_role, is_resource: &is_resource, roles: &names, groups: &groups, meaning: &meaning };
    if let Some(role) = new_role(task, &is_role) {
        return Err(inexact(format!("`{role}` is a new role, and rules are added only to roles that are there")));
    }
    let mut read: Vec<(Option<usize>, Access)> = Vec::new();
    let mut pieces: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let nested = pieces::nested(task).map_err(inexact)?;
    let is_nested = |line: &&TaskLine| nested.iter().any(|rule| rule.lines.contains(&line.line));
    let whole = task.details.iter().filter(|line| KEYS.contains(&line.key) || piece(&line.key) == Some("whole"));
    let whole = whole.filter(|line| !is_nested(line));
    let title = std::iter::once((task.line, task.subject.as_str()));
    let mut headline = None;
    for (line, text) in title.chain(whole.map(|line| (line.line, line.text.as_str()))) {
        match access(text, &known) {
            Ok(said) => read.extend(said.map(|access| (Some(line), access))),
            // A title is a headline: what it leaves open may be said below it.
            Err(why) if line == task.line => headline = Some(why),
            Err(why) => return Err(inexact(format!("line {line} is not understood: {why}"))),
        }
    }
    for line in task.details.iter().filter(|line| !is_nested(line)) {
        if let Some(piece) = piece(&line.key).filter(|piece| *piece != "whole") {
            pieces.entry(piece).or_default().push(&line.text);
        }
    }
    if !pieces.is_empty() {
        let line = assembled(&pieces);
        let said = access(&line, &known).map_err(|why| inexact(format!("its lines are not understood: {why}")))?;
        read.extend(said.map(|access| (None, access)));
    }
    for rule in &nested {
        let line = rule.lines.last().copied();
        let line = || format!("lines {} to {} are not understood", rule.lines[0], line.unwrap_or_default());
        let said = access(&assembled(&rule.pieces), &known).map_err(|why| inexact(format!("{}: {why}", line())))?;
        read.extend(said.map(|access| (rule.lines.last().copied(), access)));
    }
    let named: Vec<String> = read.iter().flat_map(|(_, access)| access.roles.clone()).collect();
    let stated = read.iter().find_map(|(_, access)| access.cluster);
    let mut found: Vec<Asked> = Vec::new();
    for (line, access) in &read {
        let names = if access.roles.is_empty() { &named } else { &access.roles };
        for grant in &access.grants {
            let grant = Grant { group: Some(group(&roles, grant).map_err(inexact)?), ..grant.clone() };
            for role in subjects(&roles, names, file, access.cluster.or(stated), &grant).map_err(inexact)? {
                let asked = Asked { line: *line, role: role.clone(), grant: grant.clone() };
                // A title often says what a line says again.
                if !found.iter().any(|known| known.role == asked.role && known.grant == asked.grant) {
                    found.push(asked);
                }
            }
        }
    }
    if found.is_empty() && pieces::defines_constants(&task.subject) {
        let why = "the task names constants and no rule: state each with its value, as `apiX = \"virtualmachines/x\"`";
        return Err(inexact(why.to_owned()));
    }
    if found.is_empty() {
        let why = headline.map_or("the task does not say which verbs on which resources".to_owned(), |why| {
            format!("its title: {why}")
        });
        return Err(inexact(format!("the task is not understood: {why}")));
    }
    Ok(found)
}

/// A role that a task makes: "New cluster role `kubevirt.io:migrate`".
fn new_role<'t>(task: &'t PlannedTask, is_role: &dyn Fn(&str) -> bool) -> Option<&'t str> {
    let lines = task.details.iter().filter(|line| KEYS.contains(&line.key)).map(|line| line.text.as_str());
    std::iter::once(task.subject.as_str()).chain(lines).find_map(|text| {
        let words = words(text);
        let noun = words.iter().position(|word| word.is(&["role", "clusterrole"]))?;
        let skip = usize::from(noun > 0 && words[noun - 1].is(&["cluster"]));
        let leads = noun.checked_sub(skip + 1).map(|at| &words[at]);
        let makes = |word: &Word<'_>| word.is(&["new", "create", "define", "introduce", "make"]);
        let is_new = leads.is_some_and(|word| makes(word) || word.is(&["a"]))
            && words[..noun].iter().any(|word| makes(word) || word.is(&["add"]));
        let is_name = |word: &&Word<'_>| {
            let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | ':' | '-');
            word.piece != Piece::Mark
                && word.text.chars().all(plain)
                && (word.is_code() || word.text.contains([':', '-']))
        };
        let skips = |word: &&Word<'_>| word.is(&["called", "named", "for"]) || word.is_mark(":");
        let name = words[noun + 1..].iter().find(|word| !skips(word)).filter(is_name)?;
        (is_new && !is_role(name.text)).then_some(name.text)
    })
}

/// The lines that hold a piece each, as one.
fn assembled(pieces: &BTreeMap<&str, Vec<&str>>) -> String {
    let text = |piece: &str| pieces.get(piece).map(|texts| texts.join(", ")).unwrap_or_default();
    // Each name is one piece of code, however it is written.
    let coded = |piece: &str| {
        let plain = text(piece).replace(['`', '[', ']', '"'], "");
        let names = plain.split([',', ' ']).filter(|name| !name.is_empty() && *name != "and");
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let group = match text("group").trim_matches(['`', '"', '\'', ' ']) {
        "" if !pieces.contains_key("group") => String::new(),
        "" | "core" => " in the core group".to_owned(),
        group => format!(" in group `{group}`"),
    };
    format!("{} may {} on {}{group}", text("role"), coded("verbs"), coded("resources"))
}

pub(super) fn place(role: &survey::Role) -> String {
    format!("{} at {}:{}", role.function, role.file, role.line)
}

/// Whether a role is called by a word: its name, its component, its function, or, beside others of its file, its last part.
fn is_called(role: &survey::Role, word: &str, file: Option<&str>) -> bool {
    let bare = |name: &str| {
        let name = name.strip_prefix("virt-").or_else(|| name.strip_prefix("kubevirt-")).unwrap_or(name);
        let name = name.replace('-', "");
        if name == "apiserver" { "api".to_owned() } else { name }
    };
    let component = word.starts_with("virt-") || word.starts_with("kubevirt-");
    let is_here = file.is_some_and(|file| file == role.file);
    // "Edit may …", "Admins need …".
    let user = |last: &str| {
        let said = word.to_ascii_lowercase();
        is_here && role.is_cluster && (said == last || said.strip_suffix('s') == Some(last))
    };
    word == role.name
        || word == role.function
        || (component || is_here && word == "controller" || is_here && word == "handler")
            && !role.name.is_empty()
            && !role.name.contains(':')
            && bare(&role.name) == bare(word)
        || role.name.split_once(':').is_some_and(|(_, last)| user(last))
}

/// The API group of a grant: the one that it states, or the only one in which rules have its resources.
fn group(roles: &[survey::Role], grant: &Grant) -> Result<String, String> {
    if let Some(group) = &grant.group {
        return Ok(group.clone());
    }
    // What KubeVirt serves below a resource is in a group of its own; Kubernetes serves these with the resource.
    let served = |resource: &str| {
        resource.contains('/') && !["status", "finalizers", "scale"].iter().any(|end| resource.ends_with(end))
    };
    let mut groups: Vec<&str> = Vec::new();
    for resource in &grant.resources {
        let of = |holds: &dyn Fn(&str) -> bool| -> Vec<&str> {
            let rules = roles
                .iter()
                .flat_map(|role| &role.rules)
                .filter(|rule| rule.resources.iter().any(|known| holds(known)));
            rules.flat_map(|rule| rule.groups.iter().map(String::as_str)).collect()
        };
        let base = resource.split('/').next().unwrap_or_default();
        let mut own = of(&|known| known == resource);
        if own.is_empty() && resource.contains('/') {
            let below = served(resource);
            own =
                of(&|known| if below { served(known) && known.split('/').next() == Some(base) } else { known == base });
        }
        if own.is_empty() {
            return Err(format!("the task names no API group of `{resource}`, and no rule has that resource"));
        }
        groups.extend(own);
    }
    groups.sort_unstable();
    groups.dedup();
    match groups.as_slice() {
        [one] => Ok((*one).to_owned()),
        _ => Err(format!(
            "the task names no API group; rules have {} in {}",
            grant.resources.join(", "),
            groups.join(" and ")
        )),
    }
}

/// The roles that get a rule.
fn subjects<'r>(
    roles: &'r [survey::Role],
    names: &[String],
    file: Option<&str>,
    cluster: Option<bool>,
    grant: &Grant,
) -> Result<Vec<&'r survey::Role>, String> {
    let here = |role: &&survey::Role| file.is_none_or(|file| role.file == file);
    let mut found: Vec<&survey::Role> = Vec::new();
    if names.is_empty() {
        let own: Vec<&survey::Role> = roles.iter().filter(here).collect();
        let several = own.iter().any(|role| role.name != own[0].name);
        if file.is_none() || own.is_empty() || several {
            return Err("the task does not say who may do it".to_owned());
        }
        found.push(one_of(&own, cluster, grant)?);
    }
    for name in names {
        let called: Vec<&survey::Role> = roles.iter().filter(|role| is_called(role, name, file)).collect();
        let own: Vec<&survey::Role> = called.iter().copied().filter(|role| here(role)).collect();
        if own.is_empty() {
            let other = called
                .first()
                .map_or_else(String::new, |role| format!(", whose rules are in {}", file_name(&role.file)));
            return Err(format!("the task names {name}{other}"));
        }
        let role = one_of(&main(own, name, grant), cluster, grant)?;
        if !found.contains(&role) {
            found.push(role);
        }
    }
    Ok(found)
}

/// Of roles whose names end alike, such as `kubevirt.io:view` and `instancetype.kubevirt.io:view`, the one of KubeVirt itself,
/// unless another one is about the group.
fn main<'r>(called: Vec<&'r survey::Role>, name: &str, grant: &Grant) -> Vec<&'r survey::Role> {
    let is_main = |role: &&survey::Role| role.name.strip_prefix("kubevirt.io:") == Some(name);
    let is_about = |role: &survey::Role| {
        let group = grant.group.as_deref().unwrap_or_default();
        role.rules.iter().any(|rule| rule.groups.iter().any(|known| known == group))
    };
    match called.iter().copied().find(is_main) {
        Some(role) if called.iter().all(|other| *other == role || !is_about(other)) => vec![role],
        _ => called,
    }
}

/// The role of the cluster or the one of KubeVirt's namespace, whichever a rule belongs to.
fn one_of<'r>(roles: &[&'r survey::Role], cluster: Option<bool>, grant: &Grant) -> Result<&'r survey::Role, String> {
    let of = |is_cluster: bool| {
        let mut all = roles.iter().filter(|role| role.is_cluster == is_cluster);
        (all.next().copied(), all.next().is_some())
    };
    let ((wide, wides), (narrow, narrows)) = (of(true), of(false));
    let several = || {
        format!(
            "the task may mean {}",
            roles.iter().map(|role| role.function.as_str()).collect::<Vec<_>>().join(" or ")
        )
    };
    let exact = |role: Option<&'r survey::Role>, more: bool| role.filter(|_| !more).ok_or_else(several);
    match (cluster, wide, narrow) {
        (Some(true), ..) | (None, Some(_), None) => exact(wide, wides),
        (Some(false), ..) | (None, None, _) => exact(narrow, narrows),
        // Objects of users are in every namespace; of what KubeVirt keeps in its own, both may have rules.
        (None, Some(_), Some(narrow)) => {
            let keeps = |resource: &String| narrow.rules.iter().any(|rule| rule.resources.contains(resource));
            // Nobody is given the secrets of a whole cluster by a guess.
            let is_kept =
                |resource: &String| ["secrets", "configmaps", "leases"].contains(&resource.as_str()) || keeps(resource);
            if grant.resources.iter().any(is_kept) { Err(several()) } else { exact(wide, wides) }
        }
    }
}
