//! What `hack/generate.sh` does, command by command.

use std::collections::BTreeMap;

use super::left::{Left, SCRIPTS, When};
use super::repo_path;
use super::shell::{Line, Token, Variables, lines, tokens};
use super::short;

/// The script of the generators.
pub const SCRIPT: &str = "hack/generate.sh";
/// The script that brings the API's test data up to date.
pub const TEST_DATA: &str = "hack/update-generated-api-testdata.sh";
/// How the root of the checkout is written in the words of a [`Run`].
pub const ROOT: &str = "${KUBEVIRT_DIR}";

/// What a script does, in its order, as far as it is understood.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recipe {
    /// What is understood.
    pub steps: Vec<Step>,
    /// What is left to `make generate`.
    pub left: Vec<Left>,
}

/// One command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Its line in the script.
    pub line: usize,
    /// Its first words.
    pub text: String,
    /// The folder that it runs in, from the root.
    pub folder: String,
    /// The subshell that it stands in: these run together or not at all.
    pub group: Option<usize>,
    /// What it does.
    pub action: Action,
}

/// What a command does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// It runs a generator.
    Run(Run),
    /// It runs what the Go files of some folders ask for by `//go:generate`.
    GoGenerate,
    /// It stops if two files differ.
    Same(String, String),
    /// It takes the first lines off each file of its folder.
    DropHead(usize),
    /// It removes files of a folder: those with these ends, or all.
    Clear(String, Vec<String>),
    /// It removes a folder.
    RemoveFolder(String),
    /// It gives a file another name.
    Rename(String, String),
    /// It replaces a text everywhere in a file.
    Replace {
        /// The file.
        path: String,
        /// The text.
        from: String,
        /// What takes its place.
        to: String,
    },
}

/// A run of a generator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The generator.
    pub program: Program,
    /// Its arguments; the root of the checkout is written as [`ROOT`].
    pub arguments: Vec<String>,
    /// Variables that it gets besides.
    pub variables: Vec<(String, String)>,
    /// The file that its output goes to.
    pub output: Option<String>,
    /// Whether a failure is no failure.
    pub may_fail: bool,
}

/// A program.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Program {
    /// One that the builder has, by its name.
    Pinned(String),
    /// One of the checkout's own: the folder of its package.
    Own(String),
    /// Go itself.
    Go,
}

/// Generators that a checkout takes from the builder. What else is a program is not guessed.
pub const GENERATORS: &[&str] = &[
    "swagger-doc",
    "deepcopy-gen",
    "defaulter-gen",
    "openapi-gen",
    "conversion-gen",
    "client-gen",
    "controller-gen",
    "mockgen",
];

/// Reads `hack/generate.sh`.
pub fn read(script: &str) -> Recipe {
    let mut reader = Reader::new(SCRIPT);
    let lines = lines(script);
    let mut at = 0;
    while at < lines.len() {
        at += reader.block(&lines[at..]);
    }
    reader.recipe
}

/// Reads the script that brings the API's test data up to date: what it clears, and the test that writes the data.
pub fn read_test_data(script: &str) -> Recipe {
    let mut reader = Reader::new(TEST_DATA);
    for line in lines(script) {
        match line.text.strip_prefix("hack/dockerized ").and_then(test_data) {
            Some(runs) => {
                for run in runs {
                    reader.push(&line, Action::Run(run));
                }
            }
            None => reader.line(&line),
        }
    }
    // One without the other would lose files.
    for step in &mut reader.recipe.steps {
        step.group = Some(0);
    }
    reader.recipe
}

/// `"NAME=true go test X >/dev/null 2>&1 || true && go test X"`: the first run writes, the second one judges.
fn test_data(quoted: &str) -> Option<[Run; 2]> {
    let inside = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let (writes, judges) = inside.split_once(" >/dev/null 2>&1 || true && ")?;
    let run = |text: &str, may_fail| {
        let mut words = Vec::new();
        for token in tokens(text, &Variables::new()).ok()? {
            let Token::Word { text, pattern: false } = token else { return None };
            words.push(text);
        }
        let variables: Vec<(String, String)> = words.iter().map_while(|word| assignment(word)).collect();
        let mut rest = words.into_iter().skip(variables.len());
        (rest.next()? == "go").then_some(())?;
        let arguments: Vec<String> = rest.collect();
        let is_test = arguments.first().is_some_and(|first| first == "test");
        is_test.then_some(Run { program: Program::Go, arguments, variables, output: None, may_fail })
    };
    Some([run(writes, true)?, run(judges, false)?])
}

/// `NAME=value`.
fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| (name.to_owned(), value.to_owned()))
}

struct Reader {
    script: &'static str,
    recipe: Recipe,
    variables: Variables,
    folder: String,
    /// The folders of the shells around the subshell that is open.
    outer: Vec<String>,
    /// How many subshells were opened.
    opened: usize,
    /// The checkout's own programs that were built, by the path of the program.
    built: BTreeMap<String, String>,
}

