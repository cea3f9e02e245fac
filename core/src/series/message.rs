//! Messages of commits, by KubeVirt's docs/commit-message-guidelines.md.

use std::fmt::Write as _;

use super::Step;
use super::imperative::{imperative, upper_first};
use crate::diagnostic::visible;
use crate::name::letters;
use crate::plan::{Plan, PlannedTask, Role};

/// The columns of a subject, and of a line of the body.
pub const WIDE: usize = 72;
/// The columns that a subject has at best.
pub const NARROW: usize = 50;

/// A commit's message, without the sign-off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// `area: Add what is new`.
    pub subject: String,
    /// What and why, in lines of at most 72 columns.
    pub body: String,
}

impl Message {
    /// The message of a step, in an area.
    pub fn new(plan: &Plan, step: &Step, area: &str) -> Self {
        let main = main_task(plan, &step.tasks);
        let title = main.map(|task| plain(&task.subject)).unwrap_or_default();
        let more = step.tasks.len() - 1;
        let order = match main.and_then(PlannedTask::role) {
            Some(Role::Gate) if plan.feature.gate.is_some() => {
                format!("Add the {} feature gate", plan.feature.gate.as_ref().map_or("", |gate| gate.name.as_str()))
            }
            _ => imperative(&title),
        };
        let subject = fitting(area, &about(&order, plan, area));
        let mut body = Vec::new();
        let feature = plain(&plan.feature.name);
        if let Some(task) = main.filter(|_| more == 0) {
            let end = if title.ends_with(['.', '!', '?']) { "" } else { "." };
            body.push(format!("{} of {feature}: {}{end}", plain(&task.id), upper_first(&title)));
        } else {
            body.push(format!("These tasks of {feature} build and pass review only together:"));
        }
        let mut text = String::new();
        for paragraph in body {
            text.push_str(&(wrapped(&paragraph, "", "") + "\n"));
        }
        if more > 0 {
            for task in &step.tasks {
                let task = &plan.tasks[*task];
                text.push_str(&wrapped(&format!("{}: {}", plain(&task.id), plain(&task.subject)), "- ", "  "));
            }
            text.push('\n');
        }
        for why in whys(plan, step) {
            text.push_str(&(wrapped(&why, "", "") + "\n"));
        }
        Self { subject, body: text.trim_end().to_owned() + "\n" }
    }

    /// The whole message.
    pub fn text(&self) -> String {
        format!("{}\n\n{}", self.subject, self.body)
    }
}

/// An order that says what feature it is about, where there is room for that.
fn about(order: &str, plan: &Plan, area: &str) -> String {
    let feature = plain(&plan.feature.name);
    let gate = plan.feature.gate.as_ref().map(|gate| letters(&gate.name));
    let known = letters(order);
    let is_named = known.contains(&letters(&feature)) || gate.is_some_and(|gate| known.contains(&gate));
    let room = WIDE.saturating_sub(area.chars().count() + 2);
    let longer = format!("{order} for {feature}");
    if is_named || longer.chars().count() > room { order.to_owned() } else { longer }
}

/// The task that a step is named after: what makes the others necessary.
fn main_task<'p>(plan: &'p Plan, tasks: &[usize]) -> Option<&'p PlannedTask> {
    let rank = |task: &PlannedTask| match task.role() {
        Some(Role::Gate | Role::GateState) => 0,
        Some(Role::Implementation) => 1,
        Some(Role::Test { .. }) => 2,
        Some(Role::Proof) => 3,
        Some(Role::Document) => 4,
        None => 5,
    };
    tasks.iter().map(|task| &plan.tasks[*task]).min_by_key(|task| rank(task))
}

/// Why a step is as it is, by what its tasks are to the others.
fn whys(plan: &Plan, step: &Step) -> Vec<String> {
    let has = |wanted: fn(Role) -> bool| step.tasks.iter().any(|task| plan.tasks[*task].role().is_some_and(wanted));
    let mut found = Vec::new();
    if let Some(gate) = plan.feature.gate.as_ref().filter(|_| has(|role| role == Role::Gate)) {
        found.push(format!(
            "The feature is developed behind this gate, which starts as {}; code checks it through its accessor.",
            gate.stage.name()
        ));
    }
    if has(|role| role == Role::GateState) {
        found.push(
            "The gate's state follows the maturity of the feature, so that users see what they can rely on.".to_owned(),
        );
    }
    if has(|role| role == Role::Proof) {
        found.push("The specs verify how the gate is registered, so that an accidental change fails.".to_owned());
    }
    if has(Role::is_test) {
        found.push(
            "Tests come before the implementation. Each spec fails with the ID of its task until it is written."
                .to_owned(),
        );
    }
    if has(|role| role == Role::Implementation) {
        found.push("Names, places and signatures come first, so that review can start with them. Each stub carries the ID of its task until it is filled in.".to_owned());
    }
    if has(|role| role == Role::Document) {
        found.push(
            "The sections come first, so that a reviewer sees what users will be told. Their text follows.".to_owned(),
        );
    }
    if step.outdates {
        found.push("Generated files go with the types that they are made from.".to_owned());
    }
    found
}

