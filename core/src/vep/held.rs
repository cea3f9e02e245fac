//! What of a VEP a checkout has: its feature gate and the API, as far as its text states them.

use super::gate::OWN;
use super::renamed::{is_older, named_as_a_field, renamed};
use super::{Facts, GateFact, GateMention, Origin, Vep, in_code, mentions};
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
        let same = same_type(&known.stated, &known.has);
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
        let from = if field.origin == Origin::Derived && field.kind.is_some() {
            "an example shows it"
        } else {
            "the VEP states it"
        };
        let other = in_code::elsewhere(&field.parent, &field.json, &field.beside, survey);
        found.push(Held {
            what: format!("field `{}.{}`", field.parent, field.json),
            state: if other.is_some() { HeldState::Other } else { HeldState::Missing },
            place: Some(vep.place(field.span)),
            file: Some(field.file.clone()),
            note: other.unwrap_or_else(|| from.to_owned()),
        });
    }
    for field in &facts.api.misnamed {
        found.push(Held {
            what: format!("field `{}.{}`", field.parent, field.json),
            state: HeldState::Other,
            place: Some(vep.place(field.span)),
            file: Some(field.file.clone()),
            note: format!("the checkout has {}", field.meant),
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
    let lacking = |name: &String| {
        facts.api.types.iter().any(|ty| ty.block.name == *name)
            || facts.api.unplaced.iter().chain(&facts.api.kinds).any(|block| block.name == *name)
    };
    // What a type that the VEP only extends is there for, is another feature.
    let is_new = |name: &String| !facts.api.extended.contains(name);
    for block in facts.blocks.iter().filter(|block| !lacking(&block.name) && is_new(&block.name)) {
        if let Some(file) = facts.api.declared.get(&block.name) {
            found.push(Held {
                what: format!("type `{}`", block.name),
                state: HeldState::There,
                place: Some(vep.place(block.span)),
                file: Some(file.clone()),
                note: "the API declares it".to_owned(),
            });
        }
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
    found.extend(code(vep, facts, survey));
    found
}

/// What of the code speaks of the feature gate, and of what the VEP adds to the API: the webhooks and the specs.
fn code(vep: &Vep, facts: &Facts, survey: &Survey<'_>) -> Vec<Held> {
    let gates = survey.gates().ok();
    let stated = match &facts.gate {
        GateFact::Named { name, span } => Some((name.clone(), Some(*span))),
        GateFact::Denied(_) => None,
        GateFact::Wanted(_) | GateFact::Unsaid => {
            own_known(vep, survey).map(|mention| (mention.name, Some(mention.span)))
        }
    };
    let known = gates.as_ref().and_then(|gates| {
        let (name, span) = stated.clone()?;
        let known = gates.constant(&name).map(|_| name.clone()).or_else(|| renamed(vep, facts, &name, gates))?;
        Some((in_code::names(gates, &known), format!("feature gate `{known}`"), span, known))
    });
    // Short names, and types that others use, too, tell nothing.
    let added = facts.api.declared.keys().filter(|name| {
        let block = facts.blocks.iter().find(|block| block.name == **name);
        // One that bears the gate's name came with it.
        let is_own = known.as_ref().is_some_and(|(.., gate)| bears(name, gate));
        name.len() > 9
            && (is_own || !facts.api.extended.contains(*name))
            && block.is_some_and(|block| !block.fields.iter().any(|own| own.ty.ends_with("TypeMeta")))
    });
    let names: Vec<String> =
        added.filter(|name| !name.ends_with("Spec") && !name.ends_with("Status")).cloned().collect();
    let of_types = names.first().map(|first| format!("type `{first}`"));
    let (mut asked, about, span) = match (known, of_types) {
        (Some((asked, about, span, _)), _) => (asked, about, span),
        (None, Some(about)) => (Vec::new(), about, None),
        (None, None) => return Vec::new(),
    };
    asked.extend(names);
    let place = span.map(|span| vep.place(span));
    vec![Held { place, ..in_code::admission(&asked, &about, survey) }, in_code::specs(&asked, &about, vep, survey)]
}

/// Whether a type's name has every word of a gate's: `UtilityVolume` of `UtilityVolumes`.
fn bears(name: &str, gate: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let words = Name::parse(name).words().to_vec();
        words.iter().map(|word| word.to_lowercase().trim_end_matches('s').to_owned()).collect()
    };
    let (own, gate) = (words(name), words(gate));
    gate.len() > 1 && gate.iter().all(|word| own.contains(word))
}

/// The gate that is named best, among those that the checkout has.
fn own_known(vep: &Vep, survey: &Survey<'_>) -> Option<GateMention> {
    mentions(vep).into_iter().next().filter(|mention| mention.score >= OWN && is_known(survey, &mention.name))
}

/// Whether two types are one, however their packages are called.
pub(super) fn same_type(one: &str, other: &str) -> bool {
    let plain = |ty: &str| ty.rsplit('.').next().unwrap_or_default().trim_start_matches(['*', '[', ']']).to_owned();
    plain(one) == plain(other) && one.contains("[]") == other.contains("[]")
}

fn gate(vep: &Vep, facts: &Facts, survey: &Survey<'_>) -> Held {
    // What the checkout has by now may be the VEP's own, although no task could tell.
    let best = own_known(vep, survey);
    let (name, span) = match (&facts.gate, best.as_ref()) {
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
            let other = survey.gates().ok().and_then(|gates| Some((renamed(vep, facts, "", &gates)?, gates)));
            let file =
                other.as_ref().and_then(|(other, gates)| Some(gates.constant(other)?.0.source.path().to_owned()));
            let place = match facts.gate {
                GateFact::Wanted(span) => Some(vep.place(span)),
                _ => None,
            };
            return Held {
                what: "feature gate".to_owned(),
                state: HeldState::Unsaid,
                place,
                file,
                note: match other {
                    Some((other, _)) => {
                        format!("the VEP names none of its own; the checkout has `{other}`: is it this one?")
                    }
                    None => "the VEP names none of its own".to_owned(),
                },
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
        // What was registered before the release that the VEP targets is another one.
        let by_field = || named_as_a_field(vep, name, &gates, survey).filter(|other| !is_older(vep, other, &gates));
        let Some(other) = renamed(vep, facts, name, &gates).or_else(by_field) else {
            let note = "the checkout does not have it".to_owned();
            return Held { what, state: HeldState::Missing, place, file: None, note };
        };
        let file = gates.constant(&other).map(|(file, _)| file.source.path().to_owned());
        let note = format!("the checkout has `{other}`: was it renamed?");
        return Held { what, state: HeldState::Other, place, file, note };
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
