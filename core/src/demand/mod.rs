//! What the lines of a task ask for. Each kind of demand has its reader, which takes the words of one line and says
//! exactly what is asked for, or nothing.

mod access;
mod access_grants;
mod access_group;
mod access_words;
mod api;
mod asks;
mod asks_phrases;
mod asks_words;
mod beside;
mod call;
mod call_words;
mod change;
mod change_words;
mod comment;
mod declared;
mod flag;
mod flag_said;
mod flag_value;
mod help;
mod interface;
mod lead;
mod member;
mod member_demand;
mod member_words;
mod phrases;
mod places;
mod position;
mod rank;
mod tag;
mod words;

pub use access::{Access, Grant, Vocabulary, access};
pub use api::{
    ApiConstant, ApiDemand, ApiEnum, ApiField, ApiReading, ApiStruct, Description, api, description, equal_within,
};
pub use asks::{Stance, Withheld, read as stances, without};
pub use call::{Call, FuncRef, Place, Said, Verb, calls, dropped_calls, spelled_calls, stated_arguments};
pub use change::{By, CodeChange, Slot, changes};
pub use change_words::function_parts;
pub use comment::{Quoted, quoted_comment, sentence_end, sentences};
pub use declared::{DeclaredStruct, declared_struct};
pub use flag::{FlagDemand, FlagType, flag};
pub use help::without_orders;
pub use interface::{declared_methods, go_types, interface_methods};
pub use lead::each_struct;
pub use member::members;
pub use member_demand::{FieldDemand, MemberDemand};
pub(crate) use member_words::is_builtin;
pub use position::{CONSTANTS_OF, are_unlisted, beside_type, is_lead, is_position, position};
pub use rank::Rank;
pub use words::{Piece, Word, before_help, clauses, words};
