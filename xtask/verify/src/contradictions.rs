//! What the ledger explains, and which of its entries are over.

use crate::{
    compare::{About, Comparison, Pair},
    finding::Finding,
    ledger::{Fact, Place, holds},
    pages::PageType,
};

impl Comparison<'_> {
    /// Whether the ledger has the reason for a difference.
    pub(crate) fn explain(&mut self, pair: Pair<'_>, place: &Place, fact: &Fact) -> bool {
        self.explained_by(self.ledger.explains(&pair.operation.id, place, fact, None))
    }

    /// Whether the ledger has the reason for a type that differs from the document's.
    pub(super) fn explain_type(&mut self, pair: Pair<'_>, place: &Place, page: &PageType, document: &PageType) -> bool {
        let fact = Fact::Type(page.clone());
        self.explained_by(self.ledger.explains(&pair.operation.id, place, &fact, Some(document)))
    }

    fn explained_by(&mut self, entry: Option<(usize, usize)>) -> bool {
        self.explained += usize::from(entry.is_some());
        self.used.extend(entry);
        entry.is_some()
    }

    /// Entries of the ledger whose contradiction is no longer on the page.
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
            self.add(
                pair,
                About {
                    kind: "stale".to_owned(),
                    line,
                    pointer: &entry.shows,
                    subject: &subject,
                    in_page: None,
                    in_document: Some(entry.reading.clone()),
                    message: format!(
                        "the contradiction `{}` is in the ledger and no longer on the page: {}",
                        entry.id, entry.claim
                    ),
                    help: "take the entry out of openapi/contradictions.toml, or write down what the page says now"
                        .to_owned(),
                },
            );
        }
    }

    /// Entries of the ledger that explain nothing, though the pages that they are about were read.
    pub(crate) fn unused_contradictions(&mut self) {
        for (at, selector) in self.ledger.selectors() {
            let entry = &self.ledger.entries[at.0];
            let agrees_now = selector.differs && self.seen.contains(&at) && !self.used.contains(&at);
            let gone = self.document.value.pointer(&entry.shows).is_none();
            let message = match (agrees_now, gone) {
                (_, true) => format!("the contradiction `{}` shows at a place that is not in the document", entry.id),
                (true, _) => {
                    format!("the document and the pages agree by now on what the contradiction `{}` is of", entry.id)
                }
                _ => continue,
            };
            self.findings.push(Finding {
                kind: "stale".to_owned(),
                page: None,
                line: None,
                operation: selector.operations.first().cloned(),
                pointer: Some(entry.shows.clone()),
                subject: selector.at.name().to_owned(),
                in_page: None,
                in_document: None,
                message,
                help: Some("take the entry out of openapi/contradictions.toml, or mend what it says".to_owned()),
            });
        }
    }
}
