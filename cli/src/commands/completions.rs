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
use crate::review::quoted_path;
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
    let shell = args.shell.unwrap_or_else(of_user);
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
    let manual = data.join("man");
    let pages = pages(cli)?;
    for (name, page) in &pages {
        install(&manual.join("man1").join(name), page)?;
    }
    crate::terminal::tell!("Wrote {} manual pages in {}.", pages.len(), manual.join("man1").display());
    if !is_found_by_man(&manual) {
        let line = if shell == Shell::Fish {
            format!("~/.config/fish/config.fish: set -gx MANPATH {}:", quoted_path(&manual))
        } else {
            let file = if shell == Shell::Zsh { "~/.zshrc" } else { "~/.bashrc" };
            format!("{file}: export MANPATH={}:$MANPATH", quoted_path(&manual))
        };
        crate::terminal::tell!("For `man` to find them, add this to {line}");
    }
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

/// The user's own shell. Another one than these gets the completions of bash, and is told so.
fn of_user() -> Shell {
    let Some(path) = std::env::var_os("SHELL").filter(|path| !path.is_empty()) else { return Shell::Bash };
    let name = Path::new(&path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    Shell::from_str(&name, true).unwrap_or_else(|_| {
        let known = "bash, zsh and fish";
        crate::terminal::tell!("$SHELL is {name}, but there are completions for {known} only: these are for bash.");
        Shell::Bash
    })
}

/// Where `man` does not look by itself: it looks beside the folders of $PATH, and in those of $MANPATH.
fn is_found_by_man(manual: &Path) -> bool {
    let listed = |name: &str, known: &dyn Fn(&Path) -> bool| {
        std::env::var_os(name).is_some_and(|list| std::env::split_paths(&list).any(|folder| known(&folder)))
    };
    let beside = |bin: &Path| {
        bin.parent().is_some_and(|prefix| prefix.join("share/man") == manual || prefix.join("man") == manual)
    };
    listed("PATH", &beside) || listed("MANPATH", &|folder| folder == manual)
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
    Ok(match shell {
        Shell::Zsh => script + FIRST_CALL,
        Shell::Bash => {
            let (functions, registration) = script.split_at(script.rfind("\nif [[").map_or(script.len(), |at| at + 1));
            let own = format!("-F {WHOLE_WORDS_NAME} {NAME}");
            let registration = registration.replace(&format!("-F {CLAP_NAME} {NAME}"), &own);
            format!("{functions}{WHOLE_WORDS}{registration}")
        }
        Shell::Fish => script,
    })
}

/// The function that clap's script registers in bash, and the one around it.
const CLAP_NAME: &str = "_clap_complete_kubevirt_scaffold";
const WHOLE_WORDS_NAME: &str = "_kubevirt_scaffold_whole_words";

/// bash takes `key=value` for three words, of which the last is completed. They are joined for the program, and what
/// stands before the last is taken off its answers.
const WHOLE_WORDS: &str = r#"_kubevirt_scaffold_whole_words() {
    local -a whole=()
    local at gap word head= current=0 last=-1 rest=$COMP_LINE
    for ((at = 0; at < ${#COMP_WORDS[@]}; at++)); do
        word=${COMP_WORDS[at]}
        gap=$rest
        if [[ -n $word ]]; then
            gap=${rest%%"$word"*}
            rest=${rest#*"$word"}
        fi
        if ((at > 0)) && [[ -z $gap && ($word == "=" || ${COMP_WORDS[at - 1]} == "=") ]]; then
            ((at == COMP_CWORD)) && head=${whole[last]} && [[ $word == "=" ]] && head+="="
            whole[last]+=$word
        else
            ((++last))
            whole[last]=$word
        fi
        ((at == COMP_CWORD)) && current=$last
    done
    local -a COMP_WORDS=("${whole[@]}")
    local COMP_CWORD=$current
    _clap_complete_kubevirt_scaffold "$1" "$head${2#=}" "$3"
    COMPREPLY=("${COMPREPLY[@]#"$head"}")
}
"#;

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
