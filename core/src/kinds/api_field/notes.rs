//! What stands above something in Go, as lines of a task state it: its comment, its markers and its tag.
//!
//! ``Comment: `Devices.Pulse` Pulse is how often the guest answers.``
//! ``Markers: `Devices.Pulse` `+optional`, `+listType=set`, `json:"pulse,omitempty"` ``

use super::asked::Asked;
use super::names::go_name;
use crate::demand::{ApiDemand, ApiField};
use crate::diagnostic::visible;
use crate::kinds::sentence::{self, stated};
use crate::plan::{Key, PlannedTask};

/// Gives the demands of a task what its lines say of each. A line that is about nothing of it is a fault.
pub(super) fn attach(task: &PlannedTask, asked: &mut Asked) {
    let only = only(task, asked);
    for line in task.lines_of(&[Key::Comment, Key::Markers]) {
        let (number, text) = (line.line, line.text.trim_matches(' '));
        if only == Some(number) || asked.more.iter().any(|(more, _)| *more == number) {
            continue;
        }
        let Some((target, rest)) = text.strip_prefix('`').and_then(|text| text.split_once('`')) else {
            asked.faults.push((number, "it does not say what it is about".to_owned()));
            continue;
        };
        // A field whose struct the task names may be called by its name alone.
        let owned = |demand: &ApiDemand| match demand {
            ApiDemand::Field(field) if field.name == target => Some(format!("{}.{target}", field.parent.as_ref()?)),
            _ => None,
        };
        let mut fields = asked.demands.iter().filter_map(|(_, demand)| owned(demand));
        let field = fields.next().filter(|_| fields.next().is_none());
        let is_known = asked.demands.iter().any(|(_, demand)| is_about(target, demand));
        let target = field.as_deref().filter(|_| !is_known).unwrap_or(target);
        // A field may be called like its type: the nearest one above is meant.
        let about = |(_, (_, demand)): &(usize, &(usize, ApiDemand))| is_about(target, demand);
        let all = asked.demands.iter().enumerate().filter(about);
        let near = all.clone().filter(|(_, (line, _))| *line <= number).max_by_key(|(at, (line, _))| (*line, *at));
        let near = near.or_else(|| all.clone().next()).map(|(at, _)| at);
        let Some((_, demand)) = near.and_then(|at| asked.demands.get_mut(at)) else {
            asked.faults.push((number, format!("nothing that the task adds is called `{target}`")));
            continue;
        };
        let said = if line.key == Key::Comment {
            let name = target.rsplit('.').next().unwrap_or(target);
            comment(target, demand, &sentence::with_subject(line, name, rest.trim_matches(' ')));
            Ok(())
        } else {
            markers(target, demand, rest)
        };
        match said {
            Ok(()) => asked.notes.push((number, target.to_owned())),
            Err(why) => asked.faults.push((number, why)),
        }
    }
}

/// Gives the only demand of a task the comment that a line of its own states, and says which line that is.
fn only(task: &PlannedTask, asked: &mut Asked) -> Option<usize> {
    let [(_, demand)] = asked.demands.as_mut_slice() else { return None };
    let is_whole = matches!(demand, ApiDemand::Struct(_) | ApiDemand::Enum(_));
    let (name, target) = match demand {
        ApiDemand::Field(field) if field.comment.is_empty() && field.doc.0.is_none() => {
            let owner = field.parent.as_ref().map_or_else(String::new, |parent| format!("{parent}."));
            let ty = field.ty.as_ref().map_or("", |ty| ty.text.trim_start_matches(['*', '[', ']']));
            (go_name(&field.name, ty), owner + &field.name)
        }
        ApiDemand::Struct(known) if known.comment.is_empty() => (known.name.clone(), known.name.clone()),
        ApiDemand::Enum(known) if known.comment.is_empty() => (known.name.clone(), known.name.clone()),
        ApiDemand::Constant(known) if known.comment.is_empty() => (known.name.clone(), known.name.clone()),
        _ => return None,
    };
    let (line, text) = stated(task, &name).filter(|_| name.starts_with(char::is_uppercase))?;
    // What has the name in front is read below, and what describes a part is not about the whole.
    let is_of_part = || asked.more.iter().any(|(more, _)| *more == line) || is_whole && !text.starts_with(&name);
    if text.starts_with('`') || is_of_part() {
        return None;
    }
    comment(&name, demand, &sentence::comment(&name, &text));
    asked.notes.push((line, target));
    Some(line)
}

/// Whether a name is that of what a demand adds, or of a part of it.
pub(super) fn is_about(target: &str, demand: &ApiDemand) -> bool {
    match demand {
        ApiDemand::Field(field) => match target.split_once('.') {
            Some((owner, name)) => field.parent.as_deref() == Some(owner) && field.name == name,
            None => field.parent.is_none() && field.name == target,
        },
        ApiDemand::Struct(new) => match target.split_once('.') {
            Some((owner, name)) => new.name == owner && new.fields.iter().any(|field| field.name == name),
            None => new.name == target || new.fields.iter().any(|field| field.name == target),
        },
        ApiDemand::Enum(new) => {
            new.name == target || new.values.iter().any(|(name, _)| name.as_deref() == Some(target))
        }
        ApiDemand::Constant(new) => new.name == target,
    }
}

fn field_of<'d>(target: &str, demand: &'d mut ApiDemand) -> Option<&'d mut ApiField> {
    match demand {
        ApiDemand::Field(field) => Some(field),
        ApiDemand::Struct(new) => {
            let bare = Some(target).filter(|target| new.name != *target);
            let name = target.split_once('.').map(|(_, name)| name).or(bare)?;
            new.fields.iter_mut().find(|field| field.name == name)
        }
        _ => None,
    }
}

