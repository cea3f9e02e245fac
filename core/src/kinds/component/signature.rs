//! Signatures: what a task writes behind a function's name, as far as it compiles.

use crate::go::{FunctionHead, ImportSpec, is_standard};

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

/// The types that Go has in every package.
const BUILTIN: &[&str] = &[
    "any",
    "bool",
    "byte",
    "complex128",
    "complex64",
    "error",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "rune",
    "string",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];

/// A signature that compiles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) struct Signature {
    /// From the opening parenthesis on.
    pub text: String,
    /// What it needs.
    pub imports: Vec<ImportSpec>,
    /// The types that it gives back.
    pub results: Vec<String>,
}

/// What the signatures of a package can name.
pub(in crate::kinds) struct Known<'a> {
    /// Whether the package declares a type.
    pub declared: &'a dyn Fn(&str) -> bool,
    /// The package that its files import under a name.
    pub imported: &'a dyn Fn(&str) -> Option<ImportSpec>,
}

/// The signature of a function as a task writes it, if every type in it is known.
pub(in crate::kinds) fn signature(head: &FunctionHead, known: &Known<'_>) -> Option<Signature> {
    if head.parameters.is_empty() && head.results.is_empty() {
        return None;
    }
    let mut imports = Vec::new();
    for (package, name) in head.type_names() {
        match package {
            Some(package) => imports.push((known.imported)(package).or_else(|| customary(package))?),
            None if BUILTIN.contains(&name.as_str()) || (known.declared)(name) => {}
            None => return None,
        }
    }
    // Named results make `return` ambiguous for a stub; they are rare.
    Some(Signature { text: head.signature(), imports, results: head.result_types()? })
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
        _ if ["*", "[]", "map[", "func(", "chan ", "chan<- ", "interface{"].iter().any(|head| ty.starts_with(head)) => {
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
        let head = |text: &str| FunctionHead::parse(text).unwrap();
        let wanted = head("detect(vmi *v1.VirtualMachineInstance, n Node) (bool, error)");
        let snapshot =
            |name: &str| (name == "snapshotv1").then(|| ImportSpec::named(name, "kubevirt.io/api/snapshot/v1"));
        let known = Known { declared: &|name| name == "Node", imported: &snapshot };
        let found = signature(&wanted, &known).unwrap();
        assert_eq!(found.text, "(vmi *v1.VirtualMachineInstance, n Node) (bool, error)");
        assert_eq!(found.imports, [ImportSpec::named("v1", "kubevirt.io/api/core/v1")]);
        assert_eq!(found.results, ["bool", "error"]);
        assert_eq!(
            signature(&head("detect(x *snapshotv1.Content)"), &known).unwrap().imports[0].path,
            "kubevirt.io/api/snapshot/v1"
        );
        assert_eq!(signature(&wanted, &Known { declared: &|_| false, imported: &snapshot }), None);
        assert_eq!(signature(&head("detect(x foo.Bar)"), &Known { declared: &|_| true, imported: &snapshot }), None);
    }

    #[test]
    fn every_type_has_a_value_that_means_nothing() {
        for (ty, value) in [
            ("bool", "false"),
            ("*v1.X", "nil"),
            ("[]string", "nil"),
            ("int64", "0"),
            ("v1.X", "*new(v1.X)"),
            ("[3]int", "*new([3]int)"),
            ("functor", "*new(functor)"),
            ("channel", "*new(channel)"),
            ("func() int", "nil"),
        ] {
            assert_eq!(zero(ty), value);
        }
    }
}
