//! Signatures: what a task writes behind a function's name, as far as it compiles.

use super::functions::Function;
use crate::go::{Fragment, ImportSpec, is_standard};
use crate::text::Span;

/// Packages that a signature can name without saying which they are.
const QUALIFIERS: &[(&str, &str)] = &[
    ("v1", "kubevirt.io/api/core/v1"),
    ("virtv1", "kubevirt.io/api/core/v1"),
    ("k8sv1", "k8s.io/api/core/v1"),
    ("corev1", "k8s.io/api/core/v1"),
    ("metav1", "k8s.io/apimachinery/pkg/apis/meta/v1"),
    ("context", "context"),
    ("time", "time"),
    ("libvirtxml", "libvirt.org/go/libvirtxml"),
    ("cache", "k8s.io/client-go/tools/cache"),
];

const BUILTIN: &[&str] = &[
    "any",
    "bool",
    "byte",
    "error",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "interface",
    "map",
    "rune",
    "string",
    "struct",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
    "chan",
    "func",
];

/// A signature that compiles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Signature {
    /// From the opening parenthesis on.
    pub text: String,
    /// What it needs.
    pub imports: Vec<ImportSpec>,
    /// The types that it gives back.
    pub results: Vec<String>,
}

/// What the signatures of a package can name.
pub(super) struct Known<'a> {
    /// Whether the package declares a type.
    pub declared: &'a dyn Fn(&str) -> bool,
    /// The package that its files import under a name.
    pub imported: &'a dyn Fn(&str) -> Option<ImportSpec>,
}

/// The signature of a function as a task writes it, if every type in it is known.
pub(super) fn signature(function: &Function, known: &Known<'_>) -> Option<Signature> {
    let parameters = function.parameters.as_deref().unwrap_or_default();
    if parameters.is_empty() && function.results.is_empty() {
        return None;
    }
    let text = format!("({parameters}) {}", function.results).trim_end().to_owned();
    let source = format!("func {}{text} {{}}", function.name);
    let fragment = Fragment::parse(&source, Span::new(0, source.len())).ok()?;
    let mut imports = Vec::new();
    let mut results = Vec::new();
    let declaration = fragment.root().named_child(0).filter(|node| node.kind() == "function_declaration")?;
    let mut stack = vec![declaration];
    while let Some(node) = stack.pop() {
        let word = fragment.span(node).of(&source);
        match node.kind() {
            "package_identifier" => {
                imports.push((known.imported)(word).or_else(|| customary(word))?);
            }
            "qualified_type" => stack.extend(node.child(0)),
            "type_identifier" if !BUILTIN.contains(&word) && !(known.declared)(word) => return None,
            _ => {
                let mut cursor = node.walk();
                stack.extend(node.named_children(&mut cursor));
            }
        }
    }
    if let Some(result) = declaration.child_by_field_name("result") {
        let span = fragment.span(result).of(&source);
        if result.kind() == "parameter_list" {
            let mut cursor = result.walk();
            for parameter in result.named_children(&mut cursor) {
                // Named results make `return` ambiguous for a stub; they are rare.
                if parameter.child_by_field_name("name").is_some() {
                    return None;
                }
                results.push(fragment.span(parameter).of(&source).to_owned());
            }
        } else {
            results.push(span.to_owned());
        }
    }
    Some(Signature { text, imports, results })
}

/// The package that is known by a name wherever it is not used otherwise.
fn customary(name: &str) -> Option<ImportSpec> {
    let (alias, path) = QUALIFIERS.iter().find(|(alias, _)| *alias == name)?;
    Some(if is_standard(path) { ImportSpec::plain(*path) } else { ImportSpec::named(alias, *path) })
}

/// The value of a type that means nothing yet.
pub(super) fn zero(ty: &str) -> String {
    match ty {
        "bool" => "false".to_owned(),
        "string" => "\"\"".to_owned(),
        "error" | "any" => "nil".to_owned(),
        "time.Duration" => "0".to_owned(),
        _ if ty.starts_with(['*', '[']) && !ty.starts_with("[0") => "nil".to_owned(),
        _ if ty.starts_with("map[")
            || ty.starts_with("func")
            || ty.starts_with("chan")
            || ty.starts_with("interface") =>
        {
            "nil".to_owned()
        }
        _ if BUILTIN.contains(&ty) => "0".to_owned(),
        _ => format!("*new({ty})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_taken_where_every_type_is_known() {
        let wanted = Function {
            name: "detect".into(),
            receiver: None,
            parameters: Some("vmi *v1.VirtualMachineInstance, n Node".into()),
            results: "(bool, error)".into(),
            purpose: String::new(),
            line: 1,
        };
        let snapshot =
            |name: &str| (name == "snapshotv1").then(|| ImportSpec::named(name, "kubevirt.io/api/snapshot/v1"));
        let known = Known { declared: &|name| name == "Node", imported: &snapshot };
        let found = signature(&wanted, &known).unwrap();
        assert_eq!(found.text, "(vmi *v1.VirtualMachineInstance, n Node) (bool, error)");
        assert_eq!(found.imports, [ImportSpec::named("v1", "kubevirt.io/api/core/v1")]);
        assert_eq!(found.results, ["bool", "error"]);
        let other = Function { parameters: Some("x *snapshotv1.Content".into()), ..wanted.clone() };
        assert_eq!(signature(&other, &known).unwrap().imports[0].path, "kubevirt.io/api/snapshot/v1");
        assert_eq!(signature(&wanted, &Known { declared: &|_| false, imported: &snapshot }), None);
        let unknown = Function { parameters: Some("x foo.Bar".into()), ..wanted };
        assert_eq!(signature(&unknown, &Known { declared: &|_| true, imported: &snapshot }), None);
    }

    #[test]
    fn every_type_has_a_value_that_means_nothing() {
        for (ty, value) in
            [("bool", "false"), ("*v1.X", "nil"), ("[]string", "nil"), ("int64", "0"), ("v1.X", "*new(v1.X)")]
        {
            assert_eq!(zero(ty), value);
        }
    }
}
