//! `cargo xtask bench jobs`: compares a job with a script, and with a request for each coupon.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use serde_json::json;
use ureq::http::Method;

use super::{
    row::{Results, Row, Target},
    table::number,
};
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

/// A measurement.
#[derive(Clone, Copy)]
struct Measurement {
    mode: Mode,
    count: usize,
    /// How long the store takes for a coupon.
    milliseconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Job,
    Singles,
    Plan,
    Script,
}

/// What a process has measured.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    seconds: f64,
    requests: u64,
    peak_mb: Option<f64>,
    file_bytes: Option<u64>,
    #[serde(default)]
    fsyncs: Option<u64>,
}

/// The target of a figure.
fn at_most(figure: f64) -> Option<Target> {
    Some(Target::Figure(figure))
}

pub(super) fn run(program: &Path, venv: &Venv, singles: usize) -> anyhow::Result<Results> {
    let sandbox = Sandbox::build(&["--release"])?;
    let measure = |mode, count, milliseconds| {
        let measurement = Measurement { mode, count, milliseconds };
        eprintln!("measuring: {mode:?}, {count} coupons, {milliseconds} ms each");
        measurement.measure(program, &sandbox, venv)
    };
    let mut rows = Vec::new();
    for (milliseconds, seconds) in [(1, 30.0), (100, 40.0)] {
        let job = measure(Mode::Job, COUPONS, milliseconds)?;
        let script = measure(Mode::Script, COUPONS, milliseconds)?;
        let work = format!("{} coupons, {milliseconds} ms each", number(COUPONS as f64));
        let row = |figure, unit| Row::ours(&work, "job", figure, unit);
        let peer = "script, requests";
        let time = Row { target: at_most(seconds), ..row(job.seconds, "seconds") };
        rows.extend(time.compared_with(peer, script.seconds));
        let requests = Row { target: at_most(100.0), ..row(job.requests as f64, "requests") };
        rows.extend(requests.compared_with(peer, script.requests as f64));
        if let (Some(job), Some(script)) = (job.peak_mb, script.peak_mb) {
            rows.extend(row(job, "MB of memory").compared_with(peer, script));
        }
        rows.extend(job.file_bytes.map(|bytes| row(bytes as f64 / 1e6, "MB of file")));
        rows.extend(job.fsyncs.map(|count| row(count as f64, "fsyncs")));
    }
    let single = measure(Mode::Singles, singles, 1)?;
    let work = format!("{} coupons, 1 ms each, without a job", number(singles as f64));
    let row = |figure, unit| Row::ours(&work, "single requests", figure, unit);
    rows.extend([row(single.seconds, "seconds"), row(single.requests as f64, "requests")]);
    let plan = measure(Mode::Plan, PLANNED, 0)?;
    let work = format!("plan of {} coupons", number(PLANNED as f64));
    let row = |figure, unit| Row::ours(&work, "job", figure, unit);
    rows.push(Row { target: at_most(20.0), ..row(plan.seconds, "seconds") });
    rows.push(Row { target: at_most(0.0), ..row(plan.requests as f64, "requests") });
    rows.extend(plan.peak_mb.map(|megabytes| row(megabytes, "MB of memory")));
    rows.extend(plan.file_bytes.map(|bytes| row(bytes as f64 / 1e6, "MB of file")));
    let mut conditions = vec![format!("limit of the store: {REQUESTS_PER_MINUTE} requests per minute")];
    if !traced_exists() {
        conditions.push("fsyncs are not counted, because strace is not installed".to_owned());
    }
    Ok(Results { rounds: 1, conditions, rows })
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
        ensure!(output.status.success(), "{:?}: {}\n{error}", self.mode, output.status);
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
}

fn traced_exists() -> bool {
    Command::new("strace").arg("--version").output().is_ok_and(|output| output.status.success())
}
