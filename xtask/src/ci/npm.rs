//! Programs that run on Node.js, pinned in `xtask/tools`: pip installs Node.js, and its npm the programs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use super::{tools, venv::Venv};
use crate::command;

const PACKAGE_FILES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// The packages, and the Node.js that runs them.
pub(super) struct Packages<'a> {
    venv: &'a Venv,
    folder: PathBuf,
}

impl<'a> Packages<'a> {
    /// Installs them unless they are there.
    pub(super) fn installed(venv: &'a Venv) -> anyhow::Result<Self> {
        // They are installed by the Node.js that runs them, and again when that changes.
        let mut wanted = venv.made_from.clone();
        for file in PACKAGE_FILES {
            wanted.push_str(&tools::read(&Path::new("xtask/tools").join(file))?);
        }
        let folder = tools::installed("npm", &wanted, |folder| install(folder, venv))?;
        Ok(Self { venv, folder })
    }

    /// Node.js with a script of a package.
    pub(super) fn script(&self, path: &str) -> Command {
        let mut node = command::command(self.venv.program("node"));
        node.arg(self.folder.join("node_modules").join(path));
        node
    }
}

fn install(folder: &Path, venv: &Venv) -> anyhow::Result<()> {
    for file in PACKAGE_FILES {
        let to = folder.join(file);
        let text = tools::read(&Path::new("xtask/tools").join(file))?;
        fs::write(&to, text).with_context(|| format!("cannot write {}", to.display()))?;
    }
    let mut npm = command::command(venv.program("npm"));
    command::run(npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))
}
