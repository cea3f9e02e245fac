//! The tasks of what a VEP adds to the API: types, fields, validation.

use super::admission::{SERVED, admitter};
use super::api::API;
use super::sentences::said;
use super::tasks::Maker;
use super::{BlockField, BlockType, GateFact, NewField, Origin, notes};
use crate::draft::{Draft, Group};
use crate::text::Span;
use crate::tree::{file_name, join, parent};

impl Maker<'_, '_> {
    pub(super) fn api(&mut self) {
        let facts = self.facts;
        let api = &facts.api;
        let mut made: Vec<Draft> = Vec::new();
        let (stated, derived): (Vec<&NewField>, Vec<&NewField>) =
            api.fields.iter().partition(|field| field.origin != Origin::Derived);
        let mut fields = stated;
        if !derived.is_empty() {
            let (task, question) = self.doubtful(&derived);
            let (task, answer) = self.ask(task, question);
            made.push(task);
            if answer.is_none() {
                made.extend(self.unconfirmed(&derived));
            }
            let answer = answer.unwrap_or_default();
            let confirmed = |field: &&&NewField| {
                let all = matches!(answer.to_lowercase().as_str(), "yes" | "all");
                field.ty.is_some() && (all || answer.contains(&format!("{}.{}", field.parent, field.json)))
            };
            fields.extend(derived.iter().filter(confirmed));
        }
        let mut files: Vec<&str> =
            fields.iter().map(|field| field.file.as_str()).chain(api.types.iter().map(|ty| ty.file.as_str())).collect();
        files.extend(api.values.iter().map(|value| value.file.as_str()));
        files.sort_unstable();
        files.dedup();
        for file in files {
            let mut task = Draft::new("API Type Extensions");
            task.file = Some(file.to_owned());
            task.extends = true;
            for ty in api.types.iter().filter(|ty| ty.file == file) {
                task = task.line("Task", type_line(&ty.block)).from(&self.place(ty.block.span));
                task = notes::of_type(task, &ty.block);
            }
            for field in fields.iter().filter(|field| field.file == file) {
                let ty = field.ty.as_deref().unwrap_or_default();
                let line =
                    format!("Add field `{}` of type `{ty}` to `{}` (json `{}`)", field.name, field.parent, field.json);
                task = task.line("Task", line).from(&self.place(field.span));
                task = notes::of_field(task, field);
                if field.origin == Origin::Matched {
                    task = task.from("rule: the Go block's type of the field's name");
                }
            }
            for value in api.values.iter().filter(|value| value.file == file) {
                let line = format!("Add the value `{} = \"{}\"` to `{}`", value.name, value.value, value.ty);
                task = task.line("Task", line).from(&self.place(value.span));
                task = notes::comment(task, &value.name, &value.above);
            }
            task = task.line("Command", "Run `make generate` after the change");
            made.push(task);
        }
        made.extend(self.validations(&fields));
        made.extend(self.kinds());
        for kind in api.kinds.iter().filter(|kind| !facts.kinds.iter().any(|known| known.name == kind.name)) {
            let task = Draft::new(format!("New Kind {}", kind.name))
                .line(
                    "Review",
                    format!("the VEP's Go block declares the kind {}; its group and version are a decision", kind.name),
                )
                .from(&self.place(kind.span));
            made.push(task);
        }
        if !api.unplaced.is_empty() {
            let mut task = Draft::new("Types of the Design");
            for block in &api.unplaced {
                task = task
                    .line("Review", format!("{}: no field of the API needs it", block.name))
                    .from(&self.place(block.span));
            }
            made.push(task);
        }
        if !made.is_empty() {
            let done_when = "the API change is generated and validated";
            self.tasks.implementation.push(Group { title: "API Integration".to_owned(), done_when, tasks: made });
        }
    }

    /// The task of the fields that are to be confirmed, and the question.
    fn doubtful(&self, derived: &[&NewField]) -> (Draft, String) {
        let facts = self.facts;
        let names: Vec<String> = derived
            .iter()
            .map(|field| {
                let ty = field.ty.as_deref().map_or(String::new(), |ty| format!(" ({ty})"));
                format!("`{}.{}`{ty}", field.parent, field.json)
            })
            .collect();
        // Some stand in prose alone.
        let is_shown = derived.iter().all(|field| field.kind.is_some());
        let question = format!(
            "Does the API gain {}? {} {} where the checkout has nothing. Answer with those that are right, or `none`.",
            names.join(", "),
            if is_shown { "Examples have" } else { "The VEP has" },
            if names.len() == 1 { "it" } else { "them" }
        );
        let (title, review) = if is_shown {
            ("API Fields of the Examples", "derived from examples, to be confirmed")
        } else {
            ("API Fields of the Design", "derived from what the VEP says, to be confirmed")
        };
        let mut task = Draft::new(title).line("Review", review);
        for field in derived {
            task = task.from(&self.place(field.span));
        }
        for (of, said) in [("is one of", &facts.prose.values), ("has", &facts.prose.members)] {
            for (json, names, span) in said.iter().filter(|(json, ..)| derived.iter().any(|own| own.json == *json)) {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let line = format!("`{json}` {of} {}; their types are a decision", names.join(", "));
                task = task.line("Review", line).from(&self.place(*span));
            }
        }
        (task, question)
    }

