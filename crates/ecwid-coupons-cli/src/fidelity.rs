//! `sandbox --fidelity`: prints the fidelity ledger of the sandbox.

use std::io::Write as _;

use comfy_table::{Cell, Color, ColumnConstraint, Table};
use ecwid_coupons_sandbox::fidelity::{Basis, Behavior, NOT_SIMULATED, ledger};
use serde_json::json as object;

use crate::{
    exit::Failure,
    json,
    output::{self, Format},
    table::new_table,
};

/// The width of the table if the width of the terminal is unknown.
const WIDTH: u16 = 160;

/// Prints the ledger. Only the formats `table` and `json` include what the sandbox does not simulate.
pub(crate) fn show(format: Format) -> Result<(), Failure> {
    let behaviors = ledger();
    let mut out = output::out();
    match format {
        Format::Table => {
            writeln!(out, "{}\n\nWhat the sandbox does not simulate:", table(&behaviors).trim_fmt())?;
            for row in NOT_SIMULATED {
                writeln!(out, "  {}: {}", row.what, row.instead)?;
            }
        }
        Format::Json => {
            let all = object!({ "behaviors": behaviors, "notSimulated": NOT_SIMULATED });
            writeln!(out, "{}", json::pretty(&all, out.is_terminal)?)?;
        }
        Format::Jsonl => {
            for behavior in &behaviors {
                writeln!(out, "{}", json::line(behavior, out.is_terminal)?)?;
            }
        }
        _ => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(["id", "does", "basis", "because", "test"])?;
            for behavior in &behaviors {
                let (basis, because) = words(&behavior.basis);
                csv.write_record([&behavior.id, behavior.does, basis, &because, behavior.test])?;
            }
            csv.flush()?;
        }
    }
    Ok(out.flush()?)
}

/// Returns the table of the ledger.
fn table(behaviors: &[Behavior]) -> Table {
    let mut table = new_table(["behavior", "basis", "what the sandbox does", "source or reason"], Some(WIDTH));
    for behavior in behaviors {
        let (basis, because) = words(&behavior.basis);
        // The table has the last part of an address only. The other formats have the whole address.
        let because = match behavior.basis {
            Basis::Documented { page, section } => {
                format!("{}: {section}", page.rsplit('/').next().unwrap_or(page))
            }
            _ => because,
        };
        let cell = match behavior.basis {
            Basis::Assumed { .. } => Cell::new(basis).fg(Color::DarkYellow),
            _ => Cell::new(basis),
        };
        table.add_row([Cell::new(&behavior.id), cell, Cell::new(behavior.does), Cell::new(because)]);
    }
    for index in [0, 1] {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

/// Returns the kind of a basis, and its source or reason.
fn words(basis: &Basis) -> (&'static str, String) {
    match basis {
        Basis::Documented { page, section } => ("documented", format!("{page}: {section}")),
        Basis::Observed { at } => ("observed", (*at).to_owned()),
        Basis::Assumed { because } => ("assumed", (*because).to_owned()),
        Basis::Own => ("own", "only the sandbox has it".to_owned()),
        _ => ("unknown", String::new()),
    }
}
