//! The file system calls of an apply. Nothing else in this project changes a checkout.
//!
//! Every path is walked through open folders, one part at a time, and no link is followed: a folder that
//! becomes a symbolic link between a check and a write leads nowhere. Tests can make each call fail, to prove
//! what happens then.

use std::cell::RefCell;
use std::fs::{File, TryLockError};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, RenameFlags, Uid, XattrFlags};
use rustix::io::Errno;

/// The largest file that is read: a journal holds every text of a change.
const LIMIT: u64 = 1 << 30;

/// A call that is about to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Which one.
    pub kind: CallKind,
    /// What it is about: a name in a folder.
    pub name: String,
}

/// The calls.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CallKind {
    /// A folder is opened.
    Open,
    /// A folder is listed.
    List,
    /// What stands at a name is looked at.
    Look,
    /// A file is read.
    Read,
    /// A folder is made.
    MakeFolder,
    /// A file is made, empty.
    Create,
    /// Bytes are written into it.
    Write,
    /// Its rights are set.
    SetMode,
    /// It is brought to the disk.
    Sync,
    /// A folder's names are brought to the disk.
    SyncFolder,
    /// A file gets another name, which must be free.
    Move,
    /// A file gets another name, which may be taken.
    Replace,
    /// Two files swap their names.
    Swap,
    /// A file is removed.
    Remove,
    /// An empty folder is removed.
    RemoveFolder,
    /// The lock is taken.
    Lock,
}

/// What a test does to a call.
#[derive(Debug)]
pub enum FaultAction {
    /// Makes it.
    Go,
    /// Fails it.
    Fail(io::Error),
    /// Fails it when half of its bytes are written.
    Half(io::Error),
}

/// A test's hook, which is asked before each call.
pub type FaultHook = Rc<RefCell<dyn FnMut(&Call) -> FaultAction>>;

/// An open folder.
pub(super) struct Folder {
    handle: OwnedFd,
    faults: Option<FaultHook>,
}

/// What stands at a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A file, with its rights.
    File(u32),
    /// A folder.
    Folder,
    /// A link, a device: nothing that is written.
    Other,
}

