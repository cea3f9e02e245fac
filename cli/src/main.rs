//! The door for users.

use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::CompleteEnv;
use kubevirt_scaffold::commands::Cli;
use kubevirt_scaffold::completion::VARIABLE;

fn main() -> ExitCode {
    // A shell asks for completions: then nothing else is done.
    CompleteEnv::with_factory(Cli::command).var(VARIABLE).complete();
    kubevirt_scaffold::main::<Cli>("kubevirt-scaffold", |cli, command_line| cli.run(command_line))
}
