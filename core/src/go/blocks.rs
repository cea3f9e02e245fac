//! A Go file as the pieces that scaffolds are made of, each under a name that stays the same while its
//! text changes.

use super::edit::Target;
use super::ginkgo::{GinkgoKind, GinkgoNode, containers};
use super::lexer::SyntaxError;
use super::outline::{Decl, DeclKind};
use crate::text::{Span, comment_above, line_start};

/// A declaration, a constant of a group, or a spec.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// What it is, such as `func (Controller) Sync`.
    pub key: String,
    /// Its place, comments above included.
    pub span: Span,
}

/// The pieces of a file, in order. What two of them share is in neither.
pub fn blocks(target: &Target<'_>) -> Result<Vec<Block>, SyntaxError> {
    let mut found = Vec::new();
    let trees = containers(target)?;
    for decl in &target.file.decls {
        let name = decl.name();
        match decl.kind {
            DeclKind::Func => {
                let receiver = decl.receiver.as_ref().map(|receiver| format!("({}) ", receiver.type_name));
                found
                    .push(Block { key: format!("func {}{name}", receiver.unwrap_or_default()), span: decl.with_doc() });
            }
            DeclKind::Const | DeclKind::Var if decl.body.is_some() => specs_of_group(target, decl, &mut found),
            DeclKind::Var if name == "_" => {
                for tree in trees.iter().filter(|tree| decl.span.contains(tree.span.start)) {
                    specs_of_tree(target, tree, "", &mut found);
                }
            }
            DeclKind::Type => found.push(Block { key: format!("type {name}"), span: decl.with_doc() }),
            DeclKind::Const | DeclKind::Var => {
                found.push(Block { key: format!("value {name}"), span: decl.with_doc() });
            }
        }
    }
    Ok(found)
}

/// Each constant or variable of a group, with the comment lines above it.
fn specs_of_group(target: &Target<'_>, decl: &Decl, found: &mut Vec<Block>) {
    let (text, Some(body)) = (target.text, decl.body) else { return };
    let mut starts: Vec<(usize, &str)> = Vec::new();
    for name in &decl.names {
        let start = comment_above(text, line_start(text, name.span.start));
        if start > body.start && starts.last().is_none_or(|(last, _)| *last < start) {
            starts.push((start, &name.text));
        }
    }
    let close = line_start(text, body.end.saturating_sub(1));
    for (index, (start, name)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(close, |(next, _)| *next);
        if end <= *start {
            continue;
        }
        let length = text[*start..end].trim_end().len();
        found.push(Block { key: format!("value {name}"), span: Span::new(*start, start + length) });
    }
}

/// Each spec below a container, under the texts that lead to it.
fn specs_of_tree(target: &Target<'_>, node: &GinkgoNode, above: &str, found: &mut Vec<Block>) {
    for (index, child) in node.children.iter().enumerate() {
        let span = Span::new(line_start(target.text, child.span.start), child.span.end);
        let key = match child.kind {
            GinkgoKind::Container => {
                specs_of_tree(target, child, &format!("{above}{} > {} > ", node.text, child.text), found);
                continue;
            }
            GinkgoKind::Spec => format!("spec {}", child.text),
            GinkgoKind::Setup => format!("setup {above}{} > {index}", node.text),
        };
        found.push(Block { key, span });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;

    #[test]
    fn every_piece_has_a_name_and_its_comments() {
        let text = "package x\n\nconst (\n\t// A is a.\n\tA = 1\n\n\t// B is b.\n\tB = 2\n)\n\n// F does it.\nfunc (c *C) F() {}\n\nvar _ = Describe(\"d\", func() {\n\tBeforeEach(func() {})\n\n\tContext(\"c\", func() {\n\t\tIt(\"T1: s\", func() {\n\t\t\tFail(\"x\")\n\t\t})\n\t})\n})\n\ntype T struct{}\n";
        let file = GoFile::parse(text).unwrap();
        let found = blocks(&Target::new(text, &file)).unwrap();
        let shown: Vec<(&str, &str)> =
            found.iter().map(|block| (block.key.as_str(), block.span.of(text).lines().next().unwrap())).collect();
        assert_eq!(
            shown,
            [
                ("value A", "\t// A is a."),
                ("value B", "\t// B is b."),
                ("func (C) F", "// F does it."),
                ("setup d > 0", "\tBeforeEach(func() {})"),
                ("spec T1: s", "\t\tIt(\"T1: s\", func() {"),
                ("type T", "type T struct{}"),
            ]
        );
        assert!(found[1].span.of(text).ends_with("B = 2"));
    }
}
