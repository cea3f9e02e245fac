//! From the facts of a VEP to tasks, by the template's generation rules.

use std::collections::BTreeMap;

use super::api::API;
use super::{Facts, GateFact, NewField, Origin, Vep, facts, write};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, Group, Tasks, merge};
use crate::merge::three_way;
use crate::name::{Name, is_gate_name};
use crate::survey::{Stage, Survey};
use crate::task::parse;
use crate::text::{Source, Span};
use crate::tree::{Kind, join};

/// Answers to questions: the question's words, and what was answered.
pub type Answers = BTreeMap<String, String>;

/// A tasks.md from a VEP.
#[derive(Clone, Debug)]
pub struct DraftedVep {
    /// The whole text, with what an existing file already had.
    pub text: String,
    /// What is in doubt.
    pub diagnostics: Vec<Diagnostic>,
    /// The questions that are open.
    pub questions: Vec<String>,
    /// What the VEP states.
    pub facts: Facts,
}

/// The answers in a tasks.md: an `Answer:` line below a `Question:`.
pub fn answers(existing: &Source) -> Answers {
    let text = existing.text();
    let mut questions: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        if let Some((number, question)) = line.strip_prefix("- **").and_then(|rest| rest.split_once("**: "))
            && number.strip_prefix('Q').is_some_and(|digits| digits.parse::<usize>().is_ok())
        {
            questions.insert(number, question.trim());
        }
    }
    let mut found = Answers::new();
    for task in &parse(existing).tasks {
        let mut asked: Option<&str> = None;
        for line in task.body.of(text).lines() {
            let line = line.trim().trim_start_matches(['-', '*', ' ']);
            if let Some(number) = line.strip_prefix("Question:") {
                let number = number.trim();
                asked = questions.get(number).copied().or(Some(number));
            } else if let (Some(answer), Some(asked)) = (line.strip_prefix("Answer:"), asked)
                && !answer.trim().is_empty()
            {
                found.insert(asked.to_owned(), answer.trim().to_owned());
            }
        }
    }
    found
}

/// Drafts the tasks of a VEP. The answers in the existing file stay. `rename` is a gate's old and its new name.
pub fn draft(
    vep: &Vep,
    survey: &Survey<'_>,
    existing: Option<&Source>,
    rename: Option<&(String, String)>,
) -> DraftedVep {
    let mut facts = facts(vep, survey);
    let renamed = existing.map(|existing| match rename {
        Some((old, new)) => Source::new(existing.name(), with_name(existing.text(), old, new)),
        None => existing.clone(),
    });
    let existing = renamed.as_ref();
    let known = existing.map(answers).unwrap_or_default();
    // A name that was changed stays changed: the tasks.md says which one holds.
    let stated = existing.and_then(|existing| Some(parse(existing).metadata("Feature Gate")?.value.text.clone()));
    if let GateFact::Named { name, .. } = &mut facts.gate {
        match (rename, stated.filter(|stated| is_gate_name(stated))) {
            (Some((old, new)), _) if name == old => name.clone_from(new),
            (_, Some(stated)) => *name = stated,
            _ => {}
        }
    }
    let made = |answers: &Answers| {
        let mut maker = Maker { vep, facts: &facts, survey, answers, tasks: Tasks::default() };
        maker.make();
        let text = write::write(vep, &facts, &maker.tasks, answers);
        (text, maker.tasks.questions)
    };
    let (fresh, questions) = made(&known);
    let questions: Vec<String> =
        questions.into_iter().map(|question| question.text).filter(|text| !known.contains_key(text)).collect();
    let text = match existing {
        None => fresh,
        Some(existing) if existing.text() == fresh => fresh,
        Some(existing) => {
            // What the user wrote, on what was written before the answers.
            let (base, _) = made(&Answers::new());
            let merged = three_way(&base, (existing.text(), "tasks.md"), (&fresh, "VEP"));
            if merged.conflicts == 0 { merged.text } else { merge(existing, &fresh, &questions) }
        }
    };
    let mut diagnostics = facts.api.unread.clone();
    diagnostics.iter_mut().for_each(|found| found.message.push_str("; no task comes from it"));
    DraftedVep { text, diagnostics, questions, facts }
}

