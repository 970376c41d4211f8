//! [`TableError`]: the problems of a file.

use std::fmt;

/// A problem of a file with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The place: a line, a row or a cell, with the name of the column. Empty if it is the whole file.
    pub place: String,
    /// What is wrong, and what settles it.
    pub message: String,
}

impl Problem {
    pub(super) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

/// The error of a file: all its problems.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct TableError {
    /// The name of the file.
    pub name: String,
    /// The problems, in the order of the file.
    pub problems: Vec<Problem>,
}

/// How many problems the text of the error has.
const SHOWN: usize = 5;

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot use `{}`: ", self.name)?;
        let shown: Vec<_> = self.problems.iter().take(SHOWN).map(ToString::to_string).collect();
        f.write_str(&shown.join("; "))?;
        match self.problems.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            1 => f.write_str("; and 1 more problem"),
            more => write!(f, "; and {more} more problems"),
        }
    }
}

impl TableError {
    /// Returns the error of a file that is not a table.
    pub(super) fn unreadable(name: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), problems: vec![Problem::new("", message)] }
    }

    /// Returns an error if there are problems.
    pub(super) fn unless_empty(name: &str, problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self { name: name.to_owned(), problems }) }
    }
}
