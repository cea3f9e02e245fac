//! Text is never code: whatever stands in a field of a tasks.md, every file has the declarations, imports and specs
//! that the same tasks.md has with a plain text in that field, or the task is left to people; and it parses.
//!
//! `TEXTS=1000000 cargo test --release -p xtask --test it fields -- --nocapture` tries that many.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;

use kubevirt_scaffold_core::build_file::{Wanted, update};
use kubevirt_scaffold_core::check::{Against, check as lint, json, sarif};
use kubevirt_scaffold_core::diagnostic::{Severity, is_invisible};
use kubevirt_scaffold_core::documents::Documents;
use kubevirt_scaffold_core::go::{DeclKind, FunctionHead, GinkgoKind, GinkgoNode, GoFile, Target, check, containers};
use kubevirt_scaffold_core::graph;
use kubevirt_scaffold_core::name::{is_free_name, is_go_identifier};
use kubevirt_scaffold_core::pipeline::{Color, Outcome, Proposal, patch, plan_json, propose, summary};
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use proptest::prelude::*;

/// The fields, each with the plain text that stands in it otherwise.
const FIELDS: &[(&str, &str)] = &[
    ("feature", "Clock"),
    ("phase", "Foundation"),
    ("title", "Write it"),
    ("title of a test", "Keep time"),
    ("description", "Keeps the time."),
    ("gate", "GuestClock"),
    ("constant", "GuestClockGate"),
    ("accessor", "GuestClockEnabled"),
    ("owner", "sig-compute"),
    ("release", "v1.8.0"),
    ("configuration", "Alpha"),
    ("test", "keeps the time"),
    ("verify", "shows the time"),
    ("function", "tick(vmi *v1.VirtualMachineInstance) error"),
    ("second function", "tock()"),
    ("purpose", "moves the hand"),
    ("task", "move the hand"),
    ("method", "(c *VirtualMachineController) tack() error"),
    ("validation", "validateClock()"),
    ("content", "Known limits"),
    ("message", "use the other clock"),
    ("state release", "v1.9.0"),
    ("metric", "kubevirt_vmi_clock_info"),
    ("labels", "namespace"),
    ("help", "How late it is."),
    ("constants", "ClockKind constants (kvm, tsc)"),
    ("field", "guestClock"),
    ("path", "pkg/virt-handler/clock/clock.go"),
    ("set", "handler"),
];

/// Pieces that mean something to Go, to a generator, to a drawing, to a terminal, or to a reader of tasks.
const PIECES: &[&str] = &[
    "PWNED",
    "func init() { PWNED() }",
    "func main()",
    "var PWNED = 1",
    "import \"os\"",
    "import . \"os\"",
    "package PWNED",
    "type PWNED struct{}",
    "const PWNED = 1",
    "init",
    "main",
    "init()",
    "main()",
    "len",
    "nil",
    "error",
    "string",
    "_",
    "func",
    "select",
    "{",
    "}",
    "{{",
    "}}",
    "{{{",
    "{}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    ";",
    ",",
    ".",
    ":",
    ":=",
    "=",
    "*",
    "...",
    "\"",
    "'",
    "`",
    "\\",
    "\\\"",
    "//",
    "/*",
    "*/",
    "//go:build PWNED",
    "//go:generate PWNED",
    "//export PWNED",
    "#cgo",
    "+build PWNED",
    "+optional",
    "+k8s:deepcopy-gen=false",
    "//nolint",
    "nolint:all",
    "Deprecated:",
    "%s",
    "%%",
    "%%{init: {}}%%",
    "${PWNED}",
    "$(PWNED)",
    "<script>PWNED</script>",
    "<!--",
    "-->",
    "|",
    "#",
    "##",
    "[x](y)",
    "&lt;",
    "&",
    "\u{0}",
    "\u{1b}[2J",
    "\u{7}",
    "\r",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{9b}31m",
    "\u{ad}",
    "\u{61c}",
    "\u{180e}",
    "\u{200b}",
    "\u{200d}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{3164}",
    "\u{feff}",
    "\u{fff9}",
    "\u{fffd}",
    "\u{e0041}",
    "\u{e007f}",
    "\u{10ffff}",
    "é",
    "日本",
    "😀",
    "²",
    "Ⅷ",
    "vіrt",
    "x\u{301}",
    "a",
    "b int",
    "c string",
    "x",
    "0",
    "1",
    "007",
    "T001",
    "T002",
    "Clock",
    "clock",
    "*v1.VirtualMachineInstance",
    "v1.X",
    "os.File",
    "errors",
    "v1",
    "virtconfig",
    "interface{ PWNED() }",
    "struct{ PWNED int }",
    "map[string]int",
    "[]byte",
    "[PWNED]int",
    "chan int",
    "<-chan int",
    "func(int) error",
    "() error",
    "(int, error)",
    "-",
    "in pkg/x/y.go",
    "pkg/x/y.go",
    "../",
    "../../x",
    "/etc/passwd",
    "~",
    "$HOME",
    "# gazelle:exclude PWNED",
    "load(\"x\")",
    "- [ ] T009 x",
];

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    /// A text: pieces alone, or somewhere in the plain one.
    fn text(&mut self, plain: &str) -> String {
        let mut text = if self.roll(3) == 0 { String::new() } else { plain.to_owned() };
        for _ in 0..=self.roll(4) {
            let piece = match self.roll(12) {
                0 => char::from_u32(u32::try_from(self.roll(0x2_0000)).unwrap()).unwrap_or('x').to_string(),
                1 => "x".repeat(1 + self.roll(300)),
                _ => self.pick(PIECES).to_owned(),
            };
            let at = text.floor_char_boundary(self.roll(text.len() + 1));
            let at = if self.roll(3) == 0 { text.len() } else { at };
            let gap = if self.roll(2) == 0 { " " } else { "" };
            text.insert_str(at, &format!("{gap}{piece}{gap}"));
        }
        // A line is a line; what stands on the next one is another field.
        text.replace('\n', " ")
    }
}

