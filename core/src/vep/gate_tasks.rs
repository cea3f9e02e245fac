//! The tasks of the feature gate: decided, registered, taken to its next stage.

use super::renamed::named_as_a_field;
use super::tasks::{Maker, sentence};
use super::{Facts, GateFact, Vep};
use crate::draft::{Draft, Group};
use crate::name::{Name, is_gate_name};
use crate::survey::{Stage, Survey};
use crate::task::Line;
use crate::text::Span;
use crate::tree::join;

/// What to ask where the gate that a VEP names may be there under another name: the VEP is past its first stage, the
/// checkout lacks the gate, and it has one that is called like a field that the VEP shows and the API has.
pub(super) fn renamed(vep: &Vep, facts: &Facts, survey: &Survey<'_>) -> Option<String> {
    let GateFact::Named { name, .. } = &facts.gate else { return None };
    if facts.registered.is_some() || vep.stage() == Stage::Alpha {
        return None;
    }
    let gates = survey.gates().ok()?;
    let other = named_as_a_field(vep, name, &gates, survey)?;
    Some(format!(
        "Is the feature gate `{other}` of the checkout the VEP's `{name}`, or does the VEP need `{name}` beside it? Answer with the gate's name."
    ))
}

/// What a Go block states above the constant of a gate.
struct Comment {
    owner: Option<String>,
    description: String,
    span: Span,
}

/// `// Owner: sig-network / @ada`, and what the gate is for, above `X = "X"`.
fn stated_comment(vep: &Vep, name: &str) -> Option<Comment> {
    let text = vep.document.source.text();
    let value = format!("\"{name}\"");
    for (code, _) in vep.code().iter().filter(|(code, _)| matches!(code.language.as_str(), "go" | "golang" | "diff")) {
        let lines = vep.document.lines_in(code.body);
        let plain = |line: &Line| line.span.of(text).trim().trim_start_matches('+').trim().to_owned();
        let is_constant = |line: &Line| plain(line).split_once('=').is_some_and(|(_, right)| right.trim() == value);
        let Some(at) = lines.iter().position(is_constant) else { continue };
        let above = lines[..at].iter().rev().map(plain).map_while(|line| line.strip_prefix("//").map(str::to_owned));
        let mut above: Vec<String> = above.map(|line| line.trim().to_owned()).collect();
        above.reverse();
        let owner = above.iter().find_map(|line| line.strip_prefix("Owner:")).map(str::trim);
        let is_life = |line: &String| {
            ["Owner:", "Alpha:", "Beta:", "GA:", "Deprecated:", "Discontinued:"].iter().any(|key| line.starts_with(key))
        };
        let prose: Vec<&str> = above.iter().filter(|line| !is_life(line)).map(String::as_str).collect();
        if above.is_empty() {
            continue;
        }
        return Some(Comment {
            owner: owner.filter(|owner| owner.contains("sig-")).map(str::to_owned),
            description: prose.join(" ").trim().to_owned(),
            span: lines[at].span,
        });
    }
    None
}

impl Maker<'_, '_> {
    pub(super) fn gate(&mut self) {
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
                let mut made = Vec::new();
                if let Some(question) = self.doubt {
                    let task = Draft::new("Gate Decision").from(&place);
                    made.push(self.ask(task, question.to_owned()).0);
                }
                made.extend(match facts.registered {
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
                });
                made.extend(self.more_gates());
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
                let question = self
                    .doubt
                    .unwrap_or("What is the feature gate called, or is there none? The VEP names no gate of its own.");
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

    /// A tasks.md has one gate: what the others guard is a decision.
    fn more_gates(&self) -> Vec<Draft> {
        let others = self.facts.more_gates.iter();
        others
            .map(|(name, span)| {
                let line = format!("the VEP introduces `{name}`, too; a tasks.md has one gate: register it by hand, and say what it guards");
                Draft::new(format!("Another Gate `{name}`")).line("Review", line).from(&self.place(*span))
            })
            .collect()
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
        let stated = stated_comment(self.vep, name);
        let owner = stated.as_ref().and_then(|stated| stated.owner.clone()).or_else(|| self.vep.sig.clone());
        if let Some(owner) = owner {
            task = task.line("Owner", owner);
        }
        task = task.from(place);
        if let Some(stated) = stated {
            if !stated.description.is_empty() {
                task = task.line("Description", stated.description);
            }
            task = task.from(&self.place(stated.span));
        }
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
