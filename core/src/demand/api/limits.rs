//! Markers in words: how a list is merged, and limits, which only a marker in full says.

use super::reader::{Noun, Reader};
use crate::demand::words::Word;

impl Reader<'_, '_, '_> {
    /// "(set)", "keyed by `name`", `listType=map`: markers of the field before.
    pub(super) fn list_type(&mut self, at: usize) -> bool {
        let word = self.words[at];
        let bare = word.text.trim_start_matches('+');
        let is_marker =
            ["listType=", "listMapKey=", "kubebuilder:", "default="].iter().any(|head| bare.starts_with(head));
        if is_marker && self.last_field().is_some() {
            self.add_marker(&format!("+{bare}"));
            return true;
        }
        let within = self.depth > 0 && at > 0 && self.words[at - 1].is_mark("(")
            || at > 1 && self.words[at - 1].is(&["a", "type"]) && self.words[at - 2].is(&["is", "as", "list"]);
        let ends = self.words.get(at + 1).is_none_or(|next| next.is_mark(")") || next.is_mark(","));
        if word.is(&["set", "atomic"]) && within && ends && self.last_field().is_some() {
            self.add_marker(&format!("+listType={}", word.text.to_lowercase()));
            return true;
        }
        if word.is(&["keyed"])
            && let Some([by, key, ..]) = self.words.get(at + 1..)
            && by.is(&["by", "on"])
            && key.is_code()
            && self.last_field().is_some()
        {
            self.add_marker("+listType=map");
            self.add_marker(&format!("+listMapKey={}", key.text));
            self.next = at + 3;
            return true;
        }
        false
    }

    fn add_marker(&mut self, marker: &str) {
        match self.last_field() {
            Some(field) if !field.markers.iter().any(|known| known == marker) => field.markers.push(marker.to_owned()),
            _ => {}
        }
        self.noun = if self.noun == Noun::Part { Noun::Part } else { Noun::Thing };
    }

    /// Says of a limit in words that no marker is made of it.
    pub(super) fn limit(&mut self, at: usize) {
        let two = |first: &str, second: &[&str]| {
            self.words[at].is(&[first]) && self.words.get(at + 1).is_some_and(|next| next.is(second))
        };
        let is_limit = two("at", &["least", "most"])
            || two("greater", &["than"])
            || two("less", &["than"])
            || two("more", &["than"])
            || two("no", &["more", "less"])
            || self.words[at].is(&[
                "minimum",
                "maximum",
                "min",
                "max",
                "between",
                "positive",
                "non-negative",
                "immutable",
            ]);
        if is_limit && self.last_field().is_some() {
            let said: Vec<&str> = self.words[at..].iter().take(4).map(|word: &Word<'_>| word.text).collect();
            let said = said.join(" ");
            self.reading.remarks.push(format!("it also says `{said}`: no marker is made of that"));
        }
    }
}
