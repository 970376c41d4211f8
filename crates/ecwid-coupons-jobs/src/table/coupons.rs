//! [`CouponTable`]: the coupons of a file.

use std::collections::HashMap;

use ecwid_coupons::{
    FieldInput, JsonObject, RawJson,
    schema::{Field, Kind},
    types::CouponUpdate,
};

use super::{
    Cell, Column, DateOrder, DecimalMark, Problem, Table, TableError, TableOptions, TableRow, code,
    columns::{self, Content, dotted},
    dates, numbers,
    numbers::Unit,
};
use crate::Row;

/// The coupons of a file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CouponTable {
    /// The rows, in the order of the file.
    pub rows: Vec<CouponRow>,
    /// What was read in another way than it is written, such as codes with spaces around them.
    pub notes: Vec<String>,
}

impl CouponTable {
    /// Returns the places of the rows with a discount and no discount type, such as "line 3 and 1 more", if there are any.
    ///
    /// The store creates these coupons with the type ABS: the discount is an amount in its currency.
    pub fn discounts_without_type(&self) -> Option<String> {
        let rows = self
            .rows
            .iter()
            .filter(|row| row.fields.discount.value().is_some() && row.fields.discount_type.value().is_none());
        first_and_more(rows.map(|row| &row.place))
    }
}

/// A coupon of a file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CouponRow {
    /// The place of the row for messages, such as "line 3".
    pub place: String,
    /// The code.
    pub code: String,
    /// The fields that the row has a value for. An empty cell is no value.
    pub fields: CouponUpdate,
    /// The columns that are no fields of a coupon.
    pub columns: Row,
}

/// How the texts of a column are read.
#[derive(Default)]
struct Reading {
    decimal: Option<DecimalMark>,
    dates: Option<DateOrder>,
}

impl Table {
    /// Reads the rows as coupons.
    ///
    /// # Errors
    ///
    /// All problems of the file: unknown columns, values that can be read in two ways, destroyed values, a code that is there
    /// twice in any letter case. There is no result while a row has a problem.
    pub fn coupons(&self, options: &TableOptions) -> Result<CouponTable, TableError> {
        self.coupons_with(options, &JsonObject::new())
    }

    /// Reads the rows as coupons, with values for the fields that a row has no value for.
    ///
    /// # Errors
    ///
    /// See [`coupons`](Self::coupons).
    pub fn coupons_with(&self, options: &TableOptions, defaults: &JsonObject) -> Result<CouponTable, TableError> {
        let contents = columns::contents(&self.columns, options)
            .map_err(|problems| TableError { name: self.name.clone(), problems })?;
        let mut problems = Vec::new();
        let readings: Vec<_> = contents
            .iter()
            .enumerate()
            .map(|(index, content)| {
                self.reading(index, content, options).unwrap_or_else(|problem| {
                    problems.push(problem);
                    Reading::default()
                })
            })
            .collect();
        TableError::unless_empty(&self.name, problems)?;

        let mut problems = Vec::new();
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut seen: HashMap<String, String> = HashMap::new();
        let mut notes = Notes::default();
        for row in &self.rows {
            match self.coupon(row, &contents, &readings, options, defaults, &mut notes) {
                Ok(coupon) => {
                    let folded = coupon.code.to_lowercase();
                    if let Some(other) = seen.get(&folded) {
                        let message =
                            format!("the code `{}` is also in {other}; letter case makes no difference", coupon.code);
                        problems.push(Problem::new(coupon.place.clone(), message));
                    }
                    seen.entry(folded).or_insert_with(|| coupon.place.clone());
                    rows.push(coupon);
                }
                Err(more) => problems.extend(more),
            }
        }
        TableError::unless_empty(&self.name, problems)?;
        Ok(CouponTable { rows, notes: notes.into_lines() })
    }

