//! `cargo xtask scaffold`

use anyhow::Result;
use kubevirt_scaffold_core::change::Hook;
use kubevirt_scaffold_core::diagnostic::{Diagnostic, is_invisible};
use kubevirt_scaffold_core::plan::{Earlier, GateChoice, GateLayout, Options, Selection, Stage, slug};
use kubevirt_scaffold_core::preview::{self, Outcome, Proposal, diagnostics_json, patch, plan_json, propose, summary};
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::task::{Placeholders, parse};
use kubevirt_scaffold_core::text::{Source, Span};

use crate::checkout::Checkout;
use crate::earlier::record;
use crate::flags::{self, Format};
use crate::process::git;
use crate::report::{self, Colors};
use crate::saved::{Recorder, save};
use crate::write::{Write, mend};
use crate::{apply, earlier, hooks, input, sample, verify};

/// How a run ends: the exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// Done, or nothing to do.
    Done = 0,
    /// `--check` found something.
    Found = 1,
    /// Refused; nothing was written.
    Refused = 2,
    /// A step failed; the files are in place.
    HookFailed = 3,
}

/// Runs the command. `command_line` is what the user typed, for diagnostics about it.
pub fn run(args: &flags::Scaffold, command_line: &Source) -> Result<End> {
    let colors = Colors::new(args.color);
    let run = Run { args, command_line, colors };
    let checkout = Checkout::find(args.kubevirt.as_deref());
    let tasks = match &args.tasks {
        None => sample::tasks(),
        Some(path) => match input::read(path, command_line) {
            Ok(source) => source,
            Err(diagnostic) => return run.refuse(&[diagnostic], &checkout),
        },
    };
    if let Some(root) = checkout.root()
        && let Err(refusal) = mend(root, args.yes, !args.dry_run && !args.check && args.tasks.is_some())
    {
        return run.refuse(&[refusal.into_inner()], &checkout);
    }
    let recorder = args.plan.as_ref().map(|_| Recorder::new(checkout.tree()));
    let survey = match Survey::new(recorder.as_ref().map_or(checkout.tree(), |recorder| recorder)) {
        Ok(survey) => survey,
        Err(reason) => return run.refuse(&[run.not_kubevirt(&checkout, &reason.0)], &checkout),
    };
    let mut options = match options(args, command_line) {
        Ok(options) => options,
        Err(diagnostic) => return run.refuse(&[diagnostic], &checkout),
    };
    if let Some(root) = checkout.root() {
        match earlier::read(root, || slug(&parse(&tasks), &options)) {
            Ok(earlier) => options.earlier = Earlier { keep_edited: args.keep_edited, ..earlier },
            Err(refusal) => return run.refuse(&[refusal.into_inner()], &checkout),
        }
    }
    let mut proposal = propose(&tasks, &survey, &options);
    if args.yes || args.patch.is_some() || args.plan.is_some() {
        let found = proposal.set.check();
        proposal.set.diagnostics.extend(found);
    }
    let layout = survey.gates().ok().map(|gates| gates.active.clone());
    let end = run.finish(&proposal, &checkout, layout, recorder.as_ref());
    // The process ends here: giving back every piece of memory would take longer than reading it.
    std::mem::forget((proposal, survey, tasks, options));
    end
}

struct Run<'a> {
    args: &'a flags::Scaffold,
    command_line: &'a Source,
    colors: Colors,
}

