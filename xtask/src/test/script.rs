//! `cargo xtask parity --generated --script`: what the checkout's own scripts make of eight changes, run as they are, against
//! what `generate` makes of them. protoc, ginkgo and Bazel are stubs: what they would write is not compared.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use kubevirt_scaffold::checkout::cache_folder;
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::Runner;
use kubevirt_scaffold_core::generate::{DOCKERFILE, GENERATORS, SCRIPT, TEST_DATA, pins, regrouped};
use serde::{Deserialize, Serialize};

use super::store::{Store, key};
use super::work_tree::{self, WorkTree, done};

/// The changes: a file, a line of it, and what is put below.
const CHANGES: &[(&str, &str, &str)] = &[
    // A field of a nested struct.
    (
        SCHEMA,
        "type Watchdog struct {\n",
        "\t// Grace is how long the guest may take before the action is carried out.\n\t// +optional\n\tGrace *int32 `json:\"grace,omitempty\"`\n",
    ),
    // A field of the status.
    (
        TYPES,
        "type VirtualMachineInstanceStatus struct {\n",
        "\t// ObservedBells counts the bells that were heard.\n\t// +optional\n\tObservedBells *int64 `json:\"observedBells,omitempty\"`\n",
    ),
    // Fields of the configuration, with an enumeration and a new struct.
    (
        TYPES,
        "type KubeVirtConfiguration struct {\n",
        "\t// BellPolicy says when bells ring.\n\t// +optional\n\t// +kubebuilder:validation:Enum=Always;Never\n\tBellPolicy BellPolicy `json:\"bellPolicy,omitempty\"`\n\t// Bell is the bell itself.\n\t// +optional\n\tBell *BellConfiguration `json:\"bell,omitempty\"`\n",
    ),
    (
        TYPES,
        "",
        "\n// BellPolicy says when bells ring.\ntype BellPolicy string\n\nconst (\n\t// BellAlways rings them always.\n\tBellAlways BellPolicy = \"Always\"\n\t// BellNever never does.\n\tBellNever BellPolicy = \"Never\"\n)\n\n// BellConfiguration is how a bell sounds.\ntype BellConfiguration struct {\n\t// Tone is its tone.\n\tTone string `json:\"tone\"`\n\t// Volumes are how loud it may be.\n\t// +listType=atomic\n\t// +optional\n\tVolumes []int32 `json:\"volumes,omitempty\"`\n}\n",
    ),
    // A field of a preference.
    (
        "staging/src/kubevirt.io/api/instancetype/v1beta1/types.go",
        "type DevicePreferences struct {\n",
        "\t// PreferredBell optionally says whether a bell is there.\n\t//\n\t// +optional\n\tPreferredBell *bool `json:\"preferredBell,omitempty\"`\n\n",
    ),
    // A method of an interface with a mock.
    (
        HINTER,
        "type Hinter interface {\n",
        "\tBells(vmi *k6tv1.VirtualMachineInstance, more ...string) (map[string]int, error)\n",
    ),
    (
        HINTER,
        "",
        "\nfunc (t *topologyHinter) Bells(_ *k6tv1.VirtualMachineInstance, _ ...string) (map[string]int, error) {\n\treturn nil, nil\n}\n",
    ),
    // A metric.
    (METRICS, "\tmigrationMetrics = []operatormetrics.Metric{\n", "\t\tvmiMigrationBells,\n"),
    (
        METRICS,
        "\t\tvmiMigrationPhaseTransitionTimeFromCreation,\n\t}\n",
        "\n\tvmiMigrationBells = operatormetrics.NewGauge(\n\t\toperatormetrics.MetricOpts{\n\t\t\tName: \"kubevirt_vmi_migration_bells\",\n\t\t\tHelp: \"Number of bells that ring for migrations.\",\n\t\t},\n\t)\n",
    ),
];

pub(super) const SCHEMA: &str = "staging/src/kubevirt.io/api/core/v1/schema.go";
const TYPES: &str = "staging/src/kubevirt.io/api/core/v1/types.go";
const HINTER: &str = "pkg/virt-controller/watch/topology/hinter.go";
const METRICS: &str = "pkg/monitoring/metrics/virt-controller/migration_metrics.go";
/// What counts for a change of what generators do; raising it asks for a new comparison.
const ROUND: &str = "1";
/// What the script calls and this comparison does not have.
const STUBS: &[&str] = &["protoc", "bazel", "docker", "ginkgo"];

/// Compares, and prints what differs.
pub(super) fn run() -> Result<ExitStatus> {
    let (kubevirt, head) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let tree = WorkTree::new(&kubevirt, &head)?;
    change(&tree)?;
    let program = std::env::current_exe()?.display().to_string();
    let root = tree.path().display().to_string();
    let arguments = ["generate", "--kubevirt", &root, "--base", "HEAD", "--yes"];
    let output = Runner::new(tree.path()).run(&program, &arguments).context("starting generate")?;
    ensure!(output.status.success(), "generate: {}", String::from_utf8_lossy(&output.stderr));
    let ours = tree.state()?;
    tree.reset()?;
    change(&tree)?;
    script(tree.path())?;
    let theirs = tree.state()?;
    let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let mut made = lines(done(tree.path(), &["diff", "--name-only", "HEAD", &ours])?);
    made.retain(|path| CHANGES.iter().all(|(by_hand, ..)| by_hand != path));
    let differ = lines(done(tree.path(), &["diff", "--name-only", &ours, &theirs])?);
    let compared = Compared { made: made.len(), differ };
    Store::new("script", false).put(&named(&head), &compared)?;
    println!("{compared}\n{}", compared.differ.join("\n"));
    Ok(if compared.differ.is_empty() { ExitStatus::Done } else { ExitStatus::Found })
}

