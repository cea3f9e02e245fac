//! `--explain CODE`: what the documents say about a diagnostic or a rule.

use std::ffi::OsStr;

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use include_dir::{Dir, include_dir};
use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::name::nearest;
use kubevirt_scaffold_core::text::Source;

use crate::command_name::command;
use crate::exit::CommandError;
use crate::{input, terminal};

static DIAGNOSTICS: &str = include_str!("../../docs/diagnostics.md");
static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../docs/rules");

/// A question about a code, in place of a command.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct ExplainFlag {
    /// Explain a diagnostic, or a rule of `check`, by its code; without one, list the codes.
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "", add = completer())]
    pub explain: Option<String>,
}

/// Completes the code of a diagnostic.
fn completer() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let current = current.to_string_lossy().into_owned();
        let known = codes().into_iter().filter(|code| code.starts_with(&*current));
        known.map(CompletionCandidate::new).collect()
    })
}

/// Every code that can be explained, sorted.
pub fn codes() -> Vec<&'static str> {
    let mut found: Vec<&str> = DIAGNOSTICS.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let rules = RULES.files().filter_map(|file| file.path().file_stem()?.to_str());
    found.extend(rules.filter(|rule| *rule != "README"));
    found.sort_unstable();
    found.dedup();
    found
}

/// What the documents say about a code.
pub fn explanation(code: &str) -> Option<String> {
    if code == "README" {
        return None;
    }
    if let Some(page) = RULES.get_file(format!("{code}.md")).and_then(|file| file.contents_utf8()) {
        return Some(page.to_owned());
    }
    let mut lines = DIAGNOSTICS.lines().skip_while(|line| line.strip_prefix("### ") != Some(code));
    let title = lines.next()?.trim_start_matches('#').trim();
    let section: Vec<&str> = lines.take_while(|line| !line.starts_with('#')).collect();
    Some(format!("# {title}\n\n{}\n", section.join("\n").trim()))
}

/// A page as it is read at a terminal, with the commands of it as the user types them: headings and links without
/// their marks, examples indented. `program` is this program in backticks.
fn plain(page: &str, program: &str) -> String {
    let program = program.trim_matches('`');
    let mut text = String::new();
    let mut is_example = false;
    for line in page.lines() {
        if line.starts_with("```") {
            is_example = !is_example;
            continue;
        }
        let line = if is_example {
            format!("    {line}")
        } else {
            unlinked(line.trim_start_matches('#').trim_start()).replace("`kubevirt-scaffold ", &format!("`{program}"))
        };
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A line with the words of its links alone.
fn unlinked(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        let (Some(open), Some(end)) = (before.rfind('['), after.find(')')) else { break };
        text.extend([&before[..open], &before[open + 1..]]);
        rest = &after[end + 1..];
    }
    text + rest
}

/// Prints the explanation of a code.
pub fn explain(code: &str, command_line: &Source) -> Result<(), CommandError> {
    // As it is copied from a message: `error[path-escapes]`.
    let bare = code.rsplit_once('[').map_or(code, |(_, rest)| rest.trim_end_matches([']', ':'])).trim();
    if code.is_empty() {
        return Ok(terminal::product(&(codes().join("\n") + "\n"))?);
    }
    if let Some(text) = explanation(bare) {
        return Ok(terminal::product(&plain(&text, &command("")))?);
    }
    let help = match nearest(bare, codes()).first() {
        Some(near) => format!("did you mean {near}?"),
        None => "each message begins with its code in brackets, such as error[path-escapes]".to_owned(),
    };
    let found = Diagnostic::error("explain-unknown", format!("there is no diagnostic with the code `{bare}`"));
    Err(input::at_word(found.help(help), command_line, code).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_plain_at_a_terminal() {
        let page = "# a\n\n## What\n\nRun `kubevirt-scaffold undo`, as [the page](x.md) says ([b](c)).\n\n```markdown\n- [ ] [x](y)\n```\n";
        let expected = "a\n\nWhat\n\nRun `cargo xtask undo`, as the page says (b).\n\n    - [ ] [x](y)\n";
        assert_eq!(plain(page, "`cargo xtask `"), expected);
        for code in codes() {
            let text = plain(&explanation(code).unwrap(), "`me `");
            assert!(!text.lines().any(|line| line.starts_with("```") || line.starts_with('#')), "{code}: {text}");
            assert!(!text.contains("kubevirt-scaffold ") && !text.contains("cargo xtask"), "{code}: {text}");
        }
    }

    #[test]
    fn every_code_is_explained_with_more_than_its_name() {
        for code in codes() {
            let text = explanation(code).unwrap();
            assert!(text.contains(code) && text.lines().count() > 2, "{code}: {text}");
        }
        assert!(codes().len() > 60 && explanation("nothing").is_none());
    }
}
