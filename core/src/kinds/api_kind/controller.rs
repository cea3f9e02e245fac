//! The place of a kind's controller in virt-controller, and that of its informer.

use serde::Serialize;

use super::{Left, informer_of, init_of};
use crate::go::{FuncName, Target};
use crate::name::is_go_identifier;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::{Key, ManualReason, Planner, Unit, Use};
use crate::repo_path::RepoPath;
use crate::survey::GoSource;
use crate::template::{Context, Template, Text};
use crate::text::{Span, TextEdit, next_line};

pub(super) const TEMPLATE: Text = InitText::FILE;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/api-kind/edit/pkg/virt-controller/watch/application.go/init.hbs")]
struct InitText {
    receiver: String,
    receiver_type: String,
    name: String,
    task: String,
}

/// The method of virt-controller that makes a controller, and its call beside the others.
#[derive(Debug)]
struct InitFacts {
    file: RepoPath,
    text: InitText,
}

pub(super) fn init(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let planned = planner.task(task);
    let Some(function) = init_of(planned) else { return Ok(()) };
    let line = function.line;
    let id = planned.id.clone();
    planner.open(file)?;
    let source = planner.survey.go(file)?.ok_or_else(|| Left::Manual(line, format!("{file} does not exist")))?;
    let (receiver, ty) = neighbour(&source)
        .ok_or_else(|| Left::Manual(line, format!("{file} has no init…Controller() methods to go by")))?;
    if last_call(&source.target(), &function.name).is_none() {
        return Err(Left::Manual(line, format!("{file} does not call its init…Controller() methods in one place")));
    }
    // What starts the controller needs its type, its field and its informers.
    let starts: Vec<usize> = planner
        .task(task)
        .prose()
        .filter(|(_, text)| ["onStartedLeading", "start it", "Run"].iter().any(|word| text.contains(word)))
        .map(|(line, _)| line)
        .collect();
    let at = source.file.decls.iter().find(|decl| decl.names.iter().any(|name| name.text == "onStartedLeading"));
    let at = at.map_or_else(String::new, |decl| format!(" at {file}:{}", source.source.line(decl.span.start)));
    planner.note(task, line, Use::Change, std::slice::from_ref(file));
    planner.note_keys(task, &[Key::Integration], Use::Change, std::slice::from_ref(file));
    for line in starts {
        let why = format!("the controller's field is not known, so onStartedLeading(){at} does not run it yet");
        planner.manual(&[task], &ManualReason::Unwritable { line, why });
    }
    let text = InitText { receiver, receiver_type: ty, name: function.name, task: id };
    planner.push(InitFacts { file: file.clone(), text }, &[task]);
    Ok(())
}

fn is_init(name: &str) -> bool {
    name.starts_with("init") && name.ends_with("Controller")
}

/// The receiver that the methods of this kind have.
fn neighbour(source: &GoSource) -> Option<(String, String)> {
    let mut methods = source.file.decls.iter().filter(|decl| is_init(decl.name()));
    let receiver = methods.next_back()?.receiver.as_ref()?;
    Some((receiver.name.clone()?, receiver.type_name.clone()))
}

/// The end of the last line that calls a method of this kind, without its own, and what it is called on.
fn last_call(target: &Target<'_>, own: &str) -> Option<(usize, String)> {
    let mut found: Option<(usize, String)> = None;
    let mut functions = Vec::new();
    for decl in target.file.decls.iter().filter(|decl| decl.body.is_some() && !is_init(decl.name())) {
        let mut at = decl.span.start;
        for line in decl.span.of(target.text).split_inclusive('\n') {
            at += line.len();
            let call = line.trim().strip_suffix("()").and_then(|call| call.split_once('.'));
            if let Some((variable, _)) =
                call.filter(|(variable, name)| is_init(name) && *name != own && is_go_identifier(variable))
            {
                let prefix = &line[..line.len() - line.trim_start().len()];
                found = Some((at, format!("{prefix}{variable}")));
                functions.push(decl.name());
            }
        }
    }
    functions.dedup();
    found.filter(|_| functions.len() == 1)
}

impl Unit for InitFacts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let snippet = pending.render(&self.text)?;
        let name = &self.text.name;
        pending.anchor_go(&self.file, |target| {
            let mut edits = Vec::new();
            if target.file.method(Some(&self.text.receiver_type), name).is_none() {
                let last = target.file.decls.iter().rfind(|decl| is_init(decl.name()));
                let end = last.map_or(target.text.len(), |decl| next_line(target.text, decl.span.end));
                edits.push(TextEdit::insert(end, format!("\n{}\n", snippet.trim_end())));
            }
            let called = target.text.lines().any(|line| line.trim().ends_with(&format!(".{name}()")));
            if let Some((at, variable)) = last_call(target, name).filter(|_| !called) {
                edits.push(TextEdit::insert(at, format!("{variable}.{name}()\n")));
            } else if !called {
                target.require(FuncName { receiver: None, name: "the calls of the other controllers" })?;
            }
            Ok(edits)
        })
    }
}

/// An informer needs the generated client of its group: people add it once that is there.
pub(super) fn informer(planner: &mut Planner<'_, '_>, file: &RepoPath, task: usize) -> Result<(), Left> {
    let Some(function) = informer_of(planner.task(task)) else { return Ok(()) };
    let source =
        planner.survey.go(file)?.ok_or_else(|| Left::Manual(function.line, format!("{file} does not exist")))?;
    let line_of = |span: Span| source.source.line(span.start);
    let interface = source.file.declares("KubeInformerFactory").map(|decl| line_of(decl.span));
    let last = source
        .file
        .decls
        .iter()
        .rfind(|decl| decl.receiver.as_ref().is_some_and(|receiver| receiver.type_name == "kubeInformerFactory"));
    if let Some(known) = source.file.method(Some("kubeInformerFactory"), &function.name) {
        let why = format!("{}() already exists, at {file}:{}", function.name, line_of(known.span));
        return Err(Left::Manual(function.line, why));
    }
    let places = format!(
        "{file}:{} (the interface) and :{} (its methods)",
        interface.unwrap_or(1),
        last.map_or(1, |decl| line_of(decl.span))
    );
    let why = format!(
        "an informer lists with its group's generated client, which make generate writes: then add {}() at {places}",
        function.name
    );
    Err(Left::Manual(function.line, why))
}
