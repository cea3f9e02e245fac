//! kubevirt-scaffold: the command line, the disk, the processes.
//!
//! What decides is in `kubevirt-scaffold-core`. The binary `kubevirt-scaffold` is a door to this crate,
//! and so is `cargo xtask`, which has the project's own laboratory beside it.
//!
//! Each module uses only those above it; a test of xtask sees to that.

pub mod command_name;

pub mod exit;

pub mod flags;

pub mod process;

pub mod git;

pub mod terminal;

pub mod progress;

pub mod watch;

pub mod sample;

pub mod files;

pub mod disk;

pub mod input;

pub mod explain;

pub mod completion;

pub mod config;

pub mod checkout;

pub mod options;

pub mod apply;

pub mod vep_tasks;

pub mod baseline;

pub mod work_tree;

pub mod undo;

pub mod go;

pub mod generate;

pub mod verify;

pub mod hooks;

pub mod carry_out;

pub mod series;

pub mod saved_plan;

pub mod review;

pub mod preview;

pub mod answers;

pub mod choose;

pub mod commands;

pub mod bazel;

use std::process::ExitCode;

use clap::Parser;
use kubevirt_scaffold_core::text::Source;

use exit::ExitStatus;

/// Parses the command line as `C`, carries it out with `dispatch`, and turns the end into an exit code.
/// `name` is what the user typed to start this program; messages about other commands say it.
pub fn main<C: Parser>(
    name: &'static str,
    dispatch: impl FnOnce(C, &Source) -> anyhow::Result<ExitStatus>,
) -> ExitCode {
    process::survive_limits();
    bazel::enter_working_directory();
    let name = if bazel::is_door() { bazel::COMMAND } else { name };
    command_name::set(name);
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let command_line = Source::new("command line", words.join(" "));
    let parsed = C::command().bin_name(name).try_get_matches_from(bazel::arguments::<C>(std::env::args_os()));
    let ended = match parsed.and_then(|matches| C::from_arg_matches(&matches)) {
        Ok(cli) => dispatch(cli, &command_line),
        Err(error) => return usage(error, &words, &command_line),
    };
    let status = ended.unwrap_or_else(|error| {
        crate::terminal::tell!("error: {error:#}");
        ExitStatus::Refused
    });
    status.into()
}

/// Help goes to stdout, a mistake to stderr; with JSON asked for, stdout gets its document too.
fn usage(error: clap::Error, words: &[String], command_line: &Source) -> ExitCode {
    let json = words.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
        || words.iter().any(|word| word == "--format=json");
    let (code, is_wrong, message) = (error.exit_code(), error.use_stderr(), error.to_string());
    terminal::usage(error);
    if is_wrong && json {
        let command = words.first().map(String::as_str);
        let _ = terminal::product(&(commands::usage_json(command, &message, command_line) + "\n"));
    }
    ExitCode::from(u8::try_from(code).unwrap_or(2))
}
