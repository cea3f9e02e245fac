//! What the caller has names for, and which of them a parameter gets.

use super::line::{Wanted, Wirer};
use super::names::{Candidate, Names};
use super::place::Failed;
use crate::go::body::{BodyBlock, Expr};
use crate::go::{DeclKind, FunctionHead};
use crate::survey::BUILTIN;
use crate::tree::parent;

impl Wirer<'_, '_> {
    /// What can be an argument in a block, before a place.
    pub(super) fn scope(&self, head: &FunctionHead, block: &BodyBlock, before: usize) -> Vec<Candidate> {
        self.names().scope(head, block, before)
    }

    fn names(&self) -> Names<'_, '_> {
        Names { survey: self.survey, source: self.source() }
    }

    /// The arguments that the line states, if all that they name is there.
    pub(super) fn stated(
        &self,
        stated: &[String],
        wanted: &[Wanted],
        scope: &[Candidate],
    ) -> Result<Vec<String>, Failed> {
        if stated.len() != wanted.len() {
            let why = format!("the task gives it {}, and it takes {}", counted(stated.len()), counted(wanted.len()));
            return Err(Failed::new(why));
        }
        let known: Vec<_> =
            scope.iter().map(|one| (one.expression.clone(), one.ty.clone(), one.made_from.clone())).collect();
        for (code, (name, ty)) in stated.iter().zip(wanted) {
            let read = Expr::parse(code).ok_or_else(|| Failed::new(format!("`{code}` is no value in Go")))?;
            let (value, names) = read;
            let func = self.func.func_name();
            if let Some(lost) = names.iter().find(|name| !self.is_known(name, scope)) {
                return Err(Failed::new(format!("{lost} is nothing that {func} has there")));
            }
            // What differs by a pointer alone is never taken; the rest may be an interface.
            let given = self.names().types(&value, &known).and_then(|types| types.into_iter().next());
            let bare = |ty: &str| ty.trim_start_matches('*').to_owned();
            if let (Some(given), Some(ty)) = (given, ty)
                && given != *ty
                && bare(&given) == bare(ty)
            {
                return Err(Failed::new(format!("`{code}` is {}, and {name} is {}", short(&given), short(ty))));
            }
        }
        Ok(stated.to_vec())
    }

    /// Whether a name stands for something in the caller: a variable, an import, what its package declares.
    fn is_known(&self, name: &str, scope: &[Candidate]) -> bool {
        const UNIVERSE: &[&str] = &["nil", "true", "false", "iota", "len", "cap", "append", "make", "new", "string"];
        let file = &self.source().file;
        let folder = parent(self.source().path());
        UNIVERSE.contains(&name)
            || scope.iter().any(|one| one.expression == name)
            || self.survey.import_named(file, name).is_some()
            || !self.survey.funcs(folder, name).is_empty()
            || [DeclKind::Var, DeclKind::Const, DeclKind::Type]
                .iter()
                .any(|kind| self.survey.declared_names(folder, *kind).iter().any(|known| known == name))
    }

    /// For each parameter the one name of its type. Of several, the one that a call beside it is given.
    pub(super) fn arguments(
        &self,
        wanted: &[Wanted],
        scope: &[Candidate],
        beside: &[String],
    ) -> Result<Vec<String>, Failed> {
        let mut found: Vec<Option<String>> = Vec::new();
        let mut why = None;
        for (name, ty) in wanted {
            let argument = self.argument(name, ty.as_deref(), scope, beside);
            match argument {
                Ok(expression) if found.iter().flatten().any(|known| *known == expression) => {
                    why.get_or_insert(format!("{expression} would serve for two parameters"));
                    found.push(None);
                }
                Ok(expression) => found.push(Some(expression)),
                Err(reason) => {
                    why.get_or_insert(reason);
                    found.push(None);
                }
            }
        }
        match why {
            None => Ok(found.into_iter().flatten().collect()),
            Some(why) => Err(Failed { why, found, at: None, line: String::new() }),
        }
    }

    fn argument(&self, name: &str, ty: Option<&str>, scope: &[Candidate], beside: &[String]) -> Result<String, String> {
        let func = self.func.func_name();
        let Some(ty) = ty else { return Err(format!("the type of {name} is not known in {func}")) };
        let of_type: Vec<&Candidate> = scope.iter().filter(|one| one.ty.as_deref() == Some(ty)).collect();
        // A type that everything can have says nothing without the name.
        let is_common =
            BUILTIN.contains(&ty.trim_start_matches(['*', '[', ']'])) || ty.starts_with("map[string]string");
        let shown = short(ty);
        let named = |one: &&&Candidate| one.expression.rsplit('.').next() == Some(name);
        // Of several, the variable that is called as the parameter is.
        let own = of_type.iter().filter(|one| one.expression == name).count() == 1 && of_type.len() > 1;
        let given: Vec<&&Candidate> = of_type.iter().filter(|one| beside.contains(&one.expression)).collect();
        let chosen: Vec<&&Candidate> = match (is_common, own) {
            (false, _) if given.len() == 1 => given,
            (true, _) => of_type.iter().filter(named).collect(),
            (false, true) => of_type.iter().filter(|one| one.expression == name).collect(),
            (false, false) => of_type.iter().collect(),
        };
        match chosen.as_slice() {
            [one] if beside.contains(&one.expression) => Ok(one.expression.clone()),
            [one] => {
                // Something of an unknown type that was made from it may be what is meant.
                let rival = scope.iter().find(|other| {
                    let from = other.made_from.as_ref().is_some_and(|value| value.mentions(&one.expression));
                    let unknown = other.ty.is_none() && one.expression != name && (from || other.expression == name);
                    // A copy is made to be changed: which of the two is meant, the name does not say.
                    let copy = other.made_from.as_ref().is_some_and(|value| value.is_copy_of(&one.expression));
                    unknown || copy && other.ty == one.ty
                });
                match rival {
                    Some(rival) => Err(format!("{} or {}: which is {name}?", one.expression, rival.expression)),
                    None => Ok(one.expression.clone()),
                }
            }
            [] => Err(format!("nothing in {func} is {name} {shown}")),
            several => {
                let names: Vec<&str> = several.iter().map(|one| one.expression.as_str()).collect();
                Err(format!("{}: which is {name}?", names.join(" or ")))
            }
        }
    }
}

/// So many arguments, in words.
fn counted(count: usize) -> String {
    if count == 1 { "1 argument".to_owned() } else { format!("{count} arguments") }
}

/// A type without the paths of its packages.
fn short(ty: &str) -> String {
    let mut out = String::new();
    for part in ty.split_inclusive(['*', '[', ']', '(', ')', ',', ' ']) {
        out.push_str(part.rsplit('/').next().unwrap_or(part));
    }
    out
}
