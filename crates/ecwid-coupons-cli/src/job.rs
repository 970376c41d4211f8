//! `job`: continues, shows or undoes a job of `issue`.

use std::{
    path::{Path, PathBuf},
    pin::pin,
};

use clap::{Args, Subcommand};
use ecwid_coupons::{Client, JsonObject, RawJson};
use ecwid_coupons_jobs::{Job, JobDifference, JobEvent, JobStatus, PlannedRow, ReportRow, RowOutcome, UndoEvent};
use indexmap::IndexSet;
use serde::Serialize;

use crate::{
    columns::Columns,
    confirm::confirm,
    exit::{self, Code, Failure, one_line, redacted},
    interrupt::Interrupts,
    issue::{coupons, grouped},
    output::{self, Format, Rows},
    output_file::{self, OutputFile},
    progress::Progress,
    settings::Settings,
    table,
};

/// The arguments of `job`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Create the coupons of the job that do not exist yet
    #[command(visible_alias = "resume")]
    Run {
        /// The file of the job
        file: PathBuf,

        /// Show how many coupons would be created, without sending anything
        #[arg(long)]
        dry_run: bool,
    },
    /// Show how many coupons have which outcome
    Status {
        /// The file of the job
        file: PathBuf,
    },
    /// Show each coupon with its code, its outcome and its columns
    Report {
        /// The file of the job
        file: PathBuf,

        /// Write the report to this file instead of standard output. Its ending says the format: .csv, .jsonl, .json or .xlsx
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Compare the coupons that the job created with those of the store
    Verify {
        /// The file of the job
        file: PathBuf,
    },
    /// Delete the coupons that the job created and that no order has used
    Undo {
        /// The file of the job
        file: PathBuf,

        /// Do not ask before the coupons are deleted. Without a terminal, the command never asks
        #[arg(short, long)]
        yes: bool,

        /// Show how many coupons would be deleted, without sending anything
        #[arg(long)]
        dry_run: bool,
    },
}

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<(), Failure> {
    match arguments.action {
        Action::Run { file, dry_run } => {
            let mut job = Job::open(&file)?;
            if dry_run {
                let JobStatus { not_attempted, in_flight, .. } = job.status()?;
                return output::print(&format!("{} would be created", coupons(not_attempted + in_flight)));
            }
            let store = settings.connect().await?;
            run_rows(settings, &store.client, &mut job, Some(&file)).await
        }
        Action::Status { file } => status(settings, &Job::open(file)?.status()?),
        Action::Report { file, output } => report(settings, &Job::open(file)?, output.as_deref()),
        Action::Verify { file } => {
            let mut job = Job::open(&file)?;
            let store = settings.connect().await?;
            verify(settings, &store.client, &mut job).await
        }
        Action::Undo { file, yes, dry_run } => {
            let mut job = Job::open(&file)?;
            if dry_run {
                let created = coupons(job.status()?.created);
                return output::print(&format!("{created} would be deleted, except those that an order used"));
            }
            let store = settings.connect().await?;
            undo(&store.client, &mut job, &file, yes).await
        }
    }
}

/// Makes the changes of planned rows as a job. Without a file, the job is only in memory.
pub(crate) async fn run_planned(
    settings: &Settings,
    client: &Client,
    rows: Vec<PlannedRow>,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let mut job = match file {
        Some(path) => Job::create(client, path, rows)?,
        None => Job::in_memory(client, rows)?,
    };
    run_rows(settings, client, &mut job, file).await
}

