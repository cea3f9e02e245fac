//! Command-line flags as a file defines them, with pflag or cobra.

use tree_sitter::Node;

use super::edit::{AnchorError, FuncName, Target, find, indent, statements};
use super::fields::align;
use super::outline::{Decl, DeclKind};
use crate::text::{Span, TextEdit, indentation, line_start, next_line};

/// The definition of a flag: `cmd.Flags().BoolVar(&c.dry, DryFlag, false, "…")`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FlagDefinition {
    /// The function that it stands in.
    pub function: String,
    /// The type of that function's receiver.
    pub receiver: Option<String>,
    /// What the call is made on: `cmd.Flags()`, `pflag`.
    pub base: String,
    /// The method without `Var` and `P`: `Bool`.
    pub ty: String,
    /// What it is bound to, `&c.dry`; nothing if the call gives back a pointer.
    pub bound: Option<String>,
    /// The name, as Go: a literal or a constant.
    pub name: String,
    /// The default, as Go.
    pub default: String,
    /// The statement.
    pub span: Span,
}

const TYPES: &[&str] = &[
    "Bool",
    "String",
    "Int",
    "Int32",
    "Int64",
    "Uint",
    "Uint32",
    "Uint64",
    "Duration",
    "StringSlice",
    "StringArray",
    "StringToString",
    "Float32",
    "Float64",
];

impl Target<'_> {
    /// The flags that the functions of the file define, in order.
    pub fn flags(&self) -> Vec<FlagDefinition> {
        let mut found = Vec::new();
        for decl in self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func) {
            let text = decl.span.of(self.text);
            if text.contains("Flags().") || text.contains("flag.") {
                self.flags_of(decl, &mut found);
            }
        }
        found
    }

    fn flags_of(&self, decl: &Decl, found: &mut Vec<FlagDefinition>) {
        let Ok(fragment) = self.fragment(decl.span) else { return };
        for statement in statements(&fragment) {
            if !matches!(statement.kind(), "expression_statement" | "short_var_declaration" | "assignment_statement") {
                continue;
            }
            let text = |node| fragment.span(node).of(self.text);
            let Some(call) = find(statement, &|node| node.kind() == "call_expression") else { continue };
            let function = call.child_by_field_name("function").map(text).unwrap_or_default();
            let Some((base, method)) = function.rsplit_once('.') else { continue };
            let plain = method.strip_suffix('P').filter(|_| method.ends_with("VarP")).unwrap_or(method);
            let (ty, is_var) = plain.strip_suffix("Var").map_or((plain, false), |ty| (ty, true));
            let is_flags = matches!(base, "flag" | "pflag" | "goflag") || base.ends_with("Flags()");
            if !is_flags || !TYPES.contains(&ty) {
                continue;
            }
            let Some(list) = call.child_by_field_name("arguments") else { continue };
            let mut cursor = list.walk();
            let arguments = list.named_children(&mut cursor).filter(|node| node.kind() != "comment").map(text);
            let mut arguments: Vec<&str> = arguments.map(str::trim).collect();
            let bound = (is_var && !arguments.is_empty()).then(|| arguments.remove(0).to_owned());
            // Behind the name, `VarP` has a letter.
            if method.ends_with("VarP") && arguments.len() > 1 {
                arguments.remove(1);
            }
            let [name, default, ..] = arguments[..] else { continue };
            found.push(FlagDefinition {
                function: decl.name().to_owned(),
                receiver: decl.receiver.as_ref().map(|receiver| receiver.type_name.clone()),
                base: base.to_owned(),
                ty: ty.to_owned(),
                bound,
                name: name.to_owned(),
                default: default.to_owned(),
                span: fragment.span(statement),
            });
        }
    }

    /// The type of a variable of a function, if it is its receiver or the function makes it from a literal.
    pub fn variable_type(&self, func: FuncName<'_>, variable: &str) -> Option<String> {
        let decl = self.func(func).ok()?;
        if let Some(receiver) = decl.receiver.as_ref().filter(|receiver| receiver.name.as_deref() == Some(variable)) {
            return Some(receiver.type_name.clone());
        }
        let body = decl.body?.of(self.text);
        let mut types = body.lines().filter_map(|line| {
            let rest = line.trim().strip_prefix(variable)?.strip_prefix(" := ")?;
            if let Some(made) = rest.split_once('(').and_then(|(made, _)| self.file.func(made)) {
                return self.one_result(made);
            }
            let name = rest.trim_start_matches('&').split('{').next()?;
            (rest.contains('{') && crate::name::is_go_identifier(name)).then(|| name.to_owned())
        });
        types.next().filter(|_| types.next().is_none())
    }

    /// The type of the only result of a function, without the star of a pointer.
    fn one_result(&self, func: &Decl) -> Option<String> {
        let head = Span::new(func.span.start, func.body?.start).of(self.text).trim_end();
        let result = head.rsplit_once(')').map(|(_, result)| result.trim().trim_start_matches('*'))?;
        crate::name::is_go_identifier(result).then(|| result.to_owned())
    }

    /// A statement behind another one of a function, apart from it as that one is from what stands above it.
    pub fn after_statement(&self, above: Option<Span>, statement: Span, snippet: &str) -> TextEdit {
        let line = line_start(self.text, statement.start);
        let at = next_line(self.text, statement.end);
        let apart = above.is_some_and(|above| self.text[above.end..statement.start].matches('\n').count() > 1);
        let text = indent(snippet, indentation(self.text, line));
        TextEdit::insert(at, if apart { format!("\n{text}") } else { text })
    }

    /// Another constant, or variable, with the value of its own, behind one of a group; where that one has a type and no
    /// value, `value` is a type. The ones around it stay in line.
    pub fn value_after(&self, known: &str, name: &str, value: &str) -> Result<Vec<TextEdit>, AnchorError> {
        let missing = || self.missing(&format!("a group that declares `{known}`"), DeclKind::Const);
        let mut groups = self.file.decls.iter();
        let group = groups.find(|decl| {
            let is_group = matches!(decl.kind, DeclKind::Const | DeclKind::Var) && decl.body.is_some();
            is_group && decl.names.iter().any(|name| name.text == known)
        });
        let group = group.ok_or_else(missing)?;
        let fragment = self.fragment(group.span)?;
        let mut specs: Vec<Span> = Vec::new();
        collect(fragment.root(), &mut |node| specs.push(fragment.span(node)));
        let word = |span: &Span| span.of(self.text).split_whitespace().next().unwrap_or_default() == known;
        let at = specs.iter().position(word).ok_or_else(missing)?;
        let is_typed = !specs[at].of(self.text).contains('=');
        // `name = value`, or `name type`, alone on its line, and the lines right above and below it.
        let plain = |span: &Span| {
            let words: Vec<&str> = span.of(self.text).split_whitespace().collect();
            let end = next_line(self.text, span.end);
            let is_like = if is_typed { words.len() == 2 } else { words.get(1) == Some(&"=") };
            is_like && self.text[span.end..end].trim().is_empty() && !span.of(self.text).contains('\n')
        };
        let joined = |a: &Span, b: &Span| plain(a) && plain(b) && self.text[a.end..b.start].matches('\n').count() == 1;
        let mut first = at;
        while first > 0 && joined(&specs[first - 1], &specs[first]) {
            first -= 1;
        }
        let mut last = at;
        while last + 1 < specs.len() && joined(&specs[last], &specs[last + 1]) {
            last += 1;
        }
        let cell = |value: &str| if is_typed { value.to_owned() } else { format!("= {value}") };
        let cells = |span: &Span| {
            let text = span.of(self.text);
            let (name, value) = text.split_once(if is_typed { ' ' } else { '=' }).unwrap_or((text, ""));
            [name.trim().to_owned(), cell(value.trim())]
        };
        let mut rows: Vec<[String; 2]> = specs[first..=last].iter().map(cells).collect();
        rows.insert(at - first + 1, [name.to_owned(), cell(value)]);
        let lines = align(&rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect::<Vec<Vec<&str>>>());
        let mut edits = Vec::new();
        let mut lines = lines.into_iter();
        for (index, span) in (first..).zip(&specs[first..=last]) {
            let line = lines.next().unwrap_or_default();
            if plain(span) && span.of(self.text) != line {
                edits.push(TextEdit { span: *span, text: line });
            }
            if index == at {
                let line = lines.next().unwrap_or_default();
                let prefix = indentation(self.text, line_start(self.text, span.start));
                edits.push(TextEdit::insert(next_line(self.text, span.end), format!("{prefix}{line}\n")));
            }
        }
        Ok(edits)
    }
}

