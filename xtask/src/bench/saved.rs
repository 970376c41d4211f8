//! [`Saved`]: the results of a benchmark in `docs/benchmarks`, with the machine, the date and the versions.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use chrono::Utc;
use serde::{Deserialize, Serialize};

use super::{machine::Machine, row::Results, versions::Versions};
use crate::{command, workspace};

/// The folder of the saved results.
const FOLDER: &str = "docs/benchmarks";

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    /// The day in UTC.
    pub(super) date: String,
    pub(super) commit: String,
    /// Whether files differed from the commit.
    pub(super) is_changed: bool,
    pub(super) machine: Machine,
    pub(super) versions: Versions,
    pub(super) results: Results,
}

impl Saved {
    pub(super) fn new(machine: Machine, versions: Versions, results: Results) -> anyhow::Result<Self> {
        let git = |arguments: &[&str]| command::ask(command::command("git").args(arguments));
        let commit = git(&["rev-parse", "HEAD"])?.trim().to_owned();
        // The results of another subject are no change.
        let changes = git(&["status", "--porcelain", "--", ".", &format!(":!{FOLDER}")])?;
        let date = Utc::now().date_naive().to_string();
        Ok(Self { date, commit, is_changed: !changes.is_empty(), machine, versions, results })
    }

    /// Writes the results of a subject, and returns the path of the file.
    pub(super) fn write(&self, subject: &str) -> anyhow::Result<PathBuf> {
        let path = path(&workspace::root(), subject);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Reads the results of a subject. Returns `None` if there are none.
    pub(super) fn read(root: &Path, subject: &str) -> anyhow::Result<Option<Self>> {
        let path = path(root, subject);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| format!("cannot read {}", path.display()))?,
        };
        serde_json::from_str(&text).with_context(|| format!("cannot read {}", path.display())).map(Some)
    }
}

fn path(root: &Path, subject: &str) -> PathBuf {
    root.join(FOLDER).join(format!("{subject}.json"))
}
