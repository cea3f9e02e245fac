//! The door for users.

use std::process::ExitCode;

use kubevirt_scaffold::flags::Cli;

fn main() -> ExitCode {
    kubevirt_scaffold::main::<Cli>(|cli, command_line| kubevirt_scaffold::run(&cli.command, command_line))
}
