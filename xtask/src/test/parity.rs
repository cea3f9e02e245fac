//! `cargo xtask parity`: predicted BUILD.bazel files against the real gazelle, on a real tree.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use kubevirt_scaffold_core::pipeline::predict;
use kubevirt_scaffold_core::survey::Survey;

use super::real;
use super::work_tree::{self, WorkTree, done};
use super::{cost, script};
use super::{generated, shapes};
use crate::flags::Parity;
use kubevirt_scaffold::disk::DiskTree;
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::Runner;

/// What KubeVirt's own target passes to gazelle.
const FLAGS: &[&str] = &["update", "-build_tags", "selinux", "-exclude", "kubevirtci/cluster-up"];

/// Runs the three comparisons.
pub fn run(args: &Parity) -> Result<ExitStatus> {
    if args.time {
        return cost::run();
    }
    if args.script {
        return script::run();
    }
    if args.generated {
        return generated::run(args.commits, args.again);
    }
    if args.shapes {
        return shapes::run();
    }
    let (kubevirt, commit) = work_tree::checkout().map_err(anyhow::Error::msg)?;
    let tree = WorkTree::new(&kubevirt, &commit)?;
    let trial = Trial { tree: &tree, gazelle: gazelle(&tree)?, seed: args.seed };
    println!("{} on {}", trial.gazelle, &commit[..12.min(commit.len())]);
    let packages = packages(&tree, args)?;
    let mut differences = trial.examples()?;
    differences += trial.reconstruct(&packages)?;
    differences += trial.create(&packages)?;
    trial.speed(&packages)?;
    Ok(if differences == 0 { ExitStatus::Done } else { ExitStatus::Found })
}

/// The gazelle on PATH, which must be the one that KubeVirt pins.
fn gazelle(tree: &WorkTree) -> Result<String> {
    let workspace = fs::read_to_string(tree.path().join("WORKSPACE")).unwrap_or_default();
    let pinned = workspace.split("bazel-gazelle-v").nth(1).and_then(|rest| rest.split(".tar").next());
    let help = format!("go install github.com/bazelbuild/bazel-gazelle/cmd/gazelle@v{}", pinned.unwrap_or("0.50.0"));
    let output = Runner::new(tree.path()).run("gazelle", &["help"]);
    output.with_context(|| format!("gazelle is not on PATH: {help}"))?;
    Ok(format!("gazelle (KubeVirt pins {})", pinned.unwrap_or("an unknown version")))
}

/// A package to draw: its folder, and its Go files.
struct Package {
    folder: String,
    files: Vec<String>,
}

/// Packages with Go files and a BUILD.bazel, outside of what is not KubeVirt's own, in an order that
/// the seed decides.
fn packages(tree: &WorkTree, args: &Parity) -> Result<Vec<Package>> {
    let listed = done(tree.path(), &["ls-files", "*.go", "*BUILD.bazel"])?;
    let mut folders: BTreeMap<&str, (bool, Vec<String>)> = BTreeMap::new();
    for path in listed.lines().filter(|path| !path.starts_with("vendor/")) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let entry = folders.entry(folder).or_default();
        if name == "BUILD.bazel" { entry.0 = true } else { entry.1.push(name.to_owned()) }
    }
    let built =
        folders.into_iter().filter(|(folder, (built, files))| *built && !files.is_empty() && !folder.is_empty());
    let mut found: Vec<Package> =
        built.map(|(folder, (_, files))| Package { folder: folder.to_owned(), files }).collect();
    found.sort_by_key(|package| draw(&package.folder, args.seed));
    found.truncate(args.packages);
    Ok(found)
}

/// A number that the seed makes of a text: FNV-1a, well mixed enough to draw by.
fn draw(text: &str, seed: u64) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

struct Trial<'a> {
    tree: &'a WorkTree,
    gazelle: String,
    seed: u64,
}

