//! New kinds of the API: their types, the registration of group and version, the CRD in virt-operator, and the
//! controller's place in virt-controller.

mod controller;
mod crd;
mod fields;
mod types;

use super::api_field;
use super::component::{Function, functions};
use crate::name::is_gate_name;
use crate::pending::Refusal;
use crate::plan::{Assigned, Candidate, Claimed, Key, Kind, ManualReason, Named, PlannedTask, Planner, Role, Row};
use crate::template::Text;
use crate::tree::{file_name, parent};

/// The groups of the API.
const API: &str = "staging/src/kubevirt.io/api";
const CRDS: &str = "pkg/virt-operator/resource/generate/components/crds.go";
const STRATEGY: &str = "pkg/virt-operator/resource/generate/install/strategy.go";
const APPLICATION: &str = "pkg/virt-controller/watch/application.go";
const INFORMERS: &str = "pkg/controller/virtinformers.go";

/// Its name: other files ask who has claimed what.
const NAME: &str = "api-kind";

#[derive(Debug)]
pub(super) struct ApiKind;

const TEMPLATES: &[Text] = &[
    types::TEMPLATES[0],
    types::TEMPLATES[1],
    types::TEMPLATES[2],
    types::TEMPLATES[3],
    crd::TEMPLATE,
    controller::TEMPLATE,
];

impl Kind for ApiKind {
    fn name(&self) -> &'static str {
        NAME
    }

    fn role(&self) -> Role {
        Role::Implementation
    }

    fn row(&self) -> Row {
        Row {
            names: "a new API kind",
            makes: "its types, group, version and CRD, and the wiring of its controller in virt-controller",
        }
    }

    fn templates(&self) -> &'static [Text] {
        TEMPLATES
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        let Named::File { place, .. } = named else { return None };
        let own = match &*place.path {
            CRDS => crd_of(task.planned).is_some(),
            STRATEGY => task.task.paths.iter().any(|path| path.text == CRDS) && crd_of(task.planned).is_some(),
            APPLICATION => init_of(task.planned).is_some(),
            INFORMERS => informer_of(task.planned).is_some(),
            path => match below_api(path)[..] {
                [_, "register.go"] | [_, _, "register.go"] => !place.exists || is_ours(task, path),
                [_, _, _] => kind_of(task.planned).is_some(),
                _ => false,
            },
        };
        own.then_some(Claimed::File)
    }

    fn types(&self, planner: &Planner<'_, '_>, assigned: &Assigned) -> Vec<String> {
        let is_group = |path: &str| matches!(below_api(path)[..], [_, _, file] if file != "register.go");
        let place = assigned.place.as_ref().filter(|place| is_group(&place.path));
        let tasks =
            place.iter().flat_map(|place| assigned.tasks.iter().map(|task| planner.task_in(*task, &place.path)));
        tasks.flat_map(types::names_of).collect()
    }

    fn plan(&self, planner: &mut Planner<'_, '_>, assigned: &Assigned) {
        let Some(place) = &assigned.place else { return };
        for &task in &assigned.tasks {
            let path = &place.path;
            let planned = match &**path {
                CRDS => crd::plan(planner, path, task),
                STRATEGY => Ok(()),
                APPLICATION => controller::init(planner, path, task),
                INFORMERS => controller::informer(planner, path, task),
                other => match below_api(other)[..] {
                    [_, "register.go"] => types::group(planner, path, task),
                    [_, _, "register.go"] => types::version(planner, path, task),
                    _ => types::types(planner, path, task),
                },
            };
            match planned {
                Ok(()) => {}
                Err(Left::Manual(line, why)) => planner.manual(&[task], &ManualReason::Unwritable { line, why }),
                Err(Left::Refused(refusal)) => planner.diagnose(refusal),
            }
        }
    }
}

/// Why something is not planned.
enum Left {
    Manual(usize, String),
    Refused(Refusal),
}

