//! Functions that tasks name: `Function: detectType(vmi *v1.VirtualMachineInstance) error - …`.

use super::PlannedTask;
use crate::go::{Fragment, ImportSpec, is_standard};
use crate::name::is_go_identifier;
use crate::text::Span;

/// A function that a task asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Function {
    /// Its name.
    pub name: String,
    /// What it is a method of: `c *Controller`.
    pub receiver: Option<String>,
    /// What stands between the parentheses, if the task says.
    pub parameters: Option<String>,
    /// What stands behind them.
    pub results: String,
    /// What it is for, in the task's words.
    pub purpose: String,
}

/// The functions that a task asks to be written, and those that it says are there.
pub(super) fn functions(task: &PlannedTask) -> (Vec<Function>, Vec<String>) {
    let mut wanted: Vec<Function> = Vec::new();
    let mut existing: Vec<String> = Vec::new();
    let named = |key: &str| matches!(key, "function" | "functions" | "func" | "method");
    let lines = task.details.iter().filter(|(key, _)| {
        named(key) || matches!(key.as_str(), "task" | "logic" | "implementation" | "integration" | "location" | "")
    });
    let title = [(String::new(), task.title.clone())];
    for (key, text) in title.iter().chain(lines) {
        for (code, before, after) in calls(text) {
            let Some(function) = read(&code, after, named(key) && before.trim().is_empty()) else { continue };
            let is_new = named(key)
                || matches!(key.as_str(), "task" | "logic" | "implementation" | "") && creates(before)
                || key.is_empty() && is_subject(before, after);
            if is_new && !wanted.iter().any(|known| known.name == function.name) {
                wanted.push(function);
            } else if !is_new && !existing.contains(&function.name) {
                existing.push(function.name);
            }
        }
    }
    existing.retain(|name| !wanted.iter().any(|function| function.name == *name));
    (wanted, existing)
}

/// Every `name(…)` in a text: the call, the words before it, and the text after it.
fn calls(text: &str) -> Vec<(String, &str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for (index, part) in text.split('`').enumerate() {
        let end = at + part.len();
        if index % 2 == 1 {
            found.push((part.to_owned(), &text[..at.saturating_sub(1)], text.get(end + 1..).unwrap_or_default()));
        } else {
            for word in part.split_whitespace().filter(|word| word.trim_end_matches(['.', ',', ';']).ends_with("()")) {
                let start = at + (word.as_ptr() as usize - part.as_ptr() as usize);
                let code = word.trim_end_matches(['.', ',', ';']);
                found.push((code.to_owned(), &text[..start], &text[start + word.len()..]));
            }
        }
        at = end + 1;
    }
    found
}

/// Words before a function that is there already.
const PLACES: &[&str] = &[
    "existing", "in", "to", "into", "from", "via", "call", "calls", "calling", "by", "like", "use", "uses", "using",
    "of", "extend", "extends", "with", "within", "before", "after", "follow", "modify", "update", "inside", "the",
];

/// Whether the words before a function say that it is to be written: a verb of making, and no
/// preposition that puts something else into it.
fn creates(before: &str) -> bool {
    const MAKES: &[&str] = &["implement", "add", "create", "define", "introduce", "write", "provide", "new"];
    let lower = before.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let last = words.last().copied().unwrap_or_default();
    !PLACES.contains(&last) && words.iter().any(|word| MAKES.iter().any(|make| word.starts_with(make)))
}

/// Whether a title is about a function and the file that it goes into: ``Planner `plan()` in `x.go` ``.
fn is_subject(before: &str, after: &str) -> bool {
    const USES: &[&str] =
        &["wire", "hook", "invoke", "fix", "refactor", "register", "review", "test", "remove", "move"];
    let lower = before.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let in_file = after.trim_start().strip_prefix("in ").and_then(|rest| rest.split_whitespace().next());
    in_file.is_some_and(|file| file.contains('/'))
        && words.clone().next_back().is_some_and(|last| !PLACES.contains(&last))
        && !words.any(|word| USES.iter().any(|verb| word.starts_with(verb)) || PLACES.contains(&word))
}

/// Reads `func (r *R) name(a A) (B, error)`; a name alone only where `bare` allows it.
fn read(code: &str, after: &str, bare: bool) -> Option<Function> {
    let mut code = code.trim().trim_start_matches("func ").trim();
    let mut receiver = None;
    if code.starts_with('(') {
        let close = matching(code, 0)?;
        receiver = Some(code[1..close].trim().to_owned());
        code = code[close + 1..].trim();
    }
    let whole = if bare && is_go_identifier(code) { format!("{code}()") } else { code.to_owned() };
    let code = whole.as_str();
    let open = code.find('(')?;
    let name = code[..open].trim();
    // `pkg.Name()` is somebody else's.
    if !is_go_identifier(name) {
        return None;
    }
    let close = matching(code, open)?;
    let parameters = code[open + 1..close].trim();
    let results = code[close + 1..].trim().trim_end_matches('{').trim();
    let purpose = after.trim_start_matches([' ', '-', '–', '—', ':']).trim().trim_start_matches("function").trim();
    let purpose = purpose.trim_start_matches("and ").replace('`', "");
    Some(Function {
        name: name.to_owned(),
        receiver,
        parameters: (!parameters.is_empty()).then(|| parameters.to_owned()),
        results: results.to_owned(),
        purpose: if purpose.contains("()") || is_place(&purpose) { String::new() } else { purpose },
    })
}

