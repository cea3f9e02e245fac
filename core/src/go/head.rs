//! The head of a function that somebody wrote into prose. It is parsed alone, must be exactly one head, and is
//! printed again from its syntax: none of the bytes that were read reach a Go file in another role than that of
//! a name or a type.

use super::syntax::Fragment;
use super::types::{HeadError, Reader, TypeText, error, plain};
use crate::name::{is_go_identifier, is_predeclared};
use crate::text::Span;

/// Parameters, or results, that share a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Their names, where they have some.
    pub names: Vec<String>,
    /// `...` stands before the type.
    pub variadic: bool,
    /// Their type.
    pub ty: TypeText,
    /// Of a receiver: prose speaks of the type, "on `T`", and does not say whether the receiver is a pointer.
    pub is_spoken: bool,
}

impl Parameter {
    /// The receiver of a method "on `T`".
    pub fn spoken(ty: TypeText) -> Self {
        Self { names: Vec::new(), variadic: false, ty, is_spoken: true }
    }
}

/// The head of a function: `func (c *Controller) sync(key string) error`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionHead {
    /// What it is a method of.
    pub receiver: Option<Parameter>,
    /// Its name.
    pub name: String,
    /// What it is given.
    pub parameters: Vec<Parameter>,
    /// What it gives back.
    pub results: Vec<Parameter>,
}

/// Whether the zero value of a type needs no `new`.
fn is_plain(ty: &str) -> bool {
    is_predeclared(ty) || ty.starts_with(['*', '[']) || ty.starts_with("map[")
}

impl FunctionHead {
    /// Reads the head of one function. `func` may stand before it and `{` behind it.
    pub fn parse(text: &str) -> Result<Self, HeadError> {
        let text = plain(text)?;
        let text = text.strip_prefix("func ").unwrap_or(text);
        // The braces of `interface{}` belong to the type.
        let is_body = |rest: &&str| !["interface", "struct"].iter().any(|word| rest.trim_end().ends_with(word));
        let body = text.strip_suffix("{}").or_else(|| text.strip_suffix('{'));
        let text = body.filter(is_body).unwrap_or(text).trim();
        let source = format!("func {text} {{}}");
        let not_one = || error("it is not the head of one Go function".to_owned());
        let fragment = Fragment::parse(&source, Span::new(0, source.len())).map_err(|_| not_one())?;
        let root = fragment.root();
        let declaration = root.named_child(0).filter(|node| root.named_child_count() == 1 && !node.is_extra());
        let declaration = declaration.ok_or_else(not_one)?;
        // The body is the one that was put there, and nothing stands before or behind it.
        let body = declaration.child_by_field_name("body").ok_or_else(not_one)?;
        let whole = fragment.span(declaration) == Span::new(0, source.len());
        if !whole || fragment.span(body).start + "{}".len() != source.len() {
            return Err(not_one());
        }
        let reader = Reader { fragment: &fragment, source: &source };
        let field = |name: &str| declaration.child_by_field_name(name);
        if field("type_parameters").is_some() {
            return Err(error("it has type parameters".to_owned()));
        }
        let name = field("name").map(|node| reader.text(node)).ok_or_else(not_one)?;
        if !is_go_identifier(name) {
            return Err(error(format!("`{name}` cannot be the name of a function")));
        }
        let receiver = match field("receiver") {
            None => None,
            Some(list) => match <[Parameter; 1]>::try_from(reader.parameters(list)?) {
                Ok([one]) if one.names.len() < 2 && !one.variadic && is_named_type(&one.ty.text) => Some(one),
                _ => {
                    return Err(error(
                        "a method has one receiver, a type of its package or a pointer to it".to_owned(),
                    ));
                }
            },
        };
        let parameters = field("parameters").map(|list| reader.parameters(list)).ok_or_else(not_one)??;
        let results = match field("result") {
            None => Vec::new(),
            Some(list) if list.kind() == "parameter_list" => reader.parameters(list)?,
            Some(ty) => vec![Parameter { names: Vec::new(), variadic: false, ty: reader.ty(ty)?, is_spoken: false }],
        };
        let head = Self { receiver, name: name.to_owned(), parameters, results };
        head.check_names()?;
        Ok(head)
    }

