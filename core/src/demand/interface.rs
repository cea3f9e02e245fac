//! Interfaces that a line declares, with their methods.

use super::member::MemberDemand;
use super::member_words::{ADDS, FILLERS, FIRM, INTO};
use super::{Piece, Word};
use crate::go::FunctionHead;
use crate::name::is_go_identifier;

/// "Add interface `Clock` with methods `Now() time.Time` and `Reset()`", if a line says that.
pub(super) fn interface(all: &[Word<'_>]) -> Option<Result<MemberDemand, String>> {
    let at = all.iter().position(|word| word.is(&["interface"]))?;
    let name = all.get(at + 1).filter(|word| word.piece == Piece::Code && is_go_identifier(word.text))?;
    let adds = all[..at].iter().rev().find(|word| !word.is(FILLERS)).is_none_or(|word| word.is(FIRM) || word.is(ADDS));
    let rest = &all[at + 2..];
    let into = all[..at].iter().any(|word| word.is(INTO));
    if !adds || into || !rest.iter().any(|word| word.is(&["method", "methods", "with"])) {
        return None;
    }
    let codes = rest.iter().filter(|word| word.piece == Piece::Code);
    let methods = codes.map(|word| match FunctionHead::parse(word.text) {
        Ok(head) if head.receiver.is_none() && word.text.contains('(') => Ok(head),
        _ => Err(format!("`{}` is not written as a method of an interface", word.text)),
    });
    let found = methods.collect::<Result<Vec<_>, _>>().and_then(|methods| {
        if methods.is_empty() {
            return Err(format!("it does not give a method of `{}`", name.text));
        }
        let (new_struct, methods) = (Some(name.text.to_owned()), Some(methods));
        Ok(MemberDemand { new_struct, methods, ..MemberDemand::default() })
    });
    Some(found)
}
