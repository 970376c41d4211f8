//! Results on standard output, in the format that was asked for.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use clap::ValueEnum;
use ecwid_coupons::types::Coupon;
use serde::Serialize;

use crate::{columns::Columns, csv::CsvWriter, exit::Failure, fields::FieldSelection, json};

/// How results are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Table,
    Json,
    Jsonl,
    Csv,
    /// CSV for a spreadsheet, which has a flag of its own.
    #[value(skip)]
    Spreadsheet,
}

/// Standard output, written in large pieces. It is not shared, so that nothing else gets in between.
pub(crate) type Out = BufWriter<StdoutLock<'static>>;

pub(crate) fn out() -> Out {
    BufWriter::new(io::stdout().lock())
}

/// Writes a text that is laid out for reading.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = out();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Shows one result; for reading, the text that `table` makes of it.
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

/// Rows as they come; those of a table and of a JSON array are kept until all are there.
pub(crate) enum Rows<T> {
    Table(Vec<T>),
    Json(Vec<T>),
    Jsonl(Out),
    Csv(Box<CsvWriter<Out>>),
}

impl<T: Serialize> Rows<T> {
    pub(crate) fn new(format: Format, columns: Columns) -> Result<Self, Failure> {
        Ok(match format {
            Format::Table => Self::Table(Vec::new()),
            Format::Json => Self::Json(Vec::new()),
            Format::Jsonl => Self::Jsonl(out()),
            Format::Csv | Format::Spreadsheet => {
                Self::Csv(Box::new(CsvWriter::new(out(), format == Format::Spreadsheet, columns)?))
            }
        })
    }

    /// Writes or keeps rows. What is written is seen at once by the program that reads it.
    pub(crate) fn add(&mut self, rows: impl IntoIterator<Item = T>) -> Result<(), Failure> {
        match self {
            Self::Table(kept) | Self::Json(kept) => kept.extend(rows),
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

    /// Writes a JSON array, and returns the rows of a table for its owner to lay out.
    pub(crate) fn finish(self) -> Result<Vec<T>, Failure> {
        match self {
            Self::Table(rows) => return Ok(rows),
            Self::Json(rows) => print(&json::pretty(&rows)?)?,
            Self::Jsonl(_) => {}
            Self::Csv(mut csv) => csv.flush()?,
        }
        Ok(Vec::new())
    }
}

/// The columns of coupons: those of the fields that were chosen, or of all.
pub(crate) fn columns(chosen: Option<&FieldSelection>) -> Columns {
    chosen.map_or_else(|| Columns::all(Coupon::FIELDS), |chosen| Columns::chosen(Coupon::FIELDS, chosen))
}
