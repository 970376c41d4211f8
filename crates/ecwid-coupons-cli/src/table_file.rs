//! Files with tables of coupons or recipients, for `import` and `issue --from`.

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use ecwid_coupons_jobs::{DateOrder, DecimalMark, Table, TableError, TableOptions};

use crate::{
    exit::{self, Failure},
    settings::Settings,
};

/// What a file does not tell by itself.
#[derive(Args, Clone, Debug)]
pub(crate) struct FileFlags {
    /// The sheet of a workbook
    #[arg(long, value_name = "NAME", help_heading = HEADING)]
    sheet: Option<String>,

    /// The encoding of a text file, such as windows-1252 [default: UTF-8, or as its first bytes say]
    #[arg(long, value_name = "NAME", help_heading = HEADING)]
    encoding: Option<String>,

    /// The character between the cells of a CSV file [default: as the first row says]
    #[arg(long, value_name = "CHARACTER", help_heading = HEADING, value_parser = delimiter)]
    delimiter: Option<char>,
}

/// What a file of coupons does not tell by itself.
#[derive(Args, Clone, Debug)]
pub(crate) struct CouponFileFlags {
    #[command(flatten)]
    file: FileFlags,

    /// The field of a column, such as Rabatt=discount; can be repeated
    #[arg(long, value_name = "COLUMN=FIELD,…", help_heading = HEADING, value_delimiter = ',', value_parser = mapped)]
    map: Vec<(String, String)>,

    /// The decimal mark of amounts such as 1.000
    #[arg(long, value_name = "MARK", help_heading = HEADING, value_enum)]
    decimal: Option<Mark>,

    /// The order of day and month in dates such as 01/02/2026
    #[arg(long, value_name = "ORDER", help_heading = HEADING, value_enum)]
    dates: Option<Order>,

    /// Read a cell that a workbook shows as 15%, and stores as 0.15, as 15
    #[arg(long, help_heading = HEADING)]
    percent_cells: bool,

    /// Accept codes that a workbook has as numbers, with the leading zeros of their format
    #[arg(long, help_heading = HEADING)]
    numeric_codes: bool,

    /// Accept codes with letters other than those of ASCII
    #[arg(long, help_heading = HEADING)]
    unicode_codes: bool,

    /// Keep columns that are no fields of a coupon for the report of the job
    #[arg(long, help_heading = HEADING)]
    carry_unknown: bool,
}

const HEADING: &str = "File";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mark {
    /// As in 1,000.00
    Point,
    /// As in 1.000,00
    Comma,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    /// As in 31/12/2026
    Dmy,
    /// As in 12/31/2026
    Mdy,
}

impl FileFlags {
    pub(crate) fn options(&self) -> TableOptions {
        let mut options = TableOptions::default();
        options.sheet.clone_from(&self.sheet);
        options.encoding.clone_from(&self.encoding);
        options.delimiter = self.delimiter;
        options
    }
}

impl CouponFileFlags {
    pub(crate) fn options(&self) -> TableOptions {
        let mut options = self.file.options();
        options.fields.clone_from(&self.map);
        options.decimal = self.decimal.map(|mark| match mark {
            Mark::Point => DecimalMark::Point,
            Mark::Comma => DecimalMark::Comma,
        });
        options.dates = self.dates.map(|order| match order {
            Order::Dmy => DateOrder::DayMonthYear,
            Order::Mdy => DateOrder::MonthDayYear,
        });
        options.percent_cells = self.percent_cells;
        options.numeric_codes = self.numeric_codes;
        options.unicode_codes = self.unicode_codes;
        options.carry_unknown = self.carry_unknown;
        options
    }
}

/// Reads a file, or standard input if the path is `-`.
pub(crate) fn read(settings: &Settings, path: &PathBuf, options: &TableOptions) -> Result<Table, Failure> {
    if path != Path::new("-") {
        return Table::read(path, options).map_err(failure);
    }
    settings.refuse_token_from_input("the file")?;
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage(format!("cannot read standard input: {error}"), "pass the path of a file"))?;
    Table::from_bytes("standard input", &bytes, options).map_err(failure)
}

/// How many problems of a file are printed.
pub(crate) const SHOWN: usize = 20;

/// Prints the problems of a file.
pub(crate) fn failure(error: TableError) -> Failure {
    let TableError { name, problems, .. } = &error;
    if let [_] = problems[..] {
        return Failure::usage(error.to_string(), "correct the file or the arguments; nothing was sent");
    }
    for problem in problems.iter().take(SHOWN) {
        exit::warn(&format!("{name}: {problem}"));
    }
    let shown = match problems.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(", {more} of them not shown"),
    };
    let message = format!("`{name}` has {} problems{shown}", problems.len());
    Failure::usage(message, "correct the file or the arguments; nothing was sent")
}

fn delimiter(text: &str) -> Result<char, String> {
    let found = match text {
        "tab" | "\\t" => Some('\t'),
        text => text.parse().ok().filter(char::is_ascii),
    };
    found.ok_or_else(|| "must be one character such as `;`, or `tab`".to_owned())
}

fn mapped(text: &str) -> Result<(String, String), String> {
    let (column, field) = text.rsplit_once('=').ok_or("must be as in `Rabatt=discount`")?;
    Ok((column.trim().to_owned(), field.trim().to_owned()))
}
