//! Where the API declares what a task names.

use super::Left;
use crate::go::{DeclKind, Target};
use crate::name::nearest;
use crate::plan::Planner;
use crate::repo_path::RepoPath;
use crate::survey::Survey;
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

/// The file of a folder that declares a type.
pub(super) fn declares_type(survey: &Survey<'_>, folder: &str, name: &str) -> Option<RepoPath> {
    let path = join(folder, &survey.declares(folder, name)?);
    let source = survey.go(&path).ok().flatten()?;
    source.file.declares(name).is_some_and(|decl| decl.kind == DeclKind::Type).then(|| RepoPath::known(path))
}

/// Whether a file declares a struct of a name.
pub(super) fn is_struct(target: &Target<'_>, name: &str) -> bool {
    target.file.declares(name).is_some_and(|decl| {
        let text = decl.span.of(target.text);
        let own = text.find(&format!("{name} ")).map_or("", |at| text[at + name.len()..].trim_start());
        decl.kind == DeclKind::Type && own.starts_with("struct")
    })
}

/// The types of a folder that are spelled like a name.
pub(super) fn near_types(survey: &Survey<'_>, folder: &str, name: &str) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    for file in survey.go_files(folder).iter().filter(|file| !file.contains("generated") && !file.ends_with("_test.go"))
    {
        let Some(source) = survey.go(&join(folder, file)).ok().flatten() else { continue };
        let decls = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type);
        types.extend(decls.flat_map(|decl| &decl.names).map(|name| name.text.clone()));
    }
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

/// A field of a struct: its name, its type and its name in JSON.
pub(super) struct Known {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) json: Option<String>,
}

/// The fields of a struct, one a line as gofmt leaves them.
pub(super) fn known_fields(target: &Target<'_>, struct_name: &str) -> Vec<Known> {
    let Some(decl) = target.file.declares(struct_name) else { return Vec::new() };
    let lines = decl.span.of(target.text).lines().skip(1);
    let field = |line: &str| {
        let line = line.trim();
        let (code, tag) = line.split_once('`').unwrap_or((line, ""));
        let code = code.split("//").next().unwrap_or_default().trim();
        // What is embedded has no name but that of its type.
        let (name, ty) = code.split_once(char::is_whitespace).unwrap_or((code, code));
        if !code.starts_with(|c: char| c.is_alphabetic() || c == '*' || c == '_') {
            return None;
        }
        let json =
            tag.split_once("json:\"").map(|(_, rest)| rest.split([',', '"']).next().unwrap_or_default().to_owned());
        Some(Known { name: name.to_owned(), ty: ty.trim().to_owned(), json: json.filter(|json| !json.is_empty()) })
    };
    lines.filter_map(field).collect()
}

/// The type of a struct's field, if it has one of that name.
pub(in crate::kinds) fn has_field(target: &Target<'_>, struct_name: &str, field: &str) -> Option<String> {
    known_fields(target, struct_name).into_iter().find(|known| known.name == field).map(|known| known.ty)
}
