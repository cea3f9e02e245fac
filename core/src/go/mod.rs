//! Go source: reading it, and editing it by syntax.

mod blocks;
pub mod body;
mod constraint;
mod edit;
mod ginkgo;
mod head;
mod imports;
mod lexer;
mod literal;
mod merge;
mod outline;
mod remove;
mod syntax;

pub use blocks::{Block, blocks};
pub use constraint::{Platforms, is_platform, platforms};
pub use edit::{AnchorError, Broken, FuncName, Target, indent};
pub use ginkgo::{GinkgoKind, GinkgoNode, containers};
pub use head::{FunctionHead, HeadError, Parameter, TypeText};
pub use imports::{ImportSpec, add as add_imports, declaration as import_declaration, is_standard};
pub use lexer::{SyntaxError, Token, TokenKind, strings, tokens, unquote};
pub use literal::{LINE, comment_lines, string, wrapped_string};
pub use merge::merge;
pub use outline::{Decl, DeclKind, GoFile, Import, Name, Receiver, default_name};
pub use remove::Constant;
pub use syntax::{Fragment, check};
