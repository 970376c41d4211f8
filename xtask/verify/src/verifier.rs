//! What is compared, and what it is compared with.

use std::path::PathBuf;

use crate::{
    document::{Document, Operation},
    ledger::Ledger,
    lock::Lock,
};

#[derive(Debug)]
pub struct Options {
    pub root: PathBuf,
    /// The folder of the pages; without it the document is compared with the lock.
    pub pages: Option<PathBuf>,
    /// Write what the pages claim into the lock.
    pub update_lock: bool,
    /// Only these operations, by their ids; all of them when empty.
    pub operations: Vec<String>,
    /// Compare the generated Rust types with the document too, for which the client is built.
    pub types: bool,
    /// The day that is written into the lock, in UTC.
    pub today: String,
}

/// The document, and all that it is held against.
pub(crate) struct Verifier<'a> {
    pub(crate) options: &'a Options,
    pub(crate) document: &'a Document,
    pub(crate) ledger: &'a Ledger,
    pub(crate) lock: Lock,
}

impl Verifier<'_> {
    pub(crate) fn wanted(&self, operation: &Operation) -> bool {
        self.options.operations.is_empty() || self.options.operations.contains(&operation.id)
    }
}
