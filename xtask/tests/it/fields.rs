//! Text is never code: whatever stands in a field of a tasks.md, every file has the declarations, imports and specs
//! that the same tasks.md has with a plain text in that field, or the task is left to people; and it parses.
//!
//! `TEXTS=1000000 cargo test --release -p xtask --test it fields -- --nocapture` tries that many.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, LazyLock};

use kubevirt_scaffold_core::build_file::{Wanted, update};
use kubevirt_scaffold_core::check::{Against, check as lint, json, sarif};
use kubevirt_scaffold_core::diagnostic::{Severity, visible_lines};
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::go::{DeclKind, GinkgoKind, GinkgoNode, GoFile, Target, check, containers};
use kubevirt_scaffold_core::graph;
use kubevirt_scaffold_core::name::{is_free_name, is_go_identifier};
use kubevirt_scaffold_core::pipeline::{Color, Look, Outcome, Proposal, decide, patch, plan_json, render, summary};
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::template::Renderer;
use kubevirt_scaffold_core::text::Source;
use serde::de::IgnoredAny;

use crate::field_texts::{Dice, FIELDS, tasks};

/// What a Go file is made of, without its texts: kinds and receivers of its declarations, its imports, its specs.
type Skeleton = (Vec<String>, BTreeSet<String>, usize);

/// What the plain texts make of each file: its text, and the skeleton of Go.
type Plain = BTreeMap<String, (Arc<str>, Option<Skeleton>)>;

fn specs(nodes: &[GinkgoNode]) -> usize {
    nodes.iter().map(|node| usize::from(node.kind == GinkgoKind::Spec) + specs(&node.children)).sum()
}

fn skeleton(text: &str) -> Skeleton {
    let file = GoFile::parse(text).unwrap();
    let decls = file.decls.iter().map(|decl| {
        let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
        // Those two are not names like others.
        let name = Some(decl.name()).filter(|name| matches!(*name, "init" | "main"));
        format!("{:?} {receiver:?} {name:?} {}", decl.kind, decl.names.len())
    });
    let imports = file.imports.iter().map(|import| format!("{:?} {}", import.alias, import.path)).collect();
    let specs = specs(&containers(&Target::new(text, &file)).unwrap());
    (decls.collect(), imports, specs)
}

fn run(survey: &Survey<'_>, field: &str, text: &str) -> Proposal {
    static RENDERER: LazyLock<Renderer> = LazyLock::new(Renderer::default);
    let component = if field == "set" { text } else { "handler" };
    let mut options = Options::default();
    options.placeholders.set("component", component);
    options.ignore_compliance = true;
    render(decide(&Source::new("tasks.md", tasks(field, text)), survey, &options), &options, &RENDERER)
}

fn plain(proposal: &Proposal) -> Plain {
    let file = |text: &Arc<str>, is_go| (text.clone(), Some(text).filter(|_| is_go).map(|text| skeleton(text)));
    let changes = &proposal.set.changes;
    changes.iter().map(|change| (change.path.to_string(), file(&change.after, change.path.ends_with(".go")))).collect()
}

/// Whether a character hides in a text of several lines.
fn hides(text: &str) -> bool {
    visible_lines(text) != text
}

/// What signatures may import without anybody saying so.
fn may_import(import: &str) -> bool {
    let known = [
        "kubevirt.io/api/core/v1",
        "k8s.io/api/core/v1",
        "k8s.io/apimachinery/pkg/apis/meta/v1",
        "libvirt.org/go/libvirtxml",
    ];
    let more = [
        "k8s.io/client-go/tools/cache",
        "kubevirt.io/kubevirt/pkg/virt-config",
        "kubevirt.io/kubevirt/pkg/pointer",
        "\"context\"",
        "\"time\"",
        "\"errors\"",
    ];
    let path = import.rsplit(' ').next().unwrap();
    known.contains(&path) || more.iter().any(|other| other.trim_matches('"') == path)
}

