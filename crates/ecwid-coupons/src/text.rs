//! Text from outside: reads files, escapes text of servers, and removes tokens.

pub(crate) mod environment;
pub(crate) mod escape;
pub mod input_file;
pub(crate) mod nearest;
pub(crate) mod redact;