    /// Where the fields of examples go, once somebody has confirmed them.
    fn unconfirmed(&self, derived: &[&NewField]) -> Vec<Draft> {
        let mut made: Vec<Draft> = Vec::new();
        let mut add = |path: String, field: &NewField, rule: &str, is_api: bool| {
            let review = format!("`{}` of `{}`, if confirmed", field.json, field.parent);
            let at = made.iter().position(|task| task.file.as_ref() == Some(&path)).unwrap_or_else(|| {
                let mut task = Draft::new(format!("Change {}", file_name(&path)));
                (task.file, task.extends) = (Some(path), true);
                if is_api {
                    task = task.line("Command", "Run `make generate` after the change");
                }
                made.push(task);
                made.len() - 1
            });
            let task = made[at].clone().line("Review", review).from(&self.place(field.span));
            made[at] = task.from(rule);
        };
        for field in derived {
            add(field.file.clone(), field, "rule: the file of the extended type", true);
            // The configuration of KubeVirt has fields that nothing validates.
            let admitter =
                admitter(field).filter(|path| self.survey.exists(path) && !path.starts_with("pkg/virt-operator"));
            if let Some(path) = admitter {
                add(path, field, "rule: the admitter of the extended type", false);
            }
        }
        made
    }

    /// The admitters of the types that are extended, a task each.
    fn validations(&self, fields: &[&NewField]) -> Vec<Draft> {
        let mut files: Vec<String> = Vec::new();
        for file in fields.iter().filter_map(|field| admitter(field)).filter(|path| self.survey.exists(path)) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files.iter().map(|file| self.validation(file, fields)).collect()
    }

    fn validation(&self, file: &str, fields: &[&NewField]) -> Draft {
        let own: Vec<&NewField> = fields.iter().copied().filter(|own| admitter(own).as_deref() == Some(file)).collect();
        let mut task = Draft::new("Validation Logic").from("rule: the admitter of the extended type");
        task.file = Some(file.to_owned());
        task.extends = true;
        let what: Vec<String> = own.iter().map(|field| format!("`{}` of `{}`", field.json, field.parent)).collect();
        let what = what.join(", ");
        let folder = parent(file);
        // The admitters of other kinds have no functions of one form: what changes in them is left to people.
        let entry = self.survey.entry_point(folder).and_then(Result::ok);
        let is_own = entry.as_ref().is_some_and(|entry| entry.file == file || folder == "pkg/network/admitter");
        let ignored = self.ignored_while_off();
        let line = match (&self.facts.gate, entry.filter(|_| is_own)) {
            (GateFact::Named { name, .. }, _) if ignored.is_some_and(|(_, only)| only) => {
                format!("of {what}, which is ignored and not refused while `{name}` is disabled")
            }
            (GateFact::Named { name, .. }, _) if ignored.is_some() => {
                format!("of {what}; the VEP says what is ignored and what is refused while `{name}` is disabled")
            }
            (GateFact::Named { name, .. }, Some(entry)) => {
                let verb = if entry.exported { "Validate" } else { "validate" };
                task = task.from("rule: named after the feature gate");
                format!("Implement `{verb}{name}`: accept {what} only while `{name}` is enabled")
            }
            _ => format!("of {what}"),
        };
        task = task.line("Validation", line);
        if let Some((span, _)) = ignored {
            task = task.from(&self.place(span));
        }
        for field in own {
            task = task.from(&self.place(field.span));
        }
        task
    }

    /// Where the VEP says that what is new is ignored while the gate is off, and whether it says that of all.
    fn ignored_while_off(&self) -> Option<(Span, bool)> {
        let said = said(self.vep);
        let said = said.iter().find(|said| {
            said.has(&[" gate"])
                && said.has(&[" off ", " off.", " disabled", " not enabled", " without ", " unset"])
                && said.has(&[
                    " ignored",
                    " ignores ",
                    " no effect",
                    " not take effect",
                    " silently ",
                    " not acted upon",
                ])
                && !said.has(&[" not ignored", " not be ignored"])
        });
        said.map(|said| (said.span, !said.has(&[" reject", " refuse"])))
    }