/// A text in which a name is another one, wherever it stands as a whole word.
fn with_name(text: &str, old: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    for (at, _) in text.match_indices(old) {
        let end = at + old.len();
        if !word(text[..at].chars().next_back()) && !word(text[end..].chars().next()) {
            out.push_str(&text[from..at]);
            out.push_str(new);
            from = end;
        }
    }
    // The test file is named after the gate.
    out.push_str(&text[from..]);
    out.replace(&format!("/{}_test.go", Name::parse(old).snake()), &format!("/{}_test.go", Name::parse(new).snake()))
}

struct Maker<'a, 't> {
    vep: &'a Vep,
    facts: &'a Facts,
    survey: &'a Survey<'t>,
    answers: &'a Answers,
    tasks: Tasks,
}

impl Maker<'_, '_> {
    fn make(&mut self) {
        self.gate();
        self.tests();
        self.api();
        self.components();
        self.release();
    }

    /// Asks, and gives the task the question with its answer, if there is one.
    fn ask(&mut self, task: Draft, question: String) -> (Draft, Option<String>) {
        let answer = self.answers.get(&question).cloned();
        let number = self.tasks.ask(question);
        let task = task.line("Question", number);
        match answer {
            Some(answer) => (task.line("Answer", answer.clone()), Some(answer)),
            None => (task, None),
        }
    }

    fn place(&self, span: Span) -> String {
        self.vep.place(span)
    }

    fn gate(&mut self) {
        let facts = self.facts;
        let is_open = !matches!(facts.gate, GateFact::Named { .. });
        let group = |tasks: Vec<Draft>| Group {
            // A title of a group says something to `scaffold`: where nothing is decided, no gate is made.
            title: if is_open && tasks.len() == 1 { "Decisions" } else { "Feature Gate Setup" }.to_owned(),
            done_when: "the feature gate is decided, registered and tested",
            tasks,
        };
        match &facts.gate {
            GateFact::Named { name, span } => {
                let place = self.place(*span);
                let made = match facts.registered {
                    Some(now) if now.is_none_or(|now| now < facts.stage) => vec![self.promotion(name, &place)],
                    Some(now) => {
                        let now = now.map_or_else(String::new, |now| format!(" in state {now}"));
                        vec![
                            Draft::new("Feature Gate in Use")
                                .line("Review", format!("the checkout has `{name}`{now}: the code asks for it, and nothing is registered"))
                                .from(&place),
                        ]
                    }
                    None => self.registration(name, &place, None),
                };
                self.tasks.foundation.push(group(made));
            }
            GateFact::Denied(span) => {
                let task = Draft::new("Gate Decision")
                    .line("Review", "the VEP says that it needs none; reviewers confirm it")
                    .from(&self.place(*span));
                self.tasks.foundation.push(group(vec![task]));
            }
            GateFact::Wanted(_) | GateFact::Unsaid => {
                let said = match facts.gate {
                    GateFact::Wanted(span) => Some(self.place(span)),
                    _ => None,
                };
                let question = "What is the feature gate called, or is there none? The VEP names no gate of its own.";
                let mut task = Draft::new("Gate Decision").line("Review", "new functionality begins switched off");
                if let Some(said) = &said {
                    task = task.from(said);
                }
                let (task, answer) = self.ask(task, question.to_owned());
                let mut made = vec![task];
                if let Some(name) =
                    answer.map(|answer| answer.trim_matches('`').to_owned()).filter(|name| is_gate_name(name))
                {
                    let source = said.unwrap_or_else(|| "the answer to the question".to_owned());
                    made.extend(self.registration(&name, &source, Some("the answer to the question")));
                }
                self.tasks.foundation.push(group(made));
            }
        }
    }

