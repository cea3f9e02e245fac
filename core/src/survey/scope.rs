//! What a function can name, with its types: where each name is declared decides, not how it is spelled.
//!
//! A type is written with the path of the package behind each name, in quotes: `*"kubevirt.io/api/core/v1".VirtualMachine`.
//! So types of two files can be compared, whatever either calls the package.

use super::types::BUILTIN;
use super::{GoSource, Survey};
use crate::go::scope::{Expr, FunctionScope, Value, Variable};
use crate::go::{DeclKind, FuncName, GoFile};
use crate::tree::{join, parent};

/// What paths to fields are made with.
const FIELD: &str = "k8s.io/apimachinery/pkg/util/validation/field";

/// The type of a path to a field.
pub(crate) const PATH: &str = "*\"k8s.io/apimachinery/pkg/util/validation/field\".Path";

/// A variable that code can name at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InScope {
    /// How code names it.
    pub expr: String,
    /// Its type.
    pub ty: String,
    /// The variable that it is a part of, and the way there in JSON; of others, its own name and nothing.
    pub origin: (String, Vec<String>),
    /// The path to a field that it holds, if it is one that is spelled out: `spec`, `source`.
    pub path: Option<Vec<String>>,
}

/// A field of a struct, with its type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypedField {
    /// Its name in Go.
    pub name: String,
    /// Its type.
    pub ty: String,
    /// Its name in JSON; empty where it is inlined.
    pub json: Option<String>,
}

impl Survey<'_> {
    /// A type, as a file has it, with the path of the package behind each name.
    pub fn qualified(&self, folder: &str, file: &GoFile, ty: &str) -> Option<String> {
        let import =
            |name: &str| file.imports.iter().find(|import| import.name() == name).map(|found| found.path.clone());
        qualified(ty, &self.import_path(folder), &import)
    }

    /// The file that declares a name of a package, from its qualified form without a star.
    fn declaring(&self, ty: &str) -> Option<(std::rc::Rc<GoSource>, String, String)> {
        let (import, name) = ty.strip_prefix('"')?.split_once("\".")?;
        let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let folder = self.package_folder(import).filter(|_| plain)?;
        let file = self.declares(&folder, name)?;
        let source = self.go(&join(&folder, &file)).ok().flatten()?;
        Some((source, folder, name.to_owned()))
    }

    /// Whether a type is declared in its package; nothing where the package is not in the checkout.
    pub fn is_declared(&self, import: &str, name: &str) -> Option<bool> {
        let folder = self.package_folder(import)?;
        let file = self.declares(&folder, name);
        let is_type = |file: String| {
            let source = self.go(&join(&folder, &file)).ok().flatten();
            source.is_some_and(|go| go.file.declares(name).is_some_and(|decl| decl.kind == DeclKind::Type))
        };
        Some(file.is_some_and(is_type))
    }

    /// The fields of a struct, by its qualified type without a star.
    pub fn fields_of(&self, ty: &str) -> Vec<TypedField> {
        let Some((source, folder, name)) = self.declaring(ty) else { return Vec::new() };
        let fields = source.target().struct_fields(&name).unwrap_or_default();
        let typed = fields.into_iter().filter_map(|field| {
            let ty = self.qualified(&folder, &source.file, &field.ty)?;
            Some(TypedField { name: field.name, ty, json: field.json })
        });
        typed.collect()
    }

    /// Whether a type is an interface all of whose methods a package's type has.
    pub fn is_interface_of(&self, interface: &str, ty: &str) -> bool {
        let Some((source, _, name)) = self.declaring(interface) else { return false };
        let Some(methods) = source.target().interface_methods(&name).filter(|methods| !methods.is_empty()) else {
            return false;
        };
        let Some((_, folder, name)) = self.declaring(ty.trim_start_matches('*')) else { return false };
        methods.iter().all(|method| self.declares_method(&folder, &name, method).is_some())
    }

    /// The type of a variable of a package that holds what a function of the package gives back, written out.
    pub fn variable_type(&self, path: &str, name: &str) -> Option<String> {
        let folder = self.package_folder(path)?;
        let source = self.go(&join(&folder, &self.declares(&folder, name)?)).ok().flatten()?;
        let decl = source.file.declares(name).filter(|decl| decl.kind == DeclKind::Var)?;
        let lines = decl.span.of(source.source.text()).lines();
        let mut values = lines.filter_map(|line| {
            line.trim()
                .trim_start_matches("var ")
                .strip_prefix(name)?
                .trim_start()
                .strip_prefix('=')?
                .trim()
                .strip_suffix("()")
        });
        let results = self.func_results(path, values.next()?)?;
        <[String; 1]>::try_from(results).ok().map(|[one]| one)
    }

    /// What a function gives back: its types.
    fn gives(&self, folder: &str, receiver: Option<&str>, name: &str) -> Option<Vec<String>> {
        let file = match receiver {
            None => self.declares(folder, name),
            Some(receiver) => self.declares_method(folder, receiver, name),
        }?;
        let source = self.go(&join(folder, &file)).ok().flatten()?;
        let scope = source.target().scope(FuncName { receiver, name }).ok()?;
        scope.results.iter().map(|result| self.qualified(folder, &source.file, &result.ty)).collect()
    }
}

