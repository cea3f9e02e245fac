//! The facts of a validation function, its call, and its test.

use super::site::is_gates;
use super::{
    ApiField, CAUSES, Callee, DeclKind, EntryPoint, Facts, Fault, Field, FuncName, GoFunction, Growth, ImportSpec,
    Kind, Names, Planner, Refusal, RepoPath, Request, Resolved, ResolvedPath, Site, SpecGroup, Suite, TypedField,
    Validator, api_field, called, leave, listed_specs, own_texts, parent, refuses_a_value, stem, texts, usual_types,
};
use crate::name::Name;
use crate::plan::WhileOff;

/// A validation function, its call, and its test.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The file of the function.
    pub(super) file: RepoPath,
    /// The file of its test.
    pub(super) test_file: RepoPath,
    /// The function.
    pub(super) function: String,
    /// Where it is called from.
    pub(super) entry: EntryPoint,
    /// The field that it guards, if this plan or the checkout has one.
    pub(super) field: Option<Field>,
    /// The task's ID.
    pub(super) task: String,
    /// What the task says is to be validated.
    pub(super) purpose: Vec<String>,
    /// What the task says of it while the gate is off.
    pub(super) while_off: Option<WhileOff>,
    /// Specs that the task names beyond the test of the gate.
    pub(super) groups: Vec<SpecGroup>,
    /// Whether other tasks state specs for the file of its test, and some of the gate.
    pub(super) listed: (bool, bool),
    /// It is the first one of its file.
    pub(super) is_first: bool,
    /// What it is given, where a task states that.
    pub(super) stated: Option<StatedHead>,
    /// Where it is called, where that is another place than usual.
    pub(super) called: Called,
}

/// What a function is given, as a task states it.
#[derive(Debug)]
pub(super) struct StatedHead {
    pub(super) names: Names,
    pub(super) parameters: String,
    pub(super) imports: Vec<ImportSpec>,
}

/// Where a function is called.
#[derive(Debug)]
pub(super) enum Called {
    /// Where the functions of its folder are.
    Usually,
    /// In another function.
    At(Site),
    /// Nowhere yet.
    Nowhere,
}

/// The text of the spec of what rejects something while the gate is off.
pub(super) const REJECTS: &str = "should reject it while the feature gate is disabled";

impl Wanted {
    /// What it calls what it is given.
    pub(super) fn names(&self) -> Names {
        let usual = || Names { field: "field".into(), spec: "spec".into(), config: "config".into() };
        self.stated.as_ref().map_or_else(usual, |stated| stated.names.clone())
    }

    /// Whether what is validated can be set in a spec.
    pub(super) fn sets_field(&self) -> bool {
        let Some(field) = &self.field else { return false };
        self.entry.validator == Validator::KubeVirt || field.below_vmi_spec().is_some()
    }

    /// Whether it rejects something while the gate is off.
    pub(super) fn rejects(&self) -> bool {
        self.while_off == Some(WhileOff::Rejects)
    }

    /// Whether it asks the gate: a line says so, or it has a field that belongs to the gate.
    fn asks(&self) -> bool {
        self.while_off.is_some() || self.sets_field()
    }

    /// Whether nobody knows what it is to turn down: without a field, what it is given in a spec is empty.
    pub(super) fn is_open(&self, has_gate: bool) -> bool {
        !has_gate || !self.sets_field() && self.rejects()
    }

    /// The texts of its own specs, which the task need not name.
    pub(super) fn specs(&self, has_gate: bool) -> Vec<String> {
        let text = match (has_gate, self.sets_field()) {
            (true, true) => Some("should accept the field only while the feature gate is enabled"),
            (true, false) if self.rejects() => Some(REJECTS),
            (true, false) => Some("should validate only while the feature gate is enabled"),
            (false, _) => None,
        };
        let (has_specs, has_gates) = self.listed;
        let of = (&*self.function, self.is_first);
        if self.is_open(has_gate) {
            own_texts(&self.purpose, text, of, has_specs || !self.groups.is_empty())
        } else {
            // The test of the gate stands beside all others, but for one that the list has and that can do as much.
            own_texts(&[], text, of, has_gates && !self.sets_field())
        }
    }

