//! What a VEP states, held against a checkout.

use super::access::{self, AccessFact};
use super::admission::{self, OpenAdmission};
use super::gate::{gate, more};
use super::left_out::LeftOut;
use super::prose::{ProseFacts, prose};
use super::sentences::{Sentence, said};
use super::stance::Stance;
use super::testing::{Tests, tests};
use super::{
    ApiFacts, BlockType, GateFact, NewKind, PlaceFact, Topic, Vep, VepItem, api, go_types, kinds, paths, places,
};
use crate::survey::{Stage, Survey};
use crate::task::LineKind;
use crate::text::Span;
use crate::tree::Kind;

/// The components of KubeVirt.
pub(super) const COMPONENTS: &[&str] =
    &["virt-api", "virt-controller", "virt-handler", "virt-launcher", "virt-operator", "virtctl", "virt-exportserver"];

/// Where the work of a component usually begins, on main and on release branches: files that pull requests of
/// features changed most often.
const USUAL: &[(&str, &[&str])] = &[
    ("virt-api", &["pkg/virt-api/api.go", "pkg/virt-api/rest/subresource.go"]),
    (
        "virt-controller",
        &[
            "pkg/virt-controller/services/template.go",
            "pkg/virt-controller/watch/vmi/lifecycle.go",
            "pkg/virt-controller/watch/vmi.go",
            "pkg/virt-controller/watch/vm/vm.go",
            "pkg/virt-controller/watch/vm.go",
        ],
    ),
    ("virt-handler", &["pkg/virt-handler/vm.go", "pkg/virt-handler/migration-target.go"]),
    ("virt-launcher", &["pkg/virt-launcher/virtwrap/manager.go", "pkg/virt-launcher/virtwrap/converter/converter.go"]),
    (
        "virt-operator",
        &[
            "pkg/virt-operator/resource/generate/install/strategy.go",
            "pkg/virt-operator/resource/generate/components/daemonsets.go",
            "pkg/virt-operator/resource/generate/components/deployments.go",
        ],
    ),
    ("virtctl", &["pkg/virtctl/root.go"]),
    ("virt-exportserver", &["pkg/storage/export/virt-exportserver/exportserver.go"]),
];

/// The files in which the work of a component usually begins, as far as the checkout has them.
pub(super) fn usual_files<'a>(component: &str, survey: &'a Survey<'_>) -> impl Iterator<Item = &'static str> + 'a {
    let of = USUAL.iter().find(|(name, _)| *name == component).map_or(&[][..], |(_, files)| files);
    of.iter().copied().filter(|file| survey.kind(file) == Some(Kind::File))
}

/// The release that a gate's comment names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// The release, such as `v1.9.0`.
    pub name: String,
    /// What the VEP says, and where, if it targets one.
    pub target: Option<(String, Span)>,
}

/// What a VEP states about a feature.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its gate.
    pub gate: GateFact,
    /// Gates that it introduces beside that one.
    pub more_gates: Vec<(String, Span)>,
    /// The stage in which the checkout has the gate; nothing if it is not there.
    pub registered: Option<Option<Stage>>,
    /// The stage that a new gate starts in, or that one that is there goes to.
    pub stage: Stage,
    /// The release: that of the VEP's targets; where there is none, or it is out already, the checkout's highest.
    pub release: Option<Release>,
    /// What it adds to the API.
    pub api: ApiFacts,
    /// The types of its Go blocks.
    pub blocks: Vec<BlockType>,
    /// Components that the design names.
    pub components: Vec<(&'static str, Span)>,
    /// Files of the checkout that it names, or that what it says belongs to.
    pub places: Vec<PlaceFact>,
    /// Files that it names and that the checkout lacks.
    pub new_files: Vec<(String, Span)>,
    /// What is to be asked about admission, if no file of it follows from the rest.
    pub admission: Option<OpenAdmission>,
    /// Access rules that components get.
    pub accesses: Vec<AccessFact>,
    /// What prose and tables state beside.
    pub prose: ProseFacts,
    /// Kinds that its examples show and that the checkout lacks.
    pub kinds: Vec<NewKind>,
    /// What its tests are to show.
    pub tests: Tests,
    /// What it names and no task comes from.
    pub left_out: Vec<LeftOut>,
    /// Its user stories.
    pub stories: Vec<VepItem>,
    /// Its goals.
    pub goals: Vec<VepItem>,
    /// The open items of the stage that it is at.
    pub graduation: Vec<VepItem>,
}

