//! Where the API declares what a task names.

use super::Left;
use super::asked::asked;
use super::change::Change;
use super::constants::{Constant, constants};
use crate::demand::{ApiDemand, CONSTANTS_OF};
use crate::diagnostic::Diagnostic;
use crate::go::{DeclKind, Position, Target};
use crate::name::nearest;
use crate::plan::{PlannedTask, Planner, Use};
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, Survey};
use crate::task::LineKind;
use crate::text::holds;
use crate::tree::{Kind, join, parent};

/// The folder of the API's groups.
pub(super) const API: &str = "staging/src/kubevirt.io/api/";

/// The file of a struct: in the folder of the file that a task names, or in the only other one that has it.
pub(super) fn file_of(planner: &Planner<'_, '_>, asked: &RepoPath, name: &str) -> Result<RepoPath, Left> {
    let (survey, folder) = (planner.survey, parent(asked));
    if let Some(file) = declares_type(survey, folder, name) {
        return Ok(file);
    }
    let help = |near: Vec<String>| match near.as_slice() {
        [] => "name the struct as the API declares it".to_owned(),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    let others: Vec<RepoPath> = folders(survey)
        .iter()
        .filter(|other| *other != folder)
        .filter_map(|other| declares_type(survey, other, name))
        .collect();
    match others.as_slice() {
        [only] => Ok(only.clone()),
        [] if !survey.exists(folder) => {
            let why = format!("{asked} does not exist, and no API group declares `{name}`");
            Err(Left::Line(why, "new API groups are made by hand".to_owned()))
        }
        [] => {
            let why = format!("{folder} declares no struct `{name}`");
            Err(Left::Line(why, help(near_types(survey, folder, name))))
        }
        many => {
            let places: Vec<&str> = many.iter().map(|path| &**path).collect();
            let why = format!("more than one API group declares `{name}`: {}", places.join(", "));
            Err(Left::Line(why, "name the file of the one that is meant".to_owned()))
        }
    }
}

/// Where a change is to stand, as its lines say: beside what is there, or what the changes before it put there.
/// Where that is not known, it stands behind the others, and people are told.
pub(super) fn position(
    planner: &mut Planner<'_, '_>,
    change: &Change,
    lines: &[(usize, usize)],
    before: &[(Change, Option<Position>)],
) -> Option<Position> {
    let (name, is_type) = (change.own_name(), matches!(change, Change::Struct(_) | Change::Enum(_)));
    let wanted = lines.iter().find_map(|&(task, line)| {
        let known = planner.task(task);
        let below = known.details.iter().find(|detail| detail.line == line).map(|detail| detail.text.as_str());
        Some((task, line, crate::demand::position(below.unwrap_or(&known.title), name, is_type)?))
    });
    // So may the line above a block of code.
    let lead = || {
        let (task, line) = *lines.first()?;
        let kinds = &planner.file.lines[..line.saturating_sub(1)];
        let is_block = |kind: LineKind| matches!(kind, LineKind::Code | LineKind::Fence | LineKind::Blank);
        let above = kinds.iter().rposition(|line| !is_block(line.kind))? + 1;
        kinds[above..].iter().any(|line| line.kind == LineKind::Fence).then_some(())?;
        let known = planner.task(task);
        let lead = known.details.iter().find(|detail| detail.line == above)?;
        let is_lead = asked(known).demands.iter().all(|(line, _)| *line != above);
        Some((task, above, crate::demand::position(&lead.text, name, is_type).filter(|_| is_lead)?))
    };
    // A title that asks for nothing itself may say where what stands below it goes.
    let above = || {
        let (task, line) = *lines.first()?;
        let known = planner.task(task);
        let is_lead = asked(known).demands.iter().all(|(line, _)| *line != known.line);
        let said = crate::demand::position(&known.title, name, is_type).filter(|_| is_lead);
        let is_whole = matches!(change, Change::Field(_)) || asked(known).demands.len() == 1;
        said.filter(|_| is_whole && line != known.line).map(|said| (task, known.line, said))
    };
    let led = if wanted.is_none() { lead() } else { None };
    let is_led = led.is_some();
    let (task, line, wanted) = wanted.or(led).or_else(above)?;
    match found(planner, change, &wanted, before) {
        Ok(at) => {
            planner.placed(task, line);
            if is_led {
                planner.note(task, line, Use::Change, std::slice::from_ref(change.file()));
            }
            // Those of one line stand in its order.
            let same = |(other, position): &&(Change, Option<Position>)| {
                change.is_beside(other) && position.as_ref() == Some(&at) && !matches!(at, Position::Before(_))
            };
            let last = before.iter().rfind(same).map(|(other, _)| other.own_name().to_owned());
            Some(last.map_or(at, Position::After))
        }
        Err(why) => {
            let message = format!("line {line} asks for it {wanted}; the tool adds it after the existing ones: {why}");
            let note = Diagnostic::note("api-order", message).at(&planner.file.source.clone(), planner.span(task));
            planner.diagnose(note.help("move it once it is written, if the order matters"));
            None
        }
    }
}

/// A place as the file has it, or why it does not.
fn found(
    planner: &Planner<'_, '_>,
    change: &Change,
    wanted: &Position,
    before: &[(Change, Option<Position>)],
) -> Result<Position, String> {
    let source = planner.survey.go(change.file()).ok().flatten();
    let new = before.iter().map(|(other, _)| other).filter(|other| change.is_beside(other));
    let new: Vec<String> = new.map(|other| other.own_name().to_owned()).collect();
    let (names, what) = match change {
        Change::Field(field) => {
            let known = source.and_then(|source| source.target().struct_fields(&field.struct_name));
            let known = known.unwrap_or_default();
            let json = |name: &str| known.iter().find(|known| known.json.as_deref() == Some(name));
            let name = wanted.anchor().map(|name| name.rsplit('.').next().unwrap_or(name));
            let by_json = name.and_then(json).map(|known| known.name.clone());
            if let Some(name) = by_json {
                return Ok(wanted.beside(&name));
            }
            (known.into_iter().map(|known| known.name).collect::<Vec<_>>(), format!("`{}`", field.struct_name))
        }
        // Beside the constants of a type, which come right behind it.
        Change::Constant(_) | Change::Struct(_) | Change::Enum(_)
            if let Some(name) = wanted.anchor()
                && let Some(source) = &source
                && let Some(own) = constant_of(source, wanted, name) =>
        {
            return Ok(wanted.beside(&own));
        }
        _ if let Some(ty) = wanted.anchor().and_then(|name| name.strip_prefix(CONSTANTS_OF)) => {
            return Err(format!("{} has no constants of `{ty}`", change.file()));
        }
        Change::Constant(_) => {
            let target = source.as_ref().map(|source| source.target());
            let is_there =
                |name: &&str| target.as_ref().is_some_and(|target| target.put_constant(wanted, name).is_some());
            (
                wanted.anchor().filter(is_there).map(str::to_owned).into_iter().collect(),
                format!("a group of {}", change.file()),
            )
        }
        Change::Struct(_) | Change::Enum(_) => {
            let target = source.as_ref().map(|source| source.target());
            let is_there = |name: &&str| target.as_ref().is_some_and(|target| target.has_declaration(name));
            (wanted.anchor().filter(is_there).map(str::to_owned).into_iter().collect(), change.file().to_string())
        }
    };
    match wanted.anchor() {
        None if matches!(change, Change::Field(_)) => Ok(wanted.clone()),
        None => Err("only a field is put first".to_owned()),
        Some(name) => {
            let own = name.rsplit('.').next().unwrap_or(name);
            if names.iter().chain(&new).any(|known| known == own) {
                return Ok(wanted.beside(own));
            }
            let near = nearest(own, names.iter().map(String::as_str));
            let near = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(format!("{what} has no `{own}`{near}"))
        }
    }
}

/// The last constant of a type, or the first one, where something is to stand beside those, or behind a type that they
/// come right behind.
fn constant_of(source: &GoSource, wanted: &Position, name: &str) -> Option<String> {
    let stated = name.strip_prefix(CONSTANTS_OF);
    let ty = stated.unwrap_or(name);
    let known = constants(&source.target());
    let mut own = known.iter().filter(|known| known.is_one_of(ty)).map(Constant::name);
    let found = if matches!(wanted, Position::Before(_)) { own.next() } else { own.next_back() }?;
    let at = source.file.decls.iter().position(|decl| decl.kind == DeclKind::Type && decl.name() == ty);
    let next = at.and_then(|at| source.file.decls.get(at + 1));
    let is_next = next.is_some_and(|next| next.names.iter().any(|known| known.text == found));
    (stated.is_some() || is_next && matches!(wanted, Position::After(_))).then(|| found.to_owned())
}

/// The file of the API that a task without a file is about, as the structs that it names tell; or why they do not.
pub(crate) fn implied_file(survey: &Survey<'_>, task: &PlannedTask) -> Option<Result<RepoPath, String>> {
    let asked = asked(task);
    asked.faults.is_empty().then(|| implied(survey, &asked.demands)).flatten()
}

/// Where the structs are that get the fields of a task that names no file: the file of the first one; new types stand
/// beside it. Nothing if no struct is named, or if constants are asked for; the error says why it is not clear.
fn implied(survey: &Survey<'_>, demands: &[(usize, ApiDemand)]) -> Option<Result<RepoPath, String>> {
    let mut new = Vec::new();
    let mut parents = Vec::new();
    for (_, demand) in demands {
        match demand {
            ApiDemand::Field(field) => parents.push(field.parent.as_deref()?),
            ApiDemand::Struct(one) => new.push(one.name.as_str()),
            ApiDemand::Enum(one) => new.push(one.name.as_str()),
            ApiDemand::Constant(_) => return None,
        }
    }
    let first = parents.into_iter().find(|parent| !new.contains(parent))?;
    // `X.status`: where `X` is.
    let kind = first.split_once('.').map(|(kind, _)| kind).filter(|kind| kind.starts_with(char::is_uppercase));
    let first = kind.unwrap_or(first);
    let folders = folders(survey);
    let found: Vec<RepoPath> = folders.iter().filter_map(|folder| declares_type(survey, folder, first)).collect();
    match found.as_slice() {
        [only] => Some(Ok(only.clone())),
        [] => {
            let near = folders.iter().find_map(|folder| near_types(survey, folder, first).into_iter().next())?;
            Some(Err(format!("no API group declares `{first}`; did you mean {near}?")))
        }
        many => {
            let many: Vec<&str> = many.iter().map(|path| &**path).collect();
            Some(Err(format!("more than one API group declares `{first}`: {}", many.join(", "))))
        }
    }
}

/// The file of a folder that declares a type.
pub(super) fn declares_type(survey: &Survey<'_>, folder: &str, name: &str) -> Option<RepoPath> {
    survey.type_source(folder, name).map(|source| RepoPath::known(source.path()))
}

/// The struct at a path of the API, `spec.domain.devices`, which begins at the kinds of a folder; nothing for a name.
pub(super) fn struct_at(survey: &Survey<'_>, folder: &str, path: &str) -> Option<Result<String, Left>> {
    let parts: Vec<&str> = path.split('.').collect();
    let (kind, parts) = match parts.as_slice() {
        ["spec" | "status", ..] => (None, &parts[..]),
        [kind, "spec" | "status", ..] => (Some(kind.to_lowercase()), &parts[1..]),
        _ => return None,
    };
    let kind = kind.map(|kind| match kind.as_str() {
        "vm" => "virtualmachine".to_owned(),
        "vmi" => "virtualmachineinstance".to_owned(),
        "kv" => "kubevirt".to_owned(),
        _ => kind,
    });
    let fields = |name: &str| {
        let source = survey.type_source(folder, name)?;
        source.target().struct_fields(name)
    };
    let names = survey.declared_names(folder, DeclKind::Type);
    let is_kind =
        |name: &&String| !name.ends_with("List") && kind.as_ref().is_none_or(|kind| name.to_lowercase() == *kind);
    let walk = |kind: &String| {
        parts.iter().try_fold(kind.clone(), |at, part| {
            let field = fields(&at)?.into_iter().find(|field| field.json.as_deref() == Some(*part))?;
            Some(field.ty.trim_start_matches(['*', '[', ']']).to_owned())
        })
    };
    let mut found: Vec<String> =
        names.iter().filter(is_kind).filter_map(walk).filter(|name| fields(name).is_some()).collect();
    found.sort_unstable();
    found.dedup();
    Some(match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => {
            let why = format!("no kind of {folder} has `{path}`");
            Err(Left::Line(why, "name the struct that gets the field: ``… to `DomainSpec` ``".to_owned()))
        }
        many => {
            let why = format!("several kinds have `{path}`: {}", many.join(", "));
            Err(Left::Line(why, "name the struct that is meant".to_owned()))
        }
    })
}

