//! Where new structs stand.

use super::{Facts, NewField, StructFile, StructText};
use crate::go::{DeclKind, import_declaration};
use crate::pending::Refusal;
use crate::plan::Planner;
use crate::survey::GoSource;
use crate::tree::parent;

impl Facts {
    /// Puts every new struct behind the type that uses it; behind the last type of the file, where nothing does.
    pub(super) fn place_structs(&mut self, source: Option<&GoSource>) {
        let mut types = source.iter().flat_map(|source| &source.file.decls).filter(|decl| decl.kind == DeclKind::Type);
        let last = types.next_back().map(|decl| decl.name().to_owned()).unwrap_or_default();
        let anchors: Vec<String> = (0..self.structs.len())
            .map(|index| self.user_of(self.structs[index].1.name.clone()).unwrap_or_else(|| last.clone()))
            .collect();
        for ((anchor, _), found) in self.structs.iter_mut().zip(anchors) {
            *anchor = found;
        }
    }

    /// From a struct to the one that uses it, up to one that is there.
    fn user_of(&self, mut name: String) -> Option<String> {
        let uses =
            |ty: &str, name: &str| ty.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
        for _ in 0..=self.structs.len() {
            if let Some(NewField { parent, .. }) = self.fields.iter().find(|new| uses(&new.member.ty, &name)) {
                return Some(parent.clone());
            }
            let has = |line: &String| {
                line.split_once(' ').is_some_and(|(_, ty)| uses(ty.split('`').next().unwrap_or(ty), &name))
            };
            let (_, user) = self.structs.iter().find(|(_, text)| text.name != name && text.fields.iter().any(has))?;
            name.clone_from(&user.name);
        }
        None
    }

    /// What stands behind no type becomes a file, or the end of one.
    pub(super) fn set_apart(&mut self, planner: &Planner<'_, '_>) -> Result<(), Refusal> {
        let (apart, behind): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.structs).into_iter().partition(|(anchor, _)| anchor.is_empty());
        self.structs = behind;
        if apart.is_empty() {
            return Ok(());
        }
        let folder = parent(&self.file);
        let structs: Vec<StructText> = apart.into_iter().map(|(_, text)| text).collect();
        let declared = planner.declared(folder, structs.iter().map(|text| (None, text.name.as_str())))?;
        let imports = (!self.imports.is_empty()).then(|| import_declaration(&self.imports, planner.survey.module()));
        let (header, package) = (planner.survey.header().to_owned(), planner.survey.package_name(folder));
        self.apart = Some((StructFile { header, package, imports, structs }, declared));
        Ok(())
    }
}