impl Reader {
    fn new(script: &'static str) -> Self {
        let known = [("KUBEVIRT_DIR", ROOT), ("WHAT", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            script,
            recipe: Recipe::default(),
            variables: known.into(),
            folder: String::new(),
            outer: Vec::new(),
            opened: 0,
            built: BTreeMap::new(),
        }
    }

    fn push(&mut self, line: &Line, action: Action) {
        let group = (!self.outer.is_empty()).then_some(self.opened);
        let text = short(&line.text);
        self.recipe.steps.push(Step { line: line.number, text, folder: self.folder.clone(), group, action });
    }

    fn leave(&mut self, line: &Line, reason: impl Into<String>, when: Option<When>) {
        let text = short(&line.text);
        self.recipe.left.push(Left { script: self.script, line: line.number, text, reason: reason.into(), when });
    }

    /// Reads one command, or a block that ends with a word of its own. Returns how many lines it has.
    fn block(&mut self, lines: &[Line]) -> usize {
        let first = &lines[0];
        let end = match first.text.split([' ', ';']).next().unwrap_or_default() {
            "if" => "fi",
            "for" | "while" | "until" => "done",
            "case" => "esac",
            "function" => "}",
            _ if first.text.ends_with("() {") => "}",
            _ => {
                self.line(first);
                return 1;
            }
        };
        let length = lines.iter().position(|line| line.text == end).map_or(lines.len(), |at| at + 1);
        let inner: Vec<&str> = lines[..length].iter().map(|line| line.text.as_str()).collect();
        if let [head, body, "}"] = &*inner
            && body.starts_with("echo ")
            && let Some(name) = head.strip_prefix("function ").unwrap_or(head).strip_suffix("() {")
        {
            self.variables.insert(format!("{name}()"), (*body).to_owned());
        } else if let Some(action) = self.compared(&inner).or_else(|| headless(&inner)) {
            self.push(first, action);
        } else {
            self.leave(first, format!("this program does not read a block that ends with `{end}`"), None);
        }
        length
    }

    /// `if cmp A B; then … else … exit N; fi`
    fn compared(&self, block: &[&str]) -> Option<Action> {
        let condition = block.first()?.strip_prefix("if cmp ")?.strip_suffix("; then")?;
        let alternative = block.iter().position(|line| *line == "else")?;
        let fails = block.get(block.len().checked_sub(2)?)?.starts_with("exit ");
        let says_only = block[1..alternative].iter().all(|line| line.starts_with("echo "));
        let tokens = tokens(condition, &self.variables).ok()?;
        let [Token::Word { text: one, pattern: false }, Token::Word { text: other, pattern: false }] = &*tokens else {
            return None;
        };
        let [one, other] = [one, other].map(|path| repo_path(&self.folder, path));
        (fails && says_only).then_some(Action::Same(one?, other?))
    }

    fn line(&mut self, line: &Line) {
        let tokens = match tokens(&line.text, &self.variables) {
            Ok(tokens) => tokens,
            Err(_) if line.text.starts_with("source $(dirname \"$0\")/") => return,
            Err(what) => {
                // What it would have set is not known either.
                if let Some((name, _)) = assignment(&line.text) {
                    self.variables.remove(&name);
                    return;
                }
                return self.leave(line, format!("this program does not read {what}"), None);
            }
        };
        let mut command = Vec::new();
        let mut output = None;
        let mut tokens = tokens.into_iter();
        while let Some(token) = tokens.next() {
            match token {
                Token::Operator("(") if command.is_empty() => {
                    self.opened += 1;
                    self.outer.push(self.folder.clone());
                }
                Token::Operator(")") => {
                    self.command(line, std::mem::take(&mut command), output.take());
                    self.folder = self.outer.pop().unwrap_or_default();
                }
                Token::Operator("&&" | ";") => self.command(line, std::mem::take(&mut command), output.take()),
                Token::Operator(">") => match tokens.next() {
                    Some(Token::Word { text, pattern: false }) => output = Some(text),
                    _ => return self.leave(line, "this program does not read where its output goes", None),
                },
                Token::Operator(other) => {
                    return self.leave(line, format!("this program does not read `{other}`"), None);
                }
                word @ Token::Word { .. } => command.push(word),
            }
        }
        self.command(line, command, output);
    }

    /// A command without operators.
    fn command(&mut self, line: &Line, command: Vec<Token>, output: Option<String>) {
        let patterns: Vec<bool> =
            command.iter().map(|token| matches!(token, Token::Word { pattern: true, .. })).collect();
        let words = command.into_iter().filter_map(|token| match token {
            Token::Word { text, .. } => Some(text),
            Token::Operator(_) => None,
        });
        let words: Vec<String> = words.collect();
        let variables: Vec<(String, String)> = words.iter().map_while(|word| assignment(word)).collect();
        let [program, arguments @ ..] = &words[variables.len()..] else {
            self.variables.extend(variables);
            return;
        };
        if matches!(program.as_str(), "set" | "source" | "echo" | "export" | "local" | "unset") {
            if program == "export" {
                self.variables.extend(arguments.iter().filter_map(|word| assignment(word)));
            }
            return;
        }
        if program == "rm" {
            return match self.removed(arguments) {
                Some(action) => self.push(line, action),
                None => self.leave(line, "this program does not read what it removes", None),
            };
        }
        if program == "mv" && !patterns.contains(&true) {
            let paths: Vec<String> = arguments.iter().filter_map(|path| repo_path(&self.folder, path)).collect();
            return match <[String; 2]>::try_from(paths) {
                Ok([from, to]) if arguments.len() == 2 => self.push(line, Action::Rename(from, to)),
                _ => self.leave(line, "this program does not read what it moves", None),
            };
        }
        if program == "find" && words.iter().any(|word| word == "*generated*.go") {
            // Mocks are made anew where they lie.
            return;
        }
        if patterns.contains(&true) {
            return self.leave(line, "this program does not read patterns", None);
        }
        if program == "cd" {
            match arguments.first().and_then(|path| repo_path(&self.folder, path)) {
                Some(folder) => self.folder = folder,
                None => self.leave(line, "this program does not read where it goes", None),
            }
            return;
        }
        if program == "go_build" {
            let name = self.folder.rsplit('/').next().unwrap_or_default();
            self.built.insert(format!("{}/{name}", self.folder), self.folder.clone());
            return;
        }
        if let Some(action) = self.replaced(program, arguments) {
            return self.push(line, action);
        }
        let path = repo_path(&self.folder, program.trim_start_matches('/')).filter(|_| program.contains(ROOT));
        let path = path.or_else(|| repo_path(&self.folder, program).filter(|_| program.contains('/')));
        if let Some((_, reason, when)) = SCRIPTS.iter().find(|(script, ..)| path.as_deref() == Some(*script)) {
            return self.leave(line, *reason, Some(*when));
        }
        if path.as_deref() == Some("hack/build-go.sh") && arguments == ["generate"] {
            return self.push(line, Action::GoGenerate);
        }
        let own = path.as_ref().and_then(|path| self.built.get(path));
        let program = match own {
            Some(folder) => Program::Own(folder.clone()),
            None if GENERATORS.contains(&program.as_str()) => Program::Pinned(program.clone()),
            None => return self.leave(line, format!("this program does not know `{}`", short(program)), None),
        };
        let output = match output.map(|output| repo_path(&self.folder, &output)) {
            Some(None) => return self.leave(line, "its output goes out of the checkout", None),
            output => output.flatten(),
        };
        let arguments = arguments.to_vec();
        self.push(line, Action::Run(Run { program, arguments, variables, output, may_fail: false }));
    }

    /// `rm -rf FOLDER`, `rm -f FOLDER/*`, `rm -f FOLDER/*.{a,b}`
    fn removed(&self, arguments: &[String]) -> Option<Action> {
        let [flags, target] = arguments else { return None };
        let (above, name) = target.rsplit_once('/')?;
        let folder = repo_path(&self.folder, above)?;
        if flags == "-rf" && !target.replace(ROOT, "").contains(['*', '?', '[', '{']) {
            return repo_path(&self.folder, target).filter(|path| path.contains('/')).map(Action::RemoveFolder);
        }
        let ends = match name.strip_prefix('*')? {
            "" => Vec::new(),
            list => {
                let list = list.strip_prefix(".{")?.strip_suffix('}')?;
                list.split(',').map(|end| format!(".{end}")).collect()
            }
        };
        (flags == "-f" && folder.contains(|c: char| c.is_ascii_alphanumeric()) && !above.contains('*'))
            .then_some(Action::Clear(folder, ends))
    }

    /// `sed -i "s/FROM/TO/g" FILE`, where neither text means anything else than itself.
    fn replaced(&self, program: &str, arguments: &[String]) -> Option<Action> {
        let ("sed", [flag, script, path]) = (program, arguments) else { return None };
        let mut parts = script.strip_prefix("s/")?.strip_suffix("/g")?.split('/');
        let (from, to) = (parts.next()?, parts.next()?);
        let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || " ._-{}".contains(c));
        // A dot in the pattern matches itself, too; between digits of a number nobody else has, nothing else.
        let known = flag == "-i" && parts.next().is_none() && is_plain(from) && is_plain(to) && !from.is_empty();
        let path = repo_path(&self.folder, path)?;
        known.then(|| Action::Replace { path, from: from.to_owned(), to: to.to_owned() })
    }
}

/// `for file in *; do tail -n +N $file >$file"new"; mv $file"new" $file; done`
fn headless(block: &[&str]) -> Option<Action> {
    let ["for file in *; do", tail, "mv $file\"new\" $file", "done"] = block else { return None };
    let number: usize = tail.strip_prefix("tail -n +")?.strip_suffix(" $file >$file\"new\"")?.parse().ok()?;
    Some(Action::DropHead(number.checked_sub(1)?))
}

#[cfg(test)]
#[path = "recipe_tests.rs"]
mod tests;
