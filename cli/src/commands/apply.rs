//! `apply`

use std::path::PathBuf;

use kubevirt_scaffold_core::pipeline::diff_texts;

use crate::apply::{Refusal, summaries};
use crate::carry_out::{Execution, recover_first};
use crate::checkout::Checkout;
use crate::command_name::command;
use crate::disk::DiskTree;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{ApplyFlags, CheckoutFlag, ColorFlag};
use crate::terminal::{self, Colors};
use crate::{config, hooks, saved_plan};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The saved plan.
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    #[command(flatten)]
    checkout: CheckoutFlag,
    #[command(flatten)]
    apply: ApplyFlags,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitStatus, CommandError> {
    let saved = saved_plan::read(&args.plan)?;
    let plan = args.plan.display();
    let refuse = |code, message: String, help: &str| Err(Refusal::new(code, &args.plan, message, help).into());
    let checkout = Checkout::find(args.checkout.kubevirt.as_deref());
    let Some(root) = checkout.root() else {
        let message = format!("there is no KubeVirt checkout to apply {plan} to");
        return refuse("plan-elsewhere", message, "name one with --kubevirt DIR or $KUBEVIRT_DIR");
    };
    if args.checkout.kubevirt.is_none() && saved_plan::absolute(root) != saved.root {
        let message = format!("{plan} was made for {}, and this is {}", saved.root.display(), root.display());
        return refuse("plan-elsewhere", message, "name the checkout that is meant with --kubevirt DIR");
    }
    let yes = args.apply.write.yes;
    recover_first(root, yes, true)?;
    if summaries(root)?.iter().any(|about| about.plan.as_deref() == Some(saved.id.as_str())) {
        let help = format!("a plan is applied once; make a new one with {}", command("scaffold --plan FILE"));
        return refuse("plan-applied", format!("{plan} has already been applied"), &help);
    }
    let record = saved_plan::record(&args.plan, &saved, &DiskTree::new(root))?;
    let color = Colors::new(args.color).stdout;
    let mut shown = String::new();
    for file in &record.files {
        let [before, after] = [&file.before, &file.after].map(|text| text.as_deref().map(String::from_utf8_lossy));
        shown.push_str(&diff_texts(&file.path, before.as_deref(), &after.unwrap_or_default(), color));
    }
    let configured = config::user()?.hooks.map(|set| set.value);
    let wanted = args.apply.hooks.or(configured).unwrap_or_default();
    let steps = saved_plan::hooks(&saved).into_iter().filter(|hook| wanted.includes(hook)).collect();
    let files: Vec<&str> = record.files.iter().map(|file| file.path.as_str()).collect();
    let steps = hooks::resolve(root, steps, &files);
    let _ = terminal::product(&shown);
    if !terminal::may_change(args.apply.write, "Apply?")? {
        return Ok(ExitStatus::Done);
    }
    let commit = Execution { root, yes, allow_dirty: args.apply.allow_dirty };
    if !commit.ask_about_dirty(&record)? {
        return Ok(ExitStatus::Done);
    }
    Ok(commit.carry_out(record, &steps, &|| true)?)
}
