//! Specs, which several kinds make: their texts, their SIG, and the suite that runs them.

use serde::Serialize;

use super::constant;
use super::spec_place::unread;
use crate::diagnostic::Diagnostic;
use crate::go::wrapped_string;
use crate::name::{Name, lower_first};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Container, GUESSED, Guess, Key, ManualReason, Planner, Use, guessed, is_heading, refers, sig, stem};
use crate::repo_path::RepoPath;
use crate::task::is_id;
use crate::template::{Context, Template, Text};
use crate::tree::{file_name, join};

pub(super) const GINKGO: &str = "github.com/onsi/ginkgo/v2";
pub(super) const GOMEGA: &str = "github.com/onsi/gomega";
const TESTUTILS: &str = "kubevirt.io/client-go/testutils";

pub(super) const TEMPLATES: &[Text] = &[SuiteFile::FILE];

/// The lines of a task that are texts of specs.
pub(super) const SPEC_KEYS: &[Key] = &[Key::Test, Key::Verify, Key::Scenario];

/// The specs of one task.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SpecGroup {
    /// The task's ID.
    pub(super) task: String,
    /// The text of the container; empty if the task says nothing of its own about them all.
    pub(super) title: String,
    /// The texts of the specs.
    specs: Vec<String>,
    /// The containers that the task states for them, outermost first: then no other one is made.
    pub(super) within: Vec<Container>,
    /// What each of them needs, as Go: `Serial`, `decorators.RequiresX`.
    decorators: Vec<String>,
}

impl SpecGroup {
    /// The specs that a task asks for, in containers.
    pub(super) fn of(planner: &Planner<'_, '_>, task: usize) -> Vec<Self> {
        let mut groups = Self::open(planner, task);
        for group in groups.iter_mut().filter(|group| group.title.is_empty()) {
            group.title = container(&planner.feature().name);
        }
        groups
    }

    /// The specs that a task asks for, in a container if it says what they are about, and in those that it writes.
    pub(super) fn open(planner: &Planner<'_, '_>, task: usize) -> Vec<Self> {
        let task = planner.task(task);
        let cases = task.cases();
        let specs: Vec<String> = cases.specs.iter().map(|text| begun(planner, text)).collect();
        let title = without_ids(planner, &container(&cases.about)).replace('`', "");
        // A container that says the same as its only spec says nothing.
        // "Webhook unit tests" is a heading, and no container.
        let title = if is_heading(&title) { String::new() } else { title };
        let is_twice = specs.len() == 1 && container(&specs[0]).replace('`', "").eq_ignore_ascii_case(&title);
        let title = if is_twice || !is_name(&title) { String::new() } else { title };
        let mut groups: Vec<Self> = Vec::new();
        for (spec, within) in specs.into_iter().zip(cases.within) {
            if groups.last().is_none_or(|last| last.within != within) {
                let stated: Vec<String> = within.iter().map(Container::title).collect();
                let title = if stated.is_empty() { title.clone() } else { stated.join(" ") };
                groups.push(Self { task: task.id.clone(), title, specs: Vec::new(), within, decorators: Vec::new() });
            }
            groups.last_mut().expect("one was begun").specs.push(spec);
        }
        groups
    }

    /// The same, with a container and with what each spec needs.
    pub(super) fn with(self, title: Option<&str>, decorators: Vec<String>) -> Self {
        let title = title.filter(|_| self.title.is_empty()).map(container);
        Self { title: title.unwrap_or(self.title), decorators, ..self }
    }
}

/// The text of a spec as it stands behind `It`. The name of a function that a task spells out keeps its letters.
pub(super) fn begun(planner: &Planner<'_, '_>, text: &str) -> String {
    let word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let calls = planner.file.text().match_indices(&format!("{word}(")).collect::<Vec<_>>();
    let is_whole = |at: usize| !planner.file.text()[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let is_function = !word.is_empty() && calls.into_iter().any(|(at, _)| is_whole(at));
    // What stands in quotes, or is code, is kept as it is.
    let is_exact = ['"', '`', '“']
        .iter()
        .any(|mark| planner.file.text().contains(&format!("{mark}{}", text.trim_start_matches('`'))));
    if is_function || is_exact { text.to_owned() } else { lower_first(text) }
}

/// Whether words can be the text of a container, and are not what is left of a sentence.
fn is_name(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "a", "an", "and", "as", "beside", "by", "for", "from", "in", "into", "it", "of", "on", "or", "the", "to",
        "under", "with", "that",
    ];
    const ORDERS: &[&str] = &["add", "extend", "create", "write", "update", "new", "extended"];
    let words: Vec<&str> = text.split(' ').map(|word| word.trim_matches([',', '.', ':', ';'])).collect();
    let is =
        |word: Option<&&str>, known: &[&str]| word.is_some_and(|word| known.contains(&word.to_lowercase().as_str()));
    let is_broken = words.contains(&"") || text.contains(". ");
    !(refers(text) || is_broken || is(words.last(), ENDS) || is(words.first(), ORDERS))
}

