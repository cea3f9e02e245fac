use super::*;

/// A reading on one line.
pub(super) fn shown(key: &str, line: &str) -> String {
    let reading = api(key, line);
    let field = |field: &ApiField| {
        let ty = field.ty.as_ref().map_or("?", |ty| ty.text.as_str());
        let parent = field.parent.as_ref().map(|parent| format!("{parent}.")).unwrap_or_default();
        let json = field.json.as_ref().map(|json| format!(" json {json}")).unwrap_or_default();
        let optional = match field.optional {
            Some(true) => " optional",
            // Its tag alone says so.
            None if field.omit == Some(true) => " omitempty",
            Some(false) => " required",
            None => "",
        };
        let markers = field.markers.iter().fold(String::new(), |all, marker| all + " " + marker);
        let default = field.default.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
        let deprecated = field.deprecated.as_ref().map(|text| format!(" deprecated: {text}")).unwrap_or_default();
        format!("{parent}{} {ty}{json}{optional}{default}{markers}{deprecated}", field.name)
    };
    let demand = |demand: &ApiDemand| match demand {
        ApiDemand::Field(one) => field(one),
        ApiDemand::Struct(known) => {
            format!("struct {} {{{}}}", known.name, known.fields.iter().map(field).collect::<Vec<_>>().join("; "))
        }
        ApiDemand::Enum(known) => {
            let value = |(name, text): &(Option<String>, String)| match name {
                Some(name) => format!("{name}={text}"),
                None => text.clone(),
            };
            let more = if known.extends { "more " } else { "" };
            let values = known.values.iter().map(value).collect::<Vec<_>>().join(" ");
            format!("{more}enum {} ({values})", known.name)
        }
        ApiDemand::Constant(constant) => {
            let role = constant.role.unwrap_or("const");
            let ty = constant.ty.as_ref().map(|ty| format!(" {ty}")).unwrap_or_default();
            format!("{role} {}{ty} = {}", constant.name, constant.value.as_deref().unwrap_or("?"))
        }
    };
    let mut found: Vec<String> = reading.demands.iter().map(demand).collect();
    found.extend(reading.context.map(|context| format!("in {context}")));
    found.extend(reading.fault.map(|fault| format!("! {fault}")));
    found.join(" | ")
}

