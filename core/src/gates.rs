//! Every feature gate of a checkout, and those that are only partly wired.

use crate::diagnostic::Diagnostic;
use crate::go::DeclKind;
use crate::survey::{ACCESSORS, GateFile, Gates, Stage, Survey, asked};
use crate::text::Span;

/// A gate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// The string that users write.
    pub name: String,
    /// The Go constant.
    pub constant: String,
    /// The state that it is registered in; nothing if it is not.
    pub state: Option<Stage>,
    /// The method of `ClusterConfig` that asks for it, if there is one.
    pub accessor: Option<String>,
    /// The file of the constant, and its line.
    pub place: (String, usize),
}

/// The gates of a checkout, and what is wrong with them.
pub fn gates(survey: &Survey<'_>) -> Result<(Vec<Known>, Vec<Diagnostic>), Diagnostic> {
    let gates = survey.gates()?;
    let mut known: Vec<Known> = Vec::new();
    let mut found = Vec::from_iter(survey.too_old());
    for file in &gates.files {
        for (constant, name) in file.constants.iter().filter(|(_, name)| is_name(name)) {
            let span = place(file, constant);
            let line = file.source.source.text()[..span.start].matches('\n').count() + 1;
            let registration = gates.registration(constant);
            if let Some(other) = known.iter().find(|other| other.name == *name) {
                let message = format!("{constant} and {} are the same gate, `{name}`", other.constant);
                let duplicate = Diagnostic::warning("gate-duplicate", message).at(&file.source.source, span);
                found.push(duplicate.help(format!("{} declares it, too: one constant is enough", other.place.0)));
            }
            if gates.registers && registration.is_none() {
                let message = format!("{constant} is declared and not registered: an unregistered gate is never on");
                let help = format!("register it: RegisterFeatureGate(FeatureGate{{Name: {constant}, State: Alpha}})");
                found.push(Diagnostic::warning("gate-unregistered", message).at(&file.source.source, span).help(help));
            }
            known.push(Known {
                name: name.clone(),
                constant: constant.clone(),
                state: registration.and_then(|(_, registration)| registration.stage),
                accessor: gates.accessor(constant).map(str::to_owned),
                place: (file.source.path().to_owned(), line),
            });
        }
    }
    found.extend(registered_twice(&gates));
    found.extend(accessors(&gates));
    Ok((known, found))
}

/// Constants beside gates hold messages, too.
fn is_name(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '/' || c == '-')
}

fn place(file: &GateFile, constant: &str) -> Span {
    let names = file.source.file.decls.iter().filter(|decl| decl.kind == DeclKind::Const).flat_map(|decl| &decl.names);
    names.into_iter().find(|name| name.text == constant).map_or(Span::at(0), |name| name.span)
}

/// The later registration of a gate silently replaces the earlier one.
fn registered_twice(gates: &Gates) -> Vec<Diagnostic> {
    let all = gates.files.iter().flat_map(|file| file.registered.iter().map(move |known| (file, known)));
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (file, registration) in all {
        if seen.contains(&registration.identifier.as_str()) {
            let message = format!("{} is registered twice: the later one counts", registration.identifier);
            let twice = Diagnostic::warning("gate-duplicate", message).at(&file.source.source, registration.span);
            found.push(twice.help("keep the one whose state is right"));
        }
        seen.push(&registration.identifier);
    }
    found
}

/// Accessors that ask for a gate that no constant declares.
fn accessors(gates: &Gates) -> Vec<Diagnostic> {
    let source = &gates.accessors.source;
    let methods = gates.accessors.file.decls.iter().filter(|decl| decl.receiver.is_some());
    let mut found = Vec::new();
    for method in methods {
        let Some(body) = method.body else { continue };
        // The helper's own body hands its parameter on.
        let wanted = asked(body.of(source.text()));
        for wanted in wanted.iter().filter(|wanted| wanted.starts_with(char::is_uppercase) || wanted.starts_with('"')) {
            if gates.constant(wanted.trim_matches('"')).is_none() || wanted.starts_with('"') {
                let message = format!("{} asks for {wanted}, which no constant declares", method.name());
                let undeclared = Diagnostic::warning("gate-undeclared", message).at(source, method.names[0].span);
                found.push(
                    undeclared.help(format!("declare it in {}, or remove the accessor from {ACCESSORS}", gates.active)),
                );
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    fn found(active: &str, accessors: &str) -> Vec<String> {
        let tree = MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n".to_owned()),
            ("staging/src/kubevirt.io/api/doc.go", "package api\n".to_owned()),
            ("pkg/virt-config/featuregate/active.go", format!("package featuregate\n\n{active}")),
            ("pkg/virt-config/feature-gates.go", format!("package virtconfig\n\n{accessors}")),
        ]);
        let survey = Survey::new(&tree).unwrap();
        let (_, found) = gates(&survey).unwrap();
        found.into_iter().map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message)).collect()
    }

    fn accessor(gate: &str) -> String {
        format!("func (c *ClusterConfig) On() bool {{\n\treturn c.isFeatureGateEnabled({gate})\n}}\n")
    }

    const WIRED: &str =
        "const (\n\tA = \"A\"\n)\n\nfunc init() {\n\tRegisterFeatureGate(FeatureGate{Name: A, State: Alpha})\n}\n";

    #[test]
    fn what_is_wired_is_not_complained_about() {
        assert_eq!(found(WIRED, &accessor("featuregate.A")), Vec::<String>::new());
    }

    #[test]
    fn half_wired_gates_are_found() {
        let unregistered = found("const A = \"A\"\n\nfunc init() {\n}\n", &accessor("featuregate.A"));
        assert!(unregistered[0].starts_with("gate-unregistered: A is declared"), "{unregistered:?}");
        let undeclared = found(WIRED, &accessor("featuregate.B"));
        assert!(undeclared[0].starts_with("gate-undeclared: On asks for B"), "{undeclared:?}");
        let literal = found(WIRED, &accessor("\"A\""));
        assert!(literal[0].starts_with("gate-undeclared: On asks for \"A\""), "{literal:?}");
    }

    #[test]
    fn the_same_gate_twice_is_found() {
        let constants = WIRED.replace("\tA = \"A\"\n", "\tA = \"A\"\n\tB = \"A\"\n");
        let twice =
            found(&constants.replace("}\n", "\tRegisterFeatureGate(FeatureGate{Name: B, State: Alpha})\n}\n"), "");
        assert!(twice.iter().any(|line| line.contains("B and A are the same gate")), "{twice:?}");
        let registered =
            found(&WIRED.replace("}\n", "\tRegisterFeatureGate(FeatureGate{Name: A, State: Beta})\n}\n"), "");
        assert!(registered.iter().any(|line| line.contains("A is registered twice")), "{registered:?}");
    }
}
