//! Text from outside: files are read, text from servers is escaped, and tokens are removed.

pub(crate) mod environment;
pub(crate) mod escape;
pub mod input_file;
pub(crate) mod redact;
