//! The feature gate: constant, registration and accessor, which belong together.

use serde::Serialize;

use super::component::{Function, functions};
use crate::demand::{Piece, Word, words};
use crate::diagnostic::Diagnostic;
use crate::go::{FuncName, comment_lines, string};
use crate::name::{is_gate_name, letters};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{
    Assigned, Candidate, Claimed, Gate, GateChoice, GateLayout, Key, Kind, ManualReason, Named, Planner, Role, Row,
    Unit, Use, gate_below, gate_lines, intent, is_behind_gate, more_than_gate, stated_gate, titles_new_gate,
};
use crate::repo_path::RepoPath;
use crate::survey::{ACCESSORS, FEATURE_GATES};
use crate::template::{Context, Template, Text};
use crate::tree::parent;

#[derive(Debug)]
pub(super) struct FeatureGate;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate/edit/pkg/virt-config/featuregate/active.go/constant.hbs")]
struct Constant {
    owner: String,
    stage: String,
    /// Nothing where no gate says since when it is there.
    release: Option<String>,
    description: Vec<String>,
    identifier: String,
    value: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate/edit/pkg/virt-config/featuregate/active.go/init.hbs")]
struct Registration {
    identifier: String,
    stage: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate/edit/pkg/virt-config/feature-gates.go/accessor.hbs")]
struct Accessor {
    accessor: String,
    constant: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/feature-gate/new/pkg/virt-config/featuregate/__file__.go.hbs")]
struct OwnFile {
    header: String,
    package: String,
    owner: String,
    stage: String,
    release: Option<String>,
    description: Vec<String>,
    identifier: String,
    value: String,
}

/// What a checkout lacks of a gate.
#[derive(Debug)]
struct Facts {
    /// The file of the constant.
    file: RepoPath,
    declaration: Declaration,
    /// The file of the accessors, and the one that it lacks.
    accessor: Option<(RepoPath, Accessor)>,
}

#[derive(Debug)]
enum Declaration {
    /// A file of the gate's own.
    Own(OwnFile, Declared),
    /// What the file with the other gates lacks.
    Shared(Option<Constant>, Option<Registration>),
}

/// The lines that a gate is read from.
const KEYS: &[Key] =
    &[Key::Gate, Key::Name, Key::Constant, Key::Accessor, Key::Owner, Key::Release, Key::Description, Key::Stage];

/// How wide the prose above a gate is.
const PROSE: usize = 95;

impl Kind for FeatureGate {
    fn name(&self) -> &'static str {
        "feature-gate"
    }

    fn role(&self) -> Role {
        Role::Gate
    }

    fn row(&self) -> Row {
        Row { names: "a feature gate", makes: "its constant, its registration and its accessor, together" }
    }

    fn templates(&self) -> &'static [Text] {
        &[Constant::FILE, Registration::FILE, Accessor::FILE, OwnFile::FILE]
    }

    fn claim(&self, task: &Candidate<'_, '_>, named: &Named<'_>) -> Option<Claimed> {
        match named {
            Named::Task => None,
            Named::Nothing => asks_for_gate(task).then_some(Claimed::Task),
            Named::Folder(folder) => (*folder == FEATURE_GATES && asks_for_gate(task)).then_some(Claimed::Task),
            Named::File { place, .. } => {
                let own = parent(&place.path) == FEATURE_GATES || place.path == ACCESSORS;
                let is_code = place.path.ends_with(".go") && !place.path.ends_with("_test.go");
                (own && is_code && adds_gate(task) && !asks_for_others(task)).then_some(Claimed::File)
            }
        }
    }

    fn refuses(&self, task: &Candidate<'_, '_>) -> Option<ManualReason> {
        let planned = task.planned;
        let verb = intent::other_work(planned).or_else(|| intent::other_work_below(planned));
        let verb = verb.or_else(|| intent::only_looks(planned)).or_else(|| intent::nothing_new(planned));
        let names = named_gates(task);
        match verb {
            Some(verb) => Some(ManualReason::OtherWork(verb.to_owned())),
            None => (names.len() > 1).then_some(ManualReason::SeveralGates(names)),
        }
    }

