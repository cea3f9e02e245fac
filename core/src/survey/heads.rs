//! Heads of functions, held against those that are there.

use super::types::Func;
use super::{GoSource, Survey};
use crate::go::FunctionHead;
use crate::tree::join;

impl Survey<'_> {
    /// What a function is given and gives back, written out.
    pub fn written_head(&self, source: &GoSource, head: &FunctionHead) -> Option<(Vec<String>, Vec<String>)> {
        Some((self.types_of(source, &head.parameters)?, self.types_of(source, &head.results)?))
    }

    /// The place of a function of a folder that is given or gives back something else than a head says.
    pub fn other_head(&self, folder: &str, receiver: Option<&str>, name: &str, head: &FunctionHead) -> Option<String> {
        let file = match receiver {
            Some(receiver) => self.declares_method(folder, receiver, name),
            None => self.declares(folder, name),
        }?;
        let source = self.go(&join(folder, &file)).ok().flatten()?;
        let there = Func { source: source.clone(), receiver: receiver.map(str::to_owned), name: name.to_owned() };
        let known = self.written_head(&source, &there.head()?)?;
        (self.written_head(&source, head)? != known).then(|| there.place())
    }
}
