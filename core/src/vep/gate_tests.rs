use super::super::gate::{gate, more};
use super::super::{GateFact, Vep};
use crate::survey::Stage;
use crate::text::Source;

fn vep(design: &str, targets: &str) -> Vep {
    let text = format!(
        "# VEP #600: Lamps\n\n## Target releases\n\n{targets}\n\n## Design\n\n{design}\n\n## Graduation Requirements\n\n### Alpha\n\n- [ ] it shines\n"
    );
    Vep::new(&Source::new("veps/sig-compute/600-lamp/vep.md", text))
}

/// `Sidecar` and `IOMMUFD` are there, in Alpha.
#[expect(clippy::option_option, reason = "a gate that is there may have no state")]
fn known(name: &str) -> Option<Option<Stage>> {
    matches!(name, "Sidecar" | "IOMMUFD").then_some(Some(Stage::Alpha))
}

fn own(design: &str) -> String {
    match gate(&vep(design, "- This VEP targets alpha for version: v1.10"), &known) {
        GateFact::Named { name, .. } => name,
        other => format!("{other:?}").split('(').next().unwrap_or_default().to_lowercase(),
    }
}

#[test]
fn the_own_gate_is_found_in_the_usual_words() {
    for design in [
        "The `GuestLamp` feature gate protects all of it.",
        "All of it is behind the `GuestLamp` gate.",
        "Gated by `GuestLamp`.",
        "Feature gate: GuestLamp",
        "- **Gate**: `GuestLamp`",
        "Gate: **GuestLamp**",
        "The gate is called `GuestLamp`.",
        "It sits behind a gate, `GuestLamp`, which is off in alpha.",
        "The new feature gate is `GuestLamp`; it depends on `Sidecar`, which is there.",
        "It is behind the feature gate GuestLamp. It has nothing to do with the existing Sidecar gate.",
        "Like the existing `Sidecar` gate, the `GuestLamp` feature gate is off by default.",
        "VMIs with a lamp are rejected unless the `GuestLamp` feature gate is enabled.",
        "It is guarded by\nthe new `GuestLamp` feature\ngate.",
        "A new feature gate `GuestLamp` guards the `LampStore` API.",
        "`LampStore`, gated behind a dedicated `GuestLamp` feature gate, gets a field.",
        "`GuestLamp` is the feature gate of this VEP.",
        "It is off by default: set `GuestLamp` under `spec.configuration.developerConfiguration.featureGates`.",
        "| Item | Value |\n|---|---|\n| Feature gate | `GuestLamp` |\n| Default | off |",
        "The new gate GuestLamp decides whether it shines.",
        "All of this is only active while the GuestLamp feature gate is on.",
        "Until GA, `GuestLamp` must be listed in the feature gates of the KubeVirt CR.",
        "A dedicated feature gate will be used: `GuestLamp`.",
        "```yaml\nkind: KubeVirt\nspec:\n  configuration:\n    developerConfiguration:\n      featureGates:\n      - GuestLamp\n```",
        "The feature gate `GuestLamp` is separate from `Sidecar`, which stays as it is.",
        "Gate: `GuestLamp` (called `LampShade` before review).",
        "In GA, no feature gate is needed anymore. Until then `GuestLamp` is the feature gate.",
    ] {
        assert_eq!(own(design), "GuestLamp", "{design}");
    }
}

#[test]
fn what_is_another_project_s_is_no_gate() {
    for design in [
        "CDI has a feature gate `HonorLamps` which must be set.",
        "It requires the Kubernetes `SidecarLamps` feature gate.",
        "The feature gate `SidecarLamps` of Kubernetes must be on.",
        "The sidecar does not look at the feature gate and writes DomainLamps regardless of the gate.",
        "A feature gate named `guestLamp` is introduced; LampShade stands regardless of the gate.",
    ] {
        assert_eq!(own(design), "wanted", "{design}");
    }
}

#[test]
fn what_was_given_up_is_no_gate() {
    for design in [
        "A new feature gate `GuestLamp` guards it. It was first to be guarded by a new feature gate `LampShade`; reviewers preferred the name above.",
        "A feature gate `LampShade` was considered; reviewers refused it. A new feature gate `GuestLamp` guards it.",
        "All is behind the feature gate `GuestLamp` (formerly `LampShade`).",
        "The feature gate was renamed from `LampShade` to `GuestLamp`.",
        "The feature gate `LampShade` was renamed to `GuestLamp`. `GuestLamp` is a new feature gate.",
        "We introduce the feature gate `GuestLamp` rather than `LampShade`.",
        "An earlier draft had the feature gate `LampShade`. Now `GuestLamp` gates it.",
        "The feature gate is `GuestLamp`, not `LampShade`.",
    ] {
        assert_eq!(own(design), "GuestLamp", "{design}");
    }
    assert_eq!(own("A new feature gate `LampShade` was proposed. It was rejected in review."), "wanted");
}

#[test]
fn what_is_there_is_own_where_the_feature_stands_behind_it() {
    assert_eq!(own("It will be introduced behind a feature gate named `IOMMUFD`."), "IOMMUFD");
    assert_eq!(own("Feature gate (`IOMMUFD`) guards all code changes."), "IOMMUFD");
    assert_eq!(own("It needs the `Sidecar` feature gate to be enabled."), "wanted");
    assert_eq!(own("No feature gate guards this; the `Sidecar` gate is another matter."), "denied");
    assert_eq!(own("VEP 141 introduces a feature gate, `LampHooks`, which is used here."), "wanted");
}

#[test]
fn a_promotion_names_the_gate_that_is_there() {
    let targets = "- This VEP targets alpha for version: v1.9\n- This VEP targets beta for version: v1.10";
    for design in [
        "The `IOMMUFD` feature gate is promoted from Alpha to Beta.",
        "The `IOMMUFD` feature gate moves from Alpha to Beta. Nothing else changes.",
        "We graduate the `IOMMUFD` gate.",
    ] {
        let found = gate(&vep(design, targets), &known);
        assert!(matches!(&found, GateFact::Named { name, .. } if name == "IOMMUFD"), "{design}: {found:?}");
    }
}

#[test]
fn a_vep_may_speak_of_a_gate_and_need_none() {
    for design in ["No gate is needed.", "It does not need to be gated.", "This VEP adds no new feature-gate."] {
        assert_eq!(own(design), "denied", "{design}");
    }
    assert_eq!(own("If the feature gate is not enabled, nothing changes."), "wanted");
    assert_eq!(own("libvirt is told of it."), "unsaid");
}

#[test]
fn a_second_gate_is_told() {
    let others = |design: &str| {
        let vep = vep(design, "- This VEP targets alpha for version: v1.10");
        let found = gate(&vep, &known);
        more(&vep, &found, &known).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    let said = "Two new feature gates are introduced: `GuestLamp` for the API and `GuestLampHotplug` for hotplug.";
    assert_eq!(others(said), ["GuestLampHotplug"]);
    let said = "`GuestLamp` is the feature gate of the API. A second feature gate, `GuestLampHotplug`, guards hotplug.";
    assert_eq!(others(said), ["GuestLampHotplug"]);
    let said = "This design introduces two new feature gates:\n\n1. GuestLamp\n2. GuestLampHotplug: for hotplug\n";
    assert_eq!(others(said), ["GuestLampHotplug"]);
    assert_eq!(others("The feature gates `GuestLamp` and `LampRate` are new and guard it."), ["LampRate"]);
    assert!(others("A new feature gate `GuestLamp` guards the `LampStore` API.").is_empty());
    assert!(others("A new feature gate `GuestLamp` guards it; it depends on `Sidecar`.").is_empty());
}
