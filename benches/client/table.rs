//! Prints the results.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};
use serde_json::json;

use crate::{
    coupons::{COUNT, Mix, PAGE, coupons},
    measured::Measured,
};

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

const TITLES: [&str; 7] = ["work", "figure", "ours", "plain", "ratio", "target", ""];

/// Prints the rows as a table.
pub(crate) fn print(rows: &[Measured], rounds: u32) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(TITLES);
    for row in rows {
        let met = row.is_met().map_or("", |met| if met { "met" } else { "MISSED" });
        let target = row.target.map_or_else(String::new, |target| format!("≤ {target:.2}"));
        table.add_row([
            Cell::new(row.work),
            Cell::new(row.figure),
            number(format!("{:.1}", row.ours)),
            number(format!("{:.1}", row.plain)),
            number(format!("{:.2}", row.ratio())),
            number(target),
            Cell::new(met),
        ]);
    }
    let bytes = coupons(Mix::Known).iter().map(String::len).sum::<usize>() / COUNT;
    println!("{table}\n{COUNT} coupons of {bytes} bytes, {PAGE} per page; medians of {rounds} alternating rounds");
    Ok(())
}

fn number(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// Prints the rows as a JSON array.
pub(crate) fn print_json(rows: &[Measured]) -> anyhow::Result<()> {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "work": row.work, "figure": row.figure, "ours": row.ours, "plain": row.plain, "ratio": row.ratio(),
                "target": row.target, "met": row.is_met(),
            })
        })
        .collect();
    println!("{}", serde_json::to_string_pretty(&rows)?);
    Ok(())
}
