//! Virtual environments of Python programs, pinned in `xtask/tools`.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail, ensure};

use super::install::{installed, read};
use crate::{command, workspace};

/// The oldest Python that the pinned packages run on.
const PYTHON: (u32, u32) = (3, 11);

/// The folder of an environment that its programs are in.
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// Nothing is built from source, and nothing is installed that has no line and no hash in the file of requirements.
const PINNED_ALONE: [&str; 4] = ["--only-binary", ":all:", "--no-deps", "--require-hashes"];

/// A virtual environment that is there.
pub(crate) struct Venv {
    folder: PathBuf,
    /// What it was made from: another text means that it is made anew.
    pub(crate) made_from: String,
}

impl Venv {
    /// The environment of this name with the packages of a file of requirements, installed unless they are there.
    pub(crate) fn installed(name: &str, requirements: &str) -> anyhow::Result<Self> {
        let made_from = format!("Python {}\n{}", python_version()?, read(requirements)?);
        let folder = installed(name, &made_from, |folder| install(folder, requirements))?;
        Ok(Self { folder, made_from })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        program(&self.folder, name)
    }

    /// Where programs are looked for when the environment is the active one.
    pub(crate) fn search_path(&self) -> anyhow::Result<OsString> {
        let others = env::var_os("PATH").unwrap_or_default();
        let folders = [self.folder.join(PROGRAMS)].into_iter().chain(env::split_paths(&others));
        env::join_paths(folders).context("the folder of the tools has a name that no search path can hold")
    }

    /// Builds the wheel of the package with a profile of cargo, and installs it and nothing that it depends on, in the place of one
    /// that was built before. It stays in a folder of this name below `target`.
    pub(crate) fn install_package(&self, name: &str, profile: &str) -> anyhow::Result<PathBuf> {
        let folder = command::target()?.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let mut maturin = command::command(self.program("maturin"));
        maturin.args(["build", "--profile", profile, "--locked", "--out"]).arg(&folder);
        command::run(maturin.current_dir(workspace::root().join("python")))?;
        let mut wheels = fs::read_dir(&folder)?;
        let wheel = wheels.next().context("maturin wrote no wheel")??.path();
        ensure!(wheels.next().is_none(), "maturin wrote several wheels into {}", folder.display());
        let only_it = ["--no-index", "--no-deps", "--force-reinstall"];
        command::run(pip(&self.folder, "install").args(only_it).arg(&wheel))?;
        Ok(wheel)
    }

    /// Downloads the wheels that a file of requirements pins, unless they are there, and answers their folder.
    pub(crate) fn download(&self, name: &str, requirements: &str) -> anyhow::Result<PathBuf> {
        installed(name, &format!("{}{}", self.made_from, read(requirements)?), |folder| {
            let mut pip = pip(&self.folder, "download");
            command::run(pip.arg("--quiet").args(PINNED_ALONE).args(["-r", requirements, "--dest"]).arg(folder))
        })
    }
}

/// The version of `python3`, which must be new enough and be able to make virtual environments.
fn python_version() -> anyhow::Result<String> {
    let (major, minor) = PYTHON;
    let install = format!(
        "install Python {major}.{minor} or newer with its venv module, to be called as `python3` \
         (Debian and Ubuntu: the packages python3 and python3-venv)"
    );
    // A Python that came without ensurepip has a venv module that fails.
    let question = "import sys, venv, importlib.util as u; \
                    print(*sys.version_info[:3], u.find_spec('ensurepip') is not None)";
    let answer = command::command("python3")
        .args(["-c", question])
        .output()
        .with_context(|| format!("cannot start `python3`: {install}"))?;
    let answer = String::from_utf8_lossy(&answer.stdout).into_owned();
    let [found_major, found_minor, patch, has_pip] = answer.split_whitespace().collect::<Vec<_>>()[..] else {
        bail!("`python3` has no venv module: {install}");
    };
    if (found_major.parse::<u32>()?, found_minor.parse::<u32>()?) < PYTHON {
        bail!("`python3` is Python {found_major}.{found_minor}.{patch}, too old: {install}");
    }
    if has_pip != "True" {
        bail!("`python3` cannot make virtual environments, its ensurepip is missing: {install}");
    }
    Ok(format!("{found_major}.{found_minor}.{patch}"))
}

fn install(folder: &Path, requirements: &str) -> anyhow::Result<()> {
    command::run(command::command("python3").args(["-m", "venv"]).arg(folder))?;
    command::run(pip(folder, "install").args(PINNED_ALONE).args(["-r", requirements]))
}

fn pip(venv: &Path, subcommand: &str) -> Command {
    let mut pip = command::command(program(venv, "python"));
    pip.args(["-m", "pip", subcommand, "--disable-pip-version-check", "--no-input"]);
    pip
}

fn program(venv: &Path, name: &str) -> PathBuf {
    venv.join(PROGRAMS).join(name)
}