/// The constants and variables of a group.
fn collect(node: Node<'_>, push: &mut dyn FnMut(Node<'_>)) {
    if matches!(node.kind(), "const_spec" | "var_spec") {
        return push(node);
    }
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        collect(child, push);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;
    use crate::text::TextEdits;

    const TEXT: &str = "package x\n\nconst (\n\tAFlag = \"a\"\n\tBFlag = \"b\"\n\n\tother = 1\n)\n\nfunc New() {\n\tc := command{}\n\tcmd.Flags().BoolVarP(&c.a, AFlag, \"a\", c.a, \"A.\")\n\tcmd.Flags().StringVar(&c.b, BFlag, c.b, \"B.\")\n\tx := pflag.Int(\"x\", 1, \"X.\")\n}\n";

    #[test]
    fn definitions_are_found() {
        let file = GoFile::parse(TEXT).unwrap();
        let target = Target::new(TEXT, &file);
        let shown: Vec<String> = target
            .flags()
            .iter()
            .map(|flag| format!("{} {} {:?} {} {}", flag.base, flag.ty, flag.bound, flag.name, flag.default))
            .collect();
        assert_eq!(
            shown,
            [
                "cmd.Flags() Bool Some(\"&c.a\") AFlag c.a",
                "cmd.Flags() String Some(\"&c.b\") BFlag c.b",
                "pflag Int None \"x\" 1"
            ]
        );
        assert_eq!(target.variable_type(FuncName { receiver: None, name: "New" }, "c").as_deref(), Some("command"));
    }

    #[test]
    fn a_constant_stands_in_line() {
        let file = GoFile::parse(TEXT).unwrap();
        let edits = Target::new(TEXT, &file).value_after("BFlag", "LongFlag", "\"long\"").unwrap();
        let text = TextEdits::new(edits).unwrap().apply(TEXT);
        assert!(
            text.contains("(\n\tAFlag    = \"a\"\n\tBFlag    = \"b\"\n\tLongFlag = \"long\"\n\n\tother = 1\n)"),
            "{text}"
        );
    }
}
