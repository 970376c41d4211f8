//! Prints results to standard output in the format of `--format`.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use clap::ValueEnum;
use ecwid_coupons::types::Coupon;
use serde::Serialize;

use crate::{columns::Columns, csv::CsvWriter, exit::Failure, fields::FieldSelection, json};

/// The format of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Table,
    Json,
    Jsonl,
    Csv,
    /// CSV for spreadsheets, selected by `--spreadsheet`.
    #[value(skip)]
    Spreadsheet,
}

/// Standard output with a buffer. It is locked, so other output cannot interleave.
pub(crate) type Out = BufWriter<StdoutLock<'static>>;

pub(crate) fn out() -> Out {
    BufWriter::new(io::stdout().lock())
}

/// Prints a text and a line break.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = out();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Prints one result. For the format `table`, prints the text that `table` returns.
pub(crate) fn show<T: Serialize>(
    format: Format,
    result: &T,
    columns: Columns,
    table: impl FnOnce(&Columns) -> Result<String, serde_json::Error>,
) -> Result<(), Failure> {
    match format {
        Format::Table => print(&table(&columns)?),
        Format::Json => print(&json::pretty(result)?),
        _ => {
            let mut rows = Rows::new(format, columns)?;
            rows.add([result])?;
            rows.finish().map(drop)
        }
    }
}

/// A writer of rows. It keeps the rows of a table until all rows are there.
pub(crate) enum Rows<T> {
    Table(Vec<T>),
    /// A JSON array, and whether it has an element. It remains open if the command fails, so that a reader notices.
    Json(Out, bool),
    Jsonl(Out),
    Csv(Box<CsvWriter<Out>>),
}

impl<T: Serialize> Rows<T> {
    pub(crate) fn new(format: Format, columns: Columns) -> Result<Self, Failure> {
        Ok(match format {
            Format::Table => Self::Table(Vec::new()),
            Format::Json => {
                let mut out = out();
                write!(out, "[")?;
                Self::Json(out, false)
            }
            Format::Jsonl => Self::Jsonl(out()),
            Format::Csv | Format::Spreadsheet => {
                Self::Csv(Box::new(CsvWriter::new(out(), format == Format::Spreadsheet, columns)?))
            }
        })
    }

    /// Writes or keeps rows. Written rows are flushed, so that a reader receives them at once.
    pub(crate) fn add(&mut self, rows: impl IntoIterator<Item = T>) -> Result<(), Failure> {
        match self {
            Self::Table(kept) => kept.extend(rows),
            Self::Json(out, has_rows) => {
                for row in rows {
                    let separator = if *has_rows { "," } else { "" };
                    write!(out, "{separator}\n  {}", json::pretty(&row)?.replace('\n', "\n  "))?;
                    *has_rows = true;
                }
                out.flush()?;
            }
            Self::Jsonl(out) => {
                for row in rows {
                    writeln!(out, "{}", json::line(&row)?)?;
                }
                out.flush()?;
            }
            Self::Csv(csv) => {
                for row in rows {
                    csv.write(&row)?;
                }
                csv.flush()?;
            }
        }
        Ok(())
    }

    /// Ends the JSON array. Returns the rows of a table, which the caller formats.
    pub(crate) fn finish(self) -> Result<Vec<T>, Failure> {
        match self {
            Self::Table(rows) => return Ok(rows),
            Self::Json(mut out, has_rows) => {
                writeln!(out, "{}]", if has_rows { "\n" } else { "" })?;
                out.flush()?;
            }
            Self::Jsonl(_) => {}
            Self::Csv(mut csv) => csv.flush()?,
        }
        Ok(Vec::new())
    }
}

/// Returns the columns of the selected fields, or of all fields.
pub(crate) fn columns(chosen: Option<&FieldSelection>) -> Columns {
    chosen.map_or_else(|| Columns::all(Coupon::FIELDS), |chosen| Columns::chosen(Coupon::FIELDS, chosen))
}
