//! Names of fields and values.

use crate::name::Name;

/// A field's name in Go: what is spelled as Go does is taken as it is, and a type of the same letters spells it.
pub(super) fn go_name(asked: &str, base: &str) -> String {
    let bare = base.rsplit('.').next().unwrap_or(base);
    if asked.starts_with(char::is_uppercase) {
        return asked.to_owned();
    }
    if bare.eq_ignore_ascii_case(asked) && bare.starts_with(char::is_uppercase) {
        return bare.to_owned();
    }
    // `vmiName` is VMIName: the first word in KubeVirt's spelling, the rest as it is.
    let first = asked.find(char::is_uppercase).unwrap_or(asked.len());
    format!("{}{}", Name::parse(&asked[..first]).pascal(), &asked[first..])
}

/// A field's name in JSON: the capitals that it begins with are small.
pub(super) fn json_name(name: &str) -> String {
    let capitals = name.len() - name.trim_start_matches(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()).len();
    // `GPUs` are gpus.
    let small = match &name[capitals..] {
        "" | "s" => capitals,
        _ => capitals.saturating_sub(1).max(1),
    };
    name[..small].to_lowercase() + &name[small..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_are_spelled_as_the_api_does() {
        for (go, json) in [
            ("MemoryOverhead", "memoryOverhead"),
            ("TDX", "tdx"),
            ("VMIName", "vmiName"),
            ("GPUs", "gpus"),
            ("OS", "os"),
            ("CARotateInterval", "caRotateInterval"),
            ("X", "x"),
        ] {
            assert_eq!(json_name(go), json);
        }
        for (json, base, go) in [
            ("memoryOverhead", "resource.Quantity", "MemoryOverhead"),
            ("tdx", "TDX", "TDX"),
            ("vmiName", "string", "VMIName"),
            ("rebootPolicy", "RebootPolicy", "RebootPolicy"),
        ] {
            assert_eq!(go_name(json, base), go);
        }
    }
}
