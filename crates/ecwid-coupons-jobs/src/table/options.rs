//! [`TableOptions`]: what a file does not tell by itself.

/// What a file does not tell by itself. Without an option, a file that can be read in two ways is an error.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct TableOptions {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The encoding of a text file, such as `windows-1252`. Defaults to that of the byte order mark, or to UTF-8.
    pub encoding: Option<String>,
    /// The character between the cells of a CSV file. Defaults to the one of `,`, `;`, `|` and tab that fits the first row.
    pub delimiter: Option<char>,
    /// The decimal mark of amounts such as `1.000`.
    pub decimal: Option<DecimalMark>,
    /// The order of day and month in dates such as `01/02/2026`.
    pub dates: Option<DateOrder>,
    /// Columns with the field that each one has, such as `Rabatt` and `discount`.
    pub fields: Vec<(String, String)>,
    /// Keeps the columns that are no fields of a coupon.
    pub carry_unknown: bool,
    /// Reads a cell that a workbook shows as `15%`, and stores as 0.15, as 15.
    pub percent_cells: bool,
    /// Reads codes that a workbook has as numbers, with the leading zeros of their format.
    pub numeric_codes: bool,
    /// Allows codes with letters other than those of ASCII.
    pub unicode_codes: bool,
}

/// The mark before the decimals of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// As in `1,000.00`.
    Point,
    /// As in `1.000,00`.
    Comma,
}

impl DecimalMark {
    pub(super) fn char(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// The order of the day and the month before the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// As in `31/12/2026`.
    DayMonthYear,
    /// As in `12/31/2026`.
    MonthDayYear,
}
