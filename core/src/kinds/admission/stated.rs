//! A validation function whose head the task states: a stub with exactly that head, its call, and a spec that fails.

use serde::Serialize;

use super::facts::{REJECTS, growth};
use super::head::Resolved;
use super::site::Site;
use super::texts::COMMENT;
use super::{Growth, OwnSpec, listed_specs, own_texts};
use crate::go::{ImportSpec, comment_lines, import_declaration, string, wrapped_signature};
use crate::kinds::specs::{self, GINKGO, Group, SpecGroup, Suite, groups};
use crate::pending::{Declared, PendingFiles, Refusal};
use crate::plan::{Planner, Unit, WhileOff};
use crate::repo_path::RepoPath;
use crate::template::{Context, Template};
use crate::tree::parent;

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/new/__admitters__/__file__.go.hbs")]
pub(super) struct StatedText {
    header: String,
    package: String,
    imports: Option<String>,
    receiver: String,
    name: String,
    signature: String,
    /// The condition under which the gate is off.
    off: Option<String>,
    /// What it gives back when it has found nothing, with a space before.
    skipped: String,
    returns: bool,
    steps: Vec<String>,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/new/__admitters__/__file___test.go.hbs")]
pub(super) struct StatedTest {
    header: String,
    package: String,
    imports: String,
    title: String,
    own: Vec<OwnSpec>,
    groups: Vec<Group>,
}

impl StatedTest {
    /// The specs of a function, which fail; nothing if there is none.
    pub(super) fn new(
        planner: &Planner<'_, '_>,
        file: &RepoPath,
        title: &str,
        texts: &[String],
        task: &str,
        specs: &[SpecGroup],
    ) -> Result<Option<Self>, Refusal> {
        if texts.is_empty() && specs.is_empty() {
            return Ok(None);
        }
        let survey = planner.survey;
        let package = match survey.go(file)? {
            Some(source) => source.file.package.text.clone(),
            None => survey.package(parent(file)).test_name.clone(),
        };
        Ok(Some(Self {
            header: survey.header().to_owned(),
            package,
            imports: import_declaration(&[ImportSpec::named(".", GINKGO)], survey.module()),
            title: string(title),
            own: OwnSpec::all(texts, &format!("\t\tFail(\"{task}: not implemented\")")),
            groups: groups(specs),
        }))
    }
}

/// What is to be written.
pub(super) struct Stub<'a> {
    pub(super) file: &'a RepoPath,
    pub(super) test_file: &'a RepoPath,
    pub(super) name: &'a str,
    pub(super) resolved: Resolved,
    pub(super) named_results: bool,
    pub(super) purpose: Vec<String>,
    /// What the task says of it while the gate is off.
    pub(super) while_off: Option<WhileOff>,
    pub(super) task: String,
    pub(super) groups: Vec<SpecGroup>,
    pub(super) is_first: bool,
    pub(super) site: Option<Site>,
}

#[derive(Debug)]
pub(super) struct Stated {
    file: RepoPath,
    test_file: RepoPath,
    function: StatedText,
    declared: Declared,
    site: Option<Site>,
    growth: Option<Growth>,
    test: Option<StatedTest>,
    suite: Option<Suite>,
    own_specs: Vec<String>,
    groups: Vec<SpecGroup>,
    task: String,
    asks: bool,
}

