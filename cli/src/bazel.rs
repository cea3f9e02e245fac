//! Being started by `bazel run //:scaffold`.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use clap::CommandFactory;

/// Bazel starts a program among its runfiles; paths that the user types are meant from where the
/// user stood.
pub fn enter_working_directory() {
    if let Some(folder) = env::var_os("BUILD_WORKING_DIRECTORY") {
        // A folder that is gone is reported by whatever looks for a file in it.
        let _ = env::set_current_dir(folder);
    }
}

/// The target `//:scaffold` is the command `scaffold`: its name need not be said again.
pub fn arguments<C: CommandFactory>(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = typed.into_iter().collect();
    let started_as = words.first().and_then(|program| Path::new(program).file_stem()).unwrap_or_default();
    if started_as == "scaffold" {
        let first = words.get(1).and_then(|word| word.to_str()).unwrap_or_default();
        if !C::command().get_subcommands().any(|command| command.get_name() == first) && first != "help" {
            words.insert(1, "scaffold".into());
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
