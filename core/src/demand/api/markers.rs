//! Markers outside of backticks, and in words: how a list is merged.

use super::reader::{Noun, Reader};
use super::spelling::{is_json_name, is_patch};
use crate::demand::words::{Piece, words};

/// "`A int` in `S`. Markers: `+a`" is "`A int` in `S`, `+a`": what a sentence of their own lists stands beside the field.
pub(super) fn beside(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let lead = ["markers: `+", "marker: `+"].iter().find_map(|lead| Some((lower.find(lead)?, lead.len() - 2)));
    let Some((at, length)) = lead else { return line.to_owned() };
    let from = line[..at].rfind(['.', ';', '`', ')', '"']).map_or(0, |mark| mark + 1);
    // "Kubebuilder markers", "with the validation markers"
    let fields = words(&line[..from]).iter().filter(|word| word.is_code() && word.text.contains(' ')).count();
    if words(&line[from..at]).len() > 3 || from == 0 || fields > 1 {
        return line.to_owned();
    }
    let head = line[..from].trim_end_matches(['.', ';', ' ']);
    format!("{head}, {}", line[at + length..].trim_start())
}

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
        // "patchStrategy merge"
        if is_patch(word.text) && self.last_field().is_some() {
            let said = self.words[at + 1..].iter().take_while(|next| next.is_mark(":")).count();
            self.next = at + 2 + said;
            return true;
        }
        let within = at > 0 && (self.depth > 0 && self.words[at - 1].is_mark("(") || self.words[at - 1].is_mark(","))
            || at > 1 && self.words[at - 1].is(&["a", "an"]) && self.words[at - 2].is_mark(",")
            || at > 1 && self.words[at - 1].is(&["a", "type"]) && self.words[at - 2].is(&["is", "as", "list"]);
        let ends = self.words.get(at + 1).is_none_or(|next| next.is_mark(")") || next.is_mark(","));
        let is_list = self.words.get(at + 1).is_some_and(|next| next.is(&["list"]))
            && self.words.get(at + 2).is_none_or(|next| next.piece == Piece::Mark);
        if word.is(&["set", "atomic"]) && within && (ends || is_list) && self.last_field().is_some() {
            self.add_marker(&format!("+listType={}", word.text.to_lowercase()));
            return true;
        }
        if word.is(&["keyed"])
            && let Some([by, key, ..]) = self.words.get(at + 1..)
            && by.is(&["by", "on"])
            && (key.is_code() || is_json_name(key.text) && !key.is(&["the", "its", "a"]))
            && self.last_field().is_some()
        {
            self.add_marker("+listType=map");
            self.add_marker(&format!("+listMapKey={}", key.text));
            self.next = at + 3;
            return true;
        }
        // "(int32, 1..100)"
        if self.depth > 0
            && let Some((low, high)) = word.text.split_once("..")
            && [low, high].iter().all(|bound| bound.parse::<i64>().is_ok())
            && self.last_field().is_some()
        {
            self.add_marker(&format!("+kubebuilder:validation:Minimum={low}"));
            self.add_marker(&format!("+kubebuilder:validation:Maximum={high}"));
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
}
