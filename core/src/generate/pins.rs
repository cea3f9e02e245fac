//! The versions of generators, from the Dockerfile of the builder.

use std::collections::BTreeMap;

/// Where the versions stand.
pub const DOCKERFILE: &str = "hack/builder/Dockerfile";

/// A generator, and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pin {
    /// The package of the program.
    pub package: String,
    /// The version, as the module proxy knows it.
    pub version: String,
    /// The line that says so.
    pub line: usize,
}

/// The programs that a Dockerfile installs with Go, by name; or why the version of one is not known. `modules` are
/// texts that name versions of modules in full, such as go.mod: a commit's first letters are looked up in them.
pub fn pins(dockerfile: &str, modules: &[&str]) -> BTreeMap<String, Result<Pin, String>> {
    let mut set: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found: BTreeMap<String, Result<Pin, String>> = BTreeMap::new();
    for (index, text) in dockerfile.lines().enumerate() {
        let line = index + 1;
        if let Some(pair) = text.trim().strip_prefix("ENV ").and_then(|rest| rest.trim().split_once('=')) {
            set.insert(pair.0.trim(), pair.1.trim().trim_matches('"'));
        }
        for command in text.split("&&").map(str::trim) {
            let Some(rest) = command.strip_prefix("go install ").or_else(|| command.strip_prefix("RUN go install "))
            else {
                continue;
            };
            for word in rest.split_whitespace().filter(|word| word.contains('@')) {
                let Some((package, version)) = word.split_once('@') else { continue };
                let name = program(package).to_owned();
                let version = variable(version, &set).and_then(|version| full(package, version, modules));
                let pin = version.map(|version| Pin { package: package.to_owned(), version, line });
                // The last one installed is the one that runs.
                found.insert(name, pin);
            }
        }
    }
    found
}

/// The name of a package's program: its last part that is no version.
fn program(package: &str) -> &str {
    let is_version = |part: &&str| part.strip_prefix('v').is_some_and(|rest| rest.parse::<u32>().is_ok());
    package.rsplit('/').find(|part| !is_version(part)).unwrap_or(package)
}

/// A version that may be a variable of the Dockerfile.
fn variable<'a>(version: &'a str, set: &BTreeMap<&str, &'a str>) -> Result<&'a str, String> {
    let Some(name) = version.strip_prefix('$') else { return Ok(version) };
    let name = name.trim_start_matches('{').trim_end_matches('}');
    set.get(name)
        .copied()
        .ok_or_else(|| format!("its version is the variable {name}, which the Dockerfile does not set"))
}

/// The whole version. The proxy is not asked for what the checkout itself says: the first letters of a commit are found
/// in the version that go.mod or go.sum gives the module.
fn full(package: &str, version: &str, modules: &[&str]) -> Result<String, String> {
    if version == "latest" || version.contains(['$', '{']) {
        return Err(format!("`{version}` names no version"));
    }
    let is_commit = version.len() >= 7 && version.chars().all(|c| c.is_ascii_hexdigit());
    if !is_commit {
        return Ok(version.to_owned());
    }
    for text in modules {
        for line in text.lines() {
            let mut words = line.split_whitespace().filter(|word| !matches!(*word, "require" | "replace" | "=>"));
            let Some(module) = words.next() else { continue };
            if package != module && !package.starts_with(&format!("{module}/")) {
                continue;
            }
            let mut known = words.filter_map(|word| {
                let word = word.trim_end_matches("/go.mod");
                let commit = word.rsplit('-').next()?;
                (word.starts_with('v') && commit.len() == 12 && commit.starts_with(&version[..version.len().min(12)]))
                    .then_some(word)
            });
            if let Some(known) = known.next() {
                return Ok(known.to_owned());
            }
        }
    }
    Ok(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCKERFILE: &str = "FROM x\nENV MOCK=v0.6.0\nRUN set -x && \\\n    go install -v k8s.io/code-generator/cmd/deepcopy-gen@v0.32.5  && \\\n    go install -v k8s.io/kube-openapi/cmd/openapi-gen@f0e62f9 && \\\n    go install go.uber.org/mock/mockgen@${MOCK} && \\\n    go install example.org/tool/v2@$NONE && \\\n    go install example.org/late@latest && \\\n    go clean\n";

    #[test]
    fn versions_come_from_the_dockerfile() {
        let module = "require (\n\tk8s.io/kube-openapi v0.0.0-20240430033511-f0e62f92d13f\n)\n";
        let found = pins(DOCKERFILE, &[module]);
        let versions: Vec<(&str, Option<&str>)> = found
            .iter()
            .map(|(name, pin)| (name.as_str(), pin.as_ref().ok().map(|pin| pin.version.as_str())))
            .collect();
        let expected = [
            ("deepcopy-gen", Some("v0.32.5")),
            ("late", None),
            ("mockgen", Some("v0.6.0")),
            ("openapi-gen", Some("v0.0.0-20240430033511-f0e62f92d13f")),
            ("tool", None),
        ];
        assert_eq!(versions, expected);
        assert_eq!(found["deepcopy-gen"].as_ref().map(|pin| pin.line), Ok(4));
        assert_eq!(pins(DOCKERFILE, &[])["openapi-gen"].as_ref().map(|pin| &*pin.version), Ok("f0e62f9"));
    }
}
