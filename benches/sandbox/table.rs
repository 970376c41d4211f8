//! Prints the results.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};
use serde_json::json;

use crate::{Arguments, Figures, Row, TARGET};

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

const TITLES: [&str; 6] = ["work", "figure", "sandbox", "prism", "ratio", "target"];

/// Prints the rows as a table.
pub(crate) fn print(rows: &[Row], arguments: &Arguments) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(TITLES);
    for row in rows {
        let met = if row.is_met() { "met" } else { "MISSED" };
        let target = format!("≥ {TARGET:.0} {met}");
        let mut add = |figure: &str, value: fn(&Figures) -> f64, decimals: usize, target: &str| {
            let (sandbox, prism) = (value(&row.sandbox), value(&row.prism));
            table.add_row([
                Cell::new(row.work.name()),
                Cell::new(figure),
                number(format!("{sandbox:.decimals$}")),
                number(format!("{prism:.decimals$}")),
                number(format!("{:.2}", sandbox / prism)),
                Cell::new(target),
            ]);
        };
        add("requests/s", |figures| figures.per_second, 0, &target);
        add("p99, ms", |figures| figures.p99, 2, "");
        add("bytes per response", |figures| figures.bytes, 0, "");
    }
    let Arguments { connections, seconds, rounds, .. } = arguments;
    println!("{table}\n{connections} connections; medians of {rounds} alternating rounds of {seconds} s");
    println!("for `search page`, the document of Prism has a page of the sandbox as an example");
    Ok(())
}

fn number(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// Prints the rows as a JSON array.
pub(crate) fn print_json(rows: &[Row]) -> anyhow::Result<()> {
    let figures =
        |figures: &Figures| json!({ "perSecond": figures.per_second, "p99": figures.p99, "bytes": figures.bytes });
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "work": row.work.name(), "sandbox": figures(&row.sandbox), "prism": figures(&row.prism),
                "ratio": row.ratio(), "target": TARGET, "met": row.is_met(),
            })
        })
        .collect();
    println!("{}", serde_json::to_string_pretty(&rows)?);
    Ok(())
}