    /// The function that calls it.
    pub(super) fn caller(&self) -> FuncName<'_> {
        FuncName { receiver: self.entry.receiver.as_deref(), name: &self.entry.function }
    }
}

/// The facts of the validation function that tasks ask for.
pub(super) fn facts(
    planner: &mut Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    entry: EntryPoint,
    resolved: Option<Resolved>,
) -> Result<Option<Facts>, Refusal> {
    let survey = planner.survey;
    let folder = parent(&place.path);
    let is_elsewhere = request.call.as_ref().is_some_and(|call| !is_usual_call(planner, call, &entry))
        || request.call.is_none() && is_among_others(planner, place, &entry);
    let entry_fault = request.named.as_ref().filter(|_| !is_elsewhere).and_then(|function| fault(function, &entry));
    if let Some((line, fault)) = entry_fault {
        leave(planner, &request.tasks, line, &fault);
        return Ok(None);
    }
    let mut wanted = wanted(planner, place, request, entry, resolved.as_ref());
    if is_elsewhere {
        let callee = resolved.map_or_else(|| usual_callee(planner, &wanted, folder), |resolved| resolved.callee);
        let at = called(planner, place, request, &callee, true);
        wanted.called = at.map_or(Called::Nowhere, Called::At);
    }
    planner.give(&wanted.function);
    let test_file = wanted.test_file.clone();
    let caller = match &wanted.called {
        Called::Usually => Some(RepoPath::known(&*wanted.entry.file)),
        Called::At(site) => Some(site.file.clone()),
        Called::Nowhere => None,
    };
    let gate = planner.gate().filter(|_| wanted.asks()).cloned();
    let own_specs = wanted.specs(gate.is_some());
    let is_tested = !(own_specs.is_empty() && wanted.groups.is_empty());
    for path in [&wanted.file].into_iter().chain(is_tested.then_some(&test_file)).chain(&caller) {
        planner.open(path)?;
    }
    let growth = match (&wanted.entry.validator, &gate) {
        (Validator::Interface { interface, .. }, Some(gate)) => growth(planner, folder, interface, &gate.accessor)?,
        _ => None,
    };
    Ok(Some(Facts {
        function: texts::function(planner, &wanted, gate.as_ref())?,
        declared: planner.declared(folder, [(None, wanted.function.as_str())])?,
        import: ImportSpec::plain(survey.import_path(folder)),
        growth,
        test: is_tested.then(|| texts::test(planner, &wanted, gate.as_ref())).transpose()?,
        suite: if is_tested { Suite::lacking(planner, folder)? } else { None },
        own_specs,
        asks: gate.is_some(),
        wanted,
    }))
}

/// Whether a task's caller is that of the folder's functions.
pub(super) fn is_usual_call(planner: &Planner<'_, '_>, call: &crate::demand::Call, entry: &EntryPoint) -> bool {
    use crate::demand::Place;
    let same = call.caller.as_ref().is_some_and(|caller| {
        caller.name == entry.function
            && match (&caller.qualifier, &entry.receiver) {
                (Some(qualifier), Some(receiver)) => qualifier == receiver,
                (Some(qualifier), None) => qualifier == "admitters",
                (None, Some(_)) => entry.function != "Admit",
                (None, None) => true,
            }
    });
    same && matches!(call.place, Place::Open | Place::End)
        && call.condition.as_ref().is_none_or(|condition| is_gates(planner, condition))
        && call.file.as_ref().is_none_or(|file| entry.file.ends_with(file.as_str()))
        && call.arguments.as_ref().is_none_or(|said| said.iter().all(|one| entry.arguments.contains(one)))
}

/// Whether a file has an admitter of its own that is not the folder's usual caller.
pub(super) fn is_among_others(planner: &Planner<'_, '_>, place: &ResolvedPath, entry: &EntryPoint) -> bool {
    let source = planner.survey.go(&place.path).ok().flatten();
    *place.path != *entry.file
        && source.is_some_and(|source| {
            let mut decls = source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func);
            decls.any(|decl| decl.receiver.is_some() && decl.name() == "Admit")
        })
}

