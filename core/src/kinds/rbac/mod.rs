//! Access rules: what components and users may do, in the roles that virt-operator makes.

mod asked;
mod pieces;

use std::collections::BTreeMap;

use serde::Serialize;

use super::component::{Component, functions};
use super::constant::{self, Constant};
use crate::demand::Grant;
use crate::go::{AnchorError, DeclKind, GoFile, Target, Value, indent, string};
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row, Unit, Use,
};
use crate::repo_path::RepoPath;
use crate::survey::{self, Meanings, ROLES, Survey, rule_of, rules_of};
use crate::template::{Context, Template, Text};
use crate::text::{TextEdit, indentation, next_line};
use crate::tree::parent;
use asked::{Asked, asked, piece, place, speaks, speaks_beside_functions};

#[derive(Debug)]
pub(super) struct Rbac;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/rbac/edit/pkg/virt-operator/resource/generate/rbac/__file__.go/rule.hbs")]
struct RuleText {
    group: String,
    resources: Vec<String>,
    verbs: String,
}

/// A rule that a role gets.
#[derive(Debug)]
struct Facts {
    file: RepoPath,
    function: String,
    /// The role, as people call it.
    role: String,
    group: String,
    resources: Vec<String>,
    verbs: Vec<String>,
    /// What the expressions of the role mean.
    meanings: Meanings,
    /// How the file writes a text: the expression that it uses most.
    written: BTreeMap<String, String>,
}

impl Kind for Rbac {
    fn name(&self) -> &'static str {
        "rbac"
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "access rules, in virt-operator's `rbac` package",
            makes: "one rule in the right role, or the missing parts of an existing rule",
        }
    }

    fn templates(&self) -> &'static [Text] {
        &[RuleText::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        match named {
            Named::File { place, .. } => {
                let own =
                    parent(&place.path) == ROLES && place.path.ends_with(".go") && !place.path.ends_with("_test.go");
                if own && !place.exists {
                    let is_other = constant::is_alone(task.planned) || !makes_no_function(task.planned);
                    return (!is_other).then_some(Claimed::File);
                }
                // Beside constants, a word such as "access" may be about them.
                let rules = || asked(task.survey, task.planned, Some(&place.path), &BTreeMap::new()).is_ok();
                let is_about = own && speaks(task.planned);
                (is_about && (!constant::is_alone(task.planned) || rules())).then_some(Claimed::File)
            }
            // Without a file it must be clear that it is about a role that is there.
            Named::Nothing if speaks(task.planned) && task.survey.exists(ROLES) => {
                asked(task.survey, task.planned, None, &BTreeMap::new())
                    .ok()
                    .filter(|asked| !asked.is_empty())
                    .map(|_| Claimed::Task)
            }
            _ => None,
        }
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let is_here = |task: &&PlannedTask| task.named.iter().any(|(path, _)| parent(path) == ROLES);
        let made: BTreeMap<String, String> =
            planner.plan.tasks.iter().filter(is_here).flat_map(constant::strings).collect();
        for &task in &assigned.tasks {
            let file = assigned.place.as_ref().map(|place| &*place.path);
            Constant::plan_constants(planner, &Assigned { tasks: vec![task], ..assigned.clone() });
            let planned = planner.task(task);
            let title = planned.line;
            if let Some(reason) = file.and_then(|file| lost(planner, planned, file)) {
                planner.manual(&[task], &reason);
                continue;
            }
            match asked(planner.survey, planned, file, &made) {
                Err(reason) => {
                    // A function that is spelled out is code like any other, as far as that is all that is asked for.
                    let own = Assigned { tasks: vec![task], ..assigned.clone() };
                    if file.is_none() || makes_no_function(planned) {
                        planner.manual(&[task], &reason);
                    }
                    Component::plan_functions(planner, &own, &[]);
                }
                Ok(asked) => {
                    let files: Vec<RepoPath> = asked.iter().map(|one| RepoPath::known(&*one.role.file)).collect();
                    for line in pieces::lines(planner.task(task)) {
                        planner.note(task, line, Use::Change, &files[..1]);
                    }
                    for Asked { line, role, grant } in asked {
                        push(planner, task, line.filter(|line| *line != title), &role, &grant, &made);
                    }
                }
            }
        }
    }
}

