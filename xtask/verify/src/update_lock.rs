//! Updates the lock with the claims of the pages in a folder.

use std::collections::BTreeSet;

use crate::{
    finding::Finding,
    folder::{Known, locked},
    identify,
    lock::{Lock, LockedPage},
    pages::Format,
    verifier::Verifier,
};

impl Verifier<'_> {
    /// Returns the lock for these pages, and notes about existing entries.
    ///
    /// The entry of a page that was not read is kept. The entry of a page that was read only in another format is removed.
    pub(super) fn new_lock(&self, pages: &[Known<'_>], findings: &[Finding]) -> (Lock, Vec<String>) {
        let addresses = self.document.addresses();
        let failed: BTreeSet<_> = findings
            .iter()
            .filter(|finding| finding.is_could_not_check())
            .filter_map(|finding| finding.page.as_deref())
            .collect();
        let mut lock = Lock::default();
        for known in pages.iter().filter(|known| !failed.contains(known.page.file.as_str())) {
            if known.operations.is_empty() && known.examples.is_empty() {
                continue;
            }
            let page = known.page;
            let before = self.lock.pages.iter().find(|locked| locked.sha256 == page.sha256);
            let address = known
                .operations
                .iter()
                .find_map(|(_, operation)| operation.address.clone())
                .or_else(|| addresses.iter().find(|address| identify::has_name_of(page, address)).cloned())
                .or_else(|| before.map(|locked| locked.address.clone()))
                .unwrap_or_default();
            lock.pages.push(LockedPage {
                address,
                format: page.format,
                sha256: page.sha256.clone(),
                read: before.map_or_else(|| self.options.today.clone(), |locked| locked.read.clone()),
                operations: known.operations.iter().map(|(on_page, _)| (*on_page).clone()).collect(),
                examples: known.examples.iter().flat_map(|(example, operation)| locked(example, operation)).collect(),
            });
        }
        let mut notes = Vec::new();
        for old in &self.lock.pages {
            let mut read = lock.pages.iter().filter(|new| new.address == old.address).map(|new| new.format).peekable();
            if read.peek().is_none() {
                notes.push(format!("kept in the lock, because the page was not read: {}", old.address));
                lock.pages.push(old.clone());
            } else if read.all(|format| format != old.format) {
                let format = if old.format == Format::Text { "copied text" } else { "Markdown" };
                notes
                    .push(format!("removed from the lock, because the page was not read as {format}: {}", old.address));
            }
        }
        let order = |page: &LockedPage| (page.address.clone(), page.format, page.sha256.clone());
        lock.pages.sort_by_key(order);
        (lock, notes)
    }
}