    /// The kinds that examples show, file by file.
    fn kinds(&self) -> Vec<Draft> {
        let mut made: Vec<Draft> = Vec::new();
        for kind in &self.facts.kinds {
            let place = self.place(kind.span);
            let full = format!("{}.kubevirt.io/{}", kind.group, kind.version);
            if let Some(home) = &kind.home {
                let said = format!(
                    "an example has the kind {} of {full}; {home} may be its home, which the VEP names",
                    kind.name
                );
                made.push(Draft::new(format!("New Kind {}", kind.name)).line("Review", said).from(&place));
                continue;
            }
            let group = join(API, &kind.group);
            let version = join(&group, &kind.version);
            let mut add = |title: String, path: String, lines: Vec<(&'static str, String)>| {
                let extends = self.survey.exists(&path);
                let known = made.iter_mut().find(|task| task.file.as_ref() == Some(&path) && task.title == title);
                if let Some(known) = known {
                    known
                        .lines
                        .extend(lines.into_iter().filter(|line| !known.lines.contains(line)).collect::<Vec<_>>());
                    if !known.sources.contains(&place) {
                        known.sources.insert(0, place.clone());
                    }
                    return;
                }
                let mut task = Draft::new(title).from(&place).from("rule: the files of a kind");
                (task.file, task.extends) = (Some(path), extends);
                task.lines = lines;
                made.push(task);
            };
            let name = &kind.name;
            let register = join(&group, "register.go");
            if !self.survey.exists(&register) {
                let line = "Add the group name and version constants".to_owned();
                add(format!("New API group {}.kubevirt.io", kind.group), register, vec![("Task", line)]);
            }
            let status = if kind.has_status { format!(", `{name}Status`") } else { String::new() };
            let line = format!("Add the new kind `{name}` with `{name}Spec`{status} and `{name}List`");
            add(
                "Types of the New Kinds".to_owned(),
                join(&version, "types.go"),
                vec![("Task", line), ("Command", "Run `make generate` after the change".to_owned())],
            );
            let register = join(&version, "register.go");
            if !self.survey.exists(&register) {
                let line = "`addKnownTypes(scheme *runtime.Scheme) error`".to_owned();
                add("Scheme Registration".to_owned(), register, vec![("Function", line)]);
            }
            let generate = "pkg/virt-operator/resource/generate";
            let line = format!("`New{name}Crd() (*extv1.CustomResourceDefinition, error)`");
            let call = format!("Add it to the list in `{generate}/install/strategy.go`");
            add(
                format!("CRD of {name}"),
                format!("{generate}/components/crds.go"),
                vec![("Function", line), ("Integration", call)],
            );
            let line = format!("`{name}() cache.SharedIndexInformer`");
            add(format!("Informer of {name}"), "pkg/controller/virtinformers.go".to_owned(), vec![("Function", line)]);
            for (title, path) in [
                ("Endpoints of the New Kinds", "pkg/virt-api/definitions/definitions.go"),
                ("Admission of the New Kinds", SERVED),
                ("Clients of the New Kinds", "staging/src/kubevirt.io/client-go/kubecli/kubevirt.go"),
            ] {
                if self.survey.exists(path) {
                    add(title.to_owned(), path.to_owned(), vec![("Review", format!("{name} of {full}"))]);
                }
            }
        }
        made
    }
}

fn type_line(block: &BlockType) -> String {
    if !block.is_struct {
        let names = |(name, value): &(String, String)| {
            if name.is_empty() { format!("`{value}`") } else { format!("`{name} = \"{value}\"`") }
        };
        let values: Vec<String> = block.values.iter().map(names).collect();
        if block.values.iter().all(|(name, _)| name.is_empty()) {
            return format!("Add string type `{}` with values {}", block.name, values.join(", "));
        }
        return format!("Add string type `{}` with constants {}", block.name, values.join(", "));
    }
    let own = |field: &BlockField| {
        if field.embedded { format!("`{}`", field.ty) } else { format!("`{} {}`", field.name, field.ty) }
    };
    let fields: Vec<String> = block.fields.iter().map(own).collect();
    match fields.as_slice() {
        [] => format!("Add an empty struct `{}`", block.name),
        [one] => format!("Add struct `{}` with the field {one}", block.name),
        [first @ .., last] => format!("Add struct `{}` with fields {} and {last}", block.name, first.join(", ")),
    }
}
