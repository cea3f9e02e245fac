//! The part of the shell's language that `hack/generate.sh` is written in: words, quotes, variables. Anything else is
//! an error, which names it.

use std::collections::BTreeMap;

/// Lines that belong together: one, or more where a `\` stands at the end.
#[derive(Debug)]
pub(super) struct Line {
    /// The number of its first line.
    pub number: usize,
    /// The text, on one line.
    pub text: String,
}

/// The lines of a script that are neither empty nor comments.
pub(super) fn lines(script: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut open: Option<Line> = None;
    for (index, line) in script.lines().enumerate() {
        if open.is_none() && (line.trim().is_empty() || line.trim_start().starts_with('#')) {
            continue;
        }
        let mut whole = open.take().unwrap_or(Line { number: index + 1, text: String::new() });
        if let Some(part) = line.strip_suffix('\\') {
            whole.text.push_str(part);
            open = Some(whole);
        } else {
            whole.text.push_str(line);
            found.push(Line { text: whole.text.trim().to_owned(), ..whole });
        }
    }
    found.extend(open);
    found
}

/// A piece of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// A word, without its quotes and with the values of its variables. `pattern` says that the shell would look for
    /// files that match it.
    Word { text: String, pattern: bool },
    /// `&&`, `||`, `|`, `;`, `(`, `)` or `>`.
    Operator(&'static str),
}

/// The variables that the script has set. A function that prints one text stands among them as `name()`, with the command
/// that prints it.
pub(super) type Variables = BTreeMap<String, String>;

const OPERATORS: &[&str] = &["&&", "||", "|", ";", "(", ")", ">"];

/// The pieces of a line; or what of it is not understood.
pub(super) fn tokens(line: &str, variables: &Variables) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with('#') {
            return Ok(found);
        }
        if rest.starts_with(">>") || rest.starts_with('<') || rest.starts_with(">&") {
            return Err("a redirection that is not `>`".to_owned());
        }
        if let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            found.push(Token::Operator(operator));
            rest = &rest[operator.len()..];
            continue;
        }
        if rest.starts_with('&') {
            return Err("a command in the background".to_owned());
        }
        let mut word = Word { text: String::new(), quoted: false, pattern: false };
        rest = word.read(rest, variables)?;
        let is_descriptor = rest.starts_with('>') && word.text.parse::<u8>().is_ok();
        if is_descriptor {
            return Err("a redirection that is not `>`".to_owned());
        }
        if word.quoted || !word.text.is_empty() {
            found.push(Token::Word { text: word.text, pattern: word.pattern });
        }
    }
}

struct Word {
    text: String,
    quoted: bool,
    pattern: bool,
}

