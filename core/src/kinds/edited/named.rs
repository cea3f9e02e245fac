//! What a task changes: functions and types that are there, by the names in its lines.

use std::collections::BTreeSet;

use crate::demand::{Piece, Word, words};
use crate::go::{Decl, DeclKind, GoFile, Name};
use crate::name::{is_go_identifier, nearest};
use crate::pending::Refusal;
use crate::plan::{Key, ManualReason, PlannedTask, Planner};
use crate::survey::{GoSource, Survey};
use crate::tree::{join, parent};

/// What a task changes.
#[derive(Debug)]
pub(super) struct Edit {
    /// The file with the code.
    pub(super) file: String,
    /// What is declared there and the task names, in its order.
    declared: Vec<Declared>,
    /// What it asks to change and nothing declares; what may be meant.
    missing: Option<(String, Option<String>)>,
    /// It asks for something that no spec can be about, or for something new.
    is_other: bool,
    /// Functions of the file that further lines speak of.
    others: Vec<Declared>,
    /// Lines that another reader has read.
    pub(super) apart: BTreeSet<usize>,
}

/// A function, a method, a type, a variable or a constant.
#[derive(Debug)]
struct Declared {
    name: String,
    receiver: Option<String>,
    is_type: bool,
    is_function: bool,
    /// `path:line`.
    place: String,
}

/// Lines that say what is changed.
const KEYS: &[Key] = &[
    Key::Task,
    Key::Function,
    Key::Location,
    Key::Implementation,
    Key::Logic,
    Key::Integration,
    Key::Validation,
    Key::Prose,
];

/// Verbs whose object is changed.
const CHANGES: &[&str] = &[
    "extend",
    "change",
    "update",
    "modify",
    "adjust",
    "adapt",
    "alter",
    "amend",
    "teach",
    "let",
    "make",
    "enhance",
    "improve",
    "expand",
    "tweak",
    "patch",
    "generalize",
    "parameterize",
];

/// Words between such a verb, or a preposition, and its object.
const BETWEEN: &[&str] =
    &["the", "existing", "function", "method", "helper", "type", "struct", "constructor", "body", "of", "func"];

/// Verbs of something new. Where nothing that is there is named, it was not understood.
const NEW: &[&str] =
    &["add", "create", "define", "introduce", "declare", "register", "implement", "new", "expose", "wire", "generate"];

/// Words of a change that is a call, which is made where it can be.
const WIRING: &[&str] = &["call", "calls", "invoke", "invokes", "register", "registers", "wire", "hook", "use", "uses"];

/// What no spec is about.
const COSMETIC: &[&str] = &["comment", "comments", "godoc", "typo", "typos", "copyright", "license", "formatting"];

impl Edit {
    fn new(file: &str, apart: BTreeSet<usize>) -> Self {
        let (declared, others) = (Vec::new(), Vec::new());
        Self { file: file.to_owned(), declared, missing: None, is_other: false, others, apart }
    }

    /// What a task changes in a file that it names.
    pub(super) fn of(
        planner: &Planner<'_, '_>,
        task: usize,
        file: &str,
        apart: BTreeSet<usize>,
    ) -> Result<Self, Refusal> {
        let survey = planner.survey;
        let planned = planner.task(task);
        let mut edit = Self::new(file, apart);
        let Some(source) = survey.go(file)? else {
            edit.is_other = true;
            return Ok(edit);
        };
        let own = planned.lines_of(KEYS).filter(|line| !edit.apart.contains(&line.line));
        let own = own.map(|line| line.text.as_str());
        let texts: Vec<&str> = std::iter::once(planned.subject.as_str()).chain(own).collect();
        let lines: Vec<Vec<Word<'_>>> = texts.iter().map(|text| words(text)).collect();
        edit.declared =
            lines.iter().map(|line| named(line, &source)).find(|found| !found.is_empty()).unwrap_or_default();
        edit.others = lines.iter().flat_map(|line| named(line, &source)).filter(|one| one.is_function).collect();
        let objects = || lines.iter().filter_map(|line| object(line));
        if edit.declared.iter().all(|declared| declared.is_type) {
            edit.elsewhere(survey, objects().chain(lines.iter().flat_map(|line| places(line))))?;
        }
        if edit.declared.is_empty() {
            let named = lines.iter().flat_map(|line| places(line)).filter(Code::is_camel);
            edit.missing = objects()
                .find(|code| code.is_quoted)
                .or_else(|| named.into_iter().next())
                .map(|code| missing(&code, &source));
            let several = planner.file.tasks[planned.index].paths.len() > 1;
            edit.is_other = several || asks_for_something_new(planned);
        }
        edit.is_other |= lines.iter().take(2).flatten().any(|word| word.is(COSMETIC));
        Ok(edit)
    }

