//! The texts of admission: the validation function, its call, and the spec that switches the gate.

use serde::Serialize;

use super::OwnSpec;
use super::admitter::AdmitterText;
use super::facts::Wanted;
use super::stated::{StatedTest, StatedText};
use crate::go::{ImportSpec, LINE, comment_lines, import_declaration, string};
use crate::kinds::specs::{GINKGO, GOMEGA, Group, groups};
use crate::name::Name;
use crate::pending::Refusal;
use crate::plan::{Gate, Planner};
use crate::survey::{GateLookup, Validator};
use crate::template::{Context, Template, Text};
use crate::tree::{join, parent};

/// How wide comments in code are.
pub(super) const COMMENT: usize = 110;

pub(super) const TEMPLATES: &[Text] = &[
    Function::FILE,
    FunctionTest::FILE,
    StatedText::FILE,
    StatedTest::FILE,
    AdmitterText::FILE,
    Call::FILE,
    InterfaceMethod::FILE,
    DoubleField::FILE,
    DoubleMethod::FILE,
];

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/new/__folder__/__file__.go.hbs")]
pub(super) struct Function {
    header: String,
    package: String,
    imports: String,
    name: String,
    /// What it validates the use of, where the feature has a name.
    feature: Option<String>,
    wraps: bool,
    parameters: String,
    /// The condition under which the field is not set.
    unset: Option<String>,
    /// The condition under which the gate is off.
    off: Option<String>,
    constant: String,
    path: String,
    steps: Vec<String>,
    task: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/new/__folder__/__file___test.go.hbs")]
pub(super) struct FunctionTest {
    header: String,
    package: String,
    imports: String,
    title: String,
    fake_config: bool,
    own: Vec<OwnSpec>,
    groups: Vec<Group>,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/edit/__caller__/call.hbs")]
pub(super) struct Call {
    pub(super) causes: String,
    pub(super) function: String,
    pub(super) arguments: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/edit/pkg/network/admitter/validator.go/method.hbs")]
pub(super) struct InterfaceMethod {
    accessor: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/edit/pkg/network/admitter/admit_suite_test.go/field.hbs")]
pub(super) struct DoubleField {
    field: String,
}

#[derive(Serialize, Context, Template, Debug)]
#[template("scaffolds/admission/edit/pkg/network/admitter/admit_suite_test.go/method.hbs")]
pub(super) struct DoubleMethod {
    double: String,
    accessor: String,
    field: String,
}

const METAV1: &str = "k8s.io/apimachinery/pkg/apis/meta/v1";
const FIELD: &str = "k8s.io/apimachinery/pkg/util/validation/field";
const V1: &str = "kubevirt.io/api/core/v1";

/// A field: how Go sees that it is not set, and how JSON names it.
struct Guarded {
    unset: String,
    path: String,
}

fn guarded(unit: &Wanted) -> Option<Guarded> {
    let field = unit.field.as_ref()?;
    if unit.entry.validator == Validator::KubeVirt {
        let path = format!("k8sfield.NewPath(\"spec\", \"configuration\", {})", string(&field.json));
        let unset = field.unset(&format!("{}.{}", unit.names().config, field.name))?;
        return Some(Guarded { unset, path });
    }
    let (before, path) = field.below_vmi_spec()?;
    let path: Vec<String> = path.into_iter().map(string).collect();
    let Names { field: root, spec, .. } = unit.names();
    let unset = field.unset(&format!("{spec}.{before}{}", field.name))?;
    Some(Guarded { unset, path: format!("{root}.Child({})", path.join(", ")) })
}

/// The file of the validation function.
pub(super) fn function(planner: &Planner<'_, '_>, unit: &Wanted, gate: Option<&Gate>) -> Result<Function, Refusal> {
    let survey = planner.survey;
    let guarded = guarded(unit);
    // Without a field to look at, what rejects something while the gate is off is written by hand.
    let gate = gate.filter(|_| guarded.is_some() || !unit.rejects());
    let gates = gate.map(|_| survey.gates()).transpose()?;
    let constant = gates.as_ref().zip(gate).map(|(gates, gate)| gates.qualified(&gate.identifier));
    let local = |path: &str| join(survey.module(), path);
    let mut imports = vec![ImportSpec::named("metav1", METAV1), ImportSpec::named("v1", V1)];
    let named = |name: &str, used: bool| if used { name.to_owned() } else { "_".to_owned() };
    let (spec, config) = (guarded.is_some(), gate.is_some());
    let names = unit.names();
    let parameters = if let Some(stated) = &unit.stated {
        imports.extend(stated.imports.iter().filter(|spec| spec.path != METAV1 && spec.path != V1).cloned());
        stated.parameters.clone()
    } else if unit.entry.validator == Validator::KubeVirt {
        format!("{} *v1.KubeVirtConfiguration", named("config", spec || config))
    } else {
        imports.push(ImportSpec::named("k8sfield", FIELD));
        let config_type = if let Validator::Interface { interface, .. } = &unit.entry.validator {
            interface.clone()
        } else {
            imports.push(ImportSpec::named("virtconfig", local("pkg/virt-config")));
            "*virtconfig.ClusterConfig".to_owned()
        };
        let (field, spec) = (named("field", spec), named("spec", spec));
        format!(
            "{field} *k8sfield.Path, {spec} *v1.VirtualMachineInstanceSpec, {} {config_type}",
            named("config", config)
        )
    };
    let is_kubevirt = unit.entry.validator == Validator::KubeVirt;
    let off = match (gate, &gates, &constant) {
        (Some(_), Some(gates), Some(constant)) if is_kubevirt && gates.lookup != GateLookup::Accessor => {
            Some(format!("!{}.IsEnabled({constant}, {}.DeveloperConfiguration)", gates.package, names.config))
        }
        (Some(_), _, Some(constant)) if is_kubevirt => {
            imports.push(ImportSpec::plain(survey.slices()));
            let list = format!("{}.DeveloperConfiguration", names.config);
            Some(format!("{list} == nil || !slices.Contains({list}.FeatureGates, {constant})"))
        }
        (Some(gate), ..) => Some(format!("!{}.{}()", names.config, gate.accessor)),
        _ => None,
    };
    if guarded.is_some() && is_kubevirt {
        imports.push(ImportSpec::named("k8sfield", FIELD));
    }
    if let Some(gates) = gates.filter(|_| guarded.is_some() || is_kubevirt) {
        let import = gates.import(survey);
        imports.extend((!imports.contains(&import)).then_some(import));
    }
    if off.is_some() && guarded.is_some() {
        imports.push(ImportSpec::plain("fmt"));
    }
    let steps = if unit.purpose.is_empty() {
        vec![format!("{} is not implemented", unit.function)]
    } else {
        unit.purpose.clone()
    };
    let steps = steps.iter().flat_map(|step| comment_lines(&format!("{}: {step}", unit.task), 110)).collect();
    let length = format!("func {}({parameters}) []metav1.StatusCause {{", unit.function).len();
    Ok(Function {
        header: survey.header().to_owned(),
        package: survey.package_name(parent(&unit.file)),
        imports: import_declaration(&imports, survey.module()),
        name: unit.function.clone(),
        feature: planner.feature().in_words(),
        wraps: length > LINE,
        parameters,
        unset: guarded.as_ref().map(|guarded| guarded.unset.clone()),
        path: guarded.map(|guarded| guarded.path).unwrap_or_default(),
        off,
        constant: constant.unwrap_or_default(),
        steps,
        task: unit.task.clone(),
    })
}

/// The accessor in the interface that stands for the configuration.
pub(super) fn interface_method(accessor: &str) -> InterfaceMethod {
    InterfaceMethod { accessor: accessor.to_owned() }
}

/// The accessor in the double of that interface, and the field with its answer.
pub(super) fn double_members(double: &str, accessor: &str) -> (DoubleField, DoubleMethod) {
    let field = double_field(accessor);
    let method = DoubleMethod { double: double.to_owned(), accessor: accessor.to_owned(), field: field.clone() };
    (DoubleField { field }, method)
}

fn double_field(accessor: &str) -> String {
    Name::parse(accessor).camel()
}

/// What a function calls what it is given.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) field: String,
    pub(super) spec: String,
    pub(super) config: String,
}

/// The file of its spec.
pub(super) fn test(planner: &Planner<'_, '_>, unit: &Wanted, gate: Option<&Gate>) -> Result<FunctionTest, Refusal> {
    let survey = planner.survey;
    let gates = gate.map(|_| survey.gates()).transpose()?;
    let folder = parent(&unit.file);
    let package = survey.package(folder);
    let local = |path: &str| join(survey.module(), path);
    // An unexported function is called from its own package, whatever the other tests do; a
    // validator behind an interface is called as its callers do.
    let behind_interface = matches!(unit.entry.validator, Validator::Interface { .. });
    let external = package.tests_are_external() && (unit.entry.exported || behind_interface);
    let is_open = unit.is_open(gate.is_some());
    let field = unit.sets_field() && !is_open;
    let mut imports = vec![ImportSpec::named(".", GINKGO)];
    if !is_open {
        imports.extend([ImportSpec::named(".", GOMEGA), ImportSpec::named("v1", V1)]);
    }
    if external && !is_open {
        imports.push(ImportSpec::plain(local(folder)));
    }
    let qualifier = if external { format!("{}.", package.name) } else { String::new() };
    let constant = gates.as_ref().zip(gate).map(|(gates, gate)| gates.qualified(&gate.identifier));
    let subject = Subject { unit, gate, constant: constant.unwrap_or_default(), qualifier };
    let mut lines = if is_open { Vec::new() } else { subject.setup() };
    let message = string(&format!("{}: validation is not implemented", unit.task));
    if let Some(gates) = gates.as_ref().filter(|_| !is_open) {
        let list = Some(gates).filter(|gates| gates.disables).map(|_| "DisabledFeatureGates");
        let (make, call) = subject.call("off", list);
        lines.push(String::new());
        lines.extend(make);
        if field {
            lines.push(format!("Expect({call}).To("));
            lines.push(
                "\tConsistOf(HaveField(\"Message\", ContainSubstring(\"feature gate is not enabled\"))),".to_owned(),
            );
            lines.push(")".to_owned());
        } else {
            lines.push(format!("Expect({call}).To(BeEmpty())"));
        }
    }
    if field {
        let (make, call) = subject.call(if gate.is_some() { "on" } else { "config" }, Some("FeatureGates"));
        lines.push(String::new());
        lines.extend(make);
        lines.push(format!("Expect({call}).To(BeEmpty(), {message})"));
    } else {
        // A spec that is empty is valid.
        lines.extend((!is_open).then(String::new));
        lines.push(format!("Fail({})", string(&format!("{}: not implemented", unit.task))));
    }
    let lines = indented(&lines);
    let fake_config = unit.entry.validator == Validator::VmiSpec && !is_open;
    if unit.entry.validator != Validator::KubeVirt && !is_open {
        imports.push(ImportSpec::named("k8sfield", FIELD));
    }
    if fake_config {
        imports.push(ImportSpec::plain(local("pkg/testutils")));
        imports.push(ImportSpec::named("virtconfig", local("pkg/virt-config")));
    }
    if let Some(gates) = gates.filter(|_| !behind_interface && !is_open) {
        let import = gates.import(survey);
        let is_used = lines.contains(&format!("{}.", import.name())) && !imports.contains(&import);
        imports.extend(is_used.then_some(import));
    }
    if lines.contains("pointer.P(") {
        imports.push(ImportSpec::plain(local("pkg/pointer")));
    }
    Ok(FunctionTest {
        header: survey.header().to_owned(),
        package: if external { package.test_name.clone() } else { package.name.clone() },
        imports: import_declaration(&imports, survey.module()),
        title: string(&planner.feature().in_words().map_or(unit.function.clone(), |name| format!("{name} admission"))),
        fake_config,
        own: OwnSpec::all(&unit.specs(gate.is_some()), &lines),
        groups: groups(&unit.groups),
    })
}

/// What a test calls, and with what.
struct Subject<'a> {
    unit: &'a Wanted,
    gate: Option<&'a Gate>,
    constant: String,
    qualifier: String,
}

impl Subject<'_> {
    /// The lines that make what is validated.
    fn setup(&self) -> Vec<String> {
        if self.unit.entry.validator == Validator::KubeVirt {
            return Vec::new();
        }
        let mut setup = vec!["spec := &v1.VirtualMachineInstanceSpec{}".to_owned()];
        let field = self.unit.field.as_ref();
        if let Some((field, before)) = field.and_then(|field| Some((field, field.below_vmi_spec()?.0))) {
            setup.push(format!("spec.{before}{} = {}", field.name, field.example()));
        }
        setup.push("path := k8sfield.NewPath(\"spec\")".to_owned());
        setup
    }

