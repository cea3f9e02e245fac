use super::*;
use crate::text::TextEdits;

fn edited(text: &str, edit: impl FnOnce(Target<'_>) -> Result<TextEdit, AnchorError>) -> String {
    let file = GoFile::parse(text).unwrap();
    let edit = edit(Target::new(text, &file)).unwrap();
    let result = TextEdits::from(edit).apply(text);
    GoFile::parse(&result).unwrap();
    result
}

const INIT: FuncName<'_> = FuncName { receiver: None, name: "init" };

#[test]
fn constants_go_to_the_end_of_the_last_group() {
    let text = "package x\n\nconst (\n\tA = \"A\"\n)\n\nconst single = 1\n";
    assert_eq!(
        edited(text, |target| target.append_constant("\n// B is new.\nB = \"B\"")),
        "package x\n\nconst (\n\tA = \"A\"\n\n\t// B is new.\n\tB = \"B\"\n)\n\nconst single = 1\n"
    );
}

#[test]
fn statements_go_to_the_end_of_a_body_even_an_empty_one() {
    let text = "package x\n\nfunc init() {\n\ta()\n}\n";
    assert_eq!(edited(text, |t| t.append_statement(INIT, "b()")), "package x\n\nfunc init() {\n\ta()\n\tb()\n}\n");
    let text = "package x\n\nfunc init() {}\n";
    assert_eq!(edited(text, |t| t.append_statement(INIT, "b()")), "package x\n\nfunc init() {\n\tb()\n}\n");
}

#[test]
fn members_go_to_the_end_of_the_right_type() {
    let text = "package x\n\ntype (\n\tA struct {\n\t\tb int\n\t}\n\tC interface {\n\t\tD()\n\t}\n)\n";
    let result = edited(text, |target| target.append_member("C", "E()"));
    assert!(result.contains("\tC interface {\n\t\tD()\n\t\tE()\n\t}\n"), "{result}");
}

#[test]
fn a_field_stands_in_line_with_those_above_it() {
    for (fields, expected) in [
        ("\tlong   bool\n\tlonger bool\n", "\tlonger bool\n\tnew    bool\n"),
        ("\ta bool\n", "\ta bool\n\n\tnew bool\n"),
        ("\tlonger bool // why\n", "// why\n\n\tnew bool\n"),
        ("", "struct {\n\tnew bool\n"),
    ] {
        let text = format!("package x\n\ntype A struct {{\n{fields}}}\n");
        let result = edited(&text, |target| target.append_field("A", "new bool"));
        assert!(result.contains(expected), "{result}");
    }
}

#[test]
fn a_line_goes_before_the_final_return_and_its_blank_line() {
    let text = "package x\n\nfunc f() []int {\n\tvar c []int\n\n\tc = append(c, g()...)\n\n\treturn c\n}\n";
    let func = FuncName { receiver: None, name: "f" };
    let line = |name: &str| format!("{name} = append({name}, h()...)");
    assert_eq!(
        edited(text, |target| target.before_final_return(func, line)),
        text.replace("g()...)\n", "g()...)\n\tc = append(c, h()...)\n")
    );
    assert_eq!(
        edited(text, |target| target.after_last_append(func, line)),
        text.replace("g()...)\n", "g()...)\n\tc = append(c, h()...)\n")
    );
}

#[test]
fn comments_and_other_lists_do_not_hide_the_last_append() {
    let text = "package x\n\nfunc f() *R {\n\t// First.\n\tvar c []int\n\tc = append(c, g()...)\n\n\tr := &R{c}\n\tr.W = append(r.W, 1)\n\treturn r\n}\n";
    let func = FuncName { receiver: None, name: "f" };
    let line = |name: &str| format!("{name} = append({name}, h()...)");
    assert_eq!(
        edited(text, |target| target.after_last_append(func, line)),
        text.replace("g()...)\n", "g()...)\n\tc = append(c, h()...)\n")
    );
}

#[test]
fn an_argument_goes_to_the_end_of_a_call() {
    let text = "package x\n\nfunc f() error {\n\tif err := m.Register(a, b); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}\n";
    let func = FuncName { receiver: None, name: "f" };
    let append = |t: Target<'_>| t.append_argument(func, "m.Register", "c").map(Option::unwrap);
    assert!(edited(text, append).contains("m.Register(a, b, c);"));
    let lines = "package x\n\nfunc f() error {\n\treturn m.Register(\n\t\ta,\n\t)\n}\n";
    assert!(edited(lines, append).contains("\t\ta,\n\t\tc,\n\t)"));
}

#[test]
fn an_argument_that_does_not_fit_gets_a_statement_of_its_own() {
    let long = "x".repeat(110);
    let text = format!(
        "package x\n\nfunc f() error {{\n\tif err := m.Register({long}); err != nil {{\n\t\treturn err\n\t}}\n\treturn nil\n}}\n"
    );
    let file = GoFile::parse(&text).unwrap();
    let target = Target::new(&text, &file);
    let func = FuncName { receiver: None, name: "f" };
    assert_eq!(target.append_argument(func, "m.Register", "anotherOne").unwrap(), None);
    let result = edited(&text, |target| target.beside_call(func, "m.Register", "g()"));
    assert!(result.contains("\treturn err\n\t}\n\tg()\n\treturn nil"), "{result}");
    let text = "package x\n\nfunc f() error {\n\treturn m.Register()\n}\n";
    assert!(edited(text, |target| target.beside_call(func, "m.Register", "g()")).contains("\tg()\n\n\treturn m"));
}

#[test]
fn an_element_goes_to_the_end_of_a_list() {
    let text = "package x\n\nvar (\n\tlists = [][]int{\n\t\ta,\n\t}\n\n\tother int\n)\n";
    assert!(edited(text, |target| target.append_element("lists", "b")).contains("\t\ta,\n\t\tb,\n\t}"));
}

#[test]
fn a_missing_anchor_names_what_is_there_instead() {
    let text = "package x\n\nfunc setup() {\n}\n";
    let file = GoFile::parse(text).unwrap();
    let error = Target::new(text, &file).append_statement(INIT, "b()").unwrap_err();
    let AnchorError::Missing { expected, candidates, .. } = error else { panic!("{error}") };
    assert_eq!((expected.as_str(), candidates), ("`func init()`", vec!["func setup()".to_owned()]));
}

#[test]
fn windows_line_ends_do_not_move_the_place() {
    let text = "package x\r\n\r\nfunc f() []int {\r\n\tc := g()\r\n\r\n\treturn c\r\n}\r\n";
    let func = FuncName { receiver: None, name: "f" };
    let result = edited(text, |target| target.before_final_return(func, |_| "h()".to_owned()));
    assert!(result.contains("g()\r\n\th()\n\r\n\treturn"), "{result:?}");
}
