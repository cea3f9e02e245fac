//! Access rules that a VEP states: in sentences, in tables of verbs, and in YAML of roles. What is understood of one is
//! what a task's line is understood to say.

use super::left_out::lead;
use super::sentences::Sentence;
use super::{Topic, Vep, yaml_documents};
use crate::demand::{Grant, Vocabulary, access};
use crate::survey::{self, ROLES, Survey};
use crate::task::LineKind;
use crate::text::Span;
use crate::tree::{Kind, join};

/// What a component may do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessFact {
    /// The component.
    pub component: &'static str,
    /// The file with its role.
    pub file: String,
    /// What it may do.
    pub grant: Grant,
    /// Where it is said.
    pub span: Span,
}

impl AccessFact {
    /// As a line of a task: "virt-handler may get and list `nodes`".
    pub(super) fn line(&self) -> String {
        let resources: Vec<String> = self.grant.resources.iter().map(|name| format!("`{name}`")).collect();
        let group = match self.grant.group.as_deref() {
            Some("") => " in the core group".to_owned(),
            Some(group) => format!(" of `{group}`"),
            None => String::new(),
        };
        format!("{} may {} {}{group}", self.component, listed(&self.grant.verbs), listed(&resources))
    }
}

/// The components that have a role, and the files of theirs.
const COMPONENTS: &[(&str, &str)] = &[
    ("virt-api", "apiserver"),
    ("virt-controller", "controller"),
    ("virt-handler", "handler"),
    ("virt-operator", "operator"),
    ("virt-exportproxy", "exportproxy"),
];

/// What tells a permission from what a component does.
const PERMITS: &[&str] = &[
    " rbac ",
    " permission",
    " allowed ",
    " allow ",
    " allows ",
    " grant",
    " access ",
    " role ",
    " roles ",
    " clusterrole ",
    " needs ",
    " need ",
    " rights ",
    " may ",
    " must be able ",
];

/// What tells that nothing is added.
const NOT_NEW: &[&str] = &[
    " already ",
    " existing ",
    " today ",
    " currently ",
    " no ",
    " not ",
    " t ",
    " without ",
    " never ",
    " instead of ",
    " no longer ",
    " unless ",
];

/// The rules, each once.
pub(super) fn accesses(vep: &Vep, built: &[Sentence], survey: &Survey<'_>) -> Vec<AccessFact> {
    let mut reader = Reader { survey, rules: None, found: Vec::new() };
    let is_design = |topic: Topic| matches!(topic, Topic::Design | Topic::Api | Topic::Other | Topic::Security);
    let design: Vec<&Sentence> = built.iter().filter(|said| is_design(said.topic)).collect();
    for said in design.iter().filter(|said| said.kind != LineKind::Table && said.has(PERMITS)) {
        if said.stance(0).is_none() && !said.has(NOT_NEW) {
            reader.read(&said.text, said.span);
        }
    }
    reader.tables(&design);
    reader.roles(vep, built);
    reader.found
}

struct Reader<'s, 't> {
    survey: &'s Survey<'t>,
    /// The rules of the checkout's roles.
    rules: Option<Vec<survey::Rule>>,
    found: Vec<AccessFact>,
}

impl Reader<'_, '_> {
    fn read(&mut self, line: &str, span: Span) {
        if !COMPONENTS.iter().any(|(component, _)| line.contains(component)) {
            return;
        }
        let survey = self.survey;
        let rules = self.rules.get_or_insert_with(|| survey.roles().into_iter().flat_map(|role| role.rules).collect());
        let is_role = |word: &str| COMPONENTS.iter().any(|(component, _)| *component == word);
        let is_resource = |word: &str| rules.iter().any(|rule| rule.resources.iter().any(|known| known == word));
        let known = Vocabulary {
            is_role: &is_role,
            is_resource: &is_resource,
            roles: &[],
            groups: &survey::groups(rules.iter()),
            meaning: &|_| None,
        };
        let Ok(Some(said)) = access(line, &known) else { return };
        for (component, stem) in
            COMPONENTS.iter().filter(|(component, _)| said.roles.iter().any(|role| role == component))
        {
            let file = join(ROLES, &format!("{stem}.go"));
            if self.survey.kind(&file) != Some(Kind::File) {
                continue;
            }
            for grant in &said.grants {
                let fact = AccessFact { component, file: file.clone(), grant: grant.clone(), span };
                if !self.found.iter().any(|known| known.component == fact.component && known.grant == fact.grant) {
                    self.found.push(fact);
                }
            }
        }
    }