/// What the last comparison on this commit found. To compare anew takes minutes.
pub(super) fn short(head: &str) -> String {
    Store::new("script", false).get::<Compared>(&named(head)).map_or_else(
        || format!("{SCRIPT} not compared yet (`cargo xtask parity --generated --script` does)"),
        |compared| compared.to_string(),
    )
}

/// How the files compare that the changes ask for.
#[derive(Debug, Serialize, Deserialize)]
struct Compared {
    made: usize,
    differ: Vec<String>,
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { made, differ } = self;
        write!(f, "{} of {made} generated files as {SCRIPT} makes them", made.saturating_sub(differ.len()))
    }
}

/// The name of a comparison on a commit.
fn named(head: &str) -> String {
    key(&head[..12.min(head.len())], [head, ROUND])
}

fn change(tree: &WorkTree) -> Result<()> {
    for (path, line, more) in CHANGES {
        let place = tree.path().join(path);
        let text = fs::read_to_string(&place).with_context(|| (*path).to_owned())?;
        ensure!(line.is_empty() || text.contains(line), "{path} has no `{}`", line.trim());
        let changed = if line.is_empty() { text + more } else { text.replacen(line, &format!("{line}{more}"), 1) };
        fs::write(place, changed)?;
    }
    // `make generate` formats what people write, too.
    let paths: BTreeSet<&str> = CHANGES.iter().map(|(path, ..)| *path).collect();
    Runner::new(tree.path()).run_silently("gofmt", &["-w"].into_iter().chain(paths).collect::<Vec<_>>())?;
    Ok(())
}

/// Runs the scripts with the pinned generators on PATH.
pub(super) fn script(tree: &Path) -> Result<()> {
    let bin = tempfile::TempDir::new()?;
    for stub in STUBS {
        executable(&bin.path().join(stub))?;
    }
    executable(&tree.join("_out/tests/ginkgo"))?;
    let cache = cache_folder().context("there is no cache")?;
    let go = |arguments: &[&str]| -> Result<String> {
        let runner = Runner::new(bin.path()).with("GOBIN", bin.path()).with("GOPATH", cache.join("go"));
        let output = runner.with("GOFLAGS", "-trimpath").run("go", arguments)?;
        ensure!(output.status.success(), "go: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    };
    let release = go(&["env", "GOVERSION"])?;
    let texts = [DOCKERFILE, "go.mod", "go.sum"].map(|path| fs::read_to_string(tree.join(path)).unwrap_or_default());
    let mut folders = vec![bin.path().to_path_buf()];
    for (name, pin) in pins(&texts[0], &[&texts[1], &texts[2]]) {
        let Some(pin) = pin.ok().filter(|_| GENERATORS.contains(&name.as_str())) else { continue };
        let folder: PathBuf = cache.join("tools").join(format!("{name}@{}-{release}", pin.version));
        if folder.is_dir() {
            folders.push(folder);
        } else {
            go(&["install", &format!("{}@{}", pin.package, pin.version)])?;
        }
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(folders.into_iter().chain(std::env::split_paths(&path)))?;
    let runner = Runner::new(tree)
        .with("PATH", path)
        .with("GOROOT", go(&["env", "GOROOT"])?)
        .with("GOPATH", cache.join("go"))
        .with("GOFLAGS", "-trimpath -buildvcs=false")
        .with("KUBEVIRT_CRI", "docker")
        // Otherwise hack/bootstrap.sh would make the sandbox of Bazel, which generates nothing.
        .with("KUBEVIRT_NO_BAZEL", "true");
    let bash = |line: &str| -> Result<()> {
        let output = runner.run("bash", &["-c", line])?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{line}: {}", said.lines().rev().take(20).collect::<Vec<_>>().join("\n"));
        Ok(())
    };
    bash(SCRIPT)?;
    // Its last line runs in a container, where the module proxy has every module; the checkout vendors what it needs.
    bash(&format!("eval \"$(sed 's|^hack/dockerized|bash -c|; s|-mod=readonly|-mod=vendor|g' {TEST_DATA})\""))?;
    // `make generate` formats at its end, and groups imports.
    let changed = done(tree, &["ls-files", "--modified", "--others", "--exclude-standard", "*.go"])?;
    let changed = changed.lines().filter(|path| tree.join(path).is_file());
    let arguments: Vec<&str> = ["-w"].into_iter().chain(changed).collect();
    if arguments.len() > 1 {
        let output = runner.run("gofmt", &arguments)?;
        ensure!(output.status.success(), "gofmt: {}", String::from_utf8_lossy(&output.stderr));
    }
    for path in done(tree, &["ls-files", "*generated_mock_*.go"])?.lines() {
        let place = tree.join(path);
        if let Ok(text) = fs::read_to_string(&place) {
            fs::write(place, regrouped(&text, "kubevirt.io/kubevirt"))?;
        }
    }
    Ok(())
}

fn executable(path: &Path) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, "#!/bin/sh\nexit 0\n")?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}