/// A type with the path of the package behind each name: `own` is that of the package that it is written in.
pub fn qualified(ty: &str, own: &str, import: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let named = |package: Option<&str>, name: &str| match package {
        Some(package) => Some(format!("\"{}\".{name}", import(package)?)),
        None => Some(format!("\"{own}\".{name}")),
    };
    // `interface{}` is `any`.
    Some(renamed(ty, &named)?.replace("interface{}", "any"))
}

/// A type with each name in it, and the package before it, written anew. Go's own names stay.
pub fn renamed(ty: &str, name: &dyn Fn(Option<&str>, &str) -> Option<String>) -> Option<String> {
    let word = |at: usize| at + ty[at..].bytes().take_while(|c| c.is_ascii_alphanumeric() || *c == b'_').count();
    let bytes = ty.as_bytes();
    let mut result = String::new();
    let mut at = 0;
    while let Some(&c) = bytes.get(at) {
        if !(c.is_ascii_alphabetic() || c == b'_') {
            if !c.is_ascii() {
                return None;
            }
            result.push(char::from(c));
            at += 1;
            continue;
        }
        let end = word(at);
        let first = &ty[at..end];
        if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphabetic) {
            let stop = word(end + 1);
            result += &name(Some(first), &ty[end + 1..stop])?;
            at = stop;
            continue;
        }
        if matches!(first, "map" | "chan" | "func" | "struct" | "interface") || BUILTIN.contains(&first) {
            result += first;
        } else {
            result += &name(None, first)?;
        }
        at = end;
    }
    Some(result)
}

/// Whether a type is one of Go's own.
pub fn is_builtin(name: &str) -> bool {
    BUILTIN.contains(&name)
}

/// A function with its file: what its expressions mean.
pub struct Meaning<'a, 't> {
    /// The checkout.
    pub survey: &'a Survey<'t>,
    /// The file.
    pub source: &'a GoSource,
    /// Fields that structs are about to get: the struct's type, and the field.
    pub planned: &'a [(String, TypedField)],
}

impl Meaning<'_, '_> {
    fn folder(&self) -> &str {
        parent(self.source.path())
    }

    fn qualified(&self, ty: &str) -> Option<String> {
        self.survey.qualified(self.folder(), &self.source.file, ty)
    }

    /// The fields of a struct, with those that it is about to get.
    pub fn fields_of(&self, ty: &str) -> Vec<TypedField> {
        let mut fields = self.survey.fields_of(ty);
        for (_, field) in self.planned.iter().filter(|(owner, _)| owner == ty) {
            if !fields.iter().any(|known| known.name == field.name) {
                fields.push(field.clone());
            }
        }
        fields
    }

    /// What a function can name where it begins.
    pub fn outermost(&self, scope: &FunctionScope) -> Vec<InScope> {
        let given = scope.receiver.iter().chain(&scope.parameters).chain(&scope.results);
        let named = given.filter(|variable| !variable.name.is_empty() && variable.name != "_");
        let one = |variable: &Variable| {
            let ty = self.qualified(&variable.ty)?;
            let name = variable.name.clone();
            Some(InScope { expr: name.clone(), ty, origin: (name, Vec::new()), path: None })
        };
        named.filter_map(one).collect()
    }

    /// Adds what a statement or a block declares.
    pub fn declare(&self, known: &mut Vec<InScope>, declares: &[(String, Value)]) {
        for (name, value) in declares.iter().filter(|(name, _)| name != "_") {
            let ty = match value {
                Value::Typed(ty) => self.qualified(ty),
                Value::Of(expr) => self.type_of(expr, known),
                Value::Result(expr, at) => self.types_of(expr, known).and_then(|types| types.get(*at).cloned()),
                Value::Element(expr) => self.type_of(expr, known).as_deref().and_then(element),
                Value::Position(expr) => self.type_of(expr, known).as_deref().and_then(position),
                Value::Found => Some("bool".to_owned()),
            };
            let (origin, path) = match value {
                Value::Of(expr) => (self.origin(expr, known), path(expr)),
                _ => (None, None),
            };
            known.retain(|variable| variable.expr != *name);
            let Some(ty) = ty else { continue };
            let origin = origin.unwrap_or_else(|| (name.clone(), Vec::new()));
            known.push(InScope { expr: name.clone(), ty, origin, path });
        }
    }

