//! What the lines of a task ask of the API.

use super::enumerated::{enum_with_values, unread_constant, values_below};
use super::keyed::{self, Said};
use super::restated::{lost, restated};
use super::{Left, facts, notes, pointed, replaced, rules, values};
use crate::demand::{
    ApiDemand, ApiEnum, ApiStruct, Description, Piece, Word, api, are_unlisted, beside_type, equal_within, is_lead,
    quoted_comment, words,
};
use crate::name::is_go_identifier;
use crate::plan::{Key, ManualReason, PlannedTask, intent};

/// The lines that may ask for something.
const KEYS: &[Key] = &[
    Key::Prose,
    Key::Task,
    Key::Logic,
    Key::Implementation,
    Key::Field,
    Key::Struct,
    Key::Enum,
    Key::Constants,
    Key::Constant,
];

pub(super) const HELP: &str =
    "write it as Go does, in backticks: ``Add optional field `Overhead *resource.Quantity` to `MemoryStatus` ``";

/// What would help where a line cannot be read exactly, for this reason.
pub(crate) fn help(why: &str) -> &'static str {
    if why.starts_with("it does not give the value") {
        "write it as Go does, in backticks: ``Add constant `WarmupStarted = \"WarmupStarted\"` ``"
    } else {
        HELP
    }
}

/// A line that asks for work that adds nothing.
pub(super) fn other_work(line: usize, verb: &str) -> Left {
    let why = format!("line {line} asks to {verb}; scaffolds only add");
    Left::Manual(ManualReason::Inexact { why, places: Vec::new() })
}

/// A line that is left to people for this reason.
pub(super) fn unread(why: String) -> Left {
    let help = help(&why).to_owned();
    Left::Line(why, help)
}

/// What a task asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Each with the line that asks for it.
    pub(super) demands: Vec<(usize, ApiDemand)>,
    /// Lines that cannot be read exactly, and why.
    pub(super) faults: Vec<(usize, String)>,
    /// Lines that say more of a field than is read, and what.
    pub(super) rules: Vec<(usize, String)>,
    /// Lines that ask for work that adds nothing, and their verbs.
    pub(super) others: Vec<(usize, &'static str)>,
    /// Lines that say what stands above something that is asked for, and its name.
    pub(super) notes: Vec<(usize, String)>,
    /// Lines that say more of what another line asks for, and that line.
    pub(super) more: Vec<(usize, usize)>,
    /// Lines that are nothing but the name of a struct, whose fields stand below it.
    pub(super) heads: Vec<usize>,
    /// The struct that a line of its own names.
    pub(super) context: Option<String>,
    /// That line.
    pub(super) context_line: Option<usize>,
}

impl Asked {
    /// Says of a line that adds one field for another what is left of it to do.
    fn replaces(&mut self, line: usize, replaced: Option<replaced::Replaced>) {
        if let Some(replaced) = replaced {
            self.others.retain(|(other, _)| *other != line);
            self.rules.push((line, replaced.left));
        }
    }

    /// The lines that ask for something together with the line of a demand.
    pub(super) fn lines_of(&self, line: usize, demand: &ApiDemand) -> Vec<usize> {
        let about = self.notes.iter().filter(|(_, target)| notes::is_about(target, demand)).map(|(line, _)| *line);
        let mut lines: Vec<usize> = std::iter::once(line).chain(about).collect();
        let more = self.more.iter().filter(|(_, of)| lines.contains(of)).map(|(more, _)| *more);
        lines.extend(more.collect::<Vec<_>>());
        // Fields that are made into a struct are asked for on their own lines.
        let is_part = |one: &ApiDemand| {
            matches!((one, demand),
            (ApiDemand::Field(field), ApiDemand::Struct(new)) if field.parent.as_deref() == Some(&new.name))
        };
        let parts = self.demands.iter().filter(|(own, one)| *own != line && is_part(one)).map(|(own, _)| *own);
        lines.extend(parts.collect::<Vec<_>>());
        let in_context = matches!(demand, ApiDemand::Field(field) if field.parent.is_none());
        lines.extend(self.context_line.filter(|_| in_context));
        lines
    }
}

