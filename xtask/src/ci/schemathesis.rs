//! The step `schemathesis`: generates valid and invalid requests from the OpenAPI document, sends them to the sandbox of the
//! command, and compares the responses with the document.
//!
//! The step is deterministic: the packages are pinned, the requests come from a seed, and the coupons and the clock of the
//! sandbox are fixed.

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

/// The minimum number of requests.
const REQUESTS: u64 = 2_000;

/// The minimum number of successful requests of each operation. Errors alone would not test much of an operation.
const ACCEPTED: u64 = 10;

/// The number of coupons at the start.
const COUPONS: i64 = 25;

/// Runs schemathesis, and checks that it sent enough requests.
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

    let report: Value = serde_json::from_str(&fs::read_to_string(&file).context("cannot read the report")?)?;
    let generated = report["test_cases"]["generated"].as_u64().context("the report has no number of requests")?;
    println!("{generated} requests");
    let operations = report["valid_rates"].as_object().context("the report has no operations")?;
    for (operation, phases) in operations {
        let phases = phases.as_object().into_iter().flatten();
        let accepted: u64 = phases.filter_map(|(_, rate)| rate["accepted"].as_u64()).sum();
        println!("  {operation}: {accepted} successful");
        ensure!(
            accepted >= ACCEPTED,
            "too few successful requests of {operation}: {accepted} (expected at least {ACCEPTED})"
        );
    }
    ensure!(generated >= REQUESTS, "too few requests: {generated} (expected at least {REQUESTS})");
    Ok(())
}

/// Stops the clock at a fixed time, and creates coupons.
fn prepare(sandbox: &Sandbox) -> anyhow::Result<()> {
    let now = json!({"now": "2024-06-06 08:00:00 +0000"});
    let mut requests = vec![(Method::PUT, "/_sandbox/clock".to_owned(), now)];
    requests.extend((1..=COUPONS).map(|number| {
        let coupon = json!({"name": format!("Coupon {number}"), "code": format!("CODE{number}"), "discount": number});
        (Method::POST, format!("/api/v3/{STORE_ID}/discount_coupons"), coupon)
    }));
    requests.into_iter().try_for_each(|(method, path, body)| sandbox.send(method, &path, Some(&body)).map(drop))
}
