//! The step `document`: the OpenAPI document is valid, each field has a description, and the linter finds nothing.
//!
//! The validator is a Python program and the linter a Node.js one. Python is the one thing that must be there: pip
//! installs Node.js beside the validator. All of it is pinned in `xtask/tools`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::tools;
use crate::{
    command, generate,
    workspace::{self, DOCUMENT},
};

const LINTER_SETTINGS: &str = "openapi/redocly.yaml";
const REQUIREMENTS: &str = "xtask/tools/requirements.txt";
const PACKAGE_FILES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// The oldest Python that the pinned packages run on.
const PYTHON: (u32, u32) = (3, 11);

/// Looks for the descriptions, installs the tools where they are not yet, and runs both.
pub(super) fn run() -> anyhow::Result<()> {
    // The linter does not ask for these.
    let undescribed = generate::undescribed_fields()?;
    if !undescribed.is_empty() {
        bail!("{DOCUMENT} does not describe the fields {}", undescribed.join(", "));
    }

    let venv_wanted = format!("Python {}\n{}", python_version()?, read(Path::new(REQUIREMENTS))?);
    let venv = tools::installed("venv", &venv_wanted, install_venv)?;
    // The linter is installed by the Node.js that runs it, and again when that changes.
    let mut linter_wanted = venv_wanted;
    for file in PACKAGE_FILES {
        linter_wanted.push_str(&read(&Path::new("xtask/tools").join(file))?);
    }
    let linter = tools::installed("redocly", &linter_wanted, |folder| install_linter(folder, &venv))?;

    // The linter first: what both find it says in a line, and the validator in a thousand.
    command::run(
        command::command(program(&venv, "node"))
            .arg(linter.join("node_modules/@redocly/cli/bin/cli.js"))
            .args(["lint", DOCUMENT, "--config", LINTER_SETTINGS, "--format=stylish"])
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
    )?;
    let mut validator = command::command(program(&venv, "openapi-spec-validator"));
    command::run(validator.args(["--schema", "3.0", "--validation-errors", "all", DOCUMENT]))
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

fn install_venv(folder: &Path) -> anyhow::Result<()> {
    command::run(command::command("python3").args(["-m", "venv"]).arg(folder))?;
    // Nothing is built from source, and nothing is installed that has no line in the file.
    command::run(
        command::command(program(folder, "python"))
            .args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input"])
            .args(["--only-binary", ":all:", "--no-deps", "-r", REQUIREMENTS]),
    )
}

fn install_linter(folder: &Path, venv: &Path) -> anyhow::Result<()> {
    for file in PACKAGE_FILES {
        fs::write(folder.join(file), read(&Path::new("xtask/tools").join(file))?)?;
    }
    let mut npm = command::command(program(venv, "npm"));
    command::run(npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))
}

/// A program of a virtual environment.
fn program(venv: &Path, name: &str) -> PathBuf {
    venv.join(if cfg!(windows) { "Scripts" } else { "bin" }).join(name)
}

/// Reads a file that is named from the workspace's root.
fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(workspace::root().join(path)).with_context(|| format!("cannot read {}", path.display()))
}
