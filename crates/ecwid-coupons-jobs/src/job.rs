//! [`Job`]: a task with many coupons, kept in a file.

mod change;
mod error;
mod file;
mod new_file;
mod outcome;
mod plan;
mod report;
mod run;
mod single;
mod undo;
mod verify;

use std::path::Path;

use ecwid_coupons::Client;

pub use change::{PlannedRow, RowChange};
pub use error::JobError;
use file::JobFile;
pub use plan::{Issue, Row};
pub use report::{JobStatus, ReportRow, RowOutcome};
pub use run::{JobEvent, JobRun};
pub use undo::UndoEvent;
pub use verify::JobDifference;

/// A task with many coupons, kept in one file.
///
/// The file has the plan, which never changes, and the outcome of each row. Before anything is sent, the file says so.
/// So a job that was interrupted, even by a power failure, continues where it stopped, and no coupon is created twice.
/// The file has no token. It has coupon codes, so only its owner can read it.
///
/// # Example
///
/// ```
/// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("spring.job");
/// use ecwid_coupons::types::NewCoupon;
/// use ecwid_coupons_jobs::{Issue, Job};
///
/// let template = NewCoupon::percent("Spring", "", 10).single_use();
/// let mut job = Issue::new(template, "SPRING-[*]".parse()?).count(1_000).create(&coupons, &path)?;
/// let mut run = job.run(&coupons)?;
/// while let Some(event) = run.next().await? {
///     println!("{event:?}");
/// }
/// drop(run);
/// assert_eq!(job.status()?.created, 1_000);
/// # Ok(())
/// # });
/// ```
#[derive(Debug)]
pub struct Job {
    file: JobFile,
}

impl Job {
    /// Opens the file of a job.
    ///
    /// # Errors
    ///
    /// - The file cannot be read, or it is not a job.
    /// - A newer version of this crate made it.
    /// - Another process runs the job.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JobError> {
        JobFile::open(path.as_ref()).map(|file| Self { file })
    }

    /// Writes planned rows to a new file that only its owner can read. Nothing is sent.
    ///
    /// The rows are sent in their order. A batch has only deletes, or none.
    ///
    /// # Errors
    ///
    /// The file exists or cannot be written.
    pub fn create(
        client: &Client,
        path: impl AsRef<Path>,
        rows: impl IntoIterator<Item = PlannedRow>,
    ) -> Result<Self, JobError> {
        let path = path.as_ref();
        new_file::create(path, |connection| new_file::write_rows(connection, path, client, rows))
    }

    /// Makes a job of planned rows that is only in memory. It cannot be continued by another process.
    ///
    /// # Errors
    ///
    /// There is not enough memory.
    pub fn in_memory(client: &Client, rows: impl IntoIterator<Item = PlannedRow>) -> Result<Self, JobError> {
        new_file::in_memory(|connection| new_file::write_rows(connection, Path::new(new_file::IN_MEMORY), client, rows))
    }

    /// Returns how many rows have which outcome.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn status(&self) -> Result<JobStatus, JobError> {
        report::status(&self.file)
    }

    /// Calls a function with each row of the job and its outcome, in the order of the rows.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or the function fails.
    pub fn for_each_row(&self, each: impl FnMut(ReportRow) -> Result<(), JobError>) -> Result<(), JobError> {
        report::for_each_row(&self.file, each)
    }

    /// Makes the changes of the job that were not made yet.
    ///
    /// Nothing is sent until the [`JobRun`] is read. If it is dropped, the job stops. A later run continues.
    ///
    /// # Errors
    ///
    /// The job is of another store, or of another server.
    pub fn run<'a>(&'a mut self, client: &Client) -> Result<JobRun<'a>, JobError> {
        self.check_store(client)?;
        JobRun::new(&mut self.file, client.clone())
    }

    /// Deletes the coupons that the job created and that no order has used.
    ///
    /// It can be interrupted and repeated. Calls `progress` with each coupon that remains, and after each batch with the
    /// number of coupons that are done.
    ///
    /// # Errors
    ///
    /// The job is of another store or of another server, or the file cannot be written. A request fails: see
    /// [`ecwid_coupons::Error`].
    pub async fn undo(&mut self, client: &Client, progress: impl FnMut(UndoEvent)) -> Result<(), JobError> {
        self.check_store(client)?;
        undo::undo(&mut self.file, client, progress).await
    }

    /// Compares the coupons that the job created with those of the store, and calls `differs` with each that differs.
    /// Returns how many were compared.
    ///
    /// Coupons that were [undone](Self::undo) are left out. Order counts, and coupons that are used up or expired, are no
    /// differences.
    ///
    /// # Errors
    ///
    /// The job is of another store or of another server, or the file cannot be read. A request fails: see
    /// [`ecwid_coupons::Error`].
    pub async fn verify(&mut self, client: &Client, differs: impl FnMut(JobDifference)) -> Result<usize, JobError> {
        self.check_store(client)?;
        verify::verify(&mut self.file, client, differs).await
    }

    fn check_store(&self, client: &Client) -> Result<(), JobError> {
        let wanted = (self.file.store_id, self.file.base_url.as_str());
        let given = (client.store_id(), client.base_url());
        if wanted == given {
            return Ok(());
        }
        let name = |(store_id, base_url)| format!("store {store_id} at {base_url}");
        Err(JobError::OtherStore { wanted: name(wanted), given: name(given) })
    }
}
