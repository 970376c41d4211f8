//! Which differences the entries of `contradictions.toml` explain, and which entries are stale.

use crate::{
    compare::{Comparison, Pair},
    finding::Finding,
    ledger::{Fact, Place, holds},
    pages::PageType,
};

impl Comparison<'_> {
    pub(crate) fn explain(&mut self, pair: Pair<'_>, place: &Place, fact: &Fact) -> bool {
        self.explained_by(self.ledger.explains(&pair.operation.id, place, fact, None))
    }

    /// Returns whether an entry explains a type that differs from the document.
    pub(super) fn explain_type(&mut self, pair: Pair<'_>, place: &Place, page: &PageType, document: &PageType) -> bool {
        let fact = Fact::Type(page.clone());
        self.explained_by(self.ledger.explains(&pair.operation.id, place, &fact, Some(document)))
    }

    fn explained_by(&mut self, entry: Option<(usize, usize)>) -> bool {
        self.explained += usize::from(entry.is_some());
        self.used.extend(entry);
        entry.is_some()
    }

    /// Reports entries whose claims are no longer on the page.
    pub(super) fn contradictions(&mut self, pair: Pair<'_>) {
        for (at, selector) in self.ledger.selectors() {
            if !selector.operations.contains(&pair.operation.id) {
                continue;
            }
            let holds = holds(selector, pair.page);
            if holds == Some(true) {
                self.seen.insert(at);
            }
            self.checked += usize::from(holds.is_some());
            if holds != Some(false) {
                continue;
            }
            let entry = &self.ledger.entries[at.0];
            let line =
                selector.at.part.and_then(|part| pair.page.table(part)).map_or(pair.page.line, |table| table.line);
            let subject = match &selector.fact {
                Fact::Value(value) => value.clone(),
                _ => selector.at.name().to_owned(),
            };
            let (id, claim) = (&entry.id, &entry.claim);
            let message = format!("the contradiction `{id}` is no longer on the page: {claim}");
            let finding = Finding::new("stale", subject, message).at(&entry.shows).says(None, Some(&entry.reading));
            let help = "remove the entry from openapi/contradictions.toml, or update its claims";
            self.add(pair, line, finding.help(help));
        }
    }

    /// Reports entries that explain no difference, although their pages were read.
    pub(crate) fn unused_contradictions(&mut self) {
        for (at, selector) in self.ledger.selectors() {
            let entry = &self.ledger.entries[at.0];
            let agrees_now = selector.differs && self.seen.contains(&at) && !self.used.contains(&at);
            let gone = self.document.value.pointer(&entry.shows).is_none();
            let id = &entry.id;
            let message = match (agrees_now, gone) {
                (_, true) => format!("the contradiction `{id}` refers to a place that is not in the document"),
                (true, _) => format!("the document and the pages agree on the claims of the contradiction `{id}`"),
                _ => continue,
            };
            let finding = Finding::new("stale", selector.at.name(), message).at(&entry.shows);
            let finding = finding.help("remove the entry from openapi/contradictions.toml, or correct it");
            self.findings.push(Finding { operation: selector.operations.first().cloned(), ..finding });
        }
    }
}