    /// Decides how the texts of a column are read.
    fn reading(&self, index: usize, content: &Content, options: &TableOptions) -> Result<Reading, Problem> {
        let Content::Field(path) = content else { return Ok(Reading::default()) };
        let texts = || {
            self.rows.iter().filter_map(|row| match &row.cells[index] {
                Cell::Text(text) => Some((row, text.as_str())),
                _ => None,
            })
        };
        let column = &self.columns[index];
        match path.last().map(|field| field.kind) {
            Some(Kind::Decimal) => {
                let decimal = decide(
                    options.decimal,
                    texts().map(|(row, text)| {
                        (
                            row,
                            text,
                            match numbers::evidence(text) {
                                numbers::Evidence::None => None,
                                numbers::Evidence::Mark(mark) => Some(Some(mark)),
                                numbers::Evidence::Ambiguous => Some(None),
                            },
                        )
                    }),
                );
                let decimal = decimal.map_err(|undecided| {
                    self.undecided(
                        column,
                        undecided,
                        "a thousand or one with decimals",
                        "`--decimal comma` or `--decimal point`",
                    )
                })?;
                Ok(Reading { decimal, dates: None })
            }
            Some(Kind::DateTime) => {
                let order = decide(
                    options.dates,
                    texts().map(|(row, text)| {
                        (
                            row,
                            text,
                            match dates::evidence(text) {
                                dates::Evidence::None => None,
                                dates::Evidence::Order(order) => Some(Some(order)),
                                dates::Evidence::Ambiguous => Some(None),
                            },
                        )
                    }),
                );
                let order = order.map_err(|undecided| {
                    self.undecided(column, undecided, "day or month first", "`--dates dmy` or `--dates mdy`")
                })?;
                Ok(Reading { decimal: None, dates: order })
            }
            _ => Ok(Reading::default()),
        }
    }

    fn undecided(&self, column: &Column, undecided: Undecided<'_>, readings: &str, options: &str) -> Problem {
        match undecided {
            Undecided::Ambiguous(row, text) => {
                self.problem(row, column, format!("`{text}` can be read in two ways ({readings}); use {options}"))
            }
            Undecided::Mixed((first, one), (row, other)) => {
                let first = self.row_place(first);
                self.problem(
                    row,
                    column,
                    format!(
                        "`{other}` is in another form than `{one}` in {first}; write both in one form, or use {options}"
                    ),
                )
            }
        }
    }

    fn coupon(
        &self,
        row: &TableRow,
        contents: &[Content],
        readings: &[Reading],
        options: &TableOptions,
        defaults: &JsonObject,
        notes: &mut Notes,
    ) -> Result<CouponRow, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut input = FieldInput::new(CouponUpdate::FIELDS);
        let (mut code, mut carried, mut unit) = (String::new(), Row::new(), None);
        for (((column, content), reading), cell) in self.columns.iter().zip(contents).zip(readings).zip(&row.cells) {
            let mut fail = |message: String| problems.push(self.problem(row, column, message));
            match content {
                Content::Code => match code::read(cell, options) {
                    Ok(found) => {
                        if *cell != Cell::Text(found.clone()) && matches!(cell, Cell::Text(_)) {
                            notes.padded.push(self.row_place(row));
                        }
                        code = found;
                    }
                    Err(message) => fail(message),
                },
                Content::Carried => match cell.text() {
                    Ok(text) => drop(carried.insert(column.name.clone(), text)),
                    Err(message) => fail(message.to_owned()),
                },
                _ if *cell == Cell::Empty => {}
                Content::Extra => match cell {
                    Cell::Text(text) => match text
                        .parse::<RawJson>()
                        .map_err(|error| error.to_string())
                        .and_then(|json| input.add("extra", json).map_err(|error| error.to_string()))
                    {
                        Ok(()) => {}
                        Err(message) => fail(message),
                    },
                    Cell::Json(json) => drop(input.add("extra", json.clone()).map_err(|error| fail(error.to_string()))),
                    _ => fail("the cell is not a JSON object".to_owned()),
                },
                Content::Field(path) => match value(path, cell, reading, options) {
                    Ok((json, beside)) => {
                        unit = unit.or(beside.map(|beside| (column, beside)));
                        // The messages of the client begin with the name of the field, which the place has already.
                        if let Err(error) = input.add(&dotted(path), json) {
                            let text = error.to_string();
                            fail(text.strip_prefix(&format!("{}: ", dotted(path))).unwrap_or(&text).to_owned());
                        }
                    }
                    Err(message) => fail(message),
                },
            }
        }
        for (name, default) in defaults {
            if !input.values().contains_key(name) {
                let _ = input.add(name, default.clone());
            }
        }
        notes.left_out.extend(input.left_out().iter().cloned());
        if let Some((column, unit)) = unit
            && let Some(problem) = wrong_unit(unit, input.values())
        {
            problems.push(self.problem(row, column, problem));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let place = self.row_place(row);
        match input.read() {
            Ok(fields) => Ok(CouponRow { place, code, fields, columns: carried }),
            Err(error) => Err(vec![Problem::new(place, error.to_string())]),
        }
    }
}

