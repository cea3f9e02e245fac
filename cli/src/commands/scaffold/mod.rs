//! `scaffold`

mod args;

use std::collections::BTreeSet;
use std::path::Path;

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::page::View;
use kubevirt_scaffold_core::pipeline::{
    Choice, Hook, Outcome, Proposal, choose, diagnostics_json, patch, plan_json, propose,
};
use kubevirt_scaffold_core::plan::{Earlier, Options, Selection, slug};
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::task::parse;
use kubevirt_scaffold_core::text::{Source, Span};

use crate::answers::{self, Values};
use crate::apply::{Form, Refusal};
use crate::baseline::record;
use crate::carry_out::{Execution, recover_first};
use crate::checkout::Checkout;
use crate::choose::Answer;
use crate::command_name::command;
use crate::config::Settings;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{Format, Hooks};
use crate::options::{Asked, Standing};
use crate::saved_plan::{Recorder, save};
use crate::terminal::{self, Colors};
use crate::vep_tasks::Keep;
use crate::{apply, baseline, choose, generate, git, hooks, input, preview, review, sample, vep_tasks, verify};

pub use args::{Args, options};

/// Runs the command. `command_line` is what the user typed, for diagnostics about it.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let checkout = Checkout::find(args.checkout.kubevirt.as_deref());
    let around = if args.tasks.is_none() { input::around() } else { None };
    if let Some(path) = &around {
        terminal::tell!("Using {}.", path.display());
    }
    if args.tasks.is_none() && around.is_none() && args.apply.write.yes {
        let message = "no tasks.md is named, and the built-in sample is for previews only";
        let place = Span::at(command_line.text().len());
        let found = Diagnostic::error("tasks-missing", message).at(command_line, place);
        return Err(found.help("name the tasks.md of a feature, or omit --yes").into());
    }
    let named = args.tasks.as_deref().map(|path| input::tasks_or_vep(Some(path), command_line)).transpose()?;
    let tasks = named.as_deref().or(around.as_deref());
    let settings = Settings::read(tasks, checkout.root()).map_err(CommandError::from);
    let ended = settings.and_then(|settings| {
        let hooks = args.apply.hooks.or(settings.first(|config| config.hooks.as_ref()).map(|set| set.value));
        let (hooks, standing) = (hooks.unwrap_or_default(), Standing { settings, asked: None });
        Run { args, tasks, command_line, checkout, colors: Colors::new(args.color), hooks, standing }.plan()
    });
    if let (Err(_), Some(path)) = (&ended, &args.html) {
        terminal::tell!("There is no plan to review, so {} was not written.", path.display());
    }
    ended
}

/// The document of a run that was refused, if stdout carries JSON.
pub fn refusal(args: &Args, found: &[Diagnostic]) -> Option<String> {
    let outcome = || outcome(args, &Checkout::find(args.checkout.kubevirt.as_deref()));
    (args.format == Format::Json).then(|| diagnostics_json(found, &outcome()))
}

/// The checkout as the JSON names it.
fn outcome(args: &Args, checkout: &Checkout) -> Outcome {
    let root = checkout.root();
    let commit = root.filter(|_| args.format == Format::Json).and_then(git::commit);
    Outcome { root: root.map(|root| root.display().to_string()), commit, ..Outcome::default() }
}

/// The flags that say how a plan is shown, and not what is done: a command to write it does without them.
const SHOWING: &[&str] =
    &["stat", "html", "open", "force", "patch", "plan", "dry_run", "check", "yes", "format", "when"];

/// How showing a plan ends.
enum Ended {
    /// It is carried out, or not.
    Done(ExitStatus),
    /// The user wants a part of it.
    Chosen { ids: BTreeSet<String>, left: BTreeSet<String> },
}

struct Run<'a> {
    args: &'a Args,
    /// The tasks.md; nothing for the sample.
    tasks: Option<&'a Path>,
    command_line: &'a Source,
    checkout: Checkout,
    colors: Colors,
    /// Which follow-up steps run.
    hooks: Hooks,
    /// What is configured.
    standing: Standing,
}

