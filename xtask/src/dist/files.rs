//! The folder of the files of a release, and the version, the time and the tools that they are made with.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{command, tools::python::Venv};

const REQUIREMENTS: &str = "xtask/tools/dist/requirements.txt";

/// The variable with the time that reproducible builds write into files.
pub(super) const TIME: &str = "SOURCE_DATE_EPOCH";

/// Returns the folder of the files.
pub(super) fn folder() -> anyhow::Result<PathBuf> {
    let folder = command::target()?.join("dist");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// Moves a file into the folder of the release, and returns its new path.
pub(super) fn keep(file: &Path) -> anyhow::Result<PathBuf> {
    let path = folder()?.join(file.file_name().unwrap_or_default());
    fs::rename(file, &path).with_context(|| format!("cannot write {}", path.display()))?;
    println!("built {}", path.display());
    Ok(path)
}

pub(super) fn venv() -> anyhow::Result<Venv> {
    Venv::installed("dist", REQUIREMENTS)
}

/// Returns the version of all packages.
pub(super) fn version() -> anyhow::Result<String> {
    let metadata = command::metadata("--no-deps")?;
    Ok(metadata.packages.first().context("no package in the workspace")?.version.to_string())
}

/// Returns the time for files: that of the variable, or else of the last commit.
pub(super) fn time() -> anyhow::Result<String> {
    match env::var(TIME) {
        Ok(time) => Ok(time),
        Err(_) => Ok(command::ask(command::command("git").args(["log", "-1", "--format=%ct"]))?.trim().to_owned()),
    }
}