impl Word {
    /// Reads the word at the start of `rest`, and returns what follows it.
    fn read<'a>(&mut self, mut rest: &'a str, variables: &Variables) -> Result<&'a str, String> {
        while let Some(c) = rest.chars().next() {
            match c {
                _ if c.is_whitespace() || "&|;()<>".contains(c) => break,
                '\'' => {
                    let (inside, after) = rest[1..].split_once('\'').ok_or("a quote that does not end")?;
                    self.text.push_str(inside);
                    self.quoted = true;
                    rest = after;
                }
                '"' => rest = self.quoted(&rest[1..], variables)?,
                '\\' => {
                    let next = rest[1..].chars().next().ok_or("a `\\` at the end")?;
                    self.text.push(next);
                    rest = &rest[1 + next.len_utf8()..];
                }
                '$' => {
                    let (value, after) = variable(rest, variables)?;
                    // An assignment takes a value as it is.
                    if value.contains(char::is_whitespace) && !self.text.contains('=') {
                        return Err("a variable that stands for several words".to_owned());
                    }
                    self.text.push_str(&value);
                    rest = after;
                }
                '`' => return Err("the output of a command".to_owned()),
                _ => {
                    self.pattern |= "*?[".contains(c) || c == '{' && is_list(rest);
                    self.text.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        Ok(rest)
    }

    fn quoted<'a>(&mut self, mut rest: &'a str, variables: &Variables) -> Result<&'a str, String> {
        self.quoted = true;
        loop {
            let c = rest.chars().next().ok_or("a quote that does not end")?;
            match c {
                '"' => return Ok(&rest[1..]),
                '$' => {
                    let (value, after) = variable(rest, variables)?;
                    self.text.push_str(&value);
                    rest = after;
                }
                '`' => return Err("the output of a command".to_owned()),
                '\\' if rest[1..].starts_with(['"', '\\', '$', '`']) => {
                    self.text.push_str(&rest[1..2]);
                    rest = &rest[2..];
                }
                _ => {
                    self.text.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
    }
}

/// Whether the shell makes several words of what stands in braces. `{{.Namespace}}` is one.
fn is_list(rest: &str) -> bool {
    let inside = rest[1..].split('}').next().unwrap_or_default();
    inside.contains(',') || inside.contains("..")
}

/// What a function of the script prints.
fn printed(command: &str, variables: &Variables) -> Option<String> {
    let words = |line: &str, variables: &Variables| -> Option<Vec<String>> {
        let words = tokens(line, variables).ok()?.into_iter().map(|token| match token {
            Token::Word { text, pattern: false } => Some(text),
            _ => None,
        });
        words.collect()
    };
    let call = words(command, variables)?;
    let (name, arguments) = call.split_first()?;
    let body = variables.get(&format!("{name}()"))?;
    let mut inside = variables.clone();
    inside.extend(arguments.iter().enumerate().map(|(at, argument)| ((at + 1).to_string(), argument.clone())));
    let said = words(body, &inside)?;
    let (echo, texts) = said.split_first()?;
    (echo == "echo" && !texts.iter().any(|text| text.starts_with('-'))).then(|| texts.join(" "))
}

/// The value of the variable at the start of `rest`, and what follows it.
fn variable<'a>(rest: &'a str, variables: &Variables) -> Result<(String, &'a str), String> {
    let inside = &rest[1..];
    if let Some(command) = inside.strip_prefix('(') {
        let unknown = || "the output of a command".to_owned();
        let (command, after) = command.split_once(')').ok_or_else(unknown)?;
        return Ok((printed(command, variables).ok_or_else(unknown)?, after));
    }
    let (name, default, after) = if let Some(braced) = inside.strip_prefix('{') {
        let (body, after) = braced.split_once('}').ok_or("a `${` that does not end")?;
        match body.split_once(":-") {
            Some((name, default)) => (name, Some(default), after),
            None => (body, None, after),
        }
    } else {
        let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
        (&inside[..end], None, &inside[end..])
    };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name || default.is_some_and(|default| default.contains('$')) {
        return Err(format!("`${}`", inside.chars().take(20).collect::<String>()));
    }
    let value = variables.get(name).map(String::as_str).or(default);
    value.map(|value| (value.to_owned(), after)).ok_or_else(|| format!("the variable {name}, which nothing here sets"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Vec<String>, String> {
        let variables = [
            ("DIR", "/kv"),
            ("EMPTY", ""),
            ("TWO", "a b"),
            ("image()", "echo \"{{if $1}}@{{$1}}{{else}}:$DIR{{end}}\""),
            ("list()", "ls $1"),
        ];
        let variables = variables.map(|(n, v)| (n.to_owned(), v.to_owned()));
        let tokens = tokens(line, &variables.into())?;
        Ok(tokens
            .into_iter()
            .map(|token| match token {
                Token::Word { text, pattern: false } => text,
                Token::Word { text, .. } => format!("*{text}"),
                Token::Operator(operator) => format!("<{operator}>"),
            })
            .collect())
    }

    #[test]
    fn words_are_read_as_the_shell_reads_them() {
        for (line, expected) in [
            ("a  b\tc", vec!["a", "b", "c"]),
            ("gen -in ${DIR}/x.go >$DIR/y", vec!["gen", "-in", "/kv/x.go", "<>>", "/kv/y"]),
            ("(cd ${DIR}/t/ && go_build)", vec!["<(>", "cd", "/kv/t/", "<&&>", "go_build", "<)>"]),
            ("a=\"$TWO\" '$DIR' \"x\\\"y\" # end", vec!["a=a b", "$DIR", "x\"y"]),
            ("x ${EMPTY} \"\" ${NONE:-reg:5000/kv}", vec!["x", "", "reg:5000/kv"]),
            ("--tag={{.DockerTag}} {a,b} *.go", vec!["--tag={{.DockerTag}}", "*{a,b}", "**.go"]),
            ("v=$(image \".Sha\")", vec!["v={{if .Sha}}@{{.Sha}}{{else}}:/kv{{end}}"]),
        ] {
            assert_eq!(words(line), Ok(expected.into_iter().map(str::to_owned).collect()), "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for line in [
            "x $(date)",
            "x=$(image)",
            "x=$(list a)",
            "x=$(image $(date))",
            "x=$(image a | tee b)",
            "x `date`",
            "x $UNKNOWN",
            "x $TWO",
            "x 2>/dev/null",
            "x >>y",
            "x <y",
            "x 'y",
            "x &",
            "${A:-$B}",
        ] {
            assert!(words(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_line_goes_on_behind_a_backslash() {
        let found = lines("#!/bin/bash\n\na \\\n  b \\\n  c\n  # no\nd\n");
        let found: Vec<(usize, &str)> = found.iter().map(|line| (line.number, line.text.as_str())).collect();
        assert_eq!(found, [(3, "a   b   c"), (7, "d")]);
    }
}