fn tasks(field: &str, text: &str) -> String {
    let of = |name: &str| if name == field { text } else { FIELDS.iter().find(|(known, _)| *known == name).unwrap().1 };
    format!(
        "# Tasks: {feature}\n\n**Owner**: {owner}\n\n## Phase 1: {phase}\n\n\
         - [ ] T001 **Feature gate registration**\n  - Gate: `{gate}`\n  - Constant: `{constant}`\n  - Accessor: `{accessor}`\n  - Owner: {owner}\n  - Release: {release}\n  - Configuration: {configuration}\n  - Description: {description}\n\
         - [ ] T002 **{test_title}**\n  - File: `tests/clock_test.go`\n  - Test: {test}\n  - Test: strikes the hour\n\
         - [ ] T003 **Test it**\n  - File: `pkg/virt-handler/clock/clock_test.go`\n  - Test: {test}\n  - Verify: {verify}\n\
         - [ ] T004 **{title}**\n  - File: `{path}`\n  - Function: `{function}` - {purpose}\n  - Function: `{second}`\n  - Task: {task}\n\
         - [ ] T005 **Say it**\n  - File: `docs/clock.md`\n  - Content: {content}\n\
         - [ ] T006 **Validate it**\n  - File: `pkg/virt-api/webhooks/validating-webhook/admitters/clock.go`\n  - Function: `{validation}`\n  - Validation: {description}\n\
         - [ ] T007 **Discontinue the feature gate `Root`**\n  - Gate: `Root`\n  - Message: {message}\n  - Release: {state_release}\n\
         - [ ] T008 **Measure it**\n  - File: `pkg/monitoring/metrics/virt-handler/clock_metrics.go`\n  - Metric: Define `{metric}` metric\n  - Labels: {labels}\n  - Help: {help}\n\
         - [ ] T010 **{title}**\n  - File: `pkg/virt-[component]/kinds.go`\n  - Task: Define {constants}\n\
         - [ ] T011 **Turn it**\n  - File: `pkg/virt-handler/turn.go`\n  - Function: `{method}`\n\
         - [ ] T012 **Add the field `{api}`**\n  - File: `staging/src/kubevirt.io/api/core/v1/types.go`\n\
         - [ ] T013 **{title}**\n  - File: `pkg/virt-handler/clock/more.go`\n  - Task: {task}\n",
        feature = of("feature"),
        owner = of("owner"),
        phase = of("phase"),
        gate = of("gate"),
        constant = of("constant"),
        accessor = of("accessor"),
        release = of("release"),
        configuration = of("configuration"),
        description = of("description"),
        test_title = of("title of a test"),
        test = of("test"),
        verify = of("verify"),
        title = of("title"),
        path = of("path"),
        function = of("function"),
        purpose = of("purpose"),
        second = of("second function"),
        task = of("task"),
        content = of("content"),
        validation = of("validation"),
        message = of("message"),
        state_release = of("state release"),
        metric = of("metric"),
        labels = of("labels"),
        help = of("help"),
        constants = of("constants"),
        method = of("method"),
        api = of("field"),
    )
}

