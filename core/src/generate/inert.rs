//! Changes of the API's types that no program prints.
//!
//! A program of the checkout that imports the API is compiled anew with everything that imports it, which takes minutes.
//! Most changes add what nothing uses yet: comments, types, constants, and fields that are left out of JSON while nobody
//! sets them. Such a program prints the same with the old types; what is generated from the types, and printed, lies in
//! other packages, and those are compiled as they are now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::choose::Changed;
use crate::go::{Decl, DeclKind, GoFile, Member, Target, TokenKind, TypeText};
use crate::repo_path::is_generated;
use crate::tree::{Tree, join, parent};

/// Where the types lie.
const API: &str = "staging/src/kubevirt.io/api/";

/// Go's own types of a single value.
const BASIC: &[&str] = &[
    "string", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64",
];

/// The files of packages of the API in which nothing changed but what no program prints, with what is generated beside
/// them, as they were before the change.
pub(super) fn earlier(tree: &dyn Tree, changed: &[Changed]) -> BTreeMap<String, Arc<str>> {
    let is_code = |path: &str| path.ends_with(".go") && !path.ends_with("_test.go");
    let types = changed.iter().filter(|file| file.path.starts_with(API) && is_code(&file.path));
    let folders: BTreeSet<&str> = types.clone().map(|file| parent(&file.path)).collect();
    let mut found = BTreeMap::new();
    for folder in folders {
        let paths = tree.list(folder).into_iter().map(|name| join(folder, &name)).filter(|path| is_code(path));
        let now: BTreeMap<String, Arc<str>> =
            paths.filter_map(|path| tree.read(&path).ok().flatten().map(|text| (path, text))).collect();
        let package: Vec<&str> = now.values().map(|text| &**text).filter(|text| !is_generated(text)).collect();
        let before = |file: &Changed| {
            let (before, after) = (file.before.as_ref()?, now.get(&file.path)?);
            let known = is_generated(before) && is_generated(after) || is_inert(before, after, &package);
            known.then(|| (file.path.clone(), Arc::clone(before)))
        };
        let own = types.clone().filter(|file| parent(&file.path) == folder);
        let Some(earlier) = own.map(before).collect::<Option<BTreeMap<_, _>>>() else { continue };
        found.extend(now.into_iter().filter(|(_, text)| is_generated(text)));
        found.extend(earlier);
    }
    found
}

/// Whether programs that do not know what a file of types has more than before print the same as those that do.
/// `package` are the texts of all files of its package.
fn is_inert(before: &str, after: &str, package: &[&str]) -> bool {
    let (Ok(old), Ok(new)) = (GoFile::parse(before), GoFile::parse(after)) else { return false };
    let (old, new) = (Text::new(before, &old), Text::new(after, &new));
    if old.imports() != new.imports() || directives(before) != directives(after) {
        return false;
    }
    let stay = |decl: &Decl| {
        let now = new.file.decls.iter().find(|now| is_same(now, decl));
        now.is_some_and(|now| old.code(decl) == new.code(now) || grown(&old, decl, &new, now, package))
    };
    let is_new = |decl: &&Decl| !old.file.decls.iter().any(|was| is_same(was, decl));
    let is_unused = |decl: &Decl| match decl.kind {
        DeclKind::Type | DeclKind::Const => decl.names.iter().all(|name| is_exported(&name.text)),
        DeclKind::Func | DeclKind::Var => false,
    };
    old.file.decls.iter().all(stay) && new.file.decls.iter().filter(is_new).all(is_unused)
}

/// Whether a file of types has nothing but comments, constants, and fields of Go's own types more than before: the functions
/// that set defaults visit none of these, unless a comment asks for it.
pub(super) fn keeps_defaults(before: &str, after: &str) -> bool {
    let (Ok(old), Ok(new)) = (GoFile::parse(before), GoFile::parse(after)) else { return false };
    let (old, new) = (Text::new(before, &old), Text::new(after, &new));
    let marks = |text: &str| -> Vec<String> {
        let comments = text.lines().map(str::trim_start).filter(|line| line.starts_with("//"));
        comments.filter(|line| line.contains("default") || line.contains("k8s:")).map(str::to_owned).collect()
    };
    let is_own = |member: &Member| {
        let ty = member.ty.trim_start_matches(['*', '[', ']']);
        member.name.is_some() && BASIC.contains(&ty)
    };
    let stays = |now: &Decl| {
        let Some(was) = old.file.decls.iter().find(|was| is_same(was, now)) else { return now.kind == DeclKind::Const };
        let added = || added(&old, was, &new, now);
        now.kind == DeclKind::Const
            || old.code(was) == new.code(now)
            || added().is_some_and(|(added, _)| added.iter().all(is_own))
    };
    let is_there = |was: &Decl| new.file.decls.iter().any(|now| is_same(was, now));
    old.imports() == new.imports()
        && marks(before) == marks(after)
        && old.file.decls.iter().all(is_there)
        && new.file.decls.iter().all(stays)
}