    fn registration(&self, name: &str, place: &str, also: Option<&str>) -> Vec<Draft> {
        let facts = self.facts;
        let beta = facts.stage == Stage::Beta;
        let active = self.survey.gates().ok().map(|gates| gates.active.clone());
        let mut task = Draft::new("Feature Gate Registration").line("Gate", format!("`{name}`"));
        task.file.clone_from(&active);
        task.extends = true;
        let (state, default) =
            if beta { ("beta", "Beta stage, default true") } else { ("alpha", "Alpha stage, default false") };
        task = task.line("Configuration", default).line("State", state);
        if let Some(sig) = &self.vep.sig {
            task = task.line("Owner", sig.clone());
        }
        task = task.from(place);
        if let Some(also) = also {
            task = task.from(also);
        }
        if let Some((release, span)) = &facts.release {
            task = task.line("Release", release.clone());
            task = match span {
                Some(span) => task.from(&self.place(*span)),
                None => task.from("rule: the checkout's highest release"),
            };
        }
        let mut test = Draft::new("Feature Gate Tests")
            .line("Verify", "the feature gate can be enabled and disabled")
            .line("Verify", "nothing changes while it is disabled")
            .from(place);
        let folder = active.as_deref().map_or("pkg/virt-config/featuregate", crate::tree::parent);
        if folder.ends_with("featuregate") {
            test.file = Some(join(folder, &format!("{}_test.go", Name::parse(name).snake())));
        }
        vec![task, test]
    }

    fn promotion(&self, name: &str, place: &str) -> Draft {
        let facts = self.facts;
        let mut task = Draft::new(format!("Promote the feature gate `{name}` to {}", facts.stage)).from(place);
        task.file = self.survey.gates().ok().map(|gates| gates.active.clone());
        task.extends = true;
        task = task.line("Gate", format!("`{name}`"));
        if let Some((release, span)) = &facts.release {
            task = task.line("Release", release.clone());
            if let Some(span) = span {
                task = task.from(&self.place(*span));
            }
        }
        for item in &facts.graduation {
            task = task.line("Verify", sentence(&item.text)).from(&self.place(item.span));
        }
        task
    }

    /// The file of the functional specs: in the folder of the SIG, named after the feature.
    fn spec_file(&self) -> Option<String> {
        let sig = self.vep.sig.as_deref()?.trim_start_matches("sig-");
        let folder = [format!("tests/{sig}"), "tests/compute".to_owned(), "tests".to_owned()]
            .into_iter()
            .find(|folder| self.survey.kind(folder) == Some(Kind::Folder))?;
        let name = match &self.facts.gate {
            GateFact::Named { name, .. } => Name::parse(name),
            _ => Name::parse(&self.vep.title.text.split_whitespace().take(5).collect::<Vec<_>>().join(" ")),
        };
        let mut slug = name.snake();
        if folder == "tests" {
            slug.push_str("_test");
        }
        let plain = slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let stem = slug.trim_end_matches("_test");
        (plain && !stem.is_empty())
            .then(|| join(&folder, &format!("{}.go", if folder == "tests" { slug.as_str() } else { stem })))
    }

    fn tests(&mut self) {
        let file = self.spec_file();
        let placed = |mut task: Draft| {
            task.file.clone_from(&file);
            task.from("rule: the folder of the VEP's SIG")
        };
        let facts = self.facts;
        let mut task = Draft::new("Functional Tests - Testing Approach");
        let mut seen: Vec<String> = Vec::new();
        for item in &facts.tests {
            let text = sentence(&item.text);
            if text.len() > 3 && !text.ends_with(':') && !seen.contains(&text) {
                task = task.line("Test", text.clone()).from(&self.place(item.span));
                seen.push(text);
            }
        }
        if !seen.is_empty() {
            self.tasks.tests.push(placed(task));
        }
        if !facts.stories.is_empty() {
            let mut task = Draft::new("E2E Test - User Stories");
            for story in &facts.stories {
                task = task.line("Story", sentence(&story.text)).from(&self.place(story.span));
            }
            if seen.is_empty() {
                let title = format!("{} serves its user stories", title(&self.vep.title.text));
                task = task.line("Test", title);
                task = placed(task);
            }
            self.tasks.tests.push(task);
        }
    }

