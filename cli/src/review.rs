//! The review page of a plan: written to a file, and opened.

use std::path::Path;

use clap::{ArgAction, ArgMatches, parser::ValueSource};
use kubevirt_scaffold_core::page::{View, page};
use kubevirt_scaffold_core::pipeline::Proposal;

use crate::apply::{Form, Refusal, write_product};
use crate::process;

/// What the user typed, flag by flag.
#[derive(Clone, Debug, Default)]
pub struct Typed(ArgMatches);

impl clap::FromArgMatches for Typed {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(matches.clone()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0 = matches.clone();
        Ok(())
    }
}

/// It has no flags of its own. In a struct of flags it comes first: what reads a flag takes it out.
impl clap::Args for Typed {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command
    }
}

impl Typed {
    /// The same command line again, ready for a shell, without some of its flags. `A` is what was typed.
    pub fn again<A: clap::Args>(&self, name: &str, without: &[&str]) -> String {
        let known = A::augment_args(clap::Command::default());
        let (mut words, mut named) = (Vec::new(), Vec::new());
        for argument in known.get_arguments() {
            let id = argument.get_id().as_str();
            let is_typed = self.0.value_source(id) == Some(ValueSource::CommandLine);
            if without.contains(&id) || !is_typed {
                continue;
            }
            let values: Vec<String> =
                self.0.get_raw(id).into_iter().flatten().map(|value| value.to_string_lossy().into_owned()).collect();
            let Some(long) = argument.get_long() else {
                named.extend(values);
                continue;
            };
            if matches!(argument.get_action(), ArgAction::SetTrue) {
                words.push(format!("--{long}"));
                continue;
            }
            for value in values {
                // What looks like a flag is a value only if it hangs on one.
                words.push(if value.starts_with('-') {
                    quoted(&format!("--{long}={value}"))
                } else {
                    format!("--{long} {}", quoted(&value))
                });
            }
        }
        let is_odd = named.iter().any(|value| value.starts_with('-'));
        let mut named: Vec<String> = named.iter().map(|value| quoted(value)).collect();
        if is_odd {
            named.insert(0, "--".to_owned());
            words.append(&mut named);
        } else {
            words.splice(0..0, named);
        }
        words.insert(0, name.to_owned());
        words.join(" ")
    }
}

/// Writes the page, and opens it if `open` says so.
pub fn write(path: &Path, proposal: &Proposal, view: &View<'_>, force: bool, open: bool) -> Result<(), Refusal> {
    write_product(path, &page(proposal, view), Form::Page, force)?;
    crate::terminal::tell!("Wrote the review page to {}.", path.display());
    if open && let Err(error) = process::open(path) {
        crate::terminal::tell!("warning: no browser could be started: {error}");
    }
    Ok(())
}

/// A path as a shell reads it.
pub fn quoted_path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// A word as a shell reads it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-=,:@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Typed, quoted};

    #[test]
    fn a_word_is_quoted_for_a_shell() {
        for (word, shown) in
            [("a/b.md", "a/b.md"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"), ("", "''")]
        {
            assert_eq!(quoted(word), shown);
        }
    }

    #[derive(clap::Args)]
    struct Flags {
        #[command(flatten)]
        typed: Typed,
        #[arg(long)]
        set: Vec<String>,
        #[arg(long, short)]
        yes: bool,
        #[arg(long, default_value = "auto")]
        hooks: String,
        #[arg(long)]
        html: Option<String>,
        tasks: Option<String>,
    }

    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        flags: Flags,
    }

    #[test]
    fn what_was_typed_comes_again() {
        let again = |words: &[&str]| {
            let flags = Alone::parse_from(std::iter::once(&"scaffold").chain(words)).flags;
            let _ = (flags.set, flags.yes, flags.hooks, flags.html, flags.tasks);
            flags.typed.again::<Flags>("x scaffold", &["html", "yes"])
        };
        for (words, shown) in [
            (&["my tasks.md", "-y", "--html", "p.html"][..], "x scaffold 'my tasks.md'"),
            (&["--hooks=auto", "t.md"], "x scaffold t.md --hooks auto"),
            (&["--set=a=-b", "--set", "c=d e", "t.md"], "x scaffold t.md --set a=-b --set 'c=d e'"),
            (&["--set=-x=$(y)", "t.md"], "x scaffold t.md '--set=-x=$(y)'"),
            (&["--hooks", "none", "--", "-t.md"], "x scaffold --hooks none -- -t.md"),
            (&[], "x scaffold"),
        ] {
            assert_eq!(again(words), shown);
        }
    }
}
