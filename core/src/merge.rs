//! Two changes of one text, brought together line by line.

use similar::TextMerge;

/// What comes of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merged {
    /// The text; where both changed the same lines, both of them between markers.
    pub text: String,
    /// How often they did.
    pub conflicts: usize,
}

/// What `ours` and `theirs` have made of `base`. The labels stand behind the markers of a conflict.
pub fn three_way(base: &str, (ours, our_label): (&str, &str), (theirs, their_label): (&str, &str)) -> Merged {
    let mut merge = TextMerge::from_lines(base, ours, theirs);
    merge.labels("before", our_label, their_label);
    let mut bytes = Vec::new();
    // A vector takes whatever is written into it.
    let _ = merge.to_writer(&mut bytes);
    Merged { text: String::from_utf8_lossy(&bytes).into_owned(), conflicts: merge.conflict_count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, ours: &str, theirs: &str) -> Merged {
        three_way(base, (ours, "yours"), (theirs, "newer"))
    }

    #[test]
    fn changes_of_different_lines_come_together() {
        let result = merged("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n");
        assert_eq!(result, Merged { text: "A\nb\nc\nD\n".into(), conflicts: 0 });
        assert_eq!(merged("a\n", "a\n", "").text, "");
        assert_eq!(merged("a", "a", "a\n").text, "a\n");
    }

    #[test]
    fn changes_of_the_same_line_are_both_shown() {
        let result = merged("a\n", "b\n", "c\n");
        assert_eq!(result.conflicts, 1);
        assert_eq!(result.text, "<<<<<<< yours\nb\n=======\nc\n>>>>>>> newer\n");
    }
}
