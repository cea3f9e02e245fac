//! Admission: where a folder's validation functions are called from, and with what.

use super::{GoSource, Survey};
use crate::diagnostic::Diagnostic;
use crate::go::{Decl, DeclKind, GoFile, Token, TokenKind};
use crate::text::Span;
use crate::tree::join;

/// The folder of the admitters of VMs and VMIs.
const ADMITTERS: &str = "pkg/virt-api/webhooks/validating-webhook/admitters";
/// What validates the spec of a VMI, in every release.
const VMI_SPEC: &str = "ValidateVirtualMachineInstanceSpec";
/// The folder of what several webhooks share.
const WEBHOOKS: &str = "pkg/virt-api/webhooks";

/// A struct in tests that stands for an interface, and its file.
type Double = (String, String);

/// What a folder's validation functions are given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Validator {
    /// A field path, the VMI's spec and the cluster's configuration.
    VmiSpec,
    /// The same, but the configuration is a small interface, with a double in the tests.
    Interface {
        /// The interface's name.
        interface: String,
        /// The file that declares it.
        file: String,
        /// The struct in the tests that implements it, and its file.
        double: Option<(String, String)>,
    },
    /// The configuration in the KubeVirt resource.
    KubeVirt,
}

/// Where a folder's validation functions are called from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryPoint {
    /// What the functions are given.
    pub validator: Validator,
    /// The file of the caller.
    pub file: String,
    /// The type of the caller's receiver.
    pub receiver: Option<String>,
    /// The caller.
    pub function: String,
    /// What the caller calls the path, the spec and the configuration, in that order.
    pub arguments: Vec<String>,
    /// The functions are called from another package, so they are exported.
    pub exported: bool,
}