/// Reads the facts of a VEP, and looks them up.
pub fn facts(vep: &Vep, survey: &Survey<'_>) -> Facts {
    facts_named(vep, survey, None)
}

/// The facts of a VEP whose gate has another name by now.
pub(super) fn facts_named(vep: &Vep, survey: &Survey<'_>, now: Option<&str>) -> Facts {
    let gates = survey.gates().ok();
    let known = |name: &str| {
        let gates = gates.as_ref()?;
        let (_, identifier) = gates.constant(name)?;
        Some(gates.registration(identifier).and_then(|(_, known)| known.stage))
    };
    let mut gate = gate(vep, &known);
    if let (GateFact::Named { name, .. }, Some(now)) = (&mut gate, now) {
        now.clone_into(name);
    }
    let registered = match &gate {
        GateFact::Named { name, .. } => known(name),
        _ => None,
    };
    let highest = gates.as_ref().and_then(|gates| gates.release.clone());
    let stage = match &gate {
        _ if registered.is_some() => vep.stage(),
        // A gate that is new starts in no later stage.
        GateFact::Named { .. } => first_stage(vep, None).min(Stage::Beta),
        _ => first_stage(vep, highest.as_deref()),
    };
    let target = vep.targets.iter().find_map(|(of, release, span)| {
        let release = release.clone().filter(|_| *of == stage)?;
        Some((release, *span))
    });
    // One without a stage is that of the first.
    let unstaged = vep.ships.clone().and_then(|(release, span)| Some((release?, span)));
    let target = target.or(unstaged.filter(|_| registered.is_none()));
    let release = release(target, highest);
    let mut blocks = go_types(vep).unwrap_or_default();
    blocks.retain(|block| !block.is_fragment || api::is_declared(&block.name, survey));
    let items = vep.items();
    let of = |topic: Topic| -> Vec<VepItem> { items.iter().filter(|item| item.topic == topic).cloned().collect() };
    let all = said(vep);
    let built = all.iter().filter(|said| !matches!(said.kind, LineKind::Heading(_)) && !said.is_left_out());
    let built: Vec<Sentence> = built.cloned().collect();
    let api = api::api(vep, &blocks, &built, survey);
    let mut left_out = Vec::new();
    let components = components(all, &mut left_out);
    let places = places::places(vep, &gate, all, &built, survey, &mut left_out);
    let prose = prose(vep, (all, &built), &api, survey, &mut left_out);
    left_out.extend(vep.blocks_left_out());
    left_out.extend(api.homeless.iter().map(|(json, span)| LeftOut {
        what: format!("the field `{json}`"),
        span: *span,
        why: "no struct of the checkout is named as the one that gets it",
    }));
    left_out.sort_by_key(|left| left.span.start);
    let graduation = of(Topic::Graduation)
        .into_iter()
        .filter(|item| item.stage == Some(stage) && item.ticked != Some(true))
        .collect();
    Facts {
        more_gates: more(vep, &gate, &known),
        registered,
        stage,
        release,
        places,
        new_files: paths::lacking(all, survey),
        admission: admission::open(vep, &built, &api, survey),
        accesses: access::accesses(vep, &built, survey),
        prose,
        kinds: kinds::kinds(vep, survey),
        api,
        blocks,
        components,
        tests: tests(vep, survey),
        left_out,
        stories: of(Topic::Stories),
        goals: of(Topic::Goals),
        graduation,
        gate,
    }
}