    /// Where a part of a variable comes from: `policy.Spec`.
    fn origin(&self, expr: &Expr, known: &[InScope]) -> Option<(String, Vec<String>)> {
        match expr {
            Expr::Name(name) => known.iter().find(|variable| variable.expr == *name).map(|found| found.origin.clone()),
            Expr::Address(inner) | Expr::Pointed(inner) => self.origin(inner, known),
            Expr::Field(operand, name) => {
                let (root, mut steps) = self.origin(operand, known)?;
                let ty = self.type_of(operand, known)?;
                let fields = self.fields_of(ty.trim_start_matches('*'));
                let field = fields.into_iter().find(|field| field.name == *name)?;
                steps.extend(field.json.filter(|json| !json.is_empty()));
                Some((root, steps))
            }
            _ => None,
        }
    }

    /// The type of an expression.
    fn type_of(&self, expr: &Expr, known: &[InScope]) -> Option<String> {
        match expr {
            Expr::Name(name) => known.iter().find(|variable| variable.expr == *name).map(|found| found.ty.clone()),
            Expr::Typed(ty) => self.qualified(ty),
            Expr::Address(inner) => Some(format!("*{}", self.type_of(inner, known)?)),
            Expr::Pointed(inner) => self.type_of(inner, known)?.strip_prefix('*').map(str::to_owned),
            Expr::Field(operand, name) => {
                let ty = self.type_of(operand, known)?;
                let fields = self.fields_of(ty.trim_start_matches('*'));
                fields.into_iter().find(|field| field.name == *name).map(|field| field.ty)
            }
            Expr::Element(operand) => element(&self.type_of(operand, known)?),
            Expr::Call(..) => match self.types_of(expr, known)?.as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            },
            Expr::Other => None,
        }
    }

    /// The types of what a call gives back.
    fn types_of(&self, expr: &Expr, known: &[InScope]) -> Option<Vec<String>> {
        let Expr::Call(function, _) = expr else { return None };
        match &**function {
            Expr::Name(name) => self.survey.gives(self.folder(), None, name),
            Expr::Field(operand, name) => {
                if let Expr::Name(package) = &**operand
                    && !known.iter().any(|variable| variable.expr == *package)
                {
                    let import = self.source.file.imports.iter().find(|import| import.name() == package)?;
                    if import.path == FIELD && name == "NewPath" {
                        return Some(vec![PATH.to_owned()]);
                    }
                    return self.survey.gives(&self.survey.package_folder(&import.path)?, None, name);
                }
                if let Some(ty) = self.type_of(operand, known) {
                    if ty == PATH && matches!(name.as_str(), "Child" | "Index" | "Key") {
                        return Some(vec![ty]);
                    }
                    let plain = ty.trim_start_matches('*');
                    if name == "DeepCopy" {
                        return Some(vec![format!("*{plain}")]);
                    }
                    let (import, receiver) = plain.strip_prefix('"')?.split_once("\".")?;
                    return self.survey.gives(&self.survey.package_folder(import)?, Some(receiver), name);
                }
                None
            }
            _ => None,
        }
    }
}

/// The path that `NewPath("spec", "source")` and `.Child("kind")` spell out.
fn path(expr: &Expr) -> Option<Vec<String>> {
    let Expr::Call(function, strings) = expr else { return None };
    let Expr::Field(operand, name) = &**function else { return None };
    let strings = strings.iter().map(|text| text.trim_matches('"').to_owned());
    match name.as_str() {
        "NewPath" => Some(strings.collect()),
        "Child" => Some(path(operand)?.into_iter().chain(strings).collect()),
        _ => None,
    }
}

/// The type of an element of a slice, an array or a map.
fn element(ty: &str) -> Option<String> {
    let ty = ty.trim_start_matches('*');
    if let Some(rest) = ty.strip_prefix("map[") {
        return Some(rest[closing(rest)? + 1..].to_owned());
    }
    let rest = ty.strip_prefix('[')?;
    Some(rest[rest.find(']')? + 1..].to_owned())
}

/// The type of a position in a slice, an array or a map.
fn position(ty: &str) -> Option<String> {
    let ty = ty.trim_start_matches('*');
    if let Some(rest) = ty.strip_prefix("map[") {
        return Some(rest[..closing(rest)?].to_owned());
    }
    ty.starts_with('[').then(|| "int".to_owned())
}

/// Where the bracket closes that was opened before a text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1_usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}
