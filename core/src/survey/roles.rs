//! The roles that virt-operator makes, with their rules.

use std::collections::BTreeMap;

use super::Survey;
use crate::go::{DeclKind, Target, Value};
use crate::tree::join;

/// Where virt-operator writes them down.
pub const ROLES: &str = "pkg/virt-operator/resource/generate/rbac";

/// A function that makes a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// Its file.
    pub file: String,
    /// The function.
    pub function: String,
    /// Its line in the file.
    pub line: usize,
    /// It makes a `ClusterRole`, and not a `Role`.
    pub is_cluster: bool,
    /// The name of the role, such as `kubevirt-controller` or `kubevirt.io:admin`; empty if that is computed.
    pub name: String,
    /// What it allows.
    pub rules: Vec<Rule>,
}

/// A rule of a role, with what its expressions mean; an expression whose meaning is not known stands as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rule {
    /// The API groups.
    pub groups: Vec<String>,
    /// The resources.
    pub resources: Vec<String>,
    /// The verbs.
    pub verbs: Vec<String>,
    /// It allows all of it: no names of resources, no paths.
    pub is_plain: bool,
}

/// What the expressions in the rules of a role mean.
pub type Meanings = BTreeMap<String, String>;

/// The list of rules that a function gives a role, `Rules: []rbacv1.PolicyRule{ … }`, and whether the role is one of the
/// whole cluster.
pub fn rules_of(target: &Target<'_>, function: &str) -> Option<(Value, bool)> {
    let (role, is_cluster) = role_of(target, function)?;
    Some((role.field("Rules")?.clone(), is_cluster))
}

fn role_of(target: &Target<'_>, function: &str) -> Option<(Value, bool)> {
    let decl = target.file.func(function)?;
    let found = target.values(decl).ok()?;
    let is_role = |value: &&Value| value.ty.ends_with(".ClusterRole") || value.ty.ends_with(".Role");
    let role = found.iter().find(is_role).filter(|role| role.field("Rules").is_some())?;
    Some((role.clone(), role.ty.ends_with(".ClusterRole")))
}

/// A rule as it stands in a file.
pub fn rule_of(text: &str, value: &Value, meanings: &Meanings) -> Rule {
    let list = |name: &str| {
        let elements = value.field(name).map_or(&[][..], |list| &list.elements);
        let texts = elements.iter().map(|element| element.span.of(text));
        texts.map(|text| meanings.get(text).cloned().unwrap_or_else(|| text.to_owned())).collect()
    };
    let known = |key: &str| matches!(key, "APIGroups" | "Resources" | "Verbs");
    Rule {
        groups: list("APIGroups"),
        resources: list("Resources"),
        verbs: list("Verbs"),
        is_plain: value.elements.iter().all(|element| element.key.as_deref().is_some_and(known)),
    }
}

impl Rule {
    /// Whether it allows a verb on a resource of a group.
    pub fn allows(&self, group: &str, resource: &str, verb: &str) -> bool {
        let has = |list: &[String], wanted: &str| list.iter().any(|known| known == wanted || known == "*");
        self.is_plain && has(&self.groups, group) && has(&self.resources, resource) && has(&self.verbs, verb)
    }
}

/// The API groups that rules name.
pub fn groups<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<String> {
    let mut groups: Vec<String> = rules.flat_map(|rule| &rule.groups).filter(|group| *group != "*").cloned().collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

impl Survey<'_> {
    /// The roles that virt-operator makes.
    pub fn roles(&self) -> Vec<Role> {
        let mut found = Vec::new();
        for name in self.go_files(ROLES).iter().filter(|name| !name.ends_with("_test.go")) {
            let file = join(ROLES, name);
            let Ok(Some(source)) = self.go(&file) else { continue };
            let target = source.target();
            for decl in source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.receiver.is_none()) {
                let Some((role, is_cluster)) = role_of(&target, decl.name()) else { continue };
                let meanings = self.meanings(source.source.text(), &role);
                let name = role.field("ObjectMeta").and_then(|meta| self.name_of(source.source.text(), meta));
                let rules = role.field("Rules").map_or(&[][..], |rules| &rules.elements);
                let rules = rules.iter().filter_map(|rule| rule.value.as_ref());
                found.push(Role {
                    file: file.clone(),
                    function: decl.name().to_owned(),
                    line: source.source.line(decl.span.start),
                    is_cluster,
                    name: name.unwrap_or_default(),
                    rules: rules.map(|rule| rule_of(source.source.text(), rule, &meanings)).collect(),
                });
            }
        }
        found
    }

    fn name_of(&self, text: &str, meta: &Value) -> Option<String> {
        let element = meta.elements.iter().find(|element| element.key.as_deref() == Some("Name"))?;
        let expression = element.span.of(text).split_once(':')?.1.trim();
        self.string_value(ROLES, expression)
    }

    /// What the expressions in the lists of a role mean.
    pub fn meanings(&self, text: &str, role: &Value) -> Meanings {
        let mut lists = Vec::new();
        role.of_type("[]string", &mut lists);
        let elements = lists.iter().flat_map(|list| &list.elements).map(|element| element.span.of(text));
        elements.filter_map(|text| Some((text.to_owned(), self.string_value(ROLES, text)?))).collect()
    }
}