/// Looks at all that a text leads to, but not again at the files that the plain texts make as well.
fn looked_at(mut proposal: Proposal, plain: &Plain, field: &str, text: &str) {
    let set = &mut proposal.set;
    for change in &mut set.changes {
        if plain.get(&*change.path).is_some_and(|(known, _)| *known == change.after) {
            // What is said about the file stays.
            (change.before, change.after) = (change.before.take().map(|_| "".into()), "\n".into());
        }
    }
    let proposal = &proposal;
    let look = Look { color: Color::Never, path: &str::to_owned, files: true, place: &|line| line.to_string() };
    let shown = summary(proposal, "x", &[], &look) + &proposal.diff(Color::Always).replace('\u{1b}', "");
    assert!(!hides(&shown), "hidden in {shown:?}");
    let document = plan_json(proposal, &Outcome::default());
    assert!(!hides(&document), "hidden in the JSON");
    for diagnostic in proposal.diagnostics() {
        assert!(!hides(&diagnostic.render(false)));
        assert!(diagnostic.code != "internal", "{}", diagnostic.render(false));
    }
    if proposal.is_refused() {
        return;
    }
    patch(&proposal.set.changes);
    for change in proposal.set.changes.iter().filter(|change| *change.after != *"\n") {
        let after = &*change.after;
        let what = format!("{}:\n{after}", change.path);
        assert!(!hides(after), "hidden in {what:?}");
        if change.path.ends_with("BUILD.bazel") {
            update(after, &Wanted::default()).unwrap_or_else(|error| panic!("{error:?}: {what}"));
            assert!(!after.contains("PWNED") || field == "path" || field == "set", "{what}");
        } else if change.path.ends_with(".md") {
            markdown(after);
        } else if change.path.ends_with(".go") {
            go(&change.path, after, change.before.as_deref(), plain, (field, text));
        }
    }
}

fn go(path: &str, after: &str, before: Option<&str>, plain: &Plain, (field, text): (&str, &str)) {
    let what = || format!("{path}:\n{after}");
    check(after).unwrap_or_else(|error| panic!("{error:?}: {}", what()));
    let file = GoFile::parse(after).unwrap();
    let known = before.map(|before| GoFile::parse(before).unwrap());
    let mut seen = BTreeSet::new();
    for decl in &file.decls {
        for name in &decl.names {
            let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
            let is_tree = decl.kind == DeclKind::Var && name.text == "_";
            let is_old = known
                .as_ref()
                .is_some_and(|known| known.decls.iter().any(|old| old.names.iter().any(|old| old.text == name.text)));
            let is_init = name.text == "init" && path.contains("featuregate");
            let free = is_free_name(&name.text) || receiver.is_some() && is_go_identifier(&name.text);
            assert!(is_tree || is_old || is_init || free, "{} in {}", name.text, what());
            assert!(
                is_tree || is_old || seen.insert((receiver, name.text.as_str())),
                "{} twice in {}",
                name.text,
                what()
            );
        }
    }
    assert!(is_go_identifier(file.package.text.as_str()), "{}", what());
    let (decls, imports, specs) = skeleton(after);
    let Some((wanted, known_imports, known_specs)) = plain.get(path).and_then(|(_, skeleton)| skeleton.as_ref()) else {
        assert!(
            // The test of a validator is made where no other one is listed.
            matches!(field, "path" | "set" | "gate" | "constant" | "feature" | "release" | "title")
                || field == "validation" && path.ends_with("_test.go"),
            "{field} makes {}",
            what()
        );
        return;
    };
    // Where nothing else can be read from a task about a file, it asks for one function.
    let is_stub = matches!(field, "metric" | "constants")
        && *wanted != decls
        && matches!(decls.as_slice(), [only] if only.starts_with("Func"));
    if is_stub {
        assert!(specs == 0 && imports.iter().all(|import| may_import(import)), "{}", what());
        return;
    }
    // A signature says which packages it needs, and a task that is left to people asks for nothing in a file.
    let signature = matches!(field, "function" | "second function" | "method");
    let api = matches!(field, "field" | "json" | "parts" | "values");
    let may_name = signature || api || matches!(field, "title" | "task" | "purpose" | "constants" | "validation");
    let new: Vec<&String> = imports.iter().filter(|import| !known_imports.contains(*import)).collect();
    // A validator is for the field that it is named after, and asks for the gate then, or where a line says so.
    let says = matches!(field, "validation" | "task" | "title" | "purpose" | "function" | "second function");
    let asks = (says || matches!(field, "gate" | "feature" | "field" | "json")) && path.contains("/admitters/");
    let gated = |import: &str| {
        const NAMES: &[&str] = &["featuregate", "pointer", "gomega", "field", "v1", "testutils", "virt-config"];
        import == "None fmt" || NAMES.iter().any(|name| import.ends_with(&format!("/{name}")))
    };
    // A type of the standard library says by itself where it is from.
    let standard = |import: &str| {
        let path = import.rsplit(' ').next().unwrap_or(import);
        let last = path.rsplit('/').next().unwrap_or(path);
        !path.contains('.') && text.contains(&format!("{last}."))
    };
    let may = |import: &str| may_name && (may_import(import) || standard(import)) || asks && gated(import);
    assert!(new.iter().all(|import| may(import)), "imports {new:?} in {}", what());
    // Each validator that a line names has its spec.
    let more = if field == "validation" { text.matches("()").count() } else { 0 };
    assert!(specs <= known_specs + more, "{specs} specs instead of {known_specs} in {}", what());
    let mut left = wanted.clone();
    for decl in &decls {
        let at = left
            .iter()
            .position(|known| known == decl || signature && decl.starts_with("Func") && known.starts_with("Func"));
        if let Some(at) = at {
            left.remove(at);
        } else {
            // A title or a task names functions as people do, `tick()`: those that it names are made, and no other.
            // A line about the API can name types and their values.
            let function = decl.starts_with("Func ")
                && file.decls.iter().any(|made| {
                    let names = [format!("{}(", made.name()), format!("`{}`", made.name())];
                    made.kind == DeclKind::Func && names.iter().any(|name| text.contains(name))
                });
            let types = api && (decl.starts_with("Type ") || decl.starts_with("Const "));
            // The values of a list may be others.
            let values = field == "constants" && decl.starts_with("Const ") && text.contains(" constants");
            let named = may_name && (function || types || values);
            assert!(named, "{decl} is not among {wanted:?} in {}", what());
        }
    }
}

