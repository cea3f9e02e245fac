use super::api;
use super::tests::shown;

#[test]
fn a_struct_is_what_a_sentence_says_of_it() {
    for (line, read) in [
        (
            "Give `Devices` the fields `bell *Bell` and `horn *Horn`, where `Horn` is a new struct with `Pitch int32`",
            "Devices.bell *Bell | Devices.horn *Horn | struct Horn {Pitch int32}",
        ),
        ("The new `Fan` struct carries `Rpm int32` and `Mode *string`", "struct Fan {Rpm int32; Mode *string}"),
        (
            "Add `Fan *Fan` to `Devices`; `Fan` is a struct of `Rpm int32` plus `Mode *string`",
            "Devices.Fan *Fan | struct Fan {Rpm int32; Mode *string}",
        ),
        ("`Fan` (struct): `Rpm int32`, `Quiet bool`", "struct Fan {Rpm int32; Quiet bool}"),
        (
            "New struct `Fan` — required `Name string`, optional `Rpm *int32`",
            "struct Fan {Name string required; Rpm *int32 optional}",
        ),
        (
            "Add an optional field `fan *Fan` to `Devices` and a struct `Fan` with `Rpm int32`",
            "Devices.fan *Fan optional | struct Fan {Rpm int32}",
        ),
        (
            "Add struct `Rule` with fields `type string`, `default *bool`, `func string` and `range *Range`",
            "struct Rule {Type string; Default *bool; Func string; Range *Range}",
        ),
        (
            "The new `Fan` struct carries `Rpm int32`; `Devices` points at it through `blower`",
            "struct Fan {Rpm int32} | ! what it says about `blower` is not understood",
        ),
        ("`Sa`, `Sb` and `Sc` each get `x *bool`", "Sa.x *bool | Sb.x *bool | Sc.x *bool"),
        ("Add `x *bool` to both `Sa` and `Sb`", "Sa.x *bool | Sb.x *bool"),
        ("Both `Sa` and `Sb` gain an optional `x *bool`", "Sa.x *bool optional | Sb.x *bool optional"),
        ("Introduce an optional boolean pointer called `x` on `Spec`", "Spec.x *bool optional"),
        ("Extend `Phase` with `PhaseQuiet` (\"Quiet\")", "more enum Phase (PhaseQuiet=Quiet)"),
        ("Add `PhaseOn` (\"On\") and `PhaseOff` (\"Off\") to `Phase`", "more enum Phase (PhaseOn=On PhaseOff=Off)"),
        ("Add `ModeOn` (\"on\") and `ModeOff` (\"off\") to `Mode`", "more enum Mode (ModeOn=on ModeOff=off)"),
        (
            "Add the constants `ModeOn` (\"on\") and `ModeOff` (\"off\") of type `Mode` next to `ModeAuto`",
            "const ModeOn Mode = on | const ModeOff Mode = off",
        ),
        ("Add constants `A = \"a\"` and `B = \"b\"` of type `Mode`", "const A Mode = a | const B Mode = b"),
        ("Optional `fan *Fan` in `Devices`", "Devices.fan *Fan optional"),
        (
            "Add the optional, nullable fields `A *Fan` and `B *Fan` to `Devices`",
            "Devices.A *Fan optional +nullable | Devices.B *Fan optional +nullable",
        ),
        ("`State` reports `fan *Fan`", "State.fan *Fan"),
        ("where `Fan` consists of `Rpm int32` and `Mode string`", "Fan.Rpm int32 | Fan.Mode string"),
        ("`Mode` is one of `On`, `Off`", "enum Mode (On Off)"),
        ("FanMode enum: `On` | `Off`", "enum FanMode (On Off)"),
        ("Annotation `kubevirt.io/fan` (`FanAnnotation`)", "annotation FanAnnotation = kubevirt.io/fan"),
        ("Add `warm` (`*bool`) to `Spec`, `omitempty`", "Spec.warm *bool omitempty"),
        ("Add enum `Level` (int32) with values 0, 1", "enum Level (0 1) | ! `int32` is not a type of strings"),
    ] {
        assert_eq!(shown("task", line), read, "{line}");
    }
    assert_eq!(shown("field", "`Rpm` (int32): how fast it moves"), "Rpm int32");
    assert_eq!(shown("field", "`interface`"), "interface ?");
    assert_eq!(shown("reason", "`LostReason` = `Lost`"), "reason LostReason = Lost");
}

