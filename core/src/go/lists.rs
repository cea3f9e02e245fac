//! Lists of values in a function's body: the elements of a literal, or the arguments of a call.

use tree_sitter::Node;

use super::edit::{AnchorError, Target};
use super::outline::DeclKind;
use super::syntax::Fragment;
use crate::text::{TextEdit, indentation, line_start};

/// A list of values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueList {
    /// The function that it stands in.
    pub function: String,
    /// The values, as Go.
    pub values: Vec<String>,
    /// Where its closing bracket stands.
    pub close: usize,
}

impl Target<'_> {
    /// The list of the file's functions that has the most values of some kind, if there is one with two or more, and
    /// no other one has as many.
    pub fn value_list(&self, is_one: &dyn Fn(&str) -> bool) -> Option<ValueList> {
        let mut best: Option<(usize, ValueList)> = None;
        let mut tied = false;
        for decl in self.file.decls.iter().filter(|decl| decl.kind == DeclKind::Func) {
            // Parsing is dear: only a function that may hold one is parsed.
            let words =
                decl.span.of(self.text).split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '{' | ','));
            if words.filter(|word| is_one(word)).count() < 2 {
                continue;
            }
            let Ok(fragment) = self.fragment(decl.span) else { continue };
            let mut found = Vec::new();
            lists(fragment.root(), &fragment, self.text, &mut found);
            for (values, close) in found {
                let count = values.iter().filter(|value| is_one(value)).count();
                let known = best.as_ref().map_or(1, |(known, _)| *known);
                tied = if count > known { false } else { tied || count == known && count > 1 };
                if count > known {
                    best = Some((count, ValueList { function: decl.name().to_owned(), values, close }));
                }
            }
        }
        best.filter(|_| !tied).map(|(_, list)| list)
    }

    /// Another value at the end of a list that has one on each line.
    pub fn append_value(&self, list: &ValueList, value: &str) -> Result<TextEdit, AnchorError> {
        self.before_close(list.close, &format!("{value},"))
    }

    /// Another value in a list that has one on each line: behind the last one that begins with `neighbor`, or else behind
    /// the last call.
    pub fn add_value(&self, list: &ValueList, neighbor: &str, value: &str) -> Result<TextEdit, AnchorError> {
        let alike = list.values.iter().rfind(|one| one.starts_with(neighbor));
        let beside = alike.or_else(|| list.values.iter().rfind(|one| one.ends_with(')')));
        let Some(beside) = beside else { return self.append_value(list, value) };
        let line = format!("{beside},\n");
        let Some(at) = self.text[..list.close].rfind(&line) else { return self.append_value(list, value) };
        let prefix = indentation(self.text, line_start(self.text, at));
        Ok(TextEdit::insert(at + line.len(), format!("{prefix}{value},\n")))
    }
}

fn lists(node: Node<'_>, fragment: &Fragment, text: &str, found: &mut Vec<(Vec<String>, usize)>) {
    let mut cursor = node.walk();
    if matches!(node.kind(), "literal_value" | "argument_list") {
        let values = node.named_children(&mut cursor).filter(|child| child.kind() != "comment");
        let values = values.map(|child| fragment.span(child).of(text).trim().to_owned()).collect();
        found.push((values, fragment.span(node).end - 1));
    }
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        lists(child, fragment, text, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::GoFile;
    use crate::text::TextEdits;

    const TEXT: &str =
        "package x\n\nfunc f() {\n\tall := []T{\n\t\ta.One{},\n\t\ta.NewOne(\n\t\t\tb,\n\t\t),\n\t}\n\tg(all)\n}\n";

    #[test]
    fn the_list_with_the_most_is_found_and_grows() {
        let file = GoFile::parse(TEXT).unwrap();
        let target = Target::new(TEXT, &file);
        let list = target.value_list(&|value| value.contains("One")).unwrap();
        assert_eq!((list.function.as_str(), list.values.len()), ("f", 2));
        let edits = TextEdits::new(vec![target.append_value(&list, "a.Two{}").unwrap()]).unwrap();
        assert!(edits.apply(TEXT).contains("\t\t),\n\t\ta.Two{},\n\t}\n"));
        assert_eq!(target.value_list(&|value| value.contains("Two")), None);
    }

    #[test]
    fn a_value_stands_beside_those_like_it() {
        let text =
            "package x\n\nfunc f() {\n\tr.Add(\n\t\ta.NewOne(),\n\t\ta.NewTwo(),\n\t\tb.NewOne(),\n\t\tlast,\n\t)\n}\n";
        let file = GoFile::parse(text).unwrap();
        let target = Target::new(text, &file);
        let list = target.value_list(&|value| value.contains("One")).unwrap();
        let put = |neighbor: &str, value: &str| {
            TextEdits::new(vec![target.add_value(&list, neighbor, value).unwrap()]).unwrap().apply(text)
        };
        assert!(put("a.", "a.NewX()").contains("\t\ta.NewTwo(),\n\t\ta.NewX(),\n\t\tb."));
        assert!(put("c.", "c.NewX()").contains("\t\tb.NewOne(),\n\t\tc.NewX(),\n\t\tlast"));
    }

    #[test]
    fn two_lists_of_a_kind_are_none() {
        let text = format!("{TEXT}\nfunc h() {{\n\tg(a.One{{}}, a.One{{}})\n}}\n");
        let file = GoFile::parse(&text).unwrap();
        assert_eq!(Target::new(&text, &file).value_list(&|value| value.contains("One")), None);
    }
}