/// No raw HTML and no link outside of code.
fn markdown(text: &str) {
    let mut fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let code = |at: usize| fenced || !line[..at].replace("\\`", "").matches('`').count().is_multiple_of(2);
        for (at, c) in line.char_indices().filter(|(_, c)| matches!(c, '<' | '>' | '[' | ']' | '|')) {
            let escaped = line[..at].ends_with('\\');
            assert!(escaped || code(at), "{c} in {line:?}");
        }
    }
}

/// A line of Mermaid: fixed words, and labels in quotes in which nothing ends them.
fn drawn(text: &str) {
    assert!(!hides(text) && !text.contains('\t'), "{text:?}");
    for line in text.lines().map(str::trim_start) {
        let Some((head, label)) = line.split_once("[\"") else {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '=' | '.' | '>');
            assert!(line.chars().all(plain), "{line:?}");
            continue;
        };
        let label = label.strip_suffix("\"]").unwrap_or_else(|| panic!("{line:?}"));
        assert!(head.chars().all(|c| c.is_ascii_alphanumeric() || c == ' '), "{line:?}");
        assert!(!label.contains(['"', '<', '>', '&', '`', '{', '}', '\\']) && !label.contains("%%"), "{line:?}");
    }
}

/// A file for Graphviz: outside of its strings stand fixed words alone.
fn dotted(text: &str) {
    for line in text.lines() {
        let mut outside = String::new();
        let (mut inside, mut chars) = (false, line.chars());
        while let Some(c) = chars.next() {
            match c {
                '\\' if inside => drop(chars.next()),
                '"' => inside = !inside,
                c if !inside => outside.push(c),
                _ => {}
            }
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || " _-=>[]{};,".contains(c);
        assert!(!inside && outside.chars().all(plain), "{line:?}");
    }
}

fn checked(text: &str) {
    let source = Source::new("tasks.md", text);
    let documents = Documents::new([source.clone()]);
    let found = lint(&source, Against { documents: &documents, tree: None });
    for document in [
        json("tasks.md", Some(&found.file), &found.diagnostics, None),
        sarif(&found.diagnostics),
        graph::json(&found.file, &found.graph, &found.analysis),
    ] {
        assert!(!hides(&document), "{document:?}");
        serde_json::from_str::<IgnoredAny>(&document).unwrap();
    }
    for diagnostic in &found.diagnostics {
        assert!(!hides(&diagnostic.render(false)));
    }
    assert!(!hides(&graph::text(&found.file, &found.graph, &found.analysis)));
    drawn(&graph::mermaid(&found.file, &found.graph));
    dotted(&graph::dot(&found.file, &found.graph));
}

#[test]
fn whatever_stands_in_a_field_is_data() {
    let tree = kubevirt_scaffold::sample::tree();
    let survey = Survey::new(&tree).unwrap();
    let proposal = run(&survey, "", "");
    let plain = plain(&proposal);
    assert!(plain.len() > 16, "{:?}", plain.keys());
    // Once in full.
    looked_at(proposal, &BTreeMap::new(), "path", "");
    let count: usize = std::env::var("TEXTS").map_or(1500, |count| count.parse().unwrap());
    let seed: u64 = std::env::var("TEXTS_SEED").map_or(0x9e37_79b9_7f4a_7c15, |seed| seed.parse().unwrap());
    let mut dice = Dice(seed);
    let (mut made, mut refused, mut wrong) = (0, 0, Vec::new());
    for at in 0..count {
        let (field, usual) = FIELDS[at % FIELDS.len()];
        let text = dice.text(usual);
        let tried = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let proposal = run(&survey, field, &text);
            let counts = (proposal.set.changes.len(), proposal.is_refused());
            looked_at(proposal, &plain, field, &text);
            checked(&tasks(field, &text));
            counts
        }));
        match tried {
            Ok((files, is_refused)) => {
                made += files;
                refused += usize::from(is_refused);
            }
            Err(_) => wrong.push(format!("{field}: {text:?}")),
        }
        assert!(wrong.len() < 10, "wrong of {at} texts:\n{}", wrong.join("\n"));
    }
    assert!(wrong.is_empty(), "wrong of {count} texts:\n{}", wrong.join("\n"));
    println!("{count} texts, {made} files looked at, {refused} refused");
    assert!(made > count, "{made}");
}

