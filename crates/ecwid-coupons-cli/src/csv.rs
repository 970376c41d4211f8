//! CSV, with every digit as the store sent it.

use std::io::{self, IsTerminal as _};

use serde::Serialize;

use crate::{
    columns::Columns,
    exit::{Failure, one_line},
    output::Out,
};

/// Writes rows of CSV below their header.
pub(crate) struct CsvWriter {
    columns: Columns,
    writer: ::csv::Writer<Out>,
}

impl CsvWriter {
    /// Writes the header, so that it is there even when no row is.
    pub(crate) fn new(out: Out, columns: Columns) -> Result<Self, Failure> {
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(columns.names())?;
        Ok(Self { columns, writer })
    }

    pub(crate) fn write<T: Serialize>(&mut self, row: &T) -> Result<(), Failure> {
        let mut cells = self.columns.cells(row)?;
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