/// Whether two declarations declare the same: a group is known by its first name.
fn is_same(one: &Decl, other: &Decl) -> bool {
    let receiver = |decl: &Decl| decl.receiver.as_ref().map(|receiver| receiver.type_name.clone());
    one.kind == other.kind && one.name() == other.name() && receiver(one) == receiver(other)
}

/// Whether a declaration only got more of what nobody uses.
fn grown(old: &Text<'_>, was: &Decl, new: &Text<'_>, now: &Decl, package: &[&str]) -> bool {
    match now.kind {
        DeclKind::Const => has_more_constants(&old.code(was), &new.code(now)),
        DeclKind::Type if was.names.len() == 1 && now.names.len() == 1 => {
            let name = now.name();
            added(old, was, new, now).is_some_and(|(added, all)| {
                added.iter().all(|member| is_left_out(member, package))
                    && (!is_nested(name, &all, package)
                        || added.iter().all(|member| is_only_one(name, member, package)))
            })
        }
        _ => false,
    }
}

/// The fields that a struct got, if it kept all that it had, and all that it has now.
fn added(old: &Text<'_>, was: &Decl, new: &Text<'_>, now: &Decl) -> Option<(Vec<Member>, Vec<Member>)> {
    let members = |text: &Text<'_>, decl: &Decl| -> Option<Vec<Member>> {
        let members = Target::new(text.text, text.file).struct_members(decl.name())?;
        Some(members.into_iter().map(|(member, _)| member).collect())
    };
    let (old, new) = (members(old, was)?, members(new, now)?);
    let (kept, added): (Vec<Member>, Vec<Member>) = new.iter().cloned().partition(|member| old.contains(member));
    (kept == old).then_some((added, new))
}

/// Lines of a group that gives every constant its value: more of them change none of the others.
fn has_more_constants(old: &[&str], new: &[&str]) -> bool {
    let lines =
        |code: &[&str]| -> Vec<String> { code.split(|piece| *piece == ";").map(|line| line.join(" ")).collect() };
    let (old, new) = (lines(old), lines(new));
    let states =
        |line: &&String| line.contains('=') && !line.contains("iota") || line.as_str() == ")" || line.is_empty();
    let mut rest = new.iter();
    old.iter().all(|line| rest.any(|other| other == line)) && new.iter().all(|line| states(&line))
}

/// Whether a field is not written while it holds nothing.
fn is_left_out(member: &Member, package: &[&str]) -> bool {
    let omits = member.tag_of("json").is_some_and(|tag| tag.split(',').skip(1).any(|word| word == "omitempty"));
    let is_basic = |name: &str| {
        let declared = |text: &&&str| {
            text.lines().any(|line| {
                let ty = line.strip_prefix("type ").and_then(|line| line.strip_prefix(name)).map(str::trim);
                ty.is_some_and(|ty| BASIC.contains(&ty))
            })
        };
        BASIC.contains(&name) || package.iter().any(|text| declared(&text))
    };
    let holds_nothing = TypeText::parse(&member.ty).is_ok_and(|ty| ty.has_nil() || is_basic(&ty.text));
    member.name.as_deref().is_some_and(|name| is_exported(name) && !name.contains(',')) && omits && holds_nothing
}

/// Whether fields of a struct may stand for those of another one: it is embedded somewhere, or embeds one.
fn is_nested(name: &str, members: &[Member], package: &[&str]) -> bool {
    let embeds = |text: &&str| {
        text.lines().any(|line| {
            let line = line.trim_start().trim_start_matches('*');
            line.strip_prefix(name).is_some_and(|rest| rest.trim().is_empty() || rest.trim_start().starts_with('`'))
        })
    };
    members.iter().any(|member| member.name.is_none()) || package.iter().any(embeds)
}

