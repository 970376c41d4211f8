//! [`Table`]: the rows of a CSV, JSON Lines or XLSX file, read without a guess.

mod cell;
mod code;
mod columns;
mod coupons;
mod csv;
mod dates;
mod error;
mod json_lines;
mod numbers;
mod options;
mod text;
mod xlsx;

use std::{fs, path::Path};

use cell::Cell;
pub use coupons::{CouponRow, CouponTable};
pub use error::{Problem, TableError};
pub use options::{DateOrder, DecimalMark, TableOptions};

use crate::Row;

/// The rows of a CSV, JSON Lines or XLSX file.
///
/// The format is that of the content, and not that of the name. Every cell of a CSV file is text until the field of its
/// column says otherwise, so codes such as `00123`, `1E10` and `TRUE` stay what they are. What a spreadsheet has destroyed,
/// and what can be read in two ways, is a [`Problem`] that names the cell and the option that settles it.
///
/// # Example
///
/// ```
/// use ecwid_coupons_jobs::{Table, TableOptions};
///
/// let options = TableOptions::default();
/// let file = "code;name;discountType;discount;expirationDate\n00123;Ten;PERCENT;12,50;31.12.2026\n";
/// let table = Table::from_bytes("coupons.csv", file.as_bytes(), &options)?;
/// let coupons = table.coupons(&options)?;
/// let row = &coupons.rows[0];
/// assert_eq!(row.code, "00123");
/// let json = r#"{"name":"Ten","discountType":"PERCENT","discount":12.50,"expirationDate":"2026-12-31 23:59:59 +0000"}"#;
/// assert_eq!(serde_json::to_string(&row.fields).unwrap(), json);
/// # Ok::<(), ecwid_coupons_jobs::TableError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    name: String,
    columns: Vec<Column>,
    rows: Vec<TableRow>,
}

/// A column with its name in the file.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    /// The letters of the column in a spreadsheet.
    letters: Option<String>,
}

/// A row with its number in the file.
#[derive(Clone, Debug)]
struct TableRow {
    number: usize,
    cells: Vec<Cell>,
}

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// - The file cannot be read.
    /// - See [`from_bytes`](Self::from_bytes).
    pub fn read(path: impl AsRef<Path>, options: &TableOptions) -> Result<Self, TableError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| TableError::unreadable(&name, error.to_string()))?;
        Self::from_bytes(name, &bytes, options)
    }

    /// Reads the content of a file. `name` is for messages.
    ///
    /// # Errors
    ///
    /// - The encoding, the delimiter or the sheet cannot be told; the error names the option that settles it.
    /// - There is no row with the names of the columns, a name is there twice, or a row is too long or too short.
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8], options: &TableOptions) -> Result<Self, TableError> {
        let name = name.into();
        if bytes.starts_with(b"PK\x03\x04") {
            return xlsx::read(&name, bytes, options);
        }
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            let problem = "a workbook of an old format, or with a password; save it as XLSX without a password";
            return Err(TableError::unreadable(&name, problem));
        }
        let text = text::decode(&name, bytes, options)?;
        match text.trim_start().chars().next() {
            None => Err(TableError::unreadable(&name, "the file is empty")),
            Some('{') => json_lines::read(&name, &text),
            Some('[') => Err(TableError::unreadable(
                &name,
                "a JSON array (expected an object on each line, as of `--format jsonl`)",
            )),
            Some(_) => csv::read(&name, &text, options),
        }
    }

    /// Returns the names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Returns the rows as text, such as the recipients of a newsletter.
    ///
    /// A number of a spreadsheet has the digits that are stored, with the leading zeros of its format. A date is as in
    /// `2026-12-31`.
    ///
    /// # Errors
    ///
    /// A spreadsheet has destroyed a value: a formula without a result, or a number whose digits are gone.
    pub fn text_rows(&self) -> Result<Vec<Row>, TableError> {
        let mut problems = Vec::new();
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut columns = Row::with_capacity(self.columns.len());
            for (column, cell) in self.columns.iter().zip(&row.cells) {
                match cell.text() {
                    Ok(text) => drop(columns.insert(column.name.clone(), text)),
                    Err(problem) => problems.push(self.problem(row, column, problem)),
                }
            }
            rows.push(columns);
        }
        TableError::unless_empty(&self.name, problems)?;
        Ok(rows)
    }

    /// Makes a table, and checks its columns and the lengths of its rows.
    fn new(name: &str, columns: Vec<Column>, rows: Vec<TableRow>) -> Result<Self, TableError> {
        let mut table = Self { name: name.to_owned(), columns, rows };
        let mut problems = Vec::new();
        // Spreadsheets write empty columns beside the used ones.
        while table.columns.last().is_some_and(|column| column.name.trim().is_empty()) {
            let last = table.columns.len() - 1;
            if table.rows.iter().any(|row| row.cells.get(last).is_some_and(|cell| *cell != Cell::Empty)) {
                break;
            }
            table.columns.pop();
            table.rows.iter_mut().filter(|row| row.cells.len() > last).for_each(|row| drop(row.cells.pop()));
        }
        table.rows.retain(|row| row.cells.iter().any(|cell| *cell != Cell::Empty));
        for (index, column) in table.columns.iter().enumerate() {
            let place =
                column.letters.clone().map_or_else(|| format!("column {}", index + 1), |it| format!("column {it}"));
            if column.name.trim().is_empty() {
                problems.push(Problem::new(
                    place,
                    "the column has no name (expected a first row with the names of the columns)",
                ));
            } else if table.columns[..index].iter().any(|other| other.name.trim() == column.name.trim()) {
                problems.push(Problem::new(place, format!("the column `{}` is there twice", column.name.trim())));
            }
        }
        let wanted = table.columns.len();
        for row in &table.rows {
            let count = row.cells.len();
            if count != wanted {
                let message = format!("{count} cells (expected {wanted}, as in the row with the names of the columns)");
                problems.push(Problem::new(table.row_place(row), message));
            }
        }
        TableError::unless_empty(name, problems)?;
        Ok(table)
    }

    /// Returns the place of a row for messages.
    fn row_place(&self, row: &TableRow) -> String {
        let is_sheet = self.columns.iter().any(|column| column.letters.is_some());
        format!("{} {}", if is_sheet { "row" } else { "line" }, row.number)
    }

    fn problem(&self, row: &TableRow, column: &Column, message: impl Into<String>) -> Problem {
        let place = match &column.letters {
            Some(letters) => format!("cell {letters}{} ({})", row.number, column.name),
            None => format!("{}, {}", self.row_place(row), column.name),
        };
        Problem::new(place, message)
    }
}