    /// Functions that are not there yet.
    pub(super) fn of_new(file: &str, names: Vec<String>) -> Self {
        let declared = names.into_iter().map(|name| Declared {
            name,
            receiver: None,
            is_type: false,
            is_function: true,
            place: file.to_owned(),
        });
        Self {
            file: file.to_owned(),
            declared: declared.collect(),
            missing: None,
            is_other: false,
            others: Vec::new(),
            apart: BTreeSet::new(),
        }
    }

    /// What a task that makes something in a file says that it changes as well: the objects of its verbs alone. A type is
    /// changed where it is said what it should do, and that is more than to hold what it gets.
    pub(super) fn beside(planner: &Planner<'_, '_>, task: usize, file: &str) -> Result<Vec<Self>, Refusal> {
        let Some(source) = planner.survey.go(file)? else { return Ok(Vec::new()) };
        let planned = planner.task(task);
        let texts = std::iter::once(planned.subject.as_str()).chain(planned.details(&[Key::Task]));
        let mut found: Vec<Self> = Vec::new();
        for line in texts.map(words).filter(|line| !line.iter().any(|word| word.is(WIRING))) {
            let Some((object, text)) = any_object(&line) else { continue };
            let is_there = find(&source, &object).is_some_and(|found| found.is_function);
            if !is_there && !object.is_go(text) {
                continue;
            }
            let does = behaves(&line, &object);
            let mut edit = Self::new(file, BTreeSet::new());
            match find(&source, &object) {
                Some(there) => edit.declared.push(there),
                None => edit.elsewhere(planner.survey, std::iter::once(object))?,
            }
            // A type of the API does nothing: what it is there for is done elsewhere.
            let is_api = edit.file.starts_with("staging/src/kubevirt.io/api/");
            edit.declared.retain(|found| found.is_function || found.is_type && does && !is_api);
            let is_new = edit.name().is_some_and(|name| found.iter().all(|known| known.name() != Some(name)));
            found.extend(is_new.then_some(edit));
        }
        Ok(found)
    }

    /// Looks in the other files of the package for what the task asks to change.
    fn elsewhere(&mut self, survey: &Survey<'_>, objects: impl Iterator<Item = Code>) -> Result<(), Refusal> {
        let folder = parent(&self.file).to_owned();
        for object in objects {
            let files = survey.go_files(&folder);
            let Some(file) = files.iter().find(|file| declares(survey, &folder, file, &object)) else { continue };
            let path = join(&folder, file);
            if let Some(source) = survey.go(&path)? {
                self.declared = find(&source, &object).into_iter().collect();
                self.file = path;
            }
            return Ok(());
        }
        Ok(())
    }

    /// Whether it is known what is changed.
    pub(super) fn is_understood(&self) -> bool {
        self.missing.is_none() && !self.is_other
    }

    /// The functions, variables and constants.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.declared.iter().filter(|declared| !declared.is_type).map(|declared| declared.name.as_str())
    }

    /// The types, those of receivers among them.
    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        let own = self.declared.iter().filter(|declared| declared.is_type).map(|declared| declared.name.as_str());
        own.chain(self.declared.iter().filter_map(|declared| declared.receiver.as_deref()))
    }

    /// Whether a function is changed.
    pub(super) fn is_of_function(&self) -> bool {
        self.declared.iter().any(|declared| declared.is_function)
    }

    /// All names.
    pub(super) fn identifiers(&self) -> impl Iterator<Item = &str> {
        self.declared.iter().map(|declared| declared.name.as_str())
    }

    /// The name of what is changed, where it is one.
    pub(super) fn name(&self) -> Option<&str> {
        self.identifiers().next()
    }

    /// The places that the change is at, and those that are known already.
    pub(super) fn places(&self, seams: Vec<String>) -> Vec<String> {
        let own = self.declared.iter().chain(&self.others);
        let own = own.map(|declared| format!("{} at {}", declared.name, declared.place));
        let mut places: Vec<String> = Vec::new();
        for place in own {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places.extend(seams.into_iter().filter(|seam| !self.declared.iter().any(|known| seam.contains(&known.place))));
        places
    }

    /// That what the task asks to change is not there.
    pub(super) fn missing(&self) -> Option<ManualReason> {
        let (name, near) = self.missing.clone()?;
        Some(ManualReason::NotThere { file: self.file.clone(), name, near })
    }
}