#[test]
fn fields_are_read_in_the_words_that_people_use() {
    for (line, read) in [
        (
            "Add optional field `PortRanges []PortRange` to the `Interface` struct",
            "Interface.PortRanges []PortRange optional",
        ),
        ("Add `PreferredCPU *v1.CPU` to `PreferenceSpec`", "PreferenceSpec.PreferredCPU *v1.CPU"),
        (
            "Add optional field `Overhead *resource.Quantity` to `MemoryStatus` (json `overhead`)",
            "MemoryStatus.Overhead *resource.Quantity json overhead optional",
        ),
        (
            "Add field memoryOverhead of type *resource.Quantity to MemoryStatus",
            "MemoryStatus.memoryOverhead *resource.Quantity",
        ),
        ("Add a field `limits` of type `map[string]string` to the `Spec` struct", "Spec.limits map[string]string"),
        ("Add `enabled` (`*bool`) to `KubeVirtConfiguration`", "KubeVirtConfiguration.enabled *bool"),
        ("Extend `DomainSpec` with an optional field `rtc *RTC`", "DomainSpec.rtc *RTC optional"),
        ("Extend struct `DomainSpec` by `rtc *RTC`", "DomainSpec.rtc *RTC"),
        ("Add `x *bool` to `Sa` and `y *int32` to `Sb`", "Sa.x *bool | Sb.y *int32"),
        ("Add an optional field allowed of type *bool to PolicySpec", "PolicySpec.allowed *bool optional"),
        ("Extend `Sa` with `x *bool` and `y *int32`", "Sa.x *bool | Sa.y *int32"),
        ("Add the fields `a string` and `b *int32` to `S1`", "S1.a string | S1.b *int32"),
        ("Add `a string` to `Sa`; add `b bool` to `Sb`.", "Sa.a string | Sb.b bool"),
        ("Introduce a required field `name string` in `Sa`", "Sa.name string required"),
        ("`Overhead *resource.Quantity` in `Status`", "Status.Overhead *resource.Quantity"),
        (
            "Add `claims []Claim` to `Spec` with `+listType=map` and `+listMapKey=name`",
            "Spec.claims []Claim +listType=map +listMapKey=name",
        ),
        ("Add `linkAggregation` to `Devices`", "Devices.linkAggregation ?"),
        ("New field `Rate` of type uint32 in `Config` (optional)", "Config.Rate uint32 optional"),
        ("Add `Foo string` with json tag `foo,omitempty` to `Bar`", "Bar.Foo string json foo omitempty"),
        ("Add optional field `x *bool` to `Spec` so that `Controller` can read it", "Spec.x *bool optional"),
        (
            "Add `Guest *resource.Quantity` to `staging/src/kubevirt.io/api/core/v1/schema.go`",
            "Guest *resource.Quantity",
        ),
        ("Add `Clock *Clock` to v1.DomainSpec - keeps the time", "DomainSpec.Clock *Clock"),
        ("Add deprecated field `Old *bool` to `Spec`", "Spec.Old *bool deprecated: Do not use"),
        ("Add optional field `Old *bool` to `Spec`, deprecated", "Spec.Old *bool optional deprecated: Do not use"),
        ("Add `Old *bool` to `Spec` (deprecated in favour of `New`)", "Spec.Old *bool deprecated: Use New instead"),
        ("Add `Old *bool` (deprecated: use `a.New` instead) to `Spec`", "Spec.Old *bool deprecated: Use a.New instead"),
        (
            "Add `Old *bool` to `Spec`, deprecated since nobody used it",
            "Spec.Old *bool | ! what takes the place of it is not understood: deprecated since nobody used it",
        ),
        ("`Clock` gets a new field `drift` of type `*int64`", "Clock.drift *int64"),
        ("The `Clock` struct should carry a `Drift *int64` field, which is optional", "Clock.Drift *int64 optional"),
        ("Add `spec.domain.clock.drift` (`*int64`)", "spec.domain.clock.drift *int64"),
        (
            "Add a field to `kubevirt.spec.configuration` called `drift` (`*int64`)",
            "kubevirt.spec.configuration.drift *int64",
        ),
        ("Add `Clock.drift` of type `*int64`", "Clock.drift *int64"),
        ("In `Clock`, add `Drift` (`*int64`, optional, defaults to 60)", "Clock.Drift *int64 optional = 60"),
        (
            "Add fields `A *int64` and `B *int64` to `Clock`, both optional",
            "Clock.A *int64 optional | Clock.B *int64 optional",
        ),
        (
            "Add a list of label selectors, `Nodes []metav1.LabelSelector`, to `Clock`",
            "Clock.Nodes []metav1.LabelSelector",
        ),
        ("Put an optional `drift` (`*int64`) next to `Offset` in `Clock`", "Clock.drift *int64 optional"),
        ("`ClockSpec` needs an optional `driftPolicy` string", "ClockSpec.driftPolicy string optional"),
        ("Allow a `drift` per clock: `Drift *int64` in `Clock`", "Clock.Drift *int64"),
    ] {
        assert_eq!(shown("task", line), read, "{line}");
    }
    assert_eq!(
        shown("field", "`RebootPolicy *RebootPolicy` (optional) in `DomainSpec`"),
        "DomainSpec.RebootPolicy *RebootPolicy optional"
    );
    assert_eq!(shown("field", "`TargetOverhead *resource.Quantity`"), "TargetOverhead *resource.Quantity");
}

