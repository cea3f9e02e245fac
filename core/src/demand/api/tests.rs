use super::*;

/// A reading on one line.
fn shown(key: &str, line: &str) -> String {
    let reading = api(key, line);
    let field = |field: &ApiField| {
        let ty = field.ty.as_ref().map_or("?", |ty| ty.text.as_str());
        let parent = field.parent.as_ref().map(|parent| format!("{parent}.")).unwrap_or_default();
        let json = field.json.as_ref().map(|json| format!(" json {json}")).unwrap_or_default();
        let optional = match field.optional {
            Some(true) => " optional",
            Some(false) => " required",
            None => "",
        };
        let markers = field.markers.iter().fold(String::new(), |all, marker| all + " " + marker);
        let deprecated = field.deprecated.as_ref().map(|text| format!(" deprecated: {text}")).unwrap_or_default();
        format!("{parent}{} {ty}{json}{optional}{markers}{deprecated}", field.name)
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
        ("Add `Foo string` with json tag `foo,omitempty` to `Bar`", "Bar.Foo string json foo optional"),
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
        ("Add label `TDXLabel`", "label TDXLabel = ? | ! it says no value of `TDXLabel`"),
    ] {
        assert_eq!(shown("task", line), read, "{line}");
    }
}

#[test]
fn what_is_not_exact_is_a_fault_and_what_asks_nothing_is_nothing() {
    for (line, fault) in [
        ("Add `a string` to `Sa` and remove `b` from `Sb`", "it also says `remove`"),
        ("Add `a string` to `Sa` and to `Sb`", "it names both `Sa` and `Sb`: which gets it?"),
        ("Add field `a b c` to `Sa`", "`a b c` is not a field"),
        ("Add field `a` of type `*` to `Sa`", "`*` is not a type"),
        ("Add `a string` to `spec.domain`", "`spec.domain` is not the name of a struct"),
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
