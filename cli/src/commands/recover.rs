//! `recover`

use kubevirt_scaffold_core::text::Source;

use crate::apply::{Transaction, interrupted};
use crate::carry_out::settle;
use crate::checkout::Checkout;
use crate::exit::{CommandError, ExitStatus};
use crate::flags::{CheckoutFlag, ColorFlag};

/// What the user typed.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    checkout: CheckoutFlag,
    /// Complete the run instead of rolling it back.
    #[arg(long)]
    pub finish: bool,
    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// Runs the command.
pub fn run(args: &Args, command_line: &Source) -> Result<ExitStatus, CommandError> {
    let checkout = Checkout::find(args.checkout.kubevirt.as_deref());
    let root = checkout.required_root(command_line)?;
    if !interrupted(root) {
        crate::terminal::tell!("Nothing was interrupted.");
        return Ok(ExitStatus::Done);
    }
    let transaction = Transaction::begin(root, None)?;
    if let Some(record) = transaction.pending()? {
        settle(&transaction, &record, args.finish)?;
    }
    Ok(ExitStatus::Done)
}