impl Trial<'_> {
    /// Runs gazelle in some folders.
    fn gazelle(&self, folders: &[&str], more: &[&str]) -> Result<String> {
        let root = self.tree.path().to_string_lossy();
        let arguments: Vec<&str> = [FLAGS, &["-repo_root", &root], more, folders].concat();
        let output = Runner::new(self.tree.path()).run("gazelle", &arguments).context("starting gazelle")?;
        let differs = output.status.code() == Some(1) && more.contains(&"diff");
        if !output.status.success() && !differs {
            bail!("gazelle: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn read(&self, folder: &str) -> Option<String> {
        fs::read_to_string(self.tree.path().join(folder).join("BUILD.bazel")).ok()
    }

    fn write(&self, folder: &str, text: Option<&String>) -> Result<()> {
        let path = self.tree.path().join(folder).join("BUILD.bazel");
        match text {
            Some(text) => fs::write(path, text)?,
            None if path.exists() => fs::remove_file(path)?,
            None => {}
        }
        Ok(())
    }

    /// After each case, gazelle has nothing to change in the folders that were touched.
    fn examples(&self) -> Result<usize> {
        let xtask = std::env::current_exe()?;
        let (mut folders, mut differences) = (0, 0);
        let cases = real::cases()?;
        for case in &cases {
            self.tree.reset()?;
            let output = case.scaffold(&xtask, self.tree.path(), &["--yes", "--hooks", "none"])?;
            ensure!(output.status.success(), "{}: {}", case.name(), String::from_utf8_lossy(&output.stderr));
            done(self.tree.path(), &["add", "--all"])?;
            let changed = done(self.tree.path(), &["diff", "--cached", "--name-only", "HEAD"])?;
            let mut touched: Vec<&str> = changed
                .lines()
                .filter(|path| path.ends_with(".go"))
                .filter_map(|path| Some(path.rsplit_once('/')?.0))
                .collect();
            touched.dedup();
            folders += touched.len();
            let diff = self.gazelle(&touched, &["-mode", "diff"])?;
            if !diff.is_empty() {
                differences += 1;
                println!("  {}:\n{diff}", case.name());
            }
        }
        self.tree.reset()?;
        println!("applied: {} cases, {folders} folders, gazelle changes {differences}", cases.len());
        Ok(differences)
    }

    /// A file is taken away, gazelle forgets it, and the prediction puts it back: the original bytes.
    fn reconstruct(&self, packages: &[Package]) -> Result<usize> {
        let picked = packages.iter().filter_map(|package| Some((package.folder.as_str(), pick(package, self.seed)?)));
        let (folders, taken): (Vec<&str>, Vec<&str>) = picked.unzip();
        let originals: Vec<Option<String>> = folders.iter().map(|folder| self.read(folder)).collect();
        let texts: Vec<String> = self.in_each(&folders, &taken, |path| Ok(fs::read_to_string(path)?))?;
        self.in_each(&folders, &taken, |path| Ok(fs::remove_file(path)?))?;
        self.gazelle(&folders, &[])?;
        for ((folder, file), text) in folders.iter().zip(&taken).zip(&texts) {
            fs::write(self.tree.path().join(folder).join(file), text)?;
        }
        let (mut drawn, mut differences) = (0, 0);
        let disk = DiskTree::new(self.tree.path());
        for ((folder, file), original) in folders.iter().zip(&taken).zip(&originals) {
            // A file that gazelle does not list either says nothing.
            if self.read(folder) == *original {
                continue;
            }
            drawn += 1;
            differences += usize::from(!same(&disk, folder, &[file], original.as_deref().unwrap_or_default()));
        }
        self.tree.reset()?;
        report("put back", drawn, differences);
        Ok(differences)
    }

    /// A package without BUILD.bazel: what gazelle writes, and what is predicted.
    fn create(&self, packages: &[Package]) -> Result<usize> {
        let plain = |package: &&Package| !self.read(&package.folder).unwrap_or_default().contains("# gazelle:");
        let packages: Vec<&Package> = packages.iter().filter(plain).collect();
        let folders: Vec<&str> = packages.iter().map(|package| package.folder.as_str()).collect();
        for folder in &folders {
            self.write(folder, None)?;
        }
        self.gazelle(&folders, &[])?;
        let written: Vec<Option<String>> = folders.iter().map(|folder| self.read(folder)).collect();
        let (mut drawn, mut differences) = (0, 0);
        let disk = DiskTree::new(self.tree.path());
        for (package, written) in packages.iter().zip(&written) {
            let Some(written) = written else { continue };
            drawn += 1;
            self.write(&package.folder, None)?;
            let files: Vec<&str> = package.files.iter().map(String::as_str).collect();
            differences += usize::from(!same(&disk, &package.folder, &files, written));
            self.write(&package.folder, Some(written))?;
        }
        self.tree.reset()?;
        report("created", drawn, differences);
        Ok(differences)
    }

    fn in_each<T>(&self, folders: &[&str], files: &[&str], mut act: impl FnMut(&Path) -> Result<T>) -> Result<Vec<T>> {
        let paths = folders.iter().zip(files).map(|(folder, file)| self.tree.path().join(folder).join(file));
        paths.map(|path| act(&path).with_context(|| path.display().to_string())).collect()
    }

    /// What one prediction costs, and what gazelle costs for the same package.
    fn speed(&self, packages: &[Package]) -> Result<()> {
        let disk = DiskTree::new(self.tree.path());
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for package in packages.iter().take(15) {
            let started = Instant::now();
            let survey = Survey::new(&disk).map_err(|reason| anyhow::anyhow!(reason.0))?;
            let _ = predict(&survey, &package.folder, &pick(package, self.seed).into_iter().collect::<Vec<_>>());
            ours.push(started.elapsed());
            let started = Instant::now();
            self.gazelle(&[&package.folder], &[])?;
            theirs.push(started.elapsed());
        }
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
        println!("one package: predicted in {ours:.2?}, by gazelle in {theirs:.2?}: {ratio:.0} times");
        Ok(())
    }
}

/// Whether the prediction is what it must be. Gazelle never writes `race`, which KubeVirt wants.
fn same(disk: &DiskTree, folder: &str, files: &[&str], expected: &str) -> bool {
    let without = |text: &str| -> String {
        let lines = text.split_inclusive('\n');
        lines.filter(|line| expected.contains("race = ") || !line.contains("race = \"on\"")).collect()
    };
    let predicted = Survey::new(disk).map_err(|reason| reason.0).and_then(|survey| {
        let predicted = predict(&survey, folder, files);
        predicted.map_err(|diagnostic| diagnostic.message)
    });
    match predicted {
        Ok(text) if without(&text) == expected => true,
        Ok(text) => {
            let diff = similar::TextDiff::from_lines(expected, without(&text).as_str()).unified_diff().to_string();
            println!("  {folder} ({})\n{diff}", files.first().unwrap_or(&""));
            false
        }
        Err(reason) => {
            println!("  {folder} ({}): {reason}", files.first().unwrap_or(&""));
            false
        }
    }
}

/// One of a package's Go files. Not the only one of the library: without it there is no package, and
/// what people wrote into its rules is gone for good.
fn pick(package: &Package, seed: u64) -> Option<&str> {
    let is_test = |file: &&String| file.ends_with("_test.go");
    let only = package.files.iter().filter(|file| !is_test(file)).count() == 1;
    let files: Vec<&String> = package.files.iter().filter(|file| !only || is_test(file)).collect();
    let index = draw(&package.folder, !seed) % (files.len() as u64).max(1);
    files.get(usize::try_from(index).unwrap_or(0)).map(|file| file.as_str())
}

fn report(what: &str, drawn: usize, differences: usize) {
    let hundredths = (drawn - differences) * 10_000 / drawn.max(1);
    println!("{what}: {drawn} packages, {differences} differ: {}.{:02} % equal", hundredths / 100, hundredths % 100);
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
