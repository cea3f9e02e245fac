//! Parse, dispatch, exit code.

use std::process::ExitCode;

use clap::Parser as _;
use kubevirt_scaffold::text::Source;
use xtask::flags::{Cli, Command};
use xtask::scaffold::{self, End};
use xtask::{bazel, bench, check, gates, graph, saved, status, tasks, test, undo, verify};

fn main() -> ExitCode {
    bazel::enter_working_directory();
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let command_line = Source::new("command line", words.join(" "));
    let cli = match Cli::try_parse_from(bazel::arguments(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &words, &command_line),
    };
    let end = match &cli.command {
        Command::Scaffold(args) => scaffold::run(args, &command_line),
        Command::Apply(args) => saved::run(args),
        Command::Undo(args) => undo::run(args),
        Command::Recover(args) => undo::recover(args),
        Command::Check(args) => check::run(args, &command_line),
        Command::Graph(args) => graph::run(args, &command_line),
        Command::Status(args) => status::run(args, &command_line),
        Command::Gates(args) => gates::run(args, &command_line),
        Command::Verify(args) => verify::run(args, &command_line),
        Command::Tasks(args) => tasks::run(args),
        Command::Test(args) => test::run(args),
        Command::Parity(args) => test::parity::run(args),
        Command::Versions(args) => test::versions::run(args),
        Command::Replay(args) => test::replay::run(args),
        Command::Bench(args) => bench::run(args),
    };
    let end = end.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        End::Refused
    });
    ExitCode::from(end as u8)
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
