//! A line as its words: prose, code in backticks, and marks.

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece {
    /// A word of prose, without the marks around it.
    Prose,
    /// What stands between backticks, as it is.
    Code,
    /// `,`, `;`, `:`, `.`, `(`, `)` or a dash around words of prose.
    Mark,
}

/// A word of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word<'a> {
    /// What it is.
    pub piece: Piece,
    /// Its text.
    pub text: &'a str,
    /// Where it begins in the line, in bytes; of code, where the code does.
    pub at: usize,
}

impl Word<'_> {
    /// Whether it is one of some words of prose, in any case.
    pub fn is(&self, words: &[&str]) -> bool {
        self.piece == Piece::Prose && words.iter().any(|word| word.eq_ignore_ascii_case(self.text))
    }

    /// Whether it is a mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.piece == Piece::Mark && self.text == mark
    }

    /// Whether it can be the name of something in code: it stands in backticks, or no prose is spelled like it.
    pub fn is_code(&self) -> bool {
        let odd = |c: char| matches!(c, '.' | '_' | '(' | '*' | '[' | ']' | '/') || c.is_ascii_uppercase();
        match self.piece {
            Piece::Code => true,
            Piece::Prose if !self.text.is_ascii() || self.text.len() < 2 => false,
            Piece::Prose => self.text.starts_with(['*', '[']) || self.text[1..].contains(odd),
            Piece::Mark => false,
        }
    }
}

/// The words of a line, in order. Code keeps its bytes, and emphasis is not read.
pub fn words(line: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    let parts: Vec<&str> = line.split('`').collect();
    for (index, part) in parts.iter().enumerate() {
        // A backtick that nobody closes is part of the prose.
        if index % 2 == 1 && index + 1 < parts.len() {
            if !part.trim().is_empty() {
                let start = at + part.len() - part.trim_start().len();
                found.push(Word { piece: Piece::Code, text: part.trim(), at: start });
            }
        } else {
            for word in part.split_whitespace() {
                prose(word, at + (word.as_ptr() as usize - part.as_ptr() as usize), &mut found);
            }
        }
        at += part.len() + 1;
    }
    found
}

/// The words of a word between spaces: marks before it, itself, marks behind it.
fn prose<'a>(word: &'a str, at: usize, found: &mut Vec<Word<'a>>) {
    const MARKS: &[char] = &[',', ';', ':', '.', '(', ')', '!', '?', '"', '\'', '“', '”'];
    let mut push = |piece, text: &'a str, at| {
        // Emphasis, and quotes, say nothing.
        let silent = piece == Piece::Mark && matches!(text, "\"" | "'" | "“" | "”");
        if !text.is_empty() && !silent {
            found.push(Word { piece, text, at });
        }
    };
    let bare = word.trim_matches(['*', '_']);
    // One star is a pointer; the marks of emphasis stand on both sides, or are two.
    let kept = if word.starts_with("**") || word.ends_with(['*', '_']) || word.starts_with('_') { bare } else { word };
    let (word, at) = (kept, at + (kept.as_ptr() as usize - word.as_ptr() as usize));
    if matches!(word, "-" | "–" | "—" | "->" | "→") {
        return push(Piece::Mark, word, at);
    }
    let mut rest = word;
    while let Some(mark) = rest.chars().next().filter(|c| MARKS.contains(c) && !(*c == '.' && rest.len() > 1)) {
        push(Piece::Mark, &rest[..mark.len_utf8()], at + word.len() - rest.len());
        rest = &rest[mark.len_utf8()..];
    }
    // The parentheses of a call, `name()`, belong to the name.
    let mut end = rest.len();
    while let Some(mark) = rest[..end].chars().next_back().filter(|c| MARKS.contains(c)) {
        let text = &rest[..end];
        if mark == ')' && text.matches('(').count() >= text.matches(')').count() {
            break;
        }
        end -= mark.len_utf8();
    }
    let start = at + word.len() - rest.len();
    push(Piece::Prose, &rest[..end], start);
    for (index, mark) in rest[end..].char_indices() {
        push(Piece::Mark, &rest[end + index..end + index + mark.len_utf8()], start + end + index);
    }
}

/// A line up to where it begins to say what something is: `-- "help"`, ": what it is", " - what it is".
pub fn before_help(line: &str) -> &str {
    let end = [": ", "\"", " - "].iter().filter_map(|mark| line.find(mark)).min();
    &line[..end.unwrap_or(line.len())]
}

/// The sentences of a line: words between full stops and semicolons.
pub fn clauses<'w, 'a>(words: &'w [Word<'a>]) -> impl Iterator<Item = &'w [Word<'a>]> {
    let ends = |word: &Word<'_>| [".", ";", "!", "?"].iter().any(|mark| word.is_mark(mark));
    words.split(ends).filter(|clause| !clause.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let word = |word: &Word<'_>| match word.piece {
            Piece::Prose => word.text.to_owned(),
            Piece::Code => format!("`{}`", word.text),
            Piece::Mark => format!("<{}>", word.text),
        };
        let words = words(line);
        for word in &words {
            assert_eq!(&line[word.at..word.at + word.text.len()], word.text);
        }
        words.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_line_is_its_words() {
        for (line, words) in [
            ("Add `A *b.C` to `D` (json `a`).", "Add `A *b.C` to `D` <(> json `a` <)> <.>"),
            ("**Add** type A (x, y), and _b_", "Add type A <(> x <,> y <)> <,> and b"),
            ("call f() from g.H(): now", "call f() from g.H() <:> now"),
            ("of type *resource.Quantity - the sum", "of type *resource.Quantity <-> the sum"),
            ("an open ` tick", "an open tick"),
            ("\"quoted\" map[string]string", "quoted map[string]string"),
        ] {
            assert_eq!(shown(line), words, "{line}");
        }
    }

    #[test]
    fn sentences_end_at_full_stops_and_semicolons() {
        let words = words("Add `a` to `B`; add `c.d` to `E`. Done");
        assert_eq!(clauses(&words).count(), 3);
    }

    #[test]
    fn code_is_known_without_backticks() {
        let is_code = |text| words(text)[0].is_code();
        for text in ["`a`", "vmiSpec", "KubeVirt", "v1.Name", "run()", "a_b", "[]string"] {
            assert!(is_code(text), "{text}");
        }
        for text in ["add", "The", "label", "a"] {
            assert!(!is_code(text), "{text}");
        }
    }
}
