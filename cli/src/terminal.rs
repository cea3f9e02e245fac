//! What goes to the terminal: colours, the pager, questions. Nothing else in this crate writes to stdout or
//! stderr, and no character that a terminal obeys, or that nobody sees, gets through here, wherever it came from.
//! The exception is stdout where it is not a terminal: what `git apply` takes stays as it is, byte for byte.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use kubevirt_scaffold_core::diagnostic::{Diagnostic, Severity, visible, visible_lines};
use kubevirt_scaffold_core::pipeline::Color;

use crate::command_name::command;
use crate::flags::{ColorFlag, When, WriteFlags};
use crate::process;

/// Whether a stream shows colours.
#[derive(Clone, Copy, Debug)]
pub struct Colors {
    /// On stdout.
    pub stdout: Color,
    /// On stderr.
    pub stderr: Color,
}

impl Colors {
    /// What the user asked for, or what the streams can show.
    pub fn new(flag: ColorFlag) -> Self {
        let choose = |auto: anstream::ColorChoice| match flag.when {
            When::Never => Color::Never,
            When::Auto if auto == anstream::ColorChoice::Never => Color::Never,
            When::Auto | When::Always => Color::Always,
        };
        let colors = Self {
            stdout: choose(anstream::AutoStream::choice(&io::stdout())),
            stderr: choose(anstream::AutoStream::choice(&io::stderr())),
        };
        COLORED.store(colors.stdout == Color::Always, Ordering::Relaxed);
        colors
    }
}

/// Whether the product has colours.
static COLORED: AtomicBool = AtomicBool::new(false);

/// Whether nothing goes through a pager.
static UNPAGED: AtomicBool = AtomicBool::new(false);

/// From now on nothing goes through a pager: it would wait for somebody to leave it.
pub fn never_page() {
    UNPAGED.store(true, Ordering::Relaxed);
}

/// Writes a line to stderr.
macro_rules! tell {
    ($($words:tt)*) => { $crate::terminal::say(&(format!($($words)*) + "\n")) };
}
pub(crate) use tell;

/// A text as a terminal may have it; with `colored`, our own colours and links stay. Texts of others that stand between
/// colours have been made visible before they were painted.
fn safe(text: &str, colored: bool) -> Cow<'_, str> {
    let mut pieces = text.split('\u{1b}').peekable();
    let first = visible_lines(pieces.next().unwrap_or_default());
    if first.len() == text.len() {
        return first;
    }
    let mut shown = first.into_owned();
    let mut is_link = false;
    while let Some(piece) = pieces.next() {
        let ends = std::mem::take(&mut is_link);
        // The end of a link's address is a sequence of its own.
        is_link = colored && is_address(piece) && pieces.peek().is_some_and(|next| next.starts_with('\\'));
        let known = if is_link {
            Some(piece.len())
        } else if ends {
            Some(1)
        } else {
            color_length(piece).filter(|_| colored)
        };
        match known {
            Some(length) => shown.extend(["\u{1b}", &piece[..length]]),
            None => shown.push_str("\\u{1b}"),
        }
        shown.push_str(&visible_lines(&piece[known.unwrap_or(0)..]));
    }
    Cow::Owned(shown)
}

/// Whether a sequence begins a link to a file, or ends a link.
fn is_address(piece: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._~%-#".contains(c);
    piece.strip_prefix("]8;;").is_some_and(|address| {
        address.is_empty() || address.strip_prefix("file://").is_some_and(|rest| rest.chars().all(plain))
    })
}

/// A text that leads to a file, for a terminal that shows links; elsewhere the text alone. It holds nothing that a
/// terminal obeys.
pub fn linked(text: &str, path: &Path, line: Option<usize>, stream: &Stream) -> String {
    let Some(host) = stream.links.as_deref() else { return text.to_owned() };
    let Ok(whole) = std::path::absolute(path) else { return text.to_owned() };
    let mut address = format!("file://{host}");
    for byte in whole.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b'~' => {
                address.push(char::from(*byte));
            }
            _ => drop(write!(address, "%{byte:02X}")),
        }
    }
    // Others would look for a file of that name.
    if let Some(line) = line.filter(|_| std::env::var("TERM").is_ok_and(|term| term == "xterm-kitty")) {
        let _ = write!(address, "#{line}");
    }
    format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}

/// What a stream can show.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Whether it shows colours.
    pub color: Color,
    /// The host that links lead to; nothing if it shows none.
    links: Option<String>,
}

