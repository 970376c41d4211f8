//! `sandbox --fidelity`: how far each behaviour of the sandbox can be trusted.

use std::io::Write as _;

use ecwid_coupons_sandbox::fidelity::{Basis, NOT_SIMULATED, ledger};
use serde_json::json as object;

use crate::{
    exit::Failure,
    json,
    output::{self, Format},
    table,
};

/// Shows the ledger. A format that has no place for it leaves out what is not simulated.
pub(crate) fn show(format: Format) -> Result<(), Failure> {
    let behaviours = ledger();
    let mut out = output::out();
    match format {
        Format::Table => {
            writeln!(out, "{}\n\nWhat the sandbox does not simulate:", table::of_behaviours(&behaviours).trim_fmt())?;
            for row in NOT_SIMULATED {
                writeln!(out, "  {}: {}", row.what, row.instead)?;
            }
        }
        Format::Json => {
            let all = object!({ "behaviours": behaviours, "notSimulated": NOT_SIMULATED });
            writeln!(out, "{}", json::pretty(&all)?)?;
        }
        Format::Jsonl => {
            for behaviour in &behaviours {
                writeln!(out, "{}", json::line(behaviour)?)?;
            }
        }
        Format::Csv | Format::Spreadsheet => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(["id", "does", "basis", "because", "test"])?;
            for behaviour in &behaviours {
                let (basis, because) = words(&behaviour.basis);
                csv.write_record([&behaviour.id, behaviour.does, basis, &because, behaviour.test])?;
            }
            csv.flush()?;
        }
    }
    Ok(out.flush()?)
}

/// The kind of a basis, and what stands behind it.
pub(crate) fn words(basis: &Basis) -> (&'static str, String) {
    match basis {
        Basis::Documented { page, section } => ("documented", format!("{page}: {section}")),
        Basis::Observed { at } => ("observed", (*at).to_owned()),
        Basis::Assumed { because } => ("assumed", (*because).to_owned()),
        Basis::Own => ("own", "no store has it".to_owned()),
        _ => ("unknown", String::new()),
    }
}
