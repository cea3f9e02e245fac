//! The line itself, in the style of the caller.

use super::arguments::{Argument, NEW_PATH};
use super::{
    CAUSES, Caller, FIELD, FunctionScope, How, ImportSpec, InScope, Planner, RESPONSE, RepoPath, Site, Spot, WEBHOOKS,
    join, parent,
};

impl Caller<'_> {
    /// The text of the call, and what it needs.
    pub(super) fn finish(
        &self,
        planner: &Planner<'_, '_>,
        scope: &FunctionScope,
        spot: &Spot<'_>,
        arguments: &[Argument],
    ) -> Result<Site, String> {
        let survey = planner.survey;
        let path = self.source.path();
        let folder = parent(path);
        let mut imports = Vec::new();
        let mut package = |import: &str, wanted: Option<&str>| {
            let known = self.source.file.import(import).map(|import| import.name().to_owned());
            known.unwrap_or_else(|| {
                let beside = wanted.map(|name| ImportSpec::named(name, import));
                let spec = beside.unwrap_or_else(|| ImportSpec::plain(import));
                let name = spec.name().to_owned();
                imports.push(spec);
                name
            })
        };
        let callee = self.callee;
        let function = match &callee.receiver {
            Some(receiver) => {
                let own = scope.receiver.as_ref().filter(|_| self.receiver.as_deref() == Some(receiver));
                let name = own.map(|own| own.name.clone()).filter(|name| !name.is_empty() && name != "_");
                let named = format!("\"{}\".{receiver}", survey.import_path(&callee.folder));
                let local = || {
                    let of = |variable: &&InScope| variable.ty.trim_start_matches('*') == named;
                    spot.known.iter().find(of).map(|variable| variable.expr.clone())
                };
                let value = name.or_else(local).ok_or_else(|| format!("{} has no {receiver}", self.place()))?;
                format!("{value}.{}", callee.name)
            }
            None if callee.folder != folder => {
                if !callee.name.starts_with(char::is_uppercase) {
                    return Err(format!(
                        "{} is in another package, so its name must begin with a capital",
                        self.place()
                    ));
                }
                if survey.imports(&callee.folder, folder) {
                    return Err(format!("{} is imported by {}, which would be a cycle", folder, callee.folder));
                }
                let import = survey.import_path(&callee.folder);
                let beside = survey.go_files(folder).iter().find_map(|file| {
                    let source = survey.go(&join(folder, file)).ok().flatten()?;
                    source.file.import(&import).and_then(|import| import.alias.clone())
                });
                format!("{}.{}", package(&import, beside.as_deref()), callee.name)
            }
            None => callee.name.clone(),
        };
        let mut list = Vec::new();
        for argument in arguments {
            let expr = match argument.expr.strip_prefix(NEW_PATH) {
                Some(rest) => format!("{}.NewPath{rest}", package(FIELD, Some("k8sfield"))),
                None => argument.expr.clone(),
            };
            list.push(expr);
        }
        let call = format!("{function}({})", list.join(", "));
        let webhooks = join(survey.module(), WEBHOOKS);
        let code = match &spot.how {
            How::Append(list) => format!("{list} = append({list}, {call}...)"),
            How::AppendIf(list, new) => {
                format!("\nif {new} := {call}; {new} != nil {{\n\t{list} = append({list}, {new}...)\n}}")
            }
            How::Assign(list, then) => {
                let prefix =
                    "\t".repeat(crate::text::indentation(self.source.source.text(), spot.anchor.span.start).len());
                format!("\n{list} = {call}\n{}", then.replace(&format!("\n{prefix}"), "\n"))
            }
            How::Block => self.returning(scope, &call, &mut |()| package(&webhooks, Some("webhookutils")))?,
        };
        let text = self.source.source.text();
        Ok(Site {
            file: RepoPath::known(path),
            receiver: self.receiver.clone(),
            function: self.name.clone(),
            callee: callee.name.clone(),
            anchor: spot.anchor.span.of(text).to_owned(),
            before: spot.before,
            code,
            imports,
        })
    }

    /// A block that returns where something was found.
    pub(super) fn returning(
        &self,
        scope: &FunctionScope,
        call: &str,
        webhooks: &mut dyn FnMut(()) -> String,
    ) -> Result<String, String> {
        let answers = scope.results.len() == 1 && scope.results[0].ty.ends_with("AdmissionResponse");
        let results: Vec<&str> = self.callee.results.iter().map(String::as_str).collect();
        Ok(match results.as_slice() {
            [CAUSES] if answers => format!(
                "if causes := {call}; len(causes) > 0 {{\n\treturn {}.ToAdmissionResponse(causes)\n}}",
                webhooks(())
            ),
            [RESPONSE] if answers => format!("if response := {call}; response != nil {{\n\treturn response\n}}"),
            ["error"] if answers => {
                format!("if err := {call}; err != nil {{\n\treturn {}.ToAdmissionResponseError(err)\n}}", webhooks(()))
            }
            ["error"] => {
                let nothing: Vec<&str> = scope
                    .results
                    .iter()
                    .map(|result| match result.ty.as_str() {
                        "error" => Ok("err"),
                        ty if ty.starts_with('*') || ty.starts_with("[]") => Ok("nil"),
                        _ => Err(format!("what {} returns is not known", self.place())),
                    })
                    .collect::<Result<_, _>>()?;
                format!("if err := {call}; err != nil {{\n\treturn {}\n}}", nothing.join(", "))
            }
            [CAUSES, "error"] if answers => {
                let webhooks = webhooks(());
                format!(
                    "if causes, err := {call}; err != nil {{\n\treturn {webhooks}.ToAdmissionResponseError(err)\n}} else if len(causes) > 0 {{\n\treturn {webhooks}.ToAdmissionResponse(causes)\n}}"
                )
            }
            _ => return Err(format!("how {} uses what it returns is to be decided", self.place())),
        })
    }
}