#[test]
fn what_stands_around_a_demand_is_read_or_named() {
    for (line, read) in [
        ("In `a/types.go`, `Devices` gains `Fan *Fan`", "Devices.Fan *Fan"),
        (
            "Struct `Fan` in `a/types.go`: `Speed *uint32` (optional), `Mode FanMode` (required)",
            "struct Fan {Speed *uint32 optional; Mode FanMode required}",
        ),
        ("`FanMode` string enum in `a/types.go` with the values Quiet and Loud", "enum FanMode (Quiet Loud)"),
        ("Add the annotation key \"kubevirt.io/fan\" as `FanAnnotation`", "annotation FanAnnotation = kubevirt.io/fan"),
        (
            "Add `FanReady` condition (type `ConditionType`, value \"FanReady\") to `a/types.go`",
            "condition FanReady ConditionType = FanReady",
        ),
        ("`Status.FanRPM` (`*int32`, json `fanRPM`) in `a/types.go`", "Status.FanRPM *int32 json fanRPM"),
        ("MigrationConfiguration: new boolean pointer field `allowFan`", "MigrationConfiguration.allowFan *bool"),
        ("Add an optional string field `claim` to `Devices`", "Devices.claim string optional"),
        ("`Fan` struct is read by `Controller`", ""),
        ("Struct `Fan` is documented", ""),
        ("Add `Claims` (list of `Disk`) to `Devices`", "Devices.Claims []Disk"),
        ("Add `Claims` (`Disk` list) to `Devices`", "Devices.Claims []Disk"),
        ("Add `claim` (pointer to `Disk`) to `Devices`", "Devices.claim *Disk"),
        ("Add `Claim` (`Disk`, pointer) to `Devices`", "Devices.Claim *Disk"),
        ("Add `Foo` and `Bar` (`*string` and `*int32`) to `Devices`", "Devices.Foo *string | Devices.Bar *int32"),
        (
            "Add `claim` (`*string` or `*int32`) to `Devices`",
            "Devices.claim *int32 | ! it does not say which of the types `*string`, `*int32` it is",
        ),
        ("Add `Claim *string` (`claimName` in JSON) to `Devices`", "Devices.Claim *string json claimName"),
        ("Add `Claim *string` (yaml: `claimName`) to `Devices`", "Devices.Claim *string json claimName"),
        ("Add struct `Tea` with field `TDX *string` (json: `tdx`)", "struct Tea {TDX *string json tdx}"),
        (
            "Add `Claim *string` `claimName` to `Devices`",
            "Devices.Claim *string | Devices.claimName ? | ! the purpose of `claimName` is not understood",
        ),
        (
            "Add optional field `MaxRpm *int32` to `Spec`, +kubebuilder:validation:Minimum=1",
            "Spec.MaxRpm *int32 optional +kubebuilder:validation:Minimum=1",
        ),
        (
            "Add ``Claim *string `json:\"claimName,omitempty\"` `` to `Devices`",
            "Devices.Claim *string json claimName omitempty",
        ),
        ("Add `Claims []string` to `Devices` (set)", "Devices.Claims []string +listType=set"),
        (
            "Add `Claims []Disk` to `Devices`, list type map keyed by `name`",
            "Devices.Claims []Disk +listType=map +listMapKey=name",
        ),
        (
            "Add `Claims []Disk` to `Devices` (listType=map, listMapKey=name)",
            "Devices.Claims []Disk +listType=map +listMapKey=name",
        ),
        ("Add `Claims []string` to `Devices`. It is required.", "Devices.Claims []string required"),
        ("Add `Claims []string` (must be set) to `Devices`", "Devices.Claims []string required"),
        ("Add `Claim *Disk` (nullable) to `Devices`", "Devices.Claim *Disk optional +nullable"),
        ("Add enum `Mode` (see the VEP) with values `On`, `Off`", "enum Mode (On Off)"),
        ("Add enum `Mode` (in `a/types.go`): `On` (the default), `Off`", "enum Mode (On Off)"),
        ("Add enum `Mode` (`On`, default; `Off`)", "enum Mode (On Off)"),
        (
            "Add enum `Mode` with values `On` and `Off`, maybe `Half` later",
            "enum Mode (On Off Half) | ! it also says `maybe`",
        ),
        ("Add annotation `A` (used on pods; internal): `kubevirt.io/a`", "annotation A = kubevirt.io/a"),
        ("Add the condition `Traced` with value \"Traced\"", "condition Traced = Traced"),
        (
            "Add to `a/types.go` the label `ALabel` with value `kubevirt.io/a` and a condition type `B` = `Bee`",
            "label ALabel = kubevirt.io/a | condition B = Bee",
        ),
        (
            "`Old` becomes deprecated in favour of `Signs []Sign`; add struct `Sign` with field `Kind string`",
            "struct Sign {Kind string} | ! what it says about `Signs []Sign` is not understood",
        ),
    ] {
        assert_eq!(shown("task", line), read, "{line}");
    }
}

#[test]
fn parts_of_kinds_and_lines_without_a_verb_are_read() {
    for (line, read) in [
        ("Add `A *int32` to the status of `Clock`", "Clock.status.A *int32"),
        ("`Clock`'s spec gets a new field `A *int32`", "Clock.spec.A *int32"),
        ("Add `status.a *int32` to `Clock`", "Clock.status.a *int32"),
        ("in `Spec`, `A *int32` (`json:\"b\"`), optional", "Spec.A *int32 json b optional"),
        ("Extend `Spec`: `A *int32`", "Spec.A *int32"),
        ("`Spec.A` (string, optional, after `B`)", "Spec.A string optional"),
        ("Add `A *int32` to `Spec` with `// +optional` and `// +nullable`", "Spec.A *int32 optional +nullable"),
        (
            "string type `Hand`: `HandHour` (\"hour\"), `HandMinute` (\"minute\")",
            "enum Hand (HandHour=hour HandMinute=minute)",
        ),
        ("`type Hand string`, allowed values `Hour` and `Minute`", "enum Hand (Hour Minute)"),
        ("Extend `Hand` by `HandHour = \"hour\"`", "const HandHour Hand = hour"),
        ("and a reason constant `ClockStopped = \"Stopped\"`", "reason ClockStopped = Stopped"),
    ] {
        assert_eq!(shown("task", line), read, "{line}");
    }
    for line in ["Add `A int32` to the status of `Clock` and to `Spec`", "Add `A int32` to `Clock` under `status`"] {
        assert!(api("task", line).fault.is_some(), "{line}");
    }
}