    /// The types that it gives back; nothing if they have names, which make `return` mean another thing.
    pub fn result_types(&self) -> Option<Vec<String>> {
        let plain = self.results.iter().all(|result| result.names.is_empty());
        plain.then(|| self.results.iter().map(|result| result.ty.text.clone()).collect())
    }

    /// The names in the types of its parameters and results.
    pub fn type_names(&self) -> impl Iterator<Item = &(Option<String>, String)> {
        self.parameters.iter().chain(&self.results).flat_map(|parameter| &parameter.ty.names)
    }

    /// What stands between the parentheses.
    pub fn parameter_list(&self) -> String {
        printed(&self.parameters)
    }

    /// From the opening parenthesis on.
    pub fn signature(&self) -> String {
        format!("({}){}", self.parameter_list(), printed_results(&self.results))
    }

    /// What a line calls it: `T.f` for a method.
    pub fn called(&self) -> String {
        let ty = self.receiver.as_ref().map(|one| format!("{}.", one.ty.text.trim_start_matches('*')));
        ty.unwrap_or_default() + &self.name
    }

    /// What it takes more than another head with the same results, in one place: the number of the first, and the
    /// parameters as Go.
    pub fn more_than(&self, old: &Self) -> Option<(usize, Vec<String>)> {
        let types = |head: &Self| head.results.iter().map(|one| one.ty.text.clone()).collect::<Vec<_>>();
        let (before, after) = (old.each_parameter(), self.each_parameter());
        let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        let count = after.len().checked_sub(before.len()).filter(|count| *count > 0)?;
        let is_whole = before[start..] == after[start + count..] && types(old) == types(self);
        is_whole.then(|| (start, after[start..start + count].to_vec()))
    }

    /// The parameters that have names, each with its type.
    pub fn each_parameter(&self) -> Vec<String> {
        let one = |one: &Parameter| {
            let dots = if one.variadic { "..." } else { "" };
            one.names.iter().map(|name| format!("{name} {dots}{}", one.ty.text)).collect::<Vec<_>>()
        };
        self.parameters.iter().flat_map(one).collect()
    }

    /// What the grammar lets pass and Go does not: names twice, `...` before the end; and names
    /// that hide what the body of a stub needs.
    fn check_names(&self) -> Result<(), HeadError> {
        let lists = [self.receiver.as_slice(), &self.parameters, &self.results];
        let mut seen: Vec<&str> = Vec::new();
        for name in lists.into_iter().flatten().flat_map(|parameter| &parameter.names).filter(|name| *name != "_") {
            // Go has these only since 1.21, and nothing here calls them.
            if is_predeclared(name) && !matches!(name.as_str(), "min" | "max" | "new" | "clear") {
                return Err(error(format!("the name `{name}` hides Go's own")));
            }
            // What the body of a stub calls: `errors.New`, and a literal of a result's type.
            let hides = name == "errors"
                || name == "new" && self.results.iter().any(|result| !is_plain(&result.ty.text))
                || self
                    .results
                    .iter()
                    .flat_map(|result| &result.ty.names)
                    .any(|(package, ty)| package.as_deref().unwrap_or(ty) == name);
            if hides {
                return Err(error(format!("the name `{name}` hides what the function needs")));
            }
            if seen.contains(&name.as_str()) {
                return Err(error(format!("the name `{name}` occurs twice")));
            }
            seen.push(name);
        }
        let last = self.parameters.len().saturating_sub(1);
        let early =
            self.parameters.iter().enumerate().any(|(at, one)| one.variadic && (at != last || one.names.len() > 1));
        if early || self.results.iter().any(|result| result.variadic) {
            return Err(error("only its last parameter can have `...`".to_owned()));
        }
        Ok(())
    }
}

