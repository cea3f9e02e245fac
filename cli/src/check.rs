//! `cargo xtask check`

use std::path::Path;

use anyhow::Result;
use kubevirt_scaffold_core::check::{Against, Checked, check, fixes, json, sarif};
use kubevirt_scaffold_core::diagnostic::{Diagnostic, Severity};
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::preview::diff_texts;
use kubevirt_scaffold_core::text::{Source, Span, TextEdits};

use crate::checkout::{Checkout, is_kubevirt};
use crate::flags::{self, CheckFormat};
use crate::report::{self, Colors};
use crate::scaffold::End;
use crate::{apply, input};

/// Runs the command.
pub fn run(args: &flags::Check, command_line: &Source) -> Result<End> {
    let colors = Colors::new(args.color);
    let source = match input::read(&args.tasks, command_line) {
        Ok(source) => source,
        Err(diagnostic) => {
            report::diagnostics([&diagnostic], colors.stderr);
            print(args, &args.tasks.display().to_string(), None, &[diagnostic])?;
            return Ok(End::Refused);
        }
    };
    let folder = args.tasks.parent().unwrap_or(Path::new(""));
    let documents = Documents::new(input::design(folder, args.constitution.as_deref()));
    let checkout = Checkout::find(args.kubevirt.as_deref());
    let tree = checkout.root().is_some().then(|| checkout.tree());
    if let Some(named) = args.kubevirt.as_ref().filter(|named| !is_kubevirt(named)) {
        let found = Diagnostic::error("not-kubevirt", format!("{} is no KubeVirt checkout", named.display()));
        let found = input::at_word(found, command_line, &named.display().to_string());
        let found = found.help("name one with --kubevirt DIR or $KUBEVIRT_DIR");
        report::diagnostics([&found], colors.stderr);
        print(args, source.name(), None, &[found])?;
        return Ok(End::Refused);
    }
    let against = Against { documents: &documents, tree };
    let mut checked = check(&source, against);
    let mut end = if checked.is_faulty() { End::Found } else { End::Done };
    if args.format == CheckFormat::Text {
        let mut said = report::rendered(&checked.diagnostics, colors.stderr);
        said.push_str(&summary(&checked, tree.is_some().then(|| checkout.name()).as_deref()));
        report::say(&said);
    }
    if args.fix {
        let mended = fix(args, &source, &checked, against, colors)?;
        if let Some(mended) = mended {
            checked = check(&mended, against);
            end = if checked.is_faulty() { End::Found } else { End::Done };
        }
    }
    print(args, source.name(), Some(&checked), &checked.diagnostics)?;
    Ok(end)
}

fn print(args: &flags::Check, name: &str, checked: Option<&Checked>, found: &[Diagnostic]) -> Result<()> {
    match args.format {
        CheckFormat::Text => {}
        CheckFormat::Json => report::product(&(json(name, checked.map(|checked| &checked.file), found) + "\n"))?,
        CheckFormat::Sarif => report::product(&(sarif(found) + "\n"))?,
    }
    Ok(())
}

/// `tasks.md: 18 tasks, 3 errors, 1 warning, no notes; paths looked up in …`
fn summary(checked: &Checked, tree: Option<&str>) -> String {
    let count = |severity: Severity, noun: &str| {
        let number = checked.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        match number {
            0 => format!("no {noun}s"),
            1 => format!("1 {noun}"),
            _ => format!("{number} {noun}s"),
        }
    };
    let tree = tree.map_or("paths were not looked up: no KubeVirt checkout".to_owned(), |tree| {
        format!("paths looked up in {tree}")
    });
    format!(
        "{}: {} tasks, {}, {}, {}; {tree}\n",
        checked.file.source.name(),
        checked.file.tasks.len(),
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    )
}

/// Shows the fixes as a diff, and writes them if that is wanted; the new text, if it was written.
fn fix(
    args: &flags::Check,
    source: &Source,
    checked: &Checked,
    against: Against<'_>,
    colors: Colors,
) -> Result<Option<Source>> {
    let fixes = fixes(checked, against);
    let mut edits = TextEdits::default();
    let mut made = Vec::new();
    for fix in &fixes {
        // Two fixes of one place: the first is made, the other the next time.
        if edits.join(&fix.edits) {
            made.push(format!("  {} ({})\n", fix.message, fix.code));
        }
    }
    if edits.is_empty() {
        report::say("There is nothing that can be mended without thinking.\n");
        return Ok(None);
    }
    let after = edits.apply(source.text());
    if args.format == CheckFormat::Text {
        report::product(&diff_texts(source.name(), Some(source.text()), &after, colors.stdout))?;
    }
    report::say(&format!("Fixes:\n{}", made.concat()));
    if !report::may_write(args.yes)? {
        return Ok(None);
    }
    apply::replace_document(&args.tasks, source.text(), &after)?;
    report::say(&format!("Wrote {}.\n", source.name()));
    Ok(Some(Source::new(source.name(), after)))
}

/// One JSON document for a command line that could not be read.
pub fn usage_json(message: &str, command_line: &Source) -> String {
    let diagnostic = Diagnostic::error("usage", message.trim()).at(command_line, Span::at(0));
    json("", None, &[diagnostic])
}
