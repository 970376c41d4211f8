//! Node.js and its packages. Node.js is installed as a Python package, so only Python must be installed before.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    install::{installed, read},
    python::Venv,
};
use crate::command;

/// The Python packages that include Node.js.
const REQUIREMENTS: &str = "xtask/tools/requirements.txt";

const SETTINGS: &str = "xtask/tools/.npmrc";

/// Node.js, and the npm packages of a folder of this project.
pub(crate) struct Packages {
    /// The program itself. The program in the virtual environment is a launcher, and does not end its child when it is killed.
    node: PathBuf,
    folder: PathBuf,
}

impl Packages {
    /// Installs the packages that the `package-lock.json` of the folder pins. Installs them again if Node.js changes.
    pub(crate) fn install(name: &str, from: &str) -> anyhow::Result<Self> {
        let venv = Self::venv()?;
        let mut files = Vec::new();
        for file in ["package.json", "package-lock.json"] {
            files.push((file, read(&format!("{from}/{file}"))?));
        }
        files.push((".npmrc", read(SETTINGS)?));
        let texts = files.iter().map(|(_, text)| text.as_str());
        let wanted = std::iter::once(venv.made_from.as_str()).chain(texts).collect::<String>();
        let folder = installed(name, &wanted, |folder| {
            for (file, text) in &files {
                fs::write(folder.join(file), text)?;
            }
            let mut npm = command::command(venv.program("npm"));
            command::run(npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))
        })?;
        let node = command::ask(command::command(venv.program("node")).args(["-p", "process.execPath"]))?;
        Ok(Self { node: node.trim().into(), folder })
    }

    /// Returns the virtual environment with Node.js.
    pub(crate) fn venv() -> anyhow::Result<Venv> {
        Venv::installed("venv", REQUIREMENTS)
    }

    pub(crate) fn node(&self, script: &str) -> Command {
        self.node_on(&self.folder.join("node_modules").join(script))
    }

    pub(crate) fn node_on(&self, script: &Path) -> Command {
        let mut node = command::command(&self.node);
        node.arg(script);
        node
    }

    /// Returns a command that runs the text of a module, which can import the packages.
    pub(crate) fn node_evaluating(&self, module: &str) -> Command {
        let mut node = command::command(&self.node);
        node.args(["--input-type=module", "--eval", module]).current_dir(&self.folder);
        node
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}
