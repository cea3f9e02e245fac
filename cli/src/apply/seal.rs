//! What tells this user's own journals and plans from those that came with a checkout: each bears a digest that is
//! keyed with a secret of the user's, which lies outside of every checkout.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::{env, process};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::folder::{Folder, Found};
use super::place::STATE;

const KEY: &str = "key";
/// How many bytes the secret has.
const LENGTH: usize = 32;
/// How many bytes SHA-256 takes at a time.
const BLOCK: usize = 64;

/// The user's secret.
#[derive(Clone)]
pub struct Key([u8; LENGTH]);

/// Which checkout something was made for. A checkout that was moved keeps its inode, one that was restored its path.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Place {
    root: String,
    inode: u64,
}

impl Place {
    /// The place of a checkout.
    pub fn of(root: &Path) -> Self {
        let path = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        Self { inode: fs::metadata(&path).map_or(0, |found| found.ino()), root: path.to_string_lossy().into_owned() }
    }

    /// Whether both are the same checkout.
    pub fn is(&self, other: &Self) -> bool {
        self.root == other.root || self.inode == other.inode
    }

    /// Its path.
    pub fn root(&self) -> &str {
        &self.root
    }
}

impl Key {
    /// The secret, if this user has one already.
    pub fn find() -> io::Result<Option<Self>> {
        let Some(home) = home() else { return Ok(None) };
        match Folder::open(&home, None).and_then(|home| home.folder(STATE)) {
            Ok(folder) => Self::read(&folder),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The secret. It is made if this user has none.
    pub fn find_or_make() -> io::Result<Self> {
        let home = home().ok_or_else(|| io::Error::other("neither $XDG_STATE_HOME nor a home folder is known"))?;
        DirBuilder::new().recursive(true).mode(0o700).create(&home)?;
        let folder = Folder::open(&home, None)?.private_folder(STATE)?;
        if let Some(key) = Self::read(&folder)? {
            return Ok(key);
        }
        let mut bytes = [0; LENGTH];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let draft = format!("{KEY}.{}", process::id());
        folder.remove(&draft)?;
        folder.create(&draft, &bytes, Some(0o600))?;
        match folder.rename_to_free(&draft, KEY) {
            Ok(()) => folder.sync()?,
            // Another run was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => folder.remove(&draft)?,
            Err(error) => return Err(error),
        }
        Self::read(&folder)?.ok_or_else(|| io::Error::other("the key vanished"))
    }

    fn read(folder: &Folder) -> io::Result<Option<Self>> {
        match folder.look(KEY)? {
            Found::Nothing => return Ok(None),
            Found::File(mode) if mode & 0o077 != 0 => {
                let path = Self::path().display().to_string();
                return Err(io::Error::other(format!("others may read {path}; if nobody did, `chmod 600` keeps it")));
            }
            _ => {}
        }
        folder.is_own()?;
        let bytes = folder.read(KEY)?.unwrap_or_default();
        let wrong = |_| io::Error::other(format!("{} is not a key of {LENGTH} bytes", Self::path().display()));
        bytes.try_into().map(|bytes| Some(Self(bytes))).map_err(wrong)
    }

    /// Where the secret lies.
    pub fn path() -> PathBuf {
        home().unwrap_or_default().join(STATE).join(KEY)
    }

    /// A secret that tests know.
    #[cfg(test)]
    pub(super) fn known() -> Self {
        Self([7; LENGTH])
    }

    /// The seal of some bytes, as a word. What is sealed for one purpose is not sealed for another.
    pub fn seal(&self, purpose: &str, bytes: &[u8]) -> String {
        hex(&self.digest(purpose, bytes))
    }

    /// Whether a seal is that of some bytes. The time it takes does not tell where they differ.
    pub fn is_sealed(&self, purpose: &str, bytes: &[u8], seal: &str) -> bool {
        let own = self.seal(purpose, bytes);
        let differing = own.bytes().zip(seal.bytes()).fold(0, |sum, (own, given)| sum | (own ^ given));
        own.len() == seal.len() && differing == 0
    }

    /// HMAC-SHA256 (RFC 2104) over the purpose, a zero byte, and the bytes.
    fn digest(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let mut block = [0; BLOCK];
        block[..LENGTH].copy_from_slice(&self.0);
        let keyed = |pad: u8| Sha256::new().chain_update(block.map(|byte| byte ^ pad));
        let inner = keyed(0x36).chain_update(purpose).chain_update([0]).chain_update(bytes).finalize();
        keyed(0x5c).chain_update(inner).finalize().into()
    }
}

/// SHA-256, in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The folder in which programs keep the user's state.
pub(super) fn home() -> Option<PathBuf> {
    let named = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    named.or_else(|| env::home_dir().map(|home| home.join(".local/state")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_hmac_sha_256() {
        // By `printf 'plan\0text' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…`.
        let seal = Key::known().seal("plan", b"text");
        assert_eq!(seal, "000dd58a3d2b4ccc563669cc14bdd20d4bb86c195ba8ed9d26a162fa218a0714");
        assert!(Key::known().is_sealed("plan", b"text", &seal));
        assert!(!Key::known().is_sealed("journal", b"text", &seal));
        assert!(!Key::known().is_sealed("plan", b"texts", &seal));
        assert!(!Key::known().is_sealed("plan", b"text", &seal[1..]));
    }
}