/// Converts a cell to the JSON of a field. Returns what is written beside an amount, too.
fn value(
    path: &[&'static Field],
    cell: &Cell,
    reading: &Reading,
    options: &TableOptions,
) -> Result<(RawJson, Option<Unit>), String> {
    let kind = path.last().map_or(Kind::Json, |field| field.kind);
    let read = |kind: &Kind, text: &str| {
        kind.parse_text(text.trim()).map(|json| (json, None)).map_err(|error| error.to_string())
    };
    match (kind, cell) {
        (_, Cell::Destroyed(problem)) => Err((*problem).to_owned()),
        (_, Cell::Number { .. }) if cell.is_inexact() => Err(super::cell::DIGITS_GONE.to_owned()),
        (Kind::Decimal, Cell::Text(text)) => {
            let amount = numbers::parse(text.trim(), reading.decimal)?;
            read(&kind, &amount.digits).map(|(json, _)| (json, amount.unit))
        }
        (Kind::Decimal, Cell::Number { .. }) if cell.is_percent() => {
            let shown = cell.text()?;
            if !options.percent_cells {
                return Err(format!(
                    "the cell shows {shown}, and stores a hundredth of it; format it as a number, or use `--percent-cells`"
                ));
            }
            read(&kind, shown.trim_end_matches('%')).map(|(json, _)| (json, Some(Unit::Percent)))
        }
        (Kind::Decimal | Kind::Integer, Cell::Number { digits, .. }) => read(&kind, digits),
        (Kind::DateTime, Cell::Text(text)) => {
            let text = dates::parse(text, reading.dates.unwrap_or(DateOrder::DayMonthYear))?;
            read(&Kind::Text, &text)
        }
        (Kind::DateTime, Cell::Date(date)) => read(&Kind::Text, &super::cell::written(*date)),
        (Kind::DateTime, Cell::Number { digits, .. }) => Err(format!(
            "the number {digits} is not a date; format the column as a date, or write dates as in `2026-12-31`"
        )),
        (Kind::Boolean, Cell::Boolean(value)) => read(&kind, &value.to_string()),
        (Kind::Boolean, Cell::Text(text)) => read(&kind, &text.trim().to_lowercase()),
        (Kind::Text, Cell::Text(text)) => {
            RawJson::from_value(text).map(|json| (json, None)).map_err(|error| error.to_string())
        }
        (Kind::Text, Cell::Date(_)) => {
            Err("the spreadsheet has made a date of the text; format the cell as text, and type it again".to_owned())
        }
        (Kind::Text | Kind::Enum(_), _) => read(&Kind::Text, &cell.text()?),
        (Kind::List(_), Cell::Text(text)) if !text.trim().starts_with('[') => {
            list(&kind, text).map(|json| (json, None))
        }
        (Kind::List(_), Cell::Number { digits, .. }) => list(&kind, digits).map(|json| (json, None)),
        (_, Cell::Json(json)) => Ok((json.clone(), None)),
        (_, Cell::Text(text)) => read(&kind, text),
        (_, _) => Err(format!("`{}` is not a value of this field", cell.text()?)),
    }
}

/// Reads a list such as `1, 2`.
fn list(kind: &Kind, text: &str) -> Result<RawJson, String> {
    let Kind::List(item) = kind else { return text.parse().map_err(|error: serde_json::Error| error.to_string()) };
    let items = text.split([',', ';']).map(str::trim).filter(|item| !item.is_empty());
    let items: Result<Vec<_>, _> = items.map(|text| item.parse_text(text)).collect();
    let items = items.map_err(|error| error.to_string())?;
    RawJson::from_value(&items).map_err(|error| error.to_string())
}

/// Says what is wrong with a percentage of a coupon for an amount, or the other way round.
fn wrong_unit(unit: Unit, values: &JsonObject) -> Option<String> {
    let kind = values.get("discountType").and_then(|json| json.deserialize::<String>().ok());
    let is_percent = kind.as_deref().is_some_and(|kind| kind.starts_with("PERCENT"));
    let shown =
        kind.as_ref().map_or_else(|| "missing, so the store takes an amount".to_owned(), |kind| format!("`{kind}`"));
    match unit {
        Unit::Percent if !is_percent => Some(format!("a percentage, but `discountType` is {shown}; set it to PERCENT")),
        Unit::Currency if is_percent => {
            Some(format!("an amount of money, but `discountType` is {shown}; set it to ABS"))
        }
        _ => None,
    }
}

/// Why the form of a column is not decided.
enum Undecided<'a> {
    Ambiguous(&'a TableRow, &'a str),
    Mixed((&'a TableRow, &'a str), (&'a TableRow, &'a str)),
}

