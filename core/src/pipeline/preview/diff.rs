//! Unified diffs, as git writes and reads them.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Color as Ansi, Effects, Style};
use similar::{ChangeTag, DiffTag, TextDiff};

use super::{Color, paint};
use crate::code::{Language, Part, parts};
use crate::diagnostic::{is_invisible, visible_lines};
use crate::pipeline::Change;
use crate::repo_path::RepoPath;

pub(super) const HEADING: Style = Style::new().bold();
const PLACE: Style = Style::new().fg_color(Some(Ansi::Ansi(AnsiColor::Cyan)));
pub(super) const OLD: Style = Style::new().fg_color(Some(Ansi::Ansi(AnsiColor::Red)));
pub(super) const NEW: Style = Style::new().fg_color(Some(Ansi::Ansi(AnsiColor::Green)));
const TEXT: Style = Style::new().fg_color(Some(Ansi::Ansi(AnsiColor::Yellow)));
const COMMENT: Style = Style::new().fg_color(Some(Ansi::Ansi(AnsiColor::BrightBlack)));
const CONTEXT: usize = 3;

/// The diffs of all changes, sorted by path: a patch that `git apply` takes.
pub fn patch<'a>(changes: impl IntoIterator<Item = &'a Change>) -> String {
    changes.into_iter().map(|change| unified(change, Color::Never)).collect()
}

/// The diff of a document that is none of the checkout's. Nothing if there is no difference.
pub fn diff_texts(path: &str, before: Option<&str>, after: &str, color: Color) -> String {
    if before == Some(after) {
        return String::new();
    }
    let path = path.replace('\\', "/");
    let path = RepoPath::known(path.trim_start_matches('/'));
    let change = Change {
        path,
        before: before.map(Into::into),
        after: after.into(),
        tasks: Vec::new(),
        order: 0,
        is_generated: false,
    };
    unified(&change, color)
}

/// How many lines a file gains and loses.
pub fn line_counts(change: &Change) -> (usize, usize) {
    let Some(before) = change.before.as_deref() else { return (change.after.lines().count(), 0) };
    let window = Window::around(before, &change.after);
    let diff = TextDiff::from_lines(&before[window.old], &change.after[window.new]);
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    changed.fold((0, 0), |(added, removed), op| (added + op.new_range().len(), removed + op.old_range().len()))
}

/// The diff of one file. The headers carry no time: git would read some times as a deletion.
pub fn unified(change: &Change, color: Color) -> String {
    let path = &change.path;
    let language = Language::of(path);
    let (from, to) = (header("a/", path), header("b/", path));
    let mut text = paint(color, HEADING, &format!("diff --git {from} {to}")) + "\n";
    let old = match &change.before {
        None => {
            text.push_str("new file mode 100644\n");
            "/dev/null".to_owned()
        }
        Some(_) => from,
    };
    text.push_str(&(paint(color, HEADING, &format!("--- {old}")) + "\n"));
    text.push_str(&(paint(color, HEADING, &format!("+++ {to}")) + "\n"));
    let Some(before) = change.before.as_deref() else {
        all_new(&mut text, &change.after, color, language);
        return text;
    };
    let window = Window::around(before, &change.after);
    let diff = TextDiff::from_lines(&before[window.old.clone()], &change.after[window.new.clone()]);
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        let first = hunk.ops().first().map_or((0, 0), |op| (op.old_range().start, op.new_range().start));
        let last = hunk.ops().last().map_or((0, 0), |op| (op.old_range().end, op.new_range().end));
        let place = format!(
            "@@ -{} +{} @@",
            range(window.lines + first.0, last.0 - first.0),
            range(window.lines + first.1, last.1 - first.1)
        );
        text.push_str(&(paint(color, PLACE, &place) + "\n"));
        for op in hunk.ops() {
            match color {
                Color::Never => plain(&mut text, &diff, op),
                Color::Always => colored(&mut text, &diff, op, language),
            }
        }
    }
    text
}

/// The only hunk of a file that is made.
fn all_new(text: &mut String, after: &str, color: Color, language: Language) {
    let lines = after.lines().count();
    text.push_str(&(paint(color, PLACE, &format!("@@ -0,0 +{} @@", range(0, lines))) + "\n"));
    for line in after.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        match color {
            Color::Never => text.extend(["+", bare]),
            // Colours are for people: what they would not see is shown.
            Color::Always => painted(text, '+', NEW, bare, language),
        }
        text.push('\n');
        if !line.ends_with('\n') {
            text.push_str(NO_NEWLINE);
        }
    }
}

/// A line, with or without the `\r` of its end, in which every character can be seen.
fn visible_line(line: &str) -> Cow<'_, str> {
    visible_lines(line.strip_suffix('\r').unwrap_or(line))
}

