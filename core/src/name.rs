//! Names: words, and the cases that Go, files and documents write them in.

use heck::ToSnakeCase;

/// Words that KubeVirt writes in one fixed way wherever they stand in a Go identifier.
const INITIALISMS: &[&str] = &[
    "ACPI", "AMD", "API", "ARM", "BIOS", "CBT", "CDI", "CID", "CNI", "CPU", "CR", "CRD", "CSI", "DHCP", "DNS", "DRA",
    "EFI", "FS", "GPU", "HTTP", "HTTPS", "HyperV", "ID", "IO", "IOMMU", "IOMMUFD", "IP", "IPAM", "JSON", "KSM", "KVM",
    "L1VH", "LUN", "MAC", "MDEV", "MIG", "MSHV", "MTU", "NAD", "NFS", "NIC", "NUMA", "NVRAM", "OCI", "OVMF", "PCI",
    "PVC", "QEMU", "QoS", "RAM", "RBAC", "RNG", "RTC", "SCSI", "SEV", "SGX", "SMBIOS", "SMM", "SNP", "SRIOV", "SSH",
    "TCG", "TDX", "TLS", "TPM", "TSC", "UEFI", "UID", "URL", "USB", "UUID", "VCPU", "VFIO", "VGPU", "VirtIO",
    "VirtIOFS", "VLAN", "VM", "VMI", "VMIM", "VMIRS", "VNC", "VSOCK", "VXLAN", "XML", "YAML",
];

/// Spellings of prose that are one word in a name.
const JOINED: &[(&str, &str)] =
    &[("Hyper-V", "HyperV"), ("hyper-v", "hyperv"), ("SR-IOV", "SRIOV"), ("sr-iov", "sriov")];

/// A name as a list of lower-case words; it can be written in any case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    words: Vec<String>,
}

impl Name {
    /// The words of a name, however it is written: `guest-heartbeat`, `Guest Heartbeat`,
    /// `guest_heartbeat` and `GuestHeartbeat` are the same.
    pub fn parse(text: &str) -> Self {
        let mut text = text.to_owned();
        for (prose, joined) in JOINED {
            text = text.replace(prose, joined);
        }
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|chunk| !chunk.is_empty())
            .flat_map(split_camel)
            .collect();
        Self { words }
    }

    /// Whether there is no word in it.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words in lower case, in order.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// This name without the words of `suffix` at its end, unless nothing would be left.
    pub fn without_suffix(&self, suffix: &[&str]) -> Self {
        let kept = self.words.len().saturating_sub(suffix.len());
        let ends = self.words[kept..].iter().map(String::as_str).eq(suffix.iter().copied());
        let words = if ends && kept > 0 { &self.words[..kept] } else { &self.words[..] };
        Self { words: words.to_vec() }
    }

    /// An exported Go identifier: `GuestHeartbeat`, `VMIHeartbeat`.
    pub fn pascal(&self) -> String {
        self.words.iter().map(|word| canonical(word).unwrap_or_else(|| capitalized(word))).collect()
    }

    /// An unexported Go identifier, and a JSON field: `guestHeartbeat`, `vmiHeartbeat`.
    pub fn camel(&self) -> String {
        let rest = Self { words: self.words.iter().skip(1).cloned().collect() };
        self.words.first().cloned().unwrap_or_default() + &rest.pascal()
    }

    /// A Go file name: `guest_heartbeat`.
    pub fn snake(&self) -> String {
        self.words.join("_")
    }

    /// A document's file name, and a slug: `guest-heartbeat`.
    pub fn kebab(&self) -> String {
        self.words.join("-")
    }

    /// A Go package name: one lower-case word.
    pub fn flat(&self) -> String {
        self.words.concat()
    }

    /// A heading: `Guest Heartbeat`.
    pub fn title(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|w| canonical(w).unwrap_or_else(|| capitalized(w))).collect();
        words.join(" ")
    }
}

