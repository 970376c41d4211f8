//! The folder of the tools.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{command, workspace};

/// Returns the folder of the tools, below the target folder of cargo.
pub(super) fn folder() -> anyhow::Result<PathBuf> {
    Ok(command::target()?.join("tools"))
}

/// Returns a folder of the tools that was filled by `install`. Runs `install` again if `wanted` has changed.
pub(super) fn installed(
    name: &str,
    wanted: &str,
    install: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<PathBuf> {
    let folder = folder()?.join(name);
    // The stamp is written last, so an interrupted installation has none.
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

/// Reads a file by its path from the root of the workspace.
pub(super) fn read(path: &str) -> anyhow::Result<String> {
    fs::read_to_string(workspace::root().join(path)).with_context(|| format!("cannot read {path}"))
}
