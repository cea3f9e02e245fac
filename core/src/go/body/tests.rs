use super::*;
use crate::go::GoFile;
use crate::text::TextEdits;

const TEXT: &str = "package x\n\nfunc (c *C) f(vmi *VMI) (causes []Cause, err error) {\n\tcopied := vmi.DeepCopy()\n\tvar list []Cause\n\tfor idx, iface := range vmi.Spec.Interfaces {\n\t\tlist = append(list, a(idx, iface)...)\n\t\tlist = append(list, b(idx, iface)...)\n\n\t\tlog(idx)\n\t}\n\tif err := c.check(copied); err != nil {\n\t\treturn nil, err\n\t}\n\tg(copied)\n\n\t// The end.\n\treturn list, nil\n}\n\nfunc empty() {}\n";

#[test]
fn blocks_have_their_statements_and_variables() {
    let file = GoFile::parse(TEXT).unwrap();
    let target = Target::new(TEXT, &file);
    let blocks = target.body(FuncName { receiver: Some("C"), name: "f" }).unwrap();
    assert_eq!(blocks.len(), 2);
    let forms: Vec<String> = blocks
        .iter()
        .flat_map(|block| &block.statements)
        .filter_map(|one| one.call.as_ref())
        .map(|(form, call)| format!("{form:?} {} {:?}", call.function, call.arguments.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        forms,
        [
            "Check { returns: [\"nil\", \"err\"] } c.check [\"copied\"]",
            "Plain g [\"copied\"]",
            "Append { list: \"list\" } a [\"idx\", \"iface\"]",
            "Append { list: \"list\" } b [\"idx\", \"iface\"]",
            "Plain log [\"idx\"]",
        ]
    );
    let names = |block: &BodyBlock| block.variables.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&blocks[0]), ["copied", "list"]);
    assert_eq!(names(&blocks[1]), ["copied", "list", "idx", "iface"]);
    let spec = Expr::Field(Box::new(Expr::Name("vmi".into())), "Spec".into());
    let over = Expr::Field(Box::new(spec), "Interfaces".into());
    assert_eq!(blocks[1].variables[3].origin, Origin::Range(over, 1));
    assert_eq!(blocks[0].statements.last().unwrap().returns, Some(vec!["list".into(), "nil".into()]));
    assert!(blocks[0].statements[3].leaves && !blocks[0].statements[2].leaves);
}

#[test]
fn a_line_is_put_where_it_is_said() {
    let file = GoFile::parse(TEXT).unwrap();
    let target = Target::new(TEXT, &file);
    let put = |spot: Spot| {
        let edit = target.insert_line(FuncName { receiver: Some("C"), name: "f" }, &spot, "NEW()\n").unwrap();
        TextEdits::new(vec![edit]).unwrap().apply(TEXT)
    };
    let behind = put(Spot::Behind("list = append(list, a(idx, iface)...)".into()));
    assert_eq!(behind, TEXT.replace("b(idx, iface)...)\n", "b(idx, iface)...)\n\t\tNEW()\n"));
    assert_eq!(put(Spot::End), TEXT.replace("\tg(copied)\n", "\tg(copied)\n\tNEW()\n"));
    assert_eq!(put(Spot::Start), TEXT.replace("\tcopied :=", "\tNEW()\n\tcopied :="));
    assert_eq!(put(Spot::Beside("g".into(), true)), TEXT.replace("\tg(copied)", "\tNEW()\n\tg(copied)"));
    let edit = target.insert_line(FuncName { receiver: None, name: "empty" }, &Spot::End, "NEW()\n").unwrap();
    let text = TextEdits::new(vec![edit]).unwrap().apply(TEXT);
    assert!(text.ends_with("func empty() {\n\tNEW()\n}\n"), "{text}");
    let text = "package x\n\nfunc f() {\n\ta()\n\n\t// What g does,\n\t// in two lines.\n\tg()\n}\n";
    let file = GoFile::parse(text).unwrap();
    let spot = Spot::Beside("g".into(), true);
    let edit = Target::new(text, &file).insert_line(FuncName { receiver: None, name: "f" }, &spot, "NEW()\n").unwrap();
    let above = TextEdits::new(vec![edit]).unwrap().apply(text);
    assert_eq!(above, text.replace("\t// What", "\tNEW()\n\t// What"));
}

#[test]
fn types_have_members() {
    let text = "package x\n\ntype S struct {\n\t*E\n\tF\n\ta, b int\n\tc *v1.C `json:\"c\"`\n}\n\ntype I interface {\n\tJ\n\t// M does it.\n\tM(x int) error\n}\n\ntype G[T any] struct{}\n";
    let file = GoFile::parse(text).unwrap();
    let target = Target::new(text, &file);
    let some = |name: &str, ty: &str| (Some(name.to_owned()), ty.to_owned());
    let none = |ty: &str| (None, ty.to_owned());
    assert_eq!(
        target.members("S").unwrap(),
        Some(Members::Struct(vec![none("*E"), none("F"), some("a", "int"), some("b", "int"), some("c", "*v1.C")]))
    );
    assert_eq!(target.members("I").unwrap(), Some(Members::Interface(vec![none("J"), some("M", "M(x int) error")])));
    assert_eq!(target.members("G").unwrap(), Some(Members::Generic));
    assert_eq!(target.members("X").unwrap(), None);
}
