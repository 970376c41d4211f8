//! What `verify` finds.

use serde::Serialize;

/// A disagreement, or something that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind it is, such as `response-field-added`.
    pub kind: String,
    /// The page, from the folder that was read; its address when it is known from the lock alone.
    pub page: Option<String>,
    /// The line of the page, from 1.
    pub line: Option<usize>,
    /// The operation's id in the document.
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
