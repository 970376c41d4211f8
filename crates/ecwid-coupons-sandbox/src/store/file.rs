//! Checks the file of a database before SQLite opens it.

use std::{
    ffi::OsString,
    fs::{self, File, FileType, OpenOptions},
    io::{self, Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use super::connections::{APPLICATION_ID, OpenError, SCHEMA_VERSION};

/// The size of the header of a database in bytes. It is at the beginning of page 1.
const HEADER: usize = 100;

/// The sizes of the headers of a write-ahead log and of each of its frames, in bytes.
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Prepares the file to be opened, and returns its absolute path. A file that is not a database of the sandbox is not
/// changed.
pub(super) fn prepare(path: &Path) -> Result<PathBuf, OpenError> {
    // SQLite opens an absolute path as a file. `:memory:` and an empty path have other meanings.
    let path = std::path::absolute(path)?;
    // The log is checked first. A database of the sandbox that has a log is not empty.
    let log = beside(&path, "-wal");
    let has_log = fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    let is_empty = match fs::metadata(&path) {
        Ok(found) if !found.is_file() => return Err(OpenError::NoRegularFile(kind(found.file_type()))),
        Ok(found) => found.len() == 0,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(&path)?;
            true
        }
        Err(error) => return Err(error.into()),
    };
    if is_empty {
        return if has_log { Err(OpenError::LogAlone(log)) } else { Ok(path) };
    }
    let mut header = Vec::new();
    File::open(&path)?.take(HEADER as u64).read_to_end(&mut header)?;
    // The last commit can be in the log only.
    if is_ours(&header) || (has_log && is_ours_by_log(&log)?) {
        Ok(path)
    } else if !header.starts_with(b"SQLite format 3\0") {
        Err(OpenError::NoDatabase)
    } else {
        Err(match (number(&header, 60), number(&header, 68)) {
            (Some(version), Some(APPLICATION_ID)) => OpenError::OtherVersion(version),
            _ => OpenError::OtherFile,
        })
    }
}

/// Creates an empty file that other users cannot read. SQLite gives the files that it adds the same permissions.
fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Returns the path of a file that SQLite adds to a database.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut path = OsString::from(path);
    path.push(suffix);
    path.into()
}

fn kind(file: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;

        if file.is_fifo() {
            return "a FIFO";
        }
        if file.is_socket() {
            return "a socket";
        }
    }
    if file.is_dir() { "a directory" } else { "a device" }
}

/// Returns whether the header of a database has the marks of the sandbox.
fn is_ours(header: &[u8]) -> bool {
    (number(header, 60), number(header, 68)) == (Some(SCHEMA_VERSION), Some(APPLICATION_ID))
}

fn number(header: &[u8], offset: usize) -> Option<i32> {
    header.get(offset..offset + 4)?.try_into().ok().map(i32::from_be_bytes)
}

/// Returns whether the last page 1 in a write-ahead log has the marks of the sandbox. SQLite verifies the log when it
/// opens the database.
fn is_ours_by_log(log: &Path) -> io::Result<bool> {
    let mut log = File::open(log)?;
    let (mut header, mut frame) = ([0; LOG_HEADER], [0; FRAME_HEADER + HEADER]);
    let mut is_last_ours = false;
    if !read_whole(&mut log, &mut header)? {
        return Ok(false);
    }
    let page_size = u32::from_be_bytes([header[8], header[9], header[10], header[11]]);
    if !(512..=65536).contains(&page_size) {
        return Ok(false);
    }
    // Frames with other salts were written before the last restart of the log.
    while read_whole(&mut log, &mut frame)? && frame[8..16] == header[16..24] {
        if frame[..4] == 1_u32.to_be_bytes() {
            is_last_ours = is_ours(&frame[FRAME_HEADER..]);
        }
        log.seek(SeekFrom::Current(i64::from(page_size) - HEADER as i64))?;
    }
    Ok(is_last_ours)
}

/// Fills a buffer, and returns whether the file had enough bytes.
fn read_whole(file: &mut File, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        done => done.map(|()| true),
    }
}
