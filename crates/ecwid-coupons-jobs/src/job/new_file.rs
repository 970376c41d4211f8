//! New files of jobs.

use std::path::Path;

use ecwid_coupons::Client;
use rusqlite::{Connection, params};

use super::{Job, JobError, PlannedRow, RowChange, RowOutcome, file, file::JobFile};

/// The path of a job that is only in memory.
pub(super) const IN_MEMORY: &str = ":memory:";

/// Makes a file with a plan. Only a complete plan gets the name of the job.
pub(super) fn create(path: &Path, write: impl FnOnce(&Connection) -> Result<(), JobError>) -> Result<Job, JobError> {
    let fail = |error: std::io::Error| JobError::File { path: path.to_owned(), reason: error.to_string() };
    if path.try_exists().map_err(fail)? {
        let reason = "it exists already; continue that job, or choose another file".to_owned();
        return Err(JobError::File { path: path.to_owned(), reason });
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unfinished = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
    let connection = Connection::open(unfinished.path()).map_err(|error| file::failed(path, error))?;
    JobFile::tables(&connection).map_err(|error| file::failed(path, error))?;
    write(&connection)?;
    connection.close().map_err(|(_, error)| file::failed(path, error))?;
    let finished = unfinished.persist_noclobber(path).map_err(|error| fail(error.error))?;
    finished.sync_all().map_err(fail)?;
    // On Unix, closing a file ends all locks of the process on it.
    drop(finished);
    sync_folder(folder).map_err(fail)?;
    Job::open(path)
}

/// Makes a job that is only in memory.
pub(super) fn in_memory(write: impl FnOnce(&Connection) -> Result<(), JobError>) -> Result<Job, JobError> {
    let path = Path::new(IN_MEMORY);
    let connection = Connection::open_in_memory().map_err(|error| file::failed(path, error))?;
    JobFile::tables(&connection).map_err(|error| file::failed(path, error))?;
    write(&connection)?;
    Ok(Job { file: JobFile::read(connection, path)? })
}

/// Writes planned rows.
pub(super) fn write_rows(
    connection: &Connection,
    path: &Path,
    client: &Client,
    rows: impl IntoIterator<Item = PlannedRow>,
) -> Result<(), JobError> {
    let fail = |error| file::failed(path, error);
    let not_json = |error: serde_json::Error| JobError::Plan(format!("a row is not JSON: {error}"));
    let transaction = connection.unchecked_transaction().map_err(fail)?;
    let insert = "INSERT INTO job (store_id, base_url) VALUES (?1, ?2)";
    transaction.execute(insert, params![client.store_id(), client.base_url()]).map_err(fail)?;
    {
        let insert = "INSERT INTO rows (row, code, change, columns) VALUES (?1, ?2, ?3, ?4)";
        let mut insert = transaction.prepare(insert).map_err(fail)?;
        let settle = "INSERT INTO outcomes (row, outcome, id, error) VALUES (?1, ?2, ?3, ?4)";
        let mut settle = transaction.prepare(settle).map_err(fail)?;
        for (row, planned) in rows.into_iter().enumerate() {
            let row = i64::try_from(row).unwrap_or(i64::MAX);
            let PlannedRow { code, change, columns } = planned;
            let columns = (!columns.is_empty()).then(|| serde_json::to_string(&columns)).transpose();
            let json = change.to_json().map_err(not_json)?;
            insert.execute(params![row, code, json, columns.map_err(not_json)?]).map_err(fail)?;
            if let RowChange::Keep { id, reason } = change {
                settle.execute(params![row, RowOutcome::AlreadyExists.as_str(), id, reason]).map_err(fail)?;
            }
        }
    }
    transaction.commit().map_err(fail)
}

/// Makes the name of a new file survive a power failure.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}
