//! What a demand means in the file that it is about: the struct, the types, the tags.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::api_field::home_of;
use super::super::component::Types;
use super::super::planned_types::{PlannedTypes, is_planned};
use super::{Facts, NewField, StructText, asked_of};
use crate::demand::{FieldDemand, MemberDemand};
use crate::go::body::Members;
use crate::go::{DeclKind, ImportSpec, LINE, Member, TypeText, aligned_members, comment_lines};
use crate::name::{is_free_name, is_gate_name, is_predeclared, nearest};
use crate::plan::Planner;
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, Survey};
use crate::tree::{join, parent};

/// What reads demands with a file at hand.
pub(super) struct Reader<'a, 'p, 't> {
    pub(super) planner: &'a Planner<'p, 't>,
    /// The file, if it is there.
    pub(super) source: Option<&'a GoSource>,
    pub(super) file: &'a RepoPath,
    /// The structs that tasks declare in it.
    pub(super) new: &'a BTreeSet<String>,
    /// The types that its package gets.
    pub(super) known: &'a PlannedTypes,
}

impl<'t> Reader<'_, '_, 't> {
    fn survey(&self) -> &Survey<'t> {
        self.planner.survey
    }

    pub(super) fn read(
        &self,
        demand: &MemberDemand,
        comments: &[(usize, &str, Cow<'_, str>)],
        facts: &mut Facts,
    ) -> Result<(), String> {
        let fields = demand.fields.iter();
        match (&demand.new_struct, &demand.parent) {
            (Some(name), None) if demand.underlying.is_some() || demand.methods.is_some() => {
                self.declare_other(name, demand, facts)
            }
            (Some(name), parent) => {
                if parent.as_ref().is_some_and(|parent| parent != name) {
                    return Err(format!("it declares `{name}` and adds to another struct; one line does one of them"));
                }
                let members =
                    fields.map(|field| self.member(name, field, &mut facts.imports)).collect::<Result<Vec<_>, _>>()?;
                self.declare(name, &members, comments, facts)
            }
            (None, Some(name)) if self.new.contains(name) => {
                let members =
                    fields.map(|field| self.member(name, field, &mut facts.imports)).collect::<Result<Vec<_>, _>>()?;
                self.declare(name, &members, comments, facts)
            }
            (None, Some(name)) => {
                let known = self.known(name)?;
                let planned = asked_of(self.planner, name);
                let behind = place(name, (&known, &planned), demand)?;
                for field in fields {
                    let member = self.member(name, field, &mut facts.imports)?;
                    if let Some(there) = known.iter().find(|there| there.called() == member.called()) {
                        same(name, there, &member)?;
                    }
                    tag_is_free(name, &known, &member)?;
                    let same_field = |new: &&NewField| new.parent == *name && new.member.called() == member.called();
                    match facts.fields.iter().find(same_field) {
                        Some(other) => same(name, &other.member, &member)?,
                        None => facts.fields.push(NewField { parent: name.clone(), behind: behind.clone(), member }),
                    }
                }
                Ok(())
            }
            (None, None) => Err("it names no struct that gets the field".to_owned()),
        }
    }

    /// A new struct, or more fields of it.
    fn declare(
        &self,
        name: &str,
        members: &[Member],
        comments: &[(usize, &str, Cow<'_, str>)],
        facts: &mut Facts,
    ) -> Result<(), String> {
        if !is_gate_name(name) && !is_free_name(name) {
            return Err(format!("`{name}` cannot be the name of a type"));
        }
        let folder = parent(self.file);
        if let Some(other) = self.survey().declares(folder, name) {
            // A second run finds the struct as the first one left it, or as somebody changed it since.
            let known = self.known(name).map_err(|_| format!("{folder}/{other} declares `{name}` already"))?;
            for member in members {
                match known.iter().find(|there| there.called() == member.called()) {
                    Some(there) => same(name, there, member)?,
                    None => return Err(format!("{folder}/{other} declares `{name}` already, without such a field")),
                }
            }
            // It is the task's nevertheless: nothing is missing.
        }
        if facts.structs.iter().any(|(_, text)| text.name == name) {
            return Err(format!("`{name}` is declared by another line; list its fields there"));
        }
        let of = |field: &str| {
            let own = comments.iter().filter(|(_, known, _)| *known == field);
            own.flat_map(|(.., text)| comment_lines(text, LINE)).collect::<Vec<_>>()
        };
        // A comment ends the columns above it.
        let runs = members.chunk_by(|_, next| of(next.called()).is_empty());
        let fields = runs.flat_map(|run| {
            let above = of(run[0].called()).into_iter().map(|line| format!("// {line}"));
            above.chain(aligned_members(run)).collect::<Vec<_>>()
        });
        let (doc, fields) = (of(""), fields.collect());
        let text = StructText { doc, name: name.to_owned(), fields, underlying: None, methods: Vec::new() };
        facts.structs.push((String::new(), text));
        Ok(())
    }

    /// A new type that is no struct.
    fn declare_other(&self, name: &str, demand: &MemberDemand, facts: &mut Facts) -> Result<(), String> {
        if !is_gate_name(name) && !is_free_name(name) {
            return Err(format!("`{name}` cannot be the name of a type"));
        }
        let methods = demand.methods.as_deref().unwrap_or_default();
        let mut imports = Vec::new();
        if let Some(ty) = &demand.underlying {
            imports.extend(self.imports_of(&ty.names)?);
        }
        for head in methods {
            imports.extend(self.imports_of(&head.type_names().cloned().collect::<Vec<_>>())?);
        }
        let folder = parent(self.file);
        if let Some(other) = self.survey().declares(folder, name) {
            let source = self.survey().go(&join(folder, &other)).ok().flatten();
            let there = source.as_ref().and_then(|source| source.target().members(name).ok().flatten());
            let is_same = match there {
                Some(Members::Other(text)) => demand.underlying.as_ref().is_some_and(|ty| ty.text == text),
                Some(Members::Interface(known)) => {
                    methods.iter().all(|head| known.iter().any(|(name, _)| name.as_ref() == Some(&head.name)))
                        && demand.underlying.is_none()
                }
                _ => false,
            };
            if !is_same {
                return Err(format!("{folder}/{other} declares `{name}` already, as something else"));
            }
        }
        if facts.structs.iter().any(|(_, text)| text.name == name) {
            return Err(format!("`{name}` is declared by another line"));
        }
        facts.imports.extend(imports);
        let text = StructText {
            doc: Vec::new(),
            name: name.to_owned(),
            fields: Vec::new(),
            underlying: demand.underlying.as_ref().map(|ty| ty.text.clone()),
            methods: methods.iter().map(|head| format!("{}{}", head.name, head.signature())).collect(),
        };
        facts.structs.push((String::new(), text));
        Ok(())
    }

    /// The fields of a struct of the file.
    fn known(&self, name: &str) -> Result<Vec<Member>, String> {
        let members = self.source.and_then(|source| source.target().struct_members(name));
        if let Some(members) = members {
            return Ok(members.into_iter().map(|(member, _)| member).collect());
        }
        let folder = parent(self.file);
        if let Some(other) = self.survey().declares(folder, name) {
            let path = join(folder, &other);
            let is_func = !self.survey().funcs(folder, name).is_empty();
            let why = match () {
                () if is_func => "is a function, and what the line says of its parameters is not understood as a whole",
                () if *path == **self.file => "is not a struct",
                () => "is declared there, name that file",
            };
            return Err(format!("`{name}` in {path} {why}"));
        }
        Err(format!("{} declares no struct `{name}`{}", self.file, self.hint(name)))
    }

    /// The type of the file that may have been meant.
    fn hint(&self, name: &str) -> String {
        let decls = self.source.iter().flat_map(|source| &source.file.decls);
        let types = decls.filter(|decl| decl.kind == DeclKind::Type);
        let near = nearest(name, types.flat_map(|decl| decl.names.iter().map(|name| name.text.as_str())));
        near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
    }

    /// A field as Go, if everything in it is known.
    fn member(&self, parent_name: &str, field: &FieldDemand, imports: &mut Vec<ImportSpec>) -> Result<Member, String> {
        let ty = field.ty.as_ref().ok_or_else(|| format!("it does not give the type of `{}`", field.name))?;
        imports.extend(self.imports(ty)?);
        let keys = self.tag_keys(parent_name);
        let is_named = !field.name.is_empty();
        let missing = keys
            .iter()
            // A new struct has the tags that the task gives it.
            .filter(|_| is_named && !(self.new.contains(parent_name) && field.tag.is_some()))
            .find(|key| !field.tag.as_ref().is_some_and(|tag| tag.contains(&format!("{key}:\""))));
        if let Some(key) = missing {
            return Err(format!(
                "the fields of `{parent_name}` have {key} tags, and it gives none for `{}`",
                field.name
            ));
        }
        Ok(Member {
            name: is_named.then(|| field.name.clone()),
            ty: ty.text.clone(),
            tag: field.tag.as_ref().map(|tag| format!("`{tag}`")),
        })
    }

    /// The tags that every field of a struct has; of a new one, that of the file.
    fn tag_keys(&self, name: &str) -> Vec<&'static str> {
        let members = self.source.and_then(|source| source.target().struct_members(name)).unwrap_or_default();
        let has = |key: &str| {
            let named: Vec<_> = members.iter().filter(|(member, _)| member.name.is_some()).collect();
            let tagged = named.iter().filter(|(member, _)| member.tag_of(key).is_some()).count();
            !named.is_empty() && tagged * 2 > named.len()
        };
        if self.new.contains(name) {
            return self.is_schema().then_some("xml").into_iter().collect();
        }
        ["xml", "json"].into_iter().filter(|key| has(key)).collect()
    }

    /// Whether most structs of the file have xml tags.
    fn is_schema(&self) -> bool {
        let Some(source) = self.source.filter(|source| source.file.import("encoding/xml").is_some()) else {
            return false;
        };
        let target = source.target();
        let names = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Type).map(crate::go::Decl::name);
        let structs = names.filter_map(|name| target.struct_members(name)).filter(|members| !members.is_empty());
        let (tagged, plain): (Vec<_>, Vec<_>) =
            structs.partition(|members| members.iter().any(|(member, _)| member.tag_of("xml").is_some()));
        tagged.len() > plain.len()
    }

    /// What the names in a type need, if all of them are known here.
    fn imports(&self, ty: &TypeText) -> Result<Vec<ImportSpec>, String> {
        self.imports_of(&ty.names)
    }

    fn imports_of(&self, names: &[(Option<String>, String)]) -> Result<Vec<ImportSpec>, String> {
        let folder = parent(self.file);
        let mut found = Vec::new();
        for (package, name) in names {
            let Some(package) = package else {
                let own = || self.known.contains_key(name) || self.survey().declares(folder, name).is_some();
                if is_predeclared(name) || own() {
                    continue;
                }
                return Err(format!("the package in {folder} has no type `{name}`{}", self.hint(name)));
            };
            let imports = self.source.iter().flat_map(|source| &source.file.imports);
            let own = imports.into_iter().find(|import| import.name() == package).map(ImportSpec::from);
            let import = match own.or_else(|| self.survey().imported(folder, package)) {
                Some(import) => import,
                None => Types { planner: self.planner, folder, file: self.file }.import(package, name)?,
            };
            let is_there = || {
                let survey = self.survey();
                let other = survey.package_folder(&import.path).or_else(|| survey.folder_of(&import.path));
                exists(self.survey(), &import.path, name)
                    || other.is_some_and(|folder| is_planned(self.planner, &folder, name))
                    || home_of(self.planner, package, name).is_some()
            };
            if !is_there() {
                return Err(format!("the package {} has no type `{name}` that is known", import.path));
            }
            found.push(import);
        }
        Ok(found)
    }

    /// Whether deepcopy functions of the package are out of date.
    pub(super) fn outdates(&self, facts: &Facts) -> Option<String> {
        let folder = parent(self.file);
        let generated = self.survey().exists(&join(folder, "deepcopy_generated.go"));
        let deep = |ty: &str| ty.contains(['*', '[']) || ty.starts_with("map");
        let first = facts.fields.iter().find(|new| deep(&new.member.ty));
        let name = facts.structs.first().map(|(_, text)| text.name.clone());
        let what =
            first.map(|new| format!("{}.{}", new.parent, new.member.name.as_deref().unwrap_or_default())).or(name)?;
        generated.then(|| format!("{what} changes the deepcopy functions of {folder}"))
    }
}

/// What the standard library is known to have.
const STANDARD: &[(&str, &[&str])] = &[
    ("bytes", &["Buffer", "Reader"]),
    ("context", &["Context", "CancelFunc"]),
    ("crypto/tls", &["Certificate", "Config"]),
    ("encoding/json", &["RawMessage"]),
    ("encoding/xml", &["Name"]),
    ("fmt", &["Stringer"]),
    ("io", &["Reader", "Writer", "Closer", "ReadCloser", "ReadWriteCloser", "ReadWriter", "WriteCloser"]),
    ("net", &["IP", "IPNet", "Conn", "Listener", "Addr"]),
    ("net/http", &["Client", "Handler", "Header", "Request", "Response", "ResponseWriter", "Server"]),
    ("net/url", &["URL"]),
    ("os", &["File", "FileInfo", "FileMode", "Signal"]),
    ("os/exec", &["Cmd"]),
    ("regexp", &["Regexp"]),
    ("sync", &["Cond", "Locker", "Map", "Mutex", "Once", "Pool", "RWMutex", "WaitGroup"]),
    ("sync/atomic", &["Bool", "Int32", "Int64", "Uint32", "Uint64", "Value"]),
    ("time", &["Duration", "Time", "Ticker", "Timer", "Location"]),
];

/// The package of the standard library that has a type, by its name.
pub(in crate::kinds) fn standard(package: &str, name: &str) -> Option<&'static str> {
    let own = |path: &str| path.rsplit('/').next() == Some(package);
    let mut found = STANDARD.iter().filter(|(path, names)| own(path) && names.contains(&name));
    found.next().map(|(path, _)| *path)
}