/// Why a field does not go into a struct that is the top level of a kind: it belongs to its spec, or to its status.
pub(super) fn top_level(target: &Target<'_>, name: &str) -> Result<(), Left> {
    let known = target.struct_fields(name).unwrap_or_default();
    let has = |name: &str| known.iter().any(|field| field.name == name);
    let parts: Vec<String> = known
        .iter()
        .filter(|field| matches!(field.name.as_str(), "Spec" | "Status"))
        .map(|field| format!("`{}`", field.ty.trim_start_matches('*')))
        .collect();
    if parts.is_empty() || !has("TypeMeta") || !has("ObjectMeta") {
        return Ok(());
    }
    let why = format!("`{name}` is a whole kind, whose own fields are those of all kinds");
    Err(Left::Line(why, format!("name the struct that gets the field: {}", parts.join(" or "))))
}

/// Whether a file declares a struct of a name.
pub(super) fn is_struct(target: &Target<'_>, name: &str) -> bool {
    is_type_of(target, name, "struct")
}

/// Whether a file declares a type of a name that begins with a word: `struct`, `string`.
pub(super) fn is_type_of(target: &Target<'_>, name: &str, word: &str) -> bool {
    target.file.declares(name).is_some_and(|decl| {
        let text = decl.span.of(target.text);
        let own = text.find(&format!("{name} ")).map_or("", |at| text[at + name.len()..].trim_start());
        decl.kind == DeclKind::Type && own.starts_with(word)
    })
}

