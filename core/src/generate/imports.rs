//! How the imports of mocks are grouped: goimports does that after the generators, with the checkout's own prefix last.

/// The prefix that the checkout's goimports sets apart; nothing if nothing says so.
pub(super) fn local(build_file: &str) -> Option<String> {
    let (_, rule) = build_file.split_once("\ngoimports(\n")?;
    let (rule, _) = rule.split_once("\n)\n")?;
    let line = rule.lines().find_map(|line| line.trim().strip_prefix("local = [\""))?;
    let local = line.strip_suffix("\"],")?;
    (!local.is_empty() && !local.contains('"')).then(|| local.to_owned())
}

/// A text whose imports below a prefix stand in a group of their own, behind the others of their group.
pub fn regrouped(text: &str, local: &str) -> String {
    let Some((head, rest)) = text.split_once("\nimport (\n") else { return text.to_owned() };
    let Some((block, tail)) = rest.split_once("\n)\n") else { return text.to_owned() };
    let is_local = |line: &&str| {
        let path = line.split('"').nth(1).unwrap_or_default();
        path.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let groups = block.split("\n\n").map(|group| {
        let (own, others): (Vec<&str>, Vec<&str>) = group.lines().partition(is_local);
        let parts = [others.join("\n"), own.join("\n")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    });
    format!("{head}\nimport (\n{}\n)\n{tail}", groups.collect::<Vec<_>>().join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_stands_in_the_rule() {
        let text = "load(\"x\")\n\ngoimports(\n    name = \"goimports\",\n    local = [\"example.org/me\"],\n)\n";
        assert_eq!(local(text).as_deref(), Some("example.org/me"));
        assert_eq!(local(&text.replace("goimports(", "other(")), None);
        assert_eq!(local(&text.replace("[\"example.org/me\"]", "LOCAL")), None);
    }

    #[test]
    fn own_packages_stand_behind_the_others() {
        let text = "package x\n\nimport (\n\treflect \"reflect\"\n\n\tgomock \"a.org/gomock\"\n\tapi \"kv.io/kv/api\"\n\tlib \"lib.org/lib\"\n)\n\ntype X int\n";
        let grouped = "package x\n\nimport (\n\treflect \"reflect\"\n\n\tgomock \"a.org/gomock\"\n\tlib \"lib.org/lib\"\n\n\tapi \"kv.io/kv/api\"\n)\n\ntype X int\n";
        assert_eq!(regrouped(text, "kv.io/kv"), grouped);
        assert_eq!(regrouped(grouped, "kv.io/kv"), grouped);
        assert_eq!(regrouped(text, "kv.io/k"), text);
    }
}
