//! The test file and the container of the spec of a change.

use std::collections::BTreeSet;

use super::Group;
use super::named::Edit;
use crate::go::string;
use crate::kinds::spec_place::{Containers, names};
use crate::name::Name;
use crate::plan::{Container, Key, PlannedTask, Planner, ResolvedPath, Role};
use crate::repo_path::RepoPath;
use crate::survey::Survey;
use crate::text::find_word;
use crate::tree::{file_name, join, parent};

/// The file, there or to be made, and the titles of the containers. Nothing if the package's tests tell no place.
pub(super) fn place(
    planner: &Planner<'_, '_>,
    task: usize,
    edit: &Edit,
    group: &Group,
) -> Option<(RepoPath, Result<Vec<Container>, String>)> {
    let survey = planner.survey;
    let file = match &group.file {
        Some(stated) if parent(stated) == parent(&edit.file) || survey.exists(stated) => stated.clone(),
        Some(_) => return None,
        None => test_file(planner, edit, &group.texts)?,
    };
    let containers = containers(survey, &file);
    if !group.within.is_empty() {
        let found = containers.unwrap_or_default().within(&file, &group.within);
        return Some((RepoPath::known(file), found));
    }
    let path = match &containers {
        Some(containers) if containers.is_empty() => return None,
        Some(containers) => inside(containers, edit, &file, &planner.task(task).title),
        None => vec![String::new()],
    };
    let is_named = path.len() > 1 || path.first().is_some_and(|title| !title.is_empty());
    let is_named = is_named && edit.identifiers().any(|name| path.iter().any(|title| names(title, name)));
    let path = if is_named { path } else { path.into_iter().chain(edit.name().map(str::to_owned)).collect() };
    let path = path.iter().map(|title| Container::context(title)).collect();
    Some((RepoPath::known(file), Ok(path)))
}

/// The containers of a file; nothing if it is not there.
fn containers(survey: &Survey<'_>, file: &str) -> Option<Containers> {
    survey.go(file).ok().flatten().map(|source| Containers::of(&source))
}

/// The container that names the function, or else its type; else the outermost one, or of several the one that names what
/// the title names; else a new one.
fn inside(containers: &Containers, edit: &Edit, file: &str, title: &str) -> Vec<String> {
    let only = |name: &str| containers.only(|title| names(title, name));
    let own = edit.names().chain(edit.types()).find_map(only);
    own.map_or_else(
        || {
            let spoken = title.split(|c: char| !c.is_alphanumeric()).filter(|word| is_type(word));
            let outermost = containers.outermost(file).map(|title| vec![title.to_owned()]);
            let told = || spoken.into_iter().find_map(only).map(<[String]>::to_vec);
            outermost.or_else(told).unwrap_or_else(|| vec![String::new()])
        },
        <[String]>::to_vec,
    )
}

/// Whether a word is spelled as the types of the API are: `VirtualMachineBackup`.
fn is_type(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && Name::parse(word).words().len() > 1 && !word.contains('_')
}