impl Stated {
    pub(super) fn new(planner: &mut Planner<'_, '_>, stub: Stub<'_>) -> Result<Self, Refusal> {
        let survey = planner.survey;
        let folder = parent(stub.file);
        for path in [stub.file].into_iter().chain(stub.site.as_ref().map(|site| &site.file)) {
            planner.open(path)?;
        }
        let callee = &stub.resolved.callee;
        let gate = planner.gate().filter(|_| stub.while_off.is_some()).cloned();
        let own = format!("\"{}\".", survey.import_path(folder));
        let config = callee.parameters.iter().find(|(name, ty)| {
            !name.is_empty()
                && name != "_"
                && (ty.ends_with("\".ClusterConfig") || ty.starts_with(&own) && ty.ends_with("Checker"))
        });
        // What rejects something while the gate is off must not return before it does.
        let rejects = stub.while_off == Some(WhileOff::Rejects);
        let off = config
            .zip(gate.as_ref())
            .filter(|_| !rejects)
            .map(|((name, _), gate)| format!("!{name}.{}()", gate.accessor));
        let interface = config.and_then(|(_, ty)| ty.strip_prefix(&own)).zip(gate.as_ref());
        let growth = match interface {
            Some((interface, gate)) => growth(planner, folder, interface, &gate.accessor)?,
            None => None,
        };
        let names: Vec<&str> = vec![stub.name];
        let receiver = callee.receiver.as_deref();
        let declared = planner.declared(folder, names.into_iter().map(|name| (receiver, name)))?;
        let zero = |ty: &String| zero(planner, ty, &stub.resolved);
        let values: Vec<String> = callee.results.iter().map(zero).collect();
        let skipped =
            if stub.named_results || values.is_empty() { String::new() } else { format!(" {}", values.join(", ")) };
        let steps = if stub.purpose.is_empty() {
            vec![format!("{} is not implemented", stub.name)]
        } else {
            stub.purpose.clone()
        };
        let steps = steps.iter().flat_map(|step| comment_lines(&format!("{}: {step}", stub.task), COMMENT)).collect();
        let before = stub.resolved.receiver.len() + stub.name.len();
        let signature = wrapped_signature(before, &stub.resolved.signature);
        let text = match &off {
            // What is not given the configuration cannot know of the gate.
            _ if rejects => config.map(|_| REJECTS),
            Some(_) => Some("should validate only while the feature gate is enabled"),
            None => None,
        };
        let (has_specs, has_gates) = listed_specs(planner, stub.test_file);
        let of = (stub.name, stub.is_first);
        // What stands behind the gate is asked beside all that is stated, but for the same.
        let own_specs = match &off {
            Some(_) => own_texts(&[], text, of, has_gates),
            None => own_texts(&stub.purpose, text, of, has_specs || !stub.groups.is_empty()),
        };
        let imports = &stub.resolved.imports;
        let test = StatedTest::new(planner, stub.test_file, stub.name, &own_specs, &stub.task, &stub.groups)?;
        if test.is_some() {
            planner.open(stub.test_file)?;
        }
        Ok(Self {
            function: StatedText {
                header: survey.header().to_owned(),
                package: survey.package_name(folder),
                imports: (!imports.is_empty()).then(|| import_declaration(imports, survey.module())),
                receiver: stub.resolved.receiver.clone(),
                name: stub.name.to_owned(),
                signature,
                off: off.clone(),
                skipped,
                returns: !callee.results.is_empty(),
                steps,
            },
            suite: if test.is_some() { Suite::lacking(planner, folder)? } else { None },
            test,
            declared,
            growth,
            own_specs,
            file: stub.file.clone(),
            test_file: stub.test_file.clone(),
            site: stub.site,
            groups: stub.groups,
            task: stub.task,
            asks: off.is_some(),
        })
    }
}

/// The value of a type that says that nothing was found.
fn zero(planner: &Planner<'_, '_>, ty: &str, resolved: &Resolved) -> String {
    match ty {
        "bool" => "false".to_owned(),
        "string" => "\"\"".to_owned(),
        "error" | "any" => "nil".to_owned(),
        _ if ["*", "[", "map[", "func(", "chan "].iter().any(|head| ty.starts_with(head)) => "nil".to_owned(),
        _ if !ty.starts_with('"') => "0".to_owned(),
        _ => {
            // It stands in the signature as the file calls it.
            let name = ty.rsplit('.').next().unwrap_or_default();
            let written = resolved.signature.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_'));
            let mut same = written.filter(|word| word.rsplit('.').next() == Some(name));
            let written = same.next().unwrap_or(name);
            if planner.survey.fields_of(ty).is_empty() { format!("*new({written})") } else { format!("{written}{{}}") }
        }
    }
}

impl Unit for Stated {
    fn files(&self) -> Vec<&RepoPath> {
        std::iter::once(&self.file).chain(self.test.as_ref().map(|_| &self.test_file)).collect()
    }

    fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        pending.write_go(&self.file, &self.function, &self.declared)?;
        if let Some(site) = &self.site {
            site.render(pending)?;
        }
        if let Some(growth) = &self.growth {
            growth.render(pending)?;
        }
        if let Some(test) = &self.test {
            pending.write_go(&self.test_file, test, &Declared::default())?;
        }
        Suite::render(self.suite.as_ref(), pending)
    }

    fn uses_gate(&self) -> bool {
        self.asks
    }

    fn specs(&self, task: &str) -> Vec<(RepoPath, String)> {
        let own =
            self.own_specs.iter().filter(|_| self.task == task).map(|text| (self.test_file.clone(), text.clone()));
        own.chain(specs::expected(&self.groups, task, &self.test_file)).collect()
    }
}
