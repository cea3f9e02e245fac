//! Whether types of some packages hold, at any depth, a type that changed. A generator that looks at the types of its own
//! packages and at what these hold makes the same of them otherwise.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::choose::Changed;
use super::inputs::Packages;
use crate::go::{Decl, DeclKind, GoFile, TokenKind};
use crate::repo_path::is_generated;
use crate::tree::{Tree, parent};

/// A type: its folder, and its name.
type Name = (String, String);

/// The types of a package, each with the names that it is made of.
type Types = BTreeMap<String, BTreeSet<Name>>;

/// What the types of packages are made of.
pub(super) struct Reach<'t> {
    tree: &'t dyn Tree,
    folders: RefCell<BTreeMap<String, Rc<Types>>>,
}

impl<'t> Reach<'t> {
    pub(super) fn new(tree: &'t dyn Tree) -> Self {
        Self { tree, folders: RefCell::default() }
    }

    /// Whether types of `roots` hold one that a changed file of another package declares otherwise than before.
    pub(super) fn reaches(&self, packages: &Packages<'_>, roots: &BTreeSet<String>, file: &Changed) -> bool {
        let folder = parent(&file.path);
        let now = self.tree.read(&file.path).ok().flatten();
        let (Some(before), Some(now), false) = (&file.before, now, roots.contains(folder)) else { return true };
        let Some(changed) = changed(before, &now) else { return true };
        let mut open: Vec<Name> = Vec::new();
        for root in roots {
            open.extend(self.types(packages, root).values().flatten().cloned());
        }
        let mut seen: BTreeSet<Name> = BTreeSet::new();
        while let Some(name) = open.pop() {
            if name.0 == folder && changed.contains(&name.1) {
                return true;
            }
            if seen.insert(name.clone()) {
                open.extend(self.types(packages, &name.0).get(&name.1).into_iter().flatten().cloned());
            }
        }
        false
    }

    /// The types of a folder, each with the names that it is made of. Functions that generators look for count as types.
    fn types(&self, packages: &Packages<'_>, folder: &str) -> Rc<Types> {
        if let Some(known) = self.folders.borrow().get(folder) {
            return Rc::clone(known);
        }
        let mut found = Types::new();
        for path in packages.go_files(folder).into_iter().filter(|path| !path.ends_with("_test.go")) {
            self.tree.show(&path, &mut |text| {
                let Some(file) = GoFile::parse(text).ok().filter(|_| !is_generated(text)) else { return };
                for decl in file.decls.iter().filter(|decl| is_looked_at(decl)) {
                    let held = held(packages, folder, text, &file, decl);
                    for name in &decl.names {
                        found.entry(name.text.clone()).or_default().extend(held.iter().cloned());
                    }
                }
            });
        }
        let found = Rc::new(found);
        self.folders.borrow_mut().insert(folder.to_owned(), Rc::clone(&found));
        found
    }
}

fn is_looked_at(decl: &Decl) -> bool {
    let begins = |head: &str| decl.name().starts_with(head);
    decl.kind == DeclKind::Type
        || decl.kind == DeclKind::Func && ["Convert_", "DeepCopy", "SetDefaults_"].into_iter().any(begins)
}

/// Every name in a declaration that may be a type's: with the package that it is taken from, or of its own.
fn held(packages: &Packages<'_>, folder: &str, text: &str, file: &GoFile, decl: &Decl) -> BTreeSet<Name> {
    let inside = |span: crate::text::Span| decl.span.start <= span.start && span.end <= decl.span.end;
    let tokens = file.tokens.iter().filter(|token| token.kind != TokenKind::Comment && inside(token.span));
    let tokens: Vec<_> = tokens.collect();
    let mut found = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Word) {
        let word = token.span.of(text);
        let qualified = tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Op(b'.'));
        let import = file.imports.iter().find(|import| qualified && import.name() == word);
        match (import, tokens.get(at + 2)) {
            (Some(import), Some(name)) => {
                found.extend(packages.folder(&import.path).map(|folder| (folder, name.span.of(text).to_owned())));
            }
            _ => drop(found.insert((folder.to_owned(), word.to_owned()))),
        }
    }
    found
}

