//! What of a VEP a checkout has: its feature gate and the API, as far as its text states them.

use super::gate::OWN;
use super::{Facts, GateFact, Origin, Vep, mentions};
use crate::name::Name;
use crate::survey::{Stage, Survey};

/// How far something that a VEP states is in a checkout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeldState {
    /// The checkout has it as stated.
    There,
    /// The checkout has it, and not as stated.
    Other,
    /// The checkout lacks it.
    Missing,
    /// The VEP does not say.
    Unsaid,
}

impl HeldState {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::There => "there",
            Self::Other => "differs",
            Self::Missing => "missing",
            Self::Unsaid => "unsaid",
        }
    }
}

/// Something that a VEP states, and what the checkout has of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// What it is: ``feature gate `X` ``.
    pub what: String,
    /// How far it is.
    pub state: HeldState,
    /// Where the VEP states it; nothing if it does not.
    pub place: Option<String>,
    /// The file of the checkout that has it.
    pub file: Option<String>,
    /// What is to be said of it.
    pub note: String,
}

/// Holds a VEP against a checkout.
pub fn held(vep: &Vep, facts: &Facts, survey: &Survey<'_>) -> Vec<Held> {
    let mut found = vec![gate(vep, facts, survey)];
    for known in &facts.api.present {
        let plain = |ty: &str| ty.rsplit('.').next().unwrap_or_default().trim_start_matches(['*', '[', ']']).to_owned();
        let same = plain(&known.stated) == plain(&known.has) && known.stated.contains("[]") == known.has.contains("[]");
        found.push(Held {
            what: format!("field `{}.{}`", known.parent, known.json),
            state: if same { HeldState::There } else { HeldState::Other },
            place: Some(vep.place(known.span)),
            file: Some(known.file.clone()),
            note: if same {
                format!("`{}`", known.has)
            } else {
                format!("the VEP says `{}`, the checkout has `{}`", known.stated, known.has)
            },
        });
    }
    for field in &facts.api.fields {
        let from = if field.origin == Origin::Derived { "an example shows it" } else { "the VEP states it" };
        found.push(Held {
            what: format!("field `{}.{}`", field.parent, field.json),
            state: HeldState::Missing,
            place: Some(vep.place(field.span)),
            file: Some(field.file.clone()),
            note: from.to_owned(),
        });
    }
    let types = facts.api.types.iter().map(|ty| (&ty.block.name, ty.block.span));
    let others = facts.api.unplaced.iter().map(|block| (&block.name, block.span));
    let kinds = facts.kinds.iter().map(|kind| (&kind.name, kind.span));
    for (name, span) in types.chain(others).chain(kinds) {
        found.push(Held {
            what: format!("type `{name}`"),
            state: HeldState::Missing,
            place: Some(vep.place(span)),
            file: None,
            note: "no group of the API declares it".to_owned(),
        });
    }
    for value in &facts.api.values {
        found.push(Held {
            what: format!("value `{}` of `{}`", value.value, value.ty),
            state: HeldState::Missing,
            place: Some(vep.place(value.span)),
            file: Some(value.file.clone()),
            note: "the VEP states it".to_owned(),
        });
    }
    found
}

fn gate(vep: &Vep, facts: &Facts, survey: &Survey<'_>) -> Held {
    // What the checkout has by now may be the VEP's own, although no task could tell.
    let mentions = mentions(vep);
    let best = mentions.first().filter(|mention| mention.score >= OWN && is_known(survey, &mention.name));
    let (name, span) = match (&facts.gate, best) {
        (GateFact::Named { name, span }, _) => (name, span),
        (GateFact::Wanted(_) | GateFact::Unsaid, Some(best)) => (&best.name, &best.span),
        (GateFact::Denied(span), _) => {
            return Held {
                what: "feature gate".to_owned(),
                state: HeldState::Unsaid,
                place: Some(vep.place(*span)),
                file: None,
                note: "the VEP says that it needs none".to_owned(),
            };
        }
        (GateFact::Wanted(_) | GateFact::Unsaid, None) => {
            return Held {
                what: "feature gate".to_owned(),
                state: HeldState::Unsaid,
                place: None,
                file: None,
                note: "the VEP names none of its own".to_owned(),
            };
        }
    };
    let what = format!("feature gate `{name}`");
    let place = Some(vep.place(*span));
    let Ok(gates) = survey.gates() else {
        return Held {
            what,
            state: HeldState::Missing,
            place,
            file: None,
            note: "the gates cannot be read".to_owned(),
        };
    };
    let Some(now) =
        gates.constant(name).map(|(_, identifier)| gates.registration(identifier).and_then(|(_, known)| known.stage))
    else {
        let near = near(name, gates.files.iter().flat_map(|file| &file.constants).map(|(_, value)| value.as_str()));
        let note = match near {
            Some(near) => format!("the checkout has `{near}`: was it renamed?"),
            None => "the checkout does not have it".to_owned(),
        };
        return Held { what, state: HeldState::Missing, place, file: None, note };
    };
    let file = gates.constant(name).map(|(file, _)| file.source.path().to_owned());
    let wanted = vep.stage();
    let (state, note) = match now {
        Some(now) if now < wanted && wanted > Stage::Alpha => {
            (HeldState::Other, format!("it is {now}, and the VEP targets {wanted}"))
        }
        Some(now) => (HeldState::There, format!("it is {now}")),
        None => (HeldState::Other, "it is registered in no state that is known".to_owned()),
    };
    Held { what, state, place, file, note }
}

fn is_known(survey: &Survey<'_>, name: &str) -> bool {
    survey.gates().is_ok_and(|gates| gates.constant(name).is_some())
}

/// A gate with most of the words of another one, the nearest first.
fn near<'a>(name: &str, others: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let words = |name: &str| Name::parse(name).words().to_vec();
    let own = words(name);
    let scored = others.filter_map(|other| {
        let theirs = words(other);
        let shared = own.iter().filter(|word| theirs.contains(word)).count();
        (shared >= 2 && shared * 2 >= own.len().max(theirs.len())).then_some((shared, other))
    });
    scored.max_by_key(|(shared, _)| *shared).map(|(_, other)| other)
}
