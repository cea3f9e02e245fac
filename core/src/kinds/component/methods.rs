//! Methods: of a type that is there, or of an interface with everything that implements it.

use std::rc::Rc;

use super::super::planned_types::{PlannedType, is_planned, planned};
use super::fault::Fault;
use super::functions::{Function, functions};
use super::members::is_stated;
use super::signature::{Signature, Types};
use super::stub::Stub;
use crate::go::body::Members;
use crate::go::{DeclKind, FunctionHead, ImportSpec, Parameter, Position};
use crate::name::{is_go_identifier, nearest};
use crate::plan::{ManualReason, PlannedTask, Planner};
use crate::repo_path::RepoPath;
use crate::survey::{BUILTIN, Func, GoSource};
use crate::tree::{join, parent};

/// What a function belongs to.
pub(super) enum On {
    /// Nothing.
    Free,
    /// A type: `(c *Controller) `.
    Method(String),
    /// An interface.
    Interface(Interface),
}

/// An interface that is there.
pub(super) struct Interface {
    pub(super) name: String,
    pub(super) source: Rc<GoSource>,
    /// Its methods: name, and line.
    pub(super) methods: Vec<(String, String)>,
}

/// One more method of an interface.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// The interface.
    pub(super) interface: String,
    /// Its file.
    pub(super) file: RepoPath,
    /// The method's name.
    pub(super) name: String,
    /// Its line.
    pub(super) line: String,
    /// What the line needs.
    pub(super) imports: Vec<ImportSpec>,
    /// The method of each type that implements the interface, and its file.
    pub(super) implementers: Vec<(RepoPath, Stub)>,
    /// The method beside which a line says that it stands, and that line.
    pub(super) position: Option<(usize, Position)>,
    /// A mock that `make generate` writes.
    pub(super) generated: Option<String>,
    /// What is left to people.
    pub(super) left: Vec<ManualReason>,
}

impl On {
    /// What a function belongs to; or why it cannot belong to that.
    pub(super) fn find(types: &Types<'_, '_, '_>, function: &Function) -> Result<Self, ManualReason> {
        let Some(receiver) = function.head.as_ref().ok().and_then(|head| head.receiver.as_ref()) else {
            return Ok(Self::Free);
        };
        let survey = types.planner.survey;
        let ty = receiver.ty.text.as_str();
        let base = ty.trim_start_matches('*');
        let by_hand =
            |why: String| ManualReason::MethodByHand { method: function.name.clone(), of: ty.to_owned(), why };
        if !is_go_identifier(base) {
            return Err(by_hand("its receiver has type parameters, or is of another package".to_owned()));
        }
        if types.folder.starts_with("staging/src/kubevirt.io/client-go/kubecli") {
            return Err(by_hand("a method of the client also needs its interface, its fakes and its mocks".to_owned()));
        }
        let source = survey.type_source(types.folder, base);
        let source = source.filter(|source| !source.path().ends_with("_test.go") || types.file.ends_with("_test.go"));
        match planned(types.planner, types.folder).get(base) {
            // Whether it is there already or not: a second run asks for nothing else than the first one.
            Some(PlannedType::Interface) => {
                return Err(by_hand("it is an interface that the tasks add: list the method there".to_owned()));
            }
            Some(_) if source.is_none() => return Ok(Self::Method(declaration(types.planner, types.file, receiver))),
            _ => {}
        }
        let Some(source) = source else {
            let names = survey.declared_names(types.folder, DeclKind::Type);
            let near = nearest(base, names.iter().map(String::as_str)).into_iter().take(3);
            let place = |name: &str| {
                let source = survey.type_source(types.folder, name)?;
                let decl = source.file.declares(name)?;
                let line = source.source.line(decl.span.start);
                Some(format!("{name} at {}:{line}", source.path()))
            };
            return Err(ManualReason::NoType {
                method: function.name.clone(),
                name: base.to_owned(),
                folder: types.folder.to_owned(),
                near: near.filter_map(place).collect(),
            });
        };
        match source.target().members(base) {
            Ok(Some(Members::Generic)) => Err(by_hand("its receiver has type parameters".to_owned())),
            Ok(Some(Members::Interface(methods))) => {
                let methods = methods.into_iter().filter_map(|(name, line)| Some((name?, line))).collect();
                Ok(Self::Interface(Interface { name: base.to_owned(), source, methods }))
            }
            Ok(Some(_)) => Ok(Self::Method(declaration(types.planner, types.file, receiver))),
            _ => Err(by_hand("its type was not understood".to_owned())),
        }
    }
}

