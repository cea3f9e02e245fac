//! The domain's XML in the examples of a VEP: elements and attributes that the checkout's schema lacks.

use std::collections::BTreeSet;

use super::left_out::{self, LeftOut};
use super::sentences::Sentence;
use super::{Topic, Vep};
use crate::survey::Survey;
use crate::text::Span;

/// Where the domain's XML is declared.
pub(super) const SCHEMA: &str = "pkg/virt-launcher/virtwrap/api/schema.go";

/// XML of libvirt that is no domain's.
const OTHERS: &[&str] = &[
    "capabilities",
    "domainCapabilities",
    "network",
    "pool",
    "volume",
    "secret",
    "nwfilter",
    "domainsnapshot",
    "domaincheckpoint",
    "domainbackup",
];

/// Names that the schema lacks, each with the line of the example.
pub(super) fn lacking(
    vep: &Vep,
    all: &[Sentence],
    survey: &Survey<'_>,
    left_out: &mut Vec<LeftOut>,
) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    let mut known: Option<BTreeSet<String>> = None;
    let text = vep.document.source.text();
    for (code, topic) in vep.code() {
        if !matches!(code.language.as_str(), "xml" | "html" | "diff" | "") || topic == Topic::Testing {
            continue;
        }
        let body = code.body.of(text);
        let names = names(body);
        let Some((first, ..)) = names.first() else { continue };
        if OTHERS.contains(first) || !names.iter().any(|(_, _, is_attribute)| *is_attribute) && names.len() < 3 {
            continue;
        }
        if known.is_none() {
            let Some(schema) = survey.text(SCHEMA).ok().flatten() else { return found };
            known = Some(declared(&schema));
        }
        let Some(known) = &known else { return found };
        // A block in which the schema knows nothing is about something else.
        if !names.iter().any(|(name, ..)| known.contains(*name)) {
            continue;
        }
        let is_new = names.iter().any(|(name, ..)| !known.contains(*name));
        if is_new && left_out::is_shown_only(vep, &code, all) {
            let span = vep.document.lines_in(code.body).first().map_or(code.body, |line| line.span);
            left_out.push(LeftOut { what: "the XML".to_owned(), span, why: "the VEP only shows it: others write it" });
            continue;
        }
        for (name, at, _) in &names {
            if !known.contains(*name) && !found.iter().any(|(known, _)| known == name) {
                let start = code.body.start + at;
                let line = vep.document.lines.iter().find(|line| line.span.contains(start));
                found.push(((*name).to_owned(), line.map_or(Span::at(start), |line| line.span)));
            }
        }
    }
    found
}

/// The names that tags of a Go file give to elements and attributes.
fn declared(schema: &str) -> BTreeSet<String> {
    let tags = schema.split("xml:\"").skip(1).filter_map(|rest| rest.split('"').next());
    let names = tags.filter_map(|tag| tag.split(',').next());
    names.flat_map(|name| name.split([' ', '>'])).map(str::to_owned).collect()
}

/// Elements and attributes of a text, where each stands, and whether it is an attribute. Comments hold none.
fn names(body: &str) -> Vec<(&str, usize, bool)> {
    let mut found = Vec::new();
    let mut at = 0;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '.');
    while let Some(open) = body[at..].find('<').map(|open| at + open) {
        let rest = &body[open + 1..];
        if rest.starts_with("!--") {
            at = rest.find("-->").map_or(body.len(), |end| open + 1 + end);
            continue;
        }
        at = open + 1;
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(length);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !behind.starts_with(['>', '/', ' ', '\n', '\t']) {
            continue;
        }
        // `<name>` in a text is a placeholder; what an XML holds is closed.
        let end = behind.find('>').unwrap_or(behind.len());
        let closed = behind[..end].ends_with('/') || body.contains(&format!("</{name}"));
        if !closed {
            continue;
        }
        found.push((name, open + 1, false));
        let attributes = &behind[..end];
        for (equals, _) in attributes.match_indices('=') {
            let before = &attributes[..equals];
            let start = before.rfind(|c| !is_name(c)).map_or(0, |start| start + 1);
            let is_quoted = attributes[equals + 1..].starts_with(['"', '\'']);
            if is_quoted && before[start..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                found.push((&before[start..], open + 1 + length + start, true));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_elements_and_of_attributes() {
        let names = |text| names(text).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
        assert_eq!(
            names("<iommu model='smmu'>\n  <driver ats=\"on\"/>\n</iommu>"),
            ["iommu", "model", "driver", "ats"]
        );
        assert_eq!(names("<!-- <gone/> --> <b/> a < b, <name> and <c"), ["b"]);
        assert_eq!(
            declared("A string `xml:\"a,attr\"`\nB `xml:\"urn b\"`"),
            ["a", "b", "urn"].map(str::to_owned).into()
        );
    }
}
