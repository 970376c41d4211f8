//! Jobs: many coupons in a file. A file is open only during a call.

use std::{
    path::{Path, PathBuf},
    pin::pin,
    time::{Duration, Instant},
};

use ecwid_coupons::{Client, types::NewCoupon};
use ecwid_coupons_jobs::{CodePattern, Issue, Job, JobError, JobEvent, UndoEvent};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDict};
use tokio::sync::mpsc::unbounded_channel;

use crate::{
    fork,
    from_python::{
        arguments,
        fields::{self, Null},
        job_rows,
    },
    runtime,
    to_python::{errors, job_report::JobReport},
};

/// The most coupons of a job. A store that creates 500 coupons in a second needs half an hour for them.
const MOST: u32 = 1_000_000;

/// How long a call waits for another call of this process to close the file.
const PATIENCE: Duration = Duration::from_secs(2);

/// The interval between two attempts to open the file.
const STEP: Duration = Duration::from_millis(10);

/// Reads the plan of a job. Sends and writes nothing.
pub(crate) fn plan(
    pattern: &Bound<'_, PyAny>,
    count: &Bound<'_, PyAny>,
    rows: &Bound<'_, PyAny>,
    allow_guessable: &Bound<'_, PyAny>,
    values: &Bound<'_, PyDict>,
) -> PyResult<Issue> {
    let pattern: CodePattern = arguments::text("pattern", pattern)?
        .parse()
        .map_err(|error: ecwid_coupons_jobs::ParsePatternError| errors::invalid_request(&error.to_string(), None))?;
    // The pattern gives the codes.
    values.set_item("code", "CODE")?;
    let template: NewCoupon = fields::read(NewCoupon::FIELDS, values, Null::Absent)?;
    let plan = Issue::new(template, pattern);
    let plan = if arguments::flag("allow_guessable", allow_guessable)? { plan.allow_guessable() } else { plan };
    match (count.is_none(), rows.is_none()) {
        (false, true) => Ok(plan.count(arguments::count("count", count, 1..=MOST)? as usize)),
        (true, false) => Ok(plan.rows(job_rows::read(rows)?)),
        _ => {
            Err(PyTypeError::new_err("invalid count and rows (expected one of them); hint: pass the other one as None"))
        }
    }
}

/// Writes the plan to a new file, and creates the coupons.
pub(crate) async fn issue(
    plan: Issue,
    client: Client,
    path: PathBuf,
    progress: Option<Py<PyAny>>,
) -> PyResult<JobReport> {
    let job = plan.create(&client, &path).map_err(|error| errors::of_job(error, &path))?;
    create(job, client, &path, progress).await
}

/// Creates the coupons of a job that do not exist yet.
pub(crate) async fn resume(client: Client, path: PathBuf, progress: Option<Py<PyAny>>) -> PyResult<JobReport> {
    let job = open(&path).await?;
    create(job, client, &path, progress).await
}

/// Runs a job, and calls `progress` after each row.
async fn create(mut job: Job, client: Client, path: &Path, progress: Option<Py<PyAny>>) -> PyResult<JobReport> {
    let failed = |error| errors::of_job(error, path);
    let before = job.status().map_err(failed)?;
    let mut done = before.settled();
    let mut run = job.run(&client).map_err(failed)?;
    while let Some(event) = run.next().await.map_err(failed)? {
        if let (JobEvent::Settled { .. }, Some(progress)) = (event, &progress) {
            done += 1;
            fork::attach(|py| progress.call1(py, (done, before.rows)))?;
        }
    }
    drop(run);
    JobReport::read(&job).map_err(failed)
}

/// Compares the coupons that a job created with those of the store. Returns the row, the code and the problem of each difference.
pub(crate) async fn verify(client: Client, path: PathBuf) -> PyResult<Vec<(usize, String, String)>> {
    let mut job = open(&path).await?;
    let mut found = Vec::new();
    let compared = job.verify(&client, |it| found.push((it.row, it.code, it.problem))).await;
    compared.map(|_| found).map_err(|error| errors::of_job(error, &path))
}

/// Deletes the unused coupons of a job, and calls `progress` after each batch. Returns the code of each coupon that remains, with
/// the reason.
pub(crate) async fn undo(
    client: Client,
    path: PathBuf,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<(String, String)>> {
    let mut job = open(&path).await?;
    let mut kept = Vec::new();
    let mut handle = |event| match (event, &progress) {
        (UndoEvent::Remains { code, reason }, _) => {
            kept.push((code, reason));
            Ok(())
        }
        (UndoEvent::Done { done, total }, Some(progress)) => {
            fork::attach(|py| progress.call1(py, (done, total)).map(drop))
        }
        _ => Ok(()),
    };
    let (sender, mut events) = unbounded_channel();
    {
        let mut undone = pin!(job.undo(&client, |event| drop(sender.send(event))));
        loop {
            tokio::select! {
                biased;
                Some(event) = events.recv() => handle(event)?,
                done = &mut undone => break done.map_err(|error| errors::of_job(error, &path))?,
            }
        }
    }
    while let Ok(event) = events.try_recv() {
        handle(event)?;
    }
    Ok(kept)
}

/// Returns the number of rows, the number of rows with each outcome, and whether no row needs another run.
#[pyfunction]
pub(crate) fn job_status<'py>(py: Python<'py>, path: PathBuf) -> PyResult<(usize, Bound<'py, PyDict>, bool)> {
    let status = runtime::wait(py, read(&path, Job::status))?;
    let counts = PyDict::new(py);
    for (outcome, count) in status.counts() {
        counts.set_item(outcome.as_str(), count)?;
    }
    Ok((status.rows, counts, status.is_complete()))
}

/// Returns the rows of a job.
#[pyfunction]
pub(crate) fn job_report(py: Python<'_>, path: PathBuf) -> PyResult<JobReport> {
    runtime::wait(py, read(&path, JobReport::read))
}

async fn read<T>(path: &Path, read: impl FnOnce(&Job) -> Result<T, JobError>) -> PyResult<T> {
    read(&open(path).await?).map_err(|error| errors::of_job(error, path))
}

/// Opens a job. A call that was canceled closes its file a moment later.
async fn open(path: &Path) -> PyResult<Job> {
    let since = Instant::now();
    loop {
        match Job::open(path) {
            Err(JobError::Running { pid, .. }) if pid == Some(std::process::id()) && since.elapsed() < PATIENCE => {
                tokio::time::sleep(STEP).await;
            }
            opened => return opened.map_err(|error| errors::of_job(error, path)),
        }
    }
}
