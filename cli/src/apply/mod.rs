//! Writing to the disk: the only module that does.
//!
//! A checkout is changed by a [`Transaction`], all or nothing; `folder` holds the calls, `journal` what is
//! written down before, `place` where that lies, `seal` what tells it from a forged one, `past` what it says,
//! `file_mover` the moves, `transaction` the order of it all. A file outside of a checkout, such as a patch or a
//! tasks.md, is replaced as a whole.

mod file_mover;
mod folder;
mod journal;
mod past;
mod place;
mod product;
mod refusal;
mod seal;
mod transaction;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::files;
use anyhow::{Context as _, Result, bail};
use folder::Folder;

/// The largest document that is replaced.
const LIMIT: u64 = 64 << 20;

pub use file_mover::State;
pub use folder::{Call, CallKind, FaultAction, FaultHook};
pub use journal::{About, FileEdit, Record, effective_changes};
pub use past::{finished, history, interrupted, is_restorable, summaries, unfinished};
pub use place::state_path;
pub use product::{Form, write_product};
pub use refusal::Refusal;
pub use seal::{Key, Place};
pub use transaction::{Transaction, peek};

/// Makes a folder of the user's, with those above it.
pub fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("making {}", path.display()))
}

/// Replaces a document of the user's, such as a tasks.md. It is an error if it no longer holds `before`.
pub fn replace_document(path: &Path, before: &str, after: &str) -> Result<()> {
    replace_document_through(path, before, after, None)
}

/// The same; a test may let a call fail, or come in between.
pub fn replace_document_through(path: &Path, before: &str, after: &str, faults: Option<FaultHook>) -> Result<()> {
    let shown = path.display();
    // Through a link, the file that it leads to is replaced, and the link stays.
    let path = fs::canonicalize(path).with_context(|| format!("{shown} is gone"))?;
    let now = files::read(&path, LIMIT).with_context(|| format!("reading {shown}"))?;
    if now != before.as_bytes() {
        bail!("{shown} was changed meanwhile; nothing was written");
    }
    let metadata = fs::metadata(&path)?;
    if metadata.permissions().readonly() {
        bail!("{shown} is read-only");
    }
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { bail!("the name of {shown} is not UTF-8") };
    let folder = Folder::open(path.parent().unwrap_or(Path::new("/")), faults)?;
    let aside = format!(".{name}.{}", std::process::id());
    let mode = metadata.permissions().mode() & 0o7777;
    let swapped = folder.create(&aside, after.as_bytes(), Some(mode)).and_then(|()| folder.swap(&aside, name));
    let swapped = swapped.inspect_err(|_| folder.remove(&aside).unwrap_or_default());
    if swapped.with_context(|| format!("writing {shown}"))? {
        // What is swapped out is what somebody saved last, also just now.
        let out = folder.read(&aside);
        if !matches!(&out, Ok(Some(text)) if text == before.as_bytes()) {
            folder.swap(&aside, name)?;
            folder.remove(&aside)?;
            out.with_context(|| format!("reading {shown}"))?;
            bail!("{shown} was changed meanwhile; nothing was written");
        }
    }
    // It is written. Whether it is on the disk already is a question of the next seconds.
    let _ = folder.remove(&aside).and_then(|()| folder.sync());
    Ok(())
}
