//! Virtual environments of Python programs, whose packages are pinned in `xtask/tools`.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};

use super::install::{installed, read};
use crate::{command, workspace};

/// The minimum Python version of the pinned packages.
const PYTHON: (u32, u32) = (3, 11);

/// The build backend of the Python packages, for builds that must not download it.
pub(crate) const BUILD_BACKEND: &str = "xtask/tools/maturin-requirements.txt";

/// The programs that start Python. Python for Windows has no `python3`. A Windows without Python can have a `python3` that opens the
/// store, and prints no version.
const PROGRAMS_OF_PYTHON: [&str; 2] = ["python3", "py -3"];

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
        let python = Interpreter::find()?;
        let made_from = format!("Python {}\n{}", python.version, read(requirements)?);
        let folder = installed(name, &made_from, |folder| install(&python, folder, requirements))?;
        Ok(Self { folder, made_from })
    }

    /// Returns an environment as [`Venv::installed`] does, with a package that is only published as source.
    ///
    /// pip builds the package with the packages of the first requirements file. `source` has the name of the package, and the
    /// requirements file that pins it.
    pub(crate) fn installed_with_source(name: &str, requirements: &str, source: (&str, &str)) -> anyhow::Result<Self> {
        let (package, pinned) = source;
        let python = Interpreter::find()?;
        let made_from = format!("Python {}\n{}{}", python.version, read(requirements)?, read(pinned)?);
        let folder = installed(name, &made_from, |folder| {
            install(&python, folder, requirements)?;
            let from_source = ["--no-binary", package, "--no-build-isolation", "-r", pinned];
            command::run(pip(folder, "install").args(PINNED_ALONE).args(from_source))
        })?;
        Ok(Self { folder, made_from })
    }

    /// Creates an environment without packages in a folder that the caller removes.
    pub(crate) fn create(python: &Interpreter, folder: &Path) -> anyhow::Result<Self> {
        command::run(python.command().args(["-m", "venv"]).arg(folder))?;
        Ok(Self { folder: folder.to_owned(), made_from: String::new() })
    }

    pub(crate) fn pip(&self, subcommand: &str) -> Command {
        pip(&self.folder, subcommand)
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

/// A Python of the machine that can create virtual environments.
pub(crate) struct Interpreter {
    /// The program and its first arguments.
    words: Vec<String>,
    version: String,
}

impl Interpreter {
    /// Returns the first Python of the `PATH` that can be used.
    pub(crate) fn find() -> anyhow::Result<Self> {
        Self::first(&PROGRAMS_OF_PYTHON.map(|words| words.split(' ').map(str::to_owned).collect()))
    }

    /// Returns the Python that this program starts.
    pub(crate) fn given(program: &str) -> anyhow::Result<Self> {
        Self::first(&[vec![program.to_owned()]])
    }

    /// Returns the first of these programs that can be used, or the problem of the first program that starts.
    fn first(programs: &[Vec<String>]) -> anyhow::Result<Self> {
        let mut problem = None;
        for words in programs {
            match version_of(words) {
                Ok(version) => return Ok(Self { words: words.clone(), version }),
                Err(found) => problem = problem.or(found),
            }
        }
        let (major, minor) = PYTHON;
        let names: Vec<_> = programs.iter().map(|words| format!("`{}`", words.join(" "))).collect();
        bail!(
            "{}\nhint: install Python {major}.{minor} or newer with its venv module \
             (Debian and Ubuntu: the packages python3 and python3-venv)",
            problem.unwrap_or_else(|| format!("cannot start {}", names.join(" or ")))
        )
    }

    fn command(&self) -> Command {
        let mut python = command::command(&self.words[0]);
        python.args(&self.words[1..]);
        python
    }
}

/// Returns the version of a Python that can be used. Otherwise returns the problem, or `None` if the program does not start.
fn version_of(words: &[String]) -> Result<String, Option<String>> {
    // Without ensurepip, the venv module exists but fails.
    let question = "import sys, venv, importlib.util as u; \
                    print(*sys.version_info[:3], u.find_spec('ensurepip') is not None)";
    let name = words.join(" ");
    let response = command::command(&words[0]).args(&words[1..]).args(["-c", question]).output();
    let response = String::from_utf8_lossy(&response.map_err(|_| None)?.stdout).into_owned();
    let [found_major, found_minor, patch, has_pip] = response.split_whitespace().collect::<Vec<_>>()[..] else {
        return Err(Some(format!("no venv module in `{name}`")));
    };
    let version = format!("{found_major}.{found_minor}.{patch}");
    let (major, minor) = PYTHON;
    match (found_major.parse::<u32>(), found_minor.parse::<u32>()) {
        (Ok(found_major), Ok(found_minor)) if (found_major, found_minor) >= PYTHON => {}
        _ => return Err(Some(format!("`{name}` is too old: {version} (expected {major}.{minor} or newer)"))),
    }
    if has_pip != "True" {
        return Err(Some(format!("no ensurepip module in `{name}`, so it cannot create virtual environments")));
    }
    Ok(version)
}

fn install(python: &Interpreter, folder: &Path, requirements: &str) -> anyhow::Result<()> {
    command::run(python.command().args(["-m", "venv"]).arg(folder))?;
    command::run(pip(folder, "install").args(PINNED_ALONE).args(["-r", requirements]))
}

fn pip(venv: &Path, subcommand: &str) -> Command {
    let mut pip = command::command(program(venv, "python"));
    pip.args(["-m", "pip", subcommand, "--disable-pip-version-check", "--no-input"]);
    pip
}

/// Returns the path of a program in the folder of an environment.
pub(crate) fn program(venv: &Path, name: &str) -> PathBuf {
    venv.join(PROGRAMS).join(name)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Returns the text that a program prints and the version that was found, if these programs print these texts. There is no
    /// program for `None`.
    fn found(printed: [Option<&str>; 2]) -> Result<(String, String), String> {
        let program = |text| match text {
            Some(text) => ["sh", "-c", &format!("echo {text}")].map(str::to_owned).to_vec(),
            None => vec!["/no/such/program".to_owned(), "-3".to_owned()],
        };
        let found = Interpreter::first(&printed.map(program)).map_err(|error| error.to_string())?;
        Ok((found.words[2].clone(), found.version))
    }

    #[test]
    fn the_first_python_that_can_be_used_is_chosen() {
        let (new, other) = (Some("3 14 2 True"), Some("3 13 1 True"));
        assert_eq!(found([new, None]).unwrap().1, "3.14.2");
        assert_eq!(found([new, other]).unwrap().1, "3.14.2");
        for unusable in [None, Some(""), Some("Python was not found"), Some("3 9 6 True"), Some("3 14 2 False")] {
            let expected = ("echo 3 13 1 True".to_owned(), "3.13.1".to_owned());
            assert_eq!(found([unusable, other]).unwrap(), expected, "{unusable:?}");
        }
    }

    #[test]
    fn the_problem_of_the_first_program_that_starts_is_reported() {
        let hint = "hint: install Python 3.11 or newer with its venv module \
                    (Debian and Ubuntu: the packages python3 and python3-venv)";
        for (printed, problem) in [
            ([None, None], "cannot start `/no/such/program -3` or `/no/such/program -3`"),
            ([Some("a"), Some("b")], "no venv module in `sh -c echo a`"),
            ([Some("3 10 9 True"), None], "`sh -c echo 3 10 9 True` is too old: 3.10.9 (expected 3.11 or newer)"),
            (
                [None, Some("3 12 1 False")],
                "no ensurepip module in `sh -c echo 3 12 1 False`, so it cannot create virtual environments",
            ),
        ] {
            assert_eq!(found(printed).unwrap_err(), format!("{problem}\n{hint}"));
        }
    }
}