pub(super) fn printed(parameters: &[Parameter]) -> String {
    let one = |parameter: &Parameter| {
        let dots = if parameter.variadic { "..." } else { "" };
        let names = parameter.names.join(", ");
        let gap = if names.is_empty() { "" } else { " " };
        format!("{names}{gap}{dots}{}", parameter.ty.text)
    };
    parameters.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `T` or `*T`, with type parameters or without.
fn is_named_type(ty: &str) -> bool {
    let base = ty.strip_prefix('*').unwrap_or(ty);
    is_go_identifier(base.split('[').next().unwrap_or_default())
}

/// What stands behind the parameters.
pub(super) fn printed_results(results: &[Parameter]) -> String {
    match results {
        [] => String::new(),
        [one] if one.names.is_empty() => format!(" {}", one.ty.text),
        many => format!(" ({})", printed(many)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &str) -> Result<String, HeadError> {
        FunctionHead::parse(text).map(|head| head.name.clone() + &head.signature())
    }

    #[test]
    fn a_head_is_printed_from_its_syntax() {
        for (text, printed) in [
            (
                "detect( vmi  *v1.VirtualMachineInstance,n Node ) ( bool,error )",
                "detect(vmi *v1.VirtualMachineInstance, n Node) (bool, error)",
            ),
            ("func a() {", "a()"),
            ("func a(x, y int) {}", "a(x, y int)"),
            (
                "a(f func(int) (string, error), m map[string][]*v1.X) chan<- int",
                "a(f func(int) (string, error), m map[string][]*v1.X) chan<- int",
            ),
            (
                "a(<-chan int, chan (<-chan int), [3]int, interface{}, struct{}, ...string)",
                "a(<-chan int, chan (<-chan int), [3]int, interface{}, struct{}, ...string)",
            ),
            ("a(s sets.Set[string]) (n int, err error)", "a(s sets.Set[string]) (n int, err error)"),
            ("größe() float64", "größe() float64"),
            ("a(b (B), c ((*C))) ((D))", "a(b B, c *C) D"),
            ("a(f func((A)) (B), c chan ((<-chan int))) (C)", "a(f func(A) B, c chan (<-chan int)) C"),
        ] {
            assert_eq!(again(text).as_deref(), Ok(printed), "{text}");
            assert_eq!(again(printed).as_deref(), Ok(printed), "{printed}");
        }
        let method = FunctionHead::parse("(c *Controller) sync(key string) error").unwrap();
        assert_eq!(method.receiver.unwrap().ty.text, "*Controller");
    }

    #[test]
    fn what_is_not_one_head_is_refused() {
        let long = format!("a({})", "*".repeat(5000) + "int");
        let deep = format!("a(f {}int)", "func(".repeat(150));
        for text in [
            "a() {}; func init() {}; func b()",
            "a() { println() }; func init() { println() }; func b()",
            "a() {{x}}",
            "a() { return }",
            "a(\u{0})",
            "a() error\u{0}",
            "a()\nfunc init() {}",
            "(c *func(c *A) B) a()",
            "(c v1.T) a()",
            "(c []T) a()",
            "a() // x",
            "a() /* x */ error",
            "a(x struct{ A int `json:\"x\"` })",
            "a(x interface{ B() })",
            "a(x [len(\"x\")]int)",
            "a(x [1<<20]int)",
            "a(x [010]int)",
            "a[T any](x T)",
            "a(x int, string)",
            "a(x ...int, y int)",
            "a(x, y ...int)",
            "a() (...int)",
            "a(x int, x int)",
            "a(nil int) error",
            "a(error int) error",
            "a(errors int) error",
            "a(v1 *v1.X) v1.X",
            "a(select int)",
            "a(x select)",
            "func()",
            "(a A, b B) c()",
            "() c()",
            "a(x²y int)",
            "a(\u{202e}x int)",
            "a(x\u{e0041} int)",
            "1a()",
            "a",
            "",
            "a() = 1",
            "a() error; var x = 1",
            "a(...)",
            long.as_str(),
            deep.as_str(),
        ] {
            assert!(FunctionHead::parse(text).is_err(), "{text} is {:?}", again(text));
        }
    }
}