    fn api(&mut self) {
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

    fn components(&mut self) {
        let facts = self.facts;
        let mut made = Vec::new();
        for path in facts.paths.iter().filter(|path| {
            !path.path.ends_with("_test.go") && !path.path.starts_with("tests/") && !path.path.starts_with("staging/")
        }) {
            let name = path.path.rsplit('/').next().unwrap_or_default();
            let mut task = Draft::new(format!("Change {name}"))
                .line("Review", "the VEP names this file; what changes in it is in the design")
                .from(&self.place(path.span));
            task.file = Some(path.path.clone());
            task.extends = true;
            made.push(task);
        }
        let names: Vec<&str> = facts.components.iter().map(|(name, _)| *name).collect();
        if names.is_empty() && made.is_empty() || !names.is_empty() {
            let mut task = Draft::new("Component Logic");
            for (name, span) in &facts.components {
                task = task.line("Component", *name).from(&self.place(*span));
            }
            if names.is_empty()
                && let Some(design) = self.vep.sections(super::Topic::Design).next()
            {
                task = task.from(&self.place(design.span));
            }
            let of = if names.is_empty() { "which component".to_owned() } else { names.join(", ") };
            let question = format!("Which files of {of} hold the work? The VEP names components, and not files.");
            let (task, answer) = self.ask(task, question);
            made.push(task);
            for path in answer
                .unwrap_or_default()
                .split([',', ' ', '`'])
                .filter(|path| path.contains('/') && path.ends_with(".go"))
            {
                let mut task = Draft::new(format!("Change {}", path.rsplit('/').next().unwrap_or_default()))
                    .from("the answer to the question");
                task.file = Some(path.to_owned());
                task.extends = self.survey.exists(path);
                made.push(task);
            }
        }
        let done_when = "the tests of phase 2 pass";
        self.tasks.implementation.push(Group { title: "Component Logic".to_owned(), done_when, tasks: made });
    }

    fn release(&mut self) {
        let of = |topic| self.vep.sections(topic).next().map(|heading| self.vep.place(heading.span));
        let mut guide = Draft::new("User Guide");
        for goal in &self.facts.goals {
            guide = guide.line("Requirement", sentence(&goal.text)).from(&self.place(goal.span));
        }
        guide = guide.line("Review", "users read kubevirt/user-guide, which is another repository");
        let mut review = Draft::new("Security Review")
            .line("Review", "no new privileges beyond those of pods")
            .line("Review", "isolation is kept");
        if let Some(place) = of(super::Topic::Security) {
            review = review.from(&place);
        }
        let mut update =
            Draft::new("Update and Rollback").line("Review", "as the VEP says, an update and a rollback lose nothing");
        if let Some(place) = of(super::Topic::Update) {
            update = update.from(&place);
        }
        for (title, done_when, task) in [
            ("Documentation", "users can switch the feature on and fix it", guide),
            ("Compatibility", "an update and a rollback were tried", update),
            ("Security Review", "the review is done, without open issues", review),
        ] {
            self.tasks.release.push(Group { title: title.to_owned(), done_when, tasks: vec![task] });
        }
    }
}

fn type_line(block: &super::BlockType) -> String {
    if !block.is_struct {
        let values: Vec<String> = block.values.iter().map(|(name, value)| format!("`{name} = \"{value}\"`")).collect();
        return format!("Add string type `{}` with constants {}", block.name, values.join(", "));
    }
    let own = |field: &super::BlockField| {
        if field.embedded { format!("`{}`", field.ty) } else { format!("`{} {}`", field.name, field.ty) }
    };
    let fields: Vec<String> = block.fields.iter().map(own).collect();
    match fields.as_slice() {
        [] => format!("Add an empty struct `{}`", block.name),
        [one] => format!("Add struct `{}` with the field {one}", block.name),
        [first @ .., last] => format!("Add struct `{}` with fields {} and {last}", block.name, first.join(", ")),
    }
}

fn sentence(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

fn title(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}
