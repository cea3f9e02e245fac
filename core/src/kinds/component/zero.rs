//! Values of types that mean nothing yet, and functions that do nothing.

use std::collections::BTreeSet;

use super::super::planned_types::{PlannedType, planned};
use super::signature::{Given, Types};
use crate::go::body::Members;
use crate::go::{FunctionHead, ImportSpec};
use crate::name::is_go_identifier;
use crate::plan::Planner;
use crate::survey::BUILTIN;

/// How types begin whose value that means nothing is nil.
const NIL: &[&str] = &["*", "[]", "map[", "func(", "chan ", "chan<- ", "<-chan ", "interface{"];

/// Go's own types of functions.
const FUNCTIONS: &[(&str, &str)] =
    &[("context.CancelFunc", "func()"), ("net/http.HandlerFunc", "func(http.ResponseWriter, *http.Request)")];

impl Types<'_, '_, '_> {
    /// What a type of functions is given and gives back, written as this file does. Nothing of another type.
    pub(super) fn function_type(
        &self,
        ty: &str,
        imports: &[ImportSpec],
        depth: usize,
    ) -> Result<Option<FunctionHead>, String> {
        let survey = self.planner.survey;
        let unsure = || format!("no value of `{ty}` is known that can be called and does nothing");
        let parse = |text: &str| {
            let head = text.strip_prefix("func").map(|rest| FunctionHead::parse(&format!("f{rest}")));
            head.map(|head| head.map_err(|_| unsure())).transpose()
        };
        if ty.starts_with("func(") {
            return parse(ty);
        }
        let imported = |name: &str| imports.iter().find(|import| import.name() == name).map(|one| one.path.clone());
        let (path, name) = match ty.split_once('.') {
            Some((package, name)) => (imported(package), name),
            None => (Some(survey.import_path(self.folder)), ty),
        };
        let Some(path) = path.filter(|_| is_go_identifier(name)) else { return Ok(None) };
        if let Some((_, text)) = FUNCTIONS.iter().find(|(known, _)| *known == format!("{path}.{name}")) {
            return parse(text);
        }
        let Some((source, Members::Other(text))) = survey.members_of(&format!("{path}.{name}")) else {
            let folder = survey.package_folder(&path).or_else(|| survey.folder_of(&path)).unwrap_or_default();
            return match planned(self.planner, &folder).get(name) {
                Some(PlannedType::Other(text)) if text.starts_with("func(") && folder == self.folder => parse(text),
                Some(PlannedType::Other(text)) if text.starts_with("func(") => Err(unsure()),
                _ => Ok(None),
            };
        };
        let Some(known) = parse(&text)? else {
            // `type A B` of the same package.
            let inner = is_go_identifier(&text) && ty != text && !ty.contains('.');
            return match depth.checked_sub(1).filter(|_| inner) {
                Some(depth) => self.function_type(&text, imports, depth),
                None => Ok(None),
            };
        };
        // Every package by the name that this file has for it, and what the type's own package declares by that of the type.
        let mut written = known.signature();
        let mut renamed = BTreeSet::new();
        for (package, name) in known.type_names() {
            let (old, new) = match package {
                None if BUILTIN.contains(&name.as_str()) => continue,
                None => match ty.split_once('.') {
                    Some((own, _)) => (name.clone(), format!("{own}.{name}")),
                    None => continue,
                },
                Some(package) => {
                    let path = survey.import_named(&source.file, package).ok_or_else(unsure)?;
                    let same = imports.iter().find(|import| import.path == path);
                    let taken = imports.iter().any(|import| import.name() == package && import.path != path);
                    match same {
                        Some(import) => (format!("{package}.{name}"), format!("{}.{name}", import.name())),
                        None if taken => return Err(unsure()),
                        None => continue,
                    }
                }
            };
            if old != new && renamed.insert(old.clone()) {
                written = replaced_name(&written, &old, &new);
            }
        }
        FunctionHead::parse(&format!("f{written}")).map(Some).map_err(|_| unsure())
    }

    /// A function of a type that does nothing, and gives back what means nothing.
    pub(super) fn does_nothing(&self, head: &FunctionHead, imports: &mut Vec<ImportSpec>) -> Result<String, String> {
        for (package, name) in head.type_names() {
            if let Some(package) = package
                && !imports.iter().any(|import| import.name() == package)
            {
                imports.push(self.import(package, name)?);
            }
        }
        let types = head.results.iter().flat_map(|one| std::iter::repeat_n(&one.ty.text, one.names.len().max(1)));
        let zeros: Option<Vec<String>> = types.clone().map(|ty| self.zero(ty, imports)).collect();
        let zeros = zeros.ok_or_else(|| "what the returned function returns has no known value".to_owned())?;
        let parameters: Vec<String> = head
            .parameters
            .iter()
            .flat_map(|one| {
                let ty = format!("{}{}", if one.variadic { "..." } else { "" }, one.ty.text);
                std::iter::repeat_n(ty, one.names.len().max(1))
            })
            .collect();
        let results: Vec<&str> = types.map(String::as_str).collect();
        let results = match results.as_slice() {
            [] => String::new(),
            [one] => format!(" {one}"),
            several => format!(" ({})", several.join(", ")),
        };
        let body = if zeros.is_empty() { String::from("{}") } else { format!("{{ return {} }}", zeros.join(", ")) };
        Ok(format!("func({}){results} {body}", parameters.join(", ")))
    }

    /// The value of a type that means nothing yet, if it can be told.
    pub(super) fn zero(&self, ty: &str, imports: &[ImportSpec]) -> Option<String> {
        let survey = self.planner.survey;
        let imported = |name: &str| imports.iter().find(|import| import.name() == name).map(|one| one.path.clone());
        let Some(written) = survey.written_out(ty, &survey.import_path(self.folder), &imported) else {
            let (folder, name) = match ty.split_once('.') {
                Some((package, name)) => (survey.package_folder(&imported(package)?)?, name),
                None => (self.folder.to_owned(), ty),
            };
            return planned_zero(self.planner, &folder, name, ty);
        };
        self.zero_of(ty, &written, 3)
    }

    fn zero_of(&self, ty: &str, written: &str, depth: usize) -> Option<String> {
        const STANDARD: &[(&str, &str)] =
            &[("time.Duration", "0"), ("time.Time", "time.Time{}"), ("os.FileMode", "0"), ("fs.FileMode", "0")];
        const INTERFACES: &[&str] = &[
            "context.Context",
            "fmt.Stringer",
            "fs.FileInfo",
            "hash.Hash",
            "http.Handler",
            "http.ResponseWriter",
            "io.Closer",
            "io.ReadCloser",
            "io.Reader",
            "io.Writer",
            "io.WriteCloser",
            "net.Addr",
            "net.Conn",
            "net.Listener",
            "os.FileInfo",
            "sync.Locker",
        ];
        if INTERFACES.contains(&written) || INTERFACES.iter().any(|known| written == format!("net/{known}")) {
            return Some("nil".to_owned());
        }
        if let Some((_, zero)) = STANDARD.iter().find(|(known, _)| *known == written) {
            return Some((*zero).to_owned());
        }
        if NIL.iter().any(|head| written.starts_with(head)) {
            return Some("nil".to_owned());
        }
        if BUILTIN.contains(&written) {
            return Some(Given::builtin(written).zero);
        }
        if written.starts_with('[') || written.starts_with("struct") {
            return Some(format!("{ty}{{}}"));
        }
        let Some((source, members)) = self.planner.survey.members_of(written) else {
            let (path, name) = written.rsplit_once('.')?;
            let survey = self.planner.survey;
            // A package of the API may be new.
            let folder = survey.package_folder(path).or_else(|| survey.folder_of(path));
            let folder = folder.unwrap_or_else(|| format!("staging/src/{path}"));
            return planned_zero(self.planner, &folder, name, ty);
        };
        match members {
            Members::Struct(_) => Some(format!("{ty}{{}}")),
            Members::Interface(_) => Some("nil".to_owned()),
            Members::Generic => None,
            Members::Other(text) => {
                let inner = self.planner.survey.written_out_in(&source, &text)?;
                self.zero_of(ty, &inner, depth.checked_sub(1)?)
            }
        }
    }
}

/// A text with a name written otherwise, wherever it stands as a whole.
fn replaced_name(text: &str, old: &str, new: &str) -> String {
    let mut result = String::with_capacity(text.len() + new.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let before = &rest[..at];
        let whole =
            (!before.ends_with(is_part) || before.ends_with("...")) && !rest[at + old.len()..].starts_with(is_part);
        result.push_str(before);
        result.push_str(if whole { new } else { old });
        rest = &rest[at + old.len()..];
    }
    result + rest
}

/// The value of a type that tasks add.
fn planned_zero(planner: &Planner<'_, '_>, folder: &str, name: &str, ty: &str) -> Option<String> {
    match planned(planner, folder).get(name)? {
        PlannedType::Struct => Some(format!("{ty}{{}}")),
        PlannedType::Interface => Some("nil".to_owned()),
        PlannedType::Other(text) if NIL.iter().any(|head| text.starts_with(head)) => Some("nil".to_owned()),
        PlannedType::Other(text) if BUILTIN.contains(&text.as_str()) => Some(Given::builtin(text).zero),
        PlannedType::Other(_) => None,
    }
}
