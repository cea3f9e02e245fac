//! What the lines of a task ask for. Each kind of demand has its reader, which takes the words of one line and says
//! exactly what is asked for, or nothing.

mod api;
mod call;
mod words;

pub use api::{ApiConstant, ApiDemand, ApiEnum, ApiField, ApiReading, ApiStruct, api};
pub use call::{Call, FuncRef, Place, Verb, calls};
mod access;

pub use access::{Access, Grant, Vocabulary, access};
pub use words::{Piece, Word, clauses, words};