/// Makes the changes of a job, and prints each row that is settled. A job without a file is only in memory.
pub(crate) async fn run_rows(
    settings: &Settings,
    client: &Client,
    job: &mut Job,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let columns = Columns::named(ReportRow::COLUMNS.iter());
    let mut rows = match settings.format {
        Format::Table => None,
        format => Some(Rows::new(output::out(), format, columns)?),
    };
    let before = job.status()?;
    let progress = Progress::new(before.rows as u64, settings.format);
    let mut settled = before.settled();
    progress.set_settled(settled, 0);
    let mut interrupts = Interrupts::during_change()?;
    let mut stop = None;
    let mut run = job.run(client)?;
    let ended = loop {
        if stop.is_some() && run.is_between_batches() {
            break Ok(());
        }
        let event = {
            let mut next = pin!(run.next());
            loop {
                tokio::select! {
                    biased;
                    event = &mut next => break Some(event),
                    code = interrupts.next() => {
                        if stop.replace(code).is_some() {
                            break None;
                        }
                        progress.hidden(|| exit::note("stopping after this batch; press Ctrl-C again to stop at once"));
                    }
                }
            }
        };
        match event {
            // Stopped at once.
            None => break Ok(()),
            Some(Ok(None)) => {
                stop = None;
                break Ok(());
            }
            Some(Err(error)) => break Err(error),
            Some(Ok(Some(JobEvent::Settled { row, code, id, outcome, error }))) => {
                settled += 1;
                progress.set_settled(settled, 0);
                if let (None, Some(error)) = (file, &error) {
                    progress.hidden(|| exit::warn(&format!("{code}: {}: {error}", outcome.as_str())));
                }
                if let Some(rows) = &mut rows {
                    let settled = Settled { row, code, id, outcome: outcome.as_str(), error };
                    progress.hidden(|| rows.add([settled]))?;
                }
            }
            Some(Ok(Some(JobEvent::Redrawn { row, code }))) => {
                let text = format!("another coupon has the code of row {row}; its new code is `{code}`");
                progress.hidden(|| exit::note(&text));
            }
            Some(Ok(Some(JobEvent::Waiting { duration }))) => {
                let text = format!("the store asks to wait; continuing in {} s", duration.as_secs());
                progress.hidden(|| exit::note(&text));
            }
            Some(Ok(Some(JobEvent::Paced))) => {
                let text =
                    "the store refused a part of a batch; from now on, each coupon counts towards the rate limit";
                progress.hidden(|| exit::note(text));
            }
            Some(Ok(Some(JobEvent::Progress { completed, .. }))) => progress.set_settled(settled, completed),
            Some(Ok(Some(_))) => {}
        }
    };
    drop(run);
    progress.finish();
    if let Some(rows) = rows {
        rows.finish()?;
    }
    let file = file.map(Path::display);
    let now = job.status()?;
    let again = file.as_ref().map_or_else(
        || "repeat the command; what is done already is not done again".to_owned(),
        |file| format!("continue with `ecwid-coupons job run {file}`"),
    );
    if let Err(error) = ended {
        return Err(Failure::from(error).with_note(format!("{}; {again}", summary(&now))));
    }
    if let Some(code) = stop {
        return Err(Failure::new(code, format!("interrupted: {}", summary(&now)), again));
    }
    if settings.format == Format::Table {
        output::print(&summary(&now))?;
    }
    if now.refused + now.conflict > 0 {
        let message = format!("{} refused or in conflict", coupons(now.refused + now.conflict));
        let hint = file.map_or_else(
            || "correct the file and repeat the command".to_owned(),
            |file| format!("see `ecwid-coupons job report {file}`"),
        );
        return Err(Failure::new(Code::Partial, message, hint));
    }
    if let Some(file) = file {
        exit::note(&format!("for the codes, run `ecwid-coupons job report {file} --format csv`"));
    }
    Ok(())
}

/// A row that was settled, for programs.
#[derive(Serialize)]
struct Settled {
    row: usize,
    code: String,
    id: Option<i64>,
    outcome: &'static str,
    error: Option<String>,
}

/// Returns the outcomes of a job in words.
fn summary(status: &JobStatus) -> String {
    let words = |outcome: RowOutcome| match outcome {
        RowOutcome::Conflict => "in conflict".to_owned(),
        RowOutcome::InFlight => "not known yet".to_owned(),
        RowOutcome::AlreadyExists => "already existed".to_owned(),
        outcome => outcome.as_str().replace('_', " "),
    };
    let counts = status.counts().into_iter().filter(|(_, count)| *count > 0);
    let shown: Vec<_> = counts.map(|(outcome, count)| format!("{} {}", grouped(count), words(outcome))).collect();
    format!("{}: {}", coupons(status.rows), shown.join(", "))
}

fn status(settings: &Settings, status: &JobStatus) -> Result<(), Failure> {
    let counts = status.counts().map(|(outcome, count)| (outcome.as_str(), count));
    let counts: Vec<_> = [("rows", status.rows)].into_iter().chain(counts).collect();
    let columns = Columns::named(counts.iter().map(|(name, _)| name));
    let mut row = JsonObject::new();
    for (name, count) in counts {
        row.insert(name.to_owned(), RawJson::from_value(&count)?);
    }
    output::show(settings.format, &row, columns, |_| Ok(summary(status)))
}