    /// The gate, once, however many tasks speak of it.
    fn plan_first(&self, planner: &mut Planner<'_, '_>) {
        let assigned = planner.assigned;
        let makers: Vec<&Assigned> = assigned.iter().filter(|file| file.kind.name() == self.name()).collect();
        let mut tasks: Vec<usize> = makers.iter().flat_map(|maker| maker.tasks.iter().copied()).collect();
        let Some(gate) = planner.gate().cloned() else {
            return planner.manual(&tasks, &ManualReason::NoGate);
        };
        if makers.is_empty() && !matches!(planner.options.gate, GateChoice::Named(_)) {
            return;
        }
        // A title that names a gate which is there already is about that one.
        let about = |planner: &Planner<'_, '_>, task: usize| other_gate(planner, &planner.task(task).title, &gate.name);
        for &task in &tasks {
            if let Some(name) = about(planner, task) {
                planner.manual(&[task], &ManualReason::OtherGate { name, made: gate.name.clone() });
            }
        }
        let asked = tasks.len();
        tasks.retain(|&task| about(planner, task).is_none());
        let more = more_gates(planner, &tasks, &gate);
        for (task, name) in &more {
            planner.manual(&[*task], &ManualReason::SecondGate { name: name.clone(), made: gate.name.clone() });
        }
        tasks.retain(|task| more.iter().all(|(other, _)| other != task));
        if tasks.is_empty() && asked > 0 {
            return;
        }
        match facts(planner, &gate, &makers, &tasks) {
            Ok(facts) => {
                let files: Vec<RepoPath> = facts.files().into_iter().cloned().collect();
                for &task in &tasks {
                    if let Some(verb) = more_than_gate(planner.task(task)) {
                        planner.manual(&[task], &ManualReason::AlsoAsks(verb));
                    }
                    planner.note_keys(task, KEYS, Use::Change, &files);
                    for line in gate_lines(planner.task(task), &gate) {
                        planner.note(task, line, Use::Change, &files);
                    }
                    // `XEnabled() bool`, where that is the accessor.
                    let named = functions(planner.task(task)).0;
                    for function in named.iter().filter(|function| function.name == gate.accessor) {
                        planner.note(task, function.line, Use::Change, &files);
                    }
                }
                planner.push(facts, &tasks);
            }
            Err(refusal) => planner.diagnose(refusal),
        }
    }

