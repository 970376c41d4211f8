//! [`JobError`].

use std::path::PathBuf;

use crate::CodeError;

/// The error of a job.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// The file of the job cannot be read or written.
    #[error("cannot use the job file `{}`: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The file is not a job, or it is damaged.
    #[error("`{}` is not a job file: {reason}", path.display())]
    NotAJob {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// Another process runs the job, or another part of this process.
    #[error("{} runs the job `{}`", process(*pid), path.display())]
    Running {
        /// The file.
        path: PathBuf,
        /// The process, if it is known.
        pid: Option<u32>,
    },
    /// The job is of another store.
    #[error("the job is for {wanted}, and not for {given}")]
    OtherStore {
        /// The store of the job.
        wanted: String,
        /// The store of the client.
        given: String,
    },
    /// The pattern gives no codes.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The codes are too easy to guess.
    #[error(
        "the codes are easy to guess: one of {strength:.0} tries finds a coupon (expected at least 1,000,000 with \
         {places} random places)"
    )]
    Guessable {
        /// How many tries find a code on average.
        strength: f64,
        /// How many random places are enough.
        places: usize,
    },
    /// The plan has no coupons, or a row is wrong.
    #[error("{0}")]
    Plan(String),
    /// A request failed, and the job has stopped. It can be continued.
    #[error(transparent)]
    Request(#[from] ecwid_coupons::Error),
    /// Rows could not be resolved in several attempts. The job can be continued.
    #[error("{rows} coupons could not be created in three attempts, the last: {last}")]
    Unresolved {
        /// The number of rows.
        rows: usize,
        /// The error of the last attempt.
        last: Box<ecwid_coupons::Error>,
    },
}

fn process(pid: Option<u32>) -> String {
    match pid {
        Some(pid) if pid == std::process::id() => format!("another part of this process ({pid})"),
        Some(pid) => format!("another process ({pid})"),
        None => "another process".to_owned(),
    }
}
