//! The door of the alias `cargo xtask`: the product's commands, and the laboratory's.

use std::process::ExitCode;

use kubevirt_scaffold::commands::answer;
use xtask::flags::{Cli, Command};
use xtask::{bench, page_check, test};

fn main() -> ExitCode {
    kubevirt_scaffold::main::<Cli>("cargo xtask", |cli, command_line| match &cli.command {
        None => answer(&cli.explain, command_line),
        Some(Command::Product(command)) => command.run(command_line),
        Some(Command::Test(args)) => test::run(args),
        Some(Command::Parity(args)) => test::parity::run(args),
        Some(Command::Versions(args)) => test::versions::run(args),
        Some(Command::Replay(args)) => test::replay::run(args),
        Some(Command::PageCheck(args)) => page_check::run(args),
        Some(Command::Bench(args)) => bench::run(args),
    })
}
