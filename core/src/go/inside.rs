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
    Element(String),
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
            Stated::Element(code) => body.element(code, position),
            Stated::Statement(code) => {
                // A flag goes behind the last one, as it is by then.
                let last = self.last_flag(func).filter(|_| code.starts_with("if ") && position.is_none());
                let behind = last.map(|last| Position::After(last.flag));
                body.statement(code, position.or(behind.as_ref()))
            }
        }
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

    fn entry(
        &self,
        (key, value): (&str, &str),
        literal: Option<&str>,
        position: Option<&Position>,
    ) -> Result<Option<TextEdit>, String> {
        let is_of = |node: &Node<'f>| {
            let ty = node.parent().and_then(|parent| parent.child_by_field_name("type"));
            literal.is_none_or(|wanted| ty.is_some_and(|ty| is_same(self.text(ty), path(wanted))))
        };
        let literals = self.all(&|node| node.kind() == "literal_value" && is_of(node));
        let keyed = |literal: &Node<'f>| -> Vec<(String, Node<'f>)> {
            let own = children(*literal).into_iter().filter(|child| child.kind() == "keyed_element");
            own.filter_map(|child| Some((self.text(child.named_child(0)?).to_owned(), child))).collect()
        };
        let fits = |literal: &&Node<'f>| {
            let own = keyed(literal);
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
        let own = keyed(literal);
        if let Some((_, node)) = own.iter().find(|(known, _)| known == key) {
            let same = squeezed(self.text(*node)) == squeezed(&format!("{key}: {value}"));
            return if same { Ok(None) } else { Err(format!("{key} is set there to something else")) };
        }
        let at = anchor(position).and_then(|name| own.iter().position(|(known, _)| known == name));
        let at = at.unwrap_or(own.len() - 1);
        let before = matches!(position, Some(Position::Before(_)));
        self.aligned(&own.iter().map(|(_, node)| self.fragment.span(*node)).collect::<Vec<_>>(), at, before, key, value)
    }

    /// An entry between others, whose values stand in one column.
    fn aligned(
        &self,
        entries: &[Span],
        at: usize,
        before: bool,
        key: &str,
        value: &str,
    ) -> Result<Option<TextEdit>, String> {
        let text = self.target.text;
        let line = |span: &Span| Span::new(line_start(text, span.start), next_line(text, span.end));
        let is_plain = |span: &Span| {
            let whole = line(span).of(text);
            whole.trim() == format!("{},", span.of(text)) && whole.matches('\n').count() == 1
        };
        if !is_plain(&entries[at]) {
            return Err(format!("the entries of the literal in {} do not stand on lines of their own", self.func.name));
        }
        let above = text[..line(&entries[at]).start].trim_end().rsplit('\n').next().unwrap_or_default();
        if before && above.trim_start().starts_with("//") {
            return Err(format!("a comment stands above the entry in {}", self.func.name));
        }
        let joins = |one: usize, next: usize| {
            is_plain(&entries[one]) && is_plain(&entries[next]) && line(&entries[one]).end == line(&entries[next]).start
        };
        let (mut first, mut last) = (at, at);
        while first > 0 && joins(first - 1, first) {
            first -= 1;
        }
        while last + 1 < entries.len() && joins(last, last + 1) {
            last += 1;
        }
        let parts: Option<Vec<(&str, &str)>> =
            entries[first..=last].iter().map(|span| span.of(text).split_once(':')).collect();
        let mut parts = parts.ok_or("the entries of the literal have no keys")?;
        parts.insert(at - first + usize::from(!before), (key, value));
        let width = parts.iter().map(|(key, _)| key.chars().count()).max().unwrap_or_default() + 1;
        let prefix = indentation(text, entries[at].start);
        let row = |(key, value): &(&str, &str)| format!("{prefix}{:width$} {},\n", format!("{key}:"), value.trim());
        let span = Span::new(line(&entries[first]).start, line(&entries[last]).end);
        Ok(Some(TextEdit { span, text: parts.iter().map(row).collect() }))
    }

    fn element(&self, code: &str, position: Option<&Position>) -> Result<Option<TextEdit>, String> {
        let lists = self.all(&|node| matches!(node.kind(), "literal_value" | "argument_list"));
        let own = |list: &Node<'f>| -> Vec<Span> {
            children(*list).into_iter().map(|child| self.fragment.span(child)).collect()
        };
        let text = self.target.text;
        if lists.iter().flat_map(own).any(|span| squeezed(span.of(text)) == squeezed(code)) {
            return Ok(None);
        }
        let is_alike = |span: &Span| match anchor(position) {
            Some(name) => is_same(path(span.of(text)), name),
            None => are_alike(path(span.of(text)), path(code)),
        };
        let least = if anchor(position).is_some() { 1 } else { 2 };
        let on_lines = |span: &Span| {
            let line = Span::new(line_start(text, span.start), next_line(text, span.end));
            line.of(text).trim() == format!("{},", span.of(text))
        };
        let found: Vec<Vec<Span>> = lists
            .iter()
            .map(|list| own(list).into_iter().filter(is_alike).filter(on_lines).collect::<Vec<_>>())
            .filter(|alike| alike.len() >= least)
            .collect();
        let [alike] = found.as_slice() else {
            let how = if found.is_empty() { "no list" } else { "more than one list" };
            let what = anchor(position).map_or_else(|| format!("values like {}", path(code)), str::to_owned);
            return Err(format!("{how} in {} has {what} on a line of its own", self.func.name));
        };
        let span = match alike.len().cmp(&1) {
            Ordering::Greater if anchor(position).is_some() => {
                return Err(format!("{} has more than one {}", self.func.name, anchor(position).map_or("", path)));
            }
            _ => alike[alike.len() - 1],
        };
        let line = format!("{}{code},\n", indentation(text, span.start));
        let at = match position {
            Some(Position::Before(_)) => line_start(text, span.start),
            _ => next_line(text, span.end),
        };
        Ok(Some(TextEdit::insert(at, line)))
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
        let is_whole = list.parent().and_then(|block| block.parent());
        is_whole.filter(|node| matches!(node.kind(), "function_declaration" | "method_declaration"))?;
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
