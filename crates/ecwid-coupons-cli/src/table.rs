//! Tables for reading.

use std::io;

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};
use ecwid_coupons::{
    EcwidDateTime,
    types::{Coupon, CouponStatus},
};

use crate::{
    columns::{self, Columns},
    exit::one_line,
};

/// The most characters of a cell: a table is for reading, and to lay out longer cells takes very long.
const MAX_CELL: usize = 1000;

/// The blanks between two columns.
const GAP: u16 = 2;

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A column of the table of coupons.
struct Shown {
    title: &'static str,
    value: fn(&Coupon) -> String,
    is_number: bool,
    /// The width that is enough where the terminal is narrow; longer values go on in the next line.
    enough: u16,
    /// When the column is left out of a narrow terminal: the highest first, none with 0.
    spare: u8,
}

const fn column(title: &'static str, spare: u8, value: fn(&Coupon) -> String) -> Shown {
    Shown { title, value, is_number: false, enough: u16::MAX, spare }
}

const COLUMNS: [Shown; 10] = [
    Shown { is_number: true, ..column("id", 2, |coupon| text(coupon.id.as_ref())) },
    Shown { enough: 16, ..column("code", 0, |coupon| text(coupon.code.as_ref())) },
    Shown { enough: 16, ..column("name", 0, |coupon| text(coupon.name.as_ref())) },
    Shown { is_number: true, ..column("discount", 0, |coupon| text(coupon.discount.as_ref())) },
    column("type", 1, |coupon| text(coupon.discount_type.as_ref())),
    column("status", 0, |coupon| text(coupon.status.as_ref())),
    column("uses", 4, |coupon| text(coupon.uses_limit.as_ref())),
    Shown { is_number: true, ..column("orders", 6, |coupon| text(coupon.order_count.as_ref())) },
    column("launch", 5, |coupon| day(coupon.launch_date.as_ref())),
    column("expiration", 3, |coupon| day(coupon.expiration_date.as_ref())),
];

/// The table of coupons with the columns that matter most, and the names of those for which it is too narrow.
///
/// A column that no coupon has a value in is no column.
pub(crate) fn of_coupons(coupons: &[Coupon], width: Option<u16>) -> (Table, Vec<&'static str>) {
    let rows: Vec<[String; COLUMNS.len()]> =
        coupons.iter().map(|coupon| COLUMNS.map(|column| (column.value)(coupon))).collect();
    let shown: Vec<_> = (0..COLUMNS.len()).filter(|&index| rows.iter().any(|row| !row[index].is_empty())).collect();
    let mut table = new_table(shown.iter().map(|&index| COLUMNS[index].title), width);
    for (row, coupon) in rows.iter().zip(coupons) {
        table.add_row(shown.iter().map(|&index| {
            let cell = Cell::new(shortened(&row[index]));
            if COLUMNS[index].title == "status" { coloured(cell, coupon.status.as_ref()) } else { cell }
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

/// The table of the columns that were asked for.
pub(crate) fn of_columns(columns: &Columns, coupons: &[Coupon]) -> Result<Table, serde_json::Error> {
    let mut table = new_table(columns.names(), None);
    for coupon in coupons {
        table.add_row(columns.cells(coupon, columns::text)?.iter().map(|cell| shortened(cell)));
    }
    Ok(table)
}

/// The table of one coupon, with a line for each field it has.
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

/// A table with these titles, as wide as the terminal at most, or as the width given where there is no terminal.
pub(crate) fn new_table<T: ToString>(titles: impl IntoIterator<Item = T>, width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(titles.into_iter().map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    // With the blank that stands for a line between columns that makes the gap.
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
    // One place decides about colour: for NO_COLOR, for what is no terminal, and for terminals without it.
    if is_coloured() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table
}

/// The beginning of a text as a cell, with `…` where there is more.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_CELL) {
        Some((end, _)) => one_line(&text[..end]).into_owned() + "…",
        None => one_line(text).into_owned(),
    }
}

fn is_coloured() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

fn coloured(cell: Cell, status: Option<&CouponStatus>) -> Cell {
    match status {
        Some(CouponStatus::Active) => cell.fg(Color::DarkGreen),
        Some(CouponStatus::Paused) => cell.fg(Color::DarkYellow),
        _ => cell.add_attribute(Attribute::Dim),
    }
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// A date's day in UTC, or the text that stands in its place.
fn day(date: Option<&EcwidDateTime>) -> String {
    let Some(date) = date else { return String::new() };
    date.to_utc().map_or_else(|| date.to_string(), |utc| utc.format("%Y-%m-%d").to_string())
}
