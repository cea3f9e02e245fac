//! Writing what the user wants to keep in a file that a flag names: a patch, a plan, a report.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use kubevirt_scaffold_core::page;
use tempfile::Builder;

use super::refusal::Refusal;
use crate::files;

/// What a file holds. One that holds something else is not replaced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A diff, for `git apply`.
    Patch,
    /// A saved plan.
    Plan,
    /// JUnit's XML.
    Report,
    /// A review page.
    Page,
    /// A file of this program's own: completions, a manual page.
    Own,
    /// A tasks.md, which is only made new: one that is there is brought up to date.
    Tasks,
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Self::Patch => "a patch",
            Self::Plan => "a saved plan",
            Self::Report => "a JUnit report",
            Self::Page => "a review page",
            Self::Own => "a file of this program",
            Self::Tasks => "a tasks.md that was read",
        }
    }

    /// Whether a file that begins so has this form.
    fn is_that_of(self, beginning: &[u8]) -> bool {
        let text = String::from_utf8_lossy(beginning);
        let text = text.trim_start();
        match self {
            Self::Patch => ["diff ", "--- ", "From "].iter().any(|word| text.starts_with(word)),
            Self::Plan => text.starts_with('{') && text.contains("\"kind\": \"kubevirt-scaffold plan\""),
            Self::Report => text.starts_with("<testsuite") || text.starts_with("<?xml") && text.contains("<testsuite"),
            Self::Page => text.starts_with(page::BEGINNING),
            Self::Own => {
                text.contains("kubevirt_scaffold")
                    || text.contains("kubevirt\\-scaffold")
                    || text.contains("kubevirt-scaffold")
            }
            Self::Tasks => false,
        }
    }
}

/// How much of a file tells its form.
const BEGINNING: u64 = 1024;

/// Writes a file as a whole: a new one, or in place of one of the same form, or with `force` of any file. A pipe or a
/// device is written to.
pub fn write_product(path: &Path, text: &str, form: Form, force: bool) -> Result<(), Refusal> {
    let failed = |error: io::Error| {
        let message = format!("{} cannot be written: {error}", path.display());
        Refusal::new("output", path, message, "name a file in a folder that you can write to")
    };
    match fs::metadata(path) {
        Ok(found) if found.is_file() => {
            let mut beginning = Vec::new();
            let file = files::open(path).map_err(failed)?;
            file.take(BEGINNING).read_to_end(&mut beginning).map_err(failed)?;
            if !force && !beginning.is_empty() && !form.is_that_of(&beginning) {
                let message = format!("{} already exists, and is not {}", path.display(), form.name());
                return Err(Refusal::new("output-exists", path, message, "name another file, or pass --force"));
            }
            replace(path, text, &found.permissions()).map_err(failed)
        }
        Ok(found) if found.is_dir() => Err(failed(io::ErrorKind::IsADirectory.into())),
        Ok(_) => {
            OpenOptions::new().write(true).open(path).and_then(|mut f| f.write_all(text.as_bytes())).map_err(failed)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path, text).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

fn replace(path: &Path, text: &str, permissions: &Permissions) -> io::Result<()> {
    if permissions.readonly() {
        return Err(io::Error::other("it is read-only"));
    }
    // Through a link, the file that it leads to is replaced, and the link stays.
    let path = fs::canonicalize(path)?;
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new("/")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions.clone())?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

fn make(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The permissions of a new file: what the user masks out is taken off.
    let mut file = Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}
