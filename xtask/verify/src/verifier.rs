//! The options and inputs of a run.

use std::path::PathBuf;

use crate::{
    document::{Document, Operation},
    ledger::Ledger,
    lock::Lock,
};

#[derive(Debug)]
pub struct Options {
    pub root: PathBuf,
    /// The folder of the pages. If it is `None`, the document is compared with the lock.
    pub pages: Option<PathBuf>,
    /// Whether to write the claims of the pages to the lock.
    pub update_lock: bool,
    /// Whether an operation of the lock may have no page in the folder.
    pub skip_missing_pages: bool,
    /// The ids of the operations to check. If the list is empty, all operations are checked.
    pub operations: Vec<String>,
    /// Whether to compare the document with the generated Rust types too, which builds the client.
    pub types: bool,
    /// The day that is written to the lock, in UTC.
    pub today: String,
}

/// The document and the data that it is compared with.
pub(crate) struct Verifier<'a> {
    pub(crate) options: &'a Options,
    pub(crate) document: &'a Document,
    pub(crate) ledger: &'a Ledger,
    pub(crate) lock: Lock,
}

impl Verifier<'_> {
    /// Returns whether an operation is compared.
    pub(crate) fn wanted(&self, operation: &Operation) -> bool {
        let chosen = self.options.operations.is_empty() || self.options.operations.contains(&operation.id);
        chosen && operation.source.is_none()
    }

    /// Returns notes about the operations that no page documents alone.
    pub(crate) fn without_page(&self) -> impl Iterator<Item = String> {
        let note = |operation: &Operation| {
            let source = operation.source.as_ref()?;
            Some(format!("{} is not compared, because no page documents it alone (source: {source})", operation.id))
        };
        self.document.operations.iter().filter_map(note)
    }
}