/// Whether no other struct of the package has a field with the name of a member, in Go or in JSON.
fn is_only_one(owner: &str, member: &Member, package: &[&str]) -> bool {
    let json = |member: &Member| member.tag_of("json").and_then(|tag| tag.split(',').next()).map(str::to_owned);
    package.iter().all(|text| {
        let Ok(file) = GoFile::parse(text) else { return false };
        let target = Target::new(text, &file);
        let types = file.decls.iter().filter(|decl| decl.kind == DeclKind::Type && decl.name() != owner);
        types
            .filter_map(|decl| target.struct_members(decl.name()))
            .flatten()
            .all(|(other, _)| other.called() != member.called() && json(&other) != json(member))
    })
}

fn is_exported(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// Lines that tell Go how to compile a file.
fn directives(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("//go:") || line.starts_with("// +build")).collect()
}

struct Text<'a> {
    text: &'a str,
    file: &'a GoFile,
}

impl<'a> Text<'a> {
    fn new(text: &'a str, file: &'a GoFile) -> Self {
        Self { text, file }
    }

    fn imports(&self) -> Vec<(&str, &str)> {
        let mut found: Vec<(&str, &str)> =
            self.file.imports.iter().map(|import| (import.name(), import.path.as_str())).collect();
        found.sort_unstable();
        found
    }

