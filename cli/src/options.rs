//! The flags that several commands plan with, what stands behind them, and what they ask of a plan.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Args, ValueEnum};
use kubevirt_scaffold_core::diagnostic::{Diagnostic, is_invisible};
use kubevirt_scaffold_core::plan::{GateChoice, GateLayout, Options};
use kubevirt_scaffold_core::survey::Stage;
use kubevirt_scaffold_core::task::Placeholders;
use kubevirt_scaffold_core::text::Source;
use serde::{Deserialize, Serialize};

use crate::config::{Scope, Settings, fitting};
use crate::{completion, input};

/// What a tasks.md was scaffolded with, for the commands that come after it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The tasks.md, by the name that no link changes.
    pub file: String,
    /// The values of placeholders.
    pub set: BTreeMap<String, String>,
    /// The gate that was named.
    pub gate: Option<String>,
    /// Whether there was to be no gate.
    pub no_gate: bool,
    /// Where a new gate went.
    pub layout: Option<Layout>,
    /// Its owner.
    pub owner: Option<String>,
    /// Its release.
    pub release: Option<String>,
    /// Its first stage.
    pub state: Option<State>,
}

impl Asked {
    /// What the options of a plan for a tasks.md say.
    pub fn of(options: &Options, tasks: &Path) -> Self {
        Self {
            file: identity(tasks),
            set: options.placeholders.values().clone(),
            gate: if let GateChoice::Named(name) = &options.gate { Some(name.clone()) } else { None },
            no_gate: options.gate == GateChoice::None,
            layout: (options.layout == GateLayout::Active).then_some(Layout::Active),
            owner: options.owner.clone(),
            release: options.release.clone(),
            state: options.stage.map(|stage| if stage == Stage::Beta { State::Beta } else { State::Alpha }),
        }
    }

    /// It as flags, ready to be read.
    pub fn flags(&self) -> Vec<String> {
        let mut flags: Vec<String> = self.set.iter().map(|(key, value)| format!("--set {key}={value}")).collect();
        let named = [("gate", &self.gate), ("owner", &self.owner), ("release", &self.release)];
        flags.extend(named.iter().filter_map(|(flag, value)| Some(format!("--{flag} {}", value.as_ref()?))));
        flags.extend(self.no_gate.then(|| "--no-gate".to_owned()));
        flags.extend(self.layout.map(|_| "--gate-layout active".to_owned()));
        flags
            .extend(self.state.map(|state| format!("--state {}", if state == State::Beta { "beta" } else { "alpha" })));
        flags
    }
}

/// A tasks.md by the name that no link changes.
pub fn identity(tasks: &Path) -> String {
    std::fs::canonicalize(tasks).unwrap_or_else(|_| tasks.to_path_buf()).display().to_string()
}

/// What stands behind the command line: what the tasks.md was scaffolded with, and what is configured.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// What is configured.
    pub settings: Settings,
    /// What the tasks.md was scaffolded with; nothing if it was not.
    pub asked: Option<Asked>,
}

impl Standing {
    /// Adds it to the options of a plan.
    fn apply(&self, options: &mut Options) {
        for (scope, config) in self.settings.configs().rev() {
            for (key, set) in &config.set {
                // What stands beside the tasks.md stands there for it.
                if scope == Scope::Feature {
                    options.placeholders.set(key, &set.value);
                } else {
                    options.placeholders.offer(key, &set.value);
                }
                options.places.push((set.value.clone(), set.source.clone(), set.span));
                options.places.push((key.clone(), set.source.clone(), set.span));
            }
        }
        options.owner = self.settings.first(|config| config.owner.as_ref()).map(|set| set.value.clone());
        options.release = self.settings.first(|config| config.release.as_ref()).map(|set| set.value.clone());
        let Some(asked) = &self.asked else { return };
        for (key, value) in &asked.set {
            options.placeholders.offer(key, value);
        }
        options.gate = match &asked.gate {
            _ if asked.no_gate => GateChoice::None,
            Some(name) => GateChoice::Named(name.clone()),
            None => GateChoice::Tasks,
        };
        options.layout = asked.layout.map_or(GateLayout::Named, Layout::place);
        options.stage = asked.state.map(State::stage);
        options.owner.clone_from(&asked.owner);
        options.release.clone_from(&asked.release);
    }
}

