//! CSV with the digits of the store.

use std::io::Write;

use serde::Serialize;

use crate::{
    columns::{self, Columns},
    exit::{Failure, one_line},
    spreadsheet,
};

/// A writer of CSV rows.
pub(crate) struct CsvWriter<W: Write> {
    columns: Columns,
    is_terminal: bool,
    is_for_spreadsheets: bool,
    writer: ::csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header. It is written even if no row follows.
    pub(crate) fn new(
        mut out: W,
        is_terminal: bool,
        is_for_spreadsheets: bool,
        columns: Columns,
    ) -> Result<Self, Failure> {
        if is_for_spreadsheets {
            out.write_all(spreadsheet::BYTE_ORDER_MARK.as_bytes())?;
        }
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(columns.names())?;
        Ok(Self { columns, is_terminal, is_for_spreadsheets, writer })
    }

    pub(crate) fn write<T: Serialize>(&mut self, row: &T) -> Result<(), Failure> {
        let to_cell = if self.is_for_spreadsheets { spreadsheet::cell } else { columns::text };
        let mut cells = self.columns.cells(row, to_cell)?;
        // Files and other programs receive exact values.
        if self.is_terminal {
            cells.iter_mut().for_each(|cell| *cell = one_line(cell).into_owned());
        }
        Ok(self.writer.write_record(cells)?)
    }

    /// Flushes the rows, so that a reader receives them.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.writer.flush()?)
    }
}
