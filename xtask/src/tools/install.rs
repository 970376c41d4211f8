//! The folder of the tools, and what is installed into it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{command, workspace};

/// Answers the folder of the tools, below cargo's target folder.
pub(super) fn folder() -> anyhow::Result<PathBuf> {
    Ok(command::target()?.join("tools"))
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

/// Reads a file that is named from the workspace's root.
pub(super) fn read(path: &str) -> anyhow::Result<String> {
    fs::read_to_string(workspace::root().join(path)).with_context(|| format!("cannot read {path}"))
}