impl Run<'_> {
    fn is_json(&self) -> bool {
        self.args.format == Format::Json
    }

    fn outcome(&self, checkout: &Checkout) -> Outcome {
        let root = checkout.root();
        let commit = root.filter(|_| self.is_json()).and_then(|root| git(root, &["rev-parse", "HEAD"]));
        Outcome { root: root.map(|root| root.display().to_string()), commit, ..Outcome::default() }
    }

    fn refuse(&self, found: &[Diagnostic], checkout: &Checkout) -> Result<End> {
        report::diagnostics(found, self.colors.stderr);
        if self.is_json() {
            report::product(&(diagnostics_json(found, &self.outcome(checkout)) + "\n"))?;
        }
        Ok(End::Refused)
    }

    fn not_kubevirt(&self, checkout: &Checkout, reason: &str) -> Diagnostic {
        let name = checkout.name();
        let typed = self.args.kubevirt.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let start = self.command_line.text().find(&typed).unwrap_or(0);
        Diagnostic::error("not-kubevirt", format!("{name} is no KubeVirt checkout: {reason}"))
            .at(self.command_line, Span::new(start, start + typed.len()))
            .help("name one with --kubevirt DIR or $KUBEVIRT_DIR")
    }

    fn finish(
        &self,
        proposal: &Proposal,
        checkout: &Checkout,
        layout: Option<String>,
        recorder: Option<&Recorder<'_>>,
    ) -> Result<End> {
        let refused = proposal.is_refused();
        let mut chosen = self.chosen_hooks(&proposal.set.hooks);
        if let Some(root) = checkout.root() {
            chosen = hooks::resolve(root, chosen, &changed(proposal));
        }
        let mut outcome = self.outcome(checkout);
        outcome.layout = layout;
        outcome.hooks.clone_from(&chosen);
        let nothing = proposal.set.changes.is_empty();
        if !refused {
            self.write_patch(proposal)?;
            if !self.is_json() {
                report::product(&proposal.diff(self.colors.stdout))?;
            }
        } else if !self.is_json() {
            report::product(&proposal.conflicts(self.colors.stdout))?;
        }
        let mut said = report::rendered(proposal.diagnostics(), self.colors.stderr);
        if !refused {
            said.push_str(&summary(proposal, &checkout.name(), &chosen, self.colors.stderr));
            if nothing {
                said.push_str("Nothing to do.\n");
            }
        }
        report::say(&said);
        let end = if refused {
            End::Refused
        } else if nothing {
            End::Done
        } else {
            self.carry_out(proposal, checkout, &mut outcome, recorder)?
        };
        if self.is_json() {
            report::product(&(plan_json(proposal, &outcome) + "\n"))?;
        }
        Ok(end)
    }

    fn chosen_hooks(&self, all: &[Hook]) -> Vec<Hook> {
        all.iter().filter(|hook| self.args.hooks.includes(hook)).cloned().collect()
    }

    fn write_patch(&self, proposal: &Proposal) -> Result<()> {
        let Some(path) = &self.args.patch else { return Ok(()) };
        apply::write_product(path, &patch(&proposal.set.changes))
    }

    /// Writes and runs the hooks, if the user wants it.
    fn carry_out(
        &self,
        proposal: &Proposal,
        checkout: &Checkout,
        outcome: &mut Outcome,
        recorder: Option<&Recorder<'_>>,
    ) -> Result<End> {
        let args = self.args;
        if args.check {
            return Ok(End::Found);
        }
        let Some(root) = checkout.root() else {
            eprintln!("This is {}: it is only shown. Name a checkout with --kubevirt DIR.", checkout.name());
            return Ok(End::Done);
        };
        let steps = outcome.hooks.iter().map(|hook| hook.name.clone()).collect();
        let record = record(proposal, self.command_line, None, steps);
        if let (Some(path), Some(recorder)) = (&args.plan, recorder) {
            apply::write_product(path, &save(root, &record, &outcome.hooks, recorder))?;
            eprintln!("Saved the plan; `cargo xtask apply {}` carries it out.", path.display());
            return Ok(End::Done);
        }
        if args.dry_run || !args.yes && (!report::is_interactive() || args.tasks.is_none()) {
            eprintln!("Nothing was written; pass --yes to write it.");
            return Ok(End::Done);
        }
        if !args.yes && !report::confirm("Apply?")? {
            eprintln!("Nothing was written.");
            return Ok(End::Done);
        }
        // With --yes it is done already, and what it finds was refused.
        let found = if args.yes { Vec::new() } else { proposal.set.check() };
        if !found.is_empty() {
            report::diagnostics(&found, self.colors.stderr);
            return Ok(End::Refused);
        }
        let write = Write { root, yes: args.yes, allow_dirty: args.allow_dirty };
        let end = match write.ask_about_dirty(&record) {
            Ok(false) => {
                eprintln!("Nothing was written.");
                return Ok(End::Done);
            }
            Ok(true) => {
                write.carry_out(record, &outcome.hooks, &|| !args.verify || verify::after(args, self.command_line))
            }
            Err(refusal) => Err(refusal),
        };
        end.or_else(|refusal| {
            report::diagnostics([&*refusal], self.colors.stderr);
            outcome.failure = Some(refusal.into_inner());
            Ok(End::Refused)
        })
        .inspect(|end| outcome.applied = *end != End::Refused)
    }
}

/// The paths of the files that a plan changes.
fn changed(proposal: &Proposal) -> Vec<&str> {
    proposal.set.changes.iter().map(|change| &*change.path).collect()
}

/// What the flags ask of the plan.
pub fn options(args: &flags::Scaffold, command_line: &Source) -> Result<Options, Diagnostic> {
    let mut placeholders = Placeholders::default();
    for pair in &args.set {
        let Some((key, value)) = pair.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty())
        else {
            let start = command_line.text().find(pair.as_str()).unwrap_or(0);
            let diagnostic = Diagnostic::error("set", format!("`{pair}` is not of the form KEY=VALUE"))
                .at(command_line, Span::new(start, start + pair.len()))
                .help("such as --set feature=guest-heartbeat");
            return Err(diagnostic);
        };
        // The feature's name has rules of its own.
        let is_odd = value.contains(is_invisible) || value.trim().starts_with(['/', '.', '~']);
        if is_odd && key != "feature" {
            let diagnostic = Diagnostic::error("set", format!("the value of `{key}` has no place in a name or a path"))
                .help("values are words, such as --set component=handler");
            return Err(input::at_word(diagnostic, command_line, pair));
        }
        placeholders.set(key, value);
    }
    if let Some(owner) = args.owner.as_deref().filter(|owner| owner.contains(is_invisible)) {
        let diagnostic = Diagnostic::error("owner", "the owner stands on one line of a comment")
            .help("such as --owner \"sig-compute / @user\"");
        return Err(input::at_word(diagnostic, command_line, owner));
    }
    Ok(Options {
        selection: Selection { only: args.only.clone(), phase: args.phase.clone() },
        placeholders,
        gate: match (&args.gate, args.no_gate) {
            (Some(name), _) => GateChoice::Named(name.clone()),
            (None, true) => GateChoice::None,
            (None, false) => GateChoice::Tasks,
        },
        layout: match args.gate_layout {
            flags::GateLayout::Named => GateLayout::Named,
            flags::GateLayout::Active => GateLayout::Active,
        },
        owner: args.owner.clone(),
        release: args.release.clone(),
        stage: args.state.map(|state| match state {
            flags::State::Alpha => Stage::Alpha,
            flags::State::Beta => Stage::Beta,
        }),
        ignore_compliance: args.ignore_compliance,
        documents: args.tasks.as_deref().map(input::documents).unwrap_or_default(),
        earlier: Earlier::default(),
        command_line: Some(command_line.clone()),
    })
}

/// One JSON document for a command line that could not be read.
pub fn usage_json(message: &str, command_line: &Source) -> String {
    let diagnostic = Diagnostic::error("usage", message.trim()).at(command_line, Span::at(0));
    preview::diagnostics_json(&[diagnostic], &Outcome::default())
}