/// The names that a file declares otherwise than before, comments and all; nothing if that cannot be told.
fn changed(before: &str, now: &str) -> Option<BTreeSet<String>> {
    let (old, new) = (GoFile::parse(before).ok()?, GoFile::parse(now).ok()?);
    let head = |text: &str, file: &GoFile| {
        let end = file.decls.first().map_or(text.len(), |decl| decl.with_doc().start);
        text[..end].trim_end().to_owned()
    };
    if head(before, &old) != head(now, &new) {
        return None;
    }
    let (old, new) = (pieces(before, &old), pieces(now, &new));
    Some(old.symmetric_difference(&new).map(|(name, _)| name.clone()).collect())
}

/// What a file declares: the name, or that of the receiver, and the text from the end of the declaration before it.
fn pieces<'a>(text: &'a str, file: &GoFile) -> BTreeSet<(String, &'a str)> {
    let mut found = BTreeSet::new();
    for (at, decl) in file.decls.iter().enumerate() {
        let start = at.checked_sub(1).map_or(decl.with_doc().start, |before| file.decls[before].span.end);
        let piece = text[start..decl.span.end].trim();
        match &decl.receiver {
            Some(receiver) => drop(found.insert((receiver.type_name.clone(), piece))),
            None => found.extend(decl.names.iter().map(|name| (name.text.clone(), piece))),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    const TYPES: &str = "package v1\n\nimport \"x.org/meta\"\n\ntype Dog struct {\n\tTail *Tail\n}\n\ntype Tail struct {\n\tTip Tip\n}\n\ntype Tip struct {\n\tX int\n}\n\n// +marker\n\ntype Cat struct {\n\tX meta.Time\n}\n\nfunc (c *Cat) Purr() {}\n\nfunc Use(Cat, Tip) {}\n";
    const PATH: &str = "staging/src/kubevirt.io/api/core/v1/types.go";

    fn reached(from: &str, to: &str) -> bool {
        let after = TYPES.replacen(from, to, 1);
        assert_ne!(after, TYPES);
        let user = "package api\n\nimport k \"kubevirt.io/api/core/v1\"\n\ntype Domain struct {\n\tDog []k.Dog `xml:\"cat\"`\n}\n\nfunc Of(cat k.Cat) *Domain { return nil }\n\nfunc Convert_A_To_B(in *k.Late) {}\n";
        let tree =
            MemoryTree::new([("go.mod", "module kubevirt.io/kubevirt\n"), (PATH, &after), ("pkg/api/api.go", user)]);
        let file = Changed { path: PATH.to_owned(), before: Some(TYPES.into()) };
        Reach::new(&tree).reaches(&Packages::new(&tree), &["pkg/api".to_owned()].into(), &file)
    }

    #[test]
    fn types_reach_what_they_hold() {
        assert!(reached("Tail *Tail", "Tail Tail"));
        assert!(reached("\tX int", "\tX int\n\tY *int"));
        assert!(reached("type Tip struct", "// Tip is one.\ntype Tip struct"));
        assert!(reached("func Use(", "type Late int\n\nfunc Use("), "a function that a generator looks for");
        assert!(reached("x.org/meta", "x.org/other"), "nobody knows");
        assert!(reached("type Dog struct {", "type Dog struct {{"), "nobody knows");
    }

    #[test]
    fn what_no_type_holds_is_not_reached() {
        assert!(!reached("X meta.Time", "X *meta.Time"));
        assert!(!reached("// +marker", "// +other"));
        assert!(!reached("Purr() {}", "Purr() { panic(1) }"));
        assert!(!reached("Use(Cat, Tip)", "Use(Tip, Cat)"));
        assert!(!reached("func Use(", "type New struct {\n\tTip Tip\n}\n\nfunc Use("));
    }
}
