//! What a call is given: everything that the caller can reach, told apart by type, name and origin.

use super::{
    CallText, Caller, DEPTH, FuncName, FunctionScope, InScope, Meaning, PATH, Spot, Statement, beside, demand, join,
    lower_first, parent,
};

impl Caller<'_> {
    /// What the function is given: all as the task states it, or what is found where that has what the task states.
    pub(super) fn given(
        &self,
        meaning: &Meaning<'_, '_>,
        spot: &Spot<'_>,
        scope: &FunctionScope,
        stated: Option<&demand::Call>,
    ) -> Result<(usize, Vec<Argument>), String> {
        let found = || self.arguments(meaning, &spot.known, scope, spot.anchor);
        let Some(said) = stated.and_then(|call| call.arguments.as_ref()) else { return found() };
        let is_known = |name: &str| {
            let folder = parent(self.source.path());
            matches!(name, "nil" | "true" | "false")
                || spot.known.iter().any(|variable| variable.expr == name)
                || self.source.file.decls.iter().any(|decl| decl.name() == name)
                || self.source.file.imports.iter().any(|import| import.name() == name)
                || meaning.survey.declares(folder, name).is_some()
        };
        let parameters = &self.callee.parameters;
        if said.len() == parameters.len() && said.iter().all(|text| roots(text).all(is_known)) {
            let argument = |expr: &String| Argument { expr: expr.clone(), is_object: false, origin: None };
            return Ok((0, said.iter().map(argument).collect()));
        }
        // As in the head of the function.
        let is_head = said.iter().eq(parameters.iter().map(|(name, _)| name));
        let (cost, arguments) = found()?;
        match said.iter().find(|text| !is_head && !arguments.iter().any(|one| one.expr == **text)) {
            Some(other) => Err(other.clone()),
            None => Ok((cost, arguments)),
        }
    }

    /// What the function is given, and how far it had to be looked for; or the name of what is not there.
    fn arguments(
        &self,
        meaning: &Meaning<'_, '_>,
        known: &[InScope],
        scope: &FunctionScope,
        anchor: &Statement,
    ) -> Result<(usize, Vec<Argument>), String> {
        let neighbours = self.neighbours(meaning, scope, anchor);
        let mut found: Vec<Argument> = Vec::new();
        let mut cost = 0;
        for (name, ty) in self.callee.parameters.iter().filter(|(_, ty)| ty != PATH) {
            let (depth, argument) = Self::argument(meaning, known, name, ty, &neighbours)
                .ok_or_else(|| if name.is_empty() { ty.replace('"', "") } else { name.clone() })?;
            // One value for two parameters says that one of them is not found.
            if found.iter().any(|known| known.expr == argument.expr) {
                return Err(name.clone());
            }
            cost += depth;
            found.push(argument);
        }
        let mut plain = found.into_iter();
        let subject = plain.clone().find(|argument| argument.is_object);
        // Parts of one object that lie apart have no path in common.
        let (paths, first) = (self.callee.parameters.iter().any(|(_, ty)| ty == PATH), subject.as_ref());
        let steps = |argument: &Argument| argument.origin.clone().filter(|(_, steps)| !steps.is_empty());
        let apart = plain.clone().filter_map(|argument| steps(&argument)).any(|(root, steps_there)| {
            let own = first.and_then(steps);
            own.is_some_and(|(own, steps_here)| own == root && steps_here.first() != steps_there.first())
        });
        if paths && apart {
            return Err("field".to_owned());
        }
        // The calls beside it that are about the same say which path belongs to it.
        let told = subject.as_ref().and_then(|subject| {
            let same = neighbours.iter().filter(|known| known.expr == subject.expr).map(|known| known.call);
            let calls: Vec<usize> = same.collect();
            let mut paths = neighbours.iter().filter(|known| known.ty == PATH && calls.contains(&known.call));
            let first = paths.next()?;
            paths.all(|path| path.expr == first.expr).then(|| first.expr.clone())
        });
        let known = &self.with_own_paths(meaning, known);
        let is_object = |ty: &str| {
            let fields = meaning.fields_of(ty.trim_start_matches('*'));
            fields.iter().any(|field| field.name == "TypeMeta")
        };
        let mut arguments = Vec::new();
        for (name, ty) in &self.callee.parameters {
            if ty == PATH {
                let path = told.clone().map(|expr| Argument { expr, is_object: false, origin: None });
                let path = path.or_else(|| path_to(known, subject.as_ref(), &is_object));
                arguments.push(path.ok_or_else(|| name.clone())?);
            } else {
                arguments.extend(plain.next());
            }
        }
        Ok((cost, arguments))
    }

    /// With the paths that the receiver has, where there are no others.
    pub(super) fn with_own_paths(&self, meaning: &Meaning<'_, '_>, known: &[InScope]) -> Vec<InScope> {
        let mut known = known.to_vec();
        let own = self.receiver.as_ref().and_then(|receiver| {
            let name = format!("\"{}\".{receiver}", meaning.survey.import_path(parent(self.source.path())));
            known.iter().find(|variable| variable.ty.trim_start_matches('*') == name).cloned()
        });
        if let Some(own) = own.filter(|_| known.iter().all(|variable| variable.ty != PATH)) {
            let fields = meaning.fields_of(own.ty.trim_start_matches('*')).into_iter();
            known.extend(fields.filter(|field| field.ty == PATH).map(|field| InScope {
                expr: format!("{}.{}", own.expr, field.name),
                ty: field.ty,
                origin: (own.expr.clone(), Vec::new()),
                path: None,
            }));
        }
        known
    }

    /// What the calls beside the place are given: for the name and type of a parameter, the expression.
    pub(super) fn neighbours(
        &self,
        meaning: &Meaning<'_, '_>,
        scope: &FunctionScope,
        anchor: &Statement,
    ) -> Vec<Neighbour> {
        let mut found = Vec::new();
        let calls = beside(&scope.body, anchor);
        for (at, call) in calls.into_iter().enumerate() {
            let (CallText { callee, arguments }, folder) = (call, parent(self.source.path()));
            let Some(file) = meaning.survey.declares(folder, callee) else { continue };
            let Some(source) = meaning.survey.go(&join(folder, &file)).ok().flatten() else { continue };
            let Ok(head) = source.target().scope(FuncName { receiver: None, name: callee }) else { continue };
            for (parameter, argument) in head.parameters.iter().zip(arguments) {
                let Some(ty) = meaning.survey.qualified(folder, &source.file, &parameter.ty) else { continue };
                found.push(Neighbour { name: parameter.name.clone(), ty, expr: argument.clone(), call: at });
            }
        }
        found
    }

    pub(super) fn argument(
        meaning: &Meaning<'_, '_>,
        known: &[InScope],
        name: &str,
        ty: &str,
        neighbours: &[Neighbour],
    ) -> Option<(usize, Argument)> {
        // A name that says more than the type is asked for by name.
        let plain = !ty.contains('"');
        let mut level: Vec<Reached> = known.iter().map(Reached::start).collect();
        for depth in 0..=DEPTH {
            let fits = |reached: &&Reached| reached.as_argument(meaning, ty).is_some();
            let fitting: Vec<&Reached> = level.iter().filter(fits).collect();
            let named: Vec<&Reached> = fitting.iter().copied().filter(|reached| alike(reached.last(), name)).collect();
            let chosen = match (named.as_slice(), fitting.as_slice()) {
                ([one], _) => Some(*one),
                (_, [one]) if !plain => Some(*one),
                (_, []) => None,
                (_, many) if !plain => the_new_one(many, name),
                _ => None,
            };
            if let Some(reached) = chosen {
                return Some((depth, reached.as_argument(meaning, ty)?));
            }
            if depth == 0 {
                let told = |named: bool| {
                    let same = neighbours.iter().filter(|known| known.ty == ty && (!named || alike(&known.name, name)));
                    let mut exprs: Vec<&str> = same.map(|known| known.expr.as_str()).collect();
                    exprs.dedup();
                    match exprs.as_slice() {
                        [one] => Some(Argument { expr: (*one).to_owned(), is_object: false, origin: None }),
                        _ => None,
                    }
                };
                if let Some(argument) = told(true).or_else(|| told(false).filter(|_| !plain)) {
                    return Some((0, argument));
                }
            }
            if !fitting.is_empty() && !plain {
                // More than one, and nothing says which.
                return None;
            }
            level = level.iter().flat_map(|reached| reached.fields(meaning)).collect();
        }
        None
    }
}

