use super::*;

const FILE: &str = r#"/*
 * Header
 */

// Package x is documented.
package x

import "fmt"

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	k8sv1 "k8s.io/api/core/v1" // trailing
	_ "x/y"
)

// A is
// documented.
const A = "a"

// not a doc

const (
	B, C = 1, 2
	D    = iota // note
	// E has one too.
	E
)

type (
	F struct{ x, y int }
	G interface {
		H() error
	}
)

type I[T any] struct {
	J T
}

func (c *Controller) K(a interface{ X() }) (func() struct{ z int }, error) {
	if x := (T{1}); true {
		return nil, nil
	}
	return nil, nil
}

func init() {}

var _ = Describe("x", func() {})
var l, m = func() { n := 1; _ = n }, 2
"#;

fn parse(text: &str) -> GoFile {
    GoFile::parse(text).unwrap()
}

#[test]
fn every_declaration_is_found_with_its_names() {
    let file = parse(FILE);
    let names: Vec<Vec<&str>> =
        file.decls.iter().map(|decl| decl.names.iter().map(|name| name.text.as_str()).collect()).collect();
    assert_eq!(
        names,
        [
            vec!["A"],
            vec!["B", "C", "D", "E"],
            vec!["F", "G"],
            vec!["I"],
            vec!["K"],
            vec!["init"],
            vec!["_"],
            vec!["l", "m"]
        ]
    );
    assert_eq!(file.package.text, "x");
    assert!(file.header.is_some());
}

#[test]
fn imports_know_their_names() {
    let file = parse(FILE);
    let names: Vec<&str> = file.imports.iter().map(Import::name).collect();
    assert_eq!(names, ["fmt", "context", ".", "k8sv1", "_"]);
    assert_eq!(default_name("github.com/onsi/ginkgo/v2"), "ginkgo");
    assert_eq!(default_name("kubevirt.io/api/core/v1"), "v1");
}

#[test]
fn a_body_is_the_last_braces_that_belong_to_no_type() {
    let file = parse(FILE);
    let method = file.method(Some("Controller"), "K").unwrap();
    assert!(method.body.unwrap().of(FILE).starts_with("{\n\tif x"));
    assert_eq!(method.receiver.as_ref().unwrap().name.as_deref(), Some("c"));
    assert_eq!(file.func("init").unwrap().body.unwrap().of(FILE), "{}");
}

#[test]
fn only_a_comment_that_touches_is_a_doc() {
    let file = parse(FILE);
    assert_eq!(file.decls[0].doc.unwrap().of(FILE), "// A is\n// documented.");
    assert_eq!(file.decls[1].doc, None);
}

#[test]
fn what_is_no_go_is_refused_with_a_place() {
    for (text, found, message) in [
        ("package x\nfunc init( {\n}\n", "(", "not closed"),
        ("package x\nfunc f() {}}\n", "}", "closes nothing"),
        ("package x\nthis is not go\n", "this", "expected a declaration"),
        ("not go", "not", "expected `package`"),
        ("package x\nconst (\n", "(", "not closed"),
        ("package x\nfunc f() { x(] }\n", "]", "closes nothing"),
        ("", "", "expected `package`"),
    ] {
        let error = GoFile::parse(text).unwrap_err();
        assert!(error.message.contains(message), "{text}: {}", error.message);
        assert_eq!(error.span.of(text), found, "{text}");
    }
}
