//! Tools that are not Rust dependencies. They are installed below the target folder.

mod install;
pub(crate) mod node;
pub(crate) mod python;

use std::path::PathBuf;

use self::python::Venv;
use crate::command;

/// Returns the path of a program with exactly this version.
///
/// Uses an installed program if it has the version. Otherwise installs the Python package that `requirements` pins. If there is no
/// such package for this machine, builds the program, which takes minutes.
pub(crate) fn cargo_program(name: &str, version: &str, requirements: Option<&str>) -> anyhow::Result<PathBuf> {
    let tools = install::folder()?;
    let own = tools.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    for program in [PathBuf::from(name), own.clone()] {
        // A program that cannot be started counts as not installed.
        let response = command::command(&program).arg("--version").output();
        if response.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("{name} {version}")) {
            return Ok(program);
        }
    }
    if let Some(venv) = requirements.and_then(|requirements| Venv::installed(name, requirements).ok()) {
        return Ok(venv.program(name));
    }
    // The program runs for seconds only, so an optimized build is not worth the time.
    let install = format!("install {name} --version {version} --locked --debug");
    command::run(command::cargo(&install).arg("--root").arg(&tools))?;
    Ok(own)
}
