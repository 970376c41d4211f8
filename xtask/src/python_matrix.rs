//! `cargo xtask python-matrix`: tests the Python package with the oldest or newest libraries that its extras allow.

use std::fs;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::{
    command,
    sandbox::Sandbox,
    tools::python::{Interpreter, Venv},
    workspace,
};

const REQUIREMENTS: &str = "xtask/tools/matrix/requirements.txt";

/// The file with the versions of the packages in [`TESTS`].
const PINNED: &str = "xtask/tools/python-requirements.in";

/// The extras whose libraries are tested.
const EXTRAS: [&str; 4] = ["duckdb", "pandas", "polars", "pyarrow"];

/// The packages that the tests need besides the libraries of the extras.
const TESTS: [&str; 12] = [
    "hypothesis",
    "ipykernel",
    "matplotlib",
    "narwhals",
    "nbclient",
    "pytest",
    "python-dateutil",
    "pytz",
    "requests",
    "rich",
    "tqdm",
    "tzdata",
];

/// The cargo profile of the tested wheel, which is that of the CI step `python`.
const PROFILE: &str = "dev";

#[derive(Args, Debug)]
pub struct Arguments {
    /// Select the versions of the libraries
    #[arg(long)]
    resolution: Resolution,

    /// The Python to use; defaults to that of the other commands
    #[arg(long, value_name = "PROGRAM")]
    python: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Resolution {
    /// The oldest versions that the extras in python/pyproject.toml allow
    Lowest,
    /// The newest versions
    Highest,
}

impl Resolution {
    /// Returns the value of uv's `--resolution`. The dependencies of the libraries always have their newest versions.
    fn for_uv(self) -> &'static str {
        match self {
            Self::Lowest => "lowest-direct",
            Self::Highest => "highest",
        }
    }
}

/// Builds the wheel, and runs the tests of the package with the libraries.
///
/// # Errors
///
/// The wheel cannot be built, the libraries have no wheels for this Python, or a test fails.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let tools = Venv::installed("matrix", REQUIREMENTS)?;
    let sandbox = Sandbox::build(&[])?;
    let wheel = tools.install_package("matrix-wheels", PROFILE)?;
    let package = workspace::root().join("python");
    let pinned = fs::read_to_string(workspace::root().join(PINNED)).with_context(|| format!("cannot read {PINNED}"))?;

    let folder = tempfile::tempdir()?;
    let uv = |subcommand: &[&str]| {
        let mut uv = command::command(tools.program("uv"));
        uv.args(subcommand).current_dir(&package);
        uv
    };
    let python = arguments.python.as_deref().map_or_else(Interpreter::find, Interpreter::given)?;
    let venv = Venv::create(&python, folder.path())?;
    let install = |options: &[&str]| {
        let mut install = uv(&["pip", "install", "--only-binary", ":all:", "--python"]);
        install.arg(folder.path()).args(options);
        install
    };
    let mut libraries = install(&["--resolution", arguments.resolution.for_uv(), "--requirements", "pyproject.toml"]);
    libraries.args(EXTRAS.iter().flat_map(|extra| ["--extra", extra])).args(requirements(&pinned));
    // The output has the versions.
    command::run_shown(&mut libraries)?;
    command::run(install(&["--no-deps"]).arg(wheel))?;
    let mut pytest = command::command(venv.program("python"));
    pytest.args(["-m", "pytest"]).current_dir(&package).env("ECWID_COUPONS_COMMAND", sandbox);
    command::run_shown(&mut pytest)?;
    Ok(())
}

/// Returns the requirements of the packages in [`TESTS`], of a file with a requirement in each line.
fn requirements(pinned: &str) -> impl Iterator<Item = &str> {
    pinned.lines().filter(|line| line.split_once("==").is_some_and(|(name, _)| TESTS.contains(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_of_the_tests_are_pinned() {
        let pinned = fs::read_to_string(workspace::root().join(PINNED)).unwrap();
        let names: Vec<_> = requirements(&pinned).filter_map(|line| Some(line.split_once("==")?.0)).collect();
        assert_eq!(names, TESTS);
    }
}
