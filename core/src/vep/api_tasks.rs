//! The tasks of what a VEP adds to the API: types, fields, validation.

use super::api::API;
use super::tasks::Maker;
use super::{BlockField, BlockType, NewField, Origin};
use crate::draft::{Draft, Group};
use crate::tree::join;

impl Maker<'_, '_> {
    pub(super) fn api(&mut self) {
        let facts = self.facts;
        let api = &facts.api;
        let mut made: Vec<Draft> = Vec::new();
        let (stated, derived): (Vec<&NewField>, Vec<&NewField>) =
            api.fields.iter().partition(|field| field.origin == Origin::Stated);
        let mut fields = stated;
        if !derived.is_empty() {
            let names: Vec<String> = derived
                .iter()
                .map(|field| {
                    let ty = field.ty.as_deref().map_or(String::new(), |ty| format!(" ({ty})"));
                    format!("`{}.{}`{ty}", field.parent, field.json)
                })
                .collect();
            let question = format!(
                "Does the API gain {}? Examples have {} where the checkout has nothing. Answer with those that are right, or `none`.",
                names.join(", "),
                if names.len() == 1 { "it" } else { "them" }
            );
            let mut task =
                Draft::new("API Fields of the Examples").line("Review", "derived from examples, to be confirmed");
            for field in &derived {
                task = task.from(&self.place(field.span));
            }
            let (task, answer) = self.ask(task, question);
            made.push(task);
            let answer = answer.unwrap_or_default();
            let confirmed = |field: &&&NewField| {
                let all = matches!(answer.to_lowercase().as_str(), "yes" | "all");
                field.ty.is_some() && (all || answer.contains(&format!("{}.{}", field.parent, field.json)))
            };
            fields.extend(derived.iter().filter(confirmed));
        }
        let mut files: Vec<&str> =
            fields.iter().map(|field| field.file.as_str()).chain(api.types.iter().map(|ty| ty.file.as_str())).collect();
        files.sort_unstable();
        files.dedup();
        for file in files {
            let mut task = Draft::new("API Type Extensions");
            task.file = Some(file.to_owned());
            task.extends = true;
            for ty in api.types.iter().filter(|ty| ty.file == file) {
                task = task.line("Task", type_line(&ty.block)).from(&self.place(ty.block.span));
            }
            for field in fields.iter().filter(|field| field.file == file) {
                let ty = field.ty.as_deref().unwrap_or_default();
                let line =
                    format!("Add field `{}` of type `{ty}` to `{}` (json `{}`)", field.name, field.parent, field.json);
                task = task.line("Task", line).from(&self.place(field.span));
            }
            task = task.line("Command", "Run `make generate` after the change");
            made.push(task);
        }
        if let Some(task) = self.validation(&fields) {
            made.push(task);
        }
        for kind in &api.kinds {
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

    /// The admitter of the types that are extended.
    fn validation(&self, fields: &[&NewField]) -> Option<Draft> {
        let admitters = "pkg/virt-api/webhooks/validating-webhook/admitters";
        let of = |field: &&NewField| -> Option<String> {
            let parent = field.parent.as_str();
            if parent.contains("Status") || parent.ends_with("State") || parent.ends_with("NetworkInterface") {
                return None;
            }
            if !field.file.starts_with(&join(API, "core/v1")) {
                let group = if field.file.contains("/pool/") {
                    "vmpool"
                } else if field.file.contains("/migrations/") {
                    "migrationpolicy"
                } else {
                    return None;
                };
                return Some(format!("{admitters}/{group}-admitter.go"));
            }
            Some(match parent {
                "Interface" | "Network" | "NetworkSource" => "pkg/network/admitter/admit.go".to_owned(),
                _ if parent.starts_with("KubeVirt")
                    || parent.ends_with("Configuration")
                    || parent == "ExperimentalMigrationOptions" =>
                {
                    "pkg/virt-operator/webhooks/kubevirt-update-admitter.go".to_owned()
                }
                _ => format!("{admitters}/vmi-create-admitter.go"),
            })
        };
        let field = fields.iter().find(|field| of(field).is_some_and(|path| self.survey.exists(&path)))?;
        let file = of(field)?;
        let mut task = Draft::new("Validation Logic")
            .from(&self.place(field.span))
            .from("rule: the admitter of the extended type");
        task.file = Some(file.clone());
        task.extends = true;
        for own in fields.iter().filter(|own| of(own).as_deref() == Some(&file)) {
            task = task.line("Validation", format!("of `{}` in `{}`", own.json, own.parent));
        }
        Some(task)
    }
}

fn type_line(block: &BlockType) -> String {
    if !block.is_struct {
        let values: Vec<String> = block.values.iter().map(|(name, value)| format!("`{name} = \"{value}\"`")).collect();
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
