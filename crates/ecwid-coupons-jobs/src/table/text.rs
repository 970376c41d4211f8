//! The encoding of text files.

use encoding_rs::{Encoding, UTF_8};

use super::{TableError, TableOptions};

/// Decodes a text file. Its encoding is never guessed.
pub(super) fn decode(name: &str, bytes: &[u8], options: &TableOptions) -> Result<String, TableError> {
    let fail = |message: String| TableError::unreadable(name, message);
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        return text
            .map(Into::into)
            .ok_or_else(|| fail(format!("the text is not {}, as its first bytes say", encoding.name())));
    }
    let encoding = match &options.encoding {
        None => UTF_8,
        Some(label) => Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            fail(format!("unknown encoding: `{label}` (expected a name such as utf-8 or windows-1252)"))
        })?,
    };
    if encoding == UTF_8 && bytes.contains(&0) {
        return Err(fail("the text has NUL bytes; if it is UTF-16, use `--encoding utf-16le`".to_owned()));
    }
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into());
    }
    let valid = if encoding == UTF_8 { Encoding::utf8_valid_up_to(bytes) } else { 0 };
    let line = bytes[..valid].split(|byte| *byte == b'\n').count();
    let text = bytes.split(|byte| *byte == b'\n').nth(line - 1).unwrap_or_default();
    let shown: String = String::from_utf8_lossy(text).trim().chars().take(80).collect();
    Err(fail(format!(
        "line {line} is not {}: {shown}; save the file as UTF-8, or name its encoding, as in `--encoding windows-1252`",
        encoding.name()
    )))
}
