//! Types and fields of structs that somebody wrote into prose. Each is parsed alone, must be exactly one, and is printed
//! again from its syntax.

use std::fmt;

use tree_sitter::Node;

use super::head::{Parameter, printed, printed_results};
use super::syntax::Fragment;
use crate::diagnostic::is_invisible;
use crate::name::is_go_identifier;
use crate::text::Span;

/// Longer than any head that people write, and short enough to be walked without care for the depth.
const LONGEST: usize = 1000;

/// Why a text is not the head of one function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeadError(String);

impl HeadError {
    /// An error that the text of a head alone does not tell.
    pub(crate) fn new(why: String) -> Self {
        Self(why)
    }
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A type expression, printed from its syntax.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TypeText {
    /// As gofmt prints it.
    pub text: String,
    /// The names in it, each with the package that it is taken from.
    pub names: Vec<(Option<String>, String)>,
}

impl TypeText {
    /// Reads one type expression.
    pub fn parse(text: &str) -> Result<Self, HeadError> {
        let field = StructField::parse(&format!("f {text}"))?;
        Ok(field.ty)
    }

    /// Whether nothing can be in it: a pointer, a slice, a map.
    pub fn has_nil(&self) -> bool {
        ["*", "[]", "map["].iter().any(|head| self.text.starts_with(head))
    }
}

/// A field of a struct: `name *v1.Type`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StructField {
    /// Its name; nothing if its type is embedded.
    pub name: Option<String>,
    /// Its type.
    pub ty: TypeText,
}

impl StructField {
    /// Reads one field without a tag.
    pub fn parse(text: &str) -> Result<Self, HeadError> {
        let text = plain(text)?;
        let not_one = || error("it is not one field of a struct".to_owned());
        let source = format!("type t struct {{\n{text}\n}}");
        let fragment = Fragment::parse(&source, Span::new(0, source.len())).map_err(|_| not_one())?;
        let mut node = fragment.root();
        for kind in ["type_declaration", "type_spec", "struct_type", "field_declaration_list", "field_declaration"] {
            // One of each, and what stands between the braces is all of it.
            let mut cursor = node.walk();
            let mut inner = node.named_children(&mut cursor).filter(|child| child.kind() != "type_identifier");
            let only = inner.next().filter(|child| child.kind() == kind && inner.next().is_none());
            node = only.ok_or_else(not_one)?;
        }
        if fragment.span(node).of(&source) != text {
            return Err(not_one());
        }
        let reader = Reader { fragment: &fragment, source: &source };
        let mut cursor = node.walk();
        let names = node.children_by_field_name("name", &mut cursor).filter(Node::is_named);
        let names = names.map(|name| reader.identifier(name)).collect::<Result<Vec<_>, _>>()?;
        let ty = node.child_by_field_name("type").ok_or_else(not_one)?;
        if node.named_child_count() != names.len() + 1 || names.len() > 1 {
            return Err(not_one());
        }
        let mut printed = reader.ty(ty)?;
        // The star of an embedded pointer stands outside of its type.
        if names.is_empty() && text.starts_with('*') {
            printed.text.insert(0, '*');
        }
        Ok(Self { name: names.into_iter().next(), ty: printed })
    }
}

/// A text that is short, that can be seen, and that hides nothing behind a comment.
pub(super) fn plain(text: &str) -> Result<&str, HeadError> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(error(format!("it is longer than {LONGEST} bytes")));
    }
    if let Some(c) = text.chars().find(|c| is_invisible(*c)) {
        return Err(error(format!("it holds {}, which cannot be seen", c.escape_unicode())));
    }
    if text.contains("//") || text.contains("/*") {
        return Err(error("it holds a comment".to_owned()));
    }
    Ok(text)
}

pub(super) fn error(why: String) -> HeadError {
    HeadError(why)
}