/// What specs are about, in words: "T005" is what that task is about.
fn without_ids(planner: &Planner<'_, '_>, about: &str) -> String {
    let ids: Vec<&str> =
        about.split([' ', ',', '/']).filter(|word| !matches!(*word, "" | "and" | "&" | "task")).collect();
    if ids.is_empty() || !ids.iter().all(|id| is_id(id)) {
        return about.to_owned();
    }
    let meant = planner.plan.tasks.iter().find(|task| ids == [task.id.as_str()]);
    // A list of specs, or a sentence about code, is no name for others.
    let is_short = |said: &String| !said.contains([':', ';', '`', '(']) && said.split(' ').count() <= 6;
    let said = meant.map(|task| container(task.says())).filter(is_short);
    said.unwrap_or_default()
}

/// The tasks that state the text of a spec; the others are left to people.
pub(super) fn stating(planner: &mut Planner<'_, '_>, tasks: &[usize], file: &RepoPath) -> Vec<usize> {
    let (stating, silent): (Vec<usize>, Vec<usize>) =
        tasks.iter().partition(|&&task| !planner.task(task).cases().specs.is_empty());
    for &task in &silent {
        if !unread(planner, task, Some(file)) {
            let why = "the task states no text of a spec: add a `Test:` line".to_owned();
            planner.manual(&[task], &ManualReason::Inexact { why, places: Vec::new() });
        }
    }
    stating
}

/// What a task says that its specs need, as Go. What the checkout does not have is left to people.
pub(super) fn decorators(planner: &mut Planner<'_, '_>, task: usize, file: &RepoPath) -> Vec<String> {
    let mut found = Vec::new();
    for (line, name) in planner.task(task).cases().decorators {
        let is_known = planner.survey.declares(DECORATORS, &name).is_some() || adds_label(planner, &name);
        let needed = match name.as_str() {
            _ if !file.starts_with("tests/") => {
                let why = format!("`{name}` is for specs in tests/: add it to the specs by hand");
                planner.manual(&[task], &ManualReason::Unwritable { line, why });
                continue;
            }
            "Serial" => name,
            _ if is_known => format!("decorators.{name}"),
            _ => {
                let why = format!("`{name}` is not one of the decorators that {DECORATORS} has for a spec");
                planner.manual(&[task], &ManualReason::Unwritable { line, why });
                continue;
            }
        };
        planner.note(task, line, Use::Change, std::slice::from_ref(file));
        if !found.contains(&needed) {
            found.push(needed);
        }
    }
    found
}

/// Whether a task that is selected adds a label of functional tests.
fn adds_label(planner: &Planner<'_, '_>, name: &str) -> bool {
    let is_own = |assigned: &&crate::plan::Assigned| {
        assigned.place.as_ref().is_some_and(|place| *place.path == *constant::DECORATORS)
    };
    let mut tasks = planner.assigned.iter().filter(is_own).flat_map(|assigned| &assigned.tasks);
    tasks.any(|&task| constant::label(planner.task(task)).is_ok_and(|labels| labels.iter().any(|one| one.name == name)))
}

/// Where the labels of functional specs are.
const DECORATORS: &str = "tests/decorators";

/// The texts of the specs of a task, each in a file.
pub(super) fn expected(groups: &[SpecGroup], task: &str, file: &RepoPath) -> Vec<(RepoPath, String)> {
    let own = groups.iter().filter(|group| group.task == task).flat_map(|group| &group.specs);
    own.map(|text| (file.clone(), text.clone())).collect()
}

/// Notes that the lines with texts of specs were used, and says which lines beside them were not.
pub(super) fn note(planner: &mut Planner<'_, '_>, tasks: &[usize], file: &RepoPath) {
    for &task in tasks {
        planner.note_keys(task, SPEC_KEYS, Use::Change, std::slice::from_ref(file));
        for line in planner.task(task).cases().lines {
            planner.note(task, line, Use::Change, std::slice::from_ref(file));
        }
        unread(planner, task, Some(file));
    }
}

/// The specs of a task, ready for a template.
#[derive(Serialize, Context, Debug)]
pub(super) struct Group {
    title: String,
    specs: Vec<Spec>,
}

#[derive(Serialize, Context, Debug)]
pub(super) struct Spec {
    text: String,
    task: String,
    decorators: Vec<String>,
}

