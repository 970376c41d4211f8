//! Prints results to standard output in the format of `--format`.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Write},
};

use clap::ValueEnum;
use ecwid_coupons::types::Coupon;
use serde::Serialize;

use crate::{columns::Columns, csv::CsvWriter, exit::Failure, fields::FieldSelection, json, xlsx::XlsxWriter};

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
    /// A workbook, selected by the name of the file of `--output`.
    #[value(skip)]
    Xlsx,
}

/// The destination of results, with a buffer.
pub(crate) struct Out {
    writer: BufWriter<Box<dyn Write>>,
    /// Whether misleading characters are escaped. Files and other programs receive exact values.
    pub(crate) is_terminal: bool,
}

/// Returns standard output. It is locked, so other output cannot interleave.
pub(crate) fn out() -> Out {
    let out = io::stdout().lock();
    let is_terminal = out.is_terminal();
    Out { writer: BufWriter::new(Box::new(out)), is_terminal }
}

impl Out {
    pub(crate) fn file(file: File) -> Self {
        Self { writer: BufWriter::new(Box::new(file)), is_terminal: false }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
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
        Format::Json => {
            let mut out = out();
            writeln!(out, "{}", json::pretty(result, out.is_terminal)?)?;
            Ok(out.flush()?)
        }
        _ => {
            let mut rows = Rows::new(out(), format, columns)?;
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
    Xlsx(Box<XlsxWriter<Out>>),
}

impl<T: Serialize> Rows<T> {
    pub(crate) fn new(mut out: Out, format: Format, columns: Columns) -> Result<Self, Failure> {
        Ok(match format {
            Format::Table => Self::Table(Vec::new()),
            Format::Json => {
                write!(out, "[")?;
                Self::Json(out, false)
            }
            Format::Jsonl => Self::Jsonl(out),
            Format::Csv | Format::Spreadsheet => {
                let is_terminal = out.is_terminal;
                Self::Csv(Box::new(CsvWriter::new(out, is_terminal, format == Format::Spreadsheet, columns)?))
            }
            Format::Xlsx => Self::Xlsx(Box::new(XlsxWriter::new(out, columns)?)),
        })
    }

    /// Writes or keeps rows. Written rows are flushed, so that a reader receives them at once.
    pub(crate) fn add(&mut self, rows: impl IntoIterator<Item = T>) -> Result<(), Failure> {
        match self {
            Self::Table(kept) => kept.extend(rows),
            Self::Json(out, has_rows) => {
                for row in rows {
                    let separator = if *has_rows { "," } else { "" };
                    write!(out, "{separator}\n  {}", json::pretty(&row, out.is_terminal)?.replace('\n', "\n  "))?;
                    *has_rows = true;
                }
                out.flush()?;
            }
            Self::Jsonl(out) => {
                for row in rows {
                    writeln!(out, "{}", json::line(&row, out.is_terminal)?)?;
                }
                out.flush()?;
            }
            Self::Csv(csv) => {
                for row in rows {
                    csv.write(&row)?;
                }
                csv.flush()?;
            }
            Self::Xlsx(xlsx) => {
                for row in rows {
                    xlsx.write(&row)?;
                }
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
            Self::Xlsx(xlsx) => xlsx.finish()?,
        }
        Ok(Vec::new())
    }
}

/// Returns the columns of the selected fields, or of all fields.
pub(crate) fn columns(chosen: Option<&FieldSelection>) -> Columns {
    chosen.map_or_else(|| Columns::all(Coupon::FIELDS), |chosen| Columns::chosen(Coupon::FIELDS, chosen))
}