/// A target that is out already was missed: what is built now goes into the release that the checkout is at.
fn release(target: Option<(String, Span)>, highest: Option<String>) -> Option<Release> {
    let name = match (&target, highest) {
        (Some((target, _)), Some(highest)) if number(target) < number(&highest) => highest,
        (Some((target, _)), _) => target.clone(),
        (None, highest) => highest?,
    };
    Some(Release { name, target })
}

/// A release as numbers: `v1.9.0` is 1, 9.
fn number(release: &str) -> Vec<u32> {
    release.trim_start_matches('v').split('.').take(2).filter_map(|part| part.parse().ok()).collect()
}

/// A feature starts in a later stage only where the VEP has no phase before it. Without a gate, a phase whose release is
/// out was left behind, where another one is still to come.
fn first_stage(vep: &Vep, highest: Option<&str>) -> Stage {
    let text = vep.document.source.text();
    let staged = vep.headings.iter().any(|heading| heading.stage.is_some() && heading.topic != Topic::Excluded);
    let has = |stage: Stage| {
        vep.targets.iter().any(|(of, release, _)| *of == stage && release.is_some())
            || vep.headings.iter().any(|heading| {
                let filled = heading.body.of(text).lines().any(|line| {
                    let line = line.trim();
                    !(line.is_empty() || line.starts_with('#') || line.starts_with("<!--"))
                });
                heading.stage == Some(stage) && heading.topic != Topic::Excluded && filled
            })
            || !staged
                && vep.prose().any(|(line, _, topic)| {
                    topic == Topic::Graduation
                        && line
                            .split(|c: char| !c.is_alphanumeric())
                            .any(|word| word.eq_ignore_ascii_case(stage.name()))
                        && !line.trim_start().starts_with('#')
                })
    };
    let is_out = |stage: &Stage| {
        let target = vep.targets.iter().find(|(of, ..)| of == stage).and_then(|(_, release, _)| release.as_deref());
        target.zip(highest).is_some_and(|(target, highest)| number(target) < number(highest))
    };
    let targeted = |stage: &Stage| vep.targets.iter().any(|(of, release, _)| of == stage && release.is_some());
    let stages: Vec<Stage> = [Stage::Alpha, Stage::Beta, Stage::Ga].into_iter().filter(|stage| has(*stage)).collect();
    let open = stages.iter().find(|stage| targeted(stage) && !is_out(stage));
    // Where all that is targeted is out, the last one was missed.
    let last = || stages.iter().rfind(|stage| targeted(stage) && highest.is_some());
    open.or_else(last).or(stages.first()).copied().unwrap_or_default()
}

/// The components that the design gives work to. A pod of virt-launcher is the work of others.
fn components(all: &[Sentence], left_out: &mut Vec<LeftOut>) -> Vec<(&'static str, Span)> {
    let mut found: Vec<(&'static str, Span)> = Vec::new();
    let mut left: Vec<(&'static str, Span, Stance)> = Vec::new();
    for said in all.iter().filter(|said| matches!(said.topic, Topic::Design | Topic::Api | Topic::Other)) {
        for component in COMPONENTS {
            for (at, _) in said.text.match_indices(component) {
                // In a path it is a part of a file's name.
                if said.text[..at].ends_with('/') || said.text[at + component.len()..].starts_with('/') {
                    continue;
                }
                let line = said.line(at);
                match said.stance(at) {
                    Some(stance) if !left.iter().any(|(known, ..)| known == component) => {
                        left.push((component, line, stance));
                    }
                    None if !found.iter().any(|(known, _)| known == component) => found.push((component, line)),
                    _ => {}
                }
            }
        }
    }
    left.retain(|(name, ..)| !found.iter().any(|(known, _)| known == name));
    left_out.extend(left.into_iter().map(|(name, span, stance)| LeftOut {
        what: name.to_owned(),
        span,
        why: stance.why(),
    }));
    found
}
