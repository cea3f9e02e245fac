//! Code that is put into a function as it is stated: an entry of a literal, an element of a list, a statement.

use std::cmp::Ordering;

use tree_sitter::Node;

use super::beside::Position;
use super::edit::{FuncName, Target, indent};
use super::syntax::Fragment;
use crate::name::Name;
use crate::text::{Span, TextEdit, comment_above, indentation, line_start, next_line, squeezed};

/// Code as it is stated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stated {
    /// `Key: value` in the literal of a struct.
    Entry {
        /// The field.
        key: String,
        /// Its value.
        value: String,
        /// The type of the struct, if it is stated.
        literal: Option<String>,
    },
    /// A value of a list, or an argument on a line of its own.
    Element {
        /// The value.
        code: String,
        /// What the list is assigned to, or what is called with it, if that is stated.
        list: Option<String>,
        /// It is said to be the last of it.
        is_last: bool,
    },
    /// One or more lines.
    Statement(String),
}

/// Whether code is one statement, and nothing else.
pub fn one_statement(code: &str) -> bool {
    let text = format!("func f() {{\n{code}\n}}\n");
    let fragment = Fragment::parse(&text, Span::new(0, text.len()));
    let is_plain = !code.contains('\n') && !code.contains("//") && !code.contains("/*");
    is_plain && fragment.is_ok_and(|fragment| super::edit::statements(&fragment).len() == 1)
}

/// Whether code is one value, and nothing else.
pub fn one_value(code: &str) -> bool {
    one_statement(&format!("_ = {code}"))
}

/// What a place is beside is called by: `c.sync` of `c.sync(vmi)`, the key of an entry.
fn anchor(position: Option<&Position>) -> Option<&str> {
    position.and_then(Position::anchor).map(path)
}

/// Whether code is called by a name.
pub fn is_called(code: &str, name: &str) -> bool {
    path(code) == path(name)
}

impl Target<'_> {
    /// The edit that puts code into a function; nothing if it is there, and else why its place is not certain.
    /// What other lines put in, `apart`, is what it stands beside only where nothing else is.
    pub fn put_inside(
        &self,
        func: FuncName<'_>,
        stated: &Stated,
        position: Option<&Position>,
        apart: &[String],
    ) -> Result<Option<TextEdit>, String> {
        let decl = self.file.method(func.receiver, func.name).ok_or_else(|| format!("{func} does not exist"))?;
        let fragment = self.fragment(decl.span).map_err(|error| error.message)?;
        let body = Body { target: self, fragment: &fragment, func, apart };
        match stated {
            Stated::Entry { key, value, literal } => body.entry((key, value), literal.as_deref(), position),
            Stated::Element { code, list, is_last } => match body.last_of_line(code, list.as_deref(), *is_last) {
                Some(edits) => Ok(edits.into_iter().next()),
                None => body.element(code, list.as_deref(), position),
            },
            Stated::Statement(code) => {
                // A flag goes behind the last one, as it is by then.
                let last = self.last_flag(func).filter(|_| code.starts_with("if ") && position.is_none());
                let behind = last.map(|last| Position::After(last.flag));
                body.statement(code, position.or(behind.as_ref()))
            }
        }
    }

    /// The type of the literal in a function that gets an entry, as it is written there, if it is certain which one.
    pub fn entry_type(&self, func: FuncName<'_>, literal: Option<&str>, position: Option<&Position>) -> Option<String> {
        let decl = self.file.method(func.receiver, func.name)?;
        let fragment = self.fragment(decl.span).ok()?;
        let body = Body { target: self, fragment: &fragment, func, apart: &[] };
        let literal = body.literal(literal, position).ok()?;
        Some(body.text(literal.parent()?.child_by_field_name("type")?).to_owned())
    }

    /// Where a function appends flags to a command line, each if a feature gate is on: the last of them.
    pub fn last_flag(&self, func: FuncName<'_>) -> Option<AppendedFlag> {
        let decl = self.file.method(func.receiver, func.name)?;
        let fragment = self.fragment(decl.span).ok()?;
        let body = Body { target: self, fragment: &fragment, func, apart: &[] };
        let mut lists: Vec<AppendedFlag> = Vec::new();
        for list in body.all(&|node| node.kind() == "statement_list") {
            let flags = children(list).into_iter().filter_map(|node| body.flag(node));
            let gated: Vec<AppendedFlag> = flags.filter(|flag| flag.condition.ends_with("Enabled()")).collect();
            lists.extend(gated.last().filter(|_| gated.len() > 1).cloned());
        }
        (lists.len() == 1).then(|| lists.remove(0))
    }
}