/// Whether a task asks for more than functions, which are code like any other.
fn makes_no_function(task: &PlannedTask) -> bool {
    functions(task).0.is_empty() || speaks_beside_functions(task)
}

/// Why the rules of a file that is not there are left to people, with the roles that the task may mean.
fn lost(planner: &Planner<'_, '_>, task: &PlannedTask, file: &str) -> Option<ManualReason> {
    if planner.survey.exists(file) {
        return None;
    }
    let meant = asked(planner.survey, task, None, &BTreeMap::new()).unwrap_or_default();
    let mut places: Vec<String> = meant.iter().map(|asked| place(&asked.role)).collect();
    places.dedup();
    let why = format!("{file} does not exist, so there is no role in it that could get the rule");
    Some(ManualReason::Inexact { why, places })
}

fn push(
    planner: &mut Planner<'_, '_>,
    task: usize,
    line: Option<usize>,
    role: &survey::Role,
    grant: &Grant,
    made: &BTreeMap<String, String>,
) {
    let file = RepoPath::known(&*role.file);
    if let Err(refusal) = planner.open(&file) {
        return planner.diagnose(refusal);
    }
    let (mut meanings, mut written) = expressions(planner.survey, role);
    // The constants that tasks add stand in it.
    for (name, text) in made {
        meanings.insert(name.clone(), text.clone());
        written.entry(text.clone()).or_insert_with(|| name.clone());
    }
    let facts = Facts {
        file: file.clone(),
        function: role.function.clone(),
        role: role.name.clone(),
        group: grant.group.clone().unwrap_or_default(),
        resources: grant.resources.clone(),
        verbs: grant.verbs.clone(),
        meanings,
        written,
    };
    let lines = planner.task(task).details.iter();
    let pieces: Vec<usize> = lines.clone().filter(|line| piece(&line.key).is_some()).map(|line| line.line).collect();
    let roles = lines.clone().filter(|line| piece(&line.key) == Some("role")).map(|line| line.line);
    for line in line.map_or(pieces, |line| roles.chain([line]).collect()) {
        planner.note(task, line, Use::Change, std::slice::from_ref(&file));
    }
    planner.push(facts, &[task]);
}

/// What the expressions in the roles of a file mean, and how the file writes each of these texts: as most of its rules do,
/// or by a constant of the file where its rules use constants.
fn expressions(survey: &Survey<'_>, role: &survey::Role) -> (Meanings, BTreeMap<String, String>) {
    let (mut meanings, mut counts) = (Meanings::new(), BTreeMap::<(String, String), usize>::new());
    if let Ok(Some(source)) = survey.go(&role.file) {
        let target = source.target();
        for (rules, _) in source.file.decls.iter().filter_map(|decl| rules_of(&target, decl.name())) {
            let found = survey.meanings(source.source.text(), &rules);
            let mut lists = Vec::new();
            rules.of_type("[]string", &mut lists);
            for text in
                lists.iter().flat_map(|list| &list.elements).map(|element| element.span.of(source.source.text()))
            {
                if let Some(meaning) = found.get(text) {
                    *counts.entry((meaning.clone(), text.to_owned())).or_default() += 1;
                }
            }
            meanings.extend(found);
        }
        let is_constant = |(_, text): &&(String, String)| !text.starts_with('"') && !text.contains('.');
        let (constants, all) = (counts.keys().filter(is_constant).count(), counts.len());
        let groups = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const);
        for name in groups.flat_map(|decl| &decl.names).filter(|_| constants * 2 > all) {
            let Some(meaning) =
                survey.string_value(ROLES, &name.text).filter(|text| text.starts_with(char::is_lowercase))
            else {
                continue;
            };
            counts.entry((meaning.clone(), name.text.clone())).or_default();
            meanings.insert(name.text.clone(), meaning);
        }
    }
    let mut written: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for ((meaning, text), count) in counts {
        let known = written.entry(meaning).or_default();
        if count > known.0 || known.1.is_empty() {
            *known = (count, text);
        }
    }
    (meanings, written.into_iter().map(|(meaning, (_, text))| (meaning, text)).collect())
}

impl Facts {
    fn expression(&self, text: &str) -> String {
        self.written.get(text).cloned().unwrap_or_else(|| string(text))
    }

