//! Workbooks of spreadsheets (XLSX).

use std::io::Cursor;

use calamine::{Data, ExcelDateTime, Range, Reader as _, StyleRange, Xlsx};
use ecwid_coupons::chrono::{NaiveDate, NaiveDateTime};

use super::{Cell, Column, Table, TableError, TableOptions, TableRow, cell};

pub(super) fn read(name: &str, bytes: &[u8], options: &TableOptions) -> Result<Table, TableError> {
    let fail = |error: calamine::XlsxError| TableError::unreadable(name, format!("not a readable workbook: {error}"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fail)?;
    let sheet = sheet(name, &mut book, options)?;
    let values = book.worksheet_range(&sheet).map_err(fail)?;
    let formulas = book.worksheet_formula(&sheet).map_err(fail)?;
    let styles = book.worksheet_style(&sheet).map_err(fail)?;
    let sheet = Sheet { values, formulas, styles };
    let (Some((first, left)), Some((last, right))) = (sheet.values.start(), sheet.values.end()) else {
        return Err(TableError::unreadable(name, "the sheet is empty"));
    };
    let cells = |row: u32| (left..=right).map(|column| sheet.cell(row, column)).collect::<Vec<_>>();
    let mut columns = Vec::new();
    for (index, cell) in (left..=right).zip(cells(first)) {
        let name =
            cell.text().map_err(|problem| TableError::unreadable(name, format!("row {}: {problem}", first + 1)))?;
        columns.push(Column { name: name.trim().to_owned(), letters: Some(letters(index)) });
    }
    let row = |row: u32| TableRow { number: row as usize + 1, cells: cells(row) };
    Table::new(name, columns, (first + 1..=last).map(row).collect())
}

/// Returns the sheet of the options, or the only one with cells.
fn sheet(name: &str, book: &mut Xlsx<Cursor<&[u8]>>, options: &TableOptions) -> Result<String, TableError> {
    let sheets = book.sheet_names();
    let names = |sheets: &[String]| sheets.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    if let Some(wanted) = &options.sheet {
        let found = sheets.iter().find(|sheet| *sheet == wanted);
        return found.cloned().ok_or_else(|| {
            TableError::unreadable(name, format!("unknown sheet: `{wanted}` (expected one of {})", names(&sheets)))
        });
    }
    let used = |sheet: &String| book.worksheet_range(sheet).is_ok_and(|range| !range.is_empty());
    let used: Vec<_> = sheets.into_iter().filter(used).collect();
    match &used[..] {
        [only] => Ok(only.clone()),
        [] => Err(TableError::unreadable(name, "the workbook is empty")),
        several => {
            let message = format!("sheets with cells: {}; name one, as in `--sheet {}`", names(several), several[0]);
            Err(TableError::unreadable(name, message))
        }
    }
}

/// A sheet. Values, formulas and styles can begin at different cells.
struct Sheet {
    values: Range<Data>,
    formulas: Range<String>,
    styles: StyleRange,
}

impl Sheet {
    fn cell(&self, row: u32, column: u32) -> Cell {
        let position = (row, column);
        let has_formula = self.formulas.get_value(position).is_some_and(|formula| !formula.is_empty());
        match self.values.get_value(position).unwrap_or(&Data::Empty) {
            Data::Empty if has_formula => {
                Cell::Destroyed("a formula without a result; open the file in a spreadsheet and save it")
            }
            Data::Empty => Cell::Empty,
            Data::String(text) => Cell::of_text(text),
            Data::Int(number) => self.number(number.to_string(), position),
            Data::Float(number) => self.number(cell::rounded(*number), position),
            Data::Bool(value) => Cell::Boolean(*value),
            Data::DateTime(date) => date_of(date).map_or(Cell::Destroyed("a time without a date"), Cell::Date),
            Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::of_text(text),
            Data::Error(_) => Cell::Destroyed("the error of a formula; correct it in the spreadsheet"),
        }
    }

    fn number(&self, digits: String, position: (u32, u32)) -> Cell {
        let style = self.styles.get(position).and_then(|style| style.number_format.as_ref());
        let format = style.map_or_else(|| "General".to_owned(), |format| format.format_code.clone());
        Cell::Number { digits, format }
    }
}

/// Returns a date, and nothing for a time of day or a duration.
fn date_of(date: &ExcelDateTime) -> Option<NaiveDateTime> {
    if date.is_duration() || date.as_f64() < 1.0 {
        return None;
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?;
    day.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into())
}

/// Returns the letters of a column, counted from 0: A, B, … Z, AA.
fn letters(column: u32) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or_default());
    if column < 26 { letter.to_string() } else { format!("{}{letter}", letters(column / 26 - 1)) }
}
