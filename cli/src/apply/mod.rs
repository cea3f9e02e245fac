//! Writing to the disk: the only module that does.
//!
//! A checkout is changed by a [`Transaction`], all or nothing; `folder` holds the calls, `journal` what is
//! written down before, `file_mover` the moves, `transaction` the order of it all. A file outside of a
//! checkout, such as a patch or a tasks.md, is replaced as a whole.

mod file_mover;
mod folder;
mod journal;
mod refusal;
mod transaction;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use tempfile::NamedTempFile;

pub use file_mover::State;
pub use folder::{Call, CallKind, FaultAction, FaultHook};
pub use journal::{About, FileEdit, Record, effective_changes};
pub use refusal::Refusal;
pub use transaction::{Transaction, finished, history, interrupted, is_restorable, peek, state_path, summaries};

/// Writes what the user wants to keep: a patch, a plan. It may replace a file.
pub fn write_product(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// Replaces a document of the user's, such as a tasks.md. It is an error if it no longer holds `before`.
pub fn replace_document(path: &Path, before: &str, after: &str) -> Result<()> {
    let shown = path.display();
    // Through a link, the file that it leads to is replaced, and the link stays.
    let path = fs::canonicalize(path).with_context(|| format!("{shown} is gone"))?;
    let now = fs::read(&path).with_context(|| format!("reading {shown}"))?;
    if now != before.as_bytes() {
        bail!("{shown} was changed meanwhile; nothing was written");
    }
    let metadata = fs::metadata(&path)?;
    if metadata.permissions().readonly() {
        bail!("{shown} is read-only");
    }
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(after.as_bytes())?;
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).with_context(|| format!("writing {shown}"))?;
    Ok(())
}
