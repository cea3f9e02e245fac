//! kubevirt-scaffold: the command line, the disk, the processes.
//!
//! What decides is in `kubevirt-scaffold-core`. The binary `kubevirt-scaffold` is a door to this crate,
//! and so is `cargo xtask`, which has the project's own laboratory beside it.

pub mod apply;
pub mod bazel;
pub mod check;
pub mod checkout;
pub mod disk;
pub mod earlier;
pub mod flags;
pub mod gates;
pub mod go;
pub mod graph;
pub mod hooks;
pub mod input;
pub mod process;
pub mod report;
pub mod sample;
pub mod saved;
pub mod scaffold;
pub mod snapshot;
pub mod status;
pub mod tasks;
pub mod undo;
pub mod verify;
pub mod write;

use std::process::ExitCode;

use clap::Parser;
use kubevirt_scaffold_core::text::Source;

use flags::Command;
use scaffold::End;

/// Parses the command line as `C`, carries it out with `dispatch`, and turns the end into an exit code.
pub fn main<C: Parser>(dispatch: impl FnOnce(C, &Source) -> anyhow::Result<End>) -> ExitCode {
    bazel::enter_working_directory();
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let command_line = Source::new("command line", words.join(" "));
    let end = match C::try_parse_from(bazel::arguments::<C>(std::env::args_os())) {
        Ok(cli) => dispatch(cli, &command_line),
        Err(error) => return usage(&error, &words, &command_line),
    };
    let end = end.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        End::Refused
    });
    ExitCode::from(end as u8)
}

/// Carries out one of the product's commands.
pub fn run(command: &Command, command_line: &Source) -> anyhow::Result<End> {
    match command {
        Command::Scaffold(args) => scaffold::run(args, command_line),
        Command::Apply(args) => saved::run(args),
        Command::Undo(args) => undo::run(args),
        Command::Recover(args) => undo::recover(args),
        Command::Check(args) => check::run(args, command_line),
        Command::Graph(args) => graph::run(args, command_line),
        Command::Status(args) => status::run(args, command_line),
        Command::Gates(args) => gates::run(args, command_line),
        Command::Verify(args) => verify::run(args, command_line),
        Command::Tasks(args) => tasks::run(args),
    }
}

/// Help goes to stdout, a mistake to stderr; with JSON asked for, stdout gets its document too.
fn usage(error: &clap::Error, words: &[String], command_line: &Source) -> ExitCode {
    let json = words.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
        || words.iter().any(|word| word == "--format=json");
    let _ = error.print();
    if error.use_stderr() && json {
        let of_check = words.first().is_some_and(|word| word == "check");
        let document = if of_check { check::usage_json } else { scaffold::usage_json };
        println!("{}", document(&error.to_string(), command_line));
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