pub(super) struct Reader<'a> {
    pub(super) fragment: &'a Fragment,
    pub(super) source: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) fn text(&self, node: Node<'_>) -> &'a str {
        self.fragment.span(node).of(self.source)
    }

    pub(super) fn identifier(&self, node: Node<'_>) -> Result<String, HeadError> {
        let name = self.text(node);
        if is_go_identifier(name) { Ok(name.to_owned()) } else { Err(error(format!("`{name}` cannot be a name"))) }
    }

    pub(super) fn parameters(&self, list: Node<'_>) -> Result<Vec<Parameter>, HeadError> {
        let mut cursor = list.walk();
        let found: Vec<Parameter> =
            list.named_children(&mut cursor).map(|node| self.parameter(node)).collect::<Result<_, _>>()?;
        let named = found.iter().filter(|parameter| !parameter.names.is_empty()).count();
        if named != 0 && named != found.len() {
            return Err(error("some of its parameters have names and others have none".to_owned()));
        }
        Ok(found)
    }

    fn parameter(&self, node: Node<'_>) -> Result<Parameter, HeadError> {
        let variadic = match node.kind() {
            "parameter_declaration" => false,
            "variadic_parameter_declaration" => true,
            other => return Err(unknown(other)),
        };
        let mut cursor = node.walk();
        let names = node.children_by_field_name("name", &mut cursor).filter(Node::is_named);
        let names = names.map(|name| self.identifier(name)).collect::<Result<Vec<_>, _>>()?;
        let ty = node.child_by_field_name("type").ok_or_else(|| unknown(node.kind()))?;
        // Commas stand between the names; everything else in it would be dropped without a word.
        if node.named_child_count() != names.len() + 1 {
            return Err(unknown(node.kind()));
        }
        Ok(Parameter { names, variadic, ty: self.ty(ty)?, is_spoken: false })
    }

    pub(super) fn ty(&self, node: Node<'_>) -> Result<TypeText, HeadError> {
        let mut names = Vec::new();
        let text = self.print(bare(node), &mut names)?;
        Ok(TypeText { text, names })
    }

    /// A type, from its syntax: what is not named here is not a type that a head can have.
    fn print(&self, node: Node<'_>, names: &mut Vec<(Option<String>, String)>) -> Result<String, HeadError> {
        let field = |name: &str| node.child_by_field_name(name).ok_or_else(|| unknown(node.kind()));
        let only = || match node.named_child_count() {
            1 => node.named_child(0).ok_or_else(|| unknown(node.kind())),
            _ => Err(unknown(node.kind())),
        };
        Ok(match node.kind() {
            "type_identifier" => {
                let name = self.identifier(node)?;
                names.push((None, name.clone()));
                name
            }
            "qualified_type" => {
                let (package, name) = (self.identifier(field("package")?)?, self.identifier(field("name")?)?);
                names.push((Some(package.clone()), name.clone()));
                format!("{package}.{name}")
            }
            "pointer_type" => format!("*{}", self.print(only()?, names)?),
            "parenthesized_type" => format!("({})", self.print(bare(only()?), names)?),
            "slice_type" => format!("[]{}", self.print(field("element")?, names)?),
            "array_type" => {
                let length = field("length")?;
                let digits = self.text(length);
                let plain = length.kind() == "int_literal" && digits.len() < 10 && !digits.starts_with('0');
                if !plain || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
                    return Err(error(format!("`{digits}` is not the length of an array")));
                }
                format!("[{digits}]{}", self.print(field("element")?, names)?)
            }
            "map_type" => {
                let key = self.print(field("key")?, names)?;
                format!("map[{key}]{}", self.print(field("value")?, names)?)
            }
            "channel_type" => {
                let value = self.print(field("value")?, names)?;
                let arrow = (0..).map_while(|at| node.child(at)).position(|child| child.kind() == "<-");
                match arrow {
                    None => format!("chan {value}"),
                    Some(0) => format!("<-chan {value}"),
                    Some(_) => format!("chan<- {value}"),
                }
            }
            "function_type" => {
                let inner = self.parameters(field("parameters")?)?;
                let results = match node.child_by_field_name("result") {
                    None => String::new(),
                    Some(list) if list.kind() == "parameter_list" => {
                        let list = self.parameters(list)?;
                        names.extend(list.iter().flat_map(|result| result.ty.names.clone()));
                        printed_results(&list)
                    }
                    Some(ty) => format!(" {}", self.print(bare(ty), names)?),
                };
                names.extend(inner.iter().flat_map(|parameter| parameter.ty.names.clone()));
                format!("func({}){results}", printed(&inner))
            }
            "interface_type" if node.named_child_count() == 0 => "interface{}".to_owned(),
            "struct_type" if only()?.named_child_count() == 0 => "struct{}".to_owned(),
            "generic_type" => {
                let ty = self.print(field("type")?, names)?;
                let arguments = field("type_arguments")?;
                let mut cursor = arguments.walk();
                let arguments = arguments.named_children(&mut cursor).map(|argument| match argument.kind() {
                    "type_elem" if argument.named_child_count() == 1 => {
                        argument.named_child(0).map_or_else(|| Err(unknown("type_elem")), |ty| self.print(ty, names))
                    }
                    _ => self.print(argument, names),
                });
                format!("{ty}[{}]", arguments.collect::<Result<Vec<_>, _>>()?.join(", "))
            }
            other => return Err(unknown(other)),
        })
    }
}

/// A type without the parentheses around all of it, which gofmt leaves out of fields, parameters and results.
fn bare(mut node: Node<'_>) -> Node<'_> {
    while let ("parenthesized_type", 1, Some(inner)) = (node.kind(), node.named_child_count(), node.named_child(0)) {
        node = inner;
    }
    node
}

fn unknown(kind: &str) -> HeadError {
    error(format!("it holds a {}, which the head of a function here cannot have", kind.replace('_', " ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_exactly_one() {
        for (text, printed) in [
            ("Overhead  *resource.Quantity", "Overhead *resource.Quantity"),
            ("m map[ string ][]v1.X", "m map[string][]v1.X"),
            ("v1.ObjectMeta", " v1.ObjectMeta"),
            ("*Embedded", " *Embedded"),
            ("a interface{}", "a interface{}"),
        ] {
            let field = StructField::parse(text).unwrap();
            assert_eq!(format!("{} {}", field.name.unwrap_or_default(), field.ty.text), printed);
        }
        for text in [
            "",
            "a",
            "a, b int",
            "a int; b int",
            "a int\nb int",
            "a int }; func init() {",
            "a struct { b int }",
            "a int `x`",
            "a int // x",
            "a *",
            "f func((d), E*(d))",
            "1 int",
            "a \u{202e}int",
            "func int",
            "a int }\ntype u struct { b int",
        ] {
            let read = StructField::parse(text);
            // One word is a type that is embedded.
            assert!(read.is_err() || text == "a", "{text:?}: {read:?}");
        }
        assert_eq!(TypeText::parse("[]*v1.X").unwrap().text, "[]*v1.X");
        assert!(TypeText::parse("int; x int").is_err());
    }
}