    /// The lines that make a configuration with the gate in one of its lists, and the call with it.
    fn call(&self, name: &str, list: Option<&str>) -> (Vec<String>, String) {
        let function = format!("{}{}", self.qualifier, self.unit.function);
        let listed = list.map(|list| format!("{list}: []string{{{}}}", self.constant)).unwrap_or_default();
        let gates = self.gate.map_or("nil".to_owned(), |_| format!("&v1.DeveloperConfiguration{{{listed}}}"));
        match &self.unit.entry.validator {
            Validator::VmiSpec => {
                (vec![format!("{name} := newConfig({gates})")], format!("{function}(path, spec, {name})"))
            }
            Validator::Interface { double, .. } => {
                let double = double.as_ref().map_or("nil", |(name, _)| name.as_str());
                let field =
                    self.gate.filter(|_| name == "on").map(|gate| format!("{}: true", double_field(&gate.accessor)));
                let line = format!("{name} := {double}{{{}}}", field.unwrap_or_default());
                (vec![line], format!("{}NewValidator(path, spec, {name}).Validate()", self.qualifier))
            }
            Validator::KubeVirt => {
                let listed = format!("\tDeveloperConfiguration: {gates},");
                let mut lines = match self.gate {
                    Some(_) => vec![format!("{name} := &v1.KubeVirtConfiguration{{"), listed, "}".to_owned()],
                    None => vec![format!("{name} := &v1.KubeVirtConfiguration{{}}")],
                };
                let field = self.unit.field.as_ref();
                lines.extend(field.map(|field| format!("{name}.{} = {}", field.name, field.example())));
                (lines, format!("{function}({name})"))
            }
        }
    }
}

/// Lines of a spec's body; the empty ones among them stay empty.
fn indented(lines: &[String]) -> String {
    let lines = lines.iter().skip_while(|line| line.is_empty());
    let indent = |line: &String| if line.is_empty() { String::new() } else { format!("\t\t{line}") };
    lines.map(indent).collect::<Vec<_>>().join("\n")
}
