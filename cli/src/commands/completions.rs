//! `completions`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;
use clap_complete::env::{Bash, EnvCompleter, Fish, Zsh};
use clap_mangen::Man;

use crate::apply::{self, Form};
use crate::completion::VARIABLE;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::ColorFlag;
use crate::terminal;

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The shell [default: the one in $SHELL].
    #[arg(value_name = "SHELL")]
    pub shell: Option<Shell>,
    /// Install the completions and the manual pages for your user.
    #[arg(long)]
    pub install: bool,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// A shell that can complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU Bash, 4.0 or newer.
    Bash,
    /// The Z shell.
    Zsh,
    /// Fish.
    Fish,
}

/// The name of the program that is completed.
const NAME: &str = "kubevirt-scaffold";

/// Runs the command, for a command line.
pub fn run(args: &Args, cli: clap::Command) -> Result<ExitStatus, CommandError> {
    let shell = args.shell.or_else(of_user).unwrap_or(Shell::Bash);
    let script = script(shell)?;
    if !args.install {
        terminal::product(&script)?;
        return Ok(ExitStatus::Done);
    }
    let data = folder("XDG_DATA_HOME", ".local/share")?;
    let place = match shell {
        Shell::Bash => data.join("bash-completion/completions").join(NAME),
        Shell::Zsh => data.join("zsh/site-functions").join(format!("_{NAME}")),
        Shell::Fish => folder("XDG_CONFIG_HOME", ".config")?.join("fish/completions").join(format!("{NAME}.fish")),
    };
    install(&place, &script)?;
    crate::terminal::tell!("Wrote {}.", place.display());
    let manual = data.join("man/man1");
    let pages = pages(cli)?;
    for (name, page) in &pages {
        install(&manual.join(name), page)?;
    }
    crate::terminal::tell!("Wrote {} manual pages in {}.", pages.len(), manual.display());
    match shell {
        Shell::Zsh => crate::terminal::tell!(
            "If zsh does not look there yet, add this to ~/.zshrc, above compinit: fpath+=({})",
            data.join("zsh/site-functions").display()
        ),
        Shell::Bash => crate::terminal::tell!(
            "If you do not have the package bash-completion, add this to ~/.bashrc: source {}",
            place.display()
        ),
        Shell::Fish => {}
    }
    crate::terminal::tell!("Start a new shell to use them.");
    Ok(ExitStatus::Done)
}

/// The user's own shell, if it is one of these.
fn of_user() -> Option<Shell> {
    let shell = std::env::var_os("SHELL")?;
    let name = Path::new(&shell).file_name()?.to_str()?.to_owned();
    Shell::from_str(&name, true).ok()
}

/// What a shell has to read.
fn script(shell: Shell) -> anyhow::Result<String> {
    let completer: &dyn EnvCompleter = match shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
    };
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, NAME, NAME, NAME, &mut script)?;
    let script = String::from_utf8(script)?.trim_start().to_owned();
    Ok(if shell == Shell::Zsh { script + FIRST_CALL } else { script })
}

/// zsh reads a file of completions when the first one is asked for, as the body of that function. Without this the
/// first key press completes nothing.
const FIRST_CALL: &str = "
if [[ ${funcstack[1]} == _kubevirt-scaffold ]]; then
    _clap_dynamic_completer_kubevirt_scaffold \"$@\"
fi
";

/// The manual pages: of the program, and of each command.
fn pages(cli: clap::Command) -> anyhow::Result<Vec<(String, String)>> {
    let mut cli = cli.name(NAME).bin_name(NAME).disable_help_subcommand(true);
    cli.build();
    let mut pages = Vec::new();
    let commands: Vec<clap::Command> = cli.get_subcommands().cloned().collect();
    let named = commands.into_iter().map(|command| {
        let name = format!("{NAME}-{}", command.get_name());
        (name.clone(), command.display_name(name))
    });
    for (name, command) in std::iter::once((NAME.to_owned(), cli.clone())).chain(named) {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        pages.push((format!("{name}.1"), String::from_utf8(page)?));
    }
    Ok(pages)
}

fn install(path: &Path, text: &str) -> Result<(), CommandError> {
    apply::make_folder(path.parent().unwrap_or(Path::new("/")))?;
    Ok(apply::write_product(path, text, Form::Own, false)?)
}

/// A folder of the user's: the one that a variable names, or one below the home.
fn folder(variable: &str, below: &str) -> anyhow::Result<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    named.or_else(|| Some(std::env::home_dir()?.join(below))).context("there is no home folder: set $HOME")
}
