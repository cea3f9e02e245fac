//! What is written down before a checkout is changed: every text as it is and as it will be.
//!
//! A journal is one line of JSON, and behind it the texts as they are. Its name tells how far the
//! change is: `pending` until every file is in place, then a number in `history/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use kubevirt_scaffold_core::plan::Baseline;
use kubevirt_scaffold_core::repo_path::RepoPath;
use serde::{Deserialize, Serialize};

/// A change of files, done or under way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// What it is.
    pub about: About,
    /// Folders that are made for it, outermost first.
    pub folders: Vec<String>,
    /// Folders that are taken away with it if they are empty, innermost first.
    pub emptied: Vec<String>,
    /// The files.
    pub files: Vec<FileEdit>,
    /// Every file that the feature's scaffolds are in.
    pub baselines: BTreeMap<RepoPath, Baseline>,
}

/// What a change is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct About {
    /// Its number.
    pub id: u64,
    /// When it was made, in seconds since 1970.
    pub time: u64,
    /// The command line.
    pub command: String,
    /// The feature's slug.
    pub feature: String,
    /// The tasks whose scaffolds are in it: IDs and titles.
    pub tasks: Vec<(String, String)>,
    /// The saved plan that it carries out.
    pub plan: Option<String>,
    /// The changes that it takes back; empty unless it is an undo.
    pub undoes: Vec<u64>,
    /// The steps that were to run after it.
    pub hooks: Vec<String>,
    /// The change that it belongs to, if it records what a follow-up step did.
    #[serde(default)]
    pub follows: Option<u64>,
}

/// One file of a change.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileEdit {
    /// Its path.
    pub path: String,
    /// Its permissions, if it exists.
    pub mode: Option<u32>,
    /// What it holds; nothing if it does not exist.
    pub before: Option<Vec<u8>>,
    /// What it will hold; nothing if it is removed.
    pub after: Option<Vec<u8>>,
}

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    #[serde(flatten)]
    about: About,
    folders: Vec<String>,
    emptied: Vec<String>,
    files: Vec<FileHeader>,
    bases: Vec<BaselineHeader>,
    /// The lengths of the texts that follow.
    texts: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
struct FileHeader {
    path: String,
    mode: Option<u32>,
    before: Option<usize>,
    after: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct BaselineHeader {
    path: RepoPath,
    pristine: Option<usize>,
    emitted: usize,
    tasks: Vec<String>,
}

/// Texts, each once.
#[derive(Default)]
struct Texts<'a> {
    known: BTreeMap<&'a [u8], usize>,
    all: Vec<&'a [u8]>,
}

impl<'a> Texts<'a> {
    fn add(&mut self, text: &'a [u8]) -> usize {
        *self.known.entry(text).or_insert_with(|| {
            self.all.push(text);
            self.all.len() - 1
        })
    }
}

