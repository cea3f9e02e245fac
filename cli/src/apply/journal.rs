//! What is written down before a checkout is changed: every text as it is and as it will be.
//!
//! A journal is a seal and a line of JSON, and behind it the texts as they are. The line holds a digest of the texts and
//! the place of the checkout, and the seal is of the line: what this user's tool did not write, or wrote for another
//! checkout, is not taken for a journal. Its name tells how far the change is: `pending` until every file is in place,
//! then a number in `history/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use kubevirt_scaffold_core::plan::Baseline;
use kubevirt_scaffold_core::repo_path::RepoPath;
use serde::{Deserialize, Serialize};

use super::seal::{Key, Place, sha256};
use crate::options::Asked;

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
    /// The files in it that a generator of the checkout made: no others may be files that generators own.
    #[serde(default)]
    pub generated: Vec<String>,
    /// What the tasks.md was scaffolded with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
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

const VERSION: u32 = 2;
/// What a journal is sealed for.
const PURPOSE: &str = "journal";
/// How many letters a seal has.
const SEAL: usize = 64;

/// What journals are sealed with: the user's secret, if there is one, and the checkout.
#[derive(Clone)]
pub struct Seal {
    /// The secret.
    pub key: Option<Key>,
    /// The checkout.
    pub place: Place,
}

/// Why a journal is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// It cannot be read.
    Torn(String),
    /// It was made by another user, another program, or for another checkout.
    Foreign(String),
}

impl From<&str> for Unfit {
    fn from(reason: &str) -> Self {
        Self::Torn(reason.to_owned())
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    place: Place,
    /// The SHA-256 of the texts, one behind the other.
    digest: String,
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
    pub fn to_bytes(&self, key: &Key, place: &Place) -> serde_json::Result<Vec<u8>> {
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
            place: place.clone(),
            digest: sha256(&texts.all.concat()),
            about: self.about.clone(),
            folders: self.folders.clone(),
            emptied: self.emptied.clone(),
            files,
            bases,
            texts: texts.all.iter().map(|text| text.len()).collect(),
        };
        let line = serde_json::to_vec(&header)?;
        let mut bytes = key.seal(PURPOSE, &line).into_bytes();
        bytes.push(b' ');
        bytes.extend_from_slice(&line);
        bytes.push(b'\n');
        for text in texts.all {
            bytes.extend_from_slice(text);
        }
        Ok(bytes)
    }

    /// What the first line of a journal says of its change.
    pub fn about(line: &[u8], seal: &Seal) -> Result<About, Unfit> {
        Ok(Header::read(line, seal)?.about)
    }

    /// Reads the bytes of a journal.
    pub fn from_bytes(bytes: &[u8], seal: &Seal) -> Result<Self, Unfit> {
        let line = bytes.iter().position(|byte| *byte == b'\n').ok_or("it has no first line")?;
        let header = Header::read(&bytes[..line], seal)?;
        let mut rest = &bytes[line + 1..];
        let mut texts = Vec::new();
        for length in header.texts {
            let (text, after) = rest.split_at_checked(length).ok_or("it ends too early")?;
            texts.push(text);
            rest = after;
        }
        if !rest.is_empty() {
            return Err("it continues after its end".into());
        }
        if sha256(&bytes[line + 1..]) != header.digest {
            return Err(Unfit::Foreign("its texts are not those that were sealed".to_owned()));
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

impl Header {
    /// Reads the first line of a journal, if it bears the user's seal and is about this checkout.
    fn read(line: &[u8], seal: &Seal) -> Result<Self, Unfit> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if line.starts_with(b"{") {
            return Err(Unfit::Foreign("it has no seal".to_owned()));
        }
        let (given, line) = line.split_at_checked(SEAL).ok_or("it has no first line")?;
        let line = line.strip_prefix(b" ").ok_or("it has no seal")?;
        let header: Self = serde_json::from_slice(line).map_err(|error| Unfit::Torn(error.to_string()))?;
        if header.version != VERSION {
            let message = format!("it has version {}, and this program reads version {VERSION}", header.version);
            return Err(Unfit::Torn(message));
        }
        let given = String::from_utf8_lossy(given);
        if !seal.key.as_ref().is_some_and(|key| key.is_sealed(PURPOSE, line, &given)) {
            return Err(Unfit::Foreign("it does not have your seal".to_owned()));
        }
        if !header.place.is(&seal.place) {
            return Err(Unfit::Foreign(format!("it is about {}", header.place.root())));
        }
        Ok(header)
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
    use std::path::Path;

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

    fn seal() -> Seal {
        Seal { key: Some(Key::known()), place: Place::of(Path::new("/")) }
    }

    fn bytes() -> Vec<u8> {
        record().to_bytes(&Key::known(), &seal().place).unwrap()
    }

    #[test]
    fn a_record_reads_back() {
        let bytes = bytes();
        assert_eq!(Record::from_bytes(&bytes, &seal()), Ok(record()));
        assert_eq!(bytes.windows(4).filter(|four| four == b"new\n").count(), 1, "a text is written once");
    }

    #[test]
    fn a_torn_record_is_refused() {
        let bytes = bytes();
        for length in 0..bytes.len() {
            assert!(Record::from_bytes(&bytes[..length], &seal()).is_err(), "{length} bytes of {}", bytes.len());
        }
        assert!(Record::from_bytes(&[bytes.as_slice(), b"x"].concat(), &seal()).is_err());
    }

    #[test]
    fn what_is_not_sealed_as_it_is_is_refused() {
        let bytes = bytes();
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert!(Record::from_bytes(&other, &seal()).is_err(), "byte {at} of {}", bytes.len());
        }
        let elsewhere = Seal { place: Place::of(Path::new("/proc/self")), ..seal() };
        assert!(matches!(Record::from_bytes(&bytes, &elsewhere), Err(Unfit::Foreign(_))));
        assert!(matches!(Record::from_bytes(&bytes, &Seal { key: None, ..seal() }), Err(Unfit::Foreign(_))));
        let (_, bare) = bytes.split_at(SEAL + 1);
        assert!(matches!(Record::from_bytes(bare, &seal()), Err(Unfit::Foreign(_))));
    }

    #[test]
    fn what_is_undone_does_not_stand() {
        let of = |id, undoes| Record { about: About { id, undoes, ..About::default() }, ..Record::default() };
        let history = [of(1, vec![]), of(2, vec![]), of(3, vec![2]), of(4, vec![])];
        let ids: Vec<u64> = effective_changes(&history).iter().map(|record| record.about.id).collect();
        assert_eq!(ids, [1, 4]);
    }
}