/// A piece of code that can be the name of something: `plan`, `plan()`, `Planner.plan`, `(p *Planner) plan(x int)`.
#[derive(Debug)]
struct Code {
    qualifier: Option<String>,
    name: String,
    /// It stands in backticks, or is called: it can be nothing but a name.
    is_quoted: bool,
}

impl Code {
    fn parse(word: &Word<'_>) -> Option<Self> {
        if !word.is_code() && word.piece != Piece::Code {
            return None;
        }
        let text = word.text.trim_start_matches("func ").trim_start_matches(['*', '&']);
        let (receiver, rest) = match text.strip_prefix('(') {
            Some(inner) => {
                let (receiver, rest) = inner.split_once(')')?;
                (receiver.rsplit([' ', '*']).next().map(str::to_owned), rest.trim().trim_start_matches('.'))
            }
            None => (None, text),
        };
        let path = rest.split('(').next()?.trim();
        let mut parts = path.rsplit('.');
        let name = parts.next().filter(|name| is_go_identifier(name))?.to_owned();
        let qualifier = parts.next().map(|part| part.trim_start_matches('*').to_owned());
        let is_quoted = word.piece == Piece::Code || word.text.contains('(');
        parts.next().is_none().then(|| Self { qualifier: receiver.or(qualifier), name, is_quoted })
    }

    /// Whether it is spelled as what a package keeps for itself: `setUpPulse`.
    fn is_camel(&self) -> bool {
        self.name.starts_with(|c: char| c.is_ascii_lowercase()) && self.name.contains(|c: char| c.is_ascii_uppercase())
    }

    /// Whether it can be nothing but a name in Go: it is called, or spelled as prose and data never are.
    fn is_go(&self, text: &str) -> bool {
        let has_capital = |text: &str| text.chars().any(|c| c.is_ascii_uppercase());
        let qualified =
            self.qualifier.as_ref().is_none_or(|qualifier| qualifier.starts_with(|c: char| c.is_uppercase()));
        text.contains('(') || has_capital(&self.name) && qualified && !self.name.contains('_')
    }
}

/// What a line names of what a file declares: the first one, and those that are listed with it.
fn named(line: &[Word<'_>], source: &GoSource) -> Vec<Declared> {
    let all: Vec<Option<Declared>> =
        line.iter().map(|word| Code::parse(word).and_then(|code| find(source, &code))).collect();
    let is_function = |found: &Option<Declared>| found.as_ref().is_some_and(|declared| !declared.is_type);
    let Some(first) = all.iter().position(is_function).or_else(|| all.iter().position(Option::is_some)) else {
        return Vec::new();
    };
    let joins = |word: &Word<'_>| word.is(&["and", "or"]) || word.is_mark(",");
    let listed = line.iter().zip(all).skip(first);
    listed.take_while(|(word, found)| found.is_some() || joins(word)).filter_map(|(_, found)| found).collect()
}

/// What a line asks to change: the name behind its verb, or behind "in" at its start, where it can be nothing but one.
fn object(line: &[Word<'_>]) -> Option<Code> {
    any_object(line).filter(|(code, text)| code.is_go(text)).map(|(code, _)| code)
}

/// The same, whatever it is spelled like: what is behind the verb may be there.
fn any_object<'a>(line: &[Word<'a>]) -> Option<(Code, &'a str)> {
    let skip = |mut at: usize| {
        while line.get(at).is_some_and(|word| word.is(BETWEEN)) {
            at += 1;
        }
        line.get(at)
    };
    let leads = |at: usize| line[at].is(CHANGES) || at == 0 && line[at].is(&["in", "inside", "within"]);
    let word = (0..line.len()).filter(|at| leads(*at)).find_map(|at| skip(at + 1).filter(|word| word.is_code()))?;
    Some((Code::parse(word)?, word.text))
}