impl Survey<'_> {
    /// Where validation functions of a folder are called from. Nothing for a folder that holds
    /// other code.
    pub fn entry_point(&self, folder: &str) -> Option<Result<EntryPoint, Diagnostic>> {
        if let Some(known) = self.entry_points.borrow().get(folder) {
            return known.clone();
        }
        let found = self.look_for_entry_point(folder);
        self.entry_points.borrow_mut().insert(folder.to_owned(), found.clone());
        found
    }

    fn look_for_entry_point(&self, folder: &str) -> Option<Result<EntryPoint, Diagnostic>> {
        let (caller, receiver, function) = match folder {
            WEBHOOKS | ADMITTERS => (ADMITTERS, None, VMI_SPEC),
            "pkg/storage/admitters" => (folder, None, "Validate"),
            "pkg/network/admitter" => (folder, Some("Validator"), "Validate"),
            "pkg/virt-operator/webhooks" => (folder, Some("KubeVirtUpdateAdmitter"), "Admit"),
            _ => return None,
        };
        Some(self.find_entry_point(folder, caller, receiver, function))
    }

    fn find_entry_point(
        &self,
        folder: &str,
        caller: &str,
        receiver: Option<&str>,
        function: &str,
    ) -> Result<EntryPoint, Diagnostic> {
        let file = match receiver {
            None => self.declares(caller, function),
            Some(receiver) => self.declares_method(caller, receiver, function),
        };
        if file.is_none() && folder == caller && folder != ADMITTERS && self.imports(ADMITTERS, folder) {
            // Before the folder had an entry point of its own, its functions were called one by one.
            return self.find_entry_point(folder, ADMITTERS, None, VMI_SPEC);
        }
        let missing = || {
            let message = format!("{caller}: expected func {function}, which does not exist");
            Diagnostic::error("anchor-missing", message).help(if self.declares(ADMITTERS, VMI_SPEC).is_some() {
                format!("this checkout validates VMIs in {ADMITTERS}: name a file there")
            } else {
                "is it a checkout of KubeVirt v1.0 or later?".to_owned()
            })
        };
        let path = join(caller, &file.ok_or_else(missing)?);
        let source = self.go(&path)?.ok_or_else(missing)?;
        let decl = source.file.method(receiver, function).ok_or_else(missing)?;
        let mut point = EntryPoint {
            validator: Validator::VmiSpec,
            file: path.clone(),
            receiver: receiver.map(str::to_owned),
            function: function.to_owned(),
            arguments: Vec::new(),
            exported: caller != folder,
        };
        match receiver {
            None => point.arguments = arguments(&parameters(&source, decl)),
            Some("Validator") => {
                let name = decl.receiver.as_ref().and_then(|receiver| receiver.name.clone()).unwrap_or_default();
                let fields = fields(&source, "Validator");
                point.arguments = arguments(&fields).into_iter().map(|field| format!("{name}.{field}")).collect();
                point.validator = self.interface(folder, &fields, &point)?;
            }
            Some(_) => {
                point.validator = Validator::KubeVirt;
                point.arguments = vec!["&newKV.Spec.Configuration".to_owned()];
            }
        }
        Ok(point)
    }

    /// Whether the code of a folder imports another folder.
    pub fn imports(&self, folder: &str, other: &str) -> bool {
        let path = self.import_path(other);
        let files = self.go_files(folder);
        let mut code = files.iter().filter(|name| !name.ends_with("_test.go"));
        code.any(|name| {
            let text = self.text(&join(folder, name)).ok().flatten();
            text.is_some_and(|text| text.contains(&format!("\"{path}\"")))
        })
    }

    /// The interface that stands for the configuration, and the struct that stands for it in tests.
    fn interface(
        &self,
        folder: &str,
        fields: &[(String, String)],
        point: &EntryPoint,
    ) -> Result<Validator, Diagnostic> {
        let known = ["Path", "VirtualMachineInstanceSpec"];
        let interface =
            fields.iter().map(|(_, ty)| ty.as_str()).find(|ty| !known.iter().any(|known| ty.ends_with(known)));
        let Some(interface) = interface.filter(|ty| !ty.ends_with("ClusterConfig")) else {
            return Ok(Validator::VmiSpec);
        };
        let file = self.declares(folder, interface).map_or_else(|| point.file.clone(), |file| join(folder, &file));
        let method = self.go(&file)?.and_then(|go| first_method(&go, interface));
        let double = method.and_then(|method| self.double(folder, &method));
        Ok(Validator::Interface { interface: interface.to_owned(), file, double })
    }

    /// The file of an interface, and the struct in the folder's tests that stands for it, with its file.
    pub fn interface_with_double(
        &self,
        folder: &str,
        interface: &str,
    ) -> Result<Option<(String, Option<Double>)>, Diagnostic> {
        let Some(file) = self.declares(folder, interface).map(|file| join(folder, &file)) else { return Ok(None) };
        let method = self.go(&file)?.and_then(|go| first_method(&go, interface));
        let double = method.and_then(|method| self.double(folder, &method));
        Ok(Some((file, double)))
    }

    /// The struct in a folder's tests that has a method of the interface.
    fn double(&self, folder: &str, method: &str) -> Option<(String, String)> {
        self.go_files(folder).iter().filter(|file| file.ends_with("_test.go")).find_map(|file| {
            let path = join(folder, file);
            let text = self.text(&path).ok().flatten()?;
            memchr::memmem::find(text.as_bytes(), method.as_bytes())?;
            let go = self.go(&path).ok().flatten()?;
            let has = |decl: &&Decl| decl.receiver.is_some() && decl.name() == method;
            let receiver = go.file.decls.iter().find(has)?.receiver.clone()?;
            go.file.declares(&receiver.type_name)?;
            Some((receiver.type_name, path))
        })
    }
}

/// The names of the parameters or fields that hold the path, the spec and the configuration.
fn arguments(names: &[(String, String)]) -> Vec<String> {
    let by_type = |wanted: &str| names.iter().find(|(_, ty)| ty.ends_with(wanted)).map(|(name, _)| name.clone());
    let path = by_type("Path");
    let spec = by_type("VirtualMachineInstanceSpec");
    let is_other = |ty: &str| !ty.ends_with("Path") && !ty.ends_with("VirtualMachineInstanceSpec");
    let config = names.iter().find(|(_, ty)| is_other(ty)).map(|(name, _)| name.clone());
    [path, spec, config].into_iter().flatten().collect()
}