/// What a Go file is made of, without its texts: kinds and receivers of its declarations, its imports, its specs.
type Skeleton = (Vec<String>, BTreeSet<String>, usize);

fn skeleton(text: &str) -> Skeleton {
    let file = GoFile::parse(text).unwrap();
    let decls = file.decls.iter().map(|decl| {
        let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
        // Those two are not names like others.
        let name = Some(decl.name()).filter(|name| matches!(*name, "init" | "main"));
        format!("{:?} {receiver:?} {name:?} {}", decl.kind, decl.names.len())
    });
    let imports = file.imports.iter().map(|import| format!("{:?} {}", import.alias, import.path)).collect();
    fn specs(nodes: &[GinkgoNode]) -> usize {
        nodes.iter().map(|node| usize::from(node.kind == GinkgoKind::Spec) + specs(&node.children)).sum()
    }
    let specs = specs(&containers(&Target::new(text, &file)).unwrap());
    (decls.collect(), imports, specs)
}

fn run(survey: &Survey<'_>, field: &str, text: &str) -> Proposal {
    let component = if field == "set" { text } else { "handler" };
    let mut options = Options::default();
    options.placeholders.set("component", component);
    options.ignore_compliance = true;
    propose(&Source::new("tasks.md", tasks(field, text)), survey, &options)
}

fn skeletons(proposal: &Proposal) -> BTreeMap<String, Skeleton> {
    let go = proposal.set.changes.iter().filter(|change| change.path.ends_with(".go"));
    go.map(|change| (change.path.to_string(), skeleton(&change.after))).collect()
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
        "\"context\"",
        "\"time\"",
        "\"errors\"",
    ];
    let path = import.rsplit(' ').next().unwrap();
    known.contains(&path) || more.iter().any(|other| other.trim_matches('"') == path)
}

fn looked_at(proposal: &Proposal, plain: &BTreeMap<String, Skeleton>, field: &str) {
    let hidden = |c: char| is_invisible(c) && !matches!(c, '\n' | '\t');
    let shown = summary(proposal, "x", &[], Color::Never) + &proposal.diff(Color::Always).replace('\u{1b}', "");
    assert!(!shown.contains(hidden), "hidden in {shown:?}");
    let document = plan_json(proposal, &Outcome::default());
    assert!(!document.contains(hidden), "hidden in the JSON");
    for diagnostic in proposal.diagnostics() {
        assert!(!diagnostic.render(false).contains(hidden));
        assert!(diagnostic.code != "internal", "{}", diagnostic.render(false));
    }
    if proposal.is_refused() {
        return;
    }
    patch(&proposal.set.changes);
    for change in &proposal.set.changes {
        let after = &*change.after;
        let what = format!("{}:\n{after}", change.path);
        assert!(!after.contains(hidden), "hidden in {what:?}");
        if change.path.ends_with("BUILD.bazel") {
            update(after, &Wanted::default()).unwrap_or_else(|error| panic!("{error:?}: {what}"));
            assert!(!after.contains("PWNED") || field == "path" || field == "set", "{what}");
        } else if change.path.ends_with(".md") {
            markdown(after);
        } else if change.path.ends_with(".go") {
            go(&change.path, after, change.before.as_deref(), plain, field);
        }
    }
}