/// A receiver as the task has it, as far as it says; else as the type's other methods have it.
pub(in crate::kinds) fn declaration(planner: &Planner<'_, '_>, file: &str, receiver: &Parameter) -> String {
    let folder = parent(file);
    let ty = receiver.ty.text.as_str();
    let base = ty.trim_start_matches('*');
    if let Some(name) = receiver.names.first() {
        return format!("({name} {ty}) ");
    }
    let known = planner.survey.receivers(folder, base);
    let is_pointer = |text: &str| text.contains('*');
    let is_struct = || {
        let source = planner.survey.type_source(folder, base);
        source.is_some_and(|source| matches!(source.target().members(base), Ok(Some(Members::Struct(_)))))
    };
    // Where only prose has the type, the other methods say whether the receiver is a pointer.
    let pointer = match known.first() {
        _ if is_pointer(ty) || !receiver.is_spoken => is_pointer(ty),
        Some(text) => is_pointer(text),
        None => is_struct() && !is_planned(planner, folder, base),
    };
    if let Some(text) = known.iter().find(|text| is_pointer(text) == pointer) {
        return format!("({text}) ");
    }
    let named = known.iter().find_map(|text| text.split_once(' ')).map(|(name, _)| name.to_owned());
    let named = named.or_else(|| stated_receiver(planner, file, base));
    let star = if pointer { "*" } else { "" };
    let short = || known.is_empty().then(|| base.chars().next().unwrap_or('r').to_lowercase().collect());
    let name = named.or_else(short).map(|name| name + " ").unwrap_or_default();
    format!("({name}{star}{base}) ")
}

/// What tasks about the file call the receiver of other methods.
fn stated_receiver(planner: &Planner<'_, '_>, file: &str, base: &str) -> Option<String> {
    let own =
        planner.assigned.iter().filter(|assigned| assigned.place.as_ref().is_some_and(|place| *place.path == *file));
    let tasks = own.flat_map(|assigned| &assigned.tasks);
    let named = tasks.flat_map(|&task| functions(planner.task(task)).0).find_map(|function| {
        let receiver = function.head.ok()?.receiver?;
        receiver.names.into_iter().next().filter(|_| receiver.ty.text.trim_start_matches('*') == base)
    });
    named.filter(|name| name != "_")
}

impl Member {
    pub(super) fn new(
        types: &Types<'_, '_, '_>,
        task: &PlannedTask,
        function: &Function,
        interface: &Interface,
    ) -> Result<Self, Fault> {
        let here = Types { planner: types.planner, folder: types.folder, file: interface.source.path() };
        let none = Signature { text: "()".to_owned(), imports: Vec::new(), results: Vec::new() };
        let head = function.head.as_ref().map_err(|_| Fault::reserved(&function.name))?;
        let signature = here.signature(head)?.unwrap_or(none);
        // The interface's file may know a package under another name.
        let mut line = format!("{}{}", function.name, signature.text);
        for import in &signature.imports {
            if let Some(known) = interface.source.file.import(&import.path) {
                line = line.replace(&format!("{}.", import.name()), &format!("{}.", known.name()));
            }
        }
        let mut member = Self {
            interface: interface.name.clone(),
            file: RepoPath::known(interface.source.path()),
            name: function.name.clone(),
            line,
            imports: signature.imports.clone(),
            implementers: Vec::new(),
            position: interface.position(task, function),
            generated: None,
            left: Vec::new(),
        };
        member.left.extend(interface.misplaced(task, function));
        if !is_interface_only(task, function) {
            member.implement(&here, task, function, interface, &signature);
        }
        Ok(member)
    }