impl Folder {
    /// Opens the folder that everything else is reached from. Links on the way to it are followed.
    pub(super) fn open(path: &Path, faults: Option<FaultHook>) -> io::Result<Self> {
        ask(faults.as_ref(), CallKind::Open, &path.to_string_lossy())?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { handle: rustix::fs::open(path, flags, Mode::empty())?, faults })
    }

    /// Opens a folder in it. A link to a folder is an error.
    pub(super) fn folder(&self, name: &str) -> io::Result<Self> {
        self.ask(CallKind::Open, name)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = rustix::fs::openat(&self.handle, name, flags, Mode::empty())?;
        Ok(Self { handle, faults: self.faults.clone() })
    }

    /// The names in it, sorted.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        self.ask(CallKind::List, ".")?;
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.handle)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !matches!(name.as_str(), "." | "..") {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// What stands at a name.
    pub(super) fn look(&self, name: &str) -> io::Result<Found> {
        self.ask(CallKind::Look, name)?;
        match rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile => Found::File(Mode::from_raw_mode(stat.st_mode).as_raw_mode() & 0o7777),
                FileType::Directory => Found::Folder,
                _ => Found::Other,
            }),
            Err(Errno::NOENT) => Ok(Found::Nothing),
            Err(error) => Err(error.into()),
        }
    }

    /// The first line of a regular file.
    pub(super) fn first_line(&self, name: &str) -> io::Result<Vec<u8>> {
        self.ask(CallKind::Read, name)?;
        let mut line = Vec::new();
        if let Some(file) = self.open_file(name)? {
            BufReader::new(file.take(LIMIT)).read_until(b'\n', &mut line)?;
        }
        Ok(line)
    }

    /// The bytes of a regular file; nothing if the name is free.
    pub(super) fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.ask(CallKind::Read, name)?;
        let Some(file) = self.open_file(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.take(LIMIT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LIMIT {
            return Err(io::Error::other(format!("it has more than {LIMIT} bytes, which are not read")));
        }
        Ok(Some(bytes))
    }

    fn open_file(&self, name: &str) -> io::Result<Option<File>> {
        // Not to wait for whoever writes into a pipe.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let handle = match rustix::fs::openat(&self.handle, name, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let file = File::from(handle);
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        Ok(Some(file))
    }

    /// Writes a new file and syncs it. Without a mode, it gets the default permissions.
    pub(super) fn create(&self, name: &str, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
        self.ask(CallKind::Create, name)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // What will be private is private from the start.
        let first = mode.map_or(0o666, |mode| mode & 0o600);
        let handle = rustix::fs::openat(&self.handle, name, flags, Mode::from_raw_mode(first))?;
        let mut file = File::from(handle);
        match consult(self.faults.as_ref(), CallKind::Write, name) {
            FaultAction::Go => file.write_all(bytes)?,
            FaultAction::Fail(error) => return Err(error),
            FaultAction::Half(error) => {
                file.write_all(&bytes[..bytes.len() / 2])?;
                return Err(error);
            }
        }
        // Whatever is masked out by default, its owner can change it later.
        let own = rustix::fs::fstat(&file)?.st_mode & 0o777;
        if let Some(mode) = mode.or_else(|| (own & 0o600 != 0o600).then_some(own | 0o600)) {
            self.ask(CallKind::SetMode, name)?;
            rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?;
        }
        self.ask(CallKind::Sync, name)?;
        file.sync_all()
    }

    /// Gives a file the owner, the access list and the other attributes of another one, if that is there.
    pub(super) fn adopt(&self, from: &str, to: &str) -> io::Result<()> {
        self.ask(CallKind::SetMode, to)?;
        let (Some(from), Some(to)) = (self.open_file(from)?, self.open_file(to)?) else { return Ok(()) };
        let [old, new] = [rustix::fs::fstat(&from)?, rustix::fs::fstat(&to)?];
        if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid) {
            let (owner, group) = (Uid::from_raw(old.st_uid), Gid::from_raw(old.st_gid));
            match rustix::fs::fchown(&to, Some(owner), Some(group)) {
                // A group that its owner is not in is the system's to give.
                Err(Errno::PERM) if old.st_uid == new.st_uid => {}
                kept => kept.map_err(|error| io::Error::other(format!("its owner cannot be kept: {error}")))?,
            }
            // A new owner takes some permissions away.
            rustix::fs::fchmod(&to, Mode::from_raw_mode(old.st_mode & 0o7777))?;
        }
        for name in attributes(&from)? {
            let mut value = vec![0; ATTRIBUTE];
            let length = rustix::fs::fgetxattr(&from, name.as_slice(), &mut value[..])?;
            match rustix::fs::fsetxattr(&to, name.as_slice(), &value[..length], XattrFlags::empty()) {
                // Other attributes than the user's and access lists are the system's to give.
                Err(_) if !name.starts_with(b"user.") && !name.starts_with(b"system.posix_acl") => {}
                result => result?,
            }
        }
        Ok(())
    }

    /// Makes a new file for this user alone, to be written bit by bit.
    pub(super) fn create_open(&self, name: &str) -> io::Result<File> {
        self.ask(CallKind::Create, name)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&self.handle, name, flags, Mode::from_raw_mode(0o600))?.into())
    }

    /// Makes a folder.
    pub(super) fn make_folder(&self, name: &str) -> io::Result<()> {
        self.ask(CallKind::MakeFolder, name)?;
        rustix::fs::mkdirat(&self.handle, name, Mode::from_raw_mode(0o777))?;
        let mode = rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode;
        if mode & 0o700 != 0o700 {
            // Whatever is masked out by default, its owner can put something into it.
            let mode = Mode::from_raw_mode(mode & 0o777 | 0o700);
            rustix::fs::chmodat(&self.handle, name, mode, AtFlags::empty())?;
        }
        Ok(())
    }

    /// Opens a folder for this user alone, and makes it if it does not exist. It is an error if it belongs to somebody
    /// else, or is a link.
    pub(super) fn private_folder(&self, name: &str) -> io::Result<Self> {
        if self.look(name)? == Found::Nothing {
            self.ask(CallKind::MakeFolder, name)?;
            match rustix::fs::mkdirat(&self.handle, name, Mode::from_raw_mode(0o700)) {
                // Another run was faster.
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            self.sync()?;
        }
        let folder = match self.folder(name) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                // Masked out when it was made.
                rustix::fs::chmodat(&self.handle, name, Mode::from_raw_mode(0o700), AtFlags::empty())?;
                self.folder(name)?
            }
            folder => folder?,
        };
        folder.is_own()?;
        if rustix::fs::fstat(&folder.handle)?.st_mode & 0o777 != 0o700 {
            rustix::fs::fchmod(&folder.handle, Mode::from_raw_mode(0o700))?;
        }
        Ok(folder)
    }

    /// That it belongs to this user.
    pub(super) fn is_own(&self) -> io::Result<()> {
        let owner = rustix::fs::fstat(&self.handle)?.st_uid;
        if owner == rustix::process::geteuid().as_raw() {
            return Ok(());
        }
        Err(io::Error::other(format!("the folder belongs to somebody else (user {owner})")))
    }

    /// Renames a file. The new name must be free.
    pub(super) fn rename_to_free(&self, from: &str, to: &str) -> io::Result<()> {
        self.ask(CallKind::Move, to)?;
        match rustix::fs::renameat_with(&self.handle, from, &self.handle, to, RenameFlags::NOREPLACE) {
            // Not every file system knows how; there, a second name is made and the first one taken away.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                rustix::fs::linkat(&self.handle, from, &self.handle, to, AtFlags::empty())?;
                Ok(rustix::fs::unlinkat(&self.handle, from, AtFlags::empty())?)
            }
            result => Ok(result?),
        }
    }

    /// Swaps the names of two files: true. Where the file system cannot, the first replaces the second: false.
    pub(super) fn swap(&self, one: &str, other: &str) -> io::Result<bool> {
        self.ask(CallKind::Swap, other)?;
        match rustix::fs::renameat_with(&self.handle, one, &self.handle, other, RenameFlags::EXCHANGE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                rustix::fs::renameat(&self.handle, one, &self.handle, other)?;
                Ok(false)
            }
            result => Ok(result.map(|()| true)?),
        }
    }

    /// Moves a file into another folder, and replaces what has the name there.
    pub(super) fn rename_into(&self, from: &str, folder: &Self, to: &str) -> io::Result<()> {
        self.ask(CallKind::Replace, to)?;
        Ok(rustix::fs::renameat(&self.handle, from, &folder.handle, to)?)
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        self.ask(CallKind::Remove, name)?;
        match rustix::fs::unlinkat(&self.handle, name, AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(()),
            result => Ok(result?),
        }
    }

    /// Removes a folder, if it is there and empty.
    pub(super) fn remove_folder(&self, name: &str) -> io::Result<()> {
        self.ask(CallKind::RemoveFolder, name)?;
        match rustix::fs::unlinkat(&self.handle, name, AtFlags::REMOVEDIR) {
            Err(Errno::NOENT | Errno::NOTEMPTY | Errno::EXIST) => Ok(()),
            result => Ok(result?),
        }
    }

    /// Syncs its names to the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.ask(CallKind::SyncFolder, ".")?;
        match rustix::fs::fsync(&self.handle) {
            // Some file systems have nothing to bring there.
            Err(Errno::INVAL | Errno::NOTSUP) => Ok(()),
            result => Ok(result?),
        }
    }

    /// Takes the lock on a file, which is made if needed. Waits about half a second for another process; nothing
    /// if that one keeps the lock.
    pub(super) fn lock(&self, name: &str) -> io::Result<Option<File>> {
        self.ask(CallKind::Lock, name)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let flags = flags | OFlags::NONBLOCK;
        let file = File::from(rustix::fs::openat(&self.handle, name, flags, Mode::from_raw_mode(0o600))?);
        // A process that is being started holds the locks of the one that starts it for a moment.
        for wait in [1, 10, 100, 400, 0].map(Duration::from_millis) {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(TryLockError::WouldBlock) => std::thread::sleep(wait),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    fn ask(&self, kind: CallKind, name: &str) -> io::Result<()> {
        ask(self.faults.as_ref(), kind, name)
    }
}

/// The largest value of an attribute that Linux knows.
const ATTRIBUTE: usize = 64 << 10;

/// The names of a file's attributes; none where the file system has none.
fn attributes(file: &File) -> io::Result<Vec<Vec<u8>>> {
    let mut names = vec![0; ATTRIBUTE];
    match rustix::fs::flistxattr(file, &mut names[..]) {
        Ok(length) => {
            Ok(names[..length].split(|byte| *byte == 0).filter(|n| !n.is_empty()).map(<[u8]>::to_vec).collect())
        }
        Err(Errno::NOTSUP) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

fn ask(who: Option<&FaultHook>, kind: CallKind, name: &str) -> io::Result<()> {
    match consult(who, kind, name) {
        FaultAction::Go => Ok(()),
        FaultAction::Fail(error) | FaultAction::Half(error) => Err(error),
    }
}

fn consult(who: Option<&FaultHook>, kind: CallKind, name: &str) -> FaultAction {
    who.map_or(FaultAction::Go, |hook| (hook.borrow_mut())(&Call { kind, name: name.to_owned() }))
}
