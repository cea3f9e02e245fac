//! What was compiled before: minutes of work, which need not be done again while nothing that went into it has
//! changed. A run that was stopped goes on where it was.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use kubevirt_scaffold::checkout::cache;
use kubevirt_scaffold_core::pipeline::sha256;

/// Results of one kind, in the user's cache.
#[derive(Debug)]
pub(super) struct Store {
    folder: Option<PathBuf>,
    again: bool,
}

impl Store {
    /// The results of a kind. With `again`, what is known is not asked for, only replaced.
    pub(super) fn new(kind: &str, again: bool) -> Self {
        let beside = cache().and_then(|checkout| Some(checkout.parent()?.join("results").join(kind)));
        Self { folder: beside, again }
    }

    /// What is known under a key.
    pub(super) fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let folder = self.folder.as_ref().filter(|_| !self.again)?;
        // Whatever cannot be read is as good as unknown.
        serde_json::from_slice(&fs::read(folder.join(format!("{key}.json"))).ok()?).ok()
    }

    /// Keeps a result: all of it, or nothing if the run is stopped meanwhile.
    pub(super) fn put<T: Serialize>(&self, key: &str, result: &T) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let path = folder.join(format!("{key}.json"));
        let keep = || -> Result<()> {
            fs::create_dir_all(folder)?;
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(&serde_json::to_vec_pretty(result)?)?;
            file.persist(&path)?;
            Ok(())
        };
        keep().with_context(|| format!("writing {}", path.display()))
    }
}

/// A name for something, and for all that went into it.
pub(super) fn key<'a>(name: &str, parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for part in parts {
        // With their lengths, so that no two lists read the same.
        let _ = write!(text, "{}:{part}", part.len());
    }
    format!("{name}-{}", &sha256(&text)[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_kept_under_what_went_into_them() {
        let folder = tempfile::TempDir::new().unwrap();
        let store = |again| Store { folder: Some(folder.path().join("replay")), again };
        let (one, other) = (key("x", ["a", "bc"]), key("x", ["ab", "c"]));
        assert_ne!(one, other);
        assert_eq!(store(false).get::<u32>(&one), None);
        store(false).put(&one, &1).unwrap();
        assert_eq!((store(false).get(&one), store(false).get::<u32>(&other)), (Some(1), None));
        assert_eq!(store(true).get::<u32>(&one), None);
        store(true).put(&one, &2).unwrap();
        assert_eq!(store(false).get(&one), Some(2));
        assert_eq!(store(false).get::<String>(&one), None, "of another form");
    }
}
