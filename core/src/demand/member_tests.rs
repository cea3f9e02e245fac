//! Lines about fields of structs.

use super::*;

fn shown(line: &str) -> String {
    let field = |field: &FieldDemand| {
        let ty = field.ty.as_ref().map_or("?", |ty| ty.text.as_str());
        format!("{} {ty} {}", field.name, field.tag.as_deref().unwrap_or("-"))
    };
    match members(line, false) {
        Err(why) => format!("error: {why}"),
        Ok(None) => "nothing".to_owned(),
        Ok(Some(found)) => {
            let new = found.new_struct.map(|name| format!("struct {name}: ")).unwrap_or_default();
            let other = found.underlying.map(|ty| ty.text).unwrap_or_default();
            let heads = found.methods.unwrap_or_default();
            let heads: Vec<String> = heads.iter().map(|head| format!("{}{}", head.name, head.signature())).collect();
            let new = if found.is_empty { format!("empty {new}") } else { new };
            let new = format!("{new}{other}{}", heads.join("; "));
            let to = found.parent.map(|name| format!(" > {name}")).unwrap_or_default();
            format!("{new}{}{to}", found.fields.iter().map(field).collect::<Vec<_>>().join("; "))
        }
    }
}

#[test]
fn lines_are_read_exactly() {
    for (line, read) in [
        (
            "Add `OnReboot string` with xml tag `on_reboot,omitempty` to the libvirt `DomainSpec` in `pkg/a/schema.go`",
            "OnReboot string xml:\"on_reboot,omitempty\" > DomainSpec",
        ),
        (
            "Add OnReboot string with xml tag on_reboot,omitempty to the libvirt DomainSpec",
            "OnReboot string xml:\"on_reboot,omitempty\" > DomainSpec",
        ),
        (
            "Add field `Target *ControllerTarget` (`xml:\"target,omitempty\"`) to `Controller`",
            "Target *ControllerTarget xml:\"target,omitempty\" > Controller",
        ),
        (
            "Add a field `Hotplug` of type `string` (xml `hotplug,attr,omitempty`) to `ControllerTarget`",
            "Hotplug string xml:\"hotplug,attr,omitempty\" > ControllerTarget",
        ),
        (
            "Extend `HostDevice` with `Driver *HostDevDriver` (xml: `driver,omitempty`) and `ACPI *ACPIHostDev` (xml: `acpi,omitempty`)",
            "Driver *HostDevDriver xml:\"driver,omitempty\"; ACPI *ACPIHostDev xml:\"acpi,omitempty\" > HostDevice",
        ),
        (
            "Add struct `IOMMUDevice` with fields `Model string` (xml attribute `model`) and `Driver *IOMMUDriver` (xml element `driver`, omitempty)",
            "struct IOMMUDevice: Model string xml:\"model,attr\"; Driver *IOMMUDriver xml:\"driver,omitempty\"",
        ),
        (
            "Add the struct `HostDevDriver` with `Iommufd string `xml:\"iommufd,attr,omitempty\"``",
            "struct HostDevDriver: Iommufd string xml:\"iommufd,attr,omitempty\"",
        ),
        (
            "Define a new type `QGS` with field `Path string` (xml tag `path,attr`)",
            "struct QGS: Path string xml:\"path,attr\"",
        ),
        ("Firmware: add `Kernel string` (xml `kernel`) to OS", "Kernel string xml:\"kernel\" > OS"),
        ("New struct `A` with `B *uint32` (xml `b`)", "struct A: B *uint32 xml:\"b\""),
        ("Extend `convert` to set the `a` field of `B`", "nothing"),
        ("Add field `X` to `Y`", "error: the line does not give the type of `X`"),
        ("Add `DiskIDs []string` to the `VirtualMachineOptions` struct", "DiskIDs []string - > VirtualMachineOptions"),
        ("Add the constant `A = \"b\"`", "nothing"),
        ("Add a method `Run()` to `T`", "nothing"),
        ("Use `A string` of `B`", "nothing"),
        ("Add a field for the mode", "nothing"),
        ("`B` gets an `A string` (xml `a`) after `C`", "A string xml:\"a\" > B"),
        ("Add `A string` like `C` to `B`", "error: the purpose of `C` is not understood"),
    ] {
        assert_eq!(shown(line), read, "{line}");
    }
}

#[test]
fn types_are_declared() {
    for (line, read) in [
        ("Add an empty struct `noClock`", "empty struct noClock: "),
        (
            "`a/b.go`: type `Store` (struct with `mu sync.Mutex`, `all map[string]string`), constructor `NewStore() *Store`",
            "struct Store: mu sync.Mutex -; all map[string]string -",
        ),
        ("Add type `Drift int64`", "struct Drift: int64"),
        (
            "Define a new type `dialFunc func(port uint32) (net.Conn, error)`",
            "struct dialFunc: func(port uint32) (net.Conn, error)",
        ),
        ("Introduce a map type `masks map[string]*Mask` for it", "struct masks: map[string]*Mask"),
        (
            "Add interface `Clock` with methods `Now() time.Time` and `Set(zone string) error`",
            "struct Clock: Now() time.Time; Set(zone string) error",
        ),
        ("Define the `Clock` interface with `Now()`", "struct Clock: Now()"),
        (
            "Introduce a `Clock` interface with `Now()` and `Set(zone string)` in `pkg/a/b.go`, plus a type",
            "struct Clock: Now(); Set(zone string)",
        ),
        ("Add interface `Clock` with methods `Now()`, and a function `f(a int) error`", "struct Clock: Now()"),
        ("Extend the `Clock` interface with `Now()`", "nothing"),
        (
            "Add struct `reader` with fields `cache *Cache` and embedded `*sync.Mutex`",
            "struct reader: cache *Cache -;  *sync.Mutex -",
        ),
        (
            "New struct `reader` with fields `metav1.ObjectMeta`, `cache Cache`",
            "struct reader:  metav1.ObjectMeta -; cache Cache -",
        ),
        ("Define a new struct `Cache` (fields `a, b int`)", "error: the purpose of `a, b int` is not understood"),
        ("Add a field `Drift` of type `int64` to `Clock`", "Drift int64 - > Clock"),
        ("Add type `A int` and `B string`", "error: it declares one type and states another"),
        ("Add the method `Now()` to the interface `Clock` with a comment", "nothing"),
    ] {
        assert_eq!(shown(line).trim_end(), read.trim_end(), "{line}");
    }
}