/// What a task asks for, in its title and in its lines.
pub(super) fn asked(task: &PlannedTask) -> Asked {
    task.once("api", || read(task))
}

fn read(task: &PlannedTask) -> Asked {
    let told = facts::told(task);
    let task = told.as_ref().map_or(task, |told| &told.task);
    let mut asked = Asked::default();
    let others = task.details.iter().filter_map(|line| Some((line.line, intent::other_work_in(line)?)));
    asked.others = others.collect();
    for Said { line, more, key, text, comment } in readings(task).into_iter().filter(|said| !is_lead(&said.text)) {
        let replaced = replaced::replaced(&text);
        let text = replaced.as_ref().map_or(text, |replaced| replaced.text.clone());
        let text = pointed::written_out(beside_type(&text), &asked.demands);
        if replaced.is_none() && asked.others.iter().any(|(other, _)| *other == line) {
            continue;
        }
        let text = equal_within(&text);
        let (plain, values) = values::without_values(&key, &text);
        let mut reading = api(&key, &plain);
        if let Some(whole) = enum_with_values(&key, &text, &reading) {
            reading = whole;
        }
        reading.fault = reading.fault.clone().or_else(|| unread_constant(&text, &reading));
        asked.more.extend(more.into_iter().map(|more| (more, line)));
        asked.heads.extend(Some(line).filter(|_| key == keyed::STRUCT));
        let (of_type, values): (Vec<_>, Vec<_>) = values.into_iter().partition(|values| values.of_type.is_some());
        // "`Mode *Mode`, one of `a` and `b`" says what the type is, too.
        reading.demands.extend(of_type.into_iter().map(|said| {
            let values = said.allowed.into_iter().map(|value| (None, value)).collect();
            ApiDemand::Enum(ApiEnum { name: said.of_type.unwrap_or_default(), values, ..ApiEnum::default() })
        }));
        if reading.fault.is_none() {
            let left = rules::take(&plain, values.into_iter().next(), &mut reading.demands);
            asked.rules.extend(left.into_iter().map(|why| (line, why)));
        }
        match (comment, &mut reading.demands[..]) {
            (Some((_, said)), [demand @ ApiDemand::Field(_)]) => demand.describe(said),
            (Some((own, _)), [_, ..]) => asked.faults.push((own, "it does not say what it is about".to_owned())),
            _ => {}
        }
        let more = reading.more.iter().filter(|more| !reading.demands.is_empty() && !are_unlisted(more));
        asked.rules.extend(more.map(|more| (line, format!("it also says \"{more}\""))));
        asked.faults.extend(reading.fault.iter().map(|why| (line, why.clone())));
        asked.replaces(line, replaced.filter(|_| reading.fault.is_none() && !reading.demands.is_empty()));
        // Nothing of a line is done that is not understood as a whole.
        let demands = if reading.fault.is_none() { reading.demands } else { Vec::new() };
        for demand in demands {
            match asked.demands.iter_mut().find(|(_, known)| *known == demand) {
                Some((_, known)) => known.also(demand),
                None => asked.demands.push((line, demand)),
            }
        }
        if asked.context.is_none() && reading.context.is_some() {
            (asked.context, asked.context_line) = (reading.context, Some(line));
        }
    }
    owned_by_title(task, &mut asked);
    restated(&mut asked);
    if asked.context.is_none()
        && let Some(owner) = only_type(&task.title)
    {
        (asked.context, asked.context_line) = (Some(owner.to_owned()), Some(task.line));
    }
    titled_struct(task, &mut asked);
    lost(&mut asked);
    structs_with_fields(&mut asked);
    // A line that names a new struct, and lines below it that name its fields.
    let opened: Vec<String> = asked
        .demands
        .iter()
        .filter_map(|(line, demand)| match demand {
            ApiDemand::Struct(new) if new.fields.is_empty() && !new.empty => Some(new.name.clone()),
            // "Struct `X`, inlining `metav1.TypeMeta`, with"
            ApiDemand::Struct(new) if ends_open(task, *line) && new.fields.iter().all(|field| field.embedded) => {
                Some(new.name.clone())
            }
            _ => None,
        })
        .collect();
    let is_listed =
        |number: usize| task.details.iter().any(|line| line.line == number && (line.is_item || line.key == Key::Field));
    let mut at = 0;
    while at + 1 < asked.demands.len() {
        let [(head, ApiDemand::Struct(new)), (own, ApiDemand::Field(field)), ..] = &mut asked.demands[at..] else {
            at += 1;
            continue;
        };
        let keyed = asked.heads.contains(head) || opened.contains(&new.name);
        // A struct that stands between them is nearer than the one that the title names.
        let owned =
            asked.context.is_some() && (asked.context_line.is_none_or(|line| line >= *head) || !is_listed(*own));
        if new.empty || field.parent.is_some() || owned || !keyed {
            at += 1;
            continue;
        }
        new.fields.push(field.clone());
        let part = format!("{}.{}", new.name, field.name);
        let (line, _) = asked.demands.remove(at + 1);
        asked.notes.push((line, part));
    }
    asked.more.extend(told.iter().flat_map(|told| told.more.iter().copied()));
    values_below(task, &mut asked);
    unnamed(task, &mut asked);
    without_short_title(task, &mut asked);
    notes::attach(task, &mut asked);
    values::unlisted(task, &mut asked);
    asked
}

