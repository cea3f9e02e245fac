//! The facts of a validation function as Go.

use super::facts::Called;
use super::{
    Call, Declared, Facts, Growth, PendingFiles, Refusal, RepoPath, Suite, Token, Unit, Validator, add_imports, bug,
    specs,
};

impl Unit for Facts {
    fn files(&self) -> Vec<&RepoPath> {
        let test = self.test.as_ref().map(|_| &self.wanted.test_file);
        std::iter::once(&self.wanted.file).chain(test).collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.wanted.file, &self.function, &self.declared)?;
        match &self.wanted.called {
            Called::Usually => self.call(pending)?,
            Called::At(site) => site.render(pending)?,
            Called::Nowhere => {}
        }
        if let Some(growth) = &self.growth {
            growth.render(pending)?;
        }
        if let Some(test) = &self.test {
            pending.write_go(&self.wanted.test_file, test, &Declared::default())?;
        }
        Suite::render(self.suite.as_ref(), pending)
    }

    fn uses_gate(&self) -> bool {
        self.asks
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        let file = &self.wanted.test_file;
        let own = self.own_specs.iter().filter(|_| self.wanted.task == task).map(|text| (file.clone(), text.clone()));
        own.chain(specs::expected(&self.wanted.groups, task, file)).collect()
    }
}

impl Facts {
    /// One more line in the entry point, and the import that it needs.
    fn call(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let entry = &self.wanted.entry;
        let name = &self.wanted.function;
        let (module, renderer) = (pending.module(), pending.renderer());
        let mut failed = None;
        pending.anchor_go(&RepoPath::known(&*entry.file), |target| {
            let caller = self.wanted.caller();
            let body = target.file.method(caller.receiver, caller.name).map(|decl| decl.span);
            let calls = |token: &Token| {
                body.is_some_and(|body| body.contains(token.span.start)) && token.span.of(target.text) == name
            };
            if target.file.tokens.iter().any(calls) {
                return Ok(Vec::new());
            }
            let known = target.file.import(&self.import.path);
            let package = known.map_or_else(|| self.import.name(), |known| known.name());
            let function = if entry.exported { format!("{package}.{name}") } else { name.clone() };
            let line = |causes: &str| {
                let call = Call { causes: causes.to_owned(), function, arguments: entry.arguments.join(", ") };
                renderer.render(&call).unwrap_or_else(|error| {
                    failed = Some(error);
                    String::new()
                })
            };
            let mut edits = vec![match entry.validator {
                Validator::KubeVirt => target.after_last_append(caller, line)?,
                _ => target.before_final_return(caller, line)?,
            }];
            if entry.exported && known.is_none() {
                edits.extend(add_imports(target.text, target.file, std::slice::from_ref(&self.import), module));
            }
            Ok(edits)
        })?;
        failed.map_or(Ok(()), |error| Err(bug("scaffolds", &error.to_string())))
    }
}

impl Growth {
    pub(super) fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let method = pending.render(&self.method)?;
        pending.anchor_go(&self.file, |target| {
            let declared = target.file.declares(&self.interface).map_or("", |decl| decl.span.of(target.text));
            let is_there = declared.contains(&format!("{}()", self.accessor));
            Ok(if is_there { Vec::new() } else { vec![target.append_member(&self.interface, &method)?] })
        })?;
        let Some((double, file, field, method)) = &self.double else { return Ok(()) };
        let member = pending.render(field)?;
        let method = pending.render(method)?;
        pending.anchor_go(file, |target| {
            if target.file.method(Some(double), &self.accessor).is_some() {
                return Ok(Vec::new());
            }
            Ok(vec![target.append_field(double, &member)?, target.append_method(double, &method)])
        })
    }
}
