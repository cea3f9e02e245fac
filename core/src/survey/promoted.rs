//! Methods of types, and those that they have from what they embed.

use super::Survey;
use crate::go::FunctionHead;
use crate::go::body::Members;

/// So deep may a method come from.
const DEPTH: usize = 4;

impl Survey<'_> {
    /// What a method of a type gives back, written out.
    pub fn method_results(&self, ty: &str, name: &str) -> Option<Vec<String>> {
        let bare = ty.trim_start_matches('*');
        if name == "DeepCopy" {
            return Some(vec![format!("*{bare}")]);
        }
        self.results_below(bare, name, DEPTH)
    }

    fn results_below(&self, ty: &str, name: &str, depth: usize) -> Option<Vec<String>> {
        let (path, type_name) = ty.rsplit_once('.')?;
        let funcs = self.funcs(&self.package_folder(path)?, name);
        if let Some(method) = funcs.iter().find(|func| func.receiver.as_deref() == Some(type_name)) {
            return self.results_of(method);
        }
        let (source, members) = self.members_of(ty)?;
        let (Members::Struct(list) | Members::Interface(list)) = &members else { return None };
        let own = list.iter().find(|(known, _)| known.as_deref() == Some(name));
        if let (Some((_, line)), Members::Interface(_)) = (own, &members) {
            return self.types_of(&source, &FunctionHead::parse(line).ok()?.results);
        }
        let depth = depth.checked_sub(1)?;
        list.iter().filter(|(name, _)| name.is_none()).find_map(|(_, embedded)| {
            let embedded = self.written_out_in(&source, embedded)?;
            self.results_below(embedded.trim_start_matches('*'), name, depth)
        })
    }
}