/// Prints each row of a job.
fn report(settings: &Settings, job: &Job, output: Option<&Path>) -> Result<(), Failure> {
    let format = output_file::format_of(output, settings.format)?;
    let mut carried = IndexSet::new();
    job.for_each_row(|row| {
        carried.extend(row.columns.into_keys());
        Ok(())
    })?;
    let names = ReportRow::COLUMNS.into_iter().chain(carried.iter().map(String::as_str));
    let names: Vec<_> = names.collect();
    let columns = Columns::named(names.iter());
    let file = output.map(OutputFile::create).transpose()?;
    let out = file.as_ref().map_or_else(|| Ok(output::out()), OutputFile::out)?;
    let mut rows = Rows::new(out, format, columns.clone())?;
    let mut failed = Ok(());
    job.for_each_row(|row| {
        if failed.is_ok() {
            failed = add(&mut rows, row);
        }
        Ok(())
    })?;
    failed?;
    let rows = rows.finish()?;
    if !rows.is_empty() {
        output::print(&redacted(&table::of_columns(&columns, &rows)?.to_string()))?;
    }
    file.map_or(Ok(()), OutputFile::finish)
}

fn add(rows: &mut Rows<JsonObject>, row: ReportRow) -> Result<(), Failure> {
    let ReportRow { row, code, id, outcome, error, columns, .. } = row;
    let mut object = JsonObject::new();
    for (name, value) in columns {
        object.insert(name, RawJson::from_value(&value)?);
    }
    let fields = [
        ("row", RawJson::from_value(&row)?),
        ("code", RawJson::from_value(&code)?),
        ("id", RawJson::from_value(&id)?),
        ("outcome", RawJson::from_value(outcome.as_str())?),
        ("error", RawJson::from_value(&error)?),
    ];
    object.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    rows.add([object])
}

/// Prints the coupons of a job that the store does not have as the job created them.
async fn verify(settings: &Settings, client: &Client, job: &mut Job) -> Result<(), Failure> {
    let names = ["row", "code", "problem"];
    let columns = Columns::named(names.iter());
    let mut rows = Rows::new(output::out(), settings.format, columns)?;
    let mut differing = Vec::new();
    let compared = job.verify(client, |difference| differing.push(difference)).await?;
    let count = differing.len();
    for JobDifference { row, code, problem, .. } in differing {
        if settings.format == Format::Table {
            output::print(&redacted(&one_line(&format!("{code}: {problem}"))))?;
            continue;
        }
        let fields = [
            ("row", RawJson::from_value(&row)?),
            ("code", RawJson::from_value(&code)?),
            ("problem", RawJson::from_value(&problem)?),
        ];
        rows.add([JsonObject::from(fields.map(|(name, value)| (name.to_owned(), value)))])?;
    }
    rows.finish()?;
    if count > 0 {
        let message = format!("{} compared, {count} with differences", coupons(compared));
        return Err(Failure::new(Code::Partial, message, "somebody has changed or deleted them since the job"));
    }
    if settings.format == Format::Table {
        output::print(&format!("{} compared, no differences", coupons(compared)))?;
    }
    Ok(())
}

async fn undo(client: &Client, job: &mut Job, file: &Path, yes: bool) -> Result<(), Failure> {
    let created = job.status()?.created;
    if created == 0 {
        return output::print("the job has no coupons to undo");
    }
    if !yes {
        confirm("delete", &format!("up to {} that the job created", coupons(created)), "deleted")?;
    }
    let mut remaining = Vec::new();
    let progress = Progress::new(created as u64, Format::Table);
    let mut interrupts = Interrupts::during_change()?;
    let undone = {
        let change = job.undo(client, |event| match event {
            UndoEvent::Remains { code, reason } => remaining.push(format!("{code}: kept, because {reason}")),
            UndoEvent::Done { done, .. } => progress.set_position(done as u64),
            _ => {}
        });
        interrupts.or(change, || "some coupons may have been deleted".to_owned()).await
    };
    progress.finish();
    for line in &remaining {
        output::print(&redacted(&one_line(line)))?;
    }
    let again = format!("continue with `ecwid-coupons job undo {}`", file.display());
    match undone {
        Err(failure) => Err(failure.with_note(again)),
        Ok(Err(error)) => Err(Failure::from(error).with_note(again)),
        Ok(Ok(())) => output::print(&summary(&job.status()?)),
    }
}