    fn plan(&self, _: &mut Planner<'_, '_>, _: &Assigned) {}
}

/// The tasks that name another gate than the one which is made, where tasks name more than one.
fn more_gates(planner: &Planner<'_, '_>, tasks: &[usize], gate: &Gate) -> Vec<(usize, String)> {
    let stated = tasks.iter().filter_map(|&task| Some((task, stated_gate(planner.task(task))?)));
    let stated: Vec<(usize, String)> = stated.collect();
    let is_made = |name: &str| [&gate.name, &gate.identifier, &gate.accessor].iter().any(|own| *own == name);
    let is_one = stated.iter().all(|(_, name)| *name == stated[0].1);
    stated.into_iter().filter(|(_, name)| !is_one && !is_made(name)).collect()
}

/// The gate of the checkout that a title names and that is not the one which is made.
fn other_gate(planner: &Planner<'_, '_>, title: &str, made: &str) -> Option<String> {
    let gates = planner.survey.gates().ok()?;
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let known = |word: &&str| gates.constant(word).is_some();
    if words.contains(&made) {
        return None;
    }
    words.iter().find(|word| known(word)).map(|word| (*word).to_owned())
}

/// A task that asks for a gate without naming a file.
fn asks_for_gate(task: &Candidate<'_, '_>) -> bool {
    let title = task.task.title.text.to_lowercase();
    let group = task.task.group.map(|group| task.file.groups[group].title.to_lowercase()).unwrap_or_default();
    let acts = ["regist", "setup", "set up", "add", "implement", "creat", "defin", "introduc"];
    let about_gate = title.contains("feature gate") || group.contains("feature gate") && title.contains("regist");
    let is_other = title.contains("test") || is_behind_gate(&task.planned.title);
    about_gate && !is_other && acts.iter().any(|act| title.contains(act) || group.contains(act))
        || is_headline(task)
        || gate_below(task.planned).is_some()
        || titles_new_gate(&task.planned.title)
}

/// A title that is nothing but "feature gate" and its name, above lines that say what the gate is.
fn is_headline(task: &Candidate<'_, '_>) -> bool {
    let title = words(&task.planned.title);
    let names_gate = title.iter().any(|word| word.is(&["gate"]));
    let is_noun = |word: &Word<'_>| {
        word.piece == Piece::Mark
            || word.is(&["feature", "gate", "the", "a", "new", "alpha", "beta"])
            || is_gate_name(word.text) && word.is_code()
    };
    let says = |keys: &[Key]| task.planned.details(keys).next().is_some();
    // "`X`", "`X` (Go constant `XGate`)", "`X` - lets owners …"
    let is_one = |words: &[Word<'_>]| !words.is_empty() && words.get(1).is_none_or(|next| next.piece == Piece::Mark);
    let is_name = || task.planned.details(&[Key::Gate]).any(|text| is_one(&words(text)));
    let stages = [Key::Stage, Key::Release, Key::Other("alpha".to_owned()), Key::Other("beta".to_owned())];
    names_gate && title.iter().all(is_noun) && (says(&stages) || is_name()) && stated_gate(task.planned).is_some()
}

/// Whether a task on a file of the gates is about a new one: it says so, or names one and does nothing else.
fn adds_gate(task: &Candidate<'_, '_>) -> bool {
    const OTHERS: &[&str] = &[
        "use", "call", "check", "sort", "toggle", "query", "ask", "read", "guard", "order", "group", "list", "print",
        "log", "export", "update", "change", "set", "bump", "adjust", "correct", "enable", "verify", "validate",
        "ensure", "confirm", "comment", "align", "format", "reword", "mark", "promote", "graduate", "keep", "look",
        "make",
    ];
    const ACTS: &[&str] =
        &["regist", "setup", "add", "implement", "creat", "defin", "introduc", "declar", "wir", "insert", "new"];
    if intent::other_work(task.planned).is_some() {
        return true;
    }
    let acts = |text: &str| {
        let lower = text.to_lowercase();
        let words =
            lower.split(|c: char| !c.is_alphanumeric()).any(|word| ACTS.iter().any(|act| word.starts_with(act)));
        words || lower.contains("set up")
    };
    let title = task.planned.title.to_lowercase();
    let first = title.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let stated = task.planned.details(KEYS).next().is_some();
    let group = task.task.group.map(|group| task.file.groups[group].title.as_str()).unwrap_or_default();
    let below = task.planned.details(&[Key::Task, Key::Prose]).any(acts);
    acts(&title) || stated || below || acts(group) || !OTHERS.contains(&first)
}

/// Whether all that a task asks for is functions, and none of them the accessor of a gate that the file speaks of.
fn asks_for_others(task: &Candidate<'_, '_>) -> bool {
    let planned = task.planned;
    let wanted = functions(planned).0;
    if wanted.is_empty() || planned.details(KEYS).next().is_some() || letters(&planned.title).contains("featuregate") {
        return false;
    }
    let (text, body) = (task.file.text(), task.task.body);
    let rest = [&text[..body.start], &text[body.end..]].map(letters);
    let is_accessor = |function: &Function| {
        let gate = function.name.strip_suffix("Enabled").map(letters).filter(|gate| !gate.is_empty());
        let plain = function.head.as_ref().is_ok_and(|head| head.parameters.is_empty());
        plain && gate.is_some_and(|gate| rest.iter().any(|text| text.contains(&gate)))
    };
    !wanted.iter().any(is_accessor)
}

/// The gates that a task names as new ones.
fn named_gates(task: &Candidate<'_, '_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if is_gate_name(name) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    };
    task.planned.details(&[Key::Gate]).for_each(|text| add(text.trim().trim_matches('`')));
    let title = &task.planned.title;
    // What stands in code counts where "and" or a comma joins it: `GuestPulse` and `GuestRate`, not
    // `GuestPulse` with the accessor `GuestPulseEnabled`.
    let parts: Vec<&str> = title.split('`').collect();
    for at in (3..parts.len()).step_by(2) {
        let between = parts[at - 1].trim();
        if matches!(between, "and" | "," | "&" | "+" | "/" | ", and") {
            add(parts[at - 2].trim());
            add(parts[at].trim());
        }
    }
    // "Add the feature gates GuestPulse and GuestRate"
    let words: Vec<&str> = title.split(|c: char| c.is_whitespace() || matches!(c, ',' | '`' | '+' | '&')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let is_name = |word: &str| {
        is_gate_name(word) && word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase)
    };
    let lower = title.to_lowercase();
    if lower
        .split(|c: char| c.is_whitespace() || c == '`')
        .any(|word| word.trim_end_matches([',', ':', ';']) == "gates")
        || lower.matches("feature gate").count() > 1
        || words.windows(3).any(|w| is_name(w[0]) && w[1] == "and" && is_name(w[2]))
    {
        let bare = words.into_iter().map(|word| word.trim_end_matches([';', '.', ':']));
        bare.filter(|word| is_name(word) && !matches!(*word, "KubeVirt" | "FeatureGate")).for_each(add);
    }
    names
}

