//! The tasks of a VEP that `scaffold` is given: in memory, or in a file that keeps them.

use std::path::Path;

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::vep::{self, Vep};

use crate::apply::{self, Form, Refusal};
use crate::command_name::command;
use crate::exit::CommandError;
use crate::{files, input, terminal};

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
    Ok(Some(Source::new(format!("the tasks of {}", source.name()), drafted.text)))
}