/// The types of a folder that are spelled like a name.
pub(super) fn near_types(survey: &Survey<'_>, folder: &str, name: &str) -> Vec<String> {
    let types = survey.declared_names(folder, DeclKind::Type);
    nearest(name, types.iter().map(String::as_str)).into_iter().take(3).map(|near| format!("`{near}`")).collect()
}

/// The folders of the API's groups and versions.
pub(super) fn folders(survey: &Survey<'_>) -> Vec<String> {
    let tree = survey.tree();
    let root = API.trim_end_matches('/');
    let is_folder = |path: &String| survey.kind(path) == Some(Kind::Folder);
    let groups = tree.list(root).into_iter().map(|group| join(root, &group)).filter(is_folder);
    groups
        .flat_map(|group| tree.list(&group).into_iter().map(move |version| join(&group, &version)))
        .filter(is_folder)
        .collect()
}

/// The type of a struct's field, if it has one of that name.
pub(in crate::kinds) fn has_field(target: &Target<'_>, struct_name: &str, field: &str) -> Option<String> {
    // Most fields are new, and then their name stands nowhere.
    let decl = target.file.declares(struct_name)?;
    if !holds(decl.span.of(target.text), field) {
        return None;
    }
    let known = target.struct_fields(struct_name).unwrap_or_default();
    known.into_iter().find(|known| known.name == field).map(|known| known.ty)
}
