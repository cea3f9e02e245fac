//! What a function has names for, and what the types of its values are.

use crate::go::FunctionHead;
use crate::go::body::{BodyBlock, Expr, Members, Origin, Variable};
use crate::survey::{BUILTIN, GoSource, Survey};
use crate::tree::parent;

/// A name of the caller that can be an argument.
pub(in crate::kinds) struct Candidate {
    pub(in crate::kinds) expression: String,
    /// Its type, written out, if it can be told.
    pub(in crate::kinds) ty: Option<String>,
    /// What it was made from.
    pub(in crate::kinds) made_from: Option<Expr>,
}

/// What the names in a file mean.
pub(in crate::kinds) struct Names<'a, 't> {
    pub(in crate::kinds) survey: &'a Survey<'t>,
    pub(in crate::kinds) source: &'a GoSource,
}

impl Names<'_, '_> {
    /// What can be an argument in a block, before a place.
    pub(in crate::kinds) fn scope(&self, head: &FunctionHead, block: &BodyBlock, before: usize) -> Vec<Candidate> {
        let mut known: Vec<(String, Option<String>, Option<Expr>)> = Vec::new();
        let source = self.source;
        for one in head.parameters.iter().chain(&head.results) {
            let dots = if one.variadic { "[]" } else { "" };
            let ty = self.survey.written_out_in(source, &format!("{dots}{}", one.ty.text));
            known.extend(one.names.iter().filter(|name| *name != "_").map(|name| (name.clone(), ty.clone(), None)));
        }
        let receiver = head.receiver.as_ref().and_then(|one| Some((one.names.first()?.clone(), one.ty.text.clone())));
        if let Some((name, ty)) = receiver.filter(|(name, _)| name != "_") {
            let ty = self.survey.written_out_in(source, &ty);
            known.push((name, ty, None));
        }
        for one in block.variables.iter().filter(|one| one.at < before) {
            let ty = self.variable(one, &known);
            let made_from = match &one.origin {
                Origin::Type(_) => None,
                Origin::Value(value, _) | Origin::Range(value, _) => Some(value.clone()),
            };
            // `:=` with a name of the signature in its own block assigns to it.
            match known.iter_mut().find(|(name, ..)| *name == one.name) {
                Some(there) if there.1.is_some() && (ty.is_none() || there.1 == ty) => {}
                Some(there) => *there = (one.name.clone(), ty, made_from),
                None => known.push((one.name.clone(), ty, made_from)),
            }
        }
        let mut scope: Vec<Candidate> = Vec::new();
        if let Some(name) = head.receiver.as_ref().and_then(|one| one.names.first()) {
            let ty = known.iter().find(|(known, ..)| known == name).and_then(|(_, ty, _)| ty.clone());
            let members = ty.and_then(|ty| self.survey.members_of(&ty));
            if let Some((file, Members::Struct(fields))) = members {
                for (field, ty) in fields.iter().filter_map(|(field, ty)| Some((field.as_ref()?, ty))) {
                    let ty = self.survey.written_out_in(&file, ty);
                    scope.push(Candidate { expression: format!("{name}.{field}"), ty, made_from: None });
                }
            }
        }
        let plain = known.into_iter();
        scope.extend(plain.map(|(name, ty, made_from)| Candidate { expression: name, ty, made_from }));
        scope
    }

    /// The type of a variable, as far as it can be told.
    fn variable(&self, one: &Variable, known: &[(String, Option<String>, Option<Expr>)]) -> Option<String> {
        match &one.origin {
            Origin::Type(ty) => self.survey.written_out_in(self.source, ty),
            // "value, ok := m[key]", "value, ok := x.(T)".
            Origin::Value(Expr::Index(_) | Expr::Of(_), 1) => Some("bool".to_owned()),
            Origin::Value(value, at) => self.types(value, known)?.into_iter().nth(*at),
            Origin::Range(over, at) => {
                let ty = self.types(over, known)?.into_iter().next()?;
                match (element(&ty)?, at) {
                    ((key, _), 0) => Some(key),
                    ((_, value), 1) => Some(value),
                    _ => None,
                }
            }
        }
    }

    /// What an expression gives.
    pub(in crate::kinds) fn types(
        &self,
        value: &Expr,
        known: &[(String, Option<String>, Option<Expr>)],
    ) -> Option<Vec<String>> {
        let one = |value: &Expr| self.types(value, known)?.into_iter().next();
        let is_local = |name: &str| known.iter().any(|(known, ..)| known == name);
        Some(vec![match value {
            Expr::Name(name) => known.iter().find(|(known, ..)| known == name)?.1.clone()?,
            Expr::Of(ty) => self.survey.written_out_in(self.source, ty)?,
            Expr::Address(inner) => format!("*{}", one(inner)?),
            Expr::Pointee(inner) => one(inner)?.strip_prefix('*')?.to_owned(),
            Expr::Index(inner) => element(&one(inner)?)?.1,
            Expr::Field(inner, field) => match &**inner {
                Expr::Name(package) if !is_local(package) => {
                    let path = self.survey.import_named(&self.source.file, package)?;
                    self.survey.variable_type(&path, field)?
                }
                inner => self.survey.field_type(&one(inner)?, field)?,
            },
            Expr::Call(function, _) => {
                return match &**function {
                    Expr::Name(name) if BUILTIN.contains(&name.as_str()) => Some(vec![name.clone()]),
                    Expr::Name(name) if name == "len" || name == "cap" => Some(vec!["int".to_owned()]),
                    Expr::Name(name) if !is_local(name) => {
                        self.survey.func_results(&self.survey.import_path(parent(self.source.path())), name)
                    }
                    Expr::Field(package, name) => match &**package {
                        Expr::Name(package) if !is_local(package) => {
                            let path = self.survey.import_named(&self.source.file, package)?;
                            self.survey.func_results(&path, name)
                        }
                        // A copy is what it is a copy of, wherever that is declared.
                        holder if name == "DeepCopy" => Some(vec![one(holder)?]),
                        holder => self.survey.method_results(&one(holder)?, name),
                    },
                    _ => None,
                };
            }
            Expr::Other(_) => return None,
        }])
    }
}

/// The key and the value of what can be indexed, both written out.
fn element(ty: &str) -> Option<(String, String)> {
    if let Some(rest) = ty.strip_prefix("map[") {
        let (key, value) = rest.split_once(']')?;
        return Some((key.to_owned(), value.to_owned()));
    }
    let value = ty.strip_prefix("[]").or_else(|| ty.strip_prefix("..."))?;
    Some(("int".to_owned(), value.to_owned()))
}