/// A function that is given what the folder's functions are given, to be called.
pub(super) fn usual_callee(planner: &Planner<'_, '_>, wanted: &Wanted, folder: &str) -> Callee {
    let types = usual_types(planner, &wanted.entry, folder);
    let names: &[&str] = if types.len() == 1 { &["config"] } else { &["field", "spec", "config"] };
    Callee {
        name: wanted.function.clone(),
        receiver: None,
        folder: folder.to_owned(),
        parameters: names.iter().map(|name| (*name).to_owned()).zip(types).collect(),
        results: vec![CAUSES.to_owned()],
    }
}

/// Why the validation function cannot be what tasks ask for: the line, and what is wrong.
pub(super) fn fault(function: &GoFunction, entry: &EntryPoint) -> Option<(usize, Fault)> {
    let hidden = entry.exported && !function.name.starts_with(char::is_uppercase);
    let unexported = || {
        let why = format!("`{}` is called from another package, so its name begins with a capital", function.name);
        Fault { code: "name-reserved", why }
    };
    let fault = function.fault().or_else(|| hidden.then(unexported))?;
    Some((function.line, fault))
}

pub(super) fn wanted(
    planner: &Planner<'_, '_>,
    place: &ResolvedPath,
    request: &Request,
    entry: EntryPoint,
    resolved: Option<&Resolved>,
) -> Wanted {
    let named = request.named.as_ref();
    let stated = resolved.map(|resolved| {
        let name = |at: usize| resolved.callee.parameters.get(at).map(|(name, _)| name.clone()).unwrap_or_default();
        let one = entry.validator == Validator::KubeVirt;
        let names = if one {
            Names { field: String::new(), spec: String::new(), config: name(0) }
        } else {
            Names { field: name(0), spec: name(1), config: name(2) }
        };
        StatedHead { names, parameters: resolved.parameters.clone(), imports: resolved.imports.clone() }
    });
    let said = named.map(|function| function.said.first().to_owned()).filter(|purpose| !purpose.is_empty());
    let function = named.map_or_else(|| default_name(planner, place, &entry), |function| function.name.clone());
    let task = planner.task(request.tasks[0]);
    let while_off = planner.gate().and_then(|gate| task.while_off(said.as_deref().unwrap_or_default(), &gate.name));
    let purpose = said.into_iter().chain(super::described::purposes(task, &function)).collect();
    // What is stated as a signature alone looks at no field and no gate, and what does nothing while the gate is off
    // does not reject the field there.
    let looks = match while_off {
        Some(said) => said == WhileOff::Rejects,
        None => stated.is_none(),
    };
    let field = field(planner, &entry, named.map(|function| function.name.as_str()), &request.tasks);
    let gate = planner.gate().map_or("", |gate| gate.name.as_str());
    let said = named.map(|function| function.said.first());
    let is_whole = |field: &Field| !refuses_a_value(planner, (field, gate), task, said);
    Wanted {
        file: place.path.clone(),
        test_file: RepoPath::known(place.path.replace(".go", "_test.go")),
        function,
        field: field.filter(|_| looks).filter(is_whole),
        entry,
        task: task.id.clone(),
        purpose,
        while_off,
        groups: request.tested.iter().flat_map(|&task| SpecGroup::of(planner, task)).collect(),
        listed: listed_specs(planner, &place.path.replace(".go", "_test.go")),
        is_first: request.is_first,
        stated,
        called: Called::Usually,
    }
}

/// A method that an interface of a folder gets, and its double in the tests.
pub(super) fn growth(
    planner: &mut Planner<'_, '_>,
    folder: &str,
    interface: &str,
    accessor: &str,
) -> Result<Option<Growth>, Refusal> {
    let Some((file, double)) = planner.survey.interface_with_double(folder, interface)? else { return Ok(None) };
    let file = RepoPath::known(&*file);
    planner.open(&file)?;
    let double = match double {
        None => None,
        Some((double, file)) => {
            let file = RepoPath::known(&*file);
            planner.open(&file)?;
            let (field, method) = texts::double_members(&double, accessor);
            Some((double, file, field, method))
        }
    };
    let (interface, accessor) = (interface.to_owned(), accessor.to_owned());
    let method = texts::interface_method(&accessor);
    Ok(Some(Growth { interface, file, accessor, method, double }))
}