impl Stream {
    /// stdout.
    pub fn stdout(colors: Colors) -> Self {
        Self { color: colors.stdout, links: links(io::stdout().is_terminal(), colors.stdout) }
    }

    /// stderr.
    pub fn stderr(colors: Colors) -> Self {
        Self { color: colors.stderr, links: links(io::stderr().is_terminal(), colors.stderr) }
    }
}

/// The host that links lead to, on a terminal that may know what they are.
fn links(is_terminal: bool, color: Color) -> Option<String> {
    let knows = || std::env::var("TERM").is_ok_and(|term| !matches!(term.as_str(), "" | "dumb" | "linux"));
    if !is_terminal || color == Color::Never || !knows() {
        return None;
    }
    // Where a terminal shows files of another machine, the name tells them apart.
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let is_plain = host.trim().chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
    Some(if is_plain { host.trim().to_owned() } else { String::new() })
}

/// The length of the rest of a sequence that sets a colour, bold or underlined, or ends it. Nothing that hides text
/// is among them.
fn color_length(rest: &str) -> Option<usize> {
    let end = rest.find('m')?;
    let numbers = rest[..end].strip_prefix('[')?;
    let known = |number: &str| matches!(number.parse::<u8>(), Ok(0..=2 | 4 | 30..=37 | 39 | 90..=97));
    numbers.split(';').all(known).then_some(end + 1)
}

/// Whether a person sits in front of it who can be asked.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Prints diagnostics to stderr.
pub fn diagnostics<'a>(found: impl IntoIterator<Item = &'a Diagnostic>, color: Color) {
    styled(&rendered(found, color));
}

/// How many findings of one rule are shown one by one.
const SHOWN: usize = 20;

/// Diagnostics as text, a blank line behind each. Of those that are many of one kind the first ones are shown, and the
/// number of the others is told.
pub fn rendered<'a>(found: impl IntoIterator<Item = &'a Diagnostic>, color: Color) -> String {
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    let mut text = String::new();
    for diagnostic in found {
        let count = counts.entry((diagnostic.code, diagnostic.severity)).or_default();
        *count += 1;
        if *count <= SHOWN {
            text.push_str(&(placed(diagnostic, color) + "\n\n"));
        }
    }
    for ((code, severity), count) in counts.into_iter().filter(|(_, count)| *count > SHOWN) {
        let more = count - SHOWN;
        let _ = writeln!(
            text,
            "{}[{code}]: {more} more like the first {SHOWN}; `--format json` has them all\n",
            severity.name()
        );
    }
    text
}

/// A diagnostic whose place leads there. They are told on stderr.
fn placed(diagnostic: &Diagnostic, color: Color) -> String {
    let text = diagnostic.render(color == Color::Always);
    let stream = Stream { color, links: links(io::stderr().is_terminal(), color) };
    let Some((source, span)) = diagnostic.place.as_ref().filter(|_| stream.links.is_some()) else { return text };
    let at = source.line_column(span.start);
    let place = format!("{}:{}:{}", visible(source.name()), at.line, at.column);
    let path = Path::new(source.name());
    let Some((before, after)) = text.split_once(&place).filter(|_| path.exists()) else { return text };
    format!("{before}{}{after}", linked(&place, path, Some(at.line), &stream))
}

/// Writes a text to stderr in one piece.
pub fn say(text: &str) {
    write(&safe(text, false));
}

/// Writes a text with colours to stderr.
pub fn styled(text: &str) {
    write(&safe(text, true));
}

