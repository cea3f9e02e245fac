//! What is different when `bazel run //:scaffold` starts this program.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::CommandFactory;

/// What the user types to start it.
pub const COMMAND: &str = "bazel run //:scaffold --";

/// The name of the binary that the target makes.
const TARGET: &str = "scaffold";

/// Whether Bazel's target was started.
pub fn is_door() -> bool {
    env::args_os().next().is_some_and(|program| is_target(&program))
}

fn is_target(program: &OsStr) -> bool {
    Path::new(program).file_stem().is_some_and(|name| name == TARGET)
}

/// Goes back to the folder that the user is in: Bazel starts a program among its runfiles.
pub fn enter_working_directory() {
    if let Some(folder) = env::var_os("BUILD_WORKING_DIRECTORY") {
        // A folder that is gone is reported by whatever looks for a file in it.
        let _ = env::set_current_dir(folder);
    }
}

/// The words of the command line. The target `//:scaffold` stands for the command `scaffold`, which is added if no
/// command is named.
pub fn arguments<C: CommandFactory>(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = typed.into_iter().collect();
    if words.first().is_some_and(|program| is_target(program)) {
        let first = words.get(1).and_then(|word| word.to_str()).unwrap_or_default();
        if !C::command().get_subcommands().any(|command| command.get_name() == first)
            && !matches!(first, "help" | "--explain")
        {
            words.insert(1, TARGET.into());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &[&str]) -> Vec<String> {
        arguments::<crate::commands::Cli>(typed.iter().map(OsString::from))
            .into_iter()
            .map(|word| word.into_string().unwrap())
            .collect()
    }

    #[test]
    fn the_target_is_the_command() {
        assert_eq!(words(&["/x/scaffold", "tasks.md"]), ["/x/scaffold", "scaffold", "tasks.md"]);
        assert_eq!(words(&["/x/scaffold"]), ["/x/scaffold", "scaffold"]);
        assert_eq!(words(&["scaffold", "scaffold", "tasks.md"]), ["scaffold", "scaffold", "tasks.md"]);
        assert_eq!(words(&["xtask", "tasks.md"]), ["xtask", "tasks.md"]);
    }
}