fn go(path: &str, after: &str, before: Option<&str>, plain: &BTreeMap<String, Skeleton>, field: &str) {
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
    let Some((wanted, known_imports, known_specs)) = plain.get(path) else {
        assert!(
            matches!(field, "path" | "set" | "gate" | "constant" | "feature" | "release" | "title"),
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
    let new: Vec<&String> = imports.iter().filter(|import| !known_imports.contains(*import)).collect();
    assert!(new.iter().all(|import| signature && may_import(import)), "imports {new:?} in {}", what());
    assert!(specs <= *known_specs, "{specs} specs instead of {known_specs} in {}", what());
    let mut left = wanted.clone();
    for decl in &decls {
        let at = left
            .iter()
            .position(|known| known == decl || signature && decl.starts_with("Func") && known.starts_with("Func"));
        let at = at.unwrap_or_else(|| panic!("{decl} is not among {wanted:?} in {}", what()));
        left.remove(at);
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
    let hidden = |c: char| is_invisible(c) && c != '\n';
    assert!(!text.contains(hidden), "{text:?}");
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
    let hidden = |c: char| is_invisible(c) && c != '\n';
    for document in [
        json("tasks.md", Some(&found.file), &found.diagnostics),
        sarif(&found.diagnostics),
        graph::json(&found.file, &found.graph, &found.analysis),
    ] {
        assert!(!document.contains(hidden), "{document:?}");
        serde_json::from_str::<serde_json::Value>(&document).unwrap();
    }
    for diagnostic in &found.diagnostics {
        assert!(!diagnostic.render(false).contains(hidden));
    }
    assert!(!graph::text(&found.file, &found.graph, &found.analysis).contains(hidden));
    drawn(&graph::mermaid(&found.file, &found.graph));
    dotted(&graph::dot(&found.file, &found.graph));
}

#[test]
fn whatever_stands_in_a_field_is_data() {
    let tree = kubevirt_scaffold::sample::tree();
    let survey = Survey::new(&tree).unwrap();
    let plain = skeletons(&run(&survey, "", ""));
    assert!(plain.len() > 12, "{:?}", plain.keys());
    let count: usize = std::env::var("TEXTS").map_or(1500, |count| count.parse().unwrap());
    let seed: u64 = std::env::var("TEXTS_SEED").map_or(0x9e37_79b9_7f4a_7c15, |seed| seed.parse().unwrap());
    let mut dice = Dice(seed);
    let (mut made, mut refused, mut wrong) = (0, 0, Vec::new());
    for at in 0..count {
        let (field, usual) = FIELDS[at % FIELDS.len()];
        let text = dice.text(usual);
        let tried = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let proposal = run(&survey, field, &text);
            looked_at(&proposal, &plain, field);
            checked(&tasks(field, &text));
            (proposal.set.changes.len(), proposal.is_refused())
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

/// Pieces of heads, right ones and wrong ones.
fn head() -> impl Strategy<Value = String> {
    let ty = prop::sample::select(vec![
        "int",
        "*v1.X",
        "[]string",
        "map[string]*a.B",
        "chan int",
        "<-chan int",
        "chan<- (<-chan T)",
        "func(int) error",
        "...T",
        "[3]int",
        "[]func(a, b int) (c error)",
        "interface{}",
        "struct{}",
        "sets.Set[string]",
        "(T)",
        "select",
        "[n]int",
        "{}",
        "²",
        "interface{ A() }",
        "A.B.C",
        "*",
        "x y",
        "map[T]",
        "func",
        "chan",
        "[]",
        "G[A, B]",
        "~int",
        "A | B",
    ]);
    let name = prop::sample::select(vec!["a", "b", "_", "error", "func", "errors", "Größe", "", "a, b", "nil", "v1"]);
    let parameter = (name, ty).prop_map(|(name, ty)| format!("{name} {ty}"));
    let list = || prop::collection::vec(parameter.clone(), 0..4).prop_map(|list| list.join(", "));
    let end = prop::sample::select(vec![
        "",
        "",
        "",
        " {",
        " {}",
        "; func init() {}",
        " {}; var x = 1",
        "\u{0}",
        " // x",
        " = 1",
    ]);
    let receiver = prop::sample::select(vec!["", "", "(c *C) ", "(C) ", "(c C, d D) ", "() ", "func "]);
    let results =
        prop_oneof![Just(String::new()), list().prop_map(|list| format!("({list})")), Just("error".to_owned())];
    prop_oneof![
        9 => (receiver, "[a-z]{1,4}", list(), results, end)
            .prop_map(|(receiver, name, list, results, end)| format!("{receiver}{name}({list}) {results}{end}")),
        1 => "\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("TEXTS").ok().and_then(|count| count.parse().ok()).unwrap_or(4000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// What the fuzz target `signatures` holds, too.
    #[test]
    fn a_head_is_one_function(text in head()) {
        if let Ok(head) = FunctionHead::parse(&text) {
            let receiver = head.receiver.as_ref().map(|receiver| {
                let name = receiver.names.first().map(|name| format!("{name} ")).unwrap_or_default();
                format!("({name}{}) ", receiver.ty.text)
            });
            let written = format!("{}{}{}", receiver.unwrap_or_default(), head.name, head.signature());
            prop_assert_eq!(FunctionHead::parse(&written), Ok(head.clone()), "{}", written);
            let source = format!("package a\n\nfunc {written} {{\n}}\n");
            check(&source).unwrap();
            let file = GoFile::parse(&source).unwrap();
            prop_assert!(file.imports.is_empty());
            let only = file.decls.len() == 1 && file.decls[0].kind == DeclKind::Func && file.decls[0].name() == head.name;
            prop_assert!(only, "{}", source);
        }
    }
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
        let clock = |path: &str| proposal.set.changes.iter().any(|change| *change.path == *path);
        assert!(!clock("pkg/virt-handler/clock/clock.go"), "{text}");
        assert!(clock("docs/clock.md"), "other tasks go on");
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