    /// The rules of the role, and the list that they stand in.
    fn rules(&self, target: &Target<'_>) -> Result<(Value, Vec<survey::Rule>), AnchorError> {
        let (list, _) = rules_of(target, &self.function).ok_or_else(|| AnchorError::Missing {
            expected: format!("`Rules: []rbacv1.PolicyRule{{ … }}` in func {}()", self.function),
            candidates: Vec::new(),
            near: target.file.package.span,
        })?;
        // A rule that is no literal allows nothing that can be seen.
        let nothing = survey::Rule::default();
        let read = |value: &Value| rule_of(target.text, value, &self.meanings);
        let rules = list.elements.iter().map(|element| element.value.as_ref().map_or(nothing.clone(), read)).collect();
        Ok((list, rules))
    }

    /// The resources on which the role does not allow all of it yet.
    fn lacking(&self, rules: &[survey::Rule]) -> Vec<String> {
        let allowed = |resource: &&String| {
            self.verbs.iter().all(|verb| rules.iter().any(|rule| rule.allows(&self.group, resource, verb)))
        };
        self.resources.iter().filter(|resource| !allowed(resource)).cloned().collect()
    }

    /// The edit that allows it: `rule`, or more in a rule that is there.
    fn edit(&self, target: &Target<'_>, lacking: &[String], rule: &str) -> Result<TextEdit, AnchorError> {
        let (list, rules) = self.rules(target)?;
        let field = |at: usize, name: &str| list.elements[at].value.as_ref().and_then(|value| value.field(name));
        let same = |known: &[String], wanted: &[String]| {
            known.len() == wanted.len() && wanted.iter().all(|one| known.contains(one))
        };
        let of_group = |at: &usize| rules[*at].is_plain && same(&rules[*at].groups, std::slice::from_ref(&self.group));
        let own: Vec<usize> = (0..rules.len()).filter(of_group).collect();
        let exact = own.iter().find(|at| same(&rules[**at].resources, lacking));
        if let Some((&at, verbs)) = exact.and_then(|at| Some((at, field(*at, "Verbs")?))) {
            let more =
                self.verbs.iter().filter(|verb| !rules[at].verbs.contains(verb)).map(|verb| self.expression(verb));
            return target.append_values(verbs, &more.collect::<Vec<_>>());
        }
        // Subresources of one resource stand together.
        let base = |resource: &String| resource.split_once('/').map(|(base, _)| base.to_owned());
        let bases: Option<Vec<String>> = lacking.iter().map(base).collect();
        let beside = |at: &&usize| {
            let holds =
                |wanted: &String| rules[**at].resources.iter().any(|known| base(known).as_ref() == Some(wanted));
            same(&rules[**at].verbs, &self.verbs) && bases.as_ref().is_some_and(|bases| bases.iter().all(holds))
        };
        let mut beside = own.iter().filter(beside);
        if let (Some(&at), None) = (beside.next(), beside.next())
            && let Some(resources) = field(at, "Resources")
        {
            let more: Vec<String> = lacking.iter().map(|resource| self.expression(resource)).collect();
            return target.append_values(resources, &more);
        }
        match own.last() {
            Some(&at) => {
                let span = list.elements[at].span;
                let snippet = indent(rule, indentation(target.text, span.start));
                Ok(TextEdit::insert(next_line(target.text, span.end), snippet))
            }
            None => target.append_literal(&list, rule),
        }
    }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let Some(text) = pending.text(&self.file)? else { return Ok(()) };
        let lacking = GoFile::parse(&text).ok().and_then(|file| self.rules(&Target::new(&text, &file)).ok());
        let lacking = lacking.map_or_else(|| self.resources.clone(), |(_, rules)| self.lacking(&rules));
        if lacking.is_empty() {
            return Ok(());
        }
        let rule = pending.render(&RuleText {
            group: self.expression(&self.group),
            resources: lacking.iter().map(|resource| self.expression(resource)).collect(),
            verbs: self.verbs.iter().map(|verb| self.expression(verb)).collect::<Vec<_>>().join(", "),
        })?;
        pending.anchor_go(&self.file, |target| Ok(vec![self.edit(target, &lacking, &rule)?]))
    }

    fn outdates(&self) -> Option<String> {
        Some(format!("the rules of {} change manifests/generated", self.role))
    }
}
