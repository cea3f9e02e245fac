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
        let is_inner = name.starts_with(char::is_lowercase);
        let own = |file: &str| parent(file) == home;
        let mut found = Vec::new();
        for file in self.files_with(name).into_iter().filter(|file| !is_inner || own(file)) {
            let source = match self.go(&file) {
                Ok(Some(source)) => source,
                Ok(None) => continue,
                Err(_) => return Err(format!("{file} cannot be read as Go")),
            };
            let text = source.source.text();
            if func.receiver.is_some()
                && let Some(line) = other(&source, func, &home)
            {
                return Err(format!("{name} is more than a method of one type: see {file}:{line}"));
            }
            if func.receiver.is_some()
                && let Some(vendored) = self.vendored(&source, name, 1)
            {
                return Err(format!("{name} is more than a method of one type: see {vendored}"));
            }
            let is_home = own(&file) && source.file.package.text == func.source.file.package.text;
            let imported = source.file.import(&path).map(|import| import.name().to_owned());
            let spelling = match (&func.receiver, is_home, imported) {
                (Some(_), ..) => Spelling::Method,
                (None, true, _) => Spelling::Bare,
                (None, false, None) => continue,
                (None, false, Some(name)) if name == "." => Spelling::Bare,
                (None, false, Some(_)) => {
                    // The name of a package may differ from the last part of its path.
                    let import = source.file.import(&path).filter(|import| import.alias.is_none());
                    let name = import.map(|_| self.package_name(&home));
                    Spelling::Of(
                        name.unwrap_or_else(|| source.file.import(&path).map_or("", |one| one.name()).to_owned()),
                    )
                }
            };
            for site in source.file.sites(text, name, &spelling) {
                found.push(Reference { source: source.clone(), spelling: spelling.clone(), site });
            }
        }
        Ok(found)
    }
}

impl Survey<'_> {
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
