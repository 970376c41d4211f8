//! `cargo xtask bench jobs`: compares a job with a script, and with a request for each coupon.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ureq::http::Method;

use crate::{
    command,
    sandbox::{STORE_ID, Sandbox, TOKEN},
    tools::python::Venv,
};

/// The number of coupons of a job.
const COUPONS: usize = 10_000;

/// The number of rows of a plan.
const PLANNED: usize = 1_000_000;

/// The limit of the store, as documented.
const REQUESTS_PER_MINUTE: u32 = 600;

/// A measurement, with its targets.
struct Measurement {
    name: String,
    mode: Mode,
    count: usize,
    /// How long the store takes for a coupon.
    milliseconds: u64,
    most_seconds: Option<f64>,
    most_requests: Option<u64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Job,
    Singles,
    Plan,
    Script,
}

/// What a process has measured.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    seconds: f64,
    requests: u64,
    peak_mb: Option<f64>,
    file_bytes: Option<u64>,
    #[serde(default)]
    fsyncs: Option<u64>,
}

pub(super) fn run(program: &Path, venv: &Venv, json: bool, singles: usize) -> anyhow::Result<()> {
    let sandbox = Sandbox::build(&["--release"])?;
    let mut rows = Vec::new();
    for milliseconds in [1, 100] {
        let seconds = if milliseconds == 1 { 30.0 } else { 40.0 };
        let new = |name: &str, mode| Measurement {
            name: format!("{COUPONS} coupons, {milliseconds} ms each: {name}"),
            mode,
            count: COUPONS,
            milliseconds,
            most_seconds: (mode == Mode::Job).then_some(seconds),
            most_requests: (mode == Mode::Job).then_some(100),
        };
        rows.extend([new("job", Mode::Job), new("script", Mode::Script)]);
    }
    rows.push(Measurement {
        name: format!("{singles} coupons, 1 ms each: single requests"),
        mode: Mode::Singles,
        count: singles,
        milliseconds: 1,
        most_seconds: None,
        most_requests: None,
    });
    rows.push(Measurement {
        name: format!("{PLANNED} rows planned"),
        mode: Mode::Plan,
        count: PLANNED,
        milliseconds: 0,
        most_seconds: Some(20.0),
        most_requests: Some(0),
    });
    let mut measured = Vec::new();
    for row in rows {
        let figures = row.measure(program, &sandbox, venv)?;
        if !json {
            println!("{}", row.text(&figures));
        }
        measured.push((row, figures));
    }
    if json {
        let rows: Vec<_> =
            measured.iter().map(|(row, figures)| json!({ "name": row.name, "figures": figures })).collect();
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        println!(
            "limit of the store: {REQUESTS_PER_MINUTE} requests per minute; fsyncs are counted by strace, if it is installed"
        );
    }
    Ok(())
}

impl Measurement {
    fn measure(&self, program: &Path, sandbox: &Path, venv: &Venv) -> anyhow::Result<Figures> {
        let folder = tempfile::tempdir()?;
        let mut figures = self.run(&self.command(program, venv, &folder.path().join("job")), sandbox)?;
        if self.mode == Mode::Job {
            let counts = folder.path().join("fsyncs");
            let mut traced = Command::new("strace");
            let command = self.command(program, venv, &folder.path().join("traced.job"));
            traced.args(["-f", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-o"]).arg(&counts);
            traced.arg(command.get_program()).args(command.get_args());
            if traced_exists() {
                self.run(&traced, sandbox)?;
                figures.fsyncs = Some(std::fs::read_to_string(&counts)?.matches("sync(").count() as u64);
            }
        }
        Ok(figures)
    }

    /// Runs a command against a sandbox of its own. `{base_url}` in its arguments is the address of the sandbox.
    fn run(&self, command: &Command, sandbox: &Path) -> anyhow::Result<Figures> {
        let sandbox = Sandbox::start(sandbox, &[])?;
        sandbox.send(Method::PUT, "/_sandbox/limits", Some(&json!({ "requestsPerMinute": REQUESTS_PER_MINUTE })))?;
        if self.milliseconds > 0 {
            let latency = json!({ "kind": "latency", "milliseconds": self.milliseconds, "jitterMilliseconds": 0 });
            let fault = json!({ "effect": latency, "operations": ["create_discount_coupon"] });
            sandbox.send(Method::POST, "/_sandbox/faults", Some(&fault))?;
        }
        let mut filled = command::command(command.get_program());
        for argument in command.get_args() {
            if argument == "{base_url}" {
                filled.arg(sandbox.base_url())
            } else {
                filled.arg(argument)
            };
        }
        let output = filled.output().context("cannot start the measurement")?;
        let error = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{}: {}\n{error}", self.name, output.status);
        serde_json::from_slice(&output.stdout).context("the measurement printed no figures")
    }

    fn command(&self, program: &Path, venv: &Venv, job: &PathBuf) -> Command {
        let (store, count) = (STORE_ID.to_string(), self.count.to_string());
        let mode = match self.mode {
            Mode::Script => {
                let mut command = command::command(venv.program("python"));
                command.args(["benches/python/batches.py", "{base_url}", &store, TOKEN, &count]);
                return command;
            }
            Mode::Job => "job",
            Mode::Singles => "singles",
            Mode::Plan => "plan",
        };
        let mut command = command::command(program);
        command.args(["--mode", mode, "--count", &count, "--store-id", &store, "--token", TOKEN]);
        command.args(["--base-url", "{base_url}", "--job"]).arg(job);
        command
    }

    fn text(&self, figures: &Figures) -> String {
        let Figures { seconds, requests, peak_mb, file_bytes, fsyncs } = figures;
        let mut parts = vec![format!("{seconds:.1} s"), format!("{requests} requests")];
        parts.extend(peak_mb.map(|megabytes| format!("{megabytes:.0} MB of memory")));
        parts.extend(file_bytes.map(|bytes| format!("{:.1} MB of file", bytes as f64 / 1e6)));
        parts.extend(fsyncs.map(|count| format!("{count} fsyncs")));
        let is_missed = self.most_seconds.is_some_and(|most| *seconds > most)
            || self.most_requests.is_some_and(|most| *requests > most);
        let targets = [
            self.most_seconds.map(|most| format!("{most:.0} s")),
            self.most_requests.map(|most| format!("{most} requests")),
        ];
        let targets: Vec<_> = targets.into_iter().flatten().collect();
        let met = if is_missed { "MISSED" } else { "met" };
        let target =
            if targets.is_empty() { String::new() } else { format!(" (target: {}, {met})", targets.join(", ")) };
        format!("{}: {}{target}", self.name, parts.join(", "))
    }
}

fn traced_exists() -> bool {
    Command::new("strace").arg("--version").output().is_ok_and(|output| output.status.success())
}
