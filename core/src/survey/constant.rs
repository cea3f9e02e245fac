//! What constants of strings mean.

use super::Survey;
use crate::go::{Decl, DeclKind, TokenKind, unquote};
use crate::tree::join;

impl Survey<'_> {
    /// The text that an expression of a package stands for: a string, one of the package's constants, or one of a package
    /// that its files import.
    pub fn string_value(&self, folder: &str, expression: &str) -> Option<String> {
        if expression.starts_with(['"', '`']) {
            return Some(unquote(expression));
        }
        match expression.split_once('.') {
            None => self.string_constant(folder, expression),
            Some((package, name)) => {
                let path = self.imported(folder, package)?.path;
                let own = self.folder_of(&path);
                self.string_constant(&own.unwrap_or_else(|| join("staging/src", &path)), name)
            }
        }
    }

    /// The text of a constant of a package: `Name = "…"`.
    fn string_constant(&self, folder: &str, name: &str) -> Option<String> {
        let path = join(folder, &self.declares(folder, name)?);
        let source = self.go(&path).ok().flatten()?;
        let text = source.source.text();
        let decl = source.file.declares(name).filter(|decl: &&Decl| decl.kind == DeclKind::Const)?;
        let at = decl.names.iter().find(|known| known.text == name)?.span.end;
        let mut behind = source.file.tokens.iter().filter(|token| token.span.start >= at);
        // A type may stand between the name and its value.
        behind.by_ref().take(4).find(|token| token.span.of(text) == "=")?;
        let value = behind.next().filter(|token| token.kind == TokenKind::String)?;
        let is_whole = behind.next().is_none_or(|next| next.span.of(text) != "+");
        is_whole.then(|| unquote(value.span.of(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn constants_are_followed_into_their_packages() {
        let tree = MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            (
                "staging/src/kubevirt.io/api/plugin/register.go",
                "package plugin\n\nconst GroupName = \"plugin.kubevirt.io\"\n",
            ),
            ("pkg/virt-config/x.go", "package virtconfig\n"),
            (
                "pkg/rbac/x.go",
                "package rbac\n\nimport \"kubevirt.io/api/plugin\"\n\nconst (\n\ta = \"b\"\n\tc T = `d`\n\te = a + \"f\"\n)\n\nvar _ = plugin.GroupName\n",
            ),
        ]);
        let survey = Survey::new(&tree).unwrap();
        for (expression, value) in [
            ("\"x\"", Some("x")),
            ("a", Some("b")),
            ("c", Some("d")),
            ("e", None),
            ("plugin.GroupName", Some("plugin.kubevirt.io")),
            ("plugin.Other", None),
            ("other.Name", None),
        ] {
            assert_eq!(survey.string_value("pkg/rbac", expression).as_deref(), value, "{expression}");
        }
    }
}