/// `if condition { list = append(list, "--flag") }`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppendedFlag {
    /// The condition.
    pub condition: String,
    /// The list.
    pub list: String,
    /// The flag, with its dashes.
    pub flag: String,
}

pub(super) struct Body<'t, 'f> {
    pub(super) target: &'t Target<'t>,
    pub(super) fragment: &'f Fragment,
    pub(super) func: FuncName<'t>,
    pub(super) apart: &'t [String],
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// The last name of what is called or set: `options.GetX` of `options.GetX(y)`, `c.X` of `c.X = y`.
fn path(text: &str) -> &str {
    let end = text.find(['(', ' ', ':', '=', '{']).unwrap_or(text.len());
    text[..end].trim_start_matches(['&', '*'])
}

/// Whether two paths mean one thing: the shorter may leave out what stands before its last names.
fn is_same(one: &str, other: &str) -> bool {
    one == other || one.ends_with(&format!(".{other}")) || other.ends_with(&format!(".{one}"))
}

impl<'f> Body<'_, 'f> {
    fn text(&self, node: Node<'_>) -> &str {
        self.fragment.span(node).of(self.target.text)
    }

    /// The nodes that satisfy a condition, in order.
    pub(super) fn all(&self, condition: &dyn Fn(&Node<'f>) -> bool) -> Vec<Node<'f>> {
        let (mut found, mut open) = (Vec::new(), vec![self.fragment.root()]);
        while let Some(node) = open.pop() {
            if condition(&node) {
                found.push(node);
            }
            let mut cursor = node.walk();
            let inner: Vec<Node<'f>> = node.named_children(&mut cursor).collect();
            open.extend(inner.into_iter().rev());
        }
        found
    }

    fn flag(&self, node: Node<'f>) -> Option<AppendedFlag> {
        let has = |field| node.child_by_field_name(field).is_some();
        if node.kind() != "if_statement" || has("alternative") || has("initializer") {
            return None;
        }
        let condition = self.text(node.child_by_field_name("condition")?).to_owned();
        let inner = squeezed(self.text(node.child_by_field_name("consequence")?));
        let inner = inner.strip_prefix("{ ")?.strip_suffix(" }")?;
        let (list, call) = inner.split_once(" = append(")?;
        let flag = call.strip_prefix(list)?.strip_prefix(", \"")?.strip_suffix("\")")?;
        let is_flag = flag.starts_with("--") && !flag.contains(['"', ',']);
        is_flag.then(|| AppendedFlag { condition, list: list.to_owned(), flag: flag.to_owned() })
    }

    /// The entries of a literal that have keys.
    fn keyed(&self, literal: Node<'f>) -> Vec<(String, Node<'f>)> {
        let own = children(literal).into_iter().filter(|child| child.kind() == "keyed_element");
        own.filter_map(|child| Some((self.text(child.named_child(0)?).to_owned(), child))).collect()
    }

    /// The literal that gets an entry, or why it is not certain which one.
    fn literal(&self, literal: Option<&str>, position: Option<&Position>) -> Result<Node<'f>, String> {
        let is_of = |node: &Node<'f>| {
            let ty = node.parent().and_then(|parent| parent.child_by_field_name("type"));
            literal.is_none_or(|wanted| ty.is_some_and(|ty| is_same(self.text(ty), path(wanted))))
        };
        let literals = self.all(&|node| node.kind() == "literal_value" && is_of(node));
        let fits = |literal: &&Node<'f>| {
            let own = self.keyed(**literal);
            match anchor(position) {
                Some(name) => own.iter().any(|(known, _)| known == name),
                None => own.len() > 1,
            }
        };
        let found: Vec<&Node<'f>> = literals.iter().filter(fits).collect();
        let [literal] = found.as_slice() else {
            let how = if found.is_empty() { "no literal" } else { "more than one literal" };
            let what = anchor(position).map_or("entries".to_owned(), |name| format!("an entry {name}"));
            return Err(format!("{how} of {} has {what}", self.func.name));
        };
        Ok(**literal)
    }

    fn entry(
        &self,
        (key, value): (&str, &str),
        literal: Option<&str>,
        position: Option<&Position>,
    ) -> Result<Option<TextEdit>, String> {
        let own = self.keyed(self.literal(literal, position)?);
        if let Some((_, node)) = own.iter().find(|(known, _)| known == key) {
            let same = squeezed(self.text(*node)) == squeezed(&format!("{key}: {value}"));
            return if same { Ok(None) } else { Err(format!("{key} is set there to something else")) };
        }
        let at = anchor(position).and_then(|name| own.iter().position(|(known, _)| known == name));
        let at = at.unwrap_or(own.len() - 1);
        let before = matches!(position, Some(Position::Before(_)));
        self.aligned(&own.iter().map(|(_, node)| self.fragment.span(*node)).collect::<Vec<_>>(), at, before, key, value)
    }

    /// A value behind the last one of a list that stands on one line, where it is said to be the last; no edit if it is
    /// there.
    fn last_of_line(&self, code: &str, of: Option<&str>, is_last: bool) -> Option<Vec<TextEdit>> {
        let of = of.filter(|_| is_last)?;
        let is_list = |node: &Node<'f>| node.kind() == "argument_list" && self.holds(*node, of);
        let lists = self.all(&is_list);
        let [list] = lists.as_slice() else { return None };
        let values = children(*list);
        let is_there = values.iter().any(|value| squeezed(self.text(*value)) == squeezed(code));
        let last = values.last().filter(|_| !self.text(*list).contains('\n'))?;
        let edit = TextEdit::insert(self.fragment.span(*last).end, format!(", {code}"));
        Some(if is_there { Vec::new() } else { vec![edit] })
    }

    fn element(&self, code: &str, of: Option<&str>, position: Option<&Position>) -> Result<Option<TextEdit>, String> {
        let is_of = |node: &Node<'f>| of.is_none_or(|name| self.holds(*node, name));
        let lists = self.all(&|node| matches!(node.kind(), "literal_value" | "argument_list") && is_of(node));
        let own = |list: &Node<'f>| -> Vec<Span> {
            children(*list).into_iter().map(|child| self.fragment.span(child)).collect()
        };
        let text = self.target.text;
        if lists.iter().flat_map(own).any(|span| squeezed(span.of(text)) == squeezed(code)) {
            return Ok(None);
        }
        let is_alike = |span: &Span| match anchor(position) {
            Some(name) => is_same(path(span.of(text)), name),
            None => of.is_some() || are_alike(path(span.of(text)), path(code)),
        };
        let is_before = matches!(position, Some(Position::Before(_)));
        let least = if anchor(position).is_some() || of.is_some() { 1 } else { 2 };
        // Others may share its line: only the new one has one of its own.
        let on_lines = |alike: &Vec<Span>| {
            let begins = |span: &Span| text[line_start(text, span.start)..span.start].trim().is_empty();
            alike.last().is_some_and(|span| if is_before { begins(span) } else { text[span.end..].starts_with(",\n") })
        };
        let alike = lists.iter().map(|list| own(list).into_iter().filter(is_alike).collect::<Vec<_>>());
        let found: Vec<Vec<Span>> = alike.filter(|alike| alike.len() >= least).filter(on_lines).collect();
        let [alike] = found.as_slice() else {
            let how = if found.is_empty() { "no list" } else { "more than one list" };
            let named = || of.map_or_else(|| format!("values like {}", path(code)), |of| format!("values of {of}"));
            let what = anchor(position).map_or_else(named, str::to_owned);
            return Err(format!("{how} in {} has {what} on a line of its own", self.func.name));
        };
        let span = match alike.len().cmp(&1) {
            Ordering::Greater if anchor(position).is_some() => {
                return Err(format!("{} has more than one {}", self.func.name, anchor(position).map_or("", path)));
            }
            _ => alike[alike.len() - 1],
        };
        // What is there once among others, and given something else, is changed and not added.
        let of_list = lists.iter().map(own).find(|own| own.contains(&span)).unwrap_or_default();
        let same = of_list.iter().filter(|span| path(span.of(text)) == path(code)).count();
        if same == 1 && of_list.len() > 1 && code.contains('(') {
            return Err(format!("{} is there, and given something else", path(code)));
        }
        let line = format!("{}{code},\n", indentation(text, line_start(text, span.start)));
        let at = if is_before { line_start(text, span.start) } else { next_line(text, span.end) };
        Ok(Some(TextEdit::insert(at, line)))
    }

    /// Whether a list is what a variable or a field is set to, or what a function is called with.
    fn holds(&self, list: Node<'f>, name: &str) -> bool {
        let Some(whole) = list.parent() else { return false };
        if list.kind() == "argument_list" {
            return whole.child_by_field_name("function").is_some_and(|function| is_same(self.text(function), name));
        }
        let set = whole.parent().and_then(|values| values.parent());
        let left = set.and_then(|set| set.child_by_field_name("left").or_else(|| set.child_by_field_name("name")));
        left.is_some_and(|left| is_same(self.text(left), name))
    }

    fn statement(&self, code: &str, position: Option<&Position>) -> Result<Option<TextEdit>, String> {
        let text = self.target.text;
        let lists = self.all(&|node| node.kind() == "statement_list");
        let is_code = |node: &Node<'f>| squeezed(self.text(*node)) == squeezed(code);
        let named = |list: &Node<'f>| -> Vec<(Node<'f>, usize)> {
            let own = children(*list).into_iter().enumerate();
            let is_named = |node: Node<'f>| anchor(position).is_some_and(|name| self.is_named(node, name));
            own.filter(|(_, node)| is_named(*node)).map(|(at, _)| (*list, at)).collect()
        };
        let mut found: Vec<(Node<'f>, usize)> = match anchor(position) {
            Some(_) => lists.iter().flat_map(named).collect(),
            None => self.last_of_kind(&lists, code).into_iter().collect(),
        };
        if found.iter().any(|(list, _)| children(*list).iter().any(is_code)) {
            return Ok(None);
        }
        let is_apart = |(list, at): &(Node<'f>, usize)| {
            let own = squeezed(self.text(children(*list)[*at]));
            self.apart.iter().any(|code| squeezed(code) == own)
        };
        if !found.iter().all(is_apart) {
            found.retain(|one| !is_apart(one));
        }
        let [(list, at)] = found.as_slice() else {
            return Err(match (anchor(position), found.is_empty()) {
                (Some(name), true) => format!("{} has no statement with `{}`", self.func.name, name),
                (Some(name), false) => format!("{} has more than one statement with `{}`", self.func.name, name),
                (None, _) => format!("it is not said which statement of {} it stands behind", self.func.name),
            });
        };
        let own = children(*list);
        let node = own[*at];
        if let Some(Position::Before(_)) = position {
            // A comment directly above a statement belongs to it.
            let line = comment_above(text, line_start(text, self.fragment.span(node).start));
            return Ok(Some(TextEdit::insert(line, indent(code, indentation(text, line)))));
        }
        if matches!(node.kind(), "return_statement" | "continue_statement" | "break_statement") {
            let what = squeezed(self.text(node));
            return Err(format!("nothing in {} is reached behind `{what}`", self.func.name));
        }
        // What a call gives is checked first.
        let checks = |next: &&Node<'f>| {
            let condition = next.child_by_field_name("condition").filter(|_| next.kind() == "if_statement");
            let is_set = node.kind() == "short_var_declaration" || node.kind() == "assignment_statement";
            is_set && condition.is_some_and(|condition| self.text(condition) == "err != nil")
        };
        let last = own.get(at + 1).filter(checks).copied().unwrap_or(node);
        let span = self.fragment.span(last);
        Ok(Some(TextEdit::insert(next_line(text, span.end), indent(code, indentation(text, span.start)))))
    }

    /// Whether a statement calls, sets or passes what has a name, at its own level.
    fn is_named(&self, node: Node<'f>, name: &str) -> bool {
        if name.starts_with("--") {
            return self.flag(node).is_some_and(|flag| flag.flag == name);
        }
        let is_call = |node: Node<'_>| {
            let function = node.child_by_field_name("function").filter(|_| node.kind() == "call_expression");
            function.is_some_and(|function| is_same(self.text(function), name))
        };
        let sides = |node: Node<'f>| ["left", "right"].map(|side| node.child_by_field_name(side));
        match node.kind() {
            "expression_statement" => node.named_child(0).is_some_and(is_call),
            "assignment_statement" | "short_var_declaration" => {
                let lists = sides(node).into_iter().flatten();
                lists.flat_map(children).any(|one| is_call(one) || is_same(self.text(one), name))
            }
            "if_statement" => {
                let condition = node.child_by_field_name("condition").filter(|condition| is_call(*condition));
                let initial = node.child_by_field_name("initializer").filter(|initial| self.is_named(*initial, name));
                condition.or(initial).is_some()
            }
            _ => false,
        }
    }

    /// The last of the statements like some code, where these stand one below the other in the function: fields that are
    /// set, calls that are made. In a branch of it, they depend on something.
    fn last_of_kind(&self, lists: &[Node<'f>], code: &str) -> Option<(Node<'f>, usize)> {
        let set = code.split_once(" = ").map(|(left, _)| left);
        let is_own = |list: &&Node<'f>| {
            let of = list.parent().and_then(|block| block.parent());
            of.is_some_and(|node| matches!(node.kind(), "function_declaration" | "method_declaration"))
        };
        // What is appended to a list stands behind the last that is.
        if let Some(start) = set.map(|left| format!("{left} = append({left}, ")).filter(|start| code.starts_with(start))
        {
            let appends = |node: &Node<'f>| squeezed(self.text(*node)).starts_with(&start);
            let at = |list: &Node<'f>| Some((*list, children(*list).iter().rposition(appends)?));
            if let Some(found) = lists.iter().find(is_own).and_then(at) {
                return Some(found);
            }
        }
        let is_like = |node: &Node<'f>| {
            let own = squeezed(self.text(*node));
            let Some(left) = set else {
                return node.kind() == "expression_statement" && are_alike(path(&own), path(code));
            };
            let holder = |path: &str| path.rsplit_once('.').map(|(holder, _)| holder.to_owned());
            let known = own.split_once(" = ").and_then(|(known, _)| holder(known));
            node.kind() == "assignment_statement" && known.is_some() && known == holder(left)
        };
        let with = lists.iter().filter(|list| children(**list).iter().filter(|node| is_like(node)).count() > 1);
        let lists: Vec<&Node<'f>> = with.collect();
        let [list] = lists.as_slice() else { return None };
        is_own(list).then_some(())?;
        let at = children(**list).iter().rposition(is_like)?;
        Some((**list, at))
    }
}

/// Whether two functions are of one kind: of the same package or value, and with the same word first, such as "New".
fn are_alike(one: &str, other: &str) -> bool {
    let parts = |path: &str| {
        let (holder, name) = path.rsplit_once('.').unwrap_or(("", path));
        (holder.to_owned(), Name::parse(name).words().first().cloned())
    };
    parts(one) == parts(other)
}
