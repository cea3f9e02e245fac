//! The tasks of a VEP that `scaffold` is given: in memory, or in a file that keeps them.

use std::path::{Path, PathBuf};

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::vep::{self, Vep};

use crate::apply::{self, Form, Refusal};
use crate::command_name::command;
use crate::exit::CommandError;
use crate::{files, input, terminal};

/// What stands before the name of a VEP where its tasks have no file.
const OF_VEP: &str = "the tasks of ";

/// Where a line of tasks that were made of a VEP comes from: the first line of the VEP that its task names, or the VEP.
/// Nothing for the tasks of a file.
pub fn origin(tasks: &Source, line: usize) -> Option<(PathBuf, Option<usize>)> {
    let vep = PathBuf::from(tasks.name().strip_prefix(OF_VEP)?);
    let is_task = |line: &&str| line.starts_with("- [");
    let lines: Vec<&str> = tasks.text().lines().collect();
    let start = lines.iter().take(line).rposition(is_task)?;
    let task = lines[start + 1..].iter().take_while(|line| !is_task(line) && !line.starts_with('#'));
    let source = task.into_iter().find_map(|line| line.trim_start().strip_prefix("- Source: "));
    // The VEP is named as the tasks name it: by its file.
    let name = format!("{}:", vep.file_name()?.to_str()?);
    let number = source.and_then(|source| {
        let cited = source.split(", ").find_map(|part| part.strip_prefix(&*name))?;
        cited.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    });
    Some((vep, number))
}

/// Where the tasks are kept.
pub struct Keep<'a> {
    /// The file; without one they are in memory only.
    pub path: Option<&'a Path>,
    /// A file that differs is replaced.
    pub force: bool,
}

/// The largest tasks.md that is compared with.
const LIMIT: u64 = 4 << 20;

/// The tasks of a document that is a VEP; nothing for another one, of which nothing can be kept.
pub fn of_vep(
    source: Option<&Source>,
    keep: &Keep<'_>,
    survey: &Survey<'_>,
    command_line: &Source,
) -> Result<Option<Source>, CommandError> {
    let Some(source) = source.filter(|source| Vep::is_vep(source)) else {
        let Some(path) = keep.path else { return Ok(None) };
        let message = "--output keeps the tasks of a VEP, and this is none";
        let found = input::at_word(Diagnostic::error("output", message), command_line, &path.display().to_string());
        return Err(found.help("name a vep.md, or omit --output").into());
    };
    let drafted = vep::draft(&Vep::read(source)?, survey, None, None);
    if let Some(path) = keep.path {
        let found = files::read(path, LIMIT).unwrap_or_default();
        if found == drafted.text.as_bytes() {
            terminal::tell!("{} holds the tasks of the VEP.", path.display());
        } else {
            // What somebody wrote into a tasks.md, answers above all, is not a draft's to replace.
            if !found.trim_ascii().is_empty() && !keep.force {
                let message = format!("{} already exists, and differs from what this VEP becomes now", path.display());
                let help = format!("{} brings it up to date", command(&format!("tasks {} -o FILE", source.name())));
                return Err(Refusal::new("output-exists", path, message, help).into());
            }
            apply::write_product(path, &drafted.text, Form::Tasks, keep.force)?;
            terminal::tell!("Wrote the tasks of the VEP to {}.", path.display());
        }
    } else {
        let again = command(&format!("scaffold {}", source.name()));
        terminal::tell!("The tasks of the VEP are in memory only; to save them, run {again} -o FILE.");
    }
    for (at, question) in drafted.questions.iter().enumerate() {
        terminal::say(&format!("Question {}: {question}\n", at + 1));
    }
    Ok(Some(Source::new(format!("{OF_VEP}{}", source.name()), drafted.text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_of_a_vep_is_cited_by_the_line_of_the_vep() {
        let text = "- [ ] T001 **A**\n  - File: `a.go`\n  - Source: rule: x, vep.md:36, vep.md:7\n\n- [ ] T002 **B**\n\n## C\n  - Source: vep.md:9\n";
        let made = Source::new("the tasks of veps/x/vep.md", text);
        let place = |line| origin(&made, line).unwrap();
        for (line, expected) in [(1, Some(36)), (2, Some(36)), (5, None)] {
            assert_eq!(place(line), (PathBuf::from("veps/x/vep.md"), expected), "{line}");
        }
        assert_eq!(origin(&Source::new("tasks.md", text), 1), None);
    }
}
