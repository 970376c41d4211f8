//! CSV files. Every cell is text.

use csv::{ReaderBuilder, StringRecord};

use super::{Cell, Column, Problem, Table, TableError, TableOptions, TableRow, columns};

/// The characters that can separate cells.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

pub(super) fn read(name: &str, text: &str, options: &TableOptions) -> Result<Table, TableError> {
    // Spreadsheets obey and hide a first line such as `sep=;`.
    let (first, rest) = text.split_once(['\n', '\r']).unwrap_or((text, ""));
    let told = first.trim_end().strip_prefix("sep=").and_then(|it| it.parse::<char>().ok());
    let text = if told.is_some() { rest.strip_prefix('\n').unwrap_or(rest) } else { text };
    let delimiter = match options.delimiter.or(told) {
        Some(delimiter) => delimiter,
        None => delimiter(name, text)?,
    };
    let lines_before = usize::from(told.is_some());
    let mut records = Vec::new();
    let mut reader = builder(delimiter).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut lines = Lines { text, at: 0, line: 1 + lines_before };
    let unreadable = |error: csv::Error| TableError::unreadable(name, error.to_string());
    while reader.read_record(&mut record).map_err(unreadable)? {
        let begin = record.position().map_or(0, |it| usize::try_from(it.byte()).unwrap_or_default());
        records.push((lines.of_record(begin), record.clone()));
    }
    if text.matches('"').count() % 2 == 1 {
        let broken = records.iter().find(|(_, record)| record.iter().any(|cell| cell.contains(['\n', '\r'])));
        let line = broken.or(records.last()).map_or(1, |(line, _)| *line);
        let problem =
            Problem::new(format!("line {line}"), "a quotation mark is not closed; close it, or write `\"\"` for one");
        return Err(TableError { name: name.to_owned(), problems: vec![problem] });
    }
    let mut records = records.into_iter();
    let Some((_, header)) = records.next() else { return Err(TableError::unreadable(name, "the file is empty")) };
    let columns = header.iter().map(|name| Column { name: name.trim().to_owned(), letters: None }).collect();
    let row = |(number, record): (usize, StringRecord)| TableRow {
        number,
        cells: record.iter().map(Cell::of_text).collect(),
    };
    Table::new(name, columns, records.map(row).collect())
}

fn builder(delimiter: char) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    // Lengths are checked later, for messages with the numbers of lines.
    builder.has_headers(false).flexible(true).delimiter(u8::try_from(delimiter).unwrap_or(b','));
    builder
}

/// Returns the delimiter with which the first row has the most names of fields, or else the most cells.
fn delimiter(name: &str, text: &str) -> Result<char, TableError> {
    let score = |delimiter: char| {
        let mut record = StringRecord::new();
        let mut reader = builder(delimiter).from_reader(text.as_bytes());
        if !reader.read_record(&mut record).unwrap_or_default() {
            return (0, 0);
        }
        let known = record.iter().filter(|name| columns::find(name).is_some()).count();
        (known, record.len())
    };
    let scores = DELIMITERS.map(|delimiter| (score(delimiter), delimiter));
    let best = scores.iter().map(|(score, _)| *score).max().unwrap_or_default();
    let found: Vec<_> = scores.iter().filter(|(score, _)| *score == best).map(|(_, it)| *it).collect();
    match found[..] {
        [delimiter] => Ok(delimiter),
        // A single column has no delimiter.
        _ if best.1 <= 1 => Ok(','),
        _ => {
            let names: Vec<_> = found.iter().map(|it| format!("`{}`", it.escape_default())).collect();
            let message = format!(
                "the cells of the first row can be separated by {}; name one, as in `--delimiter '{}'`",
                names.join(" or "),
                found[0]
            );
            Err(TableError::unreadable(name, message))
        }
    }
}

/// Counts the lines of a text, because `csv` skips empty lines and knows only some line ends.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// Returns the line of the record that begins at this byte or after line ends.
    fn of_record(&mut self, begin: usize) -> usize {
        let bytes = self.text.as_bytes();
        let is_end = |at: usize| matches!(bytes.get(at), Some(b'\n' | b'\r'));
        while self.at < begin || is_end(self.at) {
            // CR LF is one line end.
            if is_end(self.at) && !(bytes[self.at] == b'\n' && self.at > 0 && bytes[self.at - 1] == b'\r') {
                self.line += 1;
            }
            self.at += 1;
        }
        self.line
    }
}
