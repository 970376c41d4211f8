//! Results on standard output, in the format that was asked for.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use clap::ValueEnum;
use ecwid_coupons::{schema::Field, types::Coupon};
use serde::Serialize;

use crate::{
    columns::Columns,
    csv::CsvWriter,
    exit::{Failure, one_line},
    fields::FieldSelection,
    json, table,
};

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

/// Shows one result: its JSON, or a line of its own for reading.
pub(crate) fn show<T: Serialize>(
    format: Format,
    result: &T,
    fields: &'static [Field],
    line: &str,
) -> Result<(), Failure> {
    let mut out = out();
    match format {
        Format::Table => writeln!(out, "{}", one_line(line))?,
        Format::Json => writeln!(out, "{}", json::pretty(result)?)?,
        Format::Jsonl => writeln!(out, "{}", json::line(result)?)?,
        Format::Csv | Format::Spreadsheet => {
            let mut csv = CsvWriter::new(out, format == Format::Spreadsheet, Columns::known(fields))?;
            csv.write(result)?;
            return csv.flush();
        }
    }
    Ok(out.flush()?)
}

/// Shows coupons as they come, or all of them at the end where a format needs to see them all.
pub(crate) enum Coupons {
    Table(Out, Option<FieldSelection>, Vec<Coupon>),
    Json(Out, Vec<Coupon>),
    Jsonl(Out),
    Csv(Box<CsvWriter<Out>>),
}

impl Coupons {
    pub(crate) fn new(format: Format, chosen: Option<&FieldSelection>) -> Result<Self, Failure> {
        Ok(match format {
            Format::Table => Self::Table(out(), chosen.cloned(), Vec::new()),
            Format::Json => Self::Json(out(), Vec::new()),
            Format::Jsonl => Self::Jsonl(out()),
            Format::Csv | Format::Spreadsheet => {
                let is_for_spreadsheets = format == Format::Spreadsheet;
                Self::Csv(Box::new(CsvWriter::new(out(), is_for_spreadsheets, columns(chosen))?))
            }
        })
    }

    /// Shows some coupons, or keeps them for the end. What is shown is seen at once by the program that reads it.
    pub(crate) fn add(&mut self, coupons: Vec<Coupon>) -> Result<(), Failure> {
        match self {
            Self::Table(_, _, kept) | Self::Json(_, kept) => kept.extend(coupons),
            Self::Jsonl(out) => {
                for coupon in &coupons {
                    writeln!(out, "{}", json::line(coupon)?)?;
                }
                out.flush()?;
            }
            Self::Csv(csv) => {
                for coupon in &coupons {
                    csv.write(coupon)?;
                }
                csv.flush()?;
            }
        }
        Ok(())
    }

    /// Shows what was kept.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Table(mut out, chosen, coupons) => {
                let (table, left_out) = match &chosen {
                    Some(_) => (table::of_columns(&columns(chosen.as_ref()), &coupons)?, Vec::new()),
                    None => table::of_coupons(&coupons, None),
                };
                if !coupons.is_empty() {
                    writeln!(out, "{}", table.trim_fmt())?;
                    out.flush()?;
                }
                let mut line =
                    if coupons.len() == 1 { "1 coupon".to_owned() } else { format!("{} coupons", coupons.len()) };
                if !left_out.is_empty() {
                    line.push_str(&format!("; the terminal is too narrow for {}", left_out.join(", ")));
                }
                // It is not of the result, so it may get lost where standard error is closed.
                let _ = writeln!(io::stderr(), "{line}");
            }
            Self::Json(mut out, coupons) => {
                writeln!(out, "{}", json::pretty(&coupons)?)?;
                out.flush()?;
            }
            Self::Jsonl(_) => {}
            Self::Csv(mut csv) => csv.flush()?,
        }
        Ok(())
    }
}

/// The columns of coupons: those of the fields that were chosen, or of all.
pub(crate) fn columns(chosen: Option<&FieldSelection>) -> Columns {
    chosen.map_or_else(|| Columns::all(Coupon::FIELDS), |chosen| Columns::chosen(Coupon::FIELDS, chosen))
}