/// Decides the form of a column. The evidence of a text is `Some(None)` if the text is ambiguous.
fn decide<'a, T: PartialEq>(
    given: Option<T>,
    texts: impl Iterator<Item = (&'a TableRow, &'a str, Option<Option<T>>)>,
) -> Result<Option<T>, Undecided<'a>> {
    if given.is_some() {
        return Ok(given);
    }
    let (mut decided, mut ambiguous): (Option<(T, &TableRow, &str)>, _) = (None, None);
    for (row, text, evidence) in texts {
        match evidence {
            None => {}
            Some(None) => drop(ambiguous.get_or_insert((row, text))),
            Some(Some(form)) => match &decided {
                Some((known, first, one)) if *known != form => return Err(Undecided::Mixed((first, one), (row, text))),
                Some(_) => {}
                None => decided = Some((form, row, text)),
            },
        }
    }
    match (decided, ambiguous) {
        (Some((form, ..)), _) => Ok(Some(form)),
        (None, Some((row, text))) => Err(Undecided::Ambiguous(row, text)),
        (None, None) => Ok(None),
    }
}

/// What was read in another way than it is written.
#[derive(Default)]
struct Notes {
    padded: Vec<String>,
    left_out: std::collections::BTreeSet<String>,
}

impl Notes {
    fn into_lines(self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(places) = first_and_more(self.padded.iter()) {
            lines.push(format!("spaces around a code were removed in {places}"));
        }
        if !self.left_out.is_empty() {
            let names: Vec<_> = self.left_out.into_iter().collect();
            lines.push(format!("fields left out because the store sets them: {}", names.join(", ")));
        }
        lines
    }
}

/// Returns the first place and the number of the others, if there is a place.
fn first_and_more<'a>(mut places: impl Iterator<Item = &'a String>) -> Option<String> {
    let first = places.next()?;
    Some(match places.count() {
        0 => first.clone(),
        more => format!("{first} and {more} more"),
    })
}
