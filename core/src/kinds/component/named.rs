//! A function that a task names, as it will be written, or where it stands already.

use super::fault::Fault;
use super::functions::{self, Function};
use super::methods::On;
use super::prose::{steps, texts};
use super::shape;
use super::signature::{Given, Signature};
use super::stub::Stub;
use super::stubs::Maker;
use crate::go::{Parameter, turned};
use crate::kinds::sentence::{comment, stated};
use crate::name::is_gate_name;
use crate::plan::{PlannedTask, WhileOff, while_off};
use crate::tree::join;

impl Maker<'_, '_, '_> {
    /// The type of the package that a constructor gives back and that is not there.
    pub(super) fn constructs(&self, function: &Function) -> Option<String> {
        let head = function.head.as_ref().ok().filter(|_| function.name.starts_with("New"))?;
        let ty = head.results.first()?.ty.text.trim_start_matches('*');
        let own = is_gate_name(ty) && function.name.ends_with(ty);
        (own && !self.types().has_type(self.folder, ty)).then(|| ty.to_owned())
    }

    /// The other file of the package that has the function already.
    pub(super) fn elsewhere(&self, stub: &Stub) -> Option<String> {
        let path = join(self.folder, &self.declared_in(stub)?);
        (*path != *self.place.path).then(|| format!("{} in {path}", stub.name))
    }

    /// The method of the file that is what the function would be, or the function that is what the method would be.
    pub(super) fn turned(&self, function: &Function, stub: &Stub) -> Option<String> {
        let head = function.head.as_ref().ok()?;
        let is_stated = head.receiver.is_some() || !head.parameters.is_empty() || !head.results.is_empty();
        if !is_stated || self.declared_in(stub).is_some() {
            return None;
        }
        let source = self.planner.survey.go(&self.place.path).ok().flatten()?;
        let signature: String = stub.signature.split_whitespace().collect();
        let decl = turned(&source.target(), stub.receiver_type().is_some(), &stub.name, &signature)?;
        let what = match &decl.receiver {
            Some(receiver) => format!("the method {} of {}", stub.name, receiver.type_name),
            None => format!("the function {}", stub.name),
        };
        Some(format!("{what} at {}:{}", source.path(), source.source.line(decl.span.start)))
    }

    /// The task that asks for the same function of this file.
    pub(super) fn asked_for(&self, stub: &Stub) -> Option<String> {
        let same = |other: &&Stub| other.name == stub.name && other.receiver_type() == stub.receiver_type();
        self.wanted.stubs.iter().find(same).map(|other| format!("{}, which {} asks for", stub.name, other.task))
    }

    pub(super) fn declared_in(&self, stub: &Stub) -> Option<String> {
        match stub.receiver_type() {
            Some(receiver) => self.planner.survey.declares_method(self.folder, receiver, &stub.name),
            None => self.planner.survey.declares(self.folder, &stub.name),
        }
    }

    /// A function that the task names.
    pub(super) fn named(&self, task: &PlannedTask, function: &Function, on: &On) -> Result<Stub, Fault> {
        let head = function.head.as_ref().ok();
        let mut known = head.map(|head| self.types().signature(head)).transpose()?.flatten();
        let predicate = ["has", "is", "can", "should", "supports", "needs", "requires"]
            .iter()
            .any(|verb| function.name.strip_prefix(verb).is_some_and(|rest| rest.starts_with(char::is_uppercase)));
        // A method that is stated with nothing in its parentheses is given nothing, and gives nothing back.
        // So is a function beside others whose signatures are spelled out.
        let spells_out = || {
            let named = functions::named(task);
            let mut others = named.0.iter().filter_map(|other| other.head.as_ref().ok());
            others.any(|other| !other.parameters.is_empty() || !other.results.is_empty())
        };
        if known.is_none() && head.is_some() && (matches!(on, On::Method(_)) || !predicate && spells_out()) {
            known = Some(Signature { text: "()".to_owned(), imports: Vec::new(), results: Vec::new() });
        }
        let default = if predicate { "bool" } else { "error" };
        let work = steps(task, &function.name, &|name| self.has(name));
        let mut stub = Stub {
            task: task.id.clone(),
            receiver: String::new(),
            doc: stated(task, &function.name)
                .filter(|_| functions::named(task).0.len() == 1)
                .map_or_else(|| function.said.doc(&function.name, task), |(_, text)| comment(&function.name, &text)),
            says: function.said.more.clone(),
            steps: texts(&work),
            lines: work.iter().map(|line| line.line).collect(),
            unused: self.is_unused(&function.name),
            called: false,
            position: None,
            name: function.name.clone(),
            signature: format!("() {default}"),
            results: vec![Given::builtin(default)],
            guard: None,
            imports: Vec::new(),
        };
        if self.is_main(function) {
            (stub.signature, stub.results, stub.unused) = ("()".to_owned(), Vec::new(), false);
            return Ok(stub);
        }
        if let On::Method(declaration) = on {
            stub.receiver.clone_from(declaration);
        }
        let own: (_, &str) = (stub.receiver_type(), &self.place.path);
        if known.is_none()
            && let Some((receiver, signature)) = shape::like_siblings(self.planner.survey, own, &function.name)
        {
            stub.receiver = receiver;
            known = Some(signature);
        }
        match known {
            Some(Signature { text, imports, results }) => {
                stub.signature = text;
                stub.imports = imports;
                stub.results = results;
                stub.guard = self.stated_guard(task, function, &stub).and_then(Result::ok);
                if stub.guard.is_some() {
                    stub.says.retain(|text| !self.is_of_gate(text));
                }
            }
            // What the task leaves open is ours to say; virt-launcher has nothing to ask for the gate.
            None if !self.folder.starts_with("pkg/virt-launcher")
                && stub.receiver.is_empty()
                && !task.rejects_while_off(function.said.first()) =>
            {
                let receiver = self.planner.survey.config_receiver(self.folder);
                if let Some((guard, parameter, import)) = self.guard(receiver.as_ref()) {
                    stub.receiver = receiver.map(|receiver| receiver.declaration()).unwrap_or_default();
                    stub.signature = format!("({}) {default}", parameter.unwrap_or_default());
                    stub.imports.extend(import);
                    stub.guard = Some(guard);
                }
            }
            None => {}
        }
        Ok(stub)
    }

    /// Whether words say that something is done only while the gate is on.
    fn is_of_gate(&self, text: &str) -> bool {
        self.planner.gate().is_some_and(|gate| while_off(text, &gate.name) == Some(WhileOff::Skips))
    }

    /// How a function with a head of its own asks for the gate, where its line says that it works only with the gate: of what
    /// it is given. If that is nothing, the clause.
    pub(super) fn stated_guard(
        &self,
        task: &PlannedTask,
        function: &Function,
        stub: &Stub,
    ) -> Option<Result<String, String>> {
        let gate = self.planner.gate()?;
        let own = function.said.of_gate(|text| self.is_of_gate(text));
        let said = own.or_else(|| Some(task.title.as_str()).filter(|title| self.is_of_gate(title)))?;
        let head = function.head.as_ref().ok()?;
        let receiver = self.planner.survey.config_receiver(self.folder);
        let receiver = receiver.filter(|receiver| stub.receiver_type() == Some(receiver.type_name.as_str()));
        let called = stub.receiver.trim_start_matches('(').split(' ').next().unwrap_or_default();
        let of_receiver = receiver.map(|receiver| format!("{called}.{}", receiver.field));
        let is_config = |one: &&Parameter| one.ty.text.rsplit('.').next() == Some("ClusterConfig");
        let given = head.parameters.iter().find(is_config).and_then(|one| one.names.first());
        let given = given.filter(|name| *name != "_").cloned();
        Some(match given.or(of_receiver) {
            Some(config) => Ok(format!("!{config}.{}()", gate.accessor)),
            None => Err(own.unwrap_or(said).to_owned()),
        })
    }

    /// Unexported and in a folder where the linter asks for a use.
    pub(super) fn is_unused(&self, name: &str) -> bool {
        name.starts_with(char::is_lowercase) && self.planner.survey.is_linted(self.folder)
    }
}