/// The title often says in short what a line below it says in full.
fn without_short_title(task: &PlannedTask, asked: &mut Asked) {
    let title = task.line;
    if asked.demands.iter().any(|(line, _)| *line != title) {
        let is_short = |demand: &ApiDemand| match demand {
            ApiDemand::Field(field) => field.ty.is_none(),
            ApiDemand::Struct(known) => known.fields.is_empty(),
            ApiDemand::Enum(known) => known.values.is_empty(),
            ApiDemand::Constant(constant) => constant.value.is_none(),
        };
        asked.demands.retain(|(line, demand)| *line != title || !is_short(demand));
        asked.faults.retain(|(line, _)| *line != title);
    }
}

/// "Struct `X`" and "API type `X`" above fields name a struct: a new one, or one that gets them.
fn titled_struct(task: &PlannedTask, asked: &mut Asked) {
    let title = words(&task.title);
    let mut rest = title.iter().skip_while(|word| word.is(&["a", "an", "the", "new", "add", "api", "go"]));
    let named = rest.next().is_some_and(|word| word.is(&["struct", "type"])).then(|| rest.next()).flatten();
    let is_one = |named: &&Word<'_>| {
        is_go_identifier(named.text) && asked.context.as_deref().is_none_or(|one| one == named.text)
    };
    let Some(named) = named.filter(is_one) else { return };
    // The title may have been read as the struct itself.
    let said = asked.demands.first().and_then(|(line, demand)| match demand {
        _ if *line != task.line => None,
        ApiDemand::Struct(new) if new.name == named.text && new.fields.is_empty() && !new.empty => {
            Some(new.doc.clone())
        }
        ApiDemand::Enum(new) if new.name == named.text && new.values.is_empty() && !new.extends => {
            Some(new.doc.clone())
        }
        _ => None,
    });
    let is_bare = said.is_some();
    let is_free = |(line, demand): &(usize, ApiDemand)| {
        *line != task.line && matches!(demand, ApiDemand::Field(field) if field.parent.is_none() && field.ty.is_some())
    };
    let from = usize::from(is_bare);
    if asked.demands.len() > from && asked.demands[from..].iter().all(is_free) {
        asked.demands.drain(..from);
        let name = named.text.to_owned();
        let quoted = || Description(quoted_comment(&task.title).map(|quoted| quoted.text));
        let doc = said.filter(|said| said.0.is_some()).unwrap_or_else(quoted);
        asked.demands.insert(0, (task.line, ApiDemand::Struct(ApiStruct { name, doc, ..ApiStruct::default() })));
        asked.heads.push(task.line);
        (asked.context, asked.context_line) = (None, None);
    }
}

