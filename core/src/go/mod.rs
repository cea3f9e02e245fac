//! Go source: reading it, and editing it by syntax.

mod blocks;
pub mod body;
mod constraint;
mod edit;
mod fields;
mod flags;
mod ginkgo;
mod head;
mod imports;
mod lexer;
mod lists;
mod literal;
mod merge;
mod outline;
mod remove;
pub(crate) mod scope;
mod syntax;
mod types;
mod value;

pub use blocks::{Block, blocks};
pub use constraint::{Platforms, is_platform, platforms};
pub use edit::{AnchorError, Broken, FuncName, Target, indent};
pub use fields::{Member, aligned as aligned_members};
pub use flags::FlagDefinition;
pub use ginkgo::{GinkgoKind, GinkgoNode, containers};
pub use head::{FunctionHead, Parameter};
pub use imports::{ImportSpec, add as add_imports, declaration as import_declaration, is_standard};
pub use lexer::{SyntaxError, Token, TokenKind, strings, tokens, unquote};
pub use lists::ValueList;
pub use literal::{LINE, comment_lines, string, wrapped_string};
pub use merge::merge;
pub use outline::{Decl, DeclKind, GoFile, Import, Name, Receiver, default_name};
pub use remove::Constant;
pub use syntax::{Fragment, check};
pub use types::{HeadError, StructField, TypeText};
pub use value::{Element, Value};