/// The test file of the code: the one of its name; else the only one of the package that speaks of the function, of its
/// type, or calls it; else the only one that the package has, unless it is that of another file; else a new one of the
/// code's name.
fn test_file(planner: &Planner<'_, '_>, edit: &Edit, texts: &[String]) -> Option<String> {
    let survey = planner.survey;
    let (folder, own) = (parent(&edit.file), format!("{}_test.go", edit.file.strip_suffix(".go")?));
    if survey.exists(&own) {
        return Some(own);
    }
    edit.name()?;
    let package = survey.package(folder);
    let tests = package.files.iter().filter(|file| file.ends_with("_test.go"));
    let tests: Vec<String> = tests.map(|file| join(folder, file)).collect();
    let only = |is_right: &dyn Fn(&str) -> bool| {
        let mut right = tests.iter().filter(|file| is_right(file));
        right.next().filter(|_| right.next().is_none()).cloned()
    };
    let names_one = |file: &str, name: &str| {
        containers(survey, file).is_some_and(|containers| containers.any(|title| names(title, name)))
    };
    // Where a former run has put them, whatever that has changed.
    let former = tests.iter().find(|file| holds(survey, file, texts)).cloned();
    let of_function = || only(&|file| edit.names().any(|name| names_one(file, name)));
    let of_type = || only(&|file| edit.types().any(|name| names_one(file, name)));
    let of_call = || only(&|file| edit.names().any(|name| calls(survey, file, name)));
    // `vm_test.go` of the folder `vm` is that of the package.
    let is_of_another = |file: &String| {
        let name = file_name(file).trim_end_matches("_test.go");
        name != file_name(folder) && package.files.iter().any(|code| code.strip_suffix(".go") == Some(name))
    };
    let of_package = || only(&|file| !file.ends_with("_suite_test.go")).filter(|file| !is_of_another(file));
    let of_others = || of_function().or_else(of_type).or_else(of_call).or_else(of_package);
    // A new file has no test among those that are there.
    former.or_else(|| survey.exists(&edit.file).then(of_others).flatten()).or_else(|| {
        // The suite that other tasks need is there in the end, whether it is there now or not.
        let units = planner.plan.units.iter().flat_map(|unit| unit.facts.files());
        let mut planned = units.filter(|file| file.ends_with("_test.go") && parent(file) == folder);
        let is_tested = package.has_suite && tests.iter().any(|file| !file.ends_with("_suite_test.go"));
        (is_tested || planned.next().is_some()).then_some(own)
    })
}

/// Whether a file has one of some specs.
fn holds(survey: &Survey<'_>, file: &str, texts: &[String]) -> bool {
    let text = survey.text(file).ok().flatten().unwrap_or_default();
    // A long text is broken into several literals.
    let begins = |spec: &String| string(&spec.chars().take(SHORT).collect::<String>());
    texts.iter().any(|spec| text.contains(&format!("It({}", begins(spec).trim_end_matches('"'))))
}

/// Texts are never broken before this many characters.
const SHORT: usize = 60;

/// Whether a test file calls a function.
fn calls(survey: &Survey<'_>, file: &str, name: &str) -> bool {
    let Ok(Some(source)) = survey.go(file) else { return false };
    let text = source.source.text();
    let tokens = &source.file.tokens;
    tokens.windows(2).any(|pair| pair[0].span.of(text) == name && pair[1].span.of(text) == "(")
}

/// Whether a file of a task declares a name: what stands before another file is that one's.
pub(super) fn is_there(planner: &Planner<'_, '_>, task: &PlannedTask, name: &str) -> bool {
    let mut files = task.named.iter().filter_map(|(file, _)| planner.survey.go(file).ok().flatten());
    files.any(|source| source.file.declares(name).is_some())
}

/// Whether only lines of integration name a function.
pub(super) fn wires(task: &PlannedTask, name: &str) -> bool {
    let names = |text: &str| find_word(text, name).is_some();
    let mut own = task.details.iter().filter(|line| names(&line.text));
    !names(&task.title) && task.details(&[Key::Integration]).any(names) && own.all(|line| line.key == Key::Integration)
}

/// Tasks that make something in a file and have no spec yet, each with the file.
pub(super) fn beside(planner: &Planner<'_, '_>) -> Vec<(usize, ResolvedPath)> {
    let code = planner.assigned.iter().filter(|assigned| assigned.kind.role() == Role::Implementation);
    let files = code.filter_map(|assigned| Some((assigned.place.as_ref()?, &assigned.tasks)));
    let files = files.filter(|(place, _)| place.path.ends_with(".go") && !place.path.starts_with("tests/"));
    let tasks = files.flat_map(|(place, tasks)| tasks.iter().map(|task| (*task, place.clone())));
    let tasks = tasks.filter(|(task, _)| !planner.plan.tasks[*task].is_change);
    let units = planner.plan.units.iter().flat_map(|unit| unit.facts.files().into_iter().map(move |file| (unit, file)));
    let made: BTreeSet<(usize, &RepoPath)> =
        units.flat_map(|(unit, file)| unit.tasks.iter().map(move |task| (*task, file))).collect();
    tasks.filter(|(task, place)| !planner.is_tested(*task) && made.contains(&(*task, &place.path))).collect()
}