/// Whether a line says of something that it is changed, and not that it is to call something.
pub(in crate::kinds) fn is_change_of(text: &str) -> bool {
    let line = words(text);
    !line.iter().any(|word| word.is(WIRING)) && any_object(&line).is_some()
}

/// Whether a line says behind a name what it should do: "so that it skips nodes", "to skip nodes". To hold something is what
/// a field is for.
fn behaves(line: &[Word<'_>], name: &Code) -> bool {
    const HOLDS: &[&str] = &[
        "hold", "holds", "carry", "carries", "have", "has", "keep", "keeps", "store", "stores", "contain", "contains",
        "include", "includes", "know", "knows", "get", "gets",
    ];
    const BEFORE: &[&str] = &["that", "it", "they", "can", "may", "also", "each", "as"];
    let named = line.iter().position(|word| Code::parse(word).is_some_and(|code| code.name == name.name));
    let behind = named.map_or(&[][..], |at| &line[at + 1..]);
    let Some(at) = behind.iter().position(|word| word.is(&["so", "such", "to"])) else { return false };
    let verb = behind[at + 1..].iter().find(|word| !word.is(BEFORE));
    // "with `x string` so that …": what is added comes first, and is said for itself.
    !behind[..at].iter().any(|word| word.is(&["with", "by"]))
        && verb.is_some_and(|verb| !verb.is_code() && !verb.is(HOLDS))
}

/// The names that a line says something happens in: "handle it in `sync`".
fn places(line: &[Word<'_>]) -> Vec<Code> {
    let behind = (0..line.len()).filter(|at| line[*at].is(&["in", "inside", "within"]));
    let code = behind.filter_map(|at| {
        let mut next = at + 1;
        while line.get(next).is_some_and(|word| word.is(BETWEEN)) {
            next += 1;
        }
        line.get(next).filter(|word| word.piece == Piece::Code).and_then(Code::parse)
    });
    code.collect()
}

/// Whether a file of a package, which is no test and not generated, declares something.
fn declares(survey: &Survey<'_>, folder: &str, file: &str, code: &Code) -> bool {
    if file.ends_with("_test.go") || file.contains("generated") {
        return false;
    }
    let path = join(folder, file);
    let occurs = survey.text(&path).ok().flatten().is_some_and(|text| text.contains(&code.name));
    occurs && survey.go(&path).ok().flatten().is_some_and(|source| find(&source, code).is_some())
}

/// The declaration that a name means in a file. A method needs no receiver before its name where only one type has it.
fn find(source: &GoSource, code: &Code) -> Option<Declared> {
    let file: &GoFile = &source.file;
    let named = file.decls.iter().flat_map(|decl| decl.names.iter().map(move |name| (decl, name)));
    let is_meant = |decl: &Decl| match (&code.qualifier, &decl.receiver) {
        (None, _) => true,
        (Some(qualifier), Some(receiver)) => *qualifier == receiver.type_name,
        (Some(qualifier), None) => *qualifier == file.package.text,
    };
    let mut all = named.filter(|(decl, name)| name.text == code.name && is_meant(decl));
    let (decl, name) = all.next()?;
    if all.next().is_some() {
        return None;
    }
    let line = source.source.line(name.span.start);
    Some(Declared {
        name: name.text.clone(),
        receiver: decl.receiver.as_ref().map(|receiver| receiver.type_name.clone()),
        is_type: decl.kind == DeclKind::Type,
        is_function: decl.kind == DeclKind::Func,
        place: format!("{}:{line}", source.path()),
    })
}

/// A name that is not there, and what may be meant.
fn missing(code: &Code, source: &GoSource) -> (String, Option<String>) {
    let names = || source.file.decls.iter().flat_map(|decl| &decl.names);
    let near = nearest(&code.name, names().map(|name| name.text.as_str())).first().copied();
    let place = |name: &Name| source.source.line(name.span.start);
    let near = near.and_then(|near| names().find(|name| name.text == near));
    (code.name.clone(), near.map(|near| format!("{} at {}:{}", near.text, source.path(), place(near))))
}

/// Whether a task that names nothing that is there asks for something new.
fn asks_for_something_new(task: &PlannedTask) -> bool {
    let texts = std::iter::once(task.title.as_str()).chain(task.details(&[Key::Task, Key::Function]));
    let begins =
        |text: &str| words(text).iter().find(|word| word.piece == Piece::Prose).is_some_and(|word| word.is(NEW));
    texts.into_iter().any(begins)
}