    /// A declaration without its comments.
    fn code(&self, decl: &Decl) -> Vec<&'a str> {
        let tokens = self.file.tokens.iter().filter(|token| token.kind != TokenKind::Comment);
        let inside = tokens.filter(|token| decl.span.start <= token.span.start && token.span.end <= decl.span.end);
        inside.map(|token| if token.kind == TokenKind::Semicolon { ";" } else { token.span.of(self.text) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    const TYPES: &str = "package v1\n\nimport \"x.org/meta\"\n\n// Dog is one.\ntype Dog struct {\n\t// Bell is one.\n\tBell string `json:\"bell\"`\n\tDevice `json:\",inline\"`\n}\n\ntype Device struct {\n\tOld *int `json:\"old,omitempty\"`\n}\n\ntype Cat struct {\n\tName string `json:\"name\"`\n}\n\ntype Policy string\n\nconst (\n\tOne Policy = \"One\"\n)\n\nfunc (d *Dog) Bark() string { return d.Bell }\n";

    fn inert(from: &str, to: &str) -> bool {
        let after = TYPES.replacen(from, to, 1);
        assert_ne!(after, TYPES);
        is_inert(TYPES, &after, &[&after])
    }

    #[test]
    fn what_nobody_uses_yet_changes_no_output() {
        let cat = "type Cat struct {\n";
        let field = |line: &str| inert(cat, &format!("{cat}\t{line}\n"));
        assert!(inert("Dog is one.", "Dog is another one."));
        assert!(inert("Bell is one.", "+kubebuilder:validation:Enum=a;b"));
        for line in [
            "// New is one.\n\tNew *Other `json:\"new,omitempty\"`",
            "New []string `json:\"new,omitempty\"`",
            "New Policy `json:\"new,omitempty\" protobuf:\"x\"`",
            "New bool `json:\"new,omitempty\"`",
        ] {
            assert!(field(line), "{line}");
        }
        assert!(inert(
            "type Policy string",
            "type Policy string\n\n// New is one.\ntype New struct {\n\tA int `json:\"a\"`\n}"
        ));
        assert!(inert(
            "\tOne Policy = \"One\"\n",
            "\tOne Policy = \"One\"\n\t// Two is one.\n\tTwo Policy = \"Two\"\n"
        ));
        assert!(inert("\tOld *int", "\tFresh *int `json:\"fresh,omitempty\"`\n\tOld *int"), "its names are its own");
    }

    #[test]
    fn a_package_is_as_it_was_together_with_what_is_made_of_it() {
        let made = "// Code generated by x. DO NOT EDIT.\n\npackage v1\n";
        let after = TYPES.replace("// Dog is one.", "// Dog is two.");
        let folder = "staging/src/kubevirt.io/api/core/v1";
        let path = |name: &str| join(folder, name);
        let tree = MemoryTree::new([
            (path("types.go"), after.as_str()),
            (path("made.go"), made),
            (path("other.go"), "package v1\n"),
            (path("x_test.go"), "package v1\n"),
        ]);
        let changed = |name: &str, before: Option<&str>| Changed { path: path(name), before: before.map(Into::into) };
        let paths = |changed: &[Changed]| earlier(&tree, changed).into_keys().collect::<Vec<_>>();
        let types = changed("types.go", Some(TYPES));
        assert_eq!(earlier(&tree, std::slice::from_ref(&types))[&path("types.go")].as_ref(), TYPES);
        assert_eq!(paths(std::slice::from_ref(&types)), [path("made.go"), path("types.go")]);
        let made_before = earlier(
            &tree,
            &[types.clone(), changed("made.go", Some("// Code generated by x. DO NOT EDIT.\n\npackage v0\n"))],
        );
        assert!(made_before[&path("made.go")].contains("v0"));
        // A new file, one that is gone, and one whose earlier text nobody knows.
        for other in [changed("other.go", None), changed("gone.go", Some("package v1\n")), changed("made.go", None)] {
            assert_eq!(paths(&[types.clone(), other]), [""; 0]);
        }
        assert_eq!(paths(&[changed("x_test.go", None)]), [""; 0]);
    }

    #[test]
    fn defaults_are_set_in_what_holds_one() {
        let keeps = |from: &str, to: &str| keeps_defaults(TYPES, &TYPES.replacen(from, to, 1));
        let cat = "type Cat struct {\n";
        let field = |line: &str| keeps(cat, &format!("{cat}\t{line}\n"));
        assert!(keeps("Dog is one.", "Dog is another one."));
        assert!(keeps("\tOne Policy = \"One\"\n", "\tOne Policy = \"One\"\n\tTwo Policy = \"Two\"\n"));
        for line in ["// New is one.\n\tNew *int32 `json:\"new,omitempty\"`", "New []*string `json:\"new\"`"] {
            assert!(field(line), "{line}");
        }
        for line in [
            "// +default=3\n\tNew *int32 `json:\"new\"`",
            "// +k8s:optional\n\tNew *int32 `json:\"new\"`",
            "New *Dog `json:\"new\"`",
            "New Policy `json:\"new\"`",
            "New map[string]Dog `json:\"new\"`",
            "Device `json:\",inline\"`",
        ] {
            assert!(!field(line), "{line}");
        }
        for (from, to) in [
            ("\tName string `json:\"name\"`\n", ""),
            ("Old *int", "Old int"),
            ("type Policy string", "type Policy string\n\nfunc SetDefaults_Cat(cat *Cat) {}"),
            ("type Policy string", "type Policy string\n\ntype New struct {\n\tDog Dog\n}"),
            ("type Policy string\n", ""),
            ("type Cat struct {", "type Cat struct {{"),
        ] {
            assert!(!keeps(from, to), "{to}");
        }
    }

    #[test]
    fn what_may_be_seen_is_not_inert() {
        let cat = "type Cat struct {\n";
        let field = |line: &str| inert(cat, &format!("{cat}\t{line}\n"));
        for line in [
            "New string `json:\"new\"`",
            "New string",
            "New Dog `json:\"new,omitempty\"`",
            "New meta.Time `json:\"new,omitempty\"`",
            "A, B *int `json:\"new,omitempty\"`",
            "*Device `json:\",omitempty\"`",
            "new *int `json:\"new,omitempty\"`",
        ] {
            assert!(!field(line), "{line}");
        }
        for (from, to) in [
            ("Name string `json:\"name\"`", "Name string `json:\"called\"`"),
            ("\tName string `json:\"name\"`\n", ""),
            ("Name string", "Name Policy"),
            ("x.org/meta", "x.org/other"),
            ("return d.Bell", "return \"\""),
            ("One Policy = \"One\"", "One Policy = \"Uno\""),
            ("\tOne Policy = \"One\"\n", "\tOne Policy = \"One\"\n\tTwo\n"),
            ("type Policy string", "type Policy string\n\nvar Known = Register()"),
            ("type Policy string", "type Policy string\n\nfunc (p Policy) String() string { return \"x\" }"),
            ("type Policy string", "type Policy string\n\ntype string int"),
            ("type Policy string", "type Policy int"),
            ("package v1\n", "//go:build linux\n\npackage v1\n"),
            // It would be another struct's, which is embedded beside it.
            ("\tOld *int", "\tName *int `json:\"other,omitempty\"`\n\tOld *int"),
            ("\tOld *int", "\tOther *int `json:\"bell,omitempty\"`\n\tOld *int"),
            ("type Cat struct {", "type Cat struct {{"),
        ] {
            assert!(!inert(from, to), "{to}");
        }
    }
}
