//! The step `schemathesis`: requests are made up from the OpenAPI document, right ones and wrong ones, sent to the sandbox of the
//! command, and its answers are held against the document.
//!
//! All is pinned and comes from a seed: the packages, the requests, the coupons that are there, and the time of the sandbox.

use std::fs;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    command,
    sandbox::{STORE_ID, Sandbox, TOKEN},
    tools::python::Venv,
    workspace::DOCUMENT,
};

const REQUIREMENTS: &str = "xtask/tools/schemathesis/requirements.txt";
const SETTINGS: &str = "xtask/tools/schemathesis/schemathesis.toml";

const REQUESTS: u64 = 2_000;

/// The fewest requests of each operation that are to be answered with what was asked for: with refusals alone, little of an
/// operation would be seen.
const ACCEPTED: u64 = 10;

/// The coupons that are there to begin with.
const COUPONS: i64 = 25;

/// Runs it, and looks whether it was enough.
pub(super) fn run() -> anyhow::Result<()> {
    let venv = Venv::installed("schemathesis", REQUIREMENTS)?;
    let sandbox = Sandbox::start(&Sandbox::build(&[])?, &[])?;
    prepare(&sandbox)?;
    let reports = tempfile::tempdir()?;
    let file = reports.path().join("report.json");
    let mut schemathesis = command::command(venv.program("schemathesis"));
    schemathesis.args(["--config-file", SETTINGS, "run", DOCUMENT, "--url", sandbox.base_url()]);
    schemathesis.args(["--continue-on-failure", "--report", "json", "--report-json-path"]).arg(&file);
    command::run(schemathesis.env("ECWID_SANDBOX_TOKEN", TOKEN).env("PYTHONDONTWRITEBYTECODE", "1"))?;

    let report: Value = serde_json::from_str(&fs::read_to_string(&file).context("there is no report")?)?;
    let generated = report["test_cases"]["generated"].as_u64().context("the report counts no requests")?;
    println!("{generated} requests");
    let operations = report["valid_rates"].as_object().context("the report names no operation")?;
    for (operation, phases) in operations {
        let phases = phases.as_object().into_iter().flatten();
        let accepted: u64 = phases.filter_map(|(_, rate)| rate["accepted"].as_u64()).sum();
        println!("  {operation}: {accepted} answered with what was asked for");
        ensure!(accepted >= ACCEPTED, "{operation} was hardly seen: {accepted} requests were taken, not {ACCEPTED}");
    }
    ensure!(generated >= REQUESTS, "{generated} requests are fewer than {REQUESTS}");
    Ok(())
}

/// Stops the clock, so that each day is the same, and creates coupons to find.
fn prepare(sandbox: &Sandbox) -> anyhow::Result<()> {
    let now = json!({"now": "2024-06-06 08:00:00 +0000"});
    let mut requests = vec![(Method::PUT, "/_sandbox/clock".to_owned(), now)];
    requests.extend((1..=COUPONS).map(|number| {
        let coupon = json!({"name": format!("Coupon {number}"), "code": format!("CODE{number}"), "discount": number});
        (Method::POST, format!("/api/v3/{STORE_ID}/discount_coupons"), coupon)
    }));
    requests.into_iter().try_for_each(|(method, path, body)| sandbox.send(method, &path, Some(&body)).map(drop))
}
