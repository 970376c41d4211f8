//! [`Cell`]: the value of a cell as the file has it.

use ecwid_coupons::{RawJson, chrono::NaiveDateTime};

/// The value of a cell as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    /// A number of a workbook or of JSON.
    Number {
        /// The digits.
        digits: String,
        /// The format that a workbook shows it in.
        format: String,
    },
    Boolean(bool),
    /// A date of a workbook. It has no zone.
    Date(NaiveDateTime),
    /// A list or an object of JSON.
    Json(RawJson),
    /// A value that a spreadsheet has destroyed.
    Destroyed(&'static str),
}

/// The integers from here on have more digits than a spreadsheet stores.
const INEXACT: f64 = 1e15;

/// The problem of a number with more digits than a spreadsheet stores.
pub(super) const DIGITS_GONE: &str =
    "a number of more than 15 digits, whose last digits the spreadsheet has replaced; type it again as text";

impl Cell {
    /// Returns a cell with this text.
    pub(super) fn of_text(text: &str) -> Self {
        if text.trim().is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// Returns the cell as text, as a spreadsheet shows it.
    pub(super) fn text(&self) -> Result<String, &'static str> {
        Ok(match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number { .. } if self.is_inexact() => return Err(DIGITS_GONE),
            Self::Number { digits, .. } => match (self.is_percent(), digits.parse::<f64>()) {
                (true, Ok(number)) => format!("{}%", rounded(number * 100.0)),
                _ => format!("{digits:0>width$}", width = self.zeros()),
            },
            Self::Boolean(value) => value.to_string(),
            Self::Date(date) => written(*date),
            Self::Json(json) => json.to_string(),
            Self::Destroyed(problem) => return Err(problem),
        })
    }

    /// Whether a workbook shows the number as a percentage.
    pub(super) fn is_percent(&self) -> bool {
        matches!(self, Self::Number { format, .. } if format.contains('%'))
    }

    /// Whether the number of a workbook has lost digits.
    pub(super) fn is_inexact(&self) -> bool {
        matches!(self, Self::Number { digits, format } if !format.is_empty() && digits.parse().is_ok_and(|it: f64| it.abs() >= INEXACT))
    }

    /// Returns the number of digits that the format of a workbook fills with zeros, as `00000` does.
    pub(super) fn zeros(&self) -> usize {
        match self {
            Self::Number { digits, format } if format.bytes().all(|it| it == b'0') && !digits.contains(['.', '-']) => {
                format.len()
            }
            _ => 0,
        }
    }
}

/// Writes a number with the 15 digits that a spreadsheet shows.
pub(super) fn rounded(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

/// Writes a date of a workbook, without a time if it is a whole day.
pub(super) fn written(date: NaiveDateTime) -> String {
    let form = if date.time() == Default::default() { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M:%S" };
    date.format(form).to_string()
}