#[test]
fn titles_are_read_in_ordinary_words() {
    for (line, read) in [
        ("Enum: `ClockMode` (`Off`, `Lazy`) in `a/b/schema.go`", "enum ClockMode (Off Lazy)"),
        ("Add a `ClockMode` enum (Off, Lazy) in `a/b/schema.go`", "enum ClockMode (Off Lazy)"),
        (
            "`Clock` grows an optional `guard` of type `*Guard`, which has `name` (string)",
            "Clock.guard *Guard optional | struct Guard {name string}",
        ),
        (
            "Spec: `Clock` (schema.go) grows an optional `guard`, a `*Guard` with `rate` (int64) and `mode` (string)",
            "Clock.guard *Guard optional | struct Guard {rate int64; mode string}",
        ),
        (
            "`Config` gets `Guard *Guard`, with `interval *metav1.Duration` and `workers *int32`",
            "Config.Guard *Guard | struct Guard {interval *metav1.Duration; workers *int32}",
        ),
        ("`Clock` in `a/b/types.go` shows `guarded`, a bool", "Clock.guarded bool"),
        ("Guest clock: `Clock` in `a/b/types.go` shows `guarded`, a bool", "Clock.guarded bool"),
        (
            "`Clock` tracks `runs`, an `int64`, and `last`, a `*metav1.Time`",
            "Clock.runs int64 | Clock.last *metav1.Time",
        ),
        (
            "API: a `ClockMode` string type with the constants `ClockModeOff` (\"Off\") and `ClockModeOn` (\"On\")",
            "enum ClockMode (ClockModeOff=Off ClockModeOn=On)",
        ),
        (
            "Annotation key `kubevirt.io/clock` as a constant `ClockAnnotation` in `a/b/types.go`",
            "annotation ClockAnnotation = kubevirt.io/clock",
        ),
        ("Condition: `ClockGuarded`, value `Guarded`, in `a/b/types.go`", "condition ClockGuarded = Guarded"),
        (
            "Add to `Clock` in `a/b/schema.go` the fields `in` and `out`, both `*resource.Quantity`",
            "Clock.in *resource.Quantity | Clock.out *resource.Quantity",
        ),
        ("Status: `ClockStatus` (types.go) reports `drift`, a `*int64`", "ClockStatus.drift *int64"),
        ("`Clock` in `a/b/schema.go` grows an optional `drift` of type `*int64`", "Clock.drift *int64 optional"),
        ("`ClockConfig` (`a/b/types.go`) accepts `drift` (`*bool`)", "ClockConfig.drift *bool"),
        ("Add `Clock.Drift *bool` in `a/b/types.go` and default it to false", "Clock.Drift *bool = false"),
        (
            "Add `Drift` (int32, 1..100, default 10) to `Clock`",
            "Clock.Drift int32 = 10 +kubebuilder:validation:Minimum=1 +kubebuilder:validation:Maximum=100",
        ),
        (
            "Add `Drifts []Drift` to `Clock`, a list map keyed by name",
            "Clock.Drifts []Drift +listType=map +listMapKey=name",
        ),
    ] {
        assert_eq!(shown("task", line), read, "{line}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn types_are_read_with_what_they_hold() {
    for (line, read) in [
        (
            "Add struct `PortRange` with fields `Protocol string`, `Start int32` and `End int32`",
            "struct PortRange {Protocol string; Start int32; End int32}",
        ),
        (
            "Add type RebootPolicy (Reboot, Terminate) and optional field `rebootPolicy` to `DomainSpec` in `a/schema.go`",
            "enum RebootPolicy (Reboot Terminate) | DomainSpec.rebootPolicy *RebootPolicy optional",
        ),
        ("Define enum `Compression` with values `none` and `zstd`", "enum Compression (none zstd)"),
        (
            "Add a string type `Mode` with constants `ModePush = \"Push\"`, `ModePull = \"Pull\"`",
            "enum Mode (ModePush=Push ModePull=Pull)",
        ),
        ("Add the value `Paused` to `RunState`", "more enum RunState (Paused)"),
        (
            "Add `type TDX struct { Attestation *Attestation; Socket string }`",
            "struct TDX {Attestation *Attestation; Socket string}",
        ),
        (
            "Add a `Selectors` struct with `Labels *metav1.LabelSelector`",
            "struct Selectors {Labels *metav1.LabelSelector}",
        ),
        (
            "Add an empty struct `TDX` and field `tdx *TDX` to `LaunchSecurity`",
            "struct TDX {} | LaunchSecurity.tdx *TDX",
        ),
        (
            "Create the type `Clock` with the fields `Offset` (`*int64`), `Source` (`string`)",
            "struct Clock {Offset *int64; Source string}",
        ),
        (
            "Introduce a new API type `Window` (`Start metav1.Time`) and reference it from `Status` as `window`",
            "struct Window {Start metav1.Time} | Status.window *Window",
        ),
        ("Model it as `type Timeout struct { Seconds int32 }`", "struct Timeout {Seconds int32}"),
        (
            "A struct named `Tier` with `Size int32`, used by `Disk` as `tier *Tier`",
            "struct Tier {Size int32} | Disk.tier *Tier",
        ),
        (
            "Add structs `Aa` with field `X int32` and `Bb` with field `Y *Aa`",
            "struct Aa {X int32} | struct Bb {Y *Aa}",
        ),
        (
            "Add `devices.pulse *Pulse`, where `Pulse` has `Enabled *bool`",
            "struct Pulse {Enabled *bool} | ! `devices.pulse *Pulse` is not a field",
        ),
        ("Define struct `Nothing` without fields", "struct Nothing {}"),
        (
            "Add struct `Vol` with fields `Type *string` (json `type`), `default string` and inline `v1.Source`",
            "struct Vol {Type *string json type; Default string; Source v1.Source}",
        ),
        ("Add struct `Vol` with `Name string` and `Base` (json `,inline`)", "struct Vol {Name string; Base Base}"),
        ("Inline `v1.Source`", "Source v1.Source"),
        ("`metav1.TypeMeta` (inline)", "TypeMeta metav1.TypeMeta"),
        ("Embed `Base` in `Vol`", "Vol.Base Base"),
        ("New enum `Cache` = `LRU` | `FIFO`", "enum Cache (LRU FIFO)"),
        ("Define `Reason` (string enum: `Drain`, `Manual`)", "enum Reason (Drain Manual)"),
        ("`Mode` is a string enum with values `a` and `b`", "enum Mode (a b)"),
        ("Allow a further `DiskBus` value, `nvme`", "more enum DiskBus (nvme)"),
        (
            "Add type `Act string` with constants `ActNone = \"None\"`, `ActReset = \"Reset\"`",
            "enum Act (ActNone=None ActReset=Reset)",
        ),
        (
            "Add type `Mode` with values On, Off and half-on (constants `ModeOn`, `ModeOff`, `ModeHalfOn`) to `a/types.go`",
            "enum Mode (ModeOn=On ModeOff=Off ModeHalfOn=half-on)",
        ),
        (
            "Add type `Mode` with the values `On` (`ModeOn`, the default) and `Off` (`ModeOff`)",
            "enum Mode (ModeOn=On ModeOff=Off)",
        ),
        (
            "Add enum `Mode` (`On`, `Off`) with the constants `KeepOn` and `KeepOff`",
            "enum Mode (KeepOn=On KeepOff=Off)",
        ),
        ("Add enum `Mode` with values: on, off", "enum Mode (on off)"),
        ("Add enum `Mode` with constants `ModeNone = \"\"` and `ModeOn = \"On\"`", "enum Mode (ModeNone= ModeOn=On)"),
        (
            "Add enum `Mode` with values On (`ModeOn`), Half (`ModeHalf`) or Off (`ModeOff`)",
            "enum Mode (ModeOn=On ModeHalf=Half ModeOff=Off)",
        ),
        ("Add enum `Mode` with the values Up, Down, which are read later", "enum Mode (Up Down)"),
        ("Add enum `Mode` (On (`ModeOn`), Off (`ModeOff`))", "enum Mode (ModeOn=On ModeOff=Off)"),
        ("Add enum `Mode` (`On` (the default), `Off`)", "enum Mode (On Off)"),
        (
            "Add string type `Mode` and constants `ModeOn`, `ModeOff`",
            "enum Mode () | ! `ModeOn` is the name of a constant, and the line does not say which value it stands for",
        ),
        (
            "Add the value `ModeOn` to `Mode`",
            "more enum Mode () | ! `ModeOn` is the name of a constant, and the line does not say which value it stands for",
        ),
        ("Add enum `Mode` (`On`, `Off`; constants `ModeOn`, `ModeOff`)", "enum Mode (ModeOn=On ModeOff=Off)"),
        ("Add enum `Mode` with values that `Other` reads", "enum Mode ()"),
        (
            "Add typed string `Mode` with constants `ModeOn` (\"On\") and `ModeOff` (\"Off\")",
            "enum Mode (ModeOn=On ModeOff=Off)",
        ),
    ] {
        assert_eq!(shown("task", line), read, "{line}");
    }
}

#[test]
fn constants_are_read_with_their_values() {
    for (line, read) in [
        (
            "Add annotation constant `OverheadAnnotation = \"kubevirt.io/overhead\"`",
            "annotation OverheadAnnotation = kubevirt.io/overhead",
        ),
        ("Add label `TDXLabel` with value `\"kubevirt.io/tdx\"`", "label TDXLabel = kubevirt.io/tdx"),
        ("Add condition reason `ReasonX = \"NotMigratable\"`", "reason ReasonX = NotMigratable"),
        ("Add constant `Done ConditionType = \"Done\"`", "const Done ConditionType = Done"),
        ("Introduce the label `ZoneLabel` with the value `kubevirt.io/zone`", "label ZoneLabel = kubevirt.io/zone"),
        (
            "Define annotation key `kubevirt.io/zone` as `ZoneAnnotation`",
            "annotation ZoneAnnotation = kubevirt.io/zone",
        ),
        ("Add a VMI condition type `PulseLost` (\"Lost\")", "condition PulseLost = Lost"),
        (
            "Add the labels `kubevirt.io/a` (`ALabel`) and `kubevirt.io/b` (`BLabel`)",
            "label ALabel = kubevirt.io/a | label BLabel = kubevirt.io/b",
        ),
        (
            "Add the label `kubevirt.io/zone`",
            "label  = kubevirt.io/zone | ! it does not name the constant for `kubevirt.io/zone`",
        ),
        ("Add label `TDXLabel`", "label TDXLabel = ? | ! it does not give the value of `TDXLabel`"),
    ] {
        assert_eq!(shown("task", line), read, "{line}");
    }
}

#[test]
fn what_is_not_exact_is_a_fault_and_what_asks_nothing_is_nothing() {
    assert_eq!(
        shown("enum", "`Mode` (`ModeOn`, `ModeOff`)"),
        "enum Mode () | ! `ModeOn` is the name of a constant, and the line does not say which value it stands for"
    );
    assert_eq!(shown("enum", "`Mode`: on, off"), "enum Mode (on off)");
    for (line, fault) in [
        ("Add `a string` (json `a b`) to `Sa`", "`a b` is not the JSON name of a field"),
        ("Add `a string` (json `,inline`) to `Sa`", "`,inline` is about a field without a name of its own"),
        ("Add `a string` to `Sa` and remove `b` from `Sb`", "it also says `remove`"),
        ("Add field `a b c` to `Sa`", "`a b c` is not a field"),
        ("Add field `a` of type `*` to `Sa`", "`*` is not a type"),
    ] {
        assert_eq!(api("task", line).fault.as_deref(), Some(fault), "{line}");
    }
    for line in ["Run `make generate` after changes", "Refuse a clock", "The `Interface` is read by `Controller`"] {
        assert_eq!(api("task", line), ApiReading::default(), "{line}");
    }
    let vague = api("task", "Add new optional fields for feature");
    assert!(vague.asks && vague.demands.is_empty() && vague.fault.is_none());
    assert_eq!(shown("task", "Add an optional field to `VirtualMachineInstanceSpec`"), "in VirtualMachineInstanceSpec");
}

#[test]
fn what_stands_behind_a_dash_is_a_description() {
    for (line, read, said) in [
        (
            "Add `A *int64` to `Sa` - how long it may take. Defaults to 3",
            "Sa.A *int64",
            Some("how long it may take. Defaults to 3"),
        ),
        ("Add `A *int64` to `Sa` — maximum of `B` (optional)", "Sa.A *int64 optional", Some("maximum of `B`")),
        ("Add `A *int64` to `Sa` - it does not count", "Sa.A *int64", Some("it does not count")),
        ("Add constant `A Kind = \"a\"` - set when it waits", "const A Kind = a", Some("set when it waits")),
        ("Add struct `Sa` with `A int` - one of many", "struct Sa {A int}", Some("one of many")),
        ("Add `A *int64` to `Sa` - optional, defaults to 3", "Sa.A *int64 optional = 3", None),
        ("Add `A *int64` to `Sa`; it limits how long it waits", "Sa.A *int64", Some("limits how long it waits")),
        ("Add `A *int64` to `Sa`; it defaults to 3", "Sa.A *int64", None),
        ("New field `A *int64` in `Sa`, \"A is the time (in s)\"", "Sa.A *int64", Some("A is the time (in s)")),
        ("Add `A *int64` to `Sa` with the comment “A is it, or not.”", "Sa.A *int64", Some("A is it, or not.")),
        ("Add `A *int64` to `Sa`, called \"the time of it\"", "Sa.A *int64", None),
        (
            "Add `A *int64` to `Sa` - and `B *int64` to `Sb`",
            "A *int64 | B *int64 | ! it names both `Sa` and `Sb`: which one gets it?",
            None,
        ),
        ("Add field `A` to `Sa` - a `*int64`", "Sa.A ?", None),
    ] {
        let reading = api("task", line);
        if said.is_some() {
            assert_eq!(shown("task", line), read, "{line}");
        }
        let found = reading.demands.first().and_then(|demand| match demand {
            ApiDemand::Field(one) => one.doc.0.as_deref(),
            ApiDemand::Struct(one) => one.doc.0.as_deref(),
            ApiDemand::Enum(one) => one.doc.0.as_deref(),
            ApiDemand::Constant(one) => one.doc.0.as_deref(),
        });
        assert_eq!(found, said, "{line}");
    }
    assert_eq!(api("task", "Add `A *int64` to `Sa` - and drop `B`").fault.as_deref(), Some("it also says `drop`"));
}

#[test]
fn another_struct_may_get_the_same_field() {
    for line in [
        "Add struct `Sa` with an optional field `x` (`*string`), and give `Sb` the same field",
        "Add struct `Sa` with an optional field `x` (`*string`); add the same field to `Sb`",
    ] {
        assert_eq!(shown("task", line), "struct Sa {x *string optional} | Sb.x *string optional", "{line}");
    }
    assert_eq!(
        shown("task", "Add `x *string` and `y bool` to `Sa` and give `Sb` the same fields"),
        "Sa.x *string | Sa.y bool | Sb.x *string optional | Sb.y bool required"
    );
    assert_eq!(
        api("task", "Add struct `Sa` with `X int` and `Y int`, and give `Sb` the same field").fault.as_deref(),
        Some("which field `Sb` gets as well is not understood")
    );
}
