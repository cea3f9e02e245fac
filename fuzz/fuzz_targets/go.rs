//! Any bytes as a Go file that every kind of edit is made to. What parses before must parse after, and
//! every byte outside of the insertions must be the same.
#![no_main]

use kubevirt_scaffold_core::go::{AnchorError, DeclKind, FuncName, GoFile, ImportSpec, Target};
use kubevirt_scaffold_core::go::{add_imports, check, merge};
use kubevirt_scaffold_core::text::{TextEdit, TextEdits};
use libfuzzer_sys::fuzz_target;

const COMPONENT: &str = "package a\n\nimport (\n\t\"fmt\"\n\n\tv1 \"kubevirt.io/api/core/v1\"\n)\n\n\
    // ErrX says so.\nconst ErrX = \"x\"\n\ntype Thing struct {\n\tname string\n}\n\n\
    func (t *Thing) Run(vmi *v1.VirtualMachineInstance) error {\n\treturn fmt.Errorf(\"%s\", t.name)\n}\n\n\
    func init() {\n\tfmt.Println()\n}\n";

const SPECS: &str = "package a_test\n\nimport (\n\t. \"github.com/onsi/ginkgo/v2\"\n\t. \"github.com/onsi/gomega\"\n)\n\n\
    var _ = Describe(\"A\", func() {\n\tBeforeEach(func() {\n\t\tExpect(1).To(Equal(1))\n\t})\n\n\
    \tContext(\"c\", func() {\n\t\tIt(\"T1: d\", func() {\n\t\t\tFail(\"T1\")\n\t\t})\n\t})\n\n\
    \tIt(\"T2: e\", func() {\n\t\tFail(\"T2\")\n\t})\n})\n";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // Errors near `new` are passed over, whatever they are.
    let parses = check(text).is_ok() && !text.contains("new");
    let Ok(file) = GoFile::parse(text) else { return };
    let target = Target::new(text, &file);

    attempt(&target, parses, Ok(vec![target.append_declaration("func added() {}")]));
    attempt(&target, parses, target.append_constant("Added = 1").map(|edit| vec![edit]));
    let imports = [ImportSpec::plain("fmt"), ImportSpec::named("v1", "kubevirt.io/api/core/v1")];
    attempt(&target, parses, Ok(add_imports(text, &file, &imports, "kubevirt.io/kubevirt")));
    for rendered in [COMPONENT, SPECS] {
        let new = GoFile::parse(rendered).expect("it is Go");
        let wanted = Target::new(rendered, &new);
        attempt(&target, parses, merge(&target, &wanted, "kubevirt.io/kubevirt", &|_| false));
    }
    for decl in file.decls.iter().take(6) {
        let name = decl.name();
        match decl.kind {
            DeclKind::Func => {
                let func = FuncName { receiver: decl.receiver.as_ref().map(|r| r.type_name.as_str()), name };
                attempt(&target, parses, target.append_statement(func, "added()").map(|edit| vec![edit]));
                let edit = target.before_final_return(func, |value| format!("use({value})\n"));
                attempt(&target, parses, edit.map(|edit| vec![edit]));
                let edit = target.after_last_append(func, |name| format!("{name} = append({name}, 1)\n"));
                attempt(&target, parses, edit.map(|edit| vec![edit]));
                let edit = target.append_argument(func, "call", "added");
                attempt(&target, parses, edit.map(|edit| edit.into_iter().collect()));
                attempt(&target, parses, target.beside_call(func, "call", "added()\n").map(|edit| vec![edit]));
            }
            DeclKind::Type => {
                attempt(&target, parses, target.append_field(name, "added int").map(|edit| vec![edit]));
                attempt(&target, parses, target.after_type(name, "type Added int").map(|edit| vec![edit]));
            }
            _ => attempt(&target, parses, target.append_element(name, "1").map(|edit| vec![edit])),
        }
    }
});

fn attempt(target: &Target<'_>, parses: bool, edits: Result<Vec<TextEdit>, AnchorError>) {
    let Ok(edits) = edits else { return };
    let edits = TextEdits::new(edits).unwrap_or_else(|overlap| panic!("{overlap}"));
    // An edit that breaks the file is refused, and nothing is written.
    let Ok(result) = target.apply(&edits) else { return };
    assert_eq!(without(&result, &edits), outside(target.text, &edits), "bytes outside of the insertions");
    if parses {
        check(&result).unwrap_or_else(|error| panic!("{error:?} in {result:?} by {edits:?}"));
    }
    assert_eq!(edits.apply(target.text), result);
}

/// A text without what edits put there.
fn without(result: &str, edits: &[TextEdit]) -> String {
    let (mut kept, mut at, mut grown) = (String::new(), 0, 0_isize);
    for edit in edits {
        let start = edit.span.start.strict_add_signed(grown);
        kept.push_str(&result[at..start]);
        at = start + edit.text.len();
        grown += edit.growth();
    }
    kept + &result[at..]
}

/// A text without what edits take away.
fn outside(text: &str, edits: &[TextEdit]) -> String {
    let (mut kept, mut at) = (String::new(), 0);
    for edit in edits {
        kept.push_str(&text[at..edit.span.start]);
        at = edit.span.end;
    }
    kept + &text[at..]
}
