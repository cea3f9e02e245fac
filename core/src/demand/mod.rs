//! What the lines of a task ask for. Each kind of demand has its reader, which takes the words of one line and says
//! exactly what is asked for, or nothing.

mod api;
mod flag;
mod member;
mod words;

pub use api::{ApiConstant, ApiDemand, ApiEnum, ApiField, ApiReading, ApiStruct, api};
pub use flag::{FlagDemand, FlagType, flag};
pub use member::{FieldDemand, MemberDemand, members};
pub use words::{Piece, Word, clauses, words};
