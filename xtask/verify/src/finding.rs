//! The findings of `cargo xtask verify`.

use serde::Serialize;

use crate::document::Operation;

/// A difference, or a claim that could not be checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The kind, such as `response-field-added`.
    pub kind: String,
    /// The path of the page in the folder, or its address if the page is only in the lock.
    pub page: Option<String>,
    /// The line on the page, from 1.
    pub line: Option<usize>,
    pub operation: Option<String>,
    /// The place in the document, as a JSON pointer.
    pub pointer: Option<String>,
    /// The name or value that the finding is about.
    pub subject: String,
    /// The claim of the page, if any.
    pub in_page: Option<String>,
    /// The claim of the document, if any.
    pub in_document: Option<String>,
    /// The description of the finding.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// The kind of findings about claims that could not be checked.
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

    /// Sets the claims of the page and of the document.
    pub(crate) fn says(self, in_page: Option<&str>, in_document: Option<&str>) -> Self {
        Self { in_page: in_page.map(str::to_owned), in_document: in_document.map(str::to_owned), ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Returns whether the finding is about a claim that could not be checked, which is not a difference.
    pub fn is_could_not_check(&self) -> bool {
        self.kind == COULD_NOT_CHECK
    }

    /// Returns the sort key of findings in reports.
    pub(crate) fn order(&self) -> impl Ord + use<> {
        let Self { kind, page, line, operation, pointer, subject, message, .. } = self.clone();
        (page, line, operation, pointer, kind, subject, message)
    }
}
