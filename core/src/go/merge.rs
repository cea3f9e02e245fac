//! What a rendered file has and an existing one lacks, as edits of the existing one.
//!
//! A scaffold is always rendered as a whole file. Where the file is there already, the two are
//! compared by syntax: a declaration that the file has, under the same name, stays as it is to the
//! last byte; one that it lacks is added at the
//! end, or behind the methods of its type; a Ginkgo tree is compared node by node.

use std::collections::BTreeMap;

use super::beside::Position;
use super::edit::{AnchorError, Target};
use super::ginkgo::{GinkgoKind, GinkgoNode, containers};
use super::imports::{ImportSpec, add};
use super::lexer::{SyntaxError, Token, TokenKind, strings, tokens};
use super::outline::{Decl, DeclKind, GoFile, Import};
use crate::text::{Span, TextEdit, TextEdits, indentation, line_start};

/// Where functions are to stand, by their names.
pub type Places = BTreeMap<String, Position>;

/// The edits that give `existing` what `rendered` has and it lacks. `declared` tells whether the
/// rest of the package declares a name. Where the containers of specs are stated, `is_placed`, a spec of another one is not
/// it. Functions stand where `places` says, as far as the file has such a place.
pub fn merge(
    existing: &Target<'_>,
    rendered: &Target<'_>,
    module: &str,
    (declared, places): (&dyn Fn(&str) -> bool, &Places),
    is_placed: bool,
) -> Result<Vec<TextEdit>, AnchorError> {
    let mut merger = Merger {
        existing,
        rendered,
        names: BTreeMap::new(),
        imports: Vec::new(),
        edits: Vec::new(),
        texts: strings(existing.text, &existing.file.tokens),
        is_placed,
        places,
    };
    merger.match_imports();
    for decl in &rendered.file.decls {
        merger.decl(decl, declared)?;
    }
    merger.trees()?;
    let imports = std::mem::take(&mut merger.imports);
    let mut edits = add(existing.text, existing.file, &imports, module);
    edits.append(&mut merger.edits);
    Ok(edits)
}

/// The method of a file that a function became, or the function that a method became: one of the same name, which is
/// given and gives back the same; of a function that is given nothing, whatever it is given now.
pub fn turned<'f>(target: &Target<'f>, was_method: bool, name: &str, signature_of: &str) -> Option<&'f Decl> {
    let file: &'f GoFile = target.file;
    let funcs = file.decls.iter().filter(|decl| decl.kind == DeclKind::Func && decl.name() == name);
    let mut turned = funcs.filter(|decl| decl.receiver.is_some() != was_method);
    turned.find(|decl| signature_of.starts_with("()") || signature(target.text, decl) == signature_of)
}

/// What stands behind a function's name, without white space.
fn signature(text: &str, decl: &Decl) -> String {
    let end = decl.body.map_or(decl.span.end, |body| body.start);
    Span::new(decl.names[0].span.end, end).of(text).split_whitespace().collect()
}

/// The container in another one that a wanted one is.
fn same<'n>(above: Option<&'n GinkgoNode>, wanted: &GinkgoNode) -> Option<&'n GinkgoNode> {
    let is_it =
        |node: &&GinkgoNode| node.kind == GinkgoKind::Container && wanted.kind == node.kind && node.text == wanted.text;
    above?.children.iter().find(is_it)
}

/// The texts of a table's entries.
fn entries(table: &str) -> Vec<String> {
    let tokens = tokens(table).unwrap_or_default();
    let is_entry = |at: &usize| tokens[*at].span.of(table) == "Entry";
    let texts = |at: usize| strings(table, &tokens[at + 1..]).into_iter().next();
    (0..tokens.len()).filter(is_entry).filter_map(texts).collect()
}

struct Merger<'a> {
    existing: &'a Target<'a>,
    rendered: &'a Target<'a>,
    /// The rendered file's names of packages, and what the existing file calls or will call them.
    names: BTreeMap<String, (String, ImportSpec, bool)>,
    imports: Vec<ImportSpec>,
    edits: Vec<TextEdit>,
    /// Every string in the existing file: a spec whose text is among them is there, wherever.
    texts: Vec<String>,
    /// A spec is there only where it stands in its own container.
    is_placed: bool,
    places: &'a Places,
}

