//! The generators, built once at the versions that the checkout pins, and kept in the user's cache.

use std::path::PathBuf;

use kubevirt_scaffold_core::diagnostic::Diagnostic;
use kubevirt_scaffold_core::generate::{DOCKERFILE, Pin};
use kubevirt_scaffold_core::text::{Source, Span, line_span};

use super::scratch::{Cache, keep};
use crate::process::{Event, Runner};
use crate::progress::Progress;

/// The flags of every build: paths are trimmed, so that Go's cache serves every copy.
pub(super) const TRIMMED: &str = "-trimpath -buildvcs=false";

/// The program of a pin, built if it is not there.
pub(super) fn program(
    cache: &Cache,
    name: &str,
    pin: &Pin,
    release: &str,
    dockerfile: &Source,
) -> Result<PathBuf, Diagnostic> {
    let (path, is_there) = cache.program(name, &format!("{name}@{}-{release}", pin.version));
    if is_there {
        return Ok(path);
    }
    let failed = |why: String| {
        let at = line_span(dockerfile.text(), pin.line);
        Diagnostic::error("generate-tool", format!("{name} {} cannot be built: {why}", pin.version))
            .at(dockerfile, at)
            .help("it comes from the Go module proxy at its first use; `make generate` needs neither")
    };
    let io = |error: std::io::Error| failed(error.to_string());
    let workshop = cache.workshop().map_err(io)?;
    let runner = Runner::new(workshop.path())
        .with("GOPATH", cache.modules())
        .with("GOFLAGS", format!("-mod=mod {TRIMMED}"))
        .with("GOWORK", "off")
        .with("GO111MODULE", "on")
        .without("GOBIN")
        .without("GOOS")
        .without("GOARCH");
    let mut progress = Progress::new(&format!("building {name} {}", pin.version));
    let mut said = Vec::new();
    let mut go = |arguments: &[&str]| {
        runner.watch("go", arguments, |event| {
            match event {
                Event::Line(line) => {
                    said.push(line.to_owned());
                    progress.line(line);
                }
                Event::Tick => progress.show(),
            }
            Ok(())
        })
    };
    let (mut built, mut unknown) = (None, None);
    for module in modules(&pin.package) {
        let version = match version(&runner, &module, &pin.version) {
            Ok(version) => version,
            Err(why) => {
                unknown.get_or_insert(why);
                continue;
            }
        };
        let required = format!("-require={module}@{version}");
        let dropped = format!("-droprequire={module}");
        if go(&["mod", "edit", &required]).map_err(io)?.status.success() {
            let ended = go(&["build", "-o", name, &pin.package]).map_err(io)?;
            if ended.interrupted {
                break;
            }
            if ended.status.success() {
                built = Some(workshop.path().join(name));
                break;
            }
        }
        go(&["mod", "edit", &dropped]).map_err(io)?;
    }
    progress.end(if built.is_some() { "done" } else { "failed" });
    let Some(built) = built else {
        let line = said.iter().rfind(|line| !line.trim().is_empty()).cloned();
        return Err(failed(line.or(unknown).unwrap_or_else(|| "it was interrupted".to_owned())));
    };
    keep(&built, &path).map_err(io)?;
    Ok(path)
}

/// A version as go.mod takes it: of a commit's first letters, the proxy knows the rest. The error is what Go says.
fn version(runner: &Runner<'_>, module: &str, pinned: &str) -> Result<String, String> {
    if pinned.starts_with('v') {
        return Ok(pinned.to_owned());
    }
    let query = format!("{module}@{pinned}");
    let output = runner.run("go", &["list", "-m", "-f", "{{.Version}}", &query]).map_err(|error| error.to_string())?;
    let [version, said] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).trim().to_owned());
    if output.status.success() { Ok(version) } else { Err(said.lines().last().unwrap_or_default().to_owned()) }
}

/// The modules that a package may belong to, the likeliest first. A proxy need not list what it has.
fn modules(package: &str) -> Vec<String> {
    let first = package.split_once("/cmd/").map(|(module, _)| module.to_owned());
    let above = std::iter::successors(Some(package), |path| path.rsplit_once('/').map(|(above, _)| above));
    let above = above.filter(|path| path.contains('/')).map(str::to_owned);
    let mut found: Vec<String> = first.into_iter().collect();
    for module in above {
        if !found.contains(&module) {
            found.push(module);
        }
    }
    found
}

/// The pin of a generator.
pub(super) fn pinned<'p>(
    name: &str,
    pins: &'p std::collections::BTreeMap<String, Result<Pin, String>>,
    dockerfile: &Source,
) -> Result<&'p Pin, Diagnostic> {
    let why = match pins.get(name) {
        Some(Ok(pin)) => return Ok(pin),
        Some(Err(why)) => why.clone(),
        None => "the builder does not install it with Go".to_owned(),
    };
    let message = format!("the version of {name} is not known: {why}");
    let help = format!("{DOCKERFILE} says which versions the builder has; `make generate` runs in it");
    Err(Diagnostic::error("generate-tool", message).at(dockerfile, Span::at(0)).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_belongs_to_a_module_above_it() {
        let expected = ["k8s.io/code-generator", "k8s.io/code-generator/cmd/deepcopy-gen", "k8s.io/code-generator/cmd"];
        assert_eq!(modules("k8s.io/code-generator/cmd/deepcopy-gen"), expected);
        assert_eq!(modules("go.uber.org/mock/mockgen"), ["go.uber.org/mock/mockgen", "go.uber.org/mock"]);
    }
}