/// What the tasks leave open.
#[derive(Args, Clone, Debug, Default)]
pub struct PlanFlags {
    /// Set a placeholder: `--set feature=guest-heartbeat` replaces `[feature]`; repeatable.
    #[arg(long, value_name = "KEY=VALUE", add = completion::placeholders())]
    pub set: Vec<String>,
    /// Use a feature gate of this name, even if no task asks for one.
    #[arg(long, value_name = "NAME")]
    pub gate: Option<String>,
    /// Use no feature gate, even if a task asks for one.
    #[arg(long, conflicts_with = "gate")]
    pub no_gate: bool,
}

impl PlanFlags {
    /// The options of a plan for a tasks.md, with the documents beside it and what stands behind the flags. The error
    /// names a wrong `--set`.
    pub fn options(
        &self,
        tasks: Option<&Path>,
        standing: &Standing,
        command_line: &Source,
    ) -> Result<Options, Diagnostic> {
        let mut options = Options {
            documents: tasks.map(input::documents).transpose()?.unwrap_or_default(),
            command_line: Some(command_line.clone()),
            ..Options::default()
        };
        standing.apply(&mut options);
        placeholders(&mut options.placeholders, &self.set, command_line)?;
        match &self.gate {
            _ if self.no_gate => options.gate = GateChoice::None,
            Some(name) => options.gate = GateChoice::Named(name.clone()),
            None => {}
        }
        Ok(options)
    }
}

/// What the tasks leave open about a new feature gate.
#[derive(Args, Clone, Debug, Default)]
pub struct GateFlags {
    /// The file for a new feature gate [default: named].
    #[arg(long, value_name = "LAYOUT")]
    pub gate_layout: Option<Layout>,
    /// The owner in the gate's comment, such as "sig-compute / @user" [default: the configured one, else the one in
    /// the tasks, else the SIG of the files].
    #[arg(long, value_name = "TEXT")]
    pub owner: Option<String>,
    /// The release in the gate's comment [default: the configured one, else the highest in the gate files].
    #[arg(long, value_name = "vX.Y.0")]
    pub release: Option<String>,
    /// The gate's first stage [default: the one in its task, else alpha].
    #[arg(long, value_name = "STAGE")]
    pub state: Option<State>,
}

/// Where a new feature gate goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, Serialize, Deserialize)]
pub enum Layout {
    /// The file that the task names.
    Named,
    /// The file with the other active gates, as upstream does.
    Active,
}

impl Layout {
    fn place(self) -> GateLayout {
        match self {
            Self::Named => GateLayout::Named,
            Self::Active => GateLayout::Active,
        }
    }
}

/// The first stage of a gate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, Serialize, Deserialize)]
pub enum State {
    /// Off by default.
    Alpha,
    /// On by default.
    Beta,
}

impl State {
    fn stage(self) -> Stage {
        match self {
            Self::Alpha => Stage::Alpha,
            Self::Beta => Stage::Beta,
        }
    }
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
            layout: self.gate_layout.map_or(options.layout, Layout::place),
            owner: self.owner.clone().or(options.owner),
            release: self.release.clone().or(options.release),
            stage: self.state.map(State::stage).or(options.stage),
            ..options
        })
    }
}

fn placeholders(placeholders: &mut Placeholders, set: &[String], command_line: &Source) -> Result<(), Diagnostic> {
    for pair in set {
        let refused = |message: String, help: &str| {
            input::at_word(Diagnostic::error("set", message).help(help), command_line, pair)
        };
        let Some((key, value)) = pair.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty())
        else {
            let message = format!("`{pair}` is not of the form KEY=VALUE");
            return Err(refused(message, "such as --set feature=guest-heartbeat"));
        };
        fitting(key, value).map_err(|why| refused(why, "values are words, such as --set component=handler"))?;
        placeholders.set(key, value);
    }
    Ok(())
}
