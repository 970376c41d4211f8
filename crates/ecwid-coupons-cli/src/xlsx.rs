//! Workbooks of spreadsheets (XLSX). Codes stay text, and amounts and dates are what a spreadsheet calculates with.

use std::io::Write;

use ecwid_coupons::{
    EcwidDateTime, RawJson,
    schema::{self, Kind},
    types::Coupon,
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde::Serialize;

use crate::{
    columns::{self, Columns},
    exit::Failure,
};

/// The last row of a sheet.
const LAST: u32 = 1_048_575;

/// A writer of a workbook with one sheet. The workbook is in memory until it is finished.
pub(crate) struct XlsxWriter<W: Write> {
    columns: Columns,
    out: W,
    book: Workbook,
    row: u32,
    text: Format,
    date: Format,
}

impl<W: Write> XlsxWriter<W> {
    pub(crate) fn new(out: W, columns: Columns) -> Result<Self, Failure> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(columns.names()) {
            sheet.write_with_format(0, column, name, &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let text = Format::new().set_num_format("@");
        let date = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        Ok(Self { columns, out, book, row: 0, text, date })
    }

    pub(crate) fn write<T: Serialize>(&mut self, row: &T) -> Result<(), Failure> {
        if self.row == LAST {
            let hint = "choose a CSV or JSON Lines file";
            return Err(Failure::usage(format!("a sheet has at most {} rows", LAST + 1), hint));
        }
        self.row += 1;
        // The cells are JSON, so that numbers and text differ.
        let cells = self.columns.cells(row, |json| Ok(json.to_string()))?;
        let sheet = self.book.worksheet_from_index(0)?;
        for ((column, name), json) in (0..).zip(self.columns.names()).zip(cells).filter(|(_, json)| !json.is_empty()) {
            let json: RawJson = json.parse()?;
            let Self { row, text, date, .. } = self;
            write_cell(sheet, (*row, column), name, &json, text, date)?;
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let sheet = self.book.worksheet_from_index(0)?;
        sheet.autofit();
        let last = u16::try_from(self.columns.names().len()).unwrap_or(u16::MAX).saturating_sub(1);
        sheet.autofilter(0, 0, self.row, last)?;
        let bytes = self.book.save_to_buffer()?;
        self.out.write_all(&bytes)?;
        Ok(self.out.flush()?)
    }
}

/// Writes a cell: a date as a date in UTC, a number that a spreadsheet can hold as a number, and anything else as text.
fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    name: &str,
    json: &RawJson,
    text_format: &Format,
    date_format: &Format,
) -> Result<(), Failure> {
    if json.as_str() == "null" {
        return Ok(());
    }
    let text = columns::text(json)?;
    let is_number = json.as_str().starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let kind = schema::find_column(Coupon::FIELDS, name).and_then(|path| path.last().map(|field| field.kind));
    if let Some(number) = exact(&text).filter(|_| is_number) {
        sheet.write_number(row, column, number)?;
    } else if let Some(date) = excel_date(&text).filter(|_| kind == Some(Kind::DateTime)) {
        sheet.write_datetime_with_format(row, column, &date, date_format)?;
    } else {
        sheet.write_string_with_format(row, column, &text, text_format).map_err(|error| match error {
            XlsxError::MaxStringLengthExceeded => {
                let message = format!("`{name}` in row {}: a cell has at most 32,767 characters", row + 1);
                Failure::usage(message, "choose a CSV or JSON Lines file")
            }
            error => error.into(),
        })?;
    }
    Ok(())
}

/// Returns a number that a spreadsheet shows with the same digits.
fn exact(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    (is_plain && digits <= 15).then_some(number)
}

fn excel_date(text: &str) -> Option<ExcelDateTime> {
    let date = text.parse::<EcwidDateTime>().ok()?.to_utc()?;
    ExcelDateTime::parse_from_str(&date.format("%Y-%m-%dT%H:%M:%S").to_string()).ok()
}
