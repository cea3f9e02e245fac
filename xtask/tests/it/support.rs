//! What several tests need: trees to compare, and calls to the file system that fail.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use kubevirt_scaffold::apply::{Call, CallKind, FaultAction, FaultHook};

/// Says that this test proves nothing here, and why. `cargo xtask test` counts it as skipped: cargo, which
/// knows no such end, calls it passed.
pub(crate) fn skipped(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default();
    // What is printed is shown of tests that fail alone.
    let _ = io::stderr().write_all(format!("skipped: {test}: {why}\n").as_bytes());
}

/// Puts a program somewhere, from another one or from a file with its text. Nobody may run a file that is open
/// for writing, and a process that another test is just starting has open what we have: so another process
/// writes it.
pub(crate) fn install(from: &Path, to: &Path) {
    let status = Command::new("install").args(["-m", "755"]).args([from, to]).status().unwrap();
    assert!(status.success(), "installing {}", to.display());
}

/// A tree on disk, byte for byte: what stands at each path, and its rights. What git and this program
/// keep for themselves is not in it.
pub(crate) type Snapshot = BTreeMap<String, (u32, Vec<u8>)>;

/// Every file, link and folder below a root.
pub(crate) fn snapshot(root: &Path) -> Snapshot {
    let mut found = Snapshot::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if matches!(path.file_name().and_then(|name| name.to_str()), Some(".git" | ".kubevirt-scaffold")) {
                continue;
            }
            let kind = fs::symlink_metadata(&path).unwrap();
            let bytes = if kind.is_symlink() {
                fs::read_link(&path).unwrap().to_string_lossy().into_owned().into_bytes()
            } else if kind.is_dir() {
                open.push(path);
                Vec::new()
            } else {
                fs::read(&path).unwrap()
            };
            found.insert(name, (kind.permissions().mode() & 0o7777, bytes));
        }
    }
    found
}

/// Makes a tree what it was.
pub(crate) fn restore(root: &Path, to: &Snapshot) {
    restore_from(root, &snapshot(root), to);
}

/// Makes a tree what it was, when somebody knows what it is now.
pub(crate) fn restore_from(root: &Path, now: &Snapshot, to: &Snapshot) {
    for name in now.keys().filter(|name| !to.contains_key(*name)).rev() {
        let path = root.join(name);
        if path.is_dir() { fs::remove_dir(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
    for (name, (mode, bytes)) in to.iter().filter(|(name, entry)| now.get(*name) != Some(entry)) {
        let path = root.join(name);
        if mode & 0o111 != 0 && bytes.is_empty() && !path.is_file() {
            fs::create_dir_all(&path).unwrap();
            continue;
        }
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
    }
}

/// That two trees are the same.
pub(crate) fn unchanged(before: &Snapshot, after: &Snapshot, by: &str) -> Result<(), String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed: Vec<&String> = paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).collect();
    if changed.is_empty() { Ok(()) } else { Err(format!("{by} changed {changed:?}")) }
}

/// What happens at a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// It fails.
    Fail,
    /// It fails when half of its bytes are written.
    Half,
    /// It fails, and so does every later one: as if the process were dead.
    Die,
    /// The same, when half of the bytes are written.
    DieHalfWay,
    /// The process is killed.
    Kill,
}

/// Lets one call, counted from 0, go wrong. The cell counts the calls.
pub(crate) fn at(nth: usize, fault: Fault) -> (FaultHook, Rc<Cell<usize>>) {
    let taken = Rc::new(Cell::new(0));
    let counter = taken.clone();
    let judge: FaultHook = Rc::new(RefCell::new(move |call: &Call| {
        let number = counter.get();
        counter.set(number + 1);
        let error = || io::Error::new(io::ErrorKind::StorageFull, "refused by the test");
        match fault {
            _ if number < nth => FaultAction::Go,
            Fault::Half | Fault::DieHalfWay if number == nth && call.kind == CallKind::Write => {
                FaultAction::Half(error())
            }
            Fault::Fail | Fault::Half if number == nth => FaultAction::Fail(error()),
            Fault::Fail | Fault::Half => FaultAction::Go,
            Fault::Die | Fault::DieHalfWay => FaultAction::Fail(error()),
            Fault::Kill => {
                let own = nix::unistd::Pid::this();
                nix::sys::signal::kill(own, nix::sys::signal::Signal::SIGKILL).unwrap();
                FaultAction::Fail(error())
            }
        }
    }));
    (judge, taken)
}