fn comment(target: &str, demand: &mut ApiDemand, text: &str) {
    // A tasks.md escapes what would be HTML.
    let lines: Vec<String> = text.trim_matches(' ').split('\n').map(|line| visible(line).replace("\\<", "<")).collect();
    let text = lines.join("\n");
    let has_doc = match demand {
        ApiDemand::Field(field) => field.doc.0.is_some(),
        ApiDemand::Struct(new) => new.doc.0.is_some() && new.name == target,
        ApiDemand::Enum(new) => new.doc.0.is_some() && new.name == target,
        ApiDemand::Constant(new) => new.doc.0.is_some(),
    };
    // What has no comment in a block may have one in words.
    if text.is_empty() && has_doc {
        return;
    }
    if let Some(field) = field_of(target, demand) {
        field.comment.push(text);
        return;
    }
    match demand {
        ApiDemand::Struct(new) => new.comment.push(text),
        ApiDemand::Enum(new) if new.name == target => new.comment.push(text),
        ApiDemand::Enum(new) => new.value_docs.push((target.to_owned(), text)),
        ApiDemand::Constant(new) => new.comment.push(text),
        ApiDemand::Field(_) => {}
    }
}

fn markers(target: &str, demand: &mut ApiDemand, text: &str) -> Result<(), String> {
    // No line of a task has a line break in it: the block says so.
    if let Some(apart) = text.trim_matches(' ').strip_prefix('\n') {
        let apart = Some(apart.split_whitespace().map(str::to_owned).collect());
        match demand {
            ApiDemand::Struct(new) => (new.exact, new.apart) = (true, apart),
            ApiDemand::Enum(new) => new.apart = apart,
            _ => {}
        }
        return Ok(());
    }
    let codes: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let mut found: Vec<String> = Vec::new();
    let mut tag = None;
    let mut protobuf = None;
    for code in codes {
        if is_protobuf(code) {
            protobuf = Some(code.to_owned());
        } else if let Some(json) = code.strip_prefix("json:\"").and_then(|rest| rest.strip_suffix('"')) {
            let (name, options) = json.split_once(',').unwrap_or((json, ""));
            if !is_json_name(name) || !matches!(options, "" | "omitempty") {
                return Err(format!("`{code}` is not a tag that is read"));
            }
            tag = Some((name.to_owned(), options == "omitempty"));
        } else if is_marker(code) {
            found.push(code.to_owned());
        } else {
            return Err(format!("`{code}` is neither a marker nor a JSON tag"));
        }
    }
    if let Some(field) = field_of(target, demand) {
        // The line is the whole of it: what it does not say, the field does not have.
        field.optional = Some(found.iter().any(|marker| marker == "+optional"));
        field.markers = found.into_iter().filter(|marker| marker != "+optional").collect();
        if let Some((name, omit)) = tag {
            (field.json, field.omit) = (Some(name), Some(omit));
        }
        field.tag = protobuf;
        return Ok(());
    }
    // In the comment of a declaration, gofmt makes one quote of two.
    if let Some(marker) = found.iter().find(|marker| marker.contains("''")) {
        return Err(format!("gofmt rewrites the quotes of `{marker}` above a declaration: write it by hand"));
    }
    match demand {
        _ if tag.is_some() => Err(format!("`{target}` is not a field, so it has no tag")),
        ApiDemand::Struct(new) => {
            new.markers = found;
            Ok(())
        }
        ApiDemand::Enum(new) if new.name == target => {
            new.markers = found;
            Ok(())
        }
        _ => Err(format!("`{target}` takes no markers")),
    }
}

/// A name that Go may keep for itself, such as `type`.
fn is_json_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// `protobuf:"bytes,1,opt,name=x"`
fn is_protobuf(code: &str) -> bool {
    let inside = code.strip_prefix("protobuf:\"").and_then(|rest| rest.strip_suffix('"'));
    inside.is_some_and(|text| text.chars().all(|c| c.is_ascii_alphanumeric() || ",=_".contains(c)) && !text.is_empty())
}

/// `+listType=map`: one line that the generators of Kubernetes may read, and Go does not.
fn is_marker(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or_default();
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        && !rest.starts_with("build")
        && text.len() < 400
        && visible(text) == text
        && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::ApiStruct;

    fn of(text: &str) -> Result<ApiField, String> {
        let field = ApiField { name: "Type".to_owned(), ..ApiField::default() };
        let new = ApiStruct { name: "Volume".to_owned(), fields: vec![field], ..ApiStruct::default() };
        let mut demand = ApiDemand::Struct(new);
        markers("Volume.Type", &mut demand, text)?;
        let ApiDemand::Struct(mut new) = demand else { return Err("no struct".to_owned()) };
        Ok(new.fields.remove(0))
    }

    #[test]
    fn markers_and_tag_are_exactly_what_the_line_says() {
        let field = of("`+optional`, `+listType=set`, `json:\"type,omitempty\"`").unwrap();
        assert_eq!((field.optional, field.omit, field.json.as_deref()), (Some(true), Some(true), Some("type")));
        assert_eq!(field.markers, ["+listType=set"]);
        let field = of("`json:\"type\"`").unwrap();
        assert_eq!((field.optional, field.omit), (Some(false), Some(false)));
        for odd in ["`json:\"a b\"`", "`json:\"a,string\"`", "`+build linux`", "`+`", "`os.Exit(1)`"] {
            assert!(of(odd).is_err(), "{odd}");
        }
    }
}