impl Record {
    /// The bytes of the journal.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut texts = Texts::default();
        let files = self.files.iter().map(|file| FileHeader {
            path: file.path.clone(),
            mode: file.mode,
            before: file.before.as_deref().map(|text| texts.add(text)),
            after: file.after.as_deref().map(|text| texts.add(text)),
        });
        let files = files.collect();
        let bases = self.baselines.iter().map(|(path, base)| BaselineHeader {
            path: path.clone(),
            pristine: base.pristine.as_deref().map(|text| texts.add(text.as_bytes())),
            emitted: texts.add(base.emitted.as_bytes()),
            tasks: base.tasks.clone(),
        });
        let bases = bases.collect();
        let header = Header {
            version: VERSION,
            about: self.about.clone(),
            folders: self.folders.clone(),
            emptied: self.emptied.clone(),
            files,
            bases,
            texts: texts.all.iter().map(|text| text.len()).collect(),
        };
        let mut bytes = serde_json::to_vec(&header)?;
        bytes.push(b'\n');
        for text in texts.all {
            bytes.extend_from_slice(text);
        }
        Ok(bytes)
    }

    /// What the first line of a journal says of its change.
    pub fn about(line: &[u8]) -> Result<About, String> {
        let header: Header = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        Ok(header.about)
    }

    /// Reads the bytes of a journal. The error says what is wrong with them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let line = bytes.iter().position(|byte| *byte == b'\n').ok_or("it has no first line")?;
        let header: Header = serde_json::from_slice(&bytes[..line]).map_err(|error| error.to_string())?;
        if header.version != VERSION {
            return Err(format!("it has version {}, and this program reads version {VERSION}", header.version));
        }
        let mut rest = &bytes[line + 1..];
        let mut texts = Vec::new();
        for length in header.texts {
            let (text, after) = rest.split_at_checked(length).ok_or("it ends too early")?;
            texts.push(text);
            rest = after;
        }
        if !rest.is_empty() {
            return Err("it goes on behind its end".to_owned());
        }
        let text = |index: usize| texts.get(index).map(|text| text.to_vec()).ok_or("it names a text that it lacks");
        let utf8 =
            |index: usize| String::from_utf8(text(index)?).map(Arc::from).map_err(|_| "a text in it is not UTF-8");
        let mut record =
            Self { about: header.about, folders: header.folders, emptied: header.emptied, ..Self::default() };
        for FileHeader { path, mode, before, after } in header.files {
            let (before, after) = (before.map(text).transpose()?, after.map(text).transpose()?);
            record.files.push(FileEdit { path, mode, before, after });
        }
        for BaselineHeader { path, pristine, emitted, tasks } in header.bases {
            let pristine = pristine.map(utf8).transpose()?;
            record.baselines.insert(path, Baseline { pristine, emitted: utf8(emitted)?, tasks });
        }
        Ok(record)
    }
}

impl AsRef<About> for Record {
    fn as_ref(&self) -> &About {
        &self.about
    }
}

impl AsRef<About> for About {
    fn as_ref(&self) -> &About {
        self
    }
}

/// The changes of a history that were not taken back, without the undos, oldest first.
pub fn effective_changes<T: AsRef<About>>(history: &[T]) -> Vec<&T> {
    let undone: Vec<u64> = history.iter().flat_map(|change| change.as_ref().undoes.iter().copied()).collect();
    let stands = |about: &About| about.undoes.is_empty() && !undone.contains(&about.id);
    history.iter().filter(|change| stands((*change).as_ref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            about: About { id: 7, command: "scaffold tasks.md".into(), undoes: vec![3], ..About::default() },
            folders: vec!["a".into(), "a/b".into()],
            emptied: vec!["c".into()],
            files: vec![
                FileEdit { path: "a/b/x".into(), mode: None, before: None, after: Some(b"new\n".to_vec()) },
                FileEdit { path: "y".into(), mode: Some(0o755), before: Some(vec![0xff, b'\n']), after: None },
            ],
            baselines: [(
                RepoPath::known("y"),
                Baseline { pristine: None, emitted: "new\n".into(), tasks: vec!["T001".into()] },
            )]
            .into(),
        }
    }

    #[test]
    fn a_record_reads_back() {
        let bytes = record().to_bytes().unwrap();
        assert_eq!(Record::from_bytes(&bytes), Ok(record()));
        assert_eq!(bytes.windows(4).filter(|four| four == b"new\n").count(), 1, "a text is written once");
    }

    #[test]
    fn a_torn_record_is_refused() {
        let bytes = record().to_bytes().unwrap();
        for length in 0..bytes.len() {
            assert!(Record::from_bytes(&bytes[..length]).is_err(), "{length} bytes of {}", bytes.len());
        }
        assert!(Record::from_bytes(&[bytes.as_slice(), b"x"].concat()).is_err());
    }

    #[test]
    fn what_is_undone_does_not_stand() {
        let of = |id, undoes| Record { about: About { id, undoes, ..About::default() }, ..Record::default() };
        let history = [of(1, vec![]), of(2, vec![]), of(3, vec![2]), of(4, vec![])];
        let ids: Vec<u64> = effective_changes(&history).iter().map(|record| record.about.id).collect();
        assert_eq!(ids, [1, 4]);
    }
}