    /// `| virt-controller | resourcequotas | get, list |`, below a head that says which column is which.
    fn tables(&mut self, design: &[&Sentence]) {
        let mut head: Vec<String> = Vec::new();
        let mut last = None;
        for said in design {
            let is_next = last.is_some_and(|end: usize| said.span.start <= end + 1);
            last = (said.kind == LineKind::Table).then(|| said.end());
            if said.kind != LineKind::Table {
                continue;
            }
            let cells: Vec<&str> = said.text.trim_matches('|').split('|').map(str::trim).collect();
            if !is_next {
                head = cells.iter().map(|cell| cell.to_lowercase()).collect();
                continue;
            }
            let cell = |names: &[&str]| {
                let at =
                    head.iter().position(|cell| names.iter().any(|name| cell.trim_matches('*').starts_with(name)))?;
                cells.get(at).copied().filter(|cell| !cell.is_empty())
            };
            let (Some(who), Some(resources), Some(verbs)) =
                (cell(&["component", "role", "who", "subject"]), cell(&["resource"]), cell(&["verb", "access"]))
            else {
                continue;
            };
            let group = cell(&["group", "api group", "apigroup"]).map(|group| group.trim_matches(['`', '"']));
            let group = match group {
                Some("core" | "") => " in the core group".to_owned(),
                Some(group) => format!(" of `{group}`"),
                None => String::new(),
            };
            let line = format!("{} may {} {}{group}", who.trim_matches('`'), verbs.replace('`', ""), coded(resources));
            self.read(&line, said.span);
        }
    }

    /// Rules in YAML, below a sentence that names one component.
    fn roles(&mut self, vep: &Vep, built: &[Sentence]) {
        for (code, topic) in vep.code() {
            let is_rule =
                ["verbs:", "resources:"].iter().all(|key| code.body.of(vep.document.source.text()).contains(key));
            if !is_rule || topic == Topic::Testing {
                continue;
            }
            let Some(lead) = lead(vep, &code, built) else { continue };
            let mut named = COMPONENTS.iter().filter(|(component, _)| lead.text.contains(component));
            let (Some((component, _)), None) = (named.next(), named.next()) else { continue };
            let mut rule: (Vec<String>, Vec<String>, Vec<String>, Option<Span>) = Default::default();
            let mut rules = Vec::new();
            for field in yaml_documents(&vep.document, &code).unwrap_or_default().iter().flatten() {
                let (Some(key), Some(value)) = (field.path.last(), &field.value) else { continue };
                let has_all = !rule.1.is_empty() && !rule.2.is_empty();
                match key.as_str() {
                    "apiGroups[]" if has_all => {
                        rules.push(std::mem::take(&mut rule));
                        rule.0.push(value.clone());
                    }
                    "apiGroups[]" => rule.0.push(value.clone()),
                    "resources[]" => rule.1.push(value.clone()),
                    "verbs[]" => rule.2.push(value.clone()),
                    _ => continue,
                }
                rule.3.get_or_insert(field.span);
            }
            rules.push(rule);
            for (groups, resources, verbs, span) in rules {
                // A rule of several groups says of no resource which is its own.
                let ([group], Some(span)) = (&groups[..], span) else { continue };
                let group = if group.is_empty() { " in the core group".to_owned() } else { format!(" of `{group}`") };
                let resources: Vec<String> = resources.iter().map(|name| format!("`{name}`")).collect();
                self.read(&format!("{component} may {} {}{group}", listed(&verbs), listed(&resources)), span);
            }
        }
    }
}

/// Each name as code.
fn coded(cell: &str) -> String {
    let names = cell.split([',', ' ', '`']).filter(|name| !name.is_empty() && *name != "and");
    listed(&names.map(|name| format!("`{name}`")).collect::<Vec<_>>())
}

/// `a, b and c`
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
