//! Reads files that a user names.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

/// The size limit of a file with an access token, in bytes.
pub const TOKEN_LIMIT: u64 = 64 << 10;

/// The size limit, in bytes, of a file that is read into memory as a whole, such as settings or certificates.
pub const FILE_LIMIT: u64 = 16 << 20;

/// The size limit of a file of coupons, which are read one by one, in bytes.
pub const COUPONS_LIMIT: u64 = 1 << 30;

/// The number of bytes that are read at a time.
const CHUNK: u64 = 64 << 10;

/// The error of a file that cannot be read. The text has no subject, because callers name the file.
#[derive(Debug)]
#[non_exhaustive]
pub enum InputError {
    /// The system did not open or read the file.
    Io(io::Error),
    /// The path is a directory.
    Directory,
    /// The file is larger than this many bytes.
    TooLarge(u64),
    /// The file has this encoding instead of UTF-8.
    Encoding(&'static str),
    /// The byte at this offset is not valid UTF-8.
    InvalidUtf8(u64),
    /// The byte at this offset is NUL.
    Nul(u64),
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Directory => f.write_str("it is a directory (expected a file)"),
            Self::TooLarge(limit) if *limit < 1 << 20 => write!(f, "it is larger than {} KiB", limit >> 10),
            Self::TooLarge(limit) => write!(f, "it is larger than {} MiB", limit >> 20),
            Self::Encoding(name) => {
                write!(
                    f,
                    "it is {name} text (expected UTF-8); save it as UTF-8, in PowerShell with `Out-File -Encoding utf8`"
                )
            }
            Self::InvalidUtf8(offset) => write!(f, "invalid UTF-8 at byte offset {offset}; save it as UTF-8"),
            Self::Nul(offset) => {
                write!(f, "NUL at byte offset {offset} (expected UTF-8 text)")
            }
        }
    }
}

impl std::error::Error for InputError {}

impl From<io::Error> for InputError {
    fn from(error: io::Error) -> Self {
        // An error of `TextReader` is unwrapped.
        error.downcast().unwrap_or_else(Self::Io)
    }
}