/// The titles of groups, with the texts of their specs told apart: the same words twice in one file would be one spec
/// for every tool that looks.
pub(super) fn told_apart(groups: &[SpecGroup]) -> Vec<(&str, Vec<String>)> {
    let mut seen: Vec<&str> = Vec::new();
    let mut result = Vec::new();
    for group in groups {
        let mut specs = Vec::new();
        let mut own: Vec<&str> = Vec::new();
        for text in &group.specs {
            if own.contains(&text.as_str()) {
                continue;
            }
            own.push(text);
            specs.push(if seen.contains(&text.as_str()) { format!("{text} ({})", group.task) } else { text.clone() });
            seen.push(text);
        }
        result.push((group.title.as_str(), specs));
    }
    result
}

/// Groups as Go, in lines that are short enough.
pub(super) fn groups(groups: &[SpecGroup]) -> Vec<Group> {
    let texts = told_apart(groups).into_iter().zip(groups);
    let group = |((title, specs), group): ((&str, Vec<String>), &SpecGroup)| {
        let depth = if title.is_empty() { 1 } else { 2 };
        let behind = group.decorators.iter().map(|one| one.len() + 2).sum::<usize>() + 11;
        let spec = |text: &String| Spec {
            text: wrapped_string(text, depth + 3, behind, &"\t".repeat(depth + 1)),
            task: group.task.clone(),
            decorators: group.decorators.clone(),
        };
        let title = if title.is_empty() { String::new() } else { wrapped_string(title, 9, 11, "\t\t") };
        Group { title, specs: specs.iter().map(spec).collect() }
    };
    texts.map(group).collect()
}

/// The text of the outermost container of a file, as a Go string's content.
pub(super) fn title(file: &str) -> String {
    sentence(&stem(file))
}

/// `Guest heartbeat integration`: a name as a sentence begins.
fn sentence(name: &Name) -> String {
    let title = name.title();
    let mut words = title.split(' ');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| format!("{text} {}", lower_first(word)))
}

/// The text of a container: what a task tests, without saying that it is a test.
fn container(title: &str) -> String {
    let says_test = |text: &str| text.to_lowercase().contains("test");
    let about = [" - ", " – ", " — ", ": "].iter().find_map(|mark| {
        let (before, after) = title.split_once(mark)?;
        match (says_test(before), says_test(after)) {
            (true, false) => Some(after),
            (false, true) => Some(before),
            _ => None,
        }
    });
    let about = about.unwrap_or(title);
    // "Unit tests for the planner": it is about the planner.
    let lower = about.to_lowercase();
    let said = ["tests for ", "tests of ", "test for ", "test of ", "specs for ", "specs of ", "cases for "]
        .iter()
        .find_map(|mark| {
            let at = lower.find(mark).filter(|at| lower[..*at].split(' ').all(|word| KINDS.contains(&word)))?;
            let rest = about.get(at + mark.len()..)?;
            Some(rest.strip_prefix("the ").unwrap_or(rest)).filter(|rest| !rest.trim().is_empty())
        });
    let said = said.unwrap_or(about);
    let said = ["Cover ", "Test "].iter().find_map(|verb| said.strip_prefix(verb)).unwrap_or(said);
    said.split(' ').map(lower_first).collect::<Vec<_>>().join(" ")
}

/// Words before "tests for".
const KINDS: &[&str] = &["", "a", "an", "add", "write", "more", "the", "unit", "functional", "integration", "e2e"];

/// The SIG of specs whose folder tells none, `SigCompute`: that of the gate's owner or of the code.
pub(super) fn sig_label(planner: &mut Planner<'_, '_>) -> String {
    let specs = planner.survey.specs();
    let owner = planner.gate().map(|gate| gate.owner.as_str());
    let owned = owner.and_then(|owner| {
        let named = specs.labels.iter().filter(|(_, text)| owner.contains(text.as_str()));
        named.max_by_key(|(_, text)| text.len()).map(|(label, _)| label.clone())
    });
    let Guess { sig: code, tied } = sig(planner.assigned);
    if owned.is_none() && tied.len() != 1 && !planner.plan.diagnostics.iter().any(|said| said.code == GUESSED) {
        planner.diagnose(guessed(code, &tied));
    }
    let by_code = || specs.labels.iter().find(|(_, text)| *text == code).map(|(label, _)| label.clone());
    owned.or_else(by_code).unwrap_or_else(|| "SigCompute".to_owned())
}

