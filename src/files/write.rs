//! Bytes into files, whole or not at all.

use crate::error::{Error, Result};
use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// Links followed before a path is taken for a circle of them, as the kernel does.
const MOST_LINKS: usize = 40;

/// Writes `content` to `path`: beside it first, then renamed, so that no half-written file is ever seen.
///
/// A file that is there keeps its mode, and its other names (hard links); a new one follows the umask. A link is followed, also where it
/// leads to nothing yet. What is neither a file nor a folder (a device, a pipe) is written to as it is.
///
/// # Errors
/// When the file cannot be written or is read-only.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    // The operating system's reason alone: the temporary file is nobody's concern.
    let refuse = |source: io::Error| Error::io("cannot write", path, source.kind().into());
    match Place::of(path).map_err(refuse)? {
        Place::Device(device) => {
            match open(&device).and_then(|mut file| file.write_all(content.as_ref())) {
                // A reader that has gone away has what it wanted.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(refuse(error)),
                _ => Ok(()),
            }
        }
        Place::File { target, permissions, shared } => {
            let mut staged = beside(&target, permissions).map_err(refuse)?;
            staged.write_all(content.as_ref()).map_err(refuse)?;
            staged.as_file().sync_all().map_err(refuse)?;
            if shared {
                // A rename would leave the other names with the old content.
                return overwrite(&target, content.as_ref()).map_err(refuse);
            }
            staged.persist(&target).map(drop).map_err(|failed| refuse(failed.error))
        }
    }
}

/// Makes `path` a file of this content, whole or not at all for whoever reads it meanwhile, but not forced to the disk: a power cut may leave it
/// torn. For many small files that say themselves whether they are whole.
///
/// # Errors
/// When the file cannot be written.
pub fn replace(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let refuse = |source: io::Error| Error::io("cannot write", path, source.kind().into());
    let mut staged = beside(path, None).map_err(refuse)?;
    staged.write_all(content.as_ref()).map_err(refuse)?;
    staged.persist(path).map(drop).map_err(|failed| refuse(failed.error))
}

/// Asks whether [`write()`] could write to `path`, before the work whose result goes there; leaves nothing behind.
///
/// # Errors
/// When it could not: the folder does not exist or is read-only, the path is a folder, the file is read-only.
pub fn writable(path: &Path) -> Result<()> {
    let refuse = |source: io::Error| Error::io("cannot write", path, source.kind().into());
    match Place::of(path).map_err(refuse)? {
        // To open a pipe would wait for its reader.
        Place::Device(_) => Ok(()),
        Place::File { target, permissions, shared } => {
            beside(&target, permissions).map_err(refuse)?;
            if shared { open(&target).map(drop).map_err(refuse) } else { Ok(()) }
        }
    }
}

/// Where a path leads.
enum Place {
    Device(PathBuf),
    File {
        target: PathBuf,
        /// Those of the file that is there.
        permissions: Option<Permissions>,
        /// Does the file have other names?
        shared: bool,
    },
}

impl Place {
    fn of(path: &Path) -> io::Result<Self> {
        let known = match fs::metadata(path) {
            Ok(known) => known,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::File { target: followed(path)?, permissions: None, shared: false });
            }
            Err(error) => return Err(error),
        };
        if known.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if known.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        if !known.is_file() {
            // By its own name: the link `/dev/stdout` leads to a pipe whose name is no path.
            return Ok(Self::Device(path.to_owned()));
        }
        let shared = names(&known) > 1;
        Ok(Self::File { target: followed(path)?, shared, permissions: Some(known.permissions()) })
    }
}

/// The path at the end of all links, whether or not anything is there.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut at = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&at) else { return Ok(at) };
        at = at.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::other("too many links"))
}

#[cfg(unix)]
fn names(file: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(file)
}

#[cfg(not(unix))]
fn names(_: &fs::Metadata) -> u64 {
    1
}

/// An empty file in the folder of `target`, gone when dropped.
fn beside(target: &Path, permissions: Option<Permissions>) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(super::UNFINISHED);
    let fresh = fresh();
    if let Some(fresh) = &fresh {
        builder.permissions(fresh.clone());
    }
    let file = builder.tempfile_in(folder)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    Ok(file)
}

/// The mode of a new file, from which the system takes the umask.
#[cfg(unix)]
fn fresh() -> Option<Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

#[cfg(not(unix))]
fn fresh() -> Option<Permissions> {
    None
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}

fn overwrite(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    fn text(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn mode_links_and_names_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("private"), "old").unwrap();
        fs::set_permissions(at("private"), Permissions::from_mode(0o600)).unwrap();
        write(&at("private"), "new").unwrap();
        assert_eq!(
            (text(&at("private")), at("private").metadata().unwrap().mode() & 0o777),
            ("new".into(), 0o600)
        );

        // What an ordinary new file gets.
        File::create(at("ordinary")).unwrap();
        write(&at("fresh"), "new").unwrap();
        let mode = |name: &str| at(name).metadata().unwrap().mode();
        assert_eq!(mode("fresh"), mode("ordinary"));

        symlink("later", at("dangling")).unwrap();
        write(&at("dangling"), "new").unwrap();
        assert!(at("dangling").is_symlink());
        assert_eq!(text(&at("later")), "new");

        symlink("there", at("here")).unwrap();
        symlink("here", at("there")).unwrap();
        assert!(write(&at("here"), "new").is_err() && writable(&at("there")).is_err());

        fs::write(at("one"), "much longer than the new one").unwrap();
        fs::hard_link(at("one"), at("other")).unwrap();
        write(&at("one"), "new").unwrap();
        assert_eq!((text(&at("one")), text(&at("other"))), ("new".into(), "new".into()));
    }

    #[test]
    fn asking_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "old").unwrap();
        writable(&at("file")).unwrap();
        writable(&at("new")).unwrap();
        writable(Path::new("/dev/null")).unwrap();
        assert_eq!(
            (text(&at("file")), at("new").exists(), fs::read_dir(folder.path()).unwrap().count()),
            ("old".into(), false, 1)
        );
        for wrong in ["none/file", ".", "file/below"] {
            assert!(writable(&at(wrong)).is_err() && write(&at(wrong), "new").is_err(), "{wrong}");
        }
        fs::set_permissions(at("file"), Permissions::from_mode(0o400)).unwrap();
        assert!(writable(&at("file")).is_err());
    }
}