/// The names that an expression begins with, and those in its brackets: neither fields nor texts.
fn roots(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split('"').step_by(2);
    let words = code.flat_map(|code| code.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))));
    let names = words.filter_map(|word| word.split('.').next());
    names.filter(|name| !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()))
}

/// What a call beside the place is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Neighbour {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) expr: String,
    /// Which of the calls.
    pub(super) call: usize,
}

/// Something that the call is given.
#[derive(Clone, Debug)]
pub(super) struct Argument {
    pub(super) expr: String,
    /// It is a part of an object of the API.
    pub(super) is_object: bool,
    pub(super) origin: Option<(String, Vec<String>)>,
}

/// A path that is made anew: the package is still to be named.
pub(super) const NEW_PATH: &str = "\u{1}";

/// The path to the field that something is: the variable that has it, or one that is made.
pub(super) fn path_to(
    known: &[InScope],
    subject: Option<&Argument>,
    is_object: &dyn Fn(&str) -> bool,
) -> Option<Argument> {
    let argument = |expr: String| Argument { expr, is_object: false, origin: None };
    let mut paths = known.iter().filter(|variable| variable.ty == PATH);
    let (one, more) = (paths.next(), paths.next());
    let Some((root, steps)) = subject.and_then(|subject| subject.origin.as_ref()) else {
        return one.filter(|_| more.is_none()).map(|variable| argument(variable.expr.clone()));
    };
    let quoted = |steps: &[String]| {
        let steps: Vec<String> = steps.iter().map(|step| crate::go::string(step)).collect();
        steps.join(", ")
    };
    let child = |variable: &InScope, rest: &[String]| {
        let rest = if rest.is_empty() { String::new() } else { format!(".Child({})", quoted(rest)) };
        argument(format!("{}{rest}", variable.expr))
    };
    let is_whole =
        known.iter().any(|variable| variable.expr == *root && variable.origin.1.is_empty() && is_object(&variable.ty));
    // The longest path that is spelled out and leads there.
    let spelled = known.iter().filter(|variable| variable.ty == PATH);
    let spelled = spelled.filter_map(|variable| Some((variable, variable.path.as_ref()?)));
    let leads = spelled.filter(|(_, path)| steps.starts_with(path)).max_by_key(|(_, path)| path.len());
    if let Some((variable, path)) = leads {
        return Some(child(variable, &steps[path.len()..]));
    }
    let given = one.filter(|variable| more.is_none() && variable.path.is_none());
    if is_whole {
        return match (given, steps.split_first()) {
            (Some(variable), Some((first, rest))) if first == "spec" => Some(child(variable, rest)),
            (None, Some(_)) => Some(argument(format!("{NEW_PATH}({})", quoted(steps)))),
            _ => None,
        };
    }
    // A parameter that is a spec, with the path to it beside it.
    given.map(|variable| child(variable, steps))
}