impl From<InputError> for io::Error {
    fn from(error: InputError) -> Self {
        match error {
            InputError::Io(error) => error,
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}

/// Opens a file for reading.
///
/// # Errors
///
/// The path is a directory, or the system does not open it.
pub fn open(path: &Path) -> Result<File, InputError> {
    // Some systems open directories, and others have no clear error.
    if fs::metadata(path)?.is_dir() {
        return Err(InputError::Directory);
    }
    Ok(File::open(path)?)
}

/// Reads UTF-8 text without its byte order mark.
///
/// # Errors
///
/// The text is larger than `limit` bytes, or is not UTF-8.
pub fn read_text(source: impl Read, limit: u64) -> Result<String, InputError> {
    let mut text = String::new();
    TextReader::new(source, limit).read_to_string(&mut text)?;
    Ok(text)
}

/// Reads a file of certificates as bytes, because the comments in it may have any encoding.
///
/// # Errors
///
/// The file cannot be read, is larger than [`FILE_LIMIT`], or is UTF-16 or UTF-32.
pub fn read_certificates(path: &Path) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    let read = open(path)?.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
    if read as u64 > FILE_LIMIT {
        return Err(InputError::TooLarge(FILE_LIMIT));
    }
    bytes.drain(..mark_length(&bytes)?);
    Ok(bytes)
}

/// Returns the mode of a file if users other than its owner can read or change it. Always `None` on Windows.
pub fn mode_for_others(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = path.metadata().ok().filter(fs::Metadata::is_file)?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then_some(mode)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// Returns the length of the byte order mark of UTF-8, or 0. Fails if the text has another encoding.
fn mark_length(text: &[u8]) -> Result<usize, InputError> {
    Err(InputError::Encoding(match text {
        [0xef, 0xbb, 0xbf, ..] => return Ok(3),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => "UTF-32",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        // Without a mark, the first character is assumed to be ASCII.
        [1..=u8::MAX, 0, 0, 0, ..] | [0, 0, 0, 1..=u8::MAX, ..] => "UTF-32",
        [1..=u8::MAX, 0, ..] | [0, 1..=u8::MAX, ..] => "UTF-16",
        _ => return Ok(0),
    }))
}

/// Reads UTF-8 text in parts, without its byte order mark. Its I/O errors can be converted to [`InputError`].
#[derive(Debug)]
pub struct TextReader<R> {
    source: R,
    limit: u64,
    /// The number of bytes that were read.
    read: u64,
    /// The last part: the bytes that were returned, further text, and the start of an incomplete character.
    buffer: Vec<u8>,
    taken: usize,
    text: usize,
}

impl<R: Read> TextReader<R> {
    /// Reads text of at most `limit` bytes.
    pub fn new(source: R, limit: u64) -> Self {
        Self { source, limit, read: 0, buffer: Vec::new(), taken: 0, text: 0 }
    }

    fn fill(&mut self) -> Result<(), InputError> {
        self.buffer.drain(..self.text);
        (self.taken, self.text) = (0, 0);
        // One byte more shows that the limit is exceeded.
        let room = CHUNK.min(self.limit + 1 - self.read);
        let is_first = self.read == 0;
        let count = self.source.by_ref().take(room).read_to_end(&mut self.buffer)? as u64;
        self.read += count;
        if self.read > self.limit {
            return Err(InputError::TooLarge(self.limit));
        }
        if is_first {
            self.buffer.drain(..mark_length(&self.buffer)?);
        }
        let offset = self.read - self.buffer.len() as u64;
        self.text = match std::str::from_utf8(&self.buffer) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() && count == room => error.valid_up_to(),
            Err(error) => return Err(InputError::InvalidUtf8(offset + error.valid_up_to() as u64)),
        };
        match self.buffer.iter().position(|byte| *byte == 0) {
            Some(index) => Err(InputError::Nul(offset + index as u64)),
            None => Ok(()),
        }
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.text && !out.is_empty() {
            self.fill()?;
        }
        let count = out.len().min(self.text - self.taken);
        out[..count].copy_from_slice(&self.buffer[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<String, String> {
        read_text(text, 2 * CHUNK + 10).map_err(|error| error.to_string())
    }

    #[test]
    fn text_is_utf_8_without_its_mark() {
        assert_eq!(read(b"\xef\xbb\xbf{}").unwrap(), "{}");
        assert_eq!(read(b"").unwrap(), "");
        // A character that is split between two reads.
        let text = format!("{}é", "x".repeat(CHUNK as usize - 1));
        assert_eq!(read(text.as_bytes()).unwrap(), text);
    }

    #[test]
    fn other_encodings_are_named() {
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        for text in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", &utf_16("{}"), b"\0{\0}"] {
            assert!(read(text).unwrap_err().contains("it is UTF-16 text"), "{text:?}");
        }
        for text in [&b"\xff\xfe\0\0{\0\0\0"[..], b"\0\0\xfe\xff\0\0\0{", b"{\0\0\0", b"\0\0\0{"] {
            assert!(read(text).unwrap_err().contains("it is UTF-32 text"), "{text:?}");
        }
        assert!(read(&utf_16("中{}")).unwrap_err().contains("NUL at byte offset 3"));
        assert!(read(b"{}\0").unwrap_err().contains("NUL at byte offset 2"));
    }

    #[test]
    fn an_invalid_byte_is_reported_by_its_offset() {
        assert!(read(b"\xef\xbb\xbfab\xe9c").unwrap_err().contains("at byte offset 5"));
        assert!(read(b"ab\xc3").unwrap_err().contains("at byte offset 2"));
        let mut text = vec![b'x'; CHUNK as usize];
        text.extend(b"\xff");
        assert!(read(&text).unwrap_err().contains("at byte offset 65536"));
    }

    #[test]
    fn nothing_is_read_beyond_the_limit() {
        assert_eq!(read_text(&b"12345678"[..], 8).unwrap(), "12345678");
        assert_eq!(read_text(io::repeat(b'x'), TOKEN_LIMIT).unwrap_err().to_string(), "it is larger than 64 KiB");
        assert_eq!(read_text(io::repeat(b'x'), FILE_LIMIT).unwrap_err().to_string(), "it is larger than 16 MiB");
    }
}
