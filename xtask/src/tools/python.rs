//! Virtual environments of Python programs, whose packages are pinned in `xtask/tools`.

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

/// The minimum Python version of the pinned packages.
const PYTHON: (u32, u32) = (3, 11);

/// The build backend of the Python packages, for builds that must not download it.
pub(crate) const BUILD_BACKEND: &str = "xtask/tools/maturin-requirements.txt";

/// The folder of the programs in an environment.
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// Arguments of pip that forbid building from source, and installing packages without a hash in the requirements.
const PINNED_ALONE: [&str; 4] = ["--only-binary", ":all:", "--no-deps", "--require-hashes"];

/// An installed virtual environment.
pub(crate) struct Venv {
    folder: PathBuf,
    /// The versions and requirements. The environment is installed again if this text changes.
    pub(crate) made_from: String,
}

impl Venv {
    /// Returns the environment of this name, and installs the packages of a requirements file if necessary.
    pub(crate) fn installed(name: &str, requirements: &str) -> anyhow::Result<Self> {
        let made_from = format!("Python {}\n{}", python_version()?, read(requirements)?);
        let folder = installed(name, &made_from, |folder| install(folder, requirements))?;
        Ok(Self { folder, made_from })
    }

    /// Returns an environment as [`Venv::installed`] does, with a package that is only published as source.
    ///
    /// pip builds the package with the packages of the first requirements file. `source` has the name of the package, and the
    /// requirements file that pins it.
    pub(crate) fn installed_with_source(name: &str, requirements: &str, source: (&str, &str)) -> anyhow::Result<Self> {
        let (package, pinned) = source;
        let made_from = format!("Python {}\n{}{}", python_version()?, read(requirements)?, read(pinned)?);
        let folder = installed(name, &made_from, |folder| {
            install(folder, requirements)?;
            let from_source = ["--no-binary", package, "--no-build-isolation", "-r", pinned];
            command::run(pip(folder, "install").args(PINNED_ALONE).args(from_source))
        })?;
        Ok(Self { folder, made_from })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        program(&self.folder, name)
    }

    /// Returns the `PATH` of the activated environment.
    pub(crate) fn search_path(&self) -> anyhow::Result<OsString> {
        let others = env::var_os("PATH").unwrap_or_default();
        let folders = [self.folder.join(PROGRAMS)].into_iter().chain(env::split_paths(&others));
        env::join_paths(folders).context("cannot add the folder of the tools to the search path")
    }

    /// Builds the wheel of the package with a cargo profile, and installs it without its dependencies.
    ///
    /// Returns the path of the wheel, which is in a folder of this name below the target folder.
    pub(crate) fn install_package(&self, name: &str, profile: &str) -> anyhow::Result<PathBuf> {
        let folder = command::target()?.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let mut maturin = command::command(self.program("maturin"));
        maturin.args(["build", "--profile", profile, "--locked", "--out"]).arg(&folder);
        command::run(maturin.current_dir(workspace::root().join("python")))?;
        let mut wheels = fs::read_dir(&folder)?;
        let wheel = wheels.next().context("no wheel was built by maturin")??.path();
        ensure!(wheels.next().is_none(), "several wheels were built by maturin in {}", folder.display());
        let only_it = ["--no-index", "--no-deps", "--force-reinstall"];
        command::run(pip(&self.folder, "install").args(only_it).arg(&wheel))?;
        Ok(wheel)
    }

    /// Downloads the wheels of a requirements file if necessary, and returns their folder.
    pub(crate) fn download(&self, name: &str, requirements: &str) -> anyhow::Result<PathBuf> {
        installed(name, &format!("{}{}", self.made_from, read(requirements)?), |folder| {
            let mut pip = pip(&self.folder, "download");
            command::run(pip.arg("--quiet").args(PINNED_ALONE).args(["-r", requirements, "--dest"]).arg(folder))
        })
    }
}

/// Returns the version of `python3`. Fails if it is too old or cannot create virtual environments.
fn python_version() -> anyhow::Result<String> {
    let (major, minor) = PYTHON;
    let install = format!(
        "hint: install Python {major}.{minor} or newer with its venv module as `python3` \
         (Debian and Ubuntu: the packages python3 and python3-venv)"
    );
    // Without ensurepip, the venv module exists but fails.
    let question = "import sys, venv, importlib.util as u; \
                    print(*sys.version_info[:3], u.find_spec('ensurepip') is not None)";
    let response = command::command("python3")
        .args(["-c", question])
        .output()
        .with_context(|| format!("cannot start `python3`\n{install}"))?;
    let response = String::from_utf8_lossy(&response.stdout).into_owned();
    let [found_major, found_minor, patch, has_pip] = response.split_whitespace().collect::<Vec<_>>()[..] else {
        bail!("no venv module in `python3`\n{install}");
    };
    if (found_major.parse::<u32>()?, found_minor.parse::<u32>()?) < PYTHON {
        bail!(
            "`python3` is too old: {found_major}.{found_minor}.{patch} (expected {major}.{minor} or newer)\n{install}"
        );
    }
    if has_pip != "True" {
        bail!("no ensurepip module in `python3`, so it cannot create virtual environments\n{install}");
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