/// A path in a header. One that would end the line, or be obeyed, stands in quotes, as git writes it.
fn header(prefix: &str, path: &str) -> String {
    let odd = |c: char| is_invisible(c) || matches!(c, '"' | '\\');
    if !path.contains(odd) {
        return format!("{prefix}{path}");
    }
    let mut quoted = format!("\"{prefix}");
    for c in path.chars() {
        if odd(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        } else {
            quoted.push(c);
        }
    }
    quoted + "\""
}

const NO_NEWLINE: &str = "\\ No newline at end of file\n";

/// The lines between what is the same at both ends, with enough around them for the context: most
/// edits touch a few lines of a long file.
struct Window {
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
    /// The number of lines before it.
    lines: usize,
}

impl Window {
    fn around(old: &str, new: &str) -> Self {
        let (a, b) = (old.as_bytes(), new.as_bytes());
        let same = common(a, b);
        let mut start = line_start(old, same);
        for _ in 0..=CONTEXT {
            start = line_start(old, start.saturating_sub(1));
        }
        let limit = a.len().min(b.len()) - same;
        let tail = common_end(&a[a.len() - limit..], &b[b.len() - limit..]);
        let mut end = a.len() - tail;
        for _ in 0..=CONTEXT + 1 {
            end = old.as_bytes()[end..].iter().position(|&b| b == b'\n').map_or(a.len(), |at| end + at + 1);
        }
        let lines = memchr::memchr_iter(b'\n', &a[..start]).count();
        Self { old: start..end, new: start..b.len() - (a.len() - end), lines }
    }
}

/// How many bytes two texts share at their start. Blocks first: files are long, edits are not.
fn common(a: &[u8], b: &[u8]) -> usize {
    const BLOCK: usize = 4096;
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(a, b)| a == b).count();
    let start = blocks * BLOCK;
    start + a[start..].iter().zip(&b[start..]).take_while(|(a, b)| a == b).count()
}

/// The same at their end.
fn common_end(a: &[u8], b: &[u8]) -> usize {
    const BLOCK: usize = 4096;
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK)).take_while(|(a, b)| a == b).count();
    let end = blocks * BLOCK;
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    end + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

fn line_start(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1)
}

fn range(start: usize, length: usize) -> String {
    match length {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        length => format!("{},{length}", start + 1),
    }
}

fn sign(tag: ChangeTag) -> (char, Style) {
    match tag {
        ChangeTag::Equal => (' ', Style::new()),
        ChangeTag::Delete => ('-', OLD),
        ChangeTag::Insert => ('+', NEW),
    }
}

fn plain(text: &mut String, diff: &TextDiff<'_, '_, str>, op: &similar::DiffOp) {
    for change in diff.iter_changes(op) {
        text.push(sign(change.tag()).0);
        text.push_str(change.value());
        if change.missing_newline() {
            text.push('\n');
            text.push_str(NO_NEWLINE);
        }
    }
}

/// A line with its sign and the colours of its code. What goes away is only told apart from what stays.
fn painted(text: &mut String, sign: char, style: Style, line: &str, language: Language) {
    let _ = write!(text, "{style}{sign}{style:#}");
    for (part, piece) in parts(line, if sign == '-' { Language::Plain } else { language }) {
        let style = match part {
            Part::Plain => style,
            Part::Keyword => style.bold(),
            Part::Text => TEXT,
            Part::Comment => COMMENT,
        };
        let _ = write!(text, "{style}{}{style:#}", visible_line(piece));
    }
}

/// The same with colours; within a changed line, the words that differ are underlined.
fn colored(text: &mut String, diff: &TextDiff<'_, '_, str>, op: &similar::DiffOp, language: Language) {
    for change in diff.iter_inline_changes(op) {
        let (sign, style) = sign(change.tag());
        let whole = change.values().iter().all(|(emphasized, _)| *emphasized);
        if whole || change.values().iter().all(|(emphasized, _)| !*emphasized) {
            let line: String = change.values().iter().map(|(_, value)| &**value).collect();
            painted(text, sign, style, line.trim_end_matches('\n'), language);
            text.push('\n');
            if change.missing_newline() {
                text.push_str(NO_NEWLINE);
            }
            continue;
        }
        let _ = write!(text, "{style}{sign}");
        for (emphasized, value) in change.values() {
            let value = visible_line(value.trim_end_matches('\n'));
            let inner = if *emphasized { style.effects(Effects::UNDERLINE | Effects::BOLD) } else { style };
            let _ = write!(text, "{style:#}{inner}{value}{inner:#}");
        }
        text.push('\n');
        if change.missing_newline() {
            text.push_str(NO_NEWLINE);
        }
    }
}
