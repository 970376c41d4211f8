//! `cargo xtask bench sync`: measures copies of many stores and of a large store, compared with a pipeline of dlt.

use std::{fmt::Write as _, path::Path, process::Command};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{command, sandbox::Sandbox, tools::python::Venv};

/// The first of the stores.
const FIRST_STORE: i64 = 2000;

/// A measurement, with its targets.
struct Measurement {
    name: String,
    program: Program,
    stores: i64,
    count: i64,
    most_requests: Option<i64>,
    most_mb: Option<f64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Program {
    Sync,
    /// A pipeline of dlt with its own REST source.
    Dlt,
}

/// What a process has measured.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    seconds: f64,
    requests: i64,
    peak_mb: Option<f64>,
    file_bytes: u64,
}

pub(super) fn run(program: &Path, venv: &Venv, json: bool, stores: i64, large: i64) -> anyhow::Result<()> {
    let sandbox = Sandbox::build(&["--release"])?;
    let mut measured = Vec::new();
    for (stores, count) in [(stores, 1_000), (1, large)] {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("sandbox.toml");
        let mut text = String::new();
        for store in FIRST_STORE..FIRST_STORE + stores {
            writeln!(text, "[[stores]]\nstoreId = {store}\ntoken = \"secret_{store}\"\nseed = {count}")?;
        }
        std::fs::write(&config, text)?;
        let sandbox = Sandbox::start(&sandbox, &["--config", config.to_str().context("no text")?])?;
        let what = format!("{stores} stores of {count} coupons");
        let new = |name: &str, program, most_requests| {
            // Pages overlap by one coupon, so a page after the first has 99 new ones.
            let most_mb = (program == Program::Sync).then_some(150.0);
            Measurement { name: format!("{what}: {name}"), program, stores, count, most_requests, most_mb }
        };
        let pages = 1 + (count - 100 + 98) / 99;
        let mut rows = vec![new("first sync", Program::Sync, Some(stores * (pages + 1)))];
        rows.push(new("nothing changed", Program::Sync, Some(stores)));
        if stores > 1 {
            rows.push(new("dlt, its REST source", Program::Dlt, None));
        }
        for row in rows {
            let figures = row.measure(program, venv, &sandbox, folder.path())?;
            if !json {
                println!("{}", row.text(&figures));
            }
            measured.push((row, figures));
        }
    }
    if json {
        let rows: Vec<_> =
            measured.iter().map(|(row, figures)| json!({ "name": row.name, "figures": figures })).collect();
        println!("{}", serde_json::to_string_pretty(&rows)?);
    }
    Ok(())
}

impl Measurement {
    fn measure(&self, program: &Path, venv: &Venv, sandbox: &Sandbox, folder: &Path) -> anyhow::Result<Figures> {
        let mut command = match self.program {
            Program::Sync => {
                let mut command = command::command(program);
                command.arg("--copy").arg(folder.join("copy.sqlite"));
                command
            }
            Program::Dlt => self.dlt(venv, folder),
        };
        command.args(["--first-store", &FIRST_STORE.to_string(), "--stores", &self.stores.to_string()]);
        command.args(["--count", &self.count.to_string(), "--base-url", sandbox.base_url()]);
        let output = command.output().context("cannot start the measurement")?;
        let error = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{}: {}\n{error}", self.name, output.status);
        serde_json::from_slice(&output.stdout).context("the measurement printed no figures")
    }

    fn dlt(&self, venv: &Venv, folder: &Path) -> Command {
        let mut command = command::command(venv.program("python"));
        command.arg("benches/python/dlt_rest.py").arg("--folder").arg(folder);
        // dlt reads and writes its settings in the home folder, and reports its use.
        command.env("HOME", folder).env("RUNTIME__DLTHUB_TELEMETRY", "false");
        command
    }

    fn text(&self, figures: &Figures) -> String {
        let Figures { seconds, requests, peak_mb, file_bytes } = figures;
        let per_store = *requests as f64 / self.stores as f64;
        let mut parts = vec![format!("{seconds:.1} s"), format!("{per_store:.2} requests per store")];
        parts.extend(peak_mb.map(|megabytes| format!("{megabytes:.0} MB of memory")));
        parts.push(format!("{:.1} MB of file", *file_bytes as f64 / 1e6));
        let is_missed = self.most_requests.is_some_and(|most| *requests > most)
            || self.most_mb.zip(*peak_mb).is_some_and(|(most, peak)| peak > most);
        let targets = [
            self.most_requests.map(|most| format!("{} requests per store", most / self.stores)),
            self.most_mb.map(|most| format!("{most:.0} MB")),
        ];
        let targets: Vec<_> = targets.into_iter().flatten().collect();
        let met = if is_missed { "MISSED" } else { "met" };
        let target =
            if targets.is_empty() { String::new() } else { format!(" (target: {}, {met})", targets.join(", ")) };
        format!("{}: {}{target}", self.name, parts.join(", "))
    }
}