/// Something that code can reach, and how.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    pub(super) expr: String,
    pub(super) ty: String,
    pub(super) origin: (String, Vec<String>),
    /// It may point nowhere.
    pub(super) may_be_nil: bool,
}

impl Reached {
    pub(super) fn start(variable: &InScope) -> Self {
        Self {
            expr: variable.expr.clone(),
            ty: variable.ty.clone(),
            origin: variable.origin.clone(),
            may_be_nil: false,
        }
    }

    pub(super) fn last(&self) -> &str {
        self.expr.rsplit('.').next().unwrap_or(&self.expr)
    }

    /// It as an argument of a type, if it can be one.
    pub(super) fn as_argument(&self, meaning: &Meaning<'_, '_>, ty: &str) -> Option<Argument> {
        let whole = self.ty == ty || self.is_given_for(meaning, ty);
        let expr = if whole {
            self.expr.clone()
        } else if ty.strip_prefix('*') == Some(self.ty.as_str()) {
            format!("&{}", self.expr)
        } else {
            return None;
        };
        let is_object = ty.contains("\"kubevirt.io/api/") || ty.contains("\"k8s.io/api/core");
        Some(Argument { expr, is_object, origin: Some(self.origin.clone()) })
    }

    /// Whether an interface that stands for the cluster's configuration takes it.
    pub(super) fn is_given_for(&self, meaning: &Meaning<'_, '_>, ty: &str) -> bool {
        ty.ends_with("Checker") && self.ty.ends_with("\".ClusterConfig") && meaning.survey.is_interface_of(ty, &self.ty)
    }

    pub(super) fn fields(&self, meaning: &Meaning<'_, '_>) -> Vec<Self> {
        let plain = self.ty.strip_prefix('*').unwrap_or(&self.ty);
        if self.may_be_nil || !plain.starts_with('"') {
            return Vec::new();
        }
        let own = format!("\"{}\"", meaning.survey.import_path(parent(meaning.source.path())));
        let ours = plain.starts_with(&own);
        // What is below a configuration or a client is nobody's argument.
        let walks = ours || plain.contains("kubevirt.io/api/") || plain.starts_with("\"k8s.io/api/admission/");
        if !walks {
            return Vec::new();
        }
        let fields = meaning.fields_of(plain).into_iter();
        let seen = fields.filter(|field| ours || field.name.starts_with(char::is_uppercase));
        let wanted = seen.filter(|field| !matches!(field.name.as_str(), "TypeMeta" | "Status"));
        wanted
            .map(|field| {
                let mut origin = self.origin.clone();
                origin.1.extend(field.json.filter(|json| !json.is_empty()));
                Self {
                    expr: format!("{}.{}", self.expr, field.name),
                    may_be_nil: field.ty.starts_with('*') && !ours && field.ty.contains("kubevirt.io/api/"),
                    ty: field.ty,
                    origin,
                }
            })
            .collect()
    }
}

/// Whether a variable is called what a parameter is called.
pub(super) fn alike(known: &str, name: &str) -> bool {
    !name.is_empty() && lower_first(known).eq_ignore_ascii_case(&lower_first(name))
}

/// Of the old object and the new one, that which a parameter means.
pub(super) fn the_new_one<'r>(many: &[&'r Reached], name: &str) -> Option<&'r Reached> {
    let begins = |text: &str, words: &[&str]| words.iter().any(|word| text.to_lowercase().starts_with(word));
    let old: &[&str] = &["old", "cur", "prev"];
    let wants_old = begins(name, old);
    let mut fitting = many.iter().copied().filter(|reached| begins(&reached.expr, old) == wants_old);
    fitting.next().filter(|_| fitting.next().is_none())
}
