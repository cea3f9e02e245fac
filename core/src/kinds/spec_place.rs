//! Where in a file with specs another one belongs: its containers, and what their titles name.

use serde::Serialize;

use super::specs::{self, GINKGO};
use crate::demand::{Word, words as words_of};
use crate::go::{GinkgoKind, GinkgoNode, ImportSpec, containers, import_declaration, string, tokens, wrapped_string};
use crate::name::{Name, is_go_identifier};
use crate::plan::{Container as Stated, ENTRIES, ManualReason, Planner, stem};
use crate::repo_path::RepoPath;
use crate::survey::GoSource;
use crate::template::{Context, Template};
use crate::tree::parent;

/// The containers of a file with specs.
#[derive(Debug, Default)]
pub(super) struct Containers(Vec<Container>);

#[derive(Debug)]
struct Container {
    /// The titles of what it stands in, outermost first, and its own.
    path: Vec<String>,
    /// A spec at its end runs, whatever the ones before it do.
    is_open: bool,
    /// The texts of the specs in it.
    specs: Vec<String>,
}

impl Container {
    fn title(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

impl Containers {
    /// Those of a file; none if it holds no Ginkgo tree that is understood.
    pub(super) fn of(source: &GoSource) -> Self {
        let mut found = Self::default();
        for tree in containers(&source.target()).unwrap_or_default() {
            found.read(source.source.text(), &tree, &[], true);
        }
        // Titles that are there twice lead nowhere.
        let paths: Vec<Vec<String>> = found.0.iter().map(|container| container.path.clone()).collect();
        let is_single = |path: &[String]| paths.iter().filter(|other| other.as_slice() == path).count() == 1;
        for container in &mut found.0 {
            container.is_open &= (1..=container.path.len()).all(|length| is_single(&container.path[..length]));
        }
        found
    }

    fn read(&mut self, text: &str, node: &GinkgoNode, above: &[String], is_open: bool) {
        if node.kind != GinkgoKind::Container {
            return;
        }
        let head = &text[node.span.start..node.body.map_or(node.span.end, |body| body.start)];
        let function = head.trim_start_matches("var _ = ").split('(').next().unwrap_or_default().trim();
        let is_pending = function.starts_with(['P', 'X']);
        // A spec of an ordered container does not run once one before it has failed.
        let stops = |word: &str| matches!(word, "Ordered" | "Pending");
        let tokens = tokens(head).unwrap_or_default();
        let is_stopped = tokens.iter().any(|token| stops(token.span.of(head)));
        let is_open = is_open && !is_pending && !is_stopped && node.body.is_some() && !node.text.is_empty();
        let path: Vec<String> = above.iter().chain([&node.text]).cloned().collect();
        let specs = node.children.iter().filter(|child| child.kind == GinkgoKind::Spec).map(|child| child.text.clone());
        self.0.push(Container { path: path.clone(), is_open, specs: specs.collect() });
        for child in &node.children {
            self.read(text, child, &path, is_open);
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the title of some container names something.
    pub(super) fn any(&self, is_named: impl Fn(&str) -> bool) -> bool {
        self.0.iter().any(|container| is_named(container.title()))
    }

    /// The only container whose title names something, by its titles; those inside of it are a part of it.
    pub(super) fn only(&self, is_named: impl Fn(&str) -> bool) -> Option<&[String]> {
        let named: Vec<&Container> = self.0.iter().filter(|container| is_named(container.title())).collect();
        let is_inside = |one: &Container| {
            named.iter().any(|other| one.path.len() > other.path.len() && one.path.starts_with(&other.path))
        };
        let mut outer = named.iter().filter(|container| !is_inside(container));
        let only = outer.next().filter(|container| container.is_open)?;
        outer.next().is_none().then_some(only.path.as_slice())
    }

    /// The containers of specs for which a task states some: those of the file, and those that it lacks. Why not, if a spec
    /// cannot go there.
    pub(super) fn within(&self, file: &str, stated: &[Stated]) -> Result<Vec<Stated>, String> {
        let Some((first, rest)) = stated.split_first() else { return Ok(Vec::new()) };
        let outermost = self.outermost(file);
        let above = match self.stated(first)? {
            Some(path) => path.iter().map(|title| Stated::context(title)).collect(),
            // The first tree of a file, or one more.
            None if first.call == "Describe" && outermost.is_none() => vec![first.clone()],
            None => vec![Stated::context(outermost.unwrap_or_default()), first.clone()],
        };
        Ok(above.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// The container that a task states, by its titles; none if there is none. Where it is there and a spec cannot go
    /// into it, why.
    fn stated(&self, stated: &Stated) -> Result<Option<&[String]>, String> {
        let (text, title) = (&stated.text, stated.title());
        let is_it = |own: &str| own.eq_ignore_ascii_case(text) || own.eq_ignore_ascii_case(&title);
        let found: Vec<&Container> = self.0.iter().filter(|container| is_it(container.title())).collect();
        match found.as_slice() {
            [] => Ok(None),
            [only] if only.is_open => Ok(Some(&only.path)),
            [_] => Err(format!(
                "no spec is added to the container \"{text}\": it is pending, or stops at the first failure"
            )),
            several => Err(format!("{} containers are called \"{text}\"", several.len())),
        }
    }

    /// The only container that holds a spec, by its titles.
    pub(super) fn holding(&self, spec: &str) -> Option<&[String]> {
        let mut found = self.0.iter().filter(|container| container.specs.iter().any(|own| own == spec));
        let only = found.next().filter(|container| container.is_open)?;
        found.next().is_none().then_some(only.path.as_slice())
    }

    /// The only container that stands in no other one; of several, the only one whose title has the words of the file's
    /// name.
    pub(super) fn outermost(&self, file: &str) -> Option<&str> {
        let outer = || self.0.iter().filter(|container| container.path.len() == 1);
        let words = stem(file);
        let is_about = |container: &&Container| holds(container.title(), &words);
        let only = match outer().count() {
            1 => outer().next(),
            _ => outer().find(is_about).filter(|_| outer().filter(is_about).count() == 1),
        };
        only.filter(|container| container.is_open).map(Container::title)
    }
}

/// Whether words stand in a title one behind the other.
fn holds(title: &str, words: &Name) -> bool {
    Name::parse(title).words().windows(words.words().len().max(1)).any(|window| window == words.words())
}

/// Whether a title names an identifier: as it is written, or in its words. One word alone is too little, unless it is
/// all that the title says, or a call.
pub(super) fn names(title: &str, identifier: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let words = Name::parse(identifier);
    if words.words().len() < 2 {
        let bare = title.trim().trim_end_matches("()");
        let is_call = title
            .match_indices(identifier)
            .any(|(at, _)| !title[..at].ends_with(is_part) && title[at + identifier.len()..].starts_with('('));
        return bare == identifier || bare.rsplit('.').next() == Some(identifier) && !bare.contains(' ') || is_call;
    }
    // A longer identifier is another one: its words are no prose.
    let mut prose = String::new();
    for word in title.split(|c| !is_part(c)) {
        let own = Name::parse(word);
        if own == words {
            return true;
        }
        prose.push_str(if own.words().len() > 1 { "; " } else { word });
        prose.push(' ');
    }
    prose.split(';').any(|prose| holds(prose, &words))
}

/// Whether what a task says speaks of a container: it quotes its title, names what the title names, or has its words.
pub(super) fn speaks_of(text: &str, title: &str) -> bool {
    const PLAIN: &[&str] = &[
        "a", "an", "and", "for", "if", "in", "of", "on", "or", "should", "test", "tests", "the", "to", "unit", "when",
        "with",
    ];
    let quoted = text.split(['"', '`', '“', '”']).skip(1).step_by(2);
    let is_name = |word: &Word<'_>| {
        let name = word.text.split('(').next().unwrap_or_default().rsplit('.').next().unwrap_or_default();
        word.is_code() && is_go_identifier(name) && names(title, name)
    };
    let words = Name::parse(title);
    let telling = words.words().iter().filter(|word| !PLAIN.contains(&word.as_str())).count();
    quoted.into_iter().any(|quoted| quoted.trim().eq_ignore_ascii_case(title.trim()))
        || words_of(text).iter().any(is_name)
        || telling >= 2 && holds(text, &words)
}

/// Specs of one task, at one place of a file.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// The task's ID.
    pub(super) task: String,
    /// The containers, outermost first.
    pub(super) path: Vec<Stated>,
    /// The task states them.
    pub(super) is_stated: bool,
    /// The texts of the specs, and the entries of those that are tables.
    pub(super) specs: Vec<(String, Vec<String>)>,
}

/// A file with specs in one container.
#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/unit-test/new/pkg/__package__/__file___test.go.hbs")]
pub(super) struct PlacedFile {
    header: String,
    package: String,
    imports: String,
    title: String,
    above: Vec<Step>,
    specs: Vec<PlacedSpec>,
    below: Vec<Step>,
}

#[derive(Serialize, Context, Debug)]
struct Step {
    indent: String,
    call: &'static str,
    title: String,
}

#[derive(Serialize, Context, Debug)]
struct PlacedSpec {
    indent: String,
    text: String,
    task: String,
    entries: Vec<PlacedEntry>,
}

#[derive(Serialize, Context, Debug)]
struct PlacedEntry {
    indent: String,
    text: String,
}

impl PlacedFile {
    /// The file as it would be if it held nothing else.
    pub(super) fn new(planner: &Planner<'_, '_>, file: &RepoPath, placed: &Placed) -> Self {
        let survey = planner.survey;
        let tabs = |depth: usize| "\t".repeat(depth);
        let literal =
            |text: &str, depth: usize, call: &str| wrapped_string(text, depth + call.len(), 11, &tabs(depth + 1));
        let (outermost, inner) = placed.path.split_first().map_or(("", &[][..]), |(first, rest)| (&*first.text, rest));
        let outermost = if outermost.is_empty() { specs::title(file) } else { outermost.to_owned() };
        let steps = inner.iter().enumerate().map(|(index, container)| (index + 1, container));
        let step = |(depth, container): (usize, &Stated)| Step {
            indent: tabs(depth),
            call: container.call,
            title: literal(&container.text, depth, &format!("{}(", container.call)),
        };
        let depth = inner.len() + 1;
        let entry = |text: &String| PlacedEntry { indent: tabs(depth + 1), text: literal(text, depth + 1, "Entry(") };
        let spec = |(text, entries): &(String, Vec<String>)| PlacedSpec {
            indent: tabs(depth),
            text: literal(text, depth, if entries.is_empty() { "It(" } else { "DescribeTable(" }),
            task: placed.task.clone(),
            entries: entries.iter().map(entry).collect(),
        };
        Self {
            header: survey.header().to_owned(),
            package: survey.package(parent(file)).test_name.clone(),
            imports: import_declaration(&[ImportSpec::named(".", GINKGO)], survey.module()),
            title: string(&outermost),
            above: steps.clone().map(step).collect(),
            specs: placed.specs.iter().map(spec).collect(),
            below: steps.rev().map(step).collect(),
        }
    }
}

/// Leaves to people the lines of a task of which no spec is made, and those that change one of a file. Whether there are
/// some.
pub(super) fn unread(planner: &mut Planner<'_, '_>, task: usize, file: Option<&RepoPath>) -> bool {
    let planned = planner.task(task);
    let cases = if file.is_some() { planned.cases() } else { planned.cases_of(false) };
    let mut all = cases.unread;
    for (line, spec) in cases.changes {
        let text = file.and_then(|file| planner.survey.text(file).ok().flatten());
        let at =
            text.and_then(|text| Some(text[..text.find(&format!("({}", string(&spec)))?].matches('\n').count() + 1));
        let place = match (file, at) {
            (Some(file), Some(at)) => format!("; see {file}:{at}"),
            (Some(file), None) => format!("; {file} does not hold it"),
            (None, _) => String::new(),
        };
        all.push((line, format!("the spec \"{spec}\" is changed by hand{place}")));
    }
    for (line, why) in &mut all {
        let place = file.filter(|_| why == ENTRIES).and_then(|file| table_of(planner, file, *line));
        why.extend(place.map(|place| format!("; see {place}")));
    }
    for (line, why) in &all {
        planner.manual(&[task], &ManualReason::Unwritable { line: *line, why: why.clone() });
    }
    !all.is_empty()
}

/// Where the table of a file is that a line names, or the only one.
fn table_of(planner: &Planner<'_, '_>, file: &RepoPath, line: usize) -> Option<String> {
    let text = planner.survey.text(file).ok().flatten()?;
    let said = planner.file.text().lines().nth(line - 1)?;
    let tables = || text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("DescribeTable("));
    let is_named = |table: &str| table.split('"').nth(1).is_some_and(|name| said.contains(&format!("\"{name}\"")));
    // "the table", where there is one.
    let only = || tables().next().filter(|_| said.contains("the table") && tables().count() == 1);
    let named = tables().find(|(_, table)| is_named(table)).or_else(only);
    named.map(|(at, _)| format!("{file}:{}", at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;
    use crate::text::Source;

    fn read(body: &str) -> Containers {
        let text = format!("package x\n\n{body}");
        let file = GoFile::parse(&text).unwrap().into();
        Containers::of(&GoSource { source: Source::new("x_test.go", text), file })
    }

    #[test]
    fn a_title_names_a_function_as_it_is_or_in_words() {
        for (title, identifier, is_named) in [
            ("processVMI when the proxy listens", "processVMI", true),
            ("Migration policy", "migrationPolicy", true),
            ("with a migration policy", "resolveMigrationPolicy", false),
            ("sync", "sync", true),
            ("Controller.sync", "sync", true),
            ("sync() of pods", "sync", true),
            ("when sync is late", "sync", false),
            ("resync()", "sync", false),
            ("generatePodAnnotationsFor", "generatePodAnnotations", false),
            ("when the setClock fails", "clockFails", false),
        ] {
            assert_eq!(names(title, identifier), is_named, "{title} {identifier}");
        }
    }

    #[test]
    fn a_line_speaks_of_a_container() {
        for (text, title, speaks) in [
            ("Cases for \"on AMD nodes\"", "On AMD nodes", true),
            ("Tests of `setClock`", "setClock with zones", true),
            ("RestartRequired is set", "restart required condition", true),
            ("the migration policy of a namespace wins", "Migration policy", true),
            ("a VM with memory", "with memory", false),
            ("Unit tests", "unit tests", false),
        ] {
            assert_eq!(speaks_of(text, title), speaks, "{text}: {title}");
        }
    }

    #[test]
    fn a_container_is_found_where_one_alone_is_named() {
        let found = read(
            "var _ = Describe(\"Clock\", func() {\n\tContext(\"setClock\", func() {\n\t\tContext(\"setClock twice\", func() {\n\t\t})\n\t})\n\tContext(\"getClock\", func() {\n\t})\n\tContext(\"getClock\", func() {\n\t})\n\tContext(\"readClock\", Ordered, func() {\n\t})\n\tPContext(\"stopClock\", func() {\n\t})\n})\n",
        );
        let only = |identifier: &str| found.only(|title| names(title, identifier)).map(<[String]>::to_vec);
        assert_eq!(only("setClock").unwrap(), ["Clock", "setClock"]);
        for identifier in ["getClock", "readClock", "stopClock", "windClock"] {
            assert_eq!(only(identifier), None, "{identifier}");
        }
        assert_eq!(found.outermost("pkg/x/x_test.go"), Some("Clock"));
    }

    #[test]
    fn of_several_trees_the_one_of_the_file_is_the_outermost() {
        for (body, outermost) in [
            ("var _ = Describe(\"a\", func() {\n})\n\nvar _ = Describe(\"b\", func() {\n})\n", None),
            (
                "var _ = Describe(\"a\", func() {\n})\n\nvar _ = Describe(\"The clock\", func() {\n})\n",
                Some("The clock"),
            ),
            ("var _ = Describe(\"clock a\", func() {\n})\n\nvar _ = Describe(\"clock b\", func() {\n})\n", None),
            ("var _ = Describe(\"a\", Ordered, func() {\n})\n", None),
            ("func TestA(t *testing.T) {\n}\n", None),
        ] {
            assert_eq!(read(body).outermost("pkg/x/clock_test.go"), outermost, "{body}");
        }
    }
}
