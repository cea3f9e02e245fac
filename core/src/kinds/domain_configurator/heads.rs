//! The heads of a configurator's functions, as tasks state them.

use crate::go::{FunctionHead, ImportSpec, Parameter};
use crate::name::{is_predeclared, lower_first};

/// What stands behind the name of a configurator's method.
pub(super) const CONFIGURE: &str = "(vmi *v1.VirtualMachineInstance, domain *api.Domain) error";

/// The receiver of `Configure` as a task states it, and what stands behind its name.
pub(super) fn configure(head: &FunctionHead, name: &str) -> Result<(String, String), String> {
    let types = |list: &[Parameter]| -> Vec<String> {
        let each = list.iter().flat_map(|one| std::iter::repeat_n(one.ty.text.clone(), one.names.len().max(1)));
        each.collect()
    };
    let (given, results) = (types(&head.parameters), types(&head.results));
    let usual = given == ["*v1.VirtualMachineInstance", "*api.Domain"] && results == ["error"];
    let named = head.results.iter().all(|one| one.names.is_empty());
    let (of, receiver) = match &head.receiver {
        None => (name, None),
        Some(one) => (one.ty.text.as_str(), one.names.first().cloned()),
    };
    let is_stated = !head.parameters.is_empty() || !head.results.is_empty();
    if is_stated && !(usual && named) || of != name {
        return Err(format!("`Configure` of `{name}` is a method of the type itself: Configure{CONFIGURE}"));
    }
    let receiver = receiver.unwrap_or_else(|| lower_first(&name[..1]).to_lowercase());
    Ok((receiver, if is_stated { head.signature() } else { CONFIGURE.to_owned() }))
}

/// Why a constructor cannot be written as a task states it; what it needs goes to the imports.
pub(super) fn constructor_fault(
    head: &FunctionHead,
    name: &str,
    declared: &dyn Fn(&str) -> bool,
    imported: &dyn Fn(&str) -> Option<ImportSpec>,
    imports: &mut Vec<ImportSpec>,
) -> Option<String> {
    let results: Vec<&str> = head.results.iter().map(|result| result.ty.text.as_str()).collect();
    if !results.is_empty() && results != [name] {
        return Some(format!(
            "New{name} returns {}, and the constructors beside it return the type",
            results.join(", ")
        ));
    }
    if head.parameters.iter().any(|parameter| parameter.variadic || parameter.names.is_empty()) {
        return Some(format!("the fields of `{name}` cannot be told from the constructor's parameters"));
    }
    for (package, ty) in head.parameters.iter().flat_map(|parameter| &parameter.ty.names) {
        match package {
            None if is_predeclared(ty) || declared(ty) => {}
            None => return Some(format!("no type `{ty}` is known here")),
            Some(package) if package == "v1" || package == "api" => {}
            Some(package) => match imported(package) {
                Some(import) => imports.push(import),
                None => return Some(format!("no package `{package}` is known here")),
            },
        }
    }
    None
}
