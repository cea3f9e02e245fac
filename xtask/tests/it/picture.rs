//! The picture of a preview in the README: a real run, so it stays true. `UPDATE_CASES=1` draws it anew.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use xtask::test::case::{root, temporary};

/// What is typed, behind the name of the program.
const WORDS: &[&str] = &["scaffold", "--only", "T001"];
const PATH: &str = "docs/preview.svg";

/// Columns and lines of the picture.
const COLUMNS: usize = 104;
const LINES: usize = 64;
/// The size of a character, and the space around the text.
const WIDTH: f64 = 7.25;
const HEIGHT: f64 = 16.0;
const MARGIN: f64 = 16.0;

#[test]
fn the_picture_is_what_a_preview_looks_like() {
    let empty = temporary().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(WORDS).args(["--color", "always"]).current_dir(empty.path()).env("HOME", empty.path());
    for name in ["KUBEVIRT_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "COLUMNS"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let [said, shown] = [output.stderr, output.stdout].map(|bytes| String::from_utf8(bytes).unwrap());
    let picture = drawn(&format!("$ \u{1b}[1mcargo xtask {}\u{1b}[0m\n{said}{shown}", WORDS.join(" ")));
    let path = root().join(PATH);
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(&path, &picture).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(known == picture, "{PATH} shows something else than the program: UPDATE_CASES=1 draws it anew");
}

/// Text with colours as an SVG.
fn drawn(text: &str) -> String {
    let mut lines: Vec<&str> = text.trim_end().lines().collect();
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let rest = format!("\u{1b}[2m… and {more} more lines\u{1b}[0m");
    lines.extend((more > 0).then_some(rest.as_str()));
    let count = |n: usize| f64::from(u32::try_from(n).unwrap());
    let (width, height) = (count(COLUMNS) * WIDTH + 2.0 * MARGIN, count(lines.len()) * HEIGHT + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>A preview in a terminal</title>\n\
         <style>text {{ font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d7dce2; white-space: pre }} \
         .b {{ font-weight: bold }} .d {{ fill: #8b949e }} .r {{ fill: #ff8f88 }} .g {{ fill: #6fdc8c }} .y {{ fill: #e3c46a }} \
         .l {{ fill: #82b6ff }} .m {{ fill: #d8a5ff }} .c {{ fill: #6cd5e0 }}</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#15191f\"/>\n"
    );
    let mut style = Style::default();
    for (at, line) in lines.iter().enumerate() {
        let y = MARGIN + HEIGHT * (count(at) + 0.75);
        let _ = write!(svg, "<text x=\"{MARGIN}\" y=\"{y}\" xml:space=\"preserve\">");
        let mut column = 0;
        for (at, piece) in line.split('\u{1b}').enumerate() {
            let text = if at == 0 { piece } else { style.follow(piece) };
            let text = fitted(text, &mut column);
            match style.class() {
                _ if text.is_empty() => {}
                class if class.is_empty() => svg.push_str(&text),
                class => _ = write!(svg, "<tspan class=\"{class}\">{text}</tspan>"),
            }
        }
        svg.push_str("</text>\n");
    }
    svg + "</svg>\n"
}

/// What fits into the rest of a line, with its tabs as spaces.
fn fitted(text: &str, column: &mut usize) -> String {
    let mut fitted = String::new();
    for c in text.chars() {
        let columns = if c == '\t' { 8 - *column % 8 } else { 1 };
        if *column + columns > COLUMNS {
            break;
        }
        *column += columns;
        match c {
            '\t' => fitted.push_str(&" ".repeat(columns)),
            '&' => fitted.push_str("&amp;"),
            '<' => fitted.push_str("&lt;"),
            c => fitted.push(c),
        }
    }
    fitted
}

/// The colour that the terminal is set to.
#[derive(Default)]
struct Style {
    bold: bool,
    color: Option<char>,
}

impl Style {
    /// Obeys a sequence, and returns the text behind it. What sets no colour, such as a link, shows nothing.
    fn follow<'a>(&mut self, piece: &'a str) -> &'a str {
        let Some(rest) = piece.strip_prefix('[') else {
            return piece.split_once(['\u{7}', '\\']).map_or("", |(_, text)| text);
        };
        let Some(end) = rest.find(|c: char| c.is_ascii_alphabetic()) else { return "" };
        if rest[end..].starts_with('m') {
            for number in rest[..end].split(';') {
                self.set(number.parse().unwrap_or(0));
            }
        }
        &rest[end + 1..]
    }

    fn set(&mut self, number: u8) {
        const COLORS: [char; 8] = ['d', 'r', 'g', 'y', 'l', 'm', 'c', ' '];
        match number {
            0 => *self = Self::default(),
            1 => self.bold = true,
            2 => self.color = Some('d'),
            30..=37 => self.color = Some(COLORS[usize::from(number - 30)]).filter(|color| *color != ' '),
            39 => self.color = None,
            90..=97 => self.color = Some(COLORS[usize::from(number - 90)]).filter(|color| *color != ' '),
            _ => {}
        }
    }

    fn class(&self) -> String {
        let classes = self.color.into_iter().map(String::from).chain(self.bold.then(|| "b".to_owned()));
        classes.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn nothing_of_a_text_is_markup_in_a_picture() {
    let svg = drawn("a<b>&\tc\u{1b}[1;31m<script>\u{1b}[0m\u{1b}]8;;file:///x\u{1b}\\link\u{1b}]8;;\u{1b}\\!");
    assert!(svg.contains("a&lt;b>&amp;   c<tspan class=\"r b\">&lt;script></tspan>link!</text>"), "{svg}");
}
