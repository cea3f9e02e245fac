//! The door of the alias `cargo xtask`: the product's commands, and the laboratory's.

use std::process::ExitCode;

use xtask::flags::{Cli, Command};
use xtask::{bench, page_check, test};

fn main() -> ExitCode {
    kubevirt_scaffold::main::<Cli>("cargo xtask", |cli, command_line| match &cli.command {
        Command::Product(command) => command.run(command_line),
        Command::Test(args) => test::run(args),
        Command::Parity(args) => test::parity::run(args),
        Command::Versions(args) => test::versions::run(args),
        Command::Replay(args) => test::replay::run(args),
        Command::PageCheck(args) => page_check::run(args),
        Command::Bench(args) => bench::run(args),
    })
}