/// The parameters of a function: name and type.
fn parameters(source: &GoSource, decl: &Decl) -> Vec<(String, String)> {
    let open = decl.names[0].span.end;
    let tokens = between(&source.file, Span::new(open, decl.span.end));
    let mut depth = 0_usize;
    let mut list: Vec<Vec<&Token>> = vec![Vec::new()];
    for token in tokens {
        match token.kind {
            TokenKind::Op(b'(' | b'[' | b'{') => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            TokenKind::Op(b')' | b']' | b'}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            TokenKind::Op(b',') if depth == 1 => {
                list.push(Vec::new());
                continue;
            }
            _ => {}
        }
        list.last_mut().expect("the list starts with one parameter").push(token);
    }
    let text = source.source.text();
    list.iter()
        .filter_map(|tokens| {
            let (name, ty) = tokens.split_first()?;
            let ty = Span::new(ty.first()?.span.start, ty.last()?.span.end);
            Some((name.span.of(text).to_owned(), ty.of(text).to_owned()))
        })
        .collect()
}

/// The fields of a struct: name and type.
fn fields(source: &GoSource, type_name: &str) -> Vec<(String, String)> {
    let Some(decl) = source.file.declares(type_name).filter(|decl| decl.kind == DeclKind::Type) else {
        return Vec::new();
    };
    let lines = decl.span.of(source.source.text()).lines().skip(1);
    lines
        .filter_map(|line| {
            let (name, ty) = line.trim().split_once(char::is_whitespace)?;
            Some((name.to_owned(), ty.trim().to_owned()))
        })
        .collect()
}

fn first_method(source: &GoSource, interface: &str) -> Option<String> {
    let decl = source.file.declares(interface)?;
    let lines = decl.span.of(source.source.text()).lines().skip(1);
    let mut names = lines.filter_map(|line| line.trim().split_once('(')).map(|(name, _)| name.to_owned());
    names.next()
}

fn between(file: &GoFile, span: Span) -> impl Iterator<Item = &Token> {
    file.tokens.iter().filter(move |token| span.contains(token.span.start) && token.kind != TokenKind::Comment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    fn tree() -> MemoryTree {
        MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n"),
            ("pkg/virt-config/x.go", "package virtconfig\n"),
            (
                "pkg/virt-api/webhooks/validating-webhook/admitters/vmi.go",
                "package admitters\n\nfunc ValidateVirtualMachineInstanceSpec(field *k8sfield.Path, spec *v1.VirtualMachineInstanceSpec, config *virtconfig.ClusterConfig) []metav1.StatusCause {\n\treturn causes\n}\n",
            ),
            (
                "pkg/network/admitter/validator.go",
                "package admitter\n\ntype checker interface {\n\tAEnabled() bool\n}\n\ntype Validator struct {\n\tfield   *k8sfield.Path\n\tvmiSpec *v1.VirtualMachineInstanceSpec\n\tconfig  checker\n}\n\nfunc (v Validator) Validate() []metav1.StatusCause {\n\treturn causes\n}\n",
            ),
            (
                "pkg/network/admitter/suite_test.go",
                "package admitter_test\n\ntype double struct{}\n\nfunc (d double) AEnabled() bool { return true }\n",
            ),
        ])
    }

    #[test]
    fn callers_are_found_with_what_they_call_things() {
        let tree = tree();
        let survey = Survey::new(&tree).unwrap();
        let point = survey.entry_point(WEBHOOKS).unwrap().unwrap();
        assert_eq!(point.arguments, ["field", "spec", "config"]);
        assert!(point.exported && point.file.ends_with("admitters/vmi.go"));
        let point = survey.entry_point("pkg/network/admitter").unwrap().unwrap();
        assert_eq!(point.arguments, ["v.field", "v.vmiSpec", "v.config"]);
        assert_eq!(
            point.validator,
            Validator::Interface {
                interface: "checker".into(),
                file: "pkg/network/admitter/validator.go".into(),
                double: Some(("double".into(), "pkg/network/admitter/suite_test.go".into())),
            }
        );
        assert!(survey.entry_point("pkg/virt-handler").is_none());
    }

    #[test]
    fn a_caller_that_is_not_there_is_named() {
        let tree = tree();
        let survey = Survey::new(&tree).unwrap();
        let error = survey.entry_point("pkg/storage/admitters").unwrap().unwrap_err();
        assert!(error.message.contains("func Validate"), "{}", error.message);
    }
}