/// `in pkg/x/plan.go` says where, not what for.
fn is_place(purpose: &str) -> bool {
    let place = ["in ", "at ", "to ", "into "].iter().find_map(|word| purpose.strip_prefix(word));
    place.is_some_and(|place| place.contains('/') && !place.trim().contains(' '))
}

fn matching(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

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

/// The signature of a function as a task writes it, if every type in it is known; `declared` tells
/// which types the package has.
pub(super) fn signature(function: &Function, declared: &dyn Fn(&str) -> bool) -> Option<Signature> {
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
                let (alias, path) = QUALIFIERS.iter().find(|(alias, _)| *alias == word)?;
                let spec = if is_standard(path) { ImportSpec::plain(*path) } else { ImportSpec::named(alias, *path) };
                imports.push(spec);
            }
            "qualified_type" => stack.extend(node.child(0)),
            "type_identifier" if !BUILTIN.contains(&word) && !declared(word) => return None,
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

/// The value of a type that means nothing yet.
pub fn zero(ty: &str) -> String {
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
    use crate::plan::Scaffold;

    fn task(details: &[(&str, &str)]) -> PlannedTask {
        PlannedTask {
            index: 0,
            id: "T001".into(),
            title: "Do it".into(),
            subject: "Do it".into(),
            phase: None,
            line: 1,
            details: details.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            optional: false,
            scaffold: Scaffold::Component,
            selected: true,
        }
    }

    fn names(key: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let (wanted, existing) = functions(&task(&[(key, text)]));
        (wanted.into_iter().map(|function| function.name).collect(), existing)
    }

    #[test]
    fn new_functions_are_told_from_those_that_are_there() {
        for (key, text, wanted, existing) in [
            ("function", "`hasSupport()` - check `/dev/mshv` device exists", vec!["hasSupport"], vec![]),
            ("task", "Implement `a()` and `b()`", vec!["a", "b"], vec![]),
            ("task", "Add registration to existing `SetupMetrics()` function", vec![], vec!["SetupMetrics"]),
            ("task", "Register handlers in `SetupMetrics()`", vec![], vec!["SetupMetrics"]),
            ("task", "Implement handleVMIAdd() for events", vec!["handleVMIAdd"], vec![]),
            ("function", "Detection logic for availability", vec![], vec![]),
            ("task", "Add a call of `log.Log()`", vec![], vec![]),
            ("function", "`validateTrunk` - VLAN IDs are small", vec!["validateTrunk"], vec![]),
            ("function", "Extend `Controller`", vec![], vec![]),
            ("function", "`(c *Controller) sync(x int) error` - syncs", vec!["sync"], vec![]),
            ("", "Planner `plan()` in `pkg/x/plan.go`", vec!["plan"], vec![]),
            ("", "Wire `plan()` in `pkg/x/plan.go`", vec![], vec!["plan"]),
            ("", "Call of `plan()` in `pkg/x/plan.go`", vec![], vec!["plan"]),
        ] {
            let strings = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(names(key, text), (strings(wanted), strings(existing)), "{text}");
        }
    }

    #[test]
    fn a_purpose_is_what_stands_behind() {
        let (wanted, _) = functions(&task(&[("function", "`hasSupport()` - check `/dev/mshv` device exists")]));
        assert_eq!(wanted[0].purpose, "check /dev/mshv device exists");
    }

    #[test]
    fn signatures_are_taken_where_every_type_is_known() {
        let (wanted, _) =
            functions(&task(&[("function", "`detect(vmi *v1.VirtualMachineInstance, n Node) (bool, error)`")]));
        let known = signature(&wanted[0], &|name| name == "Node").unwrap();
        assert_eq!(known.text, "(vmi *v1.VirtualMachineInstance, n Node) (bool, error)");
        assert_eq!(known.imports, [ImportSpec::named("v1", "kubevirt.io/api/core/v1")]);
        assert_eq!(known.results, ["bool", "error"]);
        assert_eq!(signature(&wanted[0], &|_| false), None);
        let unknown = Function { parameters: Some("x foo.Bar".into()), ..wanted[0].clone() };
        assert_eq!(signature(&unknown, &|_| true), None);
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