/// The SIG of the specs that a file has: the label that it uses most.
pub(super) fn sig_of_file(planner: &Planner<'_, '_>, file: &RepoPath) -> Result<Option<String>, Refusal> {
    let known = planner.survey.specs();
    let Some(go) = planner.survey.go(file)? else { return Ok(None) };
    let text = go.source.text();
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for word in go.file.tokens.iter().map(|token| token.span.of(text)).filter(|word| known.labels.contains_key(*word)) {
        match counts.iter_mut().find(|(label, _)| *label == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    // Of several that are there as often, the first one in the file.
    let most = counts.iter().map(|(_, count)| *count).max();
    Ok(counts.iter().find(|(_, count)| Some(*count) == most).map(|(label, _)| (*label).to_owned()))
}

/// The SIG that tasks state: in a `SIG:` or an `Owner:` line, as a label, or as `[sig-storage]` in a title or a text of a spec.
pub(super) fn stated_sig(planner: &mut Planner<'_, '_>, file: &RepoPath, tasks: &[usize]) -> Option<String> {
    let known = planner.survey.specs();
    let named = |text: &str, bare: bool| {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
        let hit = |name: &str| lower.contains(&format!("[{name}]")) || bare && words.contains(&name);
        let short = |name: &str| bare && name.strip_prefix("sig-").is_some_and(|name| lower.trim() == name);
        known.labels.iter().find(|(_, name)| hit(name) || short(name)).map(|(label, _)| label.clone())
    };
    let is_sig = |key: &Key| match key {
        Key::Other(word) => word == "sig" || word == "sig label",
        key => *key == Key::Owner,
    };
    let mut found = None;
    for &task in tasks {
        let lines = planner.task(task).details.iter().filter(|line| is_sig(&line.key));
        let lines: Vec<(usize, Option<String>)> = lines.map(|line| (line.line, named(&line.text, true))).collect();
        for (line, sig) in lines {
            if sig.is_some() {
                planner.note(task, line, Use::Change, std::slice::from_ref(file));
            }
            found = found.or(sig);
        }
    }
    let texts = |task: usize| {
        let task = planner.task(task);
        let specs = task.details(SPEC_KEYS).find_map(|text| named(text, false));
        let labels = task.labels.iter().find_map(|label| named(label, true));
        labels.or_else(|| named(&task.title, true)).or(specs)
    };
    found.or_else(|| tasks.iter().find_map(|&task| texts(task)))
}

/// Says which tasks state another SIG than the one that the specs of a file run as, or one that the checkout lacks.
pub(super) fn say_other_sigs(planner: &mut Planner<'_, '_>, file: &RepoPath, tasks: &[usize], sig: &str) {
    let known = planner.survey.specs();
    let Some(own) = known.labels.get(sig) else { return };
    let other = |text: &str| {
        let lower = text.to_lowercase();
        let bracketed = lower.find("[sig-").map(|at| lower[at + 1..].split(']').next().unwrap_or_default().to_owned());
        bracketed
            .or_else(|| (lower.starts_with("sig-") && !lower.contains(' ')).then_some(lower))
            .filter(|name| name != own)
    };
    for &index in tasks {
        let task = planner.task(index);
        let lines = task.details.iter().filter(|line| SPEC_KEYS.contains(&line.key));
        let lines = lines.map(|line| (line.line, line.text.as_str()));
        let head = task.labels.iter().map(String::as_str).chain([task.title.as_str()]).map(|text| (task.line, text));
        let Some((line, name)) = head.chain(lines).find_map(|(line, text)| Some((line, other(text)?))) else {
            continue;
        };
        let message = format!("line {line} states {name}, but the specs of {file} run as {own}");
        let help = "give the specs of each SIG a file of their own, below its folder";
        planner.diagnose(Diagnostic::note("sig-differs", message).help(help));
    }
}

/// The file that starts the suite of a package.
#[derive(Debug)]
pub(super) struct Suite {
    file: RepoPath,
    template: SuiteFile,
    declared: Declared,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/unit-test/new/pkg/__package__/__package___suite_test.go.hbs")]
struct SuiteFile {
    header: String,
    package: String,
    testutils: String,
    function: String,
}

impl Suite {
    /// The suite that a package lacks: without it, specs are never run and everything passes.
    pub(super) fn lacking(planner: &mut Planner<'_, '_>, folder: &str) -> Result<Option<Self>, Refusal> {
        let survey = planner.survey;
        let package = survey.package(folder);
        if package.has_suite {
            return Ok(None);
        }
        let words = Name::parse(file_name(folder));
        let mut function = format!("Test{}", words.pascal());
        while survey.declares(folder, &function).is_some() {
            function.push_str("Suite");
        }
        let file = RepoPath::known(join(folder, &format!("{}_suite_test.go", words.snake())));
        planner.open(&file)?;
        let declared = planner.declared(folder, [(None, function.as_str())])?;
        let template = SuiteFile {
            header: survey.header().to_owned(),
            package: package.test_name.clone(),
            testutils: TESTUTILS.to_owned(),
            function,
        };
        Ok(Some(Self { file, template, declared }))
    }

    /// Writes it.
    pub(super) fn render(suite: Option<&Self>, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        suite.map_or(Ok(()), |suite| pending.write_go(&suite.file, &suite.template, &suite.declared))
    }
}