/// Whether a package is known to have a type. Of the standard library, a few are.
pub(in crate::kinds) fn exists(survey: &Survey<'_>, path: &str, name: &str) -> bool {
    if let Some((_, names)) = STANDARD.iter().find(|(known, _)| *known == path) {
        return names.contains(&name);
    }
    let folders = [survey.folder_of(path), Some(join("staging/src", path)), Some(join("vendor", path))];
    folders.into_iter().flatten().any(|folder| survey.declares(&folder, name).is_some())
}

/// That a field which is there is the one that a task asks for.
fn same(parent: &str, there: &Member, wanted: &Member) -> Result<(), String> {
    let name = wanted.name.as_deref().unwrap_or_default();
    if there.ty != wanted.ty {
        return Err(format!("{parent}.{name} already exists, as `{}`", there.ty));
    }
    if there.tag != wanted.tag {
        return Err(format!(
            "{parent}.{name} already exists, with the tag {}",
            there.tag.as_deref().unwrap_or("of nothing")
        ));
    }
    Ok(())
}

/// The field behind which those of a demand stand; nothing if that is the last one, and no name before all fields.
fn place(
    name: &str,
    (known, planned): (&[Member], &[(String, String)]),
    demand: &MemberDemand,
) -> Result<Option<String>, String> {
    // A second run finds the fields of the first one.
    let is_own = |member: &&Member| demand.fields.iter().any(|field| field.name == member.called());
    let there: Vec<&str> = known.iter().filter(|member| !is_own(member)).map(Member::called).collect();
    let position = |field: &str| {
        let missing = || format!("it is to stand beside `{field}`, which `{name}` does not have");
        there.iter().position(|known| *known == field).ok_or_else(missing)
    };
    let at = match (&demand.behind, &demand.ahead) {
        (Some(_), Some(_)) => return Err("it is to stand in two places".to_owned()),
        (Some(behind), None) => position(behind)? + 1,
        (None, Some(ahead)) => position(ahead)?,
        (None, None) => match demand.rank {
            None => return Ok(None),
            // Ranks are counted without what tasks add, so that a second run counts as the first one did.
            Some(rank) => {
                let is_planned = |field: &&&str| planned.iter().any(|(known, _)| known == **field);
                let there: Vec<&str> = there.iter().filter(|field| !is_planned(field)).copied().collect();
                let at = if rank > 0 { rank - 1 } else { rank + 1 + i32::try_from(there.len()).unwrap_or(0) };
                let at = usize::try_from(at).ok().filter(|at| *at <= there.len());
                let at =
                    at.ok_or_else(|| format!("`{name}` does not have so many fields that one could stand there"))?;
                let behind = at.checked_sub(1).map_or("", |behind| there[behind]);
                return Ok(Some(behind.to_owned()).filter(|_| at < there.len()));
            }
        },
    };
    let behind = at.checked_sub(1).map_or("", |behind| there[behind]);
    Ok(Some(behind.to_owned()).filter(|_| at < there.len()))
}

/// That no other field has the name of a field's element or attribute.
fn tag_is_free(parent: &str, known: &[Member], wanted: &Member) -> Result<(), String> {
    for key in ["xml", "json"] {
        let plain = |tag: &str| tag.replace(",omitempty", "");
        let Some(tag) = wanted.tag_of(key).map(plain).filter(|tag| !tag.starts_with([',', '-'])) else { continue };
        let taken =
            known.iter().find(|other| other.name != wanted.name && other.tag_of(key).map(plain).as_ref() == Some(&tag));
        if let Some(other) = taken {
            let other = other.name.as_deref().unwrap_or(&other.ty);
            return Err(format!("{parent}.{other} has the {key} name `{tag}` already"));
        }
    }
    Ok(())
}