impl Run<'_> {
    fn is_json(&self) -> bool {
        self.args.format == Format::Json
    }

    fn plan(&self) -> Result<ExitStatus, CommandError> {
        let args = self.args;
        let tasks = match self.tasks {
            None => sample::tasks(),
            Some(path) => input::read(path, self.command_line)?,
        };
        let write = args.apply.write;
        if let Some(root) = self.checkout.root() {
            recover_first(root, write.yes, !write.dry_run && !args.check && self.tasks.is_some())?;
        }
        let recorder = args.plan.as_ref().map(|_| Recorder::new(self.checkout.tree()));
        let tree = recorder.as_ref().map_or(self.checkout.tree(), |recorder| recorder);
        let survey = self.checkout.survey(tree, args.checkout.kubevirt.as_deref(), self.command_line)?;
        let keep = Keep { path: args.output.as_deref(), force: args.force };
        let tasks = vep_tasks::of_vep(self.tasks.map(|_| &tasks), &keep, &survey, self.command_line)?.unwrap_or(tasks);
        let mut options = args.options(self.tasks, &self.standing, self.command_line)?;
        let layout = survey.gates().ok().map(|gates| gates.active.clone());
        let within = options.selection.clone();
        let (mut proposal, mut answered) = (self.first(&tasks, &survey, &mut options)?, Values::new());
        // What has no value yet is asked for, one by one: a value can stand for more than its own placeholder.
        while let Some(key) = self.asked_for(&proposal) {
            let Some(value) = answers::ask(&key, &tasks)? else { break };
            options.placeholders.set(&key, &value);
            answered.insert(key, value);
            proposal = self.first(&tasks, &survey, &mut options)?;
        }
        if let Some(path) = self.tasks.filter(|_| !answered.is_empty()) {
            // What the plan is refused for would be refused the next time, too.
            answers::remember(path, &answered, !write.dry_run && !args.check && !proposal.is_refused());
        }
        let propose = |selection: Selection| self.propose(&tasks, &survey, &Options { selection, ..options.clone() });
        let (mut is_part, mut memory) = (false, generate::Memory::default());
        // Whoever chooses a part sees that, too, before it is written.
        loop {
            if args.generate && !proposal.is_refused() {
                generate::into(&self.checkout, &mut proposal, &mut memory)?;
            }
            let asked = self.tasks.map(|path| Asked::of(&options, path));
            match self.finish(&proposal, layout.clone(), recorder.as_ref(), is_part, asked)? {
                Ended::Done(status) => return Ok(status),
                Ended::Chosen { ids, left } => {
                    let Choice { proposal: part, added } = choose(ids, &within, &propose);
                    choose::tell(&part, &added, &left);
                    (proposal, is_part) = (part, true);
                }
            }
        }
    }

    /// The first plan, with what earlier runs have left.
    fn first(&self, tasks: &Source, survey: &Survey<'_>, options: &mut Options) -> Result<Proposal, CommandError> {
        if let Some(root) = self.checkout.root() {
            let earlier = baseline::read(root, || slug(&parse(tasks), options))?;
            options.earlier = Earlier { keep_edited: self.args.keep_edited, ..earlier };
        }
        Ok(self.propose(tasks, survey, options))
    }

    /// The placeholder to ask for, if somebody sits there to be asked. The others may follow from the feature's name.
    fn asked_for(&self, proposal: &Proposal) -> Option<String> {
        let may = self.tasks.is_some() && !self.args.apply.write.yes && !self.is_json() && terminal::is_interactive();
        let open = if may { proposal.open_placeholders() } else { Vec::new() };
        open.iter().find(|key| *key == "feature").or(open.first()).cloned()
    }

    /// Plans, with what keeps it from being carried out.
    fn propose(&self, tasks: &Source, survey: &Survey<'_>, options: &Options) -> Proposal {
        let args = self.args;
        let mut proposal = propose(tasks, survey, options);
        let known: Vec<String> = proposal.diagnostics().map(|found| found.message.clone()).collect();
        let refusals = self.checkout.refusals().into_iter().filter(|found| !known.contains(&found.message));
        proposal.set.diagnostics.extend(refusals);
        if args.apply.write.yes || args.patch.is_some() || args.plan.is_some() {
            let found = proposal.set.check();
            proposal.set.diagnostics.extend(found);
        }
        proposal
    }

    /// Writes the review page, if the user wants one.
    fn review(&self, proposal: &Proposal, hooks: &[Hook], is_part: bool) -> Result<(), Refusal> {
        let Args { typed, html: Some(path), force, open, .. } = self.args else { return Ok(()) };
        let name = command("scaffold");
        let name = name.trim_matches('`');
        let chosen = typed.again::<Args>(name, &[SHOWING, &["only", "phase"]].concat());
        let again = if is_part {
            let wanted = proposal.plan.tasks.iter().filter(|task| task.selected);
            let ids: Vec<&str> = wanted.map(|task| task.id.as_str()).collect();
            format!("{chosen} --only {}", review::quoted(&ids.join(",")))
        } else {
            typed.again::<Args>(name, SHOWING)
        };
        let can_be_written = !proposal.is_refused() && self.checkout.root().is_some();
        let view = View {
            checkout: &self.checkout.name(),
            command: can_be_written.then_some(&*again),
            chosen: &chosen,
            hooks,
        };
        review::write(path, proposal, &view, *force, *open)
    }

    /// Shows the plan, and carries it out if the user wants that.
    fn finish(
        &self,
        proposal: &Proposal,
        layout: Option<String>,
        recorder: Option<&Recorder<'_>>,
        is_part: bool,
        asked: Option<Asked>,
    ) -> Result<Ended, CommandError> {
        let refused = proposal.is_refused();
        let wanted = |hook: &&_| self.hooks.includes(hook);
        let mut chosen = proposal.set.hooks.iter().filter(wanted).cloned().collect();
        if let Some(root) = self.checkout.root() {
            let changed: Vec<&str> = proposal.set.changes.iter().map(|change| &*change.path).collect();
            chosen = hooks::resolve(root, chosen, &changed);
            if self.hooks == Hooks::Native {
                chosen = hooks::native(chosen);
            }
        }
        let mut outcome = Outcome { layout, hooks: chosen, ..outcome(self.args, &self.checkout) };
        let nothing = proposal.set.changes.is_empty();
        if let Some(path) = self.args.patch.as_ref().filter(|_| !refused) {
            apply::write_product(path, &patch(&proposal.set.changes), Form::Patch, self.args.force)?;
            terminal::tell!("Wrote the diff to {}.", path.display());
        }
        self.review(proposal, &outcome.hooks, is_part)?;
        let form = match self.args.format {
            Format::Json => preview::Form::Words,
            Format::Text if self.args.stat => preview::Form::Stat,
            Format::Text => preview::Form::Diff,
        };
        let view = preview::View { checkout: &self.checkout, hooks: &outcome.hooks, colors: self.colors, form };
        preview::show(proposal, &view, self.args.apply.write.yes)?;
        let status = if refused {
            ExitStatus::Refused
        } else if nothing {
            ExitStatus::Done
        } else {
            match self.carry_out(proposal, &mut outcome, recorder, asked)? {
                Ended::Done(status) => status,
                chosen @ Ended::Chosen { .. } => return Ok(chosen),
            }
        };
        if self.is_json() {
            let document = plan_json(proposal, &outcome) + "\n";
            let has_written =
                outcome.applied || self.args.patch.is_some() || self.args.plan.is_some() || self.args.html.is_some();
            terminal::deliver(&document, has_written)?;
        }
        Ok(Ended::Done(status))
    }

    /// Writes and runs the hooks, if the user wants it.
    fn carry_out(
        &self,
        proposal: &Proposal,
        outcome: &mut Outcome,
        recorder: Option<&Recorder<'_>>,
        asked: Option<Asked>,
    ) -> Result<Ended, CommandError> {
        let args = self.args;
        if args.check {
            return Ok(Ended::Done(ExitStatus::Found));
        }
        let Some(root) = self.checkout.root() else {
            terminal::tell!("Preview only: this is {}. To write files, pass --kubevirt DIR.", self.checkout.name());
            return Ok(Ended::Done(ExitStatus::Done));
        };
        let steps = outcome.hooks.iter().map(|hook| hook.name.clone()).collect();
        let mut record = record(proposal, self.command_line, None, steps);
        record.about.asked = asked;
        if let (Some(path), Some(recorder)) = (&args.plan, recorder) {
            let plan = save(root, &record, &outcome.hooks, recorder)?;
            apply::write_product(path, &plan, Form::Plan, args.force)?;
            let named = args.checkout.kubevirt.as_deref();
            let named = named.map(|root| format!(" --kubevirt {}", review::quoted_path(root))).unwrap_or_default();
            let apply = command(&format!("apply {}{named}", review::quoted_path(path)));
            terminal::tell!("Saved the plan; to apply it, run {apply}.");
            return Ok(Ended::Done(ExitStatus::Done));
        }
        let mut write = args.apply.write;
        // The sample feature is only shown.
        write.dry_run |= self.tasks.is_none();
        let asks = !write.dry_run && !write.yes && terminal::is_interactive();
        let may = if asks {
            match choose::ask(proposal, self.colors)? {
                Answer::Only { ids, left } => return Ok(Ended::Chosen { ids, left }),
                answer => answer == Answer::Yes,
            }
        } else {
            terminal::may_change(write, "Apply?")?
        };
        if !may {
            return Ok(Ended::Done(ExitStatus::Done));
        }
        // With --yes it is done already, and what it finds was refused.
        let found = if write.yes { Vec::new() } else { proposal.set.check() };
        if !found.is_empty() {
            terminal::diagnostics(&found, self.colors.stderr);
            return Ok(Ended::Done(ExitStatus::Refused));
        }
        let commit = Execution { root, yes: write.yes, allow_dirty: args.apply.allow_dirty };
        let is_sound =
            || args.verification(self.tasks).is_none_or(|wanted| verify::tell(&wanted, self.command_line, self.colors));
        let ended = commit
            .ask_about_dirty(&record)
            .and_then(|may| if may { commit.carry_out(record, &outcome.hooks, &is_sound).map(Some) } else { Ok(None) });
        let status = match ended {
            Ok(None) => ExitStatus::Done,
            Ok(Some(status)) => {
                outcome.applied = true;
                status
            }
            Err(refusal) => {
                terminal::diagnostics([&*refusal], self.colors.stderr);
                outcome.failure = Some(refusal.into_inner());
                ExitStatus::Refused
            }
        };
        Ok(Ended::Done(status))
    }
}
