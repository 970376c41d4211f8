//! Tables for people.

use std::io;

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};
use ecwid_coupons::{
    EcwidDateTime,
    types::{Coupon, CouponStatus},
};
use serde::{Deserialize, Serialize};

use crate::{
    columns::{self, Columns},
    exit::one_line,
};

/// The maximum number of characters in a cell. Longer cells are slow to lay out and hard to read.
const MAX_CELL: usize = 1000;

/// The number of spaces between two columns.
const GAP: u16 = 2;

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A coupon in a list, with the name of its store if the list is of several stores.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Row {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<String>,
    #[serde(flatten)]
    pub(crate) coupon: Coupon,
}

impl From<Coupon> for Row {
    fn from(coupon: Coupon) -> Self {
        Self { store: None, coupon }
    }
}

/// A column in the table of coupons.
struct Shown {
    title: &'static str,
    value: fn(&Row) -> String,
    is_number: bool,
    /// The width of the column in a narrow terminal. Longer values are wrapped.
    enough: u16,
    /// The rank in which columns are hidden in a narrow terminal: the highest rank first. Rank 0 is never hidden.
    spare: u8,
}

const fn column(title: &'static str, spare: u8, value: fn(&Row) -> String) -> Shown {
    Shown { title, value, is_number: false, enough: u16::MAX, spare }
}

const COLUMNS: [Shown; 11] = [
    column("store", 0, |row| text(row.store.as_ref())),
    Shown { is_number: true, ..column("id", 2, |row| text(row.coupon.id.as_ref())) },
    Shown { enough: 16, ..column("code", 0, |row| text(row.coupon.code.as_ref())) },
    Shown { enough: 16, ..column("name", 0, |row| text(row.coupon.name.as_ref())) },
    Shown { is_number: true, ..column("discount", 0, |row| text(row.coupon.discount.as_ref())) },
    column("type", 1, |row| text(row.coupon.discount_type.as_ref())),
    column("status", 0, |row| text(row.coupon.status.as_ref())),
    column("uses", 4, |row| text(row.coupon.uses_limit.as_ref())),
    Shown { is_number: true, ..column("orders", 6, |row| text(row.coupon.order_count.as_ref())) },
    column("launch", 5, |row| day(row.coupon.launch_date.as_ref())),
    column("expiration", 3, |row| day(row.coupon.expiration_date.as_ref())),
];

/// Returns a table with the most important columns, and the names of the hidden columns.
///
/// Columns without any value are left out.
pub(crate) fn of_coupons(coupons: &[Row], width: Option<u16>) -> (Table, Vec<&'static str>) {
    let rows: Vec<[String; COLUMNS.len()]> =
        coupons.iter().map(|row| COLUMNS.map(|column| (column.value)(row))).collect();
    let shown: Vec<_> = (0..COLUMNS.len()).filter(|&index| rows.iter().any(|row| !row[index].is_empty())).collect();
    let mut table = new_table(shown.iter().map(|&index| COLUMNS[index].title), width);
    for (row, Row { coupon, .. }) in rows.iter().zip(coupons) {
        table.add_row(shown.iter().map(|&index| {
            let cell = Cell::new(shortened(&row[index]));
            if COLUMNS[index].title == "status" { colored(cell, coupon.status.as_ref()) } else { cell }
        }));
    }

    let mut left_out = Vec::new();
    let mut kept: Vec<_> = shown.iter().copied().zip(table.column_max_content_widths()).collect();
    kept.iter_mut().for_each(|(index, width)| *width = (*width).min(COLUMNS[*index].enough));
    while table.width().is_some_and(|width| kept.iter().map(|(_, width)| width + GAP).sum::<u16>() > width + GAP) {
        let spare = kept.iter().map(|(index, _)| COLUMNS[*index].spare).max().unwrap_or_default();
        if spare == 0 {
            break;
        }
        left_out.extend(kept.extract_if(.., |(index, _)| COLUMNS[*index].spare == spare).map(|(index, _)| index));
    }
    for (&index, column) in shown.iter().zip(table.column_iter_mut()) {
        if COLUMNS[index].is_number {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let enough = COLUMNS[index].enough;
        column.set_constraint(match kept.iter().find(|(kept, _)| *kept == index) {
            None => ColumnConstraint::Hidden,
            Some((_, width)) if *width < enough => ColumnConstraint::ContentWidth,
            Some(_) => ColumnConstraint::LowerBoundary(Width::Fixed(enough + GAP - 1)),
        });
    }
    left_out.sort_unstable();
    (table, left_out.into_iter().map(|index| COLUMNS[index].title).collect())
}

/// Returns a table with these columns.
pub(crate) fn of_columns<T: Serialize>(columns: &Columns, rows: &[T]) -> Result<Table, serde_json::Error> {
    let mut table = new_table(columns.names(), None);
    for row in rows {
        table.add_row(columns.cells(row, columns::text)?.iter().map(|cell| shortened(cell)));
    }
    Ok(table)
}

/// Returns a table of one coupon, with a row for each field that has a value.
pub(crate) fn of_one(columns: &Columns, coupon: &Coupon) -> Result<Table, serde_json::Error> {
    let mut table = new_table(["field", "value"], None);
    for (name, cell) in columns.names().iter().zip(columns.cells(coupon, columns::text)?) {
        if !cell.is_empty() {
            table.add_row([name.clone(), shortened(&cell)]);
        }
    }
    if let Some(column) = table.column_mut(0) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    Ok(table)
}

/// Returns a table with these titles. It is at most as wide as the terminal, or as `width` if there is no terminal.
pub(crate) fn new_table<T: ToString>(titles: impl IntoIterator<Item = T>, width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(titles.into_iter().map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    // comfy-table adds one more space between columns.
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP - 1));
    }
    if let Some(last) = table.column_iter_mut().last() {
        last.set_padding((0, 0));
    }
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    if let Some(width) = columns.or_else(|| table.width()).or(width) {
        table.set_width(width);
    }
    // anstream decides about color: it checks NO_COLOR and the terminal.
    if has_color() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table
}

/// Escapes a text and cuts it after [`MAX_CELL`] characters.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_CELL) {
        Some((end, _)) => one_line(&text[..end]).into_owned() + "…",
        None => one_line(text).into_owned(),
    }
}

fn has_color() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

fn colored(cell: Cell, status: Option<&CouponStatus>) -> Cell {
    match status {
        Some(CouponStatus::Active) => cell.fg(Color::DarkGreen),
        Some(CouponStatus::Paused) => cell.fg(Color::DarkYellow),
        _ => cell.add_attribute(Attribute::Dim),
    }
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// Returns the day of a date in UTC, or the text of a date that cannot be parsed.
fn day(date: Option<&EcwidDateTime>) -> String {
    let Some(date) = date else { return String::new() };
    date.to_utc().map_or_else(|| date.to_string(), |utc| utc.format("%Y-%m-%d").to_string())
}