/// The fixed spelling of a word, also of its plural.
fn canonical(word: &str) -> Option<String> {
    let find = |word: &str| INITIALISMS.iter().find(|known| known.eq_ignore_ascii_case(word));
    find(word)
        .map(|known| (*known).to_owned())
        .or_else(|| word.strip_suffix('s').and_then(find).map(|known| format!("{known}s")))
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// The words of `HyperVLayered`: known initialisms first, the rest as heck splits it.
fn split_camel(chunk: &str) -> Vec<String> {
    let mut marked = String::with_capacity(chunk.len() + 8);
    let mut rest = chunk;
    let mut boundary = true;
    while let Some(first) = rest.chars().next() {
        if boundary && let Some((known, length)) = initialism_at(rest) {
            marked.push('_');
            marked.push_str(&known);
            marked.push('_');
            rest = &rest[length..];
            continue;
        }
        marked.push(first);
        rest = &rest[first.len_utf8()..];
        boundary = !first.is_uppercase() && rest.chars().next().is_some_and(char::is_uppercase);
    }
    marked.to_snake_case().split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The longest initialism at the start of `text` that ends where a new word can start.
fn initialism_at(text: &str) -> Option<(String, usize)> {
    INITIALISMS
        .iter()
        .filter(|known| text.starts_with(**known))
        .filter_map(|known| {
            let plural = usize::from(text[known.len()..].starts_with('s'));
            [plural, 0].into_iter().map(|extra| known.len() + extra).find(|&length| {
                !text[length..].chars().next().is_some_and(|next| next.is_lowercase() || next.is_ascii_digit())
            })
        })
        .max()
        .map(|length| (text[..length].to_lowercase(), length))
}

/// The letters and digits of a text in lower case: what is the same in all spellings of a name.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A text with a capital letter in front.
pub fn upper_first(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// `text` with a small first word, unless that is an initialism or an identifier: prose that
/// becomes a spec's text follows other words.
pub fn lower_first(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let plain = |part: &str| {
        part.chars().skip(1).all(|c| c.is_lowercase() || matches!(c, '\'' | ',' | ':')) && canonical(part).is_none()
    };
    let is_letter = first.chars().count() == 1 && first != "A";
    if is_letter || !first.split('-').all(plain) {
        return text.to_owned();
    }
    first.to_lowercase() + &text[text.find(first).unwrap_or(0) + first.len()..]
}

/// Go's reserved words.
const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Whether Go reserves `text`.
pub(crate) fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

/// A value as a part of a Go name.
pub(crate) fn pascal(value: &str) -> String {
    let parts = value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

/// Whether `text` can stand as a name in Go.
pub fn is_go_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || is_letter(c))
        && chars.all(|c| c == '_' || is_letter(c) || c.is_ascii_digit())
        && !is_keyword(text)
}

/// A letter that a name here can have. Go takes those of all scripts, among them many that look like Latin
/// ones; and not everything that Unicode calls alphabetic is a letter to Go.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}') && c.is_alphabetic()
}

/// The names that Go has in every package.
const PREDECLARED: &[&str] = &[
    "any",
    "append",
    "bool",
    "byte",
    "cap",
    "clear",
    "close",
    "comparable",
    "complex",
    "complex128",
    "complex64",
    "copy",
    "delete",
    "error",
    "false",
    "float32",
    "float64",
    "imag",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "iota",
    "len",
    "make",
    "max",
    "min",
    "new",
    "nil",
    "panic",
    "print",
    "println",
    "real",
    "recover",
    "rune",
    "string",
    "true",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];

/// Whether Go has a name in every package, so that another meaning would hide it.
pub fn is_predeclared(name: &str) -> bool {
    PREDECLARED.contains(&name)
}

/// Whether a function, a type, a variable or a constant of a package can have a name: Go calls `init` and `main`
/// by itself, and what it has in every package must not be hidden from the rest of this one.
pub fn is_free_name(name: &str) -> bool {
    is_go_identifier(name) && !is_predeclared(name) && !matches!(name, "_" | "init" | "main")
}

/// Whether `text` is an exported identifier of plain ASCII, as every KubeVirt feature gate is.
pub fn is_gate_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The candidates that may have been meant by a name that is not among them, the most likely first.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let like = candidates.into_iter().map(|name| (strsim::jaro_winkler(wanted, name), name));
    let mut like: Vec<(f64, &str)> = like.filter(|(likeness, _)| *likeness > 0.88).collect();
    like.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    like.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_gives_the_same_words() {
        for text in ["guest-heartbeat", "Guest Heartbeat", "guest_heartbeat", "GuestHeartbeat", "guestHeartbeat"] {
            assert_eq!(Name::parse(text).snake(), "guest_heartbeat", "{text}");
        }
    }

    #[test]
    fn initialisms_are_one_word_and_keep_their_case() {
        for (text, pascal, snake) in [
            ("Hyper-V Layered", "HyperVLayered", "hyperv_layered"),
            ("HyperVLayered", "HyperVLayered", "hyperv_layered"),
            ("vmi-heartbeat", "VMIHeartbeat", "vmi_heartbeat"),
            ("VMI Hypervisor Metric", "VMIHypervisorMetric", "vmi_hypervisor_metric"),
            ("GPUsWithDRA", "GPUsWithDRA", "gpus_with_dra"),
            ("IOMMUFD", "IOMMUFD", "iommufd"),
            ("GraceIOVirtualization", "GraceIOVirtualization", "grace_io_virtualization"),
            ("PCIHole64", "PCIHole64", "pci_hole64"),
            ("VirtIOFSStorage", "VirtIOFSStorage", "virtiofs_storage"),
            ("Identity", "Identity", "identity"),
            ("VLANTrunk", "VLANTrunk", "vlan_trunk"),
            ("Migration", "Migration", "migration"),
        ] {
            assert_eq!(Name::parse(text).pascal(), pascal, "{text}");
            assert_eq!(Name::parse(text).snake(), snake, "{text}");
        }
    }

    #[test]
    fn camel_case_starts_small() {
        assert_eq!(Name::parse("VMI heartbeat").camel(), "vmiHeartbeat");
        assert_eq!(Name::parse("guest-heartbeat").camel(), "guestHeartbeat");
        assert_eq!(Name::parse("HyperV Layered").camel(), "hypervLayered");
    }

    #[test]
    fn prose_loses_its_capital_but_initialisms_keep_theirs() {
        assert_eq!(lower_first("Metric appears"), "metric appears");
        assert_eq!(lower_first("VMI migration"), "VMI migration");
        assert_eq!(lower_first("KVM-enabled VMIs"), "KVM-enabled VMIs");
        assert_eq!(lower_first("A guest"), "a guest");
        assert_eq!(lower_first("X axis"), "X axis");
        assert_eq!(lower_first("Multi-Node scenarios"), "multi-node scenarios");
        assert_eq!(lower_first("HyperV works"), "HyperV works");
    }

    #[test]
    fn the_nearest_name_comes_first() {
        let gates = ["DiskMirror", "NetworkPool", "DiskMirroring", "DiskMirroringFast"];
        assert_eq!(nearest("DiskMiroring", gates), ["DiskMirroring", "DiskMirroringFast", "DiskMirror"]);
        assert!(nearest("GuestClock", gates).is_empty());
    }

    #[test]
    fn identifiers_are_checked_as_go_does() {
        assert!(is_go_identifier("handleVMIAdd") && is_go_identifier("_x") && is_go_identifier("größe"));
        assert!(!is_go_identifier("9lives") && !is_go_identifier("a-b") && !is_go_identifier("func"));
        for name in ["x²", "vіrt", "x\u{301}", "Ⅷ", "ⓐ", "日本"] {
            assert!(!is_go_identifier(name), "{name}");
        }
        assert!(["init", "main", "_", "len", "error", "func"].iter().all(|name| !is_free_name(name)));
        assert!(is_free_name("initialize") && is_free_name("lens"));
        assert!(is_gate_name("GuestHeartbeat") && !is_gate_name("guestHeartbeat") && !is_gate_name("Guest_Heartbeat"));
    }
}