fn facts(planner: &mut Planner<'_, '_>, gate: &Gate, makers: &[&Assigned], tasks: &[usize]) -> Result<Facts, Refusal> {
    let survey = planner.survey;
    let gates = survey.gates()?;
    // A new file of its own is made only where a task names one and the gate is nowhere yet.
    let named = makers.iter().filter_map(|maker| maker.place.as_ref());
    let mut own = named.filter(|place| !place.exists && parent(&place.path) == FEATURE_GATES).map(|place| &place.path);
    let declared = gates.constant(&gate.name).map(|(file, _)| RepoPath::known(file.source.path()));
    let (file, own) = match (declared, own.next(), planner.options.layout) {
        (Some(file), _, _) => (file, false),
        (None, Some(own), GateLayout::Named) => {
            let message =
                format!("{own} is created, as the task says; upstream keeps active gates in {}", gates.active);
            let note = Diagnostic::note("gate-layout", message).help("pass --gate-layout active to put it there");
            let path = tasks.iter().find_map(|&task| planner.file.tasks[planner.task(task).index].paths.first());
            planner.diagnose(match path {
                Some(path) => note.at(&planner.file.source, path.span),
                None => note,
            });
            (own.clone(), true)
        }
        _ => (RepoPath::known(&*gates.active), false),
    };
    planner.open(&file)?;
    let constant = constant(gate);
    let declaration = if own {
        let Constant { owner, stage, release, description, identifier, value } = constant;
        let package = survey.package_name(parent(&file));
        let mut declared = planner.declared(parent(&file), [(None, identifier.as_str())])?;
        // Every file of a package may have one.
        declared.add(None, "init", None);
        let header = survey.header().to_owned();
        let template = OwnFile { header, package, owner, stage, release, description, identifier, value };
        Declaration::Own(template, declared)
    } else {
        let registration = Registration { identifier: gate.identifier.clone(), stage: gate.stage.name().to_owned() };
        Declaration::Shared(
            gates.constant(&gate.name).is_none().then_some(constant),
            (!gates.is_registered(&gate.identifier)).then_some(registration),
        )
    };
    let path = RepoPath::known(gates.accessors.path());
    if gates.accessor(&gate.identifier).is_some() {
        return Ok(Facts { file, declaration, accessor: None });
    }
    if let Some(taken) = gates.accessors.file.method(Some("ClusterConfig"), &gate.accessor) {
        let message = format!("{path} has a method {} already, which asks for another gate", gate.accessor);
        let refusal = Diagnostic::error("gate-accessor", message).at(&gates.accessors.source, taken.span);
        return Err(refusal.help("choose another name with --gate"));
    }
    planner.open(&path)?;
    let accessor = Accessor { accessor: gate.accessor.clone(), constant: gates.in_accessors(&gate.identifier) };
    Ok(Facts { file, declaration, accessor: Some((path, accessor)) })
}

fn constant(gate: &Gate) -> Constant {
    Constant {
        owner: comment_lines(&gate.owner, usize::MAX).concat(),
        stage: gate.stage.name().to_owned(),
        release: gate.release.clone(),
        description: comment_lines(&gate.description, PROSE),
        identifier: gate.identifier.clone(),
        value: string(&gate.name),
    }
}

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        vec![&self.file]
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        match &self.declaration {
            Declaration::Own(template, declared) => pending.write_go(&self.file, template, declared)?,
            Declaration::Shared(None, None) => {}
            Declaration::Shared(constant, registration) => {
                let constant = constant.as_ref().map(|constant| pending.render(constant)).transpose()?;
                let registration = registration.as_ref().map(|line| pending.render(line)).transpose()?;
                pending.anchor_go(&self.file, |target| {
                    let constant = constant.map(|snippet| target.append_constant(&snippet)).transpose()?;
                    let init = FuncName { receiver: None, name: "init" };
                    let registration =
                        registration.map(|snippet| target.append_statement(init, &snippet)).transpose()?;
                    Ok(constant.into_iter().chain(registration).collect())
                })?;
            }
        }
        let Some((path, accessor)) = &self.accessor else { return Ok(()) };
        let helper = FuncName { receiver: Some("ClusterConfig"), name: "isFeatureGateEnabled" };
        let snippet = pending.render(accessor)?;
        pending.anchor_go(path, |target| {
            target.require(helper)?;
            Ok(vec![target.append_declaration(&snippet)])
        })
    }
}
