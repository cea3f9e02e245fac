//! What a line asks of the structs of a file.

use super::rank::Rank;
use crate::go::{FunctionHead, TypeText};

/// A field that a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldDemand {
    /// Its name in Go; empty if its type is embedded.
    pub name: String,
    /// Its type.
    pub ty: Option<TypeText>,
    /// Its tag without backticks, `xml:"mode,attr"`.
    pub tag: Option<String>,
}

/// What a line asks of the structs of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MemberDemand {
    /// A struct that is to be declared.
    pub new_struct: Option<String>,
    /// The struct that gets the fields, if the line names one that is there.
    pub parent: Option<String>,
    /// The fields.
    pub fields: Vec<FieldDemand>,
    /// The lines below it may list more fields of the struct.
    pub is_open: bool,
    /// The line says that the struct has no fields.
    pub is_empty: bool,
    /// What is declared is another type than a struct: `type Mask map[int]bool`.
    pub underlying: Option<TypeText>,
    /// What is declared is an interface: its methods.
    pub methods: Option<Vec<FunctionHead>>,
    /// The field behind which the fields are to stand.
    pub behind: Option<String>,
    /// The field before which they are to stand.
    pub ahead: Option<String>,
    /// Which of the fields of a struct that is there they are to be.
    pub rank: Option<Rank>,
    /// What else the line says, which nothing reads.
    pub rest: Option<String>,
}

impl MemberDemand {
    /// The struct that is to be declared, if the line neither gives a field of it nor says that there are none.
    pub fn lacks_fields(&self) -> Option<&str> {
        let is_struct = self.underlying.is_none() && self.methods.is_none();
        self.new_struct.as_deref().filter(|_| is_struct && self.fields.is_empty() && !self.is_empty)
    }

    /// Whether it says where the fields are to stand.
    pub fn is_placed(&self) -> bool {
        self.behind.is_some() || self.ahead.is_some() || self.rank.is_some()
    }
}