/// `validateGuestHeartbeat`; exported where another package calls it.
pub(super) fn default_name(planner: &Planner<'_, '_>, place: &ResolvedPath, entry: &EntryPoint) -> String {
    let verb = if entry.exported { "Validate" } else { "validate" };
    let name = format!("{verb}{}", planner.identifier());
    if planner.has_given(&name) {
        let words = stem(&place.path).without_suffix(&["webhook"]).without_suffix(&["admitter"]);
        return format!("{verb}{}", words.pascal());
    }
    name
}

/// The API field of the feature: one that this plan adds, or one that a former run added.
pub(super) fn field(
    planner: &Planner<'_, '_>,
    entry: &EntryPoint,
    name: Option<&str>,
    tasks: &[usize],
) -> Option<Field> {
    // Of a type that does not tell whether it is set, nothing is known.
    let reaches = |field: &Field| {
        let below = match entry.validator {
            Validator::KubeVirt => field.struct_name == "KubeVirtConfiguration",
            _ => field.below_vmi_spec().is_some(),
        };
        below && field.unset("x").is_some()
    };
    let is_api = |kind: &dyn Kind| kind.name() == ApiField.name();
    let planned = planner.assigned.iter().filter(|file| is_api(file.kind));
    let fields = |place: &ResolvedPath, tasks: &[usize]| api_field::fields(planner, place, tasks);
    let planned = planned.filter_map(|file| Some(fields(file.place.as_ref()?, &file.tasks)));
    let reached: Vec<Field> = planned.flatten().filter(reaches).collect();
    // Of several, or for a function with a name of its own, the names tell.
    let tells = |field: &&Field| {
        let own = Name::parse(&field.name);
        let holds =
            |name: &str| Name::parse(name).words().windows(own.words().len().max(1)).any(|part| part == own.words());
        let by_name = name.is_some_and(holds);
        let is_it = |word: &str| word == field.json || word == field.name;
        let texts = tasks.iter().map(|&task| planner.task(task));
        let mut lines = texts.flat_map(|task| task.details.iter().map(|line| &line.text).chain([&task.title]));
        by_name || lines.any(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(is_it))
    };
    let own: Vec<&Field> = reached.iter().filter(tells).collect();
    let chosen = match (own.as_slice(), reached.as_slice()) {
        ([one], _) => Some((*one).clone()),
        ([], [one]) if name.is_none() || is_of_feature(planner, name) => Some(one.clone()),
        _ => None,
    };
    if !reached.is_empty() {
        return chosen;
    }
    chosen.or_else(|| {
        // Tasks that are not selected now may have been done before.
        let others = planner.claims.iter().enumerate().filter(|(index, _)| !planner.task(*index).selected);
        let places = others.flat_map(|(index, claims)| {
            let own = claims.iter().filter(|(kind, _)| is_api(*kind));
            own.filter_map(move |(_, place)| Some((index, place.as_ref()?)))
        });
        let named = places.flat_map(|(index, place)| fields(place, &[index]));
        let mut there = named.filter_map(|field| {
            let source = planner.survey.go(&field.file).ok().flatten()?;
            api_field::has_field(&source.target(), &field.struct_name, &field.name).map(|_| field)
        });
        there.find(reaches)
    })
}

/// The fields that this plan adds to structs of the API: the struct's type, and the field.
pub(super) fn planned_fields(planner: &Planner<'_, '_>) -> Vec<(String, TypedField)> {
    let survey = planner.survey;
    let mut found = Vec::new();
    for file in planner.assigned.iter().filter(|file| file.kind.name() == ApiField.name()) {
        let Some(place) = &file.place else { continue };
        for field in api_field::fields(planner, place, &file.tasks) {
            let folder = parent(&field.file);
            let Some(source) = survey.go(&field.file).ok().flatten() else { continue };
            let Some(ty) = survey.qualified(folder, &source.file, field.ty()) else { continue };
            let owner = format!("\"{}\".{}", survey.import_path(folder), field.struct_name);
            found.push((owner, TypedField { name: field.name, ty, json: Some(field.json) }));
        }
    }
    found
}

/// Whether a function is called after the feature.
pub(super) fn is_of_feature(planner: &Planner<'_, '_>, name: Option<&str>) -> bool {
    name.is_some_and(|name| name.to_lowercase().ends_with(&planner.identifier().to_lowercase()))
}