    /// Why the interface cannot get the method: it has one of that name that is given or gives back something else.
    pub(super) fn otherwise(&self, types: &Types<'_, '_, '_>, interface: &Interface) -> Option<ManualReason> {
        let Some((_, known)) = interface.methods.iter().find(|(name, _)| *name == self.name) else {
            return self.imported(types, interface);
        };
        let written = |line: &str| {
            let head = FunctionHead::parse(line).ok()?;
            types.planner.survey.written_head(&interface.source, &head)
        };
        (written(known)? != written(&self.line)?).then(|| ManualReason::MethodByHand {
            method: self.name.clone(),
            of: format!("{} ({})", self.interface, self.file),
            why: format!("the interface has it already, as `{known}`"),
        })
    }

    /// Why the interface cannot get the method: a type of another module implements it, and has no such method.
    fn imported(&self, types: &Types<'_, '_, '_>, interface: &Interface) -> Option<ManualReason> {
        let survey = types.planner.survey;
        let (rarest, _) = interface.methods.iter().max_by_key(|(name, _)| name.len())?;
        let folders = interface.source.file.imports.iter().filter_map(|import| survey.package_folder(&import.path));
        for folder in folders.filter(|folder| folder.starts_with("vendor/")) {
            let files = survey.go_files(&folder);
            let texts = files.iter().map(|file| join(&folder, file));
            let texts: Vec<_> = texts.filter_map(|file| survey.text(&file).ok().flatten()).collect();
            let mark = format!(") {rarest}(");
            let heads = texts.iter().flat_map(|text| text.match_indices(&mark).map(move |(at, _)| &text[..at]));
            let mut receivers = heads.filter_map(|before| {
                before.lines().last()?.strip_prefix("func (")?.rsplit([' ', '*']).next().map(str::to_owned)
            });
            let has = |ty: &str, name: &str| {
                texts.iter().any(|text| {
                    let heads = [format!("*{ty}) {name}("), format!(" {ty}) {name}(")];
                    heads.iter().any(|head| text.contains(head))
                })
            };
            let is_one = |ty: &String| interface.methods.iter().all(|(name, _)| has(ty, name));
            if let Some(ty) = receivers.find(is_one) {
                let why = format!("{ty} of {folder} implements the interface, and has no such method");
                let of = format!("{} ({})", self.interface, self.file);
                let by_hand = ManualReason::MethodByHand { method: self.name.clone(), of, why };
                return (!has(&ty, &self.name)).then_some(by_hand);
            }
        }
        None
    }

    /// Finds what implements the interface.
    fn implement(
        &mut self,
        types: &Types<'_, '_, '_>,
        task: &PlannedTask,
        function: &Function,
        interface: &Interface,
        signature: &Signature,
    ) {
        let survey = types.planner.survey;
        let others: Vec<&(String, String)> = interface.methods.iter().filter(|(name, _)| *name != self.name).collect();
        // The longest name is the rarest.
        let Some((rarest, line)) = others.iter().max_by_key(|(name, _)| name.len()).map(|one| (&one.0, &one.1)) else {
            return;
        };
        let wanted = FunctionHead::parse(line).ok().and_then(|head| survey.written_head(&interface.source, &head));
        for (path, receiver) in survey.methods_named(rarest) {
            let Some(source) = survey.go(&path).ok().flatten() else { continue };
            let func = Func { source: source.clone(), receiver: Some(receiver.clone()), name: rarest.clone() };
            let folder = parent(&path);
            let has = |name: &str| survey.declares_method(folder, &receiver, name).is_some();
            let same = func.head().and_then(|head| survey.written_head(&source, &head)) == wanted && wanted.is_some();
            if path.contains("generated") {
                if folder == types.folder || same {
                    self.generated = Some(format!("{path} stands in for {}", self.interface));
                }
                continue;
            }
            if !same || !others.iter().all(|(name, _)| has(name)) {
                continue;
            }
            // The task that states the method of a type writes it.
            if is_stated(types.planner, task, folder, &receiver, &self.name) {
                continue;
            }
            if receiver == "ClusterConfig" && folder == "pkg/virt-config" {
                let is_made = has(&self.name) || types.planner.gate().is_some_and(|gate| gate.accessor == self.name);
                if !is_made {
                    self.left.push(self.by_hand(&func, "it is the accessor of no feature gate that is known"));
                }
                continue;
            }
            let import = survey.import_path(types.folder);
            if folder != types.folder && others.len() < 2 && !survey.imports_path(folder, &import) {
                self.left.push(self.by_hand(&func, "whether this type is meant for the interface is not certain"));
                continue;
            }
            match self.stub(types, task, function, &func, signature) {
                Some(stub) => self.implementers.push((RepoPath::known(path), stub)),
                None => self.left.push(self.by_hand(&func, "its package cannot name the types of the signature")),
            }
        }
    }

