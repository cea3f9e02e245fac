//! Putting something beside what a file declares.

use super::edit::{Target, indent};
use super::outline::{Decl, DeclKind};
use crate::text::{TextEdit, comment_above, line_start, next_line};

/// Where something is to stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Position {
    /// Before all others.
    First,
    /// Before what has this name, and its comment.
    Before(String),
    /// Behind what has this name.
    After(String),
}

impl Position {
    /// The name beside which it is.
    pub fn anchor(&self) -> Option<&str> {
        match self {
            Self::First => None,
            Self::Before(name) | Self::After(name) => Some(name),
        }
    }

    /// The same place beside another name.
    #[must_use]
    pub fn beside(&self, name: &str) -> Self {
        match self {
            Self::First => Self::First,
            Self::Before(_) => Self::Before(name.to_owned()),
            Self::After(_) => Self::After(name.to_owned()),
        }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (word, name) = match self {
            Self::First => return f.write_str("first"),
            Self::Before(name) => ("before", name),
            Self::After(name) => ("after", name),
        };
        match name.rsplit_once(' ') {
            Some((what, name)) => write!(f, "{word} the {what} `{name}`"),
            None => write!(f, "{word} `{name}`"),
        }
    }
}

impl Target<'_> {
    /// A declaration beside another one, a function or a method as well; nothing for one that the file does not have.
    pub fn put_declaration(&self, position: &Position, snippet: &str) -> Option<TextEdit> {
        let decl = self.declaration(position.anchor()?)?;
        let snippet = snippet.trim_matches('\n');
        Some(match position {
            Position::After(_) => TextEdit::insert(next_line(self.text, decl.span.end), format!("\n{snippet}\n")),
            _ => TextEdit::insert(line_start(self.text, decl.with_doc().start), format!("{snippet}\n\n")),
        })
    }

    fn declaration(&self, name: &str) -> Option<&Decl> {
        // `T.f` is a method, and `f` may be one.
        let (owner, name) = name.rsplit_once('.').map_or((None, name), |(owner, name)| (Some(owner), name));
        let of = |decl: &&Decl| {
            let receiver = decl.receiver.as_ref().map(|receiver| receiver.type_name.as_str());
            decl.names.iter().any(|known| known.text == name) && (owner.is_none() || owner == receiver)
        };
        let mut found = self.file.decls.iter().filter(of);
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether a file has one declaration of a name.
    pub fn has_declaration(&self, name: &str) -> bool {
        self.declaration(name).is_some()
    }

    /// A constant with its comment beside another one of a group; nothing if that is not in one, on a line of its own.
    pub fn put_constant(&self, position: &Position, snippet: &str) -> Option<TextEdit> {
        let name = position.anchor()?;
        let group = self.file.declares(name).filter(|decl| decl.kind == DeclKind::Const && decl.body.is_some())?;
        let body = group.body?;
        let known = group.names.iter().find(|known| known.text == name)?;
        let own = line_start(self.text, known.span.start);
        let end = next_line(self.text, own);
        let next = group.names.iter().find(|known| known.span.start >= end);
        let whole =
            self.text[own..end].contains('=') && !self.text[own..end].trim_end().ends_with(['(', '{', '+', '`']);
        if own < body.start || !whole {
            return None;
        }
        let start = comment_above(self.text, own);
        let is_blank = |at: usize| self.text[at..next_line(self.text, at)].trim().is_empty();
        let snippet = indent(snippet, "\t");
        if matches!(position, Position::After(_)) {
            let above = || is_blank(line_start(self.text, start - 1));
            let apart = next.map_or_else(above, |_| is_blank(end));
            return Some(TextEdit::insert(end, if apart { format!("\n{snippet}") } else { snippet }));
        }
        let apart = is_blank(line_start(self.text, start - 1)) || start < own && is_blank(end);
        Some(TextEdit::insert(start, if apart { format!("{snippet}\n") } else { snippet }))
    }
}