/// The texts that were code once.
#[test]
fn a_function_line_is_one_function_or_none() {
    let tree = kubevirt_scaffold::sample::tree();
    let survey = Survey::new(&tree).unwrap();
    for (text, code) in [
        ("a() { println(1) }; func init() { println(\"PWNED\") }; func b()", "signature-wrong"),
        ("a() error { return nil }; var PWNED = 1; func b() error", "signature-wrong"),
        ("aC() {{x}}", "signature-wrong"),
        ("a(x int\u{0})", "signature-wrong"),
        ("init()", "name-reserved"),
        ("main()", "name-reserved"),
        ("len(x []string) int", "name-reserved"),
        ("errors()", "name-reserved"),
    ] {
        let proposal = run(&survey, "function", text);
        let said: Vec<_> = proposal.diagnostics().filter(|diagnostic| diagnostic.code == code).collect();
        assert_eq!(said.len(), 1, "{text}");
        assert!(said[0].severity == Severity::Warning && said[0].place.is_some() && said[0].help.is_some(), "{text}");
        let made = |path: &str| proposal.set.changes.iter().find(|change| *change.path == *path);
        // The task's other function is written, and it alone.
        let clock = made("pkg/virt-handler/clock/clock.go").map_or("", |change| &*change.after);
        let funcs: Vec<&str> = clock.lines().filter(|line| line.starts_with("func ")).collect();
        assert!(
            matches!(funcs[..], [tock] if tock.starts_with("func tock(")) && !clock.contains("PWNED"),
            "{text}: {clock}"
        );
        assert!(made("docs/clock.md").is_some(), "other tasks go on");
        let left = proposal.plan.manual.iter().any(|manual| manual.reason.to_string().contains("line 25 asks for"));
        assert!(left, "{text}: {:?}", proposal.plan.manual);
        let source = Source::new("tasks.md", tasks("function", text) + "\nKubeVirt\n");
        let documents = Documents::new([source.clone()]);
        let found = lint(&source, Against { documents: &documents, tree: None });
        let errors = found.diagnostics.iter().filter(|d| d.code == code && d.severity == Severity::Error);
        // Only a checkout tells that `errors` is the name of a package.
        assert_eq!(errors.count(), usize::from(text != "errors()"), "{text}");
    }
}
