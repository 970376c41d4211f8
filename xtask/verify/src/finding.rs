//! What `verify` finds.

use serde::Serialize;

use crate::document::Operation;

/// A disagreement, or something that could not be checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind it is, such as `response-field-added`.
    pub kind: String,
    /// The page, from the folder that was read; its address when it is known from the lock alone.
    pub page: Option<String>,
    /// The line of the page, from 1.
    pub line: Option<usize>,
    pub operation: Option<String>,
    /// The place in the document, as a JSON pointer.
    pub pointer: Option<String>,
    /// The name or value at issue.
    pub subject: String,
    /// What the page says of it; nothing when it says nothing.
    pub in_page: Option<String>,
    /// What the document says of it; nothing when it says nothing.
    pub in_document: Option<String>,
    /// What is wrong, in words.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// The kind of what could not be checked.
pub(crate) const COULD_NOT_CHECK: &str = "could-not-check";

impl Finding {
    pub(crate) fn new(kind: impl Into<String>, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind: kind.into(), subject: subject.into(), message: message.into(), ..Self::default() }
    }

    pub(crate) fn could_not_check(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(COULD_NOT_CHECK, subject, message)
    }

    /// Sets the page and the line.
    pub(crate) fn on(self, page: impl Into<String>, line: usize) -> Self {
        Self { page: Some(page.into()), line: Some(line), ..self }
    }

    pub(crate) fn of(self, operation: &Operation) -> Self {
        Self { operation: Some(operation.id.clone()), ..self }
    }

    /// Sets the place in the document.
    pub(crate) fn at(self, pointer: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), ..self }
    }

    /// Sets what the page and what the document says.
    pub(crate) fn says(self, in_page: Option<&str>, in_document: Option<&str>) -> Self {
        Self { in_page: in_page.map(str::to_owned), in_document: in_document.map(str::to_owned), ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Whether this says that something could not be checked, which is no drift.
    pub fn is_could_not_check(&self) -> bool {
        self.kind == COULD_NOT_CHECK
    }

    /// The order of findings in every report.
    pub(crate) fn order(&self) -> impl Ord + use<> {
        let Self { kind, page, line, operation, pointer, subject, message, .. } = self.clone();
        (page, line, operation, pointer, kind, subject, message)
    }
}
