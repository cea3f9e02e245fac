//! Where the checkout names a function.

use std::rc::Rc;

use super::{Func, GoSource, Survey};
use crate::go::{DeclKind, Site, Spelling};
use crate::tree::{join, parent};

/// A place in a file that names a function.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The file.
    pub source: Rc<GoSource>,
    /// How the file names it.
    pub spelling: Spelling,
    /// The place.
    pub site: Site,
}

impl Reference {
    /// `path:line`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.source.path(), self.source.source.line(self.site.name.start))
    }
}

impl Survey<'_> {
    /// The Go files that are not vendored and have a word in them, sorted.
    pub fn files_with(&self, word: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.every_file(&mut |path, text| {
            let has = memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
            found.extend(has.then(|| path.to_owned()));
        });
        found.sort();
        found
    }

    /// Everywhere that the checkout names a function, its declaration apart; an error says why that cannot be told.
    ///
    /// A method is known by its name: no other type, interface or field may have that.
    pub fn references(&self, func: &Func) -> Result<Vec<Reference>, String> {
        let (home, name) = (parent(func.source.path()).to_owned(), func.name.as_str());
        let path = self.import_path(&home);
        let files = if name.starts_with(char::is_lowercase) {
            // Nobody else can name it.
            let own = self.go_files(&home);
            own.iter().map(|file| join(&home, file)).filter(|path| self.has_word(path, name)).collect()
        } else {
            self.files_with(name)
        };
        let mut found = Vec::new();
        for file in files {
            let source = match self.go(&file) {
                Ok(Some(source)) => source,
                Ok(None) => continue,
                Err(_) => return Err(format!("{file} cannot be read as Go")),
            };
            let text = source.source.text();
            if func.receiver.is_some() {
                let own = other(&source, func, &home).map(|line| format!("{file}:{line}"));
                if let Some(other) = own.or_else(|| self.vendored(&source, name, 1)) {
                    return Err(format!("{name} is more than a method of one type: see {other}"));
                }
            }
            let is_home = parent(&file) == home && source.file.package.text == func.source.file.package.text;
            let spelling = match (&func.receiver, source.file.import(&path)) {
                (Some(_), _) => Spelling::Method,
                (None, _) if is_home => Spelling::Bare,
                (None, None) => continue,
                (None, Some(import)) if import.name() == "." => Spelling::Bare,
                // The name of a package may differ from the last part of its path.
                (None, Some(import)) if import.alias.is_none() => Spelling::Of(self.package_name(&home)),
                (None, Some(import)) => Spelling::Of(import.name().to_owned()),
            };
            for site in source.file.sites(text, name, &spelling) {
                found.push(Reference { source: source.clone(), spelling: spelling.clone(), site });
            }
        }
        Ok(found)
    }

    /// Whether a file has a word in it.
    fn has_word(&self, path: &str, word: &str) -> bool {
        let mut has = false;
        self.tree.show(path, &mut |text| has = text.contains(word));
        has
    }

    /// The vendored file among those that a file imports, or that these import, which has a method of a name.
    fn vendored(&self, source: &GoSource, name: &str, depth: usize) -> Option<String> {
        let marks = [format!(") {name}("), format!("\t{name}(")];
        let folders = source.file.imports.iter().filter_map(|import| self.package_folder(&import.path));
        folders.into_iter().find_map(|folder| {
            let is_vendored = folder.starts_with("vendor/");
            let files = self.go_files(&folder);
            files.iter().filter(|file| !file.ends_with("_test.go")).find_map(|file| {
                let path = join(&folder, file);
                if is_vendored {
                    let mut has = false;
                    self.tree.show(&path, &mut |text| has = marks.iter().any(|mark| text.contains(mark)));
                    return has.then_some(path);
                }
                let inner = self.go(&path).ok().flatten().filter(|_| depth > 0)?;
                self.vendored(&inner, name, depth - 1)
            })
        })
    }
}

/// The line that has a method's name for something else: another method, a member of a type.
fn other(source: &GoSource, func: &Func, home: &str) -> Option<usize> {
    let text = source.source.text();
    let is_same =
        |receiver: &str| receiver == func.receiver.as_deref().unwrap_or_default() && parent(source.path()) == home;
    for decl in &source.file.decls {
        let at = match decl.kind {
            DeclKind::Func => {
                let receiver = decl.receiver.as_ref().filter(|_| decl.name() == func.name);
                receiver.filter(|receiver| !is_same(&receiver.type_name)).map(|_| decl.span.start)
            }
            DeclKind::Type => {
                let tokens = source.file.tokens.iter().filter(|token| decl.span.contains(token.span.start));
                tokens.filter(|token| token.span.of(text) == func.name).map(|token| token.span.start).next()
            }
            _ => None,
        };
        if let Some(at) = at {
            return Some(source.source.line(at));
        }
    }
    None
}
