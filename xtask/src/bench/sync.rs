//! `cargo xtask bench sync`: measures copies of many stores and of a large store, compared with a pipeline of dlt.

use std::{fmt::Write as _, path::Path, process::Command};

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use tempfile::TempDir;

use super::{
    row::{Results, Row, Target},
    table::number,
};
use crate::{command, sandbox::Sandbox, tools::python::Venv};

/// The first of the stores.
const FIRST_STORE: i64 = 2000;

/// The most memory of a sync, in MB.
const MOST_MB: f64 = 150.0;

/// The stores of a measurement.
struct Measurement<'a> {
    program: &'a Path,
    venv: &'a Venv,
    sandbox: Sandbox,
    folder: TempDir,
    stores: i64,
    count: i64,
}

/// What a process has measured.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    seconds: f64,
    requests: i64,
    peak_mb: Option<f64>,
    file_bytes: u64,
}

pub(super) fn run(program: &Path, venv: &Venv, stores: i64, large: i64) -> anyhow::Result<Results> {
    let command = Sandbox::build(&["--release"])?;
    let mut rows = Vec::new();
    for (stores, count) in [(stores, 1_000), (1, large)] {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("sandbox.toml");
        let mut text = String::new();
        for store in FIRST_STORE..FIRST_STORE + stores {
            writeln!(text, "[[stores]]\nstoreId = {store}\ntoken = \"secret_{store}\"\nseed = {count}")?;
        }
        std::fs::write(&config, text)?;
        let sandbox = Sandbox::start(&command, &["--config", config.to_str().context("no text")?])?;
        rows.extend(Measurement { program, venv, sandbox, folder, stores, count }.rows()?);
    }
    let conditions =
        vec!["a store of 1,000 coupons allows 600 requests per minute, the large one any number".to_owned()];
    Ok(Results { rounds: 1, conditions, rows })
}

impl Measurement<'_> {
    fn rows(&self) -> anyhow::Result<Vec<Row>> {
        let Self { stores, count, .. } = self;
        let what =
            format!("{stores} {} of {} coupons", if *stores == 1 { "store" } else { "stores" }, number(*count as f64));
        // Pages overlap by one coupon, so a page after the first has 99 new ones.
        let pages = 1 + (count - 100 + 98) / 99;
        let first = self.figures("first sync", self.sync())?;
        let again = self.figures("nothing changed", self.sync())?;
        let dlt = if *stores > 1 { Some(self.figures("dlt", self.dlt())?) } else { None };
        let mut rows = self.shown(&format!("{what}: first copy"), pages + 1, &first, dlt.as_ref());
        rows.extend(self.shown(&format!("{what}: nothing changed"), 1, &again, None));
        Ok(rows)
    }

    /// Returns the rows of a sync, and those of dlt if it was measured.
    fn shown(&self, work: &str, most_requests: i64, ours: &Figures, dlt: Option<&Figures>) -> Vec<Row> {
        let units = [
            ("seconds", None),
            ("requests per store", Some(most_requests as f64)),
            ("MB of memory", Some(MOST_MB)),
            ("MB of file", None),
        ];
        let values = |figures: &Figures| {
            let per_store = figures.requests as f64 / self.stores as f64;
            [Some(figures.seconds), Some(per_store), figures.peak_mb, Some(figures.file_bytes as f64 / 1e6)]
        };
        let mut rows = Vec::new();
        let peers = dlt.map_or([None; 4], values);
        for (((unit, target), sync), dlt) in units.into_iter().zip(values(ours)).zip(peers) {
            let Some(sync) = sync else { continue };
            let row = Row { target: target.map(Target::Figure), ..Row::ours(work, "sync", sync, unit) };
            match dlt {
                Some(dlt) => rows.extend(row.compared_with("dlt, its REST source", dlt)),
                None => rows.push(row),
            }
        }
        rows
    }

    fn figures(&self, what: &str, mut command: Command) -> anyhow::Result<Figures> {
        eprintln!("measuring: {} stores of {} coupons, {what}", self.stores, self.count);
        command.args(["--first-store", &FIRST_STORE.to_string(), "--stores", &self.stores.to_string()]);
        command.args(["--count", &self.count.to_string(), "--base-url", self.sandbox.base_url()]);
        let output = command.output().context("cannot start the measurement")?;
        let error = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{what}: {}\n{error}", output.status);
        serde_json::from_slice(&output.stdout).context("the measurement printed no figures")
    }

    fn sync(&self) -> Command {
        let mut command = command::command(self.program);
        command.arg("--copy").arg(self.folder.path().join("copy.sqlite"));
        command
    }

    /// A pipeline of dlt with its own REST source.
    fn dlt(&self) -> Command {
        let folder = self.folder.path();
        let mut command = command::command(self.venv.program("python"));
        command.arg("benches/python/dlt_rest.py").arg("--folder").arg(folder);
        // dlt reads and writes its settings in the home folder, and reports its use.
        command.env("HOME", folder).env("RUNTIME__DLTHUB_TELEMETRY", "false");
        command
    }
}