/// Nobody can be told when that fails.
pub(crate) fn write(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Shows what is wrong with the command line, or its help.
pub fn usage(error: clap::Error) {
    let error = advised(error);
    let text = error.render();
    let is_wrong = error.use_stderr();
    let choice = if is_wrong {
        anstream::AutoStream::choice(&io::stderr())
    } else {
        anstream::AutoStream::choice(&io::stdout())
    };
    let colored = choice != anstream::ColorChoice::Never;
    let text = if colored { text.ansi().to_string() } else { text.to_string() };
    if is_wrong {
        write(&safe(&text, colored));
    } else {
        let _ = io::stdout().write_all(safe(&text, colored).as_bytes());
    }
}

/// The same with advice that leads somewhere: what looks like a flag is never meant as the name of a file.
fn advised(mut error: clap::Error) -> clap::Error {
    use clap::error::{ContextKind, ContextValue};
    if error.kind() == clap::error::ErrorKind::InvalidSubcommand {
        let wrong = error.get(ContextKind::InvalidSubcommand).map(ToString::to_string).unwrap_or_default();
        if wrong == "explain" {
            error.remove(ContextKind::SuggestedSubcommand);
            let tip = format!("{} explains a code", command("--explain CODE"));
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
        }
        return error;
    }
    if error.kind() != clap::error::ErrorKind::UnknownArgument {
        return error;
    }
    let wrong = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    error.remove(ContextKind::Suggested);
    if let "--json" | "--sarif" = wrong.as_str() {
        let flag = format!("--format {}", wrong.trim_start_matches('-'));
        error.insert(ContextKind::SuggestedArg, ContextValue::String(flag));
    }
    error
}

/// Prints the product to stdout: byte for byte, unless that is a terminal; on one through a pager, if it is long.
pub fn product(text: &str) -> io::Result<()> {
    let text =
        if io::stdout().is_terminal() { safe(text, COLORED.load(Ordering::Relaxed)) } else { Cow::Borrowed(text) };
    let text = &*text;
    let is_long = text.lines().count() > 40 && !UNPAGED.load(Ordering::Relaxed);
    if io::stdout().is_terminal() && is_long && process::page(text).is_ok() {
        return Ok(());
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // A reader that has seen enough is not an error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Prints the product of a command. If that `writes` something besides, before or after, then that nobody reads stdout
/// makes no difference to what is done, nor to the exit code: it is said on stderr.
pub fn deliver(text: &str, writes: bool) -> io::Result<()> {
    match product(text) {
        Err(error) if writes => {
            say(&format!("warning: stdout cannot be written: {error}\n"));
            Ok(())
        }
        result => result,
    }
}

/// What is said where nobody can be asked.
const UNASKED: &str = "Nothing was written; pass --yes to write it.\n";

/// Whether a document may be written: `yes` says so, or the user, who is asked on a terminal.
pub fn may_write(yes: bool) -> io::Result<bool> {
    if !yes && !is_interactive() {
        say(UNASKED);
        return Ok(false);
    }
    let may = yes || confirm("Write it?")?;
    if !may {
        say("Nothing was written.\n");
    }
    Ok(may)
}

/// Whether a change that was shown may be made: the flags say so, or the user, who is asked on a terminal. If
/// not, says that nothing was written.
pub fn may_change(flags: WriteFlags, question: &str) -> io::Result<bool> {
    if flags.dry_run {
        say("Dry run: nothing was written.\n");
        return Ok(false);
    }
    if !flags.yes && !is_interactive() {
        say(UNASKED);
        return Ok(false);
    }
    let may = flags.yes || confirm(question)?;
    if !may {
        say("Nothing was written.\n");
    }
    Ok(may)
}

/// Asks a question that is answered with yes or no. Enter means no; what is neither is asked again.
pub fn confirm(question: &str) -> io::Result<bool> {
    loop {
        let Some(answer) = answer(&format!("{question} [y/N]"))? else { return Ok(false) };
        match answer.to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "" | "n" | "no" => return Ok(false),
            _ => say("Please answer yes or no.\n"),
        }
    }
}

/// The answer to a question; nothing if there is no more to read.
pub fn answer(question: &str) -> io::Result<Option<String>> {
    say(&format!("{question} "));
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer)? == 0 {
        // What comes next does not stick to the question.
        say("\n");
        return Ok(None);
    }
    Ok(Some(answer.trim().to_owned()))
}

/// Asks a question with other answers: the index of the one that was given.
pub fn choose(question: &str, answers: &[&str]) -> Option<usize> {
    let answer = answer(question).ok()??;
    answers.iter().position(|known| *known == answer)
}

/// How many columns a line may have: those of the terminal, or 80.
pub fn width() -> usize {
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let streams =
        || terminal_size::terminal_size_of(io::stdout()).or_else(|| terminal_size::terminal_size_of(io::stderr()));
    named.or_else(|| streams().map(|(width, _)| usize::from(width.0))).filter(|width| *width > 0).unwrap_or(80)
}

/// Whether stdout is a terminal.
pub fn is_shown() -> bool {
    io::stdout().is_terminal()
}

/// Whether stderr is a terminal.
pub fn is_live() -> bool {
    io::stderr().is_terminal()
}

/// The beginning of a text that has room in some columns.
pub(crate) fn shortened(text: &str, columns: usize) -> String {
    let text = visible(text);
    if text.chars().count() <= columns {
        return text;
    }
    text.chars().take(columns.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
