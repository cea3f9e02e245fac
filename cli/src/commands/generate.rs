//! `generate`

use std::path::Path;
use std::time::Duration;

use kubevirt_scaffold_core::generate::Changed;
use kubevirt_scaffold_core::repo_path::generated;
use kubevirt_scaffold_core::text::Source;

use crate::apply::{About, Record};
use crate::baseline::now;
use crate::carry_out::{Execution, recover_first};
use crate::checkout::Checkout;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag, WriteFlags};
use crate::generate::{Base, changed, prepare};
use crate::go::Go;
use crate::terminal::{self, Colors};
use crate::undo;

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    checkout: CheckoutFlag,
    #[command(flatten)]
    write: WriteFlags,
    /// Write nothing, and exit with 1 if generated files are out of date or changed Go files are not formatted.
    #[arg(long, conflicts_with_all = ["dry_run", "yes"])]
    pub check: bool,
    /// Regenerate from the changes since this commit [default: the commit where the branch left main].
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Stop a generator that takes longer than this.
    #[arg(long, value_name = "SECONDS", default_value_t = 1200)]
    pub limit: u64,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let named = args.checkout.kubevirt.as_deref();
    let checkout = Checkout::find(named);
    let root = checkout.required_root(command_line)?;
    recover_first(root, args.write.yes, !args.write.dry_run && !args.check)?;
    checkout.survey(checkout.tree(), named, command_line)?;
    let base = Base::find(root, args.base.as_deref(), command_line)?;
    let changed = changed(root, &base)?;
    let since = format!("{} ({})", base.name, &base.commit[..base.commit.len().min(12)]);
    let limit = Duration::from_secs(args.limit);
    let generated = prepare(checkout.tree(), &changed)?.run_within(root, checkout.tree(), &[], limit)?;
    checkout.is_legible()?;
    let colors = Colors::new(args.color);
    let diffs = generated
        .files
        .iter()
        .map(|file| undo::diff(&file.path, file.before.as_deref(), file.after.as_deref(), colors.stdout));
    terminal::deliver(&diffs.collect::<String>(), args.write.yes)?;
    for line in &generated.ran {
        terminal::say(&format!("  {line}\n"));
    }
    terminal::say(&generated.words());
    let unformatted = unformatted(root, &changed);
    if !unformatted.is_empty() {
        let files = unformatted.join(" ");
        crate::terminal::tell!(
            "Not formatted: `make generate` would also format what you wrote. Run `gofmt -w {files}`."
        );
    }
    let count = generated.files.len();
    if count == 0 {
        let ran =
            if generated.ran.is_empty() { "nothing that is generated depends on what changed" } else { "up to date" };
        crate::terminal::tell!("Since {since}: {ran}.");
        let is_found = args.check && !unformatted.is_empty();
        return Ok(if is_found { ExitStatus::Found } else { ExitStatus::Done });
    }
    let files = if count == 1 { "1 generated file is".to_owned() } else { format!("{count} generated files are") };
    crate::terminal::tell!("{files} out of date: the checkout has changed since {since}.");
    if args.check {
        return Ok(ExitStatus::Found);
    }
    if !terminal::may_change(args.write, "Write them?")? {
        return Ok(ExitStatus::Done);
    }
    let about = About {
        time: now(),
        command: command_line.text().to_owned(),
        generated: generated.files.iter().map(|file| file.path.clone()).collect(),
        ..About::default()
    };
    let record = Record { about, files: generated.files, ..Record::default() };
    let commit = Execution { root, yes: args.write.yes, allow_dirty: true };
    Ok(commit.carry_out(record, &[], &|| true)?)
}

/// The Go files among those that changed, as far as they are people's, that gofmt would change. Without Go, none is known.
fn unformatted(root: &Path, changed: &[Changed]) -> Vec<String> {
    let is_own = |path: &&str| path.ends_with(".go") && generated(path).is_none() && root.join(path).is_file();
    let files: Vec<&str> = changed.iter().map(|file| file.path.as_str()).filter(is_own).collect();
    if files.is_empty() {
        return Vec::new();
    }
    let Ok(said) = Go::find(root, "").and_then(|go| go.unformatted(&files).map_err(|error| error.to_string())) else {
        return Vec::new();
    };
    let paths = said.iter().map(|line| line.trim_start_matches("gofmt: "));
    paths.filter(|path| files.contains(path)).map(str::to_owned).collect()
}
