//! The tasks of a VEP, made in memory.

use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::vep::{self, Vep};

use crate::command_name::command;
use crate::exit::CommandError;
use crate::terminal::{self, tell};

/// The tasks of a VEP, with its questions told.
pub fn of_vep(source: &Source, survey: &Survey<'_>) -> Result<Source, CommandError> {
    let drafted = vep::draft(&Vep::read(source)?, survey, None, None);
    let keep = command(&format!("tasks {}", source.name()));
    tell!("These are the tasks of a VEP, made in memory; {keep} -o FILE keeps them.");
    for (at, question) in drafted.questions.iter().enumerate() {
        terminal::say(&format!("Question {}: {question}\n", at + 1));
    }
    Ok(Source::new(format!("the tasks of {}", source.name()), drafted.text))
}