    fn by_hand(&self, func: &Func, why: &str) -> ManualReason {
        let of = format!("{} ({})", func.receiver.as_deref().unwrap_or_default(), func.place());
        ManualReason::MethodByHand { method: self.name.clone(), of, why: why.to_owned() }
    }

    /// The method of a type that implements the interface.
    fn stub(
        &self,
        types: &Types<'_, '_, '_>,
        task: &PlannedTask,
        function: &Function,
        sibling: &Func,
        signature: &Signature,
    ) -> Option<Stub> {
        let survey = types.planner.survey;
        let source = &sibling.source;
        let decl = source.file.method(sibling.receiver.as_deref(), &sibling.name)?;
        let receiver = source.source.text()[decl.span.start + "func ".len()..decl.names[0].span.start].to_owned();
        let is_same =
            parent(source.path()) == types.folder && source.file.package.text == survey.package_name(types.folder);
        let mut signature = signature.clone();
        if !is_same {
            let own = survey.import_of(types.folder);
            let head = FunctionHead::parse(&format!("f{}", signature.text)).ok()?;
            for (package, name) in head.type_names() {
                if package.is_none() && !BUILTIN.contains(&name.as_str()) {
                    if !name.starts_with(char::is_uppercase) {
                        return None;
                    }
                    signature.text = qualified(&signature.text, name, own.name());
                    for one in &mut signature.results {
                        one.zero = qualified(&one.zero, name, own.name());
                    }
                    if !signature.imports.contains(&own) {
                        signature.imports.push(own.clone());
                    }
                }
            }
        }
        Some(Stub {
            task: task.id.clone(),
            name: self.name.clone(),
            receiver,
            signature: signature.text,
            results: signature.results,
            doc: function.said.doc(&self.name, task),
            guard: None,
            says: function.said.more.clone(),
            steps: Vec::new(),
            lines: Vec::new(),
            imports: signature.imports,
            unused: false,
            called: false,
            position: None,
        })
    }
}

/// A text in which a name stands behind its package.
fn qualified(text: &str, name: &str, package: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back().or_else(|| out.chars().next_back());
        let behind = rest[at + name.len()..].chars().next();
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        out.push_str(&rest[..at]);
        if !is_part(before) && before != Some('.') && !is_part(behind) {
            out.push_str(package);
            out.push('.');
        }
        out.push_str(name);
        rest = &rest[at + name.len()..];
    }
    out + rest
}

/// Whether a task wants a method in the interface alone: its title says so, or that the types have it already.
fn is_interface_only(task: &PlannedTask, function: &Function) -> bool {
    const SAID: &[&str] = &[
        "interface only",
        "only the interface",
        "interface alone",
        "the implementation exists",
        "implementations exist",
        "implementation is in",
        "already implemented",
        "implementations are in",
        "implemented already",
    ];
    let text = format!("{} {}", task.title, function.said.text).to_lowercase();
    SAID.iter().any(|said| text.contains(said))
}
