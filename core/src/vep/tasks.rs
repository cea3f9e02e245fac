//! From the facts of a VEP to tasks, by the template's generation rules.

use std::collections::BTreeMap;

use super::{Facts, GateFact, Vep, facts, write};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, Group, Tasks, merge};
use crate::merge::three_way;
use crate::name::{Name, is_gate_name};
use crate::survey::{Stage, Survey};
use crate::task::parse;
use crate::text::{Source, Span};
use crate::tree::join;

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
    for found in &mut diagnostics {
        found.message.push_str("; no task comes from it");
    }
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

pub(super) struct Maker<'a, 't> {
    pub(super) vep: &'a Vep,
    pub(super) facts: &'a Facts,
    pub(super) survey: &'a Survey<'t>,
    pub(super) answers: &'a Answers,
    pub(super) tasks: Tasks,
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
    pub(super) fn ask(&mut self, task: Draft, question: String) -> (Draft, Option<String>) {
        let answer = self.answers.get(&question).cloned();
        let number = self.tasks.ask(question);
        let task = task.line("Question", number);
        match answer {
            Some(answer) => (task.line("Answer", answer.clone()), Some(answer)),
            None => (task, None),
        }
    }

    pub(super) fn place(&self, span: Span) -> String {
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
        task = self.released(task);
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

    /// The release, and where it comes from.
    fn released(&self, task: Draft) -> Draft {
        const RULE: &str = "rule: the checkout's highest release";
        let Some(release) = &self.facts.release else { return task };
        let task = task.line("Release", release.name.clone());
        match &release.target {
            Some((target, span)) if *target == release.name => task.from(&self.place(*span)),
            Some((target, span)) => {
                let said = format!("the VEP targets {target}, and the checkout is at {}", release.name);
                task.line("Review", said).from(&self.place(*span)).from(RULE)
            }
            None => {
                task.line("Review", "the VEP targets no release; this is the one that the checkout is at").from(RULE)
            }
        }
    }

    fn promotion(&self, name: &str, place: &str) -> Draft {
        let facts = self.facts;
        let mut task = Draft::new(format!("Promote the feature gate `{name}` to {}", facts.stage)).from(place);
        task.file = self.survey.gates().ok().map(|gates| gates.active.clone());
        task.extends = true;
        task = task.line("Gate", format!("`{name}`"));
        task = self.released(task);
        for item in &facts.graduation {
            task = task.line("Verify", sentence(&item.text)).from(&self.place(item.span));
        }
        task
    }
}

pub(super) fn sentence(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}
