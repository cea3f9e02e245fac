//! From the facts of a VEP to tasks, by the template's generation rules.

use std::collections::BTreeMap;

use super::facts::facts_named;
use super::{Facts, GateFact, Vep, facts, front_matter, gate_tasks, write};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, Tasks, merge};
use crate::merge::three_way;
use crate::name::{Name, is_gate_name};
use crate::survey::Survey;
use crate::task::parse;
use crate::text::{Source, Span};

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
    let stated_by_vep = facts(vep, survey);
    let renamed = existing.map(|existing| match rename {
        Some((old, new)) => Source::new(existing.name(), with_name(existing.text(), old, new)),
        None => existing.clone(),
    });
    let existing = renamed.as_ref();
    let known = existing.map(answers).unwrap_or_default();
    // A name that was changed stays changed: the tasks.md says which one holds.
    let header = existing.and_then(|existing| Some(parse(existing).metadata("Feature Gate")?.value.text.clone()));
    let header = header.filter(|name| is_gate_name(name));
    let own = match &stated_by_vep.gate {
        GateFact::Named { name, .. } => Some(name.clone()),
        _ => None,
    };
    let changed = match rename {
        Some((old, new)) if own.as_ref() == Some(old) => Some(new.clone()),
        _ => header.filter(|header| own.as_ref() != Some(header)),
    };
    let doubt = gate_tasks::renamed(vep, &stated_by_vep, survey)
        .filter(|question| rename.is_none() && (changed.is_none() || known.contains_key(question)));
    let decided = |answers: &Answers| {
        let Some(question) = &doubt else {
            return changed.as_deref().map_or_else(|| stated_by_vep.clone(), |now| facts_named(vep, survey, Some(now)));
        };
        let answer = answers.get(question).map(|answer| answer.trim_matches('`')).filter(|name| is_gate_name(name));
        match (answer, &stated_by_vep.gate) {
            (None, GateFact::Named { span, .. }) => Facts { gate: GateFact::Wanted(*span), ..stated_by_vep.clone() },
            (answer, _) => facts_named(vep, survey, answer),
        }
    };
    let made = |answers: &Answers| {
        let facts = decided(answers);
        let mut maker = Maker { vep, facts: &facts, survey, answers, doubt: doubt.as_deref(), tasks: Tasks::default() };
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
    let facts = decided(&known);
    let mut diagnostics = facts.api.unread.clone();
    for found in &mut diagnostics {
        found.message.push_str("; no task comes from it");
    }
    diagnostics.extend(halted(vep));
    DraftedVep { text, diagnostics, questions, facts }
}

/// That the VEP says that nobody is to build it now.
pub(super) fn halted(vep: &Vep) -> Option<Diagnostic> {
    let (word, span) = front_matter::halted(vep)?;
    let line = Span::new(span.start, span.start + span.of(vep.document.source.text()).trim_end().len());
    let found = Diagnostic::warning("vep-status", format!("the VEP says that it is {word}"));
    Some(found.at(&vep.document.source, line).help("ask its owners before anybody builds it"))
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
    /// What is asked of the gate before anything is made of it.
    pub(super) doubt: Option<&'a str>,
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
}

pub(super) fn sentence(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}
