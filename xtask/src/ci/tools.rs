//! The folder of the tools that are no Rust dependencies.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::command;

/// Answers the folder of the tools, below cargo's target folder.
pub(super) fn folder() -> anyhow::Result<PathBuf> {
    let metadata = command::ask(&mut command::cargo("metadata --format-version 1 --no-deps --locked"))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let target = metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;
    Ok(PathBuf::from(target).join("tools"))
}

/// Answers a folder of the tools that `install` has filled; filled anew unless it was filled from the same `wanted`.
pub(super) fn installed(
    name: &str,
    wanted: &str,
    install: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<PathBuf> {
    let folder = folder()?.join(name);
    // Written last: a set-up that was broken off has none.
    let stamp = folder.join("installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|from| from == wanted) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    install(&folder)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(folder)
}
