//! CSV, with every digit as the store sent it.

use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

use crate::{
    columns::{self, Columns},
    exit::{Failure, one_line},
    spreadsheet,
};

/// Writes rows of CSV below their header.
pub(crate) struct CsvWriter<W: Write> {
    columns: Columns,
    is_for_spreadsheets: bool,
    writer: ::csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header, so that it is there even when no row is.
    pub(crate) fn new(mut out: W, is_for_spreadsheets: bool, columns: Columns) -> Result<Self, Failure> {
        if is_for_spreadsheets {
            out.write_all(spreadsheet::BYTE_ORDER_MARK.as_bytes())?;
        }
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(columns.names())?;
        Ok(Self { columns, is_for_spreadsheets, writer })
    }

    pub(crate) fn write<T: Serialize>(&mut self, row: &T) -> Result<(), Failure> {
        let to_cell = if self.is_for_spreadsheets { spreadsheet::cell } else { columns::text };
        let mut cells = self.columns.cells(row, to_cell)?;
        // What is written to a file or another program is exact.
        if io::stdout().is_terminal() {
            cells.iter_mut().for_each(|cell| *cell = one_line(cell).into_owned());
        }
        Ok(self.writer.write_record(cells)?)
    }

    /// Hands what was written to the program that reads it.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.writer.flush()?)
    }
}
