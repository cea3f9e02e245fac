//! The door for users.

use std::process::ExitCode;

use kubevirt_scaffold::commands::Cli;

fn main() -> ExitCode {
    kubevirt_scaffold::main::<Cli>("kubevirt-scaffold", |cli, command_line| cli.run(command_line))
}