impl Merger<'_> {
    fn match_imports(&mut self) {
        for import in &self.rendered.file.imports {
            let known = self.existing.file.import(&import.path);
            let (name, spec) = match known {
                Some(known) => (known.name().to_owned(), ImportSpec::from(known)),
                None => self.free_name(import),
            };
            self.names.insert(import.name().to_owned(), (name, spec, known.is_some()));
        }
    }

    /// The import as rendered, or under another name where the file uses that one otherwise.
    fn free_name(&self, import: &Import) -> (String, ImportSpec) {
        let taken = |name: &str| {
            !matches!(name, "." | "_")
                && (self.existing.file.imports.iter().any(|known| known.name() == name)
                    || self.existing.file.declares(name).is_some())
        };
        if !taken(import.name()) {
            return (import.name().to_owned(), ImportSpec::from(import));
        }
        let parent = import.path.rsplit('/').nth(1).unwrap_or("kv").replace(|c: char| !c.is_ascii_alphanumeric(), "");
        let name = format!("{parent}{}", import.name());
        (name.clone(), ImportSpec::named(&name, import.path.clone()))
    }

    fn decl(&mut self, decl: &Decl, declared: &dyn Fn(&str) -> bool) -> Result<(), AnchorError> {
        if decl.kind == DeclKind::Var && decl.name() == "_" {
            return Ok(());
        }
        if decl.name() == "init" && decl.receiver.is_none() {
            if self.existing.file.func("init").is_none() {
                self.append(decl)?;
            }
            return Ok(());
        }
        let file = self.existing.file;
        let present = |name: &str| match &decl.receiver {
            Some(receiver) => file.method(Some(&receiver.type_name), name).is_some() || self.is_turned(decl),
            None => file.declares(name).is_some() || self.is_turned(decl) || declared(name),
        };
        if !decl.names.iter().any(|name| present(&name.text)) {
            self.append(decl)?;
        }
        Ok(())
    }

    /// Whether whoever filled a stub in made it a method, or a plain function.
    fn is_turned(&self, decl: &Decl) -> bool {
        decl.kind == DeclKind::Func && {
            let signature = signature(self.rendered.text, decl);
            turned(self.existing, decl.receiver.is_some(), decl.name(), &signature).is_some()
        }
    }

    fn append(&mut self, decl: &Decl) -> Result<(), AnchorError> {
        let snippet = self.adapt(decl.with_doc().of(self.rendered.text))?;
        let stated = self.places.get(decl.name()).and_then(|place| self.existing.put_declaration(place, &snippet));
        self.edits.push(stated.unwrap_or_else(|| match &decl.receiver {
            Some(receiver) => self.existing.append_method(&receiver.type_name, &snippet),
            None => self.existing.append_declaration(&snippet),
        }));
        Ok(())
    }

    fn trees(&mut self) -> Result<(), AnchorError> {
        let wanted = containers(self.rendered)?;
        let there = containers(self.existing)?;
        for tree in &wanted {
            let same = there.iter().find(|node| node.text == tree.text);
            if self.lacks(tree, same) {
                self.tree(tree, same)?;
            }
        }
        Ok(())
    }

    /// Whether a container holds a spec that the file lacks, or its own container there.
    fn lacks(&self, wanted: &GinkgoNode, there: Option<&GinkgoNode>) -> bool {
        wanted.children.iter().any(|child| self.missing(child, there))
    }

    /// Whether a node is or holds such a spec; `above` is the container there in which it belongs.
    fn missing(&self, node: &GinkgoNode, above: Option<&GinkgoNode>) -> bool {
        match node.kind {
            GinkgoKind::Spec if self.is_placed => {
                let entries = entries(node.span.of(self.rendered.text));
                !above.is_some_and(|above| self.holds(above, &node.text, &entries))
            }
            GinkgoKind::Spec => !self.texts.contains(&node.text),
            GinkgoKind::Container => self.lacks(node, same(above, node)),
            GinkgoKind::Setup => false,
        }
    }

    /// Whether a spec stands somewhere in a node, a table with all of its entries.
    fn holds(&self, there: &GinkgoNode, spec: &str, entries: &[String]) -> bool {
        match there.kind {
            GinkgoKind::Container => there.children.iter().any(|child| self.holds(child, spec, entries)),
            GinkgoKind::Spec if there.text != spec => false,
            // Specs may be made in a loop.
            _ => {
                let text = there.span.of(self.existing.text);
                let texts = tokens(text).map(|tokens| strings(text, &tokens)).unwrap_or_default();
                texts.iter().any(|text| text == spec) && entries.iter().all(|entry| texts.contains(entry))
            }
        }
    }

    fn tree(&mut self, wanted: &GinkgoNode, there: Option<&GinkgoNode>) -> Result<(), AnchorError> {
        let body = there.and_then(|there| Some((there, there.body?)));
        let Some((there, body)) = body else {
            let snippet = self.without_present(wanted, there)?;
            self.edits.push(self.existing.append_declaration(&snippet));
            return Ok(());
        };
        for child in &wanted.children {
            if !self.missing(child, Some(there)) {
                continue;
            }
            if let Some(same) = same(Some(there), child).filter(|same| same.body.is_some()) {
                self.tree(child, Some(same))?;
            } else {
                let snippet = self.without_present(child, same(Some(there), child))?;
                self.insert_into(body, there.children.is_empty(), &snippet);
            }
        }
        Ok(())
    }

    fn insert_into(&mut self, body: Span, empty: bool, snippet: &str) {
        let text = self.existing.text;
        let close = body.end - 1;
        let line = line_start(text, close);
        if text[line..close].trim().is_empty() {
            // gofmt leaves one blank line where there are two.
            let is_apart = text[..line].ends_with("\n\n") && !self.edits.iter().any(|edit| edit.span.start == line);
            let gap = if empty || is_apart { "" } else { "\n" };
            self.edits.push(TextEdit::insert(line, format!("{gap}{}\n", snippet.trim_matches('\n'))));
        } else {
            // `func() {}` on one line.
            let indentation = indentation(text, line);
            self.edits.push(TextEdit::insert(close, format!("\n{}\n{indentation}", snippet.trim_matches('\n'))));
        }
    }

    /// A rendered node, whole lines of it, without the specs that the file has.
    fn without_present(&mut self, node: &GinkgoNode, there: Option<&GinkgoNode>) -> Result<String, SyntaxError> {
        let text = self.rendered.text;
        let start = line_start(text, node.span.start);
        let mut cuts = Vec::new();
        self.present_specs(node, there, &mut cuts);
        let relative: Vec<TextEdit> = cuts
            .into_iter()
            .map(|cut| TextEdit::replace(Span::new(cut.start.max(start) - start, cut.end - start), ""))
            .collect();
        let relative = TextEdits::new(relative).map_err(|overlap| SyntaxError::new(node.span, overlap.to_string()))?;
        self.adapt(&relative.apply(&text[start..node.span.end]))
    }

    /// The lines of the nodes below that add nothing, each with the blank line before it.
    fn present_specs(&self, node: &GinkgoNode, there: Option<&GinkgoNode>, cuts: &mut Vec<Span>) {
        let text = self.rendered.text;
        // What is left comes first then, without a blank line before it.
        let mut leads = true;
        for (index, child) in node.children.iter().enumerate() {
            match child.kind {
                GinkgoKind::Setup => leads = false,
                _ if !self.missing(child, there) => {
                    let line = line_start(text, child.span.start);
                    let next = node.children.get(index + 1).filter(|_| leads);
                    cuts.push(match next {
                        Some(next) => Span::new(line, line_start(text, next.span.start)),
                        None => Span::new(text[..line].trim_end_matches(['\n', '\t']).len(), child.span.end),
                    });
                }
                _ => {
                    leads = false;
                    self.present_specs(child, same(there, child), cuts);
                }
            }
        }
    }

    /// A rendered snippet with the existing file's names of packages; notes the imports it needs.
    fn adapt(&mut self, snippet: &str) -> Result<String, SyntaxError> {
        let tokens: Vec<Token> = tokens(snippet)?.into_iter().filter(|t| t.kind != TokenKind::Comment).collect();
        let mut edits = Vec::new();
        let mut used: Vec<&str> = Vec::new();
        for (index, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Word) {
            let is = |at: Option<&Token>, op| at.is_some_and(|token| token.kind == TokenKind::Op(op));
            let selected = index > 0 && is(tokens.get(index - 1), b'.');
            let selects = is(tokens.get(index + 1), b'.');
            let word = token.span.of(snippet);
            if selected {
                continue;
            }
            if !selects {
                used.push(word);
            } else if let Some((name, spec, known)) = self.names.get(word) {
                if name != word {
                    edits.push(TextEdit::replace(token.span, name.clone()));
                }
                if !known {
                    self.imports.push(spec.clone());
                }
            }
        }
        self.import_dots(&used);
        let edits = TextEdits::new(edits).map_err(|overlap| SyntaxError::new(Span::at(0), overlap.to_string()))?;
        Ok(edits.apply(snippet))
    }

    /// Dot imports: Ginkgo's and Gomega's names stand alone.
    fn import_dots(&mut self, used: &[&str]) {
        const GOMEGA: &[&str] = &["Expect", "Eventually", "Consistently", "HaveOccurred"];
        let uses_gomega = used.iter().any(|word| GOMEGA.contains(word));
        let uses_ginkgo =
            used.iter().any(|word| matches!(*word, "Describe" | "Context" | "It" | "Fail" | "By" | "DescribeTable"));
        for import in self.rendered.file.imports.iter().filter(|import| import.alias.as_deref() == Some(".")) {
            let wanted = if import.path.ends_with("gomega") { uses_gomega } else { uses_ginkgo };
            if wanted && self.existing.file.import(&import.path).is_none() {
                self.imports.push(ImportSpec::from(import));
            }
        }
    }
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