impl From<Refusal> for Left {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The parts of a path below the groups of the API; none of another path.
fn below_api(path: &str) -> Vec<&str> {
    let below = path.strip_prefix(API).and_then(|rest| rest.strip_prefix('/')).filter(|_| path.ends_with(".go"));
    let parts: Vec<&str> = below.map(|below| below.split('/').collect()).unwrap_or_default();
    match parts[..] {
        [group, _] | [group, _, _] if !matches!(group, "core" | "apitesting") => parts,
        _ => Vec::new(),
    }
}

/// Whether a registration that is there is one that an earlier run has made, for all that can be told: the known types
/// are still missing, or it is that of the group which the task calls by its name.
fn is_ours(task: &Candidate<'_, '_>, path: &str) -> bool {
    let text = task.survey.text(path).ok().flatten().unwrap_or_default();
    let group = format!("{}.kubevirt.io", file_name(parent(path)));
    let is_named = task.planned.prose().any(|(_, said)| said.contains(&group)) && functions(task.planned).0.is_empty();
    text.contains("is not implemented: it compiles once")
        || is_named && text.contains(&format!("GroupName = \"{group}\""))
}

/// The names in code, and words that are spelled like a kind.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| is_gate_name(word) && word.len() > 3)
}

/// The kind that a task adds: one whose list, spec or status the task names too, or that it calls a kind or a CRD.
fn kind_of(task: &PlannedTask) -> Option<String> {
    let all: Vec<&str> = task.prose().flat_map(|(_, text)| names(text)).collect();
    let has = |name: &str, suffix: &str| all.iter().any(|other| other.strip_suffix(suffix) == Some(name));
    let mut found: Vec<&str> =
        all.iter().copied().filter(|name| has(name, "List") && (has(name, "Spec") || has(name, "Status"))).collect();
    // "Kind: `X`"
    let key = [Key::Other("kind".to_owned())];
    found.extend(task.details(&key).filter_map(|text| names(text).next()));
    if found.is_empty() {
        for (_, text) in task.prose() {
            let words: Vec<&str> =
                text.split(|c: char| c.is_whitespace() || c == '`').filter(|word| !word.is_empty()).collect();
            let adds = words.iter().any(|word| {
                ["add", "adds", "introduce", "define", "create", "new"].contains(&word.to_lowercase().as_str())
            });
            let is_new = words.iter().any(|word| ["new", "crd"].contains(&word.to_lowercase().as_str()));
            for pair in words.windows(2).filter(|_| adds && is_new) {
                let is_word = matches!(pair[0].to_lowercase().as_str(), "kind" | "crd");
                if is_word && is_gate_name(pair[1]) && pair[1].len() > 3 {
                    found.push(pair[1]);
                }
            }
        }
    }
    // One that is spelled out field by field is a struct like any other.
    found.retain(|name| !api_field::spells_out(task, name));
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [one] => Some(one.to_owned()),
        _ => None,
    }
}

/// The kind whose CRD a task makes, and the function: `NewXCrd() (*extv1.CustomResourceDefinition, error)`.
fn crd_of(task: &PlannedTask) -> Option<(String, Function)> {
    functions(task).0.into_iter().find_map(|function| {
        let name = function.name.strip_prefix("New")?.strip_suffix("Crd")?.to_owned();
        (is_gate_name(&name)
            && function.head.as_ref().is_ok_and(|head| head.parameters.is_empty() && head.receiver.is_none()))
        .then_some((name, function))
    })
}

fn init_of(task: &PlannedTask) -> Option<Function> {
    let (wanted, _) = functions(task);
    let is_init = |function: &Function| {
        let plain = function.head.as_ref().is_ok_and(|head| head.parameters.is_empty() && head.results.is_empty());
        plain && function.name.starts_with("init") && function.name.ends_with("Controller") && function.name.len() > 14
    };
    wanted.iter().all(is_init).then(|| wanted.into_iter().next()).flatten()
}

fn informer_of(task: &PlannedTask) -> Option<Function> {
    functions(task).0.into_iter().find(|function| {
        let head = function.head.as_ref().ok();
        head.is_some_and(|head| {
            head.parameters.is_empty()
                && head.result_types().is_some_and(|types| types == ["cache.SharedIndexInformer"])
        })
    })
}