/// Whether a word before the number of an issue makes GitHub close that issue.
pub(crate) fn closes(word: &str) -> bool {
    const KEYWORDS: &[&str] =
        &["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];
    KEYWORDS.contains(&word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase().as_str())
}

/// A title as it may stand in a commit's message: no markup, no mention, no keyword that closes an issue.
fn plain(text: &str) -> String {
    let text = visible(text);
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.replace(['`', '*'], "");
        let is_mention = bare.trim_start_matches(['(', '[', '"', '\'', ',']).starts_with('@');
        let word = if is_mention { bare.replacen('@', "", 1) } else { bare };
        let about = |text: &str| text.contains('#') || text.contains("github.com/");
        if about(&word) && words.last().is_some_and(|last| closes(last)) {
            // "Fixes #12" would close it.
            words.pop();
            let number: String =
                word.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
            words.push(format!("(issue {number})"));
        } else if let Some(by) = word.strip_suffix(':').filter(|by| by.to_lowercase().ends_with("-by")) {
            // A line that begins so is a trailer.
            words.push(by.to_owned());
        } else if !word.is_empty() {
            words.push(word.replace('#', "no. ").trim().to_owned());
        }
    }
    words.join(" ").replace('@', "")
}

/// `area: order`, cut at a word if it is too long.
fn fitting(area: &str, order: &str) -> String {
    let whole = format!("{area}: {order}");
    if whole.chars().count() <= WIDE {
        return whole;
    }
    // What stands in parentheses, or behind a colon or a dash, is said in the body.
    let short = order.split([':', '(', '—', ';']).next().unwrap_or(order).split(" - ").next().unwrap_or(order).trim();
    let mut subject = format!("{area}:");
    let mut kept: Vec<&str> = Vec::new();
    let mut length = subject.chars().count();
    for word in short.split(' ') {
        length += 1 + word.chars().count();
        if length > WIDE {
            break;
        }
        kept.push(word);
    }
    let dangling = |word: &str| {
        [
            "the", "a", "an", "of", "for", "to", "in", "on", "and", "or", "with", "by", "from", "that", "when", "if",
            "as", "at", "is", "into",
        ]
        .contains(&word.to_lowercase().as_str())
    };
    while kept.len() > 1 && kept.last().is_some_and(|word| dangling(word)) {
        kept.pop();
    }
    if kept.is_empty() {
        kept.push("Add");
        let _ = write!(subject, " Add what the task asks for");
        return subject;
    }
    let _ = write!(subject, " {}", kept.join(" ").trim_end_matches([',', '.', ':', ';']));
    subject
}

/// A paragraph in lines of at most 72 columns.
fn wrapped(text: &str, first: &str, others: &str) -> String {
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let space = usize::from(!is_empty);
        if !is_empty && line.chars().count() + space + word.chars().count() > WIDE {
            let _ = writeln!(lines, "{line}");
            others.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines + &line + "\n"
}

/// What a message breaks of the guidelines; empty if it keeps them.
pub fn complaints(message: &Message) -> Vec<String> {
    let mut found = Vec::new();
    let subject = &message.subject;
    if subject.chars().count() > WIDE {
        found.push(format!("the subject has more than {WIDE} columns"));
    }
    if subject.ends_with('.') {
        found.push("the subject ends with a period".to_owned());
    }
    let order = subject.split_once(": ").map_or(subject.as_str(), |(_, order)| order);
    if !order.starts_with(|c: char| c.is_uppercase()) {
        found.push("the subject does not begin with a capital".to_owned());
    }
    if message.body.trim().is_empty() {
        found.push("there is no body".to_owned());
    }
    let text = message.text();
    let long = |line: &str| line.chars().count() > WIDE && line.trim().contains(' ');
    if message.body.lines().any(long) {
        found.push(format!("a line of the body has more than {WIDE} columns"));
    }
    if text.contains('@') {
        found.push("it mentions somebody".to_owned());
    }
    if text.contains('#') || text.contains("github.com/") && text.contains("issues/") {
        found.push("it names an issue".to_owned());
    }
    found
}
