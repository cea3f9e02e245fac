//! The Go tier: what the cases emit is formatted, and compiles with the sample tree.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, bail, ensure};

use super::Tier;
use super::case::{Case, copy, folders, root};
use kubevirt_scaffold::go::Go;

/// The sample tree and stand-ins for what it imports, as one workspace: nothing is downloaded.
const WORKSPACE: &str = "go 1.24

use (
	.
	./staging/src/kubevirt.io/api
	./staging/src/kubevirt.io/client-go
	./stubs/api
	./stubs/apiextensions
	./stubs/apimachinery
	./stubs/client-go
	./stubs/cobra
	./stubs/ginkgo
	./stubs/gomega
	./stubs/operatormetrics
	./stubs/pflag
)
";

/// Paths are trimmed, so that what a case leaves alone is compiled once for all of them.
const FLAGS: &str = "-mod=readonly -trimpath";

pub(super) fn tier() -> Result<Tier> {
    let here = root();
    let version = match Go::find(&here, "") {
        Ok(go) => go.version,
        Err(reason) => return Ok(Tier::Skipped(reason)),
    };
    let cases: Vec<Case> = folders()?.iter().map(|folder| Case::new(folder)).filter(Case::is_planned).collect();
    ensure!(cases.len() > 30, "the cases are not where they should be");
    let xtask = std::env::current_exe()?;
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = check(case, &xtask).unwrap_or_else(|error| vec![format!("{error:#}")]);
                    let found = found.iter().map(|failure| format!("{}: {failure}", case.name()));
                    failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(found);
                }
            });
        }
    });
    let failures = failures.into_inner()?;
    Ok(if failures.is_empty() {
        let what = format!("{} cases pass gofmt and vet of {version}", cases.len());
        Tier::Passed { what, skipped: Vec::new() }
    } else {
        Tier::Failed(failures)
    })
}

fn check(case: &Case, xtask: &Path) -> Result<Vec<String>> {
    let checkout = case.checkout()?;
    let output = case.scaffold(xtask, checkout.path(), &["--yes", "--hooks", "none", "--format", "json"])?;
    if !output.status.success() {
        bail!("scaffold ended with {}", output.status);
    }
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let changes = plan["changes"].as_array().into_iter().flatten();
    let files: Vec<&str> =
        changes.filter_map(|change| change["path"].as_str()).filter(|path| path.ends_with(".go")).collect();
    copy(&root().join("tests/stubs"), &checkout.path().join("stubs"))?;
    fs::write(checkout.path().join("go.work"), WORKSPACE)?;
    let go = Go::find(checkout.path(), FLAGS).map_err(anyhow::Error::msg)?;
    // gofmt writes lines that end as on Unix, and calls every other file unformatted.
    let is_dos = |file: &&str| fs::read(checkout.path().join(file)).is_ok_and(|bytes| bytes.contains(&b'\r'));
    let mut failures = go.unformatted(&files.iter().copied().filter(|file| !is_dos(file)).collect::<Vec<_>>())?;
    let packages = ["./...", "./staging/src/kubevirt.io/api/...", "./staging/src/kubevirt.io/client-go/..."];
    failures.extend(go.vet(&packages, &files)?);
    Ok(failures)
}