/// Makes a type that has fields below it a struct.
fn structs_with_fields(asked: &mut Asked) {
    for at in 1..asked.demands.len() {
        let is_field =
            matches!(&asked.demands[at].1, ApiDemand::Field(field) if field.parent.is_none() && field.ty.is_some());
        if let ApiDemand::Enum(known) = &asked.demands[at - 1].1
            && is_field
            && known.values.is_empty()
            && !known.extends
        {
            let name = known.name.clone();
            let (doc, comment, markers) = (known.doc.clone(), known.comment.clone(), known.markers.clone());
            asked.demands[at - 1].1 =
                ApiDemand::Struct(ApiStruct { name, doc, comment, markers, ..ApiStruct::default() });
        }
    }
}

/// Whether a line ends where what belongs to it begins.
fn ends_open(task: &PlannedTask, line: usize) -> bool {
    let own = task.details.iter().find(|own| own.line == line);
    own.is_some_and(|own| [":", " with", " has", " fields"].iter().any(|end| own.text.trim_end().ends_with(end)))
}

/// The type that is all of a title beside files: "`T` (`x/types.go`)".
pub(crate) fn only_type(title: &str) -> Option<&str> {
    let words = words(title);
    let mut named = words.iter().filter(|word| {
        word.piece != Piece::Mark
            && !word.text.ends_with(".go")
            && !word.is(&["struct", "in", "the", "of", "new", "more", "field", "fields", "for"])
    });
    let one = named.next().filter(|one| one.piece == Piece::Code && is_go_identifier(one.text))?;
    (named.next().is_none() && one.text.starts_with(char::is_uppercase)).then_some(one.text)
}

/// Tells of fields that lines ask for and do not name: "New struct `A`, and a pointer to it in `B`".
fn unnamed(task: &PlannedTask, asked: &mut Asked) {
    let lines = task.lines_of(&[Key::Task, Key::Prose]).map(|line| (line.line, line.text.as_str()));
    for (line, text) in std::iter::once((task.line, task.title.as_str())).chain(lines) {
        let words = words(text);
        let at = words.windows(3).position(|three| {
            three[0].is(&["pointer", "reference", "field"])
                && three[1].is(&["to", "of", "for"])
                && three[2].is(&["it", "that", "this", "them"])
        });
        let Some(at) = at else { continue };
        let link = words[at + 3..].iter().take(3).position(|word| word.is(&["in", "on", "to", "from"]));
        let owner = link.and_then(|link| words.get(at + 4 + link)).filter(|owner| owner.piece == Piece::Code);
        let Some(owner) = owner.filter(|owner| is_go_identifier(owner.text)) else { continue };
        let is_its = |demand: &ApiDemand| match demand {
            ApiDemand::Struct(known) => known.name == owner.text && !known.fields.is_empty(),
            ApiDemand::Field(field) => {
                field.parent.as_ref().or(asked.context.as_ref()).is_some_and(|of| of == owner.text)
            }
            _ => false,
        };
        if !asked.demands.iter().any(|(_, demand)| is_its(demand)) {
            asked.rules.push((line, format!("it asks for a field of `{}` and does not name it", owner.text)));
        }
    }
}

/// Gives fields the struct that the title names for them: "`A` in `B`", above a line with no more than the field.
fn owned_by_title(task: &PlannedTask, asked: &mut Asked) {
    let title = words(&task.title);
    let owner = |name: &str| {
        let at = title.iter().position(|word| word.piece == Piece::Code && word.text == name)?;
        let rest = &title[at + 1..];
        let link = rest.iter().position(|word| word.is(&["in", "of", "to", "on"])).filter(|link| *link < 2)?;
        let owner = rest[link + 1..].iter().find(|word| !word.is(&["the", "struct"]))?;
        let is_struct = owner.piece == Piece::Code && is_go_identifier(owner.text);
        (is_struct && owner.text.starts_with(char::is_uppercase)).then(|| owner.text.to_owned())
    };
    for (_, demand) in &mut asked.demands {
        if let ApiDemand::Field(field) = demand
            && field.parent.is_none()
        {
            field.parent = owner(&field.name);
        }
    }
}

fn readings(task: &PlannedTask) -> Vec<Said> {
    let title = Said { line: task.line, more: Vec::new(), key: String::new(), text: task.title.clone(), comment: None };
    std::iter::once(title).chain(keyed::lines(task, KEYS)).collect()
}
