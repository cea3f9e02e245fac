//! Dependencies that are needed on some platforms only: lists in a `select`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::edit::list;
use super::label::sorted;
use super::read::Sum;
use crate::go::Platforms;

/// The target of every condition of rules_go.
const CONDITION: &str = "@io_bazel_rules_go//go/platform:";
const DEFAULT: &str = "//conditions:default";

/// Labels, and where each is needed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Deps {
    labels: BTreeMap<String, Platforms>,
}

impl Deps {
    /// Labels that are needed everywhere, and others.
    pub(super) fn new(everywhere: Vec<String>, conditional: &[(String, Platforms)]) -> Self {
        let mut deps = Self::default();
        for (label, platforms) in conditional {
            deps.insert(label.clone(), platforms.clone());
        }
        for label in everywhere {
            deps.insert(label, Platforms::All);
        }
        deps
    }

    /// The labels of an attribute; nothing if it has other conditions than platforms.
    pub(super) fn of(sum: Sum) -> Option<Self> {
        let mut deps = Self::new(sum.plain, &[]);
        for select in sum.selects {
            let mut conditions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (condition, labels) in select {
                if condition == DEFAULT && labels.is_empty() {
                    continue;
                }
                let name = condition.strip_prefix(CONDITION).filter(|_| !labels.is_empty())?;
                for label in labels {
                    conditions.entry(label).or_default().insert(name.to_owned());
                }
            }
            for (label, names) in conditions {
                deps.insert(label, Platforms::of_conditions(names)?);
            }
        }
        Some(deps)
    }

    pub(super) fn add(&mut self, other: Self) {
        for (label, platforms) in other.labels {
            self.insert(label, platforms);
        }
    }

    fn insert(&mut self, label: String, platforms: Platforms) {
        let known = self.labels.remove(&label);
        let platforms = known.map_or(platforms.clone(), |known| known.or(platforms));
        self.labels.insert(label, platforms);
    }

    /// The value of the attribute; nothing if there is nothing to list.
    pub(super) fn text(&self, indentation: &str) -> Option<String> {
        let everywhere = self.labels.iter().filter(|(_, platforms)| **platforms == Platforms::All);
        let everywhere: Vec<String> = everywhere.map(|(label, _)| label.clone()).collect();
        let mut parts = Vec::new();
        if !everywhere.is_empty() {
            parts.push(list(&everywhere, indentation));
        }
        let systems = self.conditions(|platforms| if let Platforms::Os(set) = platforms { Some(set) } else { None });
        let processors =
            self.conditions(|platforms| if let Platforms::Arch(set) = platforms { Some(set) } else { None });
        let pairs = self.conditions(|platforms| if let Platforms::Pairs(set) = platforms { Some(set) } else { None });
        for conditions in [systems, processors, pairs].into_iter().filter(|conditions| !conditions.is_empty()) {
            parts.push(select(&conditions, indentation));
        }
        (!parts.is_empty()).then(|| parts.join(" + "))
    }

    /// The labels of every condition of a kind.
    fn conditions(&self, of_kind: impl Fn(&Platforms) -> Option<&BTreeSet<String>>) -> BTreeMap<&str, Vec<String>> {
        let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (label, platforms) in &self.labels {
            for name in of_kind(platforms).into_iter().flatten() {
                found.entry(name).or_default().push(label.clone());
            }
        }
        found
    }
}

fn select(conditions: &BTreeMap<&str, Vec<String>>, indentation: &str) -> String {
    let mut text = String::from("select({\n");
    for (name, labels) in conditions {
        let _ = writeln!(text, "{indentation}    \"{CONDITION}{name}\": [");
        for label in sorted(labels.clone()) {
            let _ = writeln!(text, "{indentation}        \"{label}\",");
        }
        let _ = writeln!(text, "{indentation}    ],");
    }
    let _ = write!(text, "{indentation}    \"{DEFAULT}\": [],\n{indentation}}})");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build_file::read::sum;

    const VALUE: &str = "[\n        \"//a\",\n    ] + select({\n        \"@io_bazel_rules_go//go/platform:amd64\": [\n            \"//b\",\n            \"//c\",\n        ],\n        \"@io_bazel_rules_go//go/platform:s390x\": [\n            \"//b\",\n        ],\n        \"//conditions:default\": [],\n    })";

    fn arch(names: &[&str]) -> Platforms {
        Platforms::Arch(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn what_becomes_common_leaves_the_conditions() {
        let mut deps = Deps::of(sum(VALUE).unwrap()).unwrap();
        deps.add(Deps::new(vec!["//b".to_owned()], &[]));
        let text = deps.text("    ").unwrap();
        assert!(text.starts_with("[\n        \"//a\",\n        \"//b\",\n    ] + select({\n"), "{text}");
        assert!(!text.contains("s390x") && text.matches("//b").count() == 1, "{text}");
    }

    #[test]
    fn a_file_of_one_platform_adds_to_its_condition() {
        let mut deps = Deps::of(sum(VALUE).unwrap()).unwrap();
        deps.add(Deps::new(Vec::new(), &[("//c".to_owned(), arch(&["s390x"]))]));
        let text = deps.text("    ").unwrap();
        assert_eq!(text.matches("\"//c\"").count(), 2, "{text}");
        assert!(text.ends_with("        \"//conditions:default\": [],\n    })"), "{text}");
    }

    #[test]
    fn other_conditions_are_not_touched() {
        assert_eq!(Deps::of(sum("select({\"//c:x\": [\"//a\"]})").unwrap()), None);
        assert_eq!(sum("[\"//a\"]  # keep\n"), None);
        assert_eq!(sum("[\"//a\"] + X"), None);
    }
}
