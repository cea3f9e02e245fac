//! The flags that several commands plan with, and what they ask of a plan.

use std::path::Path;

use clap::{Args, ValueEnum};
use kubevirt_scaffold_core::diagnostic::{Diagnostic, is_invisible};
use kubevirt_scaffold_core::plan::{GateChoice, GateLayout, Options};
use kubevirt_scaffold_core::survey::Stage;
use kubevirt_scaffold_core::task::Placeholders;
use kubevirt_scaffold_core::text::Source;

use crate::{completion, input};

/// What the tasks leave open.
#[derive(Args, Clone, Debug, Default)]
pub struct PlanFlags {
    /// Give a placeholder its value: `--set feature=guest-heartbeat` for `[feature]`.
    #[arg(long, value_name = "KEY=VALUE", add = completion::placeholders())]
    pub set: Vec<String>,
    /// The feature gate's name, whether or not a task asks for one.
    #[arg(long, value_name = "NAME")]
    pub gate: Option<String>,
    /// Make no feature gate, whether or not a task asks for one.
    #[arg(long, conflicts_with = "gate")]
    pub no_gate: bool,
}

impl PlanFlags {
    /// The options of a plan for a tasks.md, with the documents beside it. The error names a wrong `--set`.
    pub fn options(&self, tasks: Option<&Path>, command_line: &Source) -> Result<Options, Diagnostic> {
        Ok(Options {
            placeholders: placeholders(&self.set, command_line)?,
            gate: match &self.gate {
                _ if self.no_gate => GateChoice::None,
                Some(name) => GateChoice::Named(name.clone()),
                None => GateChoice::Tasks,
            },
            documents: tasks.map(input::documents).transpose()?.unwrap_or_default(),
            command_line: Some(command_line.clone()),
            ..Options::default()
        })
    }
}

/// What the tasks leave open about a new feature gate.
#[derive(Args, Clone, Debug, Default)]
pub struct GateFlags {
    /// Where a new feature gate goes: the file that the task names, or the one with the others.
    #[arg(long, value_name = "LAYOUT", default_value = "named")]
    pub gate_layout: Layout,
    /// The owner in the gate's comment, such as "sig-compute / @user".
    #[arg(long, value_name = "TEXT")]
    pub owner: Option<String>,
    /// The release in the gate's comment [default: the highest that the gate files name].
    #[arg(long, value_name = "vX.Y.0")]
    pub release: Option<String>,
    /// The gate's first stage [default: alpha, unless its task says beta].
    #[arg(long, value_name = "STAGE")]
    pub state: Option<State>,
}

/// Where a new feature gate goes.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Layout {
    /// The file that the task names.
    #[default]
    Named,
    /// The file with the other gates, as upstream does.
    Active,
}

/// The first stage of a gate.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum State {
    /// Off by default.
    Alpha,
    /// On by default.
    Beta,
}

impl GateFlags {
    /// The options with what these flags say. The error names a wrong owner.
    pub fn options(&self, options: Options, command_line: &Source) -> Result<Options, Diagnostic> {
        if let Some(owner) = self.owner.as_deref().filter(|owner| owner.contains(is_invisible)) {
            let diagnostic = Diagnostic::error("owner", "the owner must fit on one line of a comment")
                .help("such as --owner \"sig-compute / @user\"");
            return Err(input::at_word(diagnostic, command_line, owner));
        }
        Ok(Options {
            layout: match self.gate_layout {
                Layout::Named => GateLayout::Named,
                Layout::Active => GateLayout::Active,
            },
            owner: self.owner.clone(),
            release: self.release.clone(),
            stage: self.state.map(|state| match state {
                State::Alpha => Stage::Alpha,
                State::Beta => Stage::Beta,
            }),
            ..options
        })
    }
}

fn placeholders(set: &[String], command_line: &Source) -> Result<Placeholders, Diagnostic> {
    let mut placeholders = Placeholders::default();
    for pair in set {
        let refused = |message: String, help: &str| {
            input::at_word(Diagnostic::error("set", message).help(help), command_line, pair)
        };
        let Some((key, value)) = pair.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty())
        else {
            let message = format!("`{pair}` is not of the form KEY=VALUE");
            return Err(refused(message, "such as --set feature=guest-heartbeat"));
        };
        // The feature's name has rules of its own.
        let is_odd = value.contains(is_invisible) || value.trim().starts_with(['/', '.', '~']);
        if is_odd && key != "feature" {
            let message = format!("the value of `{key}` has no place in a name or a path");
            return Err(refused(message, "values are words, such as --set component=handler"));
        }
        placeholders.set(key, value);
    }
    Ok(placeholders)
}
